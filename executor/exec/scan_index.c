/*
 * scan_index.c - index scans: search keys to ranges, entries to rows.
 *
 * Equalities on leading columns multiply (IN lists) into disjoint ranges in key order; the column after them may carry one range. Row
 * ids come in key order and are fetched a batch at a time; an index-only scan reads its columns from the entries.
 */
#include "executor/dml/index_entry.h"
#include "executor/exec/scan.h"
#include "types/array.h"

#include <stdlib.h>

typedef struct IndexScanOperator {
    ScanBase      base;
    bool          open, done;
    IndexScan    *scan;
    Arena        *range_arena; /* of one opening: keys and ranges */
    ArenaDefer    on_end_index;
    Evaluator   **equal, **in_array, **lower, **upper; /* by key; NULL entries */
    RowId        *rows;
    Slice        *keys, *values;
    int32_t       capacity;
    /* index only */
    bool          index_only;
    int32_t      *positions; /* by scan column: index column, -1: the row id */
    BatchBuffer   out;
    Datum        *datums;
    bool         *nulls;
    bool         *wanted;    /* by index column */
} IndexScanOperator;

static void end_index(void *object)
{
    IndexScanOperator *scan = object;

    index_scan_close(scan->scan);
    scan->scan = NULL;
}

static Evaluator *compile_key(IndexScanOperator *scan, const Expr *expr)
{
    return expr == NULL ? NULL : eval_compile(scan->base.op.state, scan->base.op.state->arena, expr);
}

static void start(IndexScanOperator *scan)
{
    const Plan *plan = scan->base.op.plan;
    Arena      *arena = scan->base.op.state->arena;
    int32_t     count = plan->scan.key_count;

    scan->equal = ARENA_ARRAY(arena, (size_t)count * 4, Evaluator *);
    scan->in_array = scan->equal + count;
    scan->lower = scan->in_array + count;
    scan->upper = scan->lower + count;
    for (int32_t i = 0; i < count; i++) {
        scan->equal[i] = compile_key(scan, plan->scan.keys[i].equal);
        scan->in_array[i] = compile_key(scan, plan->scan.keys[i].in_array);
        scan->lower[i] = compile_key(scan, plan->scan.keys[i].lower);
        scan->upper[i] = compile_key(scan, plan->scan.keys[i].upper);
    }
    scan->range_arena = arena_new(arena, NULL, "index ranges");
    arena_defer(arena, &scan->on_end_index, end_index, scan);
    if (plan->scan.index_only) {
        scan->index_only = true;
        scan->positions = ARENA_ARRAY(arena, (size_t)plan->column_count, int32_t);
        scan->datums = ARENA_ARRAY(arena, (size_t)plan->scan.index->index->column_count, Datum);
        scan->nulls = ARENA_ARRAY(arena, (size_t)plan->scan.index->index->column_count, bool);
        scan->wanted = ARENA_ARRAY_ZEROED(arena, (size_t)plan->scan.index->index->column_count, bool);
        batch_buffer_init(&scan->out, arena, plan->column_count);
        for (int32_t c = 0; c < plan->column_count; c++) {
            vector_buffer_init(&scan->out.columns[c], plan->columns[c].type, plan->columns[c].phys);
            scan->positions[c] = -1;
            for (int32_t i = 0; plan->scan.scan_columns[c].kind != SCAN_ROW_ID && i < plan->scan.index->index->column_count; i++)
                if (plan->scan.index->index->columns[i].column == plan->scan.scan_columns[c].column)
                    scan->positions[c] = i;
            if (scan->positions[c] >= 0)
                scan->wanted[scan->positions[c]] = true;
        }
    }
}

/* ---- ranges -------------------------------------------------------------------------------------------------------------------------- */

static const TypeInfo *key_type(const IndexScanOperator *scan, const IndexColumnDesc *column)
{
    const TypeInfo *type = exec_type(scan->base.op.state, column->type);

    if (type == NULL || type->encode_key == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "index column \"%s\" cannot be searched", column->name);
    return type;
}

typedef struct Prefixes {
    int32_t count, capacity;
    Slice  *keys;
} Prefixes;

