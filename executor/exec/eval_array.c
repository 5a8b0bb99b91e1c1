/*
 * eval_array.c - op ANY/ALL (array), IN lists, ARRAY[...], subscripts, element-wise casts.
 */
#include "base/hash.h"
#include "executor/exec/eval_internal.h"
#include "executor/exec/hash_rows.h"
#include "types/array.h"

static noreturn void raise_bad_array(void)
{
    raise_error(SQLSTATE_DATA_CORRUPTED, "array is damaged");
}

/* ---- op ANY / ALL --------------------------------------------------------------------------------------------------------- */

enum { HASH_FROM = 9 }; /* elements: PostgreSQL's MIN_ARRAY_SIZE_FOR_HASHED_SAOP */

typedef struct AnyAllNode {
    EvalNode        node;     /* args: left, then the array or its elements */
    EvalNode       *compare;  /* op over the slots */
    Vector         *operands[2];
    VectorBuffer    element;  /* one element of the array, spread; or all elements beside a spread left side */
    VectorBuffer    left;
    bool            is_list;  /* the array is ARRAY[...]: args 1 .. are its elements */
    /* a constant array under = ANY (or <> ALL), searched by hashing */
    bool            hash_tried;
    KeyTable       *table;
    bool            array_has_null;
    bool            inverted; /* <> ALL */
    const TypeInfo *type;
} AnyAllNode;

/* Folds the comparison with one more element into the result for the rows still open; returns how many stay open. */
static int32_t fold_element(AnyAllNode *any, const EvalInput *input, Vector *result, int32_t *open, int32_t open_count)
{
    Vector        *compared = node_run(any->compare, input, open, open_count);
    const uint8_t *values = compared->data;
    uint8_t        deciding = any->node.expr->any_all.all ? 0 : 1;
    int32_t        kept = 0;

    for (int32_t i = 0; i < open_count; i++) {
        int32_t row = open[i];

        if (!vector_is_valid(compared, row)) {
            bitmap_clear(result->validity, row);
            open[kept++] = row;
        } else if (values[row] == deciding) {
            VECTOR_DATA(result, uint8_t)[row] = deciding;
            bitmap_set(result->validity, row);
        } else {
            open[kept++] = row;
        }
    }
    return kept;
}

static void fold_datum(AnyAllNode *any, const EvalInput *input, Vector *result, int32_t *open, int32_t *open_count, const Datum *value,
                       bool is_null)
{
    vector_buffer_reserve(&any->element, any->node.context->arena, input->row_count);
    if (is_null)
        vector_buffer_set_validity(&any->element, input->row_count, false);
    else
        vector_splat(&any->element.vector, value, 0, input->row_count);
    any->operands[1] = &any->element.vector;
    *open_count = fold_element(any, input, result, open, *open_count);
}

/* A table of the constant array's elements, when = or <> over a hashable type makes that possible. */
static void try_hash(AnyAllNode *any)
{
    const Expr     *expr = any->node.expr;
    EvalContext    *context = any->node.context;
    const Operator *equal;
    ArrayView       array;
    bool            is_equal, is_unequal;

    any->hash_tried = true;
    if (!array_open(any->node.args[1]->constant.bytes, &array))
        raise_bad_array();
    equal = type_operator(array.element, "=");
    if (equal == NULL || any->node.args[0]->result.vector.phys != array.phys || expr->any_all.op == NULL)
        return;
    is_equal = expr->any_all.op->oid == equal->oid && !expr->any_all.all;
    is_unequal = expr->any_all.op->oid == equal->negator && expr->any_all.all;
    any->type = exec_type(context->state, array.element);
    if ((!is_equal && !is_unequal) || array.count < HASH_FROM || any->type == NULL || any->type->hash == NULL)
        return;
    any->inverted = is_unequal;
    any->table = key_table_new(context->arena, 1, &array.element, &array.phys, &any->type);
    vector_buffer_init(&any->element, array.element, array.phys);
    vector_buffer_reserve(&any->element, context->arena, 1);
    for (int32_t i = 0; i < array.count; i++) {
        Datum    value;
        uint64_t hash;
        uint32_t number;
        Vector  *key = &any->element.vector;

        if (!array_get(&array, i, &value)) {
            any->array_has_null = true;
            continue;
        }
        vector_set(key, 0, &value, false);
        hash_rows(&key, &any->type, 1, NULL, 1, &hash);
        key_table_lookup(any->table, &key, &hash, NULL, 1, true, &number, NULL);
    }
}

