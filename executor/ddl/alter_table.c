/*
 * alter_table.c - ALTER TABLE and its kin for the other relations.
 */
#include "executor/ddl/alter_table.h"
#include "executor/ddl/drop.h"

#include "executor/analyze/analyze.h"
#include "executor/expr_tree.h"

void alter_test_not_null(Alter *alter, const char *column)
{
    const char **names = ARENA_ARRAY_ZEROED(alter->ddl->arena, (size_t)alter->not_null_count + 1, const char *);

    if (alter->not_null_count > 0)
        ddl_copy(names, alter->not_nulls, sizeof *names * (size_t)alter->not_null_count);
    names[alter->not_null_count++] = column;
    alter->not_nulls = names;
}

/* ---- columns -------------------------------------------------------------------------------------------------------------------------- */

static void drop_column(Alter *alter, const AlterTableCmd *cmd)
{
    Ddl        *ddl = alter->ddl;
    ColumnDesc *column = ddl_find_column(alter->rel, cmd->name);
    DropTarget  target;

    if (column == NULL) {
        if (!cmd->missing_ok)
            raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", cmd->name, alter->rel->head.name);
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "column \"%s\" of relation \"%s\" does not exist, skipping", cmd->name, alter->rel->head.name);
        return;
    }
    target = (DropTarget){DESC_RELATION, alter->rel->head.oid, column->number, 0, false};
    drop_objects(ddl, &target, 1, cmd->behavior);
    ddl_new_relation(ddl, alter->rel); /* the drop wrote its edits: this relation goes on being edited */
}

static void set_default(Alter *alter, const AlterTableCmd *cmd)
{
    Ddl              *ddl = alter->ddl;
    ColumnDesc       *column = ddl_need_column(alter->rel, cmd->name);
    ExpressionContext context = {.use = EXPRESSION_DEFAULT, .column = column->name, .type = column->type, .typmod = column->typmod};
    Expr             *expr;

    if (column->identity != 0) {
        Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "column \"%s\" of relation \"%s\" is an identity column", column->name, alter->rel->head.name);

        if (cmd->def == NULL)
            error_hint(err, "Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.");
        error_raise(err);
    }
    if (column->generated != 0) {
        Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "column \"%s\" of relation \"%s\" is a generated column", column->name, alter->rel->head.name);

        if (cmd->def == NULL)
            error_hint(err, "Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.");
        error_raise(err);
    }
    column->default_expr = (Slice){0};
    column->default_text = NULL;
    if (cmd->def == NULL)
        return;
    expr = analyze_expression(ddl->session, ddl->arena, cmd->def, &context);
    if (expr->kind == EXPR_CONST && expr->constant.is_null)
        return;
    column->default_expr = store_expression(ddl, alter->rel, expr, &column->default_text);
}

static void drop_not_null(Alter *alter, const AlterTableCmd *cmd)
{
    ColumnDesc *column = ddl_need_column(alter->rel, cmd->name);

    if (column->identity != 0)
        raise_error(SQLSTATE_SYNTAX_ERROR, "column \"%s\" of relation \"%s\" is an identity column", column->name, alter->rel->head.name);
    for (int16_t i = 0; i < alter->rel->constraint_count; i++) {
        const ConstraintDesc *constraint = &alter->rel->constraints[i];

        for (int16_t k = 0; constraint->kind == CONSTRAINT_PRIMARY && k < constraint->column_count; k++) {
            if (constraint->columns[k] == column->number)
                raise_error(SQLSTATE_INVALID_TABLE_DEFINITION, "column \"%s\" is in a primary key", column->name);
        }
    }
    column->not_null = false;
}

static void set_not_null(Alter *alter, const AlterTableCmd *cmd)
{
    ColumnDesc *column = ddl_need_column(alter->rel, cmd->name);

    if (column->not_null)
        return;
    alter_test_not_null(alter, column->name);
    column->not_null = true;
}

