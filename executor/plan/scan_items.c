/*
 * scan_items.c - what is asked of stored relations: columns, and JSON paths below jsonb columns.
 *
 * A call of -> ->> #> #>> (or of the functions that read one member as a number or boolean) over a jsonb column, all its keys
 * constants, is an item of its own: the scan extracts it, and the document is materialised only if something asks for all of it.
 */
#include "executor/plan/plan_internal.h"

#include "types/array.h"

/* How a function reads below a document: oids of pg_proc, and ours of procs_nexa.def. */
typedef enum PathForm { FORM_KEY, FORM_INDEX, FORM_PATH } PathForm;

static const struct PathProc {
    Oid      proc;
    PathForm form;
    PathRead read;
} path_procs[] = {
    {3478, FORM_KEY, PATH_JSONB},   {3477, FORM_KEY, PATH_JSONB},   {3214, FORM_KEY, PATH_TEXT},    {3215, FORM_INDEX, PATH_JSONB},
    {3216, FORM_INDEX, PATH_TEXT},  {3217, FORM_PATH, PATH_JSONB},  {3940, FORM_PATH, PATH_TEXT},   {8100, FORM_KEY, PATH_NUMERIC},
    {8101, FORM_INDEX, PATH_NUMERIC}, {8102, FORM_PATH, PATH_NUMERIC}, {8106, FORM_KEY, PATH_BOOL}, {8107, FORM_INDEX, PATH_BOOL},
    {8108, FORM_PATH, PATH_BOOL},
};

static const struct PathProc *path_proc(const Expr *expr)
{
    if (expr->kind != EXPR_CALL || expr->call.args.count != 2 || expr->call.args.items[0]->type != TYPE_JSONB)
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(path_procs); i++) {
        if (path_procs[i].proc == expr->call.proc->oid)
            return &path_procs[i];
    }
    return NULL;
}

/* Whether an expression is a chain of path calls with constant keys down to a column. */
bool item_is_path(const Expr *expr)
{
    const struct PathProc *proc = path_proc(expr);
    const Expr            *key;
    const Expr            *base;

    if (proc == NULL)
        return false;
    key = expr->call.args.items[1];
    base = expr->call.args.items[0];
    if (key->kind != EXPR_CONST || key->constant.is_null)
        return false;
    if (base->kind == EXPR_COLUMN)
        return base->column.column > 0 && base->type == TYPE_JSONB;
    return path_proc(base) != NULL && path_proc(base)->read == PATH_JSONB && item_is_path(base);
}

static const Expr *path_root(const Expr *expr)
{
    while (expr->kind == EXPR_CALL)
        expr = expr->call.args.items[0];
    return expr;
}

/* A text that is an integer, as #> reads array positions. */
static bool text_is_index(Slice text, int32_t *out)
{
    int64_t value = 0;
    size_t  at = 0;
    bool    negative = text.size > 0 && text.data[0] == '-';

    if (negative)
        at = 1;
    if (at == text.size || text.size - at > 9)
        return false;
    for (; at < text.size; at++) {
        if (text.data[at] < '0' || text.data[at] > '9')
            return false;
        value = value * 10 + (text.data[at] - '0');
    }
    *out = (int32_t)(negative ? -value : value);
    return true;
}

static int16_t path_array_steps(Arena *arena, Slice bytes, PathStep **steps, int16_t count)
{
    ArrayView view;
    PathStep *wider;
    int32_t   added = 0;

    if (!array_open(bytes, &view))
        return -1;
    wider = ARENA_ARRAY_ZEROED(arena, (size_t)(count + view.count) + 1, PathStep);
    if (count > 0)
        plan_copy(wider, *steps, sizeof *wider * (size_t)count);
    for (int32_t i = 0; i < view.count; i++) {
        Datum    value;
        PathStep step = {0};

        if (!array_get(&view, i, &value))
            return -1; /* a NULL in the path: the call gives NULL, which the executor finds out */
        step.key = value.bytes;
        step.is_index = text_is_index(value.bytes, &step.index);
        wider[count + added++] = step;
    }
    *steps = wider;
    return (int16_t)(count + added);
}

