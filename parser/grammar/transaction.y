// transaction.y - transactions, SET CONSTRAINTS, LOCK.

stmt(Res) ::= ABORT(Kw) opt_transaction opt_transaction_chain(Chain).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_ROLLBACK, .chain = Chain); }
stmt(Res) ::= START(Kw) TRANSACTION transaction_mode_list_or_empty(Modes).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_START, .options = Modes); }
stmt(Res) ::= COMMIT(Kw) opt_transaction opt_transaction_chain(Chain).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_COMMIT, .chain = Chain); }
stmt(Res) ::= ROLLBACK(Kw) opt_transaction opt_transaction_chain(Chain).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_ROLLBACK, .chain = Chain); }
stmt(Res) ::= SAVEPOINT(Kw) colid(Name).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_SAVEPOINT, .savepoint_name = Name.str); }
stmt(Res) ::= RELEASE(Kw) SAVEPOINT colid(Name).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_RELEASE, .savepoint_name = Name.str); }
stmt(Res) ::= RELEASE(Kw) colid(Name).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_RELEASE, .savepoint_name = Name.str); }
stmt(Res) ::= ROLLBACK(Kw) opt_transaction TO SAVEPOINT colid(Name).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_ROLLBACK_TO, .savepoint_name = Name.str); }
stmt(Res) ::= ROLLBACK(Kw) opt_transaction TO colid(Name).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_ROLLBACK_TO, .savepoint_name = Name.str); }
stmt(Res) ::= PREPARE(Kw) TRANSACTION SCONST(Gid).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_PREPARE, .gid = Gid.str); }
stmt(Res) ::= COMMIT(Kw) PREPARED SCONST(Gid).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_COMMIT_PREPARED, .gid = Gid.str); }
stmt(Res) ::= ROLLBACK(Kw) PREPARED SCONST(Gid).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_ROLLBACK_PREPARED, .gid = Gid.str); }

// Not in a BEGIN ATOMIC body, whose END they would be taken for.
transaction_stmt_legacy(Res) ::= BEGIN(Kw) opt_transaction transaction_mode_list_or_empty(Modes).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_BEGIN, .options = Modes); }
transaction_stmt_legacy(Res) ::= END(Kw) opt_transaction opt_transaction_chain(Chain).
    { Res = MAKE(TransactionStmt, Kw.location, .kind = TRANS_STMT_COMMIT, .chain = Chain); }

opt_transaction ::= .
opt_transaction ::= WORK.
opt_transaction ::= TRANSACTION.

%type opt_transaction_chain {int}
opt_transaction_chain(Res) ::= .             { Res = false; }
opt_transaction_chain(Res) ::= AND CHAIN.    { Res = true; }
opt_transaction_chain(Res) ::= AND NO CHAIN. { Res = false; }

%type transaction_mode_list_or_empty {NodeList *}
transaction_mode_list_or_empty(Res) ::= .                          { Res = NULL; }
transaction_mode_list_or_empty(Res) ::= transaction_mode_list(Res).

// The commas may be left out.
%type transaction_mode_list {NodeList *}
transaction_mode_list(Res) ::= transaction_mode_item(Elem).                             { Res = list_one(pc, Elem); }
transaction_mode_list(Res) ::= transaction_mode_list(Head) COMMA transaction_mode_item(Elem). { Res = list_add(pc, Head, Elem); }
transaction_mode_list(Res) ::= transaction_mode_list(Head) transaction_mode_item(Elem). { Res = list_add(pc, Head, Elem); }

transaction_mode_item(Res) ::= ISOLATION(Kw) LEVEL iso_level(Level).
    { Res = make_def_named(pc, Kw, "transaction_isolation", make_string_const(pc, Level)); }
transaction_mode_item(Res) ::= READ(Kw) ONLY.
    { Res = make_def_named(pc, Kw, "transaction_read_only", make_int_const(pc, 1, Kw.location)); }
transaction_mode_item(Res) ::= READ(Kw) WRITE.
    { Res = make_def_named(pc, Kw, "transaction_read_only", make_int_const(pc, 0, Kw.location)); }
transaction_mode_item(Res) ::= DEFERRABLE(Kw).
    { Res = make_def_named(pc, Kw, "transaction_deferrable", make_int_const(pc, 1, Kw.location)); }
transaction_mode_item(Res) ::= NOT(Kw) DEFERRABLE.
    { Res = make_def_named(pc, Kw, "transaction_deferrable", make_int_const(pc, 0, Kw.location)); }

%type iso_level {Token}
iso_level(Res) ::= READ(Kw) UNCOMMITTED.  { Res = rename_token(Kw, "read uncommitted"); }
iso_level(Res) ::= READ(Kw) COMMITTED.    { Res = rename_token(Kw, "read committed"); }
iso_level(Res) ::= REPEATABLE(Kw) READ.   { Res = rename_token(Kw, "repeatable read"); }
iso_level(Res) ::= SERIALIZABLE(Kw).      { Res = rename_token(Kw, "serializable"); }

// ---- SET CONSTRAINTS, LOCK --------------------------------------------------------------------------------------

stmt(Res) ::= SET(Kw) CONSTRAINTS constraints_set_list(List) constraints_set_mode(Mode).
    { Res = MAKE(ConstraintsSetStmt, Kw.location, .constraints = List, .deferred = Mode); }
%type constraints_set_list {NodeList *}
constraints_set_list(Res) ::= ALL.                     { Res = NULL; }
constraints_set_list(Res) ::= qualified_name_list(Res).
%type constraints_set_mode {int}
constraints_set_mode(Res) ::= DEFERRED.  { Res = true; }
constraints_set_mode(Res) ::= IMMEDIATE. { Res = false; }

stmt(Res) ::= LOCK(Kw) opt_table relation_expr_list(Rels) opt_lock(Mode) opt_nowait(Wait).
    { Res = MAKE(LockStmt, Kw.location, .relations = Rels, .mode = Mode, .nowait = Wait); }
%type opt_lock {int}
opt_lock(Res) ::= .                    { Res = ACCESS_EXCLUSIVE_LOCK; }
opt_lock(Res) ::= IN lock_type(Mode) MODE. { Res = Mode; }
%type lock_type {int}
lock_type(Res) ::= ACCESS SHARE.           { Res = ACCESS_SHARE_LOCK; }
lock_type(Res) ::= ROW SHARE.              { Res = ROW_SHARE_LOCK; }
lock_type(Res) ::= ROW EXCLUSIVE.          { Res = ROW_EXCLUSIVE_LOCK; }
lock_type(Res) ::= SHARE UPDATE EXCLUSIVE. { Res = SHARE_UPDATE_EXCLUSIVE_LOCK; }
lock_type(Res) ::= SHARE.                  { Res = SHARE_LOCK; }
lock_type(Res) ::= SHARE ROW EXCLUSIVE.    { Res = SHARE_ROW_EXCLUSIVE_LOCK; }
lock_type(Res) ::= EXCLUSIVE.              { Res = EXCLUSIVE_LOCK; }
lock_type(Res) ::= ACCESS EXCLUSIVE.       { Res = ACCESS_EXCLUSIVE_LOCK; }
%type opt_nowait {int}
opt_nowait(Res) ::= .       { Res = false; }
opt_nowait(Res) ::= NOWAIT. { Res = true; }
