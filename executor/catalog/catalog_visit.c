/*
 * catalog_visit.c - see catalog_visit.h.
 */
#include "executor/catalog/catalog_visit.h"

#include "executor/catalog/catalog_desc.h"
#include "executor/catalog/node_tree.h"
#include "executor/ddl/acl.h"
#include "executor/store/store.h"
#include "types/array.h"

static void visit_computed(const CatalogScan *scan, CatalogRows *rows, const RelationVisit *visit, const char *name)
{
    int                        count;
    const RelationDesc *const *all = catalog_desc_all(&count);

    for (int i = 0; i < count; i++) {
        if (name == NULL || strcmp(all[i]->head.name, name) == 0)
            visit->visit(scan, rows, all[i]);
    }
}

static void visit_by_name(const CatalogScan *scan, CatalogRows *rows, const RelationVisit *visit, Slice text)
{
    Arena             *arena = scan->arena;
    const char        *name = arena_printf(arena, "%.*s", (int)text.size, text.size > 0 ? (const char *)text.data : "");
    int                count;
    const Desc *const *schemas = store_desc_list(scan->session, arena, DESC_SCHEMA, 0, &count);

    for (int i = 0; i < count; i++) {
        const Desc *found = store_desc_by_name(scan->session, arena, DESC_RELATION, schemas[i]->oid, name);

        if (found != NULL)
            visit->visit(scan, rows, (const RelationDesc *)found);
    }
    if (visit->with_computed)
        visit_computed(scan, rows, visit, name);
}

void catalog_visit_relations(const CatalogScan *scan, CatalogRows *rows, const RelationVisit *visit)
{
    const Datum       *oid = visit->oid_attribute != 0 ? catalog_lookup_value(scan, visit->oid_attribute) : NULL;
    const Datum       *name = visit->name_attribute != 0 ? catalog_lookup_value(scan, visit->name_attribute) : NULL;
    int                count;
    const Desc *const *list;

    if (oid != NULL) {
        const RelationDesc *relation = store_relation_by_oid(scan->session, scan->arena, oid->oid);

        if (relation != NULL && (visit->with_computed || relation->head.oid >= OID_FIRST_USER))
            visit->visit(scan, rows, relation);
        return;
    }
    if (name != NULL) {
        visit_by_name(scan, rows, visit, name->bytes);
        return;
    }
    list = store_desc_list(scan->session, scan->arena, DESC_RELATION, 0, &count);
    if (visit->with_computed)
        visit_computed(scan, rows, visit, NULL);
    for (int i = 0; i < count; i++)
        visit->visit(scan, rows, (const RelationDesc *)list[i]);
}

/* ---- values ---------------------------------------------------------------------------------------------------------------- */

void catalog_set_acl(const CatalogScan *scan, CatalogRows *rows, int attribute, Slice acl)
{
    int32_t        count;
    const AclItem *items = acl_decode(scan->arena, acl, &count);
    Datum         *values;

    if (count == 0)
        return;
    values = ARENA_ARRAY(scan->arena, (size_t)count, Datum);
    for (int32_t i = 0; i < count; i++) {
        Slice text = slice_from_cstring(acl_text(scan->session, scan->arena, acl_encode(scan->arena, &items[i], 1)));

        values[i].bytes = slice_of(text.data + 1, text.size - 2); /* without the braces */
    }
    catalog_set_datum(rows, attribute, (Datum){.bytes = array_build_list(scan->arena, TYPE_ACLITEM, PHYS_BYTES, values, NULL, count)});
}

static void set_list(CatalogRows *rows, int attribute, Oid type, PhysType phys, const Datum *values, int32_t count, int32_t lower)
{
    Slice array = array_build(catalog_rows_arena(rows), type, phys, count > 0 || lower == 0 ? 1 : 0, &count, &lower, values, NULL, count);

    catalog_set_datum(rows, attribute, (Datum){.bytes = array});
}

void catalog_set_int2s(CatalogRows *rows, int attribute, const int16_t *values, int count, int lower)
{
    Datum *datums = ARENA_ARRAY(catalog_rows_arena(rows), (size_t)count + 1, Datum);

    for (int i = 0; i < count; i++)
        datums[i] = (Datum){.int16 = values[i]};
    set_list(rows, attribute, TYPE_INT2, PHYS_INT16, datums, count, lower);
}

void catalog_set_oids(CatalogRows *rows, int attribute, const Oid *values, int count, int lower)
{
    Datum *datums = ARENA_ARRAY(catalog_rows_arena(rows), (size_t)count + 1, Datum);

    for (int i = 0; i < count; i++)
        datums[i] = (Datum){.oid = values[i]};
    set_list(rows, attribute, TYPE_OID, PHYS_INT32, datums, count, lower);
}

void catalog_set_texts(CatalogRows *rows, int attribute, const char *const *values, int count)
{
    Datum *datums = ARENA_ARRAY(catalog_rows_arena(rows), (size_t)count + 1, Datum);

    for (int i = 0; i < count; i++)
        datums[i] = (Datum){.bytes = slice_from_cstring(values[i] != NULL ? values[i] : "")};
    set_list(rows, attribute, TYPE_TEXT, PHYS_BYTES, datums, count, 1);
}

void catalog_set_tree(CatalogRows *rows, int attribute, Slice stored)
{
    StrBuf text;

    if (stored.size == 0)
        return;
    strbuf_init(&text, catalog_rows_arena(rows));
    node_tree_append(&text, stored);
    catalog_set_datum(rows, attribute, (Datum){.bytes = strbuf_slice(&text)});
}

void catalog_set_options(CatalogRows *rows, int attribute, const char *options)
{
    Arena       *arena = catalog_rows_arena(rows);
    const char **values;
    int          count = 0;

    if (options == NULL || *options == '\0')
        return;
    values = ARENA_ARRAY(arena, strlen(options) + 1, const char *);
    for (const char *at = options; at != NULL; at = strchr(at, ','), at = at != NULL ? at + 1 : NULL)
        values[count++] = arena_printf(arena, "%.*s", (int)strcspn(at, ","), at);
    catalog_set_texts(rows, attribute, values, count);
}
