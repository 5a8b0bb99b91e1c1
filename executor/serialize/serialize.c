/*
 * serialize.c - bound trees to bytes and back, by one description of each struct.
 *
 * Every serial_*() function serves both directions: writing appends what its argument points to, reading fills it in. So the two
 * cannot disagree about order or width. Integers are 32-bit little-endian unless their function says otherwise; lists are a count and
 * their items; a pointer that may be NULL is a byte 0 or 1 before it.
 */
#include "executor/serialize/serialize.h"

#include "base/bytes.h"
#include "executor/expr_tree.h"
#include "executor/store/store.h"

enum { FORMAT_VERSION = 1 };

/* The queries around the place being read or written, innermost first: CTE references count them. */
typedef struct QueryLevel QueryLevel;
struct QueryLevel {
    const QueryLevel *outer;
    Query            *query;
};

typedef struct Serial {
    bool              reading;
    Arena            *arena;
    Session          *session; /* reading: where relations are looked up */
    StrBuf            out;
    const uint8_t    *at, *end;
    const QueryLevel *level;
    int32_t           depth;
} Serial;

static noreturn void raise_damaged(void)
{
    raise_error(SQLSTATE_DATA_CORRUPTED, "stored expression is damaged");
}

/* ---- plain values ------------------------------------------------------------------------------------------------------------------ */

static void serial_bytes(Serial *s, void *bytes, size_t size)
{
    if (!s->reading) {
        strbuf_append(&s->out, bytes, size);
        return;
    }
    if ((size_t)(s->end - s->at) < size)
        raise_damaged();
    memcpy(bytes, s->at, size);
    s->at += size;
}

static void serial_u8(Serial *s, uint8_t *value)
{
    serial_bytes(s, value, 1);
}

static void serial_u32(Serial *s, uint32_t *value)
{
    uint8_t bytes[4];

    if (!s->reading) {
        for (int i = 0; i < 4; i++)
            bytes[i] = (uint8_t)(*value >> (8 * i));
    }
    serial_bytes(s, bytes, sizeof bytes);
    if (s->reading)
        *value = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void serial_i32(Serial *s, int32_t *value)
{
    uint32_t bits = (uint32_t)*value;

    serial_u32(s, &bits);
    *value = (int32_t)bits;
}

static void serial_bool(Serial *s, bool *value)
{
    uint8_t byte = *value;

    serial_u8(s, &byte);
    if (byte > 1)
        raise_damaged();
    *value = byte != 0;
}

/* A count of items that each take at least a byte. */
static void serial_count(Serial *s, int32_t *count)
{
    serial_i32(s, count);
    if (s->reading && (*count < 0 || *count > s->end - s->at))
        raise_damaged();
}

static void serial_slice(Serial *s, Slice *slice)
{
    uint32_t size = (uint32_t)slice->size;

    serial_u32(s, &size);
    if (!s->reading) {
        strbuf_append_slice(&s->out, *slice);
        return;
    }
    if ((size_t)(s->end - s->at) < size)
        raise_damaged();
    *slice = arena_copy(s->arena, slice_of(s->at, size));
    s->at += size;
}

/* A string that may be NULL. */
static void serial_string(Serial *s, const char **text)
{
    bool  there = *text != NULL;
    Slice slice = there ? slice_from_cstring(*text) : (Slice){0};

    serial_bool(s, &there);
    if (there)
        serial_slice(s, &slice);
    if (s->reading)
        *text = there ? arena_strndup(s->arena, (const char *)slice.data, slice.size) : NULL;
}

#define SERIAL_ENUM(s, field)                 \
    do {                                      \
        int32_t value_ = (int32_t)(field);    \
        serial_i32((s), &value_);             \
        (field) = value_;                     \
    } while (0)

/* ---- references to the registry and the catalog ---------------------------------------------------------------------------------------- */

static void serial_proc(Serial *s, const Proc **proc)
{
    Oid oid = *proc != NULL ? (*proc)->oid : 0;

    serial_u32(s, &oid);
    if (!s->reading)
        return;
    *proc = oid != 0 ? proc_by_oid(oid) : NULL;
    if (oid != 0 && *proc == NULL)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "function with OID %u does not exist", oid);
}

