/*
 * jsonpath_type.c - the type jsonpath: canonical text, text form, binary form.
 */
#include "base/error.h"
#include "types/jsonb_type.h"
#include "types/jsonpath.h"
#include "types/numeric.h"
#include "types/type.h"

/* ---- printing ---------------------------------------------------------------------------------------------------- */

const char *jsonpath_kind_name(JsonPathKind kind)
{
    static const char *const names[] = {
        [PATH_AND] = "&&",         [PATH_OR] = "||",           [PATH_EQUAL] = "==",
        [PATH_NOT_EQUAL] = "!=",   [PATH_LESS] = "<",          [PATH_LESS_EQUAL] = "<=",
        [PATH_GREATER] = ">",      [PATH_GREATER_EQUAL] = ">=", [PATH_ADD] = "+",
        [PATH_PLUS] = "+",         [PATH_SUBTRACT] = "-",      [PATH_MINUS] = "-",
        [PATH_MULTIPLY] = "*",     [PATH_DIVIDE] = "/",        [PATH_MODULO] = "%",
        [PATH_TYPE] = "type",      [PATH_SIZE] = "size",       [PATH_ABS] = "abs",
        [PATH_FLOOR] = "floor",    [PATH_CEILING] = "ceiling", [PATH_DOUBLE] = "double",
        [PATH_KEYVALUE] = "keyvalue", [PATH_DATETIME] = "datetime", [PATH_STARTS_WITH] = "starts with",
        [PATH_LIKE_REGEX] = "like_regex",
    };

    return names[kind];
}

static int priority(JsonPathKind kind)
{
    switch (kind) {
    case PATH_OR:
        return 0;
    case PATH_AND:
        return 1;
    case PATH_EQUAL:
    case PATH_NOT_EQUAL:
    case PATH_LESS:
    case PATH_LESS_EQUAL:
    case PATH_GREATER:
    case PATH_GREATER_EQUAL:
    case PATH_STARTS_WITH:
        return 2;
    case PATH_ADD:
    case PATH_SUBTRACT:
        return 3;
    case PATH_MULTIPLY:
    case PATH_DIVIDE:
    case PATH_MODULO:
        return 4;
    case PATH_PLUS:
    case PATH_MINUS:
        return 5;
    default:
        return 6;
    }
}

static void print_node(const JsonPathNode *node, bool in_key, bool brackets, StrBuf *out);

/* An operand stands in brackets unless it binds tighter than its operator. */
static void print_operand(const JsonPathNode *operand, const JsonPathNode *of, StrBuf *out)
{
    print_node(operand, false, priority(operand->kind) <= priority(of->kind), out);
}

static void print_binary(const JsonPathNode *node, bool brackets, StrBuf *out)
{
    brackets |= node->next != NULL; /* PostgreSQL loses these at times; the text must mean the same here when it is read again */
    if (brackets)
        strbuf_append_char(out, '(');
    print_operand(node->left, node, out);
    strbuf_printf(out, " %s ", jsonpath_kind_name(node->kind));
    if (node->kind == PATH_LIKE_REGEX) {
        json_append_string(node->text, out);
        if (node->flags != 0)
            strbuf_printf(out, " flag \"%s%s%s%s\"", node->flags & PATH_FLAG_ICASE ? "i" : "",
                          node->flags & PATH_FLAG_DOTALL ? "s" : "", node->flags & PATH_FLAG_MLINE ? "m" : "",
                          node->flags & PATH_FLAG_QUOTE ? "q" : "");
    } else {
        print_operand(node->right, node, out);
    }
    if (brackets)
        strbuf_append_char(out, ')');
}

static void print_level(uint32_t level, StrBuf *out)
{
    if (level == UINT32_MAX)
        strbuf_append_cstring(out, "last");
    else
        strbuf_printf(out, "%u", level);
}

static void print_any(const JsonPathNode *node, StrBuf *out)
{
    strbuf_append_cstring(out, "**");
    if (node->first == 0 && node->last == UINT32_MAX)
        return;
    strbuf_append_char(out, '{');
    print_level(node->first, out);
    if (node->last != node->first) {
        strbuf_append_cstring(out, " to ");
        print_level(node->last, out);
    }
    strbuf_append_char(out, '}');
}

static void print_subscripts(const JsonPathNode *node, StrBuf *out)
{
    strbuf_append_char(out, '[');
    for (int32_t i = 0; i < node->subscript_count; i++) {
        if (i > 0)
            strbuf_append_char(out, ',');
        print_node(node->subscripts[i].from, false, false, out);
        if (node->subscripts[i].to != NULL) {
            strbuf_append_cstring(out, " to ");
            print_node(node->subscripts[i].to, false, false, out);
        }
    }
    strbuf_append_char(out, ']');
}

static void print_number(const JsonPathNode *node, StrBuf *out)
{
    if (node->next != NULL)
        strbuf_append_char(out, '(');
    numeric_format(&node->number, out);
    if (node->next != NULL)
        strbuf_append_char(out, ')');
}

