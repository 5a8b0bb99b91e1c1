// select.y - SELECT, VALUES, TABLE, set operations, WITH, FROM.
//
// select_no_parens has no parentheses around it, select_with_parens has. A SELECT as an arm of a set operation is a
// select_clause: without ORDER BY, LIMIT and the rest, unless in parentheses. Since these follow the last arm and
// belong to the whole, they are added to the finished set operation by add_select_clauses().

stmt(Res) ::= select_stmt(Res).

// A SELECT that is a statement may be in any number of parentheses.
select_stmt(Res) ::= select_no_parens(Res). [UMINUS]
select_stmt(Res) ::= select_with_parens(Sub). [UMINUS] { Res = Sub.select; }

// Keeps the position of the outer parenthesis, which is a subquery's location.
%type select_with_parens {ParenSelect}
select_with_parens(Res) ::= LPAREN(Kw) select_no_parens(Sub) RPAREN.   { Res = paren_select(Kw, Sub); }
select_with_parens(Res) ::= LPAREN(Kw) select_with_parens(Sub) RPAREN. { Res = paren_select(Kw, Sub.select); }

select_no_parens(Res) ::= simple_select(Res).
select_no_parens(Res) ::= select_clause(Sel) sort_clause(Sort).
    { Res = add_select_clauses(pc, Sel, Sort, NULL, NULL, NULL); }
select_no_parens(Res) ::= select_clause(Sel) opt_sort_clause(Sort) for_locking_clause(Lock) opt_select_limit(Lim).
    { Res = add_select_clauses(pc, Sel, Sort, Lock, Lim, NULL); }
select_no_parens(Res) ::= select_clause(Sel) opt_sort_clause(Sort) select_limit(Lim) opt_for_locking_clause(Lock).
    { Res = add_select_clauses(pc, Sel, Sort, Lock, Lim, NULL); }
select_no_parens(Res) ::= with_clause(With) select_clause(Sel).
    { Res = add_select_clauses(pc, Sel, NULL, NULL, NULL, With); }
select_no_parens(Res) ::= with_clause(With) select_clause(Sel) sort_clause(Sort).
    { Res = add_select_clauses(pc, Sel, Sort, NULL, NULL, With); }
select_no_parens(Res) ::= with_clause(With) select_clause(Sel) opt_sort_clause(Sort) for_locking_clause(Lock)
                          opt_select_limit(Lim).
    { Res = add_select_clauses(pc, Sel, Sort, Lock, Lim, With); }
select_no_parens(Res) ::= with_clause(With) select_clause(Sel) opt_sort_clause(Sort) select_limit(Lim)
                          opt_for_locking_clause(Lock).
    { Res = add_select_clauses(pc, Sel, Sort, Lock, Lim, With); }

select_clause(Res) ::= simple_select(Res).
select_clause(Res) ::= select_with_parens(Sub). { Res = Sub.select; }

simple_select(Res) ::= SELECT(Kw) opt_all_clause opt_target_list(Targets) opt_into_clause(Into) from_clause(From)
                       where_clause(Where) group_clause(Group) having_clause(Having) window_clause(Windows).
    { Res = MAKE(SelectStmt, Kw.location, .target_list = Targets, .into_clause = Into, .from_clause = From,
                 .where_clause = Where, .group_clause = Group.items, .group_distinct = Group.distinct,
                 .having_clause = Having, .window_clause = Windows); }
simple_select(Res) ::= SELECT(Kw) distinct_clause(Dist) target_list(Targets) opt_into_clause(Into) from_clause(From)
                       where_clause(Where) group_clause(Group) having_clause(Having) window_clause(Windows).
    { Res = MAKE(SelectStmt, Kw.location, .distinct = Dist.distinct, .distinct_on = Dist.items,
                 .target_list = Targets, .into_clause = Into, .from_clause = From, .where_clause = Where,
                 .group_clause = Group.items, .group_distinct = Group.distinct, .having_clause = Having,
                 .window_clause = Windows); }
