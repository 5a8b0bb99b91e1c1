/*
 * cursor.c - see cursor.h.
 */
#include "executor/session/cursor.h"

#include "executor/session/transaction.h"
#include "executor/session/utility.h"

static ParamValues copy_params(Arena *arena, const Portal *portal)
{
    ParamValues params = {.count = portal->params.count};
    Datum      *values = ARENA_ARRAY_ZEROED(arena, params.count, Datum);
    bool       *nulls = ARENA_ARRAY_ZEROED(arena, params.count, bool);
    Oid        *types = ARENA_ARRAY_ZEROED(arena, params.count, Oid);

    for (int32_t i = 0; i < params.count; i++) {
        const TypeInfo *type = type_by_oid(portal->params.types[i]);

        nulls[i] = portal->params.nulls[i];
        types[i] = portal->params.types[i];
        if (!nulls[i])
            datum_copy(type != NULL ? type->phys : PHYS_BYTES, arena, &portal->params.values[i], &values[i]);
    }
    params.values = values;
    params.nulls = nulls;
    params.types = types;
    return params;
}

static void check_options(const Session *session, const DeclareCursorStmt *stmt)
{
    if ((stmt->options & CURSOR_OPT_SCROLL) != 0 && (stmt->options & CURSOR_OPT_NO_SCROLL) != 0)
        raise_error(SQLSTATE_INVALID_CURSOR_DEFINITION, "cannot specify both %s and %s", "SCROLL", "NO SCROLL");
    if ((stmt->options & CURSOR_OPT_INSENSITIVE) != 0 && (stmt->options & CURSOR_OPT_ASENSITIVE) != 0)
        raise_error(SQLSTATE_INVALID_CURSOR_DEFINITION, "cannot specify both %s and %s", "INSENSITIVE", "ASENSITIVE");
    if ((stmt->options & CURSOR_OPT_HOLD) == 0 && !session_in_block(session))
        raise_error(SQLSTATE_NO_ACTIVE_SQL_TRANSACTION, "%s can only be used in transaction blocks", "DECLARE CURSOR");
    if (stmt->portalname[0] == '\0')
        raise_error(SQLSTATE_INVALID_CURSOR_NAME, "invalid cursor name: must not be empty");
}

void cursor_declare(Session *session, Portal *portal)
{
    const DeclareCursorStmt *stmt = (const DeclareCursorStmt *)portal->stmt;
    ParamTypes               types = {portal->params.count, (Oid *)portal->params.types};
    Arena                   *arena;
    Portal                  *cursor;
    CachedPlan              *plan;

    check_options(session, stmt);
    if (portal_find(session, stmt->portalname) != NULL)
        raise_error(SQLSTATE_DUPLICATE_CURSOR, "cursor \"%s\" already exists", stmt->portalname);
    plan = plan_once(session, portal->text, stmt->query, &types);
    arena = portal_arena_new(session);
    cursor = portal_open_plan(session, stmt->portalname, arena, arena_strdup(arena, portal->text), NULL, plan, copy_params(arena, portal));
    cursor->is_cursor = true;
    cursor->scroll = (stmt->options & CURSOR_OPT_SCROLL) != 0;
    cursor->no_scroll = (stmt->options & CURSOR_OPT_NO_SCROLL) != 0;
    cursor->hold = (stmt->options & CURSOR_OPT_HOLD) != 0;
    cursor->binary = (stmt->options & CURSOR_OPT_BINARY) != 0;
    cursor->opened_at = session->statement_start;
    if (cursor->scroll) {
        PhysType *phys = ARENA_ARRAY(arena, cursor->result_count, PhysType);

        for (int32_t i = 0; i < cursor->result_count; i++)
            phys[i] = plan->planned->root->columns[i].phys;
        cursor->rows = result_rows_new(arena, cursor->result_count, phys);
    }
    portal_start(session, cursor); /* its read view is that of DECLARE */
    portal->tag = "DECLARE CURSOR";
}

static Portal *find_cursor(Session *session, const char *name)
{
    Portal *cursor = portal_find(session, name);

    if (cursor == NULL || (cursor->plan == NULL && cursor->rows == NULL))
        raise_error(SQLSTATE_INVALID_CURSOR_NAME, "cursor \"%s\" does not exist", name);
    return cursor;
}

static void keep_rows(void *arg, const Batch *batch)
{
    result_rows_append(arg, batch);
}

void cursor_fetch(Session *session, Portal *portal)
{
    const FetchStmt *stmt = (const FetchStmt *)portal->stmt;
    Portal          *cursor = find_cursor(session, stmt->portalname);
    PhysType        *types;
    RowSink          sink;
    int64_t          count;

    if (stmt->ismove) {
        count = portal_fetch(session, cursor, stmt->direction, stmt->how_many, NULL);
        portal->tag = arena_printf(portal->arena, "MOVE %lld", (long long)count);
        return;
    }
    types = ARENA_ARRAY(portal->arena, cursor->result_count, PhysType);
    for (int32_t i = 0; i < cursor->result_count; i++)
        types[i] = cursor->plan->planned->root->columns[i].phys;
    portal->rows = result_rows_new(portal->arena, cursor->result_count, types);
    sink = (RowSink){keep_rows, portal->rows};
    count = portal_fetch(session, cursor, stmt->direction, stmt->how_many, &sink);
    portal->tag = arena_printf(portal->arena, "FETCH %lld", (long long)count);
}

void cursor_close(Session *session, Portal *portal)
{
    const ClosePortalStmt *stmt = (const ClosePortalStmt *)portal->stmt;
    Portal                *next;

    if (stmt->portalname != NULL) {
        portal_close(session, find_cursor(session, stmt->portalname));
        portal->tag = "CLOSE CURSOR";
        return;
    }
    for (Portal *at = session->portals; at != NULL; at = next) {
        next = at->next;
        if (at != portal && at->is_cursor)
            portal_close(session, at);
    }
    portal->tag = "CLOSE CURSOR ALL";
}