static const RelationDesc *identity_sequence(Ddl *ddl, const RelationDesc *rel, int16_t column)
{
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, rel->head.parent, &count);

    for (int i = 0; i < count; i++) {
        const RelationDesc *other = (const RelationDesc *)list[i];

        if (other->relkind == 'S' && other->sequence->owned_by_table == rel->head.oid && other->sequence->owned_by_column == column &&
            other->sequence->owned_kind == 'i')
            return other;
    }
    return NULL;
}

static void add_identity(Alter *alter, const AlterTableCmd *cmd)
{
    ColumnDesc       *column = ddl_need_column(alter->rel, cmd->name);
    const Constraint *constraint = (const Constraint *)cmd->def;

    if (!column->not_null)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" must be declared NOT NULL before identity can be added",
                    column->name, alter->rel->head.name);
    if (column->identity != 0)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" is already an identity column", column->name, alter->rel->head.name);
    if (column->default_expr.size > 0)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" already has a default value", column->name, alter->rel->head.name);
    build_owned_sequence(alter->ddl, alter->rel, column->name, column->type, constraint->options, 'i');
    column->identity = (char)constraint->generated_when;
}

static void set_identity(Alter *alter, const AlterTableCmd *cmd)
{
    ColumnDesc         *column = ddl_need_column(alter->rel, cmd->name);
    const RelationDesc *sequence;
    AlterSeqStmt        change = {.node = {NODE_ALTER_SEQ_STMT, -1}};
    RangeVar            name = {.node = {NODE_RANGE_VAR, -1}};

    if (column->identity == 0)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" is not an identity column", column->name, alter->rel->head.name);
    LIST_FOREACH(DefElem, option, (const NodeList *)cmd->def) {
        if (strcmp(option->defname, "generated") == 0)
            column->identity = option->arg->tag == NODE_STRING ? ((const String *)option->arg)->sval[0] : (char)((const Integer *)option->arg)->ival;
        else
            change.options = list_append(alter->ddl->arena, change.options, (Node *)option);
    }
    sequence = identity_sequence(alter->ddl, alter->rel, column->number);
    if (change.options == NULL || sequence == NULL)
        return;
    name.schemaname = ddl_schema_name(alter->ddl, sequence->head.parent);
    name.relname = sequence->head.name;
    change.sequence = &name;
    ddl_alter_sequence(alter->ddl, &change);
    ddl_new_relation(alter->ddl, alter->rel);
}

static void drop_identity(Alter *alter, const AlterTableCmd *cmd)
{
    ColumnDesc         *column = ddl_need_column(alter->rel, cmd->name);
    const RelationDesc *sequence;

    if (column->identity == 0) {
        if (!cmd->missing_ok)
            raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" is not an identity column", column->name, alter->rel->head.name);
        ddl_notice(alter->ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "column \"%s\" of relation \"%s\" is not an identity column, skipping", column->name, alter->rel->head.name);
        return;
    }
    column->identity = 0;
    sequence = identity_sequence(alter->ddl, alter->rel, column->number);
    if (sequence != NULL)
        ddl_drop_relation(alter->ddl, sequence);
}

static void drop_expression(Alter *alter, const AlterTableCmd *cmd)
{
    ColumnDesc *column = ddl_need_column(alter->rel, cmd->name);

    if (column->generated == 0) {
        if (!cmd->missing_ok)
            raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" is not a stored generated column", column->name, alter->rel->head.name);
        ddl_notice(alter->ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "column \"%s\" of relation \"%s\" is not a stored generated column, skipping", column->name, alter->rel->head.name);
        return;
    }
    column->generated = 0;
    column->default_expr = (Slice){0};
    column->default_text = NULL;
}

/* ---- constraints ---------------------------------------------------------------------------------------------------------------------- */

