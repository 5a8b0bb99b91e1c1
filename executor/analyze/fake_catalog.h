/*
 * fake_catalog.h - a catalog of a few tables in memory, for tests of the analysis and what stands on it without a store.
 *
 * It defines the store_*() lookups and session_search_path() that name resolution uses, so it is included by one file of a test program.
 */
#ifndef EXECUTOR_ANALYZE_FAKE_CATALOG_H
#define EXECUTOR_ANALYZE_FAKE_CATALOG_H

#include "executor/analyze/analyze.h"
#include "executor/store/store.h"

#define FAKE_COLUMN(name_, number_, type_, phys_) {.name = (name_), .number = (number_), .type = (type_), .typmod = -1, .phys = (phys_)}
#define FAKE_TEXT(name_, number_) {.name = (name_), .number = (number_), .type = TYPE_TEXT, .typmod = -1, .collation = 100, .phys = PHYS_BYTES}

/* people(id int primary key, name text, age int, height float8, born date, tags text[], doc jsonb, active bool, pay numeric(10,2), big int8) */
static const ColumnDesc people_columns[] = {
    {.name = "id", .number = 1, .type = TYPE_INT4, .typmod = -1, .phys = PHYS_INT32, .not_null = true},
    FAKE_TEXT("name", 2),
    FAKE_COLUMN("age", 3, TYPE_INT4, PHYS_INT32),
    FAKE_COLUMN("height", 4, TYPE_FLOAT8, PHYS_FLOAT64),
    FAKE_COLUMN("born", 5, TYPE_DATE, PHYS_INT32),
    {.name = "tags", .number = 6, .type = TYPE_TEXT_ARRAY, .typmod = -1, .collation = 100, .phys = PHYS_BYTES},
    FAKE_COLUMN("doc", 7, TYPE_JSONB, PHYS_BYTES),
    FAKE_COLUMN("active", 8, TYPE_BOOL, PHYS_BOOL),
    {.name = "pay", .number = 9, .type = TYPE_NUMERIC, .typmod = (10 << 16 | 2) + 4, .phys = PHYS_NUMERIC},
    FAKE_COLUMN("big", 10, TYPE_INT8, PHYS_INT64),
};

static const int16_t        people_key[] = {1};
static const ConstraintDesc people_constraints[] = {
    {.oid = 20003, .name = "people_pkey", .kind = CONSTRAINT_PRIMARY, .validated = true, .column_count = 1, .columns = people_key, .index = 20002},
};
static const Oid             people_indexes[] = {20002};
static const ColumnGroupDesc fake_groups[] = {{.storage_id = 1000}};
static const RelationDesc    people = {
       .head = {.kind = DESC_RELATION, .oid = 20000, .parent = OID_SCHEMA_PUBLIC, .name = "people", .version = 5}, .relkind = 'r', .persistence = 'p',
       .row_type = 20001, .column_count = 10, .columns = people_columns, .group_count = 1, .groups = fake_groups,
       .index_count = 1, .indexes = people_indexes, .constraint_count = 1, .constraints = people_constraints,
};

static const IndexColumnDesc people_pkey_columns[] = {{.column = 1, .name = "id", .type = TYPE_INT4, .typmod = -1, .key_exact = true}};
static IndexDesc             people_pkey_index = {
                .method = INDEX_ORDERED, .state = INDEX_READY, .table = 20000, .unique = true, .primary = true, .immediate = true, .key_count = 1, .column_count = 1,
                .columns = people_pkey_columns, .constraint = 20003,
};
static const RelationDesc people_pkey = {
    .head = {.kind = DESC_RELATION, .oid = 20002, .parent = OID_SCHEMA_PUBLIC, .name = "people_pkey"}, .relkind = 'i', .persistence = 'p',
    .index = &people_pkey_index,
};

/* orders(order_id int8, id int, amount numeric, note varchar(20), made timestamptz, code char(3)) */
static const ColumnDesc orders_columns[] = {
    FAKE_COLUMN("order_id", 1, TYPE_INT8, PHYS_INT64),
    FAKE_COLUMN("id", 2, TYPE_INT4, PHYS_INT32),
    FAKE_COLUMN("amount", 3, TYPE_NUMERIC, PHYS_NUMERIC),
    {.name = "note", .number = 4, .type = TYPE_VARCHAR, .typmod = 24, .collation = 100, .phys = PHYS_BYTES},
    FAKE_COLUMN("made", 5, TYPE_TIMESTAMPTZ, PHYS_INT64),
    {.name = "code", .number = 6, .type = TYPE_BPCHAR, .typmod = 7, .collation = 100, .phys = PHYS_BYTES},
};
static const RelationDesc orders = {
    .head = {.kind = DESC_RELATION, .oid = 20010, .parent = OID_SCHEMA_PUBLIC, .name = "orders", .version = 6}, .relkind = 'r', .persistence = 'p',
    .row_type = 20011, .column_count = 6, .columns = orders_columns, .group_count = 1, .groups = fake_groups,
};

