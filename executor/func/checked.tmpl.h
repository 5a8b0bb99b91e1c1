/*
 * checked.tmpl.h - integer arithmetic of two arguments that may overflow.
 *
 * Define KERNEL (function name), LEFT, RIGHT, RESULT (element types), OP(a, b, out) (true on overflow) and TYPE_NAME (of the
 * result, for the message) before including this file. Overflow is gathered in the loop and raised after it.
 */
static void KERNEL(KernelCall *call)
{
    const LEFT *restrict left = call->args[0]->data;
    const RIGHT *restrict right = call->args[1]->data;
    RESULT *restrict out = call->result->data;
    bool overflow = false;

    FOR_EACH_ROW(call->sel, call->count, row, { overflow |= OP(left[row], right[row], &out[row]); });
    if (UNLIKELY(overflow))
        raise_integer_overflow(TYPE_NAME);
}
#undef KERNEL
#undef LEFT
#undef RIGHT
#undef RESULT
#undef OP
#undef TYPE_NAME
