/*
 * portal.c - see portal.h.
 */
#include "executor/session/portal.h"

#include "executor/session/state.h"
#include "executor/session/transaction.h"
#include "executor/session/utility.h"

Arena *portal_arena_new(Session *session)
{
    return arena_new(session->arena, NULL, "portal");
}

Portal *portal_find(Session *session, const char *name)
{
    for (Portal *at = session->portals; at != NULL; at = at->next)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

Portal *portal_get(Session *session, const char *name)
{
    Portal *portal = portal_find(session, name);

    if (portal == NULL)
        raise_error(SQLSTATE_INVALID_CURSOR_NAME, "portal \"%s\" does not exist", name);
    return portal;
}

void portal_close(Session *session, Portal *portal)
{
    CachedPlan *plan = portal->plan;
    CachedPlan *inner = portal->inner_plan;

    for (Portal **at = &session->portals; *at != NULL; at = &(*at)->next) {
        if (*at == portal) {
            *at = portal->next;
            break;
        }
    }
    arena_free(portal->arena); /* the execution in it refers to the plan */
    plan_release(plan);
    plan_release(inner);
}

void portal_close_all(Session *session)
{
    while (session->portals != NULL)
        portal_close(session, session->portals);
}

void portal_discard_arena(Session *session, Arena *arena)
{
    for (Portal *at = session->portals; at != NULL; at = at->next) {
        if (at->arena == arena) {
            portal_close(session, at);
            return;
        }
    }
    arena_free(arena);
}

static void check_name_is_free(Session *session, const char *name)
{
    if (name[0] != '\0' && portal_find(session, name) != NULL)
        raise_error(SQLSTATE_DUPLICATE_CURSOR, "cursor \"%s\" already exists", name);
}

static Portal *enter_portal(Session *session, const char *name, Arena *arena)
{
    SessionState *state = session->internal;
    Portal       *portal = portal_find(session, name);

    if (portal != NULL)
        portal_close(session, portal);
    portal = ARENA_NEW(arena, Portal);
    portal->arena = arena;
    portal->name = name[0] == '\0' ? "" : arena_strdup(arena, name);
    portal->made_at = ++state->portals_made;
    portal->next = session->portals;
    session->portals = portal;
    return portal;
}

Portal *portal_open(Session *session, const char *name, PreparedStatement *statement, Arena *arena, ParamValues params,
                    int32_t format_count, const int16_t *formats)
{
    CachedPlan *plan;
    Portal     *portal;

    check_name_is_free(session, name);
    plan = prepared_plan(session, statement);
    portal = enter_portal(session, name, arena);
    portal->plan = plan;
    portal->text = plan != NULL ? plan->text : ""; /* the statement may go while this portal lives */
    portal->stmt = plan != NULL ? plan->stmt : NULL;
    portal->params = params;
    portal->format_count = format_count;
    portal->formats = formats;
    portal->result_count = statement->result_count;
    portal->results = plan != NULL ? plan->planned->results : statement->results;
    if (plan == NULL && statement->stmt != NULL) {
        portal->text = arena_strdup(arena, statement->text);
        portal->stmt = utility_keep(arena, portal->text, statement->stmt);
        portal->results = utility_results(session, arena, portal->stmt, &portal->result_count);
    }
    return portal;
}

Portal *portal_open_plan(Session *session, const char *name, Arena *arena, const char *text, const Node *stmt, CachedPlan *plan,
                         ParamValues params)
{
    Portal *portal = enter_portal(session, name, arena);

    portal->plan = plan;
    portal->text = text;
    portal->stmt = stmt;
    portal->params = params;
    portal->result_count = plan->planned->returns_rows ? plan->planned->result_count : 0;
    portal->results = plan->planned->results;
    return portal;
}

Portal *portal_open_utility(Session *session, const char *name, Arena *arena, const char *text, const Node *stmt)
{
    Portal *portal = enter_portal(session, name, arena);

    portal->text = text;
    portal->stmt = stmt;
    portal->results = utility_results(session, arena, stmt, &portal->result_count);
    return portal;
}

/* ---- running ------------------------------------------------------------------------------------------------------------- */

static const char *query_tag(Arena *arena, const PlannedStatement *planned, int64_t rows)
{
    switch (planned->command) {
    case QUERY_INSERT:
        return arena_printf(arena, "INSERT 0 %lld", (long long)rows);
    case QUERY_UPDATE:
        return arena_printf(arena, "UPDATE %lld", (long long)rows);
    case QUERY_DELETE:
        return arena_printf(arena, "DELETE %lld", (long long)rows);
    case QUERY_MERGE:
        return arena_printf(arena, "MERGE %lld", (long long)rows);
    case QUERY_SELECT:
    default:
        return arena_printf(arena, "SELECT %lld", (long long)rows);
    }
}

void portal_start(Session *session, Portal *portal)
{
    const PlannedStatement *planned = portal->plan->planned;

    if (planned->writes)
        session_require_writable(session, query_command_name(planned));
    session_begin(session);
    portal->execution = execution_start(session, portal->arena, planned, &portal->params);
    portal->state = PORTAL_RUNNING;
}

/* Pulls rows from the portal's execution into the sink, at most limit (0: all); returns how many. *ended tells whether it ran out. */
static int64_t pull(Portal *portal, int64_t limit, const RowSink *sink, bool *ended)
{
    int64_t passed = 0;

    *ended = false;
    while (limit == 0 || passed < limit) {
        int32_t wanted = limit == 0 ? BATCH_ROWS : (int32_t)MIN((int64_t)BATCH_ROWS, limit - passed);
        Batch  *batch = execution_next(portal->execution, wanted);

        if (batch == NULL) {
            *ended = true;
            break;
        }
        passed += batch->count;
        if (sink != NULL && sink->rows != NULL)
            sink->rows(sink->arg, batch);
    }
    return passed;
}

static bool run_query(Session *session, Portal *portal, int64_t max_rows, const RowSink *sink)
{
    const PlannedStatement *planned = portal->plan->planned;
    bool                    ended;
    int64_t                 passed;

    if (portal->execution == NULL)
        portal_start(session, portal);
    /* what has no result rows runs to its end whatever the row limit */
    passed = pull(portal, planned->returns_rows ? max_rows : 0, sink, &ended);
    portal->position += passed;
    if (!ended) {
        execution_keep_view(portal->execution);
        return false;
    }
    session->rows_affected = execution_rows(portal->execution);
    portal->tag = query_tag(portal->arena, planned,
                            planned->command == QUERY_SELECT ? portal->position : session->rows_affected);
    execution_end(portal->execution);
    portal->execution = NULL;
    portal->state = PORTAL_DONE;
    return true;
}

static bool hand_out_stored(Portal *portal, int64_t max_rows, const RowSink *sink)
{
    int64_t end = result_rows_count(portal->rows);

    if (max_rows != 0)
        end = MIN(end, portal->position + max_rows);
    while (portal->position < end) {
        Batch *batch = result_rows_read(portal->rows, portal->position, 1, (int32_t)MIN((int64_t)BATCH_ROWS, end - portal->position));

        portal->position += batch->count;
        sink->rows(sink->arg, batch);
    }
    return portal->position == result_rows_count(portal->rows);
}

static bool run_utility(Session *session, Portal *portal, int64_t max_rows, const RowSink *sink)
{
    if (portal->state == PORTAL_READY) {
        portal->state = PORTAL_RUNNING;
        utility_run(session, portal);
        if (portal->plan != NULL) /* EXECUTE: the portal has become that query */
            return run_query(session, portal, max_rows, sink);
    }
    if (portal->rows != NULL && !hand_out_stored(portal, max_rows, sink))
        return false;
    portal->state = PORTAL_DONE;
    return true;
}

bool portal_run(Session *session, Portal *portal, int64_t max_rows, const RowSink *sink)
{
    if (portal->state == PORTAL_FAILED)
        raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run", portal->name);
    if (portal->state == PORTAL_DONE) {
        /* PG15: Execute of a finished portal says so again, without rows */
        if (portal->plan != NULL && portal->plan->planned->command == QUERY_SELECT)
            portal->tag = "SELECT 0";
        else if (portal->plan != NULL || portal->rows == NULL)
            raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run", portal->name);
        return true;
    }
    if (max_rows < 0)
        max_rows = 0;
    return portal->plan != NULL ? run_query(session, portal, max_rows, sink) : run_utility(session, portal, max_rows, sink);
}

/* ---- cursors ---------------------------------------------------------------------------------------------------------------- */

static void keep_rows(void *arg, const Batch *batch)
{
    result_rows_append(arg, batch);
}

/* Reads rows into the cursor's store until it holds `wanted` (0: all) or the execution ends. */
static void read_until(Session *session, Portal *portal, int64_t wanted)
{
    RowSink sink = {keep_rows, portal->rows};
    bool    ended;

    if (portal->at_end || (wanted != 0 && result_rows_count(portal->rows) >= wanted))
        return;
    if (portal->execution == NULL)
        portal_start(session, portal);
    pull(portal, wanted == 0 ? 0 : wanted - result_rows_count(portal->rows), &sink, &ended);
    portal->at_end = ended;
    if (!ended)
        execution_keep_view(portal->execution);
}

/* A cursor that only goes forward keeps nothing. */
static int64_t fetch_forward_only(Session *session, Portal *portal, int64_t count, const RowSink *sink)
{
    bool    ended = true;
    int64_t passed;

    if (portal->at_end || count == 0)
        return 0;
    if (portal->execution == NULL)
        portal_start(session, portal);
    passed = pull(portal, count == FETCH_ALL ? 0 : count, sink, &ended);
    portal->at_end = ended;
    portal->position += passed + ended;
    if (!ended)
        execution_keep_view(portal->execution);
    return passed;
}

/* Hands out rows first .. last of the store (from 1), downwards when step is -1. */
static int64_t hand_out_range(Portal *portal, int64_t first, int64_t rows, int32_t step, const RowSink *sink)
{
    int64_t passed = 0;

    while (passed < rows && sink != NULL) {
        Batch *batch = result_rows_read(portal->rows, first - 1 + passed * step, step, (int32_t)MIN((int64_t)BATCH_ROWS, rows - passed));

        passed += batch->count;
        sink->rows(sink->arg, batch);
    }
    return rows;
}

static int64_t fetch_forward(Session *session, Portal *portal, int64_t count, const RowSink *sink)
{
    int64_t available;
    int64_t rows;
    int64_t first = portal->position + 1;

    read_until(session, portal, count == FETCH_ALL ? 0 : portal->position + count);
    available = MAX(0, result_rows_count(portal->rows) - portal->position);
    rows = MIN(count, available);
    portal->position = rows < count ? result_rows_count(portal->rows) + 1 : portal->position + rows;
    return hand_out_range(portal, first, rows, 1, sink);
}

static int64_t fetch_backward(Portal *portal, int64_t count, const RowSink *sink)
{
    int64_t available = MAX(0, portal->position - 1);
    int64_t rows = MIN(count, available);
    int64_t first = portal->position - 1;

    portal->position = rows < count ? 0 : portal->position - rows;
    return hand_out_range(portal, first, rows, -1, sink);
}

/* Moves to one row and hands it out when it exists. */
static int64_t fetch_row(Session *session, Portal *portal, int64_t row, const RowSink *sink)
{
    if (row <= 0) {
        portal->position = 0;
        return 0;
    }
    read_until(session, portal, row);
    if (row > result_rows_count(portal->rows)) {
        portal->position = result_rows_count(portal->rows) + 1;
        return 0;
    }
    portal->position = row;
    return hand_out_range(portal, row, 1, 1, sink);
}

static int64_t fetch_absolute(Session *session, Portal *portal, int64_t count, const RowSink *sink)
{
    if (count < 0) {
        read_until(session, portal, 0);
        return fetch_row(session, portal, MAX(0, result_rows_count(portal->rows) + 1 + count), sink);
    }
    return fetch_row(session, portal, count, sink);
}

static noreturn void raise_forward_only(void)
{
    Error *err = error_new(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward");

    error_hint(err, "Declare it with SCROLL option to enable backward scan.");
    error_raise(err);
}

static int64_t fetch_kept(Session *session, Portal *portal, FetchDirection direction, int64_t count, const RowSink *sink)
{
    switch (direction) {
    case FETCH_ABSOLUTE:
        return fetch_absolute(session, portal, count, sink);
    case FETCH_RELATIVE:
        return fetch_row(session, portal, portal->position + count, sink);
    case FETCH_BACKWARD:
        return fetch_backward(portal, count, sink);
    case FETCH_FORWARD:
    default:
        return fetch_forward(session, portal, count, sink);
    }
}

int64_t portal_fetch(Session *session, Portal *portal, FetchDirection direction, int64_t count, const RowSink *sink)
{
    if ((direction == FETCH_FORWARD || direction == FETCH_BACKWARD) && count < 0) {
        direction = direction == FETCH_FORWARD ? FETCH_BACKWARD : FETCH_FORWARD;
        count = count == INT64_MIN ? FETCH_ALL : -count;
    }
    if ((direction == FETCH_FORWARD || direction == FETCH_BACKWARD) && count == 0)
        direction = FETCH_RELATIVE; /* the row it stands on, again */
    if (portal->rows != NULL)
        return fetch_kept(session, portal, direction, count, sink);
    if (direction == FETCH_FORWARD)
        return fetch_forward_only(session, portal, count, sink);
    if (direction == FETCH_RELATIVE && count > 0) {
        if (count > 1)
            fetch_forward_only(session, portal, count - 1, NULL);
        return fetch_forward_only(session, portal, 1, sink);
    }
    if (direction == FETCH_ABSOLUTE && count > portal->position) {
        if (count > portal->position + 1)
            fetch_forward_only(session, portal, count - portal->position - 1, NULL);
        return fetch_forward_only(session, portal, 1, sink);
    }
    raise_forward_only();
}

/* ---- transactions ----------------------------------------------------------------------------------------------------------- */

static void hold_cursor(Session *session, Portal *portal)
{
    if (portal->rows == NULL) {
        PhysType *types = ARENA_ARRAY(portal->arena, portal->result_count, PhysType);

        for (int32_t i = 0; i < portal->result_count; i++)
            types[i] = portal->plan->planned->root->columns[i].phys;
        portal->rows = result_rows_new(portal->arena, portal->result_count, types);
        portal->position = 0; /* rows already fetched are gone for good: what is kept starts after them */
    }
    read_until(session, portal, 0);
    if (portal->execution != NULL) {
        execution_end(portal->execution);
        portal->execution = NULL;
    }
    portal->held = true;
}

void portals_end_transaction(Session *session, bool committed)
{
    Portal *next;

    if (committed)
        for (Portal *portal = session->portals; portal != NULL; portal = portal->next)
            if (portal->hold && !portal->held)
                hold_cursor(session, portal);
    for (Portal *portal = session->portals; portal != NULL; portal = next) {
        next = portal->next;
        if (portal->held)
            continue;
        if (portal->state == PORTAL_RUNNING && portal->plan == NULL)
            continue; /* the COMMIT or ROLLBACK that runs just now: its owner closes it */
        portal_close(session, portal);
    }
}

uint64_t portals_mark(Session *session)
{
    return ((SessionState *)session->internal)->portals_made;
}

void portals_rollback_to(Session *session, uint64_t mark)
{
    Portal *next;

    for (Portal *portal = session->portals; portal != NULL; portal = next) {
        next = portal->next;
        if (portal->made_at > mark && !(portal->state == PORTAL_RUNNING && portal->plan == NULL))
            portal_close(session, portal);
    }
}
