/*
 * sequence.c - CREATE and ALTER SEQUENCE, and the sequences behind serial and identity columns.
 */
#include "executor/ddl/table_build.h"

#include "executor/analyze/analyze.h"

#include <inttypes.h>

/* What options say; pointers to DefElem, NULL where not said. */
typedef struct SequenceOptions {
    const DefElem *as, *increment, *start, *restart, *maximum, *minimum, *cache, *cycle, *owned_by;
} SequenceOptions;

static SequenceOptions read_options(const NodeList *options)
{
    SequenceOptions found = {0};

    LIST_FOREACH(DefElem, option, options) {
        const char     *name = option->defname;
        const DefElem **slot = strcmp(name, "as") == 0          ? &found.as
                               : strcmp(name, "increment") == 0 ? &found.increment
                               : strcmp(name, "start") == 0     ? &found.start
                               : strcmp(name, "restart") == 0   ? &found.restart
                               : strcmp(name, "maxvalue") == 0  ? &found.maximum
                               : strcmp(name, "minvalue") == 0  ? &found.minimum
                               : strcmp(name, "cache") == 0     ? &found.cache
                               : strcmp(name, "cycle") == 0     ? &found.cycle
                               : strcmp(name, "owned_by") == 0  ? &found.owned_by
                                                                : NULL;

        if (slot == NULL)
            continue; /* sequence_name of identity columns is read by its maker */
        if (*slot != NULL) {
            Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "conflicting or redundant options");

            error_position(err, option->node.location);
            error_raise(err);
        }
        *slot = option;
    }
    return found;
}

static int64_t type_maximum(Oid type)
{
    return type == TYPE_INT2 ? INT16_MAX : type == TYPE_INT4 ? INT32_MAX : INT64_MAX;
}

static int64_t type_minimum(Oid type)
{
    return type == TYPE_INT2 ? INT16_MIN : type == TYPE_INT4 ? INT32_MIN : INT64_MIN;
}

static void set_type(Ddl *ddl, SequenceDesc *seq, const SequenceOptions *options, bool is_new, bool *reset_max, bool *reset_min)
{
    Oid old = seq->type;

    if (options->as == NULL) {
        if (is_new && seq->type == 0)
            seq->type = TYPE_INT8;
        return;
    }
    seq->type = analyze_type(ddl->session, ddl->arena, (const TypeName *)options->as->arg, NULL);
    if (seq->type != TYPE_INT2 && seq->type != TYPE_INT4 && seq->type != TYPE_INT8)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s",
                    seq->owned_kind == 'i' ? "identity column type must be smallint, integer, or bigint"
                                           : "sequence type must be smallint, integer, or bigint");
    if (!is_new) {
        *reset_max = seq->maximum == type_maximum(old);
        *reset_min = seq->minimum == type_minimum(old);
    }
}

static void check_bound(const char *word, int64_t value, Oid type)
{
    if (value < type_minimum(type) || value > type_maximum(type))
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s (%" PRId64 ") is out of range for sequence data type %s", word, value,
                    type_by_oid(type)->sql_name);
}

