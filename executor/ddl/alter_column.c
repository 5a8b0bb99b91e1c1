/*
 * alter_column.c - ALTER TABLE ADD COLUMN and ALTER COLUMN TYPE.
 */
#include "executor/ddl/alter_table.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/exec/eval.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"
#include "parser/parser.h"
#include "storage/table/row_layout.h"

/* ---- ADD COLUMN --------------------------------------------------------------------------------------------------------------------- */

static bool has_constraint(const ColumnDef *def, ConstrType type)
{
    LIST_FOREACH(Constraint, constraint, def->constraints) {
        if (constraint->contype == type)
            return true;
    }
    return false;
}

/* Rows written before the column was added have this value: nothing is rewritten. */
static void set_missing_value(Alter *alter, ColumnDesc *column, const Expr *value)
{
    Ddl          *ddl = alter->ddl;
    Batch         one_row = {.row_count = 1, .count = 1};
    Expr         *exprs[1] = {(Expr *)value};
    RowEvaluator *evaluator = row_evaluator_new(ddl->session, ddl->arena, exprs, 1);
    Vector       *result = row_evaluator_run(evaluator, 0, &one_row, ddl->arena);
    size_t        size;
    uint8_t      *packed;

    if (!vector_is_valid(result, 0))
        return;
    size = row_value_packed_bytes(column->phys, vector_element(result, 0));
    packed = arena_alloc(ddl->arena, size);
    row_value_pack(column->phys, vector_element(result, 0), packed);
    column->missing_value = slice_of(packed, size);
}

void alter_add_column(Alter *alter, const ColumnDef *def, bool missing_ok)
{
    Ddl        *ddl = alter->ddl;
    ColumnDesc *column;
    Expr       *value;
    int16_t     number;

    if (missing_ok && ddl_find_column(alter->rel, def->colname) != NULL) {
        ddl_notice(ddl, SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" of relation \"%s\" already exists, skipping", def->colname, alter->rel->head.name);
        return;
    }
    column = build_column(&alter->build, def);
    number = column->number;
    if (column->group != COLUMN_GROUP_MAIN)
        alter->rewrite = true; /* a group of its own: its storage is made by the rewrite */
    build_finish(&alter->build);
    column = (ColumnDesc *)&alter->rel->columns[number - 1];
    if (column->default_expr.size == 0 && column->identity == 0) {
        if (column->not_null && !has_constraint(def, CONSTR_PRIMARY))
            alter_test_not_null(alter, column->name);
        return;
    }
    if (column->generated != 0) {
        alter->rewrite = true;
        return;
    }
    value = analyze_column_default(ddl->session, ddl->arena, alter->rel, number);
    if (expr_is_volatile(value) || expr_contains(value, EXPR_NEXTVAL)) {
        alter_set_value(alter, number, value);
        alter->rewrite = true;
    } else {
        set_missing_value(alter, column, value);
        alter_set_value(alter, number, value);
        if (column->not_null && column->missing_value.size == 0)
            alter_test_not_null(alter, column->name);
    }
}

/* ---- ALTER COLUMN TYPE --------------------------------------------------------------------------------------------------------------- */

/* Views over the column, and generated columns made from it, stand in the way. */
static void refuse_dependents(Alter *alter, const ColumnDesc *column)
{
    Ddl               *ddl = alter->ddl;
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, 0, &count);

    for (int i = 0; i < count; i++) {
        const RelationDesc *rel = (const RelationDesc *)list[i];

        if (rel->relkind != 'v' && rel->relkind != 'm')
            continue;
        for (int32_t k = 0; k < rel->dependency_count; k++) {
            Error *err;

            if (rel->dependencies[k].oid != alter->rel->head.oid || rel->dependencies[k].sub != column->number)
                continue;
            err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "cannot alter type of a column used by a view or rule");
            error_detail(err, "rule _RETURN on %s %s depends on column \"%s\"", ddl_relkind_name(rel->relkind), ddl_display_name(ddl, &rel->head), column->name);
            error_raise(err);
        }
    }
    for (int16_t i = 0; i < alter->rel->column_count; i++) {
        const ColumnDesc *other = &alter->rel->columns[i];
        const Dependency *deps;
        int32_t           dep_count;

        if (other->generated == 0 || other->dropped || other->number == column->number)
            continue;
        deps = serialize_dependencies_of_expr(ddl->arena, deserialize_expr(ddl->session, ddl->arena, other->default_expr), alter->rel->head.oid, &dep_count);
        for (int32_t k = 0; k < dep_count; k++) {
            if (deps[k].oid == alter->rel->head.oid && deps[k].sub == column->number) {
                Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "cannot alter type of a column used by a generated column");

                error_detail(err, "Column \"%s\" is used by generated column \"%s\".", column->name, other->name);
                error_raise(err);
            }
        }
    }
}

