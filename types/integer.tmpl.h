/*
 * integer.tmpl.h - the operations of one integer type. Define BITS (16, 32, 64) before including this file.
 */
#define JOIN2(a, b, c) a##b##c
#define JOIN(a, b, c) JOIN2(a, b, c)
#define NAME(suffix) JOIN(int, BITS, suffix)
#define CTYPE JOIN(int, BITS, _t)
#define UTYPE JOIN(uint, BITS, _t)

static void NAME(_in)(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)typmod, (void)ctx;
    out->NAME() = (CTYPE)read_integer(type, text, JOIN(INT, BITS, _MIN), JOIN(INT, BITS, _MAX));
}

static void NAME(_out)(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    append_int64(out, *(const CTYPE *)element);
}

static void NAME(_receive)(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, sizeof(CTYPE));
    out->NAME() = (CTYPE)JOIN(get_be, BITS, )(wire.data);
}

static void NAME(_send)(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    JOIN(send_u, BITS, )(out, (UTYPE)*(const CTYPE *)element);
}

static int NAME(_compare)(const TypeInfo *type, const void *a, const void *b)
{
    CTYPE left = *(const CTYPE *)a;
    CTYPE right = *(const CTYPE *)b;

    (void)type;
    return (left > right) - (left < right);
}

/* The three integer types hash alike, since they compare with each other. */
static uint64_t NAME(_hash)(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_u64((uint64_t)(int64_t) * (const CTYPE *)element);
}

static void NAME(_key)(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    JOIN(key_put_i, BITS, )(out, *(const CTYPE *)element);
}

static const uint8_t *NAME(_from_key)(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if ((size_t)(end - at) < sizeof(CTYPE))
        return NULL;
    out->NAME() = (CTYPE)(UTYPE)(JOIN(get_be, BITS, )(at) ^ (UTYPE)((UTYPE)1 << (BITS - 1)));
    return at + sizeof(CTYPE);
}

#undef BITS
#undef JOIN2
#undef JOIN
#undef NAME
#undef CTYPE
#undef UTYPE