static void drop_constraint(Alter *alter, const AlterTableCmd *cmd)
{
    int32_t    at = ddl_find_constraint(alter->rel, cmd->name);
    DropTarget target;

    if (at < 0) {
        if (!cmd->missing_ok)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" of relation \"%s\" does not exist", cmd->name, alter->rel->head.name);
        ddl_notice(alter->ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "constraint \"%s\" of relation \"%s\" does not exist, skipping", cmd->name, alter->rel->head.name);
        return;
    }
    target = (DropTarget){DESC_RELATION, alter->rel->head.oid, 0, alter->rel->constraints[at].oid, false};
    drop_objects(alter->ddl, &target, 1, cmd->behavior);
    ddl_new_relation(alter->ddl, alter->rel);
}

static ConstraintDesc *need_constraint(Alter *alter, const char *name)
{
    int32_t at = ddl_find_constraint(alter->rel, name);

    if (at < 0)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "constraint \"%s\" of relation \"%s\" does not exist", name, alter->rel->head.name);
    return (ConstraintDesc *)&alter->rel->constraints[at];
}

static void validate_constraint(Alter *alter, const AlterTableCmd *cmd)
{
    ConstraintDesc *constraint = need_constraint(alter, cmd->name);

    if (constraint->kind != CONSTRAINT_FOREIGN && constraint->kind != CONSTRAINT_CHECK)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "constraint \"%s\" of relation \"%s\" is not a foreign key or check constraint", cmd->name, alter->rel->head.name);
    if (constraint->validated)
        return;
    verify_constraint(alter->ddl, alter->rel, constraint);
    constraint->validated = true;
}

static void alter_constraint(Alter *alter, const AlterTableCmd *cmd)
{
    const Constraint *change = (const Constraint *)cmd->def;
    ConstraintDesc   *constraint = need_constraint(alter, change->conname);

    if (constraint->kind != CONSTRAINT_FOREIGN)
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "constraint \"%s\" of relation \"%s\" is not a foreign key constraint", change->conname, alter->rel->head.name);
    constraint->deferrable = change->deferrable;
    constraint->deferred = change->initdeferred;
}

/* ---- options, the rest ------------------------------------------------------------------------------------------------------------------ */

/* Sets (or resets) options in the "a=b,c=d" text. */
static void set_options(Alter *alter, const NodeList *options, bool reset)
{
    Ddl        *ddl = alter->ddl;
    const char *old = alter->rel->options;
    StrBuf      text;

    strbuf_init(&text, ddl->arena);
    while (old != NULL && *old != '\0') {
        const char *end = strchrnul(old, ',');
        bool        named = false;

        LIST_FOREACH(DefElem, option, options) {
            size_t size = strlen(option->defname);

            named |= strncmp(old, option->defname, size) == 0 && old[size] == '=';
        }
        if (!named)
            strbuf_printf(&text, "%s%.*s", text.size > 0 ? "," : "", (int)(end - old), old);
        old = *end == ',' ? end + 1 : end;
    }
    if (!reset && options != NULL)
        strbuf_printf(&text, "%s%s", text.size > 0 ? "," : "", ddl_options_text(ddl, options));
    alter->rel->options = text.size > 0 ? strbuf_cstring(&text) : NULL;
}

static void change_owner(Alter *alter, const AlterTableCmd *cmd)
{
    Oid owner = ddl_role_oid(alter->ddl, cmd->newowner);

    if (owner != alter->rel->head.owner)
        ddl_change_owner(alter->ddl, alter->rel, owner);
}

