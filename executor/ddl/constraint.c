/*
 * constraint.c - defaults, checks, keys and foreign keys of a table being made or altered.
 */
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/expr_tree.h"

static void remember(TableBuild *build, const char *name)
{
    if (build->check_count == build->check_capacity) {
        int32_t wider = build->check_capacity == 0 ? 8 : build->check_capacity * 2;

        build->checks = arena_grow(build->ddl->arena, build->checks, sizeof *build->checks * (size_t)build->check_capacity,
                                   sizeof *build->checks * (size_t)wider);
        build->check_capacity = wider;
    }
    build->checks[build->check_count++] = name;
}

/* ---- defaults -------------------------------------------------------------------------------------------------------------- */

static void set_default(TableBuild *build, const Constraint *constraint, ColumnDesc *column)
{
    ExpressionContext context = {
        .use = constraint->contype == CONSTR_GENERATED ? EXPRESSION_GENERATED : EXPRESSION_DEFAULT,
        .relation = constraint->contype == CONSTR_GENERATED ? build->rel : NULL,
        .column = column->name,
        .type = column->type,
        .typmod = column->typmod,
    };
    Expr *expr;

    if (column->default_expr.size > 0 || column->identity != 0) {
        const char *what = column->identity != 0                                                      ? "both default and identity"
                           : (column->generated != 0) != (constraint->contype == CONSTR_GENERATED) ? "both default and generation expression"
                                                                                                     : "multiple default values";
        Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "%s specified for column \"%s\" of table \"%s\"", what, column->name,
                               build->rel->head.name);

        error_position(err, constraint->node.location);
        error_raise(err);
    }
    expr = analyze_expression(build->ddl->session, build->ddl->arena, constraint->raw_expr, &context);
    if (constraint->contype == CONSTR_DEFAULT && expr->kind == EXPR_CONST && expr->constant.is_null)
        return; /* PG15: DEFAULT NULL is no default */
    column->default_expr = store_expression(build->ddl, build->rel, expr, &column->default_text);
    if (constraint->contype == CONSTR_GENERATED)
        column->generated = 's';
}

static void set_nextval(TableBuild *build, ColumnDesc *column, const RelationDesc *sequence)
{
    Expr *expr = expr_new(build->ddl->arena, EXPR_NEXTVAL, TYPE_INT8, -1);
    Expr *cast;

    expr->nextval.sequence = sequence->head.oid;
    cast = column->type == TYPE_INT8 ? expr : coerce_to(build->ddl->session, build->ddl->arena, expr, column->type, -1);
    ddl_append_dependency(build->ddl, build->rel, (Dependency){DESC_RELATION, sequence->head.oid, 0, 'n'});
    column->default_expr = store_expression(build->ddl, build->rel, cast, &column->default_text);
}

static void keep_sequence(TableBuild *build, RelationDesc *sequence)
{
    if (build->sequence_count == build->sequence_capacity) {
        int32_t wider = build->sequence_capacity == 0 ? 4 : build->sequence_capacity * 2;

        build->sequences = arena_grow(build->ddl->arena, build->sequences, sizeof *build->sequences * (size_t)build->sequence_capacity,
                                      sizeof *build->sequences * (size_t)wider);
        build->sequence_capacity = wider;
    }
    build->sequences[build->sequence_count++] = sequence;
}

static void set_serial(TableBuild *build, ColumnDesc *column)
{
    RelationDesc *sequence;

    if (column->default_expr.size > 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "multiple default values specified for column \"%s\" of table \"%s\"", column->name,
                    build->rel->head.name);
    sequence = build_owned_sequence(build->ddl, build->rel, column->name, column->type, NULL, 'a');
    keep_sequence(build, sequence);
    set_nextval(build, ddl_find_column(build->rel, column->name), sequence);
}

static void set_identity(TableBuild *build, const Constraint *constraint, ColumnDesc *column)
{
    if (column->type != TYPE_INT2 && column->type != TYPE_INT4 && column->type != TYPE_INT8)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "identity column type must be smallint, integer, or bigint");
    if (column->identity != 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "multiple identity specifications for column \"%s\" of table \"%s\"", column->name,
                    build->rel->head.name);
    if (column->default_expr.size > 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "both default and identity specified for column \"%s\" of table \"%s\"", column->name,
                    build->rel->head.name);
    keep_sequence(build, build_owned_sequence(build->ddl, build->rel, column->name, column->type, constraint->options, 'i'));
    column->identity = (char)constraint->generated_when;
    column->not_null = true;
}

