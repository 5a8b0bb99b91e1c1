/*
 * descriptor_codec.c - see descriptor_codec.h.
 *
 * One function per structure walks its fields for both directions, so that writer and reader cannot disagree. A later
 * version of the format adds fields behind the others, read only when the bytes' version has them.
 */
#include "storage/catalog/descriptor_codec.h"

#include "base/bytes.h"
#include "storage/catalog/catalog.h"

#include <stdlib.h>

enum { CODEC_VERSION = 1 };

typedef struct DescBlock DescBlock;
struct DescBlock {
    DescBlock *next;
    size_t     size;
    size_t     used;
    _Alignas(16) uint8_t bytes[];
};

/* Stands before every decoded descriptor. */
typedef struct DescRoot {
    DescBlock *blocks;
    size_t     bytes;
    size_t     next_block;
    size_t     unused;
} DescRoot;

typedef struct Codec {
    bool           writing;
    Status         status; /* after the first failure nothing more is done */
    Fault         *fault;
    uint8_t       *out; /* writing */
    size_t         size;
    size_t         capacity;
    const uint8_t *at; /* reading */
    const uint8_t *end;
    DescRoot      *root;
} Codec;

static const size_t desc_sizes[] = {
    [DESC_DATABASE] = sizeof(DatabaseDesc), [DESC_SCHEMA] = sizeof(SchemaDesc),       [DESC_ROLE] = sizeof(RoleDesc),
    [DESC_RELATION] = sizeof(RelationDesc), [DESC_TYPE] = sizeof(TypeDesc),           [DESC_FUNCTION] = sizeof(FunctionDesc),
    [DESC_EXTENSION] = sizeof(ExtensionDesc), [DESC_COMMENT] = sizeof(CommentDesc),   [DESC_SETTING] = sizeof(SettingDesc),
    [DESC_TRIGGER] = 0,                     [DESC_POLICY] = 0, /* their structures come with them */
};

/* ---- memory ---------------------------------------------------------------------------------------------------------- */

static void *root_alloc(DescRoot *root, size_t size)
{
    size_t     rounded = (size + 7) & ~(size_t)7;
    DescBlock *block = root->blocks;
    void      *memory;

    if (rounded < size)
        return NULL;
    if (block == NULL || block->size - block->used < rounded) {
        size_t room = MAX(rounded, root->next_block);

        block = malloc(sizeof *block + room);
        if (block == NULL)
            return NULL;
        *block = (DescBlock){.next = root->blocks, .size = room};
        root->blocks = block;
        root->bytes += sizeof *block + room;
    }
    memory = block->bytes + block->used;
    block->used += rounded;
    return memory;
}

static DescRoot *desc_root(const Desc *desc)
{
    return (DescRoot *)(uintptr_t)desc - 1;
}

