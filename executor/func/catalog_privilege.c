/*
 * catalog_privilege.c - has_*_privilege in all their forms, and pg_has_role.
 *
 * Arguments are [role name or oid,] object name or oid, [column name or number,] privileges. "a, b" asks for any of them.
 */
#include "executor/catalog/object_names.h"
#include "executor/ddl/acl.h"
#include "executor/func/session_call.h"
#include "executor/store/store.h"
#include "types/array.h"

/* ---- arguments ---------------------------------------------------------------------------------------------------------------- */

static bool is_oid(const KernelCall *call, int arg)
{
    return call->args[arg]->phys == PHYS_INT32;
}

static Oid role_by_name(KernelCall *call, const char *name)
{
    const Desc *role = strcmp(name, "public") == 0 ? NULL : store_desc_by_name(call->session, call->ctx->arena, DESC_ROLE, 0, name);

    if (role == NULL && strcmp(name, "public") != 0)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "role \"%s\" does not exist", name);
    return role != NULL ? role->oid : 0;
}

static Oid role_argument(KernelCall *call, int arg, int32_t row)
{
    return is_oid(call, arg) ? arg_oid(call, arg, row) : role_by_name(call, arg_text(call, arg, row));
}

/* The next word of "SELECT, INSERT WITH GRANT OPTION" from *at on, in lower case; NULL at the end. */
static const char *next_privilege(Arena *arena, const char **at, bool *grant_option)
{
    const char *begin = *at + strspn(*at, " \t\n");
    size_t      size = strcspn(begin, ",");
    char       *word = arena_printf(arena, "%.*s", (int)size, begin);
    char       *suffix;

    if (**at == '\0')
        return NULL;
    *at = begin[size] == ',' ? begin + size + 1 : begin + size;
    for (size_t i = 0; i < size; i++)
        word[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]);
    while (size > 0 && word[size - 1] == ' ')
        word[--size] = '\0';
    suffix = strstr(word, " with grant option");
    *grant_option = suffix != NULL;
    if (suffix != NULL)
        *suffix = '\0';
    return word;
}

/* Whether the role may do any of the privileges named in the text; allowed is what such objects know. */
static bool any_privilege(KernelCall *call, Oid role, const Desc *object, const char *text, uint32_t allowed)
{
    bool        result = false, grant_option;
    const char *at = text, *word;

    while ((word = next_privilege(call->ctx->arena, &at, &grant_option)) != NULL) {
        uint32_t bit = strcmp(word, "rule") == 0 ? 0 : strcmp(word, "temp") == 0 ? (uint32_t)ACL_CREATE_TEMP : acl_privilege(word);

        if ((bit & allowed) == 0 && strcmp(word, "rule") != 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"%s\"", text);
        result = result || (bit != 0 && acl_allows_role(call->session, call->ctx->arena, role, object, bit));
    }
    return result;
}

/* Arguments from the object on: the first is the role when there is one more than an object of this kind needs. */
typedef struct PrivilegeCall {
    Oid role;
    int object; /* argument number */
} PrivilegeCall;

static PrivilegeCall privilege_call(KernelCall *call, int32_t row, int needed)
{
    if (call->arg_count > needed)
        return (PrivilegeCall){role_argument(call, 0, row), 1};
    return (PrivilegeCall){call->session->current_user, 0};
}

static void return_privilege(KernelCall *call, int32_t row, Oid role, const Desc *object, uint32_t allowed)
{
    if (object == NULL)
        kernel_set_null(call, row);
    else
        return_bool(call, row, any_privilege(call, role, object, arg_text(call, call->arg_count - 1, row), allowed));
}

/* ---- by kind ------------------------------------------------------------------------------------------------------------------ */

static const Desc *relation_argument(KernelCall *call, int arg, int32_t row)
{
    Oid oid = is_oid(call, arg) ? arg_oid(call, arg, row)
                                : object_by_name(call->session, call->ctx->arena, TYPE_REGCLASS, arg_bytes(call, arg, row), false);
    const RelationDesc *relation = store_relation_by_oid(call->session, call->ctx->arena, oid);

    return relation != NULL ? &relation->head : NULL;
}

static void table_privilege(KernelCall *call, int32_t row)
{
    PrivilegeCall args = privilege_call(call, row, 2);

    return_privilege(call, row, args.role, relation_argument(call, args.object, row), ACL_ALL_TABLE);
}
ROW_KERNEL(table_privilege)

