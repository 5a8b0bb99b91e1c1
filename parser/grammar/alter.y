// alter.y - ALTER TABLE and its kin; RENAME, SET SCHEMA, OWNER TO and DEPENDS ON of all objects.
//
// What stands between ALTER and the command is one symbol per kind of relation, since the kinds differ in what they
// take. Kinds of other objects share a symbol where no other ALTER of them begins with RENAME, OWNER or SET; the
// others are spelled out, or the grammar would have to decide before it knows.

%type table_target {AlterTarget}
table_target(Res) ::= TABLE relation_expr(Rel).                { Res = alter_target(OBJECT_TABLE, Rel, false); }
table_target(Res) ::= TABLE IF EXISTS relation_expr(Rel).      { Res = alter_target(OBJECT_TABLE, Rel, true); }
table_target(Res) ::= COLLECTION relation_expr(Rel).           { Res = alter_target(OBJECT_COLLECTION, Rel, false); }
table_target(Res) ::= COLLECTION IF EXISTS relation_expr(Rel). { Res = alter_target(OBJECT_COLLECTION, Rel, true); }
%type index_target {AlterTarget}
index_target(Res) ::= INDEX qualified_name(Rel).               { Res = alter_target(OBJECT_INDEX, Rel, false); }
index_target(Res) ::= INDEX IF EXISTS qualified_name(Rel).     { Res = alter_target(OBJECT_INDEX, Rel, true); }
%type sequence_target {AlterTarget}
sequence_target(Res) ::= SEQUENCE qualified_name(Rel).           { Res = alter_target(OBJECT_SEQUENCE, Rel, false); }
sequence_target(Res) ::= SEQUENCE IF EXISTS qualified_name(Rel). { Res = alter_target(OBJECT_SEQUENCE, Rel, true); }
%type view_target {AlterTarget}
view_target(Res) ::= VIEW qualified_name(Rel).                    { Res = alter_target(OBJECT_VIEW, Rel, false); }
view_target(Res) ::= VIEW IF EXISTS qualified_name(Rel).          { Res = alter_target(OBJECT_VIEW, Rel, true); }
view_target(Res) ::= FOREIGN TABLE relation_expr(Rel).            { Res = alter_target(OBJECT_FOREIGN_TABLE, Rel, false); }
view_target(Res) ::= FOREIGN TABLE IF EXISTS relation_expr(Rel).  { Res = alter_target(OBJECT_FOREIGN_TABLE, Rel, true); }
%type matview_target {AlterTarget}
matview_target(Res) ::= MATERIALIZED VIEW qualified_name(Rel).           { Res = alter_target(OBJECT_MATVIEW, Rel, false); }
matview_target(Res) ::= MATERIALIZED VIEW IF EXISTS qualified_name(Rel). { Res = alter_target(OBJECT_MATVIEW, Rel, true); }

// ---- ALTER TABLE ------------------------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) table_target(Target) alter_table_cmds(Cmds).    { Res = make_alter_table(pc, Kw, Target, Cmds); }
stmt(Res) ::= ALTER(Kw) index_target(Target) alter_table_cmds(Cmds).    { Res = make_alter_table(pc, Kw, Target, Cmds); }
stmt(Res) ::= ALTER(Kw) sequence_target(Target) alter_table_cmds(Cmds). { Res = make_alter_table(pc, Kw, Target, Cmds); }
stmt(Res) ::= ALTER(Kw) view_target(Target) alter_table_cmds(Cmds).     { Res = make_alter_table(pc, Kw, Target, Cmds); }
stmt(Res) ::= ALTER(Kw) matview_target(Target) alter_table_cmds(Cmds).  { Res = make_alter_table(pc, Kw, Target, Cmds); }
stmt(Res) ::= ALTER(Kw) table_target(Target) partition_cmd(Cmd).
    { Res = make_alter_table(pc, Kw, Target, list_one(pc, Cmd)); }
