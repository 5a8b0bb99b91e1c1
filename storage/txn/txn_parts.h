/*
 * txn_parts.h - what other folders of storage hang on a transaction, for as long as it lives or longer.
 *
 * Ownership   a part's data belongs to who put it there; end() runs when the transaction ends and says, by returning true,
 *             that the data may stay for the next transaction that reuses the structure. free() takes it for good.
 * Raises      never
 */
#ifndef STORAGE_TXN_TXN_PARTS_H
#define STORAGE_TXN_TXN_PARTS_H

#include "storage/txn/txn.h"

typedef enum TransactionPartKind {
    TXN_PART_CATALOG, /* descriptors that the transaction changed */
    TXN_PART_TABLE,   /* buffers to encode rows in */
    TXN_PARTS
} TransactionPartKind;

typedef struct TransactionPart {
    void *data; /* NULL: not in use */
    bool (*end)(void *data);
    void (*free)(void *data);
    void (*rolled_back)(void *data); /* after ROLLBACK TO; may be NULL */
} TransactionPart;

TransactionPart *transaction_part(const Transaction *txn, TransactionPartKind kind);

/* The view that DDL and unique checks read by: the newest committed versions under everything that the transaction wrote. */
ReadView transaction_newest_view(const Transaction *txn);

/*
 * Records that keys of [lower, upper) are read by a view, when its transaction is SERIALIZABLE; upper.data NULL: to the last. Every scan and
 * fetch says so before it reads.
 */
MUST_CHECK Status transaction_record_read(Transaction *txn, StorageId storage, Slice lower, Slice upper, Fault *fault);

MUST_CHECK static inline Status read_view_record(const ReadView *view, StorageId storage, Slice lower, Slice upper, Fault *fault)
{
    /* a serializable transaction has a write set from its snapshot on, so that its views say whose they are */
    void *reader = view->writes == NULL ? NULL : writeset_owner(view->writes);

    return LIKELY(reader == NULL) ? STATUS_OK : transaction_record_read(reader, storage, lower, upper, fault);
}

#endif
