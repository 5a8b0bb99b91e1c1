/*
 * materialize.c - rows kept for reading again, common table expressions, recursive union with its work table.
 */
#include "executor/exec/operator_internal.h"
#include "executor/exec/tuple_buffer.h"

/* ---- materialize --------------------------------------------------------------------------------------------------------------- */

typedef struct MaterializeOperator {
    ExecOperator op;
    TupleBuffer *buffer;
    TupleCursor  cursor;
    bool         complete;
    bool         reads_params; /* rows may differ after a rescan */
    BatchSlice   slice;
} MaterializeOperator;

static Batch *materialize_next(ExecOperator *op, int32_t max_rows)
{
    MaterializeOperator *mat = (MaterializeOperator *)op;
    Batch               *out = batch_slice_take(&mat->slice, op->state->arena, max_rows);
    Batch               *batch;

    if (out != NULL)
        return out;
    if (!mat->complete) {
        if (mat->buffer == NULL)
            mat->buffer = tuple_buffer_new(op->state, op->plan->column_count, op->plan->columns);
        while ((batch = operator_next(op->left, BATCH_ROWS)) != NULL) {
            check_cancel();
            tuple_buffer_append(mat->buffer, batch);
        }
        mat->complete = true;
    }
    batch = tuple_buffer_read(mat->buffer, &mat->cursor);
    if (batch == NULL)
        return NULL;
    batch_slice_set(&mat->slice, batch, NULL, batch->count);
    return batch_slice_take(&mat->slice, op->state->arena, max_rows);
}

static void materialize_rescan(ExecOperator *op)
{
    MaterializeOperator *mat = (MaterializeOperator *)op;

    tuple_cursor_rewind(&mat->cursor);
    mat->slice.count = 0;
    if (mat->reads_params || !mat->complete) {
        if (mat->buffer != NULL)
            tuple_buffer_reset(mat->buffer);
        mat->complete = false;
        operator_rescan(op->left);
    }
}

ExecOperator *materialize_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {materialize_next, materialize_rescan};
    MaterializeOperator       *mat = operator_new(state, plan, sizeof(MaterializeOperator), &class);

    mat->reads_params = plan_reads_params(plan->left);
    mat->op.left = operator_open(state, plan->left);
    return &mat->op;
}

/* ---- common table expressions ------------------------------------------------------------------------------------------------------ */

/* Shared by all scans of one CTE; filled as far as anyone has read. */
struct CteState {
    ExecOperator *op;
    TupleBuffer  *buffer;
    bool          complete;
};

typedef struct CteScanOperator {
    ExecOperator     op;
    struct CteState *cte;
    TupleCursor      cursor;
    BatchSlice       slice;
} CteScanOperator;

static struct CteState *cte_state(ExecState *state, int32_t cte)
{
    if (state->ctes[cte] == NULL) {
        const PlannedCte *planned = &state->planned->ctes[cte];

        state->ctes[cte] = ARENA_NEW(state->arena, struct CteState);
        state->ctes[cte]->op = operator_open(state, planned->plan);
        state->ctes[cte]->buffer = tuple_buffer_new(state, planned->column_count, planned->columns);
    }
    return state->ctes[cte];
}

static void complete(struct CteState *cte)
{
    Batch *batch;

    while (!cte->complete && (batch = operator_next(cte->op, BATCH_ROWS)) != NULL) {
        check_cancel();
        tuple_buffer_append(cte->buffer, batch);
    }
    cte->complete = true;
}

void cte_complete(ExecState *state, int32_t cte)
{
    complete(cte_state(state, cte));
}

static Batch *cte_scan_next(ExecOperator *op, int32_t max_rows)
{
    CteScanOperator *scan = (CteScanOperator *)op;
    Batch           *out = batch_slice_take(&scan->slice, op->state->arena, max_rows);
    Batch           *batch;

    if (out != NULL)
        return out;
    if (scan->cte == NULL)
        scan->cte = cte_state(op->state, op->plan->cte.cte);
    complete(scan->cte);
    batch = tuple_buffer_read(scan->cte->buffer, &scan->cursor);
    if (batch == NULL)
        return NULL;
    batch_slice_set(&scan->slice, batch, NULL, batch->count);
    return batch_slice_take(&scan->slice, op->state->arena, max_rows);
}

static void cte_scan_rescan(ExecOperator *op)
{
    CteScanOperator *scan = (CteScanOperator *)op;

    tuple_cursor_rewind(&scan->cursor);
    scan->slice.count = 0;
}

ExecOperator *cte_scan_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {cte_scan_next, cte_scan_rescan};

    return operator_new(state, plan, sizeof(CteScanOperator), &class);
}

/* ---- recursive union ------------------------------------------------------------------------------------------------------------------ */

/* The rows of the last round, which the step's work table scan reads. */
struct WorkTable {
    TupleBuffer *rows;
    TupleBuffer *next;
};

typedef struct RecursiveOperator {
    ExecOperator    op;
    struct WorkTable table;
    bool            stepping, done;
    KeyTable       *seen; /* UNION without ALL */
    const TypeInfo **types;
    Arena          *arena;
    int32_t        *sel;
    BatchSlice      slice;
} RecursiveOperator;

