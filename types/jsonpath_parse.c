/*
 * jsonpath_parse.c - the grammar of jsonpath, by recursive descent.
 *
 * Priorities from low to high: ||, &&, !, comparisons, + and -, * / %, signs, accessors. Predicates and expressions are apart, as in
 * PostgreSQL: a predicate is no operand unless it stands in parentheses and has an accessor behind it.
 */
#include "base/cancel.h"
#include "base/error.h"
#include "types/jsonpath.h"
#include "types/jsonpath_lex.h"
#include "types/numeric_math.h"

typedef struct Parser {
    PathLexer lexer;
    Arena    *arena;
    bool      strict;
    int       filters;    /* how deep in filters: @ has a meaning */
    int       subscripts; /* how deep in subscripts: last has a meaning */
    int       depth;
} Parser;

enum { MAX_DEPTH = 1000 };

static JsonPathNode *parse_or(Parser *parser);

static JsonPathNode *new_node(const Parser *parser, JsonPathKind kind)
{
    JsonPathNode *node = ARENA_NEW(parser->arena, JsonPathNode);

    node->kind = kind;
    return node;
}

static JsonPathNode *new_pair(const Parser *parser, JsonPathKind kind, JsonPathNode *left, JsonPathNode *right)
{
    JsonPathNode *node = new_node(parser, kind);

    node->left = left;
    node->right = right;
    return node;
}

static bool accept(Parser *parser, int token)
{
    if (parser->lexer.token != token)
        return false;
    path_lexer_next(&parser->lexer);
    return true;
}

static void expect(Parser *parser, int token)
{
    if (!accept(parser, token))
        path_syntax_error(&parser->lexer);
}

static bool at_keyword(const Parser *parser, PathKeyword keyword)
{
    return parser->lexer.token == TOKEN_WORD && parser->lexer.keyword == keyword;
}

static bool accept_keyword(Parser *parser, PathKeyword keyword)
{
    if (!at_keyword(parser, keyword))
        return false;
    path_lexer_next(&parser->lexer);
    return true;
}

static void expect_keyword(Parser *parser, PathKeyword keyword)
{
    if (!accept_keyword(parser, keyword))
        path_syntax_error(&parser->lexer);
}

/* Whether a parsed node is a predicate as it stands: with an accessor behind it, it is an expression. */
static bool is_predicate(const JsonPathNode *node)
{
    return jsonpath_is_predicate(node->kind) && node->next == NULL;
}

static void need_expression(Parser *parser, const JsonPathNode *node)
{
    if (is_predicate(node))
        path_syntax_error(&parser->lexer);
}

static void need_predicate(Parser *parser, const JsonPathNode *node)
{
    if (!is_predicate(node))
        path_syntax_error(&parser->lexer);
}

static JsonPathNode *parse_expression(Parser *parser);

static JsonPathNode *parse_predicate_in_parentheses(Parser *parser)
{
    JsonPathNode *node;

    expect(parser, '(');
    node = parse_or(parser);
    need_predicate(parser, node);
    expect(parser, ')');
    return node;
}

/* ---- accessors --------------------------------------------------------------------------------------------------- */

static uint32_t parse_level(Parser *parser)
{
    uint64_t level = 0;

    if (accept_keyword(parser, KEYWORD_LAST))
        return UINT32_MAX;
    if (parser->lexer.token != TOKEN_INTEGER)
        path_syntax_error(&parser->lexer);
    for (size_t i = 0; i < parser->lexer.text.size; i++)
        level = MIN(level * 10 + (uint64_t)(parser->lexer.text.data[i] - '0'), (uint64_t)INT32_MAX);
    path_lexer_next(&parser->lexer);
    return (uint32_t)level;
}

static JsonPathNode *parse_any(Parser *parser)
{
    JsonPathNode *node = new_node(parser, PATH_ANY);

    node->last = UINT32_MAX;
    if (!accept(parser, '{'))
        return node;
    node->first = parse_level(parser);
    node->last = accept_keyword(parser, KEYWORD_TO) ? parse_level(parser) : node->first;
    expect(parser, '}');
    return node;
}

static JsonPathKind method_of(PathKeyword keyword)
{
    switch (keyword) {
    case KEYWORD_ABS:
        return PATH_ABS;
    case KEYWORD_SIZE:
        return PATH_SIZE;
    case KEYWORD_TYPE:
        return PATH_TYPE;
    case KEYWORD_FLOOR:
        return PATH_FLOOR;
    case KEYWORD_DOUBLE:
        return PATH_DOUBLE;
    case KEYWORD_CEILING:
        return PATH_CEILING;
    case KEYWORD_KEYVALUE:
        return PATH_KEYVALUE;
    case KEYWORD_DATETIME:
        return PATH_DATETIME;
    default:
        return 0;
    }
}

