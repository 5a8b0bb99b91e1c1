/*
 * catalog_name.c - names of catalog objects: format_type, to_reg*, *_is_visible, pg_get_userbyid, comments.
 */
#include "executor/analyze/analyze.h"
#include "executor/catalog/object_names.h"
#include "executor/deparse/deparse.h"
#include "executor/func/session_call.h"
#include "executor/store/store.h"

enum { CLASS_RELATION = 1259, CLASS_TYPE = 1247, CLASS_SCHEMA = 2615, CLASS_CONSTRAINT = 2606, CLASS_PROC = 1255, CLASS_DATABASE = 1262, CLASS_ROLE = 1260 };

/* ---- types --------------------------------------------------------------------------------------------------------------- */

/* Not strict: a NULL typmod is none at all, -1 that of a column. */
static void format_type(KernelCall *call, int32_t row)
{
    Arena *arena = call->ctx->arena;
    bool   with_typmod = !arg_is_null(call, 1, row);
    Oid    type;

    if (arg_is_null(call, 0, row)) {
        kernel_set_null(call, row);
        return;
    }
    type = arg_oid(call, 0, row);
    if (type != 0 && type_lookup(call->session, arena, type) == NULL)
        return_text(call, row, "???");
    else if (type_by_oid(type) != NULL || type == 0)
        return_text(call, row, with_typmod ? type_format_column(arena, type, arg_int4(call, 1, row)) : type_format(arena, type, -1));
    else
        return_text(call, row, deparse_type(call->session, arena, type, with_typmod ? arg_int4(call, 1, row) : -1));
}
ROW_KERNEL(format_type)

/* ---- names to objects -------------------------------------------------------------------------------------------------------- */

static void to_reg(KernelCall *call, int32_t row)
{
    Oid oid = object_by_name(call->session, call->ctx->arena, call->proc->result, arg_bytes(call, 0, row), true);

    if (oid == 0)
        kernel_set_null(call, row);
    else
        return_oid(call, row, oid);
}
ROW_KERNEL(to_reg)

/* ---- visibility ---------------------------------------------------------------------------------------------------------------- */

static void return_visible(KernelCall *call, int32_t row, bool exists, bool visible)
{
    if (!exists)
        kernel_set_null(call, row);
    else
        return_bool(call, row, visible);
}

static void table_is_visible(KernelCall *call, int32_t row)
{
    bool exists;
    bool visible = relation_is_visible(call->session, call->ctx->arena, arg_oid(call, 0, row), &exists);

    return_visible(call, row, exists, visible);
}
ROW_KERNEL(table_is_visible)

static void is_visible_type(KernelCall *call, int32_t row)
{
    bool exists;
    bool visible = type_is_visible(call->session, call->ctx->arena, arg_oid(call, 0, row), &exists);

    return_visible(call, row, exists, visible);
}
ROW_KERNEL(is_visible_type)

static void function_is_visible(KernelCall *call, int32_t row)
{
    return_visible(call, row, proc_by_oid(arg_oid(call, 0, row)) != NULL, true);
}
ROW_KERNEL(function_is_visible)

static void operator_is_visible(KernelCall *call, int32_t row)
{
    return_visible(call, row, operator_by_oid(arg_oid(call, 0, row)) != NULL, true);
}
ROW_KERNEL(operator_is_visible)

static void collation_is_visible(KernelCall *call, int32_t row)
{
    return_visible(call, row, collation_name(arg_oid(call, 0, row)) != NULL, true);
}
ROW_KERNEL(collation_is_visible)

/* Operator classes are pg_catalog's; there are no text search objects, conversions or extended statistics. */
static void class_is_visible(KernelCall *call, int32_t row)
{
    return_bool(call, row, true);
}
ROW_KERNEL(class_is_visible)

static void nothing(KernelCall *call, int32_t row)
{
    kernel_set_null(call, row);
}
ROW_KERNEL(nothing)

/* ---- roles and encodings --------------------------------------------------------------------------------------------------------- */

static void user_by_id(KernelCall *call, int32_t row)
{
    return_text(call, row, role_name(call->session, call->ctx->arena, arg_oid(call, 0, row)));
}
ROW_KERNEL(user_by_id)

/* In PostgreSQL's order of numbers. */
static const char *const encodings[] = {
    "SQL_ASCII", "EUC_JP", "EUC_CN", "EUC_KR", "EUC_TW", "EUC_JIS_2004", "UTF8", "MULE_INTERNAL", "LATIN1", "LATIN2", "LATIN3", "LATIN4", "LATIN5", "LATIN6",
    "LATIN7", "LATIN8", "LATIN9", "LATIN10", "WIN1256", "WIN1258", "WIN866", "WIN874", "KOI8R", "WIN1251", "WIN1252", "ISO_8859_5", "ISO_8859_6", "ISO_8859_7",
    "ISO_8859_8", "WIN1250", "WIN1253", "WIN1254", "WIN1255", "WIN1257", "KOI8U", "SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB", "SHIFT_JIS_2004",
};

static void encoding_to_char(KernelCall *call, int32_t row)
{
    int32_t encoding = arg_int4(call, 0, row);

    return_text(call, row, encoding >= 0 && encoding < (int32_t)ARRAY_LENGTH(encodings) ? encodings[encoding] : "");
}
ROW_KERNEL(encoding_to_char)

