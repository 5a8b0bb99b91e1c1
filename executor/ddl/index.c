/*
 * index.c - CREATE INDEX: descriptors of ordered indexes.
 */
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/expr_tree.h"

static IndexMethod method_of(const char *name)
{
    if (name == NULL || strcmp(name, "btree") == 0)
        return INDEX_ORDERED;
    if (strcmp(name, "hash") == 0)
        return INDEX_ORDERED; /* whatever a hash index answers, an ordered one does */
    if (strcmp(name, "gin") == 0 || strcmp(name, "gist") == 0 || strcmp(name, "spgist") == 0 || strcmp(name, "brin") == 0 ||
        strcmp(name, "hnsw") == 0 || strcmp(name, "ivfflat") == 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "access method \"%s\" is not supported yet", name);
    raise_error(SQLSTATE_UNDEFINED_OBJECT, "access method \"%s\" does not exist", name);
}

/* The name that an index's column takes from its expression, as PostgreSQL's FigureIndexColname gives it; NULL: "expr". */
static const char *name_of_expression(const Node *node)
{
    if (node == NULL)
        return NULL;
    switch (node->tag) {
    case NODE_COLUMN_REF: {
        const NodeList *fields = ((const ColumnRef *)node)->fields;

        return list_last(fields)->tag == NODE_STRING ? string_at(fields, list_count(fields) - 1) : NULL;
    }
    case NODE_A_INDIRECTION: {
        const NodeList *steps = ((const A_Indirection *)node)->indirection;

        for (int32_t i = list_count(steps) - 1; i >= 0; i--) {
            if (list_at(steps, i)->tag == NODE_STRING)
                return string_at(steps, i);
        }
        return name_of_expression(((const A_Indirection *)node)->arg);
    }
    case NODE_FUNC_CALL:
        return string_at(((const FuncCall *)node)->funcname, list_count(((const FuncCall *)node)->funcname) - 1);
    case NODE_A_EXPR:
        return ((const A_Expr *)node)->kind == AEXPR_NULLIF ? "nullif" : NULL;
    case NODE_TYPE_CAST: {
        const char     *name = name_of_expression(((const TypeCast *)node)->arg);
        const NodeList *names = ((const TypeCast *)node)->type_name->names;

        return name != NULL ? name : string_at(names, list_count(names) - 1);
    }
    case NODE_COLLATE_CLAUSE:
        return name_of_expression(((const CollateClause *)node)->arg);
    case NODE_COALESCE_EXPR:
        return "coalesce";
    case NODE_MIN_MAX_EXPR:
        return ((const MinMaxExpr *)node)->op == IS_GREATEST ? "greatest" : "least";
    case NODE_CASE_EXPR:
        return "case";
    case NODE_A_ARRAY_EXPR:
        return "array";
    case NODE_ROW_EXPR:
        return "row";
    default:
        return NULL;
    }
}

static const char *unique_column_name(Ddl *ddl, const IndexColumnDesc *columns, int16_t count, const char *wanted)
{
    const char *name = wanted;

    for (int pass = 1;; pass++) {
        bool taken = false;

        for (int16_t i = 0; i < count && !taken; i++)
            taken = strcmp(columns[i].name, name) == 0;
        if (!taken)
            return name;
        name = arena_printf(ddl->arena, "%.*s%d", NAME_MAX_BYTES - 10, wanted, pass);
    }
}

static void check_orderable(Ddl *ddl, const IndexColumnDesc *column, const IndexElem *element, const TypeInfo *info)
{
    if (info != NULL && info->encode_key != NULL && info->compare != NULL)
        return;
    if (element->opclass == NULL) {
        Error *err = error_new(SQLSTATE_UNDEFINED_OBJECT, "data type %s has no default operator class for access method \"btree\"",
                               deparse_type(ddl->session, ddl->arena, column->type, -1));

        error_hint(err, "You must specify an operator class for the index or define a default operator class for the data type.");
        error_raise(err);
    }
    raise_error(SQLSTATE_DATATYPE_MISMATCH, "operator class \"%s\" does not accept data type %s",
                string_at(element->opclass, list_count(element->opclass) - 1), deparse_type(ddl->session, ddl->arena, column->type, -1));
}

static void set_expression(Ddl *ddl, RelationDesc *table, RelationDesc *index, IndexColumnDesc *column, const IndexElem *element)
{
    ExpressionContext context = {.use = EXPRESSION_INDEX, .relation = table, .typmod = -1};
    Expr             *expr = analyze_expression(ddl->session, ddl->arena, element->expr, &context);

    if (expr->kind == EXPR_COLUMN && expr->column.column > 0) { /* PG15: ((a)) is the column */
        column->column = (int16_t)expr->column.column;
    } else {
        column->expr = store_expression_of(ddl, index, table, expr, &column->expr_text);
    }
    column->type = expr->type;
    column->typmod = expr->typmod;
    column->collation = expr->collation;
}

