/* quote.c - identifiers, literals, and names of types and relations as SQL text. */
#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse.h"
#include "executor/store/store.h"
#include "parser/keyword.h"

/* ---- identifiers and literals --------------------------------------------------------------------------------------------------- */

static bool is_safe(const char *name)
{
    if (!((*name >= 'a' && *name <= 'z') || *name == '_'))
        return false;
    for (const char *at = name; *at != '\0'; at++) {
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
            return false;
    }
    const Keyword *keyword = keyword_find(name, strlen(name));

    return keyword == NULL || keyword->category == KEYWORD_UNRESERVED;
}

const char *deparse_identifier(Arena *arena, const char *name)
{
    StrBuf text;

    if (is_safe(name))
        return name;
    strbuf_init(&text, arena);
    strbuf_append_char(&text, '"');
    for (; *name != '\0'; name++) {
        if (*name == '"')
            strbuf_append_char(&text, '"');
        strbuf_append_char(&text, *name);
    }
    strbuf_append_char(&text, '"');
    return strbuf_cstring(&text);
}

const char *deparse_literal(Arena *arena, Slice value)
{
    StrBuf text;
    bool   escapes = value.size > 0 && memchr(value.data, '\\', value.size) != NULL;

    strbuf_init(&text, arena);
    if (escapes)
        strbuf_append_char(&text, 'E');
    strbuf_append_char(&text, '\'');
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '\'' || value.data[i] == '\\')
            strbuf_append_char(&text, (char)value.data[i]);
        strbuf_append_char(&text, (char)value.data[i]);
    }
    strbuf_append_char(&text, '\'');
    return strbuf_cstring(&text);
}

/* ---- types ------------------------------------------------------------------------------------------------------------------------ */

static const char *schema_name(Session *session, Arena *arena, Oid schema)
{
    const Desc *desc;

    if (schema == OID_SCHEMA_PG_CATALOG)
        return "pg_catalog";
    if (schema == OID_SCHEMA_PUBLIC)
        return "public";
    desc = store_desc_by_oid(session, arena, DESC_SCHEMA, schema);
    return desc != NULL ? desc->name : "?";
}

/* Is the schema's object the first of its name along the search path? */
static bool is_visible(Session *session, Arena *arena, DescKind kind, const Desc *desc)
{
    int32_t    count;
    const Oid *path = session_search_path(session, &count);

    for (int32_t i = 0; i < count; i++) {
        if (path[i] == desc->parent)
            return true;
        if (store_desc_by_name(session, arena, kind, path[i], desc->name) != NULL)
            return false;
    }
    return false;
}

const char *deparse_type(Session *session, Arena *arena, Oid type, int32_t typmod)
{
    const TypeDesc *desc;
    const char     *name;

    if (type_by_oid(type) != NULL || type < OID_FIRST_USER)
        return type_format(arena, type, typmod);
    desc = (const TypeDesc *)store_desc_by_oid(session, arena, DESC_TYPE, type);
    if (desc == NULL)
        return "???";
    if (desc->typtype == 'b' && desc->element != 0)
        return arena_printf(arena, "%s[]", deparse_type(session, arena, desc->element, typmod));
    name = deparse_identifier(arena, desc->head.name);
    if (is_visible(session, arena, DESC_TYPE, &desc->head))
        return name;
    return arena_printf(arena, "%s.%s", deparse_identifier(arena, schema_name(session, arena, desc->head.parent)), name);
}

const char *deparse_relation_name(Session *session, Arena *arena, const RelationDesc *relation)
{
    const char *name = deparse_identifier(arena, relation->head.name);

    if (is_visible(session, arena, DESC_RELATION, &relation->head))
        return name;
    return arena_printf(arena, "%s.%s", deparse_identifier(arena, schema_name(session, arena, relation->head.parent)), name);
}
