/*
 * registry.c - gathers the facts of the .def files and the code of the kernel arrays into tables with lookup by oid and name.
 *
 * The facts are constant strings; registry_init() parses each once into arrays that live as long as the process (about
 * half a megabyte) and sorts pointers by name, so that all functions of a name are one run of an array.
 */
#include "executor/func/registry.h"

#include "base/hash.h"
#include "executor/func/kernels.h"

#include <stdlib.h>

typedef struct ProcFacts {
    Oid         oid;
    const char *name;
    char        kind;
    bool        returns_set;
    char        volatility;
    bool        strict;
    Oid         result;
    int16_t     arg_count;
    int16_t     default_count;
    Oid         variadic;
    const char *arg_types;
    const char *all_arg_types;
    const char *arg_modes;
    const char *arg_names;
    const char *arg_defaults;
    bool        leakproof;
} ProcFacts;

static const ProcFacts proc_facts[] = {
#define PROC(...) {__VA_ARGS__},
#include "executor/func/procs.def"
#include "executor/func/procs_nexa.def"
#undef PROC
};

static const Operator operators[] = {
#define OPERATOR(oid_, name_, kind_, merges_, hashes_, left_, right_, result_, commutator_, negator_, function_, rest_, join_) \
    {.oid = (oid_), .name = (name_), .kind = (kind_), .merges = (merges_), .hashes = (hashes_), .left = (left_),            \
     .right = (right_), .result = (result_), .commutator = (commutator_), .negator = (negator_), .function = (function_),   \
     .restrict_estimator = (rest_), .join_estimator = (join_)},
#include "executor/func/operators.def"
#include "executor/func/operators_nexa.def"
#undef OPERATOR
};

static const Cast casts[] = {
#define CAST(...) {__VA_ARGS__},
#include "executor/func/casts.def"
#include "executor/func/casts_nexa.def"
#undef CAST
};

enum {
    PROC_COUNT = ARRAY_LENGTH(proc_facts),
    OPERATOR_COUNT = ARRAY_LENGTH(operators),
    CAST_COUNT = ARRAY_LENGTH(casts),
    OID_LIMIT = 12000,      /* of functions and operators */
    NAME_SLOTS = 4096,      /* at least twice the distinct names */
    CAST_SLOTS = 1024,
};
_Static_assert(PROC_COUNT < UINT16_MAX && OPERATOR_COUNT < UINT16_MAX && CAST_COUNT * 2 < CAST_SLOTS, "table sizes");

/* A run of pointers with the same name: slots of an open hash table. */
typedef struct NameSlot {
    const char *name;
    uint16_t    first;
    uint16_t    count;
} NameSlot;

static struct Registry {
    bool            ready;
    Arena          *arena;
    Proc            procs[PROC_COUNT];
    const Proc     *procs_sorted[PROC_COUNT];         /* by name, then oid */
    const Proc     *procs_in_order[PROC_COUNT];       /* by oid */
    const Operator *operators_sorted[OPERATOR_COUNT]; /* by name, then oid */
    const Operator *operators_in_order[OPERATOR_COUNT];
    const Cast     *casts_in_order[CAST_COUNT];
    uint16_t        proc_by_oid[OID_LIMIT];           /* index + 1 */
    uint16_t        operator_by_oid[OID_LIMIT];
    NameSlot        proc_names[NAME_SLOTS];
    NameSlot        operator_names[NAME_SLOTS / 4];
    uint16_t        cast_slots[CAST_SLOTS];
} registry;

/* ---- parsing the facts ---------------------------------------------------------------------------------------- */

/* "23 25" to an array of oids. */
static const Oid *parse_oids(const char *text, int16_t *count_out)
{
    Oid      oids[PROC_MAX_ARGS];
    int16_t  count = 0;
    Oid     *copy;

    while (*text != '\0') {
        char *end;

        if (count == PROC_MAX_ARGS)
            panic("registry: too many arguments in \"%s\"", text);
        oids[count++] = (Oid)strtoul(text, &end, 10);
        text = *end == ' ' ? end + 1 : end;
    }
    *count_out = count;
    if (count == 0)
        return NULL;
    copy = ARENA_ARRAY(registry.arena, (size_t)count, Oid);
    memcpy(copy, oids, (size_t)count * sizeof *copy);
    return copy;
}

/* "a,,b" to count names, NULL for empty ones; NULL when there are no names at all. */
static const char *const *parse_names(const char *text, int16_t count)
{
    const char **names;
    char        *copy;

    if (*text == '\0')
        return NULL;
    names = ARENA_ARRAY_ZEROED(registry.arena, (size_t)count, const char *);
    copy = arena_strdup(registry.arena, text);
    for (int16_t i = 0; i < count && copy != NULL; i++) {
        char *comma = strchr(copy, ',');

        if (comma != NULL)
            *comma++ = '\0';
        names[i] = *copy != '\0' ? copy : NULL;
        copy = comma;
    }
    return names;
}

