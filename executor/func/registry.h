/*
 * registry.h - the one table of functions, operators, aggregates and casts: binding, casts, pg_proc, pg_operator,
 * pg_cast and pg_aggregate are all derived from it.
 *
 * Facts (names, argument types, volatility ...) stand in procs.def, operators.def and casts.def, taken from PostgreSQL 15's
 * catalogs, and in *_nexa.def for ours (oids 8000 .. 9999). Code is attached by oid: each file of kernels
 * in executor/func/ exports one constant array of Kernel entries, which registry.c gathers:
 *
 *     const KernelEntry text_kernels[] = {
 *         {.proc = 871, .run = upper_run},              // upper(text)
 *         {.proc = 2073, .run = substring_regex_run, .prepare = regex_prepare},
 *     };
 *
 * A function without code is in pg_proc, and calling it raises 0A000 when it is bound.
 *
 * Threads     everything here is constant after registry_init(), which runs once before the first session.
 */
#ifndef EXECUTOR_FUNC_REGISTRY_H
#define EXECUTOR_FUNC_REGISTRY_H

#include "base/arena.h"
#include "types/batch.h"
#include "types/type.h"

typedef struct Proc       Proc;
typedef struct KernelCall KernelCall;
typedef struct Session    Session; /* executor/session.h; kernels of session functions read it */

/* ---- scalar functions ----------------------------------------------------------------------------------------- */

enum { PROC_MAX_ARGS = 100 };

/*
 * One call of a function over a batch. The kernel fills result->data (and clears validity bits for rows whose result is
 * NULL) for the rows of sel, and no others.
 *   Strict functions   rows with a NULL argument are already absent from sel, and NULL in the result.
 *   Others             see every live row and test vector_is_valid() of the arguments themselves.
 * result->validity points to a bitmap that is all ones for the rows of sel on entry; use kernel_set_null().
 * Strings of results go to ctx->arena (they live as long as the result vector) or are views into the arguments.
 * Errors are gathered in the loop and raised after it, where a kernel can; what raises per row raises at the first bad row.
 */
struct KernelCall {
    const Proc        *proc;
    int32_t            arg_count;
    Vector *const     *args;   /* materialised: no args[i]->load is pending for the rows of sel */
    Vector            *result; /* type and phys are set: the resolved type for polymorphic functions */
    const int32_t     *sel;    /* NULL: rows 0 .. count-1 */
    int32_t            count;
    const TypeContext *ctx;    /* ctx->arena is the batch arena */
    void              *state;  /* what prepare returned; NULL without prepare */
    Session           *session;
    int32_t            result_typmod;
};

static ALWAYS_INLINE void kernel_set_null(KernelCall *call, int32_t row)
{
    bitmap_clear(call->result->validity, row);
}

typedef void (*KernelRun)(KernelCall *call);

/* What is known when a call site is set up: which arguments are constants, so that patterns compile once. */
typedef struct KernelPrepare {
    const Proc        *proc;
    int32_t            arg_count;
    const Datum *const *constants; /* per argument: the constant value (never NULL the SQL value), or NULL when not constant */
    const Oid         *arg_types;
    Arena             *arena;      /* of the statement's execution: what is allocated here lives for all its batches */
    const TypeContext *ctx;
} KernelPrepare;

typedef struct KernelEntry {
    Oid       proc;
    KernelRun run;
    void *(*prepare)(const KernelPrepare *prepare); /* optional; once per call site and execution; state is not shared between threads */
} KernelEntry;

/* ---- set-returning functions ------------------------------------------------------------------------------------ */

/*
 * One evaluation of a set-returning function for one row of arguments. start allocates its state in arena (which lives
 * until the set is exhausted); next fills up to max_rows rows of the output vectors from row 0 on and returns how many, 0 at the end.
 * A function of a scalar set has one output; one with OUT columns (jsonb_each) one per column. Validity bitmaps are all ones on entry.
 * Strings go to batch_arena or are views into the arguments. Strict functions are not started on a NULL argument (empty set).
 */
typedef struct SetCall {
    const Proc         *proc;
    int32_t             arg_count;
    const Datum        *args;
    const bool         *arg_nulls;
    const Oid          *arg_types;
    const TypeContext  *ctx;
    Session            *session;
    Arena              *arena;
    void               *state;
} SetCall;

typedef struct SetEntry {
    Oid proc;
    void (*start)(SetCall *call);
    int32_t (*next)(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows);
} SetEntry;

/* ---- aggregates ------------------------------------------------------------------------------------------------- */

/*
 * State of one group is state_bytes of memory, zeroed before init. The executor keeps states in its hash table (or one alone)
 * and calls update once per batch with the state of each row's group; a group may occur many times.
 * Bytes that a state keeps (text of max(), arrays) go to arena, which lives as long as the groups and is accounted.
 */
