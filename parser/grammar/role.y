// role.y - roles, users, groups; GRANT, REVOKE, default privileges; policies.

// ---- CREATE, ALTER, DROP ROLE -----------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) ROLE role_id(Name) opt_with opt_role_list(Opts).
    { Res = MAKE(CreateRoleStmt, Kw.location, .stmt_type = ROLESTMT_ROLE, .role = Name.str, .options = Opts); }
stmt(Res) ::= CREATE(Kw) USER role_id(Name) opt_with opt_role_list(Opts).
    { Res = MAKE(CreateRoleStmt, Kw.location, .stmt_type = ROLESTMT_USER, .role = Name.str, .options = Opts); }
stmt(Res) ::= CREATE(Kw) GROUP role_id(Name) opt_with opt_role_list(Opts).
    { Res = MAKE(CreateRoleStmt, Kw.location, .stmt_type = ROLESTMT_GROUP, .role = Name.str, .options = Opts); }

%type opt_role_list {NodeList *}
opt_role_list(Res) ::= .                                           { Res = NULL; }
opt_role_list(Res) ::= opt_role_list(Head) create_role_elem(Elem). { Res = list_add(pc, Head, Elem); }
%type alter_role_list {NodeList *}
alter_role_list(Res) ::= .                                             { Res = NULL; }
alter_role_list(Res) ::= alter_role_list(Head) alter_role_elem(Elem).  { Res = list_add(pc, Head, Elem); }

alter_role_elem(Res) ::= PASSWORD(Kw) SCONST(Str).  { Res = make_def(pc, Kw, make_string(pc, Str)); }
alter_role_elem(Res) ::= PASSWORD(Kw) NULL.         { Res = make_def(pc, Kw, NULL); }
alter_role_elem(Res) ::= ENCRYPTED(Kw) PASSWORD SCONST(Str). { Res = make_def_named(pc, Kw, "password", make_string(pc, Str)); }
alter_role_elem(Res) ::= UNENCRYPTED(Kw) PASSWORD SCONST.    { Res = raise_unencrypted(pc, Kw); }
alter_role_elem(Res) ::= INHERIT(Kw).               { Res = make_def(pc, Kw, make_boolean(pc, true)); }
alter_role_elem(Res) ::= CONNECTION(Kw) LIMIT signed_iconst(Num).
    { Res = make_def_named(pc, Kw, "connectionlimit", make_integer(pc, Num)); }
alter_role_elem(Res) ::= VALID(Kw) UNTIL SCONST(Str). { Res = make_def_named(pc, Kw, "validUntil", make_string(pc, Str)); }
alter_role_elem(Res) ::= USER(Kw) role_list(List).  { Res = make_def_named(pc, Kw, "rolemembers", NODE(List)); }
// SUPERUSER, NOLOGIN ... are no keywords.
alter_role_elem(Res) ::= IDENT(Word).               { Res = make_role_option(pc, Word); }

create_role_elem(Res) ::= alter_role_elem(Res).
create_role_elem(Res) ::= SYSID(Kw) ICONST(Num).    { Res = make_def(pc, Kw, make_integer(pc, Num.ival)); }
create_role_elem(Res) ::= ADMIN(Kw) role_list(List). { Res = make_def_named(pc, Kw, "adminmembers", NODE(List)); }
create_role_elem(Res) ::= ROLE(Kw) role_list(List). { Res = make_def_named(pc, Kw, "rolemembers", NODE(List)); }
create_role_elem(Res) ::= IN(Kw) ROLE role_list(List).  { Res = make_def_named(pc, Kw, "addroleto", NODE(List)); }
create_role_elem(Res) ::= IN(Kw) GROUP role_list(List). { Res = make_def_named(pc, Kw, "addroleto", NODE(List)); }

stmt(Res) ::= ALTER(Kw) ROLE role_spec(Role) opt_with alter_role_list(Opts).
    { Res = MAKE(AlterRoleStmt, Kw.location, .role = Role, .options = Opts, .action = 1); }
stmt(Res) ::= ALTER(Kw) USER role_spec(Role) opt_with alter_role_list(Opts).
    { Res = MAKE(AlterRoleStmt, Kw.location, .role = Role, .options = Opts, .action = 1); }
stmt(Res) ::= ALTER(Kw) GROUP role_spec(Role) add_drop(Add) USER(Opt) role_list(List).
    { Res = make_alter_group(pc, Kw, Role, Add, Opt, List); }

