/*
 * hash_join.c - joins by hashing the right child's keys: inner, left, right, full, semi, anti.
 *
 * The right side stands in a row store with a chained hash table over its row numbers. The left side is probed batch by batch; pairs of
 * matching rows are gathered into output batches, tested by the residual condition, and counted as matches of their left and
 * right rows. What a join type does with unmatched rows follows: left rows after their batch, right rows at the end.
 * Output keeps the order of the left side. When the right side outgrows work_mem both sides are split into partition files by bits of the
 * hash and joined partition by partition (a merge join's plan is exempt: its order is promised).
 */
#include "base/hash.h"
#include "executor/exec/operator_internal.h"
#include "executor/exec/spill.h"

enum { PARTITION_BITS = 5, PARTITIONS = 1 << PARTITION_BITS, MAX_LEVELS = 6 };

typedef struct JoinPartition {
    SpillFile            *left, *right;
    int32_t               level;
    struct JoinPartition *next;
} JoinPartition;

typedef struct HashJoin {
    ExecOperator    op;
    JoinType        type;
    int32_t         left_count, right_count; /* columns */
    Evaluator     **left_keys, **right_keys;
    Evaluator      *residual;
    const TypeInfo **types;
    Vector        **keys;

    /* right side */
    bool            built;
    bool            reusable;    /* the right side gives the same rows after a rescan */
    RowStore       *rows;        /* the child's columns, then its keys */
    uint32_t       *heads;       /* row + 1 */
    uint32_t       *chain;       /* row + 1 of the next with the same head */
    uint64_t       *hashes;
    uint32_t        mask;
    uint64_t       *matched;     /* bit per right row: RIGHT, FULL */
    Arena          *table_arena;
    bool            right_has_null; /* null aware: some key is NULL */
    bool            right_empty;

    /* left side */
    Batch          *probe;
    Arena          *probe_arena; /* of one probe batch */
    Vector        **probe_keys;
    uint64_t       *probe_hashes;
    bool           *probe_null;  /* key NULL: matches nothing */
    uint8_t        *probe_matched;
    int32_t         probe_at;    /* index into the probe's selection */
    uint32_t        probe_link;  /* next candidate: row + 1; 0: end of chain */
    bool            probe_begun; /* probe_at's chain was entered */
    bool            giving_unmatched;
    int64_t         right_at;    /* RIGHT, FULL: unmatched right rows given out so far */
    bool            left_done;

    /* output */
    Arena          *out_arena;
    int32_t        *pair_left;
    uint32_t       *pair_right;
    BatchBuffer     out;
    Batch           out_view;
    BatchSlice      slice;       /* SEMI, ANTI: the probe's own rows */

    /* partitions */
    JoinPartition  *pending;
    SpillReader    *left_reader;
    JoinPartition  *current;
    int32_t         level;
    size_t          spilled_bytes;
} HashJoin;

static bool keeps_left(JoinType type)
{
    return type == JOIN_LEFT || type == JOIN_FULL;
}

static bool keeps_right(JoinType type)
{
    return type == JOIN_RIGHT || type == JOIN_FULL;
}

static bool left_only(JoinType type)
{
    return type == JOIN_SEMI || type == JOIN_ANTI;
}

