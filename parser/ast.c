/*
 * ast.c - lists, printing and walking of trees, by the descriptions that ast_fields.awk makes.
 */
#include "parser/ast.h"

#include "base/cancel.h"
#include "base/error.h"
#include "base/strbuf.h"

#include <inttypes.h>
#include <stdio.h>

typedef enum FieldKind {
    FIELD_END,
    FIELD_NODE, /* any node or list */
    FIELD_STRING,
    FIELD_BOOL,
    FIELD_CHAR,
    FIELD_INT32,
    FIELD_INT64,
    FIELD_ENUM,
} FieldKind;

typedef struct EnumName {
    int         value;
    const char *name; /* NULL ends the names of one enum */
} EnumName;

typedef struct Field {
    FieldKind       kind;
    const char     *name;
    size_t          offset;
    const EnumName *names;
} Field;

typedef struct Shape {
    const char  *name;
    const Field *fields; /* FIELD_END ends them */
} Shape;

#include "parser/ast_fields.h"

const char *node_tag_name(NodeTag tag)
{
    return tag < NODE_TAG_COUNT && shapes[tag].name != NULL ? shapes[tag].name : "?";
}

Node *node_new(Arena *arena, NodeTag tag, int32_t location, size_t size)
{
    Node *node = arena_alloc_zeroed(arena, 1, size);

    node->tag = tag;
    node->location = location;
    return node;
}

/* ---- lists -------------------------------------------------------------------------------------------------- */

enum { LIST_FIRST_CAPACITY = 4 };

static void list_reserve(Arena *arena, NodeList *list, int32_t count)
{
    int32_t capacity = list->capacity;

    if (count <= capacity)
        return;
    while (capacity < count) {
        if (capacity > INT32_MAX / 2)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "list is too long");
        capacity = MAX(capacity * 2, LIST_FIRST_CAPACITY);
    }
    list->items = arena_grow(arena, list->items, (size_t)list->capacity * sizeof *list->items,
                             (size_t)capacity * sizeof *list->items);
    list->capacity = capacity;
}

/* The first items are in one piece with the list: most lists stay that short. */
static NodeList *list_new(Arena *arena)
{
    struct {
        NodeList list;
        Node    *items[LIST_FIRST_CAPACITY];
    } *block = arena_alloc(arena, sizeof *block);

    block->list = (NodeList){
        .node = {NODE_LIST, -1}, .count = 0, .capacity = LIST_FIRST_CAPACITY, .items = block->items};
    return &block->list;
}

NodeList *list_append(Arena *arena, NodeList *list, Node *item)
{
    if (list == NULL)
        list = list_new(arena);
    else
        list_reserve(arena, list, list->count + 1);
    list->items[list->count++] = item;
    return list;
}

NodeList *list_concat(Arena *arena, NodeList *list, const NodeList *tail)
{
    LIST_FOREACH(Node, item, tail)
        list = list_append(arena, list, item);
    return list;
}

NodeList *list_prepend(Arena *arena, NodeList *list, Node *item)
{
    list = list_append(arena, list, item);
    memmove(list->items + 1, list->items, (size_t)(list->count - 1) * sizeof *list->items);
    list->items[0] = item;
    return list;
}

/* ---- walking ------------------------------------------------------------------------------------------------ */

static Node *node_field(const Node *node, const Field *field)
{
    Node *child;

    memcpy(&child, (const char *)node + field->offset, sizeof child);
    return child;
}

bool ast_walk(const Node *node, bool (*visit)(const Node *child, void *context), void *context)
{
    if (node == NULL)
        return false;
    if (node->tag == NODE_LIST) {
        LIST_FOREACH(Node, item, (const NodeList *)node) {
            /* lists of lists are seen through: they nest no deeper than the grammar says */
            if (item != NULL && (item->tag == NODE_LIST ? ast_walk(item, visit, context) : visit(item, context)))
                return true;
        }
        return false;
    }
    for (const Field *field = shapes[node->tag].fields; field->kind != FIELD_END; field++) {
        const Node *child = field->kind == FIELD_NODE ? node_field(node, field) : NULL;

        if (child != NULL && (child->tag == NODE_LIST ? ast_walk(child, visit, context) : visit(child, context)))
            return true;
    }
    return false;
}

