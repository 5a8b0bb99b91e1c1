// routine.y - functions, procedures, aggregates, operators and what belongs to them; triggers, rules.

// ---- CREATE FUNCTION, PROCEDURE ---------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) FUNCTION func_name(Name) func_args_with_defaults(Args) RETURNS
              func_type(Ret) opt_createfunc_opt_list(Opts) opt_routine_body(Body).
    { Res = MAKE(CreateFunctionStmt, Kw.location, .replace = Repl, .funcname = Name, .parameters = Args,
                 .return_type = Ret, .options = Opts, .sql_body = Body); }
stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) FUNCTION func_name(Name) func_args_with_defaults(Args) RETURNS TABLE
              LPAREN table_func_column_list(Cols) RPAREN opt_createfunc_opt_list(Opts) opt_routine_body(Body).
    { Res = MAKE(CreateFunctionStmt, Kw.location, .replace = Repl, .funcname = Name,
                 .parameters = merge_table_columns(pc, Args, Cols, Kw), .options = Opts, .sql_body = Body); }
stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) FUNCTION func_name(Name) func_args_with_defaults(Args)
              opt_createfunc_opt_list(Opts) opt_routine_body(Body).
    { Res = MAKE(CreateFunctionStmt, Kw.location, .replace = Repl, .funcname = Name, .parameters = Args,
                 .options = Opts, .sql_body = Body); }
stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) PROCEDURE func_name(Name) func_args_with_defaults(Args)
              opt_createfunc_opt_list(Opts) opt_routine_body(Body).
    { Res = MAKE(CreateFunctionStmt, Kw.location, .is_procedure = true, .replace = Repl, .funcname = Name,
                 .parameters = Args, .options = Opts, .sql_body = Body); }

%type func_args {NodeList *}
func_args(Res) ::= LPAREN func_args_list(List) RPAREN. { Res = List; }
func_args(Res) ::= LPAREN RPAREN.                      { Res = NULL; }
%type func_args_list {NodeList *}
func_args_list(Res) ::= func_arg(Elem).                            { Res = list_one(pc, Elem); }
func_args_list(Res) ::= func_args_list(Head) COMMA func_arg(Elem). { Res = list_add(pc, Head, Elem); }

// IN may stand before or behind the name.
%type func_arg {FunctionParameter *}
func_arg(Res) ::= arg_class(Mode) param_name(Name) func_type(Type_).
    { Res = MAKE(FunctionParameter, Name.location, .name = Name.str, .arg_type = Type_, .mode = Mode); }
func_arg(Res) ::= param_name(Name) arg_class(Mode) func_type(Type_).
    { Res = MAKE(FunctionParameter, Name.location, .name = Name.str, .arg_type = Type_, .mode = Mode); }
func_arg(Res) ::= param_name(Name) func_type(Type_).
    { Res = MAKE(FunctionParameter, Name.location, .name = Name.str, .arg_type = Type_, .mode = FUNC_PARAM_DEFAULT); }
func_arg(Res) ::= arg_class(Mode) func_type(Type_).
    { Res = MAKE(FunctionParameter, Type_->node.location, .arg_type = Type_, .mode = Mode); }
func_arg(Res) ::= func_type(Type_).
    { Res = MAKE(FunctionParameter, Type_->node.location, .arg_type = Type_, .mode = FUNC_PARAM_DEFAULT); }

%type param_name {Token}
param_name(Res) ::= type_function_name(Res).

%type arg_class {int}
arg_class(Res) ::= IN.       { Res = FUNC_PARAM_IN; }
arg_class(Res) ::= OUT.      { Res = FUNC_PARAM_OUT; }
arg_class(Res) ::= INOUT.    { Res = FUNC_PARAM_INOUT; }
arg_class(Res) ::= IN OUT.   { Res = FUNC_PARAM_INOUT; }
arg_class(Res) ::= VARIADIC. { Res = FUNC_PARAM_VARIADIC; }

%type func_args_with_defaults {NodeList *}
func_args_with_defaults(Res) ::= LPAREN func_args_with_defaults_list(List) RPAREN. { Res = List; }
func_args_with_defaults(Res) ::= LPAREN RPAREN.                                    { Res = NULL; }
%type func_args_with_defaults_list {NodeList *}
func_args_with_defaults_list(Res) ::= func_arg_with_default(Elem).
    { Res = list_one(pc, Elem); }