static void set_key(Ddl *ddl, RelationDesc *table, RelationDesc *index, IndexColumnDesc *columns, int16_t at, const IndexElem *element)
{
    IndexColumnDesc  *column = &columns[at];
    const ColumnDesc *plain = NULL;
    const TypeInfo   *info;

    if (element->name != NULL) {
        plain = ddl_find_column(table, element->name);
        if (plain == NULL) {
            Error *err = error_new(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" does not exist", element->name);

            error_position(err, element->node.location);
            error_raise(err);
        }
        column->column = plain->number;
        column->type = plain->type;
        column->typmod = plain->typmod;
        column->collation = plain->collation;
    } else {
        set_expression(ddl, table, index, column, element);
    }
    if (element->collation != NULL)
        column->collation = analyze_collation(element->collation, element->node.location);
    column->name = unique_column_name(ddl, columns, at, column->column > 0 ? table->columns[column->column - 1].name
                                                        : name_of_expression(element->expr) != NULL ? name_of_expression(element->expr)
                                                                                                    : "expr");
    column->name = arena_strdup(ddl->arena, column->name);
    info = type_lookup(ddl->session, ddl->arena, column->type);
    check_orderable(ddl, column, element, info);
    column->key_exact = info->key_exact;
    column->descending = element->ordering == SORTBY_DESC;
    column->nulls_first = element->nulls_ordering == SORTBY_NULLS_FIRST ||
                          (element->nulls_ordering == SORTBY_NULLS_DEFAULT && column->descending);
}

static void set_included(Ddl *ddl, RelationDesc *table, IndexColumnDesc *columns, int16_t at, const IndexElem *element)
{
    const ColumnDesc *plain;

    if (element->name == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "expressions are not supported in included columns");
    plain = ddl_find_column(table, element->name);
    if (plain == NULL)
        raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" does not exist", element->name);
    columns[at] = (IndexColumnDesc){
        .column = plain->number, .type = plain->type, .typmod = plain->typmod, .collation = plain->collation, .key_exact = false,
    };
    columns[at].name = arena_strdup(ddl->arena, unique_column_name(ddl, columns, at, plain->name));
}

/* a_b of t_a_b_idx. */
static const char *columns_in_name(Ddl *ddl, const IndexDesc *index)
{
    StrBuf names;

    strbuf_init(&names, ddl->arena);
    for (int16_t i = 0; i < index->column_count && names.size < NAME_MAX_BYTES; i++)
        strbuf_printf(&names, "%s%s", i > 0 ? "_" : "", index->columns[i].name);
    return strbuf_cstring(&names);
}

static void choose_name(Ddl *ddl, const RelationDesc *table, RelationDesc *index, const IndexSpec *spec)
{
    if (spec->primary)
        index->head.name = ddl_choose_relation_name(ddl, table->head.name, NULL, "pkey", table->head.parent);
    else
        index->head.name = ddl_choose_relation_name(ddl, table->head.name, columns_in_name(ddl, index->index), spec->constraint ? "key" : "idx",
                                                    table->head.parent);
}

static ColumnDesc *index_attributes(Ddl *ddl, const IndexDesc *index)
{
    ColumnDesc *columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)index->column_count, ColumnDesc);

    for (int16_t i = 0; i < index->column_count; i++) {
        const IndexColumnDesc *key = &index->columns[i];
        const TypeInfo        *info = type_lookup(ddl->session, ddl->arena, key->type);

        columns[i] = (ColumnDesc){
            .name = key->name, .number = (int16_t)(i + 1), .type = key->type, .typmod = key->typmod,
            .collation = key->collation, .phys = info->phys, .statistics_target = -1,
        };
    }
    return columns;
}

