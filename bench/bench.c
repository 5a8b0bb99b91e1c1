/*
 * bench.c - NexaDB against PostgreSQL 15: the same work on both, in turn, with medians and ratios.
 *
 *     bench [--documents N] [--vectors N] [--rounds N] [--seconds S] [--only NAME]
 *
 * Every row of the table is one kind of work. A round does it on one server and then on the other (the order alternates), the median of
 * the rounds counts. Before a query is timed both servers must give the same answer. Ratios are above 1 when NexaDB is ahead.
 */
#include "bench/peer.h"

#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROUNDS = 31, MAX_CONNECTIONS = 64, DIMENSIONS = 384, WIDE_DIMENSIONS = 768 };

typedef struct Options {
    long        documents, vectors;
    int         rounds;
    double      seconds; /* of one measurement of throughput */
    const char *only;    /* rows whose name contains it */
} Options;

static Options options = {.documents = 1000000, .vectors = 100000, .rounds = 5, .seconds = 3};
static Peer    peers[PEER_COUNT];
static PGconn *connections[PEER_COUNT];
static int     behind; /* rows below their target */

/* ---- numbers ------------------------------------------------------------------------------------------------------------------------ */

static uint64_t random_state;

static uint64_t next_random(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15ull; /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_doubles);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* ---- documents ------------------------------------------------------------------------------------------------------------------------ */

static const char *const cities[] = {"Berlin", "Paris", "London", "Madrid", "Rome", "Vienna", "Prague", "Warsaw", "Lisbon", "Dublin",
                                     "Oslo", "Helsinki", "Athens", "Budapest", "Zagreb", "Sofia", "Riga", "Vilnius", "Tallinn", "Bern"};
static const char *const words[] = {"lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do", "eiusmod",
                                    "tempor", "incididunt", "ut", "labore", "et", "magna", "aliqua"};

#define PICK(list) (list)[next_random() % (sizeof(list) / sizeof((list)[0]))]

/* A document of 300 to 500 bytes with 15 fields: nested, some missing, numbers now and then as strings. */
static int make_document(char *out, size_t size, long id)
{
    int used = snprintf(out, size, "{\"name\": \"user %ld\", \"email\": \"user%ld@example.com\", ", id, id);

    random_state = (uint64_t)id * 7919 + 1;
    if (next_random() % 20 != 0)
        used += snprintf(out + used, size - (size_t)used, next_random() % 10 == 0 ? "\"age\": \"%d\", " : "\"age\": %d, ", (int)(next_random() % 80));
    used += snprintf(out + used, size - (size_t)used,
                     "\"city\": \"%s\", \"score\": %d.%02d, \"active\": %s, \"visits\": %d, \"created\": \"2024-%02d-%02dT%02d:%02d:00Z\", ",
                     PICK(cities), (int)(next_random() % 1000), (int)(next_random() % 100), next_random() % 2 ? "true" : "false",
                     (int)(next_random() % 10000), (int)(next_random() % 12) + 1, (int)(next_random() % 28) + 1, (int)(next_random() % 24),
                     (int)(next_random() % 60));
    used += snprintf(out + used, size - (size_t)used, "\"address\": {\"street\": \"%s %s street\", \"number\": %d, \"zip\": \"%05d\"}, ",
                     PICK(words), PICK(words), (int)(next_random() % 200), (int)(next_random() % 100000));
    used += snprintf(out + used, size - (size_t)used, "\"tags\": [\"%s\", \"%s\", \"%s\"], \"amount\": %d, \"level\": %d, ", PICK(words),
                     PICK(words), PICK(words), (int)(next_random() % 100000), (int)(next_random() % 10));
    if (next_random() % 3 == 0)
        used += snprintf(out + used, size - (size_t)used, "\"nickname\": null, ");
    used += snprintf(out + used, size - (size_t)used, "\"bio\": \"");
    for (int i = (int)(next_random() % 8) + 4; i > 0; i--)
        used += snprintf(out + used, size - (size_t)used, "%s ", PICK(words));
    used += snprintf(out + used, size - (size_t)used, "\", \"flags\": {\"a\": %d, \"b\": %s}}", (int)(next_random() % 100), next_random() % 2 ? "true" : "null");
    return used;
}

static int make_vector(char *out, size_t size, uint64_t seed, int dimensions, const char *open, const char *close)
{
    int used = snprintf(out, size, "%s", open);

    random_state = seed;
    for (int i = 0; i < dimensions; i++)
        used += snprintf(out + used, size - (size_t)used, "%s%.4f", i > 0 ? "," : "", (double)(next_random() % 20001) / 10000 - 1);
    return used + snprintf(out + used, size - (size_t)used, "%s", close);
}