func_args_with_defaults_list(Res) ::= func_args_with_defaults_list(Head) COMMA func_arg_with_default(Elem).
    { Res = list_add(pc, Head, Elem); }
%type func_arg_with_default {FunctionParameter *}
func_arg_with_default(Res) ::= func_arg(Res).
func_arg_with_default(Res) ::= func_arg(Arg) DEFAULT a_expr(Def). { Res = set_parameter_default(Arg, Def); }
func_arg_with_default(Res) ::= func_arg(Arg) EQUAL a_expr(Def).   { Res = set_parameter_default(Arg, Def); }

%type table_func_column_list {NodeList *}
table_func_column_list(Res) ::= table_func_column(Elem).                                    { Res = list_one(pc, Elem); }
table_func_column_list(Res) ::= table_func_column_list(Head) COMMA table_func_column(Elem). { Res = list_add(pc, Head, Elem); }
table_func_column(Res) ::= param_name(Name) func_type(Type_).
    { Res = MAKE(FunctionParameter, Name.location, .name = Name.str, .arg_type = Type_, .mode = FUNC_PARAM_TABLE); }

%type opt_createfunc_opt_list {NodeList *}
opt_createfunc_opt_list(Res) ::= .                      { Res = NULL; }
opt_createfunc_opt_list(Res) ::= createfunc_opt_list(Res).
%type createfunc_opt_list {NodeList *}
createfunc_opt_list(Res) ::= createfunc_opt_item(Elem).                           { Res = list_one(pc, Elem); }
createfunc_opt_list(Res) ::= createfunc_opt_list(Head) createfunc_opt_item(Elem). { Res = list_add(pc, Head, Elem); }

createfunc_opt_item(Res) ::= AS(Kw) SCONST(Str).
    { Res = make_def(pc, Kw, NODE(list_one(pc, make_string(pc, Str)))); }
createfunc_opt_item(Res) ::= AS(Kw) SCONST(Obj) COMMA SCONST(Sym).
    { Res = make_def(pc, Kw, NODE(list_two(pc, make_string(pc, Obj), make_string(pc, Sym)))); }
createfunc_opt_item(Res) ::= LANGUAGE(Kw) non_reserved_word_or_sconst(Lang). { Res = make_def(pc, Kw, make_string(pc, Lang)); }
createfunc_opt_item(Res) ::= TRANSFORM(Kw) transform_type_list(List).        { Res = make_def(pc, Kw, NODE(List)); }
createfunc_opt_item(Res) ::= WINDOW(Kw).                  { Res = make_def(pc, Kw, make_boolean(pc, true)); }
createfunc_opt_item(Res) ::= common_func_opt_item(Res).

common_func_opt_item(Res) ::= CALLED(Kw) ON NULL INPUT.       { Res = make_def_named(pc, Kw, "strict", make_boolean(pc, false)); }
common_func_opt_item(Res) ::= RETURNS(Kw) NULL ON NULL INPUT. { Res = make_def_named(pc, Kw, "strict", make_boolean(pc, true)); }
common_func_opt_item(Res) ::= STRICT(Kw).                     { Res = make_def(pc, Kw, make_boolean(pc, true)); }
common_func_opt_item(Res) ::= IMMUTABLE(Kw).                  { Res = make_def_named(pc, Kw, "volatility", make_string(pc, Kw)); }
common_func_opt_item(Res) ::= STABLE(Kw).                     { Res = make_def_named(pc, Kw, "volatility", make_string(pc, Kw)); }
common_func_opt_item(Res) ::= VOLATILE(Kw).                   { Res = make_def_named(pc, Kw, "volatility", make_string(pc, Kw)); }
common_func_opt_item(Res) ::= EXTERNAL(Kw) SECURITY DEFINER.  { Res = make_def_named(pc, Kw, "security", make_boolean(pc, true)); }
common_func_opt_item(Res) ::= EXTERNAL(Kw) SECURITY INVOKER.  { Res = make_def_named(pc, Kw, "security", make_boolean(pc, false)); }
common_func_opt_item(Res) ::= SECURITY(Kw) DEFINER.           { Res = make_def(pc, Kw, make_boolean(pc, true)); }
common_func_opt_item(Res) ::= SECURITY(Kw) INVOKER.           { Res = make_def(pc, Kw, make_boolean(pc, false)); }
common_func_opt_item(Res) ::= LEAKPROOF(Kw).                  { Res = make_def(pc, Kw, make_boolean(pc, true)); }
common_func_opt_item(Res) ::= NOT LEAKPROOF(Kw).              { Res = make_def(pc, Kw, make_boolean(pc, false)); }
common_func_opt_item(Res) ::= COST(Kw) numeric_only(Num).     { Res = make_def(pc, Kw, Num); }
common_func_opt_item(Res) ::= ROWS(Kw) numeric_only(Num).     { Res = make_def(pc, Kw, Num); }
common_func_opt_item(Res) ::= SUPPORT(Kw) any_name(Name).     { Res = make_def(pc, Kw, NODE(Name)); }
// SET on a line of its own is what can be set for the time of a call.
common_func_opt_item(Res) ::= function_set_reset_clause(Set).
    { Res = make_def_named(pc, (Token){.location = Set->node.location}, "set", NODE(Set)); }
