/* window.c - window definitions: the WINDOW clause and OVER (...), what one copies from another, frames. */
#include "executor/analyze/binder.h"

/* A clause over targets for PARTITION BY. */
static SortList bind_partition(Scope *scope, const NodeList *nodes, TargetList *targets)
{
    SortList list = {0};

    for (int32_t i = 0; i < list_count(nodes); i++) {
        int32_t target = find_target_sql99(scope, list_at(nodes, i), targets, CLAUSE_WINDOW_PARTITION);

        list = add_group_clause(scope, target, targets, list, node_location(list_at(nodes, i)));
    }
    return list;
}

static FrameBound start_bound(uint32_t options)
{
    if (options & FRAMEOPTION_START_UNBOUNDED_PRECEDING)
        return FRAME_UNBOUNDED_PRECEDING;
    if (options & FRAMEOPTION_START_CURRENT_ROW)
        return FRAME_CURRENT_ROW;
    return options & FRAMEOPTION_START_OFFSET_PRECEDING ? FRAME_OFFSET_PRECEDING : FRAME_OFFSET_FOLLOWING;
}

static FrameBound end_bound(uint32_t options)
{
    if (options & FRAMEOPTION_END_UNBOUNDED_FOLLOWING)
        return FRAME_UNBOUNDED_FOLLOWING;
    if (options & FRAMEOPTION_END_CURRENT_ROW)
        return FRAME_CURRENT_ROW;
    return options & FRAMEOPTION_END_OFFSET_PRECEDING ? FRAME_OFFSET_PRECEDING : FRAME_OFFSET_FOLLOWING;
}

/* The type that an offset of RANGE must have beside an ordering column of this type; 0: there is none. */
static Oid range_offset_type(Binder *b, Oid column, Oid offset)
{
    switch (type_base(b, column)) {
    case TYPE_INT2:
    case TYPE_INT4:
        return offset == TYPE_INT2 || offset == TYPE_INT4 || offset == TYPE_INT8 ? offset : TYPE_INT8;
    case TYPE_INT8:
        return TYPE_INT8;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return TYPE_FLOAT8;
    case TYPE_NUMERIC:
        return TYPE_NUMERIC;
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_TIMETZ:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
    case TYPE_INTERVAL:
        return TYPE_INTERVAL;
    default:
        return 0;
    }
}

static Expr *bind_offset(Scope *scope, const Window *window, const TargetList *targets, const Node *node)
{
    Expr       *offset;
    const char *construct;
    Oid         column, type;

    if (node == NULL)
        return NULL;
    if (window->mode == FRAME_ROWS || window->mode == FRAME_GROUPS) {
        construct = window->mode == FRAME_ROWS ? "ROWS" : "GROUPS";
        offset = bind_expr(scope, node, window->mode == FRAME_ROWS ? CLAUSE_WINDOW_FRAME_ROWS : CLAUSE_WINDOW_FRAME_GROUPS);
        offset = coerce_to_specific(scope, offset, TYPE_INT8, construct);
    } else {
        construct = "RANGE";
        offset = bind_expr(scope, node, CLAUSE_WINDOW_FRAME_RANGE);
        column = targets->items[window->order[0].target].expr->type;
        type = range_offset_type(scope->b, column, offset->type);
        if (type == 0)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, expr_location(offset), "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s",
                       type_text(scope->b, column));
        if (offset->type != TYPE_UNKNOWN && !can_coerce(scope->b, 1, &offset->type, &type, CAST_IMPLICIT))
            bind_error_hint(SQLSTATE_FEATURE_NOT_SUPPORTED, expr_location(offset), "Cast the offset value to an appropriate type.",
                            "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s", type_text(scope->b, column),
                            type_text(scope->b, offset->type));
        offset = coerce_to_specific(scope, offset, type, construct);
    }
    if (expr_has_columns(offset, 0))
        bind_error(SQLSTATE_INVALID_COLUMN_REFERENCE, expr_location(offset), "argument of %s must not contain variables", construct);
    return offset;
}

static const Window *find_window(const Query *query, const char *name)
{
    for (int32_t i = 0; i < query->window_count; i++) {
        if (query->windows[i].name != NULL && strcmp(query->windows[i].name, name) == 0)
            return &query->windows[i];
    }
    return NULL;
}

