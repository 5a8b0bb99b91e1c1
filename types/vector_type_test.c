/*
 * vector_type_test.c - the type vector's text and wire forms, order and keys; the distance kernels against each other.
 */
#include "types/vector_type.h"

#include "base/test.h"
#include "types/type.h"

#include <math.h>
#include <stdio.h>

static Arena      *arena;
static TypeContext context;

static void fresh_arena(void)
{
    arena_free(arena);
    arena = arena_new(NULL, NULL, "test");
    context = (TypeContext){.arena = arena};
}

static uint64_t seed = 20260102;

static uint32_t random_below(uint32_t limit)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((seed >> 33) % limit);
}

static float random_float(void)
{
    return (float)random_below(2000001) / 1000000.0f - 1.0f;
}

typedef struct Task {
    const char *text;
    int32_t     typmod;
    Datum       value;
} Task;

static void read_text(void *arg)
{
    Task           *task = arg;
    const TypeInfo *type = type_by_oid(TYPE_VECTOR);

    type->input(type, slice_from_cstring(task->text), task->typmod, &context, &task->value);
}

static const char *text_of(const Datum *value)
{
    const TypeInfo *type = type_by_oid(TYPE_VECTOR);
    StrBuf          out;

    strbuf_init(&out, arena);
    type->output(type, value, &context, &out);
    return strbuf_cstring(&out);
}