common_func_opt_item(Res) ::= PARALLEL(Kw) colid(Word).       { Res = make_def(pc, Kw, make_string(pc, Word)); }

%type transform_type_list {NodeList *}
transform_type_list(Res) ::= FOR TYPE typename(Elem).                                   { Res = list_one(pc, Elem); }
transform_type_list(Res) ::= transform_type_list(Head) COMMA FOR TYPE typename(Elem).   { Res = list_add(pc, Head, Elem); }

opt_routine_body(Res) ::= .                                                  { Res = NULL; }
opt_routine_body(Res) ::= return_stmt(Res).
opt_routine_body(Res) ::= BEGIN ATOMIC routine_body_stmt_list(List) END.     { Res = NODE(List); }

return_stmt(Res) ::= RETURN(Kw) a_expr(Val). { Res = MAKE(ReturnStmt, Kw.location, .returnval = Val); }

%type routine_body_stmt_list {NodeList *}
routine_body_stmt_list(Res) ::= .  { Res = list_empty(pc); }
routine_body_stmt_list(Res) ::= routine_body_stmt_list(Head) routine_body_stmt(Stmt) SEMI.
    { Res = append_statement(pc, Head, Stmt); }
routine_body_stmt(Res) ::= stmt(Res).
routine_body_stmt(Res) ::= return_stmt(Res).

// ---- ALTER FUNCTION ---------------------------------------------------------------------------------------------

stmt(Res) ::= ALTER(Kw) object_type_routine(Type_) function_with_argtypes(Func) alterfunc_opt_list(Opts) opt_restrict.
    { Res = MAKE(AlterFunctionStmt, Kw.location, .objtype = Type_, .func = Func, .actions = Opts); }
%type alterfunc_opt_list {NodeList *}
alterfunc_opt_list(Res) ::= common_func_opt_item(Elem).                          { Res = list_one(pc, Elem); }
alterfunc_opt_list(Res) ::= alterfunc_opt_list(Head) common_func_opt_item(Elem). { Res = list_add(pc, Head, Elem); }
opt_restrict ::= .
opt_restrict ::= RESTRICT.

// ---- aggregates, operators, text search, collations: CREATE ... definition --------------------------------------

stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) AGGREGATE func_name(Name) aggr_args(Args) definition(Def).
    { Res = MAKE(DefineStmt, Kw.location, .kind = OBJECT_AGGREGATE, .replace = Repl, .defnames = Name,
                 .args = Args.args, .direct_arg_count = Args.direct_count, .definition = Def); }
stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) AGGREGATE func_name(Name) old_aggr_definition(Def).
    { Res = MAKE(DefineStmt, Kw.location, .kind = OBJECT_AGGREGATE, .replace = Repl, .oldstyle = true,
                 .defnames = Name, .direct_arg_count = -1, .definition = Def); }
stmt(Res) ::= CREATE(Kw) OPERATOR any_operator(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_OPERATOR, Name, Def); }
stmt(Res) ::= CREATE(Kw) TEXT SEARCH PARSER any_name(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_TSPARSER, Name, Def); }
stmt(Res) ::= CREATE(Kw) TEXT SEARCH DICTIONARY any_name(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_TSDICTIONARY, Name, Def); }
stmt(Res) ::= CREATE(Kw) TEXT SEARCH TEMPLATE any_name(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_TSTEMPLATE, Name, Def); }
stmt(Res) ::= CREATE(Kw) TEXT SEARCH CONFIGURATION any_name(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_TSCONFIGURATION, Name, Def); }
stmt(Res) ::= CREATE(Kw) COLLATION any_name(Name) definition(Def).
    { Res = make_define(pc, Kw, OBJECT_COLLATION, Name, Def); }