static void serial_operator(Serial *s, const Operator **op)
{
    Oid oid = *op != NULL ? (*op)->oid : 0;

    serial_u32(s, &oid);
    if (!s->reading)
        return;
    *op = oid != 0 ? operator_by_oid(oid) : NULL;
    if (oid != 0 && *op == NULL)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "operator with OID %u does not exist", oid);
}

static void serial_table(Serial *s, const RelationDesc **table)
{
    Oid oid = *table != NULL ? (*table)->head.oid : 0;

    serial_u32(s, &oid);
    if (!s->reading)
        return;
    *table = NULL;
    if (oid == 0)
        return;
    if (s->session == NULL)
        raise_error(SQLSTATE_INTERNAL_ERROR, "a stored expression names relation %u, but there is no session to find it", oid);
    *table = store_relation_by_oid(s->session, s->arena, oid);
    if (*table == NULL)
        raise_error(SQLSTATE_UNDEFINED_TABLE, "relation with OID %u does not exist", oid);
}

/* ---- expressions -------------------------------------------------------------------------------------------------------------------------- */

static void serial_expr(Serial *s, Expr **expr);
static void serial_query(Serial *s, Query **query);

static void serial_list(Serial *s, ExprList *list)
{
    serial_count(s, &list->count);
    if (s->reading)
        *list = expr_list(s->arena, list->count);
    for (int32_t i = 0; i < list->count; i++)
        serial_expr(s, &list->items[i]);
}

static void serial_sort_clauses(Serial *s, SortClause **items, int32_t *count)
{
    serial_count(s, count);
    if (s->reading)
        *items = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(*count, 1), SortClause);
    for (int32_t i = 0; i < *count; i++) {
        SortClause *clause = &(*items)[i];

        serial_i32(s, &clause->target);
        serial_u32(s, &clause->equal_op);
        serial_u32(s, &clause->order_op);
        serial_bool(s, &clause->descending);
        serial_bool(s, &clause->nulls_first);
    }
}

static void serial_numeric(Serial *s, Numeric *numeric)
{
    uint32_t scale = numeric->scale;
    Slice    big = slice_of(numeric->size != 0 ? numeric->big : NULL, numeric->size);
    uint64_t small = numeric->size == 0 ? (uint64_t)numeric->small : 0;

    serial_u8(s, &numeric->kind);
    serial_u32(s, &scale);
    if (numeric->kind > NUMERIC_NEGATIVE_INFINITY)
        raise_damaged();
    if (numeric->kind == NUMERIC_BIG_POSITIVE || numeric->kind == NUMERIC_BIG_NEGATIVE) {
        serial_slice(s, &big);
        if (s->reading) {
            numeric->big = big.data;
            numeric->size = (uint32_t)big.size;
        }
    } else {
        uint32_t low = (uint32_t)small, high = (uint32_t)(small >> 32);

        serial_u32(s, &low);
        serial_u32(s, &high);
        if (s->reading) {
            numeric->small = (int64_t)((uint64_t)high << 32 | low);
            numeric->size = 0;
        }
    }
    if (s->reading)
        numeric->scale = (uint16_t)scale;
}

/* By physical type, as the type's value would stand in a row. Types of the catalog say theirs. */
static void serial_datum(Serial *s, const Expr *expr, Datum *value)
{
    const TypeInfo *info = type_by_oid(expr->type);
    uint8_t         phys = info != NULL ? (uint8_t)info->phys : value->bytes.size != 0 || s->reading ? PHYS_BYTES : PHYS_INT32;

    serial_u8(s, &phys);
    switch (phys) {
    case PHYS_BYTES:
        serial_slice(s, &value->bytes);
        break;
    case PHYS_NUMERIC:
        serial_numeric(s, &value->numeric);
        break;
    case PHYS_BOOL:
    case PHYS_INT16:
    case PHYS_INT32:
    case PHYS_INT64:
    case PHYS_FLOAT32:
    case PHYS_FLOAT64:
    case PHYS_INTERVAL:
    case PHYS_UUID:
    case PHYS_TIMETZ:
        serial_bytes(s, value, phys_width((PhysType)phys)); /* NexaDB runs on little-endian machines */
        break;
    default:
        raise_damaged();
    }
}

