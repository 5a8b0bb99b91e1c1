/*
 * sort_rows.c - ordering rows by normalized prefixes.
 */
#include "executor/exec/sort_rows.h"

#include "base/strbuf.h"

void sort_keys_check(const PlanSortKey *keys, int32_t key_count, Arena *arena)
{
    (void)arena;
    for (int32_t i = 0; i < key_count; i++)
        if (keys[i].type == NULL || keys[i].type->compare == NULL)
            raise_error(SQLSTATE_UNDEFINED_FUNCTION, "could not identify an ordering operator for type %s",
                        keys[i].type != NULL ? keys[i].type->sql_name : "???");
}

static int compare_elements(const PlanSortKey *key, const Vector *a, int32_t row_a, const Vector *b, int32_t row_b)
{
    bool valid_a = vector_is_valid(a, row_a), valid_b = vector_is_valid(b, row_b);
    int  order;

    if (!valid_a || !valid_b) {
        if (valid_a == valid_b)
            return 0;
        return valid_a == key->nulls_first ? 1 : -1;
    }
    order = key->type->compare(key->type, vector_element(a, row_a), vector_element(b, row_b));
    return key->descending ? -order : order;
}

int sort_compare(const RowStore *store, const PlanSortKey *keys, int32_t key_count, uint32_t a, uint32_t b)
{
    for (int32_t i = 0; i < key_count; i++) {
        int order = compare_elements(&keys[i], row_store_vector(store, keys[i].column, a), row_store_row(a),
                                     row_store_vector(store, keys[i].column, b), row_store_row(b));

        if (order != 0)
            return order;
    }
    return 0;
}

int sort_compare_vectors(Vector *const *a, int32_t row_a, Vector *const *b, int32_t row_b, const PlanSortKey *keys, int32_t key_count)
{
    for (int32_t i = 0; i < key_count; i++) {
        int order = compare_elements(&keys[i], a[keys[i].column], row_a, b[keys[i].column], row_b);

        if (order != 0)
            return order;
    }
    return 0;
}

/* ---- prefixes ------------------------------------------------------------------------------------------------------------ */

static uint64_t signed_prefix(int64_t value)
{
    return (uint64_t)value ^ (1ull << 63);
}

static uint64_t double_prefix(double value)
{
    uint64_t bits;

    if (value != value)
        return UINT64_MAX;
    if (value == 0)
        value = 0; /* -0.0 equals 0.0 */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | (1ull << 63);
}

static uint64_t bytes_prefix(Slice bytes, bool *exact)
{
    uint64_t prefix = 0;

    memcpy(&prefix, bytes.data, MIN(bytes.size, sizeof prefix));
    *exact = false;
    return __builtin_bswap64(prefix);
}

static uint64_t ascending_prefix(const TypeInfo *type, const Vector *vector, int32_t row, Arena *scratch, bool *exact)
{
    const void *element = vector_element(vector, row);

    switch (type->oid) {
    case TYPE_BOOL:
        return *(const uint8_t *)element;
    case TYPE_INT2:
        return signed_prefix(*(const int16_t *)element);
    case TYPE_INT4:
    case TYPE_DATE:
        return signed_prefix(*(const int32_t *)element);
    case TYPE_OID:
        return *(const uint32_t *)element;
    case TYPE_INT8:
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return signed_prefix(*(const int64_t *)element);
    case TYPE_FLOAT4:
        return double_prefix((double)*(const float *)element);
    case TYPE_FLOAT8:
        return double_prefix(*(const double *)element);
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_BYTEA:
    case TYPE_NAME:
        return bytes_prefix(*(const Slice *)element, exact);
    default:
        break;
    }
    *exact = false;
    if (type->encode_key != NULL) {
        ArenaMark mark = arena_mark(scratch);
        StrBuf    buf;
        uint64_t  prefix;

        strbuf_init(&buf, scratch);
        type->encode_key(type, element, &buf);
        prefix = bytes_prefix(strbuf_slice(&buf), exact);
        arena_rewind(scratch, mark);
        return prefix;
    }
    return 0;
}

uint64_t sort_prefix(const PlanSortKey *key, const Vector *vector, int32_t row, Arena *scratch, bool *exact_out)
{
    uint64_t prefix;

    if (!vector_is_valid(vector, row)) {
        *exact_out = false; /* shares its prefix with the smallest or largest value */
        return key->nulls_first ? 0 : UINT64_MAX;
    }
    prefix = ascending_prefix(key->type, vector, row, scratch, exact_out);
    return key->descending ? ~prefix : prefix;
}