static JsonPathNode *parse_string(Parser *parser)
{
    JsonPathNode *node = new_node(parser, PATH_STRING);

    if (parser->lexer.token != TOKEN_STRING)
        path_syntax_error(&parser->lexer);
    node->text = parser->lexer.text;
    path_lexer_next(&parser->lexer);
    return node;
}

/* Behind a dot. */
static JsonPathNode *parse_member(Parser *parser)
{
    JsonPathNode *node;
    PathKeyword   keyword = parser->lexer.keyword;

    if (accept(parser, '*'))
        return new_node(parser, PATH_ANY_KEY);
    if (accept(parser, TOKEN_ANY))
        return parse_any(parser);
    if (parser->lexer.token != TOKEN_WORD && parser->lexer.token != TOKEN_STRING)
        path_syntax_error(&parser->lexer);
    node = new_node(parser, PATH_KEY);
    node->text = parser->lexer.text;
    path_lexer_next(&parser->lexer);
    if (parser->lexer.token != '(')
        return node;
    node->kind = method_of(keyword);
    if (node->kind == 0)
        path_syntax_error(&parser->lexer);
    path_lexer_next(&parser->lexer);
    if (node->kind == PATH_DATETIME && parser->lexer.token == TOKEN_STRING)
        node->left = parse_string(parser);
    expect(parser, ')');
    return node;
}

/* Behind a bracket. */
static JsonPathNode *parse_subscripts(Parser *parser)
{
    JsonPathNode *node;
    int32_t       capacity = 0;

    if (accept(parser, '*')) {
        expect(parser, ']');
        return new_node(parser, PATH_ANY_ARRAY);
    }
    node = new_node(parser, PATH_INDEX_ARRAY);
    parser->subscripts++;
    do {
        JsonPathSubscript *subscript;

        if (node->subscript_count == capacity) {
            int32_t grown = MAX(4, capacity * 2);

            node->subscripts = arena_grow(parser->arena, node->subscripts, (size_t)capacity * sizeof *node->subscripts,
                                          (size_t)grown * sizeof *node->subscripts);
            capacity = grown;
        }
        subscript = &node->subscripts[node->subscript_count++];
        subscript->from = parse_expression(parser);
        subscript->to = accept_keyword(parser, KEYWORD_TO) ? parse_expression(parser) : NULL;
    } while (accept(parser, ','));
    parser->subscripts--;
    expect(parser, ']');
    return node;
}

static JsonPathNode *parse_filter(Parser *parser)
{
    JsonPathNode *node = new_node(parser, PATH_FILTER);

    parser->filters++;
    node->left = parse_predicate_in_parentheses(parser);
    parser->filters--;
    return node;
}

/* Hangs the accessors that follow behind a node. */
static void parse_accessors(Parser *parser, JsonPathNode *node)
{
    while (node->next != NULL)
        node = node->next;
    for (;;) {
        if (accept(parser, '.'))
            node->next = parse_member(parser);
        else if (accept(parser, '['))
            node->next = parse_subscripts(parser);
        else if (accept(parser, '?'))
            node->next = parse_filter(parser);
        else
            return;
        node = node->next;
    }
}

/* ---- operands ---------------------------------------------------------------------------------------------------- */

static JsonPathNode *parse_number(Parser *parser)
{
    JsonPathNode *node = new_node(parser, PATH_NUMBER);

    switch (numeric_try_parse(parser->lexer.text, parser->arena, &node->number)) {
    case NUMERIC_PARSE_OK:
        break;
    case NUMERIC_PARSE_OVERFLOW:
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    default:
        path_syntax_error(&parser->lexer);
    }
    path_lexer_next(&parser->lexer);
    return node;
}

static JsonPathNode *parse_variable(Parser *parser)
{
    JsonPathNode *node = new_node(parser, PATH_VARIABLE);

    node->text = parser->lexer.text;
    path_lexer_next(&parser->lexer);
    return node;
}

static JsonPathNode *parse_word(Parser *parser)
{
    switch (parser->lexer.keyword) {
    case KEYWORD_NULL:
        path_lexer_next(&parser->lexer);
        return new_node(parser, PATH_NULL);
    case KEYWORD_TRUE:
        path_lexer_next(&parser->lexer);
        return new_node(parser, PATH_TRUE);
    case KEYWORD_FALSE:
        path_lexer_next(&parser->lexer);
        return new_node(parser, PATH_FALSE);
    case KEYWORD_LAST:
        if (parser->subscripts == 0)
            raise_error(SQLSTATE_SYNTAX_ERROR, "LAST is allowed only in array subscripts");
        path_lexer_next(&parser->lexer);
        return new_node(parser, PATH_LAST);
    default:
        path_syntax_error(&parser->lexer);
    }
}