/* What a window takes over from the one it names. */
static void inherit(const WindowDef *def, const Window *from, bool from_has_frame, Window *window)
{
    if (def->partition_clause != NULL)
        bind_error(SQLSTATE_WINDOWING_ERROR, def->node.location, "cannot override PARTITION BY clause of window \"%s\"", def->refname);
    window->partition = from->partition;
    window->partition_count = from->partition_count;
    if (from->order_count > 0) {
        if (def->order_clause != NULL)
            bind_error(SQLSTATE_WINDOWING_ERROR, def->node.location, "cannot override ORDER BY clause of window \"%s\"", def->refname);
        window->order = from->order;
        window->order_count = from->order_count;
    }
    if (from_has_frame) {
        /* PG15: OVER (w) with nothing else is most likely meant as OVER w */
        if (def->name != NULL || def->order_clause != NULL || def->frame_options != FRAMEOPTION_DEFAULTS)
            bind_error(SQLSTATE_WINDOWING_ERROR, def->node.location, "cannot copy window \"%s\" because it has a frame clause", def->refname);
        bind_error_hint(SQLSTATE_WINDOWING_ERROR, def->node.location, "Omit the parentheses in this OVER clause.",
                        "cannot copy window \"%s\" because it has a frame clause", def->refname);
    }
}

void bind_windows(Scope *scope, TargetList *targets)
{
    Query *query = scope->query;

    if (scope->window_count == 0)
        return;
    query->windows = ARENA_ARRAY_ZEROED(scope->b->arena, (size_t)scope->window_count, Window);
    for (int32_t i = 0; i < scope->window_count; i++) {
        const WindowDef *def = scope->windows[i];
        Window          *window = &query->windows[i];
        uint32_t         options = def->frame_options;
        SortList         order, partition;
        bool             offset;

        if (def->name != NULL && find_window(query, def->name) != NULL)
            bind_error(SQLSTATE_WINDOWING_ERROR, def->node.location, "window \"%s\" is already defined", def->name);
        order = bind_sort(scope, def->order_clause, targets, CLAUSE_WINDOW_ORDER, true);
        partition = bind_partition(scope, def->partition_clause, targets);
        window->name = def->name;
        window->order = order.items;
        window->order_count = order.count;
        window->partition = partition.items;
        window->partition_count = partition.count;
        if (def->refname != NULL) {
            const Window *from = find_window(query, def->refname);

            if (from == NULL)
                bind_error(SQLSTATE_UNDEFINED_OBJECT, def->node.location, "window \"%s\" does not exist", def->refname);
            inherit(def, from, (scope->windows[from - query->windows]->frame_options & FRAMEOPTION_NONDEFAULT) != 0, window);
        }
        window->mode = options & FRAMEOPTION_ROWS ? FRAME_ROWS : options & FRAMEOPTION_GROUPS ? FRAME_GROUPS : FRAME_RANGE;
        window->start = start_bound(options);
        window->end = end_bound(options);
        window->exclude = options & FRAMEOPTION_EXCLUDE_CURRENT_ROW ? EXCLUDE_CURRENT_ROW : options & FRAMEOPTION_EXCLUDE_GROUP ? EXCLUDE_GROUP :
                          options & FRAMEOPTION_EXCLUDE_TIES ? EXCLUDE_TIES : EXCLUDE_NO_OTHERS;
        offset = (options & (FRAMEOPTION_START_OFFSET | FRAMEOPTION_END_OFFSET)) != 0;
        if (window->mode == FRAME_RANGE && offset && window->order_count != 1)
            bind_error(SQLSTATE_WINDOWING_ERROR, def->node.location, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column");
        if (window->mode == FRAME_GROUPS && window->order_count == 0)
            bind_error(SQLSTATE_WINDOWING_ERROR, def->node.location, "GROUPS mode requires an ORDER BY clause");
        window->start_offset = bind_offset(scope, window, targets, def->start_offset);
        window->end_offset = bind_offset(scope, window, targets, def->end_offset);
        query->window_count = i + 1;
    }
}