static void serial_any_all(Serial *s, Expr *e)
{
    int32_t ops = e->any_all.ops != NULL ? e->any_all.lefts.count : 0;
    uint8_t comparison = (uint8_t)e->any_all.comparison;
    const Operator **list;

    serial_operator(s, &e->any_all.op);
    serial_proc(s, &e->any_all.proc);
    serial_expr(s, &e->any_all.left);
    serial_expr(s, &e->any_all.right);
    serial_list(s, &e->any_all.lefts);
    serial_list(s, &e->any_all.rights);
    serial_u8(s, &comparison);
    serial_bool(s, &e->any_all.all);
    serial_count(s, &ops);
    if (s->reading) {
        e->any_all.comparison = (char)comparison;
        if (ops != 0 && ops != e->any_all.lefts.count)
            raise_damaged();
        list = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(ops, 1), const Operator *);
        for (int32_t i = 0; i < ops; i++)
            serial_operator(s, &list[i]);
        e->any_all.ops = ops != 0 ? list : NULL;
    } else {
        for (int32_t i = 0; i < ops; i++) {
            const Operator *op = e->any_all.ops[i];

            serial_operator(s, &op);
        }
    }
}

static void serial_agg(Serial *s, Expr *e)
{
    serial_proc(s, &e->agg.proc);
    serial_list(s, &e->agg.args);
    serial_i32(s, &e->agg.arg_count);
    serial_list(s, &e->agg.direct_args);
    serial_sort_clauses(s, &e->agg.order, &e->agg.order_count);
    serial_bool(s, &e->agg.order_written);
    serial_expr(s, &e->agg.filter);
    serial_bool(s, &e->agg.distinct);
    serial_bool(s, &e->agg.star);
    serial_i32(s, &e->agg.levels_up);
}