/* Feeds COPY with rows made on the way; returns the seconds until the server had them. */
static double copy_rows(PGconn *connection, const char *copy, long rows, char *(*row_text)(long id, int *size))
{
    double    begun = seconds_now();
    PGresult *result = PQexec(connection, copy);

    if (PQresultStatus(result) != PGRES_COPY_IN) {
        fprintf(stderr, "bench: %s: %s\n", copy, PQerrorMessage(connection));
        exit(1);
    }
    PQclear(result);
    for (long id = 1; id <= rows; id++) {
        int   size;
        char *text = row_text(id, &size);

        if (PQputCopyData(connection, text, size) != 1) {
            fprintf(stderr, "bench: %s: %s\n", copy, PQerrorMessage(connection));
            exit(1);
        }
    }
    PQputCopyEnd(connection, NULL);
    while ((result = PQgetResult(connection)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            fprintf(stderr, "bench: %s: %s\n", copy, PQerrorMessage(connection));
            exit(1);
        }
        PQclear(result);
    }
    return seconds_now() - begun;
}

/* The documents as COPY text, made once so that making them is not timed. */
static char  *document_text;
static size_t *document_at;

static void make_documents(void)
{
    size_t capacity = (size_t)options.documents * 560 + 4096;
    size_t used = 0;

    document_text = malloc(capacity);
    document_at = malloc(((size_t)options.documents + 1) * sizeof *document_at);
    if (document_text == NULL || document_at == NULL) {
        fprintf(stderr, "bench: no memory for the documents\n");
        exit(1);
    }
    for (long id = 1; id <= options.documents; id++) {
        document_at[id - 1] = used;
        used += (size_t)snprintf(document_text + used, 64, "%ld\t", id);
        used += (size_t)make_document(document_text + used, 1024, id);
        document_text[used++] = '\n';
    }
    document_at[options.documents] = used;
    printf("%ld documents of %.0f bytes on average\n", options.documents, (double)used / (double)options.documents);
}

static char *document_row(long id, int *size)
{
    *size = (int)(document_at[id] - document_at[id - 1]);
    return document_text + document_at[id - 1];
}

static bool vectors_as_arrays; /* PostgreSQL without pgvector: real[] */

static char *vector_row(long id, int *size)
{
    static char row[DIMENSIONS * 10 + 64];
    int         used = snprintf(row, sizeof row, "%ld\t", id);

    used += make_vector(row + used, sizeof row - (size_t)used, (uint64_t)id, DIMENSIONS, vectors_as_arrays ? "{" : "[", vectors_as_arrays ? "}" : "]");
    row[used++] = '\n';
    *size = used;
    return row;
}

static char *wide_row(long id, int *size)
{
    static char row[WIDE_DIMENSIONS * 10 + 2048];
    int         used = (int)(document_at[id] - document_at[id - 1]) - 1;

    memcpy(row, document_text + document_at[id - 1], (size_t)used);
    row[used++] = '\t';
    used += make_vector(row + used, sizeof row - (size_t)used, (uint64_t)id, WIDE_DIMENSIONS, vectors_as_arrays ? "{" : "[", vectors_as_arrays ? "}" : "]");
    row[used++] = '\n';
    *size = used;
    return row;
}

/* ---- the table -------------------------------------------------------------------------------------------------------------------------- */

static bool wanted(const char *name)
{
    return options.only == NULL || strstr(name, options.only) != NULL;
}

static void print_head(void)
{
    printf("\n%-44s %14s %14s %8s %8s\n", "work (median of rounds)", peer_names[0], peer_names[1], "ratio", "target");
}

/* higher: larger values are better (operations a second), else smaller ones are (milliseconds). */
static void print_row(const char *name, double *nexadb, double *postgresql, int rounds, bool higher, double target)
{
    double ratios[MAX_ROUNDS];
    double ratio;

    for (int i = 0; i < rounds; i++)
        ratios[i] = higher ? nexadb[i] / postgresql[i] : postgresql[i] / nexadb[i];
    ratio = median(ratios, rounds);
    behind += ratio < target;
    printf("%-44s %11.2f %s %11.2f %s %8.2f %8.2f%s\n", name, median(nexadb, rounds), higher ? "/s" : "ms", median(postgresql, rounds),
           higher ? "/s" : "ms", ratio, target, ratio < target ? "  BEHIND" : "");
    fflush(stdout);
}