/* pgvector's regression tests. */
static void texts_are_read_as_pgvector_reads_them(void **state)
{
    static const struct {
        const char *text;
        int32_t     typmod;
        const char *result, *code, *message, *detail;
    } cases[] = {
        {"[1,2,3]", -1, "[1,2,3]", NULL, NULL, NULL},
        {"[1.,2.,3.]", -1, "[1,2,3]", NULL, NULL, NULL},
        {" [ 1,  2 ,    3  ] ", -1, "[1,2,3]", NULL, NULL, NULL},
        {"[1.23456]", -1, "[1.23456]", NULL, NULL, NULL},
        {"[1.5e+38,-1.5e38]", -1, "[1.5e+38,-1.5e+38]", NULL, NULL, NULL},
        {"[1.5e-38,-1.5e-38]", -1, "[1.5e-38,-1.5e-38]", NULL, NULL, NULL},
        {"[1e-46,1]", -1, "[0,1]", NULL, NULL, NULL},
        {"[-1e-46,1]", -1, "[-0,1]", NULL, NULL, NULL},
        {"[0.1,0.2,16777217,123456789,1e10]", -1, "[0.1,0.2,1.6777216e+07,1.2345679e+08,1e+10]", NULL, NULL, NULL},
        {"[1,2,3]", 3, "[1,2,3]", NULL, NULL, NULL},
        {"[1,2,3]", 2, NULL, "22000", "expected 2 dimensions, not 3", NULL},
        {"[hello,1]", -1, NULL, "22P02", "invalid input syntax for type vector: \"[hello,1]\"", NULL},
        {"[NaN,1]", -1, NULL, "22000", "NaN not allowed in vector", NULL},
        {"[-Infinity,1]", -1, NULL, "22000", "infinite value not allowed in vector", NULL},
        {"[4e38,1]", -1, NULL, "22003", "\"4e38\" is out of range for type vector", NULL},
        {"[1,2,3", -1, NULL, "22P02", "invalid input syntax for type vector: \"[1,2,3\"", NULL},
        {"[1,2,3]9", -1, NULL, "22P02", "invalid input syntax for type vector: \"[1,2,3]9\"", "Junk after closing right brace."},
        {"1,2,3", -1, NULL, "22P02", "invalid input syntax for type vector: \"1,2,3\"", "Vector contents must start with \"[\"."},
        {"", -1, NULL, "22P02", "invalid input syntax for type vector: \"\"", "Vector contents must start with \"[\"."},
        {"[", -1, NULL, "22P02", "invalid input syntax for type vector: \"[\"", NULL},
        {"[ ", -1, NULL, "22P02", "invalid input syntax for type vector: \"[ \"", NULL},
        {"[,", -1, NULL, "22P02", "invalid input syntax for type vector: \"[,\"", NULL},
        {"[]", -1, NULL, "22000", "vector must have at least 1 dimension", NULL},
        {"[ ]", -1, NULL, "22000", "vector must have at least 1 dimension", NULL},
        {"[1,]", -1, NULL, "22P02", "invalid input syntax for type vector: \"[1,]\"", NULL},
        {"[1a]", -1, NULL, "22P02", "invalid input syntax for type vector: \"[1a]\"", NULL},
        {"[1,,3]", -1, NULL, "22P02", "invalid input syntax for type vector: \"[1,,3]\"", NULL},
        {"[1, ,3]", -1, NULL, "22P02", "invalid input syntax for type vector: \"[1, ,3]\"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        Task   task = {.text = cases[i].text, .typmod = cases[i].typmod};
        Error *err;

        fresh_arena();
        err = error_catch(read_text, &task);
        if (cases[i].result != NULL) {
            if (err != NULL)
                fail_msg("%s: %s", cases[i].text, err->message);
            assert_string_equal(text_of(&task.value), cases[i].result);
            continue;
        }
        if (err == NULL)
            fail_msg("%s was accepted", cases[i].text);
        assert_string_equal(sqlstate_code(err->sqlstate), cases[i].code);
        assert_string_equal(err->message, cases[i].message);
        assert_true((err->detail == NULL) == (cases[i].detail == NULL));
        if (err->detail != NULL)
            assert_string_equal(err->detail, cases[i].detail);
    }
}

static void short_decimals_are_read_as_strtof_reads_them(void **state)
{
    (void)state;
    fresh_arena();
    for (int round = 0; round < 20000; round++) {
        char  text[64];
        float expected, got;
        Task  task = {.text = text, .typmod = -1};

        switch (round % 3) {
        case 0:
            snprintf(text, sizeof text, "[%u.%06u]", random_below(100), random_below(1000000));
            break;
        case 1:
            snprintf(text, sizeof text, "[-0.%07u%u]", random_below(10000000), random_below(1000));
            break;
        default: /* near halfway between two floats */
            snprintf(text, sizeof text, "[%.9ge%d]", (double)(16777216u + 2 * random_below(8000000) + 1), (int)random_below(20) - 10);
        }
        assert_no_error(read_text, &task);
        expected = strtof(text + 1, NULL);
        got = vector_at(task.value.bytes, 0);
        if (memcmp(&got, &expected, sizeof got) != 0)
            fail_msg("%s is read as %.9g, not %.9g", text, (double)got, (double)expected);
    }
}

static void the_wire_form_is_pgvectors(void **state)
{
    const TypeInfo *type = type_by_oid(TYPE_VECTOR);
    Task            task = {.text = "[1,-2.5]", .typmod = -1};
    Datum           back;
    StrBuf          wire;

    (void)state;
    fresh_arena();
    assert_no_error(read_text, &task);
    strbuf_init(&wire, arena);
    type->send(type, &task.value, &context, &wire);
    assert_int_equal(wire.size, 12);
    assert_memory_equal(wire.data, "\0\2\0\0\x3f\x80\0\0\xc0\x20\0\0", 12);
    type->receive(type, strbuf_slice(&wire), 2, &context, &back);
    assert_true(slice_equal(back.bytes, task.value.bytes));
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void keys_sort_as_vectors_compare(void **state)
{
    static const float values[] = {-3e38f, -1, -1e-40f, -0.0f, 0, 1e-40f, 1, 2, 3e38f};
    enum { COUNT = 200 };
    const TypeInfo *type = type_by_oid(TYPE_VECTOR);
    Datum          *vectors;
    Slice          *keys;

    (void)state;
    fresh_arena();
    vectors = ARENA_ARRAY(arena, COUNT, Datum);
    keys = ARENA_ARRAY(arena, COUNT, Slice);
    for (int i = 0; i < COUNT; i++) {
        int32_t dimensions = 1 + (int32_t)random_below(3);
        float  *to = vector_new(arena, dimensions, &vectors[i].bytes);
        StrBuf  key;

        for (int k = 0; k < dimensions; k++)
            to[k] = values[random_below(ARRAY_LENGTH(values))];
        strbuf_init(&key, arena);
        type->encode_key(type, &vectors[i], &key);
        keys[i] = strbuf_slice(&key);
    }
    for (int i = 0; i < COUNT; i++) {
        for (int k = 0; k < COUNT; k++) {
            int order = type->compare(type, &vectors[i], &vectors[k]);

            assert_int_equal(sign(order), sign(slice_compare(keys[i], keys[k])));
            if (order == 0)
                assert_int_equal(type->hash(type, &vectors[i]), type->hash(type, &vectors[k]));
        }
    }
}

/* Every variant at every small dimension and some large ones, at odd addresses, against sums of doubles. */
static void kernels_agree_with_exact_sums(void **state)
{
    static uint8_t a_bytes[4 * 2048 + 1], b_bytes[4 * 2048 + 1];
    uint8_t       *a = a_bytes + 1, *b = b_bytes + 1;

    (void)state;
    for (size_t dimensions = 1; dimensions <= 2048; dimensions += dimensions < 140 ? 1 : 159) {
        double l2 = 0, inner = 0, l1 = 0, norm = 0;

        for (size_t i = 0; i < dimensions; i++) {
            float x = random_float(), y = random_float();

            memcpy(a + 4 * i, &x, 4);
            memcpy(b + 4 * i, &y, 4);
            l2 += ((double)x - (double)y) * ((double)x - (double)y);
            inner += (double)x * (double)y;
            l1 += fabs((double)x - (double)y);
            norm += (double)y * (double)y;
        }
        for (const VectorKernels *k = vector_kernel_variants; k->name != NULL; k++) {
            double tolerance = 1e-5 * (double)(dimensions + 8);
            float  got_norm;

            if (!k->available())
                continue;
            assert_true(fabs((double)k->l2_squared(a, b, dimensions) - l2) < tolerance);
            assert_true(fabs((double)k->inner_product(a, b, dimensions) - inner) < tolerance);
            assert_true(fabs((double)k->l1(a, b, dimensions) - l1) < tolerance);
            assert_true(fabs((double)k->inner_and_norm(a, b, dimensions, &got_norm) - inner) < tolerance);
            assert_true(fabs((double)got_norm - norm) < tolerance);
        }
    }
}

static void many_distances_equal_single_ones(void **state)
{
    enum { COUNT = 50, DIMENSIONS = 133 };
    static float vectors[COUNT][DIMENSIONS];
    const void  *pointers[COUNT];
    double       out[COUNT];

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        pointers[i] = vectors[i];
        for (int k = 0; k < DIMENSIONS; k++)
            vectors[i][k] = random_float();
    }
    for (VectorMetric metric = VECTOR_L2; metric <= VECTOR_L1; metric++) {
        VectorQuery query = vector_query(metric, vectors[7], DIMENSIONS);

        vector_distances(&query, pointers, COUNT, out);
        for (int i = 0; i < COUNT; i++)
            assert_true(out[i] == vector_distance(&query, vectors[i]));
        if (metric != VECTOR_NEGATIVE_INNER)
            assert_true(fabs(out[7]) < 1e-9);
    }
}

TEST_MAIN(cmocka_unit_test(texts_are_read_as_pgvector_reads_them), cmocka_unit_test(short_decimals_are_read_as_strtof_reads_them),
          cmocka_unit_test(the_wire_form_is_pgvectors), cmocka_unit_test(keys_sort_as_vectors_compare),
          cmocka_unit_test(kernels_agree_with_exact_sums), cmocka_unit_test(many_distances_equal_single_ones))
