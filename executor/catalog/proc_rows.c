/*
 * proc_rows.c - pg_proc, pg_operator, pg_cast, pg_aggregate: what executor/func/registry.h holds.
 */
#include "executor/catalog/catalog_visit.h"
#include "executor/catalog/producers.h"
#include "executor/func/registry.h"
#include "types/array.h"

enum { LANGUAGE_INTERNAL = 12 };

/* ---- pg_proc ------------------------------------------------------------------------------------------------------------------ */

static void set_modes(CatalogRows *rows, const Proc *proc)
{
    Arena *arena = catalog_rows_arena(rows);
    Datum *modes = ARENA_ARRAY(arena, (size_t)proc->all_arg_count, Datum);

    for (int16_t i = 0; i < proc->all_arg_count; i++)
        modes[i] = (Datum){.bytes = slice_of(&proc->arg_modes[i], 1)};
    catalog_set_datum(rows, 22, (Datum){.bytes = array_build_list(arena, TYPE_CHAR_INTERNAL, PHYS_BYTES, modes, NULL, proc->all_arg_count)});
}

static void set_arguments(const CatalogScan *scan, CatalogRows *rows, const Proc *proc)
{
    if (scan->wanted[19])
        catalog_set_oids(rows, 20, proc->args, proc->arg_count, 0);
    if (proc->all_arg_count > 0 && scan->wanted[20])
        catalog_set_oids(rows, 21, proc->all_args, proc->all_arg_count, 1);
    if (proc->all_arg_count > 0 && proc->arg_modes != NULL && strlen(proc->arg_modes) >= (size_t)proc->all_arg_count && scan->wanted[21])
        set_modes(rows, proc);
    if (proc->arg_names != NULL && scan->wanted[22])
        catalog_set_texts(rows, 23, proc->arg_names, proc->all_arg_count > 0 ? proc->all_arg_count : proc->arg_count);
}

static void proc_row(const CatalogScan *scan, CatalogRows *rows, const Proc *proc)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, proc->oid);
    catalog_set_text(rows, 2, proc->name);
    catalog_set_oid(rows, 3, OID_SCHEMA_PG_CATALOG);
    catalog_set_oid(rows, 4, OID_ROLE_NEXADB);
    catalog_set_oid(rows, 5, LANGUAGE_INTERNAL);
    catalog_set_float(rows, 6, 1);
    catalog_set_float(rows, 7, proc->returns_set ? 1000 : 0);
    catalog_set_oid(rows, 8, proc->variadic);
    catalog_set_oid(rows, 9, 0);
    catalog_set_char(rows, 10, (char)proc->kind);
    catalog_set_bool(rows, 11, false);
    catalog_set_bool(rows, 12, proc->leakproof);
    catalog_set_bool(rows, 13, proc->strict);
    catalog_set_bool(rows, 14, proc->returns_set);
    catalog_set_char(rows, 15, (char)proc->volatility);
    catalog_set_char(rows, 16, 's');
    catalog_set_int(rows, 17, proc->arg_count);
    catalog_set_int(rows, 18, proc->default_count);
    catalog_set_oid(rows, 19, proc->result);
    set_arguments(scan, rows, proc);
    catalog_set_text(rows, 26, proc->name);
}

static void produce_procs(const CatalogScan *scan, CatalogRows *rows)
{
    const Datum       *oid = catalog_lookup_value(scan, 1);
    const Datum       *name = catalog_lookup_value(scan, 2);
    int                count;
    const Proc *const *procs;

    if (oid != NULL) {
        if (proc_by_oid(oid->oid) != NULL)
            proc_row(scan, rows, proc_by_oid(oid->oid));
        return;
    }
    procs = name != NULL ? proc_by_name(arena_printf(scan->arena, "%.*s", (int)name->bytes.size, (const char *)name->bytes.data), &count)
                         : proc_all(&count);
    for (int i = 0; i < count; i++)
        proc_row(scan, rows, procs[i]);
}

/* ---- pg_operator, pg_cast, pg_aggregate ---------------------------------------------------------------------------------------- */

static Oid estimator(const char *name)
{
    int                count = 0;
    const Proc *const *procs = *name != '\0' ? proc_by_name(name, &count) : NULL;

    return count > 0 ? procs[0]->oid : 0;
}

static void operator_row(CatalogRows *rows, const Operator *op)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, op->oid);
    catalog_set_text(rows, 2, op->name);
    catalog_set_oid(rows, 3, OID_SCHEMA_PG_CATALOG);
    catalog_set_oid(rows, 4, OID_ROLE_NEXADB);
    catalog_set_char(rows, 5, op->kind);
    catalog_set_bool(rows, 6, op->merges);
    catalog_set_bool(rows, 7, op->hashes);
    catalog_set_oid(rows, 8, op->left);
    catalog_set_oid(rows, 9, op->right);
    catalog_set_oid(rows, 10, op->result);
    catalog_set_oid(rows, 11, op->commutator);
    catalog_set_oid(rows, 12, op->negator);
    catalog_set_oid(rows, 13, op->function);
    catalog_set_oid(rows, 14, estimator(op->restrict_estimator));
    catalog_set_oid(rows, 15, estimator(op->join_estimator));
}

static void produce_operators(const CatalogScan *scan, CatalogRows *rows)
{
    int                    count;
    const Operator *const *all = operator_all(&count);

    (void)scan;
    for (int i = 0; i < count; i++)
        operator_row(rows, all[i]);
}

static void produce_casts(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Cast *const *all = cast_all(&count);

    (void)scan;
    for (int i = 0; i < count; i++) {
        catalog_row(rows);
        catalog_set_oid(rows, 1, all[i]->oid);
        catalog_set_oid(rows, 2, all[i]->source);
        catalog_set_oid(rows, 3, all[i]->target);
        catalog_set_oid(rows, 4, all[i]->function);
        catalog_set_char(rows, 5, all[i]->context);
        catalog_set_char(rows, 6, all[i]->method);
    }
}

/* Aggregates are not made of transition functions here: those columns say so with 0. */
static void aggregate_row(CatalogRows *rows, const Proc *proc)
{
    catalog_row(rows);
    catalog_set_oid(rows, 1, proc->oid);
    catalog_set_char(rows, 2, 'n');
    catalog_set_int(rows, 3, 0);
    for (int attribute = 4; attribute <= 11; attribute++)
        catalog_set_oid(rows, attribute, 0);
    catalog_set_bool(rows, 12, false);
    catalog_set_bool(rows, 13, false);
    catalog_set_char(rows, 14, 'r');
    catalog_set_char(rows, 15, 'r');
    catalog_set_oid(rows, 16, 0);
    catalog_set_oid(rows, 17, proc->result);
    catalog_set_int(rows, 18, 0);
    catalog_set_oid(rows, 19, 0);
    catalog_set_int(rows, 20, 0);
}

static void produce_aggregates(const CatalogScan *scan, CatalogRows *rows)
{
    int                count;
    const Proc *const *procs = proc_all(&count);

    (void)scan;
    for (int i = 0; i < count; i++) {
        if (procs[i]->kind == PROC_AGGREGATE)
            aggregate_row(rows, procs[i]);
    }
}

const CatalogProducer proc_producers[] = {
    {"pg_catalog", "pg_proc", produce_procs},
    {"pg_catalog", "pg_operator", produce_operators},
    {"pg_catalog", "pg_cast", produce_casts},
    {"pg_catalog", "pg_aggregate", produce_aggregates},
    {0},
};
