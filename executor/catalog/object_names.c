/*
 * object_names.c - see object_names.h.
 */
#include "executor/catalog/object_names.h"

#include "executor/analyze/analyze.h"
#include "executor/catalog/catalog_desc.h"
#include "executor/deparse/deparse.h"
#include "executor/func/registry.h"
#include "executor/store/store.h"
#include "parser/parser.h"
#include "types/regtype.h"

#include <ctype.h>

/* ---- names taken apart --------------------------------------------------------------------------------------------------- */

static noreturn void raise_bad_name(void)
{
    raise_error(SQLSTATE_INVALID_NAME, "invalid name syntax");
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at;
}

/* One part of a name from *at on, which moves behind it. */
static const char *name_part(Arena *arena, const char **at, const char *end)
{
    StrBuf      name;
    const char *c = skip_blanks(*at, end);

    strbuf_init(&name, arena);
    if (c < end && *c == '"') {
        for (c++; c < end && (*c != '"' || (c + 1 < end && c[1] == '"')); c++) {
            strbuf_append_char(&name, *c);
            c += *c == '"';
        }
        if (c++ >= end)
            raise_bad_name();
    } else {
        for (; c < end && *c != '.' && !isspace((unsigned char)*c); c++)
            strbuf_append_char(&name, (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c));
    }
    if (name.size == 0)
        raise_bad_name();
    *at = skip_blanks(c, end);
    return strbuf_cstring(&name);
}

int object_name_split(Arena *arena, Slice text, const char *parts[3])
{
    const char *at = (const char *)text.data;
    const char *end = at + text.size;

    for (int count = 0;;) {
        if (count == 3)
            raise_error(SQLSTATE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %.*s", (int)text.size, (const char *)text.data);
        parts[count++] = name_part(arena, &at, end);
        if (at >= end)
            return count;
        if (*at++ != '.')
            raise_bad_name();
    }
}

/* ---- names to oids --------------------------------------------------------------------------------------------------------- */

static Oid find_relation(Session *session, Arena *arena, Slice text, bool missing_ok)
{
    const char         *parts[3];
    int                 count = object_name_split(arena, text, parts);
    const char         *schema = count > 1 ? parts[count - 2] : NULL;
    const RelationDesc *relation = store_relation_by_name(session, arena, schema, parts[count - 1]);

    if (relation != NULL)
        return relation->head.oid;
    if (!missing_ok)
        raise_error(SQLSTATE_UNDEFINED_TABLE, "relation \"%s%s%s\" does not exist", schema != NULL ? schema : "", schema != NULL ? "." : "", parts[count - 1]);
    return 0;
}

static Oid find_type(Session *session, Arena *arena, Slice text, bool missing_ok)
{
    const TypeName *name = parse_type_name(arena, text);

    return missing_ok ? analyze_type_or_none(session, arena, name, NULL) : analyze_type(session, arena, name, NULL);
}

static Oid find_proc(Arena *arena, Slice text, bool missing_ok)
{
    const char        *parts[3];
    int                part_count = object_name_split(arena, text, parts);
    int                count;
    const Proc *const *procs = proc_by_name(parts[part_count - 1], &count);

    if (count == 1)
        return procs[0]->oid;
    if (missing_ok)
        return 0;
    if (count == 0)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "function \"%.*s\" does not exist", (int)text.size, (const char *)text.data);
    raise_error(SQLSTATE_AMBIGUOUS_FUNCTION, "more than one function named \"%.*s\"", (int)text.size, (const char *)text.data);
}