stmt(Res) ::= ALTER(Kw) index_target(Target) ATTACH(Act) PARTITION qualified_name(Part).
    { Res = make_alter_table(pc, Kw, Target, list_one(pc, MAKE(AlterTableCmd, Act.location,
          .subtype = AT_ATTACH_PARTITION, .def = MAKE(PartitionCmd, Act.location, .name = Part)))); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) alter_type_cmds(Cmds).
    { Res = make_alter_table(pc, Kw, alter_target(OBJECT_TYPE, make_range_var_from_list(pc, Name), false), Cmds); }
stmt(Res) ::= ALTER(Kw) all_in_tablespace_kind(Type_) ALL IN TABLESPACE colid(From) opt_owned_by(Roles) SET TABLESPACE
              colid(To) opt_nowait(Wait).
    { Res = MAKE(AlterTableMoveAllStmt, Kw.location, .orig_tablespacename = From.str, .objtype = Type_, .roles = Roles,
                 .new_tablespacename = To.str, .nowait = Wait); }
%type all_in_tablespace_kind {int}
all_in_tablespace_kind(Res) ::= TABLE.             { Res = OBJECT_TABLE; }
all_in_tablespace_kind(Res) ::= INDEX.             { Res = OBJECT_INDEX; }
all_in_tablespace_kind(Res) ::= MATERIALIZED VIEW. { Res = OBJECT_MATVIEW; }
%type opt_owned_by {NodeList *}
opt_owned_by(Res) ::= .                         { Res = NULL; }
opt_owned_by(Res) ::= OWNED BY role_list(List). { Res = List; }

%type alter_table_cmds {NodeList *}
alter_table_cmds(Res) ::= alter_table_cmd(Elem).                              { Res = list_one(pc, Elem); }
alter_table_cmds(Res) ::= alter_table_cmds(Head) COMMA alter_table_cmd(Elem). { Res = list_add(pc, Head, Elem); }

partition_cmd(Res) ::= ATTACH(Kw) PARTITION qualified_name(Part) partition_bound_spec(Bound).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ATTACH_PARTITION,
                 .def = MAKE(PartitionCmd, Kw.location, .name = Part, .bound = Bound)); }
partition_cmd(Res) ::= DETACH(Kw) PARTITION qualified_name(Part) opt_concurrently(Conc).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DETACH_PARTITION,
                 .def = MAKE(PartitionCmd, Kw.location, .name = Part, .concurrent = Conc)); }
partition_cmd(Res) ::= DETACH(Kw) PARTITION qualified_name(Part) FINALIZE.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DETACH_PARTITION_FINALIZE,
                 .def = MAKE(PartitionCmd, Kw.location, .name = Part)); }

// columns
alter_table_cmd(Res) ::= ADD(Kw) column_def(Def).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_COLUMN, .def = Def); }
alter_table_cmd(Res) ::= ADD(Kw) IF NOT EXISTS column_def(Def).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_COLUMN, .def = Def, .missing_ok = true); }
alter_table_cmd(Res) ::= ADD(Kw) COLUMN column_def(Def).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_COLUMN, .def = Def); }
alter_table_cmd(Res) ::= ADD(Kw) COLUMN IF NOT EXISTS column_def(Def).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_COLUMN, .def = Def, .missing_ok = true); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) alter_column_default(Def).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_COLUMN_DEFAULT, .name = Name.str, .def = Def); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) DROP NOT NULL.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_NOT_NULL, .name = Name.str); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) SET NOT NULL.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_NOT_NULL, .name = Name.str); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) DROP EXPRESSION.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_EXPRESSION, .name = Name.str); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) DROP EXPRESSION IF EXISTS.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_EXPRESSION, .name = Name.str, .missing_ok = true); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) SET STATISTICS signed_iconst(Num).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_STATISTICS, .name = Name.str,
                 .def = make_integer(pc, Num)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column ICONST(Col) SET STATISTICS signed_iconst(Num).
    { Res = make_column_number_statistics(pc, Kw, Col, Num); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) SET reloptions(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_OPTIONS, .name = Name.str, .def = NODE(Opts)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) RESET reloptions(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_RESET_OPTIONS, .name = Name.str, .def = NODE(Opts)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) SET STORAGE colid(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_STORAGE, .name = Name.str, .def = make_string(pc, How)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) SET column_compression(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_COMPRESSION, .name = Name.str,
                 .def = make_string(pc, How)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) ADD GENERATED(Gen) generated_when(When) AS IDENTITY
                         opt_parenthesized_seq_opt_list(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_IDENTITY, .name = Name.str,
                 .def = MAKE(Constraint, Gen.location, .contype = CONSTR_IDENTITY, .generated_when = When.ival,
                             .options = Opts)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) alter_identity_column_option_list(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_IDENTITY, .name = Name.str, .def = NODE(Opts)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) DROP IDENTITY.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_IDENTITY, .name = Name.str); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) DROP IDENTITY IF EXISTS.
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_IDENTITY, .name = Name.str, .missing_ok = true); }
alter_table_cmd(Res) ::= DROP(Kw) opt_column IF EXISTS colid(Name) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_COLUMN, .name = Name.str, .behavior = How,
                 .missing_ok = true); }
