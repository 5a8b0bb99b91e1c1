/*
 * information_columns.c - information_schema.columns.
 */
#include "executor/analyze/analyze.h"
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/object_names.h"
#include "executor/catalog/producers.h"
#include "executor/ddl/acl.h"
#include "executor/deparse/deparse.h"
#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

enum { MAX_OCTETS = 1 << 30, BYTES_PER_CHARACTER = 4 };

static bool is_text(Oid type)
{
    return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_BPCHAR;
}

/* Lengths and precisions, by the type that storage sees: a domain's base type. */
static void set_measures(CatalogRows *rows, Oid type, int32_t typmod)
{
    int bits = type == TYPE_INT2 ? 16 : type == TYPE_INT4 ? 32 : type == TYPE_INT8 ? 64 : type == TYPE_FLOAT4 ? 24 : type == TYPE_FLOAT8 ? 53 : 0;

    if ((type == TYPE_VARCHAR || type == TYPE_BPCHAR) && typmod >= 4)
        catalog_set_int(rows, 9, typmod - 4);
    else if ((type == TYPE_BIT || type == TYPE_VARBIT) && typmod >= 0)
        catalog_set_int(rows, 9, typmod);
    if (is_text(type))
        catalog_set_int(rows, 10, typmod >= 4 && type != TYPE_TEXT ? (int64_t)(typmod - 4) * BYTES_PER_CHARACTER : MAX_OCTETS);
    if (bits != 0) {
        catalog_set_int(rows, 11, bits);
        catalog_set_int(rows, 12, 2);
        if (bits != 24 && bits != 53)
            catalog_set_int(rows, 13, 0);
    } else if (type == TYPE_NUMERIC) {
        catalog_set_int(rows, 12, 10);
        if (typmod >= 4) {
            catalog_set_int(rows, 11, ((typmod - 4) >> 16) & 0xffff);
            catalog_set_int(rows, 13, (typmod - 4) & 0xffff);
        }
    }
    if (type == TYPE_DATE)
        catalog_set_int(rows, 14, 0);
    else if (type == TYPE_TIME || type == TYPE_TIMETZ || type == TYPE_TIMESTAMP || type == TYPE_TIMESTAMPTZ)
        catalog_set_int(rows, 14, typmod >= 0 ? typmod : 6);
    else if (type == TYPE_INTERVAL)
        catalog_set_int(rows, 14, typmod < 0 || (typmod & 0xffff) == 0xffff ? 6 : typmod & 0xffff);
}

static void set_type(const CatalogScan *scan, CatalogRows *rows, const ColumnDesc *column)
{
    const TypeDesc *user = type_by_oid(column->type) == NULL ? (const TypeDesc *)store_desc_by_oid(scan->session, scan->arena, DESC_TYPE, column->type) : NULL;
    Oid             type = column->type;
    int32_t         typmod = column->typmod;
    const TypeInfo *info;
    const Desc     *udt;

    if (user != NULL && user->typtype == 'd') {
        catalog_set_text(rows, 23, scan->session->database_name);
        catalog_set_text(rows, 24, schema_name(scan->session, scan->arena, user->head.parent));
        catalog_set_text(rows, 25, user->head.name);
        type = user->base_type;
        typmod = user->base_typmod;
    }
    info = type_lookup(scan->session, scan->arena, type);
    udt = type_by_oid(type) == NULL ? store_desc_by_oid(scan->session, scan->arena, DESC_TYPE, type) : NULL;
    if (info != NULL && info->category == 'A' && info->element != 0 && info->length == -1 && info->storage != 'p')
        catalog_set_text(rows, 8, "ARRAY");
    else
        catalog_set_text(rows, 8, udt != NULL ? "USER-DEFINED" : type_format(scan->arena, type, -1));
    set_measures(rows, type, typmod);
    catalog_set_text(rows, 26, scan->session->database_name);
    catalog_set_text(rows, 27, udt != NULL ? schema_name(scan->session, scan->arena, udt->parent) : "pg_catalog");
    catalog_set_text(rows, 28, info != NULL ? info->name : NULL);
    if (column->collation != 0 && column->collation != 100) {
        catalog_set_text(rows, 20, scan->session->database_name);
        catalog_set_text(rows, 21, "pg_catalog");
        catalog_set_text(rows, 22, collation_name(column->collation));
    }
}

