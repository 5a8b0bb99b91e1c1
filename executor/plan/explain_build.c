/*
 * explain_build.c - plan nodes as EXPLAIN names them.
 */
#include "executor/plan/explain_internal.h"

#include "executor/deparse/deparse.h"
#include "executor/expr_tree.h"

#include <inttypes.h>

/* What the columns of a node's input are called: expressions in terms of table columns, as far as they can be traced. */
typedef struct Names {
    int32_t count;
    Expr  **exprs;      /* of each column: an expression over EXPR_COLUMN names, or NULL */
    const char **texts; /* or its text */
} Names;

static ExplainNode *build(Explain *explain, const Plan *plan, const char *relationship, Names *names_out);

static Property *add_property(Explain *explain, ExplainNode *node, PropertyKind kind, const char *name)
{
    if (node->property_count == node->property_capacity) {
        int32_t wider = node->property_capacity == 0 ? 8 : node->property_capacity * 2;

        node->properties = arena_grow(explain->arena, node->properties, sizeof *node->properties * (size_t)node->property_capacity,
                                      sizeof *node->properties * (size_t)wider);
        node->property_capacity = wider;
    }
    node->properties[node->property_count] = (Property){.kind = kind, .name = name};
    return &node->properties[node->property_count++];
}

static void add_text(Explain *explain, ExplainNode *node, const char *name, const char *text)
{
    add_property(explain, node, PROPERTY_TEXT, name)->text = text;
}

static void add_detail(Explain *explain, ExplainNode *node, const char *name, const char *text)
{
    Property *property = add_property(explain, node, PROPERTY_TEXT, name);

    property->text = text;
    property->json_only = true;
}

static void add_number(Explain *explain, ExplainNode *node, const char *name, int64_t value, const char *unit)
{
    Property *property = add_property(explain, node, PROPERTY_NUMBER, name);

    property->text = arena_printf(explain->arena, "%" PRId64, value);
    property->unit = unit;
}

static void add_list(Explain *explain, ExplainNode *node, const char *name, const char **items, int32_t count)
{
    Property *property = add_property(explain, node, PROPERTY_LIST, name);

    property->items = items;
    property->count = count;
}

static void add_child(Explain *explain, ExplainNode *node, ExplainNode *child)
{
    if (child == NULL)
        return;
    if (node->child_count == node->child_capacity) {
        int32_t wider = node->child_capacity == 0 ? 4 : node->child_capacity * 2;

        node->children = arena_grow(explain->arena, node->children, sizeof *node->children * (size_t)node->child_capacity, sizeof *node->children * (size_t)wider);
        node->child_capacity = wider;
    }
    node->children[node->child_count++] = child;
}

/* ---- expressions ---------------------------------------------------------------------------------------------------------------------------- */

static Names names_new(Explain *explain, int32_t count)
{
    return (Names){count, ARENA_ARRAY_ZEROED(explain->arena, (size_t)count + 1, Expr *), ARENA_ARRAY_ZEROED(explain->arena, (size_t)count + 1, const char *)};
}

typedef struct Show {
    Explain     *explain;
    const Names *names;
} Show;

/* Columns of the input become the text that stands for them; a parameter that a subplan or an inner side is given, $n. */
static const char *column_text(const Expr *expr, Arena *arena, void *context)
{
    Show *show = context;

    if (expr->kind == EXPR_INPUT) {
        if (show->names == NULL || expr->input.index >= show->names->count || show->names->texts[expr->input.index] == NULL)
            return arena_printf(arena, "column%d", expr->input.index + 1);
        return show->names->texts[expr->input.index];
    }
    return "?column?";
}

static const char *text_of(Explain *explain, const Expr *expr, const Names *names)
{
    Show show = {explain, names};

    return deparse_expression_with(explain->session, explain->arena, expr, DEPARSE_PLAIN, column_text, &show);
}

/* As a condition: in parentheses, as PostgreSQL shows them. */
static const char *condition_text(Explain *explain, const Expr *expr, const Names *names)
{
    const char *text = text_of(explain, expr, names);

    if (text[0] == '(' || expr->kind == EXPR_INPUT || expr->kind == EXPR_CONST)
        return text;
    if (expr->kind == EXPR_CALL && expr->call.op == NULL)
        return text;
    return arena_printf(explain->arena, "(%s)", text);
}

