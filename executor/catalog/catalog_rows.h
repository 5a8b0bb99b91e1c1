/*
 * catalog_rows.h - producers of catalog rows, written a row at a time; catalog_rows turns them into batches.
 *
 * A producer makes all rows of its relation for one scan. It may use the scan's lookups to make fewer (by oid, by name); rows that do
 * not match may still come, the scan operator filters them.
 *
 * Ownership   rows live in the scan's arena; text is copied.
 * Raises      everything.
 */
#ifndef EXECUTOR_CATALOG_CATALOG_ROWS_H
#define EXECUTOR_CATALOG_CATALOG_ROWS_H

#include "executor/catalog/catalog_relation.h"

typedef struct CatalogRows CatalogRows;

typedef struct CatalogProducer {
    const char *schema;   /* "pg_catalog" or "information_schema"; NULL ends an array */
    const char *relation;
    void (*produce)(const CatalogScan *scan, CatalogRows *rows);
} CatalogProducer;

/* Registers the producers of producers.c with catalog_relation.h. Once, after catalog_desc_init(). */
void catalog_rows_init(void);

/* Starts a row, all columns NULL. */
void catalog_row(CatalogRows *rows);
/* Set a column of the current row by attribute number, converted to the column's physical type. NULL text leaves the column NULL. */
void catalog_set_oid(CatalogRows *rows, int attribute, Oid value);
void catalog_set_int(CatalogRows *rows, int attribute, int64_t value);
void catalog_set_float(CatalogRows *rows, int attribute, double value);
void catalog_set_bool(CatalogRows *rows, int attribute, bool value);
void catalog_set_char(CatalogRows *rows, int attribute, char value);
void catalog_set_text(CatalogRows *rows, int attribute, const char *value);
void catalog_set_datum(CatalogRows *rows, int attribute, Datum value); /* anything else; bytes must live in the rows' arena */
Arena *catalog_rows_arena(CatalogRows *rows);

/* The value that the scan asks for on this attribute, or NULL. */
const Datum *catalog_lookup_value(const CatalogScan *scan, int attribute);

#endif
