// view.y - views, materialized views, extended statistics.

stmt(Res) ::= view_stmt(Res).
view_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) VIEW qualified_name(Rel) opt_column_list(Cols) opt_reloptions(Opts) AS
                   select_stmt(Query) opt_check_option(Check).
    { Res = make_view(pc, Kw, false, Pers, Rel, Cols, Opts, Query, Check); }
view_stmt(Res) ::= CREATE(Kw) OR REPLACE opt_temp(Pers) VIEW qualified_name(Rel) opt_column_list(Cols)
                   opt_reloptions(Opts) AS select_stmt(Query) opt_check_option(Check).
    { Res = make_view(pc, Kw, true, Pers, Rel, Cols, Opts, Query, Check); }
view_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) RECURSIVE VIEW qualified_name(Rel) LPAREN column_list(Cols) RPAREN
                   opt_reloptions(Opts) AS select_stmt(Query) opt_check_option(Check).
    { Res = make_recursive_view(pc, Kw, false, Pers, Rel, Cols, Opts, Query, Check); }
view_stmt(Res) ::= CREATE(Kw) OR REPLACE opt_temp(Pers) RECURSIVE VIEW qualified_name(Rel) LPAREN column_list(Cols) RPAREN
                   opt_reloptions(Opts) AS select_stmt(Query) opt_check_option(Check).
    { Res = make_recursive_view(pc, Kw, true, Pers, Rel, Cols, Opts, Query, Check); }

%type opt_check_option {CheckOption}
opt_check_option(Res) ::= .                               { Res = check_option(no_token, VIEW_NO_CHECK_OPTION); }
opt_check_option(Res) ::= WITH(Kw) CHECK OPTION.          { Res = check_option(Kw, VIEW_CASCADED_CHECK_OPTION); }
opt_check_option(Res) ::= WITH(Kw) CASCADED CHECK OPTION. { Res = check_option(Kw, VIEW_CASCADED_CHECK_OPTION); }
opt_check_option(Res) ::= WITH(Kw) LOCAL CHECK OPTION.    { Res = check_option(Kw, VIEW_LOCAL_CHECK_OPTION); }

create_mat_view_stmt(Res) ::= CREATE(Kw) opt_unlogged(Pers) MATERIALIZED VIEW create_mv_target(Into) AS
                              select_stmt(Query) opt_with_data(Data).
    { Res = make_create_as(pc, Kw, Pers, Into, Query, Data, OBJECT_MATVIEW); }
stmt(Res) ::= create_mat_view_stmt(Res).
%type create_mv_target {Marked}
create_mv_target(Res) ::= create_name(Rel) opt_column_list(Cols) access_method_clause(Method) opt_reloptions(Opts)
                          opt_table_space(Space).
    { Res = marked(Rel.flag, MAKE(IntoClause, -1, .rel = Rel.object, .col_names = Cols, .access_method = Method.str,
                                  .options = Opts, .table_space_name = Space.str)); }
%type opt_unlogged {int}
opt_unlogged(Res) ::= .         { Res = RELPERSISTENCE_PERMANENT; }
opt_unlogged(Res) ::= UNLOGGED. { Res = RELPERSISTENCE_UNLOGGED; }

// ---- statistics -------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) STATISTICS any_name(Name) opt_name_list(Kinds) ON stats_params(Elts) FROM from_list(From).
    { Res = MAKE(CreateStatsStmt, Kw.location, .defnames = Name, .stat_types = Kinds, .exprs = Elts,
                 .relations = From); }
stmt(Res) ::= CREATE(Kw) STATISTICS IF NOT EXISTS any_name(Name) opt_name_list(Kinds) ON stats_params(Elts)
              FROM from_list(From).
    { Res = MAKE(CreateStatsStmt, Kw.location, .defnames = Name, .stat_types = Kinds, .exprs = Elts,
                 .relations = From, .if_not_exists = true); }
%type stats_params {NodeList *}
stats_params(Res) ::= stats_param(Elem).                          { Res = list_one(pc, Elem); }
stats_params(Res) ::= stats_params(Head) COMMA stats_param(Elem). { Res = list_add(pc, Head, Elem); }
stats_param(Res) ::= colid(Name).                    { Res = MAKE(StatsElem, Name.location, .name = Name.str); }
stats_param(Res) ::= func_expr_windowless(Func).     { Res = MAKE(StatsElem, Func->location, .expr = Func); }
stats_param(Res) ::= LPAREN(Kw) a_expr(Expr) RPAREN. { Res = MAKE(StatsElem, Kw.location, .expr = Expr); }

stmt(Res) ::= ALTER(Kw) STATISTICS any_name(Name) SET STATISTICS signed_iconst(Num).
    { Res = MAKE(AlterStatsStmt, Kw.location, .defnames = Name, .stxstattarget = Num); }
stmt(Res) ::= ALTER(Kw) STATISTICS IF EXISTS any_name(Name) SET STATISTICS signed_iconst(Num).
    { Res = MAKE(AlterStatsStmt, Kw.location, .defnames = Name, .stxstattarget = Num, .missing_ok = true); }