/* "name(type, type)" split at its parentheses: the types, count of them; -1 when the form is wrong. */
static int argument_types(Session *session, Arena *arena, Slice text, Slice *name_out, Oid types[PROC_MAX_ARGS], bool missing_ok)
{
    const char *begin = (const char *)text.data, *end = begin + text.size;
    const char *open = memchr(begin, '(', text.size);
    int         count = 0, depth = 0;

    while (end > begin && isspace((unsigned char)end[-1]))
        end--;
    if (open == NULL || end[-1] != ')')
        return -1;
    *name_out = slice_of(begin, (size_t)(open - begin));
    end--;
    for (const char *at = ++open; at <= end; at++) {
        if (at == end || (*at == ',' && depth == 0)) {
            const char *first = skip_blanks(open, at);

            if (first == at && at == end && count == 0)
                return 0;
            if (first == at || count == PROC_MAX_ARGS)
                return -1;
            types[count++] = slice_equal(slice_of(first, (size_t)(at - first)), slice_from_cstring("NONE"))
                                 ? 0 : find_type(session, arena, slice_of(first, (size_t)(at - first)), missing_ok);
            open = at + 1;
        } else {
            depth += (*at == '(') - (*at == ')');
        }
    }
    return count;
}

static Oid find_procedure(Session *session, Arena *arena, Slice text, bool missing_ok)
{
    Oid                types[PROC_MAX_ARGS];
    Slice              name;
    const char        *parts[3];
    int                arg_count = argument_types(session, arena, text, &name, types, missing_ok);
    int                count, part_count;
    const Proc *const *procs;

    if (arg_count < 0)
        raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "expected a left parenthesis");
    part_count = object_name_split(arena, name, parts);
    procs = proc_by_name(parts[part_count - 1], &count);
    for (int i = 0; i < count; i++) {
        if (procs[i]->arg_count == arg_count && (arg_count == 0 || memcmp(procs[i]->args, types, (size_t)arg_count * sizeof(Oid)) == 0))
            return procs[i]->oid;
    }
    if (missing_ok)
        return 0;
    raise_error(SQLSTATE_UNDEFINED_FUNCTION, "function \"%.*s\" does not exist", (int)text.size, (const char *)text.data);
}

/* An operator's symbol behind an optional schema. */
static const char *operator_symbol(Arena *arena, Slice text)
{
    const char *at = (const char *)text.data, *end = at + text.size;
    const char *first = skip_blanks(at, end);

    for (const char *c = first; c < end && (isalnum((unsigned char)*c) || *c == '_' || *c == '.'); c++)
        first = *c == '.' ? c + 1 : first;
    while (end > first && isspace((unsigned char)end[-1]))
        end--;
    return arena_printf(arena, "%.*s", (int)(end - first), first);
}

static Oid find_operator(Arena *arena, Slice text, bool missing_ok)
{
    int                    count;
    const Operator *const *named = operator_by_name(operator_symbol(arena, text), &count);

    if (count == 1)
        return named[0]->oid;
    if (missing_ok)
        return 0;
    if (count == 0)
        raise_error(SQLSTATE_UNDEFINED_FUNCTION, "operator does not exist: %.*s", (int)text.size, (const char *)text.data);
    raise_error(SQLSTATE_AMBIGUOUS_FUNCTION, "more than one operator named %.*s", (int)text.size, (const char *)text.data);
}

static Oid find_operator_with_types(Session *session, Arena *arena, Slice text, bool missing_ok)
{
    Oid                    types[PROC_MAX_ARGS];
    Slice                  name;
    int                    count, arg_count = argument_types(session, arena, text, &name, types, missing_ok);
    const Operator *const *named;

    if (arg_count != 2)
        raise_error(arg_count < 2 ? SQLSTATE_UNDEFINED_PARAMETER : SQLSTATE_TOO_MANY_ARGUMENTS, arg_count < 2 ? "missing argument" : "too many arguments");
    named = operator_by_name(operator_symbol(arena, name), &count);
    for (int i = 0; i < count; i++) {
        if (named[i]->left == types[0] && named[i]->right == types[1])
            return named[i]->oid;
    }
    if (missing_ok)
        return 0;
    raise_error(SQLSTATE_UNDEFINED_FUNCTION, "operator does not exist: %.*s", (int)text.size, (const char *)text.data);
}

static Oid find_single(Session *session, Arena *arena, DescKind kind, Slice text, bool missing_ok)
{
    const char *parts[3];
    const Desc *desc;

    if (object_name_split(arena, text, parts) != 1)
        raise_bad_name();
    desc = store_desc_by_name(session, arena, kind, 0, parts[0]);
    if (desc != NULL)
        return desc->oid;
    if (missing_ok)
        return 0;
    if (kind == DESC_ROLE)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "role \"%s\" does not exist", parts[0]);
    raise_error(SQLSTATE_INVALID_SCHEMA_NAME, "schema \"%s\" does not exist", parts[0]);
}

