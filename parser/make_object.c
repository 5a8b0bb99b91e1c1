/*
 * make_object.c - builds DROP, ALTER, GRANT and views.
 */
#include "parser/make_object.h"

#include "parser/make_query.h"

/* ---- DROP, schemas ------------------------------------------------------------------------------------------ */

Node *make_drop(ParseContext *pc, Token word, ObjectType type, NodeList *objects, DropBehavior behavior,
                bool missing_ok)
{
    return NODE(MAKE(DropStmt, word.location, .objects = objects, .remove_type = type, .behavior = behavior,
                     .missing_ok = missing_ok));
}

Node *make_drop_index_concurrently(ParseContext *pc, Token word, NodeList *names, DropBehavior behavior,
                                   bool missing_ok)
{
    return NODE(MAKE(DropStmt, word.location, .objects = names, .remove_type = OBJECT_INDEX, .behavior = behavior,
                     .missing_ok = missing_ok, .concurrent = true));
}

NodeList *one_by_method(ParseContext *pc, Token method, NodeList *name)
{
    return list_one(pc, list_with_first(pc, make_string(pc, method), name));
}

Node *make_schema_if_not_exists(ParseContext *pc, Token word, Token name, RoleSpec *role, NodeList *elements)
{
    if (elements != NULL)
        raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, list_location(elements),
                 "CREATE SCHEMA IF NOT EXISTS cannot include schema elements");
    return NODE(MAKE(CreateSchemaStmt, word.location, .schemaname = name.str, .authrole = role,
                     .if_not_exists = true));
}

/* ---- ALTER -------------------------------------------------------------------------------------------------- */

Node *make_alter_table(ParseContext *pc, Token word, AlterTarget target, NodeList *commands)
{
    return NODE(MAKE(AlterTableStmt, word.location, .relation = target.relation, .objtype = target.type,
                     .missing_ok = target.missing_ok, .cmds = commands));
}

Node *make_alter_word(ParseContext *pc, Token word, AlterTableType type)
{
    return NODE(MAKE(AlterTableCmd, word.location, .subtype = type));
}

Node *make_alter_name(ParseContext *pc, Token word, AlterTableType type, Token name)
{
    return NODE(MAKE(AlterTableCmd, word.location, .subtype = type, .name = name.str));
}

Node *make_column_number_statistics(ParseContext *pc, Token word, Token column, int target)
{
    if (column.ival <= 0 || column.ival > INT16_MAX)
        raise_at(SQLSTATE_INVALID_PARAMETER_VALUE, column.location, "column number must be in range from 1 to %d",
                 INT16_MAX);
    return NODE(MAKE(AlterTableCmd, word.location, .subtype = AT_SET_STATISTICS, .num = column.ival,
                     .def = make_integer(pc, target)));
}

Node *make_alter_constraint(ParseContext *pc, Token word, Token name, ConstraintAttributes attributes)
{
    static const int allowed = ATTRIBUTE_DEFERRABLE | ATTRIBUTE_INITIALLY_DEFERRED;
    Constraint      *constraint = MAKE(Constraint, word.location, .contype = CONSTR_FOREIGN, .conname = name.str);

    set_attributes(constraint, attributes, allowed, "FOREIGN KEY");
    return NODE(MAKE(AlterTableCmd, word.location, .subtype = AT_ALTER_CONSTRAINT, .def = NODE(constraint)));
}

Node *check_identity_option(ParseContext *pc, Node *option)
{
    const char *name = ((const DefElem *)option)->defname;

    (void)pc;
    if (strcmp(name, "as") == 0 || strcmp(name, "restart") == 0 || strcmp(name, "owned_by") == 0)
        raise_at(SQLSTATE_SYNTAX_ERROR, option->location, "sequence option \"%s\" not supported here", name);
    return option;
}

Node *make_rename(ParseContext *pc, Token word, AlterTarget target, Token new_name)
{
    return NODE(MAKE(RenameStmt, word.location, .rename_type = target.type, .relation = target.relation,
                     .missing_ok = target.missing_ok, .newname = new_name.str));
}

