// object.y - kinds of objects; DROP, COMMENT, SECURITY LABEL; schemas, databases, extensions, tablespaces.

// ---- kinds ------------------------------------------------------------------------------------------------------

// Named by any_name.
%type object_type_any_name {int}
object_type_any_name(Res) ::= TABLE.                     { Res = OBJECT_TABLE; }
object_type_any_name(Res) ::= COLLECTION.                { Res = OBJECT_COLLECTION; }
object_type_any_name(Res) ::= SEQUENCE.                  { Res = OBJECT_SEQUENCE; }
object_type_any_name(Res) ::= VIEW.                      { Res = OBJECT_VIEW; }
object_type_any_name(Res) ::= MATERIALIZED VIEW.         { Res = OBJECT_MATVIEW; }
object_type_any_name(Res) ::= INDEX.                     { Res = OBJECT_INDEX; }
object_type_any_name(Res) ::= FOREIGN TABLE.             { Res = OBJECT_FOREIGN_TABLE; }
object_type_any_name(Res) ::= COLLATION.                 { Res = OBJECT_COLLATION; }
object_type_any_name(Res) ::= CONVERSION.                { Res = OBJECT_CONVERSION; }
object_type_any_name(Res) ::= STATISTICS.                { Res = OBJECT_STATISTIC_EXT; }
object_type_any_name(Res) ::= TEXT SEARCH PARSER.        { Res = OBJECT_TSPARSER; }
object_type_any_name(Res) ::= TEXT SEARCH DICTIONARY.    { Res = OBJECT_TSDICTIONARY; }
object_type_any_name(Res) ::= TEXT SEARCH TEMPLATE.      { Res = OBJECT_TSTEMPLATE; }
object_type_any_name(Res) ::= TEXT SEARCH CONFIGURATION. { Res = OBJECT_TSCONFIGURATION; }

// Named by one word.
%type object_type_name {int}
object_type_name(Res) ::= drop_type_name(Res).
object_type_name(Res) ::= DATABASE.     { Res = OBJECT_DATABASE; }
object_type_name(Res) ::= ROLE.         { Res = OBJECT_ROLE; }
object_type_name(Res) ::= SUBSCRIPTION. { Res = OBJECT_SUBSCRIPTION; }
object_type_name(Res) ::= TABLESPACE.   { Res = OBJECT_TABLESPACE; }

%type drop_type_name {int}
drop_type_name(Res) ::= ACCESS METHOD.            { Res = OBJECT_ACCESS_METHOD; }
drop_type_name(Res) ::= EVENT TRIGGER.            { Res = OBJECT_EVENT_TRIGGER; }
drop_type_name(Res) ::= EXTENSION.                { Res = OBJECT_EXTENSION; }
drop_type_name(Res) ::= FOREIGN DATA WRAPPER.     { Res = OBJECT_FDW; }
drop_type_name(Res) ::= opt_procedural LANGUAGE.  { Res = OBJECT_LANGUAGE; }
drop_type_name(Res) ::= PUBLICATION.              { Res = OBJECT_PUBLICATION; }
drop_type_name(Res) ::= SCHEMA.                   { Res = OBJECT_SCHEMA; }
drop_type_name(Res) ::= SERVER.                   { Res = OBJECT_FOREIGN_SERVER; }

opt_procedural ::= .
opt_procedural ::= PROCEDURAL.

// Named by one word, on a relation.
%type object_type_name_on_any_name {int}
object_type_name_on_any_name(Res) ::= POLICY.  { Res = OBJECT_POLICY; }
object_type_name_on_any_name(Res) ::= RULE.    { Res = OBJECT_RULE; }
object_type_name_on_any_name(Res) ::= TRIGGER. { Res = OBJECT_TRIGGER; }