static void start(HashJoin *join)
{
    const Plan *plan = join->op.plan;
    ExecState  *state = join->op.state;
    Arena      *arena = state->arena;
    int32_t     keys = plan->join.key_count, right = plan->right->column_count;
    Oid        *oids = ARENA_ARRAY(arena, (size_t)(right + keys), Oid);
    PhysType   *phys = ARENA_ARRAY(arena, (size_t)(right + keys), PhysType);

    join->type = plan->join.type;
    join->left_count = plan->left->column_count;
    join->right_count = right;
    join->left_keys = eval_compile_list(state, arena, &plan->join.left_keys);
    join->right_keys = eval_compile_list(state, arena, &plan->join.right_keys);
    if (plan->join.residual != NULL)
        join->residual = eval_compile(state, arena, plan->join.residual);
    join->types = plan->join.key_types;
    for (int32_t i = 0; i < keys; i++)
        if (join->types[i] == NULL || join->types[i]->hash == NULL || join->types[i]->compare == NULL)
            raise_error(SQLSTATE_UNDEFINED_FUNCTION, "could not identify an equality operator for type %s",
                        type_format(arena, plan->join.left_keys.items[i]->type, -1));
    join->keys = ARENA_ARRAY(arena, (size_t)(right + keys), Vector *);
    join->probe_keys = ARENA_ARRAY(arena, (size_t)keys, Vector *);
    for (int32_t i = 0; i < right; i++) {
        oids[i] = plan->right->columns[i].type;
        phys[i] = plan->right->columns[i].phys;
    }
    for (int32_t i = 0; i < keys; i++) {
        oids[right + i] = plan->join.right_keys.items[i]->type;
        phys[right + i] = join->types[i]->phys;
    }
    join->rows = row_store_new_types(arena, right + keys, oids, phys);
    join->table_arena = arena_new(arena, NULL, "hash join table");
    join->probe_arena = arena_new(arena, NULL, "hash join probe");
    join->out_arena = arena_new(arena, NULL, "hash join output");
    batch_buffer_init(&join->out, arena, join->left_count + right);
    for (int32_t i = 0; i < join->left_count; i++)
        vector_buffer_init(&join->out.columns[i], plan->left->columns[i].type, plan->left->columns[i].phys);
    for (int32_t i = 0; i < right; i++)
        vector_buffer_init(&join->out.columns[join->left_count + i], oids[i], phys[i]);
}

/* ---- the right side ------------------------------------------------------------------------------------------------------------ */

/* Rows of sel whose keys can match: without NULL, except in keys where NULLs are equal. */
static int32_t live_keys(HashJoin *join, Vector *const *keys, const int32_t *sel, int32_t count, int32_t *out)
{
    const Plan *plan = join->op.plan;
    int32_t     kept = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);
        bool    live = true;

        for (int32_t k = 0; k < plan->join.key_count; k++)
            if (!vector_is_valid(keys[k], row) && (plan->join.nulls_equal == NULL || !plan->join.nulls_equal[k]))
                live = false;
        out[kept] = row;
        kept += live;
    }
    return kept;
}

static void add_right(HashJoin *join, const Batch *input)
{
    const Plan *plan = join->op.plan;
    int32_t    *live, live_count;

    arena_reset(join->probe_arena);
    for (int32_t c = 0; c < join->right_count; c++)
        join->keys[c] = input->columns[c];
    for (int32_t k = 0; k < plan->join.key_count; k++)
        join->keys[join->right_count + k] = eval_run(join->right_keys[k], input->columns, input->row_count, input->sel, input->count, join->probe_arena);
    join->right_empty = false;
    live = ARENA_ARRAY(join->probe_arena, (size_t)input->count, int32_t);
    live_count = live_keys(join, join->keys + join->right_count, input->sel, input->count, live);
    if (live_count < input->count)
        join->right_has_null = true;
    if (keeps_right(join->type)) /* rows that can match nothing still come out */
        row_store_append(join->rows, join->keys, input->sel, input->count);
    else if (live_count > 0)
        row_store_append(join->rows, join->keys, live, live_count);
}

static void index_right(HashJoin *join)
{
    const Plan *plan = join->op.plan;
    RowStore   *rows = join->rows;
    uint64_t    slots = 16;

    arena_reset(join->table_arena);
    join->hashes = ARENA_ARRAY(join->table_arena, (size_t)MAX(rows->row_count, 1), uint64_t);
    join->chain = ARENA_ARRAY(join->table_arena, (size_t)MAX(rows->row_count, 1), uint32_t);
    while (slots < (uint64_t)rows->row_count * 2)
        slots *= 2;
    join->heads = ARENA_ARRAY_ZEROED(join->table_arena, slots, uint32_t);
    join->mask = (uint32_t)(slots - 1);
    join->matched = keeps_right(join->type) ? ARENA_ARRAY_ZEROED(join->table_arena, BATCH_WORDS(rows->row_count) + 1, uint64_t) : NULL;
    for (int64_t c = 0; c < rows->chunk_count; c++) {
        Batch *chunk = row_store_batch(rows, c);

        hash_rows(chunk->columns + join->right_count, join->types, plan->join.key_count, NULL, chunk->count, join->hashes + (c << STORE_CHUNK_SHIFT));
    }
    /* From the last row back, so that chains run in the order of the rows. */
    for (int64_t row = rows->row_count - 1; row >= 0; row--) {
        uint32_t at = (uint32_t)(join->hashes[row] >> 32 ^ join->hashes[row]) & join->mask;

        join->chain[row] = join->heads[at];
        join->heads[at] = (uint32_t)row + 1;
    }
    operator_count_memory(&join->op, row_store_bytes(rows) + arena_bytes(join->table_arena), join->spilled_bytes);
}

