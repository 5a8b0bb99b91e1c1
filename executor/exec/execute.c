/*
 * execute.c - running planned statements; evaluation outside of plans.
 */
#include "executor/exec/execute.h"

#include "executor/analyze/analyze.h"
#include "executor/exec/eval.h"
#include "executor/exec/operator_internal.h"
#include "executor/expr_tree.h"
#include "executor/store/store.h"

struct Execution {
    ExecState      state;
    ExecOperator  *root;
    Arena         *arena;
    bool           done;
    bool           kept;
    ReadViewKeep   keep;
    ArenaDefer     on_end;
};

enum { DEFAULT_WORK_MEM = 4 << 20 };

void exec_state_init(ExecState *state, Session *session, Arena *arena)
{
    *state = (ExecState){.session = session, .arena = arena, .work_mem = DEFAULT_WORK_MEM};
    if (session != NULL)
        state->ctx = session->ctx;
    state->ctx.arena = arena;
}

const TypeInfo *exec_type(const ExecState *state, Oid type)
{
    const TypeInfo *info = type_by_oid(type);

    if (info == NULL && state->session != NULL && type != 0)
        info = type_lookup(state->session, state->arena, type);
    return info;
}

PhysType exec_phys(const ExecState *state, Oid type)
{
    const TypeInfo *info = exec_type(state, type);

    return info != NULL ? info->phys : PHYS_BYTES;
}

void execution_lock_tables(Session *session, const PlannedStatement *planned)
{
    Transaction *txn = store_transaction(session);

    for (int32_t i = 0; i < planned->table_count; i++) {
        Fault  fault;
        Status status = lock_relation(transaction_locks(txn), session->database, planned->table_locks[i].relation,
                                      planned->table_locks[i].mode, LOCK_WAIT, (uint32_t)session_lock_timeout_ms(session), &fault);

        store_check(status, &fault);
    }
}

Execution *execution_start(Session *session, Arena *portal_arena, const PlannedStatement *planned, const ParamValues *params)
{
    Arena     *arena = arena_new(portal_arena, NULL, "execution");
    Execution *execution = ARENA_NEW(arena, Execution);
    ExecState *state = &execution->state;

    execution->arena = arena;
    exec_state_init(state, session, arena);
    state->planned = planned;
    state->params = params;
    state->work_mem = (size_t)session_work_mem_bytes(session);
    state->txn = store_transaction(session);
    if (planned->table_count > 0)
        execution_lock_tables(session, planned);
    state->view = transaction_read_view(state->txn);
    state->internal_count = planned->internal_params;
    if (planned->internal_params > 0)
        state->internal = ARENA_ARRAY_ZEROED(arena, (size_t)planned->internal_params, ExecParam);
    if (planned->cte_count > 0)
        state->ctes = ARENA_ARRAY_ZEROED(arena, (size_t)planned->cte_count, struct CteState *);
    state->work_tables = ARENA_ARRAY_ZEROED(arena, (size_t)planned->node_count + 1, struct WorkTable *);
    return execution;
}

/* Data-modifying CTEs run to their end whether or not the main query reads them. */
static void run_modifying_ctes(Execution *execution)
{
    const PlannedStatement *planned = execution->state.planned;

    for (int32_t i = 0; i < planned->cte_count; i++)
        if (planned->ctes[i].plan->kind == PLAN_MODIFY)
            cte_complete(&execution->state, i);
}

static Batch *next_batch(Execution *execution, int32_t max_rows)
{
    const PlannedStatement *planned = execution->state.planned;
    Batch                  *batch;

    if (execution->done)
        return NULL;
    if (execution->root == NULL)
        execution->root = operator_open(&execution->state, planned->root);
    batch = operator_next(execution->root, max_rows);
    if (batch == NULL) {
        execution->done = true;
        run_modifying_ctes(execution);
        return NULL;
    }
    batch_load(batch, MIN(planned->result_count, batch->column_count));
    if (planned->command == QUERY_SELECT)
        execution->state.rows += batch->count;
    return batch;
}

Batch *execution_next(Execution *execution, int32_t max_rows)
{
    if (execution->state.planned->returns_rows)
        return next_batch(execution, max_rows);
    while (next_batch(execution, BATCH_ROWS) != NULL)
        check_cancel();
    return NULL;
}

int64_t execution_rows(const Execution *execution)
{
    return execution->state.rows;
}

