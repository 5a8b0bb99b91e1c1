/*
 * eval_filter.c - comparison of a column with a constant as one loop that writes a selection.
 */
#include "executor/exec/eval_internal.h"

#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY boolean
#define TYPE uint8_t
#define CONSTANT(d) ((d)->boolean)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY int16
#define TYPE int16_t
#define CONSTANT(d) ((d)->int16)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY int32
#define TYPE int32_t
#define CONSTANT(d) ((d)->int32)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY oid
#define TYPE uint32_t
#define CONSTANT(d) ((d)->oid)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY int64
#define TYPE int64_t
#define CONSTANT(d) ((d)->int64)
#include "executor/exec/filter_compare.tmpl.h"

/* NaN sorts above all numbers; the constant is never NaN here, so LT and EQ are false for it as C has them. */
#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY float32
#define TYPE float
#define CONSTANT(d) ((d)->float32)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) ((a) == (b))
#define LT(a, b) ((a) < (b))
#define FAMILY float64
#define TYPE double
#define CONSTANT(d) ((d)->float64)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) ((a).size == (b).size && memcmp((a).data, (b).data, (b).size) == 0)
#define LT(a, b) (slice_compare((a), (b)) < 0)
#define FAMILY bytes
#define TYPE Slice
#define CONSTANT(d) ((d)->bytes)
#include "executor/exec/filter_compare.tmpl.h"

#define EQ(a, b) (memcmp((a).bytes, (b).bytes, 16) == 0)
#define LT(a, b) (memcmp((a).bytes, (b).bytes, 16) < 0)
#define FAMILY uuid
#define TYPE Uuid
#define CONSTANT(d) ((d)->uuid)
#include "executor/exec/filter_compare.tmpl.h"

/* Types whose btree order is that of the physical type. */
static const CompareFilter *family_of(Oid type)
{
    switch (type) {
    case TYPE_BOOL:
        return filter_table_boolean;
    case TYPE_INT2:
        return filter_table_int16;
    case TYPE_INT4:
    case TYPE_DATE:
        return filter_table_int32;
    case TYPE_OID:
        return filter_table_oid;
    case TYPE_INT8:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
    case TYPE_TIME:
        return filter_table_int64;
    case TYPE_FLOAT4:
        return filter_table_float32;
    case TYPE_FLOAT8:
        return filter_table_float64;
    case TYPE_TEXT:
    case TYPE_BYTEA:
    case TYPE_NAME:
        return filter_table_bytes;
    case TYPE_UUID:
        return filter_table_uuid;
    default:
        return NULL;
    }
}

static const char *const names[] = {"=", "<>", "<", "<=", ">", ">="};
static const uint8_t     mirrored[] = {0, 1, 4, 5, 2, 3};

/* Which comparison of a type a function is: index into names, or -1. */
static int comparison_of(const Proc *proc, Oid type)
{
    for (int i = 0; i < 6; i++) {
        const Operator *op = type_operator(type, names[i]);

        if (op != NULL && op->function == proc->oid)
            return i;
    }
    return -1;
}

/* Operators between integers of different width: the constant is brought to the column's width where it fits. */
static int mixed_integers(const Proc *proc)
{
    int                    count, found = -1;
    const Operator *const *all;

    for (int i = 0; i < 6 && found < 0; i++) {
        all = operator_by_name(names[i], &count);
        for (int k = 0; k < count; k++)
            if (all[k]->function == proc->oid) {
                found = i;
                break;
            }
    }
    return found;
}

static int integer_width(Oid type)
{
    return type == TYPE_INT2 ? 2 : type == TYPE_INT4 ? 4 : type == TYPE_INT8 ? 8 : 0;
}

static bool narrow_integer(Datum *value, int from, int to)
{
    int64_t wide = from == 2 ? value->int16 : from == 4 ? value->int32 : value->int64;

    if (to == 2) {
        if (wide < INT16_MIN || wide > INT16_MAX)
            return false;
        value->int16 = (int16_t)wide;
    } else if (to == 4) {
        if (wide < INT32_MIN || wide > INT32_MAX)
            return false;
        value->int32 = (int32_t)wide;
    } else {
        value->int64 = wide;
    }
    return true;
}

CompareFilter compare_filter_find(const Proc *proc, PhysType column_phys, bool column_is_left, Datum *constant)
{
    const CompareFilter *family;
    Oid                  column_type, constant_type;
    int                  which;

    if (proc->arg_count != 2 || proc->result != TYPE_BOOL)
        return NULL;
    column_type = proc->args[column_is_left ? 0 : 1];
    constant_type = proc->args[column_is_left ? 1 : 0];
    family = family_of(column_type);
    if (family == NULL || type_phys(column_type) != column_phys)
        return NULL;
    if (column_type == constant_type) {
        which = comparison_of(proc, column_type);
    } else {
        int from = integer_width(constant_type), to = integer_width(column_type);

        if (from == 0 || to == 0 || !narrow_integer(constant, from, to))
            return NULL;
        which = mixed_integers(proc);
    }
    if (which < 0)
        return NULL;
    if ((column_type == TYPE_FLOAT8 && constant->float64 != constant->float64) ||
        (column_type == TYPE_FLOAT4 && constant->float32 != constant->float32))
        return NULL;
    return family[column_is_left ? which : mirrored[which]];
}
