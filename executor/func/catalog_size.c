/*
 * catalog_size.c - how large relations and databases are, and how sizes are written.
 */
#include "executor/func/session_call.h"
#include "executor/store/store.h"
#include "types/numeric.h"

#include <math.h>

static int64_t storage_size(KernelCall *call, StorageId id)
{
    RelationSize size;

    if (id == 0)
        return 0;
    size = engine_relation_size(call->session->engine, id);
    return (int64_t)(size.disk_bytes + size.memory_bytes);
}

/* The rows of a table, the entries of an index. */
static int64_t main_size(KernelCall *call, const RelationDesc *relation)
{
    int64_t size = 0;

    for (int16_t i = 0; i < relation->group_count; i++)
        size += storage_size(call, relation->groups[i].storage_id);
    return size;
}

static int64_t indexes_size_of(KernelCall *call, const RelationDesc *relation)
{
    int64_t size = 0;

    for (int16_t i = 0; i < relation->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(call->session, call->ctx->arena, relation->indexes[i]);

        size += index != NULL ? main_size(call, index) : 0;
    }
    return size;
}

static const RelationDesc *relation_argument(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = store_relation_by_oid(call->session, call->ctx->arena, arg_oid(call, 0, row));

    if (relation == NULL)
        kernel_set_null(call, row);
    return relation;
}

static void relation_size(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = relation_argument(call, row);
    const char         *fork = call->arg_count > 1 ? arg_text(call, 1, row) : "main";

    if (strcmp(fork, "main") != 0 && strcmp(fork, "fsm") != 0 && strcmp(fork, "vm") != 0 && strcmp(fork, "init") != 0) {
        Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid fork name");

        error_hint(err, "Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
        error_raise(err);
    }
    if (relation != NULL)
        return_int8(call, row, strcmp(fork, "main") == 0 ? main_size(call, relation) : 0);
}
ROW_KERNEL(relation_size)

static void table_size(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = relation_argument(call, row);

    if (relation != NULL)
        return_int8(call, row, main_size(call, relation) + storage_size(call, relation->chunk_storage));
}
ROW_KERNEL(table_size)

static void indexes_size(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = relation_argument(call, row);

    if (relation != NULL)
        return_int8(call, row, indexes_size_of(call, relation));
}
ROW_KERNEL(indexes_size)

static void total_size(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = relation_argument(call, row);

    if (relation != NULL)
        return_int8(call, row, main_size(call, relation) + storage_size(call, relation->chunk_storage) + indexes_size_of(call, relation));
}
ROW_KERNEL(total_size)

/* All databases live in one store: what the session's own relations take; another's is not opened. */
static void database_size(KernelCall *call, int32_t row)
{
    Arena             *arena = call->ctx->arena;
    bool               by_oid = call->args[0]->phys == PHYS_INT32;
    const Desc        *database = by_oid ? store_desc_by_oid(call->session, arena, DESC_DATABASE, arg_oid(call, 0, row))
                                         : store_desc_by_name(call->session, arena, DESC_DATABASE, 0, arg_text(call, 0, row));
    int                count = 0;
    int64_t            size = 0;
    const Desc *const *list;

    if (database == NULL && !by_oid)
        raise_error(SQLSTATE_INVALID_CATALOG_NAME, "database \"%s\" does not exist", arg_text(call, 0, row));
    if (database == NULL) {
        kernel_set_null(call, row);
        return;
    }
    list = database->oid == call->session->database ? store_desc_list(call->session, arena, DESC_RELATION, 0, &count) : NULL;
    for (int i = 0; i < count; i++)
        size += main_size(call, (const RelationDesc *)list[i]) + storage_size(call, ((const RelationDesc *)list[i])->chunk_storage);
    return_int8(call, row, size);
}
ROW_KERNEL(database_size)

static void relation_filenode(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = relation_argument(call, row);

    if (relation != NULL && relation->group_count > 0)
        return_oid(call, row, (Oid)relation->groups[0].storage_id);
    else
        kernel_set_null(call, row);
}
ROW_KERNEL(relation_filenode)

/* ---- pg_size_pretty ------------------------------------------------------------------------------------------------------------ */

static int64_t half_rounded(int64_t value)
{
    return value < 0 ? (value - 1) / 2 : (value + 1) / 2;
}

/* PG15: 10 GB in MB, but rounded to half from the last unit's doubled value */
static const char *pretty(Arena *arena, int64_t size)
{
    static const struct {
        const char *name;
        int64_t     limit;
        bool        round;
        int         bits;
    } units[] = {{"bytes", 10 * 1024, false, 0}, {"kB", 20 * 1024 - 1, true, 10}, {"MB", 20 * 1024 - 1, true, 20},
                 {"GB", 20 * 1024 - 1, true, 30}, {"TB", 20 * 1024 - 1, true, 40}, {"PB", 20 * 1024 - 1, true, 50}};

    for (size_t i = 0;; i++) {
        bool     last = i + 1 == ARRAY_LENGTH(units);
        uint64_t magnitude = size < 0 ? 0 - (uint64_t)size : (uint64_t)size;

        if (last || magnitude < (uint64_t)units[i].limit)
            return arena_printf(arena, "%lld %s", (long long)(units[i].round ? half_rounded(size) : size), units[i].name);
        size /= 1ll << (units[i + 1].bits - units[i].bits - units[i + 1].round + units[i].round);
    }
}

static void size_pretty(KernelCall *call, int32_t row)
{
    return_text(call, row, pretty(call->ctx->arena, arg_int8(call, 0, row)));
}
ROW_KERNEL(size_pretty)

static void numeric_size_pretty(KernelCall *call, int32_t row)
{
    const Numeric *value = &VECTOR_DATA(call->args[0], Numeric)[row];
    double         size = numeric_to_double(value);

    if (!isfinite(size) || fabs(size) > 9e18)
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
    if (fabs(size) < 10 * 1024) {
        StrBuf          text;
        const TypeInfo *type = type_by_oid(TYPE_NUMERIC);

        strbuf_init(&text, call->ctx->arena);
        type->output(type, value, call->ctx, &text);
        strbuf_append_cstring(&text, " bytes");
        return_text(call, row, strbuf_cstring(&text));
    } else {
        return_text(call, row, pretty(call->ctx->arena, (int64_t)size));
    }
}
ROW_KERNEL(numeric_size_pretty)

const KernelEntry catalog_size_kernels[] = {
    {.proc = 2325, .run = relation_size_run},
    {.proc = 2332, .run = relation_size_run},
    {.proc = 2997, .run = table_size_run},
    {.proc = 2998, .run = indexes_size_run},
    {.proc = 2286, .run = total_size_run},
    {.proc = 2324, .run = database_size_run},
    {.proc = 2168, .run = database_size_run},
    {.proc = 2999, .run = relation_filenode_run},
    {.proc = 2288, .run = size_pretty_run},
    {.proc = 3166, .run = numeric_size_pretty_run},
    {0},
};