typedef double (*Measure)(PeerKind kind, void *arg);

/* Measures both in turn, round by round, the first one alternating. */
static void compare(const char *name, Measure measure, void *arg, bool higher, double target, int rounds)
{
    double values[PEER_COUNT][MAX_ROUNDS];

    if (!wanted(name))
        return;
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < PEER_COUNT; i++) {
            PeerKind kind = (PeerKind)((i + round) % PEER_COUNT);

            values[kind][round] = measure(kind, arg);
        }
    print_row(name, values[PEER_NEXADB], values[PEER_POSTGRESQL], rounds, higher, target);
}

/* ---- queries ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct QueryPair {
    const char *sql[PEER_COUNT];
} QueryPair;

static double time_query(PeerKind kind, void *arg)
{
    double begun = seconds_now();
    char  *text = peer_text(connections[kind], ((QueryPair *)arg)->sql[kind]);

    free(text);
    return (seconds_now() - begun) * 1e3;
}

static void compare_query(const char *name, const char *nexadb, const char *postgresql, double target)
{
    QueryPair pair = {{nexadb, postgresql}};
    char     *answers[PEER_COUNT];

    if (!wanted(name))
        return;
    for (int kind = 0; kind < PEER_COUNT; kind++) /* warms the caches, too */
        answers[kind] = peer_text(connections[kind], pair.sql[kind]);
    if (strcmp(answers[0], answers[1]) != 0) {
        printf("%-44s the answers differ:\n%.300s\n---\n%.300s\n", name, answers[0], answers[1]);
        behind++;
    } else {
        compare(name, time_query, &pair, false, target, options.rounds);
    }
    free(answers[0]);
    free(answers[1]);
}

/* ---- throughput ------------------------------------------------------------------------------------------------------------------------------ */

typedef struct Load {
    const char *prepare; /* one statement with parameters */
    int         connections;
    enum { LOAD_SELECT, LOAD_INSERT, LOAD_UPDATE } kind;
} Load;

typedef struct Worker {
    const Load *load;
    PGconn     *connection;
    uint64_t    seed;
    long        done;
    double      until;
} Worker;

static long next_insert_id = 100000000;

static void *work(void *arg)
{
    Worker     *worker = arg;
    char        id[24], document[1024];
    const char *values[2] = {id, document};
    uint64_t    state = worker->seed;

    while (seconds_now() < worker->until) {
        PGresult *result;
        bool      good;

        state = state * 6364136223846793005ull + 1442695040888963407ull;
        if (worker->load->kind == LOAD_INSERT) {
            long key = __atomic_fetch_add(&next_insert_id, 1, __ATOMIC_RELAXED);

            snprintf(id, sizeof id, "%ld", key);
            snprintf(document, sizeof document, "{\"name\": \"new %ld\", \"age\": %ld, \"city\": \"Berlin\", \"score\": 1.5}", key, key % 90);
        } else {
            snprintf(id, sizeof id, "%ld", (long)(state >> 33) % options.documents + 1);
            snprintf(document, sizeof document, "%ld", (long)(state >> 20 & 0xffff));
        }
        result = PQexecPrepared(worker->connection, "s", worker->load->kind == LOAD_SELECT ? 1 : 2, values, NULL, NULL, 0);
        good = worker->load->kind == LOAD_SELECT ? PQntuples(result) == 1 : PQresultStatus(result) == PGRES_COMMAND_OK;
        if (!good) {
            fprintf(stderr, "bench: %s: %s\n", worker->load->prepare, PQerrorMessage(worker->connection));
            exit(1);
        }
        PQclear(result);
        worker->done++;
    }
    return NULL;
}

static double measure_load(PeerKind kind, void *arg)
{
    const Load *load = arg;
    Worker      workers[MAX_CONNECTIONS] = {{0}};
    pthread_t   threads[MAX_CONNECTIONS];
    long        done = 0;
    double      begun;

    for (int i = 0; i < load->connections; i++) {
        PGresult *result;

        workers[i] = (Worker){.load = load, .connection = peer_connect(&peers[kind]), .seed = (uint64_t)i * 77 + 5};
        result = PQprepare(workers[i].connection, "s", load->prepare, 0, NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            fprintf(stderr, "bench: %s: %s\n", load->prepare, PQerrorMessage(workers[i].connection));
            exit(1);
        }
        PQclear(result);
    }
    begun = seconds_now();
    for (int i = 0; i < load->connections; i++) {
        workers[i].until = begun + options.seconds;
        pthread_create(&threads[i], NULL, work, &workers[i]);
    }
    for (int i = 0; i < load->connections; i++) {
        pthread_join(threads[i], NULL);
        done += workers[i].done;
        PQfinish(workers[i].connection);
    }
    return (double)done / (seconds_now() - begun);
}

