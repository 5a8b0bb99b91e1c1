/* function.c - functions by name and argument types (PG15 manual, 10.3), and the calls they become. */
#include "executor/analyze/binder.h"
#include "parser/parser.h"

/* ---- candidates ----------------------------------------------------------------------------------------------------------- */

typedef struct Lookup {
    Binder            *b;
    const char        *name;
    int32_t            count;
    const Oid         *types;
    const char *const *arg_names; /* NULL: all positional */
    bool               expand_variadic;
    int32_t            candidate_count;
    Candidate        **candidates;
} Lookup;

/* The declared input argument of a name, or -1. */
static int32_t find_parameter(const Proc *proc, const char *name)
{
    int32_t input = 0, all = proc->all_arg_count > 0 ? proc->all_arg_count : proc->arg_count;

    for (int32_t i = 0; proc->arg_names != NULL && i < all; i++) {
        char mode = proc->all_arg_count > 0 ? proc->arg_modes[i] : 'i';

        if (mode != 'i' && mode != 'b' && mode != 'v')
            continue;
        if (proc->arg_names[i] != NULL && strcmp(proc->arg_names[i], name) == 0)
            return input;
        input++;
    }
    return -1;
}

/* Named notation: where each argument of the call goes. NULL when the function has no such parameters. */
static int32_t *place_named(const Lookup *lookup, const Proc *proc)
{
    int32_t *positions = ARENA_ARRAY(lookup->b->arena, (size_t)lookup->count, int32_t);
    bool     given[PROC_MAX_ARGS] = {false};

    if (lookup->count > proc->arg_count || lookup->count + proc->default_count < proc->arg_count)
        return NULL;
    for (int32_t i = 0; i < lookup->count; i++) {
        int32_t at = lookup->arg_names[i] == NULL ? i : find_parameter(proc, lookup->arg_names[i]);

        if (at < 0 || given[at])
            return NULL;
        given[at] = true;
        positions[i] = at;
    }
    for (int32_t i = 0; i < proc->arg_count - proc->default_count; i++) {
        if (!given[i])
            return NULL;
    }
    return positions;
}

/* How this function would take the call's arguments; NULL when it cannot. */
static Candidate *make_candidate(const Lookup *lookup, const Proc *proc)
{
    Candidate *candidate;
    int32_t   *positions = NULL;
    int32_t    count = lookup->count;
    bool       variadic = false;

    if (lookup->arg_names != NULL) {
        if (proc->variadic != 0 && lookup->expand_variadic)
            return NULL;
        positions = place_named(lookup, proc);
        if (positions == NULL)
            return NULL;
    } else {
        variadic = proc->variadic != 0 && lookup->expand_variadic && count >= proc->arg_count;
        if (!variadic && (proc->arg_count < count || count + proc->default_count < proc->arg_count))
            return NULL;
    }
    candidate = ARENA_NEW(lookup->b->arena, Candidate);
    candidate->proc = proc;
    candidate->positions = positions;
    candidate->arg_count = MAX(count, proc->arg_count);
    candidate->default_count = variadic ? 0 : proc->arg_count - count;
    candidate->args = ARENA_ARRAY(lookup->b->arena, (size_t)MAX(candidate->arg_count, 1), Oid);
    for (int32_t i = 0; i < count; i++)
        candidate->args[i] = i < proc->arg_count ? proc->args[positions != NULL ? positions[i] : i] : 0;
    if (variadic) {
        candidate->variadic_count = count - proc->arg_count + 1;
        for (int32_t i = proc->arg_count - 1; i < count; i++)
            candidate->args[i] = proc->variadic;
    }
    return candidate;
}

/* Of two that take the same types the one that is variadic, or needs more defaults, gives way. */
static void add_candidate(Lookup *lookup, Candidate *candidate)
{
    for (int32_t i = 0; i < lookup->candidate_count; i++) {
        Candidate *other = lookup->candidates[i];

        if (memcmp(other->args, candidate->args, (size_t)lookup->count * sizeof(Oid)) != 0)
            continue;
        if (candidate->variadic_count != 0 && other->variadic_count == 0)
            return;
        if (candidate->variadic_count == 0 && other->variadic_count != 0) {
            lookup->candidates[i] = candidate;
            return;
        }
        if (candidate->default_count != other->default_count) {
            if (candidate->default_count < other->default_count)
                lookup->candidates[i] = candidate;
            return;
        }
    }
    lookup->candidates[lookup->candidate_count++] = candidate;
}