static void sequence_privilege(KernelCall *call, int32_t row)
{
    PrivilegeCall args = privilege_call(call, row, 2);
    const Desc   *desc = relation_argument(call, args.object, row);

    if (desc != NULL && ((const RelationDesc *)desc)->sequence == NULL && !is_oid(call, args.object))
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", desc->name);
    return_privilege(call, row, args.role, desc, ACL_ALL_SEQUENCE);
}
ROW_KERNEL(sequence_privilege)

/* Of the table as a whole, or of any of its columns. */
static bool column_allows(KernelCall *call, Oid role, const RelationDesc *relation, int number, const char *privileges)
{
    if (any_privilege(call, role, &relation->head, privileges, ACL_ALL_COLUMN))
        return true;
    for (int16_t i = 0; i < relation->column_count; i++) {
        Desc column = {.kind = DESC_COMMENT, .owner = relation->head.owner, .acl = relation->columns[i].acl};

        if ((number == 0 || number == i + 1) && column.acl.size > 0 && any_privilege(call, role, &column, privileges, ACL_ALL_COLUMN))
            return true;
    }
    return false;
}

static void any_column_privilege(KernelCall *call, int32_t row)
{
    PrivilegeCall args = privilege_call(call, row, 2);
    const Desc   *desc = relation_argument(call, args.object, row);

    if (desc == NULL)
        kernel_set_null(call, row);
    else
        return_bool(call, row, column_allows(call, args.role, (const RelationDesc *)desc, 0, arg_text(call, call->arg_count - 1, row)));
}
ROW_KERNEL(any_column_privilege)

static int column_argument(KernelCall *call, int arg, int32_t row, const RelationDesc *relation)
{
    const char *name;

    if (call->args[arg]->phys == PHYS_INT16) {
        int16_t number = VECTOR_DATA(call->args[arg], int16_t)[row];

        return number >= 1 && number <= relation->column_count && !relation->columns[number - 1].dropped ? number : 0;
    }
    name = arg_text(call, arg, row);
    for (int16_t i = 0; i < relation->column_count; i++) {
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            return i + 1;
    }
    raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, relation->head.name);
}

static void column_privilege(KernelCall *call, int32_t row)
{
    PrivilegeCall       args = privilege_call(call, row, 3);
    const RelationDesc *relation = (const RelationDesc *)relation_argument(call, args.object, row);
    int                 number = relation != NULL ? column_argument(call, args.object + 1, row, relation) : 0;

    if (number == 0)
        kernel_set_null(call, row);
    else
        return_bool(call, row, column_allows(call, args.role, relation, number, arg_text(call, call->arg_count - 1, row)));
}
ROW_KERNEL(column_privilege)

static const Desc *named_argument(KernelCall *call, int arg, int32_t row, DescKind kind, const char *what, Sqlstate missing)
{
    const Desc *desc;
    const char *name;

    if (is_oid(call, arg))
        return store_desc_by_oid(call->session, call->ctx->arena, kind, arg_oid(call, arg, row));
    name = arg_text(call, arg, row);
    desc = store_desc_by_name(call->session, call->ctx->arena, kind, 0, name);
    if (desc == NULL)
        raise_error(missing, "%s \"%s\" does not exist", what, name);
    return desc;
}

static void schema_privilege(KernelCall *call, int32_t row)
{
    PrivilegeCall args = privilege_call(call, row, 2);

    return_privilege(call, row, args.role, named_argument(call, args.object, row, DESC_SCHEMA, "schema", SQLSTATE_INVALID_SCHEMA_NAME), ACL_ALL_SCHEMA);
}
ROW_KERNEL(schema_privilege)

static void database_privilege(KernelCall *call, int32_t row)
{
    PrivilegeCall args = privilege_call(call, row, 2);

    return_privilege(call, row, args.role, named_argument(call, args.object, row, DESC_DATABASE, "database", SQLSTATE_INVALID_CATALOG_NAME), ACL_ALL_DATABASE);
}
ROW_KERNEL(database_privilege)

/* Built-in functions, types, languages: everybody may use them; settings belong to superusers. */
static void public_privilege(KernelCall *call, int32_t row)
{
    return_bool(call, row, true);
}
ROW_KERNEL(public_privilege)

static void superuser_privilege(KernelCall *call, int32_t row)
{
    return_bool(call, row, call->session->is_superuser);
}
ROW_KERNEL(superuser_privilege)