static void apply_options(Ddl *ddl, SequenceDesc *seq, const SequenceOptions *options, bool is_new, SequenceState *state)
{
    bool reset_max = is_new;
    bool reset_min = is_new;

    set_type(ddl, seq, options, is_new, &reset_max, &reset_min);
    if (options->increment != NULL) {
        seq->increment = ddl_option_int(options->increment);
        if (seq->increment == 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "INCREMENT must not be zero");
    } else if (is_new) {
        seq->increment = 1;
    }
    if (options->cycle != NULL)
        seq->cycle = ddl_option_bool(options->cycle);
    if (options->maximum != NULL && options->maximum->arg != NULL)
        seq->maximum = ddl_option_int(options->maximum);
    else if (reset_max || options->maximum != NULL)
        seq->maximum = seq->increment > 0 || !is_new ? type_maximum(seq->type) : -1;
    if (options->maximum != NULL && options->maximum->arg == NULL && seq->increment < 0)
        seq->maximum = -1;
    check_bound("MAXVALUE", seq->maximum, seq->type);
    if (options->minimum != NULL && options->minimum->arg != NULL)
        seq->minimum = ddl_option_int(options->minimum);
    else if (reset_min || options->minimum != NULL)
        seq->minimum = seq->increment < 0 ? type_minimum(seq->type) : 1;
    check_bound("MINVALUE", seq->minimum, seq->type);
    if (seq->minimum >= seq->maximum)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "MINVALUE (%" PRId64 ") must be less than MAXVALUE (%" PRId64 ")", seq->minimum, seq->maximum);
    if (options->start != NULL)
        seq->start = ddl_option_int(options->start);
    else if (is_new)
        seq->start = seq->increment > 0 ? seq->minimum : seq->maximum;
    if (seq->start < seq->minimum)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "START value (%" PRId64 ") cannot be less than MINVALUE (%" PRId64 ")", seq->start, seq->minimum);
    if (seq->start > seq->maximum)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "START value (%" PRId64 ") cannot be greater than MAXVALUE (%" PRId64 ")", seq->start, seq->maximum);
    if (is_new)
        *state = (SequenceState){.last_value = seq->start, .is_called = false};
    if (options->restart != NULL)
        *state = (SequenceState){.last_value = options->restart->arg != NULL ? ddl_option_int(options->restart) : seq->start};
    if (state->last_value < seq->minimum)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "RESTART value (%" PRId64 ") cannot be less than MINVALUE (%" PRId64 ")", state->last_value, seq->minimum);
    if (state->last_value > seq->maximum)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "RESTART value (%" PRId64 ") cannot be greater than MAXVALUE (%" PRId64 ")", state->last_value, seq->maximum);
    if (options->cache != NULL) {
        seq->cache = ddl_option_int(options->cache);
        if (seq->cache <= 0)
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "CACHE (%" PRId64 ") must be greater than zero", seq->cache);
    } else if (is_new) {
        seq->cache = 1;
    }
}

/* OWNED BY NONE, or table.column. */
static void set_owner(Ddl *ddl, RelationDesc *rel, const DefElem *option)
{
    const NodeList     *words = (const NodeList *)option->arg;
    NodeList           *table_words = NULL;
    const RelationDesc *table;
    Dependency         *kept;
    int32_t             count = 0;

    kept = ARENA_ARRAY_ZEROED(ddl->arena, (size_t)rel->dependency_count + 4, Dependency);
    for (int32_t i = 0; i < rel->dependency_count; i++) {
        if (rel->dependencies[i].type != 'a')
            kept[count++] = rel->dependencies[i];
    }
    if (list_count(words) == 1) {
        if (strcmp(string_at(words, 0), "none") != 0) {
            Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "invalid OWNED BY option");

            error_hint(err, "Specify OWNED BY table.column or OWNED BY NONE.");
            error_raise(err);
        }
        rel->sequence->owned_by_table = 0;
        rel->sequence->owned_by_column = 0;
        rel->sequence->owned_kind = 0;
    } else {
        for (int32_t i = 0; i < list_count(words) - 1; i++)
            table_words = list_append(ddl->arena, table_words, list_at(words, i));
        table = ddl_relation_by_words(ddl, table_words, false);
        if (table->relkind != 'r' && table->relkind != 'v')
            raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "sequence cannot be owned by relation \"%s\"", table->head.name);
        if (table->head.owner != rel->head.owner)
            raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "sequence must have same owner as table it is linked to");
        if (table->head.parent != rel->head.parent)
            raise_error(SQLSTATE_OBJECT_NOT_IN_PREREQUISITE_STATE, "sequence must be in same schema as table it is linked to");
        rel->sequence->owned_by_table = table->head.oid;
        rel->sequence->owned_by_column = ddl_need_column(table, string_at(words, list_count(words) - 1))->number;
        rel->sequence->owned_kind = 'a';
        kept[count++] = (Dependency){DESC_RELATION, table->head.oid, rel->sequence->owned_by_column, 'a'};
    }
    rel->dependencies = kept;
    rel->dependency_count = count;
}

/* PG15: a sequence reads as one row of these. */
static void set_columns(Ddl *ddl, RelationDesc *rel)
{
    static const struct {
        const char *name;
        Oid         type;
        PhysType    phys;
    } columns[] = {{"last_value", TYPE_INT8, PHYS_INT64}, {"log_cnt", TYPE_INT8, PHYS_INT64}, {"is_called", TYPE_BOOL, PHYS_BOOL}};

    for (size_t i = 0; i < ARRAY_LENGTH(columns); i++) {
        ColumnDesc column = {.name = columns[i].name, .type = columns[i].type, .typmod = -1, .phys = columns[i].phys, .not_null = true, .statistics_target = -1};

        ddl_append_column(ddl, rel, &column);
    }
}

