/* user_type.c - TypeInfo of types that the catalog defines. */
#include "executor/analyze/user_type.h"

#include "base/bytes.h"
#include "base/error.h"
#include "executor/analyze/analyze.h"

typedef struct UserType {
    TypeInfo        info; /* first, so that the operations find their way back */
    const TypeDesc *desc;
} UserType;

static const TypeDesc *desc_of(const TypeInfo *type)
{
    return ((const UserType *)type)->desc;
}

/* ---- enums -------------------------------------------------------------------------------------------------------------- */

static int32_t label_index(const TypeDesc *desc, Oid label)
{
    for (int32_t i = 0; i < desc->label_count; i++) {
        if (desc->labels[i].oid == label)
            return i;
    }
    return -1;
}

static void enum_input(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    const TypeDesc *desc = desc_of(type);

    (void)typmod;
    (void)ctx;
    for (int32_t i = 0; i < desc->label_count; i++) {
        if (slice_equal(text, slice_from_cstring(desc->labels[i].label))) {
            *out = (Datum){.oid = desc->labels[i].oid};
            return;
        }
    }
    raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input value for enum %s: \"%.*s\"", desc->head.name, (int)text.size,
                (const char *)text.data);
}

static void enum_output(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    const TypeDesc *desc = desc_of(type);
    int32_t         index = label_index(desc, *(const uint32_t *)element);

    (void)ctx;
    if (index < 0)
        raise_error(SQLSTATE_INVALID_BINARY_REPRESENTATION, "invalid internal value for enum: %u", *(const uint32_t *)element);
    strbuf_append_cstring(out, desc->labels[index].label);
}

static int enum_compare(const TypeInfo *type, const void *a, const void *b)
{
    const TypeDesc *desc = desc_of(type);
    int32_t         x = label_index(desc, *(const uint32_t *)a), y = label_index(desc, *(const uint32_t *)b);

    return (x > y) - (x < y);
}

static uint64_t enum_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return *(const uint32_t *)element * 0x9e3779b97f4a7c15ull;
}

/* Sort order as a big-endian float, so that labels added between others need no rewrite; the label's oid makes it exact. */
static void enum_encode_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    const TypeDesc *desc = desc_of(type);
    Oid             label = *(const uint32_t *)element;
    int32_t         index = label_index(desc, label);
    float           order = index >= 0 ? desc->labels[index].sort_order : 0;
    uint32_t        bits;
    uint8_t         key[8];

    memcpy(&bits, &order, sizeof bits);
    bits = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
    for (int i = 0; i < 4; i++) {
        key[i] = (uint8_t)(bits >> (24 - 8 * i));
        key[4 + i] = (uint8_t)(label >> (24 - 8 * i));
    }
    strbuf_append(out, key, sizeof key);
}

static const uint8_t *enum_decode_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type;
    (void)end;
    (void)arena;
    *out = (Datum){.oid = (Oid)at[4] << 24 | (Oid)at[5] << 16 | (Oid)at[6] << 8 | at[7]};
    return at + 8;
}

static void fill_enum(TypeInfo *info)
{
    const TypeInfo *any = type_by_oid(TYPE_ANYENUM);

    info->phys = PHYS_INT32;
    info->length = 4;
    info->by_value = true;
    info->category = 'E';
    info->align = 'i';
    info->storage = 'p';
    info->input_proc = any->input_proc;
    info->output_proc = any->output_proc;
    info->input = enum_input;
    info->output = enum_output;
    info->receive = enum_input;
    info->send = enum_output;
    info->compare = enum_compare;
    info->hash = enum_hash;
    info->encode_key = enum_encode_key;
    info->decode_key = enum_decode_key;
    info->key_exact = true;
}

/* ---- the others ----------------------------------------------------------------------------------------------------------- */

const TypeInfo *user_type_info(Session *session, Arena *arena, const TypeDesc *desc)
{
    UserType       *type = ARENA_NEW(arena, UserType);
    const TypeInfo *like = NULL;

    if (desc->typtype == 'd')
        like = type_lookup(session, arena, desc->base_type);
    else if (desc->typtype == 'c')
        like = type_by_oid(TYPE_RECORD);
    else if (desc->typtype == 'b')
        like = type_by_oid(TYPE_TEXT_ARRAY);
    if (like != NULL)
        type->info = *like;
    type->desc = desc;
    type->info.oid = desc->head.oid;
    type->info.name = desc->head.name;
    type->info.sql_name = desc->head.name;
    type->info.kind = desc->typtype;
    type->info.delimiter = ',';
    type->info.preferred = false;
    type->info.array = desc->array;
    switch (desc->typtype) {
    case 'e':
        fill_enum(&type->info);
        break;
    case 'c':
        type->info.category = 'C';
        type->info.element = 0;
        break;
    case 'd':
        /* PG15: a domain over an array has the array's category but no element of its own */
        if (type->info.element_type == NULL)
            type->info.element_type = type_by_oid(type->info.element);
        type->info.element = 0;
        break;
    default:
        type->info.element = desc->element;
        type->info.element_type = type_lookup(session, arena, desc->element);
        type->info.collation = 0;
        type->info.modin_proc = type->info.modout_proc = 0;
        break;
    }
    return &type->info;
}
