/*
 * relation_rows.c - pg_class, pg_attribute, pg_attrdef, pg_index, pg_constraint, pg_sequence, pg_depend.
 */
#include "executor/analyze/analyze.h"
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/node_tree.h"
#include "executor/catalog/producers.h"
#include "executor/store/store.h"

enum { AM_HEAP = 2, AM_BTREE = 403, AM_GIN = 2742, AM_HNSW = 8001 };
enum { CLASS_RELATION = 1259, CLASS_TYPE = 1247, CLASS_CONSTRAINT = 2606, CLASS_SCHEMA = 2615, CLASS_ATTRDEF = 2604 };

/* ---- pg_class ---------------------------------------------------------------------------------------------------------------- */

static Oid access_method(const RelationDesc *relation)
{
    if (relation->index != NULL)
        return relation->index->method == INDEX_HNSW ? AM_HNSW : relation->index->method == INDEX_INVERTED ? AM_GIN : AM_BTREE;
    return relation->relkind == 'r' || relation->relkind == 'm' ? AM_HEAP : 0;
}

static void class_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    int checks = 0;

    for (int16_t i = 0; i < relation->constraint_count; i++)
        checks += relation->constraints[i].kind == CONSTRAINT_CHECK;
    catalog_row(rows);
    catalog_set_oid(rows, 1, relation->head.oid);
    catalog_set_text(rows, 2, relation->head.name);
    catalog_set_oid(rows, 3, relation->head.parent);
    catalog_set_oid(rows, 4, relation->row_type);
    catalog_set_oid(rows, 5, relation->of_type);
    catalog_set_oid(rows, 6, relation->head.owner);
    catalog_set_oid(rows, 7, access_method(relation));
    catalog_set_oid(rows, 8, relation->group_count > 0 ? (Oid)relation->groups[0].storage_id : 0);
    catalog_set_oid(rows, 9, 0);
    catalog_set_int(rows, 10, 0);
    catalog_set_float(rows, 11, relation->relkind == 'r' || relation->relkind == 'm' ? -1 : 0);
    catalog_set_int(rows, 12, 0);
    catalog_set_oid(rows, 13, 0);
    catalog_set_bool(rows, 14, relation->index_count > 0);
    catalog_set_bool(rows, 15, false);
    catalog_set_char(rows, 16, relation->persistence != 0 ? relation->persistence : 'p');
    catalog_set_char(rows, 17, relation->relkind);
    catalog_set_int(rows, 18, relation->index != NULL ? relation->index->column_count : relation->column_count);
    catalog_set_int(rows, 19, checks);
    catalog_set_bool(rows, 20, relation->relkind == 'v' || relation->relkind == 'm');
    catalog_set_bool(rows, 21, relation_has_triggers(relation));
    catalog_set_bool(rows, 22, false);
    catalog_set_bool(rows, 23, relation->row_security);
    catalog_set_bool(rows, 24, relation->force_row_security);
    catalog_set_bool(rows, 25, true);
    catalog_set_char(rows, 26, relation->replica_identity != 0 ? relation->replica_identity : 'n');
    catalog_set_bool(rows, 27, false);
    catalog_set_oid(rows, 28, 0);
    catalog_set_oid(rows, 29, 0);
    catalog_set_oid(rows, 30, 0);
    catalog_set_acl(scan, rows, 31, relation->head.acl);
    catalog_set_options(rows, 32, relation->options);
}

static void produce_classes(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = 1, .name_attribute = 2, .with_computed = true, .visit = class_row});
}

/* ---- pg_attribute -------------------------------------------------------------------------------------------------------------- */

static void attribute_type(const CatalogScan *scan, CatalogRows *rows, Oid type)
{
    const TypeInfo *info = type != 0 ? type_lookup(scan->session, scan->arena, type) : NULL;

    catalog_set_oid(rows, 3, type);
    catalog_set_int(rows, 5, info != NULL ? info->length : 0);
    catalog_set_bool(rows, 10, info != NULL && info->by_value);
    catalog_set_char(rows, 11, info != NULL ? info->align : 'i');
    catalog_set_char(rows, 12, info != NULL ? info->storage : 'p');
}

static void attribute_start(CatalogRows *rows, Oid relation, int number, const char *name, int32_t typmod, Oid collation)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, relation);
    catalog_set_text(rows, 2, name);
    catalog_set_int(rows, 4, -1);
    catalog_set_int(rows, 6, number);
    catalog_set_int(rows, 7, 0);
    catalog_set_int(rows, 8, -1);
    catalog_set_int(rows, 9, typmod);
    catalog_set_char(rows, 13, '\0');
    catalog_set_bool(rows, 14, false);
    catalog_set_bool(rows, 15, false);
    catalog_set_bool(rows, 16, false);
    catalog_set_char(rows, 17, '\0');
    catalog_set_char(rows, 18, '\0');
    catalog_set_bool(rows, 19, false);
    catalog_set_bool(rows, 20, true);
    catalog_set_int(rows, 21, 0);
    catalog_set_oid(rows, 22, collation);
}