static Expr *new_value(Alter *alter, const ColumnDesc *column, const AlterColumnType *change, Oid type, int32_t typmod)
{
    Ddl              *ddl = alter->ddl;
    const ColumnDesc *was = &alter->old->columns[column->number - 1];
    Expr             *value;
    Expr             *coerced;

    if (change->using_expr != NULL) {
        ExpressionContext context = {.use = EXPRESSION_ALTER_TYPE, .relation = alter->old, .column = column->name, .typmod = -1};

        value = analyze_expression(ddl->session, ddl->arena, change->using_expr, &context);
    } else {
        value = expr_new(ddl->arena, EXPR_COLUMN, was->type, -1);
        value->typmod = was->typmod;
        value->collation = was->collation;
        value->column.relation = 1;
        value->column.column = column->number;
    }
    coerced = coerce_to(ddl->session, ddl->arena, value, type, typmod);
    if (coerced == NULL && change->using_expr != NULL) {
        Error *err = error_new(SQLSTATE_DATATYPE_MISMATCH, "result of USING clause for column \"%s\" cannot be cast automatically to type %s", column->name,
                               deparse_type(ddl->session, ddl->arena, type, -1));

        error_hint(err, "You might need to add an explicit cast.");
        error_raise(err);
    }
    if (coerced == NULL) {
        Error *err = error_new(SQLSTATE_DATATYPE_MISMATCH, "column \"%s\" cannot be cast automatically to type %s", column->name,
                               deparse_type(ddl->session, ddl->arena, type, -1));

        if (column->generated == 0)
            error_hint(err, "You might need to specify \"USING %s::%s\".", ddl_quote(ddl->arena, column->name), deparse_type(ddl->session, ddl->arena, type, typmod));
        error_raise(err);
    }
    return coerced;
}

/* Whether stored bytes of the column serve as they are. */
static bool same_bytes(const Expr *value, const ColumnDesc *was, Oid type, int32_t typmod)
{
    while (value->kind == EXPR_RELABEL)
        value = value->unary.arg;
    if (value->kind == EXPR_COLUMN)
        return value->column.column == was->number;
    if (value->kind == EXPR_COERCE_TYPMOD && type == TYPE_VARCHAR && (was->type == TYPE_VARCHAR) && was->typmod >= 0 && typmod >= was->typmod)
        return value->unary.arg->kind == EXPR_COLUMN;
    return false;
}

