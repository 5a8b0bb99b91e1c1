// execute.y - EXPLAIN, PREPARE, EXECUTE, DEALLOCATE, cursors, LISTEN, CALL, DO.

// ---- EXPLAIN ----------------------------------------------------------------------------------------------------

stmt(Res) ::= EXPLAIN(Kw) explainable_stmt(Query).
    { Res = MAKE(ExplainStmt, Kw.location, .query = Query); }
stmt(Res) ::= EXPLAIN(Kw) analyze_keyword opt_verbose(Verb) explainable_stmt(Query).
    { Res = MAKE(ExplainStmt, Kw.location, .query = Query, .options = analyze_options(pc, Kw, Verb)); }
stmt(Res) ::= EXPLAIN(Kw) VERBOSE(Verb) explainable_stmt(Query).
    { Res = MAKE(ExplainStmt, Kw.location, .query = Query, .options = list_one(pc, make_def(pc, Verb, NULL))); }
stmt(Res) ::= EXPLAIN(Kw) LPAREN utility_option_list(Opts) RPAREN explainable_stmt(Query).
    { Res = MAKE(ExplainStmt, Kw.location, .query = Query, .options = Opts); }

explainable_stmt(Res) ::= preparable_stmt(Res).
explainable_stmt(Res) ::= DECLARE(Kw) colid(Name) cursor_options(Opts) CURSOR opt_hold(Hold) FOR select_stmt(Query).
    { Res = MAKE(DeclareCursorStmt, Kw.location, .portalname = Name.str, .options = Opts | Hold, .query = Query); }
explainable_stmt(Res) ::= create_as_stmt(Res).
explainable_stmt(Res) ::= create_mat_view_stmt(Res).
explainable_stmt(Res) ::= refresh_mat_view_stmt(Res).
explainable_stmt(Res) ::= execute_stmt(Res).

%type opt_verbose {Token}
opt_verbose(Res) ::= .            { Res = no_token; }
opt_verbose(Res) ::= VERBOSE(Res).

// ---- PREPARE, EXECUTE, DEALLOCATE -------------------------------------------------------------------------------

stmt(Res) ::= PREPARE(Kw) colid(Name) prep_type_clause(Types) AS preparable_stmt(Query).
    { Res = MAKE(PrepareStmt, Kw.location, .name = Name.str, .argtypes = Types, .query = Query); }
%type prep_type_clause {NodeList *}
prep_type_clause(Res) ::= .                                 { Res = NULL; }
prep_type_clause(Res) ::= LPAREN typename_list(List) RPAREN. { Res = List; }

stmt(Res) ::= execute_stmt(Res).
execute_stmt(Res) ::= EXECUTE(Kw) colid(Name) execute_param_clause(Args).
    { Res = MAKE(ExecuteStmt, Kw.location, .name = Name.str, .params = Args); }
%type execute_param_clause {NodeList *}
execute_param_clause(Res) ::= .                              { Res = NULL; }
execute_param_clause(Res) ::= LPAREN expr_list(List) RPAREN. { Res = List; }

stmt(Res) ::= DEALLOCATE(Kw) colid(Name).         { Res = MAKE(DeallocateStmt, Kw.location, .name = Name.str); }
stmt(Res) ::= DEALLOCATE(Kw) PREPARE colid(Name). { Res = MAKE(DeallocateStmt, Kw.location, .name = Name.str); }
stmt(Res) ::= DEALLOCATE(Kw) ALL.                 { Res = MAKE(DeallocateStmt, Kw.location); }
stmt(Res) ::= DEALLOCATE(Kw) PREPARE ALL.         { Res = MAKE(DeallocateStmt, Kw.location); }

// ---- cursors ----------------------------------------------------------------------------------------------------

stmt(Res) ::= DECLARE(Kw) colid(Name) cursor_options(Opts) CURSOR opt_hold(Hold) FOR select_stmt(Query).
    { Res = MAKE(DeclareCursorStmt, Kw.location, .portalname = Name.str, .options = Opts | Hold, .query = Query); }

%type cursor_options {int}
cursor_options(Res) ::= .                                 { Res = 0; }
cursor_options(Res) ::= cursor_options(Head) NO SCROLL.   { Res = Head | CURSOR_OPT_NO_SCROLL; }
cursor_options(Res) ::= cursor_options(Head) SCROLL.      { Res = Head | CURSOR_OPT_SCROLL; }
cursor_options(Res) ::= cursor_options(Head) BINARY.      { Res = Head | CURSOR_OPT_BINARY; }
cursor_options(Res) ::= cursor_options(Head) ASENSITIVE.  { Res = Head | CURSOR_OPT_ASENSITIVE; }
cursor_options(Res) ::= cursor_options(Head) INSENSITIVE. { Res = Head | CURSOR_OPT_INSENSITIVE; }
%type opt_hold {int}
opt_hold(Res) ::= .             { Res = 0; }
opt_hold(Res) ::= WITH HOLD.    { Res = CURSOR_OPT_HOLD; }
opt_hold(Res) ::= WITHOUT HOLD. { Res = 0; }

stmt(Res) ::= FETCH(Kw) fetch_args(Fetch). { Res = finish_fetch(Fetch, Kw, false); }
stmt(Res) ::= MOVE(Kw) fetch_args(Fetch).  { Res = finish_fetch(Fetch, Kw, true); }

