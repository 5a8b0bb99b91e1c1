// setting.y - SET, RESET, SHOW, ALTER SYSTEM, DISCARD.

stmt(Res) ::= variable_set_stmt(Res).

variable_set_stmt(Res) ::= SET(Kw) set_rest(Rest).         { Res = finish_set(Rest, Kw, false); }
variable_set_stmt(Res) ::= SET(Kw) LOCAL set_rest(Rest).   { Res = finish_set(Rest, Kw, true); }
variable_set_stmt(Res) ::= SET(Kw) SESSION set_rest(Rest). { Res = finish_set(Rest, Kw, false); }

%type set_rest {VariableSetStmt *}
set_rest(Res) ::= TRANSACTION transaction_mode_list(Modes).
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_MULTI, .name = "TRANSACTION", .args = Modes); }
set_rest(Res) ::= SESSION CHARACTERISTICS AS TRANSACTION transaction_mode_list(Modes).
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_MULTI, .name = "SESSION CHARACTERISTICS", .args = Modes); }
set_rest(Res) ::= set_rest_more(Res).

%type generic_set {VariableSetStmt *}
generic_set(Res) ::= var_name(Name) TO var_list(Vals).
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_VALUE, .name = Name.str, .args = Vals); }
generic_set(Res) ::= var_name(Name) EQUAL var_list(Vals).
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_VALUE, .name = Name.str, .args = Vals); }
generic_set(Res) ::= var_name(Name) TO DEFAULT.
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_DEFAULT, .name = Name.str); }
generic_set(Res) ::= var_name(Name) EQUAL DEFAULT.
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_DEFAULT, .name = Name.str); }

%type set_rest_more {VariableSetStmt *}
set_rest_more(Res) ::= generic_set(Res).
set_rest_more(Res) ::= var_name(Name) FROM CURRENT.
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_CURRENT, .name = Name.str); }
set_rest_more(Res) ::= TIME ZONE zone_value(Zone). { Res = make_set_time_zone(pc, Zone); }
set_rest_more(Res) ::= CATALOG SCONST(Val).
    { Res = raise_set_catalog(pc, Val); }
set_rest_more(Res) ::= SCHEMA SCONST(Val). { Res = make_set_string(pc, "search_path", Val); }
set_rest_more(Res) ::= NAMES opt_encoding(Val). { Res = make_set_string(pc, "client_encoding", Val); }
set_rest_more(Res) ::= ROLE non_reserved_word_or_sconst(Val). { Res = make_set_string(pc, "role", Val); }
set_rest_more(Res) ::= SESSION AUTHORIZATION non_reserved_word_or_sconst(Val).
    { Res = make_set_string(pc, "session_authorization", Val); }
set_rest_more(Res) ::= SESSION AUTHORIZATION DEFAULT.
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_DEFAULT, .name = "session_authorization"); }
set_rest_more(Res) ::= XML OPTION document_or_content(Val). { Res = make_set_string(pc, "xmloption", Val); }
set_rest_more(Res) ::= TRANSACTION SNAPSHOT SCONST(Val).
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_SET_MULTI, .name = "TRANSACTION SNAPSHOT",
                 .args = list_one(pc, make_string_const(pc, Val))); }

%type document_or_content {Token}
document_or_content(Res) ::= DOCUMENT(Kw). { Res = rename_token(Kw, "DOCUMENT"); }
document_or_content(Res) ::= CONTENT(Kw).  { Res = rename_token(Kw, "CONTENT"); }

%type var_name {Token}
var_name(Res) ::= colid(Res).
var_name(Res) ::= var_name(Head) DOT colid(Name). { Res = join_names(pc, Head, Name); }

%type var_list {NodeList *}
var_list(Res) ::= var_value(Elem).                      { Res = list_one(pc, Elem); }
var_list(Res) ::= var_list(Head) COMMA var_value(Elem). { Res = list_add(pc, Head, Elem); }

var_value(Res) ::= opt_boolean_or_string(Val). { Res = make_string_const(pc, Val); }
var_value(Res) ::= numeric_only(Num).          { Res = make_number_const(pc, Num); }

// A name is a string; INTERVAL '...' HOUR TO MINUTE an offset; DEFAULT and LOCAL have no value (NULL).
zone_value(Res) ::= SCONST(Val).        { Res = make_string_const(pc, Val); }
zone_value(Res) ::= IDENT(Val).         { Res = make_string_const(pc, Val); }
zone_value(Res) ::= const_interval(Type_name) SCONST(Val) opt_interval(Fields).
    { Res = make_zone_interval(pc, Type_name, Val, Fields); }
