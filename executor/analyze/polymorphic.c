/* polymorphic.c - anyelement, anyarray, anycompatible and kin: what they stand for in one call. */
#include "executor/analyze/binder.h"

/* What the arguments of a call say about each family. */
typedef struct Families {
    Oid  element;        /* anyelement, anynonarray, anyenum */
    Oid  array;          /* anyarray */
    bool any_family;     /* some declared argument is of the first family */
    bool non_array, is_enum;
    Oid  compatible;     /* the common type of anycompatible arguments */
    Oid  compatible_array;
    bool compatible_family;
    bool compatible_non_array;
    int32_t unknown_elements;
} Families;

/* The common type of a list of types, 0 when there is none: common_type() without expressions. */
static Oid common_of_types(Binder *b, int32_t count, const Oid *types)
{
    Oid  type = 0;
    bool alike = true;

    for (int32_t i = 1; i < count; i++)
        alike &= types[i] == types[0];
    if (count == 0 || (alike && types[0] != TYPE_UNKNOWN))
        return count == 0 ? 0 : types[0];
    type = type_base(b, types[0]);
    for (int32_t i = 1; i < count; i++) {
        Oid             next = type_base(b, types[i]);
        const TypeInfo *info, *next_info;

        if (next == TYPE_UNKNOWN || next == type)
            continue;
        if (type == TYPE_UNKNOWN) {
            type = next;
            continue;
        }
        info = binder_type(b, type);
        next_info = binder_type(b, next);
        if (info->category != next_info->category)
            return 0;
        if (!info->preferred && can_coerce(b, 1, &type, &next, CAST_IMPLICIT) && !can_coerce(b, 1, &next, &type, CAST_IMPLICIT))
            type = next;
    }
    return type == TYPE_UNKNOWN ? TYPE_TEXT : type;
}

typedef enum Conflict { CONFLICT_NONE, CONFLICT_ELEMENTS, CONFLICT_ARRAYS, CONFLICT_COMPATIBLE, CONFLICT_NOT_ARRAY } Conflict;

/* Gathers what the arguments say. The two types of a conflict go to pair. */
static Conflict gather(Binder *b, const Oid *actual, const Oid *declared, int32_t count, Families *families, Oid pair[2])
{
    Oid    *compatible = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), Oid);
    int32_t compatible_count = 0;

    *families = (Families){0};
    for (int32_t i = 0; i < count; i++) {
        Oid type = actual[i];

        switch (declared[i]) {
        case TYPE_ANYELEMENT:
        case TYPE_ANYNONARRAY:
        case TYPE_ANYENUM:
            families->any_family = true;
            families->non_array |= declared[i] == TYPE_ANYNONARRAY;
            families->is_enum |= declared[i] == TYPE_ANYENUM;
            if (type == TYPE_UNKNOWN) {
                families->unknown_elements++;
                break;
            }
            if (families->element != 0 && families->element != type) {
                pair[0] = families->element;
                pair[1] = type;
                return CONFLICT_ELEMENTS;
            }
            families->element = type;
            break;
        case TYPE_ANYARRAY:
            families->any_family = true;
            if (type == TYPE_UNKNOWN)
                break;
            type = type_base(b, type);
            if (families->array != 0 && families->array != type) {
                pair[0] = families->array;
                pair[1] = type;
                return CONFLICT_ARRAYS;
            }
            families->array = type;
            break;
        case TYPE_ANYCOMPATIBLE:
        case TYPE_ANYCOMPATIBLENONARRAY:
            families->compatible_family = true;
            families->compatible_non_array |= declared[i] == TYPE_ANYCOMPATIBLENONARRAY;
            if (type != TYPE_UNKNOWN)
                compatible[compatible_count++] = type;
            break;
        case TYPE_ANYCOMPATIBLEARRAY:
            families->compatible_family = true;
            if (type == TYPE_UNKNOWN)
                break;
            type = type_base(b, type);
            families->compatible_array = type;
            if (type == TYPE_ANYARRAY)
                break;
            type = type_element(b, type);
            if (type == 0) {
                pair[0] = actual[i];
                return CONFLICT_NOT_ARRAY;
            }
            compatible[compatible_count++] = type;
            break;
        case TYPE_ANYRANGE:
        case TYPE_ANYMULTIRANGE:
        case TYPE_ANYCOMPATIBLERANGE:
        case TYPE_ANYCOMPATIBLEMULTIRANGE:
            /* there are no range types: only untyped literals get here, and nothing they could be */
            pair[0] = type;
            return CONFLICT_NOT_ARRAY;
        default:
            break;
        }
    }
    if (compatible_count > 0) {
        families->compatible = common_of_types(b, compatible_count, compatible);
        if (families->compatible == 0) {
            pair[0] = compatible[0];
            pair[1] = compatible[compatible_count - 1];
            return CONFLICT_COMPATIBLE;
        }
    }
    return CONFLICT_NONE;
}

