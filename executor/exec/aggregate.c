/*
 * aggregate.c - GROUP BY and aggregates: plain, hashed with grouping sets, sorted.
 *
 * Hashed: a KeyTable per grouping set turns each row's key into a group number; the states of all calls of a group lie side by side.
 * Groups come out in the order in which their keys first appeared, which for sorted input is the sort order, so AGGREGATE_SORTED is
 * the same code that gives its groups out early: all but the last of a batch are complete.
 * Beyond work_mem no new groups are taken in: the rows of unknown keys go to partition files by bits of their hash, and each partition
 * is aggregated by itself afterwards.
 */
#include "executor/exec/agg_call.h"
#include "executor/exec/spill.h"

enum { STATES_PER_BLOCK = 256, PARTITION_BITS = 4, PARTITIONS = 1 << PARTITION_BITS, MAX_LEVELS = 12 };

typedef struct GroupSet {
    int32_t          key_count;
    const int32_t   *keys;      /* indexes into the groups */
    KeyTable        *table;
    Vector         **vectors;
    const TypeInfo **types;
    char           **blocks;    /* of STATES_PER_BLOCK states */
    int32_t          block_capacity;
    uint32_t         state_count;
    RowStore       **kept;
    uint32_t         given;     /* groups handed out */
    bool             empty_group; /* no keys: there is a group without any row */
} GroupSet;

typedef struct Partition {
    SpillFile *file;
    int32_t    set;
    int32_t    level;
    struct Partition *next;
} Partition;

typedef struct AggregateOperator {
    ExecOperator op;
    AggCalls    *calls;
    Evaluator  **groups;
    Vector     **group_vectors;
    int32_t      set_count;
    GroupSet    *sets;
    int32_t      at_set;        /* while giving out */
    int32_t      only_set;      /* while a partition of this set is aggregated; -1: all */
    int32_t      level;         /* of partitioning */
    Arena       *table_arena;   /* groups and states */
    Arena       *batch_arena;   /* of one input batch */
    Arena       *out_arena;     /* of one output batch */
    BatchBuffer  out;
    bool         loaded;
    SpillFile  **writing;       /* set * PARTITIONS + partition */
    Partition   *pending;
    size_t       spilled_bytes;
} AggregateOperator;

static char *state_of(AggregateOperator *agg, GroupSet *set, uint32_t number)
{
    return set->blocks[number / STATES_PER_BLOCK] + (size_t)(number % STATES_PER_BLOCK) * agg->calls->state_bytes;
}

typedef struct StateLookup {
    AggregateOperator *agg;
    GroupSet          *set;
} StateLookup;

static char *lookup_state(void *arg, uint32_t number)
{
    StateLookup *lookup = arg;

    return state_of(lookup->agg, lookup->set, number);
}

static void add_states(AggregateOperator *agg, GroupSet *set, uint32_t count)
{
    while (set->state_count < count) {
        if (set->state_count % STATES_PER_BLOCK == 0) {
            int32_t block = (int32_t)(set->state_count / STATES_PER_BLOCK);
            size_t  states = set->key_count == 0 ? 1 : STATES_PER_BLOCK;

            if (block == set->block_capacity) {
                int32_t capacity = MAX(8, set->block_capacity * 2);

                set->blocks = arena_grow(agg->table_arena, set->blocks, (size_t)set->block_capacity * sizeof(char *), (size_t)capacity * sizeof(char *));
                set->block_capacity = capacity;
            }
            set->blocks[block] = arena_alloc(agg->table_arena, states * agg->calls->state_bytes);
        }
        agg_calls_init(agg->calls, state_of(agg, set, set->state_count), agg->table_arena);
        set->state_count++;
    }
}

static void make_set(AggregateOperator *agg, GroupSet *set, const int32_t *keys, int32_t key_count)
{
    const Plan *plan = agg->op.plan;
    Arena      *arena = agg->op.state->arena;
    Oid        *oids = ARENA_ARRAY(arena, (size_t)key_count, Oid);
    PhysType   *phys = ARENA_ARRAY(arena, (size_t)key_count, PhysType);

    set->key_count = key_count;
    set->keys = keys;
    set->types = ARENA_ARRAY(arena, (size_t)key_count, const TypeInfo *);
    set->vectors = ARENA_ARRAY(arena, (size_t)key_count, Vector *);
    for (int32_t i = 0; i < key_count; i++) {
        set->types[i] = plan->aggregate.group_types[keys[i]];
        oids[i] = plan->columns[keys[i]].type;
        phys[i] = plan->columns[keys[i]].phys;
    }
    set->table = key_table_new(arena, key_count, oids, phys, set->types);
    set->kept = agg_calls_stores(agg->calls, arena);
    set->empty_group = key_count == 0;
}