static void gather_candidates(Lookup *lookup)
{
    int                count;
    const Proc *const *procs = proc_by_name(lookup->name, &count);

    lookup->candidates = ARENA_ARRAY(lookup->b->arena, (size_t)MAX(count, 1), Candidate *);
    for (int i = 0; i < count; i++) {
        Candidate *candidate = make_candidate(lookup, procs[i]);

        if (candidate != NULL)
            add_candidate(lookup, candidate);
    }
}

/* ---- messages --------------------------------------------------------------------------------------------------------------- */

static const char *signature(Binder *b, const CallSite *site)
{
    StrBuf text;

    strbuf_init(&text, b->arena);
    strbuf_append_cstring(&text, name_list_text(b->arena, site->name));
    strbuf_append_char(&text, '(');
    for (int32_t i = 0; i < site->args.count; i++) {
        if (i > 0)
            strbuf_append_cstring(&text, ", ");
        if (site->arg_names != NULL && site->arg_names[i] != NULL)
            strbuf_printf(&text, "%s => ", site->arg_names[i]);
        strbuf_append_cstring(&text, type_text(b, site->args.items[i]->type));
    }
    strbuf_append_char(&text, ')');
    return strbuf_cstring(&text);
}

static noreturn void raise_no_function(Binder *b, const CallSite *site, bool ambiguous)
{
    const FuncCall *call = site->call;

    if (ambiguous)
        bind_error_hint(SQLSTATE_AMBIGUOUS_FUNCTION, site->location,
                        "Could not choose a best candidate function. You might need to add explicit type casts.",
                        "function %s is not unique", signature(b, site));
    if (call != NULL && call->agg_order != NULL && !call->agg_within_group && list_count(call->agg_order) > 0)
        bind_error_hint(SQLSTATE_UNDEFINED_FUNCTION, site->location,
                        "No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY must appear "
                        "after all regular arguments of the aggregate.",
                        "function %s does not exist", signature(b, site));
    bind_error_hint(SQLSTATE_UNDEFINED_FUNCTION, site->location,
                    "No function matches the given name and argument types. You might need to add explicit type casts.",
                    "function %s does not exist", signature(b, site));
}

/* ---- resolution --------------------------------------------------------------------------------------------------------------- */

/* text(x), int4(x): a type's name as a function of one argument is a cast. NULL when this is none. */
static Expr *try_cast_syntax(Scope *scope, const CallSite *site)
{
    TypeName     name = {.node = {NODE_TYPE_NAME, site->location}, .names = (NodeList *)site->name};
    Oid          source = site->args.items[0]->type, target = binder_type_name(scope->b, &name, NULL, true);
    const Proc  *proc;
    CoercionPath path;

    if (target == 0 || type_is_composite(scope->b, target))
        return NULL;
    if (source != TYPE_UNKNOWN) {
        path = find_coercion(scope->b, target, source, CAST_EXPLICIT, &proc);
        if (path != PATH_RELABEL &&
            (path != PATH_IO || ((source == TYPE_RECORD || type_is_composite(scope->b, source)) && binder_type(scope->b, target)->category == 'S')))
            return NULL;
    }
    return coerce_type(scope, site->args.items[0], target, -1, CAST_EXPLICIT, false, site->location);
}

static Candidate *find_function(Scope *scope, const CallSite *site, bool *ambiguous, Expr **cast_out)
{
    Binder  *b = scope->b;
    int32_t  count = site->args.count;
    Oid     *types = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), Oid);
    Lookup   lookup = {.b = b, .name = string_at(site->name, list_count(site->name) - 1), .count = count, .types = types,
                       .arg_names = site->arg_names, .expand_variadic = !site->variadic};
    int32_t  parts = list_count(site->name);
    bool     builtin = parts == 1 || strcmp(string_at(site->name, parts - 2), "pg_catalog") == 0;
    Candidate *chosen;

    *ambiguous = false;
    *cast_out = NULL;
    for (int32_t i = 0; i < count; i++)
        types[i] = site->args.items[i]->type;
    if (builtin)
        gather_candidates(&lookup);
    for (int32_t i = 0; i < lookup.candidate_count; i++) {
        if (memcmp(lookup.candidates[i]->args, types, (size_t)count * sizeof(Oid)) == 0)
            return lookup.candidates[i];
    }
    if (count == 1 && site->arg_names == NULL && builtin) {
        *cast_out = try_cast_syntax(scope, site);
        if (*cast_out != NULL)
            return NULL;
    }
    lookup.candidate_count = match_candidates(b, count, types, lookup.candidate_count, lookup.candidates);
    if (lookup.candidate_count == 0)
        return NULL;
    if (lookup.candidate_count == 1)
        return lookup.candidates[0];
    chosen = select_candidate(b, count, types, lookup.candidate_count, lookup.candidates);
    *ambiguous = chosen == NULL;
    return chosen;
}

