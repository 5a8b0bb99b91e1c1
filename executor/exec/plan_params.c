/*
 * plan_params.c - whether a plan's rows depend on internal parameters: what a rescan must run again.
 */
#include "executor/exec/operator_internal.h"
#include "executor/expr_tree.h"

static bool reads_param(Expr *expr, void *context)
{
    if (expr->kind == EXPR_PARAM && expr->param.internal)
        return true;
    if (expr->kind == EXPR_SUBQUERY || expr->kind == EXPR_NEXTVAL)
        return true; /* a subplan may read anything */
    if (expr->kind == EXPR_CALL && expr->call.proc->volatility == VOLATILE)
        return true;
    return expr_walk(expr, reads_param, context);
}

static bool expr_reads(const Expr *expr)
{
    return expr != NULL && reads_param((Expr *)(uintptr_t)expr, NULL);
}

static bool list_reads(const ExprList *list)
{
    for (int32_t i = 0; i < list->count; i++)
        if (expr_reads(list->items[i]))
            return true;
    return false;
}

static bool scan_reads(const Plan *plan)
{
    for (int32_t i = 0; i < plan->scan.predicate_count; i++)
        if (list_reads(&plan->scan.predicates[i].values) || expr_reads(plan->scan.predicates[i].original))
            return true;
    for (int32_t i = 0; i < plan->scan.key_count; i++) {
        const PlanIndexKey *key = &plan->scan.keys[i];

        if (expr_reads(key->equal) || expr_reads(key->in_array) || expr_reads(key->lower) || expr_reads(key->upper))
            return true;
    }
    return list_reads(&plan->scan.row_ids);
}

static bool aggregate_reads(const Plan *plan)
{
    for (int32_t i = 0; i < plan->aggregate.call_count; i++) {
        const PlanAggregate *call = &plan->aggregate.calls[i];

        if (list_reads(&call->args) || list_reads(&call->direct_args) || list_reads(&call->order_args) || expr_reads(call->filter))
            return true;
    }
    return list_reads(&plan->aggregate.groups);
}

static bool window_reads(const Plan *plan)
{
    for (int32_t i = 0; i < plan->window.call_count; i++)
        if (list_reads(&plan->window.calls[i].args) || expr_reads(plan->window.calls[i].filter))
            return true;
    return expr_reads(plan->window.start_offset) || expr_reads(plan->window.end_offset);
}

/* The node itself, without its children. */
static bool node_reads(const Plan *plan)
{
    switch (plan->kind) {
    case PLAN_RESULT:
        return expr_reads(plan->result.test);
    case PLAN_TABLE_SCAN:
    case PLAN_INDEX_SCAN:
    case PLAN_ROW_ID_SCAN:
        return scan_reads(plan);
    case PLAN_CATALOG_SCAN:
        for (int32_t i = 0; i < plan->catalog.lookup_count; i++)
            if (expr_reads(plan->catalog.lookup_values[i]))
                return true;
        return false;
    case PLAN_VALUES:
        for (int32_t i = 0; i < plan->values.row_count; i++)
            if (list_reads(&plan->values.rows[i]))
                return true;
        return false;
    case PLAN_FUNCTION_SCAN:
        for (int32_t i = 0; i < plan->function.count; i++)
            if (expr_reads(plan->function.functions[i]))
                return true;
        return false;
    case PLAN_CTE_SCAN:
    case PLAN_MATERIALIZE:
    case PLAN_UNIQUE:
    case PLAN_SET_OP:
        return false;
    case PLAN_FILTER:
        return expr_reads(plan->filter.test);
    case PLAN_PROJECT:
    case PLAN_SET_PROJECT:
        return list_reads(&plan->project.exprs);
    case PLAN_SORT:
        return expr_reads(plan->sort.limit);
    case PLAN_LIMIT:
        return expr_reads(plan->limit.limit) || expr_reads(plan->limit.offset);
    case PLAN_AGGREGATE:
        return aggregate_reads(plan);
    case PLAN_WINDOW:
        return window_reads(plan);
    case PLAN_HASH_JOIN:
    case PLAN_MERGE_JOIN:
    case PLAN_NESTED_LOOP:
        /* a nested loop's own parameters count as well: telling them apart from those around it is not worth the trouble */
        return list_reads(&plan->join.left_keys) || list_reads(&plan->join.right_keys) || expr_reads(plan->join.residual) ||
               list_reads(&plan->join.param_values);
    case PLAN_APPEND:
        for (int32_t i = 0; i < plan->append.count; i++)
            if (plan_reads_params(plan->append.children[i]))
                return true;
        return false;
    case PLAN_WORK_TABLE_SCAN:
    case PLAN_RECURSIVE_UNION:
    case PLAN_LOCK_ROWS:
    case PLAN_MODIFY:
        break;
    }
    return true;
}

bool plan_reads_params(const Plan *plan)
{
    return node_reads(plan) || (plan->left != NULL && plan_reads_params(plan->left)) || (plan->right != NULL && plan_reads_params(plan->right));
}