static void aggregate_start(AggregateOperator *agg)
{
    const Plan *plan = agg->op.plan;
    ExecState  *state = agg->op.state;
    int32_t     group_count = plan->aggregate.group_count;

    agg->calls = agg_calls_new(state, state->arena, plan->aggregate.call_count, plan->aggregate.calls);
    agg->groups = eval_compile_list(state, state->arena, &plan->aggregate.groups);
    agg->group_vectors = ARENA_ARRAY(state->arena, (size_t)group_count, Vector *);
    agg->table_arena = arena_new(state->arena, NULL, "aggregate states");
    agg->batch_arena = arena_new(state->arena, NULL, "aggregate batch");
    agg->out_arena = arena_new(state->arena, NULL, "aggregate output");
    agg->only_set = -1;
    if (plan->aggregate.set_count == 0) {
        int32_t *all = ARENA_ARRAY(state->arena, (size_t)group_count, int32_t);

        for (int32_t i = 0; i < group_count; i++)
            all[i] = i;
        agg->set_count = 1;
        agg->sets = ARENA_NEW(state->arena, GroupSet);
        make_set(agg, &agg->sets[0], all, group_count);
    } else {
        agg->set_count = plan->aggregate.set_count;
        agg->sets = ARENA_ARRAY_ZEROED(state->arena, (size_t)agg->set_count, GroupSet);
        for (int32_t i = 0; i < agg->set_count; i++)
            make_set(agg, &agg->sets[i], plan->aggregate.sets[i], plan->aggregate.set_sizes[i]);
    }
    batch_buffer_init(&agg->out, state->arena, plan->column_count);
    for (int32_t c = 0; c < plan->column_count; c++)
        vector_buffer_init(&agg->out.columns[c], plan->columns[c].type, plan->columns[c].phys);
    for (int32_t i = 0; i < agg->set_count; i++)
        if (agg->sets[i].empty_group)
            add_states(agg, &agg->sets[i], 1);
}

/* ---- input ------------------------------------------------------------------------------------------------------------------- */

static size_t bytes_in_use(const AggregateOperator *agg)
{
    size_t bytes = arena_bytes(agg->table_arena);

    for (int32_t i = 0; i < agg->set_count; i++) {
        bytes += key_table_bytes(agg->sets[i].table);
        for (int32_t c = 0; c < agg->calls->count; c++)
            if (agg->sets[i].kept[c] != NULL)
                bytes += row_store_bytes(agg->sets[i].kept[c]);
    }
    return bytes;
}

/* Puts the rows whose keys are unknown aside; leaves the others in sel with their numbers. */
static int32_t put_aside(AggregateOperator *agg, int32_t set_number, const Batch *input, const uint64_t *hashes, uint32_t *numbers, int32_t *sel)
{
    int32_t *aside = ARENA_ARRAY(agg->batch_arena, (size_t)input->count, int32_t);
    int32_t  kept = 0;
    int      shift = 64 - PARTITION_BITS * (agg->level + 1);

    for (int32_t p = 0; p < PARTITIONS; p++) {
        int32_t n = 0;

        for (int32_t i = 0; i < input->count; i++)
            if (numbers[i] == KEY_NONE && (int32_t)((hashes[i] >> shift) & (PARTITIONS - 1)) == p)
                aside[n++] = sel_row(input->sel, i);
        if (n > 0) {
            SpillFile **file = &agg->writing[set_number * PARTITIONS + p];

            if (*file == NULL)
                *file = spill_new(agg->op.state, agg->op.plan->left->column_count, agg->op.plan->left->columns);
            spill_write(*file, input->columns, aside, n);
        }
    }
    for (int32_t i = 0; i < input->count; i++)
        if (numbers[i] != KEY_NONE) {
            sel[kept] = sel_row(input->sel, i);
            numbers[kept++] = numbers[i];
        }
    return kept;
}

