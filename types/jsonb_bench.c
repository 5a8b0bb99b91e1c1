/*
 * jsonb_bench.c - what the hot paths of binary JSON cost: prints name, value, unit.
 */
#include "types/json_parse.h"
#include "types/jsonb_extract.h"
#include "types/jsonb_type.h"

#include <stdio.h>
#include <time.h>

static const char sample[] =
    "{\"_id\":\"018f2c3e-1f2a-7b3c-9d4e-5f6a7b8c9d0e\",\"name\":\"Ada Lovelace\",\"age\":36,\"email\":\"ada@example.org\","
    "\"active\":true,\"balance\":1234.56,\"city\":\"London\",\"country\":\"GB\",\"tags\":[\"math\",\"poetry\",\"engines\"],"
    "\"address\":{\"street\":\"12 St James's Square\",\"zip\":\"SW1Y 4JH\",\"geo\":[51.507,-0.135]},\"score\":87,\"visits\":10234,"
    "\"created\":\"2024-05-01T12:34:56.789Z\",\"note\":null,\"bio\":\"First programmer; wrote on the Analytical Engine.\"}";

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(void)
{
    enum { DOCUMENTS = 1024, ROUNDS = 400 };
    Arena        *arena = arena_new(NULL, NULL, "bench");
    Slice         text = slice_from_cstring(sample);
    Slice        *documents = ARENA_ARRAY(arena, DOCUMENTS, Slice);
    double       *values = ARENA_ARRAY(arena, DOCUMENTS, double);
    Numeric      *numerics = ARENA_ARRAY(arena, DOCUMENTS, Numeric);
    uint64_t      validity[DOCUMENTS / 64], misfit[DOCUMENTS / 64];
    Arena        *scratch = arena_new(NULL, NULL, "scratch");
    JsonbStep     step = jsonb_step_key(slice_from_cstring("balance"));
    JsonbPath     path = {1, &step};
    double        start, spent;
    volatile int64_t sum = 0;

    for (int i = 0; i < DOCUMENTS; i++)
        documents[i] = jsonb_parse(text, arena);
    printf("document\t%zu\tbytes text, %zu bytes binary\n", text.size, documents[0].size);
    for (const JsonScanner *scanner = json_scanners; scanner->name != NULL; scanner++) {
        if (!scanner->available())
            continue;
        start = now();
        for (int round = 0; round < ROUNDS; round++) {
            JsonbBuilder builder;

            arena_reset(scratch);
            jsonb_builder_init(&builder, scratch);
            for (int i = 0; i < 256; i++) {
                scanner->build(&builder, text);
                jsonb_finish(&builder);
            }
        }
        spent = now() - start;
        printf("parse and build, %s\t%.0f\tMB/s\n", scanner->name, (double)text.size * 256 * ROUNDS / spent / 1e6);
        start = now();
        for (int i = 0; i < 256 * ROUNDS; i++)
            sum += scanner->check(text);
        spent = now() - start;
        printf("check, %s\t%.0f\tMB/s\n", scanner->name, (double)text.size * 256 * ROUNDS / spent / 1e6);
    }
    start = now();
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(scratch);
        for (int i = 0; i < 256; i++)
            jsonb_parse(text, scratch);
    }
    spent = now() - start;
    printf("jsonb_parse\t%.0f\tMB/s\n", (double)text.size * 256 * ROUNDS / spent / 1e6);
    start = now();
    for (int round = 0; round < ROUNDS; round++) {
        StrBuf out;

        arena_reset(scratch);
        strbuf_init(&out, scratch);
        for (int i = 0; i < 256; i++)
            jsonb_append(documents[i], &out);
    }
    spent = now() - start;
    printf("to text\t%.0f\tMB/s\n", (double)text.size * 256 * ROUNDS / spent / 1e6);
    start = now();
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < DOCUMENTS; i++) {
            Numeric number;

            if (jsonb_read_numeric(jsonb_get_path(documents[i & 15], &path, NULL), NULL, &number) == JSONB_READ_VALUE)
                sum += number.small;
        }
    spent = now() - start;
    printf("look up a key, read as numeric\t%.1f\tns\n", spent * 1e9 / ROUNDS / DOCUMENTS);
    JsonbExtract extract = {documents, NULL, DOCUMENTS, &path, JSONB_AS_NUMERIC, numerics, validity, misfit, scratch};

    start = now();
    for (int round = 0; round < ROUNDS; round++)
        jsonb_extract_batch(&extract);
    spent = now() - start;
    printf("batch of 1024, one key as numeric\t%.1f\tns a document\n", spent * 1e9 / ROUNDS / DOCUMENTS);
    extract.read_as = JSONB_AS_FLOAT64;
    extract.data = values;
    start = now();
    for (int round = 0; round < ROUNDS; round++)
        jsonb_extract_batch(&extract);
    spent = now() - start;
    printf("batch of 1024, one key as double\t%.1f\tns a document\n", spent * 1e9 / ROUNDS / DOCUMENTS);
    return 0;
}
