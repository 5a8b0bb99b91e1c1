/* deparse_query.c - queries as SQL, laid out as pg_get_viewdef does. */
#include "executor/deparse/deparse_context.h"

#include "executor/store/store.h"

#include <stdio.h>

/* ---- names of range entries --------------------------------------------------------------------------------------------------- */

static bool name_in_use(const DeparseLevel *level, const char *const *names, int32_t count, const char *name)
{
    for (int32_t i = 0; i < count; i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return true;
    }
    for (; level != NULL; level = level->outer) {
        for (int32_t i = 0; level->query != NULL && i < level->query->range_count; i++) {
            if (level->names[i] != NULL && strcmp(level->names[i], name) == 0)
                return true;
        }
    }
    return false;
}

/* Each entry gets a name that is unique here and around: t, t_1, t_2 ... */
static void choose_names(Deparse *d, DeparseLevel *level)
{
    const Query *query = level->query;

    level->names = ARENA_ARRAY_ZEROED(d->arena, (size_t)MAX(query->range_count, 1), const char *);
    for (int32_t i = 0; i < query->range_count; i++) {
        const char *name = query->ranges[i]->alias;

        for (int32_t n = 1; name != NULL && name_in_use(level->outer, level->names, i, name); n++)
            name = arena_printf(d->arena, "%s_%d", query->ranges[i]->alias, n);
        level->names[i] = name;
    }
}

/* ---- keys ----------------------------------------------------------------------------------------------------------------------- */

void deparse_sort_key(Deparse *d, const Target *targets, int32_t target, bool force_number)
{
    const Expr *expr = targets[target].expr;
    bool        paren;

    if (force_number) {
        int32_t position = 0;

        for (int32_t i = 0; i <= target; i++)
            position += !targets[i].junk;
        strbuf_printf(&d->out, "%d", position);
        return;
    }
    if (expr->kind == EXPR_CONST) {
        deparse_const(d, expr, 1);
        return;
    }
    if (expr->kind == EXPR_COLUMN) {
        deparse_column(d, expr, false);
        return;
    }
    /* what looks like a function would be read as one even where it is a cast */
    paren = d->pretty || ((expr->kind == EXPR_CALL || expr->kind == EXPR_SET_CALL) && expr->call.op == NULL) || expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW;
    if (paren)
        deparse_char(d, '(');
    deparse_expr(d, expr, true);
    if (paren)
        deparse_char(d, ')');
}

void deparse_order(Deparse *d, const SortClause *items, int32_t count, const Target *targets, bool force_number)
{
    for (int32_t i = 0; i < count; i++) {
        if (i > 0)
            deparse_text(d, ", ");
        deparse_sort_key(d, targets, items[i].target, force_number);
        if (items[i].descending) {
            deparse_text(d, " DESC");
            if (!items[i].nulls_first)
                deparse_text(d, " NULLS LAST");
        } else if (items[i].nulls_first) {
            deparse_text(d, " NULLS FIRST");
        }
    }
}

static void deparse_keys(Deparse *d, const SortClause *items, int32_t count, const Target *targets)
{
    for (int32_t i = 0; i < count; i++) {
        if (i > 0)
            deparse_text(d, ", ");
        deparse_sort_key(d, targets, items[i].target, false);
    }
}

/* ---- windows ---------------------------------------------------------------------------------------------------------------------- */

static void deparse_bound(Deparse *d, FrameBound bound, const Expr *offset)
{
    switch (bound) {
    case FRAME_UNBOUNDED_PRECEDING:
        deparse_text(d, "UNBOUNDED PRECEDING ");
        break;
    case FRAME_CURRENT_ROW:
        deparse_text(d, "CURRENT ROW ");
        break;
    case FRAME_UNBOUNDED_FOLLOWING:
        deparse_text(d, "UNBOUNDED FOLLOWING ");
        break;
    default:
        deparse_expr(d, offset, false);
        deparse_text(d, bound == FRAME_OFFSET_PRECEDING ? " PRECEDING " : " FOLLOWING ");
        break;
    }
}

