/*
 * drop.c - what depends on what, and dropping all of it.
 */
#include "executor/ddl/drop.h"

#include "executor/deparse/deparse.h"
#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

typedef struct Doomed {
    DropTarget  target;
    bool        silent;    /* named by the statement, or part of another object */
    const char *because;   /* what it depends on, for the report */
} Doomed;

typedef struct DropPlan {
    Ddl               *ddl;
    int32_t            count, capacity;
    Doomed            *list;
    const Desc *const *relations; /* of the database, for reverse lookups; read once */
    int                relation_count;
    const Desc *const *types;
    int                type_count;
} DropPlan;

/* ---- naming things ------------------------------------------------------------------------------------------------------------ */

static const char *describe_relation(Ddl *ddl, const RelationDesc *rel)
{
    const char *kind = rel->relkind == 'r' && rel->is_collection ? "table" : ddl_relkind_name(rel->relkind);

    return arena_printf(ddl->arena, "%s %s", kind, ddl_display_name(ddl, &rel->head));
}

const char *drop_describe(Ddl *ddl, const DropTarget *target)
{
    const RelationDesc *rel;
    const Desc         *desc;

    if (target->kind == DESC_RELATION) {
        rel = ddl_relation_by_oid(ddl, target->oid);
        if (rel == NULL)
            return "relation ???";
        for (int16_t i = 0; target->constraint != 0 && i < rel->constraint_count; i++) {
            if (rel->constraints[i].oid == target->constraint)
                return arena_printf(ddl->arena, "constraint %s on %s", ddl_quote(ddl->arena, rel->constraints[i].name), describe_relation(ddl, rel));
        }
        if (target->is_default)
            return arena_printf(ddl->arena, "default value for column %s of %s", ddl_quote(ddl->arena, rel->columns[target->sub - 1].name),
                                describe_relation(ddl, rel));
        if (target->sub > 0)
            return arena_printf(ddl->arena, "column %s of %s", ddl_quote(ddl->arena, rel->columns[target->sub - 1].name), describe_relation(ddl, rel));
        return describe_relation(ddl, rel);
    }
    desc = store_desc_by_oid(ddl->session, ddl->arena, target->kind, target->oid);
    if (desc == NULL)
        return "object ???";
    switch (target->kind) {
    case DESC_SCHEMA:
        return arena_printf(ddl->arena, "schema %s", ddl_quote(ddl->arena, desc->name));
    case DESC_TYPE:
        return arena_printf(ddl->arena, "type %s", deparse_type(ddl->session, ddl->arena, desc->oid, -1));
    case DESC_FUNCTION:
        return arena_printf(ddl->arena, "function %s()", ddl_display_name(ddl, desc));
    case DESC_EXTENSION:
        return arena_printf(ddl->arena, "extension %s", ddl_quote(ddl->arena, desc->name));
    case DESC_TRIGGER:
        return arena_printf(ddl->arena, "trigger %s", ddl_quote(ddl->arena, desc->name));
    default:
        return desc->name;
    }
}

/* ---- collecting ------------------------------------------------------------------------------------------------------------------ */

static bool covers(const DropTarget *whole, const DropTarget *part)
{
    if (whole->kind != part->kind || whole->oid != part->oid)
        return false;
    if (whole->sub == 0 && whole->constraint == 0)
        return true;
    return whole->sub == part->sub && whole->constraint == part->constraint && (whole->is_default == part->is_default || !whole->is_default);
}

static bool is_doomed(const DropPlan *plan, const DropTarget *target)
{
    for (int32_t i = 0; i < plan->count; i++) {
        if (covers(&plan->list[i].target, target))
            return true;
    }
    return false;
}

static void doom(DropPlan *plan, DropTarget target, bool silent, const char *because)
{
    if (is_doomed(plan, &target))
        return;
    if (plan->count == plan->capacity) {
        int32_t wider = plan->capacity == 0 ? 16 : plan->capacity * 2;

        plan->list = arena_grow(plan->ddl->arena, plan->list, sizeof(Doomed) * (size_t)plan->capacity, sizeof(Doomed) * (size_t)wider);
        plan->capacity = wider;
    }
    plan->list[plan->count++] = (Doomed){target, silent, because};
}

static bool same_reference(const Dependency *dependency, const DropTarget *target)
{
    if (dependency->kind != target->kind || dependency->oid != target->oid)
        return false;
    return target->sub == 0 || dependency->sub == target->sub;
}