static void serial_body(Serial *s, Expr *e)
{
    switch (e->kind) {
    case EXPR_CONST:
        serial_bool(s, &e->constant.is_null);
        if (!e->constant.is_null)
            serial_datum(s, e, &e->constant.value);
        break;
    case EXPR_COLUMN:
    case EXPR_WHOLE_ROW:
        serial_i32(s, &e->column.relation);
        serial_i32(s, &e->column.column);
        serial_i32(s, &e->column.levels_up);
        break;
    case EXPR_PARAM:
        serial_i32(s, &e->param.number);
        serial_bool(s, &e->param.internal);
        break;
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_SET_CALL:
        serial_proc(s, &e->call.proc);
        serial_operator(s, &e->call.op);
        serial_list(s, &e->call.args);
        serial_bool(s, &e->call.negated);
        serial_bool(s, &e->call.cast_form);
        serial_bool(s, &e->call.implicit);
        serial_bool(s, &e->call.variadic);
        serial_bool(s, &e->call.sql_syntax);
        if (s->reading && e->call.proc == NULL)
            raise_damaged();
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_COALESCE:
    case EXPR_ARRAY:
    case EXPR_ROW:
        serial_list(s, &e->list.args);
        serial_bool(s, &e->list.multidimensional);
        break;
    case EXPR_IS_NULL:
    case EXPR_BOOLEAN_TEST:
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
    case EXPR_FIELD:
        serial_expr(s, &e->unary.arg);
        serial_bool(s, &e->unary.negated);
        serial_bool(s, &e->unary.row_semantics);
        SERIAL_ENUM(s, e->unary.truth);
        serial_bool(s, &e->unary.explicit_cast);
        serial_bool(s, &e->unary.implicit);
        serial_i32(s, &e->unary.field);
        serial_expr(s, &e->unary.element);
        break;
    case EXPR_CASE:
        serial_expr(s, &e->cases.value);
        serial_list(s, &e->cases.tests);
        serial_list(s, &e->cases.results);
        serial_expr(s, &e->cases.otherwise);
        if (s->reading && e->cases.tests.count != e->cases.results.count)
            raise_damaged();
        break;
    case EXPR_MIN_MAX:
        serial_list(s, &e->minmax.args);
        serial_bool(s, &e->minmax.greatest);
        break;
    case EXPR_ANY_ALL:
    case EXPR_ROW_COMPARE:
        serial_any_all(s, e);
        break;
    case EXPR_SUBSCRIPT:
        serial_expr(s, &e->subscript.container);
        serial_list(s, &e->subscript.upper);
        serial_list(s, &e->subscript.lower);
        serial_bool(s, &e->subscript.slice);
        serial_expr(s, &e->subscript.assigned);
        break;
    case EXPR_CASE_VALUE:
    case EXPR_DEFAULT:
        break;
    case EXPR_SQL_VALUE:
        serial_i32(s, &e->sql_value.which);
        break;
    case EXPR_AGG:
        serial_agg(s, e);
        break;
    case EXPR_GROUPING:
        serial_list(s, &e->grouping.args);
        if (s->reading)
            e->grouping.refs = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(e->grouping.args.count, 1), int32_t);
        for (int32_t i = 0; i < e->grouping.args.count; i++)
            serial_i32(s, &e->grouping.refs[i]);
        break;
    case EXPR_WINDOW:
        serial_proc(s, &e->window.proc);
        serial_list(s, &e->window.args);
        serial_expr(s, &e->window.filter);
        serial_i32(s, &e->window.window);
        serial_bool(s, &e->window.star);
        break;
    case EXPR_SUBQUERY:
        SERIAL_ENUM(s, e->subquery.kind);
        serial_query(s, &e->subquery.query);
        serial_list(s, &e->subquery.lefts);
        serial_expr(s, &e->subquery.test);
        if (s->reading)
            e->subquery.plan = -1;
        break;
    case EXPR_NEXTVAL:
        serial_u32(s, &e->nextval.sequence);
        break;
    default:
        if (s->reading)
            raise_damaged();
        raise_error(SQLSTATE_INTERNAL_ERROR, "expression of kind %d cannot be stored", (int)e->kind);
    }
}

static void serial_expr(Serial *s, Expr **slot)
{
    uint8_t kind = *slot != NULL ? (uint8_t)(*slot)->kind : 0;
    Expr   *e, copy;

    if (++s->depth > 4000)
        raise_error(SQLSTATE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    serial_u8(s, &kind);
    if (kind == 0) {
        *slot = NULL;
        s->depth--;
        return;
    }
    if (s->reading) {
        e = *slot = expr_new(s->arena, (ExprKind)kind, 0, -1);
    } else {
        copy = **slot; /* the functions take pointers that they do not write through when writing, but const is shed */
        e = &copy;
    }
    serial_u32(s, &e->type);
    serial_i32(s, &e->typmod);
    serial_u32(s, &e->collation);
    serial_body(s, e);
    s->depth--;
}

/* ---- the range table ---------------------------------------------------------------------------------------------------------------------------- */

static void serial_columns(Serial *s, const RangeColumn **columns, int32_t *count)
{
    RangeColumn *own;

    serial_count(s, count);
    own = s->reading ? ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(*count, 1), RangeColumn) : (RangeColumn *)*columns;
    for (int32_t i = 0; i < *count; i++) {
        serial_string(s, &own[i].name);
        serial_u32(s, &own[i].type);
        serial_i32(s, &own[i].typmod);
        serial_u32(s, &own[i].collation);
        serial_bool(s, &own[i].hidden);
    }
    *columns = own;
}