static void fill_proc(Proc *proc, const ProcFacts *facts)
{
    int16_t named;

    *proc = (Proc){
        .oid = facts->oid,
        .name = facts->name,
        .kind = (ProcKind)facts->kind,
        .volatility = (Volatility)facts->volatility,
        .returns_set = facts->returns_set,
        .strict = facts->strict,
        .leakproof = facts->leakproof,
        .result = facts->result,
        .variadic = facts->variadic,
        .default_count = facts->default_count,
        .arg_modes = facts->arg_modes,
        .arg_defaults = facts->arg_defaults,
    };
    proc->args = parse_oids(facts->arg_types, &proc->arg_count);
    if (proc->arg_count != facts->arg_count)
        panic("registry: function %u states %d arguments and lists %d", proc->oid, facts->arg_count, proc->arg_count);
    proc->all_args = parse_oids(facts->all_arg_types, &proc->all_arg_count);
    named = proc->all_arg_count != 0 ? proc->all_arg_count : proc->arg_count;
    proc->arg_names = parse_names(facts->arg_names, named);
}

/* ---- lookup tables -------------------------------------------------------------------------------------------- */

static int compare_proc_names(const void *a, const void *b)
{
    const Proc *left = *(const Proc *const *)a;
    const Proc *right = *(const Proc *const *)b;
    int         order = strcmp(left->name, right->name);

    return order != 0 ? order : (left->oid > right->oid) - (left->oid < right->oid);
}

static int compare_operator_names(const void *a, const void *b)
{
    const Operator *left = *(const Operator *const *)a;
    const Operator *right = *(const Operator *const *)b;
    int             order = strcmp(left->name, right->name);

    return order != 0 ? order : (left->oid > right->oid) - (left->oid < right->oid);
}

static int compare_proc_oids(const void *a, const void *b)
{
    const Proc *left = *(const Proc *const *)a;
    const Proc *right = *(const Proc *const *)b;

    return (left->oid > right->oid) - (left->oid < right->oid);
}

static int compare_operator_oids(const void *a, const void *b)
{
    const Operator *left = *(const Operator *const *)a;
    const Operator *right = *(const Operator *const *)b;

    return (left->oid > right->oid) - (left->oid < right->oid);
}

/* The slot of a name: its own, or the free one where it belongs. */
static NameSlot *name_slot(NameSlot *slots, size_t slot_count, const char *name)
{
    size_t at = hash_bytes(name, strlen(name)) & (slot_count - 1);

    while (slots[at].name != NULL && strcmp(slots[at].name, name) != 0)
        at = (at + 1) & (slot_count - 1);
    return &slots[at];
}

static void note_name(NameSlot *slots, size_t slot_count, const char *name, size_t index)
{
    NameSlot *slot = name_slot(slots, slot_count, name);

    if (slot->name == NULL) {
        slot->name = name;
        slot->first = (uint16_t)index;
    }
    slot->count++;
}

static void note_oid(uint16_t *table, Oid oid, size_t index, const char *what)
{
    if (oid == 0 || oid >= OID_LIMIT)
        panic("registry: %s oid %u is out of range", what, oid);
    if (table[oid] != 0)
        panic("registry: %s oid %u is used twice", what, oid);
    table[oid] = (uint16_t)(index + 1);
}

static size_t cast_start(Oid source, Oid target)
{
    return hash_u64((uint64_t)source << 32 | target) & (CAST_SLOTS - 1);
}

static void gather_procs(void)
{
    for (size_t i = 0; i < PROC_COUNT; i++) {
        fill_proc(&registry.procs[i], &proc_facts[i]);
        note_oid(registry.proc_by_oid, registry.procs[i].oid, i, "function");
        registry.procs_sorted[i] = &registry.procs[i];
        registry.procs_in_order[i] = &registry.procs[i];
    }
    qsort(registry.procs_sorted, PROC_COUNT, sizeof registry.procs_sorted[0], compare_proc_names);
    qsort(registry.procs_in_order, PROC_COUNT, sizeof registry.procs_in_order[0], compare_proc_oids);
    for (size_t i = 0; i < PROC_COUNT; i++)
        note_name(registry.proc_names, NAME_SLOTS, registry.procs_sorted[i]->name, i);
}

static void gather_operators(void)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        note_oid(registry.operator_by_oid, operators[i].oid, i, "operator");
        registry.operators_sorted[i] = &operators[i];
        registry.operators_in_order[i] = &operators[i];
    }
    qsort(registry.operators_sorted, OPERATOR_COUNT, sizeof registry.operators_sorted[0], compare_operator_names);
    qsort(registry.operators_in_order, OPERATOR_COUNT, sizeof registry.operators_in_order[0], compare_operator_oids);
    for (size_t i = 0; i < OPERATOR_COUNT; i++)
        note_name(registry.operator_names, ARRAY_LENGTH(registry.operator_names), registry.operators_sorted[i]->name, i);
}

static void gather_casts(void)
{
    for (size_t i = 0; i < CAST_COUNT; i++) {
        size_t at = cast_start(casts[i].source, casts[i].target);

        while (registry.cast_slots[at] != 0)
            at = (at + 1) & (CAST_SLOTS - 1);
        registry.cast_slots[at] = (uint16_t)(i + 1);
        registry.casts_in_order[i] = &casts[i];
    }
}

