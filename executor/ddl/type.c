/*
 * type.c - enums, domains, composite types.
 */
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

#include "executor/ddl/run_query.h"

static TypeDesc *new_type(Ddl *ddl, const NodeList *words, char typtype)
{
    TypeDesc   *type = ARENA_NEW(ddl->arena, TypeDesc);
    const char *name;

    type->head.kind = DESC_TYPE;
    type->head.database = ddl->session->database;
    type->head.parent = ddl_creation_schema_by_words(ddl, words, &name);
    type->head.name = arena_strdup(ddl->arena, name);
    type->head.owner = ddl->session->current_user;
    type->head.oid = store_new_oid(ddl->session);
    type->typtype = typtype;
    type->base_typmod = -1;
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_TYPE, type->head.parent, name) != NULL)
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "type \"%s\" already exists", name);
    return type;
}

/* Writes a type with an array type beside it. */
static void write_with_array(Ddl *ddl, TypeDesc *type)
{
    TypeDesc *array = ARENA_NEW(ddl->arena, TypeDesc);

    array->head = type->head;
    array->head.oid = type->array = store_new_oid(ddl->session);
    array->head.name = ddl_make_name(ddl->arena, "", type->head.name, NULL);
    for (int pass = 1; store_desc_by_name(ddl->session, ddl->arena, DESC_TYPE, type->head.parent, array->head.name) != NULL; pass++)
        array->head.name = arena_printf(ddl->arena, "_%.*s_%d", NAME_MAX_BYTES - 12, type->head.name, pass);
    array->typtype = 'b';
    array->element = type->head.oid;
    array->base_typmod = -1;
    store_desc_put(ddl->session, &type->head);
    store_desc_put(ddl->session, &array->head);
}

static TypeDesc *find_type(Ddl *ddl, const NodeList *words, char typtype, const char *what)
{
    TypeName       *name = NODE_NEW(ddl->arena, TypeName, NODE_TYPE_NAME, -1);
    TypeDesc       *copy;
    Oid             oid;
    const TypeDesc *found;

    name->names = (NodeList *)words;
    oid = analyze_type(ddl->session, ddl->arena, name, NULL);
    found = (const TypeDesc *)store_desc_by_oid(ddl->session, ddl->arena, DESC_TYPE, oid);
    if (found == NULL || found->typtype != typtype)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "%s is not %s", deparse_type(ddl->session, ddl->arena, oid, -1), what);
    ddl_check_owner(ddl, &found->head, "type");
    copy = ARENA_NEW(ddl->arena, TypeDesc);
    ddl_copy(copy, found, sizeof *copy);
    atomic_store(&copy->head.references_, 0);
    return copy;
}

/* ---- enums ---------------------------------------------------------------------------------------------------------------------- */

static void check_label(const char *label)
{
    if (strlen(label) > NAME_MAX_BYTES) {
        Error *err = error_new(SQLSTATE_INVALID_NAME, "invalid enum label \"%s\"", label);

        error_detail(err, "Labels must be %d bytes or less.", NAME_MAX_BYTES);
        error_raise(err);
    }
}

const char *ddl_create_enum(Ddl *ddl, const CreateEnumStmt *stmt)
{
    TypeDesc  *type = new_type(ddl, stmt->type_name, 'e');
    EnumLabel *labels = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)list_count(stmt->vals) + 1, EnumLabel);

    for (int32_t i = 0; i < list_count(stmt->vals); i++) {
        const char *label = string_at(stmt->vals, i);

        check_label(label);
        for (int32_t k = 0; k < i; k++) {
            if (strcmp(labels[k].label, label) == 0)
                raise_error(SQLSTATE_UNIQUE_VIOLATION, "enum label \"%s\" used more than once", label);
        }
        labels[i] = (EnumLabel){store_new_oid(ddl->session), (float)(i + 1), label};
    }
    type->labels = labels;
    type->label_count = list_count(stmt->vals);
    write_with_array(ddl, type);
    return "CREATE TYPE";
}

static int32_t find_label(const TypeDesc *type, const char *label)
{
    for (int32_t i = 0; i < type->label_count; i++) {
        if (strcmp(type->labels[i].label, label) == 0)
            return i;
    }
    return -1;
}

