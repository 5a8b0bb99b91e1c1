/*
 * planner.h - from a bound query to a physical plan.
 *
 * Ownership   the plan lives in arena, which must be the query's or outlive it no longer: the plan points into the query.
 * Raises      what planning finds wrong (0A000, 54000), and errors of constant folding.
 */
#ifndef EXECUTOR_PLAN_PLANNER_H
#define EXECUTOR_PLAN_PLANNER_H

#include "executor/plan/plan.h"
#include "executor/session.h"

const PlannedStatement *plan_query(Session *session, Arena *arena, Query *query);

#endif