typedef struct AggCall {
    const Proc        *proc;
    int32_t            arg_count;
    Vector *const     *args;
    const int32_t     *sel;
    int32_t            count;
    void *const       *states; /* states[row] for the rows of sel: the state of the row's group */
    void              *single; /* not NULL: there is one group, whose state this is; states is then NULL */
    Arena             *arena;
    const TypeContext *ctx;
    const Oid         *arg_types;
    Oid                result_type;
    Session           *session;
    int32_t            order_count; /* ORDER BY and WITHIN GROUP: column counts from the first argument that is not direct */
    const struct PlanSortKey *order; /* executor/plan/plan.h */
} AggCall;

static ALWAYS_INLINE void *agg_state(const AggCall *call, int32_t row)
{
    return call->single != NULL ? call->single : call->states[row];
}

typedef struct AggEntry {
    Oid    proc;
    size_t state_bytes;
    void (*init)(const AggCall *call, void *state);                     /* NULL: zeroes are the start */
    void (*update)(AggCall *call);                                      /* skips NULL arguments itself as its aggregate demands */
    void (*combine)(AggCall *call, void *into, const void *from);       /* for spilled and parallel groups; NULL: cannot be split */
    bool (*finish)(AggCall *call, void *state, Arena *arena, Datum *out); /* false: NULL. May be called once only per state */
} AggEntry;

/* ---- window functions (row_number, rank, lag ...) ---------------------------------------------------------------- */

/* One partition at a time, all its rows in order; fills result for rows 0 .. row_count-1. See executor/window.h for frames. */
typedef struct WindowCall WindowCall;
typedef struct WindowEntry {
    Oid proc;
    void (*run)(WindowCall *call);
} WindowEntry;

/* ---- the table --------------------------------------------------------------------------------------------------- */

typedef enum ProcKind { PROC_FUNCTION = 'f', PROC_AGGREGATE = 'a', PROC_WINDOW = 'w', PROC_PROCEDURE = 'p' } ProcKind;
typedef enum Volatility { VOLATILE = 'v', STABLE = 's', IMMUTABLE = 'i' } Volatility;

struct Proc {
    Oid                oid;
    const char        *name;
    ProcKind           kind;
    Volatility         volatility;
    bool               returns_set;
    bool               strict;
    bool               leakproof;
    Oid                result;
    Oid                variadic;      /* element type of the variadic argument, or 0 */
    int16_t            arg_count;     /* input arguments */
    int16_t            default_count; /* of which the last ones have defaults */
    const Oid         *args;
    int16_t            all_arg_count; /* OUT arguments included; 0 when there are only IN ones */
    const Oid         *all_args;
    const char        *arg_modes;     /* "iioo" beside all_args, or "" */
    const char *const *arg_names;     /* arg_count or all_arg_count names; NULL when unnamed */
    const char        *arg_defaults;  /* SQL text, expressions separated by ", " */
    const KernelEntry *kernel;        /* NULL when there is no code */
    const SetEntry    *set;
    const AggEntry    *agg;
    const WindowEntry *window;
};

typedef struct Operator {
    Oid         oid;
    const char *name;
    char        kind; /* 'b' infix, 'l' prefix */
    bool        merges, hashes;
    Oid         left, right, result;
    Oid         commutator, negator;
    Oid         function;
    const char *restrict_estimator; /* eqsel, scalarltsel ...: "" for none */
    const char *join_estimator;
} Operator;

typedef struct Cast {
    Oid  oid;
    Oid  source, target;
    Oid  function; /* 0 when binary coercible or through text */
    char context;  /* 'i' implicit, 'a' assignment, 'e' explicit */
    char method;   /* 'f' function, 'b' binary, 'i' text form */
} Cast;

void registry_init(void);

const Proc *proc_by_oid(Oid oid);
/* All functions of a name: an array of *count_out entries, constant. NULL when there is none. */
const Proc *const *proc_by_name(const char *name, int *count_out);
const Proc *const *proc_all(int *count_out);

const Operator *operator_by_oid(Oid oid);
const Operator *const *operator_by_name(const char *name, int *count_out);
const Operator *const *operator_all(int *count_out);

const Cast *cast_find(Oid source, Oid target);
const Cast *const *cast_all(int *count_out);

/*
 * The operator of this name ("=", "<", ">" ...) by which values of one type are compared with each other: text's for varchar,
 * oid's for regclass and its kin, anyarray's for arrays. NULL where the type has none (json, xid's <). For types outside the
 * built-in table, pass what PostgreSQL's operator class is for: TYPE_ANYENUM, TYPE_RECORD ...
 */
const Operator *type_operator(Oid type, const char *name);

/* The arrays that registry.c gathers are named in kernels.def; each ends with an entry whose proc is 0. */
#endif