const char *ddl_alter_enum(Ddl *ddl, const AlterEnumStmt *stmt)
{
    TypeDesc  *type = find_type(ddl, stmt->type_name, 'e', "an enum");
    EnumLabel *labels = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)type->label_count + 1, EnumLabel);
    int32_t    at = type->label_count;

    ddl_copy(labels, type->labels, sizeof *labels * (size_t)type->label_count);
    check_label(stmt->new_val);
    if (stmt->old_val != NULL) {
        at = find_label(type, stmt->old_val);
        if (at < 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "\"%s\" is not an existing enum label", stmt->old_val);
        if (find_label(type, stmt->new_val) >= 0)
            raise_error(SQLSTATE_DUPLICATE_OBJECT, "enum label \"%s\" already exists", stmt->new_val);
        labels[at].label = stmt->new_val;
        type->labels = labels;
        store_desc_put(ddl->session, &type->head);
        return "ALTER TYPE";
    }
    if (find_label(type, stmt->new_val) >= 0) {
        if (!stmt->skip_if_new_val_exists)
            raise_error(SQLSTATE_DUPLICATE_OBJECT, "enum label \"%s\" already exists", stmt->new_val);
        ddl_notice(ddl, SQLSTATE_DUPLICATE_OBJECT, "enum label \"%s\" already exists, skipping", stmt->new_val);
        return "ALTER TYPE";
    }
    if (stmt->new_val_neighbor != NULL) {
        at = find_label(type, stmt->new_val_neighbor);
        if (at < 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "\"%s\" is not an existing enum label", stmt->new_val_neighbor);
        at += stmt->new_val_is_after ? 1 : 0;
    }
    memmove(labels + at + 1, labels + at, sizeof *labels * (size_t)(type->label_count - at));
    labels[at].oid = store_new_oid(ddl->session);
    labels[at].label = stmt->new_val;
    type->label_count++;
    labels[at].sort_order = type->label_count == 1           ? 1
                            : at == 0                        ? labels[1].sort_order - 1
                            : at == type->label_count - 1    ? labels[at - 1].sort_order + 1
                                                             : (labels[at - 1].sort_order + labels[at + 1].sort_order) / 2;
    type->labels = labels;
    store_desc_put(ddl->session, &type->head);
    return "ALTER TYPE";
}

/* ---- domains --------------------------------------------------------------------------------------------------------------------- */

/*
 * The evaluator does not test constraints where values become a domain's, so a domain that has any is refused: a constraint that
 * lets bad values through is worse than none.
 */
static void refuse_constraint(const TypeDesc *type)
{
    Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "constraints of domains are not supported");

    error_hint(err, "Put the constraint on the columns that have the type \"%s\".", type->head.name);
    error_raise(err);
}

static void add_domain_check(Ddl *ddl, TypeDesc *type, const Constraint *constraint)
{
    ExpressionContext context = {.use = EXPRESSION_DOMAIN_CHECK, .type = type->base_type, .typmod = type->base_typmod};
    Expr             *expr = analyze_expression(ddl->session, ddl->arena, constraint->raw_expr, &context);
    ConstraintDesc   *list = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)type->constraint_count + 1, ConstraintDesc);
    ConstraintDesc   *desc = &list[type->constraint_count];
    const char       *name = constraint->conname != NULL ? constraint->conname : ddl_make_name(ddl->arena, type->head.name, NULL, "check");

    if (type->constraint_count > 0)
        ddl_copy(list, type->constraints, sizeof *list * (size_t)type->constraint_count);
    for (int pass = 0; pass < type->constraint_count; pass++) {
        for (int16_t i = 0; i < type->constraint_count; i++) {
            if (strcmp(list[i].name, name) != 0)
                continue;
            if (constraint->conname != NULL)
                raise_error(SQLSTATE_DUPLICATE_OBJECT, "constraint \"%s\" for domain \"%s\" already exists", name, type->head.name);
            name = ddl_make_name(ddl->arena, type->head.name, NULL, arena_printf(ddl->arena, "check%d", pass + 1));
        }
    }
    desc->oid = store_new_oid(ddl->session);
    desc->name = arena_strdup(ddl->arena, name);
    desc->kind = CONSTRAINT_CHECK;
    desc->validated = !constraint->skip_validation;
    desc->check_expr = serialize_expr(ddl->arena, expr);
    desc->check_text = deparse_expression(ddl->session, ddl->arena, expr, NULL, DEPARSE_PLAIN);
    type->constraints = list;
    type->constraint_count++;
}