static void add_prefix(IndexScanOperator *scan, Arena *arena, Prefixes *prefixes, Slice base, const IndexColumnDesc *column, const Datum *value, bool is_null)
{
    StrBuf key;

    if (prefixes->count == prefixes->capacity) {
        int32_t capacity = MAX(8, prefixes->capacity * 2);

        prefixes->keys = arena_grow(arena, prefixes->keys, (size_t)prefixes->capacity * sizeof(Slice), (size_t)capacity * sizeof(Slice));
        prefixes->capacity = capacity;
    }
    strbuf_init(&key, arena);
    strbuf_append_slice(&key, base);
    index_key_put(&key, key_type(scan, column), column->descending, column->nulls_first, is_null ? NULL : value);
    prefixes->keys[prefixes->count++] = strbuf_slice(&key);
}

/* Extends every prefix by the values that one key column may have. */
static void multiply(IndexScanOperator *scan, int32_t at, Prefixes *prefixes)
{
    const Plan            *plan = scan->base.op.plan;
    const PlanIndexKey    *key = &plan->scan.keys[at];
    const IndexColumnDesc *column = &plan->scan.index->index->columns[key->column];
    Arena                 *arena = scan->range_arena;
    Prefixes               longer = {0};
    Datum                  value;

    for (int32_t p = 0; p < prefixes->count; p++) {
        Slice base = prefixes->keys[p];

        if (key->is_null) {
            add_prefix(scan, arena, &longer, base, column, NULL, true);
        } else if (key->equal != NULL) {
            if (eval_scalar(scan->equal[at], arena, &value))
                add_prefix(scan, arena, &longer, base, column, &value, false);
        } else {
            ArrayView array;

            if (!eval_scalar(scan->in_array[at], arena, &value))
                continue;
            if (!array_open(value.bytes, &array))
                raise_error(SQLSTATE_DATA_CORRUPTED, "array is damaged");
            for (int32_t i = 0; i < array.count; i++)
                if (array_get(&array, i, &value))
                    add_prefix(scan, arena, &longer, base, column, &value, false);
        }
    }
    *prefixes = longer;
}

/* Ends of a range on the column after the prefix. false: nothing can match. */
static bool range_ends(IndexScanOperator *scan, int32_t at, Slice prefix, IndexRange *out)
{
    const Plan            *plan = scan->base.op.plan;
    const PlanIndexKey    *key = &plan->scan.keys[at];
    const IndexColumnDesc *column = &plan->scan.index->index->columns[key->column];
    Arena                 *arena = scan->range_arena;
    bool                   swap = column->descending;
    Evaluator             *low = swap ? scan->upper[at] : scan->lower[at], *high = swap ? scan->lower[at] : scan->upper[at];
    bool                   low_inclusive = swap ? key->upper_inclusive : key->lower_inclusive;
    bool                   high_inclusive = swap ? key->lower_inclusive : key->upper_inclusive;
    StrBuf                 lower, upper;
    Datum                  value;

    strbuf_init(&lower, arena);
    strbuf_init(&upper, arena);
    strbuf_append_slice(&lower, prefix);
    strbuf_append_slice(&upper, prefix);
    if (low != NULL) {
        if (!eval_scalar(low, arena, &value))
            return false;
        index_key_put(&lower, key_type(scan, column), column->descending, column->nulls_first, &value);
        if (!low_inclusive)
            index_key_successor(&lower);
    } else {
        index_key_put_marker(&lower, column->nulls_first, false); /* values, without NULLs */
    }
    if (high != NULL) {
        if (!eval_scalar(high, arena, &value))
            return false;
        index_key_put(&upper, key_type(scan, column), column->descending, column->nulls_first, &value);
        if (high_inclusive)
            index_key_successor(&upper);
    } else {
        index_key_put_marker(&upper, column->nulls_first, false);
        index_key_successor(&upper);
    }
    out->lower = strbuf_slice(&lower);
    out->upper = strbuf_slice(&upper);
    return slice_compare(out->lower, out->upper) < 0;
}

static int compare_ranges(const void *a, const void *b)
{
    return slice_compare(((const IndexRange *)a)->lower, ((const IndexRange *)b)->lower);
}

