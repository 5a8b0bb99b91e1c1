/*
 * window_functions.c - row_number, rank, lag and the other window functions.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "executor/window.h"

static void set_null(WindowCall *call, int32_t row)
{
    bitmap_clear(call->result->validity, row);
}

static void copy_value(WindowCall *call, int32_t to, const Vector *from, int32_t row)
{
    if (row < 0 || !vector_is_valid(from, row)) {
        memset(vector_element(call->result, to), 0, phys_width(call->result->phys));
        set_null(call, to);
    } else {
        memcpy(vector_element(call->result, to), vector_element(from, row), phys_width(call->result->phys));
    }
}

static void row_number_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++)
        VECTOR_DATA(call->result, int64_t)[row] = row + 1;
}

static void rank_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++)
        VECTOR_DATA(call->result, int64_t)[row] = call->peer_start[row] + 1;
}

static void dense_rank_run(WindowCall *call)
{
    int64_t rank = 0;

    for (int32_t row = 0; row < call->row_count; row++) {
        rank += call->peer_start[row] == row;
        VECTOR_DATA(call->result, int64_t)[row] = rank;
    }
}

static void percent_rank_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++)
        VECTOR_DATA(call->result, double)[row] = call->row_count <= 1 ? 0 : (double)call->peer_start[row] / (double)(call->row_count - 1);
}

static void cume_dist_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++)
        VECTOR_DATA(call->result, double)[row] = (double)call->peer_end[row] / (double)call->row_count;
}

/* PG15: the argument of the partition's first row decides. */
static void ntile_run(WindowCall *call)
{
    int32_t buckets, size, larger, bucket = 1, left;

    if (!vector_is_valid(call->args[0], 0)) {
        for (int32_t row = 0; row < call->row_count; row++)
            set_null(call, row);
        return;
    }
    buckets = VECTOR_DATA(call->args[0], int32_t)[0];
    if (buckets <= 0)
        raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
    size = call->row_count / buckets;
    larger = call->row_count % buckets;
    left = size + (larger > 0);
    for (int32_t row = 0; row < call->row_count; row++) {
        if (left == 0) {
            bucket++;
            left = size + (bucket <= larger);
        }
        VECTOR_DATA(call->result, int32_t)[row] = bucket;
        left--;
    }
}

/* lag and lead: value [, offset [, default]] */
static void shift_run(WindowCall *call, int64_t direction)
{
    for (int32_t row = 0; row < call->row_count; row++) {
        int64_t offset = 1, at;

        if (call->arg_count > 1) {
            if (!vector_is_valid(call->args[1], row)) {
                copy_value(call, row, call->args[0], -1);
                continue;
            }
            offset = VECTOR_DATA(call->args[1], int32_t)[row];
        }
        at = row + direction * offset;
        if (at >= 0 && at < call->row_count)
            copy_value(call, row, call->args[0], (int32_t)at);
        else if (call->arg_count > 2)
            copy_value(call, row, call->args[2], row);
        else
            copy_value(call, row, call->args[0], -1);
    }
}

static void lag_run(WindowCall *call)
{
    shift_run(call, -1);
}

static void lead_run(WindowCall *call)
{
    shift_run(call, 1);
}

static void first_value_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++)
        copy_value(call, row, call->args[0], window_frame_row(call, row, 1));
}

static void last_value_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++)
        copy_value(call, row, call->args[0], window_last_row(call, row));
}

static void nth_value_run(WindowCall *call)
{
    for (int32_t row = 0; row < call->row_count; row++) {
        int32_t nth;

        if (!vector_is_valid(call->args[1], row)) {
            copy_value(call, row, call->args[0], -1);
            continue;
        }
        nth = VECTOR_DATA(call->args[1], int32_t)[row];
        if (nth <= 0)
            raise_error(SQLSTATE_INVALID_ARGUMENT_FOR_NTH_VALUE, "argument of nth_value must be greater than zero");
        copy_value(call, row, call->args[0], window_frame_row(call, row, nth));
    }
}

const WindowEntry window_functions[] = {
    {3100, row_number_run}, {3101, rank_run}, {3102, dense_rank_run}, {3103, percent_rank_run}, {3104, cume_dist_run},
    {3105, ntile_run},      {3106, lag_run},  {3107, lag_run},        {3108, lag_run},          {3109, lead_run},
    {3110, lead_run},       {3111, lead_run}, {3112, first_value_run}, {3113, last_value_run},  {3114, nth_value_run},
    {0, NULL},
};
