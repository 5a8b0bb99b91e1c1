/*
 * catalog_definition.c - pg_get_expr, pg_get_indexdef, pg_get_constraintdef, pg_get_viewdef, arguments and results of functions.
 *
 * A pg_node_tree of the catalogs is the stored expression in hexadecimal: it goes back through pg_get_expr() only.
 */
#include "executor/catalog/node_tree.h"
#include "executor/catalog/object_names.h"
#include "executor/deparse/deparse.h"
#include "executor/func/session_call.h"
#include "executor/serialize/serialize.h"
#include "executor/store/store.h"

static DeparseStyle style_of(const KernelCall *call, int arg, int32_t row)
{
    return call->arg_count > arg && arg_bool(call, arg, row) ? DEPARSE_PRETTY : DEPARSE_PLAIN;
}

/* ---- expressions ------------------------------------------------------------------------------------------------------------ */

static void get_expr(KernelCall *call, int32_t row)
{
    Arena              *arena = call->ctx->arena;
    Oid                 oid = arg_oid(call, 1, row);
    const RelationDesc *relation = oid != 0 ? store_relation_by_oid(call->session, arena, oid) : NULL;

    if (relation == NULL && oid != 0)
        kernel_set_null(call, row);
    else
        return_text(call, row, node_tree_text(call->session, arena, arg_bytes(call, 0, row), relation, style_of(call, 2, row)));
}
ROW_KERNEL(get_expr)

/* ---- indexes, constraints, views --------------------------------------------------------------------------------------------- */

static void get_indexdef(KernelCall *call, int32_t row)
{
    Arena              *arena = call->ctx->arena;
    const RelationDesc *index = store_relation_by_oid(call->session, arena, arg_oid(call, 0, row));

    if (index == NULL || index->index == NULL)
        kernel_set_null(call, row);
    else
        return_text(call, row, deparse_index(call->session, arena, index, call->arg_count > 1 ? arg_int4(call, 1, row) : 0, style_of(call, 2, row)));
}
ROW_KERNEL(get_indexdef)

/* Constraints stand in their tables: every table is looked through. */
static const ConstraintDesc *find_constraint(KernelCall *call, Oid oid, const RelationDesc **relation_out)
{
    int                count;
    const Desc *const *list = store_desc_list(call->session, call->ctx->arena, DESC_RELATION, 0, &count);

    for (int i = 0; i < count; i++) {
        const RelationDesc *relation = (const RelationDesc *)list[i];

        for (int16_t k = 0; k < relation->constraint_count; k++) {
            if (relation->constraints[k].oid == oid) {
                *relation_out = relation;
                return &relation->constraints[k];
            }
        }
    }
    return NULL;
}

static const ConstraintDesc *find_domain_constraint(KernelCall *call, Oid oid)
{
    int                count;
    const Desc *const *list = store_desc_list(call->session, call->ctx->arena, DESC_TYPE, 0, &count);

    for (int i = 0; i < count; i++) {
        const TypeDesc *type = (const TypeDesc *)list[i];

        for (int16_t k = 0; k < type->constraint_count; k++) {
            if (type->constraints[k].oid == oid)
                return &type->constraints[k];
        }
    }
    return NULL;
}

static void get_constraintdef(KernelCall *call, int32_t row)
{
    Oid                   oid = arg_oid(call, 0, row);
    const RelationDesc   *relation = NULL;
    const ConstraintDesc *constraint = find_constraint(call, oid, &relation);

    if (constraint == NULL)
        constraint = find_domain_constraint(call, oid);
    if (constraint == NULL)
        kernel_set_null(call, row);
    else
        return_text(call, row, deparse_constraint(call->session, call->ctx->arena, relation, constraint, style_of(call, 1, row)));
}
ROW_KERNEL(get_constraintdef)

static void return_viewdef(KernelCall *call, int32_t row, const RelationDesc *view, DeparseStyle style)
{
    Arena *arena = call->ctx->arena;

    if (view == NULL)
        kernel_set_null(call, row);
    else if (view->view_query.size == 0)
        return_text(call, row, "Not a view");
    else
        return_text(call, row, deparse_view(call->session, arena, view, deserialize_query(call->session, arena, view->view_query), style));
}

