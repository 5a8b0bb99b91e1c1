// table.y - CREATE TABLE, CREATE TABLE AS, CREATE COLLECTION: columns, constraints, partitions.

// ---- CREATE TABLE -----------------------------------------------------------------------------------------------

stmt(Res) ::= create_stmt(Res).
create_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) TABLE create_name(Rel) LPAREN opt_table_element_list(Elts) RPAREN
              opt_inherit(Inh) opt_partition_spec(Part) access_method_clause(Method) create_options(Opts)
              opt_on_commit(Commit) opt_table_space(Space).
    { Res = MAKE(CreateStmt, Kw.location, .relation = set_persistence(Rel.object, Pers), .if_not_exists = Rel.flag,
                 .table_elts = Elts, .inh_relations = Inh, .partspec = Part, .access_method = Method.str,
                 .options = Opts, .oncommit = Commit, .tablespacename = Space.str); }
create_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) TABLE create_name(Rel) OF any_name(Type_name) opt_typed_table_element_list(Elts)
              opt_partition_spec(Part) access_method_clause(Method) create_options(Opts) opt_on_commit(Commit)
              opt_table_space(Space).
    { Res = MAKE(CreateStmt, Kw.location, .relation = set_persistence(Rel.object, Pers), .if_not_exists = Rel.flag,
                 .of_typename = make_type_name(pc, Type_name), .table_elts = Elts, .partspec = Part,
                 .access_method = Method.str, .options = Opts, .oncommit = Commit, .tablespacename = Space.str); }
create_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) TABLE create_name(Rel) PARTITION OF qualified_name(Parent)
              opt_typed_table_element_list(Elts) partition_bound_spec(Bound) opt_partition_spec(Part)
              access_method_clause(Method) create_options(Opts) opt_on_commit(Commit) opt_table_space(Space).
    { Res = MAKE(CreateStmt, Kw.location, .relation = set_persistence(Rel.object, Pers), .if_not_exists = Rel.flag,
                 .inh_relations = list_one(pc, NODE(Parent)), .table_elts = Elts, .partbound = Bound, .partspec = Part,
                 .access_method = Method.str, .options = Opts, .oncommit = Commit, .tablespacename = Space.str); }

// A name with IF NOT EXISTS before it or not: written twice, because IF may be a name.
%type create_name {Marked}
create_name(Res) ::= qualified_name(Rel).               { Res = marked(false, Rel); }
create_name(Res) ::= IF NOT EXISTS qualified_name(Rel). { Res = marked(true, Rel); }

// GLOBAL and LOCAL mean nothing.
%type opt_temp {int}
opt_temp(Res) ::= .                 { Res = RELPERSISTENCE_PERMANENT; }
opt_temp(Res) ::= TEMPORARY.        { Res = RELPERSISTENCE_TEMP; }
opt_temp(Res) ::= TEMP.             { Res = RELPERSISTENCE_TEMP; }
opt_temp(Res) ::= LOCAL TEMPORARY.  { Res = RELPERSISTENCE_TEMP; }
opt_temp(Res) ::= LOCAL TEMP.       { Res = RELPERSISTENCE_TEMP; }
opt_temp(Res) ::= GLOBAL TEMPORARY. { Res = RELPERSISTENCE_TEMP; }
opt_temp(Res) ::= GLOBAL TEMP.      { Res = RELPERSISTENCE_TEMP; }
opt_temp(Res) ::= UNLOGGED.         { Res = RELPERSISTENCE_UNLOGGED; }

%type opt_table_element_list {NodeList *}
opt_table_element_list(Res) ::= .                       { Res = NULL; }
opt_table_element_list(Res) ::= table_element_list(Res).

%type table_element_list {NodeList *}
table_element_list(Res) ::= table_element(Elem).                                { Res = list_one(pc, Elem); }
table_element_list(Res) ::= table_element_list(Head) COMMA table_element(Elem). { Res = list_add(pc, Head, Elem); }

table_element(Res) ::= column_def(Res).
table_element(Res) ::= LIKE(Kw) qualified_name(Rel) table_like_option_list(Opts).
    { Res = MAKE(TableLikeClause, Kw.location, .relation = Rel, .options = Opts); }
table_element(Res) ::= table_constraint(Res).

