/*
 * catalog_visit.h - going through relations and types for the producers of rows, and values that several of them need.
 *
 * Ownership   descriptors and values live in the scan's arena.
 * Raises      everything.
 */
#ifndef EXECUTOR_CATALOG_CATALOG_VISIT_H
#define EXECUTOR_CATALOG_CATALOG_VISIT_H

#include "executor/catalog/catalog_rows.h"

/* Which relations: by the scan's lookups on these attributes (0: the producer has no such column). */
typedef struct RelationVisit {
    int  oid_attribute;
    int  name_attribute;
    bool with_computed; /* pg_catalog and information_schema too */
    void (*visit)(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation);
} RelationVisit;

void catalog_visit_relations(const CatalogScan *scan, CatalogRows *rows, const RelationVisit *visit);

/* An object's access list as aclitem[]; nothing is set for the default one. */
void catalog_set_acl(const CatalogScan *scan, CatalogRows *rows, int attribute, Slice acl);
/* int2vector, oidvector (from 0) and smallint[], oid[] (from 1). */
void catalog_set_int2s(CatalogRows *rows, int attribute, const int16_t *values, int count, int lower);
void catalog_set_oids(CatalogRows *rows, int attribute, const Oid *values, int count, int lower);
/* text[] of count texts; NULL ones become "". */
void catalog_set_texts(CatalogRows *rows, int attribute, const char *const *values, int count);
/* pg_node_tree: nothing is set for empty bytes. */
void catalog_set_tree(CatalogRows *rows, int attribute, Slice stored);
/* "a=b,c=d" as text[]; nothing is set for NULL and "". */
void catalog_set_options(CatalogRows *rows, int attribute, const char *options);

/* Columns that are not dropped. */
static inline bool relation_has_triggers(const RelationDesc *relation)
{
    for (int16_t i = 0; i < relation->constraint_count; i++) {
        if (relation->constraints[i].kind == CONSTRAINT_FOREIGN)
            return true;
    }
    return relation->referenced_by_count > 0 || relation->trigger_count > 0;
}

#endif
