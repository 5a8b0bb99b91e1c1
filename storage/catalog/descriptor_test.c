/*
 * descriptor_test.c - descriptors to bytes and back, hostile bytes, the dump in docs/formats/catalog.md.
 */
#include "storage/catalog/descriptor_codec.h"

#include "base/test.h"
#include "storage/catalog/catalog.h"

#include <stdio.h>

static Fault fault;

#define BYTES(text) {(const uint8_t *)(text), sizeof(text) - 1}

/* A table that uses every field. */
static const ColumnDesc columns[] = {
    {.name = "_id", .number = 1, .type = 25, .typmod = -1, .collation = 100, .phys = PHYS_BYTES, .not_null = true, .identity = 'd',
     .default_expr = BYTES("\1\0\2"), .default_text = "uuidv7()::text", .statistics_target = -1},
    {.name = "........pg.dropped.2........", .number = 2, .phys = PHYS_INT64, .dropped = true, .generated = 's', .array_dimensions = 2,
     .missing_value = BYTES("\4abcdefgh"), .acl = BYTES("acl")},
    {.name = "embedding", .number = 3, .type = 8010, .typmod = 768, .phys = PHYS_BYTES, .group = 1},
};
static const ColumnGroupDesc groups[] = {{.storage_id = 20000}, {.storage_id = 20001, .fixed_bytes = 3072}};
static const int16_t         key_columns[] = {1, 3};
static const int16_t         foreign_columns[] = {2, 1};
static const ConstraintDesc  constraints[] = {
    {.oid = 30000, .name = "t_pkey", .kind = CONSTRAINT_PRIMARY, .validated = true, .column_count = 2, .columns = key_columns, .index = 30001},
    {.oid = 30002, .name = "t_check", .kind = CONSTRAINT_CHECK, .check_expr = BYTES("expr"), .check_text = "a > 0", .no_inherit = true},
    {.oid = 30003, .name = "t_fkey", .kind = CONSTRAINT_FOREIGN, .deferrable = true, .deferred = true, .column_count = 2, .columns = key_columns,
     .foreign_table = 40000, .foreign_columns = foreign_columns, .on_update = 'a', .on_delete = 'c', .match = 's'},
};
static const Oid        indexes[] = {30001, UINT32_MAX};
static const Oid        referenced_by[] = {50000};
static const Dependency dependencies[] = {{.kind = DESC_TYPE, .oid = 60000, .sub = 1, .type = 'n'}};

static RelationDesc full_table(void)
{
    return (RelationDesc){
        .head = {.kind = DESC_RELATION, .oid = 16400, .database = 6, .parent = 2200, .name = "t", .owner = 10, .acl = BYTES("grants")},
        .relkind = 'r', .persistence = 'p', .is_collection = true, .collection_dimensions = 768, .row_type = 16401, .row_type_array = 16402,
        .column_count = 3, .columns = columns, .group_count = 2, .groups = groups, .chunk_storage = 20002, .index_count = 2,
        .indexes = indexes, .constraint_count = 3, .constraints = constraints, .referenced_by_count = 1, .referenced_by = referenced_by,
        .view_query = BYTES("query"), .options = "fillfactor=70", .replica_identity = 'd', .dependency_count = 1, .dependencies = dependencies,
    };
}

/* Encoded, decoded and encoded again it must be the same bytes. */
static const Desc *check_round_trip(const Desc *desc)
{
    const Desc *back;
    uint8_t    *bytes;
    uint8_t    *again;
    size_t      size;
    size_t      again_size;

    assert_int_equal(desc_encode(desc, &bytes, &size, &fault), STATUS_OK);
    assert_int_equal(desc_decode(slice_of(bytes, size), 77, &back, &fault), STATUS_OK);
    assert_int_equal(back->version, 77);
    assert_int_equal(desc_encode(back, &again, &again_size, &fault), STATUS_OK);
    assert_int_equal(size, again_size);
    assert_memory_equal(bytes, again, size);
    free(bytes);
    free(again);
    return back;
}

static void a_table_comes_back_whole(void **state)
{
    RelationDesc        table = full_table();
    const RelationDesc *back = (const RelationDesc *)check_round_trip(&table.head);

    (void)state;
    assert_string_equal(back->head.name, "t");
    assert_int_equal(back->head.parent, 2200);
    assert_int_equal(back->columns[1].missing_value.size, 9);
    assert_string_equal(back->columns[0].default_text, "uuidv7()::text");
    assert_null(back->columns[1].default_text);
    assert_int_equal(back->columns[0].statistics_target, -1);
    assert_int_equal(back->groups[1].fixed_bytes, 3072);
    assert_int_equal(back->constraints[2].foreign_columns[0], 2);
    assert_int_equal(back->constraints[2].on_delete, 'c');
    assert_int_equal(back->indexes[1], UINT32_MAX);
    assert_string_equal(back->options, "fillfactor=70");
    assert_null(back->index);
    desc_unref(&back->head);
}

