/*
 * portal.h - statements on their way: bound, perhaps suspended, and SQL cursors.
 *
 * A portal runs a plan or a utility statement and hands rows on batch by batch, as far as its caller asks. SQL cursors are portals
 * whose rows come by FETCH; scrollable and held ones keep what they have read.
 *
 * Ownership   portals hang on the session; each has an arena of its own. They end with Close, with their transaction (a held cursor
 *             with the session), or when a portal of the same name (the unnamed one) is made.
 * Raises      everything, but portals_end_transaction() and portals_rollback_to() nothing on rollback.
 */
#ifndef EXECUTOR_SESSION_PORTAL_H
#define EXECUTOR_SESSION_PORTAL_H

#include "executor/exec/execute.h"
#include "executor/session/prepared.h"
#include "executor/session/result_rows.h"

typedef enum PortalState { PORTAL_READY, PORTAL_RUNNING, PORTAL_DONE, PORTAL_FAILED } PortalState;

typedef struct Portal Portal;
struct Portal {
    Portal             *next;
    const char         *name;
    Arena              *arena;
    PortalState         state;
    uint64_t            made_at;      /* a running number: savepoints end younger portals */
    const char         *text;         /* of its statement */
    const Node         *stmt;         /* NULL: an empty query */
    ParamValues         params;
    CachedPlan         *plan;         /* counted; NULL for utility statements */
    Execution          *execution;
    CachedPlan         *inner_plan;   /* counted: the plan that EXPLAIN shows */
    int32_t             result_count;
    const ResultColumn *results;
    int32_t             format_count; /* result formats as Bind gave them: 0, 1 or result_count */
    const int16_t      *formats;
    ResultRows           *rows;         /* a utility statement's result, or what a scrollable cursor has read */
    int64_t             position;     /* utility: next row to hand out; cursor: the row it stands on, 0 before the first, from 1 */
    bool                at_end;       /* cursor: the execution has no more rows */
    const char         *tag;          /* command tag once done */
    /* SQL cursors */
    bool                is_cursor, scroll, no_scroll, hold, binary;
    bool                held;         /* its transaction has ended: rows has everything */
    int64_t             opened_at;
};

/* Where rows go. Called with batches of at most BATCH_ROWS rows. */
typedef struct RowSink {
    void (*rows)(void *arg, const Batch *batch);
    void *arg;
} RowSink;

/*
 * Binds a prepared statement: "" replaces the unnamed portal, another name must be free (42P03). params and formats are kept;
 * they live in an arena that the caller took from portal_arena_new() and that the portal now owns.
 */
Portal *portal_open(Session *session, const char *name, PreparedStatement *statement, Arena *arena, ParamValues params,
                    int32_t format_count, const int16_t *formats);
Arena  *portal_arena_new(Session *session);
/* After an error: frees an arena from portal_arena_new(), and the portal that took it if there is one. */
void    portal_discard_arena(Session *session, Arena *arena);

/* A portal over a query planned already: cursors, EXECUTE. Takes arena and the plan's reference. */
Portal *portal_open_plan(Session *session, const char *name, Arena *arena, const char *text, const Node *stmt, CachedPlan *plan,
                         ParamValues params);

/* A portal over a utility statement whose tree outlives it: simple queries. Takes arena. */
Portal *portal_open_utility(Session *session, const char *name, Arena *arena, const char *text, const Node *stmt);

Portal *portal_find(Session *session, const char *name); /* NULL when there is none */
Portal *portal_get(Session *session, const char *name);  /* 34000 when there is none */
void    portal_close(Session *session, Portal *portal);
void    portal_close_all(Session *session);

/* Starts a query's execution, which fixes its read view; portal_run() does so itself. */
void portal_start(Session *session, Portal *portal);

/*
 * Runs a portal on, at most max_rows rows (0: all). Returns true when it is complete and portal->tag is set, false when it is suspended.
 * session_start_statement() is the caller's. COPY is not run here: see utility.h.
 */
bool portal_run(Session *session, Portal *portal, int64_t max_rows, const RowSink *sink);

/* FETCH and MOVE on a cursor; sink NULL: MOVE. Returns the number of rows passed. */
int64_t portal_fetch(Session *session, Portal *portal, FetchDirection direction, int64_t count, const RowSink *sink);

/* At commit held cursors are read to their end and the others closed; at rollback all that the transaction made are closed. */
void     portals_end_transaction(Session *session, bool committed);
uint64_t portals_mark(Session *session);
void     portals_rollback_to(Session *session, uint64_t mark);

#endif
