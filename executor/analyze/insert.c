/* insert.c - INSERT: columns, sources, defaults, ON CONFLICT. */
#include "executor/analyze/binder.h"
#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

/* A column of the list after the table's name, or each column without a list. */
typedef struct InsertColumn {
    int16_t         number;
    const NodeList *indirection;
    int32_t         location;
} InsertColumn;

typedef struct Insert {
    Scope              *scope;
    const InsertStmt   *stmt;
    const RelationDesc *table;
    int32_t             count;
    InsertColumn       *columns;
} Insert;

/* ---- the target --------------------------------------------------------------------------------------------------------------------- */

const RelationDesc *open_target(Scope *scope, const RangeVar *var, const char *verb)
{
    const RelationDesc *table;
    int32_t             levels;

    if (var->schemaname == NULL && find_cte(scope, var->relname, &levels) != NULL)
        bind_error(SQLSTATE_UNDEFINED_TABLE, var->node.location, "relation \"%s\" cannot be the target of a modifying statement", var->relname);
    table = open_relation(scope->b, var, false);
    switch (table->relkind) {
    case 'r':
        break;
    case 'v': {
        Error *err = error_new(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot %s view \"%s\"", verb, table->head.name);

        error_detail(err, "Views that are changed through are not supported yet.");
        error_raise(err);
    }
    case 'm':
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "cannot change materialized view \"%s\"", table->head.name);
    case 'S':
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "cannot change sequence \"%s\"", table->head.name);
    case 'i':
        bind_error_detail(SQLSTATE_WRONG_OBJECT_TYPE, var->node.location, "This operation is not supported for indexes.", "cannot open relation \"%s\"", table->head.name);
    default:
        bind_error_detail(SQLSTATE_WRONG_OBJECT_TYPE, var->node.location, "This operation is not supported for composite types.", "cannot open relation \"%s\"", table->head.name);
    }
    if (table->group_count == 0)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied for table %s", table->head.name);
    return table;
}

static void add_column(Insert *insert, InsertColumn column)
{
    size_t count = (size_t)insert->count;

    insert->columns = arena_grow(insert->scope->b->arena, insert->columns, count * sizeof column, (count + 1) * sizeof column);
    insert->columns[insert->count++] = column;
}

static void bind_columns(Insert *insert)
{
    const RelationDesc *table = insert->table;

    if (insert->stmt->cols == NULL) {
        for (int16_t i = 0; i < table->column_count; i++) {
            if (!table->columns[i].dropped)
                add_column(insert, (InsertColumn){(int16_t)(i + 1), NULL, -1});
        }
        return;
    }
    LIST_FOREACH(ResTarget, target, insert->stmt->cols)
    {
        int16_t number = find_table_column(table, target->name);

        if (number == 0)
            bind_error(SQLSTATE_UNDEFINED_COLUMN, target->node.location, "column \"%s\" of relation \"%s\" does not exist", target->name, table->head.name);
        for (int32_t i = 0; i < insert->count; i++) {
            /* several subscripts of one column are several parts of it */
            if (insert->columns[i].number == number && (target->indirection == NULL || insert->columns[i].indirection == NULL))
                bind_error(SQLSTATE_DUPLICATE_COLUMN, target->node.location, "column \"%s\" specified more than once", target->name);
        }
        add_column(insert, (InsertColumn){number, target->indirection, target->node.location});
    }
}

static void check_row_length(const Insert *insert, ExprList row)
{
    if (row.count > insert->count)
        bind_error(SQLSTATE_SYNTAX_ERROR, expr_location(row.items[insert->count]), "INSERT has more expressions than target columns");
    if (insert->stmt->cols != NULL && row.count < insert->count)
        bind_error(SQLSTATE_SYNTAX_ERROR, insert->columns[row.count].location, "INSERT has more target columns than expressions");
}

/* ---- sources ---------------------------------------------------------------------------------------------------------------------------- */

/* Each expression as a value of its column; DEFAULT stays EXPR_DEFAULT. */
static ExprList coerce_row(Insert *insert, ExprList row)
{
    check_row_length(insert, row);
    for (int32_t i = 0; i < row.count; i++)
        row.items[i] = bind_assignment(insert->scope, row.items[i], insert->table, insert->columns[i].number, insert->columns[i].indirection, CLAUSE_INSERT_TARGET,
                                       insert->columns[i].location);
    return row;
}