bool polymorphic_consistent(Binder *b, const Oid *actual, const Oid *declared, int32_t count)
{
    Families families;
    Oid      pair[2];

    if (gather(b, actual, declared, count, &families, pair) != CONFLICT_NONE)
        return false;
    if (families.array != 0 && families.array != TYPE_ANYARRAY) {
        Oid element = type_element(b, families.array);

        if (families.array == TYPE_INT2VECTOR || families.array == TYPE_OIDVECTOR)
            element = type_by_oid(families.array)->element;
        if (element == 0)
            return false;
        if (families.element == 0)
            families.element = element;
        else if (element != families.element)
            return false;
    }
    if (families.non_array && families.element != 0 && type_element(b, families.element) != 0)
        return false;
    if (families.is_enum && families.element != 0 && !type_is_enum(b, families.element))
        return false;
    if (families.compatible != 0) {
        if (families.compatible_non_array && type_element(b, families.compatible) != 0)
            return false;
        for (int32_t i = 0; i < count; i++) {
            Oid array = type_array_of(b, families.compatible);

            if ((declared[i] == TYPE_ANYCOMPATIBLE || declared[i] == TYPE_ANYCOMPATIBLENONARRAY) &&
                !can_coerce(b, 1, &actual[i], &families.compatible, CAST_IMPLICIT))
                return false;
            if (declared[i] == TYPE_ANYCOMPATIBLEARRAY && (array == 0 || !can_coerce(b, 1, &actual[i], &array, CAST_IMPLICIT)))
                return false;
        }
    }
    return true;
}

static noreturn void raise_conflict(Binder *b, Conflict conflict, const Oid pair[2])
{
    const char *name = conflict == CONFLICT_ELEMENTS ? "anyelement" : conflict == CONFLICT_ARRAYS ? "anyarray" : "anycompatible";

    if (conflict == CONFLICT_NOT_ARRAY)
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "argument declared %s is not an array but type %s", "anyarray", type_text(b, pair[0]));
    if (conflict == CONFLICT_COMPATIBLE)
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "arguments of anycompatible family cannot be cast to a common type");
    bind_error_detail(SQLSTATE_DATATYPE_MISMATCH, -1, arena_printf(b->arena, "%s versus %s", type_text(b, pair[0]), type_text(b, pair[1])),
                      "arguments declared \"%s\" are not all alike", name);
}

static Oid array_or_raise(Binder *b, Oid element)
{
    Oid array = type_array_of(b, element);

    if (array == 0)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "could not find array type for data type %s", type_text(b, element));
    return array;
}

/* Completes element from array and the other way round. */
static void complete(Binder *b, Families *families)
{
    if (families->array != 0 && families->array != TYPE_ANYARRAY) {
        Oid element = type_element(b, families->array);

        if (families->array == TYPE_INT2VECTOR || families->array == TYPE_OIDVECTOR)
            element = type_by_oid(families->array)->element;
        if (element == 0)
            raise_error(SQLSTATE_DATATYPE_MISMATCH, "argument declared %s is not an array but type %s", "anyarray", type_text(b, families->array));
        if (families->element != 0 && families->element != element)
            bind_error_detail(SQLSTATE_DATATYPE_MISMATCH, -1,
                              arena_printf(b->arena, "%s versus %s", type_text(b, families->array), type_text(b, families->element)),
                              "argument declared %s is not consistent with argument declared %s", "anyarray", "anyelement");
        families->element = element;
    } else if (families->array == TYPE_ANYARRAY && families->element == 0) {
        families->element = TYPE_ANYELEMENT; /* pg_statistic and kin: known at run time only */
    }
}

Oid polymorphic_resolve(Binder *b, const Oid *actual, Oid *declared, int32_t count, Oid result, bool allow_poly)
{
    Families families;
    Oid      pair[2] = {0, 0};
    Conflict conflict = gather(b, actual, declared, count, &families, pair);

    if (!families.any_family && !families.compatible_family && conflict == CONFLICT_NONE)
        return result;
    if (conflict != CONFLICT_NONE)
        raise_conflict(b, conflict, pair);
    complete(b, &families);
    if (families.any_family && families.element == 0) {
        if (allow_poly)
            families.element = TYPE_ANYELEMENT, families.array = TYPE_ANYARRAY;
        else
            raise_error(SQLSTATE_DATATYPE_MISMATCH, "could not determine polymorphic type because input has type %s", "unknown");
    }
    if (families.non_array && type_element(b, families.element) != 0)
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "type matched to anynonarray is an array type: %s", type_text(b, families.element));
    if (families.is_enum && !type_is_enum(b, families.element))
        raise_error(SQLSTATE_DATATYPE_MISMATCH, "type matched to anyenum is not an enum type: %s", type_text(b, families.element));
    if (families.compatible_family && families.compatible == 0)
        families.compatible = families.compatible_array == TYPE_ANYARRAY ? TYPE_ANYELEMENT : TYPE_TEXT;
    for (int32_t i = 0; i < count; i++) {
        switch (declared[i]) {
        case TYPE_ANYELEMENT:
        case TYPE_ANYNONARRAY:
        case TYPE_ANYENUM:
            declared[i] = families.element;
            break;
        case TYPE_ANYARRAY:
            if (families.array == 0)
                families.array = array_or_raise(b, families.element);
            declared[i] = families.array;
            break;
        case TYPE_ANYCOMPATIBLE:
        case TYPE_ANYCOMPATIBLENONARRAY:
            declared[i] = families.compatible;
            break;
        case TYPE_ANYCOMPATIBLEARRAY:
            declared[i] = families.compatible == TYPE_ANYELEMENT ? TYPE_ANYARRAY : array_or_raise(b, families.compatible);
            break;
        default:
            break;
        }
    }
    switch (result) {
    case TYPE_ANYELEMENT:
    case TYPE_ANYNONARRAY:
    case TYPE_ANYENUM:
        return families.element;
    case TYPE_ANYARRAY:
        return families.array != 0 ? families.array : array_or_raise(b, families.element);
    case TYPE_ANYCOMPATIBLE:
    case TYPE_ANYCOMPATIBLENONARRAY:
        return families.compatible;
    case TYPE_ANYCOMPATIBLEARRAY:
        return array_or_raise(b, families.compatible);
    default:
        return result;
    }
}