void deparse_window_spec(Deparse *d, const Query *query, const Window *window)
{
    static const char *const modes[] = {"RANGE ", "ROWS ", "GROUPS "};
    static const char *const excludes[] = {"", "EXCLUDE CURRENT ROW ", "EXCLUDE GROUP ", "EXCLUDE TIES "};
    bool blank = false, default_frame = window->mode == FRAME_RANGE && window->start == FRAME_UNBOUNDED_PRECEDING && window->end == FRAME_CURRENT_ROW &&
                                        window->exclude == EXCLUDE_NO_OTHERS;

    deparse_char(d, '(');
    if (window->partition_count > 0) {
        deparse_text(d, "PARTITION BY ");
        deparse_keys(d, window->partition, window->partition_count, query->targets);
        blank = true;
    }
    if (window->order_count > 0) {
        deparse_text(d, blank ? " ORDER BY " : "ORDER BY ");
        deparse_order(d, window->order, window->order_count, query->targets, false);
        blank = true;
    }
    if (!default_frame) {
        if (blank)
            deparse_char(d, ' ');
        deparse_text(d, modes[window->mode]);
        deparse_text(d, "BETWEEN ");
        deparse_bound(d, window->start, window->start_offset);
        deparse_text(d, "AND ");
        deparse_bound(d, window->end, window->end_offset);
        deparse_text(d, excludes[window->exclude]);
        d->out.data[--d->out.size] = '\0'; /* the last blank */
    }
    deparse_char(d, ')');
}

/* ---- target lists --------------------------------------------------------------------------------------------------------------------- */

static void deparse_targets(Deparse *d, const Target *targets, int32_t count, bool names_matter, const char *const *names)
{
    int32_t column = 0;
    /* what a leaf of a set operation was coerced to is not part of it */
    bool    show_implicit = !d->set_op_leaf;

    d->set_op_leaf = false;
    for (int32_t i = 0; i < count; i++) {
        const Target *target = &targets[i];
        const char   *known, *name = target->name;
        StrBuf        whole = d->out;
        size_t        first = 0;

        if (target->junk)
            continue;
        if (names != NULL)
            name = names[column];
        /* the text of one target apart, to see whether it begins with a line of its own */
        strbuf_init(&d->out, d->arena);
        if (target->expr->kind == EXPR_COLUMN || target->expr->kind == EXPR_WHOLE_ROW) {
            known = deparse_column(d, target->expr, true);
        } else {
            deparse_expr(d, target->expr, show_implicit);
            known = names_matter ? NULL : "?column?";
        }
        if (name != NULL && (known == NULL || strcmp(known, name) != 0))
            strbuf_printf(&d->out, " AS %s", deparse_identifier(d->arena, name));
        StrBuf own = d->out;

        d->out = whole;
        deparse_text(d, column > 0 ? ", " : " ");
        while (first < own.size && own.data[first] == ' ')
            first++;
        if (first < own.size && own.data[first] == '\n') {
            while (d->out.size > 0 && d->out.data[d->out.size - 1] == ' ')
                d->out.data[--d->out.size] = '\0';
        } else if (column > 0) {
            deparse_keyword(d, "", -INDENT_STANDARD, INDENT_STANDARD, INDENT_VAR);
        }
        strbuf_append(&d->out, own.data + 0, own.size);
        column++;
    }
}

/* ---- FROM --------------------------------------------------------------------------------------------------------------------------------- */

static void deparse_values(Deparse *d, const RangeEntry *entry)
{
    deparse_text(d, "VALUES ");
    for (int32_t i = 0; i < entry->values_count; i++) {
        deparse_text(d, i > 0 ? ", (" : "(");
        for (int32_t k = 0; k < entry->values[i].count; k++) {
            const Expr *value = entry->values[i].items[k];

            if (k > 0)
                deparse_char(d, ',');
            if (value->kind == EXPR_WHOLE_ROW)
                deparse_column(d, value, true);
            else
                deparse_expr(d, value, false);
        }
        deparse_char(d, ')');
    }
}