alter_table_cmd(Res) ::= DROP(Kw) opt_column colid(Name) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_COLUMN, .name = Name.str, .behavior = How); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) opt_set_data TYPE typename(Type_) opt_collate_clause(Coll)
                         alter_using(Expr).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ALTER_COLUMN_TYPE, .name = Name.str,
                 .def = MAKE(AlterColumnType, Name.location, .type_name = Type_, .coll_clause = Coll,
                             .using_expr = Expr)); }
alter_table_cmd(Res) ::= ALTER(Kw) opt_column colid(Name) alter_generic_options(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ALTER_COLUMN_GENERIC_OPTIONS, .name = Name.str,
                 .def = NODE(Opts)); }

// constraints
alter_table_cmd(Res) ::= ADD(Kw) table_constraint(Con).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_CONSTRAINT, .def = Con); }
alter_table_cmd(Res) ::= ALTER(Kw) CONSTRAINT colid(Name) constraint_attribute_spec(Attr).
    { Res = make_alter_constraint(pc, Kw, Name, Attr); }
alter_table_cmd(Res) ::= VALIDATE(Kw) CONSTRAINT colid(Name).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_VALIDATE_CONSTRAINT, .name = Name.str); }
alter_table_cmd(Res) ::= DROP(Kw) CONSTRAINT IF EXISTS colid(Name) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_CONSTRAINT, .name = Name.str, .behavior = How,
                 .missing_ok = true); }
alter_table_cmd(Res) ::= DROP(Kw) CONSTRAINT colid(Name) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_CONSTRAINT, .name = Name.str, .behavior = How); }