%type object_type_routine {int}
object_type_routine(Res) ::= FUNCTION.  { Res = OBJECT_FUNCTION; }
object_type_routine(Res) ::= PROCEDURE. { Res = OBJECT_PROCEDURE; }
object_type_routine(Res) ::= ROUTINE.   { Res = OBJECT_ROUTINE; }

// ---- DROP -------------------------------------------------------------------------------------------------------

stmt(Res) ::= DROP(Kw) object_type_any_name(Type_) IF EXISTS any_name_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, Names, How, true); }
stmt(Res) ::= DROP(Kw) object_type_any_name(Type_) any_name_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, Names, How, false); }
stmt(Res) ::= DROP(Kw) drop_type_name(Type_) IF EXISTS name_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, Names, How, true); }
stmt(Res) ::= DROP(Kw) drop_type_name(Type_) name_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, Names, How, false); }
stmt(Res) ::= DROP(Kw) object_type_name_on_any_name(Type_) colid(Name) ON any_name(Rel) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, list_one(pc, list_add(pc, Rel, make_string(pc, Name))), How, false); }
stmt(Res) ::= DROP(Kw) object_type_name_on_any_name(Type_) IF EXISTS colid(Name) ON any_name(Rel) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, list_one(pc, list_add(pc, Rel, make_string(pc, Name))), How, true); }
stmt(Res) ::= DROP(Kw) TYPE typename_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_TYPE, Names, How, false); }
stmt(Res) ::= DROP(Kw) TYPE IF EXISTS typename_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_TYPE, Names, How, true); }
stmt(Res) ::= DROP(Kw) DOMAIN typename_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_DOMAIN, Names, How, false); }
stmt(Res) ::= DROP(Kw) DOMAIN IF EXISTS typename_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_DOMAIN, Names, How, true); }
stmt(Res) ::= DROP(Kw) INDEX CONCURRENTLY any_name_list(Names) opt_drop_behavior(How).
    { Res = make_drop_index_concurrently(pc, Kw, Names, How, false); }
stmt(Res) ::= DROP(Kw) INDEX CONCURRENTLY IF EXISTS any_name_list(Names) opt_drop_behavior(How).
    { Res = make_drop_index_concurrently(pc, Kw, Names, How, true); }
stmt(Res) ::= DROP(Kw) object_type_routine(Type_) function_with_argtypes_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, Names, How, false); }
stmt(Res) ::= DROP(Kw) object_type_routine(Type_) IF EXISTS function_with_argtypes_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, Type_, Names, How, true); }
stmt(Res) ::= DROP(Kw) AGGREGATE aggregate_with_argtypes_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_AGGREGATE, Names, How, false); }
stmt(Res) ::= DROP(Kw) AGGREGATE IF EXISTS aggregate_with_argtypes_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_AGGREGATE, Names, How, true); }
stmt(Res) ::= DROP(Kw) OPERATOR operator_with_argtypes_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_OPERATOR, Names, How, false); }
stmt(Res) ::= DROP(Kw) OPERATOR IF EXISTS operator_with_argtypes_list(Names) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_OPERATOR, Names, How, true); }
stmt(Res) ::= DROP(Kw) OPERATOR CLASS any_name(Name) USING colid(Method) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_OPCLASS, one_by_method(pc, Method, Name), How, false); }
stmt(Res) ::= DROP(Kw) OPERATOR CLASS IF EXISTS any_name(Name) USING colid(Method) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_OPCLASS, one_by_method(pc, Method, Name), How, true); }
stmt(Res) ::= DROP(Kw) OPERATOR FAMILY any_name(Name) USING colid(Method) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_OPFAMILY, one_by_method(pc, Method, Name), How, false); }
stmt(Res) ::= DROP(Kw) OPERATOR FAMILY IF EXISTS any_name(Name) USING colid(Method) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_OPFAMILY, one_by_method(pc, Method, Name), How, true); }
stmt(Res) ::= DROP(Kw) CAST opt_if_exists(Miss) LPAREN typename(From) AS typename(To) RPAREN opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_CAST, list_one(pc, list_two(pc, From, To)), How, Miss); }
stmt(Res) ::= DROP(Kw) TRANSFORM opt_if_exists(Miss) FOR typename(For) LANGUAGE colid(Lang) opt_drop_behavior(How).
    { Res = make_drop(pc, Kw, OBJECT_TRANSFORM, list_one(pc, list_two(pc, For, make_string(pc, Lang))), How, Miss); }

