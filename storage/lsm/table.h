/*
 * table.h - the layout of a sorted table file; docs/formats/table.md has a worked dump.
 *
 * On disk     <number>.sst: blocks of entries one behind the other from offset 0, then the index, the filter, the
 *             properties, the sections block, and a footer of 48 bytes, little-endian, format 1:
 *                 offset  size  field
 *                      0     8  "NexaDBtb"
 *                      8     4  format
 *                     12     4  low half of XXH3-64 of bytes 16 .. 47, plus the format
 *                     16     8  identity: random, unique to this file
 *                     24     8  offset of the sections block
 *                     32     4  size on disk of the sections block
 *                     36     4  zero
 *                     40     8  size of the file
 *             The sections block lists the others, for each: varint kind (BlockKind), varint offset, varint size on disk.
 *             Readers pass over kinds they do not know.
 *             Properties: tag, length, body as in the manifest; the statistics of columns have tags of their own, later.
 * Raises      never
 */
#ifndef STORAGE_LSM_TABLE_H
#define STORAGE_LSM_TABLE_H

#include "storage/lsm/block.h"
#include "storage/lsm/log_record.h"

enum { TABLE_FOOTER_BYTES = 48, TABLE_FORMAT = 1, TABLE_NAME_BYTES = 32 };

/* Tags of the properties, on disk: never reused. */
enum {
    PROPERTY_CSNS = 1,        /* varint lowest, varint highest */
    PROPERTY_COUNTS = 2,      /* varint entries, varint tombstones, varint older versions */
    PROPERTY_SMALLEST = 3,    /* engine key */
    PROPERTY_LARGEST = 4,     /* engine key */
    PROPERTY_RELATIONS = 5,   /* for each: varint storage id, varint entries, varint bytes, byte filter suffix */
    PROPERTY_STATISTICS = 64, /* set aside for statistics of columns */
};

#define TABLE_MAGIC "NexaDBtb"

/* "0000000007.sst", and back; false: not the name of a table. */
void table_name(uint64_t number, char name[TABLE_NAME_BYTES]);
bool table_parse_name(const char *name, uint64_t *number_out);

static inline void engine_key_put(uint8_t *to, StorageId id, Slice key)
{
    put_be32(to, id);
    if (key.size != 0)
        memcpy(to + 4, key.data, key.size);
}

/* How an engine key stands to (id, key) without putting the two together. */
static inline int engine_key_compare(Slice engine_key, StorageId id, Slice key)
{
    StorageId own = get_be32(engine_key.data);

    if (own != id)
        return own < id ? -1 : 1;
    return slice_compare(slice_of(engine_key.data + 4, engine_key.size - 4), key);
}

#endif