// the table
alter_table_cmd(Res) ::= SET(Kw) WITHOUT OIDS.       { Res = make_alter_word(pc, Kw, AT_SET_REL_OPTIONS); }
alter_table_cmd(Res) ::= CLUSTER(Kw) ON colid(Name). { Res = make_alter_name(pc, Kw, AT_CLUSTER_ON, Name); }
alter_table_cmd(Res) ::= SET(Kw) WITHOUT CLUSTER.    { Res = make_alter_word(pc, Kw, AT_DROP_CLUSTER); }
alter_table_cmd(Res) ::= SET(Kw) LOGGED.             { Res = make_alter_word(pc, Kw, AT_SET_LOGGED); }
alter_table_cmd(Res) ::= SET(Kw) UNLOGGED.           { Res = make_alter_word(pc, Kw, AT_SET_UNLOGGED); }
alter_table_cmd(Res) ::= ENABLE(Kw) TRIGGER colid(Name).         { Res = make_alter_name(pc, Kw, AT_ENABLE_TRIG, Name); }
alter_table_cmd(Res) ::= ENABLE(Kw) ALWAYS TRIGGER colid(Name).  { Res = make_alter_name(pc, Kw, AT_ENABLE_ALWAYS_TRIG, Name); }
alter_table_cmd(Res) ::= ENABLE(Kw) REPLICA TRIGGER colid(Name). { Res = make_alter_name(pc, Kw, AT_ENABLE_REPLICA_TRIG, Name); }
alter_table_cmd(Res) ::= ENABLE(Kw) TRIGGER ALL.     { Res = make_alter_word(pc, Kw, AT_ENABLE_TRIG_ALL); }
alter_table_cmd(Res) ::= ENABLE(Kw) TRIGGER USER.    { Res = make_alter_word(pc, Kw, AT_ENABLE_TRIG_USER); }
alter_table_cmd(Res) ::= DISABLE(Kw) TRIGGER colid(Name). { Res = make_alter_name(pc, Kw, AT_DISABLE_TRIG, Name); }
alter_table_cmd(Res) ::= DISABLE(Kw) TRIGGER ALL.    { Res = make_alter_word(pc, Kw, AT_DISABLE_TRIG_ALL); }
alter_table_cmd(Res) ::= DISABLE(Kw) TRIGGER USER.   { Res = make_alter_word(pc, Kw, AT_DISABLE_TRIG_USER); }
alter_table_cmd(Res) ::= ENABLE(Kw) RULE colid(Name).         { Res = make_alter_name(pc, Kw, AT_ENABLE_RULE, Name); }
alter_table_cmd(Res) ::= ENABLE(Kw) ALWAYS RULE colid(Name).  { Res = make_alter_name(pc, Kw, AT_ENABLE_ALWAYS_RULE, Name); }
alter_table_cmd(Res) ::= ENABLE(Kw) REPLICA RULE colid(Name). { Res = make_alter_name(pc, Kw, AT_ENABLE_REPLICA_RULE, Name); }
alter_table_cmd(Res) ::= DISABLE(Kw) RULE colid(Name).        { Res = make_alter_name(pc, Kw, AT_DISABLE_RULE, Name); }
alter_table_cmd(Res) ::= INHERIT(Kw) qualified_name(Rel).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_INHERIT, .def = NODE(Rel)); }
alter_table_cmd(Res) ::= NO(Kw) INHERIT qualified_name(Rel).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_INHERIT, .def = NODE(Rel)); }
alter_table_cmd(Res) ::= OF(Kw) any_name(Name).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_OF, .def = NODE(make_type_name(pc, Name))); }
alter_table_cmd(Res) ::= NOT(Kw) OF.                 { Res = make_alter_word(pc, Kw, AT_DROP_OF); }
alter_table_cmd(Res) ::= OWNER(Kw) TO role_spec(Role).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_CHANGE_OWNER, .newowner = Role); }
alter_table_cmd(Res) ::= SET(Kw) ACCESS METHOD colid(Name). { Res = make_alter_name(pc, Kw, AT_SET_ACCESS_METHOD, Name); }
alter_table_cmd(Res) ::= SET(Kw) TABLESPACE colid(Name).    { Res = make_alter_name(pc, Kw, AT_SET_TABLE_SPACE, Name); }
alter_table_cmd(Res) ::= SET(Kw) reloptions(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_SET_REL_OPTIONS, .def = NODE(Opts)); }
alter_table_cmd(Res) ::= RESET(Kw) reloptions(Opts).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_RESET_REL_OPTIONS, .def = NODE(Opts)); }
alter_table_cmd(Res) ::= REPLICA(Kw) IDENTITY replica_identity(Ident).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_REPLICA_IDENTITY, .def = Ident); }
alter_table_cmd(Res) ::= ENABLE(Kw) ROW LEVEL SECURITY.   { Res = make_alter_word(pc, Kw, AT_ENABLE_ROW_SECURITY); }
alter_table_cmd(Res) ::= DISABLE(Kw) ROW LEVEL SECURITY.  { Res = make_alter_word(pc, Kw, AT_DISABLE_ROW_SECURITY); }
alter_table_cmd(Res) ::= FORCE(Kw) ROW LEVEL SECURITY.    { Res = make_alter_word(pc, Kw, AT_FORCE_ROW_SECURITY); }
alter_table_cmd(Res) ::= NO(Kw) FORCE ROW LEVEL SECURITY. { Res = make_alter_word(pc, Kw, AT_NO_FORCE_ROW_SECURITY); }
alter_table_cmd(Res) ::= alter_generic_options(Opts).
    { Res = MAKE(AlterTableCmd, -1, .subtype = AT_GENERIC_OPTIONS, .def = NODE(Opts)); }

