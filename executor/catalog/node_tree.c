/*
 * node_tree.c - see node_tree.h.
 */
#include "executor/catalog/node_tree.h"

#include "executor/serialize/serialize.h"

void node_tree_append(StrBuf *out, Slice stored)
{
    static const char digits[] = "0123456789abcdef";

    if (out->size > 0)
        strbuf_append_char(out, ',');
    for (size_t i = 0; i < stored.size; i++) {
        strbuf_append_char(out, digits[stored.data[i] >> 4]);
        strbuf_append_char(out, digits[stored.data[i] & 15]);
    }
}

static int hex_digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Slice expression_bytes(Arena *arena, const uint8_t *hex, size_t size)
{
    uint8_t *bytes = arena_alloc(arena, size / 2 + 1);

    for (size_t i = 0; i + 1 < size; i += 2) {
        int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);

        if (high < 0 || low < 0)
            raise_error(SQLSTATE_INTERNAL_ERROR, "unrecognized token in a stored expression");
        bytes[i / 2] = (uint8_t)(high << 4 | low);
    }
    return slice_of(bytes, size / 2);
}

const char *node_tree_text(Session *session, Arena *arena, Slice tree, const RelationDesc *relation, DeparseStyle style)
{
    StrBuf text;

    strbuf_init(&text, arena);
    for (size_t at = 0; at < tree.size;) {
        const uint8_t *comma = memchr(tree.data + at, ',', tree.size - at);
        size_t         size = comma != NULL ? (size_t)(comma - tree.data) - at : tree.size - at;
        const Expr    *expr = deserialize_expr(session, arena, expression_bytes(arena, tree.data + at, size));

        if (at > 0)
            strbuf_append_cstring(&text, ", ");
        if (expr != NULL)
            strbuf_append_cstring(&text, deparse_expression(session, arena, expr, relation, style));
        at += size + 1;
    }
    return strbuf_cstring(&text);
}