static void set_domain_default(Ddl *ddl, TypeDesc *type, const Node *raw)
{
    ExpressionContext context = {.use = EXPRESSION_DEFAULT, .column = type->head.name, .type = type->base_type, .typmod = type->base_typmod};
    Expr             *expr = raw == NULL ? NULL : analyze_expression(ddl->session, ddl->arena, raw, &context);

    if (expr == NULL || (expr->kind == EXPR_CONST && expr->constant.is_null)) {
        type->default_expr = (Slice){0};
        type->default_text = NULL;
        return;
    }
    type->default_expr = serialize_expr(ddl->arena, expr);
    type->default_text = deparse_expression(ddl->session, ddl->arena, expr, NULL, DEPARSE_PLAIN);
}

const char *ddl_create_domain(Ddl *ddl, const CreateDomainStmt *stmt)
{
    TypeDesc       *type = new_type(ddl, stmt->domainname, 'd');
    const TypeInfo *base;
    bool            nullable = false;

    type->base_type = analyze_type(ddl->session, ddl->arena, stmt->type_name, &type->base_typmod);
    base = type_lookup(ddl->session, ddl->arena, type->base_type);
    if (base == NULL || base->kind == 'p')
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "\"%s\" is not a valid base type for a domain", deparse_type(ddl->session, ddl->arena, type->base_type, -1));
    LIST_FOREACH(Constraint, constraint, stmt->constraints) {
        switch (constraint->contype) {
        case CONSTR_NOTNULL:
        case CONSTR_NULL:
            if (constraint->contype == CONSTR_NULL ? type->not_null : nullable)
                raise_error(SQLSTATE_SYNTAX_ERROR, "conflicting NULL/NOT NULL constraints");
            type->not_null = constraint->contype == CONSTR_NOTNULL;
            if (type->not_null)
                refuse_constraint(type);
            nullable = constraint->contype == CONSTR_NULL;
            break;
        case CONSTR_DEFAULT:
            if (type->default_expr.size > 0)
                raise_error(SQLSTATE_SYNTAX_ERROR, "multiple default expressions");
            set_domain_default(ddl, type, constraint->raw_expr);
            break;
        case CONSTR_CHECK:
            refuse_constraint(type);
            add_domain_check(ddl, type, constraint);
            break;
        case CONSTR_UNIQUE:
            raise_error(SQLSTATE_SYNTAX_ERROR, "unique constraints not possible for domains");
        case CONSTR_PRIMARY:
            raise_error(SQLSTATE_SYNTAX_ERROR, "primary key constraints not possible for domains");
        case CONSTR_EXCLUSION:
            raise_error(SQLSTATE_SYNTAX_ERROR, "exclusion constraints not possible for domains");
        case CONSTR_FOREIGN:
            raise_error(SQLSTATE_SYNTAX_ERROR, "foreign key constraints not possible for domains");
        default:
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "specifying constraint deferrability not supported for domains");
        }
    }
    write_with_array(ddl, type);
    return "CREATE DOMAIN";
}

/* Columns of this domain must keep to it: tested as the table's own constraint would be. */
static void verify_domain(Ddl *ddl, const TypeDesc *type, const char *test, const char *constraint)
{
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, 0, &count);

    for (int i = 0; i < count; i++) {
        const RelationDesc *rel = (const RelationDesc *)list[i];

        for (int16_t c = 0; (rel->relkind == 'r' || rel->relkind == 'm') && c < rel->column_count; c++) {
            const ColumnDesc *column = &rel->columns[c];
            const char       *sql;

            if (column->dropped || column->type != type->head.oid)
                continue;
            sql = arena_printf(ddl->arena, "SELECT 1 FROM (SELECT %s::%s AS value FROM ONLY %s.%s) d WHERE %s LIMIT 1", ddl_quote(ddl->arena, column->name),
                               deparse_type(ddl->session, ddl->arena, type->base_type, type->base_typmod),
                               ddl_quote(ddl->arena, ddl_schema_name(ddl, rel->head.parent)), ddl_quote(ddl->arena, rel->head.name), test);
            if (run_first_row(ddl, sql) == NULL)
                continue;
            if (constraint == NULL)
                raise_error(SQLSTATE_NOT_NULL_VIOLATION, "column \"%s\" of table \"%s\" contains null values", column->name, rel->head.name);
            raise_error(SQLSTATE_CHECK_VIOLATION, "column \"%s\" of table \"%s\" contains values that violate the new constraint", column->name, rel->head.name);
        }
    }
}