/* ---- CHECK --------------------------------------------------------------------------------------------------------------------- */

typedef struct ColumnsSeen {
    int32_t first;
    bool    several;
} ColumnsSeen;

static bool see_column(Expr *expr, void *context)
{
    ColumnsSeen *seen = context;

    if (expr->kind == EXPR_COLUMN) {
        if (seen->first == 0)
            seen->first = expr->column.column;
        else if (seen->first != expr->column.column)
            seen->several = true;
    }
    return expr_walk(expr, see_column, context);
}

typedef struct ColumnCollect {
    int16_t *columns;
    int16_t  count;
} ColumnCollect;

static bool collect_column(Expr *expr, void *context)
{
    ColumnCollect *collect = context;

    if (expr->kind == EXPR_COLUMN && expr->column.column > 0) {
        bool known = false;

        for (int16_t i = 0; i < collect->count; i++)
            known |= collect->columns[i] == expr->column.column;
        if (!known)
            collect->columns[collect->count++] = (int16_t)expr->column.column;
    }
    return expr_walk(expr, collect_column, context);
}

static void refuse_taken_name(const TableBuild *build, const char *name)
{
    if (ddl_find_constraint(build->rel, name) >= 0)
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", name, build->rel->head.name);
}

static void add_check(TableBuild *build, const Constraint *constraint)
{
    Ddl              *ddl = build->ddl;
    ExpressionContext context = {.use = EXPRESSION_CHECK, .relation = build->rel, .type = TYPE_BOOL, .typmod = -1};
    ConstraintDesc    desc = {.kind = CONSTRAINT_CHECK, .validated = !constraint->skip_validation, .no_inherit = constraint->is_no_inherit};
    Expr             *expr = analyze_expression(ddl->session, ddl->arena, constraint->raw_expr, &context);
    ColumnsSeen       seen = {0};
    ColumnCollect     collect = {.columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)build->rel->column_count + 1, int16_t)};

    see_column(expr, &seen);
    collect_column(expr, &collect);
    if (constraint->conname != NULL) {
        refuse_taken_name(build, constraint->conname);
        desc.name = arena_strdup(ddl->arena, constraint->conname);
    } else {
        const char *column = seen.first > 0 && !seen.several ? build->rel->columns[seen.first - 1].name : NULL;

        desc.name = ddl_choose_constraint_name(ddl, build->rel, build->rel->head.name, column, "check");
    }
    desc.oid = store_new_oid(ddl->session);
    desc.columns = collect.columns;
    desc.column_count = collect.count;
    desc.check_expr = store_expression(ddl, build->rel, expr, &desc.check_text);
    ddl_append_constraint(ddl, build->rel, &desc);
    if (build->altering && desc.validated)
        remember(build, desc.name);
}

/* ---- PRIMARY KEY, UNIQUE ------------------------------------------------------------------------------------------------------- */

static const NodeList *elements_of(Ddl *ddl, const NodeList *names, const char *column)
{
    NodeList *list = NULL;

    for (int32_t i = 0; i < (column != NULL ? 1 : list_count(names)); i++) {
        IndexElem *element = NODE_NEW(ddl->arena, IndexElem, NODE_INDEX_ELEM, -1);

        element->name = column != NULL ? column : string_at(names, i);
        list = list_append(ddl->arena, list, (Node *)element);
    }
    return list;
}

/* PRIMARY KEY USING INDEX: the index that exists becomes the constraint's. */
static RelationDesc *adopt_index(TableBuild *build, const Constraint *constraint, bool primary)
{
    RangeVar            name = {.node = {NODE_RANGE_VAR, -1}, .relname = constraint->indexname};
    const RelationDesc *found;
    RelationDesc       *index;

    name.schemaname = ddl_schema_name(build->ddl, build->rel->head.parent);
    found = ddl_relation(build->ddl, &name, true);
    if (found == NULL || found->relkind != 'i')
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "index \"%s\" does not exist", constraint->indexname);
    if (found->index->table != build->rel->head.oid)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"%s\" does not belong to table \"%s\"", found->head.name, build->rel->head.name);
    if (found->index->constraint != 0)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"%s\" is already associated with a constraint", found->head.name);
    if (!found->index->unique)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a unique index", found->head.name);
    if (found->index->predicate.size > 0)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is a partial index", found->head.name);
    index = ddl_edit(build->ddl, found);
    index->index->primary = primary;
    if (constraint->conname != NULL && strcmp(constraint->conname, index->head.name) != 0) {
        ddl_notice(build->ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"%s\" to \"%s\"",
                   index->head.name, constraint->conname);
        index->head.name = arena_strdup(build->ddl->arena, constraint->conname);
    }
    return index;
}