static void get_viewdef(KernelCall *call, int32_t row)
{
    return_viewdef(call, row, store_relation_by_oid(call->session, call->ctx->arena, arg_oid(call, 0, row)), style_of(call, 1, row));
}
ROW_KERNEL(get_viewdef)

/* pg_get_viewdef(oid, column): wrapping is always on. */
static void get_viewdef_wrapped(KernelCall *call, int32_t row)
{
    return_viewdef(call, row, store_relation_by_oid(call->session, call->ctx->arena, arg_oid(call, 0, row)), DEPARSE_PRETTY);
}
ROW_KERNEL(get_viewdef_wrapped)

static void get_viewdef_by_name(KernelCall *call, int32_t row)
{
    Arena *arena = call->ctx->arena;
    Oid    oid = object_by_name(call->session, arena, TYPE_REGCLASS, arg_bytes(call, 0, row), false);

    return_viewdef(call, row, store_relation_by_oid(call->session, arena, oid), style_of(call, 1, row));
}
ROW_KERNEL(get_viewdef_by_name)

/* Triggers, rules, partitions and extended statistics: none of them exists. */
static void no_definition(KernelCall *call, int32_t row)
{
    kernel_set_null(call, row);
}
ROW_KERNEL(no_definition)

/* ---- functions ---------------------------------------------------------------------------------------------------------------- */