/* Are the columns called otherwise than what the entry stands on calls them? */
static bool columns_renamed(const RangeEntry *entry)
{
    const Query *inner = entry->kind == RANGE_SUBQUERY ? entry->subquery : NULL;
    int32_t      at = 0;

    if (entry->kind == RANGE_FUNCTION)
        return true;
    if (entry->table != NULL) {
        for (int32_t i = 0; i < entry->column_count; i++) {
            if (!entry->columns[i].hidden && strcmp(entry->columns[i].name, entry->table->columns[i].name) != 0)
                return true;
        }
        return false;
    }
    if (entry->kind == RANGE_CTE) {
        for (int32_t i = 0; i < entry->column_count && i < entry->cte->column_count; i++) {
            if (strcmp(entry->columns[i].name, entry->cte->columns[i].name) != 0)
                return true;
        }
        return false;
    }
    if (entry->kind == RANGE_VALUES) {
        for (int32_t i = 0; i < entry->column_count; i++) {
            char plain[32];

            snprintf(plain, sizeof plain, "column%d", i + 1);
            if (strcmp(entry->columns[i].name, plain) != 0)
                return true;
        }
        return false;
    }
    for (int32_t i = 0; inner != NULL && i < inner->target_count; i++) {
        if (!inner->targets[i].junk && at < entry->column_count && strcmp(inner->targets[i].name, entry->columns[at++].name) != 0)
            return true;
    }
    return false;
}

/* A function of plain record: its columns are what a definition list said. */
static bool has_definitions(const RangeEntry *entry)
{
    const Expr *function = entry->kind == RANGE_FUNCTION && entry->function_count == 1 ? entry->functions[0] : NULL;

    return function != NULL && function->type == TYPE_RECORD && (function->kind == EXPR_CALL || function->kind == EXPR_SET_CALL) &&
           function->call.proc->all_arg_count == 0;
}

static void deparse_column_aliases(Deparse *d, const RangeEntry *entry)
{
    bool first = true, types = has_definitions(entry);

    deparse_char(d, '(');
    for (int32_t i = 0; i < entry->column_count; i++) {
        if (entry->columns[i].hidden)
            continue;
        if (!first)
            deparse_text(d, ", ");
        deparse_text(d, deparse_identifier(d->arena, entry->columns[i].name));
        if (types)
            strbuf_printf(&d->out, " %s", deparse_type(d->session, d->arena, entry->columns[i].type, entry->columns[i].typmod));
        first = false;
    }
    deparse_char(d, ')');
}

/* unnest() several times over is what UNNEST(a, b) became. */
static bool is_multi_unnest(const RangeEntry *entry)
{
    for (int32_t i = 0; i < entry->function_count; i++) {
        const Expr *function = entry->functions[i];

        if (function->kind != EXPR_SET_CALL || strcmp(function->call.proc->name, "unnest") != 0)
            return false;
    }
    return entry->function_count > 1;
}

static void deparse_function_range(Deparse *d, const RangeEntry *entry)
{
    bool rows_from = entry->function_count > 1;

    if (is_multi_unnest(entry)) {
        deparse_text(d, "UNNEST(");
        for (int32_t i = 0; i < entry->function_count; i++) {
            if (i > 0)
                deparse_text(d, ", ");
            deparse_expr(d, entry->functions[i]->call.args.items[0], true);
        }
        deparse_text(d, entry->ordinality ? ") WITH ORDINALITY" : ")");
        return;
    }

    if (rows_from)
        deparse_text(d, "ROWS FROM(");
    for (int32_t i = 0; i < entry->function_count; i++) {
        if (i > 0)
            deparse_text(d, ", ");
        deparse_expr(d, entry->functions[i], true);
    }
    if (rows_from)
        deparse_char(d, ')');
    if (entry->ordinality)
        deparse_text(d, " WITH ORDINALITY");
}