stmt(Res) ::= CREATE(Kw) COLLATION IF NOT EXISTS any_name(Name) definition(Def).
    { Res = define_if_not_exists(make_define(pc, Kw, OBJECT_COLLATION, Name, Def)); }
stmt(Res) ::= CREATE(Kw) COLLATION any_name(Name) FROM(Opt) any_name(From).
    { Res = make_define(pc, Kw, OBJECT_COLLATION, Name, list_one(pc, make_def(pc, Opt, NODE(From)))); }
stmt(Res) ::= CREATE(Kw) COLLATION IF NOT EXISTS any_name(Name) FROM(Opt) any_name(From).
    { Res = define_if_not_exists(make_define(pc, Kw, OBJECT_COLLATION, Name,
                                             list_one(pc, make_def(pc, Opt, NODE(From))))); }

%type aggr_args {AggregateArgs}
aggr_args(Res) ::= LPAREN STAR RPAREN.                                    { Res = aggregate_args(-1, NULL); }
aggr_args(Res) ::= LPAREN aggr_args_list(List) RPAREN.                    { Res = aggregate_args(-1, List); }
aggr_args(Res) ::= LPAREN ORDER BY aggr_args_list(List) RPAREN.           { Res = aggregate_args(0, List); }
aggr_args(Res) ::= LPAREN aggr_args_list(Direct) ORDER BY aggr_args_list(Sorted) RPAREN.
    { Res = ordered_set_args(pc, Direct, Sorted); }
%type aggr_args_list {NodeList *}
aggr_args_list(Res) ::= func_arg(Elem).                            { Res = list_one(pc, Elem); }
aggr_args_list(Res) ::= aggr_args_list(Head) COMMA func_arg(Elem). { Res = list_add(pc, Head, Elem); }

// IDENT, not a label: else it would look like aggr_args.
%type old_aggr_definition {NodeList *}
old_aggr_definition(Res) ::= LPAREN old_aggr_list(List) RPAREN. { Res = List; }
%type old_aggr_list {NodeList *}
old_aggr_list(Res) ::= old_aggr_elem(Elem).                           { Res = list_one(pc, Elem); }
old_aggr_list(Res) ::= old_aggr_list(Head) COMMA old_aggr_elem(Elem). { Res = list_add(pc, Head, Elem); }
old_aggr_elem(Res) ::= IDENT(Name) EQUAL def_arg(Arg). { Res = make_def(pc, Name, Arg); }

stmt(Res) ::= ALTER(Kw) OPERATOR operator_with_argtypes(Op) SET LPAREN operator_def_list(Opts) RPAREN.
    { Res = MAKE(AlterOperatorStmt, Kw.location, .opername = Op, .options = Opts); }
%type operator_def_list {NodeList *}
operator_def_list(Res) ::= operator_def_elem(Elem).                               { Res = list_one(pc, Elem); }
operator_def_list(Res) ::= operator_def_list(Head) COMMA operator_def_elem(Elem). { Res = list_add(pc, Head, Elem); }
operator_def_elem(Res) ::= col_label(Name) EQUAL NONE.                  { Res = make_def(pc, Name, NULL); }
operator_def_elem(Res) ::= col_label(Name) EQUAL operator_def_arg(Arg). { Res = make_def(pc, Name, Arg); }
operator_def_arg(Res) ::= func_type(Type_).       { Res = NODE(Type_); }
operator_def_arg(Res) ::= reserved_keyword(Word). { Res = make_string(pc, Word); }
operator_def_arg(Res) ::= qual_all_op(Op).        { Res = NODE(Op); }
operator_def_arg(Res) ::= numeric_only(Res).
operator_def_arg(Res) ::= SCONST(Str).            { Res = make_string(pc, Str); }

// ---- operator classes and families ------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) OPERATOR CLASS any_name(Name) opt_default(Def) FOR TYPE typename(Type_) USING colid(Method)
              opt_opfamily(Family) AS opclass_item_list(Items).
    { Res = MAKE(CreateOpClassStmt, Kw.location, .opclassname = Name, .is_default = Def, .datatype = Type_,
                 .amname = Method.str, .opfamilyname = Family, .items = Items); }
%type opt_default {int}
opt_default(Res) ::= .        { Res = false; }
opt_default(Res) ::= DEFAULT. { Res = true; }
%type opt_opfamily {NodeList *}
opt_opfamily(Res) ::= .                      { Res = NULL; }
opt_opfamily(Res) ::= FAMILY any_name(Name). { Res = Name; }

