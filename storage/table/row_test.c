/*
 * row_test.c - the row format: every type there and back, against hostile bytes, and the dump in docs/formats/row.md.
 */
#include "storage/table/row_decode.h"
#include "storage/table/row_encode.h"

#include "base/test.h"

#include <stdio.h>

enum { MAX_COLUMNS = 40, ROWS = 64 };

/* A table of the main group with the given physical types. */
typedef struct TestTable {
    RelationDesc    table;
    ColumnDesc      columns[MAX_COLUMNS];
    ColumnGroupDesc group;
    RowLayout       layout;
    void           *memory;
} TestTable;

static void table_make(TestTable *test, const PhysType *types, int count)
{
    memset(test, 0, sizeof *test);
    test->table.column_count = (int16_t)count;
    test->table.columns = test->columns;
    test->table.group_count = 1;
    test->table.groups = &test->group;
    for (int i = 0; i < count; i++)
        test->columns[i] = (ColumnDesc){.number = (int16_t)(i + 1), .phys = types[i], .name = "c"};
    test->memory = malloc(row_layout_bytes(&test->table));
    row_layout_init(&test->layout, test->memory, &test->table);
}

static void table_free(TestTable *test)
{
    free(test->memory);
}

static uint64_t random_state;

static uint64_t random_next(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return random_state >> 17;
}

static void vector_make(Vector *vector, PhysType phys, int32_t rows)
{
    *vector = (Vector){.phys = phys, .capacity = rows, .data = calloc((size_t)rows, phys_width(phys)),
                       .validity = calloc(BATCH_WORDS(rows), 8)};
}

static void vector_free(Vector *vector)
{
    free(vector->data);
    free(vector->validity);
}

static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
static uint8_t    large[20000];

