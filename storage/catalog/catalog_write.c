/*
 * catalog_write.c - changing descriptors within transactions. catalog.h is the contract.
 *
 * Changes go through the transaction's write set; who changes an object or takes a name holds a unique-key lock on it to the end of the
 * transaction. When the commit is published, and before its locks go, the committed versions leave the shared cache.
 */
#include "storage/catalog/catalog_state.h"

#include "base/bytes.h"
#include "storage/catalog/descriptor_codec.h"

#include <stdlib.h>

enum { OID_RESERVE = 256 };

Status catalog_new_oid(Catalog *catalog, Oid *oid_out, Fault *fault)
{
    Status   status = STATUS_OK;
    uint64_t oid;

    pthread_mutex_lock(&catalog->mutex);
    oid = catalog->next_oid;
    if (oid > UINT32_MAX - 1)
        status = FAULT(fault, STATUS_TOO_LARGE, 0, "all object ids of this store are used up");
    if (status == STATUS_OK && oid >= catalog->reserved_oid) {
        status = engine_counter_reserve(catalog->engine, COUNTER_OID, oid + OID_RESERVE, fault);
        if (status == STATUS_OK)
            catalog->reserved_oid = oid + OID_RESERVE;
    }
    if (status == STATUS_OK) {
        catalog->next_oid++;
        *oid_out = (Oid)oid;
    }
    pthread_mutex_unlock(&catalog->mutex);
    return status;
}

/* ---- the transaction's part -------------------------------------------------------------------------------------------- */

/* The committed versions are not the newest any more. */
static void publish(void *arg, bool committed, Csn csn)
{
    CatalogChanges *changes = arg;
    Catalog        *catalog = changes->catalog;

    (void)csn;
    if (!committed)
        return;
    pthread_mutex_lock(&catalog->mutex);
    for (const DescEntry *entry = desc_cache_next(&changes->touched, NULL); entry != NULL;
         entry = desc_cache_next(&changes->touched, entry))
        desc_cache_remove(&catalog->cache, &entry->key);
    catalog->changes++;
    pthread_mutex_unlock(&catalog->mutex);
    atomic_fetch_add_explicit(&catalog->version, 1, memory_order_release);
}

static void changes_free(void *data)
{
    CatalogChanges *changes = data;

    desc_cache_free(&changes->touched);
    free(changes);
}

static bool changes_end(void *data)
{
    (void)data;
    return false;
}

/* What was decoded may be dead now; which objects were touched stays true enough. */
static void changes_rolled_back(void *data)
{
    CatalogChanges *changes = data;

    for (DescEntry *entry = desc_cache_next(&changes->touched, NULL); entry != NULL;
         entry = desc_cache_next(&changes->touched, entry))
        desc_entry_set(entry, NULL);
}

static Status begin_changes(Catalog *catalog, Transaction *txn, CatalogChanges **out, Fault *fault)
{
    TransactionPart *part = transaction_part(txn, TXN_PART_CATALOG);
    CatalogChanges  *changes = part->data;

    if (changes == NULL) {
        changes = calloc(1, sizeof *changes);
        if (changes == NULL)
            return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for catalog changes");
        changes->catalog = catalog;
        changes->hook = (TransactionHook){.run = publish, .arg = changes};
        *part = (TransactionPart){.data = changes, .end = changes_end, .free = changes_free, .rolled_back = changes_rolled_back};
        transaction_at_end(txn, &changes->hook);
    }
    *out = changes;
    return STATUS_OK;
}