opt_column ::= .
opt_column ::= COLUMN.
opt_set_data ::= .
opt_set_data ::= SET DATA.

alter_column_default(Res) ::= SET DEFAULT a_expr(Val). { Res = Val; }
alter_column_default(Res) ::= DROP DEFAULT.            { Res = NULL; }
alter_using(Res) ::= .                    { Res = NULL; }
alter_using(Res) ::= USING a_expr(Expr).  { Res = Expr; }

replica_identity(Res) ::= NOTHING(Kw).
    { Res = MAKE(ReplicaIdentityStmt, Kw.location, .identity_type = REPLICA_IDENTITY_NOTHING); }
replica_identity(Res) ::= FULL(Kw).
    { Res = MAKE(ReplicaIdentityStmt, Kw.location, .identity_type = REPLICA_IDENTITY_FULL); }
replica_identity(Res) ::= DEFAULT(Kw).
    { Res = MAKE(ReplicaIdentityStmt, Kw.location, .identity_type = REPLICA_IDENTITY_DEFAULT); }
replica_identity(Res) ::= USING(Kw) INDEX colid(Name).
    { Res = MAKE(ReplicaIdentityStmt, Kw.location, .identity_type = REPLICA_IDENTITY_INDEX, .name = Name.str); }

%type alter_identity_column_option_list {NodeList *}
alter_identity_column_option_list(Res) ::= alter_identity_column_option(Elem).
    { Res = list_one(pc, Elem); }
alter_identity_column_option_list(Res) ::= alter_identity_column_option_list(Head) alter_identity_column_option(Elem).
    { Res = list_add(pc, Head, Elem); }
alter_identity_column_option(Res) ::= RESTART(Kw).                            { Res = make_def(pc, Kw, NULL); }
alter_identity_column_option(Res) ::= RESTART(Kw) opt_with numeric_only(Num). { Res = make_def(pc, Kw, Num); }
alter_identity_column_option(Res) ::= SET seq_opt_elem(Opt).                  { Res = check_identity_option(pc, Opt); }
alter_identity_column_option(Res) ::= SET GENERATED(Kw) generated_when(When).
    { Res = make_def(pc, Kw, make_integer(pc, When.ival)); }

// ---- composite types --------------------------------------------------------------------------------------------

%type alter_type_cmds {NodeList *}
alter_type_cmds(Res) ::= alter_type_cmd(Elem).                             { Res = list_one(pc, Elem); }
alter_type_cmds(Res) ::= alter_type_cmds(Head) COMMA alter_type_cmd(Elem). { Res = list_add(pc, Head, Elem); }
alter_type_cmd(Res) ::= ADD(Kw) ATTRIBUTE table_func_element(Def) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ADD_COLUMN, .def = Def, .behavior = How); }
alter_type_cmd(Res) ::= DROP(Kw) ATTRIBUTE IF EXISTS colid(Name) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_COLUMN, .name = Name.str, .behavior = How,
                 .missing_ok = true); }
alter_type_cmd(Res) ::= DROP(Kw) ATTRIBUTE colid(Name) opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_DROP_COLUMN, .name = Name.str, .behavior = How); }
alter_type_cmd(Res) ::= ALTER(Kw) ATTRIBUTE colid(Name) opt_set_data TYPE typename(Type_) opt_collate_clause(Coll)
                        opt_drop_behavior(How).
    { Res = MAKE(AlterTableCmd, Kw.location, .subtype = AT_ALTER_COLUMN_TYPE, .name = Name.str, .behavior = How,
                 .def = MAKE(AlterColumnType, Name.location, .type_name = Type_, .coll_clause = Coll)); }