/* Whether a stored expression of rel speaks of the target. */
static bool expression_refers(DropPlan *plan, const RelationDesc *rel, Slice bytes, const DropTarget *target)
{
    Arena            *arena = plan->ddl->arena;
    const Dependency *list;
    int32_t           count;

    if (bytes.size == 0)
        return false;
    list = serialize_dependencies_of_expr(arena, deserialize_expr(plan->ddl->session, arena, bytes), rel->head.oid, &count);
    for (int32_t i = 0; i < count; i++) {
        if (same_reference(&list[i], target))
            return true;
    }
    return false;
}

static void doom_parts_that_refer(DropPlan *plan, const RelationDesc *rel, const DropTarget *target, const char *name)
{
    for (int16_t i = 0; i < rel->column_count; i++) {
        const ColumnDesc *column = &rel->columns[i];

        if (column->dropped || (target->kind == DESC_RELATION && target->oid == rel->head.oid && target->sub == column->number))
            continue;
        if (target->kind == DESC_TYPE && (column->type == target->oid))
            doom(plan, (DropTarget){DESC_RELATION, rel->head.oid, column->number, 0, false}, false, name);
        else if (expression_refers(plan, rel, column->default_expr, target))
            doom(plan, (DropTarget){DESC_RELATION, rel->head.oid, column->number, 0, column->generated == 0}, false, name);
    }
    for (int16_t i = 0; i < rel->constraint_count; i++) {
        if (rel->constraints[i].kind == CONSTRAINT_CHECK && expression_refers(plan, rel, rel->constraints[i].check_expr, target))
            doom(plan, (DropTarget){DESC_RELATION, rel->head.oid, 0, rel->constraints[i].oid, false}, false, name);
    }
}

/* Descriptors whose dependency lists name the target. */
static void doom_dependents(DropPlan *plan, const DropTarget *target, const char *name)
{
    Ddl *ddl = plan->ddl;

    if (plan->relations == NULL)
        plan->relations = store_desc_list(ddl->session, ddl->arena, DESC_RELATION, 0, &plan->relation_count);
    for (int i = 0; i < plan->relation_count; i++) {
        const RelationDesc *rel = ddl_relation_by_oid(ddl, plan->relations[i]->oid);
        bool                named = false;
        char                type = 'n';

        for (int32_t k = 0; rel != NULL && k < rel->dependency_count && !named; k++) {
            named = same_reference(&rel->dependencies[k], target);
            type = rel->dependencies[k].type;
        }
        if (!named || (target->kind == DESC_RELATION && rel->head.oid == target->oid && target->sub == 0))
            continue;
        if (rel->relkind == 'r')
            doom_parts_that_refer(plan, rel, target, name);
        else
            doom(plan, (DropTarget){DESC_RELATION, rel->head.oid, 0, 0, false}, type != 'n', name);
    }
    if (target->kind != DESC_TYPE)
        return;
    if (plan->types == NULL)
        plan->types = store_desc_list(ddl->session, ddl->arena, DESC_TYPE, 0, &plan->type_count);
    for (int i = 0; i < plan->type_count; i++) {
        const TypeDesc *type = (const TypeDesc *)plan->types[i];

        if (type->element == target->oid)
            doom(plan, (DropTarget){DESC_TYPE, type->head.oid, 0, 0, false}, true, name);
        else if (type->typtype == 'd' && type->base_type == target->oid)
            doom(plan, (DropTarget){DESC_TYPE, type->head.oid, 0, 0, false}, false, name);
    }
}

static void doom_table_parts(DropPlan *plan, const RelationDesc *rel, const char *name)
{
    Ddl *ddl = plan->ddl;

    for (int16_t i = 0; i < rel->index_count; i++)
        doom(plan, (DropTarget){DESC_RELATION, rel->indexes[i], 0, 0, false}, true, name);
    if (rel->row_type != 0)
        doom(plan, (DropTarget){DESC_TYPE, rel->row_type, 0, 0, false}, true, name);
    if (rel->row_type_array != 0)
        doom(plan, (DropTarget){DESC_TYPE, rel->row_type_array, 0, 0, false}, true, name);
    for (int16_t i = 0; i < rel->referenced_by_count; i++) {
        const RelationDesc *child = ddl_relation_by_oid(ddl, rel->referenced_by[i]);

        for (int16_t k = 0; child != NULL && child != rel && k < child->constraint_count; k++) {
            if (child->constraints[k].kind == CONSTRAINT_FOREIGN && child->constraints[k].foreign_table == rel->head.oid)
                doom(plan, (DropTarget){DESC_RELATION, child->head.oid, 0, child->constraints[k].oid, false}, false, name);
        }
    }
}