// ---- COMMENT, SECURITY LABEL ------------------------------------------------------------------------------------

stmt(Res) ::= COMMENT(Kw) ON comment_object(Obj) IS comment_text(Text).
    { Res = MAKE(CommentStmt, Kw.location, .objtype = Obj.type, .object = Obj.object, .comment = Text.str); }
stmt(Res) ::= SECURITY(Kw) LABEL opt_provider(Prov) ON label_object(Obj) IS comment_text(Text).
    { Res = MAKE(SecLabelStmt, Kw.location, .objtype = Obj.type, .object = Obj.object, .provider = Prov.str,
                 .label = Text.str); }

%type comment_text {Token}
comment_text(Res) ::= SCONST(Res).
comment_text(Res) ::= NULL. { Res = no_token; }

%type opt_provider {Token}
opt_provider(Res) ::= .                                     { Res = no_token; }
opt_provider(Res) ::= FOR non_reserved_word_or_sconst(Name). { Res = Name; }

%type label_object {TypedObject}
label_object(Res) ::= object_type_any_name(Type_) any_name(Name). { Res = typed_object(Type_, Name); }
label_object(Res) ::= COLUMN any_name(Name).                      { Res = typed_object(OBJECT_COLUMN, Name); }
label_object(Res) ::= object_type_name(Type_) colid(Name).        { Res = typed_object(Type_, make_string(pc, Name)); }
label_object(Res) ::= TYPE typename(Name).                        { Res = typed_object(OBJECT_TYPE, Name); }
label_object(Res) ::= DOMAIN typename(Name).                      { Res = typed_object(OBJECT_DOMAIN, Name); }
label_object(Res) ::= AGGREGATE aggregate_with_argtypes(Func).    { Res = typed_object(OBJECT_AGGREGATE, Func); }
label_object(Res) ::= object_type_routine(Type_) function_with_argtypes(Func). { Res = typed_object(Type_, Func); }
label_object(Res) ::= LARGE OBJECT numeric_only(Oid).             { Res = typed_object(OBJECT_LARGEOBJECT, Oid); }

%type comment_object {TypedObject}
comment_object(Res) ::= label_object(Res).
comment_object(Res) ::= OPERATOR operator_with_argtypes(Op).      { Res = typed_object(OBJECT_OPERATOR, Op); }
comment_object(Res) ::= CONSTRAINT colid(Name) ON any_name(Rel).
    { Res = typed_object(OBJECT_TABCONSTRAINT, list_add(pc, Rel, make_string(pc, Name))); }
comment_object(Res) ::= CONSTRAINT colid(Name) ON DOMAIN any_name(Dom).
    { Res = typed_object(OBJECT_DOMCONSTRAINT, list_two(pc, make_type_name(pc, Dom), make_string(pc, Name))); }
comment_object(Res) ::= object_type_name_on_any_name(Type_) colid(Name) ON any_name(Rel).
    { Res = typed_object(Type_, list_add(pc, Rel, make_string(pc, Name))); }
comment_object(Res) ::= TRANSFORM FOR typename(For) LANGUAGE colid(Lang).
    { Res = typed_object(OBJECT_TRANSFORM, list_two(pc, For, make_string(pc, Lang))); }
comment_object(Res) ::= OPERATOR CLASS any_name(Name) USING colid(Method).
    { Res = typed_object(OBJECT_OPCLASS, list_with_first(pc, make_string(pc, Method), Name)); }
