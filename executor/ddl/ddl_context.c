/*
 * ddl_context.c - the statement's edited descriptors.
 */
#include "executor/ddl/ddl_context.h"

#include <stdarg.h>
#include <stdio.h>

/* Room for the next power of two, so that appending to a copied array needs no capacity field. */
static int32_t room_for(int32_t count)
{
    int32_t room = 4;

    while (room < count)
        room *= 2;
    return room;
}

static void *copy_array(Arena *arena, const void *from, int32_t count, size_t size)
{
    void *copy = arena_alloc_zeroed(arena, (size_t)room_for(count), size);

    if (count > 0)
        ddl_copy(copy, from, (size_t)count * size);
    return copy;
}

/* Makes room for one more element in an array made by copy_array() or by this. */
static void *grow_array(Arena *arena, void *array, int32_t count, size_t size)
{
    void *wider;

    if (array != NULL && room_for(count) == room_for(count + 1))
        return array;
    wider = arena_alloc_zeroed(arena, (size_t)room_for(count + 1), size);
    if (count > 0)
        ddl_copy(wider, array, (size_t)count * size);
    return wider;
}

static RelationDesc *copy_relation(Arena *arena, const RelationDesc *rel)
{
    RelationDesc *copy = ARENA_NEW(arena, RelationDesc);

    ddl_copy(copy, rel, sizeof *copy);
    atomic_store(&copy->head.references_, 0);
    copy->columns = copy_array(arena, rel->columns, rel->column_count, sizeof *rel->columns);
    copy->groups = copy_array(arena, rel->groups, rel->group_count, sizeof *rel->groups);
    copy->indexes = copy_array(arena, rel->indexes, rel->index_count, sizeof *rel->indexes);
    copy->constraints = copy_array(arena, rel->constraints, rel->constraint_count, sizeof *rel->constraints);
    copy->referenced_by = copy_array(arena, rel->referenced_by, rel->referenced_by_count, sizeof *rel->referenced_by);
    copy->triggers = copy_array(arena, rel->triggers, rel->trigger_count, sizeof *rel->triggers);
    copy->dependencies = copy_array(arena, rel->dependencies, rel->dependency_count, sizeof *rel->dependencies);
    if (rel->index != NULL) {
        copy->index = ARENA_NEW(arena, IndexDesc);
        *copy->index = *rel->index;
        copy->index->columns = copy_array(arena, rel->index->columns, rel->index->column_count, sizeof *rel->index->columns);
    }
    if (rel->sequence != NULL) {
        copy->sequence = ARENA_NEW(arena, SequenceDesc);
        *copy->sequence = *rel->sequence;
    }
    return copy;
}

static DdlEdit *find_edit(Ddl *ddl, Oid oid)
{
    for (int32_t i = 0; i < ddl->edit_count; i++) {
        if (ddl->edits[i].rel->head.oid == oid)
            return &ddl->edits[i];
    }
    return NULL;
}

static DdlEdit *add_edit(Ddl *ddl, RelationDesc *rel)
{
    if (ddl->edit_count == ddl->edit_capacity) {
        int32_t wider = ddl->edit_capacity == 0 ? 8 : ddl->edit_capacity * 2;

        ddl->edits = arena_grow(ddl->arena, ddl->edits, sizeof(DdlEdit) * (size_t)ddl->edit_capacity,
                                sizeof(DdlEdit) * (size_t)wider);
        ddl->edit_capacity = wider;
    }
    ddl->edits[ddl->edit_count] = (DdlEdit){.rel = rel};
    return &ddl->edits[ddl->edit_count++];
}

RelationDesc *ddl_edit(Ddl *ddl, const RelationDesc *rel)
{
    DdlEdit *edit = find_edit(ddl, rel->head.oid);

    if (edit == NULL)
        edit = add_edit(ddl, copy_relation(ddl->arena, rel));
    return edit->rel;
}

void ddl_new_relation(Ddl *ddl, RelationDesc *rel)
{
    add_edit(ddl, rel)->is_new = true;
}

