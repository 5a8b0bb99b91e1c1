// sequence.y - CREATE and ALTER SEQUENCE, and the same options at IDENTITY columns.

stmt(Res) ::= create_seq_stmt(Res).
create_seq_stmt(Res) ::= CREATE(Kw) opt_temp(Pers) SEQUENCE create_name(Rel) opt_seq_opt_list(Opts).
    { Res = MAKE(CreateSeqStmt, Kw.location, .sequence = set_persistence(Rel.object, Pers), .if_not_exists = Rel.flag,
                 .options = Opts); }

stmt(Res) ::= ALTER(Kw) sequence_target(Target) seq_opt_list(Opts).
    { Res = MAKE(AlterSeqStmt, Kw.location, .sequence = Target.relation, .missing_ok = Target.missing_ok,
                 .options = Opts); }

%type opt_seq_opt_list {NodeList *}
opt_seq_opt_list(Res) ::= .                 { Res = NULL; }
opt_seq_opt_list(Res) ::= seq_opt_list(Res).

%type opt_parenthesized_seq_opt_list {NodeList *}
opt_parenthesized_seq_opt_list(Res) ::= .                                 { Res = NULL; }
opt_parenthesized_seq_opt_list(Res) ::= LPAREN seq_opt_list(List) RPAREN. { Res = List; }

%type seq_opt_list {NodeList *}
seq_opt_list(Res) ::= seq_opt_elem(Elem).                    { Res = list_one(pc, Elem); }
seq_opt_list(Res) ::= seq_opt_list(Head) seq_opt_elem(Elem). { Res = list_add(pc, Head, Elem); }

seq_opt_elem(Res) ::= AS(Kw) simple_typename(Type_name).    { Res = make_def(pc, Kw, NODE(Type_name)); }
seq_opt_elem(Res) ::= CACHE(Kw) numeric_only(Num).          { Res = make_def(pc, Kw, Num); }
seq_opt_elem(Res) ::= CYCLE(Kw).                            { Res = make_def(pc, Kw, make_boolean(pc, true)); }
seq_opt_elem(Res) ::= NO CYCLE(Kw).                         { Res = make_def(pc, Kw, make_boolean(pc, false)); }
seq_opt_elem(Res) ::= INCREMENT(Kw) opt_by numeric_only(Num). { Res = make_def(pc, Kw, Num); }
seq_opt_elem(Res) ::= MAXVALUE(Kw) numeric_only(Num).       { Res = make_def(pc, Kw, Num); }
seq_opt_elem(Res) ::= MINVALUE(Kw) numeric_only(Num).       { Res = make_def(pc, Kw, Num); }
seq_opt_elem(Res) ::= NO MAXVALUE(Kw).                      { Res = make_def(pc, Kw, NULL); }
seq_opt_elem(Res) ::= NO MINVALUE(Kw).                      { Res = make_def(pc, Kw, NULL); }
seq_opt_elem(Res) ::= OWNED(Kw) BY any_name(Name).          { Res = make_def_named(pc, Kw, "owned_by", NODE(Name)); }
seq_opt_elem(Res) ::= SEQUENCE(Kw) NAME any_name(Name).     { Res = make_def_named(pc, Kw, "sequence_name", NODE(Name)); }
seq_opt_elem(Res) ::= START(Kw) opt_with numeric_only(Num). { Res = make_def(pc, Kw, Num); }
seq_opt_elem(Res) ::= RESTART(Kw).                          { Res = make_def(pc, Kw, NULL); }
seq_opt_elem(Res) ::= RESTART(Kw) opt_with numeric_only(Num). { Res = make_def(pc, Kw, Num); }

opt_by ::= .
opt_by ::= BY.
