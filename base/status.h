/*
 * status.h - how storage, socket and file code reports: a Status is returned, a Fault says what happened.
 *
 * A function that can fail returns a Status and takes a Fault last. The fault is written once, where the
 * failure is seen, with FAULT(); callers pass both up unchanged. Nothing here unwinds.
 *
 * Ownership   a Fault is a plain value on the caller's stack. fault may be NULL where nobody will read it.
 * Raises      never
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "base/common.h"

typedef enum Status {
    STATUS_OK = 0,
    STATUS_NOT_FOUND,          /* an answer, not a failure: the key, file or object is not there */
    STATUS_EXISTS,             /* an answer: the key or object is there already */
    STATUS_CONFLICT,           /* serialization failure: 40001 */
    STATUS_CORRUPT,            /* bytes on disk that cannot be true: XX001 */
    STATUS_IO,                 /* the operating system failed a read, write or sync: 58030 */
    STATUS_NO_SPACE,           /* disk full: 53100 */
    STATUS_NO_MEMORY,          /* memory budget or malloc exhausted: 53200 */
    STATUS_READ_ONLY,          /* the store takes no more writes after an earlier failure: 58000 */
    STATUS_DEADLOCK,           /* 40P01 */
    STATUS_LOCK_NOT_AVAILABLE, /* NOWAIT or lock_timeout: 55P03 */
    STATUS_CANCELLED,          /* the statement's cancel flag was raised: 57014 */
    STATUS_TOO_LARGE,          /* a key or value beyond a format's limit: 54000 */
    STATUS_FORMAT,             /* a store of another version, or not a store: 58030 */
    STATUS_BUSY,               /* another process holds the store; or a port is in use */
    STATUS_CLOSED,             /* the peer ended the connection, or the engine is shutting down */
} Status;

enum { FAULT_TEXT_SIZE = 512 };

typedef struct Fault {
    Status status;
    int    os_error;             /* errno where the operating system failed, else 0 */
    char   text[FAULT_TEXT_SIZE]; /* one line for people: file, offset, what was expected; cut at the size */
} Fault;

/* The name of a status in lower case words, "no space": for logs and tests. */
const char *status_name(Status status);

/* Fills *fault unless it is NULL and returns status, so that `return FAULT(...)` reads as one step. */
Status fault_set(Fault *fault, Status status, int os_error, const char *format, ...) PRINTF_LIKE(4, 5);
#define FAULT(fault, status, os_error, ...) fault_set((fault), (status), (os_error), __VA_ARGS__)

/* The status that an errno value stands for: ENOSPC and EDQUOT NO_SPACE, ENOMEM NO_MEMORY, ENOENT NOT_FOUND, else IO. */
Status status_from_errno(int os_error);

/* Returns from the calling function when call does not give STATUS_OK. For callers that hold nothing. */
#define TRY(call)                       \
    do {                                \
        Status try_status_ = (call);    \
        if (try_status_ != STATUS_OK)   \
            return try_status_;         \
    } while (0)

#endif
