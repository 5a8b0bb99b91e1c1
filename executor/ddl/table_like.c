/*
 * table_like.c - LIKE in CREATE TABLE.
 */
#include "executor/ddl/table_like.h"

#include "executor/expr_tree.h"
#include "executor/serialize/serialize.h"

typedef struct Renumber {
    Arena         *arena;
    const int16_t *map;
} Renumber;

static Expr *renumber(Expr *expr, void *context)
{
    Renumber *numbers = context;

    if (expr->kind == EXPR_COLUMN && expr->column.column > 0) {
        Expr *moved = ARENA_NEW(numbers->arena, Expr);

        *moved = *expr;
        moved->column.column = numbers->map[expr->column.column - 1];
        return moved;
    }
    return expr_mutate(numbers->arena, expr, renumber, numbers);
}

static Expr *moved_expression(TableLike *like, const LikeSource *source, Slice bytes)
{
    Ddl     *ddl = like->build->ddl;
    Renumber numbers = {ddl->arena, source->map};

    return renumber(deserialize_expr(ddl->session, ddl->arena, bytes), &numbers);
}

void like_columns(TableLike *like, const TableLikeClause *clause)
{
    Ddl                *ddl = like->build->ddl;
    const RelationDesc *from = ddl_relation(ddl, clause->relation, false);
    LikeSource         *sources = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)like->count + 1, LikeSource);
    LikeSource         *source = &sources[like->count];

    if (from->relkind != 'r' && from->relkind != 'v' && from->relkind != 'm' && from->relkind != 'c') {
        Error *err = error_new(SQLSTATE_WRONG_OBJECT_TYPE, "relation \"%s\" is invalid in LIKE clause", from->head.name);

        error_detail(err, "This operation is not supported for %s.", from->relkind == 'i' ? "indexes" : "sequences");
        error_raise(err);
    }
    ddl_copy(sources, like->sources, sizeof *sources * (size_t)like->count);
    like->sources = sources;
    like->count++;
    *source = (LikeSource){from, clause->options, ARENA_ARRAY_ZEROED(ddl->arena, (size_t)from->column_count + 1, int16_t)};
    for (int16_t i = 0; i < from->column_count; i++) {
        ColumnDesc column = from->columns[i];

        if (column.dropped)
            continue;
        if (ddl_find_column(like->build->rel, column.name) != NULL)
            raise_error(SQLSTATE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", column.name);
        column.default_expr = column.missing_value = column.acl = (Slice){0};
        column.default_text = NULL;
        column.identity = column.generated = 0;
        column.group = 0;
        if (column.type == TYPE_VECTOR && column.typmod > 0) {
            ColumnGroupDesc *groups = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)like->build->rel->group_count + 1, ColumnGroupDesc);

            ddl_copy(groups, like->build->rel->groups, sizeof *groups * (size_t)like->build->rel->group_count);
            groups[like->build->rel->group_count] = (ColumnGroupDesc){store_new_storage_id(ddl->session), (uint32_t)column.typmod * 4};
            column.group = (uint16_t)like->build->rel->group_count++;
            like->build->rel->groups = groups;
        }
        source->map[i] = ddl_append_column(ddl, like->build->rel, &column)->number;
    }
}

static void copy_defaults(TableLike *like, const LikeSource *source)
{
    RelationDesc *rel = like->build->rel;

    for (int16_t i = 0; i < source->rel->column_count; i++) {
        const ColumnDesc *from = &source->rel->columns[i];
        ColumnDesc       *to = source->map[i] == 0 ? NULL : (ColumnDesc *)&rel->columns[source->map[i] - 1];
        uint32_t          needed = from->generated != 0 ? CREATE_TABLE_LIKE_GENERATED : CREATE_TABLE_LIKE_DEFAULTS;

        if (to == NULL)
            continue;
        if (from->default_expr.size > 0 && (source->options & needed) != 0) {
            Expr *expr = moved_expression(like, source, from->default_expr);

            to->generated = from->generated;
            to->default_expr = store_expression(like->build->ddl, rel, expr, &to->default_text);
        }
        if (from->identity != 0 && (source->options & CREATE_TABLE_LIKE_IDENTITY) != 0) {
            to->identity = from->identity;
            build_owned_sequence(like->build->ddl, rel, to->name, to->type, NULL, 'i');
        }
    }
}