/* The default of an input argument counted from 0, cut out of the list at commas outside quotes and brackets. */
static const char *argument_default(Arena *arena, const Proc *proc, int input)
{
    int         skip = input - (proc->arg_count - proc->default_count);
    const char *at = proc->arg_defaults, *begin = at;
    int         depth = 0;
    bool        quoted = false;

    if (skip < 0 || at == NULL || *at == '\0')
        return NULL;
    for (;; at++) {
        if (*at == '\0' || (*at == ',' && depth == 0 && !quoted)) {
            if (skip-- == 0)
                return arena_printf(arena, "%.*s", (int)(at - begin), begin);
            if (*at == '\0')
                return NULL;
            begin = at[1] == ' ' ? at + 2 : at + 1;
        }
        quoted ^= *at == '\'';
        depth += quoted ? 0 : (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
    }
}

typedef enum ArgumentList { ARGUMENTS_FULL, ARGUMENTS_IDENTITY, ARGUMENTS_TABLE } ArgumentList;

static void append_argument(KernelCall *call, StrBuf *text, const Proc *proc, int at, char mode, int input, ArgumentList list)
{
    Arena      *arena = call->ctx->arena;
    const char *name = proc->arg_names != NULL ? proc->arg_names[at] : NULL;
    Oid         type = proc->all_arg_count > 0 ? proc->all_args[at] : proc->args[at];
    const char *initial = list == ARGUMENTS_FULL && input >= 0 ? argument_default(arena, proc, input) : NULL;

    if (text->size > 0)
        strbuf_append_cstring(text, ", ");
    if (mode == 'v' || (mode == 'i' && proc->variadic != 0 && input == proc->arg_count - 1))
        strbuf_append_cstring(text, "VARIADIC ");
    else if (mode == 'o' || mode == 'b')
        strbuf_append_cstring(text, mode == 'o' ? "OUT " : "INOUT ");
    if (name != NULL)
        strbuf_printf(text, "%s ", deparse_identifier(arena, name));
    strbuf_append_cstring(text, deparse_type(call->session, arena, type, -1));
    if (initial != NULL)
        strbuf_printf(text, " DEFAULT %s", initial);
}

static const char *argument_list(KernelCall *call, const Proc *proc, ArgumentList list)
{
    int    count = proc->all_arg_count > 0 ? proc->all_arg_count : proc->arg_count;
    int    input = 0;
    StrBuf text;

    strbuf_init(&text, call->ctx->arena);
    for (int i = 0; i < count; i++) {
        char mode = proc->arg_modes != NULL && *proc->arg_modes != '\0' ? proc->arg_modes[i] : 'i';
        bool takes = mode == 'i' || mode == 'b' || mode == 'v';
        bool shown = list == ARGUMENTS_TABLE ? mode == 't' : list == ARGUMENTS_IDENTITY ? takes : mode != 't';

        if (shown)
            append_argument(call, &text, proc, i, mode, takes ? input : -1, list);
        input += takes;
    }
    return strbuf_cstring(&text);
}

static void return_arguments(KernelCall *call, int32_t row, ArgumentList list)
{
    const Proc *proc = proc_by_oid(arg_oid(call, 0, row));

    return_text(call, row, proc != NULL ? argument_list(call, proc, list) : NULL);
}

static void function_arguments(KernelCall *call, int32_t row)
{
    return_arguments(call, row, ARGUMENTS_FULL);
}
ROW_KERNEL(function_arguments)

static void function_identity(KernelCall *call, int32_t row)
{
    return_arguments(call, row, ARGUMENTS_IDENTITY);
}
ROW_KERNEL(function_identity)

static void function_result(KernelCall *call, int32_t row)
{
    Arena      *arena = call->ctx->arena;
    const Proc *proc = proc_by_oid(arg_oid(call, 0, row));
    const char *type;

    if (proc == NULL || proc->kind == PROC_PROCEDURE) {
        kernel_set_null(call, row);
        return;
    }
    type = deparse_type(call->session, arena, proc->result, -1);
    if (proc->arg_modes != NULL && strchr(proc->arg_modes, 't') != NULL)
        type = arena_printf(arena, "TABLE(%s)", argument_list(call, proc, ARGUMENTS_TABLE));
    else if (proc->returns_set)
        type = arena_printf(arena, "SETOF %s", type);
    return_text(call, row, type);
}
ROW_KERNEL(function_result)

static void function_argument_default(KernelCall *call, int32_t row)
{
    const Proc *proc = proc_by_oid(arg_oid(call, 0, row));

    return_text(call, row, proc != NULL ? argument_default(call->ctx->arena, proc, arg_int4(call, 1, row) - 1) : NULL);
}
ROW_KERNEL(function_argument_default)

const KernelEntry catalog_definition_kernels[] = {
    {.proc = 1716, .run = get_expr_run},
    {.proc = 2509, .run = get_expr_run},
    {.proc = 1643, .run = get_indexdef_run},
    {.proc = 2507, .run = get_indexdef_run},
    {.proc = 1387, .run = get_constraintdef_run},
    {.proc = 2508, .run = get_constraintdef_run},
    {.proc = 1641, .run = get_viewdef_run},
    {.proc = 2506, .run = get_viewdef_run},
    {.proc = 3159, .run = get_viewdef_wrapped_run},
    {.proc = 1640, .run = get_viewdef_by_name_run},
    {.proc = 2505, .run = get_viewdef_by_name_run},
    {.proc = 1573, .run = no_definition_run}, /* pg_get_ruledef */
    {.proc = 2504, .run = no_definition_run},
    {.proc = 1662, .run = no_definition_run}, /* pg_get_triggerdef */
    {.proc = 2730, .run = no_definition_run},
    {.proc = 3415, .run = no_definition_run}, /* pg_get_statisticsobjdef */
    {.proc = 6174, .run = no_definition_run}, /* pg_get_statisticsobjdef_columns */
    {.proc = 3352, .run = no_definition_run}, /* pg_get_partkeydef */
    {.proc = 3408, .run = no_definition_run}, /* pg_get_partition_constraintdef */
    {.proc = 6197, .run = no_definition_run}, /* pg_get_function_sqlbody */
    {.proc = 2162, .run = function_arguments_run},
    {.proc = 2232, .run = function_identity_run},
    {.proc = 2165, .run = function_result_run},
    {.proc = 3808, .run = function_argument_default_run},
    {0},
};
