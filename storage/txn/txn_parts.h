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

#endif