static void keep_index(TableBuild *build, RelationDesc *index)
{
    if (build->index_count == build->index_capacity) {
        int32_t wider = build->index_capacity == 0 ? 4 : build->index_capacity * 2;

        build->indexes = arena_grow(build->ddl->arena, build->indexes, sizeof *build->indexes * (size_t)build->index_capacity,
                                    sizeof *build->indexes * (size_t)wider);
        build->index_capacity = wider;
    }
    build->indexes[build->index_count++] = index;
}

static void add_key(TableBuild *build, const Constraint *constraint, const char *column)
{
    Ddl           *ddl = build->ddl;
    bool           primary = constraint->contype == CONSTR_PRIMARY;
    ConstraintDesc desc = {.kind = primary ? CONSTRAINT_PRIMARY : CONSTRAINT_UNIQUE, .validated = true, .no_inherit = true};
    RelationDesc  *index;
    int16_t       *columns;

    for (int16_t i = 0; primary && i < build->rel->constraint_count; i++) {
        if (build->rel->constraints[i].kind == CONSTRAINT_PRIMARY)
            raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "multiple primary keys for table \"%s\" are not allowed", build->rel->head.name);
    }
    if (constraint->conname != NULL)
        refuse_taken_name(build, constraint->conname);
    for (int32_t i = 0; constraint->indexname == NULL && i < (column != NULL ? 1 : list_count(constraint->keys)); i++) {
        const char *name = column != NULL ? column : string_at(constraint->keys, i);
        ColumnDesc *key = ddl_find_column(build->rel, name);

        if (key == NULL) {
            Error *err = error_new(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" named in key does not exist", name);

            error_position(err, constraint->node.location);
            error_raise(err);
        }
        for (int32_t k = 0; k < i; k++) {
            if (strcmp(string_at(constraint->keys, k), name) == 0) {
                Error *err = error_new(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" appears twice in %s constraint", name, primary ? "primary key" : "unique");

                error_position(err, constraint->node.location);
                error_raise(err);
            }
        }
        if (primary && !key->not_null) {
            if (build->altering)
                verify_not_null(ddl, build->rel, key);
            key = ddl_find_column(build->rel, name);
            key->not_null = true;
        }
    }
    if (constraint->indexname != NULL) {
        index = adopt_index(build, constraint, primary);
    } else {
        IndexSpec spec = {
            .name = constraint->conname,
            .params = elements_of(ddl, constraint->keys, column),
            .including = elements_of(ddl, constraint->including, NULL),
            .options = constraint->options,
            .unique = true,
            .primary = primary,
            .nulls_not_distinct = constraint->nulls_not_distinct,
            .constraint = true,
        };

        index = build_index(ddl, build->rel, &spec);
        keep_index(build, index);
    }
    desc.oid = store_new_oid(ddl->session);
    desc.name = index->head.name;
    desc.index = index->head.oid;
    desc.deferrable = constraint->deferrable;
    desc.deferred = constraint->initdeferred;
    index->index->immediate = !constraint->deferrable;
    index->index->constraint = desc.oid;
    columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)index->index->key_count, int16_t);
    for (int16_t i = 0; i < index->index->key_count; i++) {
        columns[i] = index->index->columns[i].column;
        if (primary && columns[i] > 0)
            ((ColumnDesc *)build->rel->columns)[columns[i] - 1].not_null = true;
    }
    desc.columns = columns;
    desc.column_count = index->index->key_count;
    ddl_append_constraint(ddl, build->rel, &desc);
}

/* ---- FOREIGN KEY ---------------------------------------------------------------------------------------------------------------- */

static int16_t foreign_column(const RelationDesc *rel, const char *name)
{
    const ColumnDesc *column = ddl_find_column(rel, name);

    if (column == NULL)
        raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" referenced in foreign key constraint does not exist", name);
    return column->number;
}