zone_value(Res) ::= const_interval(Type_name) LPAREN ICONST(Digits) RPAREN SCONST(Val).
    { Res = make_typed_const(pc, with_typmods(Type_name, interval_precision(pc, Digits)), Val); }
zone_value(Res) ::= numeric_only(Num).  { Res = make_number_const(pc, Num); }
zone_value(Res) ::= DEFAULT.            { Res = NULL; }
zone_value(Res) ::= LOCAL.              { Res = NULL; }

%type opt_encoding {Token}
opt_encoding(Res) ::= .          { Res = no_token; }
opt_encoding(Res) ::= SCONST(Res).
opt_encoding(Res) ::= DEFAULT.   { Res = no_token; }

// ---- RESET ------------------------------------------------------------------------------------------------------

stmt(Res) ::= variable_reset_stmt(Res).
variable_reset_stmt(Res) ::= RESET(Kw) reset_rest(Rest). { Res = finish_set(Rest, Kw, false); }

%type reset_rest {VariableSetStmt *}
reset_rest(Res) ::= generic_reset(Res).
reset_rest(Res) ::= TIME ZONE. { Res = MAKE(VariableSetStmt, -1, .kind = VAR_RESET, .name = "timezone"); }
reset_rest(Res) ::= TRANSACTION ISOLATION LEVEL.
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_RESET, .name = "transaction_isolation"); }
reset_rest(Res) ::= SESSION AUTHORIZATION.
    { Res = MAKE(VariableSetStmt, -1, .kind = VAR_RESET, .name = "session_authorization"); }

%type generic_reset {VariableSetStmt *}
generic_reset(Res) ::= var_name(Name). { Res = MAKE(VariableSetStmt, -1, .kind = VAR_RESET, .name = Name.str); }
generic_reset(Res) ::= ALL.            { Res = MAKE(VariableSetStmt, -1, .kind = VAR_RESET_ALL); }

// What ALTER DATABASE, ROLE, FUNCTION and SYSTEM may set and reset.
%type set_reset_clause {VariableSetStmt *}
set_reset_clause(Res) ::= SET(Kw) set_rest(Rest).           { Res = finish_set_stmt(Rest, Kw); }
set_reset_clause(Res) ::= variable_reset_stmt(Reset).       { Res = (VariableSetStmt *)Reset; }

%type function_set_reset_clause {VariableSetStmt *}
function_set_reset_clause(Res) ::= SET(Kw) set_rest_more(Rest).     { Res = finish_set_stmt(Rest, Kw); }
function_set_reset_clause(Res) ::= variable_reset_stmt(Reset).      { Res = (VariableSetStmt *)Reset; }

// ---- SHOW, ALTER SYSTEM, DISCARD --------------------------------------------------------------------------------

stmt(Res) ::= SHOW(Kw) var_name(Name).
    { Res = MAKE(VariableShowStmt, Kw.location, .name = Name.str); }
stmt(Res) ::= SHOW(Kw) TIME ZONE.
    { Res = MAKE(VariableShowStmt, Kw.location, .name = "timezone"); }
stmt(Res) ::= SHOW(Kw) TRANSACTION ISOLATION LEVEL.
    { Res = MAKE(VariableShowStmt, Kw.location, .name = "transaction_isolation"); }
stmt(Res) ::= SHOW(Kw) SESSION AUTHORIZATION.
    { Res = MAKE(VariableShowStmt, Kw.location, .name = "session_authorization"); }
stmt(Res) ::= SHOW(Kw) ALL.
    { Res = MAKE(VariableShowStmt, Kw.location, .name = "all"); }

stmt(Res) ::= ALTER(Kw) SYSTEM SET generic_set(Rest).
    { Res = MAKE(AlterSystemStmt, Kw.location, .setstmt = Rest); }
stmt(Res) ::= ALTER(Kw) SYSTEM RESET generic_reset(Rest).
    { Res = MAKE(AlterSystemStmt, Kw.location, .setstmt = Rest); }

stmt(Res) ::= DISCARD(Kw) ALL.       { Res = MAKE(DiscardStmt, Kw.location, .target = DISCARD_ALL); }
stmt(Res) ::= DISCARD(Kw) TEMP.      { Res = MAKE(DiscardStmt, Kw.location, .target = DISCARD_TEMP); }
stmt(Res) ::= DISCARD(Kw) TEMPORARY. { Res = MAKE(DiscardStmt, Kw.location, .target = DISCARD_TEMP); }
stmt(Res) ::= DISCARD(Kw) PLANS.     { Res = MAKE(DiscardStmt, Kw.location, .target = DISCARD_PLANS); }
stmt(Res) ::= DISCARD(Kw) SEQUENCES. { Res = MAKE(DiscardStmt, Kw.location, .target = DISCARD_SEQUENCES); }
