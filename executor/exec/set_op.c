/*
 * set_op.c - INTERSECT and EXCEPT by hashing: rows of the left side with their counts, then those of the right.
 */
#include "executor/exec/operator_internal.h"

typedef struct SetOperator {
    ExecOperator     op;
    const TypeInfo **types;
    KeyTable        *table;
    int64_t         *left_counts, *right_counts;
    uint32_t         capacity;
    Arena           *counts_arena, *arena;
    bool             loaded;
    uint32_t         at;       /* row being given */
    int64_t          copies;   /* of it still to give; -1: not looked at */
    uint32_t        *rows;
    BatchBuffer      out;
} SetOperator;

static void set_op_start(SetOperator *set)
{
    const Plan *plan = set->op.plan;
    Arena      *arena = set->op.state->arena;
    Oid        *oids = ARENA_ARRAY(arena, (size_t)plan->column_count, Oid);
    PhysType   *phys = ARENA_ARRAY(arena, (size_t)plan->column_count, PhysType);

    set->types = ARENA_ARRAY(arena, (size_t)plan->column_count, const TypeInfo *);
    batch_buffer_init(&set->out, arena, plan->column_count);
    for (int32_t i = 0; i < plan->column_count; i++) {
        oids[i] = plan->columns[i].type;
        phys[i] = plan->columns[i].phys;
        set->types[i] = exec_type(set->op.state, oids[i]);
        vector_buffer_init(&set->out.columns[i], oids[i], phys[i]);
    }
    set->table = key_table_new(arena, plan->column_count, oids, phys, set->types);
    set->counts_arena = arena_new(arena, NULL, "set operation");
    set->arena = arena_new(arena, NULL, "set operation batch");
    set->rows = ARENA_ARRAY(arena, BATCH_ROWS, uint32_t);
}

static void reserve(SetOperator *set, uint32_t count)
{
    if (count > set->capacity) {
        uint32_t capacity = MAX(count, set->capacity * 2);

        set->left_counts = arena_grow(set->counts_arena, set->left_counts, set->capacity * sizeof(int64_t), capacity * sizeof(int64_t));
        set->right_counts = arena_grow(set->counts_arena, set->right_counts, set->capacity * sizeof(int64_t), capacity * sizeof(int64_t));
        memset(set->left_counts + set->capacity, 0, (capacity - set->capacity) * sizeof(int64_t));
        memset(set->right_counts + set->capacity, 0, (capacity - set->capacity) * sizeof(int64_t));
        set->capacity = capacity;
    }
}

static void load_side(SetOperator *set, ExecOperator *child, bool left)
{
    Batch *input;

    while ((input = operator_next(child, BATCH_ROWS)) != NULL) {
        uint64_t *hashes;
        uint32_t *numbers;

        check_cancel();
        arena_reset(set->arena);
        batch_load(input, input->column_count);
        hashes = ARENA_ARRAY(set->arena, (size_t)input->count, uint64_t);
        numbers = ARENA_ARRAY(set->arena, (size_t)input->count, uint32_t);
        hash_rows(input->columns, set->types, set->op.plan->column_count, input->sel, input->count, hashes);
        key_table_lookup(set->table, input->columns, hashes, input->sel, input->count, left, numbers, NULL);
        reserve(set, key_table_count(set->table));
        for (int32_t i = 0; i < input->count; i++)
            if (numbers[i] != KEY_NONE) {
                if (left)
                    set->left_counts[numbers[i]]++;
                else
                    set->right_counts[numbers[i]]++;
            }
    }
}

static int64_t copies_of(const SetOperator *set, uint32_t number)
{
    int64_t left = set->left_counts[number], right = set->right_counts[number];

    if (set->op.plan->set_op.kind == SET_INTERSECT)
        return set->op.plan->set_op.all ? MIN(left, right) : right > 0;
    return set->op.plan->set_op.all ? MAX(left - right, 0) : right == 0;
}

static Batch *set_op_next(ExecOperator *op, int32_t max_rows)
{
    SetOperator *set = (SetOperator *)op;
    int32_t      n = 0;

    if (set->table == NULL)
        set_op_start(set);
    if (!set->loaded) {
        load_side(set, op->left, true);
        load_side(set, op->right, false);
        set->loaded = true;
        set->at = 0;
        set->copies = -1;
    }
    check_cancel();
    while (n < max_rows && set->at < key_table_count(set->table)) {
        if (set->copies < 0)
            set->copies = copies_of(set, set->at);
        if (set->copies == 0) {
            set->at++;
            set->copies = -1;
        } else {
            set->rows[n++] = set->at;
            set->copies--;
        }
    }
    if (n == 0)
        return NULL;
    for (int32_t c = 0; c < op->plan->column_count; c++)
        row_store_gather(set->table->keys, c, set->rows, n, &set->out.columns[c], op->state->arena);
    set->out.batch.row_count = set->out.batch.count = n;
    return &set->out.batch;
}

static void set_op_rescan(ExecOperator *op)
{
    SetOperator *set = (SetOperator *)op;

    if (set->table != NULL) {
        key_table_reset(set->table);
        arena_reset(set->counts_arena);
        set->left_counts = set->right_counts = NULL;
        set->capacity = 0;
    }
    set->loaded = false;
    operator_rescan(op->left);
    operator_rescan(op->right);
}

ExecOperator *set_op_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {set_op_next, set_op_rescan};
    SetOperator               *set = operator_new(state, plan, sizeof(SetOperator), &class);

    set->op.left = operator_open(state, plan->left);
    set->op.right = operator_open(state, plan->right);
    return &set->op;
}
