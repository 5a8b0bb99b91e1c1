/*
 * bench.c - the engine and RocksDB side by side: the same work, alternating, one table of medians and ratios.
 *
 *     bench [entries] [value bytes] [threads] [rounds] [directory]
 */
#include "bench/storage/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ROUNDS = 32, MAX_THREADS = 128, SEEK_ENTRIES = 10 };

typedef enum Work {
    FILL_SEQUENTIAL,
    FILL_RANDOM,
    OVERWRITE,
    READ_RANDOM,
    READ_MISSING,
    SEEK_RANDOM,
    SCAN,
    READ_WHILE_WRITING,
    COMMIT_1,
    COMMIT_8,
    COMMIT_32,
    COMMIT_128,
    DISK_BYTES,
    WORK_COUNT
} Work;

static const char *const work_names[WORK_COUNT] = {
    "fill sequential", "fill random",        "overwrite",          "read random",         "read missing",
    "seek random",     "scan",               "read while writing", "durable commit x1",   "durable commit x8",
    "durable commit x32", "durable commit x128", "bytes on disk",
};

static uint64_t entries = 1000000;
static size_t   value_bytes = 400;
static int      thread_count = 1;
static int      rounds = 3;
static uint8_t *values; /* half-compressible text that values are cut from */
enum { VALUES_BYTES = 1 << 20 };

static double now_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ull;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebull;
    return x ^ (x >> 31);
}

static void make_key(uint64_t number, bool missing, uint8_t *key)
{
    memset(key, 0, KEY_BYTES);
    for (int i = 0; i < 8; i++)
        key[i] = (uint8_t)(number >> (8 * (7 - i)));
    memcpy(key + 8, missing ? "missing!" : "-the-key", 8);
}

static const uint8_t *make_value(uint64_t number)
{
    return values + mix(number) % (VALUES_BYTES - value_bytes);
}

typedef struct Task {
    pthread_t        thread;
    const Store     *store;
    void            *handle;
    Work             work;
    uint64_t         from, to, seed;
    uint64_t         found, bytes;
    volatile bool   *stop;
} Task;

static void *run_task(void *arg)
{
    Task   *task = arg;
    void   *worker = task->store->worker(task->handle);
    uint8_t key[KEY_BYTES];

    for (uint64_t i = task->from; i < task->to; i++) {
        uint64_t random = mix(i + task->seed) % entries;
        size_t   size = 0;

        switch (task->work) {
        case FILL_SEQUENTIAL:
            make_key(i, false, key);
            task->store->put(worker, key, make_value(i), value_bytes, false);
            break;
        case FILL_RANDOM:
        case OVERWRITE:
            make_key(random, false, key);
            task->store->put(worker, key, make_value(i), value_bytes, false);
            break;
        case READ_RANDOM:
        case READ_WHILE_WRITING:
            make_key(random, false, key);
            task->found += task->store->get(worker, key, &size);
            task->bytes += size;
            break;
        case READ_MISSING:
            make_key(random, true, key);
            task->found += task->store->get(worker, key, &size);
            break;
        case SEEK_RANDOM:
            make_key(random, false, key);
            task->found += task->store->scan(worker, key, SEEK_ENTRIES, &task->bytes);
            break;
        case SCAN:
            task->found += task->store->scan(worker, NULL, SIZE_MAX, &task->bytes);
            break;
        default:
            make_key(random, false, key);
            task->store->put(worker, key, make_value(i), value_bytes, true);
        }
        if (task->stop != NULL && *task->stop)
            break;
    }
    task->store->worker_end(worker);
    return NULL;
}

