/*
 * status.c - see status.h.
 */
#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static const char *const status_names[] = {
    [STATUS_OK] = "ok",
    [STATUS_NOT_FOUND] = "not found",
    [STATUS_EXISTS] = "exists",
    [STATUS_CONFLICT] = "conflict",
    [STATUS_CORRUPT] = "corrupt",
    [STATUS_IO] = "io",
    [STATUS_NO_SPACE] = "no space",
    [STATUS_NO_MEMORY] = "no memory",
    [STATUS_READ_ONLY] = "read only",
    [STATUS_DEADLOCK] = "deadlock",
    [STATUS_LOCK_NOT_AVAILABLE] = "lock not available",
    [STATUS_CANCELLED] = "cancelled",
    [STATUS_TOO_LARGE] = "too large",
    [STATUS_FORMAT] = "format",
    [STATUS_BUSY] = "busy",
    [STATUS_CLOSED] = "closed",
};

const char *status_name(Status status)
{
    return (size_t)status < ARRAY_LENGTH(status_names) ? status_names[status] : "unknown";
}

Status fault_set(Fault *fault, Status status, int os_error, const char *format, ...)
{
    va_list args;

    if (fault == NULL)
        return status;
    fault->status = status;
    fault->os_error = os_error;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    return status;
}

Status status_from_errno(int os_error)
{
    switch (os_error) {
    case ENOSPC:
    case EDQUOT:
        return STATUS_NO_SPACE;
    case ENOMEM:
        return STATUS_NO_MEMORY;
    case ENOENT:
        return STATUS_NOT_FOUND;
    default:
        return STATUS_IO;
    }
}