simple_select(Res) ::= values_clause(Res).
simple_select(Res) ::= TABLE(Kw) relation_expr(Rel).
    { Res = make_table_select(pc, Kw, Rel); }
simple_select(Res) ::= select_clause(Lhs) UNION(Op) set_quantifier(All) select_clause(Rhs).
    { Res = make_set_operation(pc, SETOP_UNION, Op, All, Lhs, Rhs); }
simple_select(Res) ::= select_clause(Lhs) INTERSECT(Op) set_quantifier(All) select_clause(Rhs).
    { Res = make_set_operation(pc, SETOP_INTERSECT, Op, All, Lhs, Rhs); }
simple_select(Res) ::= select_clause(Lhs) EXCEPT(Op) set_quantifier(All) select_clause(Rhs).
    { Res = make_set_operation(pc, SETOP_EXCEPT, Op, All, Lhs, Rhs); }

%type set_quantifier {int}
set_quantifier(Res) ::= .         { Res = false; }
set_quantifier(Res) ::= ALL.      { Res = true; }
set_quantifier(Res) ::= DISTINCT. { Res = false; }

opt_all_clause ::= .
opt_all_clause ::= ALL.

%type distinct_clause {MarkedList}
distinct_clause(Res) ::= DISTINCT.                                { Res = marked_list(true, NULL); }
distinct_clause(Res) ::= DISTINCT ON LPAREN expr_list(List) RPAREN. { Res = marked_list(false, List); }

// ---- VALUES -----------------------------------------------------------------------------------------------------

values_clause(Res) ::= VALUES(Kw) LPAREN expr_list(Row) RPAREN.
    { Res = MAKE(SelectStmt, Kw.location, .values_lists = list_one(pc, NODE(Row))); }
values_clause(Res) ::= values_clause(Head) COMMA LPAREN expr_list(Row) RPAREN.
    { Res = add_values_row(pc, Head, Row); }

// ---- target list ------------------------------------------------------------------------------------------------

%type opt_target_list {NodeList *}
opt_target_list(Res) ::= .                { Res = NULL; }
opt_target_list(Res) ::= target_list(Res).

%type target_list {NodeList *}
target_list(Res) ::= target_el(Elem).                         { Res = list_one(pc, Elem); }
target_list(Res) ::= target_list(Head) COMMA target_el(Elem). { Res = list_add(pc, Head, Elem); }

target_el(Res) ::= a_expr(Val) AS col_label(Name).
    { Res = MAKE(ResTarget, node_start(Val), .name = Name.str, .val = Val); }
target_el(Res) ::= a_expr(Val) bare_col_label(Name).
    { Res = MAKE(ResTarget, node_start(Val), .name = Name.str, .val = Val); }
target_el(Res) ::= a_expr(Val).
    { Res = MAKE(ResTarget, node_start(Val), .val = Val); }
target_el(Res) ::= STAR(Kw).
    { Res = make_star_target(pc, Kw); }

// ---- INTO -------------------------------------------------------------------------------------------------------

%type opt_into_clause {IntoClause *}
opt_into_clause(Res) ::= .                           { Res = NULL; }
opt_into_clause(Res) ::= INTO opt_temp_table_name(Rel). { Res = MAKE(IntoClause, -1, .rel = Rel); }