Node *make_rename_part(ParseContext *pc, Token word, AlterTarget target, ObjectType part, Token old_name,
                       Token new_name)
{
    return NODE(MAKE(RenameStmt, word.location, .rename_type = part, .relation_type = target.type,
                     .relation = target.relation, .missing_ok = target.missing_ok, .subname = old_name.str,
                     .newname = new_name.str));
}

Node *make_rename_object(ParseContext *pc, Token word, TypedObject object, Token new_name)
{
    return NODE(MAKE(RenameStmt, word.location, .rename_type = (ObjectType)object.type, .object = object.object,
                     .newname = new_name.str));
}

Node *make_set_schema(ParseContext *pc, Token word, AlterTarget target, Token schema)
{
    return NODE(MAKE(AlterObjectSchemaStmt, word.location, .object_type = target.type, .relation = target.relation,
                     .missing_ok = target.missing_ok, .newschema = schema.str));
}

Node *make_set_schema_object(ParseContext *pc, Token word, TypedObject object, Token schema)
{
    return NODE(MAKE(AlterObjectSchemaStmt, word.location, .object_type = (ObjectType)object.type,
                     .object = object.object, .newschema = schema.str));
}

Node *make_set_owner(ParseContext *pc, Token word, TypedObject object, RoleSpec *owner)
{
    return NODE(MAKE(AlterOwnerStmt, word.location, .object_type = (ObjectType)object.type, .object = object.object,
                     .newowner = owner));
}

Node *make_depends(ParseContext *pc, Token word, AlterTarget target, bool remove, Token depends_word,
                   Token extension)
{
    if (target.missing_ok)
        raise_at_word(pc, "syntax error", depends_word);
    return NODE(MAKE(AlterObjectDependsStmt, word.location, .object_type = target.type, .relation = target.relation,
                     .extname = extension.str, .remove = remove));
}

/* ---- roles and privileges ----------------------------------------------------------------------------------- */

Node *make_role_option(ParseContext *pc, Token word)
{
    static const struct {
        const char *word;
        const char *option;
        bool        value;
    } options[] = {
        {"superuser", "superuser", true},         {"nosuperuser", "superuser", false},
        {"createrole", "createrole", true},       {"nocreaterole", "createrole", false},
        {"replication", "isreplication", true},   {"noreplication", "isreplication", false},
        {"createdb", "createdb", true},           {"nocreatedb", "createdb", false},
        {"login", "canlogin", true},              {"nologin", "canlogin", false},
        {"bypassrls", "bypassrls", true},         {"nobypassrls", "bypassrls", false},
        {"noinherit", "inherit", false},
    };

    for (size_t i = 0; i < ARRAY_LENGTH(options); i++)
        if (strcmp(word.str, options[i].word) == 0)
            return make_def_named(pc, word, options[i].option, make_boolean(pc, options[i].value));
    raise_at(SQLSTATE_SYNTAX_ERROR, word.location, "unrecognized role option \"%s\"", word.str);
}

Node *raise_unencrypted(ParseContext *pc, Token word)
{
    Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "UNENCRYPTED PASSWORD is no longer supported");

    (void)pc;
    error_hint(err, "Remove UNENCRYPTED to store the password in encrypted form instead.");
    error_position(err, word.location);
    error_raise(err);
}

Node *make_alter_group(ParseContext *pc, Token word, RoleSpec *group, bool add, Token user_word, NodeList *members)
{
    NodeList *options = list_one(pc, make_def_named(pc, user_word, "rolemembers", NODE(members)));

    return NODE(MAKE(AlterRoleStmt, word.location, .role = group, .options = options, .action = add ? 1 : -1));
}

bool is_permissive(ParseContext *pc, Token word)
{
    Error *err;

    (void)pc;
    if (strcmp(word.str, "permissive") == 0)
        return true;
    if (strcmp(word.str, "restrictive") == 0)
        return false;
    err = error_new(SQLSTATE_SYNTAX_ERROR, "unrecognized row security option \"%s\"", word.str);
    error_hint(err, "Only PERMISSIVE or RESTRICTIVE policies are supported currently.");
    error_position(err, word.location);
    error_raise(err);
}

