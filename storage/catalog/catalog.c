/*
 * catalog.c - finding descriptors; opening a store's catalog. catalog.h is the contract, catalog_write.c changes them.
 */
#include "storage/catalog/catalog_state.h"

#include "base/bytes.h"
#include "storage/catalog/descriptor_codec.h"

#include <stdio.h>
#include <stdlib.h>

/* Schemas that every database has and nobody can change: made up when asked for. */
static const struct {
    Oid         oid;
    const char *name;
} built_in_schemas[] = {
    {OID_SCHEMA_PG_CATALOG, "pg_catalog"},
    {OID_SCHEMA_PG_TOAST, "pg_toast"},
    {OID_SCHEMA_INFORMATION_SCHEMA, "information_schema"},
};

/* ---- keys ------------------------------------------------------------------------------------------------------------- */

Slice desc_key_bytes(const DescKey *key, uint8_t *bytes)
{
    bytes[0] = (uint8_t)key->kind;
    put_be32(bytes + 1, key->database);
    put_be32(bytes + 5, key->id);
    return slice_of(bytes, DESC_KEY_BYTES);
}

Status name_key_bytes(const DescKey *key, Oid oid, uint8_t *bytes, Slice *out, Fault *fault)
{
    size_t size = strlen(key->name);

    if (size > NAME_KEY_MAX_BYTES - DESC_KEY_BYTES - 5)
        return FAULT(fault, STATUS_TOO_LARGE, 0, "name of %zu bytes", size);
    desc_key_bytes(key, bytes);
    memcpy(bytes + DESC_KEY_BYTES, key->name, size);
    size += DESC_KEY_BYTES;
    if (key->kind == DESC_FUNCTION) {
        bytes[size++] = 0;
        if (oid != 0) {
            put_be32(bytes + size, oid);
            size += 4;
        }
    }
    *out = slice_of(bytes, size);
    return STATUS_OK;
}

/* ---- reading the relations ---------------------------------------------------------------------------------------------- */

static Status read_desc(Catalog *catalog, const ReadView *view, const DescKey *key, const Desc **out, Fault *fault)
{
    uint8_t     bytes[DESC_KEY_BYTES];
    PinnedValue pinned = {0};
    Status      status;

    TRY(engine_get(catalog->engine, view, CATALOG_DESCRIPTORS, desc_key_bytes(key, bytes), &pinned, fault));
    status = desc_decode(pinned.value, pinned.csn, out, fault);
    engine_unpin(&pinned);
    if (status == STATUS_OK && ((*out)->kind != key->kind || (*out)->oid != key->id)) {
        desc_unref(*out);
        status = FAULT(fault, STATUS_CORRUPT, 0, "descriptor %u of kind %d stands under another's key", key->id, (int)key->kind);
    }
    return status;
}

/* The first function of a name: the callers that mind overloading list them. */
static Status read_function_name(Catalog *catalog, const ReadView *view, Slice lower, Oid *oid_out, Fault *fault)
{
    uint8_t         end[NAME_KEY_MAX_BYTES];
    IteratorOptions options = {.storage_id = CATALOG_NAMES, .lower = lower, .upper = slice_of(end, lower.size)};
    Iterator       *iterator;
    IteratorEntry   entry;
    int             count;
    Status          status;

    memcpy(end, lower.data, lower.size);
    end[lower.size - 1] = 1; /* behind the name and its zero byte */
    TRY(iterator_open(catalog->engine, view, &options, &iterator, fault));
    status = iterator_next(iterator, &entry, 1, &count, fault);
    if (status == STATUS_OK && count == 0)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        *oid_out = get_le32(entry.value.data);
    iterator_close(iterator);
    return status;
}

Status catalog_read_name(Catalog *catalog, const ReadView *view, const DescKey *key, Oid *oid_out, Fault *fault)
{
    uint8_t     bytes[NAME_KEY_MAX_BYTES];
    Slice       name;
    PinnedValue pinned = {0};
    Status      status = STATUS_OK;

    TRY(name_key_bytes(key, 0, bytes, &name, fault));
    if (key->kind == DESC_FUNCTION)
        return read_function_name(catalog, view, name, oid_out, fault);
    TRY(engine_get(catalog->engine, view, CATALOG_NAMES, name, &pinned, fault));
    if (pinned.value.size == 4)
        *oid_out = get_le32(pinned.value.data);
    else
        status = FAULT(fault, STATUS_CORRUPT, 0, "the catalog's entry for the name %s has %zu bytes", key->name, pinned.value.size);
    engine_unpin(&pinned);
    return status;
}

