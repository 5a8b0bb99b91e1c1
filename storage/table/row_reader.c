/*
 * row_reader.c - see row_reader.h.
 */
#include "storage/table/row_reader.h"

#include "storage/table/chunk.h"

/* The oids of types.def, without the operations of type.h, which may raise. */
enum {
#define TYPE(symbol, oid, ...) TYPE_##symbol = (oid),
#include "types/types.def"
#undef TYPE
};

enum { FEW_ROWS = 16 }; /* room at first: a point query does not touch memory for a full batch */

struct ReaderColumn {
    Vector         vector;
    RowReader     *reader;
    ScanColumnKind kind;
    bool           lazy;
    bool           all_loaded;  /* every live row is there */
    bool           some_loaded; /* the rows of the bitmap `loaded` are */
    int32_t        position;    /* SCAN_COLUMN: in the main group, or -1 */
    GroupReader   *group;       /* SCAN_COLUMN of another group */
    ReaderColumn  *document;    /* SCAN_PATH */
    JsonbPath      path;
    JsonbReadAs    read_as;
    uint64_t      *validity;
    uint64_t      *misfit;      /* SCAN_PATH */
    uint64_t      *loaded;
};

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a table scan");
}

/* ---- opening ----------------------------------------------------------------------------------------------------------- */

static const struct {
    JsonbReadAs read_as;
    Oid         type;
    PhysType    phys;
    bool        exact; /* misfits, if any, are failures: a predicate is decided for every row */
} path_reads[] = {
    [PATH_TEXT] = {JSONB_AS_TEXT, TYPE_TEXT, PHYS_BYTES, true},
    [PATH_JSONB] = {JSONB_AS_JSONB, TYPE_JSONB, PHYS_BYTES, true},
    [PATH_NUMERIC] = {JSONB_AS_NUMERIC, TYPE_NUMERIC, PHYS_NUMERIC, true},
    [PATH_FLOAT8] = {JSONB_AS_FLOAT64, TYPE_FLOAT8, PHYS_FLOAT64, false},
    [PATH_INT8] = {JSONB_AS_INT64, TYPE_INT8, PHYS_INT64, false},
    [PATH_BOOL] = {JSONB_AS_BOOL, TYPE_BOOL, PHYS_BOOL, true},
};

static Status open_group(RowReader *reader, ReaderColumn *column, const ColumnDesc *from, Fault *fault)
{
    const ColumnGroupDesc *group = &reader->table->groups[from->group];

    if (from->group >= reader->table->group_count || from->phys != PHYS_BYTES)
        return FAULT(fault, STATUS_CORRUPT, 0, "column %d of table %u stands in no group that could hold it", from->number,
                     reader->table->head.oid);
    column->group = arena_try_alloc(reader->arena, sizeof *column->group);
    if (column->group == NULL)
        return no_memory(fault);
    *column->group = (GroupReader){.engine = reader->engine, .view = reader->view, .storage = group->storage_id,
                                   .fixed_bytes = group->fixed_bytes, .missing = from->missing_value, .arena = reader->arena,
                                   .direction = reader->direction};
    reader->outside_bytes += group->fixed_bytes;
    return STATUS_OK;
}

static Status open_table_column(RowReader *reader, ReaderColumn *column, int16_t attribute, Fault *fault)
{
    const ColumnDesc *from = &reader->table->columns[attribute - 1];

    column->kind = SCAN_COLUMN;
    column->vector.type = from->type;
    column->vector.phys = from->phys;
    column->position = reader->layout.positions[attribute - 1];
    if (column->position < 0)
        return open_group(reader, column, from, fault);
    reader->needs_rows = true;
    return STATUS_OK;
}

/* The document column that paths of one attribute share. */
static Status open_document(RowReader *reader, int16_t attribute, ReaderColumn **out, Fault *fault)
{
    ReaderColumn *column;

    for (int32_t i = reader->column_count; i < reader->all_count; i++) {
        column = &reader->columns[i];
        if (column->position == reader->layout.positions[attribute - 1]) {
            *out = column;
            return STATUS_OK;
        }
    }
    column = &reader->columns[reader->all_count++];
    column->reader = reader;
    column->lazy = true;
    *out = column;
    return open_table_column(reader, column, attribute, fault);
}

