/*
 * key_format_test.c - the dump of docs/formats/key.md is what the encoders write.
 */
#include "base/test.h"
#include "types/type.h"

#include <stdio.h>

static FILE *open_document(void)
{
    FILE *file = fopen("docs/formats/key.md", "r");

    if (file == NULL)
        fail_msg("docs/formats/key.md is not to be read from here: run from the root of the tree");
    return file;
}

/* "type value    hex bytes": the bytes are what follows the last run of two-digit groups. */
static void check_line(Arena *arena, char *line)
{
    TypeContext     ctx = {.arena = arena, .extra_float_digits = 1};
    char           *value = strchr(line, ' ');
    char           *hex = NULL;
    const TypeInfo *type;
    Datum           datum;
    StrBuf          key;
    StrBuf          shown;

    assert_non_null(value);
    *value++ = '\0';
    hex = strchr(value, ' ');
    assert_non_null(hex);
    *hex++ = '\0';
    hex += strspn(hex, " ");
    hex[strcspn(hex, "\n")] = '\0';
    type = type_by_name(line);
    assert_non_null(type);
    type->input(type, slice_from_cstring(value), -1, &ctx, &datum);
    strbuf_init(&key, arena);
    strbuf_init(&shown, arena);
    type->encode_key(type, &datum, &key);
    for (size_t i = 0; i < key.size; i++)
        strbuf_printf(&shown, "%s%02x", i > 0 ? " " : "", (uint8_t)key.data[i]);
    if (strcmp(strbuf_cstring(&shown), hex) != 0)
        fail_msg("%s %s: %s, the document has %s", line, value, strbuf_cstring(&shown), hex);
}

static void the_documented_dump_is_true(void **state)
{
    FILE  *file = open_document();
    Arena *arena = arena_new(NULL, NULL, "test");
    char   line[200];
    bool   inside = false;
    int    checked = 0;

    (void)state;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "```", 3) == 0) {
            inside = !inside;
        } else if (inside) {
            check_line(arena, line);
            checked++;
        }
    }
    fclose(file);
    arena_free(arena);
    assert_true(checked > 15);
}

TEST_MAIN(cmocka_unit_test(the_documented_dump_is_true))