/* Steps from the column to what expr reads; -1 when the scan cannot. */
static int16_t path_steps(Arena *arena, const Expr *expr, PathStep **steps)
{
    const struct PathProc *proc;
    const Datum           *key;
    int16_t                count;
    PathStep              *wider;

    if (expr->kind == EXPR_COLUMN)
        return 0;
    proc = path_proc(expr);
    key = &expr->call.args.items[1]->constant.value;
    count = path_steps(arena, expr->call.args.items[0], steps);
    if (count < 0)
        return -1;
    if (proc->form == FORM_PATH)
        return path_array_steps(arena, key->bytes, steps, count);
    wider = ARENA_ARRAY_ZEROED(arena, (size_t)count + 1, PathStep);
    if (count > 0)
        plan_copy(wider, *steps, sizeof *wider * (size_t)count);
    if (proc->form == FORM_KEY)
        wider[count].key = key->bytes;
    else
        wider[count] = (PathStep){.index = key->int32, .is_index = true};
    *steps = wider;
    return (int16_t)(count + 1);
}

bool item_scan_column(Level *level, const Expr *item, ScanColumn *column)
{
    PathStep *steps = NULL;

    *column = (ScanColumn){0};
    if (item->kind == EXPR_COLUMN) {
        column->kind = item->column.column == COLUMN_ROW_ID || item->column.column == COLUMN_CTID ? SCAN_ROW_ID
                       : item->column.column == COLUMN_XMIN                                        ? SCAN_XMIN
                                                                                                   : SCAN_COLUMN;
        column->column = (int16_t)(item->column.column > 0 ? item->column.column : 0);
        return true;
    }
    if (!item_is_path(item))
        return false;
    column->kind = SCAN_PATH;
    column->column = (int16_t)path_root(item)->column.column;
    column->step_count = path_steps(level->arena, item, &steps);
    column->steps = steps;
    column->read_as = path_proc(item)->read;
    return column->step_count > 0;
}

/* ---- noting --------------------------------------------------------------------------------------------------------------------------- */

typedef struct Noting {
    Level  *level;
    int32_t depth;
} Noting;

static bool note(Expr *expr, void *context);

static BaseRel *rel_of_column(Level *level, const Expr *column)
{
    int32_t number = column->column.relation <= 0 || column->column.relation > level->query->range_count
                         ? -1 : level->rel_of_range[column->column.relation - 1];

    return number < 0 ? NULL : level->rels[number];
}

/* The expression as this level sees it: references from below lose the levels between. */
static Expr *lifted(Noting *noting, Expr *expr)
{
    Expr *copy;

    if (noting->depth == 0)
        return expr;
    copy = expr_copy(noting->level->arena, expr);
    expr_shift_levels(copy, -noting->depth, noting->depth);
    return copy;
}

static void note_column(Noting *noting, Expr *expr)
{
    BaseRel *rel = rel_of_column(noting->level, expr);

    if (rel == NULL)
        return;
    if (expr->kind == EXPR_WHOLE_ROW || expr->column.column == 0) {
        for (int32_t i = 0; i < rel->entry->column_count; i++) {
            if (!rel->entry->columns[i].hidden)
                exprs_add(noting->level->arena, &rel->items, expr_column(noting->level->arena, noting->level->query, rel->range, i + 1));
        }
        return;
    }
    if (expr->column.column < 0 && expr->column.column != COLUMN_CTID && expr->column.column != COLUMN_XMIN && expr->column.column != COLUMN_ROW_ID)
        return; /* constants here: xmax, cmin, tableoid */
    exprs_add(noting->level->arena, &rel->items, lifted(noting, expr));
}

static bool note_below(Query *query, void *context)
{
    Noting *noting = context;

    noting->depth++;
    query_walk(query, note, noting);
    query_walk_subqueries(query, note_below, noting);
    noting->depth--;
    return false;
}

static bool note(Expr *expr, void *context)
{
    Noting *noting = context;

    if (expr->kind == EXPR_COLUMN || expr->kind == EXPR_WHOLE_ROW) {
        if (expr->column.levels_up == noting->depth)
            note_column(noting, expr);
        return false;
    }
    if (item_is_path(expr) && path_root(expr)->column.levels_up == noting->depth) {
        BaseRel   *rel = rel_of_column(noting->level, path_root(expr));
        ScanColumn column;

        if (rel != NULL && rel->entry->kind == RANGE_TABLE && rel->entry->table->group_count > 0 && item_scan_column(noting->level, lifted(noting, expr), &column)) {
            exprs_add(noting->level->arena, &rel->items, lifted(noting, expr));
            return false;
        }
    }
    if (expr->kind == EXPR_SUBQUERY)
        note_below(expr->subquery.query, noting);
    return expr_walk(expr, note, noting);
}

void note_items(Level *level, Expr *expr)
{
    Noting noting = {level, 0};

    if (expr != NULL)
        note(expr, &noting);
}