static Status open_path(RowReader *reader, ReaderColumn *column, const ScanColumn *from, Fault *fault)
{
    JsonbStep *steps = arena_try_alloc(reader->arena, (size_t)from->step_count * sizeof *steps);

    if (steps == NULL)
        return no_memory(fault);
    for (int i = 0; i < from->step_count; i++)
        steps[i] = (JsonbStep){.key = jsonb_key(from->steps[i].key), .index = from->steps[i].index,
                               .by_key = from->steps[i].key.data != NULL, .by_index = from->steps[i].is_index};
    column->path = (JsonbPath){.count = from->step_count, .steps = steps};
    column->read_as = path_reads[from->read_as].read_as;
    column->vector.type = path_reads[from->read_as].type;
    column->vector.phys = path_reads[from->read_as].phys;
    return open_document(reader, from->column, &column->document, fault);
}

static Status open_column(RowReader *reader, ReaderColumn *column, const ScanColumn *from, Fault *fault)
{
    column->reader = reader;
    column->kind = from->kind;
    column->lazy = from->lazy;
    switch (from->kind) {
    case SCAN_COLUMN:
        return open_table_column(reader, column, from->column, fault);
    case SCAN_PATH:
        return open_path(reader, column, from, fault);
    case SCAN_ROW_ID:
        column->vector.type = TYPE_INT8;
        column->vector.phys = PHYS_INT64;
        return STATUS_OK;
    case SCAN_XMIN:
        column->vector.type = TYPE_XID;
        column->vector.phys = PHYS_INT32;
        reader->needs_rows = true;
        return STATUS_OK;
    }
    return STATUS_OK;
}

/* What a predicate costs per row, roughly: cheap ones go first. */
static int filter_cost(const ReaderColumn *column)
{
    if (column->kind == SCAN_PATH)
        return 3;
    if (column->group != NULL)
        return 4;
    return column->vector.phys == PHYS_BYTES || column->vector.phys == PHYS_NUMERIC ? 2 : 1;
}

static Status open_filters(RowReader *reader, const TableScanOptions *options, Fault *fault)
{
    reader->filters = arena_try_alloc(reader->arena, (size_t)options->predicate_count * sizeof *reader->filters);
    if (reader->filters == NULL)
        return no_memory(fault);
    for (int32_t i = 0; i < options->predicate_count; i++) {
        ScanPredicate *predicate = &options->predicates[i];
        ReaderColumn  *column = &reader->columns[predicate->output];
        ReaderFilter   filter = {.column = column};
        bool           usable;
        int32_t        at;

        TRY(scan_filter_prepare(&filter.filter, predicate, column->vector.type, column->vector.phys, reader->arena, &usable, fault));
        predicate->applied = usable && (column->kind != SCAN_PATH || path_reads[options->columns[predicate->output].read_as].exact);
        if (!usable)
            continue;
        for (at = reader->filter_count++; at > 0 && filter_cost(reader->filters[at - 1].column) > filter_cost(column); at--)
            reader->filters[at] = reader->filters[at - 1];
        reader->filters[at] = filter;
    }
    return STATUS_OK;
}

Status row_reader_open(RowReader *reader, Engine *engine, const RelationDesc *table, const ReadView *view,
                       const TableScanOptions *options, Arena *arena, Fault *fault)
{
    size_t columns_size = (size_t)options->column_count * 2 * sizeof(ReaderColumn); /* at most one document a path */
    void  *layout = arena_try_alloc(arena, row_layout_bytes(table));

    *reader = (RowReader){.engine = engine, .view = *view, .table = table, .direction = options->direction, .arena = arena,
                          .column_count = options->column_count, .all_count = options->column_count};
    reader->columns = arena_try_alloc(arena, columns_size);
    reader->batch.columns = arena_try_alloc(arena, (size_t)options->column_count * sizeof(Vector *));
    if (layout == NULL || reader->columns == NULL || reader->batch.columns == NULL)
        return no_memory(fault);
    memset(reader->columns, 0, columns_size);
    row_layout_init(&reader->layout, layout, table);
    for (int32_t i = 0; i < options->column_count; i++) {
        TRY(open_column(reader, &reader->columns[i], &options->columns[i], fault));
        reader->batch.columns[i] = &reader->columns[i].vector;
    }
    reader->batch.column_count = options->column_count;
    return options->predicate_count == 0 ? STATUS_OK : open_filters(reader, options, fault);
}