static const char *and_texts(Explain *explain, const char *a, const char *b)
{
    size_t size;

    if (a == NULL)
        return b;
    if (b == NULL)
        return a;
    size = strlen(a);
    if (size > 6 && strncmp(a, "((", 2) == 0 && strstr(a, ") AND (") != NULL) /* ((x) AND (y)): one more */
        return arena_printf(explain->arena, "%.*s AND %s)", (int)size - 1, a, b);
    return arena_printf(explain->arena, "(%s AND %s)", a, b);
}

/* ---- node headers ------------------------------------------------------------------------------------------------------------------------------- */

static ExplainNode *header_new(Explain *explain, const Plan *plan, const char *type, const char *relationship)
{
    ExplainNode *node = ARENA_NEW(explain->arena, ExplainNode);

    node->title = node->type = type;
    node->relationship = relationship;
    node->startup = plan->startup_cost;
    node->total = plan->total_cost;
    node->rows = plan->rows;
    node->width = plan->width;
    node->counters = explain->counters == NULL ? NULL : &explain->counters[plan->id];
    return node;
}

/* A node that was folded into this one gives it its cost, its rows and what ran through it. */
static void take_header(Explain *explain, ExplainNode *node, const Plan *plan)
{
    node->total = MAX(node->total, plan->total_cost);
    node->rows = plan->rows;
    node->width = plan->width;
    if (explain->counters != NULL)
        node->counters = &explain->counters[plan->id];
}

static const char *table_text(Explain *explain, const RelationDesc *table, const char *alias)
{
    const char *name = deparse_identifier(explain->arena, table->head.name);

    if (explain->options->verbose)
        name = deparse_relation_name(explain->session, explain->arena, table);
    if (alias != NULL && strcmp(alias, table->head.name) != 0)
        return arena_printf(explain->arena, "%s %s", name, deparse_identifier(explain->arena, alias));
    return name;
}

static void add_relation(Explain *explain, ExplainNode *node, const RelationDesc *table, const char *alias)
{
    add_detail(explain, node, "Relation Name", table->head.name);
    add_detail(explain, node, "Alias", alias != NULL ? alias : table->head.name);
}

static bool several_tables(const Explain *explain)
{
    int32_t tables = 0;

    for (int32_t i = 0; explain->planned->query != NULL && i < explain->planned->query->range_count; i++)
        tables += explain->planned->query->ranges[i]->kind != RANGE_JOIN && explain->planned->query->ranges[i]->in_from;
    return tables > 1 || explain->options->verbose;
}

/* t.a, or a while there is only one table. */
static const char *qualified(Explain *explain, const char *alias, const char *column)
{
    if (alias == NULL || !several_tables(explain))
        return deparse_identifier(explain->arena, column);
    return arena_printf(explain->arena, "%s.%s", deparse_identifier(explain->arena, alias), deparse_identifier(explain->arena, column));
}

/* ---- scans -------------------------------------------------------------------------------------------------------------------------------------- */

static const char *step_text(Explain *explain, const PathStep *step)
{
    if (step->key.data == NULL)
        return arena_printf(explain->arena, "%d", step->index);
    return arena_printf(explain->arena, "%s::text", deparse_literal(explain->arena, step->key));
}

static const char *path_text(Explain *explain, const ScanColumn *column, const char *document)
{
    const char *text = document;

    for (int16_t i = 0; i < column->step_count; i++) {
        bool        last = i == column->step_count - 1;
        const char *step = step_text(explain, &column->steps[i]);

        if (last && column->read_as == PATH_NUMERIC)
            return arena_printf(explain->arena, "jsonb_number(%s, %s)", text, step);
        if (last && column->read_as == PATH_BOOL)
            return arena_printf(explain->arena, "jsonb_boolean(%s, %s)", text, step);
        text = arena_printf(explain->arena, "(%s %s %s)", text, last && column->read_as == PATH_TEXT ? "->>" : "->", step);
    }
    return text;
}

static Names scan_names(Explain *explain, const Plan *plan)
{
    Names names = names_new(explain, plan->column_count);

    for (int32_t i = 0; i < plan->column_count; i++) {
        const ScanColumn *column = &plan->scan.scan_columns[i];
        const char       *name = column->column > 0 ? qualified(explain, plan->scan.alias, plan->scan.table->columns[column->column - 1].name) : NULL;

        if (column->kind == SCAN_COLUMN)
            names.texts[i] = name;
        else if (column->kind == SCAN_PATH)
            names.texts[i] = path_text(explain, column, name);
        else
            names.texts[i] = qualified(explain, plan->scan.alias, column->kind == SCAN_ROW_ID ? "ctid" : "xmin");
    }
    return names;
}

