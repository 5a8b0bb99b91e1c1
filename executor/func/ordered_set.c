/*
 * ordered_set.c - percentile_cont, percentile_disc, mode; rank, dense_rank, percent_rank, cume_dist of a row that is not there.
 *
 * The executor sorts each group's rows and feeds them with the direct arguments in front: update only gathers.
 * The states of split groups are not sorted among each other, so none can be combined.
 */
#include "base/error.h"
#include "executor/func/array_func.h"
#include "executor/func/interval_scale.h"
#include "executor/func/kernels.h"
#include "executor/plan/plan.h"

#include <math.h>

/* ---- gathering --------------------------------------------------------------------------------------------------------- */

typedef struct Ordered {
    ElementList values;      /* in order, NULLs left out */
    bool        has_fraction; /* the direct argument was seen and is not NULL */
    Datum       fraction;    /* a float8, or a float8[] kept in the aggregate's arena */
} Ordered;

static void gather_value(const AggCall *call, ElementList *list, const Vector *values, int32_t row)
{
    Datum value, copy = {.int64 = 0};

    if (!vector_datum(values, row, &value))
        return;
    list->element = values->type;
    list->phys = values->phys;
    datum_copy(values->phys, call->arena, &value, &copy);
    element_list_add(list, call->arena, &copy, false);
}

static void percentile_update(AggCall *call)
{
    const Vector *fractions = call->args[0], *values = call->args[1];

    FOR_EACH_ROW(call->sel, call->count, row, {
        Ordered *state = agg_state(call, row);
        Datum    fraction;

        if (state->values.count == 0 && vector_datum(fractions, row, &fraction)) {
            state->has_fraction = true;
            datum_copy(fractions->phys, call->arena, &fraction, &state->fraction);
        }
        gather_value(call, &state->values, values, row);
    });
}

/* ---- percentiles ---------------------------------------------------------------------------------------------------------- */

static void check_fraction(double fraction)
{
    if (fraction < 0 || fraction > 1 || isnan(fraction))
        raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "percentile value %g is not between 0 and 1", fraction);
}

/* The value at or next above a fraction of the rows. */
static Datum discrete(const Ordered *state, double fraction)
{
    int64_t row = (int64_t)ceil(fraction * state->values.count);

    return state->values.values[MAX(row, 1) - 1];
}

static Interval interval_between(const Interval *low, const Interval *high, double part)
{
    bool     overflow = false;
    Interval step, result;

    overflow |= __builtin_sub_overflow(high->microseconds, low->microseconds, &step.microseconds);
    overflow |= __builtin_sub_overflow(high->days, low->days, &step.days);
    overflow |= __builtin_sub_overflow(high->months, low->months, &step.months);
    step = scale_interval(&step, part, false, &overflow);
    overflow |= __builtin_add_overflow(low->microseconds, step.microseconds, &result.microseconds);
    overflow |= __builtin_add_overflow(low->days, step.days, &result.days);
    overflow |= __builtin_add_overflow(low->months, step.months, &result.months);
    if (overflow)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "interval out of range");
    return result;
}

/* Between the two rows around the fraction, in proportion. */
static Datum continuous(const Ordered *state, double fraction)
{
    double       position = fraction * (state->values.count - 1);
    int64_t      low = (int64_t)floor(position), high = (int64_t)ceil(position);
    double       part = position - (double)low;
    const Datum *a = &state->values.values[low], *b = &state->values.values[high];
    Datum        result = {.int64 = 0};

    if (low == high)
        return *a;
    if (state->values.phys == PHYS_INTERVAL)
        result.interval = interval_between(&a->interval, &b->interval, part);
    else
        result.float64 = a->float64 + part * (b->float64 - a->float64);
    return result;
}

static Datum percentile(const Ordered *state, double fraction, bool interpolates)
{
    return interpolates ? continuous(state, fraction) : discrete(state, fraction);
}

static bool one_percentile(const Ordered *state, bool interpolates, Arena *arena, Datum *out)
{
    Datum value;

    if (!state->has_fraction)
        return false;
    check_fraction(state->fraction.float64);
    if (state->values.count == 0)
        return false;
    value = percentile(state, state->fraction.float64, interpolates);
    datum_copy(state->values.phys, arena, &value, out);
    return true;
}

static bool many_percentiles(const Ordered *state, bool interpolates, Arena *arena, Datum *out)
{
    ArrayView fractions;
    Datum    *values;
    bool     *nulls;

    if (!state->has_fraction || state->values.count == 0)
        return false;
    fractions = array_view(state->fraction.bytes);
    values = ARENA_ARRAY_ZEROED(arena, (size_t)fractions.count, Datum);
    nulls = ARENA_ARRAY_ZEROED(arena, (size_t)fractions.count, bool);
    for (int32_t i = 0; i < fractions.count; i++) {
        Datum fraction;

        nulls[i] = !array_get(&fractions, i, &fraction);
        if (nulls[i])
            continue;
        check_fraction(fraction.float64);
        values[i] = percentile(state, fraction.float64, interpolates);
    }
    out->bytes = array_build(arena, state->values.element, state->values.phys, fractions.count > 0 ? fractions.dimension_count : 0,
                             fractions.lengths, fractions.lower, values, nulls, fractions.count);
    return true;
}

static bool discrete_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return one_percentile(state, false, arena, out);
}

static bool continuous_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return one_percentile(state, true, arena, out);
}

static bool discrete_array_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return many_percentiles(state, false, arena, out);
}

static bool continuous_array_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    return many_percentiles(state, true, arena, out);
}

/* ---- mode: the most frequent value, the first of those in the order --------------------------------------------------------- */