%type opt_typed_table_element_list {NodeList *}
opt_typed_table_element_list(Res) ::= .                                             { Res = NULL; }
opt_typed_table_element_list(Res) ::= LPAREN typed_table_element_list(List) RPAREN. { Res = List; }

%type typed_table_element_list {NodeList *}
typed_table_element_list(Res) ::= typed_table_element(Elem).
    { Res = list_one(pc, Elem); }
typed_table_element_list(Res) ::= typed_table_element_list(Head) COMMA typed_table_element(Elem).
    { Res = list_add(pc, Head, Elem); }
typed_table_element(Res) ::= colid(Name) col_qual_list(Quals).
    { Res = make_column(pc, Name, NULL, Quals); }
typed_table_element(Res) ::= colid(Name) WITH OPTIONS col_qual_list(Quals).
    { Res = make_column(pc, Name, NULL, Quals); }
typed_table_element(Res) ::= table_constraint(Res).

%type table_like_option_list {int}
table_like_option_list(Res) ::= .                                                  { Res = 0; }
table_like_option_list(Res) ::= table_like_option_list(Head) INCLUDING table_like_option(Opt). { Res = Head | Opt; }
table_like_option_list(Res) ::= table_like_option_list(Head) EXCLUDING table_like_option(Opt). { Res = Head & ~Opt; }

%type table_like_option {int}
table_like_option(Res) ::= COMMENTS.    { Res = CREATE_TABLE_LIKE_COMMENTS; }
table_like_option(Res) ::= COMPRESSION. { Res = CREATE_TABLE_LIKE_COMPRESSION; }
table_like_option(Res) ::= CONSTRAINTS. { Res = CREATE_TABLE_LIKE_CONSTRAINTS; }
table_like_option(Res) ::= DEFAULTS.    { Res = CREATE_TABLE_LIKE_DEFAULTS; }
table_like_option(Res) ::= IDENTITY.    { Res = CREATE_TABLE_LIKE_IDENTITY; }
table_like_option(Res) ::= GENERATED.   { Res = CREATE_TABLE_LIKE_GENERATED; }
table_like_option(Res) ::= INDEXES.     { Res = CREATE_TABLE_LIKE_INDEXES; }
table_like_option(Res) ::= STATISTICS.  { Res = CREATE_TABLE_LIKE_STATISTICS; }
table_like_option(Res) ::= STORAGE.     { Res = CREATE_TABLE_LIKE_STORAGE; }
table_like_option(Res) ::= ALL.         { Res = CREATE_TABLE_LIKE_ALL; }

%type opt_inherit {NodeList *}
opt_inherit(Res) ::= .                                                 { Res = NULL; }
opt_inherit(Res) ::= INHERITS LPAREN qualified_name_list(List) RPAREN. { Res = List; }

%type create_options {NodeList *}
create_options(Res) ::= .                      { Res = NULL; }
create_options(Res) ::= WITH reloptions(Opts). { Res = Opts; }
create_options(Res) ::= WITHOUT OIDS.          { Res = NULL; }

%type opt_on_commit {int}
opt_on_commit(Res) ::= .                        { Res = ONCOMMIT_NOOP; }
opt_on_commit(Res) ::= ON COMMIT DROP.          { Res = ONCOMMIT_DROP; }
opt_on_commit(Res) ::= ON COMMIT DELETE ROWS.   { Res = ONCOMMIT_DELETE_ROWS; }
opt_on_commit(Res) ::= ON COMMIT PRESERVE ROWS. { Res = ONCOMMIT_PRESERVE_ROWS; }

// ---- columns ----------------------------------------------------------------------------------------------------

column_def(Res) ::= colid(Name) typename(Type_name) opt_column_compression(Comp) create_generic_options(Fdw)
                    col_qual_list(Quals).
    { Res = finish_column(make_column(pc, Name, Type_name, Quals), Comp.str, Fdw); }

%type opt_column_compression {Token}
opt_column_compression(Res) ::= .                       { Res = no_token; }
opt_column_compression(Res) ::= column_compression(Res).
%type column_compression {Token}
column_compression(Res) ::= COMPRESSION colid(Name).   { Res = Name; }
column_compression(Res) ::= COMPRESSION DEFAULT(Name). { Res = Name; }

// COLLATE may stand anywhere among the constraints; make_column() takes it out.
%type col_qual_list {NodeList *}
col_qual_list(Res) ::= .                                               { Res = NULL; }
col_qual_list(Res) ::= col_qual_list(Head) col_constraint(Elem).       { Res = list_add(pc, Head, Elem); }