static void column_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation, const ColumnDesc *column)
{
    attribute_start(rows, relation->head.oid, column->number, column->name, column->typmod, column->collation);
    attribute_type(scan, rows, column->dropped ? 0 : column->type);
    catalog_set_int(rows, 4, relation->head.oid < OID_FIRST_USER ? -1 : column->statistics_target);
    catalog_set_int(rows, 7, column->array_dimensions);
    catalog_set_bool(rows, 14, column->not_null);
    catalog_set_bool(rows, 15, column->default_expr.size > 0);
    catalog_set_bool(rows, 16, column->missing_value.size > 0);
    catalog_set_char(rows, 17, column->identity);
    catalog_set_char(rows, 18, column->generated);
    catalog_set_bool(rows, 19, column->dropped);
    catalog_set_acl(scan, rows, 23, column->acl);
}

static void attribute_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    static const struct {
        const char *name;
        int         number;
        Oid         type;
    } system_columns[] = {{"ctid", -1, TYPE_TID}, {"xmin", -2, TYPE_XID}, {"cmin", -3, TYPE_CID}, {"xmax", -4, TYPE_XID}, {"cmax", -5, TYPE_CID}, {"tableoid", -6, TYPE_OID}};

    if (relation->index != NULL) {
        for (int16_t i = 0; i < relation->index->column_count; i++) {
            const IndexColumnDesc *column = &relation->index->columns[i];

            attribute_start(rows, relation->head.oid, i + 1, column->name, column->typmod, column->collation);
            attribute_type(scan, rows, column->type);
        }
        return;
    }
    for (int16_t i = 0; i < relation->column_count; i++)
        column_row(scan, rows, relation, &relation->columns[i]);
    if (relation->relkind != 'r' && relation->relkind != 'm')
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(system_columns); i++) {
        attribute_start(rows, relation->head.oid, system_columns[i].number, system_columns[i].name, -1, 0);
        attribute_type(scan, rows, system_columns[i].type);
        catalog_set_bool(rows, 14, true);
    }
}

static void produce_attributes(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = 1, .with_computed = true, .visit = attribute_rows});
}

/* ---- pg_attrdef ---------------------------------------------------------------------------------------------------------------- */

/* Defaults have no oid of their own: made from the table's and the column's, in a range that no object has. */
static Oid default_oid(Oid table, int16_t column)
{
    return 0x80000000u | (table * 1601u + (Oid)column);
}

static void default_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    (void)scan;
    for (int16_t i = 0; i < relation->column_count; i++) {
        if (relation->columns[i].default_expr.size == 0 || relation->columns[i].dropped)
            continue;
        catalog_row(rows);
        catalog_set_oid(rows, 1, default_oid(relation->head.oid, relation->columns[i].number));
        catalog_set_oid(rows, 2, relation->head.oid);
        catalog_set_int(rows, 3, relation->columns[i].number);
        catalog_set_tree(rows, 4, relation->columns[i].default_expr);
    }
}

static void produce_defaults(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = 2, .visit = default_rows});
}

/* ---- pg_index ------------------------------------------------------------------------------------------------------------------ */

static void index_keys(CatalogRows *rows, const IndexDesc *index)
{
    Arena   *arena = catalog_rows_arena(rows);
    size_t   count = (size_t)index->column_count + 1;
    int16_t *columns = ARENA_ARRAY(arena, count, int16_t), *options = ARENA_ARRAY(arena, count, int16_t);
    Oid     *collations = ARENA_ARRAY(arena, count, Oid), *classes = ARENA_ARRAY(arena, count, Oid);
    StrBuf   expressions;

    strbuf_init(&expressions, arena);
    for (int16_t i = 0; i < index->column_count; i++) {
        const IndexColumnDesc *column = &index->columns[i];

        columns[i] = column->column;
        options[i] = (int16_t)((column->descending ? 1 : 0) | (column->nulls_first ? 2 : 0));
        collations[i] = column->collation;
        classes[i] = column->opclass;
        if (column->column == 0)
            node_tree_append(&expressions, column->expr);
    }
    catalog_set_int2s(rows, 16, columns, index->column_count, 0);
    catalog_set_oids(rows, 17, collations, index->key_count, 0);
    catalog_set_oids(rows, 18, classes, index->key_count, 0);
    catalog_set_int2s(rows, 19, options, index->key_count, 0);
    if (expressions.size > 0)
        catalog_set_datum(rows, 20, (Datum){.bytes = strbuf_slice(&expressions)});
    catalog_set_tree(rows, 21, index->predicate);
}

