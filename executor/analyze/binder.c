/* binder.c - what every part of the analysis uses: errors with positions, names of clauses, dependencies, depth. */
#include "executor/analyze/binder.h"

#include <stdio.h>

/* ---- errors ------------------------------------------------------------------------------------------------------------------- */

enum { MESSAGE_BYTES = 2048 };

noreturn void bind_error(Sqlstate sqlstate, int32_t location, const char *format, ...)
{
    char    text[MESSAGE_BYTES];
    va_list args;
    Error  *err;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err = error_new(sqlstate, "%s", text);
    error_position(err, location);
    error_raise(err);
}

noreturn void bind_error_hint(Sqlstate sqlstate, int32_t location, const char *hint, const char *format, ...)
{
    char    text[MESSAGE_BYTES];
    va_list args;
    Error  *err;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err = error_new(sqlstate, "%s", text);
    if (hint != NULL)
        error_hint(err, "%s", hint);
    error_position(err, location);
    error_raise(err);
}

noreturn void bind_error_detail(Sqlstate sqlstate, int32_t location, const char *detail, const char *format, ...)
{
    char    text[MESSAGE_BYTES];
    va_list args;
    Error  *err;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err = error_new(sqlstate, "%s", text);
    error_detail(err, "%s", detail);
    error_position(err, location);
    error_raise(err);
}

/* ---- positions ------------------------------------------------------------------------------------------------------------------ */

static int32_t leftmost(int32_t a, int32_t b)
{
    if (a < 0)
        return b;
    return b < 0 ? a : MIN(a, b);
}

static int32_t list_location(ExprList list)
{
    for (int32_t i = 0; i < list.count; i++) {
        int32_t location = list.items[i] != NULL ? expr_location(list.items[i]) : -1;

        if (location >= 0)
            return location;
    }
    return -1;
}

int32_t expr_location(const Expr *expr)
{
    if (expr == NULL)
        return -1;
    switch (expr->kind) {
    case EXPR_CALL:
    case EXPR_DISTINCT_FROM:
    case EXPR_NULLIF:
    case EXPR_SET_CALL:
        return leftmost(expr->location, list_location(expr->call.args));
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
        return leftmost(expr->location, list_location(expr->list.args));
    case EXPR_IS_NULL:
    case EXPR_BOOLEAN_TEST:
    case EXPR_FIELD:
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
        return leftmost(expr->location, expr_location(expr->unary.arg));
    case EXPR_ANY_ALL:
        return leftmost(expr->location, expr_location(expr->any_all.left));
    case EXPR_ROW_COMPARE:
        return list_location(expr->any_all.lefts);
    case EXPR_SUBSCRIPT:
        return expr_location(expr->subscript.container);
    case EXPR_SUBQUERY:
        return leftmost(expr->location, list_location(expr->subquery.lefts));
    default:
        return expr->location;
    }
}

int32_t node_list_location(const NodeList *list)
{
    for (int32_t i = 0; i < list_count(list); i++) {
        int32_t location = node_location(list_at(list, i));

        if (location >= 0)
            return location;
    }
    return -1;
}

int32_t node_location(const Node *node)
{
    if (node == NULL)
        return -1;
    switch (node->tag) {
    case NODE_LIST:
        return node_list_location((const NodeList *)node);
    case NODE_A_EXPR:
        return leftmost(node->location, node_location(((const A_Expr *)node)->lexpr));
    case NODE_BOOL_EXPR:
        return leftmost(node->location, node_list_location(((const BoolExpr *)node)->args));
    case NODE_A_INDIRECTION:
        return node_location(((const A_Indirection *)node)->arg);
    case NODE_TYPE_CAST:
        return leftmost(leftmost(node_location(((const TypeCast *)node)->arg), ((const TypeCast *)node)->type_name->node.location), node->location);
    case NODE_COLLATE_CLAUSE:
        return leftmost(node_location(((const CollateClause *)node)->arg), node->location);
    case NODE_NULL_TEST:
        return leftmost(node_location(((const NullTest *)node)->arg), node->location);
    case NODE_BOOLEAN_TEST:
        return leftmost(node_location(((const BooleanTest *)node)->arg), node->location);
    case NODE_SUB_LINK:
        return leftmost(node_location(((const SubLink *)node)->testexpr), node->location);
    case NODE_FUNC_CALL:
        return leftmost(node->location, node_list_location(((const FuncCall *)node)->args));
    default:
        return node->location;
    }
}

/* ---- words -------------------------------------------------------------------------------------------------------------------------- */

