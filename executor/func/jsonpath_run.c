/*
 * jsonpath_run.c - following a jsonpath through a document.
 *
 * Each node takes one item and hands what it makes of it to the node behind it; at the end of the chain an item is found. Without a list
 * to gather in, the first item found ends the walk.
 */
#include "executor/func/jsonpath_run.h"

#include "base/cancel.h"
#include "base/error.h"
#include "executor/func/regex.h"
#include "types/float.h"
#include "types/jsonb_build.h"
#include "types/numeric_math.h"

#include <math.h>

/* The outcome of a predicate. */
typedef enum Truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN } Truth;

typedef struct Walk {
    const PathRun *run;
    Arena         *arena;
    Slice          current;               /* @ */
    int64_t        innermost_array_size;  /* what last means; -1: nothing */
    bool           lax;
    bool           ignore_structural_errors;
    bool           throws;
} Walk;

typedef const JsonPathNode Node;

static PathResult run_item(Walk *walk, Node *node, Slice item, PathItems *found);
static PathResult run_unwrapping(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap);
static Truth      run_predicate(Walk *walk, Node *node, Slice item);

static const Slice no_item = {NULL, 0};

/* ---- items --------------------------------------------------------------------------------------------------------- */

static void add_item(Walk *walk, PathItems *found, Slice item)
{
    if (found->count == found->capacity) {
        size_t capacity = MAX(found->capacity * 2, (size_t)4);

        found->items = arena_grow(walk->arena, found->items, found->capacity * sizeof(Slice), capacity * sizeof(Slice));
        found->capacity = capacity;
    }
    found->items[found->count++] = item;
}

static bool is_array(Slice item)
{
    return jsonb_kind(item) == JSONB_ARRAY;
}

/* Fails, or gives the error back when errors are not thrown. */
#define FAIL(walk, state, ...)                       \
    do {                                             \
        if ((walk)->throws)                          \
            raise_error(state, __VA_ARGS__);         \
        return PATH_RESULT_ERROR;                    \
    } while (0)

/* Hands an item to the node behind; at the end it is found. */
static PathResult run_next(Walk *walk, Node *node, Slice item, PathItems *found)
{
    if (node->next != NULL)
        return run_item(walk, node->next, item, found);
    if (found != NULL)
        add_item(walk, found, item);
    return PATH_RESULT_OK;
}

/* A walk may end as soon as something is found when nobody gathers. */
static bool is_done(PathResult result, const PathItems *found)
{
    return result == PATH_RESULT_ERROR || (result == PATH_RESULT_OK && found == NULL);
}

static size_t child_count(Slice container)
{
    return jsonb_count(container);
}

static Slice child_at(Slice container, size_t index)
{
    if (is_array(container)) {
        JsonbArray array = jsonb_array_open(container);

        return jsonb_array_at(&array, index);
    }
    JsonbObject object = jsonb_object_open(container);

    return jsonb_object_value(&object, index);
}

/*
 * Runs node over what stands in a container at levels first .. last below it (the first level is 1). UINT32_MAX for both: leaves.
 * node NULL: what is there is found.
 */
static PathResult run_any(Walk *walk, Node *node, Slice container, PathItems *found, uint32_t level, uint32_t first, uint32_t last,
                          bool ignore_structural_errors, bool unwrap)
{
    PathResult result = PATH_RESULT_NOT_FOUND;
    size_t     count = child_count(container);

    check_stack_depth();
    if (level > last)
        return result;
    check_cancel();
    for (size_t i = 0; i < count; i++) {
        Slice child = child_at(container, i);
        bool  nested = jsonb_is_container(child);

        if (level >= first || (first == UINT32_MAX && last == UINT32_MAX && !nested)) {
            if (node != NULL) {
                bool ignored = walk->ignore_structural_errors;

                if (ignore_structural_errors)
                    walk->ignore_structural_errors = true;
                result = run_unwrapping(walk, node, child, found, unwrap);
                walk->ignore_structural_errors = ignored;
                if (is_done(result, found))
                    return result;
            } else if (found != NULL) {
                add_item(walk, found, child);
            } else {
                return PATH_RESULT_OK;
            }
        }
        if (level < last && nested) {
            result = run_any(walk, node, child, found, level + 1, first, last, ignore_structural_errors, unwrap);
            if (is_done(result, found))
                return result;
        }
    }
    return result;
}

