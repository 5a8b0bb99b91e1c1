/*
 * acl.c - access lists and who belongs to whom.
 */
#include "executor/ddl/acl.h"

#include "base/bytes.h"
#include "base/strbuf.h"
#include "executor/store/store.h"

enum { ITEM_BYTES = 16 };

static const struct {
    const char *name;
    char        letter;
} privileges[] = {
    {"insert", 'a'},  {"select", 'r'},  {"update", 'w'}, {"delete", 'd'}, {"truncate", 'D'},  {"references", 'x'},
    {"trigger", 't'}, {"execute", 'X'}, {"usage", 'U'},  {"create", 'C'}, {"temporary", 'T'}, {"connect", 'c'},
};

uint32_t acl_privilege(const char *name)
{
    for (uint32_t i = 0; i < ARRAY_LENGTH(privileges); i++) {
        if (strcmp(privileges[i].name, name) == 0)
            return 1u << i;
    }
    return strcmp(name, "temp") == 0 ? ACL_CREATE_TEMP : 0;
}

static uint32_t read_u32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void write_u32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

AclItem *acl_decode(Arena *arena, Slice acl, int32_t *count_out)
{
    int32_t  count = (int32_t)(acl.size / ITEM_BYTES);
    AclItem *items = ARENA_ARRAY_ZEROED(arena, (size_t)count + 1, AclItem);

    for (int32_t i = 0; i < count; i++) {
        const uint8_t *at = acl.data + (size_t)i * ITEM_BYTES;

        items[i] = (AclItem){read_u32(at), read_u32(at + 4), read_u32(at + 8), read_u32(at + 12)};
    }
    *count_out = count;
    return items;
}

Slice acl_encode(Arena *arena, const AclItem *items, int32_t count)
{
    uint8_t *bytes = arena_alloc(arena, (size_t)count * ITEM_BYTES + 1);

    for (int32_t i = 0; i < count; i++) {
        uint8_t *at = bytes + (size_t)i * ITEM_BYTES;

        write_u32(at, items[i].grantee);
        write_u32(at + 4, items[i].grantor);
        write_u32(at + 8, items[i].privileges);
        write_u32(at + 12, items[i].grant_options);
    }
    return slice_of(bytes, (size_t)count * ITEM_BYTES);
}

uint32_t acl_all_of(const Desc *desc)
{
    switch (desc->kind) {
    case DESC_RELATION:
        return ((const RelationDesc *)desc)->relkind == 'S' ? ACL_ALL_SEQUENCE : ACL_ALL_TABLE;
    case DESC_SCHEMA:
        return ACL_ALL_SCHEMA;
    case DESC_DATABASE:
        return ACL_ALL_DATABASE;
    case DESC_FUNCTION:
        return ACL_EXECUTE;
    case DESC_TYPE:
        return ACL_USAGE;
    default:
        return 0;
    }
}

AclItem *acl_default(Arena *arena, const Desc *desc, int32_t *count_out)
{
    AclItem *items = ARENA_ARRAY_ZEROED(arena, 2, AclItem);
    uint32_t for_public = 0;
    int32_t  count = 0;

    if (desc->kind == DESC_DATABASE)
        for_public = ACL_CREATE_TEMP | ACL_CONNECT;
    else if (desc->kind == DESC_FUNCTION)
        for_public = ACL_EXECUTE;
    else if (desc->kind == DESC_TYPE)
        for_public = ACL_USAGE;
    else if (desc->kind == DESC_SCHEMA && (desc->oid == OID_SCHEMA_PUBLIC || desc->oid < OID_FIRST_USER))
        for_public = ACL_USAGE;
    else if (desc->kind == DESC_RELATION && desc->oid < OID_FIRST_USER)
        for_public = ACL_SELECT;
    if (for_public != 0)
        items[count++] = (AclItem){0, desc->owner, for_public, 0};
    items[count++] = (AclItem){desc->owner, desc->owner, acl_all_of(desc), 0};
    *count_out = count;
    return items;
}

/* Roles reached from member: a breadth-first walk, roles being few. */
bool acl_is_member(Session *session, Arena *arena, Oid member, Oid role)
{
    Oid    *queue;
    int32_t count = 1;
    int32_t capacity = 16;

    if (member == role)
        return true;
    queue = ARENA_ARRAY(arena, (size_t)capacity, Oid);
    queue[0] = member;
    for (int32_t at = 0; at < count; at++) {
        const RoleDesc *desc = (const RoleDesc *)store_desc_by_oid(session, arena, DESC_ROLE, queue[at]);

        if (desc == NULL)
            continue;
        if (at == 0 && desc->superuser)
            return true;
        for (int32_t i = 0; i < desc->member_of_count; i++) {
            bool seen = false;

            if (desc->member_of[i] == role)
                return true;
            for (int32_t k = 0; k < count && !seen; k++)
                seen = queue[k] == desc->member_of[i];
            if (seen)
                continue;
            if (count == capacity) {
                queue = arena_grow(arena, queue, sizeof(Oid) * (size_t)capacity, sizeof(Oid) * (size_t)capacity * 2);
                capacity *= 2;
            }
            queue[count++] = desc->member_of[i];
        }
    }
    return false;
}

bool acl_allows_role(Session *session, Arena *arena, Oid role, const Desc *desc, uint32_t wanted)
{
    uint32_t held = 0;
    int32_t  count;
    AclItem *items;

    if (acl_is_member(session, arena, role, desc->owner))
        return true;
    items = desc->acl.size == 0 ? acl_default(arena, desc, &count) : acl_decode(arena, desc->acl, &count);
    for (int32_t i = 0; i < count; i++) {
        if (items[i].grantee == 0 || acl_is_member(session, arena, role, items[i].grantee))
            held |= items[i].privileges;
    }
    return (held & wanted) == wanted;
}

bool acl_allows(Session *session, Arena *arena, const Desc *desc, uint32_t wanted)
{
    return session->is_superuser || desc->owner == session->current_user ||
           acl_allows_role(session, arena, session->current_user, desc, wanted);
}

static void append_role(Session *session, Arena *arena, StrBuf *out, Oid role)
{
    const Desc *desc = role == 0 ? NULL : store_desc_by_oid(session, arena, DESC_ROLE, role);

    if (role != 0 && desc == NULL)
        strbuf_printf(out, "%u", role);
    else if (desc != NULL)
        strbuf_append_cstring(out, desc->name);
}

const char *acl_text(Session *session, Arena *arena, Slice acl)
{
    int32_t  count;
    AclItem *items = acl_decode(arena, acl, &count);
    StrBuf   out;

    if (count == 0)
        return NULL;
    strbuf_init(&out, arena);
    strbuf_append_char(&out, '{');
    for (int32_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_append_char(&out, ',');
        append_role(session, arena, &out, items[i].grantee);
        strbuf_append_char(&out, '=');
        for (uint32_t bit = 0; bit < ARRAY_LENGTH(privileges); bit++) {
            if ((items[i].privileges >> bit) & 1)
                strbuf_append_char(&out, privileges[bit].letter);
            if ((items[i].grant_options >> bit) & 1)
                strbuf_append_char(&out, '*');
        }
        strbuf_append_char(&out, '/');
        append_role(session, arena, &out, items[i].grantor);
    }
    strbuf_append_char(&out, '}');
    return strbuf_cstring(&out);
}
