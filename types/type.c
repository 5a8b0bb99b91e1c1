/*
 * type.c - the type table: the facts of types.def with the operations of each type attached.
 */
#include "types/type.h"

#include "base/error.h"

static TypeInfo types[] = {
#define TYPE(symbol, oid_, name_, sql_name_, phys_, length_, by_value_, kind_, category_, preferred_, delimiter_, align_,    \
             storage_, element_, array_, collation_, input_, output_, receive_, send_, modin_, modout_)                      \
    {.oid = (oid_), .name = (name_), .sql_name = (sql_name_), .phys = (phys_), .length = (length_), .kind = (kind_),         \
     .category = (category_), .preferred = (preferred_), .delimiter = (delimiter_), .align = (align_),                      \
     .storage = (storage_), .by_value = (by_value_), .element = (element_), .array = (array_), .collation = (collation_),   \
     .input_proc = (input_), .output_proc = (output_), .receive_proc = (receive_), .send_proc = (send_),                    \
     .modin_proc = (modin_), .modout_proc = (modout_)},
#include "types/types.def"
#undef TYPE
};

enum { TYPE_COUNT = ARRAY_LENGTH(types), OID_LIMIT = 8192 };
_Static_assert(TYPE_COUNT < UINT8_MAX, "index_by_oid has bytes");

static uint8_t         index_by_oid[OID_LIMIT]; /* index + 1 */
static const TypeInfo *types_in_order[TYPE_COUNT];

#define TYPE_OPS(array) extern const TypeInfo array[];
#include "types/type_ops.def"

static void copy_ops(TypeInfo *to, const TypeInfo *ops)
{
    to->input = ops->input;
    to->output = ops->output;
    to->receive = ops->receive;
    to->send = ops->send;
    to->compare = ops->compare;
    to->hash = ops->hash;
    to->encode_key = ops->encode_key;
    to->key_exact = ops->key_exact;
    to->decode_key = ops->decode_key;
    to->typmod_in = ops->typmod_in;
    to->typmod_out = ops->typmod_out;
    to->coerce_typmod = ops->coerce_typmod;
}

static void attach_ops(const TypeInfo *ops)
{
    for (; ops->oid != 0; ops++) {
        TypeInfo *type = ops->oid < OID_LIMIT && index_by_oid[ops->oid] != 0 ? &types[index_by_oid[ops->oid] - 1] : NULL;

        if (type == NULL)
            panic("types: operations for type %u, which is not in types.def", ops->oid);
        if (type->output != NULL)
            panic("types: operations for type %u twice", ops->oid);
        copy_ops(type, ops);
    }
}

/*
 * Runs before main(), because types are used by every unit test and by threads without any common start; afterwards the
 * table is constant.
 */
__attribute__((constructor)) static void fill_types(void)
{
    const TypeInfo *any_array;

    for (size_t i = 0; i < TYPE_COUNT; i++) {
        size_t at = i;

        if (types[i].oid >= OID_LIMIT || index_by_oid[types[i].oid] != 0)
            panic("types: bad oid %u in types.def", types[i].oid);
        index_by_oid[types[i].oid] = (uint8_t)(i + 1);
        for (; at > 0 && types_in_order[at - 1]->oid > types[i].oid; at--)
            types_in_order[at] = types_in_order[at - 1];
        types_in_order[at] = &types[i];
    }
    (void)attach_ops; /* unused before the first array is named */
#define TYPE_OPS(array) attach_ops(array);
#include "types/type_ops.def"
    any_array = type_by_oid(TYPE_ANYARRAY);
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (types[i].category == 'A' && types[i].output == NULL && any_array->output != NULL)
            copy_ops(&types[i], any_array);
    }
}

const TypeInfo *type_by_oid(Oid oid)
{
    if (oid >= OID_LIMIT || index_by_oid[oid] == 0)
        return NULL;
    return &types[index_by_oid[oid] - 1];
}

const TypeInfo *type_by_name(const char *name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    }
    return NULL;
}

const TypeInfo *const *type_all(int *count_out)
{
    *count_out = TYPE_COUNT;
    return types_in_order;
}

/* ---- format_type ----------------------------------------------------------------------------------------------- */

/* "timestamp without time zone" takes its typmod after the first word; what follows is part of typmod_out's text. */
static bool typmod_replaces_rest(Oid oid)
{
    return oid == TYPE_TIMESTAMP || oid == TYPE_TIMESTAMPTZ || oid == TYPE_TIME || oid == TYPE_TIMETZ;
}

static void format_plain(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    if (typmod < 0 || type->typmod_out == NULL) {
        strbuf_append_cstring(out, type->sql_name);
        return;
    }
    if (typmod_replaces_rest(type->oid))
        strbuf_append(out, type->sql_name, strcspn(type->sql_name, " "));
    else
        strbuf_append_cstring(out, type->sql_name);
    type->typmod_out(type, typmod, out);
}

/* int2vector and oidvector have elements too, but are no arrays to SQL: their storage is plain. */
static bool is_true_array(const TypeInfo *type)
{
    return type->category == 'A' && type->element != 0 && type->storage != 'p';
}

const char *type_format(Arena *arena, Oid oid, int32_t typmod)
{
    const TypeInfo *type = type_by_oid(oid);
    StrBuf          text;

    if (oid == TYPE_INVALID)
        return "-";
    if (type == NULL)
        return "???";
    if (typmod < 0)
        return type->sql_name;
    strbuf_init(&text, arena);
    if (is_true_array(type)) {
        format_plain(type_by_oid(type->element), typmod, &text);
        strbuf_append_cstring(&text, "[]");
    } else {
        format_plain(type, typmod, &text);
    }
    return strbuf_cstring(&text);
}

const char *type_format_column(Arena *arena, Oid oid, int32_t typmod)
{
    const TypeInfo *type = type_by_oid(oid);
    const TypeInfo *base = type != NULL && is_true_array(type) ? type_by_oid(type->element) : type;

    /* PG15: char and bit without a length mean char(1) and bit(1) in SQL, so their unlimited forms go by internal names */
    if (base != NULL && typmod < 0 && (base->oid == TYPE_BPCHAR || base->oid == TYPE_BIT)) {
        const char *name = base->oid == TYPE_BPCHAR ? "bpchar" : "\"bit\"";

        return type == base ? name : arena_printf(arena, "%s[]", name);
    }
    return type_format(arena, oid, typmod);
}

/* ---- datums ---------------------------------------------------------------------------------------------------- */

void datum_copy(PhysType phys, Arena *arena, const void *element, Datum *out)
{
    datum_load(phys, element, out);
    if (phys == PHYS_BYTES) {
        out->bytes = arena_copy(arena, out->bytes);
    } else if (phys == PHYS_NUMERIC && out->numeric.size != 0) {
        uint8_t *copy = arena_alloc(arena, out->numeric.size);

        memcpy(copy, out->numeric.big, out->numeric.size);
        out->numeric.big = copy;
    }
}

size_t datum_outside_bytes(PhysType phys, const void *element)
{
    switch (phys) {
    case PHYS_BYTES:
        return ((const Slice *)element)->size;
    case PHYS_NUMERIC:
        return ((const Numeric *)element)->size;
    default:
        return 0;
    }
}