static void deparse_leaf(Deparse *d, int32_t range)
{
    const RangeEntry *entry = d->level->query->ranges[range - 1];
    const char       *name = d->level->names[range - 1], *own = NULL;
    bool              alias = true;

    if (entry->lateral)
        deparse_text(d, "LATERAL ");
    if (entry->table != NULL) {
        deparse_text(d, deparse_relation_name(d->session, d->arena, entry->table));
        own = entry->table->head.name;
    } else if (entry->kind == RANGE_SUBQUERY) {
        deparse_char(d, '(');
        deparse_subquery(d, entry->subquery, true, d->indent, NULL);
        deparse_char(d, ')');
    } else if (entry->kind == RANGE_FUNCTION) {
        deparse_function_range(d, entry);
    } else if (entry->kind == RANGE_VALUES) {
        deparse_char(d, '(');
        deparse_values(d, entry);
        deparse_char(d, ')');
    } else if (entry->kind == RANGE_CTE) {
        deparse_text(d, deparse_identifier(d->arena, entry->cte->name));
        own = entry->cte->name;
    }
    if (own != NULL)
        alias = strcmp(own, name) != 0 || columns_renamed(entry);
    if (alias && name != NULL)
        strbuf_printf(&d->out, " %s", deparse_identifier(d->arena, name));
    if (columns_renamed(entry))
        deparse_column_aliases(d, entry);
}

static void deparse_join(Deparse *d, const JoinTree *tree)
{
    const RangeEntry *entry;
    const char       *alias;
    bool              paren, right_paren;

    if (tree->range != 0) {
        deparse_leaf(d, tree->range);
        return;
    }
    entry = tree->join_range != 0 ? d->level->query->ranges[tree->join_range - 1] : NULL;
    alias = entry != NULL ? entry->alias : NULL;
    paren = !d->pretty || alias != NULL;
    right_paren = d->pretty && tree->right->range == 0 && !(tree->right->join_range != 0 && d->level->query->ranges[tree->right->join_range - 1]->alias != NULL);
    if (paren)
        deparse_char(d, '(');
    deparse_join(d, tree->left);
    switch (tree->type) {
    case JOIN_LEFT:
        deparse_keyword(d, " LEFT JOIN ", -INDENT_STANDARD, INDENT_STANDARD, INDENT_JOIN);
        break;
    case JOIN_RIGHT:
        deparse_keyword(d, " RIGHT JOIN ", -INDENT_STANDARD, INDENT_STANDARD, INDENT_JOIN);
        break;
    case JOIN_FULL:
        deparse_keyword(d, " FULL JOIN ", -INDENT_STANDARD, INDENT_STANDARD, INDENT_JOIN);
        break;
    default:
        deparse_keyword(d, tree->condition != NULL ? " JOIN " : " CROSS JOIN ", -INDENT_STANDARD, INDENT_STANDARD, INDENT_JOIN);
        break;
    }
    if (right_paren)
        deparse_char(d, '(');
    deparse_join(d, tree->right);
    if (right_paren)
        deparse_char(d, ')');
    if (tree->using_count > 0 && entry != NULL) {
        deparse_text(d, " USING (");
        for (int32_t i = 0; i < tree->using_count; i++)
            strbuf_printf(&d->out, "%s%s", i > 0 ? ", " : "", deparse_identifier(d->arena, entry->columns[i].name));
        deparse_char(d, ')');
        if (tree->using_alias != NULL)
            strbuf_printf(&d->out, " AS %s", deparse_identifier(d->arena, tree->using_alias));
    } else if (tree->condition != NULL) {
        deparse_text(d, " ON ");
        if (!d->pretty)
            deparse_char(d, '(');
        deparse_expr(d, tree->condition, false);
        if (!d->pretty)
            deparse_char(d, ')');
    } else if (tree->type != JOIN_INNER) {
        deparse_text(d, " ON TRUE");
    }
    if (paren)
        deparse_char(d, ')');
    if (alias != NULL)
        strbuf_printf(&d->out, " %s", deparse_identifier(d->arena, alias));
}

