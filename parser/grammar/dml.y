// dml.y - INSERT, UPDATE, DELETE, MERGE.

stmt(Res) ::= insert_stmt(Res).
stmt(Res) ::= update_stmt(Res).
stmt(Res) ::= delete_stmt(Res).
stmt(Res) ::= merge_stmt(Res).

// What PREPARE, WITH and COPY take.
preparable_stmt(Res) ::= select_stmt(Res).
preparable_stmt(Res) ::= insert_stmt(Res).
preparable_stmt(Res) ::= update_stmt(Res).
preparable_stmt(Res) ::= delete_stmt(Res).
preparable_stmt(Res) ::= merge_stmt(Res).

// ---- INSERT -----------------------------------------------------------------------------------------------------

insert_stmt(Res) ::= opt_with_clause(With) INSERT(Kw) INTO insert_target(Rel) insert_rest(Ins) opt_on_conflict(Conf)
                     returning_clause(Ret).
    { Res = finish_insert(Ins, Kw, With, Rel, Conf, Ret); }

%type insert_target {RangeVar *}
insert_target(Res) ::= qualified_name(Res).
insert_target(Res) ::= qualified_name(Rel) AS colid(Name). { Res = alias_relation(pc, Rel, Name); }

%type insert_rest {InsertStmt *}
insert_rest(Res) ::= select_stmt(Sel).
    { Res = MAKE(InsertStmt, -1, .select_stmt = Sel); }
insert_rest(Res) ::= OVERRIDING override_kind(Ovr) VALUE select_stmt(Sel).
    { Res = MAKE(InsertStmt, -1, .override = Ovr, .select_stmt = Sel); }
insert_rest(Res) ::= LPAREN insert_column_list(Cols) RPAREN select_stmt(Sel).
    { Res = MAKE(InsertStmt, -1, .cols = Cols, .select_stmt = Sel); }
insert_rest(Res) ::= LPAREN insert_column_list(Cols) RPAREN OVERRIDING override_kind(Ovr) VALUE select_stmt(Sel).
    { Res = MAKE(InsertStmt, -1, .cols = Cols, .override = Ovr, .select_stmt = Sel); }
insert_rest(Res) ::= DEFAULT VALUES.
    { Res = MAKE(InsertStmt, -1); }

%type override_kind {int}
override_kind(Res) ::= USER.   { Res = OVERRIDING_USER_VALUE; }
override_kind(Res) ::= SYSTEM. { Res = OVERRIDING_SYSTEM_VALUE; }

%type insert_column_list {NodeList *}
insert_column_list(Res) ::= insert_column_item(Elem).                                { Res = list_one(pc, Elem); }
insert_column_list(Res) ::= insert_column_list(Head) COMMA insert_column_item(Elem). { Res = list_add(pc, Head, Elem); }
insert_column_item(Res) ::= colid(Name) opt_indirection(Rest).
    { Res = MAKE(ResTarget, Name.location, .name = Name.str, .indirection = check_indirection(pc, Rest)); }

%type opt_on_conflict {OnConflictClause *}
opt_on_conflict(Res) ::= . { Res = NULL; }
opt_on_conflict(Res) ::= ON(Kw) CONFLICT opt_conf_expr(Inf) DO UPDATE SET set_clause_list(Sets) where_clause(Where).
    { Res = MAKE(OnConflictClause, Kw.location, .action = ONCONFLICT_UPDATE, .infer = Inf, .target_list = Sets,
                 .where_clause = Where); }
opt_on_conflict(Res) ::= ON(Kw) CONFLICT opt_conf_expr(Inf) DO NOTHING.
    { Res = MAKE(OnConflictClause, Kw.location, .action = ONCONFLICT_NOTHING, .infer = Inf); }

%type opt_conf_expr {InferClause *}
opt_conf_expr(Res) ::= . { Res = NULL; }
opt_conf_expr(Res) ::= LPAREN(Kw) index_params(Keys) RPAREN where_clause(Where).
    { Res = MAKE(InferClause, Kw.location, .index_elems = Keys, .where_clause = Where); }
opt_conf_expr(Res) ::= ON(Kw) CONSTRAINT colid(Name).
    { Res = MAKE(InferClause, Kw.location, .conname = Name.str); }

%type returning_clause {NodeList *}
returning_clause(Res) ::= .                            { Res = NULL; }
returning_clause(Res) ::= RETURNING target_list(List). { Res = List; }

// ---- UPDATE, DELETE ---------------------------------------------------------------------------------------------

update_stmt(Res) ::= opt_with_clause(With) UPDATE(Kw) relation_expr_opt_alias(Rel) SET set_clause_list(Sets)
                     from_clause(From) where_or_current_clause(Where) returning_clause(Ret).
    { Res = MAKE(UpdateStmt, Kw.location, .relation = Rel, .target_list = Sets, .from_clause = From,
                 .where_clause = Where, .returning_list = Ret, .with_clause = With); }

%type set_clause_list {NodeList *}
set_clause_list(Res) ::= set_clause(Sets).                             { Res = Sets; }
set_clause_list(Res) ::= set_clause_list(Head) COMMA set_clause(Sets). { Res = list_concat(pc->arena, Head, Sets); }

%type set_clause {NodeList *}
set_clause(Res) ::= set_target(Target) EQUAL a_expr(Val).
    { Res = list_one(pc, set_target_value(Target, Val)); }
