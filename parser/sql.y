// sql.y - the grammar of NexaDB's SQL: what is declared once. The rules are in grammar/*.y.
//
// The language is PostgreSQL 15's, less XML, plus CREATE COLLECTION. The build puts this file, grammar/*.y and what
// keywords.awk makes of keywords.def together, since Lemon has no include. An action builds one node, by MAKE() or a
// function of make*.h, and does nothing else. Aliases are capitalised words that are no C identifiers: Lemon
// replaces them wherever they occur in the action.
//
// Where PostgreSQL's manual gives a synopsis, rules follow its order; the layering of expressions (a_expr, b_expr,
// c_expr) and of SELECT in parentheses is what makes the language LALR(1), and comments there say why.

%name           SqlParse
%token_prefix   TK_
%token_type     {Token}
%default_type   {Node *}
%extra_context  {ParseContext *pc}
%start_symbol   input
// Entries of 24 bytes on the C stack, touched only as deep as a statement nests: what a YYMINORTYPE of 16 bytes
// gives, which keeps structs in %type to two words.
%stack_size     5000

%include {
#include "parser/make.h"
#include "parser/make_ddl.h"
#include "parser/make_expr.h"
#include "parser/make_object.h"
#include "parser/make_query.h"
#include "parser/make_utility.h"
#include "parser/parse_context.h"

#define NDEBUG // no tracing, no assertions of Lemon's own
#define YYNOERRORRECOVERY 1
#define YYMALLOCARGTYPE size_t
}

%syntax_error {
    raise_syntax_error(pc);
}

%stack_overflow {
    raise_parse_too_deep();
}

%code {
// Feeds the tokens of pc's text to the grammar. Lemon keeps the parser's type to this file, so the driver is here.
void run_grammar(ParseContext *pc, int mode_token)
{
    yyParser parser;
    _Static_assert(sizeof(YYMINORTYPE) <= 16, "a type of the grammar is larger than two words");
    Token    token = {.str = "", .location = 0};

    SqlParseInit(&parser, pc);
    if (mode_token != 0)
        SqlParse(&parser, mode_token, token);
    for (;;) {
        int kind = next_token(pc, &token);

        SqlParse(&parser, kind, token);
        if (kind == 0)
            break;
        pc->previous_end = pc->token_end;
    }
    SqlParseFinalize(&parser);
}
}

// Tokens of the lexer that no rule uses: the first two are turned into IDENT and SCONST by next_token().
%token UIDENT USCONST STRAY DOT_DOT.

// ---- precedence, lowest first ---------------------------------------------------------------------------------
// Lemon gives a rule the precedence of its first symbol that has one, unless [TOKEN] says otherwise.

%nonassoc SET.                   // UPDATE t set ...: SET after a table is the clause, not an alias
%left     UNION EXCEPT.
%left     INTERSECT.
%left     OR.
%left     AND.
%right    NOT.
%nonassoc IS ISNULL NOTNULL.
%nonassoc LESS GREATER EQUAL LESS_EQUALS GREATER_EQUALS NOT_EQUALS.
%nonassoc BETWEEN IN LIKE ILIKE SIMILAR NOT_LA.
%nonassoc ESCAPE.                // a LIKE b ESCAPE c belongs to the nearest LIKE
// UNBOUNDED PRECEDING could begin with a column named unbounded: it stands below PRECEDING to be the keyword.
// PARTITION, RANGE, ROWS and GROUPS after OVER ( are clauses, not the name of a window to copy (IDENT's level
// makes the empty name win). CUBE ( and ROLLUP ( in GROUP BY are the constructs, not functions.
%nonassoc UNBOUNDED.
%nonassoc IDENT PARTITION RANGE ROWS GROUPS PRECEDING FOLLOWING CUBE ROLLUP.
%left     OP OPERATOR.           // every operator without a level of its own
%left     PLUS MINUS.
%left     STAR SLASH PERCENT.
%left     CARET.
%left     AT.                    // AT TIME ZONE
%left     COLLATE.
%right    UMINUS.
%left     LBRACKET RBRACKET.
%left     LPAREN RPAREN.
%left     TYPECAST.
%left     DOT.
// A join binds its right side first: in a JOIN b JOIN c the rule is reduced before the next JOIN is shifted.
%left     JOIN CROSS LEFT FULL RIGHT INNER NATURAL.

// ---- the text ---------------------------------------------------------------------------------------------------

input ::= statements(Stmts).                    { pc->result = Stmts; }
input ::= MODE_EXPRESSION a_expr(Expr).         { pc->expression = Expr; }
input ::= MODE_TYPE_NAME typename(Type_name).   { pc->expression = NODE(Type_name); }

%type statements {NodeList *}
statements(Res) ::= statements(Head) SEMI raw_stmt(Stmt). { Res = append_statement(pc, Head, Stmt); }
statements(Res) ::= raw_stmt(Stmt).                       { Res = append_statement(pc, NULL, Stmt); }

// The position of a statement is that of the token that comes when nothing of it has been read yet.
raw_stmt(Res) ::= statement_start(Start) toplevel_stmt(Stmt). { Res = make_raw_stmt(pc, Start, Stmt); }
%type statement_start {int}
statement_start(Res) ::= . { Res = pc->token_location; }

toplevel_stmt(Res) ::= stmt(Res).
toplevel_stmt(Res) ::= transaction_stmt_legacy(Res).
stmt(Res) ::= . { Res = NULL; }