/* ---- partitions ------------------------------------------------------------------------------------------------------------------ */

static void write_partitioned(HashJoin *join, SpillFile **files, Evaluator **key_exprs, const Batch *input, const Plan *side)
{
    int32_t   keys = join->op.plan->join.key_count;
    int       shift = 64 - PARTITION_BITS * (join->level + 1);
    Vector  **vectors;
    uint64_t *hashes;
    int32_t  *part;

    arena_reset(join->probe_arena);
    vectors = ARENA_ARRAY(join->probe_arena, (size_t)keys, Vector *);
    hashes = ARENA_ARRAY(join->probe_arena, (size_t)input->count, uint64_t);
    part = ARENA_ARRAY(join->probe_arena, (size_t)input->count, int32_t);
    for (int32_t k = 0; k < keys; k++)
        vectors[k] = eval_run(key_exprs[k], input->columns, input->row_count, input->sel, input->count, join->probe_arena);
    hash_rows(vectors, join->types, keys, input->sel, input->count, hashes);
    for (int32_t p = 0; p < PARTITIONS; p++) {
        int32_t n = 0;

        for (int32_t i = 0; i < input->count; i++)
            if ((int32_t)((hashes[i] >> shift) & (PARTITIONS - 1)) == p)
                part[n++] = sel_row(input->sel, i);
        if (n > 0) {
            if (files[p] == NULL)
                files[p] = spill_new(join->op.state, side->column_count, side->columns);
            spill_write(files[p], input->columns, part, n);
        }
    }
}

/* The right side of the current level, wherever it comes from: the child or a partition's file. */
static Batch *next_right(HashJoin *join, SpillReader *reader)
{
    check_cancel();
    return reader != NULL ? spill_read_next(reader) : operator_next(join->op.right, BATCH_ROWS);
}

static Batch *next_left(HashJoin *join)
{
    check_cancel();
    if (join->current == NULL)
        return operator_next(join->op.left, BATCH_ROWS);
    if (join->current->left == NULL)
        return NULL;
    if (join->left_reader == NULL)
        join->left_reader = spill_read(join->current->left);
    return spill_read_next(join->left_reader);
}

/* The right side is too large: what is in memory, the rest of it and the whole left side go to files. */
static void split(HashJoin *join, SpillReader *right_reader)
{
    const Plan *plan = join->op.plan;
    SpillFile **right = ARENA_ARRAY_ZEROED(join->op.state->arena, PARTITIONS, SpillFile *);
    SpillFile **left = ARENA_ARRAY_ZEROED(join->op.state->arena, PARTITIONS, SpillFile *);
    Batch      *input;

    for (int64_t c = 0; (input = row_store_batch(join->rows, c)) != NULL; c++) {
        Batch part = *input;

        part.column_count = join->right_count;
        write_partitioned(join, right, join->right_keys, &part, plan->right);
    }
    row_store_reset(join->rows);
    while ((input = next_right(join, right_reader)) != NULL)
        write_partitioned(join, right, join->right_keys, input, plan->right);
    while ((input = next_left(join)) != NULL)
        write_partitioned(join, left, join->left_keys, input, plan->left);
    for (int32_t p = PARTITIONS - 1; p >= 0; p--) {
        JoinPartition *partition;

        if (left[p] == NULL && (right[p] == NULL || !keeps_right(join->type))) {
            spill_free(right[p]);
            continue;
        }
        partition = ARENA_NEW(join->op.state->arena, JoinPartition);
        *partition = (JoinPartition){left[p], right[p], join->level + 1, join->pending};
        join->pending = partition;
        join->spilled_bytes += (left[p] != NULL ? spill_bytes(left[p]) : 0) + (right[p] != NULL ? spill_bytes(right[p]) : 0);
    }
}

