/*
 * file.c - see file.h.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct File {
    int  descriptor;
    bool direct;
    char path[];
};

/* Registry: set by tests only, before the threads that use files start. */
static const FileHooks *hooks;

void file_set_hooks(const FileHooks *new_hooks)
{
    __atomic_store_n(&hooks, new_hooks, __ATOMIC_RELEASE);
}

static inline int before(FileEvent *event)
{
    const FileHooks *now = __atomic_load_n(&hooks, __ATOMIC_ACQUIRE);

    return UNLIKELY(now != NULL) ? now->before(now->arg, event) : 0;
}

static inline void after(const FileEvent *event)
{
    const FileHooks *now = __atomic_load_n(&hooks, __ATOMIC_ACQUIRE);

    if (UNLIKELY(now != NULL) && now->after != NULL)
        now->after(now->arg, event);
}

const char *file_operation_name(FileOperation operation)
{
    static const char *const names[FILE_OP_COUNT] = {
        "open",   "create", "read",   "write",          "sync",           "truncate", "preallocate",
        "rename", "link",   "unlink", "make directory", "sync directory", "list",
    };

    return operation < FILE_OP_COUNT ? names[operation] : "unknown";
}

static Status fail(Fault *fault, int os_error, FileOperation operation, const char *path)
{
    char reason[128];

    return FAULT(fault, status_from_errno(os_error), os_error, "could not %s \"%s\": %s", file_operation_name(operation),
                 path, strerror_r(os_error, reason, sizeof reason));
}

static int open_descriptor(const char *path, int mode)
{
    int descriptor;

    do
        descriptor = open(path, mode | O_CLOEXEC, 0600);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

Status file_open(const char *path, unsigned flags, File **file_out, Fault *fault)
{
    FileEvent event = {(flags & (FILE_CREATE | FILE_TRUNCATE)) != 0 ? FILE_OP_CREATE : FILE_OP_OPEN, path, NULL, 0, 0};
    int       mode = (flags & FILE_WRITE) != 0 ? O_RDWR : O_RDONLY;
    bool      direct = (flags & FILE_DIRECT) != 0;
    int       os_error = before(&event);
    size_t    path_size = strlen(path) + 1;
    int       descriptor;
    File     *file;

    mode |= ((flags & FILE_CREATE) != 0 ? O_CREAT : 0) | ((flags & FILE_EXCLUSIVE) != 0 ? O_EXCL : 0) |
            ((flags & FILE_TRUNCATE) != 0 ? O_TRUNC : 0);
    if (os_error != 0)
        return fail(fault, os_error, event.operation, path);
    file = malloc(sizeof *file + path_size);
    if (file == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "could not open \"%s\": out of memory", path);
    descriptor = open_descriptor(path, mode | (direct ? O_DIRECT : 0));
    if (descriptor < 0 && direct && errno == EINVAL) {
        direct = false; /* tmpfs and some network file systems have no direct transfers; the O_CREAT may have worked */
        descriptor = open_descriptor(path, mode & ~O_EXCL);
    }
    if (descriptor < 0) {
        os_error = errno;
        free(file);
        if (os_error == EEXIST)
            return FAULT(fault, STATUS_EXISTS, os_error, "\"%s\" exists already", path);
        return fail(fault, os_error, event.operation, path);
    }
    if ((flags & FILE_SEQUENTIAL) != 0)
        (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    file->descriptor = descriptor;
    file->direct = direct;
    memcpy(file->path, path, path_size);
    after(&event);
    *file_out = file;
    return STATUS_OK;
}

void file_close(File *file)
{
    if (file == NULL)
        return;
    close(file->descriptor);
    free(file);
}

const char *file_path(const File *file)
{
    return file->path;
}

bool file_is_direct(const File *file)
{
    return file->direct;
}

Status file_read(File *file, uint64_t offset, void *buffer, size_t size, size_t *read_out, Fault *fault)
{
    uint8_t *at = buffer;
    size_t   done = 0;

    while (done < size) {
        FileEvent event = {FILE_OP_READ, file->path, NULL, offset + done, size - done};
        int       os_error = before(&event);
        ssize_t   got;

        if (os_error != 0)
            return fail(fault, os_error, FILE_OP_READ, file->path);
        got = pread(file->descriptor, at + done, event.size, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(fault, errno, FILE_OP_READ, file->path);
        if (got == 0)
            break;
        done += (size_t)got;
        after(&event);
    }
    *read_out = done;
    return STATUS_OK;
}

Status file_read_exactly(File *file, uint64_t offset, void *buffer, size_t size, Fault *fault)
{
    size_t got;

    TRY(file_read(file, offset, buffer, size, &got, fault));
    if (got != size)
        return FAULT(fault, STATUS_CORRUPT, 0, "\"%s\" ends at offset %llu where %zu more bytes were expected", file->path,
                     (unsigned long long)(offset + got), size - got);
    return STATUS_OK;
}

Status file_write(File *file, uint64_t offset, const void *bytes, size_t size, Fault *fault)
{
    const uint8_t *at = bytes;
    size_t         done = 0;

    while (done < size) {
        FileEvent event = {FILE_OP_WRITE, file->path, NULL, offset + done, size - done};
        int       os_error = before(&event);
        ssize_t   put;

        if (os_error != 0)
            return fail(fault, os_error, FILE_OP_WRITE, file->path);
        put = pwrite(file->descriptor, at + done, event.size, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return fail(fault, put < 0 ? errno : ENOSPC, FILE_OP_WRITE, file->path);
        done += (size_t)put;
        after(&event);
    }
    return STATUS_OK;
}

Status file_sync(File *file, Fault *fault)
{
    FileEvent event = {FILE_OP_SYNC, file->path, NULL, 0, 0};
    int       os_error = before(&event);

    if (os_error == 0 && fdatasync(file->descriptor) != 0)
        os_error = errno;
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_SYNC, file->path);
    after(&event);
    return STATUS_OK;
}

Status file_truncate(File *file, uint64_t size, Fault *fault)
{
    FileEvent event = {FILE_OP_TRUNCATE, file->path, NULL, size, 0};
    int       os_error = before(&event);

    if (os_error == 0 && ftruncate(file->descriptor, (off_t)size) != 0)
        os_error = errno;
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_TRUNCATE, file->path);
    after(&event);
    return STATUS_OK;
}

Status file_size(File *file, uint64_t *size_out, Fault *fault)
{
    struct stat status;

    if (fstat(file->descriptor, &status) != 0)
        return fail(fault, errno, FILE_OP_OPEN, file->path);
    *size_out = (uint64_t)status.st_size;
    return STATUS_OK;
}

Status file_preallocate(File *file, uint64_t size, Fault *fault)
{
    FileEvent event = {FILE_OP_PREALLOCATE, file->path, NULL, size, 0};
    int       os_error = before(&event);

    if (os_error == 0 && fallocate(file->descriptor, 0, 0, (off_t)size) != 0)
        os_error = errno;
    if (os_error == EOPNOTSUPP || os_error == ENOSYS)
        os_error = ftruncate(file->descriptor, (off_t)size) == 0 ? 0 : errno;
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_PREALLOCATE, file->path);
    after(&event);
    return STATUS_OK;
}

void file_prefetch(File *file, uint64_t offset, size_t size)
{
    if (!file->direct)
        (void)posix_fadvise(file->descriptor, (off_t)offset, (off_t)size, POSIX_FADV_WILLNEED);
}

/* ---- names --------------------------------------------------------------------------------------------------- */

static Status two_names(FileOperation operation, int (*call)(const char *, const char *), const char *from, const char *to,
                        Fault *fault)
{
    FileEvent event = {operation, from, to, 0, 0};
    int       os_error = before(&event);

    if (os_error == 0 && call(from, to) != 0)
        os_error = errno;
    if (os_error == EEXIST)
        return FAULT(fault, STATUS_EXISTS, os_error, "\"%s\" exists already", to);
    if (os_error != 0)
        return fail(fault, os_error, operation, from);
    after(&event);
    return STATUS_OK;
}

Status path_rename(const char *from, const char *to, Fault *fault)
{
    return two_names(FILE_OP_RENAME, rename, from, to, fault);
}

Status path_link(const char *from, const char *to, Fault *fault)
{
    return two_names(FILE_OP_LINK, link, from, to, fault);
}

Status path_unlink(const char *path, Fault *fault)
{
    FileEvent event = {FILE_OP_UNLINK, path, NULL, 0, 0};
    int       os_error = before(&event);

    if (os_error == 0 && unlink(path) != 0)
        os_error = errno;
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_UNLINK, path);
    after(&event);
    return STATUS_OK;
}