%type opclass_item_list {NodeList *}
opclass_item_list(Res) ::= opclass_item(Elem).                               { Res = list_one(pc, Elem); }
opclass_item_list(Res) ::= opclass_item_list(Head) COMMA opclass_item(Elem). { Res = list_add(pc, Head, Elem); }
opclass_item(Res) ::= OPERATOR(Kw) ICONST(Num) any_operator(Name) opclass_purpose(Order) opt_recheck.
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_OPERATOR, .number = Num.ival,
                 .name = make_routine_without_args(pc, Name), .order_family = Order); }
opclass_item(Res) ::= OPERATOR(Kw) ICONST(Num) operator_with_argtypes(Op) opclass_purpose(Order) opt_recheck.
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_OPERATOR, .number = Num.ival, .name = Op,
                 .order_family = Order); }
opclass_item(Res) ::= FUNCTION(Kw) ICONST(Num) function_with_argtypes(Func).
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_FUNCTION, .number = Num.ival, .name = Func); }
opclass_item(Res) ::= FUNCTION(Kw) ICONST(Num) LPAREN typename_list(Types) RPAREN function_with_argtypes(Func).
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_FUNCTION, .number = Num.ival, .name = Func,
                 .class_args = Types); }
opclass_item(Res) ::= STORAGE(Kw) typename(Type_).
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_STORAGETYPE, .storedtype = Type_); }
%type opclass_purpose {NodeList *}
opclass_purpose(Res) ::= .                            { Res = NULL; }
opclass_purpose(Res) ::= FOR SEARCH.                  { Res = NULL; }
opclass_purpose(Res) ::= FOR ORDER BY any_name(Name). { Res = Name; }
opt_recheck ::= .
opt_recheck ::= RECHECK.

stmt(Res) ::= CREATE(Kw) OPERATOR FAMILY any_name(Name) USING colid(Method).
    { Res = MAKE(CreateOpFamilyStmt, Kw.location, .opfamilyname = Name, .amname = Method.str); }
stmt(Res) ::= ALTER(Kw) OPERATOR FAMILY any_name(Name) USING colid(Method) ADD opclass_item_list(Items).
    { Res = MAKE(AlterOpFamilyStmt, Kw.location, .opfamilyname = Name, .amname = Method.str, .items = Items); }
stmt(Res) ::= ALTER(Kw) OPERATOR FAMILY any_name(Name) USING colid(Method) DROP opclass_drop_list(Items).
    { Res = MAKE(AlterOpFamilyStmt, Kw.location, .opfamilyname = Name, .amname = Method.str, .is_drop = true,
                 .items = Items); }
%type opclass_drop_list {NodeList *}
opclass_drop_list(Res) ::= opclass_drop(Elem).                               { Res = list_one(pc, Elem); }
opclass_drop_list(Res) ::= opclass_drop_list(Head) COMMA opclass_drop(Elem). { Res = list_add(pc, Head, Elem); }
opclass_drop(Res) ::= OPERATOR(Kw) ICONST(Num) LPAREN typename_list(Types) RPAREN.
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_OPERATOR, .number = Num.ival,
                 .class_args = Types); }
opclass_drop(Res) ::= FUNCTION(Kw) ICONST(Num) LPAREN typename_list(Types) RPAREN.
    { Res = MAKE(CreateOpClassItem, Kw.location, .itemtype = OPCLASS_ITEM_FUNCTION, .number = Num.ival,
                 .class_args = Types); }

// ---- casts, conversions, languages, transforms ------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) CAST LPAREN typename(From) AS typename(To) RPAREN WITH FUNCTION function_with_argtypes(Func)
              cast_context(Ctx).
    { Res = MAKE(CreateCastStmt, Kw.location, .sourcetype = From, .targettype = To, .func = Func, .context = Ctx); }
stmt(Res) ::= CREATE(Kw) CAST LPAREN typename(From) AS typename(To) RPAREN WITHOUT FUNCTION cast_context(Ctx).
    { Res = MAKE(CreateCastStmt, Kw.location, .sourcetype = From, .targettype = To, .context = Ctx); }
stmt(Res) ::= CREATE(Kw) CAST LPAREN typename(From) AS typename(To) RPAREN WITH INOUT cast_context(Ctx).
    { Res = MAKE(CreateCastStmt, Kw.location, .sourcetype = From, .targettype = To, .inout = true, .context = Ctx); }