static bool may_split(const HashJoin *join)
{
    const Plan *plan = join->op.plan;

    return plan->kind == PLAN_HASH_JOIN && plan->join.key_count > 0 && !plan->join.null_aware && join->level < MAX_LEVELS;
}

/* Reads the right side in. Returns false when it went to partitions instead. */
static bool load_right(HashJoin *join, SpillReader *reader)
{
    Batch *input;

    join->right_empty = true;
    while ((input = next_right(join, reader)) != NULL) {
        add_right(join, input);
        if (row_store_bytes(join->rows) > join->op.state->work_mem && may_split(join)) {
            split(join, reader);
            return false;
        }
    }
    index_right(join);
    return true;
}

static void end_partition(HashJoin *join)
{
    if (join->left_reader != NULL)
        spill_read_end(join->left_reader);
    join->left_reader = NULL;
    if (join->current != NULL) {
        spill_free(join->current->left);
        spill_free(join->current->right);
    }
    join->current = NULL;
    row_store_reset(join->rows);
}

/* Makes the next partition the current one; false when there is none. */
static bool next_partition(HashJoin *join)
{
    while (join->pending != NULL) {
        JoinPartition *partition = join->pending;
        SpillReader   *reader;
        bool           loaded;

        end_partition(join);
        join->pending = partition->next;
        join->current = partition;
        join->level = partition->level;
        join->left_done = join->giving_unmatched = false;
        join->right_at = 0;
        join->probe = NULL;
        if (partition->right == NULL) {
            join->right_empty = true;
            index_right(join);
            return true;
        }
        reader = spill_read(partition->right);
        loaded = load_right(join, reader);
        spill_read_end(reader);
        if (loaded)
            return true;
    }
    return false;
}

/* ---- probing ------------------------------------------------------------------------------------------------------------------------ */

static bool load_probe(HashJoin *join)
{
    const Plan *plan = join->op.plan;
    Batch      *input = next_left(join);
    int32_t    *live, live_count;

    if (input == NULL)
        return false;
    arena_reset(join->probe_arena);
    join->probe = input;
    join->probe_at = 0;
    join->probe_begun = false;
    join->giving_unmatched = false;
    for (int32_t k = 0; k < plan->join.key_count; k++)
        join->probe_keys[k] = eval_run(join->left_keys[k], input->columns, input->row_count, input->sel, input->count, join->probe_arena);
    join->probe_hashes = ARENA_ARRAY(join->probe_arena, (size_t)input->count, uint64_t);
    hash_rows(join->probe_keys, join->types, plan->join.key_count, input->sel, input->count, join->probe_hashes);
    join->probe_matched = ARENA_ARRAY_ZEROED(join->probe_arena, (size_t)input->row_count, uint8_t);
    join->probe_null = ARENA_ARRAY(join->probe_arena, (size_t)input->row_count, bool);
    memset(join->probe_null, true, (size_t)input->row_count);
    live = ARENA_ARRAY(join->probe_arena, (size_t)input->count, int32_t);
    live_count = live_keys(join, join->probe_keys, input->sel, input->count, live);
    for (int32_t i = 0; i < live_count; i++)
        join->probe_null[live[i]] = false;
    return true;
}

static bool keys_match(const HashJoin *join, int32_t left_row, uint32_t right_row)
{
    for (int32_t k = 0; k < join->op.plan->join.key_count; k++)
        if (!element_equal(join->types[k], join->probe_keys[k], left_row, row_store_vector(join->rows, join->right_count + k, right_row), row_store_row(right_row)))
            return false;
    return true;
}

/* RIGHT and FULL keep right rows with NULL keys, which must not match. */
static bool right_key_null(const HashJoin *join, uint32_t right_row)
{
    const Plan *plan = join->op.plan;

    for (int32_t k = 0; k < plan->join.key_count; k++)
        if ((plan->join.nulls_equal == NULL || !plan->join.nulls_equal[k]) &&
            !vector_is_valid(row_store_vector(join->rows, join->right_count + k, right_row), row_store_row(right_row)))
            return true;
    return false;
}