static void deparse_from(Deparse *d, const Query *query, const char *keyword)
{
    bool first = true;

    for (int32_t i = 0; i < query->from_count; i++) {
        const JoinTree *tree = query->from[i];

        if (first) {
            deparse_keyword(d, keyword, -INDENT_STANDARD, INDENT_STANDARD, 2);
        } else {
            deparse_text(d, ", ");
            deparse_keyword(d, "", -INDENT_STANDARD, INDENT_STANDARD, INDENT_VAR);
        }
        deparse_join(d, tree);
        first = false;
    }
}

/* ---- SELECT ------------------------------------------------------------------------------------------------------------------------------- */

static const RangeEntry *only_values(const Query *query)
{
    const RangeEntry *entry;

    if (query->range_count != 1 || query->from_count != 1 || query->ranges[0]->kind != RANGE_VALUES || query->where != NULL)
        return NULL;
    entry = query->ranges[0];
    if (query->target_count < entry->column_count)
        return NULL;
    for (int32_t i = 0; i < query->target_count; i++) {
        const Target *target = &query->targets[i];

        if (target->junk)
            continue;
        if (i >= entry->column_count || target->expr->kind != EXPR_COLUMN || target->expr->column.column != i + 1 || strcmp(target->name, entry->columns[i].name) != 0)
            return NULL;
    }
    return entry;
}

static void deparse_grouping_sets(Deparse *d, const Query *query)
{
    const GroupingSetList *sets = &query->grouping_sets;

    deparse_text(d, "GROUPING SETS (");
    for (int32_t i = 0; i < sets->count; i++) {
        deparse_text(d, i > 0 ? ", (" : "(");
        for (int32_t k = 0; k < sets->sizes[i]; k++) {
            if (k > 0)
                deparse_text(d, ", ");
            deparse_sort_key(d, query->targets, query->group[sets->sets[i][k]].target, false);
        }
        deparse_char(d, ')');
    }
    deparse_char(d, ')');
}

static void deparse_named_windows(Deparse *d, const Query *query)
{
    bool first = true;

    for (int32_t i = 0; i < query->window_count; i++) {
        if (query->windows[i].name == NULL)
            continue;
        if (first)
            deparse_keyword(d, " WINDOW ", -INDENT_STANDARD, INDENT_STANDARD, 1);
        else
            deparse_text(d, ", ");
        strbuf_printf(&d->out, "%s AS ", deparse_identifier(d->arena, query->windows[i].name));
        deparse_window_spec(d, query, &query->windows[i]);
        first = false;
    }
}

static void deparse_basic_select(Deparse *d, const Query *query, bool names_matter, const char *const *names)
{
    const RangeEntry *values = only_values(query);

    d->indent += INDENT_STANDARD;
    deparse_char(d, ' ');
    if (values != NULL) {
        deparse_values(d, values);
        return;
    }
    deparse_text(d, "SELECT");
    if (query->distinct) {
        deparse_text(d, " DISTINCT");
        if (query->distinct_on) {
            deparse_text(d, " ON (");
            deparse_keys(d, query->distincts, query->distinct_count, query->targets);
            deparse_char(d, ')');
        }
    }
    deparse_targets(d, query->targets, query->target_count, names_matter, names);
    deparse_from(d, query, " FROM ");
    if (query->where != NULL) {
        deparse_keyword(d, " WHERE ", -INDENT_STANDARD, INDENT_STANDARD, 1);
        deparse_expr(d, query->where, false);
    }
    if (query->group_count > 0 || query->grouping_sets.count > 0) {
        deparse_keyword(d, " GROUP BY ", -INDENT_STANDARD, INDENT_STANDARD, 1);
        if (query->group_distinct)
            deparse_text(d, "DISTINCT ");
        if (query->grouping_sets.count > 0)
            deparse_grouping_sets(d, query);
        else
            deparse_keys(d, query->group, query->group_count, query->targets);
    }
    if (query->having != NULL) {
        deparse_keyword(d, " HAVING ", -INDENT_STANDARD, INDENT_STANDARD, 0);
        deparse_expr(d, query->having, false);
    }
    deparse_named_windows(d, query);
}