static void recursive_start(RecursiveOperator *rec)
{
    const Plan *plan = rec->op.plan;
    ExecState  *state = rec->op.state;

    rec->arena = arena_new(state->arena, NULL, "recursive union");
    rec->table.rows = tuple_buffer_new(state, plan->column_count, plan->columns);
    rec->table.next = tuple_buffer_new(state, plan->column_count, plan->columns);
    state->work_tables[plan->id] = &rec->table;
    if (!plan->recursive.all) {
        Oid      *oids = ARENA_ARRAY(state->arena, (size_t)plan->column_count, Oid);
        PhysType *phys = ARENA_ARRAY(state->arena, (size_t)plan->column_count, PhysType);

        rec->types = ARENA_ARRAY(state->arena, (size_t)plan->column_count, const TypeInfo *);
        for (int32_t i = 0; i < plan->column_count; i++) {
            oids[i] = plan->columns[i].type;
            phys[i] = plan->columns[i].phys;
            rec->types[i] = exec_type(state, oids[i]);
        }
        rec->seen = key_table_new(state->arena, plan->column_count, oids, phys, rec->types);
    }
}

/* Drops rows seen before (UNION), keeps the others for the next round. */
static Batch *take_round(RecursiveOperator *rec, Batch *input, int32_t max_rows)
{
    int32_t        kept = input->count;
    const int32_t *sel = input->sel;
    Batch          part = *input;

    arena_reset(rec->arena);
    batch_load(input, input->column_count);
    if (rec->seen != NULL) {
        uint64_t *hashes = ARENA_ARRAY(rec->arena, (size_t)input->count, uint64_t);
        uint32_t *numbers = ARENA_ARRAY(rec->arena, (size_t)input->count, uint32_t);
        bool     *is_new = ARENA_ARRAY(rec->arena, (size_t)input->count, bool);

        rec->sel = ARENA_ARRAY(rec->arena, (size_t)input->count, int32_t);
        hash_rows(input->columns, rec->types, rec->op.plan->column_count, input->sel, input->count, hashes);
        key_table_lookup(rec->seen, input->columns, hashes, input->sel, input->count, true, numbers, is_new);
        kept = 0;
        for (int32_t i = 0; i < input->count; i++)
            if (is_new[i])
                rec->sel[kept++] = sel_row(input->sel, i);
        sel = rec->sel;
    }
    if (kept == 0)
        return NULL;
    part.sel = sel;
    part.count = kept;
    tuple_buffer_append(rec->table.next, &part);
    batch_slice_set(&rec->slice, input, sel, kept);
    return batch_slice_take(&rec->slice, rec->op.state->arena, max_rows);
}

static Batch *recursive_next(ExecOperator *op, int32_t max_rows)
{
    RecursiveOperator *rec = (RecursiveOperator *)op;
    Batch             *out = batch_slice_take(&rec->slice, op->state->arena, max_rows);

    if (out != NULL)
        return out;
    if (rec->arena == NULL)
        recursive_start(rec);
    while (!rec->done) {
        Batch *input = operator_next(rec->stepping ? op->right : op->left, max_rows);

        check_cancel();
        if (input != NULL) {
            out = take_round(rec, input, max_rows);
            if (out != NULL)
                return out;
        } else if (tuple_buffer_rows(rec->table.next) == 0) {
            rec->done = true;
        } else {
            TupleBuffer *rows = rec->table.rows;

            rec->table.rows = rec->table.next;
            rec->table.next = rows;
            tuple_buffer_reset(rows);
            if (rec->stepping)
                operator_rescan(op->right);
            rec->stepping = true;
        }
    }
    return NULL;
}

static void recursive_rescan(ExecOperator *op)
{
    RecursiveOperator *rec = (RecursiveOperator *)op;

    if (rec->arena != NULL) {
        tuple_buffer_reset(rec->table.rows);
        tuple_buffer_reset(rec->table.next);
        if (rec->seen != NULL)
            key_table_reset(rec->seen);
        if (rec->stepping)
            operator_rescan(op->right);
    }
    rec->stepping = rec->done = false;
    rec->slice.count = 0;
    operator_rescan(op->left);
}

ExecOperator *recursive_union_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {recursive_next, recursive_rescan};
    RecursiveOperator         *rec = operator_new(state, plan, sizeof(RecursiveOperator), &class);

    rec->op.left = operator_open(state, plan->left);
    rec->op.right = operator_open(state, plan->right);
    return &rec->op;
}

typedef struct WorkTableScan {
    ExecOperator op;
    TupleBuffer *rows;
    TupleCursor  cursor;
    BatchSlice   slice;
} WorkTableScan;

static Batch *work_table_next(ExecOperator *op, int32_t max_rows)
{
    WorkTableScan *scan = (WorkTableScan *)op;
    Batch         *out = batch_slice_take(&scan->slice, op->state->arena, max_rows);
    Batch         *batch;

    if (out != NULL)
        return out;
    if (scan->rows == NULL) {
        if (op->state->work_tables[op->plan->cte.cte] == NULL)
            raise_error(SQLSTATE_INTERNAL_ERROR, "work table scan outside of its recursive union");
        scan->rows = op->state->work_tables[op->plan->cte.cte]->rows;
    }
    batch = tuple_buffer_read(scan->rows, &scan->cursor);
    if (batch == NULL)
        return NULL;
    batch_slice_set(&scan->slice, batch, NULL, batch->count);
    return batch_slice_take(&scan->slice, op->state->arena, max_rows);
}

static void work_table_rescan(ExecOperator *op)
{
    WorkTableScan *scan = (WorkTableScan *)op;

    scan->cursor = (TupleCursor){0}; /* a reader of the old round went with its file */
    scan->rows = NULL;
    scan->slice.count = 0;
}

ExecOperator *work_table_scan_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {work_table_next, work_table_rescan};

    return operator_new(state, plan, sizeof(WorkTableScan), &class);
}