%type opt_temp_table_name {RangeVar *}
opt_temp_table_name(Res) ::= TEMPORARY opt_table qualified_name(Rel).       { Res = set_persistence(Rel, 't'); }
opt_temp_table_name(Res) ::= TEMP opt_table qualified_name(Rel).            { Res = set_persistence(Rel, 't'); }
opt_temp_table_name(Res) ::= LOCAL TEMPORARY opt_table qualified_name(Rel). { Res = set_persistence(Rel, 't'); }
opt_temp_table_name(Res) ::= LOCAL TEMP opt_table qualified_name(Rel).      { Res = set_persistence(Rel, 't'); }
opt_temp_table_name(Res) ::= GLOBAL TEMPORARY opt_table qualified_name(Rel). { Res = set_persistence(Rel, 't'); }
opt_temp_table_name(Res) ::= GLOBAL TEMP opt_table qualified_name(Rel).     { Res = set_persistence(Rel, 't'); }
opt_temp_table_name(Res) ::= UNLOGGED opt_table qualified_name(Rel).        { Res = set_persistence(Rel, 'u'); }
opt_temp_table_name(Res) ::= TABLE qualified_name(Rel). { Res = Rel; }
opt_temp_table_name(Res) ::= qualified_name(Res).

opt_table ::= .
opt_table ::= TABLE.

// ---- ORDER BY, LIMIT, FOR UPDATE --------------------------------------------------------------------------------

%type opt_sort_clause {NodeList *}
opt_sort_clause(Res) ::= .                { Res = NULL; }
opt_sort_clause(Res) ::= sort_clause(Res).

%type sort_clause {NodeList *}
sort_clause(Res) ::= ORDER(Kw) BY sortby_list(List). { Res = list_at_word(List, Kw); }

%type sortby_list {NodeList *}
sortby_list(Res) ::= sortby(Elem).                         { Res = list_one(pc, Elem); }
sortby_list(Res) ::= sortby_list(Head) COMMA sortby(Elem). { Res = list_add(pc, Head, Elem); }

sortby(Res) ::= a_expr(Key) USING(Kw) qual_all_op(Op) opt_nulls_order(Nulls).
    { Res = MAKE(SortBy, Kw.location, .expr = Key, .sortby_dir = SORTBY_USING, .sortby_nulls = Nulls, .use_op = Op); }
sortby(Res) ::= a_expr(Key) opt_asc_desc(Dir) opt_nulls_order(Nulls).
    { Res = MAKE(SortBy, -1, .expr = Key, .sortby_dir = Dir, .sortby_nulls = Nulls); }

%type opt_asc_desc {int}
opt_asc_desc(Res) ::= .     { Res = SORTBY_DEFAULT; }
opt_asc_desc(Res) ::= ASC.  { Res = SORTBY_ASC; }
opt_asc_desc(Res) ::= DESC. { Res = SORTBY_DESC; }

%type opt_nulls_order {int}
opt_nulls_order(Res) ::= .               { Res = SORTBY_NULLS_DEFAULT; }
opt_nulls_order(Res) ::= NULLS_LA FIRST. { Res = SORTBY_NULLS_FIRST; }
opt_nulls_order(Res) ::= NULLS_LA LAST.  { Res = SORTBY_NULLS_LAST; }

%type opt_select_limit {SelectLimit *}
opt_select_limit(Res) ::= .                 { Res = NULL; }
opt_select_limit(Res) ::= select_limit(Res).

%type select_limit {SelectLimit *}
select_limit(Res) ::= limit_clause(Lim) offset_clause(Off). { Res = limit_with_offset(Lim, Off); }
select_limit(Res) ::= offset_clause(Off) limit_clause(Lim). { Res = limit_with_offset(Lim, Off); }
select_limit(Res) ::= limit_clause(Res).
select_limit(Res) ::= offset_clause(Off). { Res = make_offset(pc, Off); }

%type limit_clause {SelectLimit *}
limit_clause(Res) ::= LIMIT select_limit_value(Cnt). { Res = make_limit(pc, Cnt, LIMIT_OPTION_COUNT); }
limit_clause(Res) ::= LIMIT(Kw) select_limit_value COMMA select_offset_value.
    { Res = raise_limit_comma(pc, Kw); }
limit_clause(Res) ::= FETCH first_or_next select_fetch_first_value(Cnt) row_or_rows ONLY.
    { Res = make_limit(pc, Cnt, LIMIT_OPTION_COUNT); }
