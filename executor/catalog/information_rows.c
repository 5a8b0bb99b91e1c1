/*
 * information_rows.c - information_schema: schemata, tables, views, sequences, constraints. Columns: information_columns.c.
 */
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/object_names.h"
#include "executor/catalog/producers.h"
#include "executor/ddl/acl.h"
#include "executor/deparse/deparse.h"
#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

static const char *yes_no(bool value)
{
    return value ? "YES" : "NO";
}

static const char *schema_of(const CatalogScan *scan, const RelationDesc *relation)
{
    return schema_name(scan->session, scan->arena, relation->head.parent);
}

/* What the standard lets a user see: that on which it has a privilege. */
static bool is_shown(const CatalogScan *scan, const RelationDesc *relation)
{
    for (uint32_t bit = 1; bit <= ACL_ALL_TABLE; bit <<= 1) {
        if (acl_allows(scan->session, scan->arena, &relation->head, bit))
            return true;
    }
    return false;
}

static void set_name(const CatalogScan *scan, CatalogRows *rows, int attribute, const char *schema, const char *name)
{
    catalog_set_text(rows, attribute, scan->session->database_name);
    catalog_set_text(rows, attribute + 1, schema);
    catalog_set_text(rows, attribute + 2, name);
}

static void produce_schemata(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Desc *const *list = store_desc_list(scan->session, scan->arena, DESC_SCHEMA, 0, &count);

    for (int i = 0; i < count; i++) {
        if (!acl_is_member(scan->session, scan->arena, scan->session->current_user, list[i]->owner))
            continue;
        catalog_row(rows);
        catalog_set_text(rows, 1, scan->session->database_name);
        catalog_set_text(rows, 2, list[i]->name);
        catalog_set_text(rows, 3, role_name(scan->session, scan->arena, list[i]->owner));
    }
}

/* ---- tables, views, sequences ------------------------------------------------------------------------------------------------------ */

static void table_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    bool is_table = relation->relkind == 'r';

    if ((!is_table && relation->relkind != 'v') || !is_shown(scan, relation))
        return;
    catalog_row(rows);
    set_name(scan, rows, 1, schema_of(scan, relation), relation->head.name);
    catalog_set_text(rows, 4, relation->persistence == 't' ? "LOCAL TEMPORARY" : is_table ? "BASE TABLE" : "VIEW");
    catalog_set_text(rows, 10, yes_no(is_table));
    catalog_set_text(rows, 11, yes_no(relation->of_type != 0));
    if (relation->persistence == 't')
        catalog_set_text(rows, 12, "PRESERVE");
}

static void produce_tables(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 3, .with_computed = true, .visit = table_row});
}

static void view_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    if (relation->relkind != 'v' || !is_shown(scan, relation))
        return;
    catalog_row(rows);
    set_name(scan, rows, 1, schema_of(scan, relation), relation->head.name);
    if (scan->wanted[3] && relation->view_query.size > 0)
        catalog_set_text(rows, 4, deparse_view(scan->session, scan->arena, relation,
                                               deserialize_query(scan->session, scan->arena, relation->view_query), DEPARSE_PLAIN));
    catalog_set_text(rows, 5, "NONE");
    for (int attribute = 6; attribute <= 10; attribute++)
        catalog_set_text(rows, attribute, "NO");
}

static void produce_views(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 3, .with_computed = true, .visit = view_row});
}

static void set_number(CatalogRows *rows, int attribute, int64_t value)
{
    catalog_set_text(rows, attribute, arena_printf(catalog_rows_arena(rows), "%lld", (long long)value));
}

static void sequence_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    const SequenceDesc *sequence = relation->sequence;

    if (sequence == NULL || sequence->owned_kind == 'i')
        return;
    catalog_row(rows);
    set_name(scan, rows, 1, schema_of(scan, relation), relation->head.name);
    catalog_set_text(rows, 4, type_format(scan->arena, sequence->type, -1));
    catalog_set_int(rows, 5, sequence->type == TYPE_INT8 ? 64 : sequence->type == TYPE_INT4 ? 32 : 16);
    catalog_set_int(rows, 6, 2);
    catalog_set_int(rows, 7, 0);
    set_number(rows, 8, sequence->start);
    set_number(rows, 9, sequence->minimum);
    set_number(rows, 10, sequence->maximum);
    set_number(rows, 11, sequence->increment);
    catalog_set_text(rows, 12, yes_no(sequence->cycle));
}

static void produce_sequences(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 3, .visit = sequence_row});
}

/* ---- constraints --------------------------------------------------------------------------------------------------------------------- */

static void constraint_start(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation, const char *name, const char *type, const ConstraintDesc *constraint)
{
    catalog_row(rows);
    set_name(scan, rows, 1, schema_of(scan, relation), name);
    set_name(scan, rows, 4, schema_of(scan, relation), relation->head.name);
    catalog_set_text(rows, 7, type);
    catalog_set_text(rows, 8, yes_no(constraint != NULL && constraint->deferrable));
    catalog_set_text(rows, 9, yes_no(constraint != NULL && constraint->deferred));
    catalog_set_text(rows, 10, "YES");
}