static void add_to_set(AggregateOperator *agg, int32_t set_number, const Batch *input)
{
    GroupSet      *set = &agg->sets[set_number];
    AggInput       in = {.columns = input->columns, .row_count = input->row_count, .sel = input->sel, .count = input->count,
                         .kept = set->kept, .state_arena = agg->table_arena, .batch_arena = agg->batch_arena};

    if (set->key_count == 0) {
        in.single = state_of(agg, set, 0);
    } else {
        uint64_t *hashes = ARENA_ARRAY(agg->batch_arena, (size_t)input->count, uint64_t);
        uint32_t *numbers = ARENA_ARRAY(agg->batch_arena, (size_t)input->count, uint32_t);

        for (int32_t k = 0; k < set->key_count; k++)
            set->vectors[k] = agg->group_vectors[set->keys[k]];
        hash_rows(set->vectors, set->types, set->key_count, input->sel, input->count, hashes);
        key_table_lookup(set->table, set->vectors, hashes, input->sel, input->count, agg->writing == NULL, numbers, NULL);
        if (agg->writing != NULL) {
            int32_t *sel = ARENA_ARRAY(agg->batch_arena, (size_t)input->count, int32_t);

            in.count = put_aside(agg, set_number, input, hashes, numbers, sel);
            in.sel = sel;
        }
        add_states(agg, set, key_table_count(set->table));
        in.groups = ARENA_ARRAY(agg->batch_arena, (size_t)input->count, char *);
        for (int32_t i = 0; i < in.count; i++)
            in.groups[i] = state_of(agg, set, numbers[i]);
        in.numbers = numbers;
    }
    if (in.count > 0)
        agg_calls_update(agg->calls, &in);
}

static void add_batch(AggregateOperator *agg, const Batch *input)
{
    const Plan *plan = agg->op.plan;

    check_cancel();
    arena_reset(agg->batch_arena);
    for (int32_t i = 0; i < plan->aggregate.group_count; i++)
        agg->group_vectors[i] = eval_run(agg->groups[i], input->columns, input->row_count, input->sel, input->count, agg->batch_arena);
    if (agg->writing == NULL && plan->aggregate.strategy == AGGREGATE_HASHED && agg->level < MAX_LEVELS &&
        bytes_in_use(agg) > agg->op.state->work_mem)
        agg->writing = ARENA_ARRAY_ZEROED(agg->op.state->arena, (size_t)agg->set_count * PARTITIONS, SpillFile *);
    for (int32_t s = 0; s < agg->set_count; s++)
        if (agg->only_set < 0 || agg->only_set == s)
            add_to_set(agg, s, input);
}

/* Input has ended: feeds what was collected, and queues the partitions written. */
static void end_input(AggregateOperator *agg)
{
    operator_count_memory(&agg->op, bytes_in_use(agg), 0);
    for (int32_t s = 0; s < agg->set_count; s++) {
        StateLookup lookup = {agg, &agg->sets[s]};

        if (agg->only_set < 0 || agg->only_set == s)
            agg_calls_feed(agg->calls, agg->sets[s].kept, lookup_state, &lookup, agg->table_arena);
    }
    for (int32_t i = 0; agg->writing != NULL && i < agg->set_count * PARTITIONS; i++)
        if (agg->writing[i] != NULL) {
            Partition *partition = ARENA_NEW(agg->op.state->arena, Partition);

            *partition = (Partition){agg->writing[i], i / PARTITIONS, agg->level + 1, agg->pending};
            agg->pending = partition;
            agg->spilled_bytes += spill_bytes(partition->file);
        }
    operator_count_memory(&agg->op, 0, agg->spilled_bytes);
    agg->writing = NULL;
    agg->loaded = true;
    agg->at_set = 0;
}

static void clear_tables(AggregateOperator *agg)
{
    for (int32_t s = 0; s < agg->set_count; s++) {
        GroupSet *set = &agg->sets[s];

        key_table_reset(set->table);
        set->blocks = NULL;
        set->block_capacity = 0;
        set->state_count = set->given = 0;
        for (int32_t c = 0; c < agg->calls->count; c++)
            if (set->kept[c] != NULL)
                row_store_reset(set->kept[c]);
    }
    arena_reset(agg->table_arena);
}

/* Takes the next partition in; false when there is none. */
static bool load_partition(AggregateOperator *agg)
{
    Partition   *partition = agg->pending;
    SpillReader *reader;
    Batch       *input;

    if (partition == NULL)
        return false;
    agg->pending = partition->next;
    clear_tables(agg);
    agg->only_set = partition->set;
    agg->level = partition->level;
    reader = spill_read(partition->file);
    while ((input = spill_read_next(reader)) != NULL)
        add_batch(agg, input);
    spill_read_end(reader);
    spill_free(partition->file);
    end_input(agg);
    return true;
}