/* ---- built-in schemas ----------------------------------------------------------------------------------------------------- */

static Status make_built_in(const DescKey *key, const Desc **out, Fault *fault)
{
    for (size_t i = 0; i < ARRAY_LENGTH(built_in_schemas) && key->kind == DESC_SCHEMA; i++) {
        Desc *desc;

        if (key->name != NULL ? strcmp(key->name, built_in_schemas[i].name) != 0 : key->id != built_in_schemas[i].oid)
            continue;
        TRY(desc_make(DESC_SCHEMA, built_in_schemas[i].name, &desc, fault));
        desc->oid = built_in_schemas[i].oid;
        desc->database = key->database;
        desc->owner = OID_ROLE_NEXADB;
        desc->version = 1; /* never changes */
        *out = desc;
        return STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

/* ---- looking up -------------------------------------------------------------------------------------------------------------- */

CatalogChanges *catalog_changes(const Transaction *txn)
{
    return txn == NULL ? NULL : transaction_part(txn, TXN_PART_CATALOG)->data;
}

/* The cached descriptor with a reference for the caller, or NULL; *changes_out: for enter(). */
static const Desc *cached(Catalog *catalog, const DescKey *key, uint64_t *changes_out)
{
    const DescEntry *entry;
    const Desc      *desc;

    pthread_mutex_lock(&catalog->mutex);
    entry = desc_cache_find(&catalog->cache, key);
    desc = entry != NULL ? entry->desc : NULL;
    if (desc != NULL)
        desc_ref(desc);
    *changes_out = catalog->changes;
    pthread_mutex_unlock(&catalog->mutex);
    return desc;
}

/* Enters what was read, unless something was published since. Without memory it is simply not cached. */
static void enter(Catalog *catalog, const DescKey *key, const Desc *desc, uint64_t changes)
{
    DescEntry *entry;

    pthread_mutex_lock(&catalog->mutex);
    if (catalog->changes == changes) {
        entry = desc_cache_enter(&catalog->cache, key);
        if (entry != NULL)
            desc_entry_set(entry, desc);
    }
    pthread_mutex_unlock(&catalog->mutex);
}

static Status committed_by_oid(Catalog *catalog, const DescKey *key, const Desc **out, Fault *fault)
{
    ReadView view = {.csn = CSN_MAX};
    uint64_t changes;
    Status   status;

    *out = cached(catalog, key, &changes);
    if (*out != NULL)
        return STATUS_OK;
    status = make_built_in(key, out, fault);
    if (status == STATUS_NOT_FOUND)
        status = read_desc(catalog, &view, key, out, fault);
    if (status == STATUS_OK)
        enter(catalog, key, *out, changes);
    return status;
}

static Status committed_by_name(Catalog *catalog, const DescKey *key, const Desc **out, Fault *fault)
{
    ReadView view = {.csn = CSN_MAX};
    DescKey  by_oid = *key;
    uint64_t changes;
    Status   status;

    *out = cached(catalog, key, &changes);
    if (*out != NULL)
        return STATUS_OK;
    status = make_built_in(key, out, fault);
    if (status == STATUS_NOT_FOUND) {
        by_oid.name = NULL;
        TRY(catalog_read_name(catalog, &view, key, &by_oid.id, fault));
        TRY(committed_by_oid(catalog, &by_oid, out, fault));
        if ((*out)->name == NULL || strcmp((*out)->name, key->name) != 0 || (*out)->parent != key->id) {
            desc_unref(*out); /* renamed between the two reads */
            return STATUS_NOT_FOUND;
        }
        status = STATUS_OK;
    }
    if (status == STATUS_OK)
        enter(catalog, key, *out, changes);
    return status;
}

static Status by_oid(Catalog *catalog, const Transaction *txn, const DescKey *key, const Desc **out, Fault *fault)
{
    CatalogChanges *changes = catalog_changes(txn);
    DescEntry      *entry = changes == NULL ? NULL : desc_cache_find(&changes->touched, key);
    ReadView        view;

    if (entry == NULL)
        return committed_by_oid(catalog, key, out, fault);
    if (entry->desc == NULL) {
        view = transaction_newest_view(txn);
        TRY(read_desc(catalog, &view, key, out, fault));
        desc_entry_set(entry, *out);
        return STATUS_OK;
    }
    desc_ref(entry->desc);
    *out = entry->desc;
    return STATUS_OK;
}

Status catalog_by_oid(Catalog *catalog, const Transaction *txn, DescKind kind, Oid database, Oid oid, const Desc **out, Fault *fault)
{
    DescKey key = {.kind = kind, .database = desc_database(kind, database), .id = oid};

    return by_oid(catalog, txn, &key, out, fault);
}

Status catalog_by_name(Catalog *catalog, const Transaction *txn, DescKind kind, Oid database, Oid parent, const char *name,
                       const Desc **out, Fault *fault)
{
    DescKey         key = {.kind = kind, .database = desc_database(kind, database), .id = parent, .name = name};
    CatalogChanges *changes = catalog_changes(txn);
    ReadView        view;

    if (changes == NULL || desc_cache_find(&changes->touched, &key) == NULL)
        return committed_by_name(catalog, &key, out, fault);
    view = transaction_newest_view(txn);
    TRY(catalog_read_name(catalog, &view, &key, &key.id, fault));
    key.name = NULL;
    return by_oid(catalog, txn, &key, out, fault);
}

uint64_t catalog_version(const Catalog *catalog)
{
    return atomic_load_explicit(&catalog->version, memory_order_acquire);
}

/* ---- listing ------------------------------------------------------------------------------------------------------------------ */

typedef struct DescList {
    const Desc **items;
    int          count;
    int          capacity;
} DescList;

void catalog_list_free(const Desc **list, int count)
{
    for (int i = 0; i < count; i++)
        desc_unref(list[i]);
    free(list);
}

/* Takes the reference, also on failure. */
static Status list_add(DescList *list, const Desc *desc, Fault *fault)
{
    if (list->count == list->capacity) {
        int          capacity = MAX(list->capacity * 2, 64);
        const Desc **grown = realloc(list->items, (size_t)capacity * sizeof(const Desc *));

        if (grown == NULL) {
            desc_unref(desc);
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a list of descriptors");
        }
        list->items = grown;
        list->capacity = capacity;
    }
    list->items[list->count++] = desc;
    return STATUS_OK;
}

static int compare_oids(const void *a, const void *b)
{
    const Desc *x = *(const Desc *const *)a;
    const Desc *y = *(const Desc *const *)b;

    return (x->oid > y->oid) - (x->oid < y->oid);
}

static Status list_entries(Catalog *catalog, const Transaction *txn, Iterator *iterator, DescKey *key, Oid parent, DescList *list,
                           Fault *fault)
{
    IteratorEntry entries[64];
    const Desc   *desc;
    int           count;

    for (;;) {
        TRY(iterator_next(iterator, entries, ARRAY_LENGTH(entries), &count, fault));
        if (count == 0)
            return STATUS_OK;
        for (int i = 0; i < count; i++) {
            Status status;

            if (entries[i].key.size != DESC_KEY_BYTES)
                return FAULT(fault, STATUS_CORRUPT, 0, "a descriptor's key has %zu bytes", entries[i].key.size);
            key->id = get_be32(entries[i].key.data + 5);
            status = by_oid(catalog, txn, key, &desc, fault);
            if (status == STATUS_NOT_FOUND)
                continue; /* dropped since the snapshot */
            if (status != STATUS_OK)
                return status;
            if (parent != 0 && desc->parent != parent)
                desc_unref(desc);
            else
                TRY(list_add(list, desc, fault));
        }
    }
}

static Status list_built_ins(const DescKey *of_kind, DescList *list, Fault *fault)
{
    for (size_t i = 0; i < ARRAY_LENGTH(built_in_schemas) && of_kind->kind == DESC_SCHEMA; i++) {
        DescKey     key = {.kind = DESC_SCHEMA, .database = of_kind->database, .id = built_in_schemas[i].oid};
        const Desc *desc;

        TRY(make_built_in(&key, &desc, fault));
        TRY(list_add(list, desc, fault));
    }
    return STATUS_OK;
}

Status catalog_list(Catalog *catalog, const Transaction *txn, DescKind kind, Oid database, Oid parent, const Desc ***out, int *count_out,
                    Fault *fault)
{
    DescKey         key = {.kind = kind, .database = desc_database(kind, database)};
    uint8_t         lower[DESC_KEY_BYTES];
    uint8_t         upper[DESC_KEY_BYTES];
    IteratorOptions options = {.storage_id = CATALOG_DESCRIPTORS};
    ReadView        view = transaction_newest_view(txn);
    Snapshot        snapshot;
    Iterator       *iterator;
    DescList        list = {0};
    Status          status;

    options.lower = slice_of(desc_key_bytes(&key, lower).data, DESC_KEY_BYTES - 4);
    memcpy(upper, lower, sizeof upper);
    put_be32(upper + 5, UINT32_MAX); /* which is nobody's oid */
    options.upper = slice_of(upper, sizeof upper);
    engine_snapshot_acquire(catalog->engine, &snapshot);
    view.csn = snapshot.csn;
    status = iterator_open(catalog->engine, &view, &options, &iterator, fault);
    if (status == STATUS_OK) {
        status = list_entries(catalog, txn, iterator, &key, parent, &list, fault);
        iterator_close(iterator);
    }
    engine_snapshot_release(catalog->engine, &snapshot);
    if (status == STATUS_OK && parent == 0)
        status = list_built_ins(&key, &list, fault);
    if (status != STATUS_OK) {
        catalog_list_free(list.items, list.count);
        return status;
    }
    if (list.count > 1)
        qsort(list.items, (size_t)list.count, sizeof *list.items, compare_oids);
    *out = list.items;
    *count_out = list.count;
    return STATUS_OK;
}

/* ---- opening -------------------------------------------------------------------------------------------------------------------- */

static Status write_first_objects(WriteSet *writes, Fault *fault)
{
    static const struct {
        Oid         oid;
        const char *name;
    } databases[] = {{OID_DATABASE_POSTGRES, "postgres"}, {OID_DATABASE_NEXADB, "nexadb"}};
    RoleDesc role = {.head = {.kind = DESC_ROLE, .oid = OID_ROLE_NEXADB, .name = "nexadb", .owner = OID_ROLE_NEXADB},
                     .superuser = true, .inherit = true, .create_role = true, .create_db = true, .can_login = true,
                     .replication = true, .bypass_rls = true, .connection_limit = -1, .valid_until = INT64_MAX};

    TRY(catalog_write(writes, &role.head, fault));
    for (size_t i = 0; i < ARRAY_LENGTH(databases); i++) {
        DatabaseDesc database = {.head = {.kind = DESC_DATABASE, .oid = databases[i].oid, .name = databases[i].name,
                                          .owner = OID_ROLE_NEXADB},
                                 .connection_limit = -1, .allow_connections = true};
        SchemaDesc   schema = {.head = {.kind = DESC_SCHEMA, .oid = OID_SCHEMA_PUBLIC, .database = databases[i].oid,
                                        .name = "public", .owner = OID_ROLE_NEXADB}};

        TRY(catalog_write(writes, &database.head, fault));
        TRY(catalog_write(writes, &schema.head, fault));
    }
    return STATUS_OK;
}

static Status make_relations(WriteSet *writes, Fault *fault)
{
    RelationOptions options = {.kind = RELATION_CATALOG};

    TRY(writeset_create_storage(writes, CATALOG_DESCRIPTORS, &options, fault));
    TRY(writeset_create_storage(writes, CATALOG_NAMES, &options, fault));
    TRY(writeset_create_storage(writes, CATALOG_SEQUENCES, &options, fault));
    return write_first_objects(writes, fault);
}

/* One commit makes the catalog of an empty store, so a store has either none or all of it. */
static Status bootstrap(Catalog *catalog, Fault *fault)
{
    CommitOptions options = {.sync = COMMIT_SYNC};
    WriteSet     *writes;
    Csn           csn;
    Status        status;

    TRY(writeset_new(catalog->engine, &writes, fault));
    status = make_relations(writes, fault);
    if (status == STATUS_OK)
        status = engine_commit(catalog->engine, writes, &options, &csn, fault);
    writeset_free(writes);
    return status;
}

Status catalog_open(Engine *engine, Catalog **catalog_out, Fault *fault)
{
    Catalog    *catalog = calloc(1, sizeof *catalog);
    const Desc *role;
    Status      status;

    if (catalog == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for the catalog");
    catalog->engine = engine;
    pthread_mutex_init(&catalog->mutex, NULL);
    atomic_init(&catalog->version, 1);
    catalog->next_oid = MAX(engine_counter_get(engine, COUNTER_OID), (uint64_t)OID_FIRST_USER);
    catalog->reserved_oid = catalog->next_oid;
    status = catalog_by_oid(catalog, NULL, DESC_DATABASE, 0, OID_DATABASE_NEXADB, &role, fault);
    if (status == STATUS_OK)
        desc_unref(role);
    else if (status == STATUS_NOT_FOUND)
        status = bootstrap(catalog, fault);
    if (status != STATUS_OK) {
        catalog_close(catalog);
        return status;
    }
    *catalog_out = catalog;
    return STATUS_OK;
}

void catalog_close(Catalog *catalog)
{
    if (catalog == NULL)
        return;
    sequences_close(catalog);
    desc_cache_free(&catalog->cache);
    pthread_mutex_destroy(&catalog->mutex);
    free(catalog);
}