static const char *key_name(Explain *explain, const Plan *plan, const PlanIndexKey *key)
{
    const IndexColumnDesc *column = &plan->scan.index->index->columns[key->column];

    if (column->column > 0)
        return qualified(explain, plan->scan.alias, plan->scan.table->columns[column->column - 1].name);
    return column->expr_text;
}

static const char *bound_text(Explain *explain, const char *name, const char *op, const Expr *value)
{
    return arena_printf(explain->arena, "(%s %s %s)", name, op, text_of(explain, value, NULL));
}

static const char *index_condition(Explain *explain, const Plan *plan)
{
    const char *text = NULL;

    for (int32_t i = 0; i < plan->scan.key_count; i++) {
        const PlanIndexKey *key = &plan->scan.keys[i];
        const char         *name = key_name(explain, plan, key);

        if (key->equal != NULL)
            text = and_texts(explain, text, bound_text(explain, name, "=", key->equal));
        if (key->in_array != NULL)
            text = and_texts(explain, text, arena_printf(explain->arena, "(%s = ANY (%s))", name, text_of(explain, key->in_array, NULL)));
        if (key->is_null)
            text = and_texts(explain, text, arena_printf(explain->arena, "(%s IS NULL)", name));
        if (key->not_null)
            text = and_texts(explain, text, arena_printf(explain->arena, "(%s IS NOT NULL)", name));
        if (key->lower != NULL)
            text = and_texts(explain, text, bound_text(explain, name, key->lower_inclusive ? ">=" : ">", key->lower));
        if (key->upper != NULL)
            text = and_texts(explain, text, bound_text(explain, name, key->upper_inclusive ? "<=" : "<", key->upper));
    }
    return text;
}

static void add_filter(Explain *explain, ExplainNode *node, const char *text, int64_t removed)
{
    for (int32_t i = 0; i < node->property_count; i++) {
        if (strcmp(node->properties[i].name, "Filter") == 0) {
            node->properties[i].text = and_texts(explain, node->properties[i].text, text);
            return;
        }
    }
    add_text(explain, node, "Filter", text);
    if (explain->counters != NULL && removed > 0)
        add_number(explain, node, "Rows Removed by Filter", removed, "");
}

static ExplainNode *build_scan(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    const RelationDesc *table = plan->scan.table;
    const char         *on = table_text(explain, table, plan->scan.alias);
    const char         *type = plan->kind == PLAN_TABLE_SCAN    ? "Seq Scan"
                               : plan->kind == PLAN_ROW_ID_SCAN ? "Tid Scan"
                               : plan->scan.index_only          ? "Index Only Scan"
                                                                : "Index Scan";
    ExplainNode        *node = header_new(explain, plan, type, relationship);
    const char         *filter = NULL;

    *names = scan_names(explain, plan);
    if (plan->kind == PLAN_INDEX_SCAN) {
        node->title = arena_printf(explain->arena, "%s%s using %s on %s", type, plan->scan.direction == SCAN_BACKWARD ? " Backward" : "",
                                   deparse_identifier(explain->arena, plan->scan.index->head.name), on);
        add_detail(explain, node, "Scan Direction", plan->scan.direction == SCAN_BACKWARD ? "Backward" : "Forward");
        add_detail(explain, node, "Index Name", plan->scan.index->head.name);
    } else {
        node->title = arena_printf(explain->arena, "%s on %s", type, on);
    }
    add_relation(explain, node, table, plan->scan.alias);
    if (plan->kind == PLAN_INDEX_SCAN && plan->scan.key_count > 0)
        add_text(explain, node, "Index Cond", index_condition(explain, plan));
    if (plan->kind == PLAN_ROW_ID_SCAN && plan->scan.row_ids.count > 0)
        add_text(explain, node, "TID Cond", arena_printf(explain->arena, "(ctid = %s)", text_of(explain, plan->scan.row_ids.items[0], NULL)));
    for (int32_t i = 0; i < plan->scan.predicate_count; i++)
        filter = and_texts(explain, filter, condition_text(explain, plan->scan.predicates[i].original, names));
    if (filter != NULL)
        add_filter(explain, node, filter, node->counters != NULL ? node->counters->removed / MAX(node->counters->loops, 1) : 0);
    return node;
}

