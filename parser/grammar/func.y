// func.y - function calls, the functions with a syntax of their own, window definitions.

func_expr(Res) ::= func_application(Call) within_group_clause(Within) filter_clause(Filter) over_clause(Over).
    { Res = add_call_clauses(pc, Call, Within, Filter, Over); }
func_expr(Res) ::= func_expr_common_subexpr(Res).

// In FROM and as an index key: no aggregate or window clauses.
func_expr_windowless(Res) ::= func_application(Res).
func_expr_windowless(Res) ::= func_expr_common_subexpr(Res).

func_application(Res) ::= func_name(Name) LPAREN RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name); }
func_application(Res) ::= func_name(Name) LPAREN func_arg_list(Args) opt_sort_clause(Sort) RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name, .args = Args, .agg_order = Sort); }
func_application(Res) ::= func_name(Name) LPAREN VARIADIC func_arg_expr(Last) opt_sort_clause(Sort) RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name, .args = list_one(pc, Last), .agg_order = Sort,
                 .func_variadic = true); }
func_application(Res) ::= func_name(Name) LPAREN func_arg_list(Args) COMMA VARIADIC func_arg_expr(Last)
                          opt_sort_clause(Sort) RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name, .args = list_add(pc, Args, Last), .agg_order = Sort,
                 .func_variadic = true); }
func_application(Res) ::= func_name(Name) LPAREN ALL func_arg_list(Args) opt_sort_clause(Sort) RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name, .args = Args, .agg_order = Sort); }
func_application(Res) ::= func_name(Name) LPAREN DISTINCT func_arg_list(Args) opt_sort_clause(Sort) RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name, .args = Args, .agg_order = Sort,
                 .agg_distinct = true); }
func_application(Res) ::= func_name(Name) LPAREN STAR RPAREN.
    { Res = MAKE(FuncCall, list_location(Name), .funcname = Name, .agg_star = true); }

%type func_arg_list {NodeList *}
func_arg_list(Res) ::= func_arg_expr(Arg).                           { Res = list_one(pc, Arg); }
func_arg_list(Res) ::= func_arg_list(Head) COMMA func_arg_expr(Arg). { Res = list_add(pc, Head, Arg); }

%type opt_func_arg_list {NodeList *}
opt_func_arg_list(Res) ::= .                   { Res = NULL; }
opt_func_arg_list(Res) ::= func_arg_list(Res).

func_arg_expr(Res) ::= a_expr(Res).
func_arg_expr(Res) ::= type_function_name(Name) COLON_EQUALS a_expr(Arg).
    { Res = MAKE(NamedArgExpr, Name.location, .name = Name.str, .arg = Arg); }
func_arg_expr(Res) ::= type_function_name(Name) EQUALS_GREATER a_expr(Arg).
    { Res = MAKE(NamedArgExpr, Name.location, .name = Name.str, .arg = Arg); }

// ---- special syntax ---------------------------------------------------------------------------------------------

func_expr_common_subexpr(Res) ::= COLLATION(Kw) FOR LPAREN a_expr(Arg) RPAREN.
    { Res = make_system_call(pc, Kw.location, "pg_collation_for", list_one(pc, Arg)); }
func_expr_common_subexpr(Res) ::= CURRENT_DATE(Kw).       { Res = make_value_function(pc, SVFOP_CURRENT_DATE, Kw); }
func_expr_common_subexpr(Res) ::= CURRENT_TIME(Kw).       { Res = make_value_function(pc, SVFOP_CURRENT_TIME, Kw); }
func_expr_common_subexpr(Res) ::= CURRENT_TIME(Kw) LPAREN ICONST(Digits) RPAREN.
    { Res = make_value_function_n(pc, SVFOP_CURRENT_TIME_N, Kw, Digits); }
func_expr_common_subexpr(Res) ::= CURRENT_TIMESTAMP(Kw).  { Res = make_value_function(pc, SVFOP_CURRENT_TIMESTAMP, Kw); }
func_expr_common_subexpr(Res) ::= CURRENT_TIMESTAMP(Kw) LPAREN ICONST(Digits) RPAREN.
    { Res = make_value_function_n(pc, SVFOP_CURRENT_TIMESTAMP_N, Kw, Digits); }