/* What a column gets that only DEFAULT is given. */
static bool only_default(const ColumnDesc *column, OverridingKind override)
{
    if (column->generated != 0)
        return true;
    if (column->identity == 0)
        return false;
    return override == OVERRIDING_USER_VALUE || (column->identity == 'a' && override != OVERRIDING_SYSTEM_VALUE);
}

static void refuse_value(const ColumnDesc *column)
{
    Error *err = error_new(SQLSTATE_GENERATED_ALWAYS, "cannot insert a non-DEFAULT value into column \"%s\"", column->name);

    if (column->generated != 0) {
        error_detail(err, "Column \"%s\" is a generated column.", column->name);
    } else {
        error_detail(err, "Column \"%s\" is an identity column defined as GENERATED ALWAYS.", column->name);
        error_hint(err, "Use OVERRIDING SYSTEM VALUE to override.");
    }
    error_raise(err);
}

/* A row's value after the rules for identity and generated columns; NULL: leave the column to its default. */
static Expr *allowed_value(const Insert *insert, const ColumnDesc *column, Expr *value)
{
    if (value->kind == EXPR_DEFAULT)
        return NULL;
    if (!only_default(column, insert->stmt->override))
        return value;
    if (column->generated == 0 && insert->stmt->override == OVERRIDING_USER_VALUE)
        return NULL;
    refuse_value(column);
    return NULL;
}

static void add_insert_target(Insert *insert, TargetList *list, int16_t number, Expr *value)
{
    const ColumnDesc *column = &insert->table->columns[number - 1];

    for (int32_t i = 0; i < list->count; i++) {
        /* another part of the same column: applied to what is there */
        if (list->items[i].attribute == number && value->kind == EXPR_SUBSCRIPT) {
            value = expr_shallow_copy(insert->scope->b->arena, value);
            value->subscript.container = list->items[i].expr;
            list->items[i].expr = value;
            return;
        }
        if (list->items[i].attribute == number && value->kind == EXPR_FIELD) {
            value = expr_shallow_copy(insert->scope->b->arena, value);
            value->unary.arg = list->items[i].expr;
            list->items[i].expr = value;
            return;
        }
    }
    add_target(insert->scope->b, list, value, column->name, false);
    list->items[list->count - 1].attribute = number;
}

static TargetList targets_of_row(Insert *insert, ExprList row)
{
    TargetList list = {0};

    for (int32_t i = 0; i < row.count; i++) {
        int16_t number = insert->columns[i].number;
        Expr   *value = allowed_value(insert, &insert->table->columns[number - 1], row.items[i]);

        if (value != NULL)
            add_insert_target(insert, &list, number, value);
    }
    return list;
}

static void take_only_range(Scope *scope, int32_t range)
{
    scope->query->from = ARENA_ARRAY(scope->b->arena, 1, JoinTree *);
    scope->query->from[0] = leaf_of(scope->b, range);
    scope->query->from_count = 1;
}

/* INSERT ... SELECT: the query as a range entry, its untyped literals as the targets themselves. */
static TargetList bind_from_select(Insert *insert, const Node *select)
{
    Scope   *scope = insert->scope;
    Query   *query = bind_subquery(scope, select, NULL, NULL, true);
    int32_t  range = add_subquery_range(scope, query, NULL, "*SELECT*", false, true), at = 0;
    ExprList row = {0};

    take_only_range(scope, range);
    for (int32_t i = 0; i < query->target_count; i++) {
        Expr *inner = query->targets[i].expr, *value;

        if (query->targets[i].junk)
            continue;
        at++;
        if (inner->type == TYPE_UNKNOWN && (inner->kind == EXPR_CONST || inner->kind == EXPR_PARAM)) {
            value = expr_copy(scope->b->arena, inner);
        } else {
            value = expr_column(scope->b->arena, scope->query, range, at);
            value->location = expr_location(inner);
        }
        row = expr_list_append(scope->b->arena, row, value);
    }
    row = coerce_row(insert, row);
    {
        /* what is untyped in there is not read any more; give it a type all the same */
        TargetList inner = {query->target_count, query->targets};

        for (int32_t i = 0; i < inner.count; i++) {
            if (inner.items[i].expr->type == TYPE_UNKNOWN && inner.items[i].expr->kind == EXPR_PARAM)
                inner.items[i].expr = expr_null(scope->b->arena, TYPE_TEXT, -1);
        }
        resolve_unknown_targets(scope, &inner);
        scope->query->ranges[range - 1]->columns = query_columns(scope->b, query, &scope->query->ranges[range - 1]->column_count);
    }
    return targets_of_row(insert, row);
}