static Vector *hashed_run(AnyAllNode *any, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Vector        *left = node_run(any->node.args[0], input, sel, count);
    Vector        *result = result_begin(&any->node, input);
    uint64_t      *hashes = ARENA_ARRAY(input->arena, (size_t)count, uint64_t);
    uint32_t      *numbers = ARENA_ARRAY(input->arena, (size_t)count, uint32_t);

    hash_rows(&left, &any->type, 1, sel, count, hashes);
    key_table_lookup(any->table, &left, hashes, sel, count, false, numbers, NULL);
    for (int32_t i = 0; i < count; i++) {
        int32_t row = sel_row(sel, i);
        bool    found = numbers[i] != KEY_NONE;

        VECTOR_DATA(result, uint8_t)[row] = found != any->inverted;
        if (!vector_is_valid(left, row) || (!found && any->array_has_null))
            bitmap_clear(result->validity, row);
    }
    return result_end(&any->node, input);
}

/* Arrays that differ from row to row: each row's left value against all its elements at once. */
static void fold_row(AnyAllNode *any, const EvalInput *input, Vector *result, Vector *left, int32_t row, const ArrayView *array)
{
    Arena    *arena = any->node.context->arena;
    Datum     value = {0};
    bool      left_valid = vector_get(left, row, &value);
    EvalInput part = {NULL, array->count, input->arena};
    Vector   *compared;
    bool      all = any->node.expr->any_all.all, any_null = false;

    VECTOR_DATA(result, uint8_t)[row] = all;
    if (array->count == 0)
        return;
    any->left.vector.type = left->type;
    any->left.vector.phys = left->phys;
    vector_buffer_reserve(&any->left, arena, array->count);
    vector_splat(&any->left.vector, &value, 0, array->count);
    if (!left_valid)
        vector_buffer_set_validity(&any->left, array->count, false);
    vector_buffer_reserve(&any->element, arena, array->count);
    vector_buffer_set_validity(&any->element, array->count, true);
    for (int32_t i = 0; i < array->count; i++) {
        bool valid = array_get(array, i, &value);

        vector_set(&any->element.vector, i, &value, !valid);
    }
    vector_buffer_trim_validity(&any->element, array->count);
    any->operands[0] = &any->left.vector;
    any->operands[1] = &any->element.vector;
    compared = node_run(any->compare, &part, NULL, array->count);
    for (int32_t i = 0; i < array->count; i++) {
        if (!vector_is_valid(compared, i)) {
            any_null = true;
        } else if (VECTOR_DATA(compared, uint8_t)[i] != all) {
            VECTOR_DATA(result, uint8_t)[row] = !all;
            return;
        }
    }
    if (any_null)
        bitmap_clear(result->validity, row);
}