stmt(Res) ::= ALTER(Kw) ROLE role_spec(Role) opt_in_database(Db) set_reset_clause(Set).
    { Res = MAKE(AlterRoleSetStmt, Kw.location, .role = Role, .database = Db.str, .setstmt = Set); }
stmt(Res) ::= ALTER(Kw) ROLE ALL opt_in_database(Db) set_reset_clause(Set).
    { Res = MAKE(AlterRoleSetStmt, Kw.location, .database = Db.str, .setstmt = Set); }
stmt(Res) ::= ALTER(Kw) USER role_spec(Role) opt_in_database(Db) set_reset_clause(Set).
    { Res = MAKE(AlterRoleSetStmt, Kw.location, .role = Role, .database = Db.str, .setstmt = Set); }
stmt(Res) ::= ALTER(Kw) USER ALL opt_in_database(Db) set_reset_clause(Set).
    { Res = MAKE(AlterRoleSetStmt, Kw.location, .database = Db.str, .setstmt = Set); }
%type opt_in_database {Token}
opt_in_database(Res) ::= .                         { Res = no_token; }
opt_in_database(Res) ::= IN DATABASE colid(Name).  { Res = Name; }

stmt(Res) ::= DROP(Kw) ROLE role_list(List).
    { Res = MAKE(DropRoleStmt, Kw.location, .roles = List); }
stmt(Res) ::= DROP(Kw) ROLE IF EXISTS role_list(List).
    { Res = MAKE(DropRoleStmt, Kw.location, .roles = List, .missing_ok = true); }
stmt(Res) ::= DROP(Kw) USER role_list(List).
    { Res = MAKE(DropRoleStmt, Kw.location, .roles = List); }
stmt(Res) ::= DROP(Kw) USER IF EXISTS role_list(List).
    { Res = MAKE(DropRoleStmt, Kw.location, .roles = List, .missing_ok = true); }
stmt(Res) ::= DROP(Kw) GROUP role_list(List).
    { Res = MAKE(DropRoleStmt, Kw.location, .roles = List); }
stmt(Res) ::= DROP(Kw) GROUP IF EXISTS role_list(List).
    { Res = MAKE(DropRoleStmt, Kw.location, .roles = List, .missing_ok = true); }

stmt(Res) ::= REASSIGN(Kw) OWNED BY role_list(List) TO role_spec(Role).
    { Res = MAKE(ReassignOwnedStmt, Kw.location, .roles = List, .newrole = Role); }
stmt(Res) ::= DROP(Kw) OWNED BY role_list(List) opt_drop_behavior(How).
    { Res = MAKE(DropOwnedStmt, Kw.location, .roles = List, .behavior = How); }

// ---- GRANT, REVOKE ----------------------------------------------------------------------------------------------

stmt(Res) ::= grant_stmt(Res).
grant_stmt(Res) ::= GRANT(Kw) privileges(Privs) ON privilege_target(Target) TO grantee_list(To)
                    opt_grant_grant_option(Opt) opt_granted_by(By).
    { Res = MAKE(GrantStmt, Kw.location, .is_grant = true, .privileges = Privs, .targtype = Target.targtype,
                 .objtype = Target.objtype, .objects = Target.objects, .grantees = To, .grant_option = Opt,
                 .grantor = By); }
stmt(Res) ::= REVOKE(Kw) privileges(Privs) ON privilege_target(Target) FROM grantee_list(From) opt_granted_by(By)
              opt_drop_behavior(How).
    { Res = MAKE(GrantStmt, Kw.location, .privileges = Privs, .targtype = Target.targtype, .objtype = Target.objtype,
                 .objects = Target.objects, .grantees = From, .grantor = By, .behavior = How); }
stmt(Res) ::= REVOKE(Kw) GRANT OPTION FOR privileges(Privs) ON privilege_target(Target) FROM grantee_list(From)
              opt_granted_by(By) opt_drop_behavior(How).
    { Res = MAKE(GrantStmt, Kw.location, .grant_option = true, .privileges = Privs, .targtype = Target.targtype,
                 .objtype = Target.objtype, .objects = Target.objects, .grantees = From, .grantor = By,
                 .behavior = How); }

%type privileges {NodeList *}
privileges(Res) ::= privilege_list(Res).
privileges(Res) ::= ALL.                                     { Res = NULL; }
privileges(Res) ::= ALL PRIVILEGES.                          { Res = NULL; }
privileges(Res) ::= ALL(Kw) LPAREN column_list(Cols) RPAREN.
    { Res = list_one(pc, MAKE(AccessPriv, Kw.location, .cols = Cols)); }
