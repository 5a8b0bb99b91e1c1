/*
 * relation_size.c - how much a relation occupies, from what the manifest and the memtables know.
 */
#include "storage/lsm/engine_state.h"

RelationSize engine_relation_size(Engine *engine, StorageId id)
{
    RelationSize size = {0};
    Sources     *sources = sources_acquire(engine);

    for (int i = 0; i < sources->memtable_count; i++) {
        uint64_t entries, bytes;

        skiplist_estimate(&sources->memtables[i]->list, id, &entries, &bytes);
        size.entries += entries;
        size.memory_bytes += bytes;
    }
    for (int level = 0; level < ENGINE_LEVELS; level++) {
        const VersionLevel *at = &sources->version->levels[level];

        for (int i = 0; i < at->count; i++) {
            const FileMeta     *meta = at->files[i];
            const FileRelation *relation = file_meta_relation(meta, id);
            uint64_t            all = 0;

            if (relation == NULL)
                continue;
            for (int j = 0; j < meta->relation_count; j++)
                all += meta->relations[j].bytes;
            size.entries += relation->entries;
            size.disk_bytes += all != 0 ? (uint64_t)((double)meta->size * (double)relation->bytes / (double)all) : meta->size;
        }
    }
    sources_release(sources);
    return size;
}