static const ConstraintDesc *primary_key(const RelationDesc *rel)
{
    for (int16_t i = 0; i < rel->constraint_count; i++) {
        if (rel->constraints[i].kind == CONSTRAINT_PRIMARY)
            return &rel->constraints[i];
    }
    return NULL;
}

/* The unique index over exactly these columns. Looked for here first, since the table may be this statement's own. */
static Oid referenced_index(Ddl *ddl, const RelationDesc *parent, const int16_t *columns, int16_t count)
{
    for (int16_t i = 0; i < parent->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(ddl, parent->indexes[i]);
        int16_t             matched = 0;

        if (index == NULL || !index->index->unique || !index->index->immediate || index->index->predicate.size > 0 || index->index->key_count != count)
            continue;
        for (int16_t k = 0; k < count; k++) {
            for (int16_t c = 0; c < count; c++)
                matched += index->index->columns[k].column == columns[c] && columns[c] > 0;
        }
        if (matched == count)
            return index->head.oid;
    }
    return 0;
}

static void check_foreign_types(Ddl *ddl, const RelationDesc *child, const RelationDesc *parent, const ConstraintDesc *desc)
{
    for (int16_t i = 0; i < desc->column_count; i++) {
        const ColumnDesc *from = &child->columns[desc->columns[i] - 1];
        const ColumnDesc *to = &parent->columns[desc->foreign_columns[i] - 1];
        int               count;
        bool              found = from->type == to->type || type_operator(from->type, "=") == type_operator(to->type, "=");

        if (!found) {
            const Operator *const *list = operator_by_name("=", &count);

            for (int k = 0; k < count && !found; k++)
                found = list[k]->left == to->type && list[k]->right == from->type;
        }
        if (!found) {
            const Cast *cast = cast_find(from->type, to->type);

            found = cast != NULL && cast->context == 'i';
        }
        if (!found) {
            Error *err = error_new(SQLSTATE_DATATYPE_MISMATCH, "foreign key constraint \"%s\" cannot be implemented", desc->name);

            error_detail(err, "Key columns \"%s\" and \"%s\" are of incompatible types: %s and %s.", from->name, to->name,
                         deparse_type(ddl->session, ddl->arena, from->type, -1), deparse_type(ddl->session, ddl->arena, to->type, -1));
            error_raise(err);
        }
    }
}

static const char *foreign_name(TableBuild *build, const ConstraintDesc *desc)
{
    StrBuf names;

    strbuf_init(&names, build->ddl->arena);
    for (int16_t i = 0; i < desc->column_count && names.size <= NAME_MAX_BYTES; i++)
        strbuf_printf(&names, "%s%s", i > 0 ? "_" : "", build->rel->columns[desc->columns[i] - 1].name);
    return ddl_choose_constraint_name(build->ddl, build->rel, build->rel->head.name, strbuf_cstring(&names), "fkey");
}