void ddl_drop_relation(Ddl *ddl, const RelationDesc *rel)
{
    DdlEdit *edit = find_edit(ddl, rel->head.oid);

    if (edit == NULL)
        edit = add_edit(ddl, (RelationDesc *)rel);
    edit->dropped = true;
}

void ddl_flush(Ddl *ddl)
{
    int32_t count = ddl->edit_count;

    /* deletions first: DROP and CREATE of one name may meet in a statement */
    for (int32_t i = 0; i < count; i++) {
        if (ddl->edits[i].dropped && !ddl->edits[i].is_new)
            store_desc_delete(ddl->session, &ddl->edits[i].rel->head);
    }
    for (int32_t i = 0; i < count; i++) {
        if (!ddl->edits[i].dropped)
            store_desc_put(ddl->session, &ddl->edits[i].rel->head);
    }
    ddl->edit_count = 0;
}

ColumnDesc *ddl_append_column(Ddl *ddl, RelationDesc *rel, const ColumnDesc *column)
{
    ColumnDesc *columns = grow_array(ddl->arena, (void *)rel->columns, rel->column_count, sizeof *rel->columns);

    if (rel->column_count >= COLUMN_MAX)
        raise_error(SQLSTATE_TOO_MANY_COLUMNS, "tables can have at most %d columns", COLUMN_MAX);
    columns[rel->column_count] = *column;
    columns[rel->column_count].number = (int16_t)(rel->column_count + 1);
    rel->columns = columns;
    return &columns[rel->column_count++];
}

ConstraintDesc *ddl_append_constraint(Ddl *ddl, RelationDesc *rel, const ConstraintDesc *constraint)
{
    ConstraintDesc *list = grow_array(ddl->arena, (void *)rel->constraints, rel->constraint_count, sizeof *rel->constraints);

    list[rel->constraint_count] = *constraint;
    rel->constraints = list;
    return &list[rel->constraint_count++];
}

static const Oid *append_oid(Ddl *ddl, const Oid *list, int16_t *count, Oid oid)
{
    Oid *wider;

    for (int16_t i = 0; i < *count; i++) {
        if (list[i] == oid)
            return list;
    }
    wider = grow_array(ddl->arena, (void *)list, *count, sizeof *list);
    wider[(*count)++] = oid;
    return wider;
}

void ddl_append_index(Ddl *ddl, RelationDesc *rel, Oid index)
{
    rel->indexes = append_oid(ddl, rel->indexes, &rel->index_count, index);
}

void ddl_append_referenced_by(Ddl *ddl, RelationDesc *rel, Oid table)
{
    rel->referenced_by = append_oid(ddl, rel->referenced_by, &rel->referenced_by_count, table);
}

void ddl_append_dependency(Ddl *ddl, RelationDesc *rel, Dependency dependency)
{
    Dependency *list;

    for (int32_t i = 0; i < rel->dependency_count; i++) {
        const Dependency *old = &rel->dependencies[i];

        if (old->kind == dependency.kind && old->oid == dependency.oid && old->sub == dependency.sub && old->type == dependency.type)
            return;
    }
    list = grow_array(ddl->arena, (void *)rel->dependencies, rel->dependency_count, sizeof *rel->dependencies);
    list[rel->dependency_count++] = dependency;
    rel->dependencies = list;
}

void ddl_remove_constraint(RelationDesc *rel, int32_t index)
{
    ConstraintDesc *list = (ConstraintDesc *)rel->constraints;

    memmove(list + index, list + index + 1, sizeof *list * (size_t)(rel->constraint_count - index - 1));
    rel->constraint_count--;
}

void ddl_remove_oid(Oid *list, int16_t *count, Oid oid)
{
    int16_t kept = 0;

    for (int16_t i = 0; i < *count; i++) {
        if (list[i] != oid)
            list[kept++] = list[i];
    }
    *count = kept;
}

ColumnDesc *ddl_find_column(const RelationDesc *rel, const char *name)
{
    for (int16_t i = 0; i < rel->column_count; i++) {
        if (!rel->columns[i].dropped && strcmp(rel->columns[i].name, name) == 0)
            return (ColumnDesc *)&rel->columns[i];
    }
    return NULL;
}

