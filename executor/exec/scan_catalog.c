/*
 * scan_catalog.c - scans of computed relations: pg_catalog, information_schema.
 */
#include "executor/catalog/catalog_relation.h"
#include "executor/exec/operator_internal.h"

typedef struct CatalogScanOperator {
    ExecOperator           op;
    const CatalogRelation *relation;
    CatalogScan            scan;
    CatalogLookup         *lookups;
    bool                   open, never;
    Arena                 *arena;       /* of one opening */
    Arena                 *batch_arena;
    BatchBuffer            all;         /* by attribute */
    Batch                  out;
    int32_t               *sel;
    BatchSlice             slice;
} CatalogScanOperator;

static void catalog_scan_init(CatalogScanOperator *scan)
{
    const Plan         *plan = scan->op.plan;
    ExecState          *state = scan->op.state;
    const RelationDesc *table = plan->catalog.table;
    bool               *wanted = ARENA_ARRAY_ZEROED(state->arena, (size_t)table->column_count, bool);

    scan->relation = catalog_relation_find(table->head.oid);
    scan->arena = arena_new(state->arena, NULL, "catalog scan");
    scan->batch_arena = arena_new(state->arena, NULL, "catalog rows");
    batch_buffer_init(&scan->all, state->arena, table->column_count);
    for (int32_t i = 0; i < table->column_count; i++)
        vector_buffer_init(&scan->all.columns[i], table->columns[i].type, table->columns[i].phys);
    scan->out.column_count = plan->column_count;
    scan->out.columns = ARENA_ARRAY(state->arena, (size_t)plan->column_count, Vector *);
    for (int32_t i = 0; i < plan->catalog.scan_column_count; i++) {
        scan->out.columns[i] = &scan->all.columns[plan->catalog.attributes[i] - 1].vector;
        wanted[plan->catalog.attributes[i] - 1] = true;
    }
    for (int32_t i = 0; i < plan->catalog.lookup_count; i++)
        wanted[plan->catalog.lookup_attributes[i] - 1] = true;
    scan->lookups = ARENA_ARRAY(state->arena, (size_t)plan->catalog.lookup_count, CatalogLookup);
    scan->scan = (CatalogScan){.session = state->session, .relation = table, .arena = scan->arena,
                               .lookup_count = plan->catalog.lookup_count, .lookups = scan->lookups, .wanted = wanted};
}

static void catalog_scan_start(CatalogScanOperator *scan)
{
    const Plan *plan = scan->op.plan;

    if (scan->arena == NULL)
        catalog_scan_init(scan);
    arena_reset(scan->arena);
    scan->open = true;
    scan->never = scan->relation == NULL;
    scan->scan.state = NULL;
    for (int32_t i = 0; i < plan->catalog.lookup_count; i++) {
        scan->lookups[i].attribute = plan->catalog.lookup_attributes[i];
        if (!eval_scalar_expr(scan->op.state, scan->arena, plan->catalog.lookup_values[i], &scan->lookups[i].value))
            scan->never = true;
    }
    if (!scan->never && scan->relation->start != NULL)
        scan->relation->start(&scan->scan);
}

/* Producers may ignore lookups: each is applied here. */
static int32_t apply_lookups(CatalogScanOperator *scan, int32_t count)
{
    int32_t kept = 0;

    scan->sel = ARENA_ARRAY(scan->batch_arena, (size_t)count, int32_t);
    for (int32_t row = 0; row < count; row++) {
        bool match = true;

        for (int32_t i = 0; i < scan->scan.lookup_count && match; i++) {
            Vector         *vector = &scan->all.columns[scan->lookups[i].attribute - 1].vector;
            const TypeInfo *type = type_by_oid(vector->type);

            match = vector_is_valid(vector, row) &&
                    (type == NULL || type->compare == NULL || type->compare(type, vector_element(vector, row), &scan->lookups[i].value) == 0);
        }
        scan->sel[kept] = row;
        kept += match;
    }
    return kept;
}

static Batch *catalog_scan_next(ExecOperator *op, int32_t max_rows)
{
    CatalogScanOperator *scan = (CatalogScanOperator *)op;
    Batch               *out = batch_slice_take(&scan->slice, op->state->arena, max_rows);

    if (out != NULL)
        return out;
    if (!scan->open)
        catalog_scan_start(scan);
    while (!scan->never) {
        int32_t count, kept;

        check_cancel();
        arena_reset(scan->batch_arena);
        for (int32_t c = 0; c < scan->all.batch.column_count; c++) {
            vector_buffer_reserve(&scan->all.columns[c], op->state->arena, BATCH_ROWS);
            vector_buffer_set_validity(&scan->all.columns[c], BATCH_ROWS, true);
        }
        count = scan->relation->next(&scan->scan, scan->batch_arena, scan->all.batch.columns, BATCH_ROWS);
        if (count == 0) {
            scan->never = true;
            break;
        }
        kept = apply_lookups(scan, count);
        operator_count_removed(op, count - kept);
        scan->out.row_count = count;
        batch_slice_set(&scan->slice, &scan->out, scan->sel, kept);
        out = batch_slice_take(&scan->slice, op->state->arena, max_rows);
        if (out != NULL)
            return out;
    }
    return NULL;
}

static void catalog_scan_rescan(ExecOperator *op)
{
    CatalogScanOperator *scan = (CatalogScanOperator *)op;

    scan->open = false;
    scan->slice.count = 0;
}

ExecOperator *catalog_scan_open(ExecState *state, const Plan *plan)
{
    static const OperatorClass class = {catalog_scan_next, catalog_scan_rescan};

    return operator_new(state, plan, sizeof(CatalogScanOperator), &class);
}