static Names alias_names(Explain *explain, const Plan *plan, const char *alias)
{
    Names names = names_new(explain, plan->column_count);

    for (int32_t i = 0; i < plan->column_count; i++)
        names.texts[i] = plan->columns[i].name == NULL ? NULL : qualified(explain, alias, plan->columns[i].name);
    return names;
}

static ExplainNode *build_function_scan(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    ExplainNode *node = header_new(explain, plan, "Function Scan", relationship);
    const Expr  *function = plan->function.functions[0];
    const char  *name = plan->function.count == 1 && (function->kind == EXPR_CALL || function->kind == EXPR_SET_CALL) ? function->call.proc->name : NULL;
    const char  *alias = plan->function.alias;

    *names = alias_names(explain, plan, alias);
    node->title = name == NULL                                          ? arena_printf(explain->arena, "Function Scan on %s", alias)
                  : alias != NULL && strcmp(alias, name) != 0 ? arena_printf(explain->arena, "Function Scan on %s %s", name, alias)
                                                              : arena_printf(explain->arena, "Function Scan on %s", name);
    if (name != NULL)
        add_detail(explain, node, "Function Name", name);
    if (alias != NULL)
        add_detail(explain, node, "Alias", alias);
    return node;
}

/* ---- joins ------------------------------------------------------------------------------------------------------------------------------------------- */

static Names both_names(Explain *explain, const Names *left, const Names *right)
{
    Names both = names_new(explain, left->count + right->count);

    for (int32_t i = 0; i < both.count; i++)
        both.texts[i] = i < left->count ? left->texts[i] : right->texts[i - left->count];
    return both;
}

static const char *join_word(JoinType type)
{
    static const char *const words[] = {[JOIN_INNER] = "Inner", [JOIN_LEFT] = "Left", [JOIN_RIGHT] = "Right", [JOIN_FULL] = "Full", [JOIN_SEMI] = "Semi", [JOIN_ANTI] = "Anti"};

    return words[type];
}

static ExplainNode *build_join(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    const char  *method = plan->kind == PLAN_HASH_JOIN ? "Hash Join" : plan->kind == PLAN_MERGE_JOIN ? "Merge Join" : "Nested Loop";
    ExplainNode *node = header_new(explain, plan, method, relationship);
    Names        left;
    Names        right;
    Names        both;
    ExplainNode *outer = build(explain, plan->left, "Outer", &left);
    ExplainNode *inner = build(explain, plan->right, "Inner", &right);
    const char  *condition = NULL;

    both = both_names(explain, &left, &right);
    if (plan->join.type != JOIN_INNER) {
        const char *base = plan->kind == PLAN_HASH_JOIN ? "Hash" : plan->kind == PLAN_MERGE_JOIN ? "Merge" : "Nested Loop";

        node->title = arena_printf(explain->arena, "%s %s Join", base, join_word(plan->join.type));
    }
    add_detail(explain, node, "Join Type", join_word(plan->join.type));
    for (int32_t i = 0; i < plan->join.key_count; i++)
        condition = and_texts(explain, condition, arena_printf(explain->arena, "(%s = %s)", text_of(explain, plan->join.left_keys.items[i], &left),
                                                               text_of(explain, plan->join.right_keys.items[i], &right)));
    if (condition != NULL)
        add_text(explain, node, plan->kind == PLAN_HASH_JOIN ? "Hash Cond" : "Merge Cond", condition);
    if (plan->join.residual != NULL)
        add_text(explain, node, "Join Filter", condition_text(explain, plan->join.residual, &both));
    add_child(explain, node, outer);
    if (plan->kind == PLAN_HASH_JOIN) { /* PostgreSQL shows the hash table as a node */
        ExplainNode *hash = header_new(explain, plan->right, "Hash", "Inner");

        inner->relationship = "Outer";
        hash->startup = plan->right->total_cost;
        hash->total = plan->right->total_cost;
        add_child(explain, hash, inner);
        inner = hash;
    }
    add_child(explain, node, inner);
    *names = plan->join.type == JOIN_SEMI || plan->join.type == JOIN_ANTI ? left : both;
    return node;
}