/* Candidate pairs from where the probe stands, at most max of them. */
static int32_t find_pairs(HashJoin *join, int32_t max)
{
    Batch  *probe = join->probe;
    int32_t n = 0;
    bool    first_only = join->residual == NULL && (left_only(join->type) || join->op.plan->join.unique_inner);

    for (; join->probe_at < probe->count; join->probe_at++, join->probe_begun = false) {
        int32_t  row = sel_row(probe->sel, join->probe_at);
        uint64_t hash = join->probe_hashes[join->probe_at];

        if (join->probe_null[row])
            continue;
        if (!join->probe_begun) {
            join->probe_link = join->heads[(uint32_t)(hash >> 32 ^ hash) & join->mask];
            join->probe_begun = true;
        }
        while (join->probe_link != 0) {
            uint32_t right = join->probe_link - 1;

            if (n == max)
                return n;
            join->probe_link = join->chain[right];
            if (join->hashes[right] != hash || !keys_match(join, row, right) || right_key_null(join, right))
                continue;
            join->pair_left[n] = row;
            join->pair_right[n++] = right;
            if (first_only)
                break;
            if (join->residual != NULL && left_only(join->type) && join->probe_matched[row])
                break;
        }
    }
    return n;
}

/* Gathers pairs (right ROW_NONE: NULLs; left -1 likewise) into the output. */
static void gather_pairs(HashJoin *join, int32_t n, bool left_null)
{
    Arena *arena = join->op.state->arena;

    for (int32_t c = 0; c < join->left_count; c++) {
        if (left_null) {
            vector_buffer_reserve(&join->out.columns[c], arena, n);
            memset(join->out.columns[c].vector.data, 0, (size_t)n * phys_width(join->out.columns[c].vector.phys));
            vector_buffer_set_validity(&join->out.columns[c], n, false);
        } else {
            vector_load(join->probe->columns[c], join->pair_left, n);
            vector_buffer_gather(&join->out.columns[c], arena, join->probe->columns[c], join->pair_left, n);
        }
    }
    for (int32_t c = 0; c < join->right_count; c++)
        row_store_gather(join->rows, c, join->pair_right, n, &join->out.columns[join->left_count + c], arena);
    join->out.batch.row_count = join->out.batch.count = n;
    join->out.batch.sel = NULL;
}

/* Tests pairs and marks both sides; the output batch's selection holds those that passed. */
static int32_t test_pairs(HashJoin *join, int32_t n)
{
    int32_t  kept = n;
    int32_t *sel = NULL;

    arena_reset(join->out_arena);
    if (join->residual != NULL) {
        gather_pairs(join, n, false);
        sel = ARENA_ARRAY(join->out_arena, (size_t)n, int32_t);
        kept = eval_filter(join->residual, join->out.batch.columns, n, NULL, n, sel, join->out_arena);
    } else if (!left_only(join->type)) {
        gather_pairs(join, n, false);
    }
    for (int32_t i = 0; i < kept; i++) {
        int32_t pair = sel_row(sel, i);

        join->probe_matched[join->pair_left[pair]] = 1;
        if (join->matched != NULL)
            bitmap_set(join->matched, (int32_t)join->pair_right[pair]);
    }
    join->out.batch.sel = sel;
    join->out.batch.count = kept;
    return kept;
}

/* NOT IN: what a left row that met nothing counts as. */
static bool null_aware_keeps(const HashJoin *join, int32_t row)
{
    if (!join->op.plan->join.null_aware || join->right_empty)
        return true;
    return !join->right_has_null && !join->probe_null[row];
}

static Batch *give_unmatched_left(HashJoin *join)
{
    Batch   *probe = join->probe;
    int32_t  n = 0;
    int32_t *rows = ARENA_ARRAY(join->probe_arena, (size_t)probe->count, int32_t);
    bool     wanted_match = join->type == JOIN_SEMI;

    for (int32_t i = 0; i < probe->count; i++) {
        int32_t row = sel_row(probe->sel, i);

        if (join->probe_matched[row] == wanted_match && (wanted_match || null_aware_keeps(join, row)))
            rows[n++] = row;
    }
    if (n == 0)
        return NULL;
    if (left_only(join->type)) {
        join->out_view = *probe;
        join->out_view.column_count = join->left_count;
        join->out_view.sel = rows;
        join->out_view.count = n;
        return &join->out_view;
    }
    memcpy(join->pair_left, rows, (size_t)n * sizeof *rows);
    for (int32_t i = 0; i < n; i++)
        join->pair_right[i] = ROW_NONE;
    gather_pairs(join, n, false);
    join->out.batch.count = n;
    return &join->out.batch;
}