comment_object(Res) ::= OPERATOR FAMILY any_name(Name) USING colid(Method).
    { Res = typed_object(OBJECT_OPFAMILY, list_with_first(pc, make_string(pc, Method), Name)); }
comment_object(Res) ::= CAST LPAREN typename(From) AS typename(To) RPAREN.
    { Res = typed_object(OBJECT_CAST, list_two(pc, From, To)); }

// ---- functions and operators as arguments -----------------------------------------------------------------------

%type function_with_argtypes_list {NodeList *}
function_with_argtypes_list(Res) ::= function_with_argtypes(Elem).
    { Res = list_one(pc, Elem); }
function_with_argtypes_list(Res) ::= function_with_argtypes_list(Head) COMMA function_with_argtypes(Elem).
    { Res = list_add(pc, Head, Elem); }

%type function_with_argtypes {ObjectWithArgs *}
function_with_argtypes(Res) ::= func_name(Name) func_args(Args).
    { Res = make_routine(pc, Name, Args); }
// Without arguments; colids that are no type names are here since func_name has only those with an indirection.
function_with_argtypes(Res) ::= type_func_name_keyword(Name).
    { Res = make_routine_without_args(pc, list_one(pc, make_string(pc, Name))); }
function_with_argtypes(Res) ::= colid(Name).
    { Res = make_routine_without_args(pc, list_one(pc, make_string(pc, Name))); }
function_with_argtypes(Res) ::= colid(Name) indirection(Rest).
    { Res = make_routine_without_args(pc, make_func_name(pc, Name, Rest)); }

%type aggregate_with_argtypes_list {NodeList *}
aggregate_with_argtypes_list(Res) ::= aggregate_with_argtypes(Elem).
    { Res = list_one(pc, Elem); }
aggregate_with_argtypes_list(Res) ::= aggregate_with_argtypes_list(Head) COMMA aggregate_with_argtypes(Elem).
    { Res = list_add(pc, Head, Elem); }
%type aggregate_with_argtypes {ObjectWithArgs *}
aggregate_with_argtypes(Res) ::= func_name(Name) aggr_args(Args). { Res = make_routine(pc, Name, Args.args); }

%type operator_with_argtypes_list {NodeList *}
operator_with_argtypes_list(Res) ::= operator_with_argtypes(Elem).
    { Res = list_one(pc, Elem); }
operator_with_argtypes_list(Res) ::= operator_with_argtypes_list(Head) COMMA operator_with_argtypes(Elem).
    { Res = list_add(pc, Head, Elem); }
%type operator_with_argtypes {ObjectWithArgs *}
operator_with_argtypes(Res) ::= any_operator(Name) oper_argtypes(Args).
    { Res = MAKE(ObjectWithArgs, list_location(Name), .objname = Name, .objargs = Args); }

%type oper_argtypes {NodeList *}
oper_argtypes(Res) ::= LPAREN typename(One) RPAREN(Kw).                 { Res = raise_missing_argument(pc, Kw, One); }
oper_argtypes(Res) ::= LPAREN typename(Lhs) COMMA typename(Rhs) RPAREN. { Res = list_two(pc, Lhs, Rhs); }
oper_argtypes(Res) ::= LPAREN NONE COMMA typename(Rhs) RPAREN.          { Res = list_two(pc, NULL, Rhs); }
oper_argtypes(Res) ::= LPAREN typename(Lhs) COMMA NONE RPAREN.          { Res = list_two(pc, Lhs, NULL); }

// ---- schemas ----------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) SCHEMA opt_colid(Name) AUTHORIZATION role_spec(Role) opt_schema_elt_list(Elts).
    { Res = MAKE(CreateSchemaStmt, Kw.location, .schemaname = Name.str, .authrole = Role, .schema_elts = Elts); }
stmt(Res) ::= CREATE(Kw) SCHEMA colid(Name) opt_schema_elt_list(Elts).
    { Res = MAKE(CreateSchemaStmt, Kw.location, .schemaname = Name.str, .schema_elts = Elts); }