/* ---- unary nodes ---------------------------------------------------------------------------------------------------------------------------------------- */

/* Whether a text is a column's name, perhaps qualified and quoted. */
static bool is_name(const char *text)
{
    bool quoted = false;

    for (; *text != '\0'; text++) {
        quoted ^= *text == '"';
        if (!quoted && strchr(" ()+-*/<>=,':", *text) != NULL)
            return false;
    }
    return true;
}

static const char *key_text(Explain *explain, const PlanSortKey *key, const Names *names)
{
    const char *text = key->column >= 0 && key->column < names->count && names->texts[key->column] != NULL
                           ? names->texts[key->column] : arena_printf(explain->arena, "column%d", key->column + 1);

    if (!is_name(text)) /* PG15: what the node below computes stands in parentheses of its own */
        text = arena_printf(explain->arena, "(%s)", text);

    if (key->descending && !key->nulls_first)
        return arena_printf(explain->arena, "%s DESC NULLS LAST", text);
    if (key->descending)
        return arena_printf(explain->arena, "%s DESC", text);
    return key->nulls_first ? arena_printf(explain->arena, "%s NULLS FIRST", text) : text;
}

static void add_keys(Explain *explain, ExplainNode *node, const char *name, const PlanSortKey *keys, int32_t count, const Names *names)
{
    const char **items = ARENA_ARRAY_ZEROED(explain->arena, (size_t)count + 1, const char *);

    for (int32_t i = 0; i < count; i++)
        items[i] = key_text(explain, &keys[i], names);
    if (count > 0)
        add_list(explain, node, name, items, count);
}

static ExplainNode *unary(Explain *explain, const Plan *plan, const char *type, const char *relationship, Names *names)
{
    ExplainNode *node = header_new(explain, plan, type, relationship);

    add_child(explain, node, build(explain, plan->left, "Outer", names));
    return node;
}

static ExplainNode *build_sort(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    ExplainNode *node = unary(explain, plan, "Sort", relationship, names);

    add_keys(explain, node, "Sort Key", plan->sort.keys, plan->sort.key_count, names);
    if (node->counters != NULL && node->counters->loops > 0) {
        bool    disk = node->counters->disk_bytes > 0;
        int64_t kb = ((disk ? node->counters->disk_bytes : node->counters->memory_bytes) + 1023) / 1024;

        if (explain->options->format == EXPLAIN_TEXT) {
            add_text(explain, node, "Sort Method", arena_printf(explain->arena, "%s  %s: %" PRId64 "kB", disk ? "external merge" : plan->sort.limit != NULL ? "top-N heapsort" : "quicksort",
                                                                disk ? "Disk" : "Memory", kb));
        } else {
            add_text(explain, node, "Sort Method", disk ? "external merge" : plan->sort.limit != NULL ? "top-N heapsort" : "quicksort");
            add_number(explain, node, "Sort Space Used", kb, "");
            add_text(explain, node, "Sort Space Type", disk ? "Disk" : "Memory");
        }
    }
    return node;
}

static const char *call_text(Explain *explain, const PlanAggregate *call, const Names *names)
{
    StrBuf text;

    strbuf_init(&text, explain->arena);
    strbuf_printf(&text, "%s(%s", call->proc->name, call->distinct ? "DISTINCT " : "");
    if (call->args.count == 0 && strcmp(call->proc->name, "count") == 0)
        strbuf_append_char(&text, '*');
    for (int32_t i = 0; i < call->args.count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? ", " : "", text_of(explain, call->args.items[i], names));
    strbuf_append_char(&text, ')');
    if (call->filter != NULL)
        strbuf_printf(&text, " FILTER (WHERE %s)", condition_text(explain, call->filter, names));
    return strbuf_cstring(&text);
}