Status path_make_directory(const char *path, Fault *fault)
{
    FileEvent event = {FILE_OP_MAKE_DIRECTORY, path, NULL, 0, 0};
    int       os_error = before(&event);

    if (os_error == 0 && mkdir(path, 0700) != 0)
        os_error = errno;
    if (os_error == EEXIST)
        return FAULT(fault, STATUS_EXISTS, os_error, "\"%s\" exists already", path);
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_MAKE_DIRECTORY, path);
    after(&event);
    return STATUS_OK;
}

Status path_sync_directory(const char *path, Fault *fault)
{
    FileEvent event = {FILE_OP_SYNC_DIRECTORY, path, NULL, 0, 0};
    int       os_error = before(&event);
    int       descriptor;

    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_SYNC_DIRECTORY, path);
    descriptor = open_descriptor(path, O_RDONLY | O_DIRECTORY);
    if (descriptor < 0)
        return fail(fault, errno, FILE_OP_OPEN, path);
    os_error = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_SYNC_DIRECTORY, path);
    after(&event);
    return STATUS_OK;
}

Status path_list(const char *path, void (*visit)(void *arg, const char *name), void *arg, Fault *fault)
{
    FileEvent      event = {FILE_OP_LIST, path, NULL, 0, 0};
    int            os_error = before(&event);
    DIR           *directory;
    struct dirent *entry;

    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_LIST, path);
    directory = opendir(path);
    if (directory == NULL)
        return fail(fault, errno, FILE_OP_LIST, path);
    for (errno = 0; (entry = readdir(directory)) != NULL; errno = 0) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            visit(arg, entry->d_name);
    }
    os_error = errno;
    closedir(directory);
    if (os_error != 0)
        return fail(fault, os_error, FILE_OP_LIST, path);
    after(&event);
    return STATUS_OK;
}

char *path_join(const char *directory, const char *name)
{
    size_t directory_size = strlen(directory);
    size_t name_size = strlen(name);
    char  *path = malloc(directory_size + name_size + 2);

    if (path == NULL)
        return NULL;
    memcpy(path, directory, directory_size);
    path[directory_size] = '/';
    memcpy(path + directory_size + 1, name, name_size + 1);
    return path;
}

Status file_lock(const char *path, File **lock_out, Fault *fault)
{
    File *file;

    TRY(file_open(path, FILE_WRITE | FILE_CREATE, &file, fault));
    if (flock(file->descriptor, LOCK_EX | LOCK_NB) != 0) {
        int    os_error = errno;
        Status status = os_error == EWOULDBLOCK ? FAULT(fault, STATUS_BUSY, os_error, "\"%s\" is locked by another process", path)
                                                : fail(fault, os_error, FILE_OP_OPEN, path);

        file_close(file);
        return status;
    }
    *lock_out = file;
    return STATUS_OK;
}