static Vector *any_all_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    AnyAllNode *any = (AnyAllNode *)node;
    Vector     *left, *arrays, *result;
    int32_t    *open;
    int32_t     open_count = count;
    uint8_t     start = node->expr->any_all.all;

    if (!any->is_list && node->args[1]->is_constant && !node->args[1]->is_null && !any->hash_tried)
        try_hash(any);
    if (any->table != NULL)
        return hashed_run(any, input, sel, count);
    left = node_run(node->args[0], input, sel, count);
    open = sel_scratch(input, count);
    for (int32_t i = 0; i < count; i++)
        open[i] = sel_row(sel, i);
    any->operands[0] = left;
    if (any->is_list) {
        result = result_begin(node, input);
        FOR_EACH_ROW(sel, count, row, { VECTOR_DATA(result, uint8_t)[row] = start; });
        for (int32_t i = 1; i < node->arg_count && open_count > 0; i++) {
            any->operands[1] = node_run(node->args[i], input, open, open_count);
            open_count = fold_element(any, input, result, open, open_count);
        }
        return result_end(node, input);
    }
    arrays = node_run(node->args[1], input, sel, count);
    result = result_begin(node, input);
    FOR_EACH_ROW(sel, count, row, { VECTOR_DATA(result, uint8_t)[row] = start; });
    if (node->args[1]->is_constant) {
        ArrayView array;

        if (node->args[1]->is_null) {
            FOR_EACH_ROW(sel, count, row, { bitmap_clear(result->validity, row); });
            return result_end(node, input);
        }
        if (!array_open(node->args[1]->constant.bytes, &array))
            raise_bad_array();
        any->element.vector.type = array.element;
        any->element.vector.phys = array.phys;
        for (int32_t i = 0; i < array.count && open_count > 0; i++) {
            Datum value;
            bool  valid = array_get(&array, i, &value);

            fold_datum(any, input, result, open, &open_count, &value, !valid);
        }
        return result_end(node, input);
    }
    FOR_EACH_ROW(sel, count, row, {
        ArrayView array;

        if (!vector_is_valid(arrays, row)) {
            bitmap_clear(result->validity, row);
            continue;
        }
        if (!array_open(VECTOR_DATA(arrays, Slice)[row], &array))
            raise_bad_array();
        any->element.vector.type = array.element;
        any->element.vector.phys = array.phys;
        fold_row(any, input, result, left, row, &array);
    });
    return result_end(node, input);
}

EvalNode *eval_any_all_node(EvalContext *context, const Expr *expr)
{
    AnyAllNode *any = (AnyAllNode *)eval_node_new(context, expr, sizeof(AnyAllNode), any_all_run);
    const Expr *right = expr->any_all.right;
    const Proc *proc = expr->any_all.proc != NULL ? expr->any_all.proc : proc_by_oid(expr->any_all.op->function);
    EvalNode  **slots = ARENA_ARRAY(context->arena, 2, EvalNode *);
    Expr       *compare = ARENA_NEW(context->arena, Expr);
    Oid         element;

    any->is_list = right->kind == EXPR_ARRAY && !right->list.multidimensional;
    any->node.arg_count = any->is_list ? 1 + right->list.args.count : 2;
    any->node.args = ARENA_ARRAY(context->arena, (size_t)any->node.arg_count, EvalNode *);
    any->node.args[0] = eval_node(context, expr->any_all.left);
    if (any->is_list) {
        for (int32_t i = 0; i < right->list.args.count; i++)
            any->node.args[1 + i] = eval_node(context, right->list.args.items[i]);
        element = right->list.args.count > 0 ? right->list.args.items[0]->type : proc->args[1];
    } else {
        const TypeInfo *array = exec_type(context->state, right->type);

        any->node.args[1] = eval_node(context, right);
        element = array != NULL && array->element != 0 ? array->element : proc->args[1];
    }
    vector_buffer_init(&any->element, element, exec_phys(context->state, element));
    compare->kind = EXPR_CALL;
    compare->type = TYPE_BOOL;
    compare->typmod = -1;
    for (int32_t i = 0; i < 2; i++) {
        Expr *side = ARENA_NEW(context->arena, Expr);

        side->kind = EXPR_CASE_VALUE;
        side->type = i == 0 ? expr->any_all.left->type : element;
        slots[i] = eval_slot_node(context, side, &any->operands[i]);
    }
    any->compare = eval_proc_node(context, compare, proc, slots, 2);
    return &any->node;
}