static const TypeDesc people_type = {.head = {.kind = DESC_TYPE, .oid = 20001, .parent = OID_SCHEMA_PUBLIC, .name = "people"}, .typtype = 'c', .relation = 20000};
static const TypeDesc orders_type = {.head = {.kind = DESC_TYPE, .oid = 20011, .parent = OID_SCHEMA_PUBLIC, .name = "orders"}, .typtype = 'c', .relation = 20010};
static const EnumLabel mood_labels[] = {{30002, 1, "sad"}, {30003, 2, "ok"}, {30004, 3, "happy"}};
static const TypeDesc mood_type = {.head = {.kind = DESC_TYPE, .oid = 30000, .parent = OID_SCHEMA_PUBLIC, .name = "mood"}, .typtype = 'e', .array = 30001,
                                   .label_count = 3, .labels = mood_labels};
static const TypeDesc mood_array_type = {.head = {.kind = DESC_TYPE, .oid = 30001, .parent = OID_SCHEMA_PUBLIC, .name = "_mood"}, .typtype = 'b', .element = 30000};
static const TypeDesc positive_type = {.head = {.kind = DESC_TYPE, .oid = 30010, .parent = OID_SCHEMA_PUBLIC, .name = "positive"}, .typtype = 'd',
                                       .base_type = TYPE_INT4, .base_typmod = -1};

static const RelationDesc *const fake_relations[] = {&people, &orders, &people_pkey};
static const TypeDesc *const     fake_types[] = {&people_type, &orders_type, &mood_type, &mood_array_type, &positive_type};

const Desc *store_desc_by_oid(Session *session, Arena *arena, DescKind kind, Oid oid)
{
    (void)session;
    (void)arena;
    for (size_t i = 0; kind == DESC_RELATION && i < ARRAY_LENGTH(fake_relations); i++) {
        if (fake_relations[i]->head.oid == oid)
            return &fake_relations[i]->head;
    }
    for (size_t i = 0; kind == DESC_TYPE && i < ARRAY_LENGTH(fake_types); i++) {
        if (fake_types[i]->head.oid == oid)
            return &fake_types[i]->head;
    }
    return NULL;
}

const Desc *store_desc_by_name(Session *session, Arena *arena, DescKind kind, Oid parent, const char *name)
{
    (void)session;
    (void)arena;
    for (size_t i = 0; kind == DESC_RELATION && i < ARRAY_LENGTH(fake_relations); i++) {
        if (fake_relations[i]->head.parent == parent && strcmp(fake_relations[i]->head.name, name) == 0)
            return &fake_relations[i]->head;
    }
    for (size_t i = 0; kind == DESC_TYPE && i < ARRAY_LENGTH(fake_types); i++) {
        if (fake_types[i]->head.parent == parent && strcmp(fake_types[i]->head.name, name) == 0)
            return &fake_types[i]->head;
    }
    return NULL;
}

const Desc *const *store_desc_list(Session *session, Arena *arena, DescKind kind, Oid parent, int *count_out)
{
    (void)session;
    (void)arena;
    (void)kind;
    (void)parent;
    *count_out = 0;
    return NULL;
}

const RelationDesc *store_relation_by_name(Session *session, Arena *arena, const char *schema, const char *name)
{
    if (schema != NULL && strcmp(schema, "public") != 0)
        return NULL;
    return (const RelationDesc *)store_desc_by_name(session, arena, DESC_RELATION, OID_SCHEMA_PUBLIC, name);
}

const RelationDesc *store_relation_by_oid(Session *session, Arena *arena, Oid oid)
{
    return (const RelationDesc *)store_desc_by_oid(session, arena, DESC_RELATION, oid);
}

const Oid *session_search_path(Session *session, int32_t *count_out)
{
    static const Oid path[] = {OID_SCHEMA_PG_CATALOG, OID_SCHEMA_PUBLIC};

    (void)session;
    *count_out = 2;
    return path;
}

void session_notice(Session *session, NoticeSeverity severity, Sqlstate sqlstate, const char *format, ...)
{
    (void)session;
    (void)severity;
    (void)sqlstate;
    (void)format;
}

#endif