/* ---- attaching code ------------------------------------------------------------------------------------------- */

static Proc *proc_for_code(Oid oid, const char *array)
{
    if (oid >= OID_LIMIT || registry.proc_by_oid[oid] == 0)
        panic("registry: %s has code for function %u, which is in no .def file", array, oid);
    return &registry.procs[registry.proc_by_oid[oid] - 1];
}

static void refuse_second(const void *first, Oid oid, const char *array)
{
    if (first != NULL)
        panic("registry: %s has code for function %u, which has code already", array, oid);
}

#define DEFINE_ATTACH(function, entry_type, member)                       \
    static void function(const entry_type *entry, const char *array)      \
    {                                                                     \
        for (; entry->proc != 0; entry++) {                               \
            Proc *proc = proc_for_code(entry->proc, array);               \
                                                                          \
            refuse_second(proc->member, entry->proc, array);              \
            proc->member = entry;                                         \
        }                                                                 \
    }
DEFINE_ATTACH(attach_kernels, KernelEntry, kernel)
DEFINE_ATTACH(attach_sets, SetEntry, set)
DEFINE_ATTACH(attach_aggregates, AggEntry, agg)
DEFINE_ATTACH(attach_windows, WindowEntry, window)
#undef DEFINE_ATTACH

static void attach_code(void)
{
    /* before the first array is named in kernels.def these four would be unused */
    (void)attach_kernels, (void)attach_sets, (void)attach_aggregates, (void)attach_windows;
#define KERNELS(array) attach_kernels(array, #array);
#define SETS(array) attach_sets(array, #array);
#define AGGREGATES(array) attach_aggregates(array, #array);
#define WINDOWS(array) attach_windows(array, #array);
#include "executor/func/kernels.def"
}

void registry_init(void)
{
    if (registry.ready)
        return;
    registry.arena = arena_new(NULL, NULL, "registry");
    gather_procs();
    gather_operators();
    gather_casts();
    attach_code();
    registry.ready = true;
}

/* ---- lookups -------------------------------------------------------------------------------------------------- */

const Proc *proc_by_oid(Oid oid)
{
    if (oid >= OID_LIMIT || registry.proc_by_oid[oid] == 0)
        return NULL;
    return &registry.procs[registry.proc_by_oid[oid] - 1];
}

const Proc *const *proc_by_name(const char *name, int *count_out)
{
    const NameSlot *slot = name_slot(registry.proc_names, NAME_SLOTS, name);

    *count_out = slot->count;
    return slot->name != NULL ? &registry.procs_sorted[slot->first] : NULL;
}

const Proc *const *proc_all(int *count_out)
{
    *count_out = PROC_COUNT;
    return registry.procs_in_order;
}

const Operator *operator_by_oid(Oid oid)
{
    if (oid >= OID_LIMIT || registry.operator_by_oid[oid] == 0)
        return NULL;
    return &operators[registry.operator_by_oid[oid] - 1];
}

const Operator *const *operator_by_name(const char *name, int *count_out)
{
    const NameSlot *slot = name_slot(registry.operator_names, ARRAY_LENGTH(registry.operator_names), name);

    *count_out = slot->count;
    return slot->name != NULL ? &registry.operators_sorted[slot->first] : NULL;
}

const Operator *const *operator_all(int *count_out)
{
    *count_out = OPERATOR_COUNT;
    return registry.operators_in_order;
}

const Cast *cast_find(Oid source, Oid target)
{
    for (size_t at = cast_start(source, target); registry.cast_slots[at] != 0; at = (at + 1) & (CAST_SLOTS - 1)) {
        const Cast *cast = &casts[registry.cast_slots[at] - 1];

        if (cast->source == source && cast->target == target)
            return cast;
    }
    return NULL;
}

const Cast *const *cast_all(int *count_out)
{
    *count_out = CAST_COUNT;
    return registry.casts_in_order;
}

/* The type whose comparison operators serve values of type: what PostgreSQL's default operator classes say. */
static Oid comparison_type(Oid type)
{
    const TypeInfo *info = type_by_oid(type);

    switch (type) {
    case TYPE_VARCHAR:
    case TYPE_UNKNOWN:
        return TYPE_TEXT;
    case TYPE_REGPROC:
    case TYPE_REGPROCEDURE:
    case TYPE_REGOPER:
    case TYPE_REGOPERATOR:
    case TYPE_REGCLASS:
    case TYPE_REGTYPE:
    case TYPE_REGNAMESPACE:
    case TYPE_REGROLE:
    case TYPE_REGCOLLATION:
        return TYPE_OID;
    case TYPE_OIDVECTOR:
        return TYPE_OIDVECTOR;
    default:
        return info != NULL && info->category == 'A' ? TYPE_ANYARRAY : type;
    }
}

const Operator *type_operator(Oid type, const char *name)
{
    Oid                    operand = comparison_type(type);
    int                    count;
    const Operator *const *named = operator_by_name(name, &count);

    for (int i = 0; i < count; i++) {
        if (named[i]->left == operand && named[i]->right == operand)
            return named[i];
    }
    return NULL;
}