%type fetch_args {FetchStmt *}
fetch_args(Res) ::= colid(Name).                        { Res = make_fetch(pc, FETCH_FORWARD, 1, Name); }
fetch_args(Res) ::= from_in colid(Name).                { Res = make_fetch(pc, FETCH_FORWARD, 1, Name); }
fetch_args(Res) ::= NEXT opt_from_in colid(Name).       { Res = make_fetch(pc, FETCH_FORWARD, 1, Name); }
fetch_args(Res) ::= PRIOR opt_from_in colid(Name).      { Res = make_fetch(pc, FETCH_BACKWARD, 1, Name); }
fetch_args(Res) ::= FIRST opt_from_in colid(Name).      { Res = make_fetch(pc, FETCH_ABSOLUTE, 1, Name); }
fetch_args(Res) ::= LAST opt_from_in colid(Name).       { Res = make_fetch(pc, FETCH_ABSOLUTE, -1, Name); }
fetch_args(Res) ::= ABSOLUTE signed_iconst(Num) opt_from_in colid(Name). { Res = make_fetch(pc, FETCH_ABSOLUTE, Num, Name); }
fetch_args(Res) ::= RELATIVE signed_iconst(Num) opt_from_in colid(Name). { Res = make_fetch(pc, FETCH_RELATIVE, Num, Name); }
fetch_args(Res) ::= signed_iconst(Num) opt_from_in colid(Name).          { Res = make_fetch(pc, FETCH_FORWARD, Num, Name); }
fetch_args(Res) ::= ALL opt_from_in colid(Name).        { Res = make_fetch(pc, FETCH_FORWARD, FETCH_ALL, Name); }
fetch_args(Res) ::= FORWARD opt_from_in colid(Name).    { Res = make_fetch(pc, FETCH_FORWARD, 1, Name); }
fetch_args(Res) ::= FORWARD signed_iconst(Num) opt_from_in colid(Name).  { Res = make_fetch(pc, FETCH_FORWARD, Num, Name); }
fetch_args(Res) ::= FORWARD ALL opt_from_in colid(Name). { Res = make_fetch(pc, FETCH_FORWARD, FETCH_ALL, Name); }
fetch_args(Res) ::= BACKWARD opt_from_in colid(Name).   { Res = make_fetch(pc, FETCH_BACKWARD, 1, Name); }
fetch_args(Res) ::= BACKWARD signed_iconst(Num) opt_from_in colid(Name). { Res = make_fetch(pc, FETCH_BACKWARD, Num, Name); }
fetch_args(Res) ::= BACKWARD ALL opt_from_in colid(Name). { Res = make_fetch(pc, FETCH_BACKWARD, FETCH_ALL, Name); }

from_in ::= FROM.
from_in ::= IN.
opt_from_in ::= .
opt_from_in ::= from_in.

stmt(Res) ::= CLOSE(Kw) colid(Name). { Res = MAKE(ClosePortalStmt, Kw.location, .portalname = Name.str); }
stmt(Res) ::= CLOSE(Kw) ALL.         { Res = MAKE(ClosePortalStmt, Kw.location); }

// ---- LISTEN, NOTIFY ---------------------------------------------------------------------------------------------

stmt(Res) ::= LISTEN(Kw) colid(Name).   { Res = MAKE(ListenStmt, Kw.location, .conditionname = Name.str); }
stmt(Res) ::= UNLISTEN(Kw) colid(Name). { Res = MAKE(UnlistenStmt, Kw.location, .conditionname = Name.str); }
stmt(Res) ::= UNLISTEN(Kw) STAR.        { Res = MAKE(UnlistenStmt, Kw.location); }
stmt(Res) ::= notify_stmt(Res).
notify_stmt(Res) ::= NOTIFY(Kw) colid(Name).   { Res = MAKE(NotifyStmt, Kw.location, .conditionname = Name.str); }
notify_stmt(Res) ::= NOTIFY(Kw) colid(Name) COMMA SCONST(Str).
    { Res = MAKE(NotifyStmt, Kw.location, .conditionname = Name.str, .payload = Str.str); }

// ---- CALL, DO, LOAD, CHECKPOINT -------------------------------------------------------------------------------------

stmt(Res) ::= CALL(Kw) func_application(Call). { Res = MAKE(CallStmt, Kw.location, .funccall = (FuncCall *)Call); }

stmt(Res) ::= DO(Kw) dostmt_opt_list(Args). { Res = MAKE(DoStmt, Kw.location, .args = Args); }
%type dostmt_opt_list {NodeList *}
dostmt_opt_list(Res) ::= dostmt_opt_item(Elem).                       { Res = list_one(pc, Elem); }
dostmt_opt_list(Res) ::= dostmt_opt_list(Head) dostmt_opt_item(Elem). { Res = list_add(pc, Head, Elem); }
dostmt_opt_item(Res) ::= SCONST(Str).
    { Res = make_def_named(pc, Str, "as", make_string(pc, Str)); }
dostmt_opt_item(Res) ::= LANGUAGE(Kw) non_reserved_word_or_sconst(Lang). { Res = make_def(pc, Kw, make_string(pc, Lang)); }

stmt(Res) ::= LOAD(Kw) file_name(File). { Res = MAKE(LoadStmt, Kw.location, .filename = File.str); }
stmt(Res) ::= CHECKPOINT(Kw).           { Res = MAKE(CheckPointStmt, Kw.location); }
