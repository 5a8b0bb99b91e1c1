/*
 * merge_input.c - memtables and runs of tables as inputs of a merge.
 */
#include "storage/lsm/merge.h"

#include <stdlib.h>

/* ---- a memtable ------------------------------------------------------------------------------------------------------ */

typedef struct MemtableInput {
    MergeInput input;
    Memtable  *memtable;
    SkipNode  *node; /* the next one */
} MemtableInput;

static Status memtable_next(MergeInput *input, Fault *fault)
{
    MemtableInput *memtable = (MemtableInput *)input;
    SkipNode      *node = memtable->node;

    (void)fault;
    input->valid = node != NULL;
    if (node == NULL)
        return STATUS_OK;
    input->id = node->storage_id;
    input->prefix = node->prefix;
    input->key = skip_key(node);
    input->csn = node->version;
    input->kind = (EntryKind)node->kind;
    input->value = skip_value(node);
    memtable->node = skip_next(node);
    return STATUS_OK;
}

static void memtable_close(MergeInput *input)
{
    memtable_unref(((MemtableInput *)input)->memtable);
    free(input);
}

MergeInput *merge_input_memtable(Memtable *memtable)
{
    MemtableInput *input = calloc(1, sizeof *input);

    if (input == NULL)
        return NULL;
    input->input.next = memtable_next;
    input->input.close = memtable_close;
    input->memtable = memtable;
    input->node = skiplist_first(&memtable->list);
    memtable_ref(memtable);
    return &input->input;
}

/* ---- a run of tables --------------------------------------------------------------------------------------------------- */

enum { READ_BYTES = 512 << 10 };

typedef struct TablesInput {
    MergeInput     input;
    TableCache    *tables;
    FileMeta     **files;
    int            count, file; /* file: of the reader */
    TableReader   *reader;
    uint32_t       block; /* the next to decode */
    uint8_t       *chunk; /* framed blocks as they stand in the file */
    uint64_t       chunk_offset;
    size_t         chunk_size, chunk_capacity;
    uint8_t       *payload;
    size_t         payload_capacity;
    const uint8_t *at, *end; /* in the payload */
    Csn            base;
    uint8_t       *key; /* TABLE_KEY_BYTES */
    size_t         key_size;
} TablesInput;

/* Reads as many whole blocks as the chunk takes, one at least. */
static Status read_chunk(TablesInput *tables, Fault *fault)
{
    TableReader *reader = tables->reader;
    uint32_t     last = tables->block;
    uint64_t     start = reader->offsets[tables->block];
    size_t       size;

    while (last + 1 < reader->block_count && reader->offsets[last + 2] - start <= READ_BYTES)
        last++;
    size = (size_t)(reader->offsets[last + 1] - start);
    if (tables->chunk_capacity < size) {
        uint8_t *chunk = realloc(tables->chunk, MAX(size, (size_t)READ_BYTES));

        if (chunk == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a compaction");
        tables->chunk = chunk;
        tables->chunk_capacity = MAX(size, (size_t)READ_BYTES);
    }
    TRY(file_read_exactly(reader->file, start, tables->chunk, size, fault));
    if (last + 1 < reader->block_count)
        file_prefetch(reader->file, start + size, READ_BYTES);
    tables->chunk_offset = start;
    tables->chunk_size = size;
    return STATUS_OK;
}

static Status next_block(TablesInput *tables, Fault *fault)
{
    TableReader *reader = tables->reader;
    uint64_t     offset = reader->offsets[tables->block];
    BlockView    view;
    Slice        payload;

    if (offset < tables->chunk_offset || offset >= tables->chunk_offset + tables->chunk_size)
        TRY(read_chunk(tables, fault));
    TRY(table_reader_decode(reader, tables->block, tables->chunk + (offset - tables->chunk_offset),
                            tables->chunk_size - (size_t)(offset - tables->chunk_offset), &tables->payload,
                            &tables->payload_capacity, &payload, fault));
    tables->block++;
    view = block_view(payload);
    tables->at = view.data;
    tables->end = view.entries_end;
    tables->base = view.base;
    tables->key_size = 0;
    return STATUS_OK;
}

static Status tables_next(MergeInput *input, Fault *fault)
{
    TablesInput *tables = (TablesInput *)input;
    BlockEntry   entry;

    while (tables->at == tables->end) {
        if (tables->reader != NULL && tables->block < tables->reader->block_count) {
            TRY(next_block(tables, fault));
            continue;
        }
        table_reader_unref(tables->reader);
        tables->reader = NULL;
        if (tables->file + 1 == tables->count) {
            input->valid = false;
            return STATUS_OK;
        }
        TRY(table_cache_acquire(tables->tables, tables->files[++tables->file], &tables->reader, fault));
        tables->block = 0;
        tables->chunk_size = 0;
    }
    tables->at = block_decode(tables->at, tables->base, &entry);
    memcpy(tables->key + entry.shared, entry.suffix, entry.unshared);
    tables->key_size = entry.shared + entry.unshared;
    input->valid = true;
    input->id = get_be32(tables->key);
    input->key = slice_of(tables->key + 4, tables->key_size - 4);
    input->prefix = skip_prefix(input->key);
    input->csn = tables->reader->stamp != 0 ? tables->reader->stamp : entry.csn;
    input->kind = entry.kind;
    input->value = entry.value;
    return STATUS_OK;
}

static void tables_close(MergeInput *input)
{
    TablesInput *tables = (TablesInput *)input;

    table_reader_unref(tables->reader);
    free(tables->chunk);
    free(tables->payload);
    free(tables->key);
    free(tables);
}

MergeInput *merge_input_tables(TableCache *cache, FileMeta **files, int count)
{
    TablesInput *input = calloc(1, sizeof *input);

    if (input == NULL)
        return NULL;
    input->input.next = tables_next;
    input->input.close = tables_close;
    input->tables = cache;
    input->files = files;
    input->count = count;
    input->file = -1;
    input->key = malloc(TABLE_KEY_BYTES);
    if (input->key == NULL) {
        free(input);
        return NULL;
    }
    return &input->input;
}