/* ---- ARRAY[...] --------------------------------------------------------------------------------------------------------------- */

typedef struct ArrayNode {
    EvalNode node;
    Oid      element;
} ArrayNode;

static Slice join_arrays(const EvalNode *node, Vector *const *vectors, int32_t row, const EvalInput *input)
{
    ArrayView first = {0}, view;
    int32_t   lengths[ARRAY_MAX_DIMENSIONS], lower[ARRAY_MAX_DIMENSIONS], total = 0, at = 0, sub_count = 0;
    Datum    *values = NULL;
    bool     *nulls = NULL;

    for (int32_t pass = 0; pass < 2; pass++) {
        if (pass == 1) {
            values = ARENA_ARRAY(input->arena, (size_t)MAX(total, 1), Datum);
            nulls = ARENA_ARRAY(input->arena, (size_t)MAX(total, 1), bool);
        }
        for (int32_t i = 0; i < node->arg_count; i++) {
            if (!vector_is_valid(vectors[i], row))
                continue; /* PG15: NULL sub-arrays are ignored */
            if (!array_open(VECTOR_DATA(vectors[i], Slice)[row], &view))
                raise_bad_array();
            if (pass == 0) {
                if (sub_count++ == 0)
                    first = view;
                if (view.dimension_count != first.dimension_count ||
                    memcmp(view.lengths, first.lengths, sizeof view.lengths) != 0 || memcmp(view.lower, first.lower, sizeof view.lower) != 0)
                    raise_error(SQLSTATE_ARRAY_SUBSCRIPT_ERROR, "multidimensional arrays must have array expressions with matching dimensions");
                if (__builtin_add_overflow(total, view.count, &total))
                    raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", 134217727);
            } else {
                for (int32_t k = 0; k < view.count; k++, at++)
                    nulls[at] = !array_get(&view, k, &values[at]);
            }
        }
        if (pass == 0 && sub_count > 0 && first.dimension_count + 1 > ARRAY_MAX_DIMENSIONS)
            raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                        (int)first.dimension_count + 1, ARRAY_MAX_DIMENSIONS);
    }
    if (total == 0)
        return array_build_list(input->arena, ((const ArrayNode *)node)->element, exec_phys(node->context->state, ((const ArrayNode *)node)->element), NULL, NULL, 0);
    lengths[0] = sub_count;
    lower[0] = 1;
    memcpy(lengths + 1, first.lengths, (size_t)first.dimension_count * sizeof *lengths);
    memcpy(lower + 1, first.lower, (size_t)first.dimension_count * sizeof *lower);
    return array_build(input->arena, first.element, first.phys, first.dimension_count + 1, lengths, lower, values, nulls, total);
}

static Vector *array_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    Oid       element = ((ArrayNode *)node)->element;
    PhysType  phys = exec_phys(node->context->state, element);
    Vector  **vectors = ARENA_ARRAY(input->arena, (size_t)MAX(node->arg_count, 1), Vector *);
    Datum    *values = ARENA_ARRAY(input->arena, (size_t)MAX(node->arg_count, 1), Datum);
    bool     *nulls = ARENA_ARRAY(input->arena, (size_t)MAX(node->arg_count, 1), bool);
    Vector   *result;

    for (int32_t i = 0; i < node->arg_count; i++)
        vectors[i] = node_run(node->args[i], input, sel, count);
    result = result_begin(node, input);
    FOR_EACH_ROW(sel, count, row, {
        if (node->expr->list.multidimensional) {
            VECTOR_DATA(result, Slice)[row] = join_arrays(node, vectors, row, input);
        } else {
            for (int32_t i = 0; i < node->arg_count; i++) {
                memset(&values[i], 0, sizeof values[i]);
                nulls[i] = !vector_get(vectors[i], row, &values[i]);
            }
            VECTOR_DATA(result, Slice)[row] = array_build_list(input->arena, element, phys, values, nulls, node->arg_count);
        }
    });
    return result_end(node, input);
}

