// copy.y - COPY, in its present syntax and the two older ones; options are translated to the present names.

stmt(Res) ::= COPY(Kw) opt_binary(Bin) qualified_name(Rel) opt_column_list(Cols) copy_from(From) opt_program(Prog)
              copy_file_name(File) copy_delimiter(Delim) opt_with copy_options(Opts) copy_where(Where).
    { Res = make_copy(pc, MAKE(CopyStmt, Kw.location, .relation = Rel, .attlist = Cols, .is_from = From,
                               .is_program = Prog, .filename = File.str, .options = Opts,
                               .where_clause = Where.expr), Bin, Delim, Where); }
stmt(Res) ::= COPY(Kw) LPAREN preparable_stmt(Query) RPAREN TO opt_program(Prog) copy_file_name(File) opt_with
              copy_options(Opts).
    { Res = make_copy(pc, MAKE(CopyStmt, Kw.location, .query = Query, .is_program = Prog, .filename = File.str,
                               .options = Opts), NULL, NULL, no_clause); }

%type copy_where {LocatedClause}
copy_where(Res) ::= .                       { Res = no_clause; }
copy_where(Res) ::= WHERE(Kw) a_expr(Cond). { Res = located_clause(Kw, Cond); }

%type copy_from {int}
copy_from(Res) ::= FROM. { Res = true; }
copy_from(Res) ::= TO.   { Res = false; }

%type opt_program {int}
opt_program(Res) ::= .        { Res = false; }
opt_program(Res) ::= PROGRAM. { Res = true; }

%type copy_file_name {Token}
copy_file_name(Res) ::= SCONST(Res).
copy_file_name(Res) ::= STDIN.  { Res = no_token; }
copy_file_name(Res) ::= STDOUT. { Res = no_token; }

// ---- since 9.0: (name value, ...) -------------------------------------------------------------------------------

%type copy_options {NodeList *}
copy_options(Res) ::= copy_opt_list(Res).
copy_options(Res) ::= LPAREN copy_generic_opt_list(List) RPAREN. { Res = List; }

%type copy_generic_opt_list {NodeList *}
copy_generic_opt_list(Res) ::= copy_generic_opt_elem(Elem).
    { Res = list_one(pc, Elem); }
copy_generic_opt_list(Res) ::= copy_generic_opt_list(Head) COMMA copy_generic_opt_elem(Elem).
    { Res = list_add(pc, Head, Elem); }
copy_generic_opt_elem(Res) ::= col_label(Name) copy_generic_opt_arg(Arg). { Res = make_def(pc, Name, Arg); }

copy_generic_opt_arg(Res) ::= .                                { Res = NULL; }
copy_generic_opt_arg(Res) ::= opt_boolean_or_string(Str).      { Res = make_string(pc, Str); }
copy_generic_opt_arg(Res) ::= numeric_only(Res).
copy_generic_opt_arg(Res) ::= STAR(Kw).                        { Res = MAKE(A_Star, Kw.location); }
copy_generic_opt_arg(Res) ::= LPAREN copy_generic_opt_arg_list(List) RPAREN. { Res = NODE(List); }

%type copy_generic_opt_arg_list {NodeList *}
copy_generic_opt_arg_list(Res) ::= opt_boolean_or_string(Str).
    { Res = list_one(pc, make_string(pc, Str)); }
copy_generic_opt_arg_list(Res) ::= copy_generic_opt_arg_list(Head) COMMA opt_boolean_or_string(Str).
    { Res = list_add(pc, Head, make_string(pc, Str)); }

// ---- before 9.0, and before 7.3 ---------------------------------------------------------------------------------

opt_binary(Res) ::= .            { Res = NULL; }
opt_binary(Res) ::= BINARY(Kw).  { Res = make_def_string(pc, Kw, "format", "binary"); }

copy_delimiter(Res) ::= .  { Res = NULL; }
copy_delimiter(Res) ::= opt_using DELIMITERS(Kw) SCONST(Str).
    { Res = make_def_named(pc, Kw, "delimiter", make_string(pc, Str)); }
opt_using ::= .
opt_using ::= USING.

%type copy_opt_list {NodeList *}
copy_opt_list(Res) ::= .                                       { Res = NULL; }
copy_opt_list(Res) ::= copy_opt_list(Head) copy_opt_item(Elem). { Res = list_add(pc, Head, Elem); }

copy_opt_item(Res) ::= BINARY(Kw).                        { Res = make_def_string(pc, Kw, "format", "binary"); }
copy_opt_item(Res) ::= FREEZE(Kw).                        { Res = make_def(pc, Kw, make_boolean(pc, true)); }
copy_opt_item(Res) ::= DELIMITER(Kw) opt_as SCONST(Str).  { Res = make_def(pc, Kw, make_string(pc, Str)); }
copy_opt_item(Res) ::= NULL(Kw) opt_as SCONST(Str).       { Res = make_def(pc, Kw, make_string(pc, Str)); }
copy_opt_item(Res) ::= CSV(Kw).                           { Res = make_def_string(pc, Kw, "format", "csv"); }
copy_opt_item(Res) ::= HEADER(Kw).                        { Res = make_def(pc, Kw, make_boolean(pc, true)); }
copy_opt_item(Res) ::= QUOTE(Kw) opt_as SCONST(Str).      { Res = make_def(pc, Kw, make_string(pc, Str)); }
copy_opt_item(Res) ::= ESCAPE(Kw) opt_as SCONST(Str).     { Res = make_def(pc, Kw, make_string(pc, Str)); }
copy_opt_item(Res) ::= FORCE(Kw) QUOTE column_list(Cols). { Res = make_def_named(pc, Kw, "force_quote", NODE(Cols)); }
copy_opt_item(Res) ::= FORCE(Kw) QUOTE STAR.
    { Res = make_def_named(pc, Kw, "force_quote", MAKE(A_Star, Kw.location)); }
copy_opt_item(Res) ::= FORCE(Kw) NOT NULL column_list(Cols). { Res = make_def_named(pc, Kw, "force_not_null", NODE(Cols)); }
copy_opt_item(Res) ::= FORCE(Kw) NULL column_list(Cols).  { Res = make_def_named(pc, Kw, "force_null", NODE(Cols)); }
copy_opt_item(Res) ::= ENCODING(Kw) SCONST(Str).          { Res = make_def(pc, Kw, make_string(pc, Str)); }
