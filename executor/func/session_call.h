/*
 * session_call.h - how functions over the session and the catalogs are written: a row at a time, since each looks something up.
 *
 * Ownership   texts handed to return_text() and return_name() must live in call->ctx->arena or longer.
 * Raises      53200 only
 */
#ifndef EXECUTOR_FUNC_SESSION_CALL_H
#define EXECUTOR_FUNC_SESSION_CALL_H

#include "base/error.h"
#include "executor/func/kernels.h"
#include "executor/session.h"

/* static void f(KernelCall *call, int32_t row) { ... } as a kernel named f_run: ROW_KERNEL(f). */
#define ROW_KERNEL(function)                                                       \
    static void function##_run(KernelCall *call)                                   \
    {                                                                              \
        FOR_EACH_ROW(call->sel, call->count, row, { function(call, row); });       \
    }

static inline bool arg_is_null(const KernelCall *call, int arg, int32_t row)
{
    return !vector_is_valid(call->args[arg], row);
}

static inline Oid arg_oid(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], Oid)[row];
}

static inline int32_t arg_int4(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], int32_t)[row];
}

static inline int64_t arg_int8(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], int64_t)[row];
}

static inline bool arg_bool(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], uint8_t)[row] != 0;
}

static inline Slice arg_bytes(const KernelCall *call, int arg, int32_t row)
{
    return VECTOR_DATA(call->args[arg], Slice)[row];
}

/* A text argument, zero-terminated, in the call's arena. */
static inline const char *arg_text(const KernelCall *call, int arg, int32_t row)
{
    Slice bytes = arg_bytes(call, arg, row);

    return arena_printf(call->ctx->arena, "%.*s", (int)bytes.size, bytes.size > 0 ? (const char *)bytes.data : "");
}

static inline void return_text(KernelCall *call, int32_t row, const char *text)
{
    if (text == NULL)
        kernel_set_null(call, row);
    else
        VECTOR_DATA(call->result, Slice)[row] = slice_from_cstring(text);
}

static inline void return_bool(KernelCall *call, int32_t row, bool value)
{
    VECTOR_DATA(call->result, uint8_t)[row] = value;
}

static inline void return_int4(KernelCall *call, int32_t row, int32_t value)
{
    VECTOR_DATA(call->result, int32_t)[row] = value;
}

static inline void return_oid(KernelCall *call, int32_t row, Oid value)
{
    VECTOR_DATA(call->result, Oid)[row] = value;
}

static inline void return_int8(KernelCall *call, int32_t row, int64_t value)
{
    VECTOR_DATA(call->result, int64_t)[row] = value;
}

/* void: the empty text. */
static inline void return_void(KernelCall *call, int32_t row)
{
    VECTOR_DATA(call->result, Slice)[row] = (Slice){0};
}

#endif