static ExplainNode *build_aggregate(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    static const char *const strategies[] = {[AGGREGATE_PLAIN] = "Plain", [AGGREGATE_HASHED] = "Hashed", [AGGREGATE_SORTED] = "Sorted"};
    Names        below;
    ExplainNode *node = unary(explain, plan, "Aggregate", relationship, &below);
    const char **groups = ARENA_ARRAY_ZEROED(explain->arena, (size_t)plan->aggregate.group_count + 1, const char *);

    *names = names_new(explain, plan->column_count);
    node->title = plan->aggregate.strategy == AGGREGATE_HASHED ? (plan->aggregate.set_count > 1 ? "MixedAggregate" : "HashAggregate")
                  : plan->aggregate.strategy == AGGREGATE_SORTED ? "GroupAggregate" : "Aggregate";
    add_detail(explain, node, "Strategy", strategies[plan->aggregate.strategy]);
    for (int32_t i = 0; i < plan->aggregate.group_count; i++)
        groups[i] = names->texts[i] = text_of(explain, plan->aggregate.groups.items[i], &below);
    for (int32_t i = 0; i < plan->aggregate.call_count; i++)
        names->texts[plan->aggregate.group_count + i] = call_text(explain, &plan->aggregate.calls[i], &below);
    if (plan->aggregate.set_count > 0) {
        for (int32_t s = 0; s < plan->aggregate.set_count; s++) {
            const char **keys = ARENA_ARRAY_ZEROED(explain->arena, (size_t)plan->aggregate.set_sizes[s] + 1, const char *);

            for (int32_t i = 0; i < plan->aggregate.set_sizes[s]; i++)
                keys[i] = groups[plan->aggregate.sets[s][i]];
            if (plan->aggregate.set_sizes[s] == 0)
                keys[0] = "()";
            add_list(explain, node, plan->aggregate.set_sizes[s] == 0 ? "Group Key" : "Hash Key", keys, MAX(plan->aggregate.set_sizes[s], 1));
        }
    } else if (plan->aggregate.group_count > 0) {
        add_list(explain, node, "Group Key", groups, plan->aggregate.group_count);
    }
    return node;
}

static ExplainNode *build_window(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    Names        below;
    ExplainNode *node = unary(explain, plan, "WindowAgg", relationship, &below);

    *names = names_new(explain, plan->column_count);
    for (int32_t i = 0; i < plan->column_count; i++)
        names->texts[i] = i < below.count ? below.texts[i] : arena_printf(explain->arena, "%s(...) OVER (?)", plan->window.calls[i - below.count].proc->name);
    return node;
}

/* ---- subplans -------------------------------------------------------------------------------------------------------------------------------------------- */

typedef struct FindSubplans {
    Explain     *explain;
    ExplainNode *node;
} FindSubplans;

static bool show_subplan(Expr *expr, void *context)
{
    FindSubplans *find = context;
    Explain      *explain = find->explain;

    if (expr->kind == EXPR_SUBQUERY && expr->subquery.plan >= 0 && expr->subquery.plan < explain->planned->subplan_count &&
        !explain->shown_subplans[expr->subquery.plan]) {
        const Subplan *subplan = &explain->planned->subplans[expr->subquery.plan];
        bool           init = subplan->param_count == 0 && !subplan->hashed && expr->subquery.kind != SUBQUERY_ANY && expr->subquery.kind != SUBQUERY_ALL;
        Names          names;
        ExplainNode   *child;

        explain->shown_subplans[expr->subquery.plan] = true;
        child = build(explain, subplan->plan, init ? "InitPlan" : "SubPlan", &names);
        if (child != NULL) {
            child->subplan_name = init ? arena_printf(explain->arena, "InitPlan %d (returns $%d)", expr->subquery.plan + 1, expr->subquery.plan)
                                       : arena_printf(explain->arena, "SubPlan %d", expr->subquery.plan + 1);
            add_child(explain, find->node, child);
        }
    }
    return expr_walk(expr, show_subplan, context);
}

static void show_list(FindSubplans *find, ExprList list)
{
    for (int32_t i = 0; i < list.count; i++)
        show_subplan(list.items[i], find);
}

static void show_subplans(Explain *explain, ExplainNode *node, const Plan *plan)
{
    FindSubplans find = {explain, node};

    if (explain->planned->subplan_count == 0)
        return;
    switch (plan->kind) {
    case PLAN_FILTER:
        show_subplan(plan->filter.test, &find);
        break;
    case PLAN_PROJECT:
    case PLAN_SET_PROJECT:
        show_list(&find, plan->project.exprs);
        break;
    case PLAN_AGGREGATE:
        show_list(&find, plan->aggregate.groups);
        for (int32_t i = 0; i < plan->aggregate.call_count; i++)
            show_list(&find, plan->aggregate.calls[i].args);
        break;
    case PLAN_HASH_JOIN:
    case PLAN_NESTED_LOOP:
    case PLAN_MERGE_JOIN:
        if (plan->join.residual != NULL)
            show_subplan(plan->join.residual, &find);
        break;
    case PLAN_VALUES:
        for (int32_t i = 0; i < plan->values.row_count; i++)
            show_list(&find, plan->values.rows[i]);
        break;
    case PLAN_LIMIT:
        if (plan->limit.limit != NULL)
            show_subplan(plan->limit.limit, &find);
        break;
    default:
        break;
    }
}

