/*
 * interval_scale.h - an interval times or by a number, as PostgreSQL rounds it: shared by * and / and percentile_cont.
 *
 * Raises  never: *overflow is set instead
 */
#ifndef EXECUTOR_FUNC_INTERVAL_SCALE_H
#define EXECUTOR_FUNC_INTERVAL_SCALE_H

#include "types/datum.h"

Interval scale_interval(const Interval *interval, double factor, bool divide, bool *overflow);

#endif