/* ---- the call -------------------------------------------------------------------------------------------------------------------- */

/* The default of the i-th declared argument. */
static Expr *default_argument(Scope *scope, const Proc *proc, int32_t index)
{
    char          *text = arena_printf(scope->b->arena, "ROW(%s)", proc->arg_defaults);
    const RowExpr *row = (const RowExpr *)parse_expression(scope->b->arena, slice_from_cstring(text));
    int32_t        at = index - (proc->arg_count - proc->default_count);
    Expr          *value = bind_expr_inner(scope, list_at(row->args, at));

    value->location = -1;
    return value;
}

/* Arguments in declared order, defaults filled in; types gets their types. */
static ExprList complete_args(Scope *scope, const CallSite *site, const Candidate *candidate, Oid *declared)
{
    const Proc *proc = candidate->proc;
    int32_t     count = candidate->arg_count;
    ExprList    args = expr_list(scope->b->arena, count);

    if (candidate->variadic_count > 0) {
        memcpy(declared, candidate->args, (size_t)count * sizeof *declared);
        memcpy(args.items, site->args.items, (size_t)count * sizeof(Expr *));
        return args;
    }
    for (int32_t i = 0; i < site->args.count; i++)
        args.items[candidate->positions != NULL ? candidate->positions[i] : i] = site->args.items[i];
    for (int32_t i = 0; i < count; i++) {
        declared[i] = proc->args[i];
        if (args.items[i] == NULL)
            args.items[i] = default_argument(scope, proc, i);
    }
    return args;
}

static void coerce_args(Scope *scope, ExprList args, const Oid *declared)
{
    for (int32_t i = 0; i < args.count; i++) {
        if (args.items[i]->type != declared[i])
            args.items[i] = coerce_type(scope, args.items[i], declared[i], -1, CAST_IMPLICIT, true, -1);
    }
}

/* The arguments that a variadic parameter took, as one array. */
static ExprList collapse_variadic(Scope *scope, ExprList args, const Candidate *candidate)
{
    int32_t  first = args.count - candidate->variadic_count;
    Expr    *array = expr_new(scope->b->arena, EXPR_ARRAY, 0, -1);
    ExprList result = expr_list(scope->b->arena, first + 1);

    for (int32_t i = first; i < args.count; i++)
        array->list.args = expr_list_append(scope->b->arena, array->list.args, args.items[i]);
    array->type = type_array_of(scope->b, args.items[first]->type);
    if (array->type == 0)
        bind_error(SQLSTATE_UNDEFINED_OBJECT, expr_location(args.items[first]), "could not find array type for data type %s",
                   type_text(scope->b, args.items[first]->type));
    array->collation = common_collation(array->list.args);
    array->location = expr_location(args.items[first]);
    memcpy(result.items, args.items, (size_t)first * sizeof(Expr *));
    result.items[first] = array;
    return result;
}

static void refuse_aggregate_syntax(const CallSite *site, const char *name)
{
    const FuncCall *call = site->call;

    if (call == NULL)
        return;
    if (call->agg_star)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "%s(*) specified, but %s is not an aggregate function", name, name);
    if (call->agg_distinct)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "DISTINCT specified, but %s is not an aggregate function", name);
    if (call->agg_within_group)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "WITHIN GROUP specified, but %s is not an aggregate function", name);
    if (call->agg_order != NULL)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "ORDER BY specified, but %s is not an aggregate function", name);
    if (call->agg_filter != NULL)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "FILTER specified, but %s is not an aggregate function", name);
    if (call->over != NULL)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "OVER specified, but %s is not a window function nor an aggregate function", name);
}