void row_reader_close(RowReader *reader)
{
    for (int32_t i = 0; i < reader->all_count && reader->columns != NULL; i++) {
        if (reader->columns[i].group != NULL)
            group_reader_close(reader->columns[i].group);
    }
    arena_free(reader->batch_arena);
    reader->batch_arena = NULL;
}

static bool reserve_column(RowReader *reader, ReaderColumn *column, int32_t rows)
{
    size_t words = BATCH_WORDS(rows) * sizeof(uint64_t);
    size_t data = (size_t)rows * phys_width(column->vector.phys);

    column->vector.data = arena_try_alloc(reader->arena, data);
    column->validity = arena_try_alloc(reader->arena, words);
    column->loaded = arena_try_alloc(reader->arena, words);
    column->misfit = arena_try_alloc(reader->arena, words);
    if (column->vector.data == NULL || column->validity == NULL || column->loaded == NULL || column->misfit == NULL)
        return false;
    memset(column->vector.data, 0, data);
    column->vector.capacity = rows;
    return true;
}

Status row_reader_reserve(RowReader *reader, int32_t rows, Fault *fault)
{
    int32_t capacity = rows <= FEW_ROWS ? MIN((int32_t)FEW_ROWS, (int32_t)BATCH_ROWS) : BATCH_ROWS;
    size_t  count = (size_t)capacity;

    if (rows <= reader->capacity)
        return STATUS_OK;
    reader->entries = arena_try_alloc(reader->arena, count * sizeof *reader->entries);
    reader->views = reader->needs_rows ? arena_try_alloc(reader->arena, count * sizeof *reader->views) : NULL;
    reader->row_ids = arena_try_alloc(reader->arena, count * sizeof *reader->row_ids);
    reader->sel = arena_try_alloc(reader->arena, count * sizeof *reader->sel);
    reader->partial = arena_try_alloc(reader->arena, count * sizeof *reader->partial);
    reader->document_partial = arena_try_alloc(reader->arena, count * sizeof *reader->document_partial);
    if (reader->entries == NULL || (reader->needs_rows && reader->views == NULL) || reader->row_ids == NULL || reader->sel == NULL ||
        reader->partial == NULL || reader->document_partial == NULL)
        return no_memory(fault);
    reader->set.rows = reader->views;
    for (int32_t i = 0; i < reader->all_count; i++) {
        if (!reserve_column(reader, &reader->columns[i], capacity))
            return no_memory(fault);
    }
    reader->capacity = capacity;
    return STATUS_OK;
}

/* ---- loading columns ------------------------------------------------------------------------------------------------------- */

/* Memory of this batch; NULL when there is none. */
static Arena *batch_arena(RowReader *reader)
{
    if (reader->batch_arena == NULL)
        reader->batch_arena = arena_try_new(reader->arena, NULL, "scan batch");
    return reader->batch_arena;
}

static Status load_row_ids(RowReader *reader, Fault *fault)
{
    bool good = true;

    if (reader->has_row_ids)
        return STATUS_OK;
    for (int32_t i = 0; i < reader->row_count; i++) {
        good &= reader->entries[i].key.size == ROW_KEY_BYTES;
        if (LIKELY(good))
            reader->row_ids[i] = row_key_get(reader->entries[i].key.data);
    }
    reader->has_row_ids = good;
    return good ? STATUS_OK : FAULT(fault, STATUS_CORRUPT, 0, "a row key that is not of 8 bytes");
}

static Status read_out_of_line(void *arg, int32_t row, int16_t attribute, size_t value_bytes, size_t chunk_bytes, Slice *value_out,
                               Fault *fault)
{
    RowReader *reader = arg;
    Arena     *arena = batch_arena(reader);
    ChunkKey   key = {.storage = reader->table->chunk_storage, .attribute = attribute};

    if (arena == NULL)
        return no_memory(fault);
    TRY(load_row_ids(reader, fault));
    key.row = reader->row_ids[row];
    return chunk_read(reader->engine, &reader->view, &key, value_bytes, chunk_bytes, arena, value_out, fault);
}