static void fill_random(Vector *vector, int32_t row, bool with_large)
{
    static const uint8_t limbs[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    Datum                value;

    memset(&value, 0, sizeof value);
    switch (vector->phys) {
    case PHYS_BOOL:
        value.boolean = random_next() & 1;
        break;
    case PHYS_BYTES:
        value.bytes = slice_of(letters, random_next() % 100);
        if (with_large && random_next() % 8 == 0)
            value.bytes = slice_of(large, ROW_INLINE_MAX_BYTES + random_next() % 3);
        break;
    case PHYS_NUMERIC:
        value.numeric = (Numeric){.small = (int64_t)random_next() - 1000000, .scale = (uint16_t)(random_next() % 20)};
        if (random_next() % 8 == 0) {
            value.numeric = (Numeric){.size = 16, .kind = NUMERIC_BIG_NEGATIVE, .scale = 3};
            value.numeric.big = limbs;
        }
        break;
    case PHYS_TIMETZ:
        value.timetz = (TimeTz){.microseconds = (int64_t)random_next(), .zone = -3600};
        break;
    default:
        for (int i = 0; i < 16; i++)
            ((uint8_t *)&value)[i] = (uint8_t)random_next();
        break;
    }
    memcpy((char *)vector->data + (size_t)row * phys_width(vector->phys), &value, phys_width(vector->phys));
}

static Status read_large(void *arg, int32_t row, int16_t attribute, size_t value_bytes, size_t chunk_bytes, Slice *value_out,
                         Fault *fault)
{
    (void)arg, (void)row, (void)attribute, (void)fault;
    assert_int_equal(chunk_bytes, ROW_CHUNK_BYTES);
    *value_out = slice_of(large, value_bytes);
    return STATUS_OK;
}

static const OutOfLineReader large_reader = {.read = read_large};

static bool element_equal(const Vector *a, int32_t a_row, const Vector *b, int32_t b_row)
{
    const uint8_t *x = vector_element(a, a_row);
    const uint8_t *y = vector_element(b, b_row);

    if (a->phys == PHYS_BYTES)
        return slice_equal(*(const Slice *)x, *(const Slice *)y);
    if (a->phys == PHYS_NUMERIC) {
        const Numeric *m = (const Numeric *)x;
        const Numeric *n = (const Numeric *)y;

        if (m->kind != n->kind || m->scale != n->scale || m->size != n->size)
            return false;
        return m->kind == NUMERIC_SMALL ? m->small == n->small : memcmp(m->big, n->big, m->size) == 0;
    }
    return memcmp(x, y, row_fixed_width(a->phys)) == 0;
}

static void entries_of(const RowEncoder *encoder, IteratorEntry *entries)
{
    for (int32_t i = 0; i < encoder->count; i++)
        entries[i].value = encoder->rows[i];
}

static void check_round_trip(const PhysType *types, int count, unsigned null_percent, bool with_large)
{
    TestTable     test;
    Vector        vectors[MAX_COLUMNS];
    Vector       *pointers[MAX_COLUMNS];
    RowEncoder    encoder = {0};
    IteratorEntry entries[ROWS];
    RowView       views[ROWS];
    RowSet        set = {.rows = views};
    int32_t       sel[ROWS];
    Batch         batch = {.column_count = count, .row_count = ROWS, .columns = pointers, .sel = sel};
    Fault         fault;

    table_make(&test, types, count);
    for (int i = 0; i < count; i++) {
        vector_make(&vectors[i], types[i], ROWS);
        pointers[i] = &vectors[i];
        for (int row = 0; row < ROWS; row++) {
            fill_random(&vectors[i], row, with_large);
            if (random_next() % 100 >= null_percent)
                bitmap_set(vectors[i].validity, row);
        }
    }
    for (int row = 0; row < ROWS; row++) {
        if (random_next() % 3 != 0)
            sel[batch.count++] = row;
    }
    assert_int_equal(row_encode(&encoder, &test.layout, &batch, 0x123456789a, &fault), STATUS_OK);
    entries_of(&encoder, entries);
    assert_int_equal(row_set_parse(&test.layout, entries, NULL, encoder.count, &set, &fault), STATUS_OK);
    for (int i = 0; i < count; i++) {
        Vector    out;
        uint64_t *validity;

        vector_make(&out, types[i], ROWS);
        validity = out.validity;
        assert_int_equal(row_decode(&test.layout, &set, i, NULL, encoder.count, &out, validity, &large_reader, &fault), STATUS_OK);
        for (int32_t at = 0; at < encoder.count; at++) {
            assert_int_equal(views[at].xid, 0x123456789a);
            assert_int_equal(vector_is_valid(&out, at), vector_is_valid(&vectors[i], sel[at]));
            if (vector_is_valid(&out, at))
                assert_true(element_equal(&out, at, &vectors[i], sel[at]));
        }
        out.validity = validity;
        vector_free(&out);
    }
    for (int i = 0; i < count; i++)
        vector_free(&vectors[i]);
    row_encoder_free(&encoder);
    table_free(&test);
}

static const PhysType all_types[] = {PHYS_INT32, PHYS_BYTES,  PHYS_BOOL,    PHYS_NUMERIC, PHYS_INT16, PHYS_INT64,  PHYS_BYTES,   PHYS_FLOAT32,
                                     PHYS_UUID,  PHYS_TIMETZ, PHYS_FLOAT64, PHYS_INTERVAL, PHYS_BYTES, PHYS_NUMERIC};

static void every_type_comes_back_as_it_was_stored(void **state)
{
    (void)state;
    random_state = 1;
    for (int round = 0; round < 20; round++) {
        check_round_trip(all_types, ARRAY_LENGTH(all_types), 0, false);
        check_round_trip(all_types, ARRAY_LENGTH(all_types), 30, false);
        check_round_trip(all_types, ARRAY_LENGTH(all_types), 30, true);
        check_round_trip(all_types, round % (int)ARRAY_LENGTH(all_types), 10, false);
    }
}

/* One row of three columns: int4 7, text 'ab', numeric NULL, written by transaction 3. */
static void make_small_row(TestTable *test, RowEncoder *encoder)
{
    static const PhysType types[] = {PHYS_INT32, PHYS_BYTES, PHYS_NUMERIC};
    int32_t               number = 7;
    Slice                 text = slice_of("ab", 2);
    Numeric               none = {0};
    uint64_t              null = 0;
    Vector                vectors[3] = {{.data = &number, .phys = PHYS_INT32, .capacity = 1},
                                        {.data = &text, .phys = PHYS_BYTES, .capacity = 1},
                                        {.data = &none, .phys = PHYS_NUMERIC, .capacity = 1, .validity = &null}};
    Vector               *pointers[3] = {&vectors[0], &vectors[1], &vectors[2]};
    Batch                 batch = {.column_count = 3, .row_count = 1, .count = 1, .columns = pointers};
    Fault                 fault;

    table_make(test, types, 3);
    assert_int_equal(row_encode(encoder, &test->layout, &batch, 3, &fault), STATUS_OK);
}

static void a_row_that_ends_early_has_the_missing_values(void **state)
{
    static const PhysType types[] = {PHYS_INT32, PHYS_BYTES, PHYS_NUMERIC, PHYS_BYTES, PHYS_INT64, PHYS_BYTES};
    TestTable             narrow;
    TestTable             wide;
    RowEncoder            encoder = {0};
    uint8_t               packed_text[16];
    uint8_t               packed_number[16];
    Slice                 empty = slice_of("", 0);
    int64_t               number = -5;
    IteratorEntry         entry;
    RowView               view;
    RowSet                set = {.rows = &view};
    Datum                 value;
    uint64_t              validity = 0;
    Vector                out = {.data = &value, .capacity = 1};
    Fault                 fault;

    (void)state;
    make_small_row(&narrow, &encoder);
    table_make(&wide, types, 6);
    row_value_pack(PHYS_BYTES, &empty, packed_text);
    row_value_pack(PHYS_INT64, &number, packed_number);
    wide.columns[3].missing_value = slice_of(packed_text, row_value_packed_bytes(PHYS_BYTES, &empty));
    wide.columns[4].missing_value = slice_of(packed_number, row_value_packed_bytes(PHYS_INT64, &number));
    row_layout_init(&wide.layout, wide.memory, &wide.table);
    entries_of(&encoder, &entry);
    assert_int_equal(row_set_parse(&wide.layout, &entry, NULL, 1, &set, &fault), STATUS_OK);
    out.phys = PHYS_BYTES;
    assert_int_equal(row_decode(&wide.layout, &set, 1, NULL, 1, &out, &validity, NULL, &fault), STATUS_OK);
    assert_true(vector_is_valid(&out, 0) && slice_equal(value.bytes, slice_of("ab", 2)));
    assert_int_equal(row_decode(&wide.layout, &set, 3, NULL, 1, &out, &validity, NULL, &fault), STATUS_OK);
    assert_true(vector_is_valid(&out, 0) && value.bytes.size == 0);
    assert_int_equal(row_decode(&wide.layout, &set, 5, NULL, 1, &out, &validity, NULL, &fault), STATUS_OK);
    assert_false(vector_is_valid(&out, 0));
    out.phys = PHYS_INT64;
    assert_int_equal(row_decode(&wide.layout, &set, 4, NULL, 1, &out, &validity, NULL, &fault), STATUS_OK);
    assert_true(vector_is_valid(&out, 0) && value.int64 == -5);
    /* the other way round: a row must not have more columns than its table */
    table_free(&narrow);
    row_encoder_free(&encoder);
    table_free(&wide);
    table_make(&narrow, types, 2);
    make_small_row(&wide, &encoder);
    entries_of(&encoder, &entry);
    assert_int_equal(row_set_parse(&narrow.layout, &entry, NULL, 1, &set, &fault), STATUS_CORRUPT);
    row_encoder_free(&encoder);
    table_free(&narrow);
    table_free(&wide);
}

static void damaged_rows_are_reported_and_never_read_outside(void **state)
{
    TestTable     test;
    Vector        vectors[ARRAY_LENGTH(all_types)];
    Vector       *pointers[ARRAY_LENGTH(all_types)];
    RowEncoder    encoder = {0};
    Batch         batch = {.column_count = ARRAY_LENGTH(all_types), .row_count = 1, .count = 1, .columns = pointers};
    IteratorEntry entry;
    RowView       view;
    RowSet        set = {.rows = &view};
    Fault         fault;
    int           corrupt = 0;

    (void)state;
    random_state = 7;
    table_make(&test, all_types, ARRAY_LENGTH(all_types));
    for (size_t i = 0; i < ARRAY_LENGTH(all_types); i++) {
        vector_make(&vectors[i], all_types[i], 1);
        pointers[i] = &vectors[i];
    }
    for (int round = 0; round < 3000; round++) {
        size_t   size;
        uint8_t *bytes;

        for (size_t i = 0; i < ARRAY_LENGTH(all_types); i++) {
            fill_random(&vectors[i], 0, true);
            vectors[i].validity[0] = random_next() % 10 != 0;
        }
        assert_int_equal(row_encode(&encoder, &test.layout, &batch, 5, &fault), STATUS_OK);
        size = random_next() % 4 == 0 ? random_next() % encoder.rows[0].size : encoder.rows[0].size;
        bytes = malloc(size); /* exactly: asan sees a read beyond */
        memcpy(bytes, encoder.rows[0].data, size);
        for (uint64_t i = random_next() % 4; i > 0 && size > 0; i--)
            bytes[random_next() % MIN(size, 120)] ^= (uint8_t)(1 << random_next() % 8);
        entry.value = slice_of(bytes, size);
        if (row_set_parse(&test.layout, &entry, NULL, 1, &set, &fault) != STATUS_OK) {
            corrupt++;
        } else {
            for (int i = 0; i < (int)ARRAY_LENGTH(all_types); i++) {
                Datum    value;
                uint64_t validity = 0;
                Vector   out = {.data = &value, .phys = all_types[i], .capacity = 1};

                if (row_decode(&test.layout, &set, i, NULL, 1, &out, &validity, NULL, &fault) != STATUS_OK)
                    corrupt++;
                else if (out.phys == PHYS_BYTES && vector_is_valid(&out, 0) && value.bytes.size != 0)
                    random_state += value.bytes.data[value.bytes.size - 1];
            }
        }
        free(bytes);
    }
    assert_true(corrupt > 100);
    for (size_t i = 0; i < ARRAY_LENGTH(all_types); i++)
        vector_free(&vectors[i]);
    row_encoder_free(&encoder);
    table_free(&test);
}

static char *read_document(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 16);

    assert_non_null(file);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

static void the_dump_in_the_document_is_true(void **state)
{
    TestTable  test;
    RowEncoder encoder = {0};
    char      *document = read_document("docs/formats/row.md");
    char       dump[256] = "    ";

    (void)state;
    make_small_row(&test, &encoder);
    for (size_t i = 0; i < encoder.rows[0].size; i++)
        sprintf(dump + strlen(dump), "%02x%s", encoder.rows[0].data[i], i + 1 < encoder.rows[0].size ? " " : "\n");
    if (strstr(document, dump) == NULL)
        fail_msg("docs/formats/row.md does not have the line %s", dump);
    free(document);
    row_encoder_free(&encoder);
    table_free(&test);
}

TEST_MAIN(cmocka_unit_test(every_type_comes_back_as_it_was_stored),
          cmocka_unit_test(a_row_that_ends_early_has_the_missing_values),
          cmocka_unit_test(damaged_rows_are_reported_and_never_read_outside),
          cmocka_unit_test(the_dump_in_the_document_is_true))
