/*
 * eval_session.c - values that come from the session: CURRENT_DATE and its kin, nextval of a known sequence.
 */
#include "executor/exec/eval_internal.h"
#include "executor/expr_tree.h"
#include "executor/session/sequence_values.h"
#include "executor/store/store.h"
#include "parser/ast.h"

/* timestamptz -> date and so on: the registry's casts, which know the session's time zone. */
static Expr *cast_from_now(EvalContext *context, Oid type)
{
    int64_t     now = context->state->ctx.transaction_time;
    Expr       *constant = expr_const(context->arena, TYPE_TIMESTAMPTZ, (Datum){.int64 = now});
    const Cast *cast = cast_find(TYPE_TIMESTAMPTZ, type);
    Expr       *call;

    if (type == TYPE_TIMESTAMPTZ)
        return constant;
    if (cast == NULL || cast->function == 0)
        raise_error(SQLSTATE_INTERNAL_ERROR, "no cast from timestamptz to type %u", type);
    call = expr_new(context->arena, EXPR_CALL, type, -1);
    call->call.proc = proc_by_oid(cast->function);
    call->call.args = expr_list(context->arena, 1);
    call->call.args.items[0] = constant;
    call->call.args.count = 1;
    return call;
}

static EvalNode *time_node(EvalContext *context, const Expr *expr)
{
    Expr *value = cast_from_now(context, expr->type);

    if (expr->typmod >= 0) {
        Expr *rounded = expr_new(context->arena, EXPR_COERCE_TYPMOD, expr->type, -1);

        rounded->typmod = expr->typmod;
        rounded->unary.arg = value;
        value = rounded;
    }
    return eval_node(context, value);
}

static EvalNode *name_node(EvalContext *context, const Expr *expr, const char *name)
{
    Datum value = {.bytes = slice_from_cstring(name != NULL ? name : "")};

    return eval_constant_node(context, expr, expr->type, &value, name == NULL);
}

static const char *current_schema(EvalContext *context)
{
    Session   *session = context->state->session;
    int32_t    count;
    const Oid *path = session_search_path(session, &count);

    for (int32_t i = 0; i < count; i++) {
        const Desc *desc;

        if (path[i] == OID_SCHEMA_PG_CATALOG && count > 1)
            continue;
        desc = store_desc_by_oid(session, context->arena, DESC_SCHEMA, path[i]);
        if (desc != NULL)
            return desc->name;
    }
    return NULL;
}

EvalNode *eval_sql_value_node(EvalContext *context, const Expr *expr)
{
    const Session *session = context->state->session;

    switch ((SQLValueFunctionOp)expr->sql_value.which) {
    case SVFOP_CURRENT_DATE:
    case SVFOP_CURRENT_TIME:
    case SVFOP_CURRENT_TIME_N:
    case SVFOP_CURRENT_TIMESTAMP:
    case SVFOP_CURRENT_TIMESTAMP_N:
    case SVFOP_LOCALTIME:
    case SVFOP_LOCALTIME_N:
    case SVFOP_LOCALTIMESTAMP:
    case SVFOP_LOCALTIMESTAMP_N:
        return time_node(context, expr);
    case SVFOP_CURRENT_ROLE:
    case SVFOP_CURRENT_USER:
    case SVFOP_USER:
        return name_node(context, expr, session->current_user_name);
    case SVFOP_SESSION_USER:
        return name_node(context, expr, session->session_user_name);
    case SVFOP_CURRENT_CATALOG:
        return name_node(context, expr, session->database_name);
    case SVFOP_CURRENT_SCHEMA:
        return name_node(context, expr, current_schema(context));
    }
    raise_error(SQLSTATE_INTERNAL_ERROR, "unknown SQL value function %d", (int)expr->sql_value.which);
}

/* ---- nextval ----------------------------------------------------------------------------------------------------------- */

typedef struct NextvalNode {
    EvalNode            node;
    const RelationDesc *sequence;
} NextvalNode;

static noreturn void raise_sequence_end(const RelationDesc *sequence)
{
    const SequenceDesc *desc = sequence->sequence;

    raise_error(SQLSTATE_SEQUENCE_GENERATOR_LIMIT_EXCEEDED, "nextval: reached %s value of sequence \"%s\" (%lld)",
                desc->increment > 0 ? "maximum" : "minimum", sequence->head.name,
                (long long)(desc->increment > 0 ? desc->maximum : desc->minimum));
}

static Vector *nextval_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    NextvalNode *nextval = (NextvalNode *)node;
    Session     *session = node->context->state->session;
    Vector      *result;

    vector_buffer_reserve(&node->result, node->context->arena, input->row_count);
    result = &node->result.vector;
    FOR_EACH_ROW(sel, count, row, {
        Fault   fault;
        int64_t value;
        Status  status = sequence_next(session->catalog, nextval->sequence, &value, &fault);

        if (status == STATUS_NOT_FOUND)
            raise_sequence_end(nextval->sequence);
        store_check(status, &fault);
        session_note_sequence(session, nextval->sequence->head.oid, value);
        if (result->phys == PHYS_INT64) {
            VECTOR_DATA(result, int64_t)[row] = value;
        } else if (result->phys == PHYS_INT32) {
            if (value > INT32_MAX || value < INT32_MIN)
                raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
            VECTOR_DATA(result, int32_t)[row] = (int32_t)value;
        } else {
            if (value > INT16_MAX || value < INT16_MIN)
                raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "smallint out of range");
            VECTOR_DATA(result, int16_t)[row] = (int16_t)value;
        }
    });
    return result;
}

EvalNode *eval_nextval_node(EvalContext *context, const Expr *expr)
{
    NextvalNode *nextval = (NextvalNode *)eval_node_new(context, expr, sizeof(NextvalNode), nextval_run);

    nextval->sequence = store_relation_by_oid(context->state->session, context->arena, expr->nextval.sequence);
    if (nextval->sequence == NULL || nextval->sequence->sequence == NULL)
        raise_error(SQLSTATE_UNDEFINED_TABLE, "relation with OID %u does not exist", expr->nextval.sequence);
    return &nextval->node;
}