/* Sorted and disjoint: doubles of an IN list fall together. */
static int32_t order_ranges(IndexRange *ranges, int32_t count)
{
    int32_t kept = 0;

    qsort(ranges, (size_t)count, sizeof *ranges, compare_ranges);
    for (int32_t i = 0; i < count; i++)
        if (kept == 0 || slice_compare(ranges[i].lower, ranges[kept - 1].lower) != 0)
            ranges[kept++] = ranges[i];
    return kept;
}

static int32_t make_ranges(IndexScanOperator *scan, IndexRange **out)
{
    const Plan *plan = scan->base.op.plan;
    Arena      *arena = scan->range_arena;
    Prefixes    prefixes = {0};
    Slice       empty = {(const uint8_t *)"", 0};
    int32_t     at = 0, count = 0;
    IndexRange *ranges;

    prefixes.keys = ARENA_ARRAY(arena, 1, Slice);
    prefixes.keys[0] = empty;
    prefixes.count = prefixes.capacity = 1;
    for (; at < plan->scan.key_count; at++) {
        const PlanIndexKey *key = &plan->scan.keys[at];

        if (key->column != at || (key->equal == NULL && key->in_array == NULL && !key->is_null))
            break;
        multiply(scan, at, &prefixes);
    }
    ranges = ARENA_ARRAY(arena, (size_t)MAX(prefixes.count, 1), IndexRange);
    for (int32_t p = 0; p < prefixes.count; p++) {
        const PlanIndexKey *key = at < plan->scan.key_count && plan->scan.keys[at].column == at ? &plan->scan.keys[at] : NULL;

        if (key != NULL && (key->lower != NULL || key->upper != NULL || key->not_null)) {
            if (range_ends(scan, at, prefixes.keys[p], &ranges[count]))
                count++;
        } else {
            StrBuf upper;

            strbuf_init(&upper, arena);
            strbuf_append_slice(&upper, prefixes.keys[p]);
            index_key_successor(&upper);
            ranges[count].lower = prefixes.keys[p];
            ranges[count++].upper = upper.size > 0 ? strbuf_slice(&upper) : (Slice){NULL, 0};
        }
    }
    *out = ranges;
    return order_ranges(ranges, count);
}

/* ---- running --------------------------------------------------------------------------------------------------------------------------- */

static void open_index(IndexScanOperator *scan)
{
    const Plan      *plan = scan->base.op.plan;
    TableScanOptions options;
    IndexRange      *ranges;
    int32_t          count;
    Fault            fault;
    Status           status;

    if (scan->equal == NULL)
        start(scan);
    scan->open = true;
    scan->done = false;
    /* predicates that read parameters are computed anew; the fetch is kept when there are none */
    if (plan->scan.predicate_count > 0 && scan->base.version != scan->base.op.state->param_version && scan->base.fetch != NULL) {
        table_fetch_close(scan->base.fetch);
        scan->base.fetch = NULL;
    }
    if (scan->base.fetch == NULL)
        scan_options(&scan->base, &options);
    if (scan->base.never) {
        scan->done = true;
        return;
    }
    arena_reset(scan->range_arena);
    count = make_ranges(scan, &ranges);
    if (count == 0) {
        scan->done = true;
        return;
    }
    if (scan->scan == NULL)
        status = index_scan_open(scan->base.op.state->session->engine, plan->scan.index, &scan->base.view, ranges, count, plan->scan.direction, &scan->scan, &fault);
    else
        status = index_scan_restart(scan->scan, ranges, count, &fault);
    store_check(status, &fault);
}

static void reserve(IndexScanOperator *scan, int32_t rows)
{
    Arena *arena = scan->base.op.state->arena;

    if (rows <= scan->capacity)
        return;
    scan->rows = ARENA_ARRAY(arena, (size_t)rows, RowId);
    if (scan->index_only) {
        scan->keys = ARENA_ARRAY(arena, (size_t)rows, Slice);
        scan->values = ARENA_ARRAY(arena, (size_t)rows, Slice);
    }
    scan->capacity = rows;
}

