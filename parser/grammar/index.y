// index.y - CREATE INDEX; the keys of indexes and of ON CONFLICT.

stmt(Res) ::= index_stmt(Res).
index_stmt(Res) ::= CREATE(Kw) opt_unique(Uniq) INDEX opt_concurrently(Conc) opt_index_name(Name) ON relation_expr(Rel)
              access_method_clause(Method) LPAREN index_params(Keys) RPAREN opt_include(Incl)
              opt_unique_nulls(Nulls) opt_reloptions(Opts) opt_table_space(Space) where_clause(Where).
    { Res = MAKE(IndexStmt, Kw.location, .idxname = Name.str, .relation = Rel, .access_method = Method.str,
                 .table_space = Space.str, .index_params = Keys, .index_including_params = Incl, .options = Opts,
                 .where_clause = Where, .unique = Uniq, .nulls_not_distinct = Nulls, .concurrent = Conc); }
index_stmt(Res) ::= CREATE(Kw) opt_unique(Uniq) INDEX opt_concurrently(Conc) IF NOT EXISTS colid(Name) ON relation_expr(Rel)
              access_method_clause(Method) LPAREN index_params(Keys) RPAREN opt_include(Incl)
              opt_unique_nulls(Nulls) opt_reloptions(Opts) opt_table_space(Space) where_clause(Where).
    { Res = MAKE(IndexStmt, Kw.location, .idxname = Name.str, .relation = Rel, .access_method = Method.str,
                 .table_space = Space.str, .index_params = Keys, .index_including_params = Incl, .options = Opts,
                 .where_clause = Where, .unique = Uniq, .nulls_not_distinct = Nulls, .concurrent = Conc,
                 .if_not_exists = true); }

%type opt_unique {int}
opt_unique(Res) ::= .       { Res = false; }
opt_unique(Res) ::= UNIQUE. { Res = true; }

%type opt_index_name {Token}
opt_index_name(Res) ::= .          { Res = no_token; }
opt_index_name(Res) ::= colid(Res).

%type access_method_clause {Token}
access_method_clause(Res) ::= .                  { Res = no_token; }
access_method_clause(Res) ::= USING colid(Name). { Res = Name; }

%type opt_unique_nulls {int}
opt_unique_nulls(Res) ::= .                   { Res = false; }
opt_unique_nulls(Res) ::= NULLS DISTINCT.     { Res = false; }
opt_unique_nulls(Res) ::= NULLS NOT DISTINCT. { Res = true; }

%type opt_include {NodeList *}
opt_include(Res) ::= .                                          { Res = NULL; }
opt_include(Res) ::= INCLUDE LPAREN index_params(Keys) RPAREN.  { Res = Keys; }

%type opt_table_space {Token}
opt_table_space(Res) ::= .                       { Res = no_token; }
opt_table_space(Res) ::= TABLESPACE colid(Name). { Res = Name; }

%type index_params {NodeList *}
index_params(Res) ::= index_elem(Elem).                          { Res = list_one(pc, NODE(Elem)); }
index_params(Res) ::= index_params(Head) COMMA index_elem(Elem). { Res = list_add(pc, Head, NODE(Elem)); }

%type index_elem {IndexElem *}
index_elem(Res) ::= colid(Name) index_elem_options(Opts).
    { Res = finish_index_elem(Opts, Name.location, Name.str, NULL); }
index_elem(Res) ::= func_expr_windowless(Func) index_elem_options(Opts).
    { Res = finish_index_elem(Opts, Func->location, NULL, Func); }
index_elem(Res) ::= LPAREN(Kw) a_expr(Expr) RPAREN index_elem_options(Opts).
    { Res = finish_index_elem(Opts, Kw.location, NULL, Expr); }

%type index_elem_options {IndexElem *}
index_elem_options(Res) ::= opt_collate(Coll) opt_qualified_name(Class) opt_asc_desc(Dir) opt_nulls_order(Nulls).
    { Res = MAKE(IndexElem, -1, .collation = Coll, .opclass = Class, .ordering = Dir, .nulls_ordering = Nulls); }
index_elem_options(Res) ::= opt_collate(Coll) any_name(Class) reloptions(Opts) opt_asc_desc(Dir) opt_nulls_order(Nulls).
    { Res = MAKE(IndexElem, -1, .collation = Coll, .opclass = Class, .opclassopts = Opts, .ordering = Dir,
                 .nulls_ordering = Nulls); }

%type opt_qualified_name {NodeList *}
opt_qualified_name(Res) ::= .             { Res = NULL; }
opt_qualified_name(Res) ::= any_name(Res).

%type opt_collate {NodeList *}
opt_collate(Res) ::= .                       { Res = NULL; }
opt_collate(Res) ::= COLLATE any_name(Name). { Res = Name; }
