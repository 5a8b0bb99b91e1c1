/* deparse_expr.c - expressions as SQL. */
#include "executor/analyze/analyze.h"
#include "executor/deparse/deparse_context.h"
#include "executor/expr_tree.h"
#include "executor/store/store.h"
#include "parser/ast.h"

void deparse_text(Deparse *d, const char *text)
{
    strbuf_append_cstring(&d->out, text);
}

void deparse_char(Deparse *d, char c)
{
    strbuf_append_char(&d->out, c);
}

void deparse_keyword(Deparse *d, const char *text, int32_t before, int32_t after, int32_t plus)
{
    int32_t amount;

    d->indent += before;
    while (d->out.size > 0 && d->out.data[d->out.size - 1] == ' ')
        d->out.data[--d->out.size] = '\0';
    deparse_char(d, '\n');
    if (d->indent < INDENT_LIMIT)
        amount = MAX(d->indent, 0) + plus;
    else
        amount = (INDENT_LIMIT + (d->indent - INDENT_LIMIT) / (INDENT_STANDARD / 2)) % INDENT_LIMIT + plus;
    for (int32_t i = 0; i < amount; i++)
        deparse_char(d, ' ');
    deparse_text(d, text);
    d->indent = MAX(d->indent + after, 0);
}

static void open_paren(Deparse *d)
{
    if (!d->pretty)
        deparse_char(d, '(');
}

static void close_paren(Deparse *d)
{
    if (!d->pretty)
        deparse_char(d, ')');
}

/* ---- constants -------------------------------------------------------------------------------------------------------------------- */

static const char *type_name(Deparse *d, Oid type, int32_t typmod)
{
    /* PG15: a type without its length is bpchar here, since char alone would mean char(1) */
    return type_by_oid(type) != NULL ? type_format_column(d->arena, type, typmod) : deparse_type(d->session, d->arena, type, typmod);
}

/* show_type: -1 never, 0 where it is not clear, 1 always. */
void deparse_const(Deparse *d, const Expr *expr, int show_type)
{
    const TypeInfo *info = type_lookup(d->session, d->arena, expr->type);
    TypeContext     ctx = {.arena = d->arena, .extra_float_digits = 1};
    StrBuf          value;
    const char     *text;
    bool            label = true;

    if (expr->constant.is_null) {
        deparse_text(d, "NULL");
        if (show_type >= 0)
            strbuf_printf(&d->out, "::%s", type_name(d, expr->type, expr->typmod));
        return;
    }
    if (d->session != NULL) {
        ctx = d->session->ctx;
        ctx.arena = d->arena;
    }
    strbuf_init(&value, d->arena);
    if (expr->type == TYPE_UNKNOWN)
        strbuf_append_slice(&value, expr->constant.value.bytes);
    else if (info == NULL || info->output == NULL)
        deparse_text(d, "?");
    else
        info->output(info, &expr->constant.value, &ctx, &value);
    text = strbuf_cstring(&value);
    switch (expr->type) {
    case TYPE_INT4:
        label = *text == '-';
        strbuf_printf(&d->out, label ? "'%s'" : "%s", text);
        break;
    case TYPE_NUMERIC:
        label = !(*text >= '0' && *text <= '9' && strpbrk(text, "eE.") != NULL);
        strbuf_printf(&d->out, label ? "'%s'" : "%s", text);
        label |= expr->typmod >= 0;
        break;
    case TYPE_BOOL:
        deparse_text(d, expr->constant.value.boolean ? "true" : "false");
        label = false;
        break;
    case TYPE_UNKNOWN:
        label = false;
        /* fall through */
    default:
        deparse_text(d, deparse_literal(d->arena, strbuf_slice(&value)));
        break;
    }
    if (show_type > 0 || (show_type == 0 && label))
        strbuf_printf(&d->out, "::%s", type_name(d, expr->type, expr->typmod));
}

/* ---- columns ----------------------------------------------------------------------------------------------------------------------- */