// ---- RENAME -----------------------------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) table_target(Target) RENAME TO colid(New).    { Res = make_rename(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) index_target(Target) RENAME TO colid(New).    { Res = make_rename(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) sequence_target(Target) RENAME TO colid(New). { Res = make_rename(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) view_target(Target) RENAME TO colid(New).     { Res = make_rename(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) matview_target(Target) RENAME TO colid(New).  { Res = make_rename(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) table_target(Target) RENAME opt_column colid(Old) TO colid(New).
    { Res = make_rename_part(pc, Kw, Target, OBJECT_COLUMN, Old, New); }
stmt(Res) ::= ALTER(Kw) view_target(Target) RENAME opt_column colid(Old) TO colid(New).
    { Res = make_rename_part(pc, Kw, Target, OBJECT_COLUMN, Old, New); }
stmt(Res) ::= ALTER(Kw) matview_target(Target) RENAME opt_column colid(Old) TO colid(New).
    { Res = make_rename_part(pc, Kw, Target, OBJECT_COLUMN, Old, New); }
stmt(Res) ::= ALTER(Kw) table_target(Target) RENAME CONSTRAINT colid(Old) TO colid(New).
    { Res = make_rename_part(pc, Kw, Target, OBJECT_TABCONSTRAINT, Old, New); }
stmt(Res) ::= ALTER(Kw) POLICY colid(Old) ON qualified_name(Rel) RENAME TO colid(New).
    { Res = make_rename_part(pc, Kw, alter_target(OBJECT_TABLE, Rel, false), OBJECT_POLICY, Old, New); }
stmt(Res) ::= ALTER(Kw) RULE colid(Old) ON qualified_name(Rel) RENAME TO colid(New).
    { Res = make_rename_part(pc, Kw, alter_target(OBJECT_TABLE, Rel, false), OBJECT_RULE, Old, New); }
stmt(Res) ::= ALTER(Kw) TRIGGER colid(Old) ON qualified_name(Rel) RENAME TO colid(New).
    { Res = make_rename_part(pc, Kw, alter_target(OBJECT_TABLE, Rel, false), OBJECT_TRIGGER, Old, New); }
stmt(Res) ::= ALTER(Kw) POLICY IF EXISTS colid(Old) ON qualified_name(Rel) RENAME TO colid(New).
    { Res = make_rename_part(pc, Kw, alter_target(OBJECT_TABLE, Rel, true), OBJECT_POLICY, Old, New); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) RENAME ATTRIBUTE colid(Old) TO colid(New) opt_drop_behavior(How).
    { Res = MAKE(RenameStmt, Kw.location, .rename_type = OBJECT_ATTRIBUTE, .relation_type = OBJECT_TYPE,
                 .relation = make_range_var_from_list(pc, Name), .subname = Old.str, .newname = New.str,
                 .behavior = How); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) RENAME CONSTRAINT colid(Old) TO colid(New).
    { Res = MAKE(RenameStmt, Kw.location, .rename_type = OBJECT_DOMCONSTRAINT, .object = NODE(Name),
                 .subname = Old.str, .newname = New.str); }
