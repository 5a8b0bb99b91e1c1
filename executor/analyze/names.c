/* names.c - column references: which range entry a name belongs to, and what to say when there is none. */
#include "executor/analyze/binder.h"
#include "executor/store/store.h"

/* ---- name items ------------------------------------------------------------------------------------------------------------- */

NameItem *name_item_new(Binder *b, const char *name, int32_t range, const RangeEntry *entry)
{
    NameItem *item = ARENA_NEW(b->arena, NameItem);

    item->name = name;
    item->range = range;
    if (entry != NULL) {
        item->column_count = entry->column_count;
        item->columns = entry->columns;
    }
    item->relation_visible = item->columns_visible = true;
    item->lateral_ok = true;
    return item;
}

void add_name_item(Scope *scope, NameItem *item)
{
    size_t count = (size_t)scope->names.count;

    scope->names.items = arena_grow(scope->b->arena, scope->names.items, count * sizeof(NameItem *), (count + 1) * sizeof(NameItem *));
    scope->names.items[scope->names.count++] = item;
}

static noreturn void raise_lateral(const NameItem *item, int32_t location)
{
    bind_error_detail(SQLSTATE_INVALID_COLUMN_REFERENCE, location, "The combining JOIN type must be INNER or LEFT for a LATERAL reference.",
                      "invalid reference to FROM-clause entry for table \"%s\"", item->name);
}

static void check_lateral(const NameItem *item, int32_t location)
{
    if (item->lateral_only && !item->lateral_ok)
        raise_lateral(item, location);
}

/* schema NULL: by alias or name. Looks outwards. */
NameItem *find_name_item(Scope *scope, const char *schema, const char *name, int32_t location, int32_t *levels_out)
{
    int32_t levels = 0;

    for (Scope *at = scope; at != NULL; at = at->parent, levels++) {
        NameItem *found = NULL;

        for (int32_t i = 0; i < at->names.count; i++) {
            NameItem *item = at->names.items[i];

            if (!item->relation_visible || item->name == NULL || (item->lateral_only && !at->lateral_active))
                continue;
            if (strcmp(item->name, name) != 0 || (schema != NULL && (item->schema_name == NULL || strcmp(item->schema_name, schema) != 0)))
                continue;
            if (found != NULL)
                bind_error(SQLSTATE_AMBIGUOUS_ALIAS, location, "table reference \"%s\" is ambiguous", name);
            check_lateral(item, location);
            found = item;
        }
        if (found != NULL) {
            *levels_out = levels;
            return found;
        }
    }
    return NULL;
}

static int32_t find_column(const NameItem *item, const char *name, int32_t location)
{
    int32_t found = 0;

    for (int32_t i = 0; i < item->column_count; i++) {
        if (item->columns[i].hidden || strcmp(item->columns[i].name, name) != 0)
            continue;
        if (found != 0)
            bind_error(SQLSTATE_AMBIGUOUS_COLUMN, location, "column reference \"%s\" is ambiguous", name);
        found = i + 1;
    }
    return found;
}

static int32_t system_column(const char *name)
{
    static const struct {
        const char *name;
        int32_t     number;
    } columns[] = {{"ctid", COLUMN_CTID}, {"xmin", COLUMN_XMIN}, {"cmin", COLUMN_CMIN},
                   {"xmax", COLUMN_XMAX}, {"cmax", COLUMN_CMAX}, {"tableoid", COLUMN_TABLEOID}};

    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        if (strcmp(columns[i].name, name) == 0)
            return columns[i].number;
    }
    return 0;
}

/* A stored table has them; computed relations and views do not. */
static int32_t find_system_column(Scope *level, const NameItem *item, const char *name)
{
    const RangeEntry *entry;

    if (item->range == 0)
        return 0;
    entry = level->query->ranges[item->range - 1];
    if (entry->kind != RANGE_TABLE)
        return 0;
    return entry->table->group_count > 0 || strcmp(name, "tableoid") == 0 ? system_column(name) : 0;
}

static Scope *scope_up(Scope *scope, int32_t levels)
{
    for (; levels > 0; levels--)
        scope = scope->parent;
    return scope;
}

Expr *column_of_item(Scope *scope, const NameItem *item, int32_t column, int32_t levels_up, int32_t location)
{
    Expr *expr;

    if (column > 0 && item->stands_for != NULL) {
        expr = expr_copy(scope->b->arena, item->stands_for[column - 1]);
        expr_shift_levels(expr, levels_up, 0);
    } else {
        expr = expr_column(scope->b->arena, scope_up(scope, levels_up)->query, item->range, column);
        expr->column.levels_up = levels_up;
    }
    expr->location = location;
    return expr;
}

