/*
 * type_of.c - pg_typeof(): the type that an argument was bound with.
 */
#include "executor/func/kernels.h"

static void type_of(KernelCall *call)
{
    Oid *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = call->args[0]->type; });
}

const KernelEntry type_of_kernels[] = {
    {.proc = 1619, .run = type_of},
    {0},
};
