/*
 * row_id.c - ctid: the row id as a tid, and back. Row id n stands in block (n - 1) / 32768 at offset (n - 1) % 32768 + 1.
 */
#include "base/bytes.h"
#include "executor/func/kernels.h"
#include "executor/func/registry.h"

enum { OFFSET_BITS = 15, TID_BYTES = 6 };

static void row_id_tid_run(KernelCall *call)
{
    const int64_t *ids = VECTOR_DATA(call->args[0], int64_t);
    Slice         *out = VECTOR_DATA(call->result, Slice);
    uint8_t       *bytes = arena_alloc(call->ctx->arena, (size_t)call->args[0]->capacity * TID_BYTES + TID_BYTES);

    FOR_EACH_ROW(call->sel, call->count, row, {
        uint8_t *at = bytes + (size_t)row * TID_BYTES;
        uint64_t id = (uint64_t)ids[row] - 1;

        put_be32(at, (uint32_t)(id >> OFFSET_BITS));
        put_be16(at + 4, (uint16_t)((id & ((1u << OFFSET_BITS) - 1)) + 1));
        out[row] = slice_of(at, TID_BYTES);
    });
}

static void tid_row_id_run(KernelCall *call)
{
    const Slice *tids = VECTOR_DATA(call->args[0], Slice);
    int64_t     *out = VECTOR_DATA(call->result, int64_t);

    FOR_EACH_ROW(call->sel, call->count, row, {
        uint32_t block = get_be32(tids[row].data);
        uint16_t offset = get_be16(tids[row].data + 4);

        /* an offset that no row has is no row's id */
        out[row] = offset == 0 || offset > 1u << OFFSET_BITS ? 0 : (int64_t)(((uint64_t)block << OFFSET_BITS) + offset);
    });
}

const KernelEntry row_id_kernels[] = {
    {.proc = 8900, .run = row_id_tid_run},
    {.proc = 8901, .run = tid_row_id_run},
    {0},
};