%type cast_context {int}
cast_context(Res) ::= .              { Res = COERCION_EXPLICIT; }
cast_context(Res) ::= AS IMPLICIT.   { Res = COERCION_IMPLICIT; }
cast_context(Res) ::= AS ASSIGNMENT. { Res = COERCION_ASSIGNMENT; }

stmt(Res) ::= CREATE(Kw) opt_default(Def) CONVERSION any_name(Name) FOR SCONST(From) TO SCONST(To) FROM any_name(Func).
    { Res = MAKE(CreateConversionStmt, Kw.location, .def = Def, .conversion_name = Name, .for_encoding_name = From.str,
                 .to_encoding_name = To.str, .func_name = Func); }

stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) opt_trusted(Trust) opt_procedural LANGUAGE colid(Name).
    { Res = MAKE(CreatePLangStmt, Kw.location, .replace = Repl, .pltrusted = Trust, .plname = Name.str); }
stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) opt_trusted(Trust) opt_procedural LANGUAGE colid(Name)
              HANDLER any_name(Handler) opt_inline_handler(Inline) opt_validator(Valid).
    { Res = MAKE(CreatePLangStmt, Kw.location, .replace = Repl, .pltrusted = Trust, .plname = Name.str,
                 .plhandler = Handler, .plinline = Inline, .plvalidator = Valid); }
%type opt_trusted {int}
opt_trusted(Res) ::= .        { Res = false; }
opt_trusted(Res) ::= TRUSTED. { Res = true; }
%type opt_inline_handler {NodeList *}
opt_inline_handler(Res) ::= .                      { Res = NULL; }
opt_inline_handler(Res) ::= INLINE any_name(Name). { Res = Name; }
%type opt_validator {NodeList *}
opt_validator(Res) ::= .                         { Res = NULL; }
opt_validator(Res) ::= VALIDATOR any_name(Name). { Res = Name; }
opt_validator(Res) ::= NO VALIDATOR.             { Res = NULL; }

stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) TRANSFORM FOR typename(Type_) LANGUAGE colid(Lang) LPAREN
              transform_element_list(Elts) RPAREN.
    { Res = MAKE(CreateTransformStmt, Kw.location, .replace = Repl, .type_name = Type_, .lang = Lang.str,
                 .fromsql = Elts.fromsql, .tosql = Elts.tosql); }
%type transform_element_list {TransformElements}
transform_element_list(Res) ::= FROM SQL WITH FUNCTION function_with_argtypes(From) COMMA
                                TO SQL WITH FUNCTION function_with_argtypes(To). { Res = transform_elements(From, To); }
transform_element_list(Res) ::= TO SQL WITH FUNCTION function_with_argtypes(To) COMMA
                                FROM SQL WITH FUNCTION function_with_argtypes(From). { Res = transform_elements(From, To); }
transform_element_list(Res) ::= FROM SQL WITH FUNCTION function_with_argtypes(From). { Res = transform_elements(From, NULL); }
transform_element_list(Res) ::= TO SQL WITH FUNCTION function_with_argtypes(To).     { Res = transform_elements(NULL, To); }

// ---- triggers ---------------------------------------------------------------------------------------------------

stmt(Res) ::= create_trig_stmt(Res).
create_trig_stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) TRIGGER colid(Name) trigger_action_time(When)
                          trigger_events(Events) ON qualified_name(Rel) trigger_referencing(Refs)
                          trigger_for_spec(Row) trigger_when(Cond) EXECUTE function_or_procedure func_name(Func)
                          LPAREN trigger_func_args(Args) RPAREN.
    { Res = MAKE(CreateTrigStmt, Kw.location, .replace = Repl, .trigname = Name.str, .relation = Rel, .funcname = Func,
                 .args = Args, .row = Row, .timing = When, .events = Events->bits, .columns = Events->columns,
                 .when_clause = Cond, .transition_rels = Refs); }
create_trig_stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) CONSTRAINT TRIGGER colid(Name) AFTER trigger_events(Events)
                          ON qualified_name(Rel) opt_constr_from_table(From) constraint_attribute_spec(Attr) FOR EACH ROW
                          trigger_when(Cond) EXECUTE function_or_procedure func_name(Func) LPAREN
                          trigger_func_args(Args) RPAREN.
    { Res = make_constraint_trigger(pc, MAKE(CreateTrigStmt, Kw.location, .replace = Repl, .isconstraint = true,
                                             .trigname = Name.str, .relation = Rel, .funcname = Func, .args = Args,
                                             .row = true, .timing = TRIGGER_TYPE_AFTER, .events = Events->bits,
                                             .columns = Events->columns, .when_clause = Cond, .constrrel = From), Attr); }

