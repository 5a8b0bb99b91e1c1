/*
 * boolean.c - the type bool.
 */
#include "types/boolean.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"

bool boolean_parse(Slice text, bool *out)
{
    static const struct {
        const char *word;
        size_t      unique; /* so many letters tell it from the others */
        bool        value;
    } words[] = {{"true", 1, true}, {"false", 1, false}, {"yes", 1, true}, {"no", 1, false},
                 {"on", 2, true},   {"off", 2, false},   {"1", 1, true},   {"0", 1, false}};

    text = trim_spaces(text);
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
        size_t at = 0;

        if (text.size < words[i].unique || text.size > strlen(words[i].word))
            continue;
        while (at < text.size && (text.data[at] | 0x20) == (words[i].word[at] | 0x20) &&
               (text.data[at] >= 'A' || text.data[at] == (uint8_t)words[i].word[at]))
            at++;
        if (at == text.size) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

static void bool_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    bool value;

    (void)typmod, (void)ctx;
    if (!boolean_parse(text, &value))
        raise_bad_text(type->sql_name, text);
    out->boolean = value;
}

static void bool_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    strbuf_append_char(out, *(const uint8_t *)element ? 't' : 'f');
}

static void bool_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 1);
    out->boolean = wire.data[0] != 0;
}

static void bool_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    strbuf_append_char(out, *(const char *)element);
}

static int bool_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return *(const uint8_t *)a - *(const uint8_t *)b;
}

static uint64_t bool_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_u64(*(const uint8_t *)element + 1u);
}

static void bool_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_u8(out, *(const uint8_t *)element);
}

static const uint8_t *bool_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (at == end || *at > 1)
        return NULL;
    out->boolean = *at;
    return at + 1;
}

const TypeInfo boolean_types[] = {
    {.oid = TYPE_BOOL, .input = bool_in, .output = bool_out, .receive = bool_receive, .send = bool_send,
     .compare = bool_compare, .hash = bool_hash, .encode_key = bool_key, .key_exact = true, .decode_key = bool_from_key},
    {0},
};