privileges(Res) ::= ALL(Kw) PRIVILEGES LPAREN column_list(Cols) RPAREN.
    { Res = list_one(pc, MAKE(AccessPriv, Kw.location, .cols = Cols)); }

%type privilege_list {NodeList *}
privilege_list(Res) ::= privilege(Elem).                            { Res = list_one(pc, Elem); }
privilege_list(Res) ::= privilege_list(Head) COMMA privilege(Elem). { Res = list_add(pc, Head, Elem); }
privilege(Res) ::= SELECT(Kw) opt_column_list(Cols).
    { Res = MAKE(AccessPriv, Kw.location, .priv_name = Kw.str, .cols = Cols); }
privilege(Res) ::= REFERENCES(Kw) opt_column_list(Cols).
    { Res = MAKE(AccessPriv, Kw.location, .priv_name = Kw.str, .cols = Cols); }
privilege(Res) ::= CREATE(Kw) opt_column_list(Cols).
    { Res = MAKE(AccessPriv, Kw.location, .priv_name = Kw.str, .cols = Cols); }
privilege(Res) ::= ALTER(Kw) SYSTEM.
    { Res = MAKE(AccessPriv, Kw.location, .priv_name = "alter system"); }
privilege(Res) ::= colid(Name) opt_column_list(Cols).
    { Res = MAKE(AccessPriv, Name.location, .priv_name = Name.str, .cols = Cols); }

%type privilege_target {PrivilegeTarget}
privilege_target(Res) ::= qualified_name_list(List).                   { Res = privilege_target(OBJECT_TABLE, List); }
privilege_target(Res) ::= TABLE qualified_name_list(List).             { Res = privilege_target(OBJECT_TABLE, List); }
privilege_target(Res) ::= SEQUENCE qualified_name_list(List).          { Res = privilege_target(OBJECT_SEQUENCE, List); }
privilege_target(Res) ::= FOREIGN DATA WRAPPER name_list(List).        { Res = privilege_target(OBJECT_FDW, List); }
privilege_target(Res) ::= FOREIGN SERVER name_list(List).              { Res = privilege_target(OBJECT_FOREIGN_SERVER, List); }
privilege_target(Res) ::= FUNCTION function_with_argtypes_list(List).  { Res = privilege_target(OBJECT_FUNCTION, List); }
privilege_target(Res) ::= PROCEDURE function_with_argtypes_list(List). { Res = privilege_target(OBJECT_PROCEDURE, List); }
privilege_target(Res) ::= ROUTINE function_with_argtypes_list(List).   { Res = privilege_target(OBJECT_ROUTINE, List); }
privilege_target(Res) ::= DATABASE name_list(List).                    { Res = privilege_target(OBJECT_DATABASE, List); }
privilege_target(Res) ::= DOMAIN any_name_list(List).                  { Res = privilege_target(OBJECT_DOMAIN, List); }
privilege_target(Res) ::= LANGUAGE name_list(List).                    { Res = privilege_target(OBJECT_LANGUAGE, List); }
privilege_target(Res) ::= LARGE OBJECT numeric_only_list(List).        { Res = privilege_target(OBJECT_LARGEOBJECT, List); }
privilege_target(Res) ::= PARAMETER parameter_name_list(List).         { Res = privilege_target(OBJECT_PARAMETER_ACL, List); }
privilege_target(Res) ::= SCHEMA name_list(List).                      { Res = privilege_target(OBJECT_SCHEMA, List); }
privilege_target(Res) ::= TABLESPACE name_list(List).                  { Res = privilege_target(OBJECT_TABLESPACE, List); }
privilege_target(Res) ::= TYPE any_name_list(List).                    { Res = privilege_target(OBJECT_TYPE, List); }
privilege_target(Res) ::= ALL TABLES IN SCHEMA name_list(List).        { Res = privilege_schemas(OBJECT_TABLE, List); }
privilege_target(Res) ::= ALL SEQUENCES IN SCHEMA name_list(List).     { Res = privilege_schemas(OBJECT_SEQUENCE, List); }
privilege_target(Res) ::= ALL FUNCTIONS IN SCHEMA name_list(List).     { Res = privilege_schemas(OBJECT_FUNCTION, List); }
privilege_target(Res) ::= ALL PROCEDURES IN SCHEMA name_list(List).    { Res = privilege_schemas(OBJECT_PROCEDURE, List); }
privilege_target(Res) ::= ALL ROUTINES IN SCHEMA name_list(List).      { Res = privilege_schemas(OBJECT_ROUTINE, List); }