/* From now on the transaction reads this key through its write set. */
static Status touch(CatalogChanges *changes, const DescKey *key, Fault *fault)
{
    DescEntry *entry = desc_cache_enter(&changes->touched, key);

    if (entry == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for catalog changes");
    desc_entry_set(entry, NULL);
    return STATUS_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------------------- */

static Status write_name(WriteSet *writes, const Desc *desc, bool put, Fault *fault)
{
    DescKey key = desc_name_key_of(desc);
    uint8_t bytes[NAME_KEY_MAX_BYTES];
    uint8_t oid[4];
    Slice   name;

    if (desc->name == NULL)
        return STATUS_OK;
    TRY(name_key_bytes(&key, desc->oid, bytes, &name, fault));
    put_le32(oid, desc->oid);
    return put ? writeset_put(writes, CATALOG_NAMES, name, slice_of(oid, 4), fault)
               : writeset_delete(writes, CATALOG_NAMES, name, fault);
}

static Status write_body(WriteSet *writes, const Desc *desc, Fault *fault)
{
    DescKey  key = desc_key_of(desc);
    uint8_t  key_bytes[DESC_KEY_BYTES];
    uint8_t *bytes;
    size_t   size;
    Status   status;

    TRY(desc_encode(desc, &bytes, &size, fault));
    status = writeset_put(writes, CATALOG_DESCRIPTORS, desc_key_bytes(&key, key_bytes), slice_of(bytes, size), fault);
    free(bytes);
    return status;
}

Status catalog_write(WriteSet *writes, const Desc *desc, Fault *fault)
{
    TRY(write_body(writes, desc, fault));
    return write_name(writes, desc, true, fault);
}

/*
 * Locks the object and gives its present version, NULL when there is none. STATUS_CONFLICT when it is not the version that
 * the caller's descriptor was made from.
 */
static Status lock_object(Catalog *catalog, Transaction *txn, const Desc *desc, const Desc **present_out, Fault *fault)
{
    DescKey key = desc_key_of(desc);
    uint8_t bytes[DESC_KEY_BYTES];
    bool    waited;
    Csn     newest;
    Status  status;

    TRY(lock_unique_key(transaction_locks(txn), CATALOG_DESCRIPTORS, desc_key_bytes(&key, bytes), 0, &waited, fault));
    if (desc->version != 0) {
        TRY(engine_newest_csn(catalog->engine, CATALOG_DESCRIPTORS, desc_key_bytes(&key, bytes), &newest, fault));
        if (newest != desc->version)
            return FAULT(fault, STATUS_CONFLICT, 0, "object %u was changed by another transaction", desc->oid);
    }
    status = catalog_by_oid(catalog, txn, key.kind, key.database, key.id, present_out, fault);
    if (status == STATUS_NOT_FOUND) {
        *present_out = NULL;
        status = STATUS_OK;
    }
    return status;
}

/* Names are unique within kind and parent, but for functions. */
static Status take_name(Catalog *catalog, Transaction *txn, const Desc *desc, Fault *fault)
{
    DescKey  key = desc_name_key_of(desc);
    uint8_t  bytes[NAME_KEY_MAX_BYTES];
    Slice    name;
    ReadView view;
    bool     waited;
    Oid      holder;
    Status   status;

    if (desc->kind == DESC_FUNCTION)
        return STATUS_OK;
    TRY(name_key_bytes(&key, 0, bytes, &name, fault));
    TRY(lock_unique_key(transaction_locks(txn), CATALOG_NAMES, name, 0, &waited, fault));
    view = transaction_newest_view(txn);
    status = catalog_read_name(catalog, &view, &key, &holder, fault);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status == STATUS_OK && holder != desc->oid)
        return FAULT(fault, STATUS_EXISTS, 0, "the name \"%s\" is taken", desc->name);
    return status;
}

static bool same_name(const Desc *a, const Desc *b)
{
    return a->parent == b->parent && (a->name == NULL) == (b->name == NULL) && (a->name == NULL || strcmp(a->name, b->name) == 0);
}

static Status put_over(Catalog *catalog, Transaction *txn, const Desc *desc, const Desc *present, Fault *fault)
{
    WriteSet       *writes = transaction_writes(txn);
    bool            renamed = present == NULL || !same_name(desc, present);
    CatalogChanges *changes;
    DescKey         key = desc_key_of(desc);

    if (writes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
    if (renamed && desc->name != NULL)
        TRY(take_name(catalog, txn, desc, fault));
    TRY(begin_changes(catalog, txn, &changes, fault));
    TRY(touch(changes, &key, fault));
    /* the shared cache holds names too, so a change of the body alone drops the name's entry as well */
    if (desc->name != NULL) {
        key = desc_name_key_of(desc);
        TRY(touch(changes, &key, fault));
    }
    if (renamed && present != NULL && present->name != NULL) {
        key = desc_name_key_of(present);
        TRY(touch(changes, &key, fault));
        TRY(write_name(writes, present, false, fault));
    }
    TRY(write_body(writes, desc, fault));
    return renamed ? write_name(writes, desc, true, fault) : STATUS_OK;
}

Status catalog_put(Catalog *catalog, Transaction *txn, const Desc *desc, Fault *fault)
{
    const Desc *present;
    Status      status;

    TRY(lock_object(catalog, txn, desc, &present, fault));
    status = put_over(catalog, txn, desc, present, fault);
    desc_unref(present);
    return status;
}

static Status delete_present(Catalog *catalog, Transaction *txn, const Desc *present, Fault *fault)
{
    WriteSet       *writes = transaction_writes(txn);
    CatalogChanges *changes;
    DescKey         key = desc_key_of(present);
    uint8_t         bytes[DESC_KEY_BYTES];

    if (writes == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a write set");
    TRY(begin_changes(catalog, txn, &changes, fault));
    TRY(touch(changes, &key, fault));
    TRY(writeset_delete(writes, CATALOG_DESCRIPTORS, desc_key_bytes(&key, bytes), fault));
    if (present->kind == DESC_RELATION && ((const RelationDesc *)present)->relkind == 'S')
        TRY(writeset_delete(writes, CATALOG_SEQUENCES, sequence_key_bytes((const RelationDesc *)present, bytes), fault));
    if (present->name == NULL)
        return STATUS_OK;
    key = desc_name_key_of(present);
    TRY(touch(changes, &key, fault));
    return write_name(writes, present, false, fault);
}

Status catalog_delete(Catalog *catalog, Transaction *txn, const Desc *desc, Fault *fault)
{
    const Desc *present;
    Status      status;

    TRY(lock_object(catalog, txn, desc, &present, fault));
    if (present == NULL)
        return FAULT(fault, STATUS_CONFLICT, 0, "object %u was dropped by another transaction", desc->oid);
    status = delete_present(catalog, txn, present, fault);
    desc_unref(present);
    return status;
}
