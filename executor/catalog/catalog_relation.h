/*
 * catalog_relation.h - relations computed on demand: pg_catalog, information_schema, statistics views.
 *
 * A computed relation has a descriptor like any other, with group_count 0, and a producer of its rows. The scan operator passes the
 * columns wanted and equality lookups; a producer that can answer a lookup quickly (by oid, by name) does, any other ignores it, and the
 * operator applies every lookup to the rows that come back.
 *
 * Ownership   producers allocate in the arenas they are given.
 * Raises      producers raise.
 */
#ifndef EXECUTOR_CATALOG_CATALOG_RELATION_H
#define EXECUTOR_CATALOG_CATALOG_RELATION_H

#include "executor/session.h"
#include "storage/catalog/descriptor.h"
#include "types/batch.h"

typedef struct CatalogLookup {
    int16_t attribute; /* attribute number */
    Datum   value;     /* of the attribute's type, not NULL */
} CatalogLookup;

typedef struct CatalogScan {
    Session             *session;
    const RelationDesc  *relation;
    Arena               *arena;           /* as long as the scan: the producer's state */
    int32_t              lookup_count;
    const CatalogLookup *lookups;
    const bool          *wanted;          /* by attribute number - 1: columns that are read; the others may be left unset */
    void                *state;
} CatalogScan;

typedef struct CatalogRelation {
    Oid  oid;                              /* of the relation */
    void (*start)(CatalogScan *scan);      /* optional */
    /*
     * Fills up to max_rows rows of columns (one vector per attribute, all valid on entry with a bitmap to clear bits in) from row 0 on; returns how
     * many, 0 at the end. Strings go to batch_arena.
     */
    int32_t (*next)(CatalogScan *scan, Arena *batch_arena, Vector *const *columns, int32_t max_rows);
} CatalogRelation;

/* The producer of a computed relation, or NULL. */
const CatalogRelation *catalog_relation_find(Oid relation);

/* Adds producers; each array ends with an entry whose oid is 0. Called before the first session. */
void catalog_relation_register(const CatalogRelation *relations);

#endif