static void compare_loads(const char *what, const char *prepare, int kind, const double *targets)
{
    static const int counts[] = {1, 8, 32};

    for (size_t i = 0; i < 3; i++) {
        char name[64];
        Load load = {prepare, counts[i], kind};

        snprintf(name, sizeof name, "%s, %d connection%s", what, counts[i], counts[i] == 1 ? "" : "s");
        compare(name, measure_load, &load, true, targets[i], options.rounds);
    }
}

/* ---- loading ---------------------------------------------------------------------------------------------------------------------------------- */

static double measure_copy(PeerKind kind, void *arg)
{
    double seconds;

    (void)arg;
    peer_do(connections[kind], "DROP TABLE IF EXISTS users");
    peer_do(connections[kind], "CREATE TABLE users (id bigint PRIMARY KEY, doc jsonb NOT NULL)");
    seconds = copy_rows(connections[kind], "COPY users FROM STDIN", options.documents, document_row);
    return (double)options.documents / seconds;
}

static void load_everything(void)
{
    compare("COPY in, documents", measure_copy, NULL, true, 2, wanted("COPY in, documents") ? options.rounds : 1);
    if (!wanted("COPY in, documents"))
        for (int kind = 0; kind < PEER_COUNT; kind++)
            measure_copy((PeerKind)kind, NULL);
    for (int kind = 0; kind < PEER_COUNT; kind++) {
        char sql[200];

        vectors_as_arrays = kind == PEER_POSTGRESQL;
        peer_do(connections[kind], "CREATE INDEX users_email ON users ((doc->>'email'))");
        peer_do(connections[kind], kind == PEER_NEXADB ? "CREATE INDEX users_visits ON users (jsonb_number(doc, 'visits'))"
                                                       : "CREATE INDEX users_visits ON users (((doc->>'visits')::numeric))");
        snprintf(sql, sizeof sql, "CREATE TABLE items (id bigint PRIMARY KEY, embedding %s)", vectors_as_arrays ? "real[]" : "vector(384)");
        peer_do(connections[kind], sql);
        copy_rows(connections[kind], "COPY items FROM STDIN", options.vectors, vector_row);
        snprintf(sql, sizeof sql, "CREATE TABLE wide (id bigint PRIMARY KEY, doc jsonb, embedding %s)", vectors_as_arrays ? "real[]" : "vector(768)");
        peer_do(connections[kind], sql);
        copy_rows(connections[kind], "COPY wide FROM STDIN", options.documents < options.vectors ? options.documents : options.vectors, wide_row);
        if (kind == PEER_POSTGRESQL) {
            peer_do(connections[kind], "VACUUM ANALYZE");
            peer_do(connections[kind], "CHECKPOINT");
        } else {
            peer_do(connections[kind], "CHECKPOINT");
        }
    }
}

/* ---- everything ------------------------------------------------------------------------------------------------------------------------------- */

static void compare_queries(void)
{
    compare_query("filter doc->>'age' > 25, count", "SELECT count(*) FROM users WHERE doc->>'age' > 25",
                  "SELECT count(*) FROM users WHERE (doc->>'age')::numeric > 25", 2);
    compare_query("filter on two paths, count", "SELECT count(*) FROM users WHERE doc->>'city' = 'Berlin' AND doc->>'level' >= 5",
                  "SELECT count(*) FROM users WHERE doc->>'city' = 'Berlin' AND (doc->>'level')::numeric >= 5", 2);
    compare_query("group by city: count, sum, avg, top 10",
                  "SELECT doc->>'city', count(*), sum(jsonb_number(doc, 'amount')), round(avg(jsonb_number(doc, 'score')), 6) FROM users "
                  "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
                  "SELECT doc->>'city', count(*), sum((doc->>'amount')::numeric), round(avg((doc->>'score')::numeric), 6) FROM users "
                  "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10", 2);
    compare_query("group by city after a filter",
                  "SELECT doc->>'city', count(*) FROM users WHERE doc->>'age' > 25 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
                  "SELECT doc->>'city', count(*) FROM users WHERE (doc->>'age')::numeric > 25 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10", 2);
    compare_query("order by a path, limit 10",
                  "SELECT id, doc->>'name' FROM users ORDER BY jsonb_number(doc, 'amount') DESC, id LIMIT 10",
                  "SELECT id, doc->>'name' FROM users ORDER BY (doc->>'amount')::numeric DESC, id LIMIT 10", 2);
    compare_query("indexed equality on a path", "SELECT id FROM users WHERE doc->>'email' = 'user4711@example.com'",
                  "SELECT id FROM users WHERE doc->>'email' = 'user4711@example.com'", 0.9);
    compare_query("indexed range on a path, count", "SELECT count(*) FROM users WHERE doc->>'visits' BETWEEN 100 AND 110",
                  "SELECT count(*) FROM users WHERE (doc->>'visits')::numeric BETWEEN 100 AND 110", 0.9);
    compare_query("documents beside 768 dimensions, filter", "SELECT count(*) FROM wide WHERE doc->>'age' > 25",
                  "SELECT count(*) FROM wide WHERE (doc->>'age')::numeric > 25", 2);
}