static void deparse_set_op(Deparse *d, const Query *query, const SetOpTree *tree, bool names_matter, const char *const *names)
{
    static const char *const words[] = {[SET_UNION] = "UNION ", [SET_INTERSECT] = "INTERSECT ", [SET_EXCEPT] = "EXCEPT "};
    bool    paren;
    int32_t sub;

    if (tree->range != 0) {
        const Query *leaf = query->ranges[tree->range - 1]->subquery;

        paren = leaf->cte_count > 0 || leaf->order_count > 0 || leaf->mark_count > 0 || leaf->limit != NULL || leaf->offset != NULL;
        if (paren)
            deparse_char(d, '(');
        d->set_op_leaf = true;
        deparse_subquery(d, leaf, names_matter, d->indent, names);
        if (paren)
            deparse_char(d, ')');
        return;
    }
    paren = tree->left->range == 0 && (tree->left->kind != tree->kind || tree->left->all != tree->all);
    sub = paren ? INDENT_STANDARD : 0;
    if (paren) {
        deparse_char(d, '(');
        deparse_keyword(d, "", sub, 0, 0);
    }
    deparse_set_op(d, query, tree->left, names_matter, names);
    deparse_keyword(d, paren ? ") " : "", -sub, 0, 0);
    deparse_text(d, words[tree->kind]);
    if (tree->all)
        deparse_text(d, "ALL ");
    paren = tree->right->range == 0;
    sub = paren ? INDENT_STANDARD : 0;
    if (paren)
        deparse_char(d, '(');
    deparse_keyword(d, "", sub, 0, 0);
    deparse_set_op(d, query, tree->right, false, names);
    d->indent -= sub;
    if (paren)
        deparse_keyword(d, ")", 0, 0, 0);
}

static void deparse_with(Deparse *d, const Query *query)
{
    if (query->cte_count == 0)
        return;
    d->indent += INDENT_STANDARD;
    deparse_char(d, ' ');
    deparse_text(d, query->has_recursive ? "WITH RECURSIVE " : "WITH ");
    for (int32_t i = 0; i < query->cte_count; i++) {
        const CommonTable *cte = query->ctes[i];
        int32_t            at = 0;
        bool               renamed = false;

        if (i > 0)
            deparse_text(d, ", ");
        deparse_text(d, deparse_identifier(d->arena, cte->name));
        for (int32_t k = 0; k < cte->query->target_count; k++) {
            if (!cte->query->targets[k].junk && at < cte->column_count)
                renamed |= strcmp(cte->query->targets[k].name, cte->columns[at++].name) != 0;
        }
        if (renamed) {
            for (int32_t k = 0; k < cte->column_count; k++)
                strbuf_printf(&d->out, "%s%s", k > 0 ? ", " : "(", deparse_identifier(d->arena, cte->columns[k].name));
            deparse_char(d, ')');
        }
        deparse_text(d, " AS ");
        deparse_text(d, cte->materialized == 1 ? "MATERIALIZED " : cte->materialized == 0 ? "NOT MATERIALIZED " : "");
        deparse_char(d, '(');
        deparse_keyword(d, "", 0, 0, 0);
        deparse_subquery(d, cte->query, true, d->indent, NULL);
        deparse_keyword(d, "", 0, 0, 0);
        deparse_char(d, ')');
    }
    d->indent -= INDENT_STANDARD;
    deparse_keyword(d, "", 0, 0, 0);
}