col_constraint(Res) ::= CONSTRAINT(Kw) colid(Name) col_constraint_elem(Con). { Res = name_constraint(Con, Name, Kw); }
col_constraint(Res) ::= col_constraint_elem(Con).                            { Res = NODE(Con); }
col_constraint(Res) ::= constraint_attr(Con).                                { Res = NODE(Con); }
col_constraint(Res) ::= COLLATE(Kw) any_name(Name). { Res = MAKE(CollateClause, Kw.location, .collname = Name); }

%type col_constraint_elem {Constraint *}
col_constraint_elem(Res) ::= NOT(Kw) NULL.
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_NOTNULL); }
col_constraint_elem(Res) ::= NULL(Kw).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_NULL); }
col_constraint_elem(Res) ::= UNIQUE(Kw) opt_unique_nulls(Nulls) opt_definition(Opts) opt_cons_table_space(Space).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_UNIQUE, .nulls_not_distinct = Nulls, .options = Opts,
                 .indexspace = Space.str); }
col_constraint_elem(Res) ::= PRIMARY(Kw) KEY opt_definition(Opts) opt_cons_table_space(Space).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_PRIMARY, .options = Opts, .indexspace = Space.str); }
col_constraint_elem(Res) ::= CHECK(Kw) LPAREN a_expr(Cond) RPAREN opt_no_inherit(Inh).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_CHECK, .is_no_inherit = Inh, .raw_expr = Cond); }
col_constraint_elem(Res) ::= DEFAULT(Kw) b_expr(Val).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_DEFAULT, .raw_expr = Val); }
col_constraint_elem(Res) ::= GENERATED(Kw) generated_when(When) AS IDENTITY opt_parenthesized_seq_opt_list(Opts).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_IDENTITY, .generated_when = When.ival, .options = Opts); }
col_constraint_elem(Res) ::= GENERATED(Kw) generated_when(When) AS LPAREN a_expr(Val) RPAREN STORED.
    { Res = make_generated(pc, Kw, When, Val); }
col_constraint_elem(Res) ::= REFERENCES(Kw) qualified_name(Rel) opt_column_list(Cols) key_match(Match) key_actions(Acts).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_FOREIGN, .pktable = Rel, .pk_attrs = Cols,
                 .fk_matchtype = Match, .fk_upd_action = Acts.update, .fk_del_action = Acts.delete,
                 .fk_del_set_cols = Acts.delete_columns); }

%type generated_when {Token}
generated_when(Res) ::= ALWAYS(Kw).     { Res = token_value(Kw, IDENTITY_ALWAYS); }
generated_when(Res) ::= BY(Kw) DEFAULT. { Res = token_value(Kw, IDENTITY_BY_DEFAULT); }

%type constraint_attr {Constraint *}
constraint_attr(Res) ::= DEFERRABLE(Kw).
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_ATTR_DEFERRABLE); }
constraint_attr(Res) ::= NOT(Kw) DEFERRABLE.
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_ATTR_NOT_DEFERRABLE); }
constraint_attr(Res) ::= INITIALLY(Kw) DEFERRED.
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_ATTR_DEFERRED); }
constraint_attr(Res) ::= INITIALLY(Kw) IMMEDIATE.
    { Res = MAKE(Constraint, Kw.location, .contype = CONSTR_ATTR_IMMEDIATE); }

// ---- table constraints ------------------------------------------------------------------------------------------

table_constraint(Res) ::= CONSTRAINT(Kw) colid(Name) constraint_elem(Con). { Res = name_constraint(Con, Name, Kw); }
table_constraint(Res) ::= constraint_elem(Con).                            { Res = NODE(Con); }

%type constraint_elem {Constraint *}
constraint_elem(Res) ::= CHECK(Kw) LPAREN a_expr(Cond) RPAREN constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_CHECK, .raw_expr = Cond), Attr); }
constraint_elem(Res) ::= UNIQUE(Kw) opt_unique_nulls(Nulls) LPAREN column_list(Cols) RPAREN opt_c_include(Incl)
                         opt_definition(Opts) opt_cons_table_space(Space) constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_UNIQUE, .nulls_not_distinct = Nulls,
                                      .keys = Cols, .including = Incl, .options = Opts, .indexspace = Space.str), Attr); }