stmt(Res) ::= CREATE(Kw) SCHEMA IF NOT EXISTS opt_colid(Name) AUTHORIZATION role_spec(Role) opt_schema_elt_list(Elts).
    { Res = make_schema_if_not_exists(pc, Kw, Name, Role, Elts); }
stmt(Res) ::= CREATE(Kw) SCHEMA IF NOT EXISTS colid(Name) opt_schema_elt_list(Elts).
    { Res = make_schema_if_not_exists(pc, Kw, Name, NULL, Elts); }

%type opt_schema_elt_list {NodeList *}
opt_schema_elt_list(Res) ::= .                                     { Res = NULL; }
opt_schema_elt_list(Res) ::= opt_schema_elt_list(Head) schema_stmt(Elt). { Res = list_add(pc, Head, Elt); }

schema_stmt(Res) ::= create_stmt(Res).
schema_stmt(Res) ::= index_stmt(Res).
schema_stmt(Res) ::= create_seq_stmt(Res).
schema_stmt(Res) ::= create_trig_stmt(Res).
schema_stmt(Res) ::= grant_stmt(Res).
schema_stmt(Res) ::= view_stmt(Res).

// ---- databases --------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) DATABASE colid(Name) opt_with createdb_opt_list(Opts).
    { Res = MAKE(CreatedbStmt, Kw.location, .dbname = Name.str, .options = Opts); }

%type createdb_opt_list {NodeList *}
createdb_opt_list(Res) ::= .                                            { Res = NULL; }
createdb_opt_list(Res) ::= createdb_opt_items(Res).
%type createdb_opt_items {NodeList *}
createdb_opt_items(Res) ::= createdb_opt_item(Elem).                          { Res = list_one(pc, Elem); }
createdb_opt_items(Res) ::= createdb_opt_items(Head) createdb_opt_item(Elem). { Res = list_add(pc, Head, Elem); }

createdb_opt_item(Res) ::= createdb_opt_name(Name) opt_equal numeric_only(Num). { Res = make_def(pc, Name, Num); }
createdb_opt_item(Res) ::= createdb_opt_name(Name) opt_equal opt_boolean_or_string(Str).
    { Res = make_def(pc, Name, make_string(pc, Str)); }
createdb_opt_item(Res) ::= createdb_opt_name(Name) opt_equal DEFAULT. { Res = make_def(pc, Name, NULL); }

// IDENT stands for the options without a keyword: lc_collate, is_template ...
%type createdb_opt_name {Token}
createdb_opt_name(Res) ::= IDENT(Res).
createdb_opt_name(Res) ::= CONNECTION(Kw) LIMIT. { Res = rename_token(Kw, "connection_limit"); }
createdb_opt_name(Res) ::= ENCODING(Res).
createdb_opt_name(Res) ::= LOCATION(Res).
createdb_opt_name(Res) ::= OWNER(Res).
createdb_opt_name(Res) ::= TABLESPACE(Res).
createdb_opt_name(Res) ::= TEMPLATE(Res).

opt_equal ::= .
opt_equal ::= EQUAL.

stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) WITH createdb_opt_list(Opts).
    { Res = MAKE(AlterDatabaseStmt, Kw.location, .dbname = Name.str, .options = Opts); }
stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) createdb_opt_list(Opts).
    { Res = MAKE(AlterDatabaseStmt, Kw.location, .dbname = Name.str, .options = Opts); }
stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) SET TABLESPACE(Opt) colid(Space).
    { Res = MAKE(AlterDatabaseStmt, Kw.location, .dbname = Name.str,
                 .options = list_one(pc, make_def(pc, Opt, make_string(pc, Space)))); }
stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) REFRESH COLLATION VERSION.
    { Res = MAKE(AlterDatabaseRefreshCollStmt, Kw.location, .dbname = Name.str); }
stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) set_reset_clause(Set).
    { Res = MAKE(AlterDatabaseSetStmt, Kw.location, .dbname = Name.str, .setstmt = Set); }

stmt(Res) ::= DROP(Kw) DATABASE colid(Name).
    { Res = MAKE(DropdbStmt, Kw.location, .dbname = Name.str); }
stmt(Res) ::= DROP(Kw) DATABASE IF EXISTS colid(Name).
    { Res = MAKE(DropdbStmt, Kw.location, .dbname = Name.str, .missing_ok = true); }
stmt(Res) ::= DROP(Kw) DATABASE colid(Name) opt_with LPAREN drop_option_list(Opts) RPAREN.
    { Res = MAKE(DropdbStmt, Kw.location, .dbname = Name.str, .options = Opts); }
stmt(Res) ::= DROP(Kw) DATABASE IF EXISTS colid(Name) opt_with LPAREN drop_option_list(Opts) RPAREN.
    { Res = MAKE(DropdbStmt, Kw.location, .dbname = Name.str, .missing_ok = true, .options = Opts); }
%type drop_option_list {NodeList *}
drop_option_list(Res) ::= FORCE(Kw).                              { Res = list_one(pc, make_def(pc, Kw, NULL)); }
drop_option_list(Res) ::= drop_option_list(Head) COMMA FORCE(Kw). { Res = list_add(pc, Head, make_def(pc, Kw, NULL)); }

// ---- extensions -------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) EXTENSION colid(Name) opt_with create_extension_opt_list(Opts).
    { Res = MAKE(CreateExtensionStmt, Kw.location, .extname = Name.str, .options = Opts); }
stmt(Res) ::= CREATE(Kw) EXTENSION IF NOT EXISTS colid(Name) opt_with create_extension_opt_list(Opts).
    { Res = MAKE(CreateExtensionStmt, Kw.location, .extname = Name.str, .if_not_exists = true, .options = Opts); }
%type create_extension_opt_list {NodeList *}
create_extension_opt_list(Res) ::= .  { Res = NULL; }
create_extension_opt_list(Res) ::= create_extension_opt_list(Head) create_extension_opt_item(Elem).
    { Res = list_add(pc, Head, Elem); }
create_extension_opt_item(Res) ::= SCHEMA(Kw) colid(Name). { Res = make_def(pc, Kw, make_string(pc, Name)); }
create_extension_opt_item(Res) ::= VERSION(Kw) non_reserved_word_or_sconst(Str).
    { Res = make_def_named(pc, Kw, "new_version", make_string(pc, Str)); }
create_extension_opt_item(Res) ::= FROM(Kw) non_reserved_word_or_sconst.
    { Res = raise_not_implemented(pc, Kw, "CREATE EXTENSION ... FROM is no longer supported"); }
create_extension_opt_item(Res) ::= CASCADE(Kw). { Res = make_def(pc, Kw, make_boolean(pc, true)); }

stmt(Res) ::= ALTER(Kw) EXTENSION colid(Name) UPDATE alter_extension_opt_list(Opts).
    { Res = MAKE(AlterExtensionStmt, Kw.location, .extname = Name.str, .options = Opts); }
%type alter_extension_opt_list {NodeList *}
alter_extension_opt_list(Res) ::= . { Res = NULL; }
alter_extension_opt_list(Res) ::= alter_extension_opt_list(Head) TO(Kw) non_reserved_word_or_sconst(Str).
    { Res = list_add(pc, Head, make_def_named(pc, Kw, "new_version", make_string(pc, Str))); }

stmt(Res) ::= ALTER(Kw) EXTENSION colid(Name) add_drop(Add) extension_object(Obj).
    { Res = MAKE(AlterExtensionContentsStmt, Kw.location, .extname = Name.str, .add = Add, .objtype = Obj.type,
                 .object = Obj.object); }