EvalNode *eval_array_node(EvalContext *context, const Expr *expr)
{
    ArrayNode      *array = (ArrayNode *)eval_node_new(context, expr, sizeof(ArrayNode), array_run);
    const TypeInfo *type = exec_type(context->state, expr->type);

    eval_node_args(&array->node, &expr->list.args);
    array->element = type != NULL && type->element != 0 ? type->element : expr->list.args.count > 0 ? expr->list.args.items[0]->type : TYPE_TEXT;
    return &array->node;
}

/* ---- a[i], a[i:k] ---------------------------------------------------------------------------------------------------------------- */

typedef struct SubscriptNode {
    EvalNode   node;  /* args: the container */
    int32_t    count; /* of dimensions named */
    EvalNode **upper, **lower;
} SubscriptNode;

static bool bound_of(Vector *vector, int32_t row, int32_t *out)
{
    if (!vector_is_valid(vector, row))
        return false;
    *out = VECTOR_DATA(vector, int32_t)[row];
    return true;
}

static bool element_at(const ArrayView *array, const int32_t *subscripts, int32_t count, Datum *out)
{
    int64_t at = 0;

    if (count != array->dimension_count)
        return false;
    for (int32_t i = 0; i < count; i++) {
        int64_t offset = (int64_t)subscripts[i] - array->lower[i];

        if (offset < 0 || offset >= array->lengths[i])
            return false;
        at = at * array->lengths[i] + offset;
    }
    return array_get(array, (int32_t)at, out);
}

static Slice slice_array(const ArrayView *array, const int32_t *lower, const int32_t *upper, int32_t count, Arena *arena)
{
    int32_t from[ARRAY_MAX_DIMENSIONS], lengths[ARRAY_MAX_DIMENSIONS], ones[ARRAY_MAX_DIMENSIONS], total = 1, n = 0;
    Datum  *values;
    bool   *nulls;

    if (count > array->dimension_count)
        return array_build_list(arena, array->element, array->phys, NULL, NULL, 0);
    for (int32_t i = 0; i < array->dimension_count; i++) {
        int64_t low = i < count ? MAX(lower[i], array->lower[i]) : array->lower[i];
        int64_t high = i < count ? MIN((int64_t)upper[i], (int64_t)array->lower[i] + array->lengths[i] - 1)
                                 : (int64_t)array->lower[i] + array->lengths[i] - 1;

        if (low > high)
            return array_build_list(arena, array->element, array->phys, NULL, NULL, 0);
        from[i] = (int32_t)(low - array->lower[i]);
        lengths[i] = (int32_t)(high - low + 1);
        ones[i] = 1;
        total *= lengths[i];
    }
    values = ARENA_ARRAY(arena, (size_t)total, Datum);
    nulls = ARENA_ARRAY(arena, (size_t)total, bool);
    for (; n < total; n++) {
        int64_t rest = n, at = 0, step = 1;

        for (int32_t i = array->dimension_count - 1; i >= 0; i--) {
            at += (from[i] + rest % lengths[i]) * step;
            rest /= lengths[i];
            step *= array->lengths[i];
        }
        nulls[n] = !array_get(array, (int32_t)at, &values[n]);
    }
    return array_build(arena, array->element, array->phys, array->dimension_count, lengths, ones, values, nulls, total);
}