constraint_elem(Res) ::= UNIQUE(Kw) USING INDEX colid(Index) constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_UNIQUE, .indexname = Index.str), Attr); }
constraint_elem(Res) ::= PRIMARY(Kw) KEY LPAREN column_list(Cols) RPAREN opt_c_include(Incl) opt_definition(Opts)
                         opt_cons_table_space(Space) constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_PRIMARY, .keys = Cols,
                                      .including = Incl, .options = Opts, .indexspace = Space.str), Attr); }
constraint_elem(Res) ::= PRIMARY(Kw) KEY USING INDEX colid(Index) constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_PRIMARY, .indexname = Index.str), Attr); }
constraint_elem(Res) ::= EXCLUDE(Kw) access_method_clause(Method) LPAREN exclusion_constraint_list(Excl) RPAREN
                         opt_c_include(Incl) opt_definition(Opts) opt_cons_table_space(Space)
                         exclusion_where_clause(Where) constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_EXCLUSION, .access_method = Method.str,
                                      .exclusions = Excl, .including = Incl, .options = Opts, .indexspace = Space.str,
                                      .where_clause = Where), Attr); }
constraint_elem(Res) ::= FOREIGN(Kw) KEY LPAREN column_list(Cols) RPAREN REFERENCES qualified_name(Rel)
                         opt_column_list(Refs) key_match(Match) key_actions(Acts) constraint_attribute_spec(Attr).
    { Res = apply_attributes(pc, MAKE(Constraint, Kw.location, .contype = CONSTR_FOREIGN, .pktable = Rel,
                                      .fk_attrs = Cols, .pk_attrs = Refs, .fk_matchtype = Match,
                                      .fk_upd_action = Acts.update, .fk_del_action = Acts.delete,
                                      .fk_del_set_cols = Acts.delete_columns), Attr); }

%type opt_no_inherit {int}
opt_no_inherit(Res) ::= .           { Res = false; }
opt_no_inherit(Res) ::= NO INHERIT. { Res = true; }

%type opt_column_list {NodeList *}
opt_column_list(Res) ::= .                               { Res = NULL; }
opt_column_list(Res) ::= LPAREN column_list(List) RPAREN. { Res = List; }

%type column_list {NodeList *}
column_list(Res) ::= colid(Name).                         { Res = list_one(pc, make_string(pc, Name)); }
column_list(Res) ::= column_list(Head) COMMA colid(Name). { Res = list_add(pc, Head, make_string(pc, Name)); }

%type opt_c_include {NodeList *}
opt_c_include(Res) ::= .                                       { Res = NULL; }
opt_c_include(Res) ::= INCLUDE LPAREN column_list(List) RPAREN. { Res = List; }

%type key_match {int}
key_match(Res) ::= .              { Res = FKCONSTR_MATCH_SIMPLE; }
key_match(Res) ::= MATCH FULL.    { Res = FKCONSTR_MATCH_FULL; }
key_match(Res) ::= MATCH(Kw) PARTIAL. { Res = match_partial(pc, Kw); }
key_match(Res) ::= MATCH SIMPLE.  { Res = FKCONSTR_MATCH_SIMPLE; }

%type exclusion_constraint_list {NodeList *}
exclusion_constraint_list(Res) ::= exclusion_constraint_elem(Elem).
    { Res = list_one(pc, Elem); }
exclusion_constraint_list(Res) ::= exclusion_constraint_list(Head) COMMA exclusion_constraint_elem(Elem).
    { Res = list_add(pc, Head, Elem); }
exclusion_constraint_elem(Res) ::= index_elem(Elem) WITH any_operator(Op).
    { Res = NODE(list_two(pc, NODE(Elem), NODE(Op))); }
exclusion_constraint_elem(Res) ::= index_elem(Elem) WITH OPERATOR LPAREN any_operator(Op) RPAREN.
    { Res = NODE(list_two(pc, NODE(Elem), NODE(Op))); }

exclusion_where_clause(Res) ::= .                                 { Res = NULL; }
exclusion_where_clause(Res) ::= WHERE LPAREN a_expr(Cond) RPAREN. { Res = Cond; }