stmt(Res) ::= ALTER(Kw) schema_object(Obj) RENAME TO colid(New). { Res = make_rename_object(pc, Kw, Obj, New); }
stmt(Res) ::= ALTER(Kw) global_object(Obj) RENAME TO colid(New). { Res = make_rename_object(pc, Kw, Obj, New); }
stmt(Res) ::= ALTER(Kw) STATISTICS any_name(Name) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_STATISTIC_EXT, Name), New); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH PARSER any_name(Name) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_TSPARSER, Name), New); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH TEMPLATE any_name(Name) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_TSTEMPLATE, Name), New); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_TYPE, Name), New); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_DOMAIN, Name), New); }
stmt(Res) ::= ALTER(Kw) object_type_routine(Type_) function_with_argtypes(Func) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(Type_, Func), New); }
stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) RENAME TO colid(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_DATABASE, make_string(pc, Name)), New); }
stmt(Res) ::= ALTER(Kw) ROLE role_id(Old) RENAME TO role_id(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_ROLE, make_string(pc, Old)), New); }
stmt(Res) ::= ALTER(Kw) USER role_id(Old) RENAME TO role_id(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_ROLE, make_string(pc, Old)), New); }
stmt(Res) ::= ALTER(Kw) GROUP role_id(Old) RENAME TO role_id(New).
    { Res = make_rename_object(pc, Kw, typed_object(OBJECT_ROLE, make_string(pc, Old)), New); }

// In a schema, with an owner.
%type schema_object {TypedObject}
schema_object(Res) ::= AGGREGATE aggregate_with_argtypes(Func).    { Res = typed_object(OBJECT_AGGREGATE, Func); }
schema_object(Res) ::= COLLATION any_name(Name).                   { Res = typed_object(OBJECT_COLLATION, Name); }
schema_object(Res) ::= CONVERSION any_name(Name).                  { Res = typed_object(OBJECT_CONVERSION, Name); }
schema_object(Res) ::= OPERATOR CLASS any_name(Name) USING colid(Method).
    { Res = typed_object(OBJECT_OPCLASS, list_with_first(pc, make_string(pc, Method), Name)); }
schema_object(Res) ::= OPERATOR FAMILY any_name(Name) USING colid(Method).
    { Res = typed_object(OBJECT_OPFAMILY, list_with_first(pc, make_string(pc, Method), Name)); }
schema_object(Res) ::= TEXT SEARCH DICTIONARY any_name(Name).      { Res = typed_object(OBJECT_TSDICTIONARY, Name); }
schema_object(Res) ::= TEXT SEARCH CONFIGURATION any_name(Name).   { Res = typed_object(OBJECT_TSCONFIGURATION, Name); }

// Outside schemas, with an owner.
%type global_object {TypedObject}
global_object(Res) ::= FOREIGN DATA WRAPPER colid(Name).    { Res = typed_object(OBJECT_FDW, make_string(pc, Name)); }
global_object(Res) ::= opt_procedural LANGUAGE colid(Name). { Res = typed_object(OBJECT_LANGUAGE, make_string(pc, Name)); }
global_object(Res) ::= PUBLICATION colid(Name).             { Res = typed_object(OBJECT_PUBLICATION, make_string(pc, Name)); }
global_object(Res) ::= SCHEMA colid(Name).                  { Res = typed_object(OBJECT_SCHEMA, make_string(pc, Name)); }
global_object(Res) ::= SERVER colid(Name).                  { Res = typed_object(OBJECT_FOREIGN_SERVER, make_string(pc, Name)); }
global_object(Res) ::= SUBSCRIPTION colid(Name).            { Res = typed_object(OBJECT_SUBSCRIPTION, make_string(pc, Name)); }
global_object(Res) ::= EVENT TRIGGER colid(Name).           { Res = typed_object(OBJECT_EVENT_TRIGGER, make_string(pc, Name)); }
global_object(Res) ::= TABLESPACE colid(Name).              { Res = typed_object(OBJECT_TABLESPACE, make_string(pc, Name)); }