/* ---- everything -------------------------------------------------------------------------------------------------------------------------------------------- */

static ExplainNode *build_project(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    Names        below;
    ExplainNode *node = build(explain, plan->left, relationship, &below);

    *names = names_new(explain, plan->column_count);
    for (int32_t i = 0; i < plan->column_count; i++)
        names->texts[i] = text_of(explain, plan->project.exprs.items[i], &below);
    show_subplans(explain, node, plan);
    node->width = plan->width;
    node->total = MAX(node->total, plan->total_cost);
    if (explain->counters != NULL)
        node->counters = &explain->counters[plan->id];
    return node;
}

static ExplainNode *build_filter(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    ExplainNode *node = build(explain, plan->left, relationship, names);

    add_filter(explain, node, condition_text(explain, plan->filter.test, names),
               explain->counters == NULL ? 0 : explain->counters[plan->id].removed / MAX(explain->counters[plan->id].loops, 1));
    show_subplans(explain, node, plan);
    take_header(explain, node, plan);
    return node;
}

static ExplainNode *build_modify(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    static const char *const words[] = {[QUERY_INSERT] = "Insert", [QUERY_UPDATE] = "Update", [QUERY_DELETE] = "Delete", [QUERY_MERGE] = "Merge"};
    ExplainNode             *node = unary(explain, plan, "ModifyTable", relationship, names);

    node->title = arena_printf(explain->arena, "%s on %s", words[plan->modify.command], table_text(explain, plan->modify.table, plan->modify.alias));
    add_detail(explain, node, "Operation", words[plan->modify.command]);
    add_relation(explain, node, plan->modify.table, plan->modify.alias);
    if (plan->modify.conflict.do_nothing || plan->modify.conflict.do_update)
        add_text(explain, node, "Conflict Resolution", plan->modify.conflict.do_update ? "UPDATE" : "NOTHING");
    return node;
}

static ExplainNode *build_append(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    ExplainNode *node = header_new(explain, plan, "Append", relationship);

    for (int32_t i = 0; i < plan->append.count; i++) {
        Names one;

        add_child(explain, node, build(explain, plan->append.children[i], "Member", &one));
        if (i == 0)
            *names = one;
    }
    return node;
}

static ExplainNode *build_two(Explain *explain, const Plan *plan, const char *type, const char *title, const char *relationship, Names *names)
{
    ExplainNode *node = header_new(explain, plan, type, relationship);
    Names        right;

    node->title = title;
    add_child(explain, node, build(explain, plan->left, "Outer", names));
    add_child(explain, node, build(explain, plan->right, "Inner", &right));
    return node;
}

static const char *set_op_title(Explain *explain, const Plan *plan)
{
    return arena_printf(explain->arena, "HashSetOp %s%s", plan->set_op.kind == SET_INTERSECT ? "Intersect" : "Except", plan->set_op.all ? " All" : "");
}