static const char *system_column_name(int32_t column)
{
    static const char *const names[] = {"", "ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};

    return column >= COLUMN_TABLEOID && column < 0 ? names[-column] : "?";
}

const char *deparse_column(Deparse *d, const Expr *expr, bool top)
{
    const DeparseLevel *level = d->level;
    const char         *relation = NULL, *column = NULL;
    int32_t             number = expr->kind == EXPR_WHOLE_ROW ? 0 : expr->column.column;

    if (d->resolve != NULL) {
        const char *text = d->resolve(expr, d->arena, d->resolve_context);

        deparse_text(d, text != NULL ? text : "?column?");
        return NULL;
    }
    for (int32_t up = expr->column.levels_up; up > 0 && level != NULL; up--)
        level = level->outer;
    if (level != NULL && level->query != NULL) {
        const RangeEntry *entry = level->query->ranges[expr->column.relation - 1];

        relation = level->names[expr->column.relation - 1];
        if (number > 0 && number <= entry->column_count)
            column = entry->columns[number - 1].name;
    } else if (level != NULL && level->relation != NULL) {
        relation = level->relation->head.name;
        if (number > 0 && number <= level->relation->column_count)
            column = level->relation->columns[number - 1].name;
    }
    if (number < 0)
        column = system_column_name(number);
    if (relation != NULL && (d->qualify || number == 0))
        strbuf_printf(&d->out, "%s.", deparse_identifier(d->arena, relation));
    if (number == 0) {
        deparse_char(d, '*');
        if (top)
            strbuf_printf(&d->out, "::%s", type_name(d, expr->type, expr->typmod));
        return NULL;
    }
    deparse_text(d, column != NULL ? deparse_identifier(d->arena, column) : "?column?");
    return column;
}

/* ---- which expressions need no parentheses ------------------------------------------------------------------------------------------ */

/* '+' or '-': 1, '*', '/' or '%': 2, others and non-operators: 0. */
static int priority(const Expr *expr)
{
    const char *name;

    if (expr->kind != EXPR_CALL || expr->call.op == NULL || expr->call.args.count != 2)
        return 0;
    name = expr->call.op->name;
    if (name[1] != '\0')
        return 0;
    return strchr("+-", name[0]) != NULL ? 1 : strchr("*/%", name[0]) != NULL ? 2 : 0;
}

/* Does what the parent writes around its parts make parentheses needless? */
static bool parent_encloses(const Expr *parent)
{
    if (parent == NULL)
        return false;
    switch (parent->kind) {
    case EXPR_CALL:
    case EXPR_SET_CALL:
        return parent->call.op == NULL && !parent->call.cast_form && !parent->call.sql_syntax;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_SUBSCRIPT:
    case EXPR_ARRAY:
    case EXPR_ROW:
    case EXPR_COALESCE:
    case EXPR_MIN_MAX:
    case EXPR_NULLIF:
    case EXPR_AGG:
    case EXPR_GROUPING:
    case EXPR_WINDOW:
    case EXPR_CASE:
        return true;
    default:
        return false;
    }
}

static bool is_bool_expr(const Expr *expr)
{
    return expr != NULL && (expr->kind == EXPR_AND || expr->kind == EXPR_OR || expr->kind == EXPR_NOT);
}

bool deparse_is_simple(const Deparse *d, const Expr *expr, const Expr *parent)
{
    switch (expr->kind) {
    case EXPR_CALL:
    case EXPR_SET_CALL:
        if (expr->call.op == NULL)
            return true;
        if (parent != NULL && (parent->kind == EXPR_CALL || parent->kind == EXPR_SET_CALL) && parent->call.op != NULL) {
            int own = priority(expr), its = priority(parent);

            if (own == 0 || its == 0)
                return false;
            if (own != its)
                return own > its;
            return expr == parent->call.args.items[0]; /* (a - b) - c, not a - (b - c) */
        }
        return parent_encloses(parent);
    case EXPR_ANY_ALL:
    case EXPR_ROW_COMPARE:
    case EXPR_SUBQUERY:
    case EXPR_IS_NULL:
    case EXPR_BOOLEAN_TEST:
    case EXPR_DISTINCT_FROM:
        return parent_encloses(parent);
    case EXPR_AND:
    case EXPR_NOT:
        if (is_bool_expr(parent))
            return parent->kind != EXPR_NOT;
        return parent_encloses(parent);
    case EXPR_OR:
        if (is_bool_expr(parent))
            return parent->kind == EXPR_OR;
        return parent_encloses(parent);
    case EXPR_FIELD:
        return parent == NULL || parent->kind != EXPR_FIELD;
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
        return deparse_is_simple(d, expr->unary.arg, expr);
    default:
        return true;
    }
}

void deparse_expr_paren(Deparse *d, const Expr *expr, bool show_implicit, const Expr *parent)
{
    bool needed = d->pretty && !deparse_is_simple(d, expr, parent);

    if (needed)
        deparse_char(d, '(');
    deparse_expr(d, expr, show_implicit);
    if (needed)
        deparse_char(d, ')');
}

void deparse_list(Deparse *d, ExprList list, bool show_implicit)
{
    for (int32_t i = 0; i < list.count; i++) {
        if (i > 0)
            deparse_text(d, ", ");
        deparse_expr(d, list.items[i], show_implicit);
    }
}

/* ---- casts --------------------------------------------------------------------------------------------------------------------------- */

static void deparse_cast(Deparse *d, const Expr *arg, const Expr *cast)
{
    if (arg->kind == EXPR_CONST && arg->type == cast->type && arg->typmod == -1) {
        deparse_const(d, arg, -1); /* 'abc'::varchar(3), not 'abc'::varchar::varchar(3) */
    } else {
        open_paren(d);
        deparse_expr_paren(d, arg, false, cast);
        close_paren(d);
    }
    strbuf_printf(&d->out, "::%s", type_name(d, cast->type, cast->typmod));
}

static const char *collation_name(Oid collation)
{
    return collation == 950 ? "\"C\"" : collation == 951 ? "\"POSIX\"" : "\"default\"";
}

static void deparse_unary_cast(Deparse *d, const Expr *expr, bool show_implicit)
{
    const Expr *arg = expr->unary.arg;

    /* x COLLATE c stands as a relabelling to the same type */
    if (expr->kind == EXPR_RELABEL && arg->type == expr->type && expr->unary.explicit_cast && arg->typmod == expr->typmod) {
        open_paren(d);
        deparse_expr_paren(d, arg, show_implicit, expr);
        strbuf_printf(&d->out, " COLLATE %s", collation_name(expr->collation));
        close_paren(d);
        return;
    }
    if (expr->unary.implicit && !show_implicit) {
        deparse_expr_paren(d, arg, false, expr);
        return;
    }
    deparse_cast(d, arg, expr);
}

/* ---- calls ----------------------------------------------------------------------------------------------------------------------------- */

static void deparse_operator(Deparse *d, const Expr *expr)
{
    const ExprList *args = &expr->call.args;

    open_paren(d);
    if (args->count == 2) {
        deparse_expr_paren(d, args->items[0], true, expr);
        strbuf_printf(&d->out, " %s ", expr->call.op->name);
        deparse_expr_paren(d, args->items[1], true, expr);
    } else {
        strbuf_printf(&d->out, "%s ", expr->call.op->name);
        deparse_expr_paren(d, args->items[0], true, expr);
    }
    close_paren(d);
}

static void deparse_call(Deparse *d, const Expr *expr, bool show_implicit)
{
    const ExprList *args = &expr->call.args;

    if (expr->call.op != NULL) {
        deparse_operator(d, expr);
        return;
    }
    if (expr->call.cast_form) {
        if (expr->call.implicit && !show_implicit)
            deparse_expr_paren(d, args->items[0], false, expr);
        else
            deparse_cast(d, args->items[0], expr);
        return;
    }
    if (expr->call.sql_syntax && deparse_sql_syntax(d, expr))
        return;
    strbuf_printf(&d->out, "%s(", deparse_identifier(d->arena, expr->call.proc->name));
    for (int32_t i = 0; i < args->count; i++) {
        if (i > 0)
            deparse_text(d, ", ");
        if (expr->call.variadic && i == args->count - 1)
            deparse_text(d, "VARIADIC ");
        deparse_expr(d, args->items[i], true);
    }
    deparse_char(d, ')');
}

/* The keys of an aggregate's own order: its arguments serve as the target list. */
static void deparse_agg_order(Deparse *d, const Expr *expr)
{
    Target *targets = ARENA_ARRAY_ZEROED(d->arena, (size_t)MAX(expr->agg.args.count, 1), Target);

    for (int32_t i = 0; i < expr->agg.args.count; i++)
        targets[i].expr = expr->agg.args.items[i];
    deparse_order(d, expr->agg.order, expr->agg.order_count, targets, false);
}

static void deparse_agg(Deparse *d, const Expr *expr)
{
    strbuf_printf(&d->out, "%s(%s", deparse_identifier(d->arena, expr->agg.proc->name), expr->agg.distinct ? "DISTINCT " : "");
    if (expr->agg.direct_args.count > 0 || strcmp(expr->agg.proc->name, "mode") == 0) {
        deparse_list(d, expr->agg.direct_args, true);
        deparse_text(d, ") WITHIN GROUP (ORDER BY ");
        deparse_agg_order(d, expr);
    } else {
        if (expr->agg.star)
            deparse_char(d, '*');
        for (int32_t i = 0; i < expr->agg.arg_count; i++) {
            if (i > 0)
                deparse_text(d, ", ");
            deparse_expr(d, expr->agg.args.items[i], true);
        }
        if (expr->agg.order_written) {
            deparse_text(d, " ORDER BY ");
            deparse_agg_order(d, expr);
        }
    }
    if (expr->agg.filter != NULL) {
        deparse_text(d, ") FILTER (WHERE ");
        deparse_expr(d, expr->agg.filter, false);
    }
    deparse_char(d, ')');
}

static void deparse_window_call(Deparse *d, const Expr *expr)
{
    const Query  *query = d->level != NULL ? d->level->query : NULL;
    const Window *window = query != NULL && expr->window.window < query->window_count ? &query->windows[expr->window.window] : NULL;

    strbuf_printf(&d->out, "%s(", deparse_identifier(d->arena, expr->window.proc->name));
    if (expr->window.star)
        deparse_char(d, '*');
    else
        deparse_list(d, expr->window.args, true);
    if (expr->window.filter != NULL) {
        deparse_text(d, ") FILTER (WHERE ");
        deparse_expr(d, expr->window.filter, false);
    }
    deparse_text(d, ") OVER ");
    if (window == NULL)
        deparse_text(d, "(?)");
    else if (window->name != NULL)
        deparse_text(d, deparse_identifier(d->arena, window->name));
    else
        deparse_window_spec(d, query, window);
}

/* ---- compounds ----------------------------------------------------------------------------------------------------------------------------- */

static void deparse_bool(Deparse *d, const Expr *expr)
{
    open_paren(d);
    if (expr->kind == EXPR_NOT)
        deparse_text(d, "NOT ");
    for (int32_t i = 0; i < expr->list.args.count; i++) {
        if (i > 0)
            deparse_text(d, expr->kind == EXPR_AND ? " AND " : " OR ");
        deparse_expr_paren(d, expr->list.args.items[i], false, expr);
    }
    close_paren(d);
}

/* What was written after WHEN: the other side of the comparison with CASE's value. */
static const Expr *when_expr(const Expr *expr, const Expr *test)
{
    if (expr->cases.value == NULL || test->kind != EXPR_CALL || test->call.op == NULL || test->call.args.count != 2)
        return test;
    const Expr *left = test->call.args.items[0];

    while (left->kind == EXPR_RELABEL || left->kind == EXPR_COERCE_IO || left->kind == EXPR_COERCE_TYPMOD)
        left = left->unary.arg;
    if (left->kind == EXPR_CALL && left->call.cast_form)
        left = left->call.args.items[0];
    return left->kind == EXPR_CASE_VALUE ? test->call.args.items[1] : test;
}

static void deparse_case(Deparse *d, const Expr *expr)
{
    deparse_keyword(d, "CASE", 0, INDENT_VAR, 0);
    if (expr->cases.value != NULL) {
        deparse_char(d, ' ');
        deparse_expr(d, expr->cases.value, true);
    }
    for (int32_t i = 0; i < expr->cases.tests.count; i++) {
        deparse_keyword(d, "WHEN ", 0, 0, 0);
        deparse_expr(d, when_expr(expr, expr->cases.tests.items[i]), false);
        deparse_text(d, " THEN ");
        deparse_expr(d, expr->cases.results.items[i], true);
    }
    deparse_keyword(d, "ELSE ", 0, 0, 0);
    deparse_expr(d, expr->cases.otherwise, true);
    deparse_keyword(d, "END", -INDENT_VAR, 0, 0);
}

static void deparse_any_all(Deparse *d, const Expr *expr)
{
    const Expr *right = expr->any_all.right;

    open_paren(d);
    deparse_expr_paren(d, expr->any_all.left, true, expr);
    strbuf_printf(&d->out, " %s %s (", expr->any_all.op->name, expr->any_all.all ? "ALL" : "ANY");
    deparse_expr_paren(d, right, true, expr);
    /* = ANY ((SELECT array)) would be read as a subquery of elements */
    if (right->kind == EXPR_SUBQUERY && right->subquery.kind == SUBQUERY_SCALAR)
        strbuf_printf(&d->out, "::%s", type_name(d, right->type, right->typmod));
    deparse_char(d, ')');
    close_paren(d);
}

static void deparse_row_compare(Deparse *d, const Expr *expr)
{
    deparse_text(d, "(ROW(");
    deparse_list(d, expr->any_all.lefts, true);
    strbuf_printf(&d->out, ") %s ROW(", expr->any_all.ops[0]->name);
    deparse_list(d, expr->any_all.rights, true);
    deparse_text(d, "))");
}

static void deparse_subscripts(Deparse *d, const Expr *expr)
{
    const Expr *container = expr->subscript.container;
    bool        paren = container->kind != EXPR_COLUMN && container->kind != EXPR_FIELD && container->kind != EXPR_SUBSCRIPT;

    if (paren)
        deparse_char(d, '(');
    deparse_expr(d, container, false);
    if (paren)
        deparse_char(d, ')');
    for (int32_t i = 0; i < expr->subscript.upper.count; i++) {
        deparse_char(d, '[');
        if (expr->subscript.slice) {
            if (expr->subscript.lower.items[i] != NULL)
                deparse_expr(d, expr->subscript.lower.items[i], false);
            deparse_char(d, ':');
        }
        if (expr->subscript.upper.items[i] != NULL)
            deparse_expr(d, expr->subscript.upper.items[i], false);
        deparse_char(d, ']');
    }
}

static const char *field_name(Deparse *d, const Expr *expr)
{
    const TypeDesc     *type = expr->unary.arg->type >= OID_FIRST_USER ? (const TypeDesc *)store_desc_by_oid(d->session, d->arena, DESC_TYPE, expr->unary.arg->type) : NULL;
    const RelationDesc *relation = type != NULL && type->relation != 0 ? (const RelationDesc *)store_desc_by_oid(d->session, d->arena, DESC_RELATION, type->relation) : NULL;

    if (relation != NULL && expr->unary.field <= relation->column_count)
        return relation->columns[expr->unary.field - 1].name;
    return arena_printf(d->arena, "f%d", expr->unary.field);
}

static void deparse_field(Deparse *d, const Expr *expr)
{
    const Expr *arg = expr->unary.arg;
    bool        paren = arg->kind != EXPR_SUBSCRIPT && arg->kind != EXPR_FIELD;

    if (paren)
        deparse_char(d, '(');
    deparse_expr(d, arg, true);
    if (paren)
        deparse_char(d, ')');
    strbuf_printf(&d->out, ".%s", deparse_identifier(d->arena, field_name(d, expr)));
}

static void deparse_sublink(Deparse *d, const Expr *expr)
{
    const Expr *test = expr->subquery.test;
    const char *op = "=";
    bool        paren = true;

    deparse_text(d, expr->subquery.kind == SUBQUERY_ARRAY ? "ARRAY(" : "(");
    if (expr->subquery.kind == SUBQUERY_ANY || expr->subquery.kind == SUBQUERY_ALL) {
        while (test != NULL && (test->kind == EXPR_AND || test->kind == EXPR_OR))
            test = test->list.args.items[0];
        if (test != NULL && test->kind == EXPR_CALL && test->call.op != NULL)
            op = test->call.op->name;
        else if (test != NULL && test->kind == EXPR_ROW_COMPARE)
            op = test->any_all.ops[0]->name;
        if (expr->subquery.lefts.count > 1) {
            deparse_char(d, '(');
            deparse_list(d, expr->subquery.lefts, true);
            deparse_char(d, ')');
        } else if (test != NULL && test->kind == EXPR_CALL) {
            deparse_expr_paren(d, test->call.args.items[0], true, test);
        } else {
            deparse_list(d, expr->subquery.lefts, true);
        }
    }
    switch (expr->subquery.kind) {
    case SUBQUERY_EXISTS:
        deparse_text(d, "EXISTS ");
        break;
    case SUBQUERY_ANY:
        if (strcmp(op, "=") == 0)
            deparse_text(d, " IN ");
        else
            strbuf_printf(&d->out, " %s ANY ", op);
        break;
    case SUBQUERY_ALL:
        strbuf_printf(&d->out, " %s ALL ", op);
        break;
    default:
        paren = false;
        break;
    }
    if (paren)
        deparse_char(d, '(');
    deparse_subquery(d, expr->subquery.query, false, d->indent, NULL);
    deparse_text(d, paren ? "))" : ")");
}

static void deparse_sql_value(Deparse *d, const Expr *expr)
{
    static const char *const names[] = {
        [SVFOP_CURRENT_DATE] = "CURRENT_DATE",           [SVFOP_CURRENT_TIME] = "CURRENT_TIME",
        [SVFOP_CURRENT_TIME_N] = "CURRENT_TIME",         [SVFOP_CURRENT_TIMESTAMP] = "CURRENT_TIMESTAMP",
        [SVFOP_CURRENT_TIMESTAMP_N] = "CURRENT_TIMESTAMP", [SVFOP_LOCALTIME] = "LOCALTIME",
        [SVFOP_LOCALTIME_N] = "LOCALTIME",               [SVFOP_LOCALTIMESTAMP] = "LOCALTIMESTAMP",
        [SVFOP_LOCALTIMESTAMP_N] = "LOCALTIMESTAMP",     [SVFOP_CURRENT_ROLE] = "CURRENT_ROLE",
        [SVFOP_CURRENT_USER] = "CURRENT_USER",           [SVFOP_USER] = "USER",
        [SVFOP_SESSION_USER] = "SESSION_USER",           [SVFOP_CURRENT_CATALOG] = "CURRENT_CATALOG",
        [SVFOP_CURRENT_SCHEMA] = "CURRENT_SCHEMA",
    };

    deparse_text(d, names[expr->sql_value.which]);
    if (expr->typmod >= 0)
        strbuf_printf(&d->out, "(%d)", expr->typmod);
}

static void deparse_row(Deparse *d, const Expr *expr)
{
    deparse_text(d, "ROW(");
    deparse_list(d, expr->list.args, true);
    deparse_char(d, ')');
    if (expr->type != TYPE_RECORD)
        strbuf_printf(&d->out, "::%s", type_name(d, expr->type, -1));
}

static void deparse_distinct_from(Deparse *d, const Expr *expr)
{
    if (expr->call.negated) {
        open_paren(d);
        deparse_text(d, "NOT ");
    }
    open_paren(d);
    deparse_expr_paren(d, expr->call.args.items[0], true, expr);
    deparse_text(d, " IS DISTINCT FROM ");
    deparse_expr_paren(d, expr->call.args.items[1], true, expr);
    close_paren(d);
    if (expr->call.negated)
        close_paren(d);
}

static void deparse_nextval(Deparse *d, const Expr *expr)
{
    const RelationDesc *sequence = store_relation_by_oid(d->session, d->arena, expr->nextval.sequence);
    const char         *name = sequence != NULL ? deparse_relation_name(d->session, d->arena, sequence) : "?";

    strbuf_printf(&d->out, "nextval(%s::regclass)", deparse_literal(d->arena, slice_from_cstring(name)));
}

void deparse_expr(Deparse *d, const Expr *expr, bool show_implicit)
{
    static const char *const truths[3][2] = {{" IS UNKNOWN", " IS NOT UNKNOWN"}, {" IS FALSE", " IS NOT FALSE"}, {" IS TRUE", " IS NOT TRUE"}};

    if (expr == NULL)
        return;
    switch (expr->kind) {
    case EXPR_CONST:
        deparse_const(d, expr, 0);
        break;
    case EXPR_COLUMN:
    case EXPR_WHOLE_ROW:
    case EXPR_INPUT:
        deparse_column(d, expr, false);
        break;
    case EXPR_PARAM:
        strbuf_printf(&d->out, "$%d", expr->param.number);
        break;
    case EXPR_CALL:
    case EXPR_SET_CALL:
        deparse_call(d, expr, show_implicit);
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
        deparse_bool(d, expr);
        break;
    case EXPR_IS_NULL:
        open_paren(d);
        deparse_expr_paren(d, expr->unary.arg, true, expr);
        deparse_text(d, expr->unary.negated ? " IS NOT NULL" : " IS NULL");
        close_paren(d);
        break;
    case EXPR_BOOLEAN_TEST:
        open_paren(d);
        deparse_expr_paren(d, expr->unary.arg, false, expr);
        deparse_text(d, truths[expr->unary.truth + 1][expr->unary.negated]);
        close_paren(d);
        break;
    case EXPR_DISTINCT_FROM:
        deparse_distinct_from(d, expr);
        break;
    case EXPR_NULLIF:
        deparse_text(d, "NULLIF(");
        deparse_list(d, expr->call.args, true);
        deparse_char(d, ')');
        break;
    case EXPR_CASE:
        deparse_case(d, expr);
        break;
    case EXPR_COALESCE:
        deparse_text(d, "COALESCE(");
        deparse_list(d, expr->list.args, true);
        deparse_char(d, ')');
        break;
    case EXPR_MIN_MAX:
        deparse_text(d, expr->minmax.greatest ? "GREATEST(" : "LEAST(");
        deparse_list(d, expr->minmax.args, true);
        deparse_char(d, ')');
        break;
    case EXPR_ANY_ALL:
        deparse_any_all(d, expr);
        break;
    case EXPR_ARRAY:
        deparse_text(d, "ARRAY[");
        deparse_list(d, expr->list.args, true);
        deparse_char(d, ']');
        if (expr->list.args.count == 0)
            strbuf_printf(&d->out, "::%s", type_name(d, expr->type, -1));
        break;
    case EXPR_ROW:
        deparse_row(d, expr);
        break;
    case EXPR_ROW_COMPARE:
        deparse_row_compare(d, expr);
        break;
    case EXPR_SUBSCRIPT:
        deparse_subscripts(d, expr);
        break;
    case EXPR_FIELD:
        deparse_field(d, expr);
        break;
    case EXPR_RELABEL:
    case EXPR_COERCE_IO:
    case EXPR_COERCE_TYPMOD:
    case EXPR_COERCE_ARRAY:
        deparse_unary_cast(d, expr, show_implicit);
        break;
    case EXPR_CASE_VALUE:
        deparse_text(d, "VALUE");
        break;
    case EXPR_SQL_VALUE:
        deparse_sql_value(d, expr);
        break;
    case EXPR_AGG:
        deparse_agg(d, expr);
        break;
    case EXPR_GROUPING:
        deparse_text(d, "GROUPING(");
        deparse_list(d, expr->grouping.args, true);
        deparse_char(d, ')');
        break;
    case EXPR_WINDOW:
        deparse_window_call(d, expr);
        break;
    case EXPR_SUBQUERY:
        deparse_sublink(d, expr);
        break;
    case EXPR_DEFAULT:
        deparse_text(d, "DEFAULT");
        break;
    case EXPR_NEXTVAL:
        deparse_nextval(d, expr);
        break;
    }
}

/* ---- entry points ------------------------------------------------------------------------------------------------------------------------ */

const char *deparse_expression(Session *session, Arena *arena, const Expr *expr, const RelationDesc *relation, DeparseStyle style)
{
    DeparseLevel level = {.relation = relation};
    Deparse      d = {.session = session, .arena = arena, .level = &level, .pretty = style == DEPARSE_PRETTY};

    strbuf_init(&d.out, arena);
    deparse_expr(&d, expr, false);
    return strbuf_cstring(&d.out);
}

const char *deparse_expression_with(Session *session, Arena *arena, const Expr *expr, DeparseStyle style, DeparseColumn resolve, void *context)
{
    Deparse d = {.session = session, .arena = arena, .pretty = style == DEPARSE_PRETTY, .resolve = resolve, .resolve_context = context};

    strbuf_init(&d.out, arena);
    deparse_expr(&d, expr, false);
    return strbuf_cstring(&d.out);
}