// ---- SET SCHEMA -------------------------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) table_target(Target) SET SCHEMA colid(New).    { Res = make_set_schema(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) sequence_target(Target) SET SCHEMA colid(New). { Res = make_set_schema(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) view_target(Target) SET SCHEMA colid(New).     { Res = make_set_schema(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) matview_target(Target) SET SCHEMA colid(New).  { Res = make_set_schema(pc, Kw, Target, New); }
stmt(Res) ::= ALTER(Kw) schema_object(Obj) SET SCHEMA colid(New).      { Res = make_set_schema_object(pc, Kw, Obj, New); }
stmt(Res) ::= ALTER(Kw) STATISTICS any_name(Name) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_STATISTIC_EXT, Name), New); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH PARSER any_name(Name) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_TSPARSER, Name), New); }
stmt(Res) ::= ALTER(Kw) TEXT SEARCH TEMPLATE any_name(Name) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_TSTEMPLATE, Name), New); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_TYPE, Name), New); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_DOMAIN, Name), New); }
stmt(Res) ::= ALTER(Kw) EXTENSION colid(Name) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_EXTENSION, make_string(pc, Name)), New); }
stmt(Res) ::= ALTER(Kw) OPERATOR operator_with_argtypes(Op) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(OBJECT_OPERATOR, Op), New); }
stmt(Res) ::= ALTER(Kw) object_type_routine(Type_) function_with_argtypes(Func) SET SCHEMA colid(New).
    { Res = make_set_schema_object(pc, Kw, typed_object(Type_, Func), New); }

// ---- OWNER TO ---------------------------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) schema_object(Obj) OWNER TO role_spec(Role). { Res = make_set_owner(pc, Kw, Obj, Role); }
stmt(Res) ::= ALTER(Kw) global_object(Obj) OWNER TO role_spec(Role). { Res = make_set_owner(pc, Kw, Obj, Role); }
stmt(Res) ::= ALTER(Kw) STATISTICS any_name(Name) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(OBJECT_STATISTIC_EXT, Name), Role); }
stmt(Res) ::= ALTER(Kw) TYPE any_name(Name) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(OBJECT_TYPE, Name), Role); }
stmt(Res) ::= ALTER(Kw) DOMAIN any_name(Name) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(OBJECT_DOMAIN, Name), Role); }
stmt(Res) ::= ALTER(Kw) DATABASE colid(Name) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(OBJECT_DATABASE, make_string(pc, Name)), Role); }
stmt(Res) ::= ALTER(Kw) OPERATOR operator_with_argtypes(Op) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(OBJECT_OPERATOR, Op), Role); }
stmt(Res) ::= ALTER(Kw) object_type_routine(Type_) function_with_argtypes(Func) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(Type_, Func), Role); }
stmt(Res) ::= ALTER(Kw) LARGE OBJECT numeric_only(Oid) OWNER TO role_spec(Role).
    { Res = make_set_owner(pc, Kw, typed_object(OBJECT_LARGEOBJECT, Oid), Role); }

// ---- DEPENDS ON EXTENSION, REFRESH VERSION ----------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) object_type_routine(Type_) function_with_argtypes(Func) opt_no(No) DEPENDS ON EXTENSION colid(Ext).
    { Res = MAKE(AlterObjectDependsStmt, Kw.location, .object_type = Type_, .object = NODE(Func), .extname = Ext.str,
                 .remove = No); }
stmt(Res) ::= ALTER(Kw) TRIGGER colid(Name) ON qualified_name(Rel) opt_no(No) DEPENDS ON EXTENSION colid(Ext).
    { Res = MAKE(AlterObjectDependsStmt, Kw.location, .object_type = OBJECT_TRIGGER, .relation = Rel,
                 .object = make_string(pc, Name), .extname = Ext.str, .remove = No); }
stmt(Res) ::= ALTER(Kw) matview_target(Target) opt_no(No) DEPENDS(Dep) ON EXTENSION colid(Ext).
    { Res = make_depends(pc, Kw, Target, No, Dep, Ext); }
stmt(Res) ::= ALTER(Kw) index_target(Target) opt_no(No) DEPENDS(Dep) ON EXTENSION colid(Ext).
    { Res = make_depends(pc, Kw, Target, No, Dep, Ext); }
%type opt_no {int}
opt_no(Res) ::= .   { Res = false; }
opt_no(Res) ::= NO. { Res = true; }

stmt(Res) ::= ALTER(Kw) COLLATION any_name(Name) REFRESH VERSION.
    { Res = MAKE(AlterCollationStmt, Kw.location, .collname = Name); }
