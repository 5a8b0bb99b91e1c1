/* sql_syntax.c - functions that were written in SQL's own syntax: EXTRACT(... FROM ...), x AT TIME ZONE z and kin. */
#include "executor/deparse/deparse_context.h"

static const Expr *arg_of(const Expr *call, int32_t index)
{
    return call->call.args.items[index];
}

/* The text of a constant argument, as a word. */
static void word(Deparse *d, const Expr *constant)
{
    if (constant->kind == EXPR_CONST && !constant->constant.is_null)
        strbuf_append_slice(&d->out, constant->constant.value.bytes);
    else
        deparse_expr(d, constant, false);
}

static void infix(Deparse *d, const Expr *call, const Expr *left, const char *words, const Expr *right)
{
    deparse_char(d, '(');
    deparse_expr_paren(d, left, false, call);
    deparse_text(d, words);
    deparse_expr_paren(d, right, false, call);
    deparse_char(d, ')');
}

static void trim(Deparse *d, const Expr *call, const char *side)
{
    strbuf_printf(&d->out, "TRIM(%s", side);
    if (call->call.args.count == 2) {
        deparse_char(d, ' ');
        deparse_expr(d, arg_of(call, 1), false);
    }
    deparse_text(d, " FROM ");
    deparse_expr(d, arg_of(call, 0), false);
    deparse_char(d, ')');
}

static void substring(Deparse *d, const Expr *call)
{
    bool similar = call->call.args.count == 3 && arg_of(call, 1)->type == TYPE_TEXT;

    deparse_text(d, "SUBSTRING(");
    deparse_expr(d, arg_of(call, 0), false);
    deparse_text(d, similar ? " SIMILAR " : " FROM ");
    deparse_expr(d, arg_of(call, 1), false);
    if (call->call.args.count == 3) {
        deparse_text(d, similar ? " ESCAPE " : " FOR ");
        deparse_expr(d, arg_of(call, 2), false);
    }
    deparse_char(d, ')');
}

static void overlay(Deparse *d, const Expr *call)
{
    static const char *const words[] = {"", " PLACING ", " FROM ", " FOR "};

    deparse_text(d, "OVERLAY(");
    for (int32_t i = 0; i < call->call.args.count && i < 4; i++) {
        deparse_text(d, words[i]);
        deparse_expr(d, arg_of(call, i), false);
    }
    deparse_char(d, ')');
}

/* False when this function has no such syntax after all. */
bool deparse_sql_syntax(Deparse *d, const Expr *call)
{
    const char *name = call->call.proc->name;
    int32_t     count = call->call.args.count;

    if (strcmp(name, "timezone") == 0 && count == 2) {
        infix(d, call, arg_of(call, 1), " AT TIME ZONE ", arg_of(call, 0));
    } else if (strcmp(name, "overlaps") == 0 && count == 4) {
        deparse_text(d, "((");
        deparse_expr(d, arg_of(call, 0), false);
        deparse_text(d, ", ");
        deparse_expr(d, arg_of(call, 1), false);
        deparse_text(d, ") OVERLAPS (");
        deparse_expr(d, arg_of(call, 2), false);
        deparse_text(d, ", ");
        deparse_expr(d, arg_of(call, 3), false);
        deparse_text(d, "))");
    } else if (strcmp(name, "extract") == 0) {
        deparse_text(d, "EXTRACT(");
        word(d, arg_of(call, 0));
        deparse_text(d, " FROM ");
        deparse_expr(d, arg_of(call, 1), false);
        deparse_char(d, ')');
    } else if (strcmp(name, "is_normalized") == 0) {
        deparse_char(d, '(');
        deparse_expr_paren(d, arg_of(call, 0), false, call);
        deparse_text(d, " IS ");
        if (count == 2) {
            word(d, arg_of(call, 1));
            deparse_char(d, ' ');
        }
        deparse_text(d, "NORMALIZED)");
    } else if (strcmp(name, "pg_collation_for") == 0) {
        deparse_text(d, "COLLATION FOR (");
        deparse_expr(d, arg_of(call, 0), false);
        deparse_char(d, ')');
    } else if (strcmp(name, "normalize") == 0) {
        deparse_text(d, "NORMALIZE(");
        deparse_expr(d, arg_of(call, 0), false);
        if (count == 2) {
            deparse_text(d, ", ");
            word(d, arg_of(call, 1));
        }
        deparse_char(d, ')');
    } else if (strcmp(name, "overlay") == 0) {
        overlay(d, call);
    } else if (strcmp(name, "position") == 0) {
        /* the function takes the string first */
        deparse_text(d, "POSITION((");
        deparse_expr(d, arg_of(call, 1), false);
        deparse_text(d, ") IN (");
        deparse_expr(d, arg_of(call, 0), false);
        deparse_text(d, "))");
    } else if (strcmp(name, "substring") == 0) {
        if (count == 2 && arg_of(call, 1)->type == TYPE_TEXT)
            return false; /* PG15: the regular expression form is shown as a call */
        substring(d, call);
    } else if (strcmp(name, "btrim") == 0 || strcmp(name, "ltrim") == 0 || strcmp(name, "rtrim") == 0) {
        trim(d, call, *name == 'b' ? "BOTH" : *name == 'l' ? "LEADING" : "TRAILING");
    } else {
        return false;
    }
    return true;
}