/* ---- pg_has_role --------------------------------------------------------------------------------------------------------------- */

static void has_role(KernelCall *call, int32_t row)
{
    PrivilegeCall args = privilege_call(call, row, 2);
    Oid           role = role_argument(call, args.object, row);

    return_bool(call, row, acl_is_member(call->session, call->ctx->arena, args.role, role));
}
ROW_KERNEL(has_role)

/* ---- acldefault ---------------------------------------------------------------------------------------------------------------- */

static Datum acl_item(KernelCall *call, const AclItem *item)
{
    Arena *arena = call->ctx->arena;
    Slice  text = slice_from_cstring(acl_text(call->session, arena, acl_encode(arena, item, 1)));

    return (Datum){.bytes = slice_of(text.data + 1, text.size - 2)}; /* without the braces */
}

/* PG15: what PUBLIC and the owner have of an object of each kind; columns have nothing of their own */
static void acldefault(KernelCall *call, int32_t row)
{
    static const struct {
        char     kind;
        uint32_t for_public, for_owner;
    } kinds[] = {{'c', 0, 0}, {'r', 0, ACL_ALL_TABLE}, {'s', 0, ACL_ALL_SEQUENCE}, {'d', ACL_CREATE_TEMP | ACL_CONNECT, ACL_ALL_DATABASE},
                 {'f', ACL_EXECUTE, ACL_EXECUTE}, {'l', ACL_USAGE, ACL_USAGE}, {'L', 0, ACL_SELECT | ACL_UPDATE}, {'n', 0, ACL_ALL_SCHEMA},
                 {'t', 0, ACL_CREATE}, {'F', 0, ACL_USAGE}, {'S', 0, ACL_USAGE}, {'T', ACL_USAGE, ACL_USAGE}};
    Slice kind = arg_bytes(call, 0, row);
    Oid   owner = arg_oid(call, 1, row);
    Datum items[2];
    int   count = 0;

    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        if (kind.size != 1 || kind.data[0] != (uint8_t)kinds[i].kind)
            continue;
        if (kinds[i].for_public != 0)
            items[count++] = acl_item(call, &(AclItem){0, owner, kinds[i].for_public, 0});
        if (kinds[i].for_owner != 0)
            items[count++] = acl_item(call, &(AclItem){owner, owner, kinds[i].for_owner, 0});
        VECTOR_DATA(call->result, Slice)[row] = array_build_list(call->ctx->arena, TYPE_ACLITEM, PHYS_BYTES, items, NULL, count);
        return;
    }
    raise_error(SQLSTATE_INTERNAL_ERROR, "unrecognized object type abbreviation: %.*s", (int)kind.size, (const char *)kind.data);
}
ROW_KERNEL(acldefault)

#define FORMS_6(first, kernel)                                                                                       \
    {.proc = (first), .run = kernel}, {.proc = (first) + 1, .run = kernel}, {.proc = (first) + 2, .run = kernel},   \
    {.proc = (first) + 3, .run = kernel}, {.proc = (first) + 4, .run = kernel}, {.proc = (first) + 5, .run = kernel}

const KernelEntry catalog_privilege_kernels[] = {
    FORMS_6(1922, table_privilege_run),
    FORMS_6(2181, sequence_privilege_run),
    FORMS_6(3024, any_column_privilege_run),
    FORMS_6(3012, column_privilege_run),
    FORMS_6(3018, column_privilege_run),
    FORMS_6(2268, schema_privilege_run),
    FORMS_6(2250, database_privilege_run),
    FORMS_6(2256, public_privilege_run),      /* has_function_privilege */
    FORMS_6(2262, public_privilege_run),      /* has_language_privilege */
    FORMS_6(3138, public_privilege_run),      /* has_type_privilege */
    FORMS_6(2390, superuser_privilege_run),   /* has_tablespace_privilege */
    FORMS_6(3000, superuser_privilege_run),   /* has_foreign_data_wrapper_privilege */
    FORMS_6(3006, superuser_privilege_run),   /* has_server_privilege */
    {.proc = 6205, .run = superuser_privilege_run}, /* has_parameter_privilege */
    {.proc = 6206, .run = superuser_privilege_run},
    {.proc = 6207, .run = superuser_privilege_run},
    FORMS_6(2705, has_role_run),
    {.proc = 3943, .run = acldefault_run},
    {0},
};
