/*
 * prepared.h - prepared statements and the plans they keep.
 *
 * A statement is parsed once; its plan is kept and used again as long as the descriptors it rests on and the search path are
 * what they were, and made anew otherwise.
 *
 * Ownership   statements hang on the session; a CachedPlan is counted, so that a portal survives the end of its statement.
 * Raises      everything.
 */
#ifndef EXECUTOR_SESSION_PREPARED_H
#define EXECUTOR_SESSION_PREPARED_H

#include "executor/analyze/analyze.h"
#include "executor/plan/plan.h"
#include "executor/session.h"
#include "parser/ast.h"

typedef struct CachedPlan {
    int32_t                 references;
    Arena                  *arena;
    const PlannedStatement *planned;         /* NULL: a utility statement */
    const char             *text;            /* of the whole statement; NULL when the tree is its maker's */
    const Node             *stmt;            /* what was planned: in arena when text is, since plans point into their tree */
    uint64_t                catalog_version; /* of the catalog when last found valid */
    uint64_t                catalog_changes; /* of the session likewise */
    int32_t                 path_count;      /* the search path it was made under */
    Oid                    *path;
    Oid                     user;
} CachedPlan;

typedef struct PreparedStatement PreparedStatement;
struct PreparedStatement {
    PreparedStatement  *next;
    const char         *name;        /* "" for the unnamed one */
    Arena              *arena;       /* child of the session's: everything but the plan */
    const char         *text;        /* as the client sent it */
    const Node         *stmt;        /* NULL: an empty query */
    ParamTypes          params;
    int32_t             result_count; /* 0: returns no rows */
    const ResultColumn *results;
    CachedPlan         *plan;        /* NULL for utility statements and the empty query */
    bool                from_sql;    /* PREPARE rather than Parse */
    int64_t             prepared_at; /* timestamptz */
};

/*
 * Makes a statement and keeps it under name: "" replaces the unnamed one, another name must be free (42P05).
 *   param_types  what the client said of $1 .. $count, 0 for nothing
 */
PreparedStatement *prepared_parse(Session *session, const char *name, const char *text, const Oid *param_types, int32_t param_count);
/* The same for a statement parsed already (PREPARE, simple queries); stmt and text live in arena, which the statement takes. */
PreparedStatement *prepared_make(Session *session, const char *name, Arena *arena, const char *text, const Node *stmt, ParamTypes params);

/* NULL when there is none. */
PreparedStatement *prepared_find(Session *session, const char *name);
/* 26000 when there is none. */
PreparedStatement *prepared_get(Session *session, const char *name);
void               prepared_drop(Session *session, PreparedStatement *statement);
void               prepared_drop_all(Session *session);

/* A plan that is valid now, counted: plan_release() it. NULL for utility statements. */
CachedPlan *prepared_plan(Session *session, PreparedStatement *statement);
void        plan_release(CachedPlan *plan);

/*
 * Plans a query. text: the statement that stmt is part of, parsed again into the plan's own arena, so that the plan may outlive the
 * tree; NULL: the tree lives longer than the plan.
 */
CachedPlan *plan_once(Session *session, const char *text, const Node *stmt, ParamTypes *params);

#endif
