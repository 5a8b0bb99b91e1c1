/*
 * series.c - generate_series over integers and numeric.
 */
#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/numeric_math.h"

static noreturn void raise_zero_step(void)
{
    raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "step size cannot equal zero");
}

/* ---- int4 and int8 ------------------------------------------------------------------------------------------------ */

typedef struct IntegerSeries {
    int64_t next;
    int64_t last;
    int64_t step;
    bool    done;
} IntegerSeries;

static int64_t integer_arg(const SetCall *call, int arg)
{
    return call->proc->result == TYPE_INT4 ? call->args[arg].int32 : call->args[arg].int64;
}

static void integer_start(SetCall *call)
{
    IntegerSeries *series = ARENA_NEW(call->arena, IntegerSeries);

    series->next = integer_arg(call, 0);
    series->last = integer_arg(call, 1);
    series->step = call->arg_count > 2 ? integer_arg(call, 2) : 1;
    if (series->step == 0)
        raise_zero_step();
    call->state = series;
}

static int32_t integer_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    IntegerSeries *series = call->state;
    bool           narrow = call->proc->result == TYPE_INT4;
    int32_t        count = 0;

    (void)batch_arena, (void)output_count;
    while (count < max_rows && !series->done &&
           (series->step > 0 ? series->next <= series->last : series->next >= series->last)) {
        if (narrow)
            VECTOR_DATA(outputs[0], int32_t)[count++] = (int32_t)series->next;
        else
            VECTOR_DATA(outputs[0], int64_t)[count++] = series->next;
        series->done = __builtin_add_overflow(series->next, series->step, &series->next);
    }
    return count;
}

/* ---- numeric ------------------------------------------------------------------------------------------------------ */

typedef struct NumericSeries {
    Numeric next;
    Numeric last;
    Numeric step;
} NumericSeries;

static Numeric numeric_arg(const SetCall *call, int arg, const char *name)
{
    Datum copy;

    datum_copy(PHYS_NUMERIC, call->arena, &call->args[arg], &copy);
    if (copy.numeric.kind == NUMERIC_NAN)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s cannot be NaN", name);
    if (!numeric_is_finite(&copy.numeric))
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s cannot be infinity", name);
    return copy.numeric;
}

static void numeric_start(SetCall *call)
{
    NumericSeries *series = ARENA_NEW(call->arena, NumericSeries);

    series->next = numeric_arg(call, 0, "start value");
    series->last = numeric_arg(call, 1, "stop value");
    series->step = call->arg_count > 2 ? numeric_arg(call, 2, "step size") : numeric_from_small(1, 0);
    if (numeric_sign(&series->step) == 0)
        raise_zero_step();
    call->state = series;
}

static int32_t numeric_next(SetCall *call, Arena *batch_arena, Vector *const *outputs, int32_t output_count, int32_t max_rows)
{
    NumericSeries *series = call->state;
    Numeric       *out = outputs[0]->data;
    int            sign = numeric_sign(&series->step);
    int32_t        count = 0;

    (void)output_count;
    while (count < max_rows && numeric_compare(&series->next, &series->last) * sign <= 0) {
        Datum copy;

        datum_copy(PHYS_NUMERIC, batch_arena, &series->next, &copy);
        out[count++] = copy.numeric;
        numeric_add(call->arena, &series->next, &series->step, &series->next);
    }
    return count;
}

const SetEntry series_sets[] = {
    {.proc = 1066, .start = integer_start, .next = integer_next},
    {.proc = 1067, .start = integer_start, .next = integer_next},
    {.proc = 1068, .start = integer_start, .next = integer_next},
    {.proc = 1069, .start = integer_start, .next = integer_next},
    {.proc = 3259, .start = numeric_start, .next = numeric_next},
    {.proc = 3260, .start = numeric_start, .next = numeric_next},
    {0},
};