/* Stored expressions over the column are bound anew from their text, now that its type is another. */
static void rebind_expressions(Alter *alter, int16_t number)
{
    Ddl          *ddl = alter->ddl;
    RelationDesc *rel = alter->rel;

    for (int16_t i = 0; i < rel->constraint_count; i++) {
        ConstraintDesc   *constraint = (ConstraintDesc *)&rel->constraints[i];
        ExpressionContext context = {.use = EXPRESSION_CHECK, .relation = rel, .type = TYPE_BOOL, .typmod = -1};
        bool              uses = false;

        for (int16_t k = 0; k < constraint->column_count; k++)
            uses |= constraint->columns[k] == number;
        if (!uses || constraint->kind != CONSTRAINT_CHECK)
            continue;
        constraint->check_expr = store_expression(ddl, rel, analyze_expression(ddl->session, ddl->arena,
                                                  parse_expression(ddl->arena, slice_from_cstring(constraint->check_text)), &context), &constraint->check_text);
    }
    for (int16_t i = 0; i < rel->index_count; i++) {
        const RelationDesc *found = ddl_relation_by_oid(ddl, rel->indexes[i]);
        RelationDesc       *index = found == NULL ? NULL : ddl_edit(ddl, found);

        for (int16_t k = 0; index != NULL && k < index->index->column_count; k++) {
            IndexColumnDesc  *key = (IndexColumnDesc *)&index->index->columns[k];
            ExpressionContext context = {.use = EXPRESSION_INDEX, .relation = rel, .typmod = -1};
            const TypeInfo   *info;

            if (key->column == number) {
                key->type = rel->columns[number - 1].type;
                key->typmod = rel->columns[number - 1].typmod;
                key->collation = rel->columns[number - 1].collation;
            } else if (key->column == 0) {
                Expr *expr = analyze_expression(ddl->session, ddl->arena, parse_expression(ddl->arena, slice_from_cstring(key->expr_text)), &context);

                key->expr = store_expression_of(ddl, index, rel, expr, &key->expr_text);
                key->type = expr->type;
                key->typmod = expr->typmod;
            } else {
                continue;
            }
            info = type_lookup(ddl->session, ddl->arena, key->type);
            if (k < index->index->key_count && (info == NULL || info->encode_key == NULL))
                raise_error(SQLSTATE_UNDEFINED_OBJECT, "data type %s has no default operator class for access method \"btree\"",
                            deparse_type(ddl->session, ddl->arena, key->type, -1));
            key->key_exact = k < index->index->key_count && info->key_exact;
            ((ColumnDesc *)index->columns)[k].type = key->type;
            ((ColumnDesc *)index->columns)[k].typmod = key->typmod;
            ((ColumnDesc *)index->columns)[k].phys = info->phys;
        }
        if (index != NULL && index->index->predicate.size > 0) {
            ExpressionContext context = {.use = EXPRESSION_INDEX_PREDICATE, .relation = rel, .type = TYPE_BOOL, .typmod = -1};

            index->index->predicate = store_expression_of(ddl, index, rel,
                analyze_expression(ddl->session, ddl->arena, parse_expression(ddl->arena, slice_from_cstring(index->index->predicate_text)), &context),
                &index->index->predicate_text);
        }
    }
}

void alter_column_type(Alter *alter, const char *name, const AlterColumnType *change)
{
    Ddl              *ddl = alter->ddl;
    ColumnDesc       *column = ddl_need_column(alter->rel, name);
    const ColumnDesc *was;
    int32_t           typmod = -1;
    Oid               type = analyze_type(ddl->session, ddl->arena, change->type_name, &typmod);
    const TypeInfo   *info = type_lookup(ddl->session, ddl->arena, type);
    Expr             *value;

    if (column->number > alter->old->column_count)
        ddl_not_supported("changing the type of a column added by the same statement");
    if (info == NULL || info->kind == 'p')
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "column \"%s\" has pseudo-type %s", name, deparse_type(ddl->session, ddl->arena, type, -1));
    was = &alter->old->columns[column->number - 1];
    refuse_dependents(alter, column);
    value = alter->rel->relkind == 'r' ? new_value(alter, column, change, type, typmod) : NULL;
    if (column->default_expr.size > 0 && column->generated == 0) {
        Expr *def = coerce_to(ddl->session, ddl->arena, deserialize_expr(ddl->session, ddl->arena, column->default_expr), type, typmod);

        if (def == NULL)
            raise_error(SQLSTATE_DATATYPE_MISMATCH, "default for column \"%s\" cannot be cast automatically to type %s", name,
                        deparse_type(ddl->session, ddl->arena, type, -1));
        column->default_expr = store_expression(ddl, alter->rel, def, &column->default_text);
    }
    column->type = type;
    column->typmod = typmod;
    column->phys = info->phys;
    column->collation = build_collation(ddl, change->coll_clause, type);
    column->array_dimensions = list_count(change->type_name->array_bounds);
    rebind_expressions(alter, column->number);
    if (value == NULL || same_bytes(value, was, type, typmod))
        return;
    column->missing_value = (Slice){0};
    if (was->group != COLUMN_GROUP_MAIN && (type != TYPE_VECTOR || typmod <= 0))
        ddl_not_supported("changing a vector column to a type of another width");
    if (was->group != COLUMN_GROUP_MAIN) {
        ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)alter->rel->group_count, ColumnGroupDesc);

        ddl_copy(groups, alter->rel->groups, sizeof *groups * (size_t)alter->rel->group_count);
        groups[was->group].fixed_bytes = (uint32_t)typmod * 4;
        alter->rel->groups = groups;
    }
    alter_set_value(alter, column->number, value);
    alter->rewrite = alter->reindex = true;
}