func_expr_common_subexpr(Res) ::= LOCALTIME(Kw).          { Res = make_value_function(pc, SVFOP_LOCALTIME, Kw); }
func_expr_common_subexpr(Res) ::= LOCALTIME(Kw) LPAREN ICONST(Digits) RPAREN.
    { Res = make_value_function_n(pc, SVFOP_LOCALTIME_N, Kw, Digits); }
func_expr_common_subexpr(Res) ::= LOCALTIMESTAMP(Kw).     { Res = make_value_function(pc, SVFOP_LOCALTIMESTAMP, Kw); }
func_expr_common_subexpr(Res) ::= LOCALTIMESTAMP(Kw) LPAREN ICONST(Digits) RPAREN.
    { Res = make_value_function_n(pc, SVFOP_LOCALTIMESTAMP_N, Kw, Digits); }
func_expr_common_subexpr(Res) ::= CURRENT_ROLE(Kw).       { Res = make_value_function(pc, SVFOP_CURRENT_ROLE, Kw); }
func_expr_common_subexpr(Res) ::= CURRENT_USER(Kw).       { Res = make_value_function(pc, SVFOP_CURRENT_USER, Kw); }
func_expr_common_subexpr(Res) ::= SESSION_USER(Kw).       { Res = make_value_function(pc, SVFOP_SESSION_USER, Kw); }
func_expr_common_subexpr(Res) ::= USER(Kw).               { Res = make_value_function(pc, SVFOP_USER, Kw); }
func_expr_common_subexpr(Res) ::= CURRENT_CATALOG(Kw).    { Res = make_value_function(pc, SVFOP_CURRENT_CATALOG, Kw); }
func_expr_common_subexpr(Res) ::= CURRENT_SCHEMA(Kw).     { Res = make_value_function(pc, SVFOP_CURRENT_SCHEMA, Kw); }
func_expr_common_subexpr(Res) ::= CAST(Kw) LPAREN a_expr(Arg) AS typename(Type_name) RPAREN.
    { Res = make_type_cast(pc, Arg, Type_name, Kw.location); }
func_expr_common_subexpr(Res) ::= EXTRACT(Kw) LPAREN extract_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "extract", Args); }
func_expr_common_subexpr(Res) ::= NORMALIZE(Kw) LPAREN a_expr(Arg) RPAREN.
    { Res = make_system_call(pc, Kw.location, "normalize", list_one(pc, Arg)); }
func_expr_common_subexpr(Res) ::= NORMALIZE(Kw) LPAREN a_expr(Arg) COMMA unicode_normal_form(Form) RPAREN.
    { Res = make_system_call(pc, Kw.location, "normalize", list_two(pc, Arg, make_string_const(pc, Form))); }
func_expr_common_subexpr(Res) ::= OVERLAY(Kw) LPAREN overlay_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "overlay", Args); }
func_expr_common_subexpr(Res) ::= OVERLAY(Kw) LPAREN opt_func_arg_list(Args) RPAREN.
    { Res = make_plain_call(pc, Kw, Args); }
func_expr_common_subexpr(Res) ::= POSITION(Kw) LPAREN position_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "position", Args); }
func_expr_common_subexpr(Res) ::= SUBSTRING(Kw) LPAREN substr_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "substring", Args); }
func_expr_common_subexpr(Res) ::= SUBSTRING(Kw) LPAREN opt_func_arg_list(Args) RPAREN.
    { Res = make_plain_call(pc, Kw, Args); }
func_expr_common_subexpr(Res) ::= TREAT(Kw) LPAREN a_expr(Arg) AS typename(Type_name) RPAREN.
    { Res = make_treat(pc, Kw, Arg, Type_name); }
func_expr_common_subexpr(Res) ::= TRIM(Kw) LPAREN BOTH trim_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "btrim", Args); }
func_expr_common_subexpr(Res) ::= TRIM(Kw) LPAREN LEADING trim_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "ltrim", Args); }
func_expr_common_subexpr(Res) ::= TRIM(Kw) LPAREN TRAILING trim_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "rtrim", Args); }
func_expr_common_subexpr(Res) ::= TRIM(Kw) LPAREN trim_list(Args) RPAREN.
    { Res = make_system_call(pc, Kw.location, "btrim", Args); }