set_clause(Res) ::= LPAREN set_target_list(Targets) RPAREN EQUAL a_expr(Val).
    { Res = set_targets_from(pc, Targets, Val); }

set_target(Res) ::= colid(Name) opt_indirection(Rest).
    { Res = MAKE(ResTarget, Name.location, .name = Name.str, .indirection = check_indirection(pc, Rest)); }

%type set_target_list {NodeList *}
set_target_list(Res) ::= set_target(Elem).                             { Res = list_one(pc, Elem); }
set_target_list(Res) ::= set_target_list(Head) COMMA set_target(Elem). { Res = list_add(pc, Head, Elem); }

where_or_current_clause(Res) ::= .                   { Res = NULL; }
where_or_current_clause(Res) ::= WHERE a_expr(Cond). { Res = Cond; }
where_or_current_clause(Res) ::= WHERE CURRENT(Kw) OF colid(Name).
    { Res = MAKE(CurrentOfExpr, Kw.location, .cursor_name = Name.str); }

delete_stmt(Res) ::= opt_with_clause(With) DELETE(Kw) FROM relation_expr_opt_alias(Rel) using_clause(Using)
                     where_or_current_clause(Where) returning_clause(Ret).
    { Res = MAKE(DeleteStmt, Kw.location, .relation = Rel, .using_clause = Using, .where_clause = Where,
                 .returning_list = Ret, .with_clause = With); }

%type using_clause {NodeList *}
using_clause(Res) ::= .                      { Res = NULL; }
using_clause(Res) ::= USING from_list(List). { Res = List; }

// ---- MERGE ------------------------------------------------------------------------------------------------------

merge_stmt(Res) ::= opt_with_clause(With) MERGE(Kw) INTO relation_expr_opt_alias(Rel) USING table_ref(Src) ON a_expr(Cond)
                    merge_when_list(Whens).
    { Res = MAKE(MergeStmt, Kw.location, .relation = Rel, .source_relation = Src, .join_condition = Cond,
                 .merge_when_clauses = Whens, .with_clause = With); }

%type merge_when_list {NodeList *}
merge_when_list(Res) ::= merge_when_clause(Elem).                       { Res = list_one(pc, NODE(Elem)); }
merge_when_list(Res) ::= merge_when_list(Head) merge_when_clause(Elem). { Res = list_add(pc, Head, NODE(Elem)); }

%type merge_when_clause {MergeWhenClause *}
merge_when_clause(Res) ::= WHEN(Kw) MATCHED opt_merge_when_condition(Cond) THEN merge_update(Act).
    { Res = finish_merge_when(Act, Kw, true, Cond); }
merge_when_clause(Res) ::= WHEN(Kw) MATCHED opt_merge_when_condition(Cond) THEN DELETE.
    { Res = MAKE(MergeWhenClause, Kw.location, .matched = true, .command_type = MERGE_DELETE, .condition = Cond); }
merge_when_clause(Res) ::= WHEN(Kw) NOT MATCHED opt_merge_when_condition(Cond) THEN merge_insert(Act).
    { Res = finish_merge_when(Act, Kw, false, Cond); }
merge_when_clause(Res) ::= WHEN(Kw) MATCHED opt_merge_when_condition(Cond) THEN DO NOTHING.
    { Res = MAKE(MergeWhenClause, Kw.location, .matched = true, .command_type = MERGE_NOTHING, .condition = Cond); }
merge_when_clause(Res) ::= WHEN(Kw) NOT MATCHED opt_merge_when_condition(Cond) THEN DO NOTHING.
    { Res = MAKE(MergeWhenClause, Kw.location, .command_type = MERGE_NOTHING, .condition = Cond); }

opt_merge_when_condition(Res) ::= .                 { Res = NULL; }
opt_merge_when_condition(Res) ::= AND a_expr(Cond). { Res = Cond; }

%type merge_update {MergeWhenClause *}
merge_update(Res) ::= UPDATE SET set_clause_list(Sets).
    { Res = MAKE(MergeWhenClause, -1, .command_type = MERGE_UPDATE, .target_list = Sets); }

%type merge_insert {MergeWhenClause *}
merge_insert(Res) ::= INSERT merge_values_clause(Vals).
    { Res = MAKE(MergeWhenClause, -1, .command_type = MERGE_INSERT, .values = Vals); }
merge_insert(Res) ::= INSERT OVERRIDING override_kind(Ovr) VALUE merge_values_clause(Vals).
    { Res = MAKE(MergeWhenClause, -1, .command_type = MERGE_INSERT, .override = Ovr, .values = Vals); }
merge_insert(Res) ::= INSERT LPAREN insert_column_list(Cols) RPAREN merge_values_clause(Vals).
    { Res = MAKE(MergeWhenClause, -1, .command_type = MERGE_INSERT, .target_list = Cols, .values = Vals); }
merge_insert(Res) ::= INSERT LPAREN insert_column_list(Cols) RPAREN OVERRIDING override_kind(Ovr) VALUE
                      merge_values_clause(Vals).
    { Res = MAKE(MergeWhenClause, -1, .command_type = MERGE_INSERT, .target_list = Cols, .override = Ovr,
                 .values = Vals); }
merge_insert(Res) ::= INSERT DEFAULT VALUES.
    { Res = MAKE(MergeWhenClause, -1, .command_type = MERGE_INSERT); }

%type merge_values_clause {NodeList *}
merge_values_clause(Res) ::= VALUES LPAREN expr_list(List) RPAREN. { Res = List; }