/* ---- output -------------------------------------------------------------------------------------------------------------------- */

static void output_groups(AggregateOperator *agg, GroupSet *set, uint32_t first, int32_t count)
{
    const Plan *plan = agg->op.plan;
    int32_t     group_count = plan->aggregate.group_count;
    uint32_t   *rows;
    uint64_t    mask = group_count >= 64 ? UINT64_MAX : (1ull << group_count) - 1;

    arena_reset(agg->out_arena);
    rows = ARENA_ARRAY(agg->out_arena, (size_t)count, uint32_t);
    for (int32_t i = 0; i < count; i++)
        rows[i] = first + (uint32_t)i;
    for (int32_t g = 0; g < group_count; g++) {
        vector_buffer_reserve(&agg->out.columns[g], agg->op.state->arena, count);
        memset(agg->out.columns[g].vector.data, 0, (size_t)count * phys_width(agg->out.columns[g].vector.phys));
        vector_buffer_set_validity(&agg->out.columns[g], count, false);
    }
    for (int32_t k = 0; k < set->key_count; k++) {
        row_store_gather(set->table->keys, k, rows, count, &agg->out.columns[set->keys[k]], agg->op.state->arena);
        mask &= ~(1ull << set->keys[k]);
    }
    for (int32_t c = 0; c < agg->calls->count; c++) {
        VectorBuffer *column = &agg->out.columns[group_count + c];

        vector_buffer_reserve(column, agg->op.state->arena, count);
        vector_buffer_set_validity(column, count, true);
        for (int32_t i = 0; i < count; i++) {
            Datum value;
            bool  valid = agg_call_finish(agg->calls, c, state_of(agg, set, first + (uint32_t)i), agg->table_arena, agg->out_arena, &value);

            vector_set(&column->vector, i, &value, !valid);
        }
        vector_buffer_trim_validity(column, count);
    }
    if (plan->aggregate.set_mask) {
        VectorBuffer *column = &agg->out.columns[group_count + agg->calls->count];
        Datum         value = {.int64 = (int64_t)mask};

        vector_buffer_reserve(column, agg->op.state->arena, count);
        vector_splat(&column->vector, &value, 0, count);
    }
    agg->out.batch.row_count = agg->out.batch.count = count;
}

static Batch *give_groups(AggregateOperator *agg, int32_t max_rows)
{
    for (; agg->at_set < agg->set_count; agg->at_set++) {
        GroupSet *set = &agg->sets[agg->at_set];
        uint32_t  left = set->state_count - set->given;
        int32_t   count = (int32_t)MIN(left, (uint32_t)max_rows);

        if (count > 0 && (agg->only_set < 0 || agg->only_set == agg->at_set)) {
            output_groups(agg, set, set->given, count);
            set->given += (uint32_t)count;
            return &agg->out.batch;
        }
    }
    return NULL;
}

static Batch *aggregate_next(ExecOperator *op, int32_t max_rows)
{
    AggregateOperator *agg = (AggregateOperator *)op;
    Batch             *input, *out;

    if (agg->calls == NULL)
        aggregate_start(agg);
    if (!agg->loaded) {
        while ((input = operator_next(op->left, BATCH_ROWS)) != NULL)
            add_batch(agg, input);
        end_input(agg);
    }
    check_cancel();
    do {
        out = give_groups(agg, max_rows);
    } while (out == NULL && load_partition(agg));
    return out;
}

static void aggregate_rescan(ExecOperator *op)
{
    AggregateOperator *agg = (AggregateOperator *)op;

    if (agg->calls != NULL) {
        clear_tables(agg);
        for (; agg->pending != NULL; agg->pending = agg->pending->next)
            spill_free(agg->pending->file);
        agg->only_set = -1;
        agg->level = 0;
        agg->loaded = false;
        agg->writing = NULL;
        for (int32_t i = 0; i < agg->set_count; i++)
            if (agg->sets[i].empty_group)
                add_states(agg, &agg->sets[i], 1);
    }
    operator_rescan(op->left);
}

ExecOperator *aggregate_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {aggregate_next, aggregate_rescan};
    AggregateOperator         *agg = operator_new(state, plan, sizeof(AggregateOperator), &class);

    agg->op.left = operator_open(state, plan->left);
    return &agg->op;
}