static void drop_domain_constraint(Ddl *ddl, TypeDesc *type, const AlterDomainStmt *stmt)
{
    ConstraintDesc *list = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)type->constraint_count + 1, ConstraintDesc);
    int16_t         kept = 0;

    for (int16_t i = 0; i < type->constraint_count; i++) {
        if (strcmp(type->constraints[i].name, stmt->name) != 0)
            list[kept++] = type->constraints[i];
    }
    if (kept == type->constraint_count) {
        if (!stmt->missing_ok)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" of domain \"%s\" does not exist", stmt->name, type->head.name);
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "constraint \"%s\" of domain \"%s\" does not exist, skipping", stmt->name, type->head.name);
    }
    type->constraints = list;
    type->constraint_count = kept;
}

const char *ddl_alter_domain(Ddl *ddl, const AlterDomainStmt *stmt)
{
    TypeDesc *type = find_type(ddl, stmt->type_name, 'd', "a domain");

    switch (stmt->subtype) {
    case ALTER_DOMAIN_DEFAULT:
        set_domain_default(ddl, type, stmt->def);
        break;
    case ALTER_DOMAIN_DROP_NOT_NULL:
        type->not_null = false;
        break;
    case ALTER_DOMAIN_SET_NOT_NULL:
        refuse_constraint(type);
        verify_domain(ddl, type, "value IS NULL", NULL);
        type->not_null = true;
        break;
    case ALTER_DOMAIN_ADD_CONSTRAINT: {
        const Constraint *constraint = (const Constraint *)stmt->def;

        if (constraint->contype != CONSTR_CHECK)
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "only CHECK constraints can be added to a domain");
        refuse_constraint(type);
        add_domain_check(ddl, type, constraint);
        if (!constraint->skip_validation)
            verify_domain(ddl, type, arena_printf(ddl->arena, "NOT (%s)", type->constraints[type->constraint_count - 1].check_text),
                          type->constraints[type->constraint_count - 1].name);
        break;
    }
    case ALTER_DOMAIN_DROP_CONSTRAINT:
        drop_domain_constraint(ddl, type, stmt);
        break;
    case ALTER_DOMAIN_VALIDATE:
        for (int16_t i = 0; i < type->constraint_count; i++) {
            if (strcmp(type->constraints[i].name, stmt->name) == 0) {
                verify_domain(ddl, type, arena_printf(ddl->arena, "NOT (%s)", type->constraints[i].check_text), stmt->name);
                ((ConstraintDesc *)type->constraints)[i].validated = true;
            }
        }
        break;
    }
    store_desc_put(ddl->session, &type->head);
    return "ALTER DOMAIN";
}

/* ---- composite types ---------------------------------------------------------------------------------------------------------------- */

const char *ddl_create_composite(Ddl *ddl, const CompositeTypeStmt *stmt)
{
    RelationDesc *rel = build_relation(ddl, stmt->typevar, 'c');
    TableBuild    build = {.ddl = ddl, .rel = rel};

    if (store_desc_by_name(ddl->session, ddl->arena, DESC_TYPE, rel->head.parent, rel->head.name) != NULL)
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "type \"%s\" already exists", rel->head.name);
    LIST_FOREACH(ColumnDef, def, stmt->coldeflist) {
        build_column(&build, def);
    }
    build_row_type(ddl, rel);
    ddl_new_relation(ddl, rel);
    ddl_flush(ddl);
    return "CREATE TYPE";
}