Expr *whole_row_of_item(Scope *scope, NameItem *item, int32_t levels_up, int32_t location)
{
    const RangeEntry *entry;
    Expr             *expr;

    if (item->stands_for != NULL) {
        expr = expr_new(scope->b->arena, EXPR_ROW, TYPE_RECORD, location);
        for (int32_t i = 0; i < item->column_count; i++) {
            if (!item->columns[i].hidden)
                expr->list.args = expr_list_append(scope->b->arena, expr->list.args, column_of_item(scope, item, i + 1, levels_up, location));
        }
        return expr;
    }
    entry = scope_up(scope, levels_up)->query->ranges[item->range - 1];
    /* PG15: a function of a scalar gives the scalar, not a row of it */
    if (entry->kind == RANGE_FUNCTION && entry->function_count == 1 && !entry->ordinality && entry->column_count == 1 &&
        entry->functions[0]->type == entry->columns[0].type)
        return column_of_item(scope, item, 1, levels_up, location);
    expr = column_of_item(scope, item, 0, levels_up, location);
    if (entry->kind == RANGE_FUNCTION && entry->function_count == 1 && !entry->ordinality && type_is_composite(scope->b, entry->functions[0]->type))
        expr->type = entry->functions[0]->type;
    if (entry->from_view && entry->table != NULL && entry->table->row_type != 0)
        expr->type = entry->table->row_type;
    return expr;
}

/* ---- references ----------------------------------------------------------------------------------------------------------------- */

