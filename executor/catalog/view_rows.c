/*
 * view_rows.c - pg_tables, pg_views, pg_matviews, pg_indexes, pg_sequences: relations by name.
 */
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/object_names.h"
#include "executor/catalog/producers.h"
#include "executor/deparse/deparse.h"
#include "executor/serialize/serialize.h"
#include "executor/store/relation_store.h"

static void start_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    catalog_row(rows);
    catalog_set_text(rows, 1, schema_name(scan->session, scan->arena, relation->head.parent));
    catalog_set_text(rows, 2, relation->head.name);
    catalog_set_text(rows, 3, role_name(scan->session, scan->arena, relation->head.owner));
}

static void table_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    if (relation->relkind != 'r')
        return;
    start_row(scan, rows, relation);
    catalog_set_bool(rows, 5, relation->index_count > 0);
    catalog_set_bool(rows, 6, false);
    catalog_set_bool(rows, 7, relation_has_triggers(relation));
    catalog_set_bool(rows, 8, relation->row_security);
}

static void produce_tables(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 2, .with_computed = true, .visit = table_row});
}

static const char *view_definition(const CatalogScan *scan, const RelationDesc *view)
{
    if (view->view_query.size == 0)
        return NULL;
    return deparse_view(scan->session, scan->arena, view, deserialize_query(scan->session, scan->arena, view->view_query), DEPARSE_PLAIN);
}

static void view_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    if (relation->relkind != 'v')
        return;
    start_row(scan, rows, relation);
    if (scan->wanted[3])
        catalog_set_text(rows, 4, view_definition(scan, relation));
}

static void produce_views(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 2, .with_computed = true, .visit = view_row});
}

static void matview_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    if (relation->relkind != 'm')
        return;
    start_row(scan, rows, relation);
    catalog_set_bool(rows, 5, relation->index_count > 0);
    catalog_set_bool(rows, 6, true);
    if (scan->wanted[6])
        catalog_set_text(rows, 7, view_definition(scan, relation));
}

static void produce_matviews(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 2, .visit = matview_row});
}

/* One row for each index of a table. */
static void index_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *table)
{
    for (int16_t i = 0; i < table->index_count; i++) {
        const RelationDesc *index = store_relation_by_oid(scan->session, scan->arena, table->indexes[i]);

        if (index == NULL || index->index == NULL)
            continue;
        catalog_row(rows);
        catalog_set_text(rows, 1, schema_name(scan->session, scan->arena, table->head.parent));
        catalog_set_text(rows, 2, table->head.name);
        catalog_set_text(rows, 3, index->head.name);
        if (scan->wanted[4])
            catalog_set_text(rows, 5, deparse_index(scan->session, scan->arena, index, 0, DEPARSE_PLAIN));
    }
}

static void produce_indexes(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 2, .visit = index_rows});
}

static void sequence_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    const SequenceDesc *sequence = relation->sequence;
    SequenceState       state;

    if (sequence == NULL)
        return;
    start_row(scan, rows, relation);
    catalog_set_oid(rows, 4, sequence->type);
    catalog_set_int(rows, 5, sequence->start);
    catalog_set_int(rows, 6, sequence->minimum);
    catalog_set_int(rows, 7, sequence->maximum);
    catalog_set_int(rows, 8, sequence->increment);
    catalog_set_bool(rows, 9, sequence->cycle);
    catalog_set_int(rows, 10, sequence->cache);
    state = store_sequence_read(scan->session, relation);
    if (state.is_called)
        catalog_set_int(rows, 11, state.last_value);
}

static void produce_sequences(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 2, .visit = sequence_row});
}

const CatalogProducer view_producers[] = {
    {"pg_catalog", "pg_tables", produce_tables},
    {"pg_catalog", "pg_views", produce_views},
    {"pg_catalog", "pg_matviews", produce_matviews},
    {"pg_catalog", "pg_indexes", produce_indexes},
    {"pg_catalog", "pg_sequences", produce_sequences},
    {0},
};