static Oid find_collation(Arena *arena, Slice text, bool missing_ok)
{
    const char *parts[3];
    int         count = object_name_split(arena, text, parts);
    Oid         oid = collation_by_name(parts[count - 1]);

    if (oid == 0 && !missing_ok)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "collation \"%.*s\" for encoding \"UTF8\" does not exist", (int)text.size, (const char *)text.data);
    return oid;
}

Oid object_by_name(Session *session, Arena *arena, Oid reg_type, Slice text, bool missing_ok)
{
    switch (reg_type) {
    case TYPE_REGCLASS:
        return find_relation(session, arena, text, missing_ok);
    case TYPE_REGTYPE:
        return find_type(session, arena, text, missing_ok);
    case TYPE_REGPROC:
        return find_proc(arena, text, missing_ok);
    case TYPE_REGPROCEDURE:
        return find_procedure(session, arena, text, missing_ok);
    case TYPE_REGOPER:
        return find_operator(arena, text, missing_ok);
    case TYPE_REGOPERATOR:
        return find_operator_with_types(session, arena, text, missing_ok);
    case TYPE_REGNAMESPACE:
        return find_single(session, arena, DESC_SCHEMA, text, missing_ok);
    case TYPE_REGROLE:
        return find_single(session, arena, DESC_ROLE, text, missing_ok);
    case TYPE_REGCOLLATION:
        return find_collation(arena, text, missing_ok);
    default:
        return 0;
    }
}

/* ---- oids to names --------------------------------------------------------------------------------------------------------- */

static const char *procedure_name(Session *session, Arena *arena, const Proc *proc)
{
    StrBuf text;

    strbuf_init(&text, arena);
    strbuf_printf(&text, "%s(", deparse_identifier(arena, proc->name));
    for (int16_t i = 0; i < proc->arg_count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? "," : "", deparse_type(session, arena, proc->args[i], -1));
    strbuf_append_char(&text, ')');
    return strbuf_cstring(&text);
}

static const char *operator_name(Session *session, Arena *arena, const Operator *op, bool with_types)
{
    int count;

    if (with_types)
        return arena_printf(arena, "%s(%s,%s)", op->name, op->left != 0 ? deparse_type(session, arena, op->left, -1) : "NONE",
                            deparse_type(session, arena, op->right, -1));
    operator_by_name(op->name, &count);
    return count > 1 ? arena_printf(arena, "pg_catalog.%s", op->name) : op->name;
}

/* PG15: regproc shows the schema of a name that several functions share */
static const char *proc_name(Arena *arena, const Proc *proc)
{
    int count;

    proc_by_name(proc->name, &count);
    return count > 1 ? arena_printf(arena, "pg_catalog.%s", deparse_identifier(arena, proc->name)) : deparse_identifier(arena, proc->name);
}

static const char *quoted(Arena *arena, const char *name)
{
    return name != NULL ? deparse_identifier(arena, name) : NULL;
}

static const char *desc_name(Session *session, Arena *arena, DescKind kind, Oid oid)
{
    const Desc *desc = store_desc_by_oid(session, arena, kind, oid);

    return desc != NULL ? desc->name : NULL;
}

const char *object_name(Session *session, Arena *arena, Oid reg_type, Oid object)
{
    const RelationDesc *relation;

    switch (reg_type) {
    case TYPE_REGCLASS:
        relation = store_relation_by_oid(session, arena, object);
        return relation != NULL ? deparse_relation_name(session, arena, relation) : NULL;
    case TYPE_REGTYPE:
        return type_lookup(session, arena, object) != NULL ? deparse_type(session, arena, object, -1) : NULL;
    case TYPE_REGPROC:
        return proc_by_oid(object) != NULL ? proc_name(arena, proc_by_oid(object)) : NULL;
    case TYPE_REGPROCEDURE:
        return proc_by_oid(object) != NULL ? procedure_name(session, arena, proc_by_oid(object)) : NULL;
    case TYPE_REGOPER:
    case TYPE_REGOPERATOR:
        return operator_by_oid(object) != NULL ? operator_name(session, arena, operator_by_oid(object), reg_type == TYPE_REGOPERATOR) : NULL;
    case TYPE_REGNAMESPACE:
        return quoted(arena, desc_name(session, arena, DESC_SCHEMA, object));
    case TYPE_REGROLE:
        return quoted(arena, desc_name(session, arena, DESC_ROLE, object));
    case TYPE_REGCOLLATION:
        return quoted(arena, collation_name(object));
    default:
        return NULL;
    }
}