limit_clause(Res) ::= FETCH first_or_next select_fetch_first_value(Cnt) row_or_rows WITH TIES.
    { Res = make_limit(pc, Cnt, LIMIT_OPTION_WITH_TIES); }
limit_clause(Res) ::= FETCH first_or_next row_or_rows ONLY.
    { Res = make_limit(pc, make_int_const(pc, 1, -1), LIMIT_OPTION_COUNT); }
limit_clause(Res) ::= FETCH first_or_next row_or_rows WITH TIES.
    { Res = make_limit(pc, make_int_const(pc, 1, -1), LIMIT_OPTION_WITH_TIES); }

offset_clause(Res) ::= OFFSET select_offset_value(Off). { Res = Off; }
offset_clause(Res) ::= OFFSET select_fetch_first_value(Off) row_or_rows. { Res = Off; }

select_limit_value(Res) ::= a_expr(Res).
select_limit_value(Res) ::= ALL(Kw). { Res = MAKE(A_Const, Kw.location, .kind = CONST_NULL); }
select_offset_value(Res) ::= a_expr(Res).

// FETCH FIRST and OFFSET ... ROWS: a full expression would clash with ROWS being a name.
select_fetch_first_value(Res) ::= c_expr(Res).
select_fetch_first_value(Res) ::= PLUS(Op) i_or_f_const(Val).  { Res = make_operator(pc, Op, NULL, Val); }
select_fetch_first_value(Res) ::= MINUS(Op) i_or_f_const(Val). { Res = make_minus(pc, Op, Val); }
i_or_f_const(Res) ::= ICONST(Val). { Res = make_integer_const(pc, Val); }
i_or_f_const(Res) ::= FCONST(Val). { Res = make_const(pc, CONST_FLOAT, Val); }

row_or_rows ::= ROW.
row_or_rows ::= ROWS.
first_or_next ::= FIRST.
first_or_next ::= NEXT.

%type opt_for_locking_clause {NodeList *}
opt_for_locking_clause(Res) ::= .                       { Res = NULL; }
opt_for_locking_clause(Res) ::= for_locking_clause(Res).

%type for_locking_clause {NodeList *}
for_locking_clause(Res) ::= for_locking_items(Res).
for_locking_clause(Res) ::= FOR READ ONLY. { Res = NULL; }

%type for_locking_items {NodeList *}
for_locking_items(Res) ::= for_locking_item(Elem).                         { Res = list_one(pc, Elem); }
for_locking_items(Res) ::= for_locking_items(Head) for_locking_item(Elem). { Res = list_add(pc, Head, Elem); }

for_locking_item(Res) ::= for_locking_strength(Str) locked_rels_list(Rels) opt_nowait_or_skip(Wait).
    { Res = MAKE(LockingClause, -1, .locked_rels = Rels, .strength = Str, .wait_policy = Wait); }

%type for_locking_strength {int}
for_locking_strength(Res) ::= FOR UPDATE.        { Res = LCS_FORUPDATE; }
for_locking_strength(Res) ::= FOR NO KEY UPDATE. { Res = LCS_FORNOKEYUPDATE; }
for_locking_strength(Res) ::= FOR SHARE.         { Res = LCS_FORSHARE; }
for_locking_strength(Res) ::= FOR KEY SHARE.     { Res = LCS_FORKEYSHARE; }

%type locked_rels_list {NodeList *}
locked_rels_list(Res) ::= .                             { Res = NULL; }
locked_rels_list(Res) ::= OF qualified_name_list(List). { Res = List; }

%type opt_nowait_or_skip {int}
opt_nowait_or_skip(Res) ::= .            { Res = LOCK_WAIT_BLOCK; }
opt_nowait_or_skip(Res) ::= NOWAIT.      { Res = LOCK_WAIT_ERROR; }
opt_nowait_or_skip(Res) ::= SKIP LOCKED. { Res = LOCK_WAIT_SKIP; }

