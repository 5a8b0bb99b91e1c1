// maintenance.y - TRUNCATE, VACUUM, ANALYZE, REINDEX, CLUSTER, REFRESH.

stmt(Res) ::= TRUNCATE(Kw) opt_table relation_expr_list(Rels) opt_restart_seqs(Seqs) opt_drop_behavior(How).
    { Res = MAKE(TruncateStmt, Kw.location, .relations = Rels, .restart_seqs = Seqs, .behavior = How); }
%type opt_restart_seqs {int}
opt_restart_seqs(Res) ::= .                  { Res = false; }
opt_restart_seqs(Res) ::= CONTINUE IDENTITY. { Res = false; }
opt_restart_seqs(Res) ::= RESTART IDENTITY.  { Res = true; }

// ---- VACUUM, ANALYZE --------------------------------------------------------------------------------------------

stmt(Res) ::= VACUUM(Kw) opt_full(Full) opt_freeze(Freeze) opt_verbose(Verb) opt_analyze(Ana)
              opt_vacuum_relation_list(Rels).
    { Res = MAKE(VacuumStmt, Kw.location, .options = word_options(pc, Full, Freeze, Verb, Ana), .rels = Rels,
                 .is_vacuumcmd = true); }
stmt(Res) ::= VACUUM(Kw) LPAREN utility_option_list(Opts) RPAREN opt_vacuum_relation_list(Rels).
    { Res = MAKE(VacuumStmt, Kw.location, .options = Opts, .rels = Rels, .is_vacuumcmd = true); }
stmt(Res) ::= analyze_word(Kw) opt_verbose(Verb) opt_vacuum_relation_list(Rels).
    { Res = MAKE(VacuumStmt, Kw.location, .options = word_options(pc, no_token, no_token, Verb, no_token),
                 .rels = Rels); }
stmt(Res) ::= analyze_word(Kw) LPAREN utility_option_list(Opts) RPAREN opt_vacuum_relation_list(Rels).
    { Res = MAKE(VacuumStmt, Kw.location, .options = Opts, .rels = Rels); }

%type analyze_word {Token}
analyze_word(Res) ::= ANALYZE(Res).
analyze_word(Res) ::= ANALYSE(Res).
%type opt_full {Token}
opt_full(Res) ::= .         { Res = no_token; }
opt_full(Res) ::= FULL(Res).
%type opt_freeze {Token}
opt_freeze(Res) ::= .           { Res = no_token; }
opt_freeze(Res) ::= FREEZE(Res).
%type opt_analyze {Token}
opt_analyze(Res) ::= .                { Res = no_token; }
opt_analyze(Res) ::= analyze_word(Kw). { Res = rename_token(Kw, "analyze"); }

%type opt_vacuum_relation_list {NodeList *}
opt_vacuum_relation_list(Res) ::= .                         { Res = NULL; }
opt_vacuum_relation_list(Res) ::= vacuum_relation_list(Res).
%type vacuum_relation_list {NodeList *}
vacuum_relation_list(Res) ::= vacuum_relation(Elem).                                  { Res = list_one(pc, Elem); }
vacuum_relation_list(Res) ::= vacuum_relation_list(Head) COMMA vacuum_relation(Elem). { Res = list_add(pc, Head, Elem); }
vacuum_relation(Res) ::= qualified_name(Rel) opt_name_list(Cols).
    { Res = MAKE(VacuumRelation, Rel->node.location, .relation = Rel, .va_cols = Cols); }

// ---- REINDEX, CLUSTER -------------------------------------------------------------------------------------------

stmt(Res) ::= REINDEX(Kw) opt_reindex_options(Opts) reindex_target_relation(Kind) opt_concurrently_word(Conc)
              qualified_name(Rel).
    { Res = MAKE(ReindexStmt, Kw.location, .kind = Kind, .relation = Rel, .params = add_word(pc, Opts, Conc)); }
stmt(Res) ::= REINDEX(Kw) opt_reindex_options(Opts) reindex_target_all(Kind) opt_concurrently_word(Conc) colid(Name).
    { Res = MAKE(ReindexStmt, Kw.location, .kind = Kind, .name = Name.str, .params = add_word(pc, Opts, Conc)); }
%type opt_reindex_options {NodeList *}
opt_reindex_options(Res) ::= .                                        { Res = NULL; }
opt_reindex_options(Res) ::= LPAREN utility_option_list(Opts) RPAREN. { Res = Opts; }
%type reindex_target_relation {int}
reindex_target_relation(Res) ::= INDEX. { Res = REINDEX_OBJECT_INDEX; }
reindex_target_relation(Res) ::= TABLE. { Res = REINDEX_OBJECT_TABLE; }
%type reindex_target_all {int}
reindex_target_all(Res) ::= SCHEMA.   { Res = REINDEX_OBJECT_SCHEMA; }
reindex_target_all(Res) ::= SYSTEM.   { Res = REINDEX_OBJECT_SYSTEM; }
reindex_target_all(Res) ::= DATABASE. { Res = REINDEX_OBJECT_DATABASE; }
%type opt_concurrently_word {Token}
opt_concurrently_word(Res) ::= .                 { Res = no_token; }
opt_concurrently_word(Res) ::= CONCURRENTLY(Res).

stmt(Res) ::= CLUSTER(Kw) opt_verbose(Verb) qualified_name(Rel) cluster_index_specification(Index).
    { Res = MAKE(ClusterStmt, Kw.location, .relation = Rel, .indexname = Index.str,
                 .params = add_word(pc, NULL, Verb)); }
stmt(Res) ::= CLUSTER(Kw) LPAREN utility_option_list(Opts) RPAREN qualified_name(Rel) cluster_index_specification(Index).
    { Res = MAKE(ClusterStmt, Kw.location, .relation = Rel, .indexname = Index.str, .params = Opts); }
stmt(Res) ::= CLUSTER(Kw) opt_verbose(Verb).
    { Res = MAKE(ClusterStmt, Kw.location, .params = add_word(pc, NULL, Verb)); }
stmt(Res) ::= CLUSTER(Kw) opt_verbose(Verb) colid(Index) ON qualified_name(Rel).
    { Res = MAKE(ClusterStmt, Kw.location, .relation = Rel, .indexname = Index.str,
                 .params = add_word(pc, NULL, Verb)); }
%type cluster_index_specification {Token}
cluster_index_specification(Res) ::= .                  { Res = no_token; }
cluster_index_specification(Res) ::= USING colid(Name). { Res = Name; }

// ---- materialized views -----------------------------------------------------------------------------------------

stmt(Res) ::= refresh_mat_view_stmt(Res).
refresh_mat_view_stmt(Res) ::= REFRESH(Kw) MATERIALIZED VIEW opt_concurrently(Conc) qualified_name(Rel) opt_with_data(Data).
    { Res = MAKE(RefreshMatViewStmt, Kw.location, .concurrent = Conc, .relation = Rel, .skip_data = !Data); }