ColumnDesc *ddl_need_column(const RelationDesc *rel, const char *name)
{
    ColumnDesc *column = ddl_find_column(rel, name);

    if (column == NULL)
        raise_error(SQLSTATE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name, rel->head.name);
    return column;
}

int32_t ddl_find_constraint(const RelationDesc *rel, const char *name)
{
    for (int32_t i = 0; i < rel->constraint_count; i++) {
        if (strcmp(rel->constraints[i].name, name) == 0)
            return i;
    }
    return -1;
}

const char *ddl_relkind_name(char relkind)
{
    switch (relkind) {
    case 'i':
        return "index";
    case 'S':
        return "sequence";
    case 'v':
        return "view";
    case 'm':
        return "materialized view";
    case 'c':
        return "composite type";
    default:
        return "table";
    }
}

/* What this statement did to a relation that was found in the catalog: NULL when it dropped it. */
static const RelationDesc *as_edited(Ddl *ddl, const RelationDesc *rel)
{
    DdlEdit *edit = rel == NULL ? NULL : find_edit(ddl, rel->head.oid);

    if (edit == NULL)
        return rel;
    return edit->dropped ? NULL : edit->rel;
}

const RelationDesc *ddl_relation_by_oid(Ddl *ddl, Oid oid)
{
    DdlEdit *edit = find_edit(ddl, oid);

    if (edit != NULL)
        return edit->dropped ? NULL : edit->rel;
    return store_relation_by_oid(ddl->session, ddl->arena, oid);
}

const RelationDesc *ddl_relation(Ddl *ddl, const RangeVar *name, bool missing_ok)
{
    const RelationDesc *rel;

    if (name->catalogname != NULL && strcmp(name->catalogname, ddl->session->database_name) != 0)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: \"%s.%s.%s\"",
                    name->catalogname, name->schemaname, name->relname);
    rel = as_edited(ddl, store_relation_by_name(ddl->session, ddl->arena, name->schemaname, name->relname));
    for (int32_t i = 0; rel == NULL && i < ddl->edit_count; i++) { /* made by this statement and not written yet */
        if (ddl->edits[i].is_new && !ddl->edits[i].dropped && strcmp(ddl->edits[i].rel->head.name, name->relname) == 0)
            rel = ddl->edits[i].rel;
    }
    if (rel == NULL && !missing_ok) {
        if (name->schemaname != NULL)
            raise_error(SQLSTATE_UNDEFINED_TABLE, "relation \"%s.%s\" does not exist", name->schemaname, name->relname);
        raise_error(SQLSTATE_UNDEFINED_TABLE, "relation \"%s\" does not exist", name->relname);
    }
    return rel;
}

RangeVar *ddl_range_var(Ddl *ddl, const NodeList *words)
{
    RangeVar *name = NODE_NEW(ddl->arena, RangeVar, NODE_RANGE_VAR, -1);
    int32_t   count = list_count(words);

    if (count < 1 || count > 3)
        raise_error(SQLSTATE_SYNTAX_ERROR, "improper relation name (too many dotted names)");
    name->relname = string_at(words, count - 1);
    name->schemaname = count > 1 ? string_at(words, count - 2) : NULL;
    name->catalogname = count > 2 ? string_at(words, 0) : NULL;
    name->inh = true;
    name->relpersistence = RELPERSISTENCE_PERMANENT;
    return name;
}

const RelationDesc *ddl_relation_by_words(Ddl *ddl, const NodeList *words, bool missing_ok)
{
    return ddl_relation(ddl, ddl_range_var(ddl, words), missing_ok);
}

void ddl_notice(Ddl *ddl, Sqlstate sqlstate, const char *format, ...)
{
    StrBuf  text;
    va_list args;

    strbuf_init(&text, ddl->arena);
    va_start(args, format);
    strbuf_vprintf(&text, format, args);
    va_end(args);
    session_notice(ddl->session, NOTICE_NOTICE, sqlstate, "%s", strbuf_cstring(&text));
}

noreturn void ddl_not_supported(const char *what)
{
    raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "%s is not supported", what);
}