/* One entry's columns: from the key up to the first lossy one, then only from the value. */
static void decode_entry(IndexScanOperator *scan, Slice key, Slice value)
{
    const IndexDesc *index = scan->base.op.plan->scan.index->index;
    const uint8_t   *at = key.data, *end = key.data + key.size;

    for (int16_t i = 0; i < index->column_count; i++) {
        const IndexColumnDesc *column = &index->columns[i];
        int32_t                place = index_value_place(index, i);

        memset(&scan->datums[i], 0, sizeof scan->datums[i]);
        scan->nulls[i] = true;
        if (place >= 0) {
            if (!index_value_get(value, place, exec_phys(scan->base.op.state, column->type), &scan->datums[i], &scan->nulls[i]))
                raise_error(SQLSTATE_INDEX_CORRUPTED, "index \"%s\" has a damaged entry", scan->base.op.plan->scan.index->head.name);
            at = NULL; /* behind a lossy column the key cannot be followed: the planner asks for no such column */
        } else if (at != NULL) {
            at = index_key_get(at, end, key_type(scan, column), column->descending, column->nulls_first, scan->base.batch_arena, &scan->datums[i], &scan->nulls[i]);
            if (at == NULL)
                raise_error(SQLSTATE_INDEX_CORRUPTED, "index \"%s\" has a damaged entry", scan->base.op.plan->scan.index->head.name);
        } else if (scan->wanted[i]) {
            raise_error(SQLSTATE_INTERNAL_ERROR, "index \"%s\" cannot serve an index-only scan", scan->base.op.plan->scan.index->head.name);
        }
    }
}

static Batch *decode_entries(IndexScanOperator *scan, int32_t count)
{
    const Plan *plan = scan->base.op.plan;
    Arena      *arena = scan->base.op.state->arena;

    arena_reset(scan->base.batch_arena);
    for (int32_t c = 0; c < plan->column_count; c++) {
        vector_buffer_reserve(&scan->out.columns[c], arena, count);
        vector_buffer_set_validity(&scan->out.columns[c], count, true);
    }
    for (int32_t row = 0; row < count; row++) {
        decode_entry(scan, scan->keys[row], scan->values[row]);
        for (int32_t c = 0; c < plan->column_count; c++) {
            Datum id = {.int64 = scan->rows[row]};

            if (scan->positions[c] < 0)
                vector_set(&scan->out.columns[c].vector, row, &id, false);
            else
                vector_set(&scan->out.columns[c].vector, row, &scan->datums[scan->positions[c]], scan->nulls[scan->positions[c]]);
        }
    }
    for (int32_t c = 0; c < plan->column_count; c++)
        vector_buffer_trim_validity(&scan->out.columns[c], count);
    scan->out.batch.row_count = scan->out.batch.count = count;
    scan->out.batch.sel = NULL;
    for (int32_t i = 0; i < plan->scan.predicate_count; i++)
        scan->base.predicates[i].applied = false;
    return &scan->out.batch;
}

static Batch *index_scan_operator_next(ExecOperator *op, int32_t max_rows)
{
    IndexScanOperator *scan = (IndexScanOperator *)op;

    scan_init(&scan->base);
    if (scan->base.recheck_row != 0 && !op->plan->scan.index_only)
        return scan_recheck_next(&scan->base);
    if (!scan->open)
        open_index(scan);
    while (!scan->done) {
        Batch  *batch;
        Fault   fault;
        Status  status;
        int32_t count;

        check_cancel();
        reserve(scan, max_rows);
        status = index_scan_next(scan->scan, scan->rows, scan->keys, scan->values, max_rows, &count, &fault);
        store_check(status, &fault);
        if (count == 0) {
            scan->done = true;
            break;
        }
        if (scan->index_only) {
            batch = decode_entries(scan, count);
        } else {
            TableFetch *fetch = scan_fetch(&scan->base);

            if (fetch == NULL)
                return NULL;
            arena_reset(scan->base.batch_arena);
            status = table_fetch(fetch, scan->rows, count, &batch, &fault);
            store_check(status, &fault);
        }
        if (batch->count > 0 && (batch = scan_deliver(&scan->base, batch)) != NULL)
            return batch;
    }
    return NULL;
}

static void index_scan_operator_rescan(ExecOperator *op)
{
    IndexScanOperator *scan = (IndexScanOperator *)op;

    scan->open = scan->base.recheck_done = false;
}

ExecOperator *index_scan_operator_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {index_scan_operator_next, index_scan_operator_rescan};

    return operator_new(state, plan, sizeof(IndexScanOperator), &class);
}
