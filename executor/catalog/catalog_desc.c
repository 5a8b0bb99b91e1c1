/*
 * catalog_desc.c - see catalog_desc.h.
 */
#include "executor/catalog/catalog_desc.h"

#include "base/hash.h"
#include "types/type.h"

#include <stdlib.h>

typedef struct RelationFact {
    Oid         oid;
    const char *schema;
    const char *name;
    char        relkind;
    Oid         row_type;
} RelationFact;

typedef struct ColumnFact {
    const char *name; /* NULL: starts a relation's columns */
    Oid         type;
    int32_t     typmod;
    bool        not_null;
    Oid         collation;
} ColumnFact;

static const RelationFact relation_facts[] = {
#define RELATION(oid, schema, name, relkind, row_type) {oid, schema, name, relkind, row_type},
#define COLUMN(name, type, typmod, not_null, collation)
#include "executor/catalog/relations.def"
#undef RELATION
#undef COLUMN
};

static const ColumnFact column_facts[] = {
#define RELATION(oid, schema, name, relkind, row_type) {0},
#define COLUMN(name, type, typmod, not_null, collation) {name, type, typmod, not_null, collation},
#include "executor/catalog/relations.def"
#undef RELATION
#undef COLUMN
};

enum { RELATION_COUNT = ARRAY_LENGTH(relation_facts), HASH_SIZE = 1024 };
_Static_assert(RELATION_COUNT * 2 < HASH_SIZE, "the hash tables are at most half full");

static struct {
    RelationDesc        descs[RELATION_COUNT];
    const RelationDesc *all[RELATION_COUNT];
    int16_t             by_name[HASH_SIZE]; /* index + 1, 0: free; linear probing */
    int16_t             by_oid[HASH_SIZE];
} registry;

static Oid schema_oid(const char *schema)
{
    return strcmp(schema, "pg_catalog") == 0 ? OID_SCHEMA_PG_CATALOG : OID_SCHEMA_INFORMATION_SCHEMA;
}

static uint64_t name_hash(Oid schema, const char *name)
{
    return hash_combine(hash_bytes(name, strlen(name)), schema);
}

static void enter(int16_t *table, uint64_t hash, int index)
{
    uint64_t slot = hash % HASH_SIZE;

    while (table[slot] != 0)
        slot = (slot + 1) % HASH_SIZE;
    table[slot] = (int16_t)(index + 1);
}

/* The columns of one relation as descriptors. Constant data of the process; allocated once. */
static ColumnDesc *make_columns(const ColumnFact *facts, int count)
{
    ColumnDesc *columns = calloc((size_t)MAX(count, 1), sizeof *columns);

    if (columns == NULL)
        panic("out of memory at start-up");
    for (int i = 0; i < count; i++) {
        const TypeInfo *type = type_by_oid(facts[i].type);

        columns[i] = (ColumnDesc){
            .name = facts[i].name,
            .number = (int16_t)(i + 1),
            .type = facts[i].type,
            .typmod = facts[i].typmod,
            .collation = facts[i].collation,
            .phys = type != NULL ? type->phys : PHYS_BYTES,
            .not_null = facts[i].not_null,
            .statistics_target = -1,
        };
    }
    return columns;
}

static void make_desc(int index, const ColumnFact *columns, int column_count)
{
    const RelationFact *fact = &relation_facts[index];

    registry.descs[index] = (RelationDesc){
        .head = {.kind = DESC_RELATION, .oid = fact->oid, .parent = schema_oid(fact->schema), .name = fact->name,
                 .owner = OID_ROLE_NEXADB, .version = 1, .references_ = 1},
        .relkind = fact->relkind,
        .persistence = 'p',
        .row_type = fact->row_type,
        .column_count = (int16_t)column_count,
        .columns = make_columns(columns, column_count),
        .replica_identity = 'n',
    };
    registry.all[index] = &registry.descs[index];
    enter(registry.by_oid, hash_u64(fact->oid), index);
    enter(registry.by_name, name_hash(schema_oid(fact->schema), fact->name), index);
}

void catalog_desc_init(void)
{
    int column = 0;

    for (int i = 0; i < RELATION_COUNT; i++) {
        int count = 0;

        column++; /* the entry that starts the relation */
        while (column + count < (int)ARRAY_LENGTH(column_facts) && column_facts[column + count].name != NULL)
            count++;
        make_desc(i, &column_facts[column], count);
        column += count;
    }
}

const RelationDesc *catalog_desc_by_name(Oid schema, const char *name)
{
    for (uint64_t slot = name_hash(schema, name) % HASH_SIZE; registry.by_name[slot] != 0; slot = (slot + 1) % HASH_SIZE) {
        const RelationDesc *desc = &registry.descs[registry.by_name[slot] - 1];

        if (desc->head.parent == schema && strcmp(desc->head.name, name) == 0)
            return desc;
    }
    return NULL;
}

const RelationDesc *catalog_desc_by_oid(Oid oid)
{
    for (uint64_t slot = hash_u64(oid) % HASH_SIZE; registry.by_oid[slot] != 0; slot = (slot + 1) % HASH_SIZE) {
        const RelationDesc *desc = &registry.descs[registry.by_oid[slot] - 1];

        if (desc->head.oid == oid)
            return desc;
    }
    return NULL;
}

const RelationDesc *const *catalog_desc_all(int *count_out)
{
    *count_out = RELATION_COUNT;
    return registry.all;
}