static Expr *make_aggregate(Scope *scope, const CallSite *site, const Proc *proc, ExprList args, Oid result)
{
    Binder         *b = scope->b;
    const FuncCall *call = site->call;
    const char     *name = name_list_text(b->arena, site->name);
    bool            ordered_set = strcmp(proc->name, "mode") == 0 || strncmp(proc->name, "percentile_", 11) == 0;
    bool            hypothetical = !ordered_set && proc->variadic == TYPE_ANY && strcmp(proc->name, "count") != 0;
    Expr           *expr = expr_new(b->arena, EXPR_AGG, result, site->location);

    if (ordered_set || hypothetical) {
        int32_t order_count = list_count(call->agg_order), direct = args.count - order_count;

        if (!call->agg_within_group)
            bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "WITHIN GROUP is required for ordered-set aggregate %s", name);
        if (call->over != NULL)
            bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, site->location, "OVER is not supported for ordered-set aggregate %s", name);
        if (hypothetical && direct != order_count)
            bind_error_hint(SQLSTATE_UNDEFINED_FUNCTION, site->location,
                            arena_printf(b->arena, "To use the hypothetical-set aggregate %s, the number of hypothetical direct arguments (here %d) must match the number of ordering columns (here %d).",
                                         name, direct, order_count),
                            "function %s does not exist", signature(b, site));
        for (int32_t i = 0; i < args.count; i++) {
            if (i < direct)
                expr->agg.direct_args = expr_list_append(b->arena, expr->agg.direct_args, args.items[i]);
            else
                expr->agg.args = expr_list_append(b->arena, expr->agg.args, args.items[i]);
        }
        for (int32_t i = 0; hypothetical && i < direct; i++) {
            Expr    *pair[2] = {expr->agg.direct_args.items[i], expr->agg.args.items[i]};
            ExprList both = {2, pair};
            Oid      common = common_type(scope, both, "WITHIN GROUP", NULL);

            expr->agg.direct_args.items[i] = coerce_to_common(scope, pair[0], common, "WITHIN GROUP");
            expr->agg.args.items[i] = coerce_to_common(scope, pair[1], common, "WITHIN GROUP");
        }
    } else {
        if (call->agg_within_group)
            bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", name);
        expr->agg.args = args;
    }
    if (args.count == 0 && !call->agg_star)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "%s(*) must be used to call a parameterless aggregate function", name);
    expr->agg.proc = proc;
    expr->agg.arg_count = expr->agg.args.count;
    expr->agg.star = call->agg_star;
    expr->agg.distinct = call->agg_distinct;
    finish_aggregate(scope, expr, call);
    return expr;
}

static Expr *make_window(Scope *scope, const CallSite *site, const Proc *proc, ExprList args, Oid result)
{
    const FuncCall *call = site->call;
    const char     *name = name_list_text(scope->b->arena, site->name);
    Expr           *expr = expr_new(scope->b->arena, EXPR_WINDOW, result, site->location);

    if (call->agg_distinct)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, site->location, "DISTINCT is not implemented for window functions");
    if (proc->kind == PROC_AGGREGATE && args.count == 0 && !call->agg_star)
        bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "%s(*) must be used to call a parameterless aggregate function", name);
    if (call->agg_order != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, site->location, "aggregate ORDER BY is not implemented for window functions");
    if (proc->kind != PROC_AGGREGATE && call->agg_filter != NULL)
        bind_error(SQLSTATE_FEATURE_NOT_SUPPORTED, site->location, "FILTER is not implemented for non-aggregate window functions");
    if (proc->returns_set)
        bind_error(SQLSTATE_INVALID_FUNCTION_DEFINITION, site->location, "window functions cannot return sets");
    expr->window.proc = proc;
    expr->window.args = args;
    expr->window.star = call->agg_star;
    finish_window(scope, expr, call);
    return expr;
}

static Oid result_collation(Scope *scope, Oid type, ExprList args)
{
    Oid own = type_collation(scope->b, type), inputs;

    if (own == 0)
        return 0;
    inputs = common_collation(args);
    return inputs != 0 ? inputs : own;
}

static Expr *make_call(Scope *scope, const CallSite *site, const Candidate *candidate, ExprList args, Oid result)
{
    const Proc     *proc = candidate->proc;
    const FuncCall *call = site->call;
    const char     *name = name_list_text(scope->b->arena, site->name);
    Expr           *expr;

    switch (proc->kind) {
    case PROC_AGGREGATE:
        if (call == NULL)
            raise_no_function(scope->b, site, false);
        require_code(proc, site->location);
        expr = call->over != NULL ? make_window(scope, site, proc, args, result) : make_aggregate(scope, site, proc, args, result);
        break;
    case PROC_WINDOW:
        if (call == NULL || call->over == NULL)
            bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "window function %s requires an OVER clause", name);
        if (call->agg_within_group)
            bind_error(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "window function %s cannot have WITHIN GROUP", name);
        require_code(proc, site->location);
        expr = make_window(scope, site, proc, args, result);
        break;
    case PROC_PROCEDURE:
        if (scope->clause != CLAUSE_CALL)
            bind_error_hint(SQLSTATE_WRONG_OBJECT_TYPE, site->location, "To call a procedure, use CALL.", "%s is a procedure", signature(scope->b, site));
        /* fall through */
    default:
        refuse_aggregate_syntax(site, name);
        require_code(proc, site->location);
        expr = expr_new(scope->b->arena, proc->returns_set ? EXPR_SET_CALL : EXPR_CALL, result, site->location);
        expr->call.proc = proc;
        expr->call.args = args;
        expr->call.sql_syntax = call != NULL && call->funcformat == COERCE_SQL_SYNTAX;
        expr->call.variadic = site->variadic || (candidate->variadic_count > 0 && proc->variadic != TYPE_ANY);
        if (proc->returns_set && !site->in_from)
            check_set_call_place(scope, expr, site->location);
        break;
    }
    expr->collation = result_collation(scope, result, args);
    return expr;
}

