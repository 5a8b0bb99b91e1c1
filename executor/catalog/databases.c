/*
 * databases.c - pg_database, pg_namespace, pg_tablespace: what contains everything else.
 */
#include "executor/catalog/producers.h"
#include "executor/store/store.h"

enum { ENCODING_UTF8 = 6, TABLESPACE_DEFAULT = 1663, TABLESPACE_GLOBAL = 1664, FROZEN_XID = 3 };

static void produce_databases(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, catalog_rows_arena(rows), DESC_DATABASE, 0, &count);

    for (int i = 0; i < count; i++) {
        const DatabaseDesc *database = (const DatabaseDesc *)list[i];

        catalog_row(rows);
        catalog_set_oid(rows, 1, database->head.oid);
        catalog_set_text(rows, 2, database->head.name);
        catalog_set_oid(rows, 3, database->head.owner);
        catalog_set_int(rows, 4, ENCODING_UTF8);
        catalog_set_char(rows, 5, 'c');
        catalog_set_bool(rows, 6, database->is_template);
        catalog_set_bool(rows, 7, database->allow_connections);
        catalog_set_int(rows, 8, database->connection_limit);
        catalog_set_int(rows, 9, FROZEN_XID);
        catalog_set_int(rows, 10, 1);
        catalog_set_oid(rows, 11, TABLESPACE_DEFAULT);
        catalog_set_text(rows, 12, "C");
        catalog_set_text(rows, 13, "C.UTF-8");
    }
}

static void produce_namespaces(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, catalog_rows_arena(rows), DESC_SCHEMA, 0, &count);

    for (int i = 0; i < count; i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, list[i]->oid);
        catalog_set_text(rows, 2, list[i]->name);
        catalog_set_oid(rows, 3, list[i]->owner);
    }
}

static void produce_tablespaces(const CatalogScan *scan, CatalogRows *rows)
{
    static const struct {
        Oid         oid;
        const char *name;
    } tablespaces[] = {{TABLESPACE_DEFAULT, "pg_default"}, {TABLESPACE_GLOBAL, "pg_global"}};

    (void)scan;
    for (size_t i = 0; i < ARRAY_LENGTH(tablespaces); i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, tablespaces[i].oid);
        catalog_set_text(rows, 2, tablespaces[i].name);
        catalog_set_oid(rows, 3, OID_ROLE_NEXADB);
    }
}

const CatalogProducer database_producers[] = {
    {"pg_catalog", "pg_database", produce_databases},
    {"pg_catalog", "pg_namespace", produce_namespaces},
    {"pg_catalog", "pg_tablespace", produce_tablespaces},
    {0},
};
