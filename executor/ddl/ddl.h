/*
 * ddl.h - statements that change the catalog: CREATE, ALTER, DROP, GRANT, COMMENT, TRUNCATE.
 *
 * Everything goes through descriptors (storage/catalog) in the session's transaction: DDL commits and rolls back like DML,
 * and the transaction sees its own changes at once. Storage of relations is made and dropped in the same transaction.
 *
 * Ownership   the arena holds what the statement needs; nothing is kept beyond it but descriptors written.
 * Raises      PostgreSQL's errors, texts and SQLSTATEs.
 */
#ifndef EXECUTOR_DDL_DDL_H
#define EXECUTOR_DDL_DDL_H

#include "executor/session.h"
#include "parser/ast_node.h"

/* Whether a statement with this tag is executed here. SELECT INTO is not: the caller turns it into a CreateTableAsStmt. */
bool ddl_handles(NodeTag tag);

/*
 * Executes one DDL statement.
 *   command_tag      set to the tag for CommandComplete ("CREATE TABLE", "SELECT 5" for CREATE TABLE AS); lives in arena
 */
void ddl_execute(Session *session, Arena *arena, Node *stmt, const char **command_tag);

#endif