static void add_foreign_key(TableBuild *build, const Constraint *constraint, const char *column)
{
    Ddl                *ddl = build->ddl;
    const RelationDesc *found = strcmp(constraint->pktable->relname, build->rel->head.name) == 0 && constraint->pktable->schemaname == NULL
                                    ? build->rel : ddl_relation(ddl, constraint->pktable, false);
    RelationDesc       *parent;
    ConstraintDesc      desc = {.kind = CONSTRAINT_FOREIGN, .no_inherit = true};
    int32_t             count = column != NULL ? 1 : list_count(constraint->fk_attrs);
    int16_t            *columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)count, int16_t);
    int16_t            *foreign;

    if (found->relkind != 'r' || found->group_count == 0)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "referenced relation \"%s\" is not a table", found->head.name);
    if (build->rel->persistence != 't' && found->persistence == 't')
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "constraints on permanent tables may reference only permanent tables");
    if (build->rel->persistence == 't' && found->persistence != 't')
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "constraints on temporary tables may reference only temporary tables");
    if (found != build->rel)
        store_lock_relation(ddl->session, found->head.oid, TABLE_LOCK_SHARE_ROW_EXCLUSIVE);
    parent = found == build->rel ? build->rel : ddl_edit(ddl, found);
    for (int32_t i = 0; i < count; i++)
        columns[i] = foreign_column(build->rel, column != NULL ? column : string_at(constraint->fk_attrs, i));
    if (constraint->pk_attrs == NULL) {
        const ConstraintDesc *key = primary_key(parent);

        if (key == NULL)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "there is no primary key for referenced table \"%s\"", parent->head.name);
        foreign = (int16_t *)key->columns;
        desc.index = key->index;
        if (key->column_count != count)
            raise_error(SQLSTATE_INVALID_FOREIGN_KEY, "number of referencing and referenced columns for foreign key disagree");
    } else {
        foreign = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)list_count(constraint->pk_attrs), int16_t);
        for (int32_t i = 0; i < list_count(constraint->pk_attrs); i++)
            foreign[i] = foreign_column(parent, string_at(constraint->pk_attrs, i));
        if (list_count(constraint->pk_attrs) != count)
            raise_error(SQLSTATE_INVALID_FOREIGN_KEY, "number of referencing and referenced columns for foreign key disagree");
        desc.index = referenced_index(ddl, parent, foreign, (int16_t)count);
        if (desc.index == 0)
            raise_error(SQLSTATE_INVALID_FOREIGN_KEY, "there is no unique constraint matching given keys for referenced table \"%s\"", parent->head.name);
    }
    desc.oid = store_new_oid(ddl->session);
    desc.columns = columns;
    desc.foreign_columns = foreign;
    desc.column_count = (int16_t)count;
    desc.foreign_table = parent->head.oid;
    desc.on_update = (char)constraint->fk_upd_action;
    desc.on_delete = (char)constraint->fk_del_action;
    desc.match = (char)constraint->fk_matchtype;
    if (desc.match == FKCONSTR_MATCH_PARTIAL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "MATCH PARTIAL not yet implemented");
    if (constraint->fk_del_set_cols != NULL)
        ddl_not_supported("ON DELETE SET with a column list");
    desc.deferrable = constraint->deferrable;
    desc.deferred = constraint->initdeferred;
    desc.validated = !constraint->skip_validation;
    if (constraint->conname != NULL)
        refuse_taken_name(build, constraint->conname);
    desc.name = constraint->conname != NULL ? arena_strdup(ddl->arena, constraint->conname) : foreign_name(build, &desc);
    check_foreign_types(ddl, build->rel, parent, &desc);
    ddl_append_constraint(ddl, build->rel, &desc);
    ddl_append_referenced_by(ddl, parent, build->rel->head.oid);
    if (build->altering && desc.validated)
        remember(build, desc.name);
}

/* ---- in PostgreSQL's order -------------------------------------------------------------------------------------------------------- */

static int phase_of(ConstrType type)
{
    switch (type) {
    case CONSTR_DEFAULT:
    case CONSTR_IDENTITY:
    case CONSTR_ATTR_IMMEDIATE: /* serial */
        return 0;
    case CONSTR_GENERATED:
        return 1;
    case CONSTR_CHECK:
        return 2;
    case CONSTR_PRIMARY:
        return 3;
    case CONSTR_UNIQUE:
        return 4;
    default:
        return 5;
    }
}

static void make_constraint(TableBuild *build, const PendingConstraint *pending)
{
    const Constraint *constraint = pending->constraint;
    ColumnDesc       *column = pending->column != NULL ? ddl_find_column(build->rel, pending->column) : NULL;

    switch (constraint->contype) {
    case CONSTR_ATTR_IMMEDIATE:
        set_serial(build, column);
        break;
    case CONSTR_IDENTITY:
        set_identity(build, constraint, column);
        break;
    case CONSTR_DEFAULT:
    case CONSTR_GENERATED:
        set_default(build, constraint, column);
        break;
    case CONSTR_CHECK:
        add_check(build, constraint);
        break;
    case CONSTR_PRIMARY:
    case CONSTR_UNIQUE:
        add_key(build, constraint, pending->column);
        break;
    case CONSTR_FOREIGN:
        add_foreign_key(build, constraint, pending->column);
        break;
    case CONSTR_EXCLUSION:
        ddl_not_supported("EXCLUDE constraint");
    default:
        break;
    }
}

void build_finish(TableBuild *build)
{
    for (int phase = 0; phase <= 5; phase++) {
        for (int32_t i = 0; i < build->pending_count; i++) {
            if (phase_of(build->pending[i].constraint->contype) == phase)
                make_constraint(build, &build->pending[i]);
        }
    }
    build->pending_count = 0;
}
