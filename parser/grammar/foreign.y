// foreign.y - foreign data wrappers, servers, tables, user mappings; publications, subscriptions.

// ---- options ----------------------------------------------------------------------------------------------------

%type alter_generic_options {NodeList *}
alter_generic_options(Res) ::= OPTIONS LPAREN alter_generic_option_list(List) RPAREN. { Res = List; }
%type alter_generic_option_list {NodeList *}
alter_generic_option_list(Res) ::= alter_generic_option_elem(Elem).
    { Res = list_one(pc, Elem); }
alter_generic_option_list(Res) ::= alter_generic_option_list(Head) COMMA alter_generic_option_elem(Elem).
    { Res = list_add(pc, Head, Elem); }
alter_generic_option_elem(Res) ::= generic_option_elem(Res).
alter_generic_option_elem(Res) ::= SET generic_option_elem(Elem). { Res = set_def_action(Elem, DEFELEM_SET); }
alter_generic_option_elem(Res) ::= ADD generic_option_elem(Elem). { Res = set_def_action(Elem, DEFELEM_ADD); }
alter_generic_option_elem(Res) ::= DROP col_label(Name). { Res = set_def_action(make_def(pc, Name, NULL), DEFELEM_DROP); }

%type opt_fdw_options {NodeList *}
opt_fdw_options(Res) ::= .                { Res = NULL; }
opt_fdw_options(Res) ::= fdw_options(Res).
%type fdw_options {NodeList *}
fdw_options(Res) ::= fdw_option(Elem).                   { Res = list_one(pc, Elem); }
fdw_options(Res) ::= fdw_options(Head) fdw_option(Elem). { Res = list_add(pc, Head, Elem); }
fdw_option(Res) ::= HANDLER(Kw) any_name(Name).   { Res = make_def(pc, Kw, NODE(Name)); }
fdw_option(Res) ::= NO HANDLER(Kw).               { Res = make_def(pc, Kw, NULL); }
fdw_option(Res) ::= VALIDATOR(Kw) any_name(Name). { Res = make_def(pc, Kw, NODE(Name)); }
fdw_option(Res) ::= NO VALIDATOR(Kw).             { Res = make_def(pc, Kw, NULL); }

// ---- wrappers, servers ------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) FOREIGN DATA WRAPPER colid(Name) opt_fdw_options(Funcs) create_generic_options(Opts).
    { Res = MAKE(CreateFdwStmt, Kw.location, .fdwname = Name.str, .func_options = Funcs, .options = Opts); }
stmt(Res) ::= ALTER(Kw) FOREIGN DATA WRAPPER colid(Name) opt_fdw_options(Funcs) alter_generic_options(Opts).
    { Res = MAKE(AlterFdwStmt, Kw.location, .fdwname = Name.str, .func_options = Funcs, .options = Opts); }
stmt(Res) ::= ALTER(Kw) FOREIGN DATA WRAPPER colid(Name) fdw_options(Funcs).
    { Res = MAKE(AlterFdwStmt, Kw.location, .fdwname = Name.str, .func_options = Funcs); }

stmt(Res) ::= CREATE(Kw) SERVER colid(Name) opt_type(Type_) opt_foreign_server_version(Ver) FOREIGN DATA WRAPPER
              colid(Fdw) create_generic_options(Opts).
    { Res = MAKE(CreateForeignServerStmt, Kw.location, .servername = Name.str, .servertype = Type_.str,
                 .version = Ver.str, .fdwname = Fdw.str, .options = Opts); }
stmt(Res) ::= CREATE(Kw) SERVER IF NOT EXISTS colid(Name) opt_type(Type_) opt_foreign_server_version(Ver) FOREIGN DATA
              WRAPPER colid(Fdw) create_generic_options(Opts).
    { Res = MAKE(CreateForeignServerStmt, Kw.location, .servername = Name.str, .servertype = Type_.str,
                 .version = Ver.str, .fdwname = Fdw.str, .options = Opts, .if_not_exists = true); }
stmt(Res) ::= ALTER(Kw) SERVER colid(Name) foreign_server_version(Ver) alter_generic_options(Opts).
    { Res = MAKE(AlterForeignServerStmt, Kw.location, .servername = Name.str, .version = Ver.str, .options = Opts,
                 .has_version = true); }