static void compare_vectors(void)
{
    static char nexadb[DIMENSIONS * 10 + 200], postgresql[DIMENSIONS * 10 + 300];
    static char query[DIMENSIONS * 10];
    int         rounds = options.rounds;

    make_vector(query, sizeof query, 123456789, DIMENSIONS, "[", "]");
    snprintf(nexadb, sizeof nexadb, "SELECT id FROM items ORDER BY embedding <-> '%s' LIMIT 10", query);
    make_vector(query, sizeof query, 123456789, DIMENSIONS, "{", "}");
    snprintf(postgresql, sizeof postgresql,
             "SELECT id FROM items, LATERAL (SELECT sum((a - b) * (a - b)) AS d FROM unnest(embedding, '%s'::real[]) AS u(a, b)) AS x "
             "ORDER BY d LIMIT 10", query);
    if (rounds > 3)
        options.rounds = 3; /* PostgreSQL needs many seconds for each */
    compare_query("exact 10 nearest of 384 dimensions", nexadb, postgresql, 2);
    options.rounds = rounds;
}

static void report_resources(void)
{
    double restart = peer_restart(&peers[PEER_NEXADB]);

    printf("\nNexaDB: %.0f ms from start to the first query on the loaded store; %.1f MB resident then\n", restart * 1e3,
           (double)peer_memory(&peers[PEER_NEXADB]) / 1e6);
}

int main(int argc, char **argv)
{
    static const double select_targets[] = {1.1, 1.3, 1.5};
    static const double write_targets[] = {0.9, 0.9, 0.9};

    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--documents") == 0)
            options.documents = atol(argv[i + 1]);
        else if (strcmp(argv[i], "--vectors") == 0)
            options.vectors = atol(argv[i + 1]);
        else if (strcmp(argv[i], "--rounds") == 0)
            options.rounds = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--seconds") == 0)
            options.seconds = atof(argv[i + 1]);
        else if (strcmp(argv[i], "--only") == 0)
            options.only = argv[i + 1];
    }
    if (options.rounds < 1 || options.rounds > MAX_ROUNDS || options.documents < 1 || options.vectors < 1) {
        fprintf(stderr, "bench: --rounds takes 1 to %d, --documents and --vectors 1 and more\n", MAX_ROUNDS);
        return 2;
    }
    make_documents();
    for (int kind = 0; kind < PEER_COUNT; kind++) {
        peer_start(&peers[kind], (PeerKind)kind);
        connections[kind] = peer_connect(&peers[kind]);
    }
    printf("NexaDB on an empty store: %.1f MB resident\n", (double)peer_memory(&peers[PEER_NEXADB]) / 1e6);
    print_head();
    load_everything();
    compare_queries();
    compare_vectors();
    compare_loads("point SELECT by key, prepared", "SELECT doc FROM users WHERE id = $1", LOAD_SELECT, select_targets);
    compare_loads("durable INSERT of one row", "INSERT INTO users (id, doc) VALUES ($1, $2)", LOAD_INSERT, write_targets);
    compare_loads("durable UPDATE by key", "UPDATE users SET doc = jsonb_set(doc, '{visits}', to_jsonb($2::int)) WHERE id = $1", LOAD_UPDATE,
                  write_targets);
    for (int kind = 0; kind < PEER_COUNT; kind++)
        PQfinish(connections[kind]);
    report_resources();
    printf("\n%d row%s behind target\n", behind, behind == 1 ? "" : "s");
    return behind != 0;
}