/* VALUES of several rows: a range entry whose columns have the types of the table's. */
static TargetList bind_many_rows(Insert *insert, const SelectStmt *values)
{
    Scope    *scope = insert->scope;
    Binder   *b = scope->b;
    int32_t   count = list_count(values->values_lists), range, width = 0;
    ExprList *rows = ARENA_ARRAY_ZEROED(b->arena, (size_t)count, ExprList);
    TargetList targets = {0};

    for (int32_t i = 0; i < count; i++) {
        rows[i] = bind_expr_list(scope, (const NodeList *)list_at(values->values_lists, i), CLAUSE_VALUES, true);
        if (i == 0)
            width = rows[0].count;
        else if (rows[i].count != width)
            bind_error(SQLSTATE_SYNTAX_ERROR, node_location(list_at(values->values_lists, i)), "VALUES lists must all be the same length");
        check_row_length(insert, rows[i]);
    }
    for (int32_t i = 0; i < count; i++) {
        /* subscripted columns are put together above the VALUES: here each gets the part's own type */
        for (int32_t k = 0; k < width; k++) {
            const InsertColumn *target = &insert->columns[k];

            if (target->indirection == NULL)
                rows[i].items[k] = bind_assignment(scope, rows[i].items[k], insert->table, target->number, NULL, CLAUSE_INSERT_TARGET, target->location);
        }
    }
    for (int32_t k = 0; k < width; k++) {
        const InsertColumn *target = &insert->columns[k];
        const ColumnDesc   *column = &insert->table->columns[target->number - 1];

        for (int32_t i = 0; i < count; i++) {
            Expr *value = rows[i].items[k];

            if (target->indirection != NULL) {
                if (value->kind == EXPR_DEFAULT)
                    (void)bind_assignment(scope, value, insert->table, target->number, target->indirection, CLAUSE_INSERT_TARGET, target->location);
                continue;
            }
            if (value->kind != EXPR_DEFAULT)
                (void)allowed_value(insert, column, value); /* refuses what must be DEFAULT */
            if (value->kind == EXPR_DEFAULT && column->generated == 0)
                rows[i].items[k] = column_default(b, insert->table, target->number);
            else if (value->kind == EXPR_DEFAULT)
                rows[i].items[k] = expr_null(b->arena, type_base(b, column->type), column->typmod);
        }
        if (target->indirection != NULL) {
            ExprList whole = {0};
            Oid      type;

            for (int32_t i = 0; i < count; i++)
                whole = expr_list_append(b->arena, whole, rows[i].items[k]);
            type = common_type(scope, whole, "VALUES", NULL);
            for (int32_t i = 0; i < count; i++)
                rows[i].items[k] = coerce_to_common(scope, rows[i].items[k], type, "VALUES");
        }
    }
    range = add_values_range(scope, count, rows, NULL, true);
    take_only_range(scope, range);
    for (int32_t k = 0; k < width; k++) {
        const InsertColumn *target = &insert->columns[k];
        const ColumnDesc   *column = &insert->table->columns[target->number - 1];
        Expr               *value = expr_column(b->arena, scope->query, range, k + 1);

        if (column->generated != 0 || (column->identity != 0 && insert->stmt->override == OVERRIDING_USER_VALUE))
            continue;
        if (target->indirection != NULL)
            value = bind_assignment(scope, value, insert->table, target->number, target->indirection, CLAUSE_INSERT_TARGET, target->location);
        add_insert_target(insert, &targets, target->number, value);
    }
    return targets;
}

static TargetList bind_source(Insert *insert)
{
    const SelectStmt *select = (const SelectStmt *)insert->stmt->select_stmt;
    ExprList          row;

    if (select == NULL)
        return (TargetList){0};
    if (select->values_lists == NULL || select->sort_clause != NULL || select->limit_offset != NULL || select->limit_count != NULL ||
        select->locking_clause != NULL || select->with_clause != NULL)
        return bind_from_select(insert, &select->node);
    if (list_count(select->values_lists) > 1)
        return bind_many_rows(insert, select);
    row = bind_expr_list(insert->scope, (const NodeList *)list_at(select->values_lists, 0), CLAUSE_VALUES_SINGLE, true);
    return targets_of_row(insert, coerce_row(insert, row));
}

