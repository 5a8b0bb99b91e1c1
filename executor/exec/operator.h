/*
 * operator.h - physical operators: the running form of plan nodes, which pull batches from each other.
 *
 * operator_open() makes the operator tree of a plan; operator_next() gives its next batch. A consumer states how many rows it wants at
 * most, and an operator computes no side effect (row lock, volatile call, raised error) for rows beyond that demand: operators that
 * keep everything (sort, aggregate) ask for whole batches, those that pass rows through pass the demand down.
 *
 * Ownership   operators live in state->arena and end with it; what is not memory (scans, files) hangs on it by arena_defer().
 *             A batch belongs to the operator that returned it and is valid until that operator's next call.
 * Threads     one per ExecState. What parallel workers could share (plan, descriptors, view) is immutable; the rest is per state.
 * Raises      everything here raises.
 */
#ifndef EXECUTOR_EXEC_OPERATOR_H
#define EXECUTOR_EXEC_OPERATOR_H

#include "base/account.h"
#include "executor/plan/plan.h"
#include "executor/session.h"

typedef struct ExecOperator ExecOperator;
typedef struct ExecState    ExecState;

/* Values of $1 .. $n, beside each other. types tells how the client declared them. */
typedef struct ParamValues {
    int32_t      count;
    const Datum *values;
    const bool  *nulls;
    const Oid   *types;
} ParamValues;

/* An internal parameter: set by a nested loop or before a subplan runs. version changes with every setting. */
typedef struct ExecParam {
    Datum    value;
    bool     is_null;
    uint64_t version;
} ExecParam;

/* What EXPLAIN ANALYZE shows of a plan node. */
typedef struct OperatorCounters {
    int64_t rows;       /* delivered, over all loops */
    int64_t loops;      /* times opened or rescanned and then asked */
    int64_t startup_ns; /* until the first batch, over all loops */
    int64_t total_ns;
    int64_t removed;    /* rows dropped by this node's own test */
    int64_t memory_bytes, disk_bytes; /* of sorts and hash tables: the peak */
    bool    running;    /* the current loop has begun */
} OperatorCounters;

struct SubplanState;
struct CteState;
struct WorkTable;

/* One execution of a planned statement. */
struct ExecState {
    Session                *session;
    const PlannedStatement *planned;  /* NULL: expressions alone */
    Arena                  *arena;    /* ends with the execution */
    TypeContext             ctx;      /* the session's; arena is set by the evaluator for each batch */
    const ParamValues      *params;   /* NULL: none */
    ExecParam              *internal; /* internal parameter n is internal[n - 1] */
    int32_t                 internal_count;
    uint64_t                param_version;
    struct SubplanState   **subplans; /* by index, made at first use */
    struct CteState       **ctes;     /* by index, made at first use */
    struct WorkTable      **work_tables; /* by plan id of the recursive union; NULL when there is none */
    OperatorCounters       *counters; /* by plan id; NULL: not asked for */
    Transaction            *txn;
    ReadView                view;
    size_t                  work_mem; /* bytes that one operator may keep before it spills */
    int64_t                 rows;     /* inserted, updated, deleted or selected */
    /*
     * A re-check instance under READ COMMITTED: the scan of a locked relation (by range table index) delivers these rows instead
     * of its own; NULL outside re-checks.
     */
    const struct RecheckRows *recheck;
};

/* The one row that a scan gives in a re-check; see lock_rows.c. */
struct RecheckRows {
    int32_t       range_count;
    const RowId  *rows;   /* by range table index - 1: 0 when that relation is not fixed */
    const bool   *newest; /* read at the newest committed version rather than the statement's view */
};

typedef struct OperatorClass {
    Batch *(*next)(ExecOperator *op, int32_t max_rows); /* NULL at the end; never an empty batch */
    void   (*rescan)(ExecOperator *op);                 /* starts over; internal parameters may have changed */
} OperatorClass;

struct ExecOperator {
    const OperatorClass *class;
    const Plan          *plan;
    ExecState           *state;
    ExecOperator        *left, *right;
};

/* The operator tree of a plan. Nothing is read before the first operator_next(). */
ExecOperator *operator_open(ExecState *state, const Plan *plan);

/* The next batch of at most max_rows live rows (1 .. BATCH_ROWS), or NULL at the end. */
Batch *operator_next_counted(ExecOperator *op, int32_t max_rows);
void   operator_rescan(ExecOperator *op);

static inline Batch *operator_next(ExecOperator *op, int32_t max_rows)
{
    if (UNLIKELY(op->state->counters != NULL))
        return operator_next_counted(op, max_rows);
    return op->class->next(op, max_rows);
}

/* For EXPLAIN ANALYZE: rows that this operator's test dropped, and memory at its peak. */
static inline void operator_count_removed(ExecOperator *op, int64_t rows)
{
    if (UNLIKELY(op->state->counters != NULL))
        op->state->counters[op->plan->id].removed += rows;
}
void operator_count_memory(ExecOperator *op, size_t memory_bytes, size_t disk_bytes);

/* Sets an internal parameter. The bytes of value are borrowed until it is set again. */
static inline void exec_param_set(ExecState *state, int32_t number, const Datum *value, bool is_null)
{
    ExecParam *param = &state->internal[number - 1];

    param->value = is_null ? (Datum){0} : *value;
    param->is_null = is_null;
    param->version = ++state->param_version;
}

/* What is known of a type, the user's own (enums, domains) included; NULL when it does not exist. Lives as long as the state's arena. */
const TypeInfo *exec_type(const ExecState *state, Oid type);

/* Its physical type; bytes for what is not known. */
PhysType exec_phys(const ExecState *state, Oid type);

/* Fills in an execution state without a plan: for expressions of DDL, COPY and tests. */
void exec_state_init(ExecState *state, Session *session, Arena *arena);

#endif