static Batch *give_unmatched_right(HashJoin *join)
{
    int32_t n = 0;

    for (; join->right_at < join->rows->row_count && n < BATCH_ROWS; join->right_at++)
        if (!bitmap_get(join->matched, (int32_t)join->right_at))
            join->pair_right[n++] = (uint32_t)join->right_at;
    if (n == 0)
        return NULL;
    gather_pairs(join, n, true);
    join->out.batch.count = n;
    return &join->out.batch;
}

/* The next output of the current right side, whole; NULL when its left side and leftovers are through. */
static Batch *produce(HashJoin *join)
{
    for (;;) {
        if (join->probe == NULL && !join->left_done && !load_probe(join))
            join->left_done = true;
        if (join->left_done)
            return keeps_right(join->type) ? give_unmatched_right(join) : NULL;
        while (join->probe_at < join->probe->count) {
            int32_t n = find_pairs(join, BATCH_ROWS);

            if (n > 0 && test_pairs(join, n) > 0 && !left_only(join->type))
                return &join->out.batch;
        }
        if (!join->giving_unmatched) {
            Batch *out = NULL;

            join->giving_unmatched = true;
            if (keeps_left(join->type) || left_only(join->type))
                out = give_unmatched_left(join);
            if (out != NULL)
                return out;
        }
        join->probe = NULL;
    }
}

static Batch *hash_join_next(ExecOperator *op, int32_t max_rows)
{
    HashJoin *join = (HashJoin *)op;
    Batch    *out = batch_slice_take(&join->slice, op->state->arena, max_rows);

    if (out != NULL)
        return out;
    if (!join->built) {
        if (join->rows == NULL)
            start(join);
        if (join->pair_left == NULL) {
            join->pair_left = ARENA_ARRAY(op->state->arena, BATCH_ROWS, int32_t);
            join->pair_right = ARENA_ARRAY(op->state->arena, BATCH_ROWS, uint32_t);
        }
        join->built = true;
        if (!load_right(join, NULL) && !next_partition(join))
            return NULL;
    }
    for (;;) {
        /* nothing on the right: an inner or semi join needs not look at the left */
        bool hopeless = join->rows->row_count == 0 && (join->type == JOIN_INNER || join->type == JOIN_SEMI || join->type == JOIN_RIGHT);

        out = hopeless ? NULL : produce(join);
        if (out != NULL)
            break;
        if (!next_partition(join))
            return NULL;
    }
    batch_slice_set(&join->slice, out, out->sel, out->count);
    return batch_slice_take(&join->slice, op->state->arena, max_rows);
}

static void hash_join_rescan(ExecOperator *op)
{
    HashJoin *join = (HashJoin *)op;

    if (join->built && join->reusable && join->current == NULL && join->pending == NULL && join->level == 0 && join->spilled_bytes == 0 &&
        join->matched == NULL) {
        join->left_done = join->giving_unmatched = false;
        join->probe = NULL;
        join->slice.count = 0;
        operator_rescan(op->left);
        return;
    }
    if (join->built) {
        end_partition(join);
        for (; join->pending != NULL; join->pending = join->pending->next) {
            spill_free(join->pending->left);
            spill_free(join->pending->right);
        }
    }
    join->built = join->left_done = join->right_has_null = join->giving_unmatched = false;
    join->probe = NULL;
    join->right_at = 0;
    join->level = 0;
    join->slice.count = 0;
    operator_rescan(op->left);
    operator_rescan(op->right);
}

ExecOperator *hash_join_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {hash_join_next, hash_join_rescan};
    HashJoin                  *join = operator_new(state, plan, sizeof(HashJoin), &class);

    join->op.left = operator_open(state, plan->left);
    join->op.right = operator_open(state, plan->right);
    join->reusable = !plan_reads_params(plan->right);
    return &join->op;
}