/* Every column in order, those not given with their defaults, then the generated ones. */
TargetList finish_insert_targets(Scope *scope, const RelationDesc *table, TargetList given, OverridingKind override)
{
    TargetList list = {0};

    (void)override;
    for (int16_t i = 1; i <= table->column_count; i++) {
        const ColumnDesc *column = &table->columns[i - 1];
        Expr             *value = NULL;

        if (column->dropped || column->generated != 0)
            continue;
        for (int32_t k = 0; k < given.count; k++) {
            if (given.items[k].attribute == i)
                value = given.items[k].expr;
        }
        if (value == NULL)
            value = column_default(scope->b, table, i);
        add_target(scope->b, &list, value, column->name, false);
        list.items[list.count - 1].attribute = i;
    }
    add_generated_columns(scope, table, &list, false);
    return list;
}

/* ---- ON CONFLICT --------------------------------------------------------------------------------------------------------------------------- */

typedef struct Inference {
    int32_t  column_count;
    int16_t *columns;
    ExprList exprs;
    Expr    *where;
} Inference;

static void bind_inference(Scope *scope, const RelationDesc *table, const InferClause *infer, Inference *inference)
{
    int32_t count = list_count(infer->index_elems);

    inference->columns = ARENA_ARRAY(scope->b->arena, (size_t)MAX(count, 1), int16_t);
    LIST_FOREACH(IndexElem, elem, infer->index_elems)
    {
        Expr *expr;

        if (elem->ordering != SORTBY_DEFAULT)
            bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, infer->node.location, "ASC/DESC is not allowed in ON CONFLICT clause");
        if (elem->nulls_ordering != SORTBY_NULLS_DEFAULT)
            bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, infer->node.location, "NULLS FIRST/LAST is not allowed in ON CONFLICT clause");
        if (elem->name != NULL) {
            int16_t number = find_table_column(table, elem->name);

            if (number == 0)
                bind_error(SQLSTATE_UNDEFINED_COLUMN, infer->node.location, "column \"%s\" does not exist", elem->name);
            inference->columns[inference->column_count++] = number;
            continue;
        }
        expr = bind_expr(scope, elem->expr, CLAUSE_INDEX_EXPRESSION);
        if (expr->kind == EXPR_COLUMN && expr->column.column > 0)
            inference->columns[inference->column_count++] = (int16_t)expr->column.column;
        else
            inference->exprs = expr_list_append(scope->b->arena, inference->exprs, expr);
    }
    inference->where = bind_where(scope, infer->where_clause, CLAUSE_INDEX_PREDICATE, "WHERE");
}

static bool expr_in(ExprList list, const Expr *expr)
{
    for (int32_t i = 0; i < list.count; i++) {
        if (expr_equal(list.items[i], expr))
            return true;
    }
    return false;
}

/* Is what the predicate says among the conditions? */
static bool implies(const Expr *where, const Expr *predicate)
{
    if (where == NULL)
        return false;
    if (expr_equal(where, predicate))
        return true;
    if (predicate->kind == EXPR_AND) {
        for (int32_t i = 0; i < predicate->list.args.count; i++) {
            if (!implies(where, predicate->list.args.items[i]))
                return false;
        }
        return true;
    }
    for (int32_t i = 0; where->kind == EXPR_AND && i < where->list.args.count; i++) {
        if (expr_equal(where->list.args.items[i], predicate))
            return true;
    }
    return false;
}

static bool index_matches(Scope *scope, const IndexDesc *index, const Inference *inference, int32_t range)
{
    ExprList exprs = {0};
    bool     matches = index->unique;
    int32_t  columns = 0;

    for (int16_t i = 0; matches && i < index->key_count; i++) {
        if (index->columns[i].column != 0) {
            bool there = false;

            for (int32_t k = 0; k < inference->column_count; k++)
                there |= inference->columns[k] == index->columns[i].column;
            matches = there;
            columns++;
        } else {
            Expr *expr = deserialize_expr(scope->b->session, scope->b->arena, index->columns[i].expr);

            expr_shift_ranges(expr, range - 1, 0);
            exprs = expr_list_append(scope->b->arena, exprs, expr);
            matches = expr_in(inference->exprs, expr);
        }
    }
    for (int32_t k = 0; matches && k < inference->column_count; k++) {
        bool there = false;

        for (int16_t i = 0; i < index->key_count; i++)
            there |= index->columns[i].column == inference->columns[k];
        matches = there;
    }
    for (int32_t k = 0; matches && k < inference->exprs.count; k++)
        matches = expr_in(exprs, inference->exprs.items[k]);
    if (matches && index->predicate.size > 0) {
        Expr *predicate = deserialize_expr(scope->b->session, scope->b->arena, index->predicate);

        expr_shift_ranges(predicate, range - 1, 0);
        matches = implies(inference->where, predicate);
    }
    return matches;
}