static void index_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    const IndexDesc *index = relation->index;

    (void)scan;
    if (index == NULL)
        return;
    catalog_row(rows);
    catalog_set_oid(rows, 1, relation->head.oid);
    catalog_set_oid(rows, 2, index->table);
    catalog_set_int(rows, 3, index->column_count);
    catalog_set_int(rows, 4, index->key_count);
    catalog_set_bool(rows, 5, index->unique);
    catalog_set_bool(rows, 6, index->nulls_not_distinct);
    catalog_set_bool(rows, 7, index->primary);
    catalog_set_bool(rows, 8, false);
    catalog_set_bool(rows, 9, index->immediate || !index->unique);
    catalog_set_bool(rows, 10, false);
    catalog_set_bool(rows, 11, index->state == INDEX_READY);
    catalog_set_bool(rows, 12, false);
    catalog_set_bool(rows, 13, true);
    catalog_set_bool(rows, 14, true);
    catalog_set_bool(rows, 15, false);
    index_keys(rows, index);
}

static void produce_indexes(const CatalogScan *scan, CatalogRows *rows)
{
    const Datum *table = catalog_lookup_value(scan, 2);

    if (table != NULL && catalog_lookup_value(scan, 1) == NULL) {
        const RelationDesc *relation = store_relation_by_oid(scan->session, scan->arena, table->oid);

        for (int16_t i = 0; relation != NULL && i < relation->index_count; i++) {
            const RelationDesc *index = store_relation_by_oid(scan->session, scan->arena, relation->indexes[i]);

            if (index != NULL)
                index_row(scan, rows, index);
        }
        return;
    }
    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = 1, .visit = index_row});
}

/* ---- pg_constraint --------------------------------------------------------------------------------------------------------------- */

static void constraint_row(CatalogRows *rows, const ConstraintDesc *constraint, Oid schema, Oid relation, Oid type)
{
    bool foreign = constraint->kind == CONSTRAINT_FOREIGN;

    catalog_row(rows);
    catalog_set_oid(rows, 1, constraint->oid);
    catalog_set_text(rows, 2, constraint->name);
    catalog_set_oid(rows, 3, schema);
    catalog_set_char(rows, 4, (char)constraint->kind);
    catalog_set_bool(rows, 5, constraint->deferrable);
    catalog_set_bool(rows, 6, constraint->deferred);
    catalog_set_bool(rows, 7, constraint->validated);
    catalog_set_oid(rows, 8, relation);
    catalog_set_oid(rows, 9, type);
    catalog_set_oid(rows, 10, constraint->index);
    catalog_set_oid(rows, 11, 0);
    catalog_set_oid(rows, 12, foreign ? constraint->foreign_table : 0);
    catalog_set_char(rows, 13, foreign ? constraint->on_update : ' ');
    catalog_set_char(rows, 14, foreign ? constraint->on_delete : ' ');
    catalog_set_char(rows, 15, foreign ? constraint->match : ' ');
    catalog_set_bool(rows, 16, true);
    catalog_set_int(rows, 17, 0);
    catalog_set_bool(rows, 18, constraint->kind == CONSTRAINT_CHECK ? constraint->no_inherit : true);
    if (constraint->column_count > 0)
        catalog_set_int2s(rows, 19, constraint->columns, constraint->column_count, 1);
    if (foreign)
        catalog_set_int2s(rows, 20, constraint->foreign_columns, constraint->column_count, 1);
    catalog_set_tree(rows, 26, constraint->check_expr);
}

static void constraint_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    (void)scan;
    for (int16_t i = 0; i < relation->constraint_count; i++)
        constraint_row(rows, &relation->constraints[i], relation->head.parent, relation->head.oid, 0);
}

/* Those of the tables that refer to one. */
static void constraint_rows_to(const CatalogScan *scan, CatalogRows *rows, Oid table)
{
    const RelationDesc *relation = store_relation_by_oid(scan->session, scan->arena, table);

    for (int16_t i = 0; relation != NULL && i < relation->referenced_by_count; i++) {
        const RelationDesc *from = store_relation_by_oid(scan->session, scan->arena, relation->referenced_by[i]);
        bool                seen = false;

        for (int16_t k = 0; k < i; k++)
            seen = seen || relation->referenced_by[k] == relation->referenced_by[i];
        if (from != NULL && !seen)
            constraint_rows(scan, rows, from);
    }
}

