/*
 * temp_schema.c - a session's temporary relations.
 */
#include "executor/ddl/temp_schema.h"

#include "executor/ddl/ddl_context.h"
#include "executor/ddl/drop.h"
#include "executor/ddl/table_build.h"

typedef struct TempState {
    Oid     schema;
    int32_t count, capacity;
    struct {
        Oid  relation;
        bool drop;
    } *on_commit;
} TempState;

Oid temp_schema(const Session *session)
{
    return session->temp == NULL ? 0 : ((const TempState *)session->temp)->schema;
}

Oid temp_schema_make(Session *session, Arena *arena)
{
    TempState  *state = session->temp;
    const char *name = arena_printf(arena, "pg_temp_%d", session->backend_id);
    const Desc *old;
    bool        first = state == NULL;
    SchemaDesc  schema = {.head = {.kind = DESC_SCHEMA, .database = session->database, .name = name, .owner = OID_ROLE_NEXADB}};

    if (state == NULL)
        session->temp = state = ARENA_NEW(session->arena, TempState);
    /* asked for anew each time: the transaction that made it may have been rolled back */
    old = store_desc_by_name(session, arena, DESC_SCHEMA, 0, name);
    if (old == NULL) {
        schema.head.oid = store_new_oid(session);
        store_desc_put(session, &schema.head);
        state->schema = schema.head.oid;
    } else {
        state->schema = old->oid;
        if (first) /* what an earlier backend of this number left behind when the server was killed */
            temp_drop_all(session, arena);
    }
    session->temp_schema = state->schema;
    session->search_path_valid = false;
    return state->schema;
}

void temp_on_commit(Session *session, Oid relation, bool drop)
{
    TempState *state = session->temp;

    if (state == NULL)
        return;
    if (state->count == state->capacity) {
        int32_t wider = state->capacity == 0 ? 8 : state->capacity * 2;

        state->on_commit = arena_grow(session->arena, state->on_commit, sizeof *state->on_commit * (size_t)state->capacity,
                                      sizeof *state->on_commit * (size_t)wider);
        state->capacity = wider;
    }
    state->on_commit[state->count].relation = relation;
    state->on_commit[state->count++].drop = drop;
}

void temp_before_commit(Session *session, Arena *arena)
{
    TempState *state = session->temp;
    int32_t    kept = 0;

    if (state == NULL || state->count == 0)
        return;
    for (int32_t i = 0; i < state->count; i++) {
        Ddl                 ddl = {.session = session, .arena = arena};
        const RelationDesc *rel = store_relation_by_oid(session, arena, state->on_commit[i].relation);

        if (rel == NULL)
            continue; /* dropped, or its CREATE was rolled back */
        if (state->on_commit[i].drop) {
            drop_quietly(&ddl, &rel->head);
            continue;
        }
        ddl_truncate_relation(&ddl, rel);
        ddl_flush(&ddl);
        state->on_commit[kept++] = state->on_commit[i];
    }
    state->count = kept;
}

void temp_drop_all(Session *session, Arena *arena)
{
    Oid                schema = temp_schema(session);
    Ddl                ddl = {.session = session, .arena = arena};
    int                count;
    const Desc *const *list;

    if (schema == 0)
        return;
    list = store_desc_list(session, arena, DESC_RELATION, schema, &count);
    for (int i = 0; i < count; i++) {
        const RelationDesc *rel = ddl_relation_by_oid(&ddl, list[i]->oid);

        if (rel != NULL && rel->relkind != 'i')
            drop_quietly(&ddl, &rel->head);
    }
}
