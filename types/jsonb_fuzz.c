/*
 * jsonb_fuzz.c - any bytes as JSON text and as binary JSON: refused, or consistent in every way they can be read.
 */
#include "base/error.h"
#include "types/json_parse.h"
#include "types/jsonb_extract.h"
#include "types/jsonb_type.h"

#include <stdlib.h>

int fuzz_one(const uint8_t *data, size_t size);

typedef struct Input {
    Slice  bytes;
    Arena *arena;
} Input;

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void read_text(void *arg)
{
    Input *input = arg;
    Slice  document = jsonb_parse(input->bytes, input->arena);

    check(jsonb_validate(document));
    check(slice_equal(jsonb_parse(jsonb_to_text(document, input->arena), input->arena), document));
}

static void read_binary(void *arg)
{
    Input    *input = arg;
    JsonbStep steps[2] = {jsonb_step_text(slice_from_cstring("a")), jsonb_step_text(slice_from_cstring("0"))};
    JsonbPath path = {2, steps};
    StrBuf    key;

    if (!jsonb_validate(input->bytes))
        return;
    check(slice_equal(jsonb_parse(jsonb_to_text(input->bytes, input->arena), input->arena), input->bytes));
    jsonb_get_path(input->bytes, &path, NULL);
    strbuf_init(&key, input->arena);
    jsonb_encode_key(input->bytes, &key);
    check(jsonb_contains(input->bytes, input->bytes));
}

int fuzz_one(const uint8_t *data, size_t size)
{
    Input  input = {slice_of(data, size), arena_new(NULL, NULL, "fuzz")};
    Error *err;
    bool   accepted = json_scanners[0].check(input.bytes);

    for (const JsonScanner *scanner = json_scanners; scanner->name != NULL; scanner++)
        check(!scanner->available() || scanner->check(input.bytes) == accepted);
    err = error_catch(read_text, &input);
    check(err == NULL || accepted || err->detail != NULL || err->sqlstate != SQLSTATE_INTERNAL_ERROR);
    err = error_catch(read_binary, &input);
    check(err == NULL);
    arena_free(input.arena);
    return 0;
}
