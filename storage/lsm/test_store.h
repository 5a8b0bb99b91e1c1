/*
 * test_store.h - what the engine's tests share: a store in a temporary directory, short ways to write and read it.
 */
#ifndef STORAGE_LSM_TEST_STORE_H
#define STORAGE_LSM_TEST_STORE_H

#include "base/file.h"
#include "base/test.h"
#include "storage/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define assert_ok(call)                                                                                       \
    do {                                                                                                      \
        Fault  fault_ = {.text = ""};                                                                         \
        Status status_ = (call);                                                                              \
        if (status_ != STATUS_OK)                                                                             \
            fail_msg("%s: %s: %s", #call, status_name(status_), fault.text[0] ? fault.text : fault_.text); \
    } while (0)

static char test_directory[64];

static inline __attribute__((unused)) void remove_entry(void *arg, const char *name)
{
    char *path = path_join(arg, name);

    (void)unlink(path);
    free(path);
}

static inline __attribute__((unused)) void remove_store(const char *directory)
{
    (void)!path_list(directory, remove_entry, (void *)(uintptr_t)directory, NULL);
    (void)rmdir(directory);
}

static inline __attribute__((unused)) int make_test_directory(void **state)
{
    (void)state;
    snprintf(test_directory, sizeof test_directory, "/tmp/nexadb_lsm_XXXXXX");
    return mkdtemp(test_directory) == NULL;
}

static inline __attribute__((unused)) int drop_test_directory(void **state)
{
    (void)state;
    remove_store(test_directory);
    return 0;
}

static inline __attribute__((unused)) Engine *open_store(const EngineOptions *template)
{
    EngineOptions options = template != NULL ? *template : (EngineOptions){0};
    Engine       *engine = NULL;
    Fault         fault = {.text = ""};

    options.directory = test_directory;
    assert_ok(engine_open(&options, &engine, &fault));
    return engine;
}

static inline __attribute__((unused)) void close_store(Engine *engine)
{
    Fault fault = {.text = ""};

    assert_ok(engine_close(engine, &fault));
}

static inline Slice text(const char *string)
{
    return slice_from_cstring(string);
}

static inline __attribute__((unused)) Csn commit_writes(Engine *engine, WriteSet *writes, CommitSync sync)
{
    CommitOptions options = {.xid = 1, .sync = sync};
    Fault         fault = {.text = ""};
    Csn           csn = 0;

    assert_ok(engine_commit(engine, writes, &options, &csn, &fault));
    return csn;
}

/* Commits one entry; value NULL: a tombstone. */
static inline __attribute__((unused)) Csn put_one(Engine *engine, StorageId id, const char *key, const char *value)
{
    WriteSet *writes;
    Fault     fault = {.text = ""};
    Csn       csn;

    assert_ok(writeset_new(engine, &writes, &fault));
    if (value != NULL)
        assert_ok(writeset_put(writes, id, text(key), text(value), &fault));
    else
        assert_ok(writeset_delete(writes, id, text(key), &fault));
    csn = commit_writes(engine, writes, COMMIT_NO_SYNC);
    writeset_free(writes);
    return csn;
}

/* Checks what a view sees; value NULL: nothing. */
static inline __attribute__((unused)) void assert_visible(Engine *engine, const ReadView *view, StorageId id, const char *key,
                                                        const char *value)
{
    PinnedValue found;
    Fault       fault = {.text = ""};
    Status      status = engine_get(engine, view, id, text(key), &found, &fault);

    if (value == NULL) {
        assert_int_equal(status, STATUS_NOT_FOUND);
        return;
    }
    assert_ok(status);
    if (!slice_equal(found.value, text(value)))
        fail_msg("key %s: found %.*s instead of %s", key, (int)found.value.size, (const char *)found.value.data, value);
    engine_unpin(&found);
}

/* All entries of a range as "key=value key=value ". From malloc. */
static inline __attribute__((unused)) char *scan_text(Engine *engine, const ReadView *view, const IteratorOptions *options,
                                                      int batch)
{
    IteratorEntry entries[64];
    Iterator     *iterator;
    Fault         fault = {.text = ""};
    size_t        size = 0, capacity = 256;
    char         *result = calloc(1, capacity);
    int           count;

    assert_ok(iterator_open(engine, view, options, &iterator, &fault));
    for (;;) {
        assert_ok(iterator_next(iterator, entries, batch, &count, &fault));
        if (count == 0)
            break;
        for (int i = 0; i < count; i++) {
            size_t needed = entries[i].key.size + entries[i].value.size + 3;

            while (size + needed > capacity)
                result = realloc(result, capacity *= 2);
            size += (size_t)sprintf(result + size, "%.*s=%.*s ", (int)entries[i].key.size, (const char *)entries[i].key.data,
                                    (int)entries[i].value.size, (const char *)entries[i].value.data);
        }
    }
    iterator_close(iterator);
    return result;
}

#endif
