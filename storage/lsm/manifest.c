/*
 * manifest.c - see manifest.h.
 */
#include "storage/lsm/manifest.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/hash.h"

#include <stdlib.h>

enum {
    HEADER_BYTES = 32,
    RECORD_HEADER_BYTES = 16,
    MAX_RECORD_BYTES = 1 << 30,
    REWRITE_ABOVE_BYTES = 1 << 20,
};

static const char magic[8] = {'N', 'e', 'x', 'a', 'D', 'B', 'm', 'f'};

struct Manifest {
    char    *directory;
    char    *path;
    File    *file;
    uint64_t identity;
    uint64_t rewrites;
    uint64_t size;
    uint64_t records;
    bool     failed;
};

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the manifest");
}

static void put_header(uint8_t header[HEADER_BYTES], const Manifest *manifest)
{
    memcpy(header, magic, sizeof magic);
    put_le32(header + 8, MANIFEST_FORMAT);
    put_le64(header + 16, manifest->identity);
    put_le64(header + 24, manifest->rewrites);
    put_le32(header + 12, checksum32(header + 16, 16) + MANIFEST_FORMAT);
}

static void put_record_header(uint8_t *at, size_t payload_size, uint64_t number)
{
    put_le32(at + 4, (uint32_t)payload_size);
    put_le64(at + 8, number);
    put_le32(at, checksum32(at + 4, RECORD_HEADER_BYTES - 4 + payload_size));
}

/* A frame around a record, from malloc. */
static uint8_t *frame_record(Slice record, uint64_t number, size_t header_bytes)
{
    uint8_t *data = malloc(header_bytes + RECORD_HEADER_BYTES + record.size);

    if (data == NULL)
        return NULL;
    if (record.size != 0)
        memcpy(data + header_bytes + RECORD_HEADER_BYTES, record.data, record.size);
    put_record_header(data + header_bytes, record.size, number);
    return data;
}

static Manifest *manifest_new(const char *directory)
{
    Manifest *manifest = calloc(1, sizeof *manifest);

    if (manifest == NULL)
        return NULL;
    manifest->directory = strdup(directory);
    manifest->path = path_join(directory, "manifest");
    if (manifest->directory == NULL || manifest->path == NULL) {
        manifest_close(manifest);
        return NULL;
    }
    return manifest;
}

void manifest_close(Manifest *manifest)
{
    if (manifest == NULL)
        return;
    file_close(manifest->file);
    free(manifest->directory);
    free(manifest->path);
    free(manifest);
}

uint64_t manifest_identity(const Manifest *manifest)
{
    return manifest->identity;
}

/* Writes header and record to manifest.new, syncs, and renames it over the manifest. */
Status manifest_rewrite(Manifest *manifest, Slice record, Fault *fault)
{
    char    *new_path = path_join(manifest->directory, "manifest.new");
    uint8_t *data = frame_record(record, 1, HEADER_BYTES);
    File    *file = NULL;
    Status   status = new_path == NULL || data == NULL ? no_memory(fault) : STATUS_OK;

    manifest->rewrites++;
    if (status == STATUS_OK) {
        put_header(data, manifest);
        status = file_open(new_path, FILE_WRITE | FILE_CREATE | FILE_TRUNCATE, &file, fault);
    }
    if (status == STATUS_OK)
        status = file_write(file, 0, data, HEADER_BYTES + RECORD_HEADER_BYTES + record.size, fault);
    if (status == STATUS_OK)
        status = file_sync(file, fault);
    if (status == STATUS_OK)
        status = path_rename(new_path, manifest->path, fault);
    if (status == STATUS_OK) {
        file_close(manifest->file);
        manifest->file = file;
        file = NULL;
        manifest->size = HEADER_BYTES + RECORD_HEADER_BYTES + record.size;
        manifest->records = 1;
        status = path_sync_directory(manifest->directory, fault);
        if (status != STATUS_OK)
            manifest->failed = true; /* which of the two files a power cut leaves is unknown: appending to one could be lost */
    } else if (new_path != NULL) {
        (void)path_unlink(new_path, NULL);
    }
    file_close(file);
    free(new_path);
    free(data);
    return status;
}

Status manifest_create(const char *directory, uint64_t identity, Slice first_record, Manifest **manifest_out, Fault *fault)
{
    Manifest *manifest = manifest_new(directory);
    Status    status;

    if (manifest == NULL)
        return no_memory(fault);
    manifest->identity = identity;
    status = manifest_rewrite(manifest, first_record, fault);
    if (status != STATUS_OK) {
        manifest_close(manifest);
        return status;
    }
    *manifest_out = manifest;
    return STATUS_OK;
}