RelationDesc *build_owned_sequence(Ddl *ddl, RelationDesc *table, const char *column, Oid type, const NodeList *options, char owned_kind)
{
    RelationDesc   *rel = ARENA_NEW(ddl->arena, RelationDesc);
    SequenceOptions given = read_options(options);
    SequenceState   state = {0};
    int16_t         number = ddl_find_column(table, column)->number;

    rel->head = (Desc){.kind = DESC_RELATION, .database = table->head.database, .parent = table->head.parent, .owner = table->head.owner};
    rel->head.oid = store_new_oid(ddl->session);
    rel->head.name = ddl_choose_relation_name(ddl, table->head.name, column, "seq", table->head.parent);
    LIST_FOREACH(DefElem, option, options) {
        if (strcmp(option->defname, "sequence_name") == 0)
            rel->head.name = string_at((const NodeList *)option->arg, list_count((const NodeList *)option->arg) - 1);
    }
    rel->relkind = 'S';
    rel->persistence = table->persistence;
    rel->replica_identity = 'n';
    rel->sequence = ARENA_NEW(ddl->arena, SequenceDesc);
    rel->sequence->type = type;
    rel->sequence->owned_kind = owned_kind;
    rel->sequence->owned_by_table = table->head.oid;
    rel->sequence->owned_by_column = number;
    set_columns(ddl, rel);
    apply_options(ddl, rel->sequence, &given, true, &state);
    ddl_append_dependency(ddl, rel, (Dependency){DESC_RELATION, table->head.oid, number, owned_kind});
    store_desc_put(ddl->session, &rel->head); /* at once: the column's default names it */
    store_sequence_set(ddl->session, rel, state);
    return rel;
}

const char *ddl_create_sequence(Ddl *ddl, const CreateSeqStmt *stmt)
{
    SequenceOptions given = read_options(stmt->options);
    SequenceState   state = {0};
    RelationDesc   *rel = build_relation(ddl, stmt->sequence, 'S');

    if (store_desc_by_name(ddl->session, ddl->arena, DESC_RELATION, rel->head.parent, rel->head.name) != NULL) {
        if (!stmt->if_not_exists)
            raise_error(SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists", rel->head.name);
        ddl_notice(ddl, SQLSTATE_DUPLICATE_TABLE, "relation \"%s\" already exists, skipping", rel->head.name);
        return "CREATE SEQUENCE";
    }
    rel->replica_identity = 'n';
    rel->sequence = ARENA_NEW(ddl->arena, SequenceDesc);
    set_columns(ddl, rel);
    apply_options(ddl, rel->sequence, &given, true, &state);
    if (given.owned_by != NULL)
        set_owner(ddl, rel, given.owned_by);
    ddl_new_relation(ddl, rel);
    ddl_flush(ddl);
    store_sequence_set(ddl->session, rel, state);
    return "CREATE SEQUENCE";
}

const char *ddl_alter_sequence(Ddl *ddl, const AlterSeqStmt *stmt)
{
    SequenceOptions     given = read_options(stmt->options);
    const RelationDesc *old = ddl_relation(ddl, stmt->sequence, stmt->missing_ok);
    RelationDesc       *rel;
    SequenceState       state;
    SequenceState       before;

    if (old == NULL) {
        ddl_notice(ddl, SQLSTATE_UNDEFINED_TABLE, "relation \"%s\" does not exist, skipping", stmt->sequence->relname);
        return "ALTER SEQUENCE";
    }
    if (old->relkind != 'S')
        raise_error(SQLSTATE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", old->head.name);
    ddl_check_owner(ddl, &old->head, "sequence");
    store_lock_relation(ddl->session, old->head.oid, TABLE_LOCK_SHARE_ROW_EXCLUSIVE);
    rel = ddl_edit(ddl, old);
    before = state = store_sequence_read(ddl->session, rel);
    apply_options(ddl, rel->sequence, &given, false, &state);
    if (given.owned_by != NULL)
        set_owner(ddl, rel, given.owned_by);
    ddl_flush(ddl);
    if (before.last_value != state.last_value || before.is_called != state.is_called)
        store_sequence_set(ddl->session, rel, state);
    return "ALTER SEQUENCE";
}
