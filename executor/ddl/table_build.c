/*
 * table_build.c - new relations, and the columns of tables.
 */
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

RelationDesc *build_relation(Ddl *ddl, const RangeVar *name, char relkind)
{
    RelationDesc *rel = ARENA_NEW(ddl->arena, RelationDesc);
    bool          temporary;

    rel->head.kind = DESC_RELATION;
    rel->head.database = ddl->session->database;
    rel->head.parent = ddl_creation_schema(ddl, name);
    rel->head.name = arena_strdup(ddl->arena, name->relname);
    rel->head.owner = ddl->session->current_user;
    rel->head.oid = store_new_oid(ddl->session);
    rel->relkind = relkind;
    temporary = name->relpersistence == RELPERSISTENCE_TEMP || (name->schemaname != NULL && strcmp(name->schemaname, "pg_temp") == 0);
    rel->persistence = temporary ? 't' : name->relpersistence == RELPERSISTENCE_UNLOGGED ? 'u' : 'p';
    rel->replica_identity = 'd';
    return rel;
}

void build_row_type(Ddl *ddl, RelationDesc *rel)
{
    TypeDesc row = {.head = rel->head};
    TypeDesc array = {.head = rel->head};

    row.head.kind = array.head.kind = DESC_TYPE;
    row.head.acl = array.head.acl = (Slice){0};
    row.head.oid = rel->row_type = store_new_oid(ddl->session);
    array.head.oid = rel->row_type_array = store_new_oid(ddl->session);
    array.head.name = ddl_make_name(ddl->arena, "", rel->head.name, NULL);
    for (int pass = 1; store_desc_by_name(ddl->session, ddl->arena, DESC_TYPE, rel->head.parent, array.head.name) != NULL; pass++)
        array.head.name = ddl_make_name(ddl->arena, "_", rel->head.name, arena_printf(ddl->arena, "%d", pass));
    row.typtype = 'c';
    row.array = array.head.oid;
    row.relation = rel->head.oid;
    row.base_typmod = array.base_typmod = -1;
    array.typtype = 'b';
    array.element = row.head.oid;
    if (store_desc_by_name(ddl->session, ddl->arena, DESC_TYPE, rel->head.parent, rel->head.name) != NULL) {
        Error *err = error_new(SQLSTATE_DUPLICATE_OBJECT, "type \"%s\" already exists", rel->head.name);

        error_hint(err, "A relation has an associated type of the same name, so you must use a name that doesn't conflict with any existing type.");
        error_raise(err);
    }
    store_desc_put(ddl->session, &row.head);
    store_desc_put(ddl->session, &array.head);
}

Oid build_collation(Ddl *ddl, const CollateClause *clause, Oid type)
{
    const TypeInfo *info = type_lookup(ddl->session, ddl->arena, type);
    Oid             collation = info == NULL ? 0 : info->collation;

    if (clause == NULL)
        return collation;
    if (collation == 0) {
        Error *err = error_new(SQLSTATE_DATATYPE_MISMATCH, "collations are not supported by type %s",
                               deparse_type(ddl->session, ddl->arena, type, -1));

        error_position(err, clause->node.location);
        error_raise(err);
    }
    return analyze_collation(clause->collname, clause->node.location);
}

Slice store_expression_of(Ddl *ddl, RelationDesc *rel, const RelationDesc *table, const Expr *expr, const char **text_out)
{
    int32_t           count;
    const Dependency *list = serialize_dependencies_of_expr(ddl->arena, expr, table->head.oid, &count);

    for (int32_t i = 0; i < count; i++) {
        if (list[i].oid != table->head.oid)
            ddl_append_dependency(ddl, rel, list[i]);
    }
    *text_out = deparse_expression(ddl->session, ddl->arena, expr, table, DEPARSE_PLAIN);
    return serialize_expr(ddl->arena, expr);
}

/* ---- columns ------------------------------------------------------------------------------------------------------------- */

static void queue(TableBuild *build, const Constraint *constraint, const char *column)
{
    if (build->pending_count == build->pending_capacity) {
        int32_t wider = build->pending_capacity == 0 ? 16 : build->pending_capacity * 2;

        build->pending = arena_grow(build->ddl->arena, build->pending, sizeof *build->pending * (size_t)build->pending_capacity,
                                    sizeof *build->pending * (size_t)wider);
        build->pending_capacity = wider;
    }
    build->pending[build->pending_count++] = (PendingConstraint){constraint, column};
}

void build_constraint(TableBuild *build, const Constraint *constraint)
{
    queue(build, constraint, NULL);
}

/* serial and kin are not types: the column gets the integer type, NOT NULL and nextval() of a sequence of its own. */
static Oid serial_type(const TypeName *name)
{
    static const struct {
        const char *name;
        Oid         type;
    } serials[] = {
        {"smallserial", TYPE_INT2}, {"serial2", TYPE_INT2}, {"serial", TYPE_INT4},
        {"serial4", TYPE_INT4},     {"bigserial", TYPE_INT8}, {"serial8", TYPE_INT8},
    };

    if (list_count(name->names) != 1 || name->pct_type || name->setof)
        return 0;
    for (size_t i = 0; i < ARRAY_LENGTH(serials); i++) {
        if (strcmp(string_at(name->names, 0), serials[i].name) == 0)
            return serials[i].type;
    }
    return 0;
}

