/*
 * compare.tmpl.h - the six comparisons and the three-way one of a pair of element types.
 *
 * Define NAME (prefix of the kernels), LEFT and RIGHT (element types), EQUAL(a, b) and LESS(a, b), which take elements in
 * either order of types, before including this file.
 */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

#define COMPARISON(suffix, RESULT, TEST)                                                          \
    static void JOIN(NAME, suffix)(KernelCall * call)                                             \
    {                                                                                             \
        const LEFT *restrict left = call->args[0]->data;                                          \
        const RIGHT *restrict right = call->args[1]->data;                                        \
        RESULT *restrict out = call->result->data;                                                \
                                                                                                  \
        FOR_EACH_ROW(call->sel, call->count, row, { out[row] = TEST(left[row], right[row]); });   \
    }
#define NOT_EQUAL(a, b) (!(EQUAL(a, b)))
#define LESS_OR_EQUAL(a, b) (!(LESS(b, a)))
#define GREATER(a, b) (LESS(b, a))
#define GREATER_OR_EQUAL(a, b) (!(LESS(a, b)))
#define THREE_WAY(a, b) ((int)(LESS(b, a)) - (int)(LESS(a, b)))

COMPARISON(_eq, uint8_t, EQUAL)
COMPARISON(_ne, uint8_t, NOT_EQUAL)
COMPARISON(_lt, uint8_t, LESS)
COMPARISON(_le, uint8_t, LESS_OR_EQUAL)
COMPARISON(_gt, uint8_t, GREATER)
COMPARISON(_ge, uint8_t, GREATER_OR_EQUAL)
COMPARISON(_cmp, int32_t, THREE_WAY)

#undef COMPARISON
#undef NOT_EQUAL
#undef LESS_OR_EQUAL
#undef GREATER
#undef GREATER_OR_EQUAL
#undef THREE_WAY
#undef JOIN
#undef JOIN2
#undef NAME
#undef LEFT
#undef RIGHT
#undef EQUAL
#undef LESS