static void run_command(Alter *alter, const AlterTableCmd *cmd)
{
    switch (cmd->subtype) {
    case AT_ADD_COLUMN:
        alter_add_column(alter, (const ColumnDef *)cmd->def, cmd->missing_ok);
        break;
    case AT_COLUMN_DEFAULT:
        set_default(alter, cmd);
        break;
    case AT_DROP_NOT_NULL:
        drop_not_null(alter, cmd);
        break;
    case AT_SET_NOT_NULL:
        set_not_null(alter, cmd);
        break;
    case AT_DROP_EXPRESSION:
        drop_expression(alter, cmd);
        break;
    case AT_SET_STATISTICS:
        if (cmd->name != NULL)
            ddl_need_column(alter->rel, cmd->name)->statistics_target = ((const Integer *)cmd->def)->ival;
        break;
    case AT_DROP_COLUMN:
        drop_column(alter, cmd);
        break;
    case AT_ADD_CONSTRAINT:
        build_constraint(&alter->build, (const Constraint *)cmd->def);
        build_finish(&alter->build);
        break;
    case AT_ALTER_CONSTRAINT:
        alter_constraint(alter, cmd);
        break;
    case AT_VALIDATE_CONSTRAINT:
        validate_constraint(alter, cmd);
        break;
    case AT_DROP_CONSTRAINT:
        drop_constraint(alter, cmd);
        break;
    case AT_ALTER_COLUMN_TYPE:
        alter_column_type(alter, cmd->name, (const AlterColumnType *)cmd->def);
        break;
    case AT_CHANGE_OWNER:
        change_owner(alter, cmd);
        break;
    case AT_SET_REL_OPTIONS:
    case AT_RESET_REL_OPTIONS:
        set_options(alter, (const NodeList *)cmd->def, cmd->subtype == AT_RESET_REL_OPTIONS);
        break;
    case AT_ADD_IDENTITY:
        add_identity(alter, cmd);
        break;
    case AT_SET_IDENTITY:
        set_identity(alter, cmd);
        break;
    case AT_DROP_IDENTITY:
        drop_identity(alter, cmd);
        break;
    case AT_ENABLE_ROW_SECURITY:
    case AT_FORCE_ROW_SECURITY:
        ddl_not_supported("row level security");
    case AT_DISABLE_ROW_SECURITY:
    case AT_NO_FORCE_ROW_SECURITY:
        alter->rel->row_security = alter->rel->force_row_security = false;
        break;
    case AT_REPLICA_IDENTITY:
        alter->rel->replica_identity = (char)((const ReplicaIdentityStmt *)cmd->def)->identity_type;
        break;
    case AT_SET_LOGGED:
    case AT_SET_UNLOGGED:
        alter->rel->persistence = cmd->subtype == AT_SET_LOGGED ? 'p' : 'u';
        break;
    case AT_SET_OPTIONS:
    case AT_RESET_OPTIONS:
    case AT_SET_STORAGE:
    case AT_SET_COMPRESSION:
        ddl_need_column(alter->rel, cmd->name); /* storage decides these itself */
        break;
    case AT_CLUSTER_ON:
    case AT_DROP_CLUSTER:
    case AT_ENABLE_TRIG_ALL:
    case AT_DISABLE_TRIG_ALL:
    case AT_ENABLE_TRIG_USER:
    case AT_DISABLE_TRIG_USER:
        break; /* rows have no order to keep; there are no triggers */
    case AT_ENABLE_TRIG:
    case AT_ENABLE_ALWAYS_TRIG:
    case AT_ENABLE_REPLICA_TRIG:
    case AT_DISABLE_TRIG:
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "trigger \"%s\" for table \"%s\" does not exist", cmd->name, alter->rel->head.name);
    case AT_SET_TABLE_SPACE:
        if (strcmp(cmd->name, "pg_default") != 0)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "tablespace \"%s\" does not exist", cmd->name);
        break;
    default:
        ddl_not_supported("this form of ALTER TABLE");
    }
}

/* PostgreSQL's passes: a later command may rest on an earlier one's effect whatever the order written. */
static int pass_of(AlterTableType type)
{
    switch (type) {
    case AT_DROP_COLUMN:
    case AT_DROP_CONSTRAINT:
    case AT_DROP_NOT_NULL:
    case AT_DROP_IDENTITY:
    case AT_DROP_EXPRESSION:
        return 0;
    case AT_ALTER_COLUMN_TYPE:
        return 1;
    case AT_ADD_COLUMN:
        return 2;
    case AT_COLUMN_DEFAULT:
    case AT_SET_NOT_NULL:
    case AT_ADD_IDENTITY:
    case AT_SET_IDENTITY:
        return 3;
    case AT_ADD_CONSTRAINT:
        return 4;
    default:
        return 5;
    }
}

