/*
 * bulk_writer.c - ascending keys of one relation straight into tables that enter with the commit.
 */
#include "storage/lsm/engine_state.h"
#include "storage/lsm/table_builder.h"

#include <stdlib.h>

enum { BULK_TABLE_BYTES = 32 << 20 };

struct BulkWriter {
    WriteSet       *writes;
    StorageId       id;
    RelationOptions options;
    TableBuilder   *builder; /* NULL: none begun */
    FileMeta      **tables;  /* finished ones */
    int             count, capacity;
    bool            failed;
};

Status bulk_writer_open(WriteSet *writes, StorageId id, BulkWriter **writer_out, Fault *fault)
{
    BulkWriter *writer = calloc(1, sizeof *writer);

    if (writer == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a bulk load");
    writer->writes = writes;
    writer->id = id;
    writeset_options(writes, id, &writer->options);
    *writer_out = writer;
    return STATUS_OK;
}

static Status finish_table(BulkWriter *writer, Fault *fault)
{
    TableBuilder *builder = writer->builder;
    FileMeta     *meta;

    writer->builder = NULL;
    if (writer->count == writer->capacity) {
        int        capacity = MAX(8, writer->capacity * 2);
        FileMeta **tables = realloc(writer->tables, (size_t)capacity * sizeof *tables);

        if (tables == NULL) {
            table_builder_abandon(builder);
            return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a bulk load");
        }
        writer->tables = tables;
        writer->capacity = capacity;
    }
    TRY(table_builder_finish(builder, &meta, fault));
    meta->cache = writer->writes->engine->tables;
    atomic_store_explicit(&meta->obsolete, true, memory_order_relaxed); /* until the commit */
    writer->tables[writer->count++] = meta;
    return STATUS_OK;
}

static Status add(BulkWriter *writer, Slice key, Slice value, Fault *fault)
{
    Engine *engine = writer->writes->engine;

    if (key.size > ENGINE_MAX_KEY_BYTES || value.size > ENGINE_MAX_VALUE_BYTES)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "key of %zu or value of %zu bytes exceeds the limit", key.size, value.size);
    if (writer->builder != NULL && table_builder_bytes(writer->builder) >= BULK_TABLE_BYTES)
        TRY(finish_table(writer, fault));
    if (writer->builder == NULL) {
        TableBuilderOptions options = {
            .directory = engine->directory,
            .number = atomic_fetch_add_explicit(&engine->next_file, 1, memory_order_relaxed),
            .compression = COMPRESSION_LZ4,
        };

        TRY(table_builder_open(&options, &writer->builder, fault));
    }
    return table_builder_add(writer->builder, writer->id, key, 0, ENTRY_PUT, value, writer->options.filter_suffix_bytes, fault);
}

Status bulk_writer_add(BulkWriter *writer, Slice key, Slice value, Fault *fault)
{
    Status status = writer->failed ? FAULT(fault, STATUS_IO, 0, "the bulk load failed before") : add(writer, key, value, fault);

    writer->failed |= status != STATUS_OK;
    return status;
}

Status bulk_writer_finish(BulkWriter *writer, Fault *fault)
{
    Status status = writer->failed ? FAULT(fault, STATUS_IO, 0, "the bulk load failed before") : STATUS_OK;

    if (status == STATUS_OK && writer->builder != NULL)
        status = finish_table(writer, fault);
    /* memory is newer than tables: what it has of these keys was written before, so it goes to an older table */
    for (int i = 0; i < writer->count && status == STATUS_OK; i++)
        if (writeset_memory_meets(writer->writes, writer->tables[i]))
            status = writeset_spill(writer->writes, fault);
    for (int i = 0; i < writer->count && status == STATUS_OK; i++) {
        status = writeset_attach(writer->writes, writer->tables[i], false, fault);
        writer->tables[i] = NULL;
    }
    bulk_writer_abandon(writer);
    return status;
}

void bulk_writer_abandon(BulkWriter *writer)
{
    if (writer == NULL)
        return;
    table_builder_abandon(writer->builder);
    for (int i = 0; i < writer->count; i++)
        file_meta_unref(writer->tables[i]);
    free(writer->tables);
    free(writer);
}