func_expr_common_subexpr(Res) ::= NULLIF(Kw) LPAREN a_expr(Lhs) COMMA a_expr(Rhs) RPAREN.
    { Res = make_match(pc, AEXPR_NULLIF, "=", Kw, Lhs, Rhs); }
func_expr_common_subexpr(Res) ::= COALESCE(Kw) LPAREN expr_list(Args) RPAREN.
    { Res = MAKE(CoalesceExpr, Kw.location, .args = Args); }
func_expr_common_subexpr(Res) ::= GREATEST(Kw) LPAREN expr_list(Args) RPAREN.
    { Res = MAKE(MinMaxExpr, Kw.location, .op = IS_GREATEST, .args = Args); }
func_expr_common_subexpr(Res) ::= LEAST(Kw) LPAREN expr_list(Args) RPAREN.
    { Res = MAKE(MinMaxExpr, Kw.location, .op = IS_LEAST, .args = Args); }

%type extract_list {NodeList *}
extract_list(Res) ::= extract_arg(Field) FROM a_expr(Arg). { Res = list_two(pc, make_string_const(pc, Field), Arg); }

%type extract_arg {Token}
extract_arg(Res) ::= IDENT(Res).
extract_arg(Res) ::= YEAR(Res).
extract_arg(Res) ::= MONTH(Res).
extract_arg(Res) ::= DAY(Res).
extract_arg(Res) ::= HOUR(Res).
extract_arg(Res) ::= MINUTE(Res).
extract_arg(Res) ::= SECOND(Res).
extract_arg(Res) ::= SCONST(Res).

%type overlay_list {NodeList *}
overlay_list(Res) ::= a_expr(Arg) PLACING a_expr(New) FROM a_expr(From) FOR a_expr(For).
    { Res = list_four(pc, Arg, New, From, For); }
overlay_list(Res) ::= a_expr(Arg) PLACING a_expr(New) FROM a_expr(From).
    { Res = list_three(pc, Arg, New, From); }

%type position_list {NodeList *}
position_list(Res) ::= b_expr(Sub) IN b_expr(Str). { Res = list_two(pc, Str, Sub); }

%type substr_list {NodeList *}
substr_list(Res) ::= a_expr(Arg) FROM a_expr(From) FOR a_expr(For). { Res = list_three(pc, Arg, From, For); }
substr_list(Res) ::= a_expr(Arg) FOR a_expr(For) FROM a_expr(From). { Res = list_three(pc, Arg, From, For); }
substr_list(Res) ::= a_expr(Arg) FROM a_expr(From).                 { Res = list_two(pc, Arg, From); }
substr_list(Res) ::= a_expr(Arg) FOR a_expr(For).                   { Res = make_substring_for(pc, Arg, For); }
substr_list(Res) ::= a_expr(Arg) SIMILAR a_expr(Pat) ESCAPE a_expr(Esc). [SIMILAR]
    { Res = list_three(pc, Arg, Pat, Esc); }

%type trim_list {NodeList *}
trim_list(Res) ::= a_expr(Set) FROM expr_list(Args). { Res = list_add(pc, Args, Set); }
trim_list(Res) ::= FROM expr_list(Args).             { Res = Args; }
trim_list(Res) ::= expr_list(Res).

// ---- aggregate and window clauses -------------------------------------------------------------------------------

%type within_group_clause {WithinGroup}
within_group_clause(Res) ::= .                                                { Res = within_group(-1, NULL); }
within_group_clause(Res) ::= WITHIN(Kw) GROUP LPAREN sort_clause(Sort) RPAREN. { Res = within_group(Kw.location, Sort); }

filter_clause(Res) ::= .                                        { Res = NULL; }
filter_clause(Res) ::= FILTER LPAREN WHERE a_expr(Cond) RPAREN. { Res = Cond; }

%type over_clause {WindowDef *}
over_clause(Res) ::= .                              { Res = NULL; }
over_clause(Res) ::= OVER window_specification(Win). { Res = Win; }
over_clause(Res) ::= OVER colid(Name).
    { Res = MAKE(WindowDef, Name.location, .name = Name.str, .frame_options = FRAMEOPTION_DEFAULTS); }

%type window_clause {NodeList *}
window_clause(Res) ::= .                                    { Res = NULL; }
window_clause(Res) ::= WINDOW window_definition_list(List). { Res = List; }