/* The elements of an array, one by one, through the node that met it. */
static PathResult run_elements(Walk *walk, Node *node, Slice array, PathItems *found, bool unwrap)
{
    return run_any(walk, node, array, found, 1, 1, 1, false, unwrap);
}

/* Everything that a path makes of an item; arrays among it opened in lax mode when unwrap is set. */
static PathResult gather(Walk *walk, Node *node, Slice item, bool unwrap, PathItems *found)
{
    PathItems  all = {0};
    PathResult result;

    if (!unwrap || !walk->lax)
        return run_item(walk, node, item, found);
    result = run_item(walk, node, item, &all);
    if (result == PATH_RESULT_ERROR)
        return result;
    for (size_t i = 0; i < all.count; i++) {
        if (is_array(all.items[i]))
            run_elements(walk, NULL, all.items[i], found, false);
        else
            add_item(walk, found, all.items[i]);
    }
    return PATH_RESULT_OK;
}

static PathResult gather_silently(Walk *walk, Node *node, Slice item, bool unwrap, PathItems *found)
{
    bool       throws = walk->throws;
    PathResult result;

    walk->throws = false;
    result = gather(walk, node, item, unwrap, found);
    walk->throws = throws;
    return result;
}

/* ---- values ---------------------------------------------------------------------------------------------------------- */

static Slice variable(const Walk *walk, Slice name)
{
    JsonbKey key = jsonb_key(name);
    Slice    value = walk->run->variables.data != NULL ? jsonb_get_key(walk->run->variables, &key, NULL) : no_item;

    if (value.data == NULL)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "could not find jsonpath variable \"%.*s\"", (int)name.size,
                    (const char *)name.data);
    return value;
}

static Slice literal(Walk *walk, Node *node)
{
    switch (node->kind) {
    case PATH_TRUE:
        return jsonb_make_bool(true);
    case PATH_FALSE:
        return jsonb_make_bool(false);
    case PATH_STRING:
        return jsonb_make_string(walk->arena, node->text);
    case PATH_NUMBER:
        return jsonb_make_numeric(walk->arena, &node->number);
    case PATH_VARIABLE:
        return variable(walk, node->text);
    default:
        return jsonb_make_null();
    }
}

static Slice int_item(Walk *walk, int64_t value)
{
    Numeric number = numeric_from_int64(value);

    return jsonb_make_numeric(walk->arena, &number);
}

static bool number_of(Slice item, Numeric *out)
{
    if (jsonb_kind(item) != JSONB_NUMBER)
        return false;
    jsonb_number(item, out);
    return true;
}

/* ---- accessors ------------------------------------------------------------------------------------------------------- */

static PathResult run_key(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    if (jsonb_kind(item) == JSONB_OBJECT) {
        JsonbKey key = jsonb_key(node->text);
        Slice    value = jsonb_get_key(item, &key, NULL);

        if (value.data != NULL)
            return run_next(walk, node, value, found);
        if (!walk->ignore_structural_errors)
            FAIL(walk, SQLSTATE_SQL_JSON_MEMBER_NOT_FOUND, "JSON object does not contain key \"%.*s\"", (int)node->text.size,
                 (const char *)node->text.data);
        return PATH_RESULT_NOT_FOUND;
    }
    if (unwrap && is_array(item))
        return run_elements(walk, node, item, found, false);
    if (!walk->ignore_structural_errors)
        FAIL(walk, SQLSTATE_SQL_JSON_MEMBER_NOT_FOUND, "jsonpath member accessor can only be applied to an object");
    return PATH_RESULT_NOT_FOUND;
}

static PathResult run_any_key(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    if (jsonb_kind(item) == JSONB_OBJECT)
        return run_any(walk, node->next, item, found, 1, 1, 1, false, walk->lax);
    if (unwrap && is_array(item))
        return run_elements(walk, node, item, found, false);
    if (!walk->ignore_structural_errors)
        FAIL(walk, SQLSTATE_SQL_JSON_OBJECT_NOT_FOUND, "jsonpath wildcard member accessor can only be applied to an object");
    return PATH_RESULT_NOT_FOUND;
}

