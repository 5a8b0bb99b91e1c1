/*
 * acl.h - privileges: the stored form of access lists, who is allowed what, and their text for the catalogs.
 *
 * Stored form  Desc.acl and ColumnDesc.acl: items of 16 bytes, little-endian: grantee oid (0: PUBLIC), grantor oid, privilege bits,
 *              grant option bits. Empty: the kind's default privileges.
 * Raises       53200 only, unless said.
 */
#ifndef EXECUTOR_DDL_ACL_H
#define EXECUTOR_DDL_ACL_H

#include "executor/session.h"
#include "storage/catalog/descriptor.h"

/* Bits as PostgreSQL numbers them; their letters are "arwdDxtXUCTc". */
enum {
    ACL_INSERT = 1 << 0,
    ACL_SELECT = 1 << 1,
    ACL_UPDATE = 1 << 2,
    ACL_DELETE = 1 << 3,
    ACL_TRUNCATE = 1 << 4,
    ACL_REFERENCES = 1 << 5,
    ACL_TRIGGER = 1 << 6,
    ACL_EXECUTE = 1 << 7,
    ACL_USAGE = 1 << 8,
    ACL_CREATE = 1 << 9,
    ACL_CREATE_TEMP = 1 << 10,
    ACL_CONNECT = 1 << 11,
    ACL_ALL_TABLE = 0x7f,
    ACL_ALL_SEQUENCE = ACL_SELECT | ACL_UPDATE | ACL_USAGE,
    ACL_ALL_COLUMN = ACL_INSERT | ACL_SELECT | ACL_UPDATE | ACL_REFERENCES,
    ACL_ALL_DATABASE = ACL_CREATE | ACL_CREATE_TEMP | ACL_CONNECT,
    ACL_ALL_SCHEMA = ACL_USAGE | ACL_CREATE,
};

typedef struct AclItem {
    Oid      grantee; /* 0: PUBLIC */
    Oid      grantor;
    uint32_t privileges;
    uint32_t grant_options; /* a subset of privileges */
} AclItem;

/* The items of a stored list, in arena; damaged bytes give none. */
AclItem *acl_decode(Arena *arena, Slice acl, int32_t *count_out);
Slice    acl_encode(Arena *arena, const AclItem *items, int32_t count);

/* What an object has while nothing was granted or revoked. */
AclItem *acl_default(Arena *arena, const Desc *desc, int32_t *count_out);
uint32_t acl_all_of(const Desc *desc);

/* Whether the current role may do all of privileges with the object (superusers and owners always). */
bool acl_allows(Session *session, Arena *arena, const Desc *desc, uint32_t privileges);
/* The same for a role that is not the current one. */
bool acl_allows_role(Session *session, Arena *arena, Oid role, const Desc *desc, uint32_t privileges);

/* Whether member is role, or belongs to it directly or through others; a superuser belongs to all. */
bool acl_is_member(Session *session, Arena *arena, Oid member, Oid role);

/* PostgreSQL's array text: {nexadb=arwdDxt/nexadb,=r/nexadb}; NULL for an empty list. */
const char *acl_text(Session *session, Arena *arena, Slice acl);

/* The bit of a privilege's name in lower case ("select"), 0 when there is none. */
uint32_t acl_privilege(const char *name);

#endif