/* Of a table only the names that aliases gave: the rest is what the table has when it is read. */
static void serial_table_columns(Serial *s, RangeEntry *entry)
{
    const RelationDesc *table = entry->table;
    RangeColumn        *own;
    int32_t             renamed = 0;

    for (int32_t i = 0; !s->reading && i < entry->column_count; i++)
        renamed += strcmp(entry->columns[i].name, table->columns[i].name) != 0;
    serial_count(s, &renamed);
    if (!s->reading) {
        for (int32_t i = 0; i < entry->column_count; i++) {
            const char *name = entry->columns[i].name;
            int32_t     number = i;

            if (strcmp(name, table->columns[i].name) == 0)
                continue;
            serial_i32(s, &number);
            serial_string(s, &name);
        }
        return;
    }
    own = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(table->column_count, 1), RangeColumn);
    for (int16_t i = 0; i < table->column_count; i++) {
        const ColumnDesc *column = &table->columns[i];

        own[i] = (RangeColumn){column->name, column->type, column->typmod, column->collation, column->dropped};
    }
    for (int32_t i = 0; i < renamed; i++) {
        const char *name = NULL;
        int32_t     number = 0;

        serial_i32(s, &number);
        serial_string(s, &name);
        if (number < 0 || number >= table->column_count || name == NULL)
            raise_damaged();
        own[number].name = name;
    }
    entry->columns = own;
    entry->column_count = table->column_count;
}

static void serial_cte_reference(Serial *s, RangeEntry *entry)
{
    int32_t           index = -1;
    const QueryLevel *level = s->level;

    serial_i32(s, &entry->cte_levels_up);
    for (int32_t up = entry->cte_levels_up; up > 0 && level != NULL; up--)
        level = level->outer;
    if (level == NULL)
        raise_damaged();
    for (int32_t i = 0; !s->reading && i < level->query->cte_count; i++) {
        if (level->query->ctes[i] == entry->cte)
            index = i;
    }
    serial_i32(s, &index);
    serial_bool(s, &entry->cte_self_reference);
    if (s->reading) {
        if (index < 0 || index >= level->query->cte_count)
            raise_damaged();
        entry->cte = level->query->ctes[index];
    }
}

static void serial_functions(Serial *s, RangeEntry *entry)
{
    int32_t *columns;

    serial_count(s, &entry->function_count);
    if (s->reading) {
        entry->functions = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(entry->function_count, 1), Expr *);
        entry->function_columns = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(entry->function_count, 1), int32_t);
    }
    columns = (int32_t *)entry->function_columns;
    for (int32_t i = 0; i < entry->function_count; i++) {
        serial_expr(s, &entry->functions[i]);
        serial_i32(s, &columns[i]);
    }
    serial_bool(s, &entry->ordinality);
}

static void serial_values(Serial *s, RangeEntry *entry)
{
    ExprList *rows;

    serial_count(s, &entry->values_count);
    rows = s->reading ? ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(entry->values_count, 1), ExprList) : (ExprList *)entry->values;
    for (int32_t i = 0; i < entry->values_count; i++) {
        ExprList row = rows[i];

        serial_list(s, &row);
        if (s->reading)
            rows[i] = row;
    }
    entry->values = rows;
}

