/*
 * version.c - versions, their files, and how an edit makes the next version. Edits on disk: version_edit.c.
 */
#include "storage/lsm/version.h"

#include "base/bytes.h"
#include "storage/lsm/table_cache.h"

#include <stdlib.h>

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for the list of tables");
}

FileMeta *file_meta_new(const FileMeta *meta)
{
    size_t    relations_size = (size_t)meta->relation_count * sizeof *meta->relations;
    FileMeta *copy = malloc(sizeof *copy + relations_size + meta->smallest.size + meta->largest.size);
    uint8_t  *at;

    if (copy == NULL)
        return NULL;
    *copy = *meta;
    atomic_init(&copy->references, 1);
    atomic_init(&copy->reader, NULL);
    atomic_init(&copy->used_at, 0);
    atomic_init(&copy->obsolete, false);
    copy->compacting = false;
    copy->relations = (FileRelation *)(copy + 1);
    if (relations_size != 0)
        memcpy(copy->relations, meta->relations, relations_size);
    at = (uint8_t *)(copy + 1) + relations_size;
    memcpy(at, meta->smallest.data, meta->smallest.size);
    copy->smallest.data = at;
    at += meta->smallest.size;
    memcpy(at, meta->largest.data, meta->largest.size);
    copy->largest.data = at;
    return copy;
}

void file_meta_ref(FileMeta *meta)
{
    atomic_fetch_add_explicit(&meta->references, 1, memory_order_relaxed);
}

void file_meta_unref(FileMeta *meta)
{
    if (meta == NULL || atomic_fetch_sub_explicit(&meta->references, 1, memory_order_acq_rel) != 1)
        return;
    if (meta->cache != NULL)
        table_cache_forget(meta->cache, meta);
    free(meta);
}