static Status load_table_column(ReaderColumn *column, const int32_t *sel, int32_t count, Fault *fault)
{
    RowReader      *reader = column->reader;
    OutOfLineReader out_of_line = {.read = read_out_of_line, .arg = reader};

    if (column->group != NULL) {
        TRY(load_row_ids(reader, fault));
        return group_reader_load(column->group, reader->row_ids, sel, count, reader->ordered, &column->vector, column->validity, fault);
    }
    return row_decode(&reader->layout, &reader->set, column->position, sel, count, &column->vector, column->validity, &out_of_line,
                      fault);
}

static Status ensure_loaded(ReaderColumn *column, const int32_t *sel, int32_t count, Fault *fault);

/* Rows whose document is not NULL, in reader->partial; the others' bits are cleared. */
static int32_t rows_with_documents(ReaderColumn *column, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);
        bool    there = vector_is_valid(&column->document->vector, row);

        out[kept] = row;
        kept += there;
        if (!there) {
            bitmap_clear(column->validity, row);
            bitmap_clear(column->misfit, row);
            memset(vector_element(&column->vector, row), 0, phys_width(column->vector.phys));
        }
    }
    return kept;
}

/* NULL rows of types that point somewhere must not point at what is gone; and is there any misfit? */
static bool tidy_path_rows(ReaderColumn *column, const int32_t *sel, int32_t count)
{
    bool     points = column->vector.phys == PHYS_BYTES || column->vector.phys == PHYS_NUMERIC;
    uint64_t misfits = 0;

    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);

        misfits |= column->misfit[(uint32_t)row >> 6] >> ((uint32_t)row & 63) & 1;
        if (points && !bitmap_get(column->validity, row))
            memset(vector_element(&column->vector, row), 0, phys_width(column->vector.phys));
    }
    return misfits != 0;
}

static Status load_path(ReaderColumn *column, const int32_t *sel, int32_t count, Fault *fault)
{
    RowReader   *reader = column->reader;
    Arena       *arena = batch_arena(reader);
    JsonbExtract extract = {.path = &column->path, .read_as = column->read_as, .data = column->vector.data,
                            .validity = column->validity, .misfit = column->misfit, .arena = arena, .sel = sel, .count = count};

    if (arena == NULL)
        return no_memory(fault);
    if (!column->some_loaded) {
        column->vector.misfit = NULL; /* until there is one */
        bitmap_fill(column->misfit, reader->capacity, false);
    }
    TRY(ensure_loaded(column->document, sel, count, fault));
    column->vector.validity = column->validity;
    if (column->document->vector.validity != NULL) {
        extract.count = rows_with_documents(column, sel, count, reader->partial);
        extract.sel = reader->partial;
    }
    extract.documents = column->document->vector.data;
    jsonb_extract_batch(&extract);
    if (!tidy_path_rows(column, extract.sel, extract.count))
        return STATUS_OK;
    if (column->read_as == JSONB_AS_NUMERIC || column->read_as == JSONB_AS_TEXT)
        return no_memory(fault); /* the only misfits of these */
    column->vector.misfit = column->misfit;
    return STATUS_OK;
}

static void load_xmin(ReaderColumn *column, const int32_t *sel, int32_t count)
{
    uint32_t      *out = column->vector.data;
    const RowView *rows = column->reader->views;

    FOR_EACH_ROW(sel, count, row, { out[row] = (uint32_t)rows[row].xid; });
}

static Status load_column(ReaderColumn *column, const int32_t *sel, int32_t count, Fault *fault)
{
    switch (column->kind) {
    case SCAN_COLUMN:
        return load_table_column(column, sel, count, fault);
    case SCAN_PATH:
        return load_path(column, sel, count, fault);
    case SCAN_ROW_ID:
        TRY(load_row_ids(column->reader, fault));
        memcpy(column->vector.data, column->reader->row_ids, (size_t)column->reader->row_count * sizeof(RowId));
        return STATUS_OK;
    case SCAN_XMIN:
        load_xmin(column, sel, count);
        return STATUS_OK;
    }
    return STATUS_OK;
}