Expr *bind_function(Scope *scope, const CallSite *site)
{
    Binder    *b = scope->b;
    bool       ambiguous;
    Expr      *special;
    Candidate *candidate;
    Oid       *actual, *declared, result;
    ExprList   args;

    if (site->args.count > PROC_MAX_ARGS)
        bind_error(SQLSTATE_TOO_MANY_ARGUMENTS, site->location, "cannot pass more than %d arguments to a function", PROC_MAX_ARGS);
    candidate = find_function(scope, site, &ambiguous, &special);
    if (special != NULL) {
        refuse_aggregate_syntax(site, name_list_text(b->arena, site->name));
        return special;
    }
    if (candidate == NULL) {
        if (site->column_notation)
            return NULL;
        /* column(row): the functional notation of a field */
        if (site->args.count == 1 && list_count(site->name) == 1 && site->arg_names == NULL &&
            (type_is_composite(b, site->args.items[0]->type) || site->args.items[0]->type == TYPE_RECORD)) {
            special = field_select(scope, site->args.items[0], string_at(site->name, 0), site->location);
            if (special != NULL)
                return special;
        }
        raise_no_function(b, site, ambiguous);
    }
    declared = ARENA_ARRAY(b->arena, (size_t)MAX(candidate->arg_count, 1), Oid);
    actual = ARENA_ARRAY(b->arena, (size_t)MAX(candidate->arg_count, 1), Oid);
    args = complete_args(scope, site, candidate, declared);
    for (int32_t i = 0; i < args.count; i++)
        actual[i] = args.items[i]->type;
    result = polymorphic_resolve(b, actual, declared, args.count, candidate->proc->result, false);
    coerce_args(scope, args, declared);
    if (candidate->variadic_count > 0 && candidate->proc->variadic != TYPE_ANY)
        args = collapse_variadic(scope, args, candidate);
    if (site->variadic && args.count > 0 && candidate->proc->variadic != TYPE_ANY && type_element(b, args.items[args.count - 1]->type) == 0)
        bind_error(SQLSTATE_DATATYPE_MISMATCH, expr_location(args.items[args.count - 1]), "VARIADIC argument must be an array");
    return make_call(scope, site, candidate, args, result);
}

Expr *bind_call(Scope *scope, const FuncCall *call, bool in_from)
{
    Binder  *b = scope->b;
    int32_t  count = list_count(call->args);
    CallSite site = {.call = call, .name = call->funcname, .location = call->node.location, .in_from = in_from, .variadic = call->func_variadic};

    for (int32_t i = 0; i < count; i++) {
        const Node *arg = list_at(call->args, i);

        if (arg->tag == NODE_NAMED_ARG_EXPR) {
            const NamedArgExpr *named = (const NamedArgExpr *)arg;

            if (site.arg_names == NULL)
                site.arg_names = ARENA_ARRAY_ZEROED(b->arena, (size_t)count, const char *);
            for (int32_t k = 0; k < i; k++) {
                if (site.arg_names[k] != NULL && strcmp(site.arg_names[k], named->name) == 0)
                    bind_error(SQLSTATE_SYNTAX_ERROR, arg->location, "argument name \"%s\" used more than once", named->name);
            }
            site.arg_names[i] = named->name;
            arg = named->arg;
        } else if (site.arg_names != NULL) {
            bind_error(SQLSTATE_SYNTAX_ERROR, arg->location, "positional argument cannot follow named argument");
        }
        site.args = expr_list_append(b->arena, site.args, bind_expr_inner(scope, arg));
    }
    if (call->agg_within_group) {
        LIST_FOREACH(SortBy, sort, call->agg_order)
        {
            site.args = expr_list_append(b->arena, site.args, bind_expr(scope, sort->expr, CLAUSE_ORDER_BY));
        }
    }
    return bind_function(scope, &site);
}