static void serial_range(Serial *s, RangeEntry **slot)
{
    RangeEntry copy, *entry;

    if (s->reading) {
        entry = *slot = ARENA_NEW(s->arena, RangeEntry);
    } else {
        copy = **slot;
        entry = &copy;
    }
    SERIAL_ENUM(s, entry->kind);
    serial_string(s, &entry->alias);
    serial_bool(s, &entry->lateral);
    serial_bool(s, &entry->in_from);
    serial_bool(s, &entry->from_view);
    if (entry->kind == RANGE_TABLE || entry->from_view) {
        serial_table(s, &entry->table);
        if (entry->table == NULL)
            raise_damaged();
        serial_table_columns(s, entry);
        /* a view in a view is what it is when the outer one is used */
        if (s->reading && entry->from_view)
            entry->subquery = deserialize_query(s->session, s->arena, entry->table->view_query);
        return;
    }
    serial_columns(s, &entry->columns, &entry->column_count);
    switch (entry->kind) {
    case RANGE_SUBQUERY:
        serial_query(s, &entry->subquery);
        break;
    case RANGE_FUNCTION:
        serial_functions(s, entry);
        break;
    case RANGE_VALUES:
        serial_values(s, entry);
        break;
    case RANGE_CTE:
        serial_cte_reference(s, entry);
        break;
    case RANGE_JOIN:
        if (s->reading)
            entry->join_columns = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(entry->column_count, 1), Expr *);
        for (int32_t i = 0; i < entry->column_count; i++)
            serial_expr(s, &entry->join_columns[i]);
        break;
    default:
        raise_damaged();
    }
}

/* ---- queries -------------------------------------------------------------------------------------------------------------------------------------- */

static void serial_join_tree(Serial *s, JoinTree **slot)
{
    JoinTree copy, *tree;

    if (s->reading) {
        tree = *slot = ARENA_NEW(s->arena, JoinTree);
    } else {
        copy = **slot;
        tree = &copy;
    }
    serial_i32(s, &tree->range);
    if (tree->range != 0)
        return;
    if (++s->depth > 4000)
        raise_error(SQLSTATE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    SERIAL_ENUM(s, tree->type);
    serial_join_tree(s, &tree->left);
    serial_join_tree(s, &tree->right);
    serial_expr(s, &tree->condition);
    serial_i32(s, &tree->join_range);
    serial_i32(s, &tree->using_count);
    serial_string(s, &tree->using_alias);
    s->depth--;
}

static void serial_set_op(Serial *s, SetOpTree **slot)
{
    SetOpTree copy, *tree;

    if (s->reading) {
        tree = *slot = ARENA_NEW(s->arena, SetOpTree);
    } else {
        copy = **slot;
        tree = &copy;
    }
    serial_i32(s, &tree->range);
    if (tree->range != 0)
        return;
    if (++s->depth > 4000)
        raise_error(SQLSTATE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    SERIAL_ENUM(s, tree->kind);
    serial_bool(s, &tree->all);
    serial_set_op(s, &tree->left);
    serial_set_op(s, &tree->right);
    s->depth--;
}

static void serial_targets(Serial *s, Target **targets, int32_t *count)
{
    serial_count(s, count);
    if (s->reading)
        *targets = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(*count, 1), Target);
    for (int32_t i = 0; i < *count; i++) {
        Target  target = (*targets)[i];
        int32_t column = target.origin_column;

        serial_expr(s, &target.expr);
        serial_string(s, &target.name);
        serial_bool(s, &target.junk);
        serial_i32(s, &target.attribute);
        serial_u32(s, &target.origin_table);
        serial_i32(s, &column);
        serial_bool(s, &target.generated);
        target.origin_column = (int16_t)column;
        if (s->reading)
            (*targets)[i] = target;
    }
}

static void serial_grouping_sets(Serial *s, GroupingSetList *sets)
{
    serial_count(s, &sets->count);
    if (s->reading) {
        sets->sizes = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(sets->count, 1), int32_t);
        sets->sets = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(sets->count, 1), int32_t *);
    }
    for (int32_t i = 0; i < sets->count; i++) {
        serial_count(s, &sets->sizes[i]);
        if (s->reading)
            sets->sets[i] = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(sets->sizes[i], 1), int32_t);
        for (int32_t k = 0; k < sets->sizes[i]; k++)
            serial_i32(s, &sets->sets[i][k]);
    }
}

