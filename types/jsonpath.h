/*
 * jsonpath.h - the type jsonpath: SQL/JSON path expressions, parsed and printed as PostgreSQL 15 does.
 *
 * A value of the type is the expression's canonical text (what PostgreSQL prints), so it is stored and compared as such;
 * jsonpath_parse() makes the tree that executor/func/jsonpath_run.c follows. Trees are read once per call site.
 *
 * Ownership   trees live in the arena given and borrow the text.
 * Raises      42601 and 22P02 for what is no path, 0A000 for the "x" flag, 54001 for deep nesting, 53200
 */
#ifndef TYPES_JSONPATH_H
#define TYPES_JSONPATH_H

#include "base/strbuf.h"
#include "types/datum.h"

typedef enum JsonPathKind {
    /* values */
    PATH_NULL = 1,
    PATH_TRUE,
    PATH_FALSE,
    PATH_STRING,   /* text */
    PATH_NUMBER,   /* number */
    PATH_VARIABLE, /* text: the name */
    PATH_ROOT,     /* $ */
    PATH_CURRENT,  /* @ */
    PATH_LAST,
    /* accessors */
    PATH_KEY,         /* text */
    PATH_ANY_KEY,     /* .* */
    PATH_ANY_ARRAY,   /* [*] */
    PATH_INDEX_ARRAY, /* subscripts */
    PATH_ANY,         /* .**{first to last}; UINT32_MAX: last */
    PATH_FILTER,      /* left: the predicate */
    PATH_TYPE,
    PATH_SIZE,
    PATH_ABS,
    PATH_FLOOR,
    PATH_CEILING,
    PATH_DOUBLE,
    PATH_DATETIME,    /* left: the template, or NULL */
    PATH_KEYVALUE,
    /* arithmetic */
    PATH_ADD,
    PATH_SUBTRACT,
    PATH_MULTIPLY,
    PATH_DIVIDE,
    PATH_MODULO,
    PATH_PLUS,        /* unary: left */
    PATH_MINUS,
    /* predicates */
    PATH_AND,
    PATH_OR,
    PATH_NOT,
    PATH_IS_UNKNOWN,
    PATH_EXISTS,
    PATH_EQUAL,
    PATH_NOT_EQUAL,
    PATH_LESS,
    PATH_LESS_EQUAL,
    PATH_GREATER,
    PATH_GREATER_EQUAL,
    PATH_STARTS_WITH,
    PATH_LIKE_REGEX,  /* left, text: the pattern, flags */
} JsonPathKind;

enum {
    PATH_FLAG_ICASE = 1,
    PATH_FLAG_DOTALL = 2,
    PATH_FLAG_MLINE = 4,
    PATH_FLAG_QUOTE = 16,
};

typedef struct JsonPathNode JsonPathNode;

typedef struct JsonPathSubscript {
    JsonPathNode *from;
    JsonPathNode *to; /* NULL: one element */
} JsonPathSubscript;

struct JsonPathNode {
    JsonPathKind       kind;
    JsonPathNode      *next; /* the accessor applied to this one's results */
    JsonPathNode      *left, *right;
    Slice              text;
    Numeric            number;
    JsonPathSubscript *subscripts;
    int32_t            subscript_count;
    uint32_t           first, last;
    int32_t            flags;
    void             **compiled; /* PATH_LIKE_REGEX: where the executor keeps the compiled pattern, as long as the tree */
};

typedef struct JsonPathTree {
    bool          strict;
    JsonPathNode *root;
    Arena        *arena; /* of the nodes */
} JsonPathTree;

void jsonpath_parse(Slice text, Arena *arena, JsonPathTree *out);

/* Appends the canonical text. */
void jsonpath_print(const JsonPathTree *tree, StrBuf *out);

/* The name of an operator or method in messages: "+", "floor". */
const char *jsonpath_kind_name(JsonPathKind kind);

static inline bool jsonpath_is_predicate(JsonPathKind kind)
{
    return kind >= PATH_AND;
}

#endif