%type trigger_action_time {int}
trigger_action_time(Res) ::= BEFORE.     { Res = TRIGGER_TYPE_BEFORE; }
trigger_action_time(Res) ::= AFTER.      { Res = TRIGGER_TYPE_AFTER; }
trigger_action_time(Res) ::= INSTEAD OF. { Res = TRIGGER_TYPE_INSTEAD; }

%type trigger_events {TriggerEvents *}
trigger_events(Res) ::= trigger_one_event(Res).
trigger_events(Res) ::= trigger_events(Head) OR trigger_one_event(Event). { Res = add_trigger_event(pc, Head, Event); }
%type trigger_one_event {TriggerEvents *}
trigger_one_event(Res) ::= INSERT(Kw).                      { Res = trigger_event(pc, Kw, TRIGGER_TYPE_INSERT, NULL); }
trigger_one_event(Res) ::= DELETE(Kw).                      { Res = trigger_event(pc, Kw, TRIGGER_TYPE_DELETE, NULL); }
trigger_one_event(Res) ::= UPDATE(Kw).                      { Res = trigger_event(pc, Kw, TRIGGER_TYPE_UPDATE, NULL); }
trigger_one_event(Res) ::= UPDATE(Kw) OF column_list(Cols). { Res = trigger_event(pc, Kw, TRIGGER_TYPE_UPDATE, Cols); }
trigger_one_event(Res) ::= TRUNCATE(Kw).                    { Res = trigger_event(pc, Kw, TRIGGER_TYPE_TRUNCATE, NULL); }

%type trigger_referencing {NodeList *}
trigger_referencing(Res) ::= .                                   { Res = NULL; }
trigger_referencing(Res) ::= REFERENCING trigger_transitions(List). { Res = List; }
%type trigger_transitions {NodeList *}
trigger_transitions(Res) ::= trigger_transition(Elem).                           { Res = list_one(pc, Elem); }
trigger_transitions(Res) ::= trigger_transitions(Head) trigger_transition(Elem). { Res = list_add(pc, Head, Elem); }
trigger_transition(Res) ::= transition_old_or_new(New) transition_row_or_table(Tab) opt_as colid(Name).
    { Res = MAKE(TriggerTransition, Name.location, .name = Name.str, .is_new = New, .is_table = Tab); }
%type transition_old_or_new {int}
transition_old_or_new(Res) ::= NEW. { Res = true; }
transition_old_or_new(Res) ::= OLD. { Res = false; }
%type transition_row_or_table {int}
transition_row_or_table(Res) ::= TABLE. { Res = true; }
transition_row_or_table(Res) ::= ROW.   { Res = false; }

%type trigger_for_spec {int}
trigger_for_spec(Res) ::= .                       { Res = false; }
trigger_for_spec(Res) ::= FOR opt_each ROW.       { Res = true; }
trigger_for_spec(Res) ::= FOR opt_each STATEMENT. { Res = false; }
opt_each ::= .
opt_each ::= EACH.

trigger_when(Res) ::= .                                { Res = NULL; }
trigger_when(Res) ::= WHEN LPAREN a_expr(Cond) RPAREN. { Res = Cond; }

function_or_procedure ::= FUNCTION.
function_or_procedure ::= PROCEDURE.

%type trigger_func_args {NodeList *}
trigger_func_args(Res) ::= .                                               { Res = NULL; }
trigger_func_args(Res) ::= trigger_func_arg(Elem).                         { Res = list_one(pc, Elem); }
trigger_func_args(Res) ::= trigger_func_args(Head) COMMA trigger_func_arg(Elem). { Res = list_add(pc, Head, Elem); }
trigger_func_arg(Res) ::= ICONST(Num).    { Res = make_integer_string(pc, Num); }
trigger_func_arg(Res) ::= FCONST(Num).    { Res = make_string(pc, Num); }
trigger_func_arg(Res) ::= SCONST(Str).    { Res = make_string(pc, Str); }
trigger_func_arg(Res) ::= col_label(Str). { Res = make_string(pc, Str); }

%type opt_constr_from_table {RangeVar *}
opt_constr_from_table(Res) ::= .                         { Res = NULL; }
opt_constr_from_table(Res) ::= FROM qualified_name(Rel). { Res = Rel; }