stmt(Res) ::= ALTER(Kw) SERVER colid(Name) foreign_server_version(Ver).
    { Res = MAKE(AlterForeignServerStmt, Kw.location, .servername = Name.str, .version = Ver.str,
                 .has_version = true); }
stmt(Res) ::= ALTER(Kw) SERVER colid(Name) alter_generic_options(Opts).
    { Res = MAKE(AlterForeignServerStmt, Kw.location, .servername = Name.str, .options = Opts); }
%type opt_type {Token}
opt_type(Res) ::= .                 { Res = no_token; }
opt_type(Res) ::= TYPE SCONST(Str). { Res = Str; }
%type foreign_server_version {Token}
foreign_server_version(Res) ::= VERSION SCONST(Str). { Res = Str; }
foreign_server_version(Res) ::= VERSION NULL.        { Res = no_token; }
%type opt_foreign_server_version {Token}
opt_foreign_server_version(Res) ::= .                           { Res = no_token; }
opt_foreign_server_version(Res) ::= foreign_server_version(Res).

// ---- foreign tables ---------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) FOREIGN TABLE create_name(Rel) LPAREN opt_table_element_list(Elts) RPAREN opt_inherit(Inh)
              SERVER colid(Server) create_generic_options(Opts).
    { Res = MAKE(CreateForeignTableStmt, Kw.location, .servername = Server.str, .options = Opts,
                 .base = MAKE(CreateStmt, Kw.location, .relation = Rel.object, .if_not_exists = Rel.flag,
                              .table_elts = Elts, .inh_relations = Inh)); }
stmt(Res) ::= CREATE(Kw) FOREIGN TABLE create_name(Rel) PARTITION OF qualified_name(Parent)
              opt_typed_table_element_list(Elts) partition_bound_spec(Bound) SERVER colid(Server)
              create_generic_options(Opts).
    { Res = MAKE(CreateForeignTableStmt, Kw.location, .servername = Server.str, .options = Opts,
                 .base = MAKE(CreateStmt, Kw.location, .relation = Rel.object, .if_not_exists = Rel.flag,
                              .table_elts = Elts, .inh_relations = list_one(pc, Parent), .partbound = Bound)); }

stmt(Res) ::= IMPORT(Kw) FOREIGN SCHEMA colid(Remote) import_qualification(Qual) FROM SERVER colid(Server) INTO
              colid(Local) create_generic_options(Opts).
    { Res = MAKE(ImportForeignSchemaStmt, Kw.location, .remote_schema = Remote.str, .list_type = Qual.type,
                 .table_list = (NodeList *)Qual.object, .server_name = Server.str, .local_schema = Local.str, .options = Opts); }
%type import_qualification {TypedObject}
import_qualification(Res) ::= .
    { Res = typed_object(FDW_IMPORT_SCHEMA_ALL, NULL); }
import_qualification(Res) ::= LIMIT TO LPAREN relation_expr_list(List) RPAREN.
    { Res = typed_object(FDW_IMPORT_SCHEMA_LIMIT_TO, List); }
import_qualification(Res) ::= EXCEPT LPAREN relation_expr_list(List) RPAREN.
    { Res = typed_object(FDW_IMPORT_SCHEMA_EXCEPT, List); }

// ---- user mappings ----------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) USER MAPPING FOR auth_ident(User) SERVER colid(Server) create_generic_options(Opts).
    { Res = MAKE(CreateUserMappingStmt, Kw.location, .user = User, .servername = Server.str, .options = Opts); }
stmt(Res) ::= CREATE(Kw) USER MAPPING IF NOT EXISTS FOR auth_ident(User) SERVER colid(Server) create_generic_options(Opts).
    { Res = MAKE(CreateUserMappingStmt, Kw.location, .user = User, .servername = Server.str, .options = Opts,
                 .if_not_exists = true); }
stmt(Res) ::= DROP(Kw) USER MAPPING FOR auth_ident(User) SERVER colid(Server).
    { Res = MAKE(DropUserMappingStmt, Kw.location, .user = User, .servername = Server.str); }