/* ---- views -------------------------------------------------------------------------------------------------- */

Node *make_view(ParseContext *pc, Token word, bool replace, int persistence, RangeVar *view, NodeList *columns,
                NodeList *options, Node *query, CheckOption check)
{
    return NODE(MAKE(ViewStmt, word.location, .replace = replace, .view = set_persistence(view, persistence),
                     .aliases = columns, .options = options, .query = query, .with_check_option = check.option));
}

Node *make_recursive_view(ParseContext *pc, Token word, bool replace, int persistence, RangeVar *view,
                          NodeList *columns, NodeList *options, Node *query, CheckOption check)
{
    Token            name = {.str = view->relname, .location = view->node.location};
    CommonTableExpr *cte = MAKE(CommonTableExpr, -1, .ctename = view->relname, .aliascolnames = columns,
                                .ctematerialized = CTE_MATERIALIZE_DEFAULT, .ctequery = query);
    WithClause      *with = MAKE(WithClause, -1, .recursive = true, .ctes = list_one(pc, cte));
    NodeList        *targets = NULL;

    if (check.option != VIEW_NO_CHECK_OPTION)
        raise_at(SQLSTATE_FEATURE_NOT_SUPPORTED, check.location,
                 "WITH CHECK OPTION not supported on recursive views");
    LIST_FOREACH(String, column, columns) {
        ColumnRef *ref = MAKE(ColumnRef, -1, .fields = list_one(pc, column));

        targets = list_add(pc, targets, MAKE(ResTarget, -1, .val = NODE(ref)));
    }
    query = NODE(MAKE(SelectStmt, -1, .with_clause = with, .target_list = targets,
                      .from_clause = list_one(pc, make_range_var(pc, name, NULL))));
    return make_view(pc, word, replace, persistence, view, columns, options, query, check);
}

/* ---- options, publications ---------------------------------------------------------------------------------- */

NodeList *add_word(ParseContext *pc, NodeList *options, Token word)
{
    return word.str == NULL ? options : list_add(pc, options, make_def(pc, word, NULL));
}

NodeList *word_options(ParseContext *pc, Token full, Token freeze, Token verbose, Token analyze)
{
    return add_word(pc, add_word(pc, add_word(pc, add_word(pc, NULL, full), freeze), verbose), analyze);
}

static void finish_pub_table(ParseContext *pc, PublicationObjSpec *object)
{
    Token name = {.str = object->name, .location = object->node.location};

    object->pubobjtype = PUBLICATIONOBJ_TABLE;
    if (object->relation != NULL)
        return;
    if (name.str == NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, object->node.location, "invalid table name");
    object->relation = make_range_var(pc, name, NULL);
    object->name = NULL;
}

static void finish_pub_schema(PublicationObjSpec *object)
{
    if (object->where_clause != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, object->node.location, "WHERE clause not allowed for schema");
    if (object->columns != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, object->node.location, "column specification not allowed for schema");
    if (object->relation != NULL)
        raise_at(SQLSTATE_SYNTAX_ERROR, object->node.location, "invalid schema name");
    object->pubobjtype =
        object->name != NULL ? PUBLICATIONOBJ_TABLES_IN_SCHEMA : PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA;
}

NodeList *check_pub_objects(ParseContext *pc, NodeList *objects)
{
    PublicationObjSpecType previous = PUBLICATIONOBJ_CONTINUATION;

    LIST_FOREACH(PublicationObjSpec, object, objects) {
        if (object->pubobjtype == PUBLICATIONOBJ_CONTINUATION && previous == PUBLICATIONOBJ_CONTINUATION) {
            Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "invalid publication object list");

            error_detail(err, "One of TABLE or TABLES IN SCHEMA must be specified before a standalone table or "
                              "schema name.");
            error_position(err, object->node.location);
            error_raise(err);
        }
        if (object->pubobjtype != PUBLICATIONOBJ_CONTINUATION)
            previous = object->pubobjtype;
        else if (previous == PUBLICATIONOBJ_TABLE)
            finish_pub_table(pc, object);
        else
            finish_pub_schema(object);
    }
    return objects;
}