static void desc_free(const Desc *desc)
{
    DescRoot *root = desc_root(desc);

    for (DescBlock *block = root->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    free(root);
}

void desc_ref(const Desc *desc)
{
    atomic_fetch_add_explicit((_Atomic int32_t *)(uintptr_t)&desc->references_, 1, memory_order_relaxed);
}

void desc_unref(const Desc *desc)
{
    if (desc != NULL && atomic_fetch_sub_explicit((_Atomic int32_t *)(uintptr_t)&desc->references_, 1, memory_order_acq_rel) == 1)
        desc_free(desc);
}

size_t desc_memory_bytes(const Desc *desc)
{
    return desc_root(desc)->bytes;
}

static Status root_new(DescKind kind, size_t first_block, Desc **desc_out, Fault *fault)
{
    DescRoot *root = calloc(1, sizeof *root + desc_sizes[kind]);
    Desc     *desc;

    if (root == NULL)
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a descriptor");
    root->bytes = sizeof *root + desc_sizes[kind];
    root->next_block = first_block;
    desc = (Desc *)(root + 1);
    desc->kind = kind;
    atomic_init(&desc->references_, 1);
    *desc_out = desc;
    return STATUS_OK;
}

Status desc_make(DescKind kind, const char *name, Desc **desc_out, Fault *fault)
{
    char *copy;

    TRY(root_new(kind, 16, desc_out, fault));
    copy = root_alloc(desc_root(*desc_out), strlen(name) + 1);
    if (copy == NULL) {
        desc_unref(*desc_out);
        return FAULT(fault, STATUS_NO_MEMORY, 0, "no memory for a descriptor");
    }
    memcpy(copy, name, strlen(name) + 1);
    (*desc_out)->name = copy;
    return STATUS_OK;
}

/* ---- the elements of the format ---------------------------------------------------------------------------------------- */

static void codec_fail(Codec *codec, Status status, const char *what)
{
    if (codec->status == STATUS_OK)
        codec->status = FAULT(codec->fault, status, 0, "descriptor: %s", what);
}

static void *codec_alloc(Codec *codec, size_t size)
{
    void *memory = root_alloc(codec->root, size);

    if (memory == NULL)
        codec_fail(codec, STATUS_NO_MEMORY, "no memory");
    return memory;
}

static void codec_write(Codec *codec, const void *bytes, size_t size)
{
    if (codec->capacity - codec->size < size) {
        size_t   capacity = MAX(codec->capacity * 2, codec->size + size + 256);
        uint8_t *grown = realloc(codec->out, capacity);

        if (grown == NULL) {
            codec_fail(codec, STATUS_NO_MEMORY, "no memory");
            return;
        }
        codec->out = grown;
        codec->capacity = capacity;
    }
    if (size != 0)
        memcpy(codec->out + codec->size, bytes, size);
    codec->size += size;
}

static void codec_varint(Codec *codec, uint64_t *value)
{
    if (codec->status != STATUS_OK)
        return;
    if (codec->writing) {
        uint8_t bytes[VARINT_MAX_BYTES];

        codec_write(codec, bytes, (size_t)(put_varint(bytes, *value) - bytes));
        return;
    }
    codec->at = get_varint(codec->at, codec->end, value);
    if (codec->at == NULL) {
        codec->at = codec->end;
        codec_fail(codec, STATUS_CORRUPT, "ends within a number");
    }
}

/* An unsigned field, an enumeration or a bool; its type's range is checked. */
#define UINT(field)                                                          \
    do {                                                                     \
        uint64_t number_ = (uint64_t)(field);                                \
        codec_varint(codec, &number_);                                       \
        if (!codec->writing && codec->status == STATUS_OK) {                 \
            (field) = (__typeof__(field))number_;                            \
            if ((uint64_t)(field) != number_)                                \
                codec_fail(codec, STATUS_CORRUPT, "a number out of range");  \
        }                                                                    \
    } while (0)

#define INT(field)                                                           \
    do {                                                                     \
        uint64_t number_ = zigzag_encode((int64_t)(field));                  \
        codec_varint(codec, &number_);                                       \
        if (!codec->writing && codec->status == STATUS_OK) {                 \
            (field) = (__typeof__(field))zigzag_decode(number_);             \
            if ((int64_t)(field) != zigzag_decode(number_))                  \
                codec_fail(codec, STATUS_CORRUPT, "a number out of range");  \
        }                                                                    \
    } while (0)

static void codec_bytes(Codec *codec, uint8_t *bytes, size_t size)
{
    if (codec->writing) {
        codec_write(codec, bytes, size);
        return;
    }
    memcpy(bytes, codec->at, size);
    codec->at += size;
}

static bool codec_has(Codec *codec, uint64_t size)
{
    if (codec->status == STATUS_OK && !codec->writing && size > (uint64_t)(codec->end - codec->at))
        codec_fail(codec, STATUS_CORRUPT, "a length beyond its end");
    return codec->status == STATUS_OK;
}

static void codec_slice(Codec *codec, Slice *slice)
{
    uint64_t size = slice->size;
    uint8_t *copy = (uint8_t *)(uintptr_t)slice->data;

    codec_varint(codec, &size);
    if (!codec_has(codec, size))
        return;
    if (!codec->writing) {
        copy = codec_alloc(codec, size);
        if (copy == NULL)
            return;
        *slice = slice_of(copy, size);
    }
    codec_bytes(codec, copy, size);
}

/* Size plus one, so that NULL has a form of its own. */
static void codec_string(Codec *codec, const char **text)
{
    uint64_t size = codec->writing && *text != NULL ? strlen(*text) + 1 : 0;
    char    *copy = (char *)(uintptr_t)*text;

    codec_varint(codec, &size);
    if (size == 0 || !codec_has(codec, size - 1))
        return;
    if (!codec->writing) {
        copy = codec_alloc(codec, size);
        if (copy == NULL)
            return;
        copy[size - 1] = '\0';
        *text = copy;
    }
    codec_bytes(codec, (uint8_t *)copy, size - 1);
}

/* Memory for count elements when reading; each takes at least a byte of what is left. False: nothing to walk. */
static bool codec_array(Codec *codec, const void **items, uint64_t count, size_t element)
{
    void  *memory;
    size_t size;

    if (count == 0 || !codec_has(codec, count))
        return false;
    if (codec->writing)
        return true;
    if (!size_multiply(count, element, &size)) {
        codec_fail(codec, STATUS_CORRUPT, "a count out of range");
        return false;
    }
    memory = codec_alloc(codec, size);
    if (memory == NULL)
        return false;
    memset(memory, 0, size);
    *items = memory;
    return true;
}

/* Walks the elements of an array field. */
#define ARRAY(type, items, count, walk)                                                             \
    do {                                                                                            \
        if ((count) < 0)                                                                            \
            codec_fail(codec, STATUS_CORRUPT, "a negative count");                                  \
        else if (codec_array(codec, (const void **)&(items), (uint64_t)(count), sizeof(type))) {    \
            for (int64_t at_ = 0; at_ < (int64_t)(count) && codec->status == STATUS_OK; at_++)      \
                walk(codec, (type *)(uintptr_t)&(items)[at_]);                                      \
        }                                                                                           \
    } while (0)

/* ---- the structures ------------------------------------------------------------------------------------------------------ */

static void codec_oids(Codec *codec, const Oid **oids, int64_t count)
{
    if (count < 0)
        codec_fail(codec, STATUS_CORRUPT, "a negative count");
    else if (codec_array(codec, (const void **)oids, (uint64_t)count, sizeof **oids)) {
        Oid *at = (Oid *)(uintptr_t)*oids;

        for (int64_t i = 0; i < count; i++)
            UINT(at[i]);
    }
}

static void codec_numbers(Codec *codec, const int16_t **numbers, int64_t count)
{
    if (count < 0)
        codec_fail(codec, STATUS_CORRUPT, "a negative count");
    else if (codec_array(codec, (const void **)numbers, (uint64_t)count, sizeof **numbers)) {
        int16_t *at = (int16_t *)(uintptr_t)*numbers;

        for (int64_t i = 0; i < count; i++)
            INT(at[i]);
    }
}

static void codec_head(Codec *codec, Desc *desc)
{
    UINT(desc->oid);
    UINT(desc->database);
    UINT(desc->parent);
    codec_string(codec, &desc->name);
    UINT(desc->owner);
    codec_slice(codec, &desc->acl);
}

static void codec_database(Codec *codec, DatabaseDesc *desc)
{
    INT(desc->connection_limit);
    UINT(desc->allow_connections);
    UINT(desc->is_template);
}

static void codec_role(Codec *codec, RoleDesc *desc)
{
    UINT(desc->superuser);
    UINT(desc->inherit);
    UINT(desc->create_role);
    UINT(desc->create_db);
    UINT(desc->can_login);
    UINT(desc->replication);
    UINT(desc->bypass_rls);
    INT(desc->connection_limit);
    codec_string(codec, &desc->password);
    INT(desc->valid_until);
    INT(desc->member_of_count);
    codec_oids(codec, &desc->member_of, desc->member_of_count);
    if (codec->status == STATUS_OK &&
        codec_array(codec, (const void **)&desc->admin_option, (uint64_t)desc->member_of_count, sizeof(bool))) {
        bool *options = (bool *)(uintptr_t)desc->admin_option;

        for (int32_t i = 0; i < desc->member_of_count; i++)
            UINT(options[i]);
    }
}

static void codec_column(Codec *codec, ColumnDesc *column)
{
    codec_string(codec, &column->name);
    INT(column->number);
    UINT(column->type);
    INT(column->typmod);
    UINT(column->collation);
    UINT(column->phys);
    UINT(column->not_null);
    UINT(column->dropped);
    UINT(column->identity);
    UINT(column->generated);
    INT(column->array_dimensions);
    UINT(column->group);
    codec_slice(codec, &column->default_expr);
    codec_string(codec, &column->default_text);
    codec_slice(codec, &column->missing_value);
    codec_slice(codec, &column->acl);
    INT(column->statistics_target);
    if (!codec->writing && codec->status == STATUS_OK && (column->phys < PHYS_BOOL || column->phys > PHYS_TIMETZ))
        codec_fail(codec, STATUS_CORRUPT, "an unknown physical type");
}

static void codec_constraint(Codec *codec, ConstraintDesc *constraint)
{
    UINT(constraint->oid);
    codec_string(codec, &constraint->name);
    UINT(constraint->kind);
    UINT(constraint->deferrable);
    UINT(constraint->deferred);
    UINT(constraint->validated);
    UINT(constraint->no_inherit);
    INT(constraint->column_count);
    codec_numbers(codec, &constraint->columns, constraint->column_count);
    UINT(constraint->index);
    codec_slice(codec, &constraint->check_expr);
    codec_string(codec, &constraint->check_text);
    UINT(constraint->foreign_table);
    if (constraint->kind == CONSTRAINT_FOREIGN)
        codec_numbers(codec, &constraint->foreign_columns, constraint->column_count);
    UINT(constraint->on_update);
    UINT(constraint->on_delete);
    UINT(constraint->match);
}

static void codec_index_column(Codec *codec, IndexColumnDesc *column)
{
    INT(column->column);
    codec_slice(codec, &column->expr);
    codec_string(codec, &column->expr_text);
    codec_string(codec, &column->name);
    UINT(column->type);
    INT(column->typmod);
    UINT(column->collation);
    UINT(column->opclass);
    UINT(column->descending);
    UINT(column->nulls_first);
    UINT(column->key_exact);
}

static void codec_index(Codec *codec, IndexDesc *index)
{
    UINT(index->method);
    UINT(index->state);
    UINT(index->valid_from);
    UINT(index->table);
    UINT(index->unique);
    UINT(index->primary);
    UINT(index->nulls_not_distinct);
    UINT(index->immediate);
    INT(index->key_count);
    INT(index->column_count);
    ARRAY(IndexColumnDesc, index->columns, index->column_count, codec_index_column);
    codec_slice(codec, &index->predicate);
    codec_string(codec, &index->predicate_text);
    UINT(index->constraint);
}

static void codec_sequence(Codec *codec, SequenceDesc *sequence)
{
    UINT(sequence->type);
    INT(sequence->start);
    INT(sequence->increment);
    INT(sequence->minimum);
    INT(sequence->maximum);
    INT(sequence->cache);
    UINT(sequence->cycle);
    UINT(sequence->owned_by_table);
    INT(sequence->owned_by_column);
    UINT(sequence->owned_kind);
}

static void codec_group(Codec *codec, ColumnGroupDesc *group)
{
    UINT(group->storage_id);
    UINT(group->fixed_bytes);
}

static void codec_dependency(Codec *codec, Dependency *dependency)
{
    UINT(dependency->kind);
    UINT(dependency->oid);
    INT(dependency->sub);
    UINT(dependency->type);
}

/* A structure that may be absent. */
static void *codec_optional(Codec *codec, void *present, size_t size)
{
    bool there = present != NULL;

    UINT(there);
    if (codec->writing || !there || codec->status != STATUS_OK)
        return present;
    present = codec_alloc(codec, size);
    if (present != NULL)
        memset(present, 0, size);
    return present;
}

/* What the rest of storage takes for granted about a table. */
static void check_relation(Codec *codec, const RelationDesc *desc)
{
    if (codec->writing || codec->status != STATUS_OK)
        return;
    if (desc->column_count > COLUMN_MAX)
        codec_fail(codec, STATUS_CORRUPT, "too many columns");
    for (int32_t i = 0; i < desc->column_count && codec->status == STATUS_OK; i++) {
        if (desc->columns[i].number != i + 1)
            codec_fail(codec, STATUS_CORRUPT, "columns out of order");
        else if (desc->columns[i].group != COLUMN_GROUP_MAIN && desc->columns[i].group >= desc->group_count)
            codec_fail(codec, STATUS_CORRUPT, "a column in no group");
    }
}

static void codec_relation(Codec *codec, RelationDesc *desc)
{
    UINT(desc->relkind);
    UINT(desc->persistence);
    UINT(desc->is_collection);
    INT(desc->collection_dimensions);
    UINT(desc->row_type);
    UINT(desc->row_type_array);
    UINT(desc->of_type);
    INT(desc->column_count);
    ARRAY(ColumnDesc, desc->columns, desc->column_count, codec_column);
    INT(desc->group_count);
    ARRAY(ColumnGroupDesc, desc->groups, desc->group_count, codec_group);
    UINT(desc->chunk_storage);
    INT(desc->index_count);
    codec_oids(codec, &desc->indexes, desc->index_count);
    INT(desc->constraint_count);
    ARRAY(ConstraintDesc, desc->constraints, desc->constraint_count, codec_constraint);
    INT(desc->referenced_by_count);
    codec_oids(codec, &desc->referenced_by, desc->referenced_by_count);
    INT(desc->trigger_count);
    codec_oids(codec, &desc->triggers, desc->trigger_count);
    desc->index = codec_optional(codec, desc->index, sizeof *desc->index);
    if (desc->index != NULL && codec->status == STATUS_OK)
        codec_index(codec, desc->index);
    desc->sequence = codec_optional(codec, desc->sequence, sizeof *desc->sequence);
    if (desc->sequence != NULL && codec->status == STATUS_OK)
        codec_sequence(codec, desc->sequence);
    codec_slice(codec, &desc->view_query);
    codec_string(codec, &desc->view_text);
    codec_string(codec, &desc->options);
    UINT(desc->row_security);
    UINT(desc->force_row_security);
    UINT(desc->replica_identity);
    INT(desc->dependency_count);
    ARRAY(Dependency, desc->dependencies, desc->dependency_count, codec_dependency);
    check_relation(codec, desc);
}

static void codec_label(Codec *codec, EnumLabel *label)
{
    uint32_t order;

    memcpy(&order, &label->sort_order, sizeof order);
    UINT(label->oid);
    UINT(order);
    if (!codec->writing)
        memcpy(&label->sort_order, &order, sizeof order);
    codec_string(codec, &label->label);
}

static void codec_type(Codec *codec, TypeDesc *desc)
{
    UINT(desc->typtype);
    UINT(desc->array);
    UINT(desc->element);
    UINT(desc->relation);
    UINT(desc->base_type);
    INT(desc->base_typmod);
    UINT(desc->not_null);
    codec_slice(codec, &desc->default_expr);
    codec_string(codec, &desc->default_text);
    INT(desc->label_count);
    ARRAY(EnumLabel, desc->labels, desc->label_count, codec_label);
    INT(desc->constraint_count);
    ARRAY(ConstraintDesc, desc->constraints, desc->constraint_count, codec_constraint);
    INT(desc->dependency_count);
    ARRAY(Dependency, desc->dependencies, desc->dependency_count, codec_dependency);
}

static void codec_function(Codec *codec, FunctionDesc *desc)
{
    bool has_names = desc->arg_names != NULL;

    codec_string(codec, &desc->language);
    UINT(desc->prokind);
    UINT(desc->volatility);
    UINT(desc->strict);
    UINT(desc->returns_set);
    UINT(desc->security_definer);
    UINT(desc->leakproof);
    UINT(desc->result);
    INT(desc->arg_count);
    codec_oids(codec, &desc->args, desc->arg_count);
    codec_string(codec, &desc->arg_modes);
    UINT(has_names);
    if (has_names && codec->status == STATUS_OK &&
        codec_array(codec, (const void **)&desc->arg_names, (uint64_t)desc->arg_count, sizeof(char *))) {
        const char **names = (const char **)(uintptr_t)desc->arg_names;

        for (int16_t i = 0; i < desc->arg_count; i++)
            codec_string(codec, &names[i]);
    }
    codec_string(codec, &desc->arg_defaults);
    codec_string(codec, &desc->body);
    INT(desc->dependency_count);
    ARRAY(Dependency, desc->dependencies, desc->dependency_count, codec_dependency);
}

static void codec_extension(Codec *codec, ExtensionDesc *desc)
{
    codec_string(codec, &desc->version_text);
}

static void codec_comment(Codec *codec, CommentDesc *desc)
{
    UINT(desc->object_kind);
    INT(desc->sub);
    codec_string(codec, &desc->text);
}

static void codec_setting(Codec *codec, SettingDesc *desc)
{
    UINT(desc->for_database);
    UINT(desc->for_role);
    codec_string(codec, &desc->values);
}

static void codec_desc(Codec *codec, Desc *desc)
{
    codec_head(codec, desc);
    switch (desc->kind) {
    case DESC_DATABASE:
        codec_database(codec, (DatabaseDesc *)desc);
        break;
    case DESC_SCHEMA:
        break;
    case DESC_ROLE:
        codec_role(codec, (RoleDesc *)desc);
        break;
    case DESC_RELATION:
        codec_relation(codec, (RelationDesc *)desc);
        break;
    case DESC_TYPE:
        codec_type(codec, (TypeDesc *)desc);
        break;
    case DESC_FUNCTION:
        codec_function(codec, (FunctionDesc *)desc);
        break;
    case DESC_EXTENSION:
        codec_extension(codec, (ExtensionDesc *)desc);
        break;
    case DESC_COMMENT:
        codec_comment(codec, (CommentDesc *)desc);
        break;
    case DESC_SETTING:
        codec_setting(codec, (SettingDesc *)desc);
        break;
    case DESC_TRIGGER:
    case DESC_POLICY:
        break;
    }
}

/* ---- whole descriptors ------------------------------------------------------------------------------------------------------ */

static bool kind_is_known(unsigned kind)
{
    return kind < ARRAY_LENGTH(desc_sizes) && desc_sizes[kind] != 0;
}

Status desc_encode(const Desc *desc, uint8_t **bytes_out, size_t *size_out, Fault *fault)
{
    Codec   codec = {.writing = true, .fault = fault};
    uint8_t start[2] = {CODEC_VERSION, (uint8_t)desc->kind};

    if (!kind_is_known(desc->kind))
        return FAULT(fault, STATUS_FORMAT, 0, "descriptor: kind %d has no stored form", (int)desc->kind);
    codec_write(&codec, start, sizeof start);
    codec_desc(&codec, (Desc *)(uintptr_t)desc);
    if (codec.status != STATUS_OK) {
        free(codec.out);
        return codec.status;
    }
    *bytes_out = codec.out;
    *size_out = codec.size;
    return STATUS_OK;
}

Status desc_decode(Slice bytes, Csn version, const Desc **desc_out, Fault *fault)
{
    Codec codec = {.fault = fault};
    Desc *desc;

    if (bytes.size < 2)
        return FAULT(fault, STATUS_CORRUPT, 0, "descriptor: %zu bytes", bytes.size);
    if (bytes.data[0] != CODEC_VERSION)
        return FAULT(fault, STATUS_FORMAT, 0, "descriptor: format %d, this program knows %d", bytes.data[0], CODEC_VERSION);
    if (!kind_is_known(bytes.data[1]))
        return FAULT(fault, STATUS_FORMAT, 0, "descriptor: unknown kind %d", bytes.data[1]);
    TRY(root_new((DescKind)bytes.data[1], MAX((size_t)64, bytes.size * 3), &desc, fault));
    desc->version = version;
    codec.root = desc_root(desc);
    codec.at = bytes.data + 2;
    codec.end = bytes.data + bytes.size;
    codec_desc(&codec, desc);
    if (codec.status == STATUS_OK && codec.at != codec.end)
        codec_fail(&codec, STATUS_CORRUPT, "bytes behind its end");
    if (codec.status != STATUS_OK) {
        desc_unref(desc);
        return codec.status;
    }
    *desc_out = desc;
    return STATUS_OK;
}