// ---- WHERE, GROUP BY, HAVING ------------------------------------------------------------------------------------

where_clause(Res) ::= .                   { Res = NULL; }
where_clause(Res) ::= WHERE a_expr(Cond). { Res = Cond; }

%type group_clause {MarkedList}
group_clause(Res) ::= .  { Res = marked_list(false, NULL); }
group_clause(Res) ::= GROUP BY set_quantifier_distinct(Dist) group_by_list(List). { Res = marked_list(Dist, List); }

%type set_quantifier_distinct {int}
set_quantifier_distinct(Res) ::= .         { Res = false; }
set_quantifier_distinct(Res) ::= ALL.      { Res = false; }
set_quantifier_distinct(Res) ::= DISTINCT. { Res = true; }

%type group_by_list {NodeList *}
group_by_list(Res) ::= group_by_item(Elem).                           { Res = list_one(pc, Elem); }
group_by_list(Res) ::= group_by_list(Head) COMMA group_by_item(Elem). { Res = list_add(pc, Head, Elem); }

group_by_item(Res) ::= a_expr(Res).
group_by_item(Res) ::= LPAREN(Kw) RPAREN.
    { Res = MAKE(GroupingSet, Kw.location, .kind = GROUPING_SET_EMPTY); }
group_by_item(Res) ::= ROLLUP(Kw) LPAREN expr_list(List) RPAREN.
    { Res = MAKE(GroupingSet, Kw.location, .kind = GROUPING_SET_ROLLUP, .content = List); }
group_by_item(Res) ::= CUBE(Kw) LPAREN expr_list(List) RPAREN.
    { Res = MAKE(GroupingSet, Kw.location, .kind = GROUPING_SET_CUBE, .content = List); }
group_by_item(Res) ::= GROUPING(Kw) SETS LPAREN group_by_list(List) RPAREN.
    { Res = MAKE(GroupingSet, Kw.location, .kind = GROUPING_SET_SETS, .content = List); }

having_clause(Res) ::= .                    { Res = NULL; }
having_clause(Res) ::= HAVING a_expr(Cond). { Res = Cond; }

// ---- WITH -------------------------------------------------------------------------------------------------------

%type with_clause {WithClause *}
with_clause(Res) ::= WITH(Kw) cte_list(List).           { Res = MAKE(WithClause, Kw.location, .ctes = List); }
with_clause(Res) ::= WITH_LA(Kw) cte_list(List).        { Res = MAKE(WithClause, Kw.location, .ctes = List); }
with_clause(Res) ::= WITH(Kw) RECURSIVE cte_list(List).
    { Res = MAKE(WithClause, Kw.location, .ctes = List, .recursive = true); }

%type opt_with_clause {WithClause *}
opt_with_clause(Res) ::= .                { Res = NULL; }
opt_with_clause(Res) ::= with_clause(Res).

%type cte_list {NodeList *}
cte_list(Res) ::= common_table_expr(Elem).                      { Res = list_one(pc, Elem); }
cte_list(Res) ::= cte_list(Head) COMMA common_table_expr(Elem). { Res = list_add(pc, Head, Elem); }

common_table_expr(Res) ::= colid(Name) opt_name_list(Cols) AS opt_materialized(Mat) LPAREN preparable_stmt(Query) RPAREN
                           opt_search_clause(Search) opt_cycle_clause(Cycle).
    { Res = MAKE(CommonTableExpr, Name.location, .ctename = Name.str, .aliascolnames = Cols, .ctematerialized = Mat,
                 .ctequery = Query, .search_clause = Search, .cycle_clause = Cycle); }

%type opt_materialized {int}
opt_materialized(Res) ::= .                 { Res = CTE_MATERIALIZE_DEFAULT; }
opt_materialized(Res) ::= MATERIALIZED.     { Res = CTE_MATERIALIZE_ALWAYS; }
opt_materialized(Res) ::= NOT MATERIALIZED. { Res = CTE_MATERIALIZE_NEVER; }