const FileRelation *file_meta_relation(const FileMeta *meta, StorageId id)
{
    int low = 0, high = meta->relation_count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (meta->relations[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < meta->relation_count && meta->relations[low].id == id ? &meta->relations[low] : NULL;
}

bool file_meta_overlap(const FileMeta *a, const FileMeta *b)
{
    if (slice_compare(a->largest, b->smallest) < 0 || slice_compare(b->largest, a->smallest) < 0)
        return false;
    for (int i = 0, j = 0; i < a->relation_count && j < b->relation_count;) {
        if (a->relations[i].id == b->relations[j].id)
            return true; /* of a shared relation only the outer bounds are known: they meet, or it lies inside */
        if (a->relations[i].id < b->relations[j].id)
            i++;
        else
            j++;
    }
    return false;
}

Version *version_new(void)
{
    Version *version = calloc(1, sizeof *version);

    if (version != NULL)
        atomic_init(&version->references, 1);
    return version;
}

void version_ref(Version *version)
{
    atomic_fetch_add_explicit(&version->references, 1, memory_order_relaxed);
}

void version_unref(Version *version)
{
    if (version == NULL || atomic_fetch_sub_explicit(&version->references, 1, memory_order_acq_rel) != 1)
        return;
    for (int level = 0; level < ENGINE_LEVELS; level++) {
        for (int i = 0; i < version->levels[level].count; i++)
            file_meta_unref(version->levels[level].files[i]);
        free(version->levels[level].files);
    }
    free(version);
}

int version_find(const VersionLevel *level, Slice engine_key)
{
    int low = 0, high = level->count;

    while (low < high) {
        int middle = low + (high - low) / 2;

        if (slice_compare(level->files[middle]->largest, engine_key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int version_level0_runs(const Version *version)
{
    const VersionLevel *level = &version->levels[0];
    int                 runs = 0;

    for (int i = 0; i < level->count; i++)
        runs += i == 0 || level->files[i]->epoch != level->files[i - 1]->epoch;
    return runs;
}

/* ---- edits --------------------------------------------------------------------------------------------------------- */

/* Room for one more element in an array of an edit. */
static bool grow_array(void **array, int count, int *capacity, size_t element_size)
{
    int   wanted = MAX(4, *capacity * 2);
    void *grown;

    if (count < *capacity)
        return true;
    grown = realloc(*array, (size_t)wanted * element_size);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

static Status edit_file(EditFile **files, int *count, int *capacity, int level, FileMeta *meta, Fault *fault)
{
    void *array = *files;

    if (!grow_array(&array, *count, capacity, sizeof **files))
        return no_memory(fault);
    *files = array;
    (*files)[(*count)++] = (EditFile){level, meta};
    return STATUS_OK;
}

Status version_edit_add(VersionEdit *edit, int level, FileMeta *meta, Fault *fault)
{
    Status status = edit_file(&edit->added, &edit->added_count, &edit->added_capacity, level, meta, fault);

    if (status != STATUS_OK)
        file_meta_unref(meta);
    return status;
}

Status version_edit_delete(VersionEdit *edit, int level, FileMeta *meta, Fault *fault)
{
    Status status = edit_file(&edit->deleted, &edit->deleted_count, &edit->deleted_capacity, level, meta, fault);

    if (status == STATUS_OK)
        file_meta_ref(meta);
    return status;
}

Status version_edit_relation(VersionEdit *edit, const EditRelation *relation, Fault *fault)
{
    void *array = edit->relations;

    if (!grow_array(&array, edit->relation_count, &edit->relation_capacity, sizeof *relation))
        return no_memory(fault);
    edit->relations = array;
    edit->relations[edit->relation_count++] = *relation;
    return STATUS_OK;
}

Status version_edit_forget(VersionEdit *edit, StorageId id, Fault *fault)
{
    void *array = edit->forgotten;

    if (!grow_array(&array, edit->forgotten_count, &edit->forgotten_capacity, sizeof id))
        return no_memory(fault);
    edit->forgotten = array;
    edit->forgotten[edit->forgotten_count++] = id;
    return STATUS_OK;
}

void version_edit_free(VersionEdit *edit)
{
    for (int i = 0; i < edit->added_count; i++)
        file_meta_unref(edit->added[i].meta);
    for (int i = 0; i < edit->deleted_count; i++)
        file_meta_unref(edit->deleted[i].meta);
    free(edit->added);
    free(edit->deleted);
    free(edit->relations);
    free(edit->forgotten);
    free(edit->counters);
    *edit = (VersionEdit){0};
}

/* Newest epoch first; files of one epoch share no key and stand in key order. */
static int by_epoch(const void *a, const void *b)
{
    const FileMeta *left = *(FileMeta *const *)a;
    const FileMeta *right = *(FileMeta *const *)b;

    if (left->epoch != right->epoch)
        return left->epoch < right->epoch ? 1 : -1;
    return slice_compare(left->smallest, right->smallest);
}

static int by_key(const void *a, const void *b)
{
    return slice_compare((*(FileMeta *const *)a)->smallest, (*(FileMeta *const *)b)->smallest);
}

static bool is_deleted(const VersionEdit *edit, int level, uint64_t number)
{
    for (int i = 0; i < edit->deleted_count; i++)
        if (edit->deleted[i].level == level && edit->deleted[i].meta->number == number)
            return true;
    return false;
}

static Status apply_level(const VersionLevel *base, const VersionEdit *edit, int level, VersionLevel *result, Fault *fault)
{
    int added = 0, kept = 0;

    for (int i = 0; i < edit->added_count; i++)
        added += edit->added[i].level == level;
    result->files = malloc((size_t)(base->count + added + 1) * sizeof *result->files);
    if (result->files == NULL)
        return no_memory(fault);
    for (int i = 0; i < base->count; i++) {
        if (is_deleted(edit, level, base->files[i]->number)) {
            kept++;
            continue;
        }
        file_meta_ref(base->files[i]);
        result->files[result->count++] = base->files[i];
    }
    for (int i = 0; i < edit->deleted_count; i++)
        kept -= edit->deleted[i].level == level;
    if (kept != 0)
        return FAULT(fault, STATUS_CORRUPT, 0, "the manifest deletes a table that level %d does not have", level);
    for (int i = 0; i < edit->added_count; i++) {
        if (edit->added[i].level == level) {
            file_meta_ref(edit->added[i].meta);
            result->files[result->count++] = edit->added[i].meta;
        }
    }
    if (added != 0)
        qsort(result->files, (size_t)result->count, sizeof *result->files, level == 0 ? by_epoch : by_key);
    for (int i = 0; i < result->count; i++) {
        result->bytes += result->files[i]->size;
        if (level > 0 && i > 0 && slice_compare(result->files[i - 1]->largest, result->files[i]->smallest) >= 0)
            return FAULT(fault, STATUS_CORRUPT, 0, "tables %llu and %llu of level %d overlap",
                         (unsigned long long)result->files[i - 1]->number, (unsigned long long)result->files[i]->number, level);
    }
    return STATUS_OK;
}

Status version_apply(const Version *base, const VersionEdit *edit, Version **version_out, Fault *fault)
{
    Version *version = version_new();

    if (version == NULL)
        return no_memory(fault);
    for (int level = 0; level < ENGINE_LEVELS; level++) {
        Status status = apply_level(&base->levels[level], edit, level, &version->levels[level], fault);

        if (status != STATUS_OK) {
            version_unref(version);
            return status;
        }
    }
    *version_out = version;
    return STATUS_OK;
}