static void set_type(TableBuild *build, ColumnDesc *column, const ColumnDef *def)
{
    Ddl            *ddl = build->ddl;
    Oid             serial = serial_type(def->type_name);
    const TypeInfo *info;

    if (serial != 0 && def->type_name->array_bounds != NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "array of serial is not implemented");
    column->typmod = -1;
    column->type = serial != 0 ? serial : analyze_type(ddl->session, ddl->arena, def->type_name, &column->typmod);
    info = type_lookup(ddl->session, ddl->arena, column->type);
    if (info == NULL || (info->kind == 'p' && column->type != TYPE_RECORD_ARRAY) || def->type_name->setof)
        raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "column \"%s\" has pseudo-type %s", def->colname,
                    deparse_type(ddl->session, ddl->arena, column->type, -1));
    column->phys = info->phys;
    column->collation = build_collation(ddl, def->coll_clause, column->type);
    column->array_dimensions = list_count(def->type_name->array_bounds);
    if (column->type >= OID_FIRST_USER)
        ddl_append_dependency(ddl, build->rel, (Dependency){DESC_TYPE, column->type, 0, 'n'});
    if (serial != 0) { /* the sequence is made with the other constraints, in the columns' order */
        Constraint *mark = NODE_NEW(ddl->arena, Constraint, NODE_CONSTRAINT, def->node.location);

        mark->contype = CONSTR_ATTR_IMMEDIATE; /* stands for "serial" in the queue: never queued otherwise */
        queue(build, mark, column->name);
        column->not_null = true;
    }
}

/* A vector column of known width has a group of its own (ENGINE section 1): scans that do not ask for it never touch it. */
static void set_group(TableBuild *build, ColumnDesc *column)
{
    RelationDesc    *rel = build->rel;
    ColumnGroupDesc *groups;

    if (column->type != TYPE_VECTOR || column->typmod <= 0 || rel->relkind != 'r')
        return;
    groups = ARENA_ARRAY_ZEROED(build->ddl->arena, (size_t)rel->group_count + 1, ColumnGroupDesc);
    ddl_copy(groups, rel->groups, sizeof *groups * (size_t)rel->group_count);
    groups[rel->group_count] = (ColumnGroupDesc){
        .storage_id = store_new_storage_id(build->ddl->session),
        .fixed_bytes = (uint32_t)column->typmod * 4,
    };
    column->group = (uint16_t)rel->group_count++;
    rel->groups = groups;
}

static bool is_system_name(const char *name)
{
    static const char *const names[] = {"tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"};

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* NULL and NOT NULL decide the column at once; DEFERRABLE and kin change the constraint before them; the rest waits. */
static void take_column_constraints(TableBuild *build, ColumnDesc *column, const NodeList *constraints)
{
    Constraint *last = NULL;
    bool        nullable = false;

    LIST_FOREACH(Constraint, given, constraints) {
        switch (given->contype) {
        case CONSTR_NULL:
        case CONSTR_NOTNULL:
            if (given->contype == CONSTR_NULL ? column->not_null : nullable) {
                Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "conflicting NULL/NOT NULL declarations for column \"%s\" of table \"%s\"",
                                       column->name, build->rel->head.name);

                error_position(err, given->node.location);
                error_raise(err);
            }
            if (given->contype == CONSTR_NULL)
                nullable = true;
            else
                column->not_null = true;
            break;
        case CONSTR_ATTR_DEFERRABLE:
        case CONSTR_ATTR_NOT_DEFERRABLE:
        case CONSTR_ATTR_DEFERRED:
        case CONSTR_ATTR_IMMEDIATE:
            if (last == NULL) {
                const char *word = given->contype == CONSTR_ATTR_DEFERRABLE       ? "DEFERRABLE"
                                   : given->contype == CONSTR_ATTR_NOT_DEFERRABLE ? "NOT DEFERRABLE"
                                   : given->contype == CONSTR_ATTR_DEFERRED       ? "INITIALLY DEFERRED"
                                                                                  : "INITIALLY IMMEDIATE";

                raise_error(SQLSTATE_SYNTAX_ERROR, "misplaced %s clause", word);
            }
            if (given->contype == CONSTR_ATTR_DEFERRABLE)
                last->deferrable = true;
            if (given->contype == CONSTR_ATTR_DEFERRED)
                last->deferrable = last->initdeferred = true;
            break;
        default:
            last = NODE_NEW(build->ddl->arena, Constraint, NODE_CONSTRAINT, given->node.location);
            *last = *given;
            queue(build, last, column->name);
            if (given->contype == CONSTR_PRIMARY || given->contype == CONSTR_IDENTITY)
                column->not_null = true;
            break;
        }
    }
}

ColumnDesc *build_column(TableBuild *build, const ColumnDef *def)
{
    ColumnDesc  column = {.name = arena_strdup(build->ddl->arena, def->colname), .statistics_target = -1};
    ColumnDesc *added;

    if (ddl_find_column(build->rel, def->colname) != NULL) {
        if (build->altering)
            raise_error(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" of relation \"%s\" already exists", def->colname, build->rel->head.name);
        raise_error(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", def->colname);
    }
    if (build->rel->relkind != 'c' && is_system_name(def->colname))
        raise_error(SQLSTATE_DUPLICATE_COLUMN, "column name \"%s\" conflicts with a system column name", def->colname);
    set_type(build, &column, def);
    set_group(build, &column);
    added = ddl_append_column(build->ddl, build->rel, &column);
    take_column_constraints(build, added, def->constraints);
    return added;
}