%type opt_search_clause {CTESearchClause *}
opt_search_clause(Res) ::= . { Res = NULL; }
opt_search_clause(Res) ::= SEARCH(Kw) DEPTH FIRST BY name_list(Cols) SET colid(Seq).
    { Res = MAKE(CTESearchClause, Kw.location, .search_col_list = Cols, .search_seq_column = Seq.str); }
opt_search_clause(Res) ::= SEARCH(Kw) BREADTH FIRST BY name_list(Cols) SET colid(Seq).
    { Res = MAKE(CTESearchClause, Kw.location, .search_col_list = Cols, .search_breadth_first = true,
                 .search_seq_column = Seq.str); }

%type opt_cycle_clause {CTECycleClause *}
opt_cycle_clause(Res) ::= . { Res = NULL; }
opt_cycle_clause(Res) ::= CYCLE(Kw) name_list(Cols) SET colid(Mark) TO aexpr_const(Val) DEFAULT aexpr_const(Def)
                          USING colid(Path).
    { Res = MAKE(CTECycleClause, Kw.location, .cycle_col_list = Cols, .cycle_mark_column = Mark.str,
                 .cycle_mark_value = Val, .cycle_mark_default = Def, .cycle_path_column = Path.str); }
opt_cycle_clause(Res) ::= CYCLE(Kw) name_list(Cols) SET colid(Mark) USING colid(Path).
    { Res = MAKE(CTECycleClause, Kw.location, .cycle_col_list = Cols, .cycle_mark_column = Mark.str,
                 .cycle_mark_value = make_bool_const(pc, -1, true), .cycle_mark_default = make_bool_const(pc, -1, false),
                 .cycle_path_column = Path.str); }

// ---- FROM -------------------------------------------------------------------------------------------------------

%type from_clause {NodeList *}
from_clause(Res) ::= .                     { Res = NULL; }
from_clause(Res) ::= FROM from_list(List). { Res = List; }

%type from_list {NodeList *}
from_list(Res) ::= table_ref(Elem).                       { Res = list_one(pc, Elem); }
from_list(Res) ::= from_list(Head) COMMA table_ref(Elem). { Res = list_add(pc, Head, Elem); }

table_ref(Res) ::= relation_expr(Rel) opt_alias_clause(As).
    { Res = make_aliased_relation(Rel, As); }
table_ref(Res) ::= relation_expr(Rel) opt_alias_clause(As) TABLESAMPLE func_name(Method) LPAREN expr_list(Args) RPAREN
                   opt_repeatable_clause(Seed).
    { Res = MAKE(RangeTableSample, list_location(Method), .relation = make_aliased_relation(Rel, As),
                 .method = Method, .args = Args, .repeatable = Seed); }
table_ref(Res) ::= func_table(Func) func_alias_clause(As).
    { Res = make_aliased_function(Func, false, As); }
table_ref(Res) ::= LATERAL func_table(Func) func_alias_clause(As).
    { Res = make_aliased_function(Func, true, As); }
table_ref(Res) ::= select_with_parens(Sub) opt_alias_clause(As).
    { Res = make_range_subselect(pc, false, Sub, As); }
table_ref(Res) ::= LATERAL select_with_parens(Sub) opt_alias_clause(As).
    { Res = make_range_subselect(pc, true, Sub, As); }
table_ref(Res) ::= joined_table(Join).
    { Res = NODE(Join); }
table_ref(Res) ::= LPAREN joined_table(Join) RPAREN alias_clause(As).
    { Res = make_aliased_join(Join, As); }

opt_repeatable_clause(Res) ::= .                                       { Res = NULL; }
opt_repeatable_clause(Res) ::= REPEATABLE LPAREN a_expr(Seed) RPAREN.  { Res = Seed; }