/* Case and all but letters and digits do not count: "utf-8" is UTF8. */
static bool same_encoding(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == '-' || *a == '_' || *a == ' ')
            a++;
        while (*b == '-' || *b == '_' || *b == ' ')
            b++;
        if ((*a | 32) != (*b | 32))
            return false;
        if (*a == '\0')
            return true;
    }
}

static void char_to_encoding(KernelCall *call, int32_t row)
{
    const char *name = arg_text(call, 0, row);

    return_int4(call, row, same_encoding(name, "unicode") ? 6 : -1);
    for (int32_t i = 0; i < (int32_t)ARRAY_LENGTH(encodings); i++) {
        if (same_encoding(name, encodings[i]))
            return_int4(call, row, i);
    }
}
ROW_KERNEL(char_to_encoding)

static void database_encoding(KernelCall *call, int32_t row)
{
    return_text(call, row, "UTF8");
}
ROW_KERNEL(database_encoding)

/* ---- comments ---------------------------------------------------------------------------------------------------------------------- */

static void return_comment(KernelCall *call, int32_t row, Oid object, Oid class, int32_t sub)
{
    Arena             *arena = call->ctx->arena;
    int                count;
    const Desc *const *list = object == 0 ? NULL : store_desc_list(call->session, arena, DESC_COMMENT, object, &count);

    for (int i = 0; list != NULL && i < count; i++) {
        const CommentDesc *comment = (const CommentDesc *)list[i];
        DescKind           kind = comment->object_kind;
        bool               of_class = class == 0 || class == CLASS_CONSTRAINT || (class == CLASS_RELATION && kind == DESC_RELATION) ||
                                      (class == CLASS_TYPE && kind == DESC_TYPE) || (class == CLASS_SCHEMA && kind == DESC_SCHEMA) ||
                                      (class == CLASS_PROC && kind == DESC_FUNCTION) || (class == CLASS_DATABASE && kind == DESC_DATABASE) ||
                                      (class == CLASS_ROLE && kind == DESC_ROLE);

        if (of_class && comment->sub == sub) {
            return_text(call, row, comment->text);
            return;
        }
    }
    kernel_set_null(call, row);
}

static Oid class_by_name(KernelCall *call, int32_t row)
{
    const RelationDesc *relation = store_relation_by_name(call->session, call->ctx->arena, "pg_catalog", arg_text(call, 1, row));

    return relation != NULL ? relation->head.oid : UINT32_MAX;
}

static void obj_description(KernelCall *call, int32_t row)
{
    return_comment(call, row, arg_oid(call, 0, row), call->arg_count > 1 ? class_by_name(call, row) : 0, 0);
}
ROW_KERNEL(obj_description)

static void col_description(KernelCall *call, int32_t row)
{
    return_comment(call, row, arg_oid(call, 0, row), CLASS_RELATION, arg_int4(call, 1, row));
}
ROW_KERNEL(col_description)

const KernelEntry catalog_name_kernels[] = {
    {.proc = 1081, .run = format_type_run},
    {.proc = 3495, .run = to_reg_run},            /* to_regclass */
    {.proc = 4195, .run = to_reg_run},            /* to_regcollation */
    {.proc = 4086, .run = to_reg_run},            /* to_regnamespace */
    {.proc = 3492, .run = to_reg_run},            /* to_regoper */
    {.proc = 3476, .run = to_reg_run},            /* to_regoperator */
    {.proc = 3494, .run = to_reg_run},            /* to_regproc */
    {.proc = 3479, .run = to_reg_run},            /* to_regprocedure */
    {.proc = 4093, .run = to_reg_run},            /* to_regrole */
    {.proc = 3493, .run = to_reg_run},            /* to_regtype */
    {.proc = 2079, .run = table_is_visible_run},
    {.proc = 2080, .run = is_visible_type_run},
    {.proc = 2081, .run = function_is_visible_run},
    {.proc = 2082, .run = operator_is_visible_run},
    {.proc = 3815, .run = collation_is_visible_run},
    {.proc = 2083, .run = class_is_visible_run},  /* pg_opclass_is_visible */
    {.proc = 3829, .run = class_is_visible_run},  /* pg_opfamily_is_visible */
    {.proc = 2093, .run = nothing_run},           /* pg_conversion_is_visible */
    {.proc = 3403, .run = nothing_run},           /* pg_statistics_obj_is_visible */
    {.proc = 3756, .run = nothing_run},           /* pg_ts_*_is_visible */
    {.proc = 3757, .run = nothing_run},
    {.proc = 3758, .run = nothing_run},
    {.proc = 3768, .run = nothing_run},
    {.proc = 3448, .run = nothing_run},           /* pg_collation_actual_version: C has none */
    {.proc = 1642, .run = user_by_id_run},
    {.proc = 1597, .run = encoding_to_char_run},
    {.proc = 1264, .run = char_to_encoding_run},
    {.proc = 810, .run = database_encoding_run},  /* pg_client_encoding */
    {.proc = 1039, .run = database_encoding_run},
    {.proc = 1348, .run = obj_description_run},
    {.proc = 1215, .run = obj_description_run},
    {.proc = 1993, .run = obj_description_run},   /* shobj_description */
    {.proc = 1216, .run = col_description_run},
    {0},
};
