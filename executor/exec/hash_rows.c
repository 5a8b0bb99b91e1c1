/*
 * hash_rows.c - hashes of key columns, tables from keys to numbers.
 */
#include "executor/exec/hash_rows.h"

#include "base/hash.h"

enum { NULL_HASH = 0x5bd1e995 };

/* Types whose equality is equality of the physical bits. */
static bool is_plain(const TypeInfo *type)
{
    switch (type->oid) {
    case TYPE_BOOL:
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_OID:
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BYTEA:
    case TYPE_NAME:
    case TYPE_UUID:
        return true;
    default:
        return false;
    }
}

/*
 * Integers are hashed as their 64-bit value, so that int4 and int8 keys of a join meet. The first column's hash is taken as it is.
 */
#define HASH_LOOP(expression)                                                           \
    for (int32_t i = 0; i < count; i++) {                                               \
        int32_t  row = sel_row(sel, i);                                                 \
        uint64_t h = NULL_HASH;                                                         \
        if (vector_is_valid(key, row))                                                  \
            h = (expression);                                                           \
        hashes[i] = first ? h : hash_combine(hashes[i], h);                             \
    }

static void hash_column(const Vector *key, const TypeInfo *type, const int32_t *sel, int32_t count, bool first, uint64_t *hashes)
{
    if (is_plain(type)) {
        switch (key->phys) {
        case PHYS_BOOL:
            HASH_LOOP(hash_u64(VECTOR_DATA(key, uint8_t)[row] + 1ull));
            return;
        case PHYS_INT16:
            HASH_LOOP(hash_u64((uint64_t)(int64_t)VECTOR_DATA(key, int16_t)[row] + 1));
            return;
        case PHYS_INT32:
            if (type->oid == TYPE_OID) {
                HASH_LOOP(hash_u64((uint64_t)VECTOR_DATA(key, uint32_t)[row] + 1));
            } else {
                HASH_LOOP(hash_u64((uint64_t)(int64_t)VECTOR_DATA(key, int32_t)[row] + 1));
            }
            return;
        case PHYS_INT64:
            HASH_LOOP(hash_u64((uint64_t)VECTOR_DATA(key, int64_t)[row] + 1));
            return;
        case PHYS_BYTES:
            HASH_LOOP(hash_slice(VECTOR_DATA(key, Slice)[row]));
            return;
        case PHYS_UUID:
            HASH_LOOP(hash_bytes(VECTOR_DATA(key, Uuid)[row].bytes, 16));
            return;
        default:
            break;
        }
    }
    HASH_LOOP(type->hash(type, vector_element(key, row)));
}

void hash_rows(Vector *const *keys, const TypeInfo *const *types, int32_t key_count, const int32_t *sel, int32_t count, uint64_t *hashes)
{
    if (key_count == 0)
        memset(hashes, 0, (size_t)count * sizeof *hashes);
    for (int32_t k = 0; k < key_count; k++)
        hash_column(keys[k], types[k], sel, count, k == 0, hashes);
}

bool element_equal(const TypeInfo *type, const Vector *a, int32_t row_a, const Vector *b, int32_t row_b)
{
    bool valid_a = vector_is_valid(a, row_a), valid_b = vector_is_valid(b, row_b);

    if (!valid_a || !valid_b)
        return valid_a == valid_b;
    if (is_plain(type)) {
        switch (a->phys) {
        case PHYS_BOOL:
            return VECTOR_DATA(a, uint8_t)[row_a] == VECTOR_DATA(b, uint8_t)[row_b];
        case PHYS_INT16:
            return VECTOR_DATA(a, int16_t)[row_a] == VECTOR_DATA(b, int16_t)[row_b];
        case PHYS_INT32:
            return VECTOR_DATA(a, int32_t)[row_a] == VECTOR_DATA(b, int32_t)[row_b];
        case PHYS_INT64:
            return VECTOR_DATA(a, int64_t)[row_a] == VECTOR_DATA(b, int64_t)[row_b];
        case PHYS_BYTES:
            return slice_equal(VECTOR_DATA(a, Slice)[row_a], VECTOR_DATA(b, Slice)[row_b]);
        case PHYS_UUID:
            return memcmp(vector_element(a, row_a), vector_element(b, row_b), 16) == 0;
        default:
            break;
        }
    }
    return type->compare(type, vector_element(a, row_a), vector_element(b, row_b)) == 0;
}