static void copy_checks(TableLike *like, const LikeSource *source)
{
    RelationDesc *rel = like->build->rel;

    for (int16_t i = 0; i < source->rel->constraint_count; i++) {
        ConstraintDesc desc = source->rel->constraints[i];
        int16_t       *columns;

        if (desc.kind != CONSTRAINT_CHECK)
            continue;
        if (ddl_find_constraint(rel, desc.name) >= 0)
            raise_error(SQLSTATE_DUPLICATE_OBJECT, "check constraint \"%s\" already exists", desc.name);
        columns = ARENA_ARRAY_ZEROED(like->build->ddl->arena, (size_t)desc.column_count + 1, int16_t);
        for (int16_t k = 0; k < desc.column_count; k++)
            columns[k] = source->map[desc.columns[k] - 1];
        desc.columns = columns;
        desc.oid = store_new_oid(like->build->ddl->session);
        desc.check_expr = store_expression(like->build->ddl, rel, moved_expression(like, source, desc.check_expr), &desc.check_text);
        ddl_append_constraint(like->build->ddl, rel, &desc);
    }
}

/* An index like the source's, over the new table's columns. */
static RelationDesc *copy_index(TableLike *like, const LikeSource *source, const RelationDesc *from)
{
    Ddl             *ddl = like->build->ddl;
    RelationDesc    *rel = like->build->rel;
    RelationDesc    *index = ARENA_NEW(ddl->arena, RelationDesc);
    ColumnGroupDesc *group = ARENA_NEW(ddl->arena, ColumnGroupDesc);
    IndexColumnDesc *columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)from->index->column_count, IndexColumnDesc);
    StrBuf           names;

    *index = (RelationDesc){.relkind = 'i', .persistence = rel->persistence, .replica_identity = 'n', .options = from->options,
                            .columns = from->columns, .column_count = from->column_count};
    index->head = (Desc){.kind = DESC_RELATION, .database = rel->head.database, .parent = rel->head.parent, .owner = rel->head.owner};
    index->index = ARENA_NEW(ddl->arena, IndexDesc);
    *index->index = *from->index;
    index->index->table = rel->head.oid;
    index->index->valid_from = 0;
    index->index->constraint = 0;
    ddl_copy(columns, from->index->columns, sizeof *columns * (size_t)from->index->column_count);
    index->index->columns = columns;
    strbuf_init(&names, ddl->arena);
    for (int16_t i = 0; i < from->index->column_count; i++) {
        if (columns[i].column > 0)
            columns[i].column = source->map[columns[i].column - 1];
        else
            columns[i].expr = store_expression_of(ddl, index, rel, moved_expression(like, source, columns[i].expr), &columns[i].expr_text);
        if (names.size < NAME_MAX_BYTES)
            strbuf_printf(&names, "%s%s", i > 0 ? "_" : "", columns[i].name);
    }
    if (from->index->predicate.size > 0)
        index->index->predicate = store_expression_of(ddl, index, rel, moved_expression(like, source, from->index->predicate), &index->index->predicate_text);
    index->head.name = from->index->primary
                           ? ddl_choose_relation_name(ddl, rel->head.name, NULL, "pkey", rel->head.parent)
                           : ddl_choose_relation_name(ddl, rel->head.name, strbuf_cstring(&names), from->index->constraint != 0 ? "key" : "idx", rel->head.parent);
    index->head.oid = store_new_oid(ddl->session);
    group->storage_id = store_new_storage_id(ddl->session);
    index->groups = group;
    index->group_count = 1;
    ddl_append_dependency(ddl, index, (Dependency){DESC_RELATION, rel->head.oid, 0, 'a'});
    ddl_append_index(ddl, rel, index->head.oid);
    ddl_new_relation(ddl, index);
    store_index_create(ddl->session, index);
    return index;
}

static void copy_indexes(TableLike *like, const LikeSource *source)
{
    Ddl *ddl = like->build->ddl;

    for (int16_t i = 0; i < source->rel->index_count; i++) {
        const RelationDesc *from = ddl_relation_by_oid(ddl, source->rel->indexes[i]);
        RelationDesc       *index = from == NULL ? NULL : copy_index(like, source, from);

        for (int16_t k = 0; index != NULL && k < source->rel->constraint_count; k++) {
            ConstraintDesc desc = source->rel->constraints[k];
            int16_t       *columns;

            if (desc.index != from->head.oid || desc.kind == CONSTRAINT_FOREIGN)
                continue;
            columns = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)desc.column_count, int16_t);
            for (int16_t c = 0; c < desc.column_count; c++)
                columns[c] = source->map[desc.columns[c] - 1];
            desc.columns = columns;
            desc.index = index->head.oid;
            desc.name = index->head.name;
            desc.oid = store_new_oid(ddl->session);
            index->index->constraint = desc.oid;
            ddl_append_constraint(ddl, like->build->rel, &desc);
        }
    }
}

void like_finish(TableLike *like)
{
    for (int32_t i = 0; i < like->count; i++) {
        copy_defaults(like, &like->sources[i]);
        if ((like->sources[i].options & CREATE_TABLE_LIKE_CONSTRAINTS) != 0)
            copy_checks(like, &like->sources[i]);
        if ((like->sources[i].options & CREATE_TABLE_LIKE_INDEXES) != 0)
            copy_indexes(like, &like->sources[i]);
    }
}
