/*
 * catalog_rows.c - see catalog_rows.h.
 */
#include "executor/catalog/catalog_rows.h"

#include "executor/catalog/catalog_desc.h"
#include "executor/catalog/producers.h"
#include "types/type.h"

#include <stdlib.h>

struct CatalogRows {
    const RelationDesc *relation;
    Arena              *arena;
    int32_t             count, capacity;
    int32_t             next;  /* row that is handed out next */
    Datum              *values; /* count rows of column_count values */
    bool               *nulls;
};

void catalog_row(CatalogRows *rows)
{
    size_t width = (size_t)MAX(rows->relation->column_count, 1);

    if (rows->count == rows->capacity) {
        int32_t capacity = rows->capacity == 0 ? 16 : rows->capacity * 2;
        size_t  old = (size_t)rows->capacity * width;
        size_t  new = (size_t)capacity * width;

        rows->values = arena_grow(rows->arena, rows->values, old * sizeof(Datum), new * sizeof(Datum));
        rows->nulls = arena_grow(rows->arena, rows->nulls, old, new);
        rows->capacity = capacity;
    }
    memset(rows->nulls + (size_t)rows->count * width, true, width);
    rows->count++;
}

static Datum *current_value(CatalogRows *rows, int attribute)
{
    size_t at = (size_t)(rows->count - 1) * (size_t)rows->relation->column_count + (size_t)(attribute - 1);

    ASSERT(rows->count > 0 && attribute >= 1 && attribute <= rows->relation->column_count);
    rows->nulls[at] = false;
    rows->values[at] = (Datum){0};
    return &rows->values[at];
}

void catalog_set_oid(CatalogRows *rows, int attribute, Oid value)
{
    current_value(rows, attribute)->oid = value;
}

void catalog_set_int(CatalogRows *rows, int attribute, int64_t value)
{
    Datum *to = current_value(rows, attribute);

    switch (rows->relation->columns[attribute - 1].phys) {
    case PHYS_INT16:
        to->int16 = (int16_t)value;
        break;
    case PHYS_INT32:
        to->int32 = (int32_t)value;
        break;
    case PHYS_FLOAT32:
        to->float32 = (float)value;
        break;
    case PHYS_FLOAT64:
        to->float64 = (double)value;
        break;
    case PHYS_NUMERIC:
        to->numeric = (Numeric){.small = value};
        break;
    default:
        ASSERT(rows->relation->columns[attribute - 1].phys == PHYS_INT64);
        to->int64 = value;
    }
}

void catalog_set_float(CatalogRows *rows, int attribute, double value)
{
    Datum *to = current_value(rows, attribute);

    if (rows->relation->columns[attribute - 1].phys == PHYS_FLOAT32)
        to->float32 = (float)value;
    else
        to->float64 = value;
}

void catalog_set_bool(CatalogRows *rows, int attribute, bool value)
{
    current_value(rows, attribute)->boolean = value;
}

void catalog_set_char(CatalogRows *rows, int attribute, char value)
{
    current_value(rows, attribute)->bytes = arena_copy(rows->arena, slice_of(&value, value != '\0'));
}

void catalog_set_text(CatalogRows *rows, int attribute, const char *value)
{
    if (value != NULL)
        current_value(rows, attribute)->bytes = arena_copy(rows->arena, slice_from_cstring(value));
}

void catalog_set_datum(CatalogRows *rows, int attribute, Datum value)
{
    *current_value(rows, attribute) = value;
}

Arena *catalog_rows_arena(CatalogRows *rows)
{
    return rows->arena;
}

const Datum *catalog_lookup_value(const CatalogScan *scan, int attribute)
{
    for (int32_t i = 0; i < scan->lookup_count; i++)
        if (scan->lookups[i].attribute == attribute)
            return &scan->lookups[i].value;
    return NULL;
}

/* ---- batches of them --------------------------------------------------------------------------------------------------- */

static void hand_out_column(const CatalogRows *rows, int32_t column, Vector *output, int32_t count)
{
    size_t width = (size_t)rows->relation->column_count;

    for (int32_t row = 0; row < count; row++) {
        size_t at = (size_t)(rows->next + row) * width + (size_t)column;

        if (rows->nulls[at])
            bitmap_clear(output->validity, row);
        else
            datum_store(output->phys, vector_element(output, row), &rows->values[at]);
    }
}

static int32_t next_rows(CatalogScan *scan, Arena *batch_arena, Vector *const *columns, int32_t max_rows)
{
    CatalogRows *rows = scan->state;
    int32_t      ready = MIN(max_rows, rows->count - rows->next);

    (void)batch_arena;
    for (int32_t i = 0; i < rows->relation->column_count; i++)
        if (scan->wanted[i])
            hand_out_column(rows, i, columns[i], ready);
    rows->next += ready;
    return ready;
}

static struct {
    CatalogRelation        *relations; /* ended by an entry without an oid */
    const CatalogProducer **producers; /* beside relations */
    int                     count;
} registry;

static void start_rows(CatalogScan *scan)
{
    CatalogRows *rows = ARENA_NEW(scan->arena, CatalogRows);

    rows->relation = scan->relation;
    rows->arena = scan->arena;
    scan->state = rows;
    for (int i = 0; i < registry.count; i++)
        if (registry.relations[i].oid == scan->relation->head.oid)
            registry.producers[i]->produce(scan, rows);
}

static void enter_producer(const CatalogProducer *producer)
{
    Oid schema = strcmp(producer->schema, "pg_catalog") == 0 ? OID_SCHEMA_PG_CATALOG : OID_SCHEMA_INFORMATION_SCHEMA;
    const RelationDesc *desc = catalog_desc_by_name(schema, producer->relation);

    if (desc == NULL)
        panic("a producer for the unknown relation %s", producer->relation);
    registry.relations[registry.count] = (CatalogRelation){.oid = desc->head.oid, .start = start_rows, .next = next_rows};
    registry.producers[registry.count++] = producer;
}

void catalog_rows_init(void)
{
    size_t count = 1;

    for (const CatalogProducer *const *family = catalog_producers; *family != NULL; family++)
        for (const CatalogProducer *producer = *family; producer->schema != NULL; producer++)
            count++;
    registry.relations = calloc(count, sizeof *registry.relations);
    registry.producers = calloc(count, sizeof *registry.producers);
    if (registry.relations == NULL || registry.producers == NULL)
        panic("out of memory at start-up");
    for (const CatalogProducer *const *family = catalog_producers; *family != NULL; family++)
        for (const CatalogProducer *producer = *family; producer->schema != NULL; producer++)
            enter_producer(producer);
    catalog_relation_register(registry.relations);
}
