/*
 * descriptors.c - looking descriptors up and writing them for a session.
 */
#include "executor/catalog/catalog_desc.h"
#include "executor/store/store.h"

/* A reference that an arena holds. */
typedef struct HeldDesc {
    ArenaDefer  node;
    const Desc *desc;
} HeldDesc;

typedef struct HeldList {
    ArenaDefer   node;
    const Desc **list;
    int          count;
} HeldList;

static void release_held(void *object)
{
    desc_unref(((HeldDesc *)object)->desc);
}

static void release_list(void *object)
{
    HeldList *held = object;

    catalog_list_free(held->list, held->count);
}

/* Shared objects (databases, roles) belong to no database. */
static Oid database_of_kind(const Session *session, DescKind kind)
{
    return kind == DESC_DATABASE || kind == DESC_ROLE || kind == DESC_SETTING ? 0 : session->database;
}

static const Desc *hold(Arena *arena, HeldDesc *held, Status status, const Fault *fault)
{
    if (status == STATUS_NOT_FOUND)
        return NULL;
    store_check(status, fault);
    arena_defer(arena, &held->node, release_held, held);
    return held->desc;
}

const Desc *store_desc_by_oid(Session *session, Arena *arena, DescKind kind, Oid oid)
{
    HeldDesc *held = ARENA_NEW(arena, HeldDesc);
    Fault     fault;
    Status    status = catalog_by_oid(session->catalog, session->txn, kind, database_of_kind(session, kind), oid,
                                      &held->desc, &fault);

    return hold(arena, held, status, &fault);
}

const Desc *store_desc_by_name(Session *session, Arena *arena, DescKind kind, Oid parent, const char *name)
{
    HeldDesc *held = ARENA_NEW(arena, HeldDesc);
    Fault     fault;
    Status    status = catalog_by_name(session->catalog, session->txn, kind, database_of_kind(session, kind), parent,
                                       name, &held->desc, &fault);

    return hold(arena, held, status, &fault);
}

const Desc *const *store_desc_list(Session *session, Arena *arena, DescKind kind, Oid parent, int *count_out)
{
    HeldList *held = ARENA_NEW(arena, HeldList);
    Fault     fault;

    store_check(catalog_list(session->catalog, session->txn, kind, database_of_kind(session, kind), parent,
                             &held->list, &held->count, &fault), &fault);
    arena_defer(arena, &held->node, release_list, held);
    *count_out = held->count;
    return held->list;
}

static const RelationDesc *relation_in_schema(Session *session, Arena *arena, Oid schema, const char *name)
{
    if (schema == OID_SCHEMA_PG_CATALOG || schema == OID_SCHEMA_INFORMATION_SCHEMA)
        return catalog_desc_by_name(schema, name);
    return (const RelationDesc *)store_desc_by_name(session, arena, DESC_RELATION, schema, name);
}

const RelationDesc *store_relation_by_name(Session *session, Arena *arena, const char *schema, const char *name)
{
    const Desc *found_schema;
    const Oid  *path;
    int32_t     count;

    if (schema != NULL) {
        found_schema = store_desc_by_name(session, arena, DESC_SCHEMA, 0, schema);
        return found_schema == NULL ? NULL : relation_in_schema(session, arena, found_schema->oid, name);
    }
    path = session_search_path(session, &count);
    for (int32_t i = 0; i < count; i++) {
        const RelationDesc *found = relation_in_schema(session, arena, path[i], name);

        if (found != NULL)
            return found;
    }
    return NULL;
}

const RelationDesc *store_relation_by_oid(Session *session, Arena *arena, Oid oid)
{
    if (oid < OID_FIRST_USER)
        return catalog_desc_by_oid(oid);
    return (const RelationDesc *)store_desc_by_oid(session, arena, DESC_RELATION, oid);
}

static noreturn void raise_taken(const Desc *desc)
{
    switch (desc->kind) {
    case DESC_DATABASE:
        raise_error(SQLSTATE_DUPLICATE_DATABASE, "database \"%s\" already exists", desc->name);
    case DESC_SCHEMA:
        raise_error(SQLSTATE_DUPLICATE_SCHEMA, "schema \"%s\" already exists", desc->name);
    case DESC_RELATION:
        raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", desc->name);
    case DESC_ROLE:
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "role \"%s\" already exists", desc->name);
    case DESC_TYPE:
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "type \"%s\" already exists", desc->name);
    case DESC_FUNCTION:
        raise_error(SQLSTATE_DUPLICATE_FUNCTION, "function \"%s\" already exists with same argument types", desc->name);
    case DESC_EXTENSION:
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "extension \"%s\" already exists", desc->name);
    default:
        raise_error(SQLSTATE_DUPLICATE_OBJECT, "object \"%s\" already exists", desc->name);
    }
}

static noreturn void raise_concurrent_change(const Desc *desc)
{
    raise_error(SQLSTATE_INTERNAL_ERROR, "tuple concurrently updated: \"%s\"", desc->name);
}

void store_desc_put(Session *session, const Desc *desc)
{
    Transaction *txn = store_transaction(session);
    Fault        fault;
    Status       status = catalog_put(session->catalog, txn, desc, &fault);

    if (status == STATUS_EXISTS)
        raise_taken(desc);
    if (status == STATUS_CONFLICT)
        raise_concurrent_change(desc);
    store_check(status, &fault);
    session->search_path_valid = false;
    session->catalog_changes++;
}

void store_desc_delete(Session *session, const Desc *desc)
{
    Transaction *txn = store_transaction(session);
    Fault        fault;
    Status       status = catalog_delete(session->catalog, txn, desc, &fault);

    if (status == STATUS_CONFLICT)
        raise_concurrent_change(desc);
    store_check(status, &fault);
    session->search_path_valid = false;
    session->catalog_changes++;
}

Oid store_new_oid(Session *session)
{
    Fault fault;
    Oid   oid = 0;

    store_check(catalog_new_oid(session->catalog, &oid, &fault), &fault);
    return oid;
}
