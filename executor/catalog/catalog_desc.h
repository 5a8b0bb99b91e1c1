/*
 * catalog_desc.h - descriptors of the computed relations: pg_catalog and information_schema.
 *
 * Each has a constant RelationDesc (group_count 0); oids and columns are PostgreSQL 15's, from relations.def. Who makes their rows is
 * catalog_relation.h's matter.
 *
 * Threads     catalog_desc_init() runs once, before the first session; constant afterwards.
 * Raises      never
 */
#ifndef EXECUTOR_CATALOG_CATALOG_DESC_H
#define EXECUTOR_CATALOG_CATALOG_DESC_H

#include "storage/catalog/descriptor.h"

void catalog_desc_init(void);

/* The computed relation of a schema with this name, or oid; NULL when there is none. */
const RelationDesc *catalog_desc_by_name(Oid schema, const char *name);
const RelationDesc *catalog_desc_by_oid(Oid oid);

/* All of them, in no particular order. */
const RelationDesc *const *catalog_desc_all(int *count_out);

#endif
