/*
 * uuid.c - the type uuid, and making new ones.
 */
#include "types/uuid.h"

#include "base/hash.h"
#include "types/io.h"
#include "types/key.h"

#include <openssl/rand.h>
#include <time.h>

bool uuid_parse(Slice text, Uuid *out)
{
    bool   braces = text.size > 0 && text.data[0] == '{';
    size_t at = braces;

    for (int i = 0; i < 16; i++) {
        int high;
        int low;

        if (text.size - at < 2)
            return false;
        high = hex_value(text.data[at]);
        low = hex_value(text.data[at + 1]);
        if (high < 0 || low < 0)
            return false;
        out->bytes[i] = (uint8_t)(high << 4 | low);
        at += 2;
        if (i % 2 == 1 && i < 15 && at < text.size && text.data[at] == '-')
            at++;
    }
    if (braces)
        return text.size - at == 1 && text.data[at] == '}';
    return at == text.size;
}

void uuid_format(const Uuid *uuid, char out[UUID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[uuid->bytes[i] >> 4];
        *out++ = digits[uuid->bytes[i] & 15];
    }
}

/* Random bytes are drawn from OpenSSL in blocks, since a call costs more than the bytes do. */
static void random_bytes(uint8_t *to, size_t size)
{
    static _Thread_local uint8_t block[512];
    static _Thread_local size_t  left;

    if (left < size) {
        if (RAND_bytes(block, sizeof block) != 1)
            panic("no random numbers to be had");
        left = sizeof block;
    }
    left -= size;
    memcpy(to, block + left, size);
}

static void set_version(Uuid *uuid, int version)
{
    uuid->bytes[6] = (uint8_t)((uuid->bytes[6] & 0x0f) | version << 4);
    uuid->bytes[8] = (uint8_t)((uuid->bytes[8] & 0x3f) | 0x80);
}

void uuid_make_v4(Uuid *out)
{
    random_bytes(out->bytes, sizeof out->bytes);
    set_version(out, 4);
}

void uuid_make_v7(Uuid *out)
{
    static _Thread_local uint64_t last; /* milliseconds and their 4096ths */
    struct timespec               now;
    uint64_t                      ticks;

    clock_gettime(CLOCK_REALTIME, &now);
    ticks = ((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000) << 12 |
            (uint64_t)(now.tv_nsec % 1000000) * 4096 / 1000000;
    if (ticks <= last)
        ticks = last + 1;
    last = ticks;
    random_bytes(out->bytes + 8, 8);
    for (int i = 0; i < 6; i++)
        out->bytes[i] = (uint8_t)(ticks >> (52 - 8 * i));
    out->bytes[6] = (uint8_t)(ticks >> 8 & 0x0f);
    out->bytes[7] = (uint8_t)ticks;
    set_version(out, 7);
}

/* ---- the type -------------------------------------------------------------------------------------------------- */

static void uuid_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)typmod, (void)ctx;
    if (!uuid_parse(text, &out->uuid))
        raise_bad_text(type->sql_name, text);
}

static void uuid_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    char *at = strbuf_reserve(out, UUID_TEXT_SIZE);

    (void)type, (void)ctx;
    uuid_format(element, at);
    out->size += UUID_TEXT_SIZE;
    out->data[out->size] = '\0';
}

static void uuid_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, sizeof(Uuid));
    memcpy(&out->uuid, wire.data, sizeof(Uuid));
}

static void uuid_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    strbuf_append(out, element, sizeof(Uuid));
}

static int uuid_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return memcmp(a, b, sizeof(Uuid));
}

static uint64_t uuid_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_bytes(element, sizeof(Uuid));
}

static void uuid_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    strbuf_append(out, element, sizeof(Uuid));
}

static const uint8_t *uuid_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if ((size_t)(end - at) < sizeof(Uuid))
        return NULL;
    memcpy(&out->uuid, at, sizeof(Uuid));
    return at + sizeof(Uuid);
}

const TypeInfo uuid_types[] = {
    {.oid = TYPE_UUID, .input = uuid_in, .output = uuid_out, .receive = uuid_receive, .send = uuid_send,
     .compare = uuid_compare, .hash = uuid_hash, .encode_key = uuid_key, .key_exact = true, .decode_key = uuid_from_key},
    {0},
};