/* The column of a name alone, looking outwards; NULL when there is none. */
static Expr *find_unqualified(Scope *scope, const char *name, int32_t location)
{
    int32_t levels = 0;

    for (Scope *at = scope; at != NULL; at = at->parent, levels++) {
        Expr *found = NULL;

        for (int32_t i = 0; i < at->names.count; i++) {
            NameItem *item = at->names.items[i];
            int32_t   column;

            if (!item->columns_visible || (item->lateral_only && !at->lateral_active))
                continue;
            column = find_column(item, name, location);
            if (column == 0)
                continue;
            if (found != NULL)
                bind_error(SQLSTATE_AMBIGUOUS_COLUMN, location, "column reference \"%s\" is ambiguous", name);
            check_lateral(item, location);
            found = column_of_item(scope, item, column, levels, location);
        }
        if (found == NULL && system_column(name) != 0) {
            for (int32_t i = 0; i < at->names.count; i++) {
                NameItem *item = at->names.items[i];
                int32_t   column;

                if (!item->columns_visible || (item->lateral_only && !at->lateral_active) || (column = find_system_column(at, item, name)) == 0)
                    continue;
                if (found != NULL)
                    bind_error(SQLSTATE_AMBIGUOUS_COLUMN, location, "column reference \"%s\" is ambiguous", name);
                found = column_of_item(scope, item, column, levels, location);
            }
        }
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* ---- errors with hints -------------------------------------------------------------------------------------------------------------- */

static int32_t edit_distance(const char *a, const char *b, int32_t limit)
{
    int32_t la = (int32_t)strlen(a), lb = (int32_t)strlen(b);
    int32_t previous[NAME_MAX_BYTES + 2], current[NAME_MAX_BYTES + 2];

    if (la > NAME_MAX_BYTES || lb > NAME_MAX_BYTES || la - lb > limit || lb - la > limit)
        return limit + 1;
    for (int32_t j = 0; j <= lb; j++)
        previous[j] = j;
    for (int32_t i = 1; i <= la; i++) {
        current[0] = i;
        for (int32_t j = 1; j <= lb; j++)
            current[j] = MIN(MIN(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + (a[i - 1] != b[j - 1]));
        memcpy(previous, current, (size_t)(lb + 1) * sizeof *previous);
    }
    return previous[lb];
}

typedef struct Guess {
    int32_t         distance;
    const NameItem *first, *second;
    const char     *first_column, *second_column;
    const NameItem *exact; /* has the column, but cannot be used here */
} Guess;

enum { MAX_DISTANCE = 3 };

static void guess_in_item(Guess *guess, const NameItem *item, const char *table, const char *column)
{
    int32_t penalty = table != NULL ? edit_distance(item->name, table, 64) : 0;

    for (int32_t i = 0; i < item->column_count; i++) {
        int32_t distance;

        if (item->columns[i].hidden || item->columns[i].name[0] == '\0')
            continue;
        if (penalty > guess->distance)
            return;
        distance = edit_distance(item->columns[i].name, column, MAX_DISTANCE - penalty < 0 ? 0 : MAX_DISTANCE);
        if (distance > (int32_t)strlen(column) / 2)
            continue;
        distance += penalty;
        if (distance < guess->distance) {
            guess->distance = distance;
            guess->first = item;
            guess->first_column = item->columns[i].name;
            guess->second = NULL;
        } else if (distance == guess->distance) {
            if (guess->second != NULL || guess->first == NULL) {
                guess->first = guess->second = NULL; /* too many equally good ones */
                guess->distance = distance - 1;
                return;
            }
            guess->second = item;
            guess->second_column = item->columns[i].name;
        }
    }
}

static noreturn void raise_missing_column(Scope *scope, const char *table, const char *column, int32_t location)
{
    Guess       guess = {.distance = MAX_DISTANCE + 1};
    Error      *err;

    for (Scope *at = scope; at != NULL && guess.exact == NULL; at = at->parent) {
        for (int32_t i = 0; i < at->names.count; i++) {
            NameItem *item = at->names.items[i];

            if (item->name == NULL || item->stands_for != NULL)
                continue;
            if (table == NULL && find_column(item, column, location) != 0)
                guess.exact = item;
            guess_in_item(&guess, item, table, column);
        }
        if (guess.first != NULL)
            break;
    }
    if (table != NULL)
        err = error_new(SQLSTATE_UNDEFINED_COLUMN, "column %s.%s does not exist", table, column);
    else
        err = error_new(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" does not exist", column);
    if (guess.exact != NULL)
        error_hint(err, "There is a column named \"%s\" in table \"%s\", but it cannot be referenced from this part of the query.", column, guess.exact->name);
    else if (guess.second != NULL)
        error_hint(err, "Perhaps you meant to reference the column \"%s.%s\" or the column \"%s.%s\".", guess.first->name, guess.first_column,
                   guess.second->name, guess.second_column);
    else if (guess.first != NULL)
        error_hint(err, "Perhaps you meant to reference the column \"%s.%s\".", guess.first->name, guess.first_column);
    error_position(err, location);
    error_raise(err);
}

/* A range entry of this name anywhere in the query and around it, visible or not. */
static const RangeEntry *find_hidden_range(Scope *scope, const char *name, bool *is_here)
{
    int32_t     count;
    const Oid  *path = session_search_path(scope->b->session, &count);
    const Desc *table = NULL;

    *is_here = true;
    for (Scope *at = scope; at != NULL; at = at->parent) {
        for (int32_t i = 0; i < at->query->range_count; i++) {
            const RangeEntry *entry = at->query->ranges[i];

            if (entry->alias != NULL && strcmp(entry->alias, name) == 0)
                return entry;
        }
    }
    /* a table that goes by an alias in this query */
    for (int32_t i = 0; i < count && table == NULL; i++)
        table = store_desc_by_name(scope->b->session, scope->b->arena, DESC_RELATION, path[i], name);
    for (Scope *at = scope; table != NULL && at != NULL; at = at->parent) {
        for (int32_t i = 0; i < at->query->range_count; i++) {
            const RangeEntry *entry = at->query->ranges[i];

            if (entry->kind == RANGE_TABLE && entry->table->head.oid == table->oid)
                return entry;
        }
    }
    return NULL;
}

void raise_missing_range(Scope *scope, const char *schema, const char *name, int32_t location)
{
    bool              here;
    const RangeEntry *entry = find_hidden_range(scope, name, &here);
    int32_t           levels;
    const char       *hint = NULL;

    (void)schema;
    if (entry != NULL && entry->alias != NULL && strcmp(entry->alias, name) != 0 &&
        find_name_item(scope, NULL, entry->alias, location, &levels) != NULL) {
        hint = arena_printf(scope->b->arena, "Perhaps you meant to reference the table alias \"%s\".", entry->alias);
    } else if (entry != NULL) {
        bind_error_hint(SQLSTATE_UNDEFINED_TABLE, location,
                        arena_printf(scope->b->arena, "There is an entry for table \"%s\", but it cannot be referenced from this part of the query.",
                                     entry->alias != NULL ? entry->alias : name),
                        "invalid reference to FROM-clause entry for table \"%s\"", name);
    }
    if (entry != NULL)
        bind_error_hint(SQLSTATE_UNDEFINED_TABLE, location, hint, "invalid reference to FROM-clause entry for table \"%s\"", name);
    bind_error(SQLSTATE_UNDEFINED_TABLE, location, "missing FROM-clause entry for table \"%s\"", name);
}

/* ---- the parts of a reference ----------------------------------------------------------------------------------------------------------- */

static void check_clause(Scope *scope, int32_t location)
{
    if (scope->clause == CLAUSE_DEFAULT)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "cannot use column reference in DEFAULT expression");
    if (scope->clause == CLAUSE_PARTITION_BOUND)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "cannot use column reference in partition bound expression");
}

static Expr *bind_unqualified(Scope *scope, const char *name, int32_t location)
{
    Expr     *expr = find_unqualified(scope, name, location);
    NameItem *item;
    int32_t   levels;

    if (expr != NULL)
        return expr;
    if (scope->domain_value != NULL && strcmp(name, "value") == 0) {
        expr = expr_copy(scope->b->arena, scope->domain_value);
        expr->location = location;
        return expr;
    }
    item = find_name_item(scope, NULL, name, location, &levels);
    if (item != NULL)
        return whole_row_of_item(scope, item, levels, location);
    raise_missing_column(scope, NULL, name, location);
}

static Expr *bind_qualified(Scope *scope, const char *schema, const char *table, const Node *last, int32_t location)
{
    int32_t     levels, column;
    NameItem   *item = find_name_item(scope, schema, table, location, &levels);
    const char *name;
    Expr       *expr;

    if (item == NULL)
        raise_missing_range(scope, schema, table, location);
    name = ((const String *)last)->sval;
    column = find_column(item, name, location);
    if (column == 0)
        column = find_system_column(scope_up(scope, levels), item, name);
    if (column != 0)
        return column_of_item(scope, item, column, levels, location);
    /* t.f where f is a function of t's row */
    expr = whole_row_of_item(scope, item, levels, location);
    CallSite site = {.location = location, .column_notation = true, .name = list_append(scope->b->arena, NULL, (Node *)last),
                     .args = expr_list_append(scope->b->arena, (ExprList){0}, expr)};

    expr = expr->type == TYPE_RECORD || type_is_composite(scope->b, expr->type) ? bind_function(scope, &site) : NULL;
    if (expr == NULL)
        raise_missing_column(scope, item->name, name, location);
    return expr;
}

Expr *bind_column_ref(Scope *scope, const ColumnRef *ref)
{
    int32_t     count = list_count(ref->fields), location = ref->node.location;
    const Node *last = list_last(ref->fields);
    int32_t     levels;
    NameItem   *item;

    check_clause(scope, location);
    if (last->tag == NODE_A_STAR) {
        /* t.* where one value is meant: the whole row */
        if (count == 1)
            bind_error(SQLSTATE_SYNTAX_ERROR, location, "improper use of \"*\"");
        item = find_name_item(scope, count > 2 ? string_at(ref->fields, count - 3) : NULL, string_at(ref->fields, count - 2), location, &levels);
        if (item == NULL)
            raise_missing_range(scope, NULL, string_at(ref->fields, count - 2), location);
        return whole_row_of_item(scope, item, levels, location);
    }
    switch (count) {
    case 1:
        return bind_unqualified(scope, string_at(ref->fields, 0), location);
    case 2:
        return bind_qualified(scope, NULL, string_at(ref->fields, 0), last, location);
    case 3:
        return bind_qualified(scope, string_at(ref->fields, 0), string_at(ref->fields, 1), last, location);
    case 4:
        if (strcmp(string_at(ref->fields, 0), scope->b->session->database_name) != 0)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, location, "cross-database references are not implemented: %s", name_list_text(scope->b->arena, ref->fields));
        return bind_qualified(scope, string_at(ref->fields, 1), string_at(ref->fields, 2), last, location);
    default:
        bind_error(SQLSTATE_SYNTAX_ERROR, location, "improper qualified name (too many dotted names): %s", name_list_text(scope->b->arena, ref->fields));
    }
}

/* ---- CTEs ------------------------------------------------------------------------------------------------------------------------------- */

CommonTable *find_cte(Scope *scope, const char *name, int32_t *levels_out)
{
    int32_t levels = 0;

    for (Scope *at = scope; at != NULL; at = at->parent, levels++) {
        for (int32_t i = 0; i < at->cte_count; i++) {
            if (strcmp(at->ctes[i]->name, name) == 0) {
                *levels_out = levels;
                return at->ctes[i];
            }
        }
    }
    return NULL;
}

bool is_future_cte(Scope *scope, const char *name)
{
    for (Scope *at = scope; at != NULL; at = at->parent) {
        LIST_FOREACH(CommonTableExpr, cte, at->future_ctes)
        {
            if (strcmp(cte->ctename, name) == 0)
                return true;
        }
    }
    return false;
}