static void deparse_locks(Deparse *d, const Query *query)
{
    static const char *const words[] = {" FOR KEY SHARE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR UPDATE"};

    for (int32_t i = 0; i < query->mark_count; i++) {
        deparse_keyword(d, words[query->marks[i].strength], -INDENT_STANDARD, INDENT_STANDARD, 0);
        strbuf_printf(&d->out, " OF %s", deparse_identifier(d->arena, d->level->names[query->marks[i].range - 1]));
        if (query->marks[i].wait != LOCK_WAIT)
            deparse_text(d, query->marks[i].wait == LOCK_NOWAIT ? " NOWAIT" : " SKIP LOCKED");
    }
}

static void deparse_select(Deparse *d, const Query *query, bool names_matter, const char *const *names)
{
    deparse_with(d, query);
    if (query->set_op != NULL)
        deparse_set_op(d, query, query->set_op, names_matter, names);
    else
        deparse_basic_select(d, query, names_matter, names);
    if (query->order_count > 0) {
        deparse_keyword(d, " ORDER BY ", -INDENT_STANDARD, INDENT_STANDARD, 1);
        deparse_order(d, query->order, query->order_count, query->targets, query->set_op != NULL);
    }
    if (query->offset != NULL) {
        deparse_keyword(d, " OFFSET ", -INDENT_STANDARD, INDENT_STANDARD, 0);
        deparse_expr(d, query->offset, false);
    }
    if (query->limit != NULL) {
        deparse_keyword(d, query->with_ties ? " FETCH FIRST (" : " LIMIT ", -INDENT_STANDARD, INDENT_STANDARD, 0);
        deparse_expr(d, query->limit, false);
        if (query->with_ties)
            deparse_text(d, ") ROWS WITH TIES");
    }
    deparse_locks(d, query);
}

/* ---- changes --------------------------------------------------------------------------------------------------------------------------------- */

static void deparse_returning(Deparse *d, const Query *query)
{
    if (query->returning == NULL)
        return;
    deparse_keyword(d, " RETURNING", -INDENT_STANDARD, INDENT_STANDARD, 1);
    deparse_targets(d, query->returning, query->returning_count, true, NULL);
}

static void deparse_assignments(Deparse *d, const Target *targets, int32_t count)
{
    bool first = true;

    for (int32_t i = 0; i < count; i++) {
        if (targets[i].generated)
            continue;
        strbuf_printf(&d->out, "%s%s = ", first ? "" : ", ", deparse_identifier(d->arena, targets[i].name));
        deparse_expr(d, targets[i].expr, false);
        first = false;
    }
}

static void deparse_target_table(Deparse *d, const char *verb, const Query *query)
{
    const RangeEntry *entry = query->ranges[query->result_range - 1];

    d->indent += INDENT_STANDARD;
    deparse_char(d, ' ');
    strbuf_printf(&d->out, "%s %s", verb, deparse_relation_name(d->session, d->arena, entry->table));
    if (strcmp(entry->alias, entry->table->head.name) != 0)
        strbuf_printf(&d->out, " %s%s", query->command == QUERY_INSERT ? "AS " : "", deparse_identifier(d->arena, entry->alias));
}

static void deparse_insert(Deparse *d, const Query *query)
{
    const RangeEntry *source = query->from_count > 0 ? query->ranges[query->from[0]->range - 1] : NULL;
    bool              first = true;

    deparse_with(d, query);
    deparse_target_table(d, "INSERT INTO", query);
    deparse_text(d, " (");
    for (int32_t i = 0; i < query->target_count; i++) {
        if (query->targets[i].generated)
            continue;
        strbuf_printf(&d->out, "%s%s", first ? "" : ", ", deparse_identifier(d->arena, query->targets[i].name));
        first = false;
    }
    deparse_text(d, ") ");
    if (source != NULL && source->kind == RANGE_SUBQUERY) {
        deparse_subquery(d, source->subquery, false, d->indent, NULL);
    } else if (source != NULL && source->kind == RANGE_VALUES) {
        deparse_keyword(d, "", -INDENT_STANDARD, INDENT_STANDARD, 2);
        deparse_values(d, source);
    } else {
        deparse_keyword(d, "VALUES (", -INDENT_STANDARD, INDENT_STANDARD, 2);
        first = true;
        for (int32_t i = 0; i < query->target_count; i++) {
            if (query->targets[i].generated)
                continue;
            if (!first)
                deparse_text(d, ", ");
            deparse_expr(d, query->targets[i].expr, false);
            first = false;
        }
        deparse_char(d, ')');
    }
    if (query->on_conflict != NULL) {
        deparse_text(d, query->on_conflict->do_update ? " ON CONFLICT DO UPDATE SET " : " ON CONFLICT DO NOTHING");
        deparse_assignments(d, query->on_conflict->sets, query->on_conflict->set_count);
    }
    deparse_returning(d, query);
}