%type window_definition_list {NodeList *}
window_definition_list(Res) ::= window_definition(Win).
    { Res = list_one(pc, NODE(Win)); }
window_definition_list(Res) ::= window_definition_list(Head) COMMA window_definition(Win).
    { Res = list_add(pc, Head, NODE(Win)); }

%type window_definition {WindowDef *}
window_definition(Res) ::= colid(Name) AS window_specification(Win). { Res = name_window(Win, Name); }

%type window_specification {WindowDef *}
window_specification(Res) ::= LPAREN(Kw) opt_existing_window_name(Name) opt_partition_clause(Parts)
                              opt_sort_clause(Sort) opt_frame_clause(Frame) RPAREN.
    { Res = MAKE(WindowDef, Kw.location, .refname = Name.str, .partition_clause = Parts, .order_clause = Sort,
                 .frame_options = Frame->options, .start_offset = Frame->start_offset,
                 .end_offset = Frame->end_offset); }

%type opt_existing_window_name {Token}
opt_existing_window_name(Res) ::= colid(Res).
opt_existing_window_name(Res) ::= . [OP] { Res = no_token; }

%type opt_partition_clause {NodeList *}
opt_partition_clause(Res) ::= .                              { Res = NULL; }
opt_partition_clause(Res) ::= PARTITION BY expr_list(List).  { Res = List; }

%type opt_frame_clause {Frame *}
opt_frame_clause(Res) ::= .  { Res = make_frame(pc, FRAMEOPTION_DEFAULTS); }
opt_frame_clause(Res) ::= RANGE frame_extent(Ext) opt_window_exclusion_clause(Excl).
    { Res = finish_frame(Ext, FRAMEOPTION_NONDEFAULT | FRAMEOPTION_RANGE | Excl); }
opt_frame_clause(Res) ::= ROWS frame_extent(Ext) opt_window_exclusion_clause(Excl).
    { Res = finish_frame(Ext, FRAMEOPTION_NONDEFAULT | FRAMEOPTION_ROWS | Excl); }
opt_frame_clause(Res) ::= GROUPS frame_extent(Ext) opt_window_exclusion_clause(Excl).
    { Res = finish_frame(Ext, FRAMEOPTION_NONDEFAULT | FRAMEOPTION_GROUPS | Excl); }

%type frame_extent {Frame *}
frame_extent(Res) ::= frame_bound(Start).                        { Res = make_frame_from(pc, Start); }
frame_extent(Res) ::= BETWEEN frame_bound(Start) AND frame_bound(End). { Res = make_frame_between(pc, Start, End); }

%type frame_bound {Frame *}
frame_bound(Res) ::= UNBOUNDED(Kw) PRECEDING.
    { Res = make_bound(pc, FRAMEOPTION_START_UNBOUNDED_PRECEDING, Kw.location, NULL); }
frame_bound(Res) ::= UNBOUNDED(Kw) FOLLOWING.
    { Res = make_bound(pc, FRAMEOPTION_START_UNBOUNDED_FOLLOWING, Kw.location, NULL); }
frame_bound(Res) ::= CURRENT(Kw) ROW.
    { Res = make_bound(pc, FRAMEOPTION_START_CURRENT_ROW, Kw.location, NULL); }
frame_bound(Res) ::= a_expr(Off) PRECEDING.
    { Res = make_bound(pc, FRAMEOPTION_START_OFFSET_PRECEDING, node_start(Off), Off); }
frame_bound(Res) ::= a_expr(Off) FOLLOWING.
    { Res = make_bound(pc, FRAMEOPTION_START_OFFSET_FOLLOWING, node_start(Off), Off); }

%type opt_window_exclusion_clause {int}
opt_window_exclusion_clause(Res) ::= .                    { Res = 0; }
opt_window_exclusion_clause(Res) ::= EXCLUDE CURRENT ROW. { Res = FRAMEOPTION_EXCLUDE_CURRENT_ROW; }
opt_window_exclusion_clause(Res) ::= EXCLUDE GROUP.       { Res = FRAMEOPTION_EXCLUDE_GROUP; }
opt_window_exclusion_clause(Res) ::= EXCLUDE TIES.        { Res = FRAMEOPTION_EXCLUDE_TIES; }
opt_window_exclusion_clause(Res) ::= EXCLUDE NO OTHERS.   { Res = 0; }
