/*
 * kernels.h - declares the arrays of code named in kernels.def, for the files that define them and for registry.c.
 */
#ifndef EXECUTOR_FUNC_KERNELS_H
#define EXECUTOR_FUNC_KERNELS_H

#include "executor/func/registry.h"

#define KERNELS(array) extern const KernelEntry array[];
#define SETS(array) extern const SetEntry array[];
#define AGGREGATES(array) extern const AggEntry array[];
#define WINDOWS(array) extern const WindowEntry array[];
#include "executor/func/kernels.def"

#endif
