/* reg_name.c - literals of regclass and its kin: names become oids while the statement is analyzed. */
#include "executor/analyze/binder.h"
#include "executor/store/store.h"
#include "parser/parser.h"

#include <ctype.h>

/* a.b."C d": the parts, folded to lower case unless quoted. NULL when it is no such name. */
static NodeList *split_name(Binder *b, Slice text)
{
    NodeList   *parts = NULL;
    const char *at = (const char *)text.data, *end = at + text.size;

    for (;;) {
        String *part = NODE_NEW(b->arena, String, NODE_STRING, -1);
        StrBuf  name;

        strbuf_init(&name, b->arena);
        while (at < end && isspace((unsigned char)*at))
            at++;
        if (at < end && *at == '"') {
            for (at++; at < end && (*at != '"' || (at + 1 < end && at[1] == '"')); at++) {
                strbuf_append_char(&name, *at);
                at += *at == '"';
            }
            if (at++ >= end)
                return NULL;
        } else {
            for (; at < end && *at != '.' && !isspace((unsigned char)*at); at++)
                strbuf_append_char(&name, (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at));
        }
        while (at < end && isspace((unsigned char)*at))
            at++;
        if (name.size == 0)
            return NULL;
        part->sval = strbuf_cstring(&name);
        parts = list_append(b->arena, parts, &part->node);
        if (at >= end)
            return parts;
        if (*at++ != '.')
            return NULL;
    }
}

static Oid resolve_class(Binder *b, const NodeList *parts, int32_t location)
{
    int32_t  count = list_count(parts);
    RangeVar var = {.node = {NODE_RANGE_VAR, location},
                    .relname = string_at(parts, count - 1),
                    .schemaname = count > 1 ? string_at(parts, count - 2) : NULL,
                    .catalogname = count > 2 ? string_at(parts, count - 3) : NULL};

    return open_relation(b, &var, false)->head.oid;
}

static Oid resolve_proc(const NodeList *parts, int32_t location)
{
    const char        *name = string_at(parts, list_count(parts) - 1);
    int                count;
    const Proc *const *procs = proc_by_name(name, &count);

    if (count == 0)
        bind_error(SQLSTATE_UNDEFINED_FUNCTION, location, "function \"%s\" does not exist", name);
    if (count > 1)
        bind_error(SQLSTATE_AMBIGUOUS_FUNCTION, location, "more than one function named \"%s\"", name);
    return procs[0]->oid;
}

static Oid resolve_named(Binder *b, DescKind kind, const char *what, Sqlstate missing, const char *name, int32_t location)
{
    const Desc *desc = store_desc_by_name(b->session, b->arena, kind, 0, name);

    if (desc == NULL)
        bind_error(missing, location, "%s \"%s\" does not exist", what, name);
    return desc->oid;
}

/* False when the literal is for the type's own input: digits, "-", or a type that is not resolved here. */
bool resolve_reg_literal(Binder *b, Oid type, Slice text, int32_t location, Oid *out)
{
    NodeList *parts;

    if (text.size == 0 || (text.data[0] >= '0' && text.data[0] <= '9') || (text.size == 1 && text.data[0] == '-'))
        return false;
    if (type == TYPE_REGTYPE) {
        TypeName *name = parse_type_name(b->arena, text);

        name->node.location = location; /* what is wrong is shown where the literal stands */
        *out = binder_type_name(b, name, NULL, false);
        return true;
    }
    if (type != TYPE_REGCLASS && type != TYPE_REGPROC && type != TYPE_REGNAMESPACE && type != TYPE_REGROLE)
        return false;
    parts = split_name(b, text);
    if (parts == NULL)
        bind_error(SQLSTATE_INVALID_NAME, location, "invalid name syntax");
    switch (type) {
    case TYPE_REGCLASS:
        *out = resolve_class(b, parts, location);
        break;
    case TYPE_REGPROC:
        *out = resolve_proc(parts, location);
        break;
    case TYPE_REGNAMESPACE:
        *out = strcmp(string_at(parts, 0), "pg_catalog") == 0 ? (Oid)OID_SCHEMA_PG_CATALOG
                                                              : resolve_named(b, DESC_SCHEMA, "schema", SQLSTATE_INVALID_SCHEMA_NAME, string_at(parts, 0), location);
        break;
    default:
        *out = resolve_named(b, DESC_ROLE, "role", SQLSTATE_UNDEFINED_OBJECT, string_at(parts, 0), location);
        break;
    }
    return true;
}