/* The leftmost operand, down the one path that can lead left of a node's own location. */
int32_t node_start(const Node *node)
{
    int32_t start = -1;

    while (node != NULL) {
        if (node->tag != NODE_LIST && node->location >= 0 && (start < 0 || node->location < start))
            start = node->location;
        switch (node->tag) {
        case NODE_LIST:
            node = list_first((const NodeList *)node);
            break;
        case NODE_A_EXPR:
            node = ((const A_Expr *)node)->lexpr;
            break;
        case NODE_BOOL_EXPR:
            node = list_first(((const BoolExpr *)node)->args);
            break;
        case NODE_TYPE_CAST: {
            const TypeCast *cast = (const TypeCast *)node;
            int32_t         type = cast->type_name->node.location;

            if (type >= 0 && (start < 0 || type < start))
                start = type;
            node = cast->arg;
            break;
        }
        case NODE_COLLATE_CLAUSE:
            node = ((const CollateClause *)node)->arg;
            break;
        case NODE_NULL_TEST:
            node = ((const NullTest *)node)->arg;
            break;
        case NODE_BOOLEAN_TEST:
            node = ((const BooleanTest *)node)->arg;
            break;
        case NODE_SUB_LINK:
            node = ((const SubLink *)node)->testexpr;
            break;
        case NODE_SORT_BY:
            start = -1; /* its own location is USING's */
            node = ((const SortBy *)node)->expr;
            break;
        case NODE_FUNC_CALL: /* x AT TIME ZONE z: x is the last argument; all else begins with a word */
            node = list_last(((const FuncCall *)node)->args);
            break;
        default:
            node = NULL;
            break;
        }
    }
    return start;
}

/* ---- printing ----------------------------------------------------------------------------------------------- */

static const char *enum_name(const EnumName *names, int value)
{
    for (; names->name != NULL; names++)
        if (names->value == value)
            return names->name;
    return NULL;
}

static void print_quoted(StrBuf *out, const char *text)
{
    strbuf_append_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            strbuf_append_char(out, '\\');
        if ((uint8_t)*text < ' ')
            strbuf_printf(out, "\\x%02x", (uint8_t)*text);
        else
            strbuf_append_char(out, *text);
    }
    strbuf_append_char(out, '"');
}

static void print_node(StrBuf *out, const Node *node, AstPrint how);

static void print_list(StrBuf *out, const NodeList *list, AstPrint how)
{
    strbuf_append_char(out, '(');
    LIST_FOREACH(Node, item, list) {
        if (item_index > 0)
            strbuf_append_char(out, ' ');
        print_node(out, item, how);
    }
    strbuf_append_char(out, ')');
}

/* A field of every kind but node; nothing when it is zero, unless zero has a name. */
static void print_scalar(StrBuf *out, const Field *field, const char *at)
{
    int32_t     small = 0;
    int64_t     large = 0;
    const char *text = NULL;

    switch (field->kind) {
    case FIELD_STRING:
        memcpy(&text, at, sizeof text);
        if (text == NULL)
            return;
        strbuf_printf(out, " :%s ", field->name);
        print_quoted(out, text);
        return;
    case FIELD_BOOL:
        if (*(const bool *)at)
            strbuf_printf(out, " :%s true", field->name);
        return;
    case FIELD_CHAR:
        if (*at != '\0')
            strbuf_printf(out, " :%s %c", field->name, *at);
        return;
    case FIELD_INT64:
        memcpy(&large, at, sizeof large);
        if (large != 0)
            strbuf_printf(out, " :%s %" PRId64, field->name, large);
        return;
    case FIELD_ENUM:
        memcpy(&small, at, sizeof small);
        text = enum_name(field->names, small);
        if (text != NULL)
            strbuf_printf(out, " :%s %s", field->name, text);
        else if (small != 0)
            strbuf_printf(out, " :%s %d", field->name, small);
        return;
    default:
        memcpy(&small, at, sizeof small);
        if (small != 0)
            strbuf_printf(out, " :%s %d", field->name, small);
        return;
    }
}

static void print_node(StrBuf *out, const Node *node, AstPrint how)
{
    check_stack_depth();
    if (node == NULL) {
        strbuf_append_cstring(out, "<>");
        return;
    }
    if (node->tag == NODE_LIST) {
        print_list(out, (const NodeList *)node, how);
        return;
    }
    if (node->tag == NODE_STRING) {
        print_quoted(out, ((const String *)node)->sval);
        return;
    }
    strbuf_printf(out, "(%s", node_tag_name(node->tag));
    if (how == AST_PRINT_LOCATIONS && node->location >= 0)
        strbuf_printf(out, "@%d", node->location);
    for (const Field *field = shapes[node->tag].fields; field->kind != FIELD_END; field++) {
        const Node *child;

        if (field->kind != FIELD_NODE) {
            print_scalar(out, field, (const char *)node + field->offset);
            continue;
        }
        child = node_field(node, field);
        if (child != NULL) {
            strbuf_printf(out, " :%s ", field->name);
            print_node(out, child, how);
        }
    }
    strbuf_append_char(out, ')');
}

const char *ast_print(Arena *arena, const Node *node, AstPrint how)
{
    StrBuf out;

    strbuf_init(&out, arena);
    print_node(&out, node, how);
    return strbuf_cstring(&out);
}
