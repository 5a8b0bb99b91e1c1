/*
 * type_rows.c - pg_type, pg_enum, and what is built in beside: pg_am, pg_collation, pg_language, pg_extension.
 */
#include "executor/analyze/analyze.h"
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/producers.h"
#include "executor/store/store.h"

enum { EXTENSION_PLPGSQL = 13563 };

/* ---- pg_type ------------------------------------------------------------------------------------------------------------------ */

static void set_type_info(CatalogRows *rows, const TypeInfo *info)
{
    catalog_set_int(rows, 5, info->length);
    catalog_set_bool(rows, 6, info->by_value);
    catalog_set_char(rows, 8, info->category);
    catalog_set_bool(rows, 9, info->preferred);
    catalog_set_bool(rows, 10, true);
    catalog_set_char(rows, 11, info->delimiter != 0 ? info->delimiter : ',');
    catalog_set_oid(rows, 13, info->category == 'A' && info->storage != 'p' ? 6179 : 0); /* array_subscript_handler */
    catalog_set_oid(rows, 16, info->input_proc);
    catalog_set_oid(rows, 17, info->output_proc);
    catalog_set_oid(rows, 18, info->receive_proc);
    catalog_set_oid(rows, 19, info->send_proc);
    catalog_set_oid(rows, 20, info->modin_proc);
    catalog_set_oid(rows, 21, info->modout_proc);
    catalog_set_oid(rows, 22, info->category == 'A' && info->storage != 'p' ? 3816 : 0); /* array_typanalyze */
    catalog_set_char(rows, 23, info->align);
    catalog_set_char(rows, 24, info->storage);
    catalog_set_int(rows, 28, 0);
}

static void start_type(CatalogRows *rows, Oid oid, const char *name, Oid schema, Oid owner)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, oid);
    catalog_set_text(rows, 2, name);
    catalog_set_oid(rows, 3, schema);
    catalog_set_oid(rows, 4, owner);
    catalog_set_oid(rows, 12, 0);
    catalog_set_bool(rows, 25, false);
    catalog_set_oid(rows, 26, 0);
    catalog_set_int(rows, 27, -1);
}

static void built_in_type_row(CatalogRows *rows, const TypeInfo *info)
{
    start_type(rows, info->oid, info->name, OID_SCHEMA_PG_CATALOG, OID_ROLE_NEXADB);
    set_type_info(rows, info);
    catalog_set_char(rows, 7, info->kind);
    catalog_set_oid(rows, 14, info->element);
    catalog_set_oid(rows, 15, info->array);
    catalog_set_oid(rows, 29, info->collation);
}

static void user_type_row(const CatalogScan *scan, CatalogRows *rows, const TypeDesc *type)
{
    const TypeInfo *info = type_lookup(scan->session, scan->arena, type->head.oid);

    start_type(rows, type->head.oid, type->head.name, type->head.parent, type->head.owner);
    if (info != NULL)
        set_type_info(rows, info);
    catalog_set_char(rows, 7, type->typtype);
    catalog_set_oid(rows, 12, type->typtype == 'c' ? type->relation : 0);
    catalog_set_oid(rows, 14, type->element);
    catalog_set_oid(rows, 15, type->array);
    catalog_set_bool(rows, 25, type->not_null);
    catalog_set_oid(rows, 26, type->base_type);
    catalog_set_int(rows, 27, type->typtype == 'd' ? type->base_typmod : -1);
    catalog_set_oid(rows, 29, info != NULL ? info->collation : 0);
    catalog_set_tree(rows, 30, type->default_expr);
    catalog_set_text(rows, 31, type->default_text);
    catalog_set_acl(scan, rows, 32, type->head.acl);
}

static void produce_types(const CatalogScan *scan, CatalogRows *rows)
{
    const Datum           *oid = catalog_lookup_value(scan, 1);
    int                    count;
    const TypeInfo *const *built_in;
    const Desc *const     *list;

    if (oid != NULL) {
        const TypeInfo *info = type_by_oid(oid->oid);
        const Desc     *desc = info == NULL ? store_desc_by_oid(scan->session, scan->arena, DESC_TYPE, oid->oid) : NULL;

        if (info != NULL)
            built_in_type_row(rows, info);
        else if (desc != NULL)
            user_type_row(scan, rows, (const TypeDesc *)desc);
        return;
    }
    built_in = type_all(&count);
    for (int i = 0; i < count; i++)
        built_in_type_row(rows, built_in[i]);
    list = store_desc_list(scan->session, scan->arena, DESC_TYPE, 0, &count);
    for (int i = 0; i < count; i++)
        user_type_row(scan, rows, (const TypeDesc *)list[i]);
}

/* ---- pg_enum ------------------------------------------------------------------------------------------------------------------- */