static void serial_windows(Serial *s, Query *query)
{
    serial_count(s, &query->window_count);
    if (s->reading)
        query->windows = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(query->window_count, 1), Window);
    for (int32_t i = 0; i < query->window_count; i++) {
        Window window = query->windows[i];

        serial_string(s, &window.name);
        serial_sort_clauses(s, &window.partition, &window.partition_count);
        serial_sort_clauses(s, &window.order, &window.order_count);
        SERIAL_ENUM(s, window.mode);
        SERIAL_ENUM(s, window.start);
        SERIAL_ENUM(s, window.end);
        SERIAL_ENUM(s, window.exclude);
        serial_expr(s, &window.start_offset);
        serial_expr(s, &window.end_offset);
        if (s->reading)
            query->windows[i] = window;
    }
}

/* The structs first, so that references can be read before the queries that they mean. */
static void serial_ctes(Serial *s, Query *query)
{
    serial_count(s, &query->cte_count);
    if (s->reading) {
        query->ctes = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(query->cte_count, 1), CommonTable *);
        for (int32_t i = 0; i < query->cte_count; i++)
            query->ctes[i] = ARENA_NEW(s->arena, CommonTable);
    }
    for (int32_t i = 0; i < query->cte_count; i++) {
        CommonTable *cte = query->ctes[i], copy = *cte;

        serial_string(s, &copy.name);
        serial_bool(s, &copy.recursive);
        SERIAL_ENUM(s, copy.materialized);
        serial_i32(s, &copy.references);
        serial_columns(s, &copy.columns, &copy.column_count);
        if (s->reading) {
            copy.plan = -1;
            *cte = copy;
        }
        serial_query(s, &copy.query);
        if (s->reading)
            cte->query = copy.query;
    }
}

static void serial_changes(Serial *s, Query *query)
{
    bool conflict = query->on_conflict != NULL;

    serial_i32(s, &query->result_range);
    serial_bool(s, &query->overriding_system_value);
    serial_bool(s, &query->overriding_user_value);
    serial_targets(s, &query->returning, &query->returning_count);
    if (s->reading && query->returning_count == 0)
        query->returning = NULL;
    serial_bool(s, &conflict);
    if (conflict) {
        OnConflict own = query->on_conflict != NULL ? *query->on_conflict : (OnConflict){0};
        Oid       *arbiters;

        serial_bool(s, &own.do_update);
        serial_count(s, &own.arbiter_count);
        arbiters = s->reading ? ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(own.arbiter_count, 1), Oid) : (Oid *)own.arbiters;
        for (int32_t i = 0; i < own.arbiter_count; i++)
            serial_u32(s, &arbiters[i]);
        serial_i32(s, &own.excluded_range);
        serial_targets(s, &own.sets, &own.set_count);
        serial_expr(s, &own.where);
        if (s->reading) {
            own.arbiters = arbiters;
            query->on_conflict = ARENA_NEW(s->arena, OnConflict);
            *query->on_conflict = own;
        }
    }
    serial_count(s, &query->merge_count);
    if (s->reading)
        query->merge_actions = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(query->merge_count, 1), MergeAction);
    for (int32_t i = 0; i < query->merge_count; i++) {
        MergeAction action = query->merge_actions[i];

        serial_bool(s, &action.matched);
        SERIAL_ENUM(s, action.command);
        serial_expr(s, &action.condition);
        serial_targets(s, &action.targets, &action.target_count);
        if (s->reading)
            query->merge_actions[i] = action;
    }
    serial_expr(s, &query->merge_condition);
}

static void serial_flags(Serial *s, Query *query)
{
    serial_bool(s, &query->has_aggregates);
    serial_bool(s, &query->has_windows);
    serial_bool(s, &query->has_subqueries);
    serial_bool(s, &query->has_set_calls);
    serial_bool(s, &query->has_volatile);
    serial_bool(s, &query->has_for_update);
    serial_bool(s, &query->has_recursive);
    serial_bool(s, &query->modifies_in_cte);
}