RelationDesc *build_index(Ddl *ddl, RelationDesc *table, const IndexSpec *spec)
{
    RelationDesc    *index = ARENA_NEW(ddl->arena, RelationDesc);
    int32_t          keys = list_count(spec->params);
    int32_t          included = list_count(spec->including);
    IndexColumnDesc *columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)(keys + included), IndexColumnDesc);
    ColumnGroupDesc *group = ARENA_NEW(ddl->arena, ColumnGroupDesc);
    const Desc      *taken;

    if (keys > 32 || keys + included > 32)
        raise_error(SQLSTATE_TOO_MANY_COLUMNS, "cannot use more than %d columns in an index", 32);
    index->head = (Desc){.kind = DESC_RELATION, .database = table->head.database, .parent = table->head.parent, .owner = table->head.owner};
    index->relkind = 'i';
    index->persistence = table->persistence;
    index->replica_identity = 'n';
    index->options = ddl_options_text(ddl, spec->options);
    index->index = ARENA_NEW(ddl->arena, IndexDesc);
    index->index->method = method_of(spec->method);
    index->index->state = INDEX_READY;
    index->index->table = table->head.oid;
    index->index->unique = spec->unique;
    index->index->primary = spec->primary;
    index->index->nulls_not_distinct = spec->nulls_not_distinct;
    index->index->immediate = true;
    index->index->columns = columns;
    if (spec->unique && spec->method != NULL && strcmp(spec->method, "hash") == 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "access method \"%s\" does not support unique indexes", spec->method);
    LIST_FOREACH(IndexElem, element, spec->params) {
        set_key(ddl, table, index, columns, (int16_t)element_index, element);
    }
    LIST_FOREACH(IndexElem, element, spec->including) {
        set_included(ddl, table, columns, (int16_t)(keys + element_index), element);
    }
    index->index->key_count = (int16_t)keys;
    index->index->column_count = (int16_t)(keys + included);
    if (spec->where != NULL) {
        ExpressionContext context = {.use = EXPRESSION_INDEX_PREDICATE, .relation = table, .type = TYPE_BOOL, .typmod = -1};
        Expr             *test = analyze_expression(ddl->session, ddl->arena, spec->where, &context);

        index->index->predicate = store_expression_of(ddl, index, table, test, &index->index->predicate_text);
    }
    if (spec->name != NULL) {
        taken = store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, table->head.parent, spec->name);
        if (taken != NULL && spec->if_not_exists) {
            ddl_notice(ddl, SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping", spec->name);
            return NULL;
        }
        if (taken != NULL)
            raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", spec->name);
        index->head.name = arena_strdup(ddl->arena, spec->name);
    } else {
        choose_name(ddl, table, index, spec);
    }
    index->head.oid = store_new_oid(ddl->session);
    index->columns = index_attributes(ddl, index->index);
    index->column_count = index->index->column_count;
    group->storage_id = store_new_storage_id(ddl->session);
    index->groups = group;
    index->group_count = 1;
    ddl_append_dependency(ddl, index, (Dependency){DESC_RELATION, table->head.oid, 0, 'a'});
    ddl_append_index(ddl, table, index->head.oid);
    ddl_new_relation(ddl, index);
    store_index_create(ddl->session, index);
    return index;
}

const char *ddl_create_index(Ddl *ddl, const IndexStmt *stmt)
{
    const RelationDesc *found = ddl_relation(ddl, stmt->relation, false);
    IndexSpec           spec = {
        .name = stmt->idxname, .method = stmt->access_method, .params = stmt->index_params, .including = stmt->index_including_params,
        .where = stmt->where_clause, .options = stmt->options, .unique = stmt->unique, .nulls_not_distinct = stmt->nulls_not_distinct,
        .if_not_exists = stmt->if_not_exists,
    };
    RelationDesc *table;
    RelationDesc *index;

    if (stmt->concurrent && ddl->session->state != TRANSACTION_IDLE)
        raise_error(SQLSTATE_ACTIVE_SQL_TRANSACTION, "%s cannot run inside a transaction block", "CREATE INDEX CONCURRENTLY");
    if ((found->relkind != 'r' && found->relkind != 'm') || found->group_count == 0) {
        Error *err = error_new(SQLSTATE_WRONG_OBJECT_TYPE, "cannot create index on relation \"%s\"", found->head.name);

        if (found->relkind != 'r')
            error_detail(err, "This operation is not supported for %ss.", ddl_relkind_name(found->relkind));
        error_raise(err);
    }
    ddl_check_owner(ddl, &found->head, ddl_relkind_name(found->relkind));
    store_lock_relation(ddl->session, found->head.oid, TABLE_LOCK_SHARE);
    found = ddl_relation_by_oid(ddl, found->head.oid); /* it may have changed while we waited */
    if (found == NULL)
        raise_error(SQLSTATE_UNDEFINED_TABLE, "relation \"%s\" does not exist", stmt->relation->relname);
    table = ddl_edit(ddl, found);
    index = build_index(ddl, table, &spec);
    if (index != NULL)
        fill_index(ddl, table, index);
    return "CREATE INDEX";
}