// Parentheses around a join: this is why table_ref needs an alias after them, or the two would be the same.
%type joined_table {JoinExpr *}
joined_table(Res) ::= LPAREN joined_table(Join) RPAREN. { Res = Join; }
joined_table(Res) ::= table_ref(Lhs) CROSS JOIN table_ref(Rhs). [JOIN]
    { Res = MAKE(JoinExpr, -1, .jointype = JOIN_EXPR_INNER, .larg = Lhs, .rarg = Rhs); }
joined_table(Res) ::= table_ref(Lhs) join_type(Kind) JOIN table_ref(Rhs) join_qual(Qual). [JOIN]
    { Res = make_join(pc, Kind, Lhs, Rhs, Qual); }
joined_table(Res) ::= table_ref(Lhs) JOIN table_ref(Rhs) join_qual(Qual). [JOIN]
    { Res = make_join(pc, JOIN_EXPR_INNER, Lhs, Rhs, Qual); }
joined_table(Res) ::= table_ref(Lhs) NATURAL join_type(Kind) JOIN table_ref(Rhs). [JOIN]
    { Res = MAKE(JoinExpr, -1, .jointype = Kind, .is_natural = true, .larg = Lhs, .rarg = Rhs); }
joined_table(Res) ::= table_ref(Lhs) NATURAL JOIN table_ref(Rhs). [JOIN]
    { Res = MAKE(JoinExpr, -1, .jointype = JOIN_EXPR_INNER, .is_natural = true, .larg = Lhs, .rarg = Rhs); }

%type join_type {int}
join_type(Res) ::= FULL opt_outer.  { Res = JOIN_EXPR_FULL; }
join_type(Res) ::= LEFT opt_outer.  { Res = JOIN_EXPR_LEFT; }
join_type(Res) ::= RIGHT opt_outer. { Res = JOIN_EXPR_RIGHT; }
join_type(Res) ::= INNER.           { Res = JOIN_EXPR_INNER; }
opt_outer ::= .
opt_outer ::= OUTER.

%type join_qual {const JoinQual *}
join_qual(Res) ::= USING LPAREN name_list(Cols) RPAREN opt_alias_clause_for_join_using(As).
    { Res = join_using(pc, Cols, As); }
join_qual(Res) ::= ON a_expr(Cond). { Res = join_on(pc, Cond); }

%type alias_clause {Alias *}
alias_clause(Res) ::= AS colid(Name) LPAREN name_list(Cols) RPAREN.
    { Res = MAKE(Alias, Name.location, .aliasname = Name.str, .colnames = Cols); }
alias_clause(Res) ::= AS colid(Name).  { Res = MAKE(Alias, Name.location, .aliasname = Name.str); }
alias_clause(Res) ::= colid(Name) LPAREN name_list(Cols) RPAREN.
    { Res = MAKE(Alias, Name.location, .aliasname = Name.str, .colnames = Cols); }
alias_clause(Res) ::= colid(Name).     { Res = MAKE(Alias, Name.location, .aliasname = Name.str); }

%type opt_alias_clause {Alias *}
opt_alias_clause(Res) ::= .                 { Res = NULL; }
opt_alias_clause(Res) ::= alias_clause(Res).

%type opt_alias_clause_for_join_using {Alias *}
opt_alias_clause_for_join_using(Res) ::= .               { Res = NULL; }
opt_alias_clause_for_join_using(Res) ::= AS colid(Name). { Res = MAKE(Alias, Name.location, .aliasname = Name.str); }

%type func_alias_clause {FuncAlias}
func_alias_clause(Res) ::= .                 { Res = func_alias(NULL, NULL); }
func_alias_clause(Res) ::= alias_clause(As). { Res = func_alias(As, NULL); }
func_alias_clause(Res) ::= AS LPAREN table_func_element_list(Cols) RPAREN.
    { Res = func_alias(NULL, Cols); }