static void produce_constraints(const CatalogScan *scan, CatalogRows *rows)
{
    const Datum       *to = catalog_lookup_value(scan, 12);
    const Datum       *of = catalog_lookup_value(scan, 8);
    int                count;
    const Desc *const *types;

    if (to != NULL && of == NULL && to->oid != 0) {
        constraint_rows_to(scan, rows, to->oid);
        return;
    }
    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = of != NULL && of->oid != 0 ? 8 : 0, .visit = constraint_rows});
    if (of != NULL && of->oid != 0)
        return;
    types = store_desc_list(scan->session, scan->arena, DESC_TYPE, 0, &count);
    for (int i = 0; i < count; i++) {
        const TypeDesc *type = (const TypeDesc *)types[i];

        for (int16_t k = 0; k < type->constraint_count; k++)
            constraint_row(rows, &type->constraints[k], type->head.parent, 0, type->head.oid);
    }
}

/* ---- pg_sequence, pg_depend -------------------------------------------------------------------------------------------------------- */

static void sequence_row(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    const SequenceDesc *sequence = relation->sequence;

    (void)scan;
    if (sequence == NULL)
        return;
    catalog_row(rows);
    catalog_set_oid(rows, 1, relation->head.oid);
    catalog_set_oid(rows, 2, sequence->type);
    catalog_set_int(rows, 3, sequence->start);
    catalog_set_int(rows, 4, sequence->increment);
    catalog_set_int(rows, 5, sequence->maximum);
    catalog_set_int(rows, 6, sequence->minimum);
    catalog_set_int(rows, 7, sequence->cache);
    catalog_set_bool(rows, 8, sequence->cycle);
}

static void produce_sequences(const CatalogScan *scan, CatalogRows *rows)
{
    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = 1, .visit = sequence_row});
}

static void depend_row(CatalogRows *rows, Oid class, Oid object, int32_t sub, Oid ref_class, Oid ref, int32_t ref_sub, char type)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, class);
    catalog_set_oid(rows, 2, object);
    catalog_set_int(rows, 3, sub);
    catalog_set_oid(rows, 4, ref_class);
    catalog_set_oid(rows, 5, ref);
    catalog_set_int(rows, 6, ref_sub);
    catalog_set_char(rows, 7, type);
}

static void depend_rows(const CatalogScan *scan, CatalogRows *rows, const RelationDesc *relation)
{
    Oid oid = relation->head.oid;

    (void)scan;
    depend_row(rows, CLASS_RELATION, oid, 0, CLASS_SCHEMA, relation->head.parent, 0, 'n');
    if (relation->sequence != NULL && relation->sequence->owned_by_table != 0)
        depend_row(rows, CLASS_RELATION, oid, 0, CLASS_RELATION, relation->sequence->owned_by_table, relation->sequence->owned_by_column,
                   relation->sequence->owned_kind != 0 ? relation->sequence->owned_kind : 'a');
    if (relation->index != NULL && relation->index->constraint != 0)
        depend_row(rows, CLASS_RELATION, oid, 0, CLASS_CONSTRAINT, relation->index->constraint, 0, 'i');
    else if (relation->index != NULL)
        depend_row(rows, CLASS_RELATION, oid, 0, CLASS_RELATION, relation->index->table, 0, 'a');
    for (int32_t i = 0; i < relation->dependency_count; i++) {
        const Dependency *on = &relation->dependencies[i];

        if (on->kind == DESC_RELATION || on->kind == DESC_TYPE)
            depend_row(rows, CLASS_RELATION, oid, 0, on->kind == DESC_RELATION ? CLASS_RELATION : CLASS_TYPE, on->oid, on->sub, on->type);
    }
    for (int16_t i = 0; i < relation->constraint_count; i++) {
        const ConstraintDesc *constraint = &relation->constraints[i];

        for (int16_t k = 0; k < constraint->column_count; k++)
            depend_row(rows, CLASS_CONSTRAINT, constraint->oid, 0, CLASS_RELATION, oid, constraint->columns[k], 'a');
    }
    for (int16_t i = 0; i < relation->column_count; i++) {
        if (relation->columns[i].default_expr.size > 0 && !relation->columns[i].dropped)
            depend_row(rows, CLASS_ATTRDEF, default_oid(oid, (int16_t)(i + 1)), 0, CLASS_RELATION, oid, i + 1, 'a');
    }
}

static void produce_depends(const CatalogScan *scan, CatalogRows *rows)
{
    const Datum *class = catalog_lookup_value(scan, 1);

    catalog_visit_relations(scan, rows, &(RelationVisit){.oid_attribute = class != NULL && class->oid == CLASS_RELATION ? 2 : 0, .visit = depend_rows});
}

const CatalogProducer relation_producers[] = {
    {"pg_catalog", "pg_class", produce_classes},
    {"pg_catalog", "pg_attribute", produce_attributes},
    {"pg_catalog", "pg_attrdef", produce_defaults},
    {"pg_catalog", "pg_index", produce_indexes},
    {"pg_catalog", "pg_constraint", produce_constraints},
    {"pg_catalog", "pg_sequence", produce_sequences},
    {"pg_catalog", "pg_depend", produce_depends},
    {0},
};