static void mode_update(AggCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, {
        Ordered *state = agg_state(call, row);

        gather_value(call, &state->values, call->args[0], row);
    });
}

static bool mode_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const ElementList *list = &((Ordered *)state)->values;
    const TypeInfo    *type;
    int32_t            best = 0, best_length = 0;

    if (list->count == 0)
        return false;
    type = element_with_equality(call->session, arena, list->element);
    for (int32_t i = 0, length; i < list->count; i += length) {
        for (length = 1; i + length < list->count; length++)
            if (type->compare(type, &list->values[i], &list->values[i + length]) != 0)
                break;
        if (length > best_length) {
            best = i;
            best_length = length;
        }
    }
    datum_copy(list->phys, arena, &list->values[best], out);
    return true;
}

/* ---- hypothetical rows --------------------------------------------------------------------------------------------------------- */

typedef struct Hypothetical {
    int64_t before;          /* rows that sort before the hypothetical one */
    int64_t equal;           /* peers of it */
    int64_t groups;          /* distinct rows before it */
    int64_t total;
    Datum  *last;            /* the last row before it, to tell groups apart; NULL: none yet */
    bool   *last_nulls;
} Hypothetical;

static int compare_key(const PlanSortKey *key, bool has_a, const Datum *a, bool has_b, const Datum *b)
{
    int order;

    if (!has_a || !has_b) {
        if (has_a == has_b)
            return 0;
        return has_a == key->nulls_first ? 1 : -1;
    }
    order = key->type->compare(key->type, a, b);
    return key->descending ? -order : order;
}

/* Row's sort arguments beside its direct ones, key by key. */
static int compare_with_direct(const AggCall *call, int32_t row)
{
    int32_t keys = call->arg_count / 2;

    for (int32_t i = 0; i < call->order_count; i++) {
        Datum   a, b;
        int32_t column = call->order[i].column;
        bool    has_a = vector_datum(call->args[keys + column], row, &a), has_b = vector_datum(call->args[column], row, &b);
        int     order = compare_key(&call->order[i], has_a, &a, has_b, &b);

        if (order != 0)
            return order;
    }
    return 0;
}

static bool same_as_last(const AggCall *call, const Hypothetical *state, int32_t row)
{
    int32_t keys = call->arg_count / 2;

    for (int32_t i = 0; i < call->order_count; i++) {
        Datum   value;
        int32_t column = call->order[i].column;
        bool    valid = vector_datum(call->args[keys + column], row, &value);

        if (compare_key(&call->order[i], valid, &value, !state->last_nulls[column], &state->last[column]) != 0)
            return false;
    }
    return true;
}

static void remember_last(const AggCall *call, Hypothetical *state, int32_t row)
{
    int32_t keys = call->arg_count / 2;

    if (state->last == NULL) {
        state->last = ARENA_ARRAY_ZEROED(call->arena, (size_t)keys, Datum);
        state->last_nulls = ARENA_ARRAY_ZEROED(call->arena, (size_t)keys, bool);
    }
    for (int32_t i = 0; i < keys; i++) {
        Datum value;

        state->last_nulls[i] = !vector_datum(call->args[keys + i], row, &value);
        if (!state->last_nulls[i])
            datum_copy(call->args[keys + i]->phys, call->arena, &value, &state->last[i]);
    }
}

static void hypothetical_update(AggCall *call)
{
    bool dense = call->proc->oid == 3992;

    FOR_EACH_ROW(call->sel, call->count, row, {
        Hypothetical *state = agg_state(call, row);
        int           order = compare_with_direct(call, row);

        state->total++;
        state->before += order < 0;
        state->equal += order == 0;
        if (dense && order < 0 && (state->last == NULL || !same_as_last(call, state, row))) {
            state->groups++;
            remember_last(call, state, row);
        }
    });
}

static bool rank_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    (void)arena;
    out->int64 = ((Hypothetical *)state)->before + 1;
    return true;
}

static bool dense_rank_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    (void)call;
    (void)arena;
    out->int64 = ((Hypothetical *)state)->groups + 1;
    return true;
}

static bool percent_rank_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const Hypothetical *rows = state;

    (void)call;
    (void)arena;
    out->float64 = rows->total == 0 ? 0 : (double)rows->before / (double)rows->total;
    return true;
}

static bool cume_dist_finish(AggCall *call, void *state, Arena *arena, Datum *out)
{
    const Hypothetical *rows = state;

    (void)call;
    (void)arena;
    out->float64 = (double)(rows->before + rows->equal + 1) / (double)(rows->total + 1);
    return true;
}

const AggEntry ordered_set_aggregates[] = {
    {3972, sizeof(Ordered), NULL, percentile_update, NULL, discrete_finish},
    {3974, sizeof(Ordered), NULL, percentile_update, NULL, continuous_finish},
    {3976, sizeof(Ordered), NULL, percentile_update, NULL, continuous_finish},
    {3978, sizeof(Ordered), NULL, percentile_update, NULL, discrete_array_finish},
    {3980, sizeof(Ordered), NULL, percentile_update, NULL, continuous_array_finish},
    {3982, sizeof(Ordered), NULL, percentile_update, NULL, continuous_array_finish},
    {3984, sizeof(Ordered), NULL, mode_update, NULL, mode_finish},
    {3986, sizeof(Hypothetical), NULL, hypothetical_update, NULL, rank_finish},
    {3988, sizeof(Hypothetical), NULL, hypothetical_update, NULL, percent_rank_finish},
    {3990, sizeof(Hypothetical), NULL, hypothetical_update, NULL, cume_dist_finish},
    {3992, sizeof(Hypothetical), NULL, hypothetical_update, NULL, dense_rank_finish},
    {0},
};