static PathResult run_any_array(Walk *walk, Node *node, Slice item, PathItems *found)
{
    if (is_array(item))
        return run_any(walk, node->next, item, found, 1, 1, 1, false, walk->lax);
    if (walk->lax)
        return run_next(walk, node, item, found);
    if (!walk->ignore_structural_errors)
        FAIL(walk, SQLSTATE_SQL_JSON_ARRAY_NOT_FOUND, "jsonpath wildcard array accessor can only be applied to an array");
    return PATH_RESULT_NOT_FOUND;
}

static PathResult subscript(Walk *walk, Node *node, Slice item, int64_t *index)
{
    PathItems  found = {0};
    PathResult result = run_item(walk, node, item, &found);
    Numeric    number;

    if (result == PATH_RESULT_ERROR)
        return result;
    if (found.count != 1 || !number_of(found.items[0], &number))
        FAIL(walk, SQLSTATE_INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is not a single numeric value");
    numeric_truncate(walk->arena, &number, 0, &number);
    if (numeric_to_int64(&number, index) != NUMERIC_FITS || *index < INT32_MIN || *index > INT32_MAX)
        FAIL(walk, SQLSTATE_INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of integer range");
    return PATH_RESULT_OK;
}

static PathResult run_range(Walk *walk, Node *node, Slice item, PathItems *found, int64_t from, int64_t to)
{
    PathResult result = PATH_RESULT_NOT_FOUND;

    for (int64_t i = from; i <= to; i++) {
        Slice element = is_array(item) ? child_at(item, (size_t)i) : item;

        if (node->next == NULL && found == NULL)
            return PATH_RESULT_OK;
        result = run_next(walk, node, element, found);
        if (is_done(result, found))
            break;
    }
    return result;
}

static PathResult run_index_array(Walk *walk, Node *node, Slice item, PathItems *found)
{
    int64_t    outer_size = walk->innermost_array_size;
    int64_t    size = is_array(item) ? (int64_t)child_count(item) : 1;
    PathResult result = PATH_RESULT_NOT_FOUND;

    if (!is_array(item) && !walk->lax) {
        if (!walk->ignore_structural_errors)
            FAIL(walk, SQLSTATE_SQL_JSON_ARRAY_NOT_FOUND, "jsonpath array accessor can only be applied to an array");
        return result;
    }
    walk->innermost_array_size = size;
    for (int32_t i = 0; i < node->subscript_count; i++) {
        int64_t from, to;

        result = subscript(walk, node->subscripts[i].from, item, &from);
        if (result == PATH_RESULT_ERROR)
            break;
        to = from;
        if (node->subscripts[i].to != NULL) {
            result = subscript(walk, node->subscripts[i].to, item, &to);
            if (result == PATH_RESULT_ERROR)
                break;
        }
        if (!walk->ignore_structural_errors && (from < 0 || from > to || to >= size))
            FAIL(walk, SQLSTATE_INVALID_SQL_JSON_SUBSCRIPT, "jsonpath array subscript is out of bounds");
        result = run_range(walk, node, item, found, MAX(from, 0), MIN(to, size - 1));
        if (is_done(result, found))
            break;
    }
    walk->innermost_array_size = outer_size;
    return result;
}

static PathResult run_any_level(Walk *walk, Node *node, Slice item, PathItems *found)
{
    PathResult result = PATH_RESULT_NOT_FOUND;

    if (node->first == 0) {
        bool ignored = walk->ignore_structural_errors;

        walk->ignore_structural_errors = true;
        result = run_next(walk, node, item, found);
        walk->ignore_structural_errors = ignored;
        if (result == PATH_RESULT_OK && found == NULL)
            return result;
    }
    if (jsonb_is_container(item))
        result = run_any(walk, node->next, item, found, 1, node->first, node->last, true, walk->lax);
    return result;
}

static PathResult run_filter(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    Slice current = walk->current;
    Truth truth;

    if (unwrap && is_array(item))
        return run_elements(walk, node, item, found, false);
    walk->current = item;
    truth = run_predicate(walk, node->left, item);
    walk->current = current;
    return truth == TRUTH_TRUE ? run_next(walk, node, item, found) : PATH_RESULT_NOT_FOUND;
}

/* ---- methods --------------------------------------------------------------------------------------------------------- */

static PathResult run_size(Walk *walk, Node *node, Slice item, PathItems *found)
{
    if (!is_array(item) && !walk->lax) {
        if (!walk->ignore_structural_errors)
            FAIL(walk, SQLSTATE_SQL_JSON_ARRAY_NOT_FOUND, "jsonpath item method .%s() can only be applied to an array",
                 jsonpath_kind_name(node->kind));
        return PATH_RESULT_NOT_FOUND;
    }
    return run_next(walk, node, int_item(walk, is_array(item) ? (int64_t)child_count(item) : 1), found);
}

static PathResult run_numeric_method(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    Numeric number, result;

    if (unwrap && is_array(item))
        return run_elements(walk, node, item, found, false);
    if (!number_of(item, &number))
        FAIL(walk, SQLSTATE_NON_NUMERIC_SQL_JSON_ITEM, "jsonpath item method .%s() can only be applied to a numeric value",
             jsonpath_kind_name(node->kind));
    if (node->kind == PATH_ABS)
        numeric_absolute(&number, &result);
    else if (node->kind == PATH_FLOOR)
        numeric_floor(walk->arena, &number, &result);
    else
        numeric_ceil(walk->arena, &number, &result);
    return run_next(walk, node, jsonb_make_numeric(walk->arena, &result), found);
}

static PathResult run_double(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    const char *name = jsonpath_kind_name(node->kind);
    Numeric     number;
    double      value;

    if (unwrap && is_array(item))
        return run_elements(walk, node, item, found, false);
    if (number_of(item, &number)) {
        value = numeric_to_double(&number);
        if (isinf(value) || (value == 0 && numeric_sign(&number) != 0))
            FAIL(walk, SQLSTATE_NON_NUMERIC_SQL_JSON_ITEM,
                 "numeric argument of jsonpath item method .%s() is out of range for type double precision", name);
        return run_next(walk, node, item, found);
    }
    if (jsonb_kind(item) != JSONB_STRING)
        FAIL(walk, SQLSTATE_NON_NUMERIC_SQL_JSON_ITEM,
             "jsonpath item method .%s() can only be applied to a string or numeric value", name);
    if (float8_parse(jsonb_string(item), &value) != FLOAT_PARSE_OK || !isfinite(value))
        FAIL(walk, SQLSTATE_NON_NUMERIC_SQL_JSON_ITEM,
             "string argument of jsonpath item method .%s() is not a valid representation of a double precision number", name);
    numeric_from_double(walk->arena, value, &number);
    return run_next(walk, node, jsonb_make_numeric(walk->arena, &number), found);
}

static PathResult run_keyvalue(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    PathResult   result = PATH_RESULT_NOT_FOUND;
    JsonbObject  object;
    JsonbBuilder builder;

    if (unwrap && is_array(item))
        return run_elements(walk, node, item, found, false);
    if (jsonb_kind(item) != JSONB_OBJECT)
        FAIL(walk, SQLSTATE_SQL_JSON_OBJECT_NOT_FOUND, "jsonpath item method .%s() can only be applied to an object",
             jsonpath_kind_name(node->kind));
    object = jsonb_object_open(item);
    if (object.count > 0 && node->next == NULL && found == NULL)
        return PATH_RESULT_OK;
    jsonb_builder_init(&builder, walk->arena);
    for (size_t i = 0; i < object.count; i++) {
        uintptr_t at = (uintptr_t)item.data - (uintptr_t)walk->run->document.data;

        jsonb_begin_object(&builder);
        jsonb_add_key(&builder, slice_from_cstring("id"));
        jsonb_add_int64(&builder, at < walk->run->document.size ? (int64_t)at : 0);
        jsonb_add_key(&builder, slice_from_cstring("key"));
        jsonb_add_string(&builder, jsonb_object_key(&object, i));
        jsonb_add_key(&builder, slice_from_cstring("value"));
        jsonb_add_node(&builder, jsonb_object_value(&object, i));
        jsonb_end_object(&builder);
        result = run_next(walk, node, jsonb_finish(&builder), found);
        if (is_done(result, found))
            break;
    }
    return result;
}

/* ---- arithmetic ------------------------------------------------------------------------------------------------------ */

typedef struct Calculation {
    JsonPathKind kind;
    Arena       *arena;
    Numeric      left, right, result;
} Calculation;

static void calculate(void *arg)
{
    Calculation *c = arg;

    switch (c->kind) {
    case PATH_ADD:
        numeric_add(c->arena, &c->left, &c->right, &c->result);
        break;
    case PATH_SUBTRACT:
        numeric_subtract(c->arena, &c->left, &c->right, &c->result);
        break;
    case PATH_MULTIPLY:
        numeric_multiply(c->arena, &c->left, &c->right, &c->result);
        break;
    case PATH_DIVIDE:
        numeric_divide(c->arena, &c->left, &c->right, &c->result);
        break;
    default:
        numeric_modulo(c->arena, &c->left, &c->right, &c->result);
        break;
    }
}

static bool is_cancellation(const Error *err)
{
    return strncmp(sqlstate_code(err->sqlstate), "57", 2) == 0 || strncmp(sqlstate_code(err->sqlstate), "53", 2) == 0;
}

static PathResult run_binary(Walk *walk, Node *node, Slice item, PathItems *found)
{
    PathItems   left = {0}, right = {0};
    Calculation c = {.kind = node->kind, .arena = walk->arena};

    if (gather(walk, node->left, item, true, &left) == PATH_RESULT_ERROR ||
        gather(walk, node->right, item, true, &right) == PATH_RESULT_ERROR)
        return PATH_RESULT_ERROR;
    if (left.count != 1 || !number_of(left.items[0], &c.left))
        FAIL(walk, SQLSTATE_SINGLETON_SQL_JSON_ITEM_REQUIRED,
             "left operand of jsonpath operator %s is not a single numeric value", jsonpath_kind_name(node->kind));
    if (right.count != 1 || !number_of(right.items[0], &c.right))
        FAIL(walk, SQLSTATE_SINGLETON_SQL_JSON_ITEM_REQUIRED,
             "right operand of jsonpath operator %s is not a single numeric value", jsonpath_kind_name(node->kind));
    if (walk->throws) {
        calculate(&c);
    } else {
        Error *err = error_catch(calculate, &c);

        if (err != NULL && is_cancellation(err))
            error_raise(err);
        if (err != NULL)
            return PATH_RESULT_ERROR;
    }
    if (node->next == NULL && found == NULL)
        return PATH_RESULT_OK;
    return run_next(walk, node, jsonb_make_numeric(walk->arena, &c.result), found);
}

static PathResult run_unary(Walk *walk, Node *node, Slice item, PathItems *found)
{
    PathItems  operands = {0};
    PathResult result = gather(walk, node->left, item, true, &operands);

    if (result == PATH_RESULT_ERROR)
        return result;
    result = PATH_RESULT_NOT_FOUND;
    for (size_t i = 0; i < operands.count; i++) {
        Numeric    number;
        PathResult one;

        if (number_of(operands.items[i], &number)) {
            if (found == NULL && node->next == NULL)
                return PATH_RESULT_OK;
        } else {
            if (found == NULL && node->next == NULL)
                continue;
            FAIL(walk, SQLSTATE_SQL_JSON_NUMBER_NOT_FOUND, "operand of unary jsonpath operator %s is not a numeric value",
                 jsonpath_kind_name(node->kind));
        }
        if (node->kind == PATH_MINUS)
            numeric_negate(&number, &number);
        one = run_next(walk, node, jsonb_make_numeric(walk->arena, &number), found);
        if (one == PATH_RESULT_ERROR)
            return one;
        if (one == PATH_RESULT_OK) {
            if (found == NULL)
                return one;
            result = one;
        }
    }
    return result;
}

/* ---- predicates ------------------------------------------------------------------------------------------------------ */

static Truth truth_of(bool condition)
{
    return condition ? TRUTH_TRUE : TRUTH_FALSE;
}

static Truth compare_items(JsonPathKind kind, Slice a, Slice b)
{
    JsonbKind left = jsonb_kind(a), right = jsonb_kind(b);
    int       order;

    if (left != right) {
        /* null and anything else are different, but neither is greater */
        if (left == JSONB_NULL || right == JSONB_NULL)
            return truth_of(kind == PATH_NOT_EQUAL);
        return TRUTH_UNKNOWN;
    }
    if (left >= JSONB_ARRAY)
        return TRUTH_UNKNOWN;
    order = jsonb_compare(a, b);
    switch (kind) {
    case PATH_EQUAL:
        return truth_of(order == 0);
    case PATH_NOT_EQUAL:
        return truth_of(order != 0);
    case PATH_LESS:
        return truth_of(order < 0);
    case PATH_LESS_EQUAL:
        return truth_of(order <= 0);
    case PATH_GREATER:
        return truth_of(order > 0);
    default:
        return truth_of(order >= 0);
    }
}

/* The pattern is compiled at its first use, beside the path's tree. PG15: XQuery's flags as PostgreSQL maps them to its own. */
static bool regex_holds(const Walk *walk, Node *node, Slice text)
{
    bool literal = node->flags & PATH_FLAG_QUOTE;

    if (*node->compiled == NULL)
        *node->compiled = regex_compile(walk->run->tree->arena, node->text,
                                        (RegexFlags){
                                            .ignore_case = node->flags & PATH_FLAG_ICASE,
                                            .literal = literal,
                                            .newline_stops = !literal && !(node->flags & PATH_FLAG_DOTALL),
                                            .newline_anchors = !literal && (node->flags & PATH_FLAG_MLINE),
                                        });
    return regex_matches(*node->compiled, text);
}

static Truth test_pair(Walk *walk, Node *node, Slice left, Slice right)
{
    switch (node->kind) {
    case PATH_STARTS_WITH:
        if (jsonb_kind(left) != JSONB_STRING || jsonb_kind(right) != JSONB_STRING)
            return TRUTH_UNKNOWN;
        return truth_of(slice_starts_with(jsonb_string(left), jsonb_string(right)));
    case PATH_LIKE_REGEX:
        if (jsonb_kind(left) != JSONB_STRING)
            return TRUTH_UNKNOWN;
        return truth_of(regex_holds(walk, node, jsonb_string(left)));
    default:
        return compare_items(node->kind, left, right);
    }
}

/* True when it is so for some pair of items; in strict mode every pair must be comparable. */
static Truth test_pairs(Walk *walk, Node *node, Slice item)
{
    PathItems left = {0}, right = {0};
    bool      unknown = false, held = false;

    if (gather_silently(walk, node->left, item, true, &left) == PATH_RESULT_ERROR)
        return TRUTH_UNKNOWN;
    if (node->right == NULL)
        add_item(walk, &right, no_item);
    else if (gather_silently(walk, node->right, item, node->kind != PATH_STARTS_WITH, &right) == PATH_RESULT_ERROR)
        return TRUTH_UNKNOWN;
    for (size_t i = 0; i < left.count; i++) {
        for (size_t k = 0; k < right.count; k++) {
            Truth truth = test_pair(walk, node, left.items[i], right.items[k]);

            if (truth == TRUTH_UNKNOWN) {
                if (!walk->lax)
                    return truth;
                unknown = true;
            } else if (truth == TRUTH_TRUE) {
                if (walk->lax)
                    return truth;
                held = true;
            }
        }
    }
    return held ? TRUTH_TRUE : unknown ? TRUTH_UNKNOWN : TRUTH_FALSE;
}

static Truth test_exists(Walk *walk, Node *node, Slice item)
{
    PathItems  all = {0};
    PathResult result = gather_silently(walk, node->left, item, false, walk->lax ? NULL : &all);

    if (result == PATH_RESULT_ERROR)
        return TRUTH_UNKNOWN;
    return truth_of(walk->lax ? result == PATH_RESULT_OK : all.count > 0);
}

static Truth run_predicate(Walk *walk, Node *node, Slice item)
{
    Truth left, right;

    check_stack_depth();
    switch (node->kind) {
    case PATH_AND:
        left = run_predicate(walk, node->left, item);
        if (left == TRUTH_FALSE)
            return left;
        right = run_predicate(walk, node->right, item);
        return right == TRUTH_TRUE ? left : right;
    case PATH_OR:
        left = run_predicate(walk, node->left, item);
        if (left == TRUTH_TRUE)
            return left;
        right = run_predicate(walk, node->right, item);
        return right == TRUTH_FALSE ? left : right;
    case PATH_NOT:
        left = run_predicate(walk, node->left, item);
        return left == TRUTH_UNKNOWN ? left : truth_of(left == TRUTH_FALSE);
    case PATH_IS_UNKNOWN:
        return truth_of(run_predicate(walk, node->left, item) == TRUTH_UNKNOWN);
    case PATH_EXISTS:
        return test_exists(walk, node, item);
    default:
        return test_pairs(walk, node, item);
    }
}

/* A predicate as an item: true, false, or null for unknown. */
static PathResult run_truth(Walk *walk, Node *node, Slice item, PathItems *found)
{
    Truth truth = run_predicate(walk, node, item);

    if (node->next == NULL && found == NULL)
        return PATH_RESULT_OK;
    return run_next(walk, node, truth == TRUTH_UNKNOWN ? jsonb_make_null() : jsonb_make_bool(truth == TRUTH_TRUE), found);
}

/* ---- one node -------------------------------------------------------------------------------------------------------- */

static PathResult run_unwrapping(Walk *walk, Node *node, Slice item, PathItems *found, bool unwrap)
{
    check_stack_depth();
    switch (node->kind) {
    case PATH_NULL:
    case PATH_TRUE:
    case PATH_FALSE:
    case PATH_STRING:
    case PATH_NUMBER:
        if (node->next == NULL && found == NULL)
            return PATH_RESULT_OK;
        return run_next(walk, node, literal(walk, node), found);
    case PATH_VARIABLE: /* PG15: looked up even when nobody wants its value */
        return run_next(walk, node, literal(walk, node), found);
    case PATH_ROOT:
        return run_next(walk, node, walk->run->document, found);
    case PATH_CURRENT:
        return run_next(walk, node, walk->current, found);
    case PATH_LAST:
        if (node->next == NULL && found == NULL)
            return PATH_RESULT_OK;
        return run_next(walk, node, int_item(walk, walk->innermost_array_size - 1), found);
    case PATH_KEY:
        return run_key(walk, node, item, found, unwrap);
    case PATH_ANY_KEY:
        return run_any_key(walk, node, item, found, unwrap);
    case PATH_ANY_ARRAY:
        return run_any_array(walk, node, item, found);
    case PATH_INDEX_ARRAY:
        return run_index_array(walk, node, item, found);
    case PATH_ANY:
        return run_any_level(walk, node, item, found);
    case PATH_FILTER:
        return run_filter(walk, node, item, found, unwrap);
    case PATH_TYPE:
        return run_next(walk, node,
                        jsonb_make_string(walk->arena, slice_from_cstring(jsonb_type_name(jsonb_kind(item)))), found);
    case PATH_SIZE:
        return run_size(walk, node, item, found);
    case PATH_ABS:
    case PATH_FLOOR:
    case PATH_CEILING:
        return run_numeric_method(walk, node, item, found, unwrap);
    case PATH_DOUBLE:
        return run_double(walk, node, item, found, unwrap);
    case PATH_KEYVALUE:
        return run_keyvalue(walk, node, item, found, unwrap);
    case PATH_DATETIME:
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "jsonpath item method .%s() is not supported", "datetime");
    case PATH_ADD:
    case PATH_SUBTRACT:
    case PATH_MULTIPLY:
    case PATH_DIVIDE:
    case PATH_MODULO:
        return run_binary(walk, node, item, found);
    case PATH_PLUS:
    case PATH_MINUS:
        return run_unary(walk, node, item, found);
    default:
        return run_truth(walk, node, item, found);
    }
}

static PathResult run_item(Walk *walk, Node *node, Slice item, PathItems *found)
{
    return run_unwrapping(walk, node, item, found, walk->lax);
}

PathResult jsonpath_run(const PathRun *run, PathItems *found)
{
    Walk walk = {
        .run = run,
        .arena = run->ctx->arena,
        .current = run->document,
        .innermost_array_size = -1,
        .lax = !run->tree->strict,
        .ignore_structural_errors = !run->tree->strict,
        .throws = !run->silent,
    };
    PathItems  all = {0};
    PathResult result;

    if (run->variables.data != NULL && jsonb_kind(run->variables) != JSONB_OBJECT) {
        Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "\"vars\" argument is not an object");

        error_detail(err, "Jsonpath parameters should be encoded as key-value pairs of \"vars\" object.");
        error_raise(err);
    }
    /* strict mode must see every item, since a later one may be an error */
    if (walk.lax || found != NULL)
        return run_item(&walk, run->tree->root, run->document, found);
    result = run_item(&walk, run->tree->root, run->document, &all);
    if (result == PATH_RESULT_ERROR)
        return result;
    return all.count > 0 ? PATH_RESULT_OK : PATH_RESULT_NOT_FOUND;
}
