/*
 * unary.tmpl.h - a kernel of one argument that cannot fail.
 *
 * Define KERNEL (function name), ARGUMENT, RESULT (element types) and OP(a) before including this file.
 */
static void KERNEL(KernelCall *call)
{
    const ARGUMENT *restrict in = call->args[0]->data;
    RESULT *restrict out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = (RESULT)(OP(in[row])); });
}
#undef KERNEL
#undef ARGUMENT
#undef RESULT
#undef OP