Status manifest_append(Manifest *manifest, Slice record, Fault *fault)
{
    uint8_t *data;
    Status   status;

    if (manifest->failed)
        return FAULT(fault, STATUS_READ_ONLY, 0, "\"%s\" takes no more records after an earlier failure", manifest->path);
    data = frame_record(record, manifest->records + 1, 0);
    if (data == NULL)
        return no_memory(fault);
    status = file_write(manifest->file, manifest->size, data, RECORD_HEADER_BYTES + record.size, fault);
    if (status == STATUS_NO_SPACE) {
        /* nothing of it counts: whatever was written is overwritten by the next record or cut off at the next start */
        free(data);
        return status;
    }
    if (status == STATUS_OK)
        status = file_sync(manifest->file, fault);
    free(data);
    if (status != STATUS_OK) {
        manifest->failed = true;
        return status;
    }
    manifest->size += RECORD_HEADER_BYTES + record.size;
    manifest->records++;
    return STATUS_OK;
}

bool manifest_wants_rewrite(const Manifest *manifest, size_t live_bytes)
{
    return manifest->size > REWRITE_ABOVE_BYTES && manifest->size / 4 > live_bytes;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static bool record_is_whole(const uint8_t *at, size_t size, uint64_t number, size_t *payload_out)
{
    size_t payload;

    if (size < RECORD_HEADER_BYTES)
        return false;
    payload = get_le32(at + 4);
    if (payload > MAX_RECORD_BYTES || payload > size - RECORD_HEADER_BYTES || get_le64(at + 8) != number)
        return false;
    *payload_out = payload;
    return get_le32(at) == checksum32(at + 4, RECORD_HEADER_BYTES - 4 + payload);
}

/* Whether any whole record with a later number stands behind a bad one. */
static bool whole_record_follows(const uint8_t *data, size_t size, size_t offset, uint64_t number)
{
    for (size_t at = offset + 1; at + RECORD_HEADER_BYTES <= size; at++) {
        uint64_t stands = get_le64(data + at + 8);
        size_t   payload;

        if (stands > number && stands < number + 1000000 && record_is_whole(data + at, size - at, stands, &payload))
            return true;
    }
    return false;
}

static Status read_header(Manifest *manifest, const uint8_t *data, size_t size, Fault *fault)
{
    if (size < HEADER_BYTES || memcmp(data, magic, sizeof magic) != 0)
        return FAULT(fault, STATUS_FORMAT, 0, "\"%s\" is not the manifest of a NexaDB store", manifest->path);
    if (get_le32(data + 8) != MANIFEST_FORMAT)
        return FAULT(fault, STATUS_FORMAT, 0, "\"%s\" has format %u, this program reads %d", manifest->path,
                     get_le32(data + 8), MANIFEST_FORMAT);
    if (get_le32(data + 12) != checksum32(data + 16, 16) + MANIFEST_FORMAT)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset 0: the header's checksum is wrong", manifest->path);
    manifest->identity = get_le64(data + 16);
    manifest->rewrites = get_le64(data + 24);
    return STATUS_OK;
}

static Status read_records(Manifest *manifest, const uint8_t *data, size_t size, bool read_only,
                           Status (*visit)(void *arg, Slice record, Fault *fault), void *arg, Fault *fault)
{
    size_t offset = HEADER_BYTES;
    size_t payload = 0;

    while (record_is_whole(data + offset, size - offset, manifest->records + 1, &payload)) {
        TRY(visit(arg, slice_of(data + offset + RECORD_HEADER_BYTES, payload), fault));
        manifest->records++;
        offset += RECORD_HEADER_BYTES + payload;
    }
    manifest->size = offset;
    if (manifest->records == 0)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %zu: the first record is damaged", manifest->path, offset);
    if (offset == size)
        return STATUS_OK;
    if (whole_record_follows(data, size, offset, manifest->records))
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" offset %zu: record %llu is damaged", manifest->path, offset,
                     (unsigned long long)manifest->records + 1);
    if (read_only)
        return STATUS_OK;
    TRY(file_truncate(manifest->file, offset, fault));
    return file_sync(manifest->file, fault);
}

Status manifest_open(const char *directory, bool read_only, Status (*visit)(void *arg, Slice record, Fault *fault),
                     void *arg, Manifest **manifest_out, Fault *fault)
{
    Manifest *manifest = manifest_new(directory);
    uint64_t  size = 0;
    uint8_t  *data = NULL;
    Status    status;

    if (manifest == NULL)
        return no_memory(fault);
    status = file_open(manifest->path, read_only ? 0 : FILE_WRITE, &manifest->file, fault);
    if (status == STATUS_OK)
        status = file_size(manifest->file, &size, fault);
    if (status == STATUS_OK) {
        data = malloc(size + 1);
        if (data == NULL)
            status = no_memory(fault);
    }
    if (status == STATUS_OK)
        status = file_read_exactly(manifest->file, 0, data, size, fault);
    if (status == STATUS_OK)
        status = read_header(manifest, data, size, fault);
    if (status == STATUS_OK)
        status = read_records(manifest, data, size, read_only, visit, arg, fault);
    free(data);
    if (status != STATUS_OK) {
        manifest_close(manifest);
        return status;
    }
    manifest->failed = read_only;
    *manifest_out = manifest;
    return STATUS_OK;
}