/* Operations per second of count operations over the threads. */
static double run(const Store *store, void *handle, Work work, uint64_t count, int threads, uint64_t seed)
{
    static Task   tasks[MAX_THREADS + 1];
    volatile bool stop = false;
    double        start;
    double        seconds;
    Task         *writer = &tasks[MAX_THREADS];

    if (work == READ_WHILE_WRITING) {
        *writer = (Task){.store = store, .handle = handle, .work = OVERWRITE, .to = UINT64_MAX, .seed = seed + 99, .stop = &stop};
        pthread_create(&writer->thread, NULL, run_task, writer);
    }
    start = now_seconds();
    for (int i = 0; i < threads; i++) {
        tasks[i] = (Task){.store = store, .handle = handle, .work = work, .seed = seed,
                          .from = count * (uint64_t)i / (uint64_t)threads, .to = count * (uint64_t)(i + 1) / (uint64_t)threads};
        pthread_create(&tasks[i].thread, NULL, run_task, &tasks[i]);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(tasks[i].thread, NULL);
    seconds = now_seconds() - start;
    if (work == READ_WHILE_WRITING) {
        stop = true;
        pthread_join(writer->thread, NULL);
    }
    if (work == SCAN) {
        count = 0;
        for (int i = 0; i < threads; i++)
            count += tasks[i].found;
    }
    return (double)count / seconds;
}

static void remove_directory(const char *path)
{
    char command[512];

    snprintf(command, sizeof command, "rm -rf '%s'", path);
    if (system(command) != 0)
        exit(1);
}

static double disk_bytes(const char *path)
{
    char   command[512], line[64] = "";
    FILE  *pipe;

    snprintf(command, sizeof command, "du -sb --exclude='*.log' '%s'", path);
    pipe = popen(command, "r");
    if (pipe == NULL || fgets(line, sizeof line, pipe) == NULL)
        exit(1);
    pclose(pipe);
    return atof(line);
}

static void run_round(const Store *store, const char *directory, int round, double results[WORK_COUNT][MAX_ROUNDS])
{
    StoreSettings settings = {directory, (size_t)64 << 20, (size_t)256 << 20};
    uint64_t      reads = entries / 2;
    void         *handle;
    uint64_t      seed = (uint64_t)round * 1000003;

    remove_directory(directory);
    handle = store->open(&settings);
    results[FILL_RANDOM][round] = run(store, handle, FILL_RANDOM, entries, thread_count, seed);
    store->close(handle);
    remove_directory(directory);
    handle = store->open(&settings);
    results[FILL_SEQUENTIAL][round] = run(store, handle, FILL_SEQUENTIAL, entries, 1, seed);
    results[OVERWRITE][round] = run(store, handle, OVERWRITE, entries, thread_count, seed + 1);
    store->settle(handle);
    results[DISK_BYTES][round] = disk_bytes(directory);
    (void)run(store, handle, READ_RANDOM, reads / 4, thread_count, seed + 2); /* warms the caches */
    results[READ_RANDOM][round] = run(store, handle, READ_RANDOM, reads, thread_count, seed + 3);
    results[READ_MISSING][round] = run(store, handle, READ_MISSING, reads, thread_count, seed + 4);
    results[SEEK_RANDOM][round] = run(store, handle, SEEK_RANDOM, reads / 4, thread_count, seed + 5);
    results[SCAN][round] = run(store, handle, SCAN, (uint64_t)thread_count, thread_count, seed);
    results[READ_WHILE_WRITING][round] = run(store, handle, READ_WHILE_WRITING, reads / 2, thread_count, seed + 6);
    results[COMMIT_1][round] = run(store, handle, COMMIT_1, 1500, 1, seed + 7);
    results[COMMIT_8][round] = run(store, handle, COMMIT_8, 6000, 8, seed + 8);
    results[COMMIT_32][round] = run(store, handle, COMMIT_32, 16000, 32, seed + 9);
    results[COMMIT_128][round] = run(store, handle, COMMIT_128, 40000, 128, seed + 10);
    store->close(handle);
    remove_directory(directory);
}

/* How often the disk syncs 512 bytes into blocks that are written already. */
static double disk_sync_rate(const char *directory)
{
    enum { SYNCS = 500 };
    static char bytes[1 << 20];
    char        path[512];
    double      start;
    int         file;

    snprintf(path, sizeof path, "%s.sync", directory);
    file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, bytes, sizeof bytes) != (ssize_t)sizeof bytes || fsync(file) != 0)
        exit(1);
    start = now_seconds();
    for (int i = 0; i < SYNCS; i++)
        if (pwrite(file, bytes, 512, i * 512) != 512 || fdatasync(file) != 0)
            exit(1);
    close(file);
    unlink(path);
    return SYNCS / (now_seconds() - start);
}

static int by_value(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

static double median(double *results)
{
    qsort(results, (size_t)rounds, sizeof *results, by_value);
    return results[rounds / 2];
}

int main(int argc, char **argv)
{
    static double nexadb[WORK_COUNT][MAX_ROUNDS], rocksdb[WORK_COUNT][MAX_ROUNDS], syncs[MAX_ROUNDS];
    const char   *base = argc > 5 ? argv[5] : "/var/tmp/nexadb-bench";
    char          directory[256];

    entries = argc > 1 ? strtoull(argv[1], NULL, 10) : entries;
    value_bytes = argc > 2 ? strtoull(argv[2], NULL, 10) : value_bytes;
    thread_count = argc > 3 ? atoi(argv[3]) : thread_count;
    rounds = argc > 4 ? atoi(argv[4]) : rounds;
    if (entries == 0 || value_bytes == 0 || value_bytes >= VALUES_BYTES || thread_count < 1 || thread_count > MAX_THREADS ||
        rounds < 1 || rounds > MAX_ROUNDS) {
        fprintf(stderr, "usage: bench [entries] [value bytes] [threads] [rounds] [directory]\n");
        return 2;
    }
    values = malloc(VALUES_BYTES);
    for (size_t i = 0; i < VALUES_BYTES; i++)
        values[i] = (uint8_t)(i / 50 % 2 == 0 ? mix(i) : 'a' + i % 7);
    for (int round = 0; round < rounds; round++) {
        snprintf(directory, sizeof directory, "%s.nexadb", base);
        run_round(&nexadb_store, directory, round, nexadb);
        snprintf(directory, sizeof directory, "%s.rocksdb", base);
        run_round(&rocksdb_store, directory, round, rocksdb);
        syncs[round] = disk_sync_rate(directory);
    }
    printf("%llu entries of 16 + %zu bytes, %d threads, medians of %d rounds; the disk syncs %.0f times a second in place\n",
           (unsigned long long)entries, value_bytes, thread_count, rounds, median(syncs));
    printf("%-22s %14s %14s %8s\n", "", "nexadb", "rocksdb", "ratio");
    for (int work = 0; work < WORK_COUNT; work++) {
        double ours = median(nexadb[work]), theirs = median(rocksdb[work]);

        printf("%-22s %14.0f %14.0f %8.2f %s\n", work_names[work], ours, theirs,
               work == DISK_BYTES ? theirs / ours : ours / theirs, work == DISK_BYTES ? "bytes" : "1/s");
    }
    return 0;
}