%type numeric_only_list {NodeList *}
numeric_only_list(Res) ::= numeric_only(Elem).                               { Res = list_one(pc, Elem); }
numeric_only_list(Res) ::= numeric_only_list(Head) COMMA numeric_only(Elem). { Res = list_add(pc, Head, Elem); }

%type parameter_name_list {NodeList *}
parameter_name_list(Res) ::= parameter_name(Name).                                 { Res = list_one(pc, make_string(pc, Name)); }
parameter_name_list(Res) ::= parameter_name_list(Head) COMMA parameter_name(Name). { Res = list_add(pc, Head, make_string(pc, Name)); }
%type parameter_name {Token}
parameter_name(Res) ::= colid(Res).
parameter_name(Res) ::= parameter_name(Head) DOT colid(Name). { Res = join_names(pc, Head, Name); }

%type grantee_list {NodeList *}
grantee_list(Res) ::= grantee(Elem).                          { Res = list_one(pc, Elem); }
grantee_list(Res) ::= grantee_list(Head) COMMA grantee(Elem). { Res = list_add(pc, Head, Elem); }
%type grantee {RoleSpec *}
grantee(Res) ::= role_spec(Res).
grantee(Res) ::= GROUP role_spec(Role). { Res = Role; }

%type opt_grant_grant_option {int}
opt_grant_grant_option(Res) ::= .                  { Res = false; }
opt_grant_grant_option(Res) ::= WITH GRANT OPTION. { Res = true; }

%type opt_granted_by {RoleSpec *}
opt_granted_by(Res) ::= .                           { Res = NULL; }
opt_granted_by(Res) ::= GRANTED BY role_spec(Role). { Res = Role; }

// Roles: their names are read as privileges, since the grammar sees no difference until ON.
stmt(Res) ::= GRANT(Kw) privilege_list(Roles) TO role_list(To) opt_grant_admin_option(Opt) opt_granted_by(By).
    { Res = MAKE(GrantRoleStmt, Kw.location, .is_grant = true, .granted_roles = Roles, .grantee_roles = To,
                 .admin_opt = Opt, .grantor = By); }
stmt(Res) ::= REVOKE(Kw) privilege_list(Roles) FROM role_list(From) opt_granted_by(By) opt_drop_behavior(How).
    { Res = MAKE(GrantRoleStmt, Kw.location, .granted_roles = Roles, .grantee_roles = From, .grantor = By,
                 .behavior = How); }
stmt(Res) ::= REVOKE(Kw) ADMIN OPTION FOR privilege_list(Roles) FROM role_list(From) opt_granted_by(By)
              opt_drop_behavior(How).
    { Res = MAKE(GrantRoleStmt, Kw.location, .admin_opt = true, .granted_roles = Roles, .grantee_roles = From,
                 .grantor = By, .behavior = How); }
%type opt_grant_admin_option {int}
opt_grant_admin_option(Res) ::= .                  { Res = false; }
opt_grant_admin_option(Res) ::= WITH ADMIN OPTION. { Res = true; }

// ---- ALTER DEFAULT PRIVILEGES -----------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) DEFAULT PRIVILEGES def_acl_option_list(Opts) def_acl_action(Act).
    { Res = MAKE(AlterDefaultPrivilegesStmt, Kw.location, .options = Opts, .action = Act); }
%type def_acl_option_list {NodeList *}
def_acl_option_list(Res) ::= .                                               { Res = NULL; }
def_acl_option_list(Res) ::= def_acl_option_list(Head) def_acl_option(Elem). { Res = list_add(pc, Head, Elem); }
def_acl_option(Res) ::= IN(Kw) SCHEMA name_list(List). { Res = make_def_named(pc, Kw, "schemas", NODE(List)); }
def_acl_option(Res) ::= FOR(Kw) ROLE role_list(List).  { Res = make_def_named(pc, Kw, "roles", NODE(List)); }
def_acl_option(Res) ::= FOR(Kw) USER role_list(List).  { Res = make_def_named(pc, Kw, "roles", NODE(List)); }

