/*
 * binary.tmpl.h - a kernel of two arguments that cannot fail.
 *
 * Define KERNEL (function name), LEFT, RIGHT, RESULT (element types) and OP(a, b) before including this file.
 */
static void KERNEL(KernelCall *call)
{
    const LEFT *restrict left = call->args[0]->data;
    const RIGHT *restrict right = call->args[1]->data;
    RESULT *restrict out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (RESULT)(OP(left[row], right[row])); });
}
#undef KERNEL
#undef LEFT
#undef RIGHT
#undef RESULT
#undef OP