stmt(Res) ::= DROP(Kw) USER MAPPING IF EXISTS FOR auth_ident(User) SERVER colid(Server).
    { Res = MAKE(DropUserMappingStmt, Kw.location, .user = User, .servername = Server.str, .missing_ok = true); }
stmt(Res) ::= ALTER(Kw) USER MAPPING FOR auth_ident(User) SERVER colid(Server) alter_generic_options(Opts).
    { Res = MAKE(AlterUserMappingStmt, Kw.location, .user = User, .servername = Server.str, .options = Opts); }
%type auth_ident {RoleSpec *}
auth_ident(Res) ::= role_spec(Res).
auth_ident(Res) ::= USER(Kw). { Res = MAKE(RoleSpec, Kw.location, .roletype = ROLESPEC_CURRENT_USER); }

// ---- publications -----------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) PUBLICATION colid(Name) opt_definition(Opts).
    { Res = MAKE(CreatePublicationStmt, Kw.location, .pubname = Name.str, .options = Opts); }
stmt(Res) ::= CREATE(Kw) PUBLICATION colid(Name) FOR ALL TABLES opt_definition(Opts).
    { Res = MAKE(CreatePublicationStmt, Kw.location, .pubname = Name.str, .options = Opts, .for_all_tables = true); }
stmt(Res) ::= CREATE(Kw) PUBLICATION colid(Name) FOR pub_obj_list(List) opt_definition(Opts).
    { Res = MAKE(CreatePublicationStmt, Kw.location, .pubname = Name.str, .options = Opts,
                 .pubobjects = check_pub_objects(pc, List)); }
stmt(Res) ::= ALTER(Kw) PUBLICATION colid(Name) SET definition(Opts).
    { Res = MAKE(AlterPublicationStmt, Kw.location, .pubname = Name.str, .options = Opts); }
stmt(Res) ::= ALTER(Kw) PUBLICATION colid(Name) ADD pub_obj_list(List).
    { Res = MAKE(AlterPublicationStmt, Kw.location, .pubname = Name.str, .action = DEFELEM_ADD,
                 .pubobjects = check_pub_objects(pc, List)); }
stmt(Res) ::= ALTER(Kw) PUBLICATION colid(Name) SET pub_obj_list(List).
    { Res = MAKE(AlterPublicationStmt, Kw.location, .pubname = Name.str, .action = DEFELEM_SET,
                 .pubobjects = check_pub_objects(pc, List)); }
stmt(Res) ::= ALTER(Kw) PUBLICATION colid(Name) DROP pub_obj_list(List).
    { Res = MAKE(AlterPublicationStmt, Kw.location, .pubname = Name.str, .action = DEFELEM_DROP,
                 .pubobjects = check_pub_objects(pc, List)); }

// An item without TABLE or TABLES IN SCHEMA goes on with the kind of the item before it: check_pub_objects().
%type pub_obj_list {NodeList *}
pub_obj_list(Res) ::= pub_obj_spec(Elem).                          { Res = list_one(pc, Elem); }
pub_obj_list(Res) ::= pub_obj_list(Head) COMMA pub_obj_spec(Elem). { Res = list_add(pc, Head, Elem); }
pub_obj_spec(Res) ::= TABLE(Kw) relation_expr(Rel) opt_column_list(Cols) pub_where_clause(Where).
    { Res = MAKE(PublicationObjSpec, Kw.location, .pubobjtype = PUBLICATIONOBJ_TABLE, .relation = Rel,
                 .columns = Cols, .where_clause = Where); }
pub_obj_spec(Res) ::= TABLES(Kw) IN SCHEMA colid(Name).
    { Res = MAKE(PublicationObjSpec, Kw.location, .pubobjtype = PUBLICATIONOBJ_TABLES_IN_SCHEMA, .name = Name.str); }
pub_obj_spec(Res) ::= TABLES(Kw) IN SCHEMA CURRENT_SCHEMA.
    { Res = MAKE(PublicationObjSpec, Kw.location, .pubobjtype = PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA); }