static Vector *subscript_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    SubscriptNode *sub = (SubscriptNode *)node;
    Vector        *container = node_run(node->args[0], input, sel, count);
    Vector        *uppers[ARRAY_MAX_DIMENSIONS], *lowers[ARRAY_MAX_DIMENSIONS], *result;
    bool           slice = node->expr->subscript.slice;

    for (int32_t i = 0; i < sub->count; i++) {
        uppers[i] = sub->upper[i] != NULL ? node_run(sub->upper[i], input, sel, count) : NULL;
        lowers[i] = slice && sub->lower[i] != NULL ? node_run(sub->lower[i], input, sel, count) : NULL;
    }
    result = result_begin(node, input);
    FOR_EACH_ROW(sel, count, row, {
        int32_t   upper[ARRAY_MAX_DIMENSIONS];
        int32_t   lower[ARRAY_MAX_DIMENSIONS];
        ArrayView array;
        Datum     value;
        bool      known = vector_is_valid(container, row);

        if (known && !array_open(VECTOR_DATA(container, Slice)[row], &array))
            raise_bad_array();
        for (int32_t i = 0; known && i < sub->count; i++) {
            bool inside = i < array.dimension_count;

            upper[i] = inside ? array.lower[i] + array.lengths[i] - 1 : 0;
            lower[i] = inside ? array.lower[i] : 1;
            if (uppers[i] != NULL && !bound_of(uppers[i], row, &upper[i]))
                known = false;
            if (slice && lowers[i] != NULL && !bound_of(lowers[i], row, &lower[i]))
                known = false;
            if (slice && lowers[i] == NULL && sub->lower[i] == NULL && !inside)
                lower[i] = 1;
        }
        if (known && slice)
            VECTOR_DATA(result, Slice)[row] = slice_array(&array, lower, upper, sub->count, input->arena);
        else if (known && element_at(&array, upper, sub->count, &value))
            memcpy(vector_element(result, row), &value, phys_width(result->phys));
        else
            bitmap_clear(result->validity, row);
    });
    return result_end(node, input);
}

/* jsonb['a'][0] is doc #> '{a,0}' to the evaluator. */
static EvalNode *jsonb_subscript_node(EvalContext *context, const Expr *expr)
{
    Expr       *path = ARENA_NEW(context->arena, Expr), *call = ARENA_NEW(context->arena, Expr);
    const Proc *proc = proc_by_oid(3217); /* jsonb_extract_path(jsonb, text[]) */
    ExprList    items = expr->subscript.upper;

    path->kind = EXPR_ARRAY;
    path->type = TYPE_TEXT_ARRAY;
    path->typmod = -1;
    path->list.args.count = items.count;
    path->list.args.items = ARENA_ARRAY(context->arena, (size_t)items.count, Expr *);
    for (int32_t i = 0; i < items.count; i++) {
        Expr *item = items.items[i];

        if (item->type != TYPE_TEXT) {
            Expr *text = ARENA_NEW(context->arena, Expr);

            text->kind = EXPR_COERCE_IO;
            text->type = TYPE_TEXT;
            text->typmod = -1;
            text->unary.arg = item;
            item = text;
        }
        path->list.args.items[i] = item;
    }
    *call = (Expr){.kind = EXPR_CALL, .type = TYPE_JSONB, .typmod = -1, .location = expr->location};
    call->call.proc = proc;
    call->call.args.count = 2;
    call->call.args.items = ARENA_ARRAY(context->arena, 2, Expr *);
    call->call.args.items[0] = expr->subscript.container;
    call->call.args.items[1] = path;
    return eval_node(context, call);
}

