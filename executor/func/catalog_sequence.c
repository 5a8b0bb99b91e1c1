/*
 * catalog_sequence.c - nextval, currval, lastval, setval, pg_get_serial_sequence and what else asks for a sequence.
 */
#include "executor/catalog/object_names.h"
#include "executor/ddl/acl.h"
#include "executor/deparse/deparse.h"
#include "executor/func/session_call.h"
#include "executor/session/sequence_values.h"
#include "executor/session/transaction.h"
#include "executor/store/relation_store.h"

static const RelationDesc *open_sequence(KernelCall *call, Oid oid, uint32_t privileges)
{
    Arena              *arena = call->ctx->arena;
    const RelationDesc *relation = store_relation_by_oid(call->session, arena, oid);

    if (relation == NULL)
        raise_error(SQLSTATE_UNDEFINED_TABLE, "could not open relation with OID %u", oid);
    if (relation->sequence == NULL)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", relation->head.name);
    for (uint32_t bit = 1; bit <= privileges; bit <<= 1) {
        if ((privileges & bit) != 0 && acl_allows(call->session, arena, &relation->head, bit))
            return relation;
    }
    raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for sequence %s", relation->head.name);
}

/* ---- values ---------------------------------------------------------------------------------------------------------------- */

static noreturn void raise_end(const RelationDesc *sequence)
{
    const SequenceDesc *desc = sequence->sequence;

    raise_error(SQLSTATE_SEQUENCE_GENERATOR_LIMIT_EXCEEDED, "nextval: reached %s value of sequence \"%s\" (%lld)",
                desc->increment > 0 ? "maximum" : "minimum", sequence->head.name,
                (long long)(desc->increment > 0 ? desc->maximum : desc->minimum));
}

static void nextval(KernelCall *call, int32_t row)
{
    const RelationDesc *sequence = open_sequence(call, arg_oid(call, 0, row), ACL_USAGE | ACL_UPDATE);
    int64_t             value = 0;
    Fault               fault;
    Status              status;

    if (sequence->persistence != 't')
        session_require_writable(call->session, "nextval()");
    status = sequence_next(call->session->catalog, sequence, &value, &fault);
    if (status == STATUS_NOT_FOUND)
        raise_end(sequence);
    store_check(status, &fault);
    session_note_sequence(call->session, sequence->head.oid, value);
    return_int8(call, row, value);
}
ROW_KERNEL(nextval)

static void currval(KernelCall *call, int32_t row)
{
    const RelationDesc *sequence = open_sequence(call, arg_oid(call, 0, row), ACL_SELECT | ACL_USAGE);
    int64_t             value;

    if (!session_sequence_value(call->session, sequence->head.oid, &value))
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "currval of sequence \"%s\" is not yet defined in this session", sequence->head.name);
    return_int8(call, row, value);
}
ROW_KERNEL(currval)

static void lastval(KernelCall *call, int32_t row)
{
    if (call->session->last_sequence == 0)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
    return_int8(call, row, call->session->last_sequence_value);
}
ROW_KERNEL(lastval)

static void setval(KernelCall *call, int32_t row)
{
    const RelationDesc *sequence = open_sequence(call, arg_oid(call, 0, row), ACL_UPDATE);
    const SequenceDesc *desc = sequence->sequence;
    int64_t             value = arg_int8(call, 1, row);
    bool                is_called = call->arg_count < 3 || arg_bool(call, 2, row);

    if (sequence->persistence != 't')
        session_require_writable(call->session, "setval()");
    if (value < desc->minimum || value > desc->maximum)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "setval: value %lld is out of bounds for sequence \"%s\" (%lld..%lld)", (long long)value,
                    sequence->head.name, (long long)desc->minimum, (long long)desc->maximum);
    store_sequence_set(call->session, sequence, (SequenceState){.last_value = value, .is_called = is_called});
    if (is_called)
        session_keep_sequence_value(call->session, sequence->head.oid, value);
    return_int8(call, row, value);
}
ROW_KERNEL(setval)

static void sequence_last_value(KernelCall *call, int32_t row)
{
    const RelationDesc *sequence = open_sequence(call, arg_oid(call, 0, row), ACL_SELECT | ACL_USAGE);
    SequenceState       state = store_sequence_read(call->session, sequence);

    if (state.is_called)
        return_int8(call, row, state.last_value);
    else
        kernel_set_null(call, row);
}
ROW_KERNEL(sequence_last_value)

/* ---- pg_get_serial_sequence --------------------------------------------------------------------------------------------------- */

static void serial_sequence(KernelCall *call, int32_t row)
{
    Arena              *arena = call->ctx->arena;
    const RelationDesc *table = store_relation_by_oid(call->session, arena, object_by_name(call->session, arena, TYPE_REGCLASS, arg_bytes(call, 0, row), false));
    const char         *column = arg_text(call, 1, row);
    int                 number = 0, count;
    const Desc *const  *list;

    for (int16_t i = 0; table != NULL && i < table->column_count; i++) {
        if (!table->columns[i].dropped && strcmp(table->columns[i].name, column) == 0)
            number = i + 1;
    }
    if (number == 0)
        raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", column, table != NULL ? table->head.name : "");
    list = store_desc_list(call->session, arena, DESC_RELATION, 0, &count);
    for (int i = 0; i < count; i++) {
        const RelationDesc *relation = (const RelationDesc *)list[i];

        if (relation->sequence != NULL && relation->sequence->owned_by_table == table->head.oid && relation->sequence->owned_by_column == number) {
            const char *schema = schema_name(call->session, arena, relation->head.parent);

            return_text(call, row, arena_printf(arena, "%s.%s", deparse_identifier(arena, schema), deparse_identifier(arena, relation->head.name)));
            return;
        }
    }
    kernel_set_null(call, row);
}
ROW_KERNEL(serial_sequence)

const KernelEntry catalog_sequence_kernels[] = {
    {.proc = 1574, .run = nextval_run},
    {.proc = 1575, .run = currval_run},
    {.proc = 2559, .run = lastval_run},
    {.proc = 1576, .run = setval_run},
    {.proc = 1765, .run = setval_run},
    {.proc = 4032, .run = sequence_last_value_run},
    {.proc = 1665, .run = serial_sequence_run},
    {0},
};