pub_obj_spec(Res) ::= colid(Name) opt_column_list(Cols) pub_where_clause(Where).
    { Res = MAKE(PublicationObjSpec, Name.location, .pubobjtype = PUBLICATIONOBJ_CONTINUATION, .name = Name.str,
                 .columns = Cols, .where_clause = Where); }
pub_obj_spec(Res) ::= colid(Name) indirection(Rest) opt_column_list(Cols) pub_where_clause(Where).
    { Res = MAKE(PublicationObjSpec, Name.location, .pubobjtype = PUBLICATIONOBJ_CONTINUATION,
                 .relation = make_range_var(pc, Name, Rest), .columns = Cols, .where_clause = Where); }
pub_obj_spec(Res) ::= pub_relation(Rel) opt_column_list(Cols) pub_where_clause(Where).
    { Res = MAKE(PublicationObjSpec, Rel->node.location, .pubobjtype = PUBLICATIONOBJ_CONTINUATION, .relation = Rel,
                 .columns = Cols, .where_clause = Where); }
pub_obj_spec(Res) ::= CURRENT_SCHEMA(Kw).
    { Res = MAKE(PublicationObjSpec, Kw.location, .pubobjtype = PUBLICATIONOBJ_CONTINUATION); }
%type pub_relation {RangeVar *}
pub_relation(Res) ::= qualified_name(Rel) STAR.               { Res = Rel; }
pub_relation(Res) ::= ONLY qualified_name(Rel).               { Res = only_relation(Rel); }
pub_relation(Res) ::= ONLY LPAREN qualified_name(Rel) RPAREN. { Res = only_relation(Rel); }
pub_where_clause(Res) ::= .                                  { Res = NULL; }
pub_where_clause(Res) ::= WHERE LPAREN a_expr(Cond) RPAREN.  { Res = Cond; }

// ---- subscriptions ----------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) SUBSCRIPTION colid(Name) CONNECTION SCONST(Conn) PUBLICATION name_list(Pubs) opt_definition(Opts).
    { Res = MAKE(CreateSubscriptionStmt, Kw.location, .subname = Name.str, .conninfo = Conn.str, .publication = Pubs,
                 .options = Opts); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) SET definition(Opts).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_OPTIONS, .subname = Name.str,
                 .options = Opts); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) CONNECTION SCONST(Conn).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_CONNECTION, .subname = Name.str,
                 .conninfo = Conn.str); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) REFRESH PUBLICATION opt_definition(Opts).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_REFRESH, .subname = Name.str,
                 .options = Opts); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) ADD PUBLICATION name_list(Pubs) opt_definition(Opts).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_ADD_PUBLICATION, .subname = Name.str,
                 .publication = Pubs, .options = Opts); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) DROP PUBLICATION name_list(Pubs) opt_definition(Opts).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_DROP_PUBLICATION, .subname = Name.str,
                 .publication = Pubs, .options = Opts); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) SET PUBLICATION name_list(Pubs) opt_definition(Opts).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_SET_PUBLICATION, .subname = Name.str,
                 .publication = Pubs, .options = Opts); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) ENABLE(Opt).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_ENABLED, .subname = Name.str,
                 .options = list_one(pc, make_def_named(pc, Opt, "enabled", make_boolean(pc, true)))); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) DISABLE(Opt).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_ENABLED, .subname = Name.str,
                 .options = list_one(pc, make_def_named(pc, Opt, "enabled", make_boolean(pc, false)))); }
stmt(Res) ::= ALTER(Kw) SUBSCRIPTION colid(Name) SKIP definition(Opts).
    { Res = MAKE(AlterSubscriptionStmt, Kw.location, .kind = ALTER_SUBSCRIPTION_SKIP, .subname = Name.str,
                 .options = Opts); }
stmt(Res) ::= DROP(Kw) SUBSCRIPTION colid(Name) opt_drop_behavior(How).
    { Res = MAKE(DropSubscriptionStmt, Kw.location, .subname = Name.str, .behavior = How); }
stmt(Res) ::= DROP(Kw) SUBSCRIPTION IF EXISTS colid(Name) opt_drop_behavior(How).
    { Res = MAKE(DropSubscriptionStmt, Kw.location, .subname = Name.str, .missing_ok = true, .behavior = How); }