EvalNode *eval_subscript_node(EvalContext *context, const Expr *expr)
{
    SubscriptNode *sub;

    if (expr->subscript.assigned != NULL) {
        Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "assignment to an element or slice is not supported");

        error_hint(err, "Assign the whole value, for a document with jsonb_set().");
        error_position(err, expr->location);
        error_raise(err);
    }
    if (expr->subscript.container->type == TYPE_JSONB)
        return jsonb_subscript_node(context, expr);
    sub = (SubscriptNode *)eval_node_new(context, expr, sizeof(SubscriptNode), subscript_run);
    sub->count = expr->subscript.upper.count;
    if (sub->count > ARRAY_MAX_DIMENSIONS)
        raise_error(SQLSTATE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)", (int)sub->count,
                    ARRAY_MAX_DIMENSIONS);
    eval_node_args(&sub->node, &(ExprList){1, (Expr *[]){expr->subscript.container}});
    sub->upper = ARENA_ARRAY_ZEROED(context->arena, (size_t)sub->count, EvalNode *);
    sub->lower = ARENA_ARRAY_ZEROED(context->arena, (size_t)sub->count, EvalNode *);
    for (int32_t i = 0; i < sub->count; i++) {
        if (expr->subscript.upper.items[i] != NULL)
            sub->upper[i] = eval_node(context, expr->subscript.upper.items[i]);
        if (expr->subscript.slice && i < expr->subscript.lower.count && expr->subscript.lower.items[i] != NULL)
            sub->lower[i] = eval_node(context, expr->subscript.lower.items[i]);
    }
    return &sub->node;
}

/* ---- element-wise casts -------------------------------------------------------------------------------------------------------------- */

typedef struct CoerceArrayNode {
    EvalNode     node;
    EvalNode    *element;
    Vector      *slot;
    VectorBuffer values;
    Oid          to;
} CoerceArrayNode;

static Vector *coerce_array_run(EvalNode *node, const EvalInput *input, const int32_t *sel, int32_t count)
{
    CoerceArrayNode *coerce = (CoerceArrayNode *)node;
    Vector          *source = node_run(node->args[0], input, sel, count);
    Vector          *result = result_begin(node, input);

    FOR_EACH_ROW(sel, count, row, {
        ArrayView array;
        EvalInput part;
        Vector   *changed;
        Datum    *values;
        bool     *nulls;

        if (!vector_is_valid(source, row)) {
            bitmap_clear(result->validity, row);
            continue;
        }
        if (!array_open(VECTOR_DATA(source, Slice)[row], &array))
            raise_bad_array();
        if (array.count == 0) {
            VECTOR_DATA(result, Slice)[row] = array_build_list(input->arena, coerce->to, exec_phys(node->context->state, coerce->to), NULL, NULL, 0);
            continue;
        }
        coerce->values.vector.type = array.element;
        coerce->values.vector.phys = array.phys;
        vector_buffer_reserve(&coerce->values, node->context->arena, array.count);
        vector_buffer_set_validity(&coerce->values, array.count, true);
        values = ARENA_ARRAY_ZEROED(input->arena, (size_t)array.count, Datum);
        nulls = ARENA_ARRAY(input->arena, (size_t)array.count, bool);
        for (int32_t i = 0; i < array.count; i++) {
            bool valid = array_get(&array, i, &values[i]);

            vector_set(&coerce->values.vector, i, &values[i], !valid);
        }
        vector_buffer_trim_validity(&coerce->values, array.count);
        coerce->slot = &coerce->values.vector;
        part = (EvalInput){NULL, array.count, input->arena};
        changed = node_run(coerce->element, &part, NULL, array.count);
        for (int32_t i = 0; i < array.count; i++)
            nulls[i] = !vector_get(changed, i, &values[i]);
        VECTOR_DATA(result, Slice)[row] = array_build(input->arena, coerce->to, changed->phys, array.dimension_count, array.lengths, array.lower,
                                                      values, nulls, array.count);
    });
    return result_end(node, input);
}

EvalNode *eval_coerce_array_node(EvalContext *context, const Expr *expr)
{
    CoerceArrayNode *coerce = (CoerceArrayNode *)eval_node_new(context, expr, sizeof(CoerceArrayNode), coerce_array_run);
    Vector         **outer = context->case_value;

    eval_node_args(&coerce->node, &(ExprList){1, (Expr *[]){expr->unary.arg}});
    context->case_value = &coerce->slot;
    coerce->element = eval_node(context, expr->unary.element);
    context->case_value = outer;
    coerce->to = expr->unary.element->type;
    return &coerce->node;
}