/*
 * Loads the rows of sel that are not there. Every caller's rows are among the live ones, so as many rows as are live are
 * all of them, also after later predicates drop some.
 */
static Status ensure_loaded(ReaderColumn *column, const int32_t *sel, int32_t count, Fault *fault)
{
    RowReader *reader = column->reader;
    int32_t   *partial = column >= reader->columns + reader->column_count ? reader->document_partial : reader->partial;
    int32_t    missing = 0;

    if (column->all_loaded || count == 0)
        return STATUS_OK;
    if (column->some_loaded) {
        for (int32_t i = 0; i < count; i++) {
            int32_t row = sel_row(sel, i);

            partial[missing] = row;
            missing += !bitmap_get(column->loaded, row);
        }
        if (missing > 0)
            TRY(load_column(column, partial, missing, fault));
    } else {
        bitmap_fill(column->loaded, reader->capacity, false);
        TRY(load_column(column, sel, count, fault));
    }
    column->some_loaded = true;
    if (count == reader->live_count) {
        column->all_loaded = true;
        column->vector.load = NULL;
    } else {
        FOR_EACH_ROW(sel, count, row, { bitmap_set(column->loaded, row); });
    }
    return STATUS_OK;
}

/* Vector.load of lazy columns. */
static void lazy_load(Vector *vector, const int32_t *sel, int32_t count)
{
    ReaderColumn *column = vector->load_arg;
    RowReader    *reader = column->reader;
    Status        status = reader->status;

    if (status == STATUS_OK) {
        status = ensure_loaded(column, sel, count, &reader->fault);
        reader->status = status;
    }
    if (status == STATUS_OK)
        return;
    vector->validity = column->validity; /* whoever looks before asking for the fault sees NULLs */
    bitmap_fill(column->validity, reader->capacity, false);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------------- */

void row_reader_next(RowReader *reader)
{
    for (int32_t i = 0; i < reader->all_count; i++) {
        ReaderColumn *column = &reader->columns[i];

        column->all_loaded = false;
        column->some_loaded = false;
        if (column->group != NULL)
            group_reader_next(column->group);
        column->vector.load = column->lazy && i < reader->column_count ? lazy_load : NULL;
        column->vector.load_arg = column;
    }
    if (reader->batch_arena != NULL)
        arena_reset(reader->batch_arena);
    reader->has_row_ids = false;
    reader->live = NULL;
    reader->live_count = 0;
    reader->row_count = 0;
}

Status row_reader_fill(RowReader *reader, const int32_t *sel, int32_t count, int32_t row_count, Fault *fault)
{
    reader->row_count = row_count;
    reader->live = sel;
    reader->live_count = count;
    if (reader->needs_rows)
        TRY(row_set_parse(&reader->layout, reader->entries, sel, count, &reader->set, fault));
    for (int32_t i = 0; i < reader->filter_count && reader->live_count > 0; i++) {
        ReaderFilter *filter = &reader->filters[i];

        TRY(ensure_loaded(filter->column, reader->live, reader->live_count, fault));
        count = scan_filter_apply(&filter->filter, &filter->column->vector, reader->live, reader->live_count, reader->sel);
        if (count < reader->live_count) { /* else all passed, and all rows may still be all rows */
            reader->live = reader->sel;
            reader->live_count = count;
        }
    }
    for (int32_t i = 0; i < reader->column_count; i++) {
        if (!reader->columns[i].lazy)
            TRY(ensure_loaded(&reader->columns[i], reader->live, reader->live_count, fault));
    }
    return STATUS_OK;
}

void row_reader_deliver(RowReader *reader, int32_t from, int32_t count)
{
    if (reader->live == NULL && count != reader->row_count) { /* a part of all rows needs its numbers */
        for (int32_t i = 0; i < reader->row_count; i++)
            reader->sel[i] = i;
        reader->live = reader->sel;
    }
    reader->batch.row_count = reader->row_count;
    reader->batch.count = count;
    reader->batch.sel = reader->live == NULL ? NULL : reader->live + from;
}