const char *clause_name(Clause clause)
{
    static const char *const names[] = {
        [CLAUSE_NONE] = "invalid expression context",
        [CLAUSE_JOIN_ON] = "JOIN/ON",
        [CLAUSE_JOIN_USING] = "JOIN/USING",
        [CLAUSE_FROM_SUBSELECT] = "sub-SELECT in FROM",
        [CLAUSE_FROM_FUNCTION] = "function in FROM",
        [CLAUSE_WHERE] = "WHERE",
        [CLAUSE_HAVING] = "HAVING",
        [CLAUSE_FILTER] = "FILTER",
        [CLAUSE_WINDOW_PARTITION] = "window PARTITION BY",
        [CLAUSE_WINDOW_ORDER] = "window ORDER BY",
        [CLAUSE_WINDOW_FRAME_RANGE] = "window RANGE",
        [CLAUSE_WINDOW_FRAME_ROWS] = "window ROWS",
        [CLAUSE_WINDOW_FRAME_GROUPS] = "window GROUPS",
        [CLAUSE_SELECT_TARGET] = "SELECT",
        [CLAUSE_INSERT_TARGET] = "INSERT",
        [CLAUSE_UPDATE_SOURCE] = "UPDATE",
        [CLAUSE_UPDATE_TARGET] = "UPDATE",
        [CLAUSE_MERGE_WHEN] = "MERGE WHEN",
        [CLAUSE_GROUP_BY] = "GROUP BY",
        [CLAUSE_ORDER_BY] = "ORDER BY",
        [CLAUSE_DISTINCT_ON] = "DISTINCT ON",
        [CLAUSE_LIMIT] = "LIMIT",
        [CLAUSE_OFFSET] = "OFFSET",
        [CLAUSE_RETURNING] = "RETURNING",
        [CLAUSE_VALUES] = "VALUES",
        [CLAUSE_VALUES_SINGLE] = "VALUES",
        [CLAUSE_CHECK] = "CHECK",
        [CLAUSE_DOMAIN_CHECK] = "CHECK",
        [CLAUSE_DEFAULT] = "DEFAULT",
        [CLAUSE_INDEX_EXPRESSION] = "index expression",
        [CLAUSE_INDEX_PREDICATE] = "index predicate",
        [CLAUSE_ALTER_TYPE] = "USING",
        [CLAUSE_EXECUTE] = "EXECUTE",
        [CLAUSE_POLICY] = "POLICY",
        [CLAUSE_PARTITION_BOUND] = "partition bound",
        [CLAUSE_CALL] = "CALL",
        [CLAUSE_COPY_WHERE] = "WHERE",
        [CLAUSE_GENERATED] = "GENERATED AS",
    };

    return names[clause];
}

const char *name_list_text(Arena *arena, const NodeList *names)
{
    StrBuf text;

    strbuf_init(&text, arena);
    for (int32_t i = 0; i < list_count(names); i++) {
        const Node *item = list_at(names, i);

        if (i > 0)
            strbuf_append_char(&text, '.');
        strbuf_append_cstring(&text, item->tag == NODE_STRING ? ((const String *)item)->sval : "*");
    }
    return strbuf_cstring(&text);
}

/* ---- dependencies, depth ------------------------------------------------------------------------------------------------------------- */

void binder_depend(Binder *b, const Desc *desc)
{
    size_t count = (size_t)b->dependency_count;

    for (size_t i = 0; i < count; i++) {
        if (b->dependencies[i].oid == desc->oid && b->dependencies[i].kind == desc->kind)
            return;
    }
    if ((count & (count - 1)) == 0)
        b->dependencies = arena_grow(b->arena, b->dependencies, count * sizeof *b->dependencies, MAX(count * 2, 1) * sizeof *b->dependencies);
    b->dependencies[count].kind = desc->kind;
    b->dependencies[count].oid = desc->oid;
    b->dependencies[count].version = desc->version;
    b->dependency_count++;
}

/* Bytes of stack that analysis may use below where it began; a session's stack is about 2 MB (ENGINE section 12). */
#ifdef NEXA_DEBUG
enum { STACK_LIMIT = 4 << 20 }; /* sanitizers' frames are several times as large, and so are their stacks */
#else
enum { STACK_LIMIT = 1 << 20 };
#endif

void binder_enter(Binder *b)
{
    const char *here = __builtin_frame_address(0);

    if (b->stack_base == NULL)
        b->stack_base = here;
    if (b->stack_base - here > STACK_LIMIT)
        bind_error_hint(SQLSTATE_STATEMENT_TOO_COMPLEX, -1, "Simplify the statement: its expressions are nested too deep.", "stack depth limit exceeded");
    b->depth++;
}

void binder_leave(Binder *b)
{
    b->depth--;
}

TypeContext binder_type_context(Binder *b)
{
    TypeContext ctx = b->session->ctx;

    ctx.arena = b->arena;
    return ctx;
}