%type key_actions {KeyActions}
key_actions(Res) ::= .                                        { Res = key_actions(NULL, NULL); }
key_actions(Res) ::= key_update(Upd).                         { Res = key_actions(&Upd, NULL); }
key_actions(Res) ::= key_delete(Del).                         { Res = key_actions(NULL, &Del); }
key_actions(Res) ::= key_update(Upd) key_delete(Del).         { Res = key_actions(&Upd, &Del); }
key_actions(Res) ::= key_delete(Del) key_update(Upd).         { Res = key_actions(&Upd, &Del); }

%type key_update {KeyAction}
key_update(Res) ::= ON(Kw) UPDATE key_action(Act). { Res = check_update_action(pc, Kw, Act); }
%type key_delete {KeyAction}
key_delete(Res) ::= ON DELETE key_action(Act).     { Res = Act; }

%type key_action {KeyAction}
key_action(Res) ::= NO ACTION.                         { Res = key_action(FKCONSTR_ACTION_NOACTION, NULL); }
key_action(Res) ::= RESTRICT.                          { Res = key_action(FKCONSTR_ACTION_RESTRICT, NULL); }
key_action(Res) ::= CASCADE.                           { Res = key_action(FKCONSTR_ACTION_CASCADE, NULL); }
key_action(Res) ::= SET NULL opt_column_list(Cols).    { Res = key_action(FKCONSTR_ACTION_SETNULL, Cols); }
key_action(Res) ::= SET DEFAULT opt_column_list(Cols). { Res = key_action(FKCONSTR_ACTION_SETDEFAULT, Cols); }

%type opt_cons_table_space {Token}
opt_cons_table_space(Res) ::= .                                   { Res = no_token; }
opt_cons_table_space(Res) ::= USING INDEX TABLESPACE colid(Name). { Res = Name; }

// The attributes at the end of a constraint: a set of bits, contradictions refused as they are met.
%type constraint_attribute_spec {ConstraintAttributes}
constraint_attribute_spec(Res) ::= .  { Res = no_attributes; }
constraint_attribute_spec(Res) ::= constraint_attribute_spec(Head) constraint_attribute_elem(Attr).
    { Res = add_attribute(pc, Head, Attr); }

%type constraint_attribute_elem {ConstraintAttributes}
constraint_attribute_elem(Res) ::= NOT(Kw) DEFERRABLE.      { Res = attribute(Kw, ATTRIBUTE_NOT_DEFERRABLE); }
constraint_attribute_elem(Res) ::= DEFERRABLE(Kw).          { Res = attribute(Kw, ATTRIBUTE_DEFERRABLE); }
constraint_attribute_elem(Res) ::= INITIALLY(Kw) IMMEDIATE. { Res = attribute(Kw, ATTRIBUTE_INITIALLY_IMMEDIATE); }
constraint_attribute_elem(Res) ::= INITIALLY(Kw) DEFERRED.  { Res = attribute(Kw, ATTRIBUTE_INITIALLY_DEFERRED); }
constraint_attribute_elem(Res) ::= NOT(Kw) VALID.           { Res = attribute(Kw, ATTRIBUTE_NOT_VALID); }
constraint_attribute_elem(Res) ::= NO(Kw) INHERIT.          { Res = attribute(Kw, ATTRIBUTE_NO_INHERIT); }

// ---- partitions -------------------------------------------------------------------------------------------------

%type partition_bound_spec {PartitionBoundSpec *}
partition_bound_spec(Res) ::= FOR VALUES(Kw) WITH LPAREN hash_partbound(Opts) RPAREN.
    { Res = make_hash_bound(pc, Kw, Opts); }
partition_bound_spec(Res) ::= FOR VALUES(Kw) IN LPAREN expr_list(List) RPAREN.
    { Res = MAKE(PartitionBoundSpec, Kw.location, .strategy = PARTITION_STRATEGY_LIST, .modulus = -1, .remainder = -1,
                 .listdatums = List); }
partition_bound_spec(Res) ::= FOR VALUES(Kw) FROM LPAREN expr_list(Low) RPAREN TO LPAREN expr_list(High) RPAREN.
    { Res = MAKE(PartitionBoundSpec, Kw.location, .strategy = PARTITION_STRATEGY_RANGE, .modulus = -1, .remainder = -1,
                 .lowerdatums = Low, .upperdatums = High); }
partition_bound_spec(Res) ::= DEFAULT(Kw).
    { Res = MAKE(PartitionBoundSpec, Kw.location, .strategy = PARTITION_STRATEGY_DEFAULT, .modulus = -1,
                 .remainder = -1); }