/* Something in parentheses: an expression, a predicate with accessors, or a predicate. */
static JsonPathNode *parse_parentheses(Parser *parser)
{
    JsonPathNode *node;

    path_lexer_next(&parser->lexer);
    node = parse_or(parser);
    expect(parser, ')');
    if (is_predicate(node) && accept_keyword(parser, KEYWORD_IS)) {
        expect_keyword(parser, KEYWORD_UNKNOWN);
        return new_pair(parser, PATH_IS_UNKNOWN, node, NULL);
    }
    return node;
}

static JsonPathNode *parse_primary(Parser *parser)
{
    switch (parser->lexer.token) {
    case TOKEN_STRING:
        return parse_string(parser);
    case TOKEN_NUMBER:
    case TOKEN_INTEGER:
        return parse_number(parser);
    case TOKEN_VARIABLE:
        return parse_variable(parser);
    case '$':
        path_lexer_next(&parser->lexer);
        return new_node(parser, PATH_ROOT);
    case '@':
        if (parser->filters == 0)
            raise_error(SQLSTATE_SYNTAX_ERROR, "@ is not allowed in root expressions");
        path_lexer_next(&parser->lexer);
        return new_node(parser, PATH_CURRENT);
    case '(':
        return parse_parentheses(parser);
    case TOKEN_WORD:
        return parse_word(parser);
    default:
        path_syntax_error(&parser->lexer);
    }
}

/* PG15: a sign before a number literal belongs to the number. */
static JsonPathNode *parse_unary(Parser *parser)
{
    JsonPathNode *node;
    bool          minus = parser->lexer.token == '-';

    if (++parser->depth > MAX_DEPTH)
        stack_depth_raise();
    if (accept(parser, '-') || accept(parser, '+')) {
        JsonPathNode *operand = parse_unary(parser);

        need_expression(parser, operand);
        if (operand->kind == PATH_NUMBER && operand->next == NULL) {
            if (minus)
                numeric_negate(&operand->number, &operand->number);
            node = operand;
        } else {
            node = new_pair(parser, minus ? PATH_MINUS : PATH_PLUS, operand, NULL);
        }
    } else {
        node = parse_primary(parser);
        parse_accessors(parser, node);
    }
    parser->depth--;
    return node;
}

static JsonPathNode *parse_product(Parser *parser)
{
    JsonPathNode *left = parse_unary(parser);

    for (;;) {
        JsonPathKind kind = parser->lexer.token == '*'   ? PATH_MULTIPLY
                            : parser->lexer.token == '/' ? PATH_DIVIDE
                            : parser->lexer.token == '%' ? PATH_MODULO
                                                         : 0;
        JsonPathNode *right;

        if (kind == 0)
            return left;
        need_expression(parser, left);
        path_lexer_next(&parser->lexer);
        right = parse_unary(parser);
        need_expression(parser, right);
        left = new_pair(parser, kind, left, right);
    }
}

static JsonPathNode *parse_sum(Parser *parser)
{
    JsonPathNode *left = parse_product(parser);

    while (parser->lexer.token == '+' || parser->lexer.token == '-') {
        JsonPathKind  kind = parser->lexer.token == '+' ? PATH_ADD : PATH_SUBTRACT;
        JsonPathNode *right;

        need_expression(parser, left);
        path_lexer_next(&parser->lexer);
        right = parse_product(parser);
        need_expression(parser, right);
        left = new_pair(parser, kind, left, right);
    }
    return left;
}

static JsonPathNode *parse_expression(Parser *parser)
{
    JsonPathNode *node = parse_sum(parser);

    need_expression(parser, node);
    return node;
}

/* ---- predicates -------------------------------------------------------------------------------------------------- */

static int32_t flags_of(Slice text)
{
    int32_t flags = 0;

    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case 'i':
            flags |= PATH_FLAG_ICASE;
            break;
        case 's':
            flags |= PATH_FLAG_DOTALL;
            break;
        case 'm':
            flags |= PATH_FLAG_MLINE;
            break;
        case 'q':
            flags |= PATH_FLAG_QUOTE;
            break;
        case 'x':
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "XQuery \"x\" flag (expanded regular expressions) is not implemented");
        default: {
            Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "invalid input syntax for type %s", "jsonpath");

            error_detail(err, "Unrecognized flag character \"%.*s\" in LIKE_REGEX predicate.", 1, (const char *)text.data + i);
            error_raise(err);
        }
        }
    }
    return flags;
}

