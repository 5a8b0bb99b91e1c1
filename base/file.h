/*
 * file.h - the one layer through which storage touches files and directories.
 *
 * Every call is one system call in a loop that finishes short transfers, with a Fault that names the file. Tests
 * put hooks under it that make any operation fail or run short (file_hooks).
 *
 * Ownership   file_open() returns a File owned by the caller, ended by file_close(). Paths are copied.
 * Threads     reads, writes at disjoint offsets and syncs of one File may run side by side.
 * Errors      Status and Fault; nothing here raises. A failed sync says nothing about what reached the disk and
 *             must not be tried again.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/common.h"
#include "base/status.h"

typedef struct File File;

/* How to open: any of these or-ed together; without FILE_WRITE it is read-only. */
enum {
    FILE_WRITE = 1,
    FILE_CREATE = 2,    /* make it when it does not exist */
    FILE_EXCLUSIVE = 4, /* with FILE_CREATE: STATUS_EXISTS when it does */
    FILE_TRUNCATE = 8,
    FILE_DIRECT = 16,   /* past the page cache where the file system allows it: see file_is_direct() */
    FILE_SEQUENTIAL = 32, /* will be read from front to back */
};

/* Offsets, sizes and addresses of direct transfers are multiples of this. */
enum { FILE_DIRECT_ALIGNMENT = 4096 };

/* STATUS_NOT_FOUND when it does not exist and is not to be made. FILE_DIRECT falls back to the page cache by itself. */
MUST_CHECK Status file_open(const char *path, unsigned flags, File **file_out, Fault *fault);
void              file_close(File *file); /* NULL is allowed; syncs nothing */
const char       *file_path(const File *file);
bool              file_is_direct(const File *file);

/* Reads up to size bytes; *read_out is less only where the file ends. */
MUST_CHECK Status file_read(File *file, uint64_t offset, void *buffer, size_t size, size_t *read_out, Fault *fault);

/* Reads exactly size bytes; STATUS_CORRUPT when the file ends before. */
MUST_CHECK Status file_read_exactly(File *file, uint64_t offset, void *buffer, size_t size, Fault *fault);

/* Writes all of it. On a failure any part may have been written. */
MUST_CHECK Status file_write(File *file, uint64_t offset, const void *bytes, size_t size, Fault *fault);

/* fdatasync: contents and size, not times. */
MUST_CHECK Status file_sync(File *file, Fault *fault);
MUST_CHECK Status file_truncate(File *file, uint64_t size, Fault *fault);
MUST_CHECK Status file_size(File *file, uint64_t *size_out, Fault *fault);

/* Reserves blocks for [0, size) without writing them and sets the size; does nothing where it is not supported. */
MUST_CHECK Status file_preallocate(File *file, uint64_t size, Fault *fault);

/* Tells the kernel that the range will be read soon. Never fails. */
void file_prefetch(File *file, uint64_t offset, size_t size);

/* ---- names --------------------------------------------------------------------------------------------------- */

MUST_CHECK Status path_rename(const char *from, const char *to, Fault *fault);
MUST_CHECK Status path_link(const char *from, const char *to, Fault *fault); /* a second name of the same file */
Status            path_unlink(const char *path, Fault *fault);               /* STATUS_NOT_FOUND when it is not there */
MUST_CHECK Status path_make_directory(const char *path, Fault *fault);       /* STATUS_EXISTS when it is there */

/* Makes creations, renames and unlinks in a directory durable. */
MUST_CHECK Status path_sync_directory(const char *path, Fault *fault);

/* Calls visit with each name but . and .. in no order. */
MUST_CHECK Status path_list(const char *path, void (*visit)(void *arg, const char *name), void *arg, Fault *fault);

/* "directory/name" in memory from malloc, NULL without memory. */
char *path_join(const char *directory, const char *name);

/* A lock that ends with the process or with file_close(). STATUS_BUSY when another process, or this one, has it. */
MUST_CHECK Status file_lock(const char *path, File **lock_out, Fault *fault);

/* ---- hooks for tests ------------------------------------------------------------------------------------------- */

typedef enum FileOperation {
    FILE_OP_OPEN,
    FILE_OP_CREATE, /* an open that makes or truncates the file */
    FILE_OP_READ,
    FILE_OP_WRITE,
    FILE_OP_SYNC,
    FILE_OP_TRUNCATE,
    FILE_OP_PREALLOCATE,
    FILE_OP_RENAME, /* other is the new name */
    FILE_OP_LINK,   /* likewise */
    FILE_OP_UNLINK,
    FILE_OP_MAKE_DIRECTORY,
    FILE_OP_SYNC_DIRECTORY,
    FILE_OP_LIST,
    FILE_OP_COUNT
} FileOperation;

typedef struct FileEvent {
    FileOperation operation;
    const char   *path;
    const char   *other;  /* RENAME, LINK: the new name; else NULL */
    uint64_t      offset; /* READ, WRITE; the new size of TRUNCATE and PREALLOCATE */
    size_t        size;   /* READ, WRITE: before() may lower it for a short transfer, to 1 at least */
} FileEvent;

typedef struct FileHooks {
    void *arg;
    int (*before)(void *arg, FileEvent *event);      /* an errno that the operation fails with, or 0 */
    void (*after)(void *arg, const FileEvent *event); /* the operation succeeded; may be NULL */
} FileHooks;

/* NULL takes them away. Set while no other thread uses files; hooks are called from any thread. */
void file_set_hooks(const FileHooks *hooks);

const char *file_operation_name(FileOperation operation);

#endif
