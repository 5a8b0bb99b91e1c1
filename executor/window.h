/*
 * window.h - what a window function sees: one whole partition, in order, with the frame of each row.
 *
 * Raises      the functions raise; the helpers never.
 */
#ifndef EXECUTOR_WINDOW_H
#define EXECUTOR_WINDOW_H

#include "executor/func/registry.h"
#include "executor/query.h"

struct WindowCall {
    const Proc        *proc;
    int32_t            arg_count;
    Vector *const     *args;        /* row_count elements each */
    Vector            *result;      /* row_count elements, all valid on entry with a bitmap to clear bits in */
    int32_t            row_count;
    const int32_t     *peer_start;  /* by row: first row of its peers, and the row behind the last */
    const int32_t     *peer_end;
    const int32_t     *frame_start; /* by row; the frame is frame_start .. frame_end - 1, possibly empty */
    const int32_t     *frame_end;
    FrameExclude       exclude;
    Arena             *arena;       /* lives as long as the result */
    const TypeContext *ctx;
    Session           *session;
};

/* Whether a row within the frame of `current` is left out by EXCLUDE. */
static inline bool window_excluded(const WindowCall *call, int32_t current, int32_t row)
{
    bool peer = row >= call->peer_start[current] && row < call->peer_end[current];

    switch (call->exclude) {
    case EXCLUDE_CURRENT_ROW:
        return row == current;
    case EXCLUDE_GROUP:
        return peer;
    case EXCLUDE_TIES:
        return peer && row != current;
    case EXCLUDE_NO_OTHERS:
        break;
    }
    return false;
}

/* The nth row (from 1) of the frame of `current`, -1 beyond its end. */
static inline int32_t window_frame_row(const WindowCall *call, int32_t current, int64_t nth)
{
    if (call->exclude == EXCLUDE_NO_OTHERS) {
        int64_t row = call->frame_start[current] + nth - 1;

        return row < call->frame_end[current] ? (int32_t)row : -1;
    }
    for (int32_t row = call->frame_start[current]; row < call->frame_end[current]; row++)
        if (!window_excluded(call, current, row) && --nth == 0)
            return row;
    return -1;
}

/* The last row of the frame of `current`, -1 when it is empty. */
static inline int32_t window_last_row(const WindowCall *call, int32_t current)
{
    for (int32_t row = call->frame_end[current] - 1; row >= call->frame_start[current]; row--)
        if (!window_excluded(call, current, row))
            return row;
    return -1;
}

#endif