/* Foreign keys that lean on a unique index, and the constraint behind an index. */
static void doom_index_users(DropPlan *plan, const RelationDesc *rel, Oid index, const char *name)
{
    for (int16_t i = 0; i < rel->referenced_by_count; i++) {
        const RelationDesc *child = ddl_relation_by_oid(plan->ddl, rel->referenced_by[i]);

        for (int16_t k = 0; child != NULL && k < child->constraint_count; k++) {
            if (child->constraints[k].kind == CONSTRAINT_FOREIGN && child->constraints[k].index == index)
                doom(plan, (DropTarget){DESC_RELATION, child->head.oid, 0, child->constraints[k].oid, false}, false, name);
        }
    }
}

static bool uses_column(const int16_t *columns, int16_t count, int32_t column)
{
    for (int16_t i = 0; i < count; i++) {
        if (columns[i] == column)
            return true;
    }
    return false;
}

/* What goes with a column: indexes and keys over it, checks that name it alone, foreign keys of and to it. */
static void doom_column_parts(DropPlan *plan, const RelationDesc *rel, int32_t column, const char *name)
{
    for (int16_t i = 0; i < rel->constraint_count; i++) {
        const ConstraintDesc *constraint = &rel->constraints[i];

        if (uses_column(constraint->columns, constraint->column_count, column))
            doom(plan, (DropTarget){DESC_RELATION, rel->head.oid, 0, constraint->oid, false}, true, name);
    }
    for (int16_t i = 0; i < rel->index_count; i++) {
        const RelationDesc *index = ddl_relation_by_oid(plan->ddl, rel->indexes[i]);
        DropTarget          self = {DESC_RELATION, rel->head.oid, column, 0, false};
        bool                used = false;

        for (int16_t k = 0; index != NULL && k < index->index->column_count && !used; k++)
            used = index->index->columns[k].column == column || expression_refers(plan, rel, index->index->columns[k].expr, &self);
        if (index != NULL && (used || expression_refers(plan, rel, index->index->predicate, &self)))
            doom(plan, (DropTarget){DESC_RELATION, index->head.oid, 0, 0, false}, true, name);
    }
    for (int16_t i = 0; i < rel->column_count; i++) { /* PG15: a generated column over it depends on it */
        DropTarget self = {DESC_RELATION, rel->head.oid, column, 0, false};

        if (rel->columns[i].generated != 0 && !rel->columns[i].dropped && rel->columns[i].number != column &&
            expression_refers(plan, rel, rel->columns[i].default_expr, &self))
            doom(plan, (DropTarget){DESC_RELATION, rel->head.oid, rel->columns[i].number, 0, false}, false, name);
    }
}

static void doom_schema_parts(DropPlan *plan, Oid schema, const char *name)
{
    static const DescKind kinds[] = {DESC_RELATION, DESC_TYPE, DESC_FUNCTION};
    Ddl                  *ddl = plan->ddl;

    for (size_t k = 0; k < ARRAY_LENGTH(kinds); k++) {
        int                count;
        const Desc *const *list = store_desc_list(ddl->session, ddl->arena, kinds[k], schema, &count);

        for (int i = 0; i < count; i++) {
            const RelationDesc *rel = kinds[k] == DESC_RELATION ? (const RelationDesc *)list[i] : NULL;
            const TypeDesc     *type = kinds[k] == DESC_TYPE ? (const TypeDesc *)list[i] : NULL;

            /* parts of other objects go with those, unmentioned */
            if ((rel != NULL && (rel->relkind == 'i' || (rel->relkind == 'S' && rel->sequence->owned_by_table != 0))) ||
                (type != NULL && (type->typtype == 'c' || type->typtype == 'b')))
                continue;
            doom(plan, (DropTarget){kinds[k], list[i]->oid, 0, 0, false}, false, name);
        }
    }
}

static void collect(DropPlan *plan)
{
    for (int32_t i = 0; i < plan->count; i++) { /* grows while it is walked */
        DropTarget          target = plan->list[i].target;
        const char         *name = drop_describe(plan->ddl, &target);
        const RelationDesc *rel = target.kind == DESC_RELATION ? ddl_relation_by_oid(plan->ddl, target.oid) : NULL;

        if (target.is_default)
            continue;
        if (target.kind == DESC_SCHEMA) {
            doom_schema_parts(plan, target.oid, name);
            continue;
        }
        if (rel != NULL && target.constraint != 0) {
            for (int16_t k = 0; k < rel->constraint_count; k++) {
                const ConstraintDesc *constraint = &rel->constraints[k];

                if (constraint->oid == target.constraint && (constraint->kind == CONSTRAINT_PRIMARY || constraint->kind == CONSTRAINT_UNIQUE))
                    doom(plan, (DropTarget){DESC_RELATION, constraint->index, 0, 0, false}, true, name);
            }
            continue;
        }
        if (rel != NULL && target.sub > 0)
            doom_column_parts(plan, rel, target.sub, name);
        else if (rel != NULL && (rel->relkind == 'r' || rel->relkind == 'v' || rel->relkind == 'm' || rel->relkind == 'c'))
            doom_table_parts(plan, rel, name);
        else if (rel != NULL && rel->relkind == 'i')
            doom_index_users(plan, ddl_relation_by_oid(plan->ddl, rel->index->table), rel->head.oid, name);
        doom_dependents(plan, &target, name);
    }
}