enum { PASSES = 6 };

/* What had to wait until the descriptor is as it will be. */
static void finish(Alter *alter)
{
    Ddl          *ddl = alter->ddl;
    RelationDesc *rel = alter->rel;

    if (alter->rewrite && rel->relkind == 'r')
        alter_rewrite(alter);
    for (int32_t i = 0; i < alter->build.index_count; i++)
        fill_index(ddl, rel, alter->build.indexes[i]);
    ddl_flush(ddl);
    for (int32_t i = 0; i < alter->not_null_count && rel->relkind == 'r'; i++) {
        if (ddl_find_column(rel, alter->not_nulls[i]) != NULL)
            verify_not_null(ddl, rel, ddl_find_column(rel, alter->not_nulls[i]));
    }
    for (int32_t i = 0; i < alter->build.check_count; i++) {
        int32_t at = ddl_find_constraint(rel, alter->build.checks[i]);

        if (at >= 0)
            verify_constraint(ddl, rel, &rel->constraints[at]);
    }
}

static const char *tag_of(ObjectType type)
{
    switch (type) {
    case OBJECT_INDEX:
        return "ALTER INDEX";
    case OBJECT_SEQUENCE:
        return "ALTER SEQUENCE";
    case OBJECT_VIEW:
        return "ALTER VIEW";
    case OBJECT_MATVIEW:
        return "ALTER MATERIALIZED VIEW";
    case OBJECT_TYPE:
        return "ALTER TYPE";
    case OBJECT_COLLECTION:
        return "ALTER COLLECTION";
    default:
        return "ALTER TABLE";
    }
}

const char *ddl_alter_table(Ddl *ddl, const AlterTableStmt *stmt)
{
    const RelationDesc *found = ddl_relation(ddl, stmt->relation, stmt->missing_ok);
    Alter               alter = {.ddl = ddl};
    RelationDesc       *before = ARENA_NEW(ddl->arena, RelationDesc);

    if (found == NULL) {
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "relation \"%s\" does not exist, skipping", stmt->relation->relname);
        return tag_of(stmt->objtype);
    }
    if (found->head.oid < OID_FIRST_USER)
        raise_error(SQLSTATE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", found->head.name);
    if ((stmt->objtype == OBJECT_INDEX && found->relkind != 'i') || (stmt->objtype == OBJECT_SEQUENCE && found->relkind != 'S') ||
        (stmt->objtype == OBJECT_VIEW && found->relkind != 'v') || (stmt->objtype == OBJECT_MATVIEW && found->relkind != 'm'))
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not %s %s", found->head.name, stmt->objtype == OBJECT_INDEX ? "an" : "a",
                    stmt->objtype == OBJECT_INDEX ? "index" : stmt->objtype == OBJECT_SEQUENCE ? "sequence" : stmt->objtype == OBJECT_VIEW ? "view" : "materialized view");
    ddl_check_owner(ddl, &found->head, ddl_relkind_name(found->relkind));
    store_lock_relation(ddl->session, found->head.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
    found = ddl_relation_by_oid(ddl, found->head.oid);
    if (found == NULL)
        raise_error(SQLSTATE_UNDEFINED_TABLE, "relation \"%s\" does not exist", stmt->relation->relname);
    *before = *found;
    alter.old = before;
    alter.rel = ddl_edit(ddl, found);
    alter.build = (TableBuild){.ddl = ddl, .rel = alter.rel, .altering = true};
    for (int pass = 0; pass < PASSES; pass++) {
        LIST_FOREACH(AlterTableCmd, cmd, stmt->cmds) {
            if (pass_of(cmd->subtype) == pass)
                run_command(&alter, cmd);
        }
    }
    finish(&alter);
    return tag_of(stmt->objtype);
}
