/*
 * datetime_now.c - what time it is: now() and kin.
 */
#include "executor/func/kernels.h"
#include "types/datetime.h"

#include <time.h>

static int64_t clock_microseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return ((int64_t)now.tv_sec - SECONDS_1970_TO_2000) * USECS_PER_SECOND + now.tv_nsec / 1000;
}

static void fill(KernelCall *call, int64_t value)
{
    int64_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = value; });
}

static void transaction_time(KernelCall *call)
{
    fill(call, call->ctx->transaction_time);
}

static void statement_time(KernelCall *call)
{
    fill(call, call->ctx->statement_time);
}

/* Volatile: each row has its own time. */
static void clock_time(KernelCall *call)
{
    int64_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = clock_microseconds(); });
}

const KernelEntry datetime_now_kernels[] = {
    {.proc = 1299, .run = transaction_time}, /* now() */
    {.proc = 2647, .run = transaction_time}, /* transaction_timestamp() */
    {.proc = 2648, .run = statement_time},   /* statement_timestamp() */
    {.proc = 2649, .run = clock_time},       /* clock_timestamp() */
    {0},
};