static void release_view(void *object)
{
    read_view_release(&((Execution *)object)->keep);
}

void execution_keep_view(Execution *execution)
{
    if (execution->kept)
        return;
    execution->kept = true;
    read_view_keep(execution->state.txn, &execution->keep);
    arena_defer(execution->arena, &execution->on_end, release_view, execution);
}

void execution_instrument(Execution *execution)
{
    execution->state.counters = ARENA_ARRAY_ZEROED(execution->arena, (size_t)execution->state.planned->node_count + 1, OperatorCounters);
}

const OperatorCounters *execution_counters(const Execution *execution)
{
    return execution->state.counters;
}

void execution_end(Execution *execution)
{
    if (execution != NULL)
        arena_free(execution->arena);
}

/* ---- evaluation outside of plans ------------------------------------------------------------------------------------------------ */

static bool is_not_constant(Expr *expr, void *context)
{
    switch (expr->kind) {
    case EXPR_COLUMN:
    case EXPR_INPUT:
    case EXPR_PARAM:
    case EXPR_SQL_VALUE:
    case EXPR_AGG:
    case EXPR_GROUPING:
    case EXPR_WINDOW:
    case EXPR_SUBQUERY:
    case EXPR_SET_CALL:
    case EXPR_DEFAULT:
    case EXPR_WHOLE_ROW:
    case EXPR_NEXTVAL:
    case EXPR_ROW:
    case EXPR_FIELD:
        return true;
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
        if (expr->call.proc->volatility != IMMUTABLE || expr->call.proc->kernel == NULL || expr->call.proc->returns_set)
            return true;
        break;
    case EXPR_ANY_ALL: {
        const Proc *proc = expr->any_all.proc != NULL ? expr->any_all.proc : proc_by_oid(expr->any_all.op->function);

        if (proc->volatility != IMMUTABLE || proc->kernel == NULL)
            return true;
        break;
    }
    case EXPR_COERCE_IO: {
        /* the text forms of dates and times depend on the session's settings */
        const TypeInfo *from = type_by_oid(expr->unary.arg->type), *to = type_by_oid(expr->type);

        if (from == NULL || to == NULL || from->category == 'D' || from->category == 'T' || to->category == 'D' || to->category == 'T' ||
            from->element != 0 || to->element != 0)
            return true;
        break;
    }
    default:
        break;
    }
    return expr_walk(expr, is_not_constant, context);
}

bool eval_constant(Session *session, Arena *arena, const Expr *expr, Datum *out, bool *is_null)
{
    ExecState  state;
    Arena     *scratch;
    Evaluator *evaluator;
    Datum      value;

    if (expr->kind == EXPR_CONST) {
        *out = expr->constant.value;
        *is_null = expr->constant.is_null;
        return true;
    }
    if (is_not_constant((Expr *)(uintptr_t)expr, NULL))
        return false;
    scratch = arena_new(arena, NULL, "constant");
    exec_state_init(&state, session, scratch);
    evaluator = eval_compile(&state, scratch, expr);
    *is_null = !eval_scalar(evaluator, scratch, &value);
    *out = (Datum){0};
    if (!*is_null)
        datum_copy(exec_phys(&state, expr->type), arena, &value, out);
    arena_free(scratch);
    return true;
}

struct RowEvaluator {
    ExecState   state;
    int32_t     count;
    Evaluator **evaluators;
};

RowEvaluator *row_evaluator_new(Session *session, Arena *arena, Expr *const *exprs, int32_t count)
{
    RowEvaluator *evaluator = ARENA_NEW(arena, RowEvaluator);

    exec_state_init(&evaluator->state, session, arena);
    evaluator->count = count;
    evaluator->evaluators = ARENA_ARRAY(arena, (size_t)count, Evaluator *);
    for (int32_t i = 0; i < count; i++)
        evaluator->evaluators[i] = eval_compile(&evaluator->state, arena, exprs[i]);
    return evaluator;
}

Vector *row_evaluator_run(RowEvaluator *evaluator, int32_t which, const Batch *batch, Arena *arena)
{
    return eval_run(evaluator->evaluators[which], batch->columns, batch->row_count, batch->sel, batch->count, arena);
}

int32_t row_evaluator_filter(RowEvaluator *evaluator, int32_t which, const Batch *batch, int32_t *out, Arena *arena)
{
    return eval_filter(evaluator->evaluators[which], batch->columns, batch->row_count, batch->sel, batch->count, out, arena);
}