static void every_kind_comes_back(void **state)
{
    static const IndexColumnDesc index_columns[] = {{.column = 1, .name = "a", .type = 23, .typmod = -1, .descending = true, .key_exact = true},
                                                    {.expr = BYTES("lower(b)"), .expr_text = "lower(b)", .name = "lower"}};
    static const Oid             members[] = {11, 12};
    static const bool            admin[] = {false, true};
    static const EnumLabel       labels[] = {{.oid = 1, .sort_order = 1.5f, .label = "sad"}, {.oid = 2, .sort_order = 2, .label = "glad"}};
    static const char *const     arg_names[] = {"x", NULL};
    IndexDesc    index = {.method = INDEX_ORDERED, .state = INDEX_READY, .valid_from = 5, .table = 16400, .unique = true, .key_count = 1,
                          .column_count = 2, .columns = index_columns, .predicate = BYTES("p"), .predicate_text = "a > 1"};
    SequenceDesc sequence = {.type = 20, .start = -5, .increment = -1, .minimum = INT64_MIN, .maximum = -1, .cache = 1, .cycle = true};
    RelationDesc relations[] = {{.head = {.kind = DESC_RELATION, .oid = 1, .name = "i"}, .relkind = 'i', .index = &index},
                                {.head = {.kind = DESC_RELATION, .oid = 2, .name = "s"}, .relkind = 'S', .sequence = &sequence}};
    DatabaseDesc database = {.head = {.kind = DESC_DATABASE, .oid = 6, .name = "nexadb"}, .connection_limit = -1, .allow_connections = true};
    SchemaDesc   schema = {.head = {.kind = DESC_SCHEMA, .oid = 2200, .database = 6, .name = "public"}};
    RoleDesc     role = {.head = {.kind = DESC_ROLE, .oid = 10, .name = "nexadb"}, .superuser = true, .connection_limit = -1,
                         .password = "SCRAM-SHA-256$", .valid_until = INT64_MAX, .member_of_count = 2, .member_of = members, .admin_option = admin};
    TypeDesc     type = {.head = {.kind = DESC_TYPE, .oid = 5, .name = "mood"}, .typtype = 'e', .label_count = 2, .labels = labels};
    FunctionDesc function = {.head = {.kind = DESC_FUNCTION, .oid = 7, .name = "f"}, .language = "sql", .arg_count = 2, .args = members,
                             .arg_names = arg_names, .body = "SELECT 1"};
    ExtensionDesc extension = {.head = {.kind = DESC_EXTENSION, .oid = 8, .name = "vector"}, .version_text = "0.8.0"};
    CommentDesc   comment = {.head = {.kind = DESC_COMMENT, .oid = 9, .parent = 16400}, .object_kind = DESC_RELATION, .sub = 2, .text = "note"};
    SettingDesc   setting = {.head = {.kind = DESC_SETTING, .oid = 10}, .for_role = 10, .values = "search_path=x\n"};
    const Desc   *all[] = {&relations[0].head, &relations[1].head, &database.head, &schema.head, &role.head, &type.head,
                           &function.head, &extension.head, &comment.head, &setting.head};

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(all); i++)
        desc_unref(check_round_trip(all[i]));
}

static void damaged_descriptors_are_reported(void **state)
{
    RelationDesc table = full_table();
    uint8_t     *bytes;
    size_t       size;
    uint64_t     random = 3;
    int          refused = 0;

    (void)state;
    assert_int_equal(desc_encode(&table.head, &bytes, &size, &fault), STATUS_OK);
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t    *copy = malloc(cut + 1);
        const Desc *back;

        memcpy(copy, bytes, cut);
        assert_int_not_equal(desc_decode(slice_of(copy, cut), 1, &back, &fault), STATUS_OK);
        free(copy);
    }
    for (int round = 0; round < 5000; round++) {
        uint8_t    *copy = malloc(size);
        const Desc *back;

        memcpy(copy, bytes, size);
        for (int i = 0; i < 3; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            copy[(random >> 20) % size] = (uint8_t)(random >> 50);
        }
        if (desc_decode(slice_of(copy, size), 1, &back, &fault) == STATUS_OK)
            desc_unref(back);
        else
            refused++;
        free(copy);
    }
    assert_true(refused > 1000);
    bytes[0] = 2;
    {
        const Desc *back;

        assert_int_equal(desc_decode(slice_of(bytes, size), 1, &back, &fault), STATUS_FORMAT);
    }
    free(bytes);
}

static void the_dump_in_the_document_is_true(void **state)
{
    SchemaDesc schema = {.head = {.kind = DESC_SCHEMA, .oid = 2200, .database = 6, .name = "public", .owner = 10}};
    FILE      *file = fopen("docs/formats/catalog.md", "r");
    char      *document = calloc(1, 1 << 16);
    char       dump[256] = "    ";
    uint8_t   *bytes;
    size_t     size;

    (void)state;
    assert_non_null(file);
    assert_true(fread(document, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    assert_int_equal(desc_encode(&schema.head, &bytes, &size, &fault), STATUS_OK);
    for (size_t i = 0; i < size; i++)
        sprintf(dump + strlen(dump), "%02x%s", bytes[i], i + 1 < size ? " " : "\n");
    if (strstr(document, dump) == NULL)
        fail_msg("docs/formats/catalog.md does not have the line %s", dump);
    free(bytes);
    free(document);
}

TEST_MAIN(cmocka_unit_test(a_table_comes_back_whole), cmocka_unit_test(every_kind_comes_back),
          cmocka_unit_test(damaged_descriptors_are_reported), cmocka_unit_test(the_dump_in_the_document_is_true))
