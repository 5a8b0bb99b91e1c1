/*
 * agg_call.h - one aggregate call of a plan node: its arguments, filter, DISTINCT and ORDER BY, over states that the caller lays out.
 *
 * Ownership   everything in the arena given to agg_calls_new(); what states keep goes to the arena given with each update.
 */
#ifndef EXECUTOR_EXEC_AGG_CALL_H
#define EXECUTOR_EXEC_AGG_CALL_H

#include "executor/exec/operator_internal.h"

typedef struct AggState {
    const PlanAggregate *plan;
    const AggEntry      *entry;
    size_t               offset;     /* of its state within a group's */
    int32_t              arg_count;  /* direct arguments first, as the function is declared */
    Evaluator          **args;
    Oid                 *arg_types;
    Evaluator           *filter;
    bool                 collects;   /* DISTINCT or ORDER BY: rows are kept and fed sorted */
    int32_t              order_arg_count;
    Evaluator          **order_args;
    int32_t              sort_count;
    PlanSortKey         *sort_keys;  /* over the columns collected: group number, args, order args */
    int32_t              distinct_from, distinct_to; /* columns that make a row distinct */
    int32_t              kept_columns;
    Oid                 *kept_types;
    PhysType            *kept_phys;
    Vector             **vectors;
} AggState;

typedef struct AggCalls {
    ExecState *state;
    int32_t    count;
    AggState  *calls;
    size_t     state_bytes; /* of one group */
} AggCalls;

AggCalls *agg_calls_new(ExecState *state, Arena *arena, int32_t count, const PlanAggregate *plans);

/* Initialises the states of one group. */
void agg_calls_init(AggCalls *calls, char *group, Arena *arena);

/*
 * One batch of input. groups[i] is the group of the i-th row of sel, or single is the only one. numbers[i]: the group's number, for collected rows
 * (NULL with single: 0). kept: by call, the rows collected; NULL entries for the others.
 */
typedef struct AggInput {
    Vector *const *columns;
    int32_t        row_count;
    const int32_t *sel;
    int32_t        count;
    char         **groups;
    char          *single;
    const uint32_t *numbers;
    RowStore     **kept;
    Arena         *state_arena; /* lives as long as the groups */
    Arena         *batch_arena;
} AggInput;
void agg_calls_update(AggCalls *calls, const AggInput *input);

/* Feeds collected rows to their groups, sorted: group_of gives the state of a group number. Before finishing. */
void agg_calls_feed(AggCalls *calls, RowStore **kept, char *(*group_of)(void *arg, uint32_t number), void *arg, Arena *state_arena);

/* Stores of collected rows: by call, NULL where none is needed. */
RowStore **agg_calls_stores(AggCalls *calls, Arena *arena);

/* The result of one call for one group; false: NULL. */
bool agg_call_finish(AggCalls *calls, int32_t call, char *group, Arena *state_arena, Arena *arena, Datum *out);

#endif
