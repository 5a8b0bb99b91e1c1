/*
 * maintenance.c - see maintenance.h.
 */
#include "executor/session/maintenance.h"

#include "executor/ddl/temp_schema.h"
#include "executor/session/sequence_values.h"
#include "executor/session/settings.h"
#include "executor/session/transaction.h"
#include "executor/store/locks.h"
#include "executor/store/store.h"

static void run_lock(Session *session, Portal *portal)
{
    const LockStmt *stmt = (const LockStmt *)portal->stmt;

    if (!session_in_block(session))
        raise_error(SQLSTATE_NO_ACTIVE_SQL_TRANSACTION, "%s can only be used in transaction blocks", "LOCK TABLE");
    for (int32_t i = 0; i < list_count(stmt->relations); i++) {
        const RelationDesc *relation = analyze_relation(session, portal->arena, (const RangeVar *)stmt->relations->items[i], false);

        store_lock_table(session, relation, (TableLock)stmt->mode, stmt->nowait ? LOCK_NOWAIT : LOCK_WAIT);
    }
    portal->tag = "LOCK TABLE";
}

static void discard_all(Session *session, Portal *running)
{
    Portal *next;

    session_prevent_in_block(session, "DISCARD ALL");
    for (Portal *at = session->portals; at != NULL; at = next) {
        next = at->next;
        if (at != running)
            portal_close(session, at);
    }
    settings_set(session, "session_authorization", NULL, false, SETTING_FROM_CLIENT);
    settings_reset_all(session);
    prepared_drop_all(session);
    temp_drop_all(session, running->arena);
    store_unlock_all_advisory(session);
    session_forget_sequences(session);
}

static void run_discard(Session *session, Portal *portal)
{
    switch (((const DiscardStmt *)portal->stmt)->target) {
    case DISCARD_ALL:
        discard_all(session, portal);
        portal->tag = "DISCARD ALL";
        return;
    case DISCARD_PLANS:
        session->catalog_changes++;
        portal->tag = "DISCARD PLANS";
        return;
    case DISCARD_SEQUENCES:
        session_forget_sequences(session);
        portal->tag = "DISCARD SEQUENCES";
        return;
    case DISCARD_TEMP:
    default:
        temp_drop_all(session, portal->arena);
        portal->tag = "DISCARD TEMP";
    }
}

/* Relations named must exist; there is nothing to vacuum, and statistics gather themselves. */
static void run_vacuum(Session *session, Portal *portal)
{
    const VacuumStmt *stmt = (const VacuumStmt *)portal->stmt;

    if (stmt->is_vacuumcmd)
        session_prevent_in_block(session, "VACUUM");
    for (int32_t i = 0; i < list_count(stmt->rels); i++)
        analyze_relation(session, portal->arena, ((const VacuumRelation *)stmt->rels->items[i])->relation, false);
    portal->tag = stmt->is_vacuumcmd ? "VACUUM" : "ANALYZE";
}

void maintenance_run(Session *session, Portal *portal)
{
    switch (portal->stmt->tag) {
    case NODE_LOCK_STMT:
        run_lock(session, portal);
        return;
    case NODE_DISCARD_STMT:
        run_discard(session, portal);
        return;
    case NODE_VACUUM_STMT:
        run_vacuum(session, portal);
        return;
    case NODE_CHECK_POINT_STMT:
        store_checkpoint(session);
        portal->tag = "CHECKPOINT";
        return;
    case NODE_UNLISTEN_STMT: /* nobody listens: there is nothing to stop */
        portal->tag = "UNLISTEN";
        return;
    case NODE_CONSTRAINTS_SET_STMT: /* constraints are checked at once here; deferring is a session's request that changes no result */
        portal->tag = "SET CONSTRAINTS";
        return;
    case NODE_LISTEN_STMT:
    case NODE_NOTIFY_STMT:
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "LISTEN and NOTIFY are not supported");
    case NODE_CALL_STMT:
    case NODE_DO_STMT:
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "procedural languages are not supported");
    default:
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "this statement is not supported");
    }
}