static void produce_enums(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, scan->arena, DESC_TYPE, 0, &count);

    for (int i = 0; i < count; i++) {
        const TypeDesc *type = (const TypeDesc *)list[i];

        for (int32_t k = 0; k < type->label_count; k++) {
            catalog_row(rows);
            catalog_set_oid(rows, 1, type->labels[k].oid);
            catalog_set_oid(rows, 2, type->head.oid);
            catalog_set_float(rows, 3, type->labels[k].sort_order);
            catalog_set_text(rows, 4, type->labels[k].label);
        }
    }
}

/* ---- what is built in ------------------------------------------------------------------------------------------------------------ */

static void produce_access_methods(const CatalogScan *scan, CatalogRows *rows)
{
    static const struct {
        Oid         oid;
        const char *name;
        Oid         handler;
        char        type;
    } methods[] = {{2, "heap", 3, 't'}, {403, "btree", 330, 'i'}, {2742, "gin", 333, 'i'}, {8001, "hnsw", 0, 'i'}};

    (void)scan;
    for (size_t i = 0; i < ARRAY_LENGTH(methods); i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, methods[i].oid);
        catalog_set_text(rows, 2, methods[i].name);
        catalog_set_oid(rows, 3, methods[i].handler);
        catalog_set_char(rows, 4, methods[i].type);
    }
}

static void produce_collations(const CatalogScan *scan, CatalogRows *rows)
{
    static const struct {
        Oid         oid;
        const char *name;
        char        provider;
        int         encoding;
        const char *locale;
    } collations[] = {{100, "default", 'd', -1, NULL}, {950, "C", 'c', -1, "C"}, {951, "POSIX", 'c', -1, "POSIX"},
                      {12340, "ucs_basic", 'c', 6, "C"}, {12341, "C.utf8", 'c', 6, "C.utf8"}};

    (void)scan;
    for (size_t i = 0; i < ARRAY_LENGTH(collations); i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, collations[i].oid);
        catalog_set_text(rows, 2, collations[i].name);
        catalog_set_oid(rows, 3, OID_SCHEMA_PG_CATALOG);
        catalog_set_oid(rows, 4, OID_ROLE_NEXADB);
        catalog_set_char(rows, 5, collations[i].provider);
        catalog_set_bool(rows, 6, true);
        catalog_set_int(rows, 7, collations[i].encoding);
        catalog_set_text(rows, 8, collations[i].locale);
        catalog_set_text(rows, 9, collations[i].locale);
    }
}

static void produce_languages(const CatalogScan *scan, CatalogRows *rows)
{
    static const struct {
        Oid         oid;
        const char *name;
        bool        trusted;
        Oid         validator;
    } languages[] = {{12, "internal", false, 2246}, {13, "c", false, 2247}, {14, "sql", true, 2248}};

    (void)scan;
    for (size_t i = 0; i < ARRAY_LENGTH(languages); i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, languages[i].oid);
        catalog_set_text(rows, 2, languages[i].name);
        catalog_set_oid(rows, 3, OID_ROLE_NEXADB);
        catalog_set_bool(rows, 4, false);
        catalog_set_bool(rows, 5, languages[i].trusted);
        catalog_set_oid(rows, 6, 0);
        catalog_set_oid(rows, 7, 0);
        catalog_set_oid(rows, 8, languages[i].validator);
    }
}

static void extension_row(CatalogRows *rows, Oid oid, const char *name, Oid owner, Oid schema, const char *version)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, oid);
    catalog_set_text(rows, 2, name);
    catalog_set_oid(rows, 3, owner);
    catalog_set_oid(rows, 4, schema);
    catalog_set_bool(rows, 5, true);
    catalog_set_text(rows, 6, version);
}

/* What CREATE EXTENSION recorded; plpgsql is said to be there from the start, which is what CREATE EXTENSION answers too. */
static void produce_extensions(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, scan->arena, DESC_EXTENSION, 0, &count);

    extension_row(rows, EXTENSION_PLPGSQL, "plpgsql", OID_ROLE_NEXADB, OID_SCHEMA_PG_CATALOG, "1.0");
    for (int i = 0; i < count; i++) {
        const ExtensionDesc *extension = (const ExtensionDesc *)list[i];

        extension_row(rows, extension->head.oid, extension->head.name, extension->head.owner,
                      extension->head.parent != 0 ? extension->head.parent : (Oid)OID_SCHEMA_PUBLIC, extension->version_text);
    }
}

const CatalogProducer type_producers[] = {
    {"pg_catalog", "pg_type", produce_types},
    {"pg_catalog", "pg_enum", produce_enums},
    {"pg_catalog", "pg_am", produce_access_methods},
    {"pg_catalog", "pg_collation", produce_collations},
    {"pg_catalog", "pg_language", produce_languages},
    {"pg_catalog", "pg_extension", produce_extensions},
    {0},
};