%type add_drop {int}
add_drop(Res) ::= ADD.  { Res = true; }
add_drop(Res) ::= DROP. { Res = false; }
%type extension_object {TypedObject}
extension_object(Res) ::= object_type_name(Type_) colid(Name).     { Res = typed_object(Type_, make_string(pc, Name)); }
extension_object(Res) ::= object_type_any_name(Type_) any_name(Name). { Res = typed_object(Type_, Name); }
extension_object(Res) ::= AGGREGATE aggregate_with_argtypes(Func). { Res = typed_object(OBJECT_AGGREGATE, Func); }
extension_object(Res) ::= CAST LPAREN typename(From) AS typename(To) RPAREN.
    { Res = typed_object(OBJECT_CAST, list_two(pc, From, To)); }
extension_object(Res) ::= DOMAIN typename(Name).                   { Res = typed_object(OBJECT_DOMAIN, Name); }
extension_object(Res) ::= object_type_routine(Type_) function_with_argtypes(Func). { Res = typed_object(Type_, Func); }
extension_object(Res) ::= OPERATOR operator_with_argtypes(Op).     { Res = typed_object(OBJECT_OPERATOR, Op); }
extension_object(Res) ::= OPERATOR CLASS any_name(Name) USING colid(Method).
    { Res = typed_object(OBJECT_OPCLASS, list_with_first(pc, make_string(pc, Method), Name)); }
extension_object(Res) ::= OPERATOR FAMILY any_name(Name) USING colid(Method).
    { Res = typed_object(OBJECT_OPFAMILY, list_with_first(pc, make_string(pc, Method), Name)); }
extension_object(Res) ::= TRANSFORM FOR typename(For) LANGUAGE colid(Lang).
    { Res = typed_object(OBJECT_TRANSFORM, list_two(pc, For, make_string(pc, Lang))); }
extension_object(Res) ::= TYPE typename(Name).                     { Res = typed_object(OBJECT_TYPE, Name); }

// ---- tablespaces, access methods --------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) TABLESPACE colid(Name) opt_table_space_owner(Owner) LOCATION SCONST(Dir) opt_reloptions(Opts).
    { Res = MAKE(CreateTableSpaceStmt, Kw.location, .tablespacename = Name.str, .owner = Owner, .location = Dir.str,
                 .options = Opts); }
%type opt_table_space_owner {RoleSpec *}
opt_table_space_owner(Res) ::= .                      { Res = NULL; }
opt_table_space_owner(Res) ::= OWNER role_spec(Role). { Res = Role; }
stmt(Res) ::= DROP(Kw) TABLESPACE colid(Name).
    { Res = MAKE(DropTableSpaceStmt, Kw.location, .tablespacename = Name.str); }
stmt(Res) ::= DROP(Kw) TABLESPACE IF EXISTS colid(Name).
    { Res = MAKE(DropTableSpaceStmt, Kw.location, .tablespacename = Name.str, .missing_ok = true); }
stmt(Res) ::= ALTER(Kw) TABLESPACE colid(Name) SET reloptions(Opts).
    { Res = MAKE(AlterTableSpaceOptionsStmt, Kw.location, .tablespacename = Name.str, .options = Opts); }
stmt(Res) ::= ALTER(Kw) TABLESPACE colid(Name) RESET reloptions(Opts).
    { Res = MAKE(AlterTableSpaceOptionsStmt, Kw.location, .tablespacename = Name.str, .options = Opts,
                 .is_reset = true); }

stmt(Res) ::= CREATE(Kw) ACCESS METHOD colid(Name) TYPE INDEX HANDLER any_name(Handler).
    { Res = MAKE(CreateAmStmt, Kw.location, .amname = Name.str, .handler_name = Handler, .amtype = 'i'); }
stmt(Res) ::= CREATE(Kw) ACCESS METHOD colid(Name) TYPE TABLE HANDLER any_name(Handler).
    { Res = MAKE(CreateAmStmt, Kw.location, .amname = Name.str, .handler_name = Handler, .amtype = 't'); }
