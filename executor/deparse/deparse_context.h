/*
 * deparse_context.h - what the files of the deparser share.
 *
 * The layout is that of PostgreSQL's ruleutils with its PRETTYFLAG_INDENT always on, as its SQL functions have it; `pretty` leaves out
 * parentheses that precedence makes needless.
 */
#ifndef EXECUTOR_DEPARSE_CONTEXT_H
#define EXECUTOR_DEPARSE_CONTEXT_H

#include "executor/deparse/deparse.h"

/* One query level: what its range entries are called. */
typedef struct DeparseLevel DeparseLevel;
struct DeparseLevel {
    const DeparseLevel *outer;
    const Query        *query;    /* NULL: an expression over one relation, or none */
    const RelationDesc *relation; /* of such an expression */
    const char        **names;    /* by range index - 1; NULL items: not shown */
};

typedef struct Deparse {
    Session            *session;
    Arena              *arena;
    StrBuf              out;
    const DeparseLevel *level;
    bool                pretty;
    bool                qualify;  /* columns are shown with their relation's name */
    int32_t             indent;
    DeparseColumn       resolve;  /* instead of level */
    void               *resolve_context;
    bool                set_op_leaf; /* the target list that comes next is that of a leaf */
} Deparse;

enum { INDENT_STANDARD = 8, INDENT_JOIN = 4, INDENT_VAR = 4, INDENT_LIMIT = 40 };

void deparse_text(Deparse *d, const char *text);
void deparse_char(Deparse *d, char c);
/* A keyword on a line of its own: the level changes by before, the line starts at level + plus, then the level changes by after. */
void deparse_keyword(Deparse *d, const char *text, int32_t before, int32_t after, int32_t plus);

/* show_implicit: casts that the analyzer inserted are shown too. */
void deparse_expr(Deparse *d, const Expr *expr, bool show_implicit);
void deparse_expr_paren(Deparse *d, const Expr *expr, bool show_implicit, const Expr *parent);
void deparse_list(Deparse *d, ExprList list, bool show_implicit);
void deparse_const(Deparse *d, const Expr *expr, int show_type);
/* A column; top: alone in a target list, where a whole row needs its type. Returns the column's name. */
const char *deparse_column(Deparse *d, const Expr *expr, bool top);
void deparse_sort_key(Deparse *d, const Target *targets, int32_t target, bool force_number);
void deparse_order(Deparse *d, const SortClause *items, int32_t count, const Target *targets, bool force_number);
void deparse_window_spec(Deparse *d, const Query *query, const Window *window);
/* A query inside the text so far. names_matter: output names are seen from outside. */
void deparse_subquery(Deparse *d, const Query *query, bool names_matter, int32_t indent, const char *const *names);
bool deparse_is_simple(const Deparse *d, const Expr *expr, const Expr *parent);
bool deparse_sql_syntax(Deparse *d, const Expr *call);

#endif