stmt(Res) ::= CREATE(Kw) EVENT TRIGGER colid(Name) ON col_label(Event) EXECUTE function_or_procedure func_name(Func)
              LPAREN RPAREN.
    { Res = MAKE(CreateEventTrigStmt, Kw.location, .trigname = Name.str, .eventname = Event.str, .funcname = Func); }
stmt(Res) ::= CREATE(Kw) EVENT TRIGGER colid(Name) ON col_label(Event) WHEN event_trigger_when_list(List) EXECUTE
              function_or_procedure func_name(Func) LPAREN RPAREN.
    { Res = MAKE(CreateEventTrigStmt, Kw.location, .trigname = Name.str, .eventname = Event.str, .whenclause = List,
                 .funcname = Func); }
%type event_trigger_when_list {NodeList *}
event_trigger_when_list(Res) ::= event_trigger_when_item(Elem).
    { Res = list_one(pc, Elem); }
event_trigger_when_list(Res) ::= event_trigger_when_list(Head) AND event_trigger_when_item(Elem).
    { Res = list_add(pc, Head, Elem); }
event_trigger_when_item(Res) ::= colid(Name) IN LPAREN string_list(List) RPAREN. { Res = make_def(pc, Name, NODE(List)); }
%type string_list {NodeList *}
string_list(Res) ::= SCONST(Str).                         { Res = list_one(pc, make_string(pc, Str)); }
string_list(Res) ::= string_list(Head) COMMA SCONST(Str). { Res = list_add(pc, Head, make_string(pc, Str)); }

stmt(Res) ::= ALTER(Kw) EVENT TRIGGER colid(Name) enable_trigger(How).
    { Res = MAKE(AlterEventTrigStmt, Kw.location, .trigname = Name.str, .tgenabled = How); }
%type enable_trigger {int}
enable_trigger(Res) ::= ENABLE.         { Res = 'O'; }
enable_trigger(Res) ::= ENABLE REPLICA. { Res = 'R'; }
enable_trigger(Res) ::= ENABLE ALWAYS.  { Res = 'A'; }
enable_trigger(Res) ::= DISABLE.        { Res = 'D'; }

// ---- rules ------------------------------------------------------------------------------------------------------

stmt(Res) ::= CREATE(Kw) opt_or_replace(Repl) RULE colid(Name) AS ON event(Event) TO qualified_name(Rel)
              where_clause(Where) DO opt_instead(Inst) rule_action_list(Acts).
    { Res = MAKE(RuleStmt, Kw.location, .replace = Repl, .rulename = Name.str, .event = Event, .relation = Rel,
                 .where_clause = Where, .instead = Inst, .actions = Acts); }
%type event {int}
event(Res) ::= SELECT. { Res = CMD_SELECT; }
event(Res) ::= UPDATE. { Res = CMD_UPDATE; }
event(Res) ::= DELETE. { Res = CMD_DELETE; }
event(Res) ::= INSERT. { Res = CMD_INSERT; }
%type opt_instead {int}
opt_instead(Res) ::= .        { Res = false; }
opt_instead(Res) ::= INSTEAD. { Res = true; }
opt_instead(Res) ::= ALSO.    { Res = false; }
%type rule_action_list {NodeList *}
rule_action_list(Res) ::= NOTHING.                              { Res = NULL; }
rule_action_list(Res) ::= rule_action_stmt(Act).                { Res = list_one(pc, Act); }
rule_action_list(Res) ::= LPAREN rule_action_multi(List) RPAREN. { Res = List; }
%type rule_action_multi {NodeList *}
rule_action_multi(Res) ::= rule_action_stmt_or_empty(Act).                               { Res = append_statement(pc, NULL, Act); }
rule_action_multi(Res) ::= rule_action_multi(Head) SEMI rule_action_stmt_or_empty(Act).  { Res = append_statement(pc, Head, Act); }
rule_action_stmt(Res) ::= select_stmt(Res).
rule_action_stmt(Res) ::= insert_stmt(Res).
rule_action_stmt(Res) ::= update_stmt(Res).
rule_action_stmt(Res) ::= delete_stmt(Res).
rule_action_stmt(Res) ::= notify_stmt(Res).
rule_action_stmt_or_empty(Res) ::= .                     { Res = NULL; }
rule_action_stmt_or_empty(Res) ::= rule_action_stmt(Res).