func_alias_clause(Res) ::= AS colid(Name) LPAREN table_func_element_list(Cols) RPAREN.
    { Res = func_alias(MAKE(Alias, Name.location, .aliasname = Name.str), Cols); }
func_alias_clause(Res) ::= colid(Name) LPAREN table_func_element_list(Cols) RPAREN.
    { Res = func_alias(MAKE(Alias, Name.location, .aliasname = Name.str), Cols); }

%type relation_expr {RangeVar *}
relation_expr(Res) ::= qualified_name(Res).
relation_expr(Res) ::= qualified_name(Rel) STAR.             { Res = Rel; }
relation_expr(Res) ::= ONLY qualified_name(Rel).             { Res = only_relation(Rel); }
relation_expr(Res) ::= ONLY LPAREN qualified_name(Rel) RPAREN. { Res = only_relation(Rel); }

%type relation_expr_list {NodeList *}
relation_expr_list(Res) ::= relation_expr(Elem).                                { Res = list_one(pc, NODE(Elem)); }
relation_expr_list(Res) ::= relation_expr_list(Head) COMMA relation_expr(Elem). { Res = list_add(pc, Head, NODE(Elem)); }

// The target of UPDATE and DELETE: UPDATE t SET must not read SET as an alias, hence the levels of SET and UMINUS.
%type relation_expr_opt_alias {RangeVar *}
relation_expr_opt_alias(Res) ::= relation_expr(Res). [UMINUS]
relation_expr_opt_alias(Res) ::= relation_expr(Rel) colid(Name).    { Res = alias_relation(pc, Rel, Name); }
relation_expr_opt_alias(Res) ::= relation_expr(Rel) AS colid(Name). { Res = alias_relation(pc, Rel, Name); }

%type func_table {RangeFunction *}
func_table(Res) ::= func_expr_windowless(Func) opt_ordinality(Ord).
    { Res = make_range_function(pc, Func, Ord); }
func_table(Res) ::= ROWS(Kw) FROM LPAREN rowsfrom_list(List) RPAREN opt_ordinality(Ord).
    { Res = MAKE(RangeFunction, Kw.location, .is_rowsfrom = true, .functions = List, .ordinality = Ord); }

%type rowsfrom_list {NodeList *}
rowsfrom_list(Res) ::= rowsfrom_item(Elem).                           { Res = list_one(pc, Elem); }
rowsfrom_list(Res) ::= rowsfrom_list(Head) COMMA rowsfrom_item(Elem). { Res = list_add(pc, Head, Elem); }
rowsfrom_item(Res) ::= func_expr_windowless(Func) opt_col_def_list(Cols).
    { Res = MAKE(RangeFunctionItem, Func->location, .func = Func, .coldeflist = Cols); }

%type opt_col_def_list {NodeList *}
opt_col_def_list(Res) ::= .                                                { Res = NULL; }
opt_col_def_list(Res) ::= AS LPAREN table_func_element_list(Cols) RPAREN.  { Res = Cols; }

%type opt_ordinality {int}
opt_ordinality(Res) ::= .                    { Res = false; }
opt_ordinality(Res) ::= WITH_LA ORDINALITY.  { Res = true; }

%type table_func_element_list {NodeList *}
table_func_element_list(Res) ::= table_func_element(Elem).                                     { Res = list_one(pc, Elem); }
table_func_element_list(Res) ::= table_func_element_list(Head) COMMA table_func_element(Elem). { Res = list_add(pc, Head, Elem); }
table_func_element(Res) ::= colid(Name) typename(Type_name) opt_collate_clause(Coll).
    { Res = MAKE(ColumnDef, Name.location, .colname = Name.str, .type_name = Type_name, .coll_clause = Coll); }

%type opt_collate_clause {CollateClause *}
opt_collate_clause(Res) ::= .                           { Res = NULL; }
opt_collate_clause(Res) ::= COLLATE(Kw) any_name(Name). { Res = MAKE(CollateClause, Kw.location, .collname = Name); }