%type hash_partbound {NodeList *}
hash_partbound(Res) ::= hash_partbound_elem(Elem).                            { Res = list_one(pc, Elem); }
hash_partbound(Res) ::= hash_partbound(Head) COMMA hash_partbound_elem(Elem). { Res = list_add(pc, Head, Elem); }
hash_partbound_elem(Res) ::= non_reserved_word(Name) ICONST(Num). { Res = make_def(pc, Name, make_integer(pc, Num.ival)); }

%type opt_partition_spec {PartitionSpec *}
opt_partition_spec(Res) ::= .                   { Res = NULL; }
opt_partition_spec(Res) ::= partition_spec(Res).

%type partition_spec {PartitionSpec *}
partition_spec(Res) ::= PARTITION(Kw) BY colid(How) LPAREN part_params(List) RPAREN.
    { Res = make_partition_spec(pc, Kw, How, List); }

%type part_params {NodeList *}
part_params(Res) ::= part_elem(Elem).                         { Res = list_one(pc, Elem); }
part_params(Res) ::= part_params(Head) COMMA part_elem(Elem). { Res = list_add(pc, Head, Elem); }
part_elem(Res) ::= colid(Name) opt_collate(Coll) opt_qualified_name(Class).
    { Res = MAKE(PartitionElem, Name.location, .name = Name.str, .collation = Coll, .opclass = Class); }
part_elem(Res) ::= func_expr_windowless(Func) opt_collate(Coll) opt_qualified_name(Class).
    { Res = MAKE(PartitionElem, Func->location, .expr = Func, .collation = Coll, .opclass = Class); }
part_elem(Res) ::= LPAREN(Kw) a_expr(Expr) RPAREN opt_collate(Coll) opt_qualified_name(Class).
    { Res = MAKE(PartitionElem, Kw.location, .expr = Expr, .collation = Coll, .opclass = Class); }

// ---- CREATE TABLE AS --------------------------------------------------------------------------------------------

create_as_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) TABLE create_as_target(Into) AS select_stmt(Query) opt_with_data(Data).
    { Res = make_create_as(pc, Kw, Pers, Into, Query, Data, OBJECT_TABLE); }
stmt(Res) ::= create_as_stmt(Res).
stmt(Res) ::= CREATE(Kw) opt_temp(Pers) TABLE create_as_target(Into) AS execute_stmt(Query) opt_with_data(Data).
    { Res = make_create_as(pc, Kw, Pers, Into, Query, Data, OBJECT_TABLE); }

%type create_as_target {Marked}
create_as_target(Res) ::= create_name(Rel) opt_column_list(Cols) access_method_clause(Method) create_options(Opts)
                          opt_on_commit(Commit) opt_table_space(Space).
    { Res = marked(Rel.flag, MAKE(IntoClause, -1, .rel = Rel.object, .col_names = Cols, .access_method = Method.str,
                                  .options = Opts, .on_commit = Commit, .table_space_name = Space.str)); }

%type opt_with_data {int}
opt_with_data(Res) ::= .             { Res = true; }
opt_with_data(Res) ::= WITH DATA.    { Res = true; }
opt_with_data(Res) ::= WITH NO DATA. { Res = false; }

// ---- CREATE COLLECTION (ours) -----------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) COLLECTION create_name(Rel) opt_reloptions(Opts).
    { Res = MAKE(CreateCollectionStmt, Kw.location, .relation = Rel.object, .if_not_exists = Rel.flag,
                 .options = Opts); }

// ---- foreign tables' options ------------------------------------------------------------------------------------

%type create_generic_options {NodeList *}
create_generic_options(Res) ::= .                                         { Res = NULL; }
create_generic_options(Res) ::= OPTIONS LPAREN generic_option_list(List) RPAREN. { Res = List; }
%type generic_option_list {NodeList *}
generic_option_list(Res) ::= generic_option_elem(Elem).                                 { Res = list_one(pc, Elem); }
generic_option_list(Res) ::= generic_option_list(Head) COMMA generic_option_elem(Elem). { Res = list_add(pc, Head, Elem); }
generic_option_elem(Res) ::= col_label(Name) SCONST(Val). { Res = make_def(pc, Name, make_string(pc, Val)); }
