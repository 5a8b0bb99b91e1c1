/*
 * formats_test.c - the worked dumps of docs/formats are what the code writes.
 *
 * A document's dump stands in the fenced block behind the line "dump:". On a difference the test prints what it should be.
 */
#include "base/test.h"

#include "storage/lsm/block.h"
#include "storage/lsm/log_record.h"
#include "storage/lsm/manifest.h"
#include "storage/lsm/table_builder.h"
#include "storage/lsm/test_store.h"

#define IDENTITY 0x1122334455667788ull

/* Sixteen bytes a line: offset, hexadecimal, characters. From malloc. */
static char *hex_dump(const uint8_t *bytes, size_t size)
{
    char *text = calloc(size / 16 + 2, 80);
    char *at = text;

    for (size_t line = 0; line < size; line += 16) {
        at += sprintf(at, "%06zx ", line);
        for (size_t i = line; i < line + 16; i++)
            at += i < size ? sprintf(at, " %02x", bytes[i]) : sprintf(at, "   ");
        at += sprintf(at, "  ");
        for (size_t i = line; i < line + 16 && i < size; i++)
            *at++ = (char)(bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
        *at++ = '\n';
    }
    return text;
}

static void compare_with_document(const char *path, const uint8_t *bytes, size_t size)
{
    char  *expected = hex_dump(bytes, size);
    char  *document = calloc(1, 1 << 20);
    FILE  *file = fopen(path, "r");
    char  *start;
    size_t got = file != NULL ? fread(document, 1, (1 << 20) - 1, file) : 0;

    if (file != NULL)
        fclose(file);
    start = got != 0 ? strstr(document, "dump:\n\n```\n") : NULL;
    if (start == NULL || strncmp(start + strlen("dump:\n\n```\n"), expected, strlen(expected)) != 0) {
        fprintf(stderr, "%s should have this dump:\n%s", path, expected);
        fail();
    }
    free(expected);
    free(document);
}

static void the_log_is_written_as_documented(void **state)
{
    uint8_t      bytes[512];
    uint8_t      header[LOG_SEGMENT_BYTES];
    LogSegment   segment = {IDENTITY, 1, 0, 0};
    LogRecord    record = {1, 0xa0a1a2a3a4a5a6a7ull, 0, LOG_SEGMENT, 0, {header, sizeof header}};
    CommitStream stream = {0};
    size_t       size;

    (void)state;
    log_segment_encode(header, &segment);
    log_record_encode(bytes, &record);
    size = log_record_size(sizeof header);
    assert_true(commit_stream_begin(&stream, 700, 1000000));
    assert_true(commit_stream_create(&stream, 16384, &(RelationOptions){.kind = RELATION_ROWS}));
    assert_true(commit_stream_entry(&stream, 16384, ENTRY_PUT, text("key"), text("value")));
    assert_true(commit_stream_entry(&stream, 16384, ENTRY_TOMBSTONE, text("old"), text("")));
    record = (LogRecord){2, 0xa0a1a2a3a4a5a6a7ull, 1, LOG_COMMIT, 0, {stream.data, stream.size}};
    log_record_encode(bytes + size, &record);
    size += log_record_size(stream.size);
    free(stream.data);
    compare_with_document("docs/formats/wal.md", bytes, size);
}

static void a_block_is_written_as_documented(void **state)
{
    BlockBuilder builder;
    uint8_t      framed[512];
    Slice        payload;
    BlockFrame   frame = {.kind = BLOCK_ENTRIES};

    (void)state;
    assert_true(block_builder_init(&builder));
    assert_true(block_builder_add(&builder, slice_of("\0\0\x40\0apple", 9), 12, ENTRY_PUT, text("red")));
    assert_true(block_builder_add(&builder, slice_of("\0\0\x40\0apple", 9), 10, ENTRY_PUT, text("green")));
    assert_true(block_builder_add(&builder, slice_of("\0\0\x40\0apricot", 11), 11, ENTRY_TOMBSTONE, text("")));
    payload = block_builder_finish(&builder);
    memcpy(framed + BLOCK_FRAME_BYTES, payload.data, payload.size);
    frame.stored = frame.size = (uint32_t)payload.size;
    block_frame_seal(framed, &frame, IDENTITY, 0);
    assert_true(block_verify(payload));
    compare_with_document("docs/formats/block.md", framed, BLOCK_FRAME_BYTES + payload.size);
    block_builder_free(&builder);
}

static size_t read_whole(const char *name, uint8_t *bytes, size_t capacity)
{
    char  *path = path_join(test_directory, name);
    size_t size = 0;
    File  *file;
    Fault  fault = {.text = ""};

    assert_ok(file_open(path, 0, &file, &fault));
    assert_ok(file_read(file, 0, bytes, capacity, &size, &fault));
    file_close(file);
    free(path);
    return size;
}

static void a_table_is_written_as_documented(void **state)
{
    TableBuilderOptions options = {.directory = test_directory, .number = 7, .epoch = 3, .identity = IDENTITY};
    static uint8_t      bytes[4096];
    TableBuilder       *builder;
    FileMeta           *meta;
    Fault               fault = {.text = ""};

    (void)state;
    assert_ok(table_builder_open(&options, &builder, &fault));
    assert_ok(table_builder_add(builder, 16384, text("apple"), 12, ENTRY_PUT, text("red"), 0, &fault));
    assert_ok(table_builder_add(builder, 16385, text("pear"), 14, ENTRY_PUT, text("yellow"), 0, &fault));
    assert_ok(table_builder_finish(builder, &meta, &fault));
    assert_int_equal(meta->entries, 2);
    file_meta_unref(meta);
    compare_with_document("docs/formats/table.md", bytes, read_whole("0000000007.sst", bytes, sizeof bytes));
}

static void the_manifest_is_written_as_documented(void **state)
{
    FileMeta       meta = {.number = 7, .identity = IDENTITY, .size = 400, .epoch = 3, .min_csn = 12, .max_csn = 14, .entries = 2};
    FileRelation   relation = {16384, 2, 20, 8};
    VersionEdit    edit = {.flushed = 14, .first_log = 1, .next_file = 8};
    static uint8_t bytes[4096];
    Manifest      *manifest;
    FileMeta      *made;
    uint8_t       *data;
    size_t         size;
    Fault          fault = {.text = ""};

    (void)state;
    meta.smallest = slice_of("\0\0\x40\0a", 5);
    meta.largest = slice_of("\0\0\x40\0z", 5);
    meta.relations = &relation;
    meta.relation_count = 1;
    made = file_meta_new(&meta);
    assert_ok(version_edit_add(&edit, 0, made, &fault));
    assert_ok(version_edit_relation(&edit, &(EditRelation){16384, {.kind = RELATION_INDEX, .filter_suffix_bytes = 8}, 0}, &fault));
    assert_ok(version_edit_encode(&edit, &data, &size, &fault));
    assert_ok(manifest_create(test_directory, IDENTITY, slice_of(data, size), &manifest, &fault));
    manifest_close(manifest);
    version_edit_free(&edit);
    free(data);
    compare_with_document("docs/formats/manifest.md", bytes, read_whole("manifest", bytes, sizeof bytes));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_test_directory, drop_test_directory)

TEST_MAIN(TEST(the_log_is_written_as_documented), TEST(a_block_is_written_as_documented),
          TEST(a_table_is_written_as_documented), TEST(the_manifest_is_written_as_documented))
