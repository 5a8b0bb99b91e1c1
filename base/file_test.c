/*
 * file_test.c - the file layer and its hooks.
 */
#include "base/file.h"

#include "base/test.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static char directory[] = "/tmp/nexadb_file_XXXXXX";

static char *in_directory(const char *name)
{
    return path_join(directory, name);
}

static void written_bytes_are_read_back(void **state)
{
    char   *path = in_directory("data");
    char    buffer[16] = "";
    size_t  got;
    File   *file;
    Fault   fault;

    (void)state;
    assert_int_equal(file_open(path, FILE_WRITE | FILE_CREATE | FILE_EXCLUSIVE, &file, &fault), STATUS_OK);
    assert_int_equal(file_write(file, 3, "hello", 5, &fault), STATUS_OK);
    assert_int_equal(file_sync(file, &fault), STATUS_OK);
    assert_int_equal(file_read(file, 0, buffer, sizeof buffer, &got, &fault), STATUS_OK);
    assert_int_equal(got, 8);
    assert_memory_equal(buffer, "\0\0\0hello", 8);
    assert_int_equal(file_read_exactly(file, 4, buffer, 5, &fault), STATUS_CORRUPT);
    file_close(file);
    assert_int_equal(file_open(path, FILE_WRITE | FILE_CREATE | FILE_EXCLUSIVE, &file, &fault), STATUS_EXISTS);
    assert_int_equal(path_unlink(path, &fault), STATUS_OK);
    assert_int_equal(path_unlink(path, &fault), STATUS_NOT_FOUND);
    assert_int_equal(file_open(path, 0, &file, &fault), STATUS_NOT_FOUND);
    assert_non_null(strstr(fault.text, "No such file or directory"));
    free(path);
}

static void a_lock_is_held_once(void **state)
{
    char *path = in_directory("lock");
    File *first, *second;
    Fault fault;

    (void)state;
    assert_int_equal(file_lock(path, &first, &fault), STATUS_OK);
    assert_int_equal(file_lock(path, &second, &fault), STATUS_BUSY);
    file_close(first);
    assert_int_equal(file_lock(path, &second, &fault), STATUS_OK);
    file_close(second);
    assert_int_equal(path_unlink(path, &fault), STATUS_OK);
    free(path);
}

typedef struct Failing {
    int writes_until_failure;
} Failing;

static int fail_or_shorten(void *arg, FileEvent *event)
{
    Failing *failing = arg;

    if (event->operation == FILE_OP_SYNC)
        return EIO;
    if (event->operation != FILE_OP_WRITE)
        return 0;
    if (failing->writes_until_failure-- == 0)
        return ENOSPC;
    event->size = MIN(event->size, 2);
    return 0;
}

static void hooks_shorten_and_fail_operations(void **state)
{
    char     *path = in_directory("data");
    Failing   failing = {3};
    FileHooks hooks = {&failing, fail_or_shorten, NULL};
    char      buffer[16];
    size_t    got;
    File     *file;
    Fault     fault;

    (void)state;
    assert_int_equal(file_open(path, FILE_WRITE | FILE_CREATE, &file, &fault), STATUS_OK);
    file_set_hooks(&hooks);
    assert_int_equal(file_write(file, 0, "abcde", 5, &fault), STATUS_OK);
    assert_int_equal(file_write(file, 5, "f", 1, &fault), STATUS_NO_SPACE);
    assert_int_equal(file_sync(file, &fault), STATUS_IO);
    file_set_hooks(NULL);
    assert_int_equal(file_read(file, 0, buffer, sizeof buffer, &got, &fault), STATUS_OK);
    assert_int_equal(got, 5);
    assert_memory_equal(buffer, "abcde", 5);
    file_close(file);
    assert_int_equal(path_unlink(path, &fault), STATUS_OK);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_bytes_are_read_back),
        cmocka_unit_test(a_lock_is_held_once),
        cmocka_unit_test(hooks_shorten_and_fail_operations),
    };
    int failed;

    if (mkdtemp(directory) == NULL)
        return 1;
    cmocka_set_message_output(CM_OUTPUT_TAP);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(directory);
    return failed;
}