static void deparse_update_or_delete(Deparse *d, const Query *query)
{
    deparse_with(d, query);
    deparse_target_table(d, query->command == QUERY_UPDATE ? "UPDATE" : query->command == QUERY_DELETE ? "DELETE FROM" : "MERGE INTO", query);
    if (query->command == QUERY_UPDATE) {
        deparse_text(d, " SET ");
        deparse_assignments(d, query->targets, query->target_count);
    }
    for (int32_t i = 0; i < query->from_count; i++) {
        const JoinTree *tree = query->from[i];

        if (tree->range == query->result_range)
            continue;
        deparse_keyword(d, query->command == QUERY_UPDATE ? " FROM " : " USING ", -INDENT_STANDARD, INDENT_STANDARD, 2);
        deparse_join(d, tree);
    }
    if (query->where != NULL) {
        deparse_keyword(d, " WHERE ", -INDENT_STANDARD, INDENT_STANDARD, 1);
        deparse_expr(d, query->where, false);
    }
    deparse_returning(d, query);
}

void deparse_subquery(Deparse *d, const Query *query, bool names_matter, int32_t indent, const char *const *names)
{
    DeparseLevel level = {.outer = d->level, .query = query};
    int32_t      saved_indent = d->indent;
    bool         saved_qualify = d->qualify;
    const DeparseLevel *saved_level = d->level;
    DeparseColumn saved_resolve = d->resolve;

    choose_names(d, &level);
    d->level = &level;
    d->indent = indent;
    d->resolve = NULL;
    d->qualify = true; /* PG15: a view's query has entries OLD and NEW, so that it never has just one */
    switch (query->command) {
    case QUERY_SELECT:
        deparse_select(d, query, names_matter, names);
        break;
    case QUERY_INSERT:
        deparse_insert(d, query);
        break;
    default:
        deparse_update_or_delete(d, query);
        break;
    }
    d->level = saved_level;
    d->indent = saved_indent;
    d->qualify = saved_qualify;
    d->resolve = saved_resolve;
}

/* The names of the result's columns, which every leaf of a set operation shows as its own. */
static const char **result_names(Arena *arena, const Query *query, const RelationDesc *view)
{
    const char **names = ARENA_ARRAY_ZEROED(arena, (size_t)query->target_count + 1, const char *);
    int32_t      count = 0;

    for (int32_t i = 0; i < query->target_count; i++) {
        if (query->targets[i].junk)
            continue;
        names[count] = view != NULL && count < view->column_count ? view->columns[count].name : query->targets[i].name;
        count++;
    }
    return names;
}

static const char *deparse_top(Session *session, Arena *arena, const RelationDesc *view, const Query *query, DeparseStyle style)
{
    Deparse d = {.session = session, .arena = arena, .pretty = style == DEPARSE_PRETTY};

    strbuf_init(&d.out, arena);
    deparse_subquery(&d, query, true, 0, query->command == QUERY_SELECT ? result_names(arena, query, view) : NULL);
    deparse_char(&d, ';');
    return strbuf_cstring(&d.out);
}

const char *deparse_query(Session *session, Arena *arena, const Query *query, DeparseStyle style)
{
    return deparse_top(session, arena, NULL, query, style);
}

const char *deparse_view(Session *session, Arena *arena, const RelationDesc *view, const Query *query, DeparseStyle style)
{
    return deparse_top(session, arena, view, query, style);
}