static Oid hook_resolve(Oid type, Slice text, const TypeContext *ctx)
{
    Oid oid = ctx->session != NULL ? object_by_name(ctx->session, ctx->arena, type, text, false) : 0;

    if (ctx->session == NULL || (oid == 0 && type_by_oid(type) == NULL))
        raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s: \"%.*s\"", "oid", (int)text.size, (const char *)text.data);
    return oid;
}

static bool hook_name(Oid type, Oid object, const TypeContext *ctx, StrBuf *out)
{
    const char *name = ctx->session != NULL ? object_name(ctx->session, ctx->arena != NULL ? ctx->arena : out->arena, type, object) : NULL;

    if (name != NULL)
        strbuf_append_cstring(out, name);
    return name != NULL;
}

void object_names_init(void)
{
    reg_hooks = (RegHooks){.resolve = hook_resolve, .name = hook_name};
}

/* ---- visibility ------------------------------------------------------------------------------------------------------------ */

bool relation_is_visible(Session *session, Arena *arena, Oid oid, bool *exists)
{
    const RelationDesc *relation = store_relation_by_oid(session, arena, oid);
    const RelationDesc *found;

    *exists = relation != NULL;
    if (relation == NULL)
        return false;
    found = store_relation_by_name(session, arena, NULL, relation->head.name);
    return found != NULL && found->head.oid == oid;
}

bool type_is_visible(Session *session, Arena *arena, Oid oid, bool *exists)
{
    const TypeDesc *type;
    const Oid      *path;
    int32_t         count;

    *exists = true;
    if (type_by_oid(oid) != NULL)
        return true;
    type = (const TypeDesc *)store_desc_by_oid(session, arena, DESC_TYPE, oid);
    *exists = type != NULL;
    if (type == NULL)
        return false;
    path = session_search_path(session, &count);
    for (int32_t i = 0; i < count; i++) {
        const Desc *found = path[i] == OID_SCHEMA_PG_CATALOG ? NULL : store_desc_by_name(session, arena, DESC_TYPE, path[i], type->head.name);

        if (path[i] == OID_SCHEMA_PG_CATALOG && type_by_name(type->head.name) != NULL)
            return false;
        if (found != NULL)
            return found->oid == oid;
    }
    return false;
}

/* ---- small ones ------------------------------------------------------------------------------------------------------------ */

static const struct {
    Oid         oid;
    const char *name;
} collations[] = {{100, "default"}, {950, "C"}, {951, "POSIX"}, {12340, "ucs_basic"}, {12341, "C.utf8"}};

const char *collation_name(Oid oid)
{
    for (size_t i = 0; i < ARRAY_LENGTH(collations); i++) {
        if (collations[i].oid == oid)
            return collations[i].name;
    }
    return NULL;
}

Oid collation_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(collations); i++) {
        if (strcmp(collations[i].name, name) == 0)
            return collations[i].oid;
    }
    return 0;
}

const char *role_name(Session *session, Arena *arena, Oid role)
{
    const char *name = desc_name(session, arena, DESC_ROLE, role);

    return name != NULL ? name : arena_printf(arena, "unknown (OID=%u)", role);
}

const char *schema_name(Session *session, Arena *arena, Oid schema)
{
    return desc_name(session, arena, DESC_SCHEMA, schema);
}

const char *type_plain_name(Session *session, Arena *arena, Oid type)
{
    const TypeInfo *info = type_by_oid(type);

    return info != NULL ? info->name : desc_name(session, arena, DESC_TYPE, type);
}