/* ---- tables ------------------------------------------------------------------------------------------------------------ */

enum { FIRST_SLOTS = 64 };

KeyTable *key_table_new(Arena *parent, int32_t key_count, const Oid *oids, const PhysType *phys, const TypeInfo *const *types)
{
    KeyTable *table = ARENA_NEW(parent, KeyTable);

    for (int32_t i = 0; i < key_count; i++)
        if (types[i] == NULL || types[i]->compare == NULL || types[i]->hash == NULL)
            raise_error(SQLSTATE_UNDEFINED_FUNCTION, "could not identify an equality operator for type %s",
                        type_format(parent, oids[i], -1));
    table->keys = row_store_new_types(parent, key_count, oids, phys);
    table->types = types;
    table->key_count = key_count;
    table->arena = arena_new(parent, NULL, "key table");
    return table;
}

void key_table_reset(KeyTable *table)
{
    row_store_reset(table->keys);
    arena_reset(table->arena);
    table->hashes = NULL;
    table->hash_capacity = 0;
    table->slots = NULL;
    table->mask = 0;
}

static void grow_slots(KeyTable *table, uint64_t slot_count)
{
    uint32_t *slots;

    if (slot_count > (1ull << 31))
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "hash table is too large");
    slots = ARENA_ARRAY_ZEROED(table->arena, slot_count, uint32_t);
    table->mask = (uint32_t)(slot_count - 1);
    for (uint32_t n = 0; n < key_table_count(table); n++) {
        uint32_t at = (uint32_t)table->hashes[n] & table->mask;

        while (slots[at] != 0)
            at = (at + 1) & table->mask;
        slots[at] = n + 1;
    }
    table->slots = slots;
}

static void reserve(KeyTable *table, int32_t more)
{
    uint64_t need = key_table_count(table) + (uint64_t)more;
    uint64_t slot_count = table->slots == NULL ? 0 : (uint64_t)table->mask + 1;

    if (need * 3 > slot_count * 2) {
        uint64_t wanted = MAX(slot_count, FIRST_SLOTS);

        while (need * 3 > wanted * 2)
            wanted *= 2;
        grow_slots(table, wanted);
    }
    if ((int64_t)need > table->hash_capacity) {
        int64_t capacity = MAX((int64_t)need, table->hash_capacity * 2);

        table->hashes = arena_grow(table->arena, table->hashes, (size_t)table->hash_capacity * sizeof *table->hashes,
                                   (size_t)capacity * sizeof *table->hashes);
        table->hash_capacity = capacity;
    }
}

static bool key_equal(const KeyTable *table, uint32_t number, Vector *const *keys, int32_t row)
{
    for (int32_t k = 0; k < table->key_count; k++)
        if (!element_equal(table->types[k], row_store_vector(table->keys, k, number), row_store_row(number), keys[k], row))
            return false;
    return true;
}

void key_table_lookup(KeyTable *table, Vector *const *keys, const uint64_t *hashes, const int32_t *sel, int32_t count, bool add,
                      uint32_t *numbers, bool *is_new)
{
    if (add)
        reserve(table, MIN(count, 64));
    if (table->slots == NULL) {
        for (int32_t i = 0; i < count; i++)
            numbers[i] = KEY_NONE;
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t  row = sel_row(sel, i);
        uint32_t at = (uint32_t)hashes[i] & table->mask;
        uint32_t slot;

        if (is_new != NULL)
            is_new[i] = false;
        while ((slot = table->slots[at]) != 0) {
            if (table->hashes[slot - 1] == hashes[i] && key_equal(table, slot - 1, keys, row))
                break;
            at = (at + 1) & table->mask;
        }
        if (slot != 0) {
            numbers[i] = slot - 1;
        } else if (!add) {
            numbers[i] = KEY_NONE;
        } else {
            uint32_t number = key_table_count(table);

            row_store_append(table->keys, keys, &row, 1);
            table->hashes[number] = hashes[i];
            table->slots[at] = number + 1;
            numbers[i] = number;
            if (is_new != NULL)
                is_new[i] = true;
            reserve(table, MIN(count - i, 64));
        }
    }
}