static void serial_query(Serial *s, Query **slot)
{
    Query      copy, *query;
    QueryLevel level = {.outer = s->level};
    bool       set_op;

    if (s->reading) {
        query = *slot = ARENA_NEW(s->arena, Query);
        level.query = query;
    } else {
        copy = **slot;
        query = &copy;
        level.query = *slot;
    }
    s->level = &level;
    if (++s->depth > 4000)
        raise_error(SQLSTATE_STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    SERIAL_ENUM(s, query->command);
    serial_ctes(s, query);
    serial_count(s, &query->range_count);
    if (s->reading)
        query->ranges = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(query->range_count, 1), RangeEntry *);
    for (int32_t i = 0; i < query->range_count; i++)
        serial_range(s, &query->ranges[i]);
    serial_count(s, &query->from_count);
    if (s->reading)
        query->from = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(query->from_count, 1), JoinTree *);
    for (int32_t i = 0; i < query->from_count; i++)
        serial_join_tree(s, &query->from[i]);
    serial_expr(s, &query->where);
    serial_targets(s, &query->targets, &query->target_count);
    serial_bool(s, &query->distinct);
    serial_bool(s, &query->distinct_on);
    serial_sort_clauses(s, &query->distincts, &query->distinct_count);
    serial_sort_clauses(s, &query->group, &query->group_count);
    serial_grouping_sets(s, &query->grouping_sets);
    serial_bool(s, &query->group_distinct);
    serial_expr(s, &query->having);
    serial_windows(s, query);
    serial_sort_clauses(s, &query->order, &query->order_count);
    serial_expr(s, &query->limit);
    serial_expr(s, &query->offset);
    serial_bool(s, &query->with_ties);
    set_op = query->set_op != NULL;
    serial_bool(s, &set_op);
    if (set_op)
        serial_set_op(s, &query->set_op);
    serial_count(s, &query->mark_count);
    if (s->reading)
        query->marks = ARENA_ARRAY_ZEROED(s->arena, (size_t)MAX(query->mark_count, 1), RowMark);
    for (int32_t i = 0; i < query->mark_count; i++) {
        RowMark mark = query->marks[i];

        serial_i32(s, &mark.range);
        SERIAL_ENUM(s, mark.strength);
        SERIAL_ENUM(s, mark.wait);
        if (s->reading)
            query->marks[i] = mark;
    }
    serial_changes(s, query);
    serial_flags(s, query);
    s->depth--;
    s->level = level.outer;
}

/* ---- entry points -------------------------------------------------------------------------------------------------------------------------------------- */

static Serial writer(Arena *arena)
{
    Serial  s = {.arena = arena};
    uint8_t version = FORMAT_VERSION;

    strbuf_init(&s.out, arena);
    serial_u8(&s, &version);
    return s;
}

static Serial reader(Session *session, Arena *arena, Slice bytes)
{
    Serial  s = {.reading = true, .arena = arena, .session = session, .at = bytes.data, .end = bytes.data + bytes.size};
    uint8_t version;

    serial_u8(&s, &version);
    if (version != FORMAT_VERSION)
        raise_error(SQLSTATE_DATA_CORRUPTED, "stored expression has format %u, which this version does not know", version);
    return s;
}

Slice serialize_expr(Arena *arena, const Expr *expr)
{
    Serial s = writer(arena);
    Expr  *root = (Expr *)expr;

    serial_expr(&s, &root);
    return strbuf_slice(&s.out);
}

Slice serialize_query(Arena *arena, const Query *query)
{
    Serial s = writer(arena);
    Query *root = (Query *)query;

    serial_query(&s, &root);
    return strbuf_slice(&s.out);
}

Expr *deserialize_expr(Session *session, Arena *arena, Slice bytes)
{
    Serial s;
    Expr  *expr = NULL;

    if (bytes.size == 0)
        return NULL;
    s = reader(session, arena, bytes);
    serial_expr(&s, &expr);
    if (s.at != s.end)
        raise_damaged();
    return expr;
}

Query *deserialize_query(Session *session, Arena *arena, Slice bytes)
{
    Serial s;
    Query *query = NULL;

    if (bytes.size == 0)
        return NULL;
    s = reader(session, arena, bytes);
    serial_query(&s, &query);
    if (s.at != s.end)
        raise_damaged();
    return query;
}
