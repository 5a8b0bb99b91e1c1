/*
 * explain_internal.h - a plan as EXPLAIN shows it: nodes with properties, before any format.
 *
 * explain_build() folds what PostgreSQL has no node for (filters, projections, the row source below VALUES) into the nodes below, and names
 * columns in expressions again; explain_text() and its siblings print the result.
 */
#ifndef EXECUTOR_PLAN_EXPLAIN_INTERNAL_H
#define EXECUTOR_PLAN_EXPLAIN_INTERNAL_H

#include "executor/plan/explain.h"

typedef enum PropertyKind { PROPERTY_TEXT, PROPERTY_LIST, PROPERTY_NUMBER, PROPERTY_BOOL } PropertyKind;

typedef struct Property {
    PropertyKind kind;
    const char  *name;
    const char  *text;      /* also of numbers and booleans */
    int32_t      count;     /* PROPERTY_LIST */
    const char **items;
    const char  *unit;      /* text format: put behind a number */
    bool         json_only; /* said in the node's line in text format */
} Property;

typedef struct ExplainNode ExplainNode;
struct ExplainNode {
    const char   *title;        /* text format: "Seq Scan on t" */
    const char   *type;         /* "Node Type" */
    const char   *relationship; /* Outer, Inner, Subquery, InitPlan, SubPlan, Member; NULL at the root */
    const char   *subplan_name; /* "SubPlan 1", "CTE c" */
    double        startup, total, rows;
    int32_t       width;
    const OperatorCounters *counters; /* NULL: not run, or not counted */
    int32_t       property_count, property_capacity;
    Property     *properties;
    int32_t       child_count, child_capacity;
    ExplainNode **children;
};

typedef struct Explain {
    Session                *session;
    Arena                  *arena;
    const PlannedStatement *planned;
    const ExplainOptions   *options;
    const OperatorCounters *counters;
    double                  planning_ms, execution_ms;
    bool                   *shown_subplans;
    bool                   *shown_ctes;
    int32_t                 line_count, line_capacity;
    const char            **lines;
} Explain;

ExplainNode *explain_build(Explain *explain);
void         explain_line(Explain *explain, const char *line);
void         explain_text(Explain *explain, const ExplainNode *root);
void         explain_json(Explain *explain, const ExplainNode *root);
void         explain_xml(Explain *explain, const ExplainNode *root);
void         explain_yaml(Explain *explain, const ExplainNode *root);

#endif
