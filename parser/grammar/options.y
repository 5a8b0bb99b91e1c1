// options.y - lists of options: WITH (name = value), definitions of objects, CREATE TABLE's and EXPLAIN's.

// ---- WITH (name = value, namespace.name = value) ----------------------------------------------------------------

%type reloptions {NodeList *}
reloptions(Res) ::= LPAREN reloption_list(List) RPAREN. { Res = List; }

%type opt_reloptions {NodeList *}
opt_reloptions(Res) ::= .                     { Res = NULL; }
opt_reloptions(Res) ::= WITH reloptions(Opts). { Res = Opts; }

%type reloption_list {NodeList *}
reloption_list(Res) ::= reloption_elem(Elem).                            { Res = list_one(pc, Elem); }
reloption_list(Res) ::= reloption_list(Head) COMMA reloption_elem(Elem). { Res = list_add(pc, Head, Elem); }

reloption_elem(Res) ::= col_label(Name) EQUAL def_arg(Arg). { Res = make_def(pc, Name, Arg); }
reloption_elem(Res) ::= col_label(Name).                    { Res = make_def(pc, Name, NULL); }
reloption_elem(Res) ::= col_label(Space) DOT col_label(Name) EQUAL def_arg(Arg).
    { Res = MAKE(DefElem, Space.location, .defnamespace = Space.str, .defname = Name.str, .arg = Arg); }
reloption_elem(Res) ::= col_label(Space) DOT col_label(Name).
    { Res = MAKE(DefElem, Space.location, .defnamespace = Space.str, .defname = Name.str); }

// ---- (name = value) of CREATE TYPE, AGGREGATE, OPERATOR ... ----------------------------------------------------------

%type definition {NodeList *}
definition(Res) ::= LPAREN def_list(List) RPAREN. { Res = List; }

%type opt_definition {NodeList *}
opt_definition(Res) ::= .                      { Res = NULL; }
opt_definition(Res) ::= WITH definition(List). { Res = List; }

%type def_list {NodeList *}
def_list(Res) ::= def_elem(Elem).                      { Res = list_one(pc, Elem); }
def_list(Res) ::= def_list(Head) COMMA def_elem(Elem). { Res = list_add(pc, Head, Elem); }

def_elem(Res) ::= col_label(Name) EQUAL def_arg(Arg). { Res = make_def(pc, Name, Arg); }
def_elem(Res) ::= col_label(Name).                    { Res = make_def(pc, Name, NULL); }

def_arg(Res) ::= func_type(Type_name).     { Res = NODE(Type_name); }
def_arg(Res) ::= reserved_keyword(Word).   { Res = make_string(pc, Word); }
def_arg(Res) ::= qual_all_op(Op).          { Res = NODE(Op); }
def_arg(Res) ::= numeric_only(Res).
def_arg(Res) ::= SCONST(Str).              { Res = make_string(pc, Str); }
def_arg(Res) ::= NONE(Word).               { Res = make_string(pc, Word); }

// A function's type: as any other, and the type of a column.
%type func_type {TypeName *}
func_type(Res) ::= typename(Res).
func_type(Res) ::= type_function_name(Name) attrs(Rest) PERCENT TYPE.
    { Res = make_column_type(pc, list_with_first(pc, make_string(pc, Name), Rest), false); }
func_type(Res) ::= SETOF type_function_name(Name) attrs(Rest) PERCENT TYPE.
    { Res = make_column_type(pc, list_with_first(pc, make_string(pc, Name), Rest), true); }

// ---- (name value) of EXPLAIN, VACUUM, REINDEX ... --------------------------------------------------------------------

%type utility_option_list {NodeList *}
utility_option_list(Res) ::= utility_option_elem(Elem).                                 { Res = list_one(pc, Elem); }
utility_option_list(Res) ::= utility_option_list(Head) COMMA utility_option_elem(Elem). { Res = list_add(pc, Head, Elem); }
utility_option_elem(Res) ::= utility_option_name(Name) utility_option_arg(Arg). { Res = make_def(pc, Name, Arg); }

%type utility_option_name {Token}
utility_option_name(Res) ::= non_reserved_word(Res).
utility_option_name(Res) ::= ANALYZE(Kw). { Res = rename_token(Kw, "analyze"); }
utility_option_name(Res) ::= ANALYSE(Kw). { Res = rename_token(Kw, "analyze"); }

utility_option_arg(Res) ::= .                                { Res = NULL; }
utility_option_arg(Res) ::= opt_boolean_or_string(Str).      { Res = make_string(pc, Str); }
utility_option_arg(Res) ::= numeric_only(Res).
