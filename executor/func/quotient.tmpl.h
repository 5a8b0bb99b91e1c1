/*
 * quotient.tmpl.h - integer division and remainder.
 *
 * Define NAME (prefix), LEFT, RIGHT, RESULT (element types) and TYPE_NAME before including this file; REMAINDER as well when a
 * remainder kernel is wanted. Zero divisors and overflow are gathered in the loop and raised after it.
 */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)

static void JOIN(NAME, _div)(KernelCall *call)
{
    const LEFT *restrict left = call->args[0]->data;
    const RIGHT *restrict right = call->args[1]->data;
    RESULT *restrict out = call->result->data;
    bool zero = false;
    bool overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        RESULT divisor = (RESULT)right[row];

        if (LIKELY(divisor != 0 && divisor != -1))
            out[row] = (RESULT)((RESULT)left[row] / divisor);
        else if (divisor == 0)
            zero = true;
        else
            overflow |= __builtin_sub_overflow((RESULT)0, (RESULT)left[row], &out[row]);
    });
    if (UNLIKELY(zero))
        raise_division_by_zero();
    if (UNLIKELY(overflow))
        raise_integer_overflow(TYPE_NAME);
}

#ifdef REMAINDER
static void JOIN(NAME, _mod)(KernelCall *call)
{
    const LEFT *restrict left = call->args[0]->data;
    const RIGHT *restrict right = call->args[1]->data;
    RESULT *restrict out = call->result->data;
    bool zero = false;

    FOR_EACH_ROW(call->sel, call->count, row, {
        RESULT divisor = (RESULT)right[row];

        if (LIKELY(divisor != 0))
            out[row] = divisor == -1 ? 0 : (RESULT)((RESULT)left[row] % divisor); /* the least number % -1 would trap */
        else
            zero = true;
    });
    if (UNLIKELY(zero))
        raise_division_by_zero();
}
#undef REMAINDER
#endif
#undef JOIN
#undef JOIN2
#undef NAME
#undef LEFT
#undef RIGHT
#undef RESULT
#undef TYPE_NAME