/* ---- reporting ------------------------------------------------------------------------------------------------------------------- */

enum { REPORT_LIMIT = 100 };

/* session_notice() has no detail, so client_min_messages is asked here. */
static bool notices_wanted(Ddl *ddl)
{
    const char *level = session_setting(ddl->session, "client_min_messages");

    return level == NULL || (strcmp(level, "warning") != 0 && strcmp(level, "error") != 0);
}

static void report(DropPlan *plan, DropBehavior behavior, const char *first, int32_t named)
{
    Ddl    *ddl = plan->ddl;
    StrBuf  text;
    int32_t others = 0;

    strbuf_init(&text, ddl->arena);
    for (int32_t i = 0; i < plan->count; i++) {
        const Doomed *doomed = &plan->list[i];

        if (doomed->silent)
            continue;
        if (++others > REPORT_LIMIT)
            continue;
        if (others > 1)
            strbuf_append_char(&text, '\n');
        if (behavior == DROP_RESTRICT)
            strbuf_printf(&text, "%s depends on %s", drop_describe(ddl, &doomed->target), doomed->because);
        else
            strbuf_printf(&text, "drop cascades to %s", drop_describe(ddl, &doomed->target));
    }
    if (others == 0)
        return;
    if (others > REPORT_LIMIT)
        strbuf_printf(&text, "\nand %d other object%s", others - REPORT_LIMIT, others - REPORT_LIMIT == 1 ? "" : "s");
    if (behavior == DROP_RESTRICT) {
        Error *err = named == 1 ? error_new(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop %s because other objects depend on it", first)
                                : error_new(SQLSTATE_DEPENDENT_OBJECTS_STILL_EXIST, "cannot drop desired object(s) because other objects depend on them");

        error_detail(err, "%s", strbuf_cstring(&text));
        error_hint(err, "Use DROP ... CASCADE to drop the dependent objects too.");
        error_raise(err);
    }
    if (others == 1) {
        ddl_notice(ddl, SQLSTATE_SUCCESSFUL_COMPLETION, "%s", strbuf_cstring(&text));
    } else {
        Error *notice = error_new(SQLSTATE_SUCCESSFUL_COMPLETION, "drop cascades to %d other objects", others);

        error_detail(notice, "%s", strbuf_cstring(&text));
        if (ddl->session->send_notice != NULL && notices_wanted(ddl))
            ddl->session->send_notice(ddl->session->send_notice_arg, NOTICE_NOTICE, notice);
    }
}

/* ---- doing it ---------------------------------------------------------------------------------------------------------------------- */

static void forget_comments(Ddl *ddl, Oid object)
{
    int                count;
    const Desc *const *list = store_desc_list(ddl->session, ddl->arena, DESC_COMMENT, object, &count);

    for (int i = 0; i < count; i++)
        store_desc_delete(ddl->session, list[i]);
}

static void drop_constraint(Ddl *ddl, RelationDesc *rel, Oid constraint)
{
    for (int16_t i = 0; i < rel->constraint_count; i++) {
        ConstraintDesc desc = rel->constraints[i];
        bool           still_references = false;

        if (desc.oid != constraint)
            continue;
        ddl_remove_constraint(rel, i);
        if (desc.kind == CONSTRAINT_FOREIGN) {
            const RelationDesc *parent = ddl_relation_by_oid(ddl, desc.foreign_table);

            for (int16_t k = 0; k < rel->constraint_count; k++)
                still_references |= rel->constraints[k].kind == CONSTRAINT_FOREIGN && rel->constraints[k].foreign_table == desc.foreign_table;
            if (parent != NULL && !still_references) {
                RelationDesc *edited = ddl_edit(ddl, parent);

                ddl_remove_oid((Oid *)edited->referenced_by, &edited->referenced_by_count, rel->head.oid);
            }
        }
        return;
    }
}

static void drop_column(Ddl *ddl, RelationDesc *rel, int32_t number)
{
    ColumnDesc *column = (ColumnDesc *)&rel->columns[number - 1];

    (void)ddl;
    column->name = arena_printf(ddl->arena, "........pg.dropped.%d........", number);
    column->dropped = true;
    column->not_null = false;
    column->default_expr = column->missing_value = column->acl = (Slice){0};
    column->default_text = NULL;
    column->identity = column->generated = 0;
}

static void drop_relation(Ddl *ddl, const RelationDesc *rel)
{
    if (rel->relkind == 'i') {
        const RelationDesc *table = ddl_relation_by_oid(ddl, rel->index->table);

        store_index_drop(ddl->session, rel);
        if (table != NULL) {
            RelationDesc *edited = ddl_edit(ddl, table);

            ddl_remove_oid((Oid *)edited->indexes, &edited->index_count, rel->head.oid);
        }
    } else if (rel->group_count > 0 && (rel->relkind == 'r' || rel->relkind == 'm')) {
        store_table_drop(ddl->session, rel);
    }
    for (int16_t i = 0; i < rel->constraint_count; i++) {
        const RelationDesc *parent = rel->constraints[i].kind == CONSTRAINT_FOREIGN && rel->constraints[i].foreign_table != rel->head.oid
                                         ? ddl_relation_by_oid(ddl, rel->constraints[i].foreign_table) : NULL;

        if (parent != NULL) {
            RelationDesc *edited = ddl_edit(ddl, parent);

            ddl_remove_oid((Oid *)edited->referenced_by, &edited->referenced_by_count, rel->head.oid);
        }
    }
    forget_comments(ddl, rel->head.oid);
    ddl_drop_relation(ddl, rel);
}

static void drop_one(Ddl *ddl, const DropTarget *target)
{
    const RelationDesc *rel = target->kind == DESC_RELATION ? ddl_relation_by_oid(ddl, target->oid) : NULL;
    const Desc         *desc;

    if (target->kind == DESC_RELATION) {
        if (rel == NULL)
            return;
        if (target->constraint != 0)
            drop_constraint(ddl, ddl_edit(ddl, rel), target->constraint);
        else if (target->is_default) {
            ColumnDesc *column = (ColumnDesc *)&ddl_edit(ddl, rel)->columns[target->sub - 1];

            column->default_expr = (Slice){0};
            column->default_text = NULL;
        } else if (target->sub > 0)
            drop_column(ddl, ddl_edit(ddl, rel), target->sub);
        else
            drop_relation(ddl, rel);
        return;
    }
    desc = store_desc_by_oid(ddl->session, ddl->arena, target->kind, target->oid);
    if (desc == NULL)
        return;
    forget_comments(ddl, desc->oid);
    store_desc_delete(ddl->session, desc);
}

static void lock_doomed(DropPlan *plan)
{
    for (int32_t i = 0; i < plan->count; i++) {
        if (plan->list[i].target.kind == DESC_RELATION)
            store_lock_relation(plan->ddl->session, plan->list[i].target.oid, TABLE_LOCK_ACCESS_EXCLUSIVE);
    }
}

/* Parts of relations first, then whole objects; schemas last. */
static void drop_all(DropPlan *plan)
{
    for (int32_t i = 0; i < plan->count; i++) {
        const DropTarget *target = &plan->list[i].target;

        if (target->kind == DESC_RELATION && (target->sub > 0 || target->constraint != 0))
            drop_one(plan->ddl, target);
    }
    for (int32_t i = plan->count - 1; i >= 0; i--) {
        const DropTarget *target = &plan->list[i].target;

        if (target->kind == DESC_RELATION && target->sub == 0 && target->constraint == 0)
            drop_one(plan->ddl, target);
    }
    ddl_flush(plan->ddl);
    for (int32_t i = plan->count - 1; i >= 0; i--) {
        if (plan->list[i].target.kind != DESC_RELATION)
            drop_one(plan->ddl, &plan->list[i].target);
    }
}

void drop_objects(Ddl *ddl, const DropTarget *targets, int32_t count, DropBehavior behavior)
{
    DropPlan plan = {.ddl = ddl};

    for (int32_t i = 0; i < count; i++)
        doom(&plan, targets[i], true, NULL);
    collect(&plan);
    report(&plan, behavior, count > 0 ? drop_describe(ddl, &targets[0]) : "", count);
    lock_doomed(&plan);
    drop_all(&plan);
}

void drop_quietly(Ddl *ddl, const Desc *desc)
{
    DropPlan plan = {.ddl = ddl};

    doom(&plan, (DropTarget){desc->kind, desc->oid, 0, 0, false}, true, NULL);
    collect(&plan);
    lock_doomed(&plan);
    drop_all(&plan);
}