/* ---- ordering -------------------------------------------------------------------------------------------------------------- */

/* Least significant byte first; bytes that are the same in all items are skipped. Stable. */
static SortItem *radix_sort(SortItem *items, SortItem *other, int64_t count)
{
    int64_t   counts[256];
    SortItem *from = items, *to = other, *swap;

    for (int shift = 0; shift < 64; shift += 8) {
        int64_t sum = 0;

        memset(counts, 0, sizeof counts);
        for (int64_t i = 0; i < count; i++)
            counts[(from[i].prefix >> shift) & 255]++;
        if (counts[(from[0].prefix >> shift) & 255] == count)
            continue;
        for (int b = 0; b < 256; b++) {
            int64_t n = counts[b];

            counts[b] = sum;
            sum += n;
        }
        for (int64_t i = 0; i < count; i++)
            to[counts[(from[i].prefix >> shift) & 255]++] = from[i];
        swap = from;
        from = to;
        to = swap;
    }
    return from;
}

typedef struct Order {
    const RowStore    *store;
    const PlanSortKey *keys;
    int32_t            key_count;
} Order;

static bool item_before(const Order *order, const SortItem *a, const SortItem *b)
{
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    return order->key_count > 0 && sort_compare(order->store, order->keys, order->key_count, a->row, b->row) < 0;
}

/* Merge sort, stable; runs of up to 8 by insertion. */
static void merge_sort(const Order *order, SortItem *items, SortItem *other, int64_t count)
{
    int64_t half = count / 2, i = 0, k = half, n = 0;

    if (count <= 8) {
        for (int64_t a = 1; a < count; a++) {
            SortItem item = items[a];
            int64_t  b = a;

            for (; b > 0 && item_before(order, &item, &items[b - 1]); b--)
                items[b] = items[b - 1];
            items[b] = item;
        }
        return;
    }
    merge_sort(order, items, other, half);
    merge_sort(order, items + half, other, count - half);
    if (!item_before(order, &items[half], &items[half - 1]))
        return;
    memcpy(other, items, (size_t)half * sizeof *items);
    /* other holds the left half; the right half is read in place ahead of the writes */
    while (i < half && k < count)
        items[n++] = item_before(order, &items[k], &other[i]) ? items[k++] : other[i++];
    while (i < half)
        items[n++] = other[i++];
}

enum { RADIX_FROM = 1024 };

uint32_t *sort_rows(RowStore *store, const PlanSortKey *keys, int32_t key_count, Arena *arena)
{
    int64_t   count = store->row_count;
    uint32_t *rows = ARENA_ARRAY(arena, (size_t)MAX(count, 1), uint32_t);
    SortItem *items, *other;
    bool      exact = true;
    Arena    *scratch;
    Order     order;

    if (key_count == 0 || count < 2) {
        for (int64_t i = 0; i < count; i++)
            rows[i] = (uint32_t)i;
        return rows;
    }
    sort_keys_check(keys, key_count, arena);
    scratch = arena_new(arena, NULL, "sort");
    items = ARENA_ARRAY(scratch, (size_t)count, SortItem);
    other = ARENA_ARRAY(scratch, (size_t)count, SortItem);
    for (int64_t i = 0; i < count; i++)
        items[i] = (SortItem){sort_prefix(&keys[0], row_store_vector(store, keys[0].column, (uint32_t)i), row_store_row((uint32_t)i), scratch, &exact), (uint32_t)i, 0};
    order = (Order){store, exact ? keys + 1 : keys, exact ? key_count - 1 : key_count};
    if (count < RADIX_FROM) {
        merge_sort(&order, items, other, count);
    } else {
        SortItem *sorted = radix_sort(items, other, count);
        SortItem *spare = sorted == items ? other : items;

        for (int64_t from = 0; order.key_count > 0 && from < count;) {
            int64_t to = from + 1;

            while (to < count && sorted[to].prefix == sorted[from].prefix)
                to++;
            if (to - from > 1)
                merge_sort(&order, sorted + from, spare, to - from);
            from = to;
        }
        items = sorted;
    }
    for (int64_t i = 0; i < count; i++)
        rows[i] = items[i].row;
    arena_free(scratch);
    return rows;
}