%type def_acl_action {GrantStmt *}
def_acl_action(Res) ::= GRANT(Kw) privileges(Privs) ON defacl_privilege_target(Type_) TO grantee_list(To)
                        opt_grant_grant_option(Opt).
    { Res = MAKE(GrantStmt, Kw.location, .is_grant = true, .privileges = Privs, .targtype = ACL_TARGET_DEFAULTS,
                 .objtype = Type_, .grantees = To, .grant_option = Opt); }
def_acl_action(Res) ::= REVOKE(Kw) privileges(Privs) ON defacl_privilege_target(Type_) FROM grantee_list(From)
                        opt_drop_behavior(How).
    { Res = MAKE(GrantStmt, Kw.location, .privileges = Privs, .targtype = ACL_TARGET_DEFAULTS, .objtype = Type_,
                 .grantees = From, .behavior = How); }
def_acl_action(Res) ::= REVOKE(Kw) GRANT OPTION FOR privileges(Privs) ON defacl_privilege_target(Type_)
                        FROM grantee_list(From) opt_drop_behavior(How).
    { Res = MAKE(GrantStmt, Kw.location, .grant_option = true, .privileges = Privs, .targtype = ACL_TARGET_DEFAULTS,
                 .objtype = Type_, .grantees = From, .behavior = How); }
%type defacl_privilege_target {int}
defacl_privilege_target(Res) ::= TABLES.    { Res = OBJECT_TABLE; }
defacl_privilege_target(Res) ::= FUNCTIONS. { Res = OBJECT_FUNCTION; }
defacl_privilege_target(Res) ::= ROUTINES.  { Res = OBJECT_FUNCTION; }
defacl_privilege_target(Res) ::= SEQUENCES. { Res = OBJECT_SEQUENCE; }
defacl_privilege_target(Res) ::= TYPES.     { Res = OBJECT_TYPE; }
defacl_privilege_target(Res) ::= SCHEMAS.   { Res = OBJECT_SCHEMA; }

// ---- policies ---------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) POLICY colid(Name) ON qualified_name(Rel) row_security_default_permissive(Perm)
              row_security_default_for_cmd(Cmd) row_security_default_to_role(Roles) row_security_opt_expr(Qual)
              row_security_opt_with_check(Check).
    { Res = MAKE(CreatePolicyStmt, Kw.location, .policy_name = Name.str, .table = Rel, .permissive = Perm,
                 .cmd_name = Cmd.str, .roles = Roles, .qual = Qual, .with_check = Check); }
stmt(Res) ::= ALTER(Kw) POLICY colid(Name) ON qualified_name(Rel) row_security_opt_to_role(Roles)
              row_security_opt_expr(Qual) row_security_opt_with_check(Check).
    { Res = MAKE(AlterPolicyStmt, Kw.location, .policy_name = Name.str, .table = Rel, .roles = Roles, .qual = Qual,
                 .with_check = Check); }

row_security_opt_expr(Res) ::= .                                 { Res = NULL; }
row_security_opt_expr(Res) ::= USING LPAREN a_expr(Cond) RPAREN. { Res = Cond; }
row_security_opt_with_check(Res) ::= .                                      { Res = NULL; }
row_security_opt_with_check(Res) ::= WITH CHECK LPAREN a_expr(Cond) RPAREN. { Res = Cond; }
%type row_security_default_to_role {NodeList *}
row_security_default_to_role(Res) ::= .
    { Res = list_one(pc, MAKE(RoleSpec, -1, .roletype = ROLESPEC_PUBLIC)); }
row_security_default_to_role(Res) ::= TO role_list(List). { Res = List; }
%type row_security_opt_to_role {NodeList *}
row_security_opt_to_role(Res) ::= .                       { Res = NULL; }
row_security_opt_to_role(Res) ::= TO role_list(List).     { Res = List; }
%type row_security_default_permissive {int}
row_security_default_permissive(Res) ::= .                { Res = true; }
row_security_default_permissive(Res) ::= AS IDENT(Word).  { Res = is_permissive(pc, Word); }
%type row_security_default_for_cmd {Token}
row_security_default_for_cmd(Res) ::= .                   { Res = rename_token(no_token, "all"); }
row_security_default_for_cmd(Res) ::= FOR row_security_cmd(Cmd). { Res = Cmd; }
%type row_security_cmd {Token}
row_security_cmd(Res) ::= ALL(Res).
row_security_cmd(Res) ::= SELECT(Res).
row_security_cmd(Res) ::= INSERT(Res).
row_security_cmd(Res) ::= UPDATE(Res).
row_security_cmd(Res) ::= DELETE(Res).