static ExplainNode *build(Explain *explain, const Plan *plan, const char *relationship, Names *names)
{
    ExplainNode *node;

    switch (plan->kind) {
    case PLAN_PROJECT:
        return build_project(explain, plan, relationship, names);
    case PLAN_FILTER:
        return build_filter(explain, plan, relationship, names);
    case PLAN_RESULT:
        node = header_new(explain, plan, "Result", relationship);
        *names = names_new(explain, 0);
        if (plan->result.test != NULL)
            add_text(explain, node, "One-Time Filter", text_of(explain, plan->result.test, NULL));
        return node;
    case PLAN_TABLE_SCAN:
    case PLAN_INDEX_SCAN:
    case PLAN_ROW_ID_SCAN:
        return build_scan(explain, plan, relationship, names);
    case PLAN_CATALOG_SCAN:
        node = header_new(explain, plan, "Seq Scan", relationship);
        node->title = arena_printf(explain->arena, "Seq Scan on %s", table_text(explain, plan->catalog.table, plan->catalog.alias));
        add_relation(explain, node, plan->catalog.table, plan->catalog.alias);
        *names = alias_names(explain, plan, plan->catalog.alias);
        return node;
    case PLAN_VALUES:
        node = header_new(explain, plan, "Values Scan", relationship);
        node->title = "Values Scan on \"*VALUES*\"";
        add_detail(explain, node, "Alias", "*VALUES*");
        *names = alias_names(explain, plan, "*VALUES*");
        show_subplans(explain, node, plan);
        return node;
    case PLAN_FUNCTION_SCAN:
        return build_function_scan(explain, plan, relationship, names);
    case PLAN_CTE_SCAN:
        node = header_new(explain, plan, "CTE Scan", relationship);
        node->title = arena_printf(explain->arena, "CTE Scan on %s%s%s", explain->planned->ctes[plan->cte.cte].name,
                                   strcmp(explain->planned->ctes[plan->cte.cte].name, plan->cte.alias) == 0 ? "" : " ",
                                   strcmp(explain->planned->ctes[plan->cte.cte].name, plan->cte.alias) == 0 ? "" : plan->cte.alias);
        add_detail(explain, node, "CTE Name", explain->planned->ctes[plan->cte.cte].name);
        add_detail(explain, node, "Alias", plan->cte.alias);
        *names = alias_names(explain, plan, plan->cte.alias);
        return node;
    case PLAN_WORK_TABLE_SCAN:
        node = header_new(explain, plan, "WorkTable Scan", relationship);
        node->title = arena_printf(explain->arena, "WorkTable Scan on %s", plan->cte.alias);
        add_detail(explain, node, "Alias", plan->cte.alias);
        *names = alias_names(explain, plan, plan->cte.alias);
        return node;
    case PLAN_SET_PROJECT: {
        Names below;

        node = unary(explain, plan, "ProjectSet", relationship, &below);
        *names = names_new(explain, plan->column_count);
        for (int32_t i = 0; i < plan->column_count; i++)
            names->texts[i] = text_of(explain, plan->project.exprs.items[i], &below);
        show_subplans(explain, node, plan);
        return node;
    }
    case PLAN_SORT:
        return build_sort(explain, plan, relationship, names);
    case PLAN_LIMIT:
        node = unary(explain, plan, "Limit", relationship, names);
        show_subplans(explain, node, plan);
        return node;
    case PLAN_AGGREGATE:
        node = build_aggregate(explain, plan, relationship, names);
        show_subplans(explain, node, plan);
        return node;
    case PLAN_UNIQUE:
        return unary(explain, plan, "Unique", relationship, names);
    case PLAN_WINDOW:
        return build_window(explain, plan, relationship, names);
    case PLAN_HASH_JOIN:
    case PLAN_MERGE_JOIN:
    case PLAN_NESTED_LOOP:
        node = build_join(explain, plan, relationship, names);
        show_subplans(explain, node, plan);
        return node;
    case PLAN_MATERIALIZE:
        return unary(explain, plan, "Materialize", relationship, names);
    case PLAN_APPEND:
        return build_append(explain, plan, relationship, names);
    case PLAN_SET_OP:
        return build_two(explain, plan, "SetOp", set_op_title(explain, plan), relationship, names);
    case PLAN_RECURSIVE_UNION:
        return build_two(explain, plan, "Recursive Union", "Recursive Union", relationship, names);
    case PLAN_LOCK_ROWS:
        return unary(explain, plan, "LockRows", relationship, names);
    case PLAN_MODIFY:
    default:
        return build_modify(explain, plan, relationship, names);
    }
}

ExplainNode *explain_build(Explain *explain)
{
    const PlannedStatement *planned = explain->planned;
    Names                   names;
    ExplainNode            *root;

    explain->shown_subplans = ARENA_ARRAY_ZEROED(explain->arena, (size_t)planned->subplan_count + 1, bool);
    root = build(explain, planned->root, NULL, &names);
    for (int32_t i = 0; i < planned->cte_count; i++) {
        ExplainNode *child;

        if (planned->ctes[i].plan == NULL)
            continue;
        child = build(explain, planned->ctes[i].plan, "InitPlan", &names);
        child->subplan_name = arena_printf(explain->arena, "CTE %s", planned->ctes[i].name);
        add_child(explain, root, child);
    }
    return root;
}