static const RelationDesc *identity_sequence(const CatalogScan *scan, const RelationDesc *relation, const ColumnDesc *column)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, scan->arena, DESC_RELATION, relation->head.parent, &count);

    for (int i = 0; i < count; i++) {
        const SequenceDesc *sequence = ((const RelationDesc *)list[i])->sequence;

        if (sequence != NULL && sequence->owned_by_table == relation->head.oid && sequence->owned_by_column == column->number)
            return (const RelationDesc *)list[i];
    }
    return NULL;
}

static void set_number(CatalogRows *rows, int attribute, int64_t value)
{
    catalog_set_text(rows, attribute, arena_printf(catalog_rows_arena(rows), "%lld", (long long)value));
}

static void set_identity(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation, const ColumnDesc *column)
{
    bool                wanted = scan->wanted[36] || scan->wanted[37] || scan->wanted[38] || scan->wanted[39] || scan->wanted[40];
    const RelationDesc *sequence = column->identity != 0 && wanted ? identity_sequence(scan, relation, column) : NULL;

    catalog_set_text(rows, 35, column->identity != 0 ? "YES" : "NO");
    if (column->identity != 0)
        catalog_set_text(rows, 36, column->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
    if (sequence != NULL) {
        set_number(rows, 37, sequence->sequence->start);
        set_number(rows, 38, sequence->sequence->increment);
        set_number(rows, 39, sequence->sequence->maximum);
        set_number(rows, 40, sequence->sequence->minimum);
    }
    catalog_set_text(rows, 41, sequence != NULL && sequence->sequence->cycle ? "YES" : "NO");
}

static void column_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation, const ColumnDesc *column)
{
    bool        generated = column->generated != 0;
    const Expr *initial = column->default_expr.size > 0 && column->identity == 0 ? deserialize_expr(scan->session, scan->arena, column->default_expr) : NULL;
    const char *text = initial != NULL ? deparse_expression(scan->session, scan->arena, initial, relation, DEPARSE_PLAIN) : NULL;

    catalog_row(rows);
    catalog_set_text(rows, 1, scan->session->database_name);
    catalog_set_text(rows, 2, schema_name(scan->session, scan->arena, relation->head.parent));
    catalog_set_text(rows, 3, relation->head.name);
    catalog_set_text(rows, 4, column->name);
    catalog_set_int(rows, 5, column->number);
    catalog_set_text(rows, 6, generated ? NULL : text);
    catalog_set_text(rows, 7, column->not_null ? "NO" : "YES");
    set_type(scan, rows, column);
    set_number(rows, 33, column->number);
    catalog_set_text(rows, 34, "NO");
    set_identity(scan, rows, relation, column);
    catalog_set_text(rows, 42, generated ? "ALWAYS" : "NEVER");
    catalog_set_text(rows, 43, generated ? text : NULL);
    catalog_set_text(rows, 44, relation->relkind == 'r' ? "YES" : "NO");
}

static void column_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    bool shown = acl_allows(scan->session, scan->arena, &relation->head, ACL_SELECT);

    if (relation->relkind != 'r' && relation->relkind != 'v')
        return;
    for (int16_t i = 0; i < relation->column_count; i++) {
        const ColumnDesc *column = &relation->columns[i];

        if (!column->dropped && (shown || column->acl.size > 0))
            column_row(scan, rows, relation, column);
    }
}

static void produce_columns(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 3, .with_computed = true, .visit = column_rows});
}

const CatalogProducer information_column_producers[] = {
    {"information_schema", "columns", produce_columns},
    {0},
};
