/*
 * catalog_relation.c - the registry of computed relations.
 */
#include "executor/catalog/catalog_relation.h"

enum { MAX_ARRAYS = 64 };

static const CatalogRelation *arrays[MAX_ARRAYS];
static int                    array_count;

void catalog_relation_register(const CatalogRelation *relations)
{
    if (array_count == MAX_ARRAYS)
        panic("too many arrays of catalog relations");
    arrays[array_count++] = relations;
}

const CatalogRelation *catalog_relation_find(Oid relation)
{
    for (int i = 0; i < array_count; i++)
        for (const CatalogRelation *entry = arrays[i]; entry->oid != 0; entry++)
            if (entry->oid == relation)
                return entry;
    return NULL;
}