/* One node without what follows it. */
static void print_one(const JsonPathNode *node, bool in_key, bool brackets, StrBuf *out)
{
    switch (node->kind) {
    case PATH_NULL:
        strbuf_append_cstring(out, "null");
        break;
    case PATH_TRUE:
        strbuf_append_cstring(out, "true");
        break;
    case PATH_FALSE:
        strbuf_append_cstring(out, "false");
        break;
    case PATH_STRING:
        json_append_string(node->text, out);
        break;
    case PATH_NUMBER:
        print_number(node, out);
        break;
    case PATH_VARIABLE:
        strbuf_append_char(out, '$');
        json_append_string(node->text, out);
        break;
    case PATH_ROOT:
        strbuf_append_char(out, '$');
        break;
    case PATH_CURRENT:
        strbuf_append_char(out, '@');
        break;
    case PATH_LAST:
        strbuf_append_cstring(out, "last");
        break;
    case PATH_KEY:
        if (in_key)
            strbuf_append_char(out, '.');
        json_append_string(node->text, out);
        break;
    case PATH_ANY_KEY:
        strbuf_append_cstring(out, in_key ? ".*" : "*");
        break;
    case PATH_ANY_ARRAY:
        strbuf_append_cstring(out, "[*]");
        break;
    case PATH_INDEX_ARRAY:
        print_subscripts(node, out);
        break;
    case PATH_ANY:
        if (in_key)
            strbuf_append_char(out, '.');
        print_any(node, out);
        break;
    case PATH_FILTER:
        strbuf_append_cstring(out, "?(");
        print_node(node->left, false, false, out);
        strbuf_append_char(out, ')');
        break;
    case PATH_DATETIME:
        strbuf_append_cstring(out, ".datetime(");
        if (node->left != NULL)
            print_node(node->left, false, false, out);
        strbuf_append_char(out, ')');
        break;
    case PATH_TYPE:
    case PATH_SIZE:
    case PATH_ABS:
    case PATH_FLOOR:
    case PATH_CEILING:
    case PATH_DOUBLE:
    case PATH_KEYVALUE:
        strbuf_printf(out, ".%s()", jsonpath_kind_name(node->kind));
        break;
    case PATH_PLUS:
    case PATH_MINUS:
        brackets |= node->next != NULL;
        if (brackets)
            strbuf_append_char(out, '(');
        strbuf_append_char(out, node->kind == PATH_PLUS ? '+' : '-');
        print_operand(node->left, node, out);
        if (brackets)
            strbuf_append_char(out, ')');
        break;
    case PATH_NOT:
        strbuf_append_cstring(out, "!(");
        print_node(node->left, false, false, out);
        strbuf_append_char(out, ')');
        break;
    case PATH_IS_UNKNOWN:
        strbuf_append_char(out, '(');
        print_node(node->left, false, false, out);
        strbuf_append_cstring(out, ") is unknown");
        break;
    case PATH_EXISTS:
        strbuf_append_cstring(out, "exists (");
        print_node(node->left, false, false, out);
        strbuf_append_char(out, ')');
        break;
    default:
        print_binary(node, brackets, out);
        break;
    }
}

static void print_node(const JsonPathNode *node, bool in_key, bool brackets, StrBuf *out)
{
    for (; node != NULL; node = node->next, in_key = brackets = true)
        print_one(node, in_key, brackets, out);
}

void jsonpath_print(const JsonPathTree *tree, StrBuf *out)
{
    if (tree->strict)
        strbuf_append_cstring(out, "strict ");
    print_node(tree->root, false, true, out);
}

/* ---- TypeInfo ---------------------------------------------------------------------------------------------------- */

static void jsonpath_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    JsonPathTree tree;
    StrBuf       canonical;

    (void)type;
    (void)typmod;
    jsonpath_parse(text, ctx->arena, &tree);
    strbuf_init(&canonical, ctx->arena);
    jsonpath_print(&tree, &canonical);
    out->bytes = strbuf_slice(&canonical);
}

static void jsonpath_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type;
    (void)ctx;
    strbuf_append_slice(out, *(const Slice *)element);
}

static void jsonpath_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    if (wire.size == 0)
        raise_error(SQLSTATE_PROTOCOL_VIOLATION, "no data left in message");
    if (wire.data[0] != 1)
        raise_error(SQLSTATE_INTERNAL_ERROR, "unsupported jsonpath version number: %d", wire.data[0]);
    jsonpath_in(type, slice_of(wire.data + 1, wire.size - 1), typmod, ctx, out);
}

static void jsonpath_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    strbuf_append_char(out, 1);
    jsonpath_out(type, element, ctx, out);
}

const TypeInfo jsonpath_type_ops[] = {
    {.oid = TYPE_JSONPATH, .input = jsonpath_in, .output = jsonpath_out, .receive = jsonpath_receive, .send = jsonpath_send},
    {.oid = 0},
};