static JsonPathNode *parse_like_regex(Parser *parser, JsonPathNode *left)
{
    JsonPathNode *node = new_pair(parser, PATH_LIKE_REGEX, left, NULL);

    node->compiled = ARENA_NEW(parser->arena, void *);
    if (parser->lexer.token != TOKEN_STRING)
        path_syntax_error(&parser->lexer);
    node->text = parser->lexer.text;
    path_lexer_next(&parser->lexer);
    if (accept_keyword(parser, KEYWORD_FLAG)) {
        if (parser->lexer.token != TOKEN_STRING)
            path_syntax_error(&parser->lexer);
        node->flags = flags_of(parser->lexer.text);
        path_lexer_next(&parser->lexer);
    }
    return node;
}

static JsonPathKind comparison_of(int token)
{
    switch (token) {
    case TOKEN_EQUAL:
        return PATH_EQUAL;
    case TOKEN_NOT_EQUAL:
        return PATH_NOT_EQUAL;
    case '<':
        return PATH_LESS;
    case TOKEN_LESS_EQUAL:
        return PATH_LESS_EQUAL;
    case '>':
        return PATH_GREATER;
    case TOKEN_GREATER_EQUAL:
        return PATH_GREATER_EQUAL;
    default:
        return 0;
    }
}

static JsonPathNode *parse_comparison(Parser *parser)
{
    JsonPathNode *left, *right;
    JsonPathKind  kind;

    if (accept(parser, '!')) {
        if (at_keyword(parser, KEYWORD_EXISTS))
            return new_pair(parser, PATH_NOT, parse_comparison(parser), NULL);
        return new_pair(parser, PATH_NOT, parse_predicate_in_parentheses(parser), NULL);
    }
    if (at_keyword(parser, KEYWORD_EXISTS)) {
        path_lexer_next(&parser->lexer);
        expect(parser, '(');
        left = parse_expression(parser);
        expect(parser, ')');
        return new_pair(parser, PATH_EXISTS, left, NULL);
    }
    left = parse_sum(parser);
    kind = comparison_of(parser->lexer.token);
    if (kind != 0) {
        need_expression(parser, left);
        path_lexer_next(&parser->lexer);
        right = parse_expression(parser);
        return new_pair(parser, kind, left, right);
    }
    if (at_keyword(parser, KEYWORD_STARTS)) {
        need_expression(parser, left);
        path_lexer_next(&parser->lexer);
        expect_keyword(parser, KEYWORD_WITH);
        right = parser->lexer.token == TOKEN_VARIABLE ? parse_variable(parser) : parse_string(parser);
        return new_pair(parser, PATH_STARTS_WITH, left, right);
    }
    if (at_keyword(parser, KEYWORD_LIKE_REGEX)) {
        need_expression(parser, left);
        path_lexer_next(&parser->lexer);
        return parse_like_regex(parser, left);
    }
    return left;
}

static JsonPathNode *parse_and(Parser *parser)
{
    JsonPathNode *left = parse_comparison(parser);

    while (parser->lexer.token == TOKEN_AND) {
        JsonPathNode *right;

        need_predicate(parser, left);
        path_lexer_next(&parser->lexer);
        right = parse_comparison(parser);
        need_predicate(parser, right);
        left = new_pair(parser, PATH_AND, left, right);
    }
    return left;
}

static JsonPathNode *parse_or(Parser *parser)
{
    JsonPathNode *left;

    if (++parser->depth > MAX_DEPTH)
        stack_depth_raise();
    left = parse_and(parser);
    while (parser->lexer.token == TOKEN_OR) {
        JsonPathNode *right;

        need_predicate(parser, left);
        path_lexer_next(&parser->lexer);
        right = parse_and(parser);
        need_predicate(parser, right);
        left = new_pair(parser, PATH_OR, left, right);
    }
    parser->depth--;
    return left;
}

void jsonpath_parse(Slice text, Arena *arena, JsonPathTree *out)
{
    Parser parser = {.arena = arena};

    path_lexer_init(&parser.lexer, text, arena);
    if (parser.lexer.token == TOKEN_END)
        raise_error(SQLSTATE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s: \"%.*s\"", "jsonpath",
                    (int)text.size, (const char *)text.data);
    out->strict = accept_keyword(&parser, KEYWORD_STRICT);
    if (!out->strict)
        accept_keyword(&parser, KEYWORD_LAX);
    out->arena = arena;
    out->root = parse_or(&parser);
    if (parser.lexer.token != TOKEN_END)
        path_syntax_error(&parser.lexer);
}