static void find_arbiters(Scope *scope, const RelationDesc *table, const InferClause *infer, OnConflict *conflict)
{
    Inference inference = {0};
    Oid      *arbiters = ARENA_ARRAY(scope->b->arena, (size_t)MAX(table->index_count, 1), Oid);

    conflict->arbiters = arbiters;
    if (infer->conname != NULL) {
        for (int16_t i = 0; i < table->constraint_count; i++) {
            const ConstraintDesc *constraint = &table->constraints[i];

            if (strcmp(constraint->name, infer->conname) != 0)
                continue;
            if (constraint->index == 0 || constraint->kind == CONSTRAINT_FOREIGN)
                raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "constraint in ON CONFLICT clause has no associated index");
            arbiters[conflict->arbiter_count++] = constraint->index;
            return;
        }
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", infer->conname, table->head.name);
    }
    bind_inference(scope, table, infer, &inference);
    for (int16_t i = 0; i < table->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(scope->b->session, scope->b->arena, table->indexes[i]);

        if (index == NULL || index->index == NULL || !index_matches(scope, index->index, &inference, scope->target_range))
            continue;
        binder_depend(scope->b, &index->head);
        arbiters[conflict->arbiter_count++] = index->head.oid;
    }
    if (conflict->arbiter_count == 0)
        raise_error(SQLSTATE_INVALID_COLUMN_REFERENCE, "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

static void bind_on_conflict(Insert *insert, const OnConflictClause *clause, NameItem *target)
{
    Scope      *scope = insert->scope;
    OnConflict *conflict = ARENA_NEW(scope->b->arena, OnConflict);
    RangeEntry *entry;
    NameItem   *excluded;

    scope->query->on_conflict = conflict;
    conflict->do_update = clause->action == ONCONFLICT_UPDATE;
    if (conflict->do_update && clause->infer == NULL)
        bind_error_hint(SQLSTATE_SYNTAX_ERROR, clause->node.location, "For example, ON CONFLICT (column_name).",
                        "ON CONFLICT DO UPDATE requires inference specification or constraint name");
    add_name_item(scope, target);
    if (clause->infer != NULL)
        find_arbiters(scope, insert->table, clause->infer, conflict);
    if (conflict->do_update) {
        Alias      alias = {.aliasname = "excluded"};
        TargetList sets;

        conflict->excluded_range = add_table_range(scope, insert->table, &alias, false, -1);
        entry = scope->query->ranges[conflict->excluded_range - 1];
        excluded = name_item_new(scope->b, "excluded", conflict->excluded_range, entry);
        excluded->columns_visible = false;
        add_name_item(scope, excluded);
        sets = bind_update_targets(scope, clause->target_list, insert->table, scope->target_range, CLAUSE_UPDATE_SOURCE);
        conflict->sets = sets.items;
        conflict->set_count = sets.count;
        conflict->where = bind_where(scope, clause->where_clause, CLAUSE_WHERE, "WHERE");
    }
    scope->names = (NameList){0};
}

/* ---- the statement ------------------------------------------------------------------------------------------------------------------------- */

Query *bind_insert(Scope *scope, const InsertStmt *stmt)
{
    Insert      insert = {.scope = scope, .stmt = stmt};
    Query      *query = scope->query;
    NameItem   *target;
    TargetList  targets;

    if (stmt->with_clause != NULL)
        bind_with(scope, stmt->with_clause);
    insert.table = open_target(scope, stmt->relation, "insert into");
    scope->target_range = add_table_range(scope, insert.table, stmt->relation->alias, false, stmt->relation->node.location);
    query->result_range = scope->target_range;
    query->overriding_system_value = stmt->override == OVERRIDING_SYSTEM_VALUE;
    query->overriding_user_value = stmt->override == OVERRIDING_USER_VALUE;
    bind_columns(&insert);
    targets = bind_source(&insert);
    targets = finish_insert_targets(scope, insert.table, targets, stmt->override);
    query->targets = targets.items;
    query->target_count = targets.count;
    target = name_item_new(scope->b, query->ranges[scope->target_range - 1]->alias, scope->target_range, query->ranges[scope->target_range - 1]);
    target->schema_name = stmt->relation->alias == NULL ? schema_name_of(scope->b, insert.table->head.parent) : NULL;
    if (stmt->on_conflict_clause != NULL)
        bind_on_conflict(&insert, stmt->on_conflict_clause, target);
    add_name_item(scope, target);
    bind_returning(scope, stmt->returning_list);
    return scope_close(scope);
}
