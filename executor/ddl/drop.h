/*
 * drop.h - dropping objects and what depends on them.
 *
 * A drop is planned first: the objects named, then everything that depends on them, found from the dependency lists of descriptors.
 * What belongs to an object (indexes, owned sequences, row types, defaults) goes with it silently; what else depends on it is refused
 * (2BP01, with PostgreSQL's report) or goes with CASCADE, which says so in a NOTICE.
 */
#ifndef EXECUTOR_DDL_DROP_H
#define EXECUTOR_DDL_DROP_H

#include "executor/ddl/ddl_context.h"

/* A thing to drop: an object, or a column (sub > 0) or constraint (constraint != 0) of a relation. */
typedef struct DropTarget {
    DescKind kind;
    Oid      oid;
    int32_t  sub;
    Oid      constraint;
    bool     is_default; /* the default of column sub */
} DropTarget;

/* Drops the targets; raises 2BP01 when others depend on them and behavior is RESTRICT. Flushes. */
void drop_objects(Ddl *ddl, const DropTarget *targets, int32_t count, DropBehavior behavior);

/* Drops an object and all that depends on it without a word. */
void drop_quietly(Ddl *ddl, const Desc *desc);

/* "table t", "column a of table t", "constraint c on table t": as dependency reports name things. */
const char *drop_describe(Ddl *ddl, const DropTarget *target);

#endif