static const RelationDesc *index_of(const CatalogScan *scan, const ConstraintDesc *constraint)
{
    const RelationDesc *index = constraint->index != 0 ? store_relation_by_oid(scan->session, scan->arena, constraint->index) : NULL;

    return index != NULL && index->index != NULL ? index : NULL;
}

static void table_constraint_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    if (relation->relkind != 'r')
        return;
    for (int16_t i = 0; i < relation->constraint_count; i++) {
        const ConstraintDesc *constraint = &relation->constraints[i];
        ConstraintKind        kind = constraint->kind;
        const RelationDesc   *index = index_of(scan, constraint);

        constraint_start(scan, rows, relation, constraint->name,
                         kind == CONSTRAINT_CHECK ? "CHECK" : kind == CONSTRAINT_FOREIGN ? "FOREIGN KEY" : kind == CONSTRAINT_PRIMARY ? "PRIMARY KEY" : "UNIQUE", constraint);
        if (kind == CONSTRAINT_UNIQUE)
            catalog_set_text(rows, 11, yes_no(index == NULL || !index->index->nulls_not_distinct));
    }
    /* PG15: NOT NULL columns are shown as checks named by schema, table and column number */
    for (int16_t i = 0; i < relation->column_count; i++) {
        if (relation->columns[i].not_null && !relation->columns[i].dropped)
            constraint_start(scan, rows, relation,
                             arena_printf(scan->arena, "%u_%u_%d_not_null", relation->head.parent, relation->head.oid, relation->columns[i].number), "CHECK", NULL);
    }
}

static void produce_table_constraints(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 6, .visit = table_constraint_rows});
}

/* Where a foreign key's column stands in the key it refers to. */
static int referenced_position(const CatalogScan *scan, const ConstraintDesc *constraint, int16_t at)
{
    const RelationDesc *index = index_of(scan, constraint);

    for (int16_t i = 0; index != NULL && i < index->index->key_count; i++) {
        if (index->index->columns[i].column == constraint->foreign_columns[at])
            return i + 1;
    }
    return at + 1;
}

static void key_column_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    for (int16_t i = 0; i < relation->constraint_count; i++) {
        const ConstraintDesc *constraint = &relation->constraints[i];

        if (constraint->kind == CONSTRAINT_CHECK)
            continue;
        for (int16_t k = 0; k < constraint->column_count; k++) {
            catalog_row(rows);
            set_name(scan, rows, 1, schema_of(scan, relation), constraint->name);
            set_name(scan, rows, 4, schema_of(scan, relation), relation->head.name);
            catalog_set_text(rows, 7, relation->columns[constraint->columns[k] - 1].name);
            catalog_set_int(rows, 8, k + 1);
            if (constraint->kind == CONSTRAINT_FOREIGN)
                catalog_set_int(rows, 9, referenced_position(scan, constraint, k));
        }
    }
}

static void produce_key_columns(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.name_attribute = 6, .visit = key_column_rows});
}

static const char *rule_name(char action)
{
    return action == 'c' ? "CASCADE" : action == 'n' ? "SET NULL" : action == 'd' ? "SET DEFAULT" : action == 'r' ? "RESTRICT" : "NO ACTION";
}

static void referential_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    for (int16_t i = 0; i < relation->constraint_count; i++) {
        const ConstraintDesc *constraint = &relation->constraints[i];
        const RelationDesc   *target;

        if (constraint->kind != CONSTRAINT_FOREIGN)
            continue;
        target = store_relation_by_oid(scan->session, scan->arena, constraint->foreign_table);
        catalog_row(rows);
        set_name(scan, rows, 1, schema_of(scan, relation), constraint->name);
        for (int16_t k = 0; target != NULL && k < target->constraint_count; k++) {
            const ConstraintDesc *key = &target->constraints[k];

            if ((key->kind == CONSTRAINT_PRIMARY || key->kind == CONSTRAINT_UNIQUE) && key->index == constraint->index)
                set_name(scan, rows, 4, schema_of(scan, target), key->name);
        }
        catalog_set_text(rows, 7, constraint->match == 'f' ? "FULL" : "NONE");
        catalog_set_text(rows, 8, rule_name(constraint->on_update));
        catalog_set_text(rows, 9, rule_name(constraint->on_delete));
    }
}

static void produce_referential(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.visit = referential_rows});
}

const CatalogProducer information_producers[] = {
    {"information_schema", "schemata", produce_schemata},
    {"information_schema", "tables", produce_tables},
    {"information_schema", "views", produce_views},
    {"information_schema", "sequences", produce_sequences},
    {"information_schema", "table_constraints", produce_table_constraints},
    {"information_schema", "key_column_usage", produce_key_columns},
    {"information_schema", "referential_constraints", produce_referential},
    {0},
};
