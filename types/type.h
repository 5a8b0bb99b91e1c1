/*
 * type.h - the type table: what the program knows about each SQL data type, and the operations every type has.
 *
 * One TypeInfo per built-in type, its operations attached before main() from the arrays of type_ops.def; OIDs, names and attributes are PostgreSQL 15's (types/types.def). The text and binary
 * forms are PostgreSQL's letter for letter. Casts, operators and functions are not here but in executor/func/.
 *
 * Elements    functions that take `const void *element` take the address of a vector element or of a Datum.
 * Ownership   TypeInfo is constant data. Results of input and receive point into ctx->arena or into their source text.
 * Raises      input, output, receive and send raise; compare, hash, equal and encode_key never do.
 */
#ifndef TYPES_TYPE_H
#define TYPES_TYPE_H

#include "base/strbuf.h"
#include "types/batch.h"
#include "types/datum.h"

/* OIDs of built-in types, as PostgreSQL's pg_type.dat; TYPE_<NAME>. IN STEP WITH: types/types.def */
enum {
    TYPE_INVALID = 0,
#define TYPE(symbol, oid, ...) TYPE_##symbol = (oid),
#include "types/types.def"
#undef TYPE
};

typedef struct TimeZone TimeZone; /* types/timezone.h */

typedef enum DateStyle { DATE_STYLE_ISO, DATE_STYLE_SQL, DATE_STYLE_POSTGRES, DATE_STYLE_GERMAN } DateStyle;
typedef enum DateOrder { DATE_ORDER_MDY, DATE_ORDER_DMY, DATE_ORDER_YMD } DateOrder;
typedef enum IntervalStyle { INTERVAL_STYLE_POSTGRES, INTERVAL_STYLE_POSTGRES_VERBOSE, INTERVAL_STYLE_SQL_STANDARD, INTERVAL_STYLE_ISO_8601 } IntervalStyle;

/* What text forms depend on besides the value: the session's settings. */
typedef struct TypeContext {
    Arena          *arena;              /* where results go */
    DateStyle       date_style;
    DateOrder       date_order;
    IntervalStyle   interval_style;
    int             extra_float_digits; /* 1: shortest form that reads back the same */
    bool            bytea_escape;       /* bytea_output = escape */
    const TimeZone *time_zone;
    int64_t         transaction_time;   /* now(): microseconds since 2000-01-01 UTC */
    int64_t         statement_time;
    struct Session *session;            /* whose settings these are: for regtype.h's hooks; NULL outside sessions */
} TypeContext;

typedef struct TypeInfo TypeInfo;
struct TypeInfo {
    Oid         oid;
    const char *name;      /* typname: int4 */
    const char *sql_name;  /* format_type(): integer */
    PhysType    phys;
    int16_t     length;    /* typlen: 4; -1 varlena, -2 cstring */
    char        kind;      /* typtype: b base, p pseudo, d domain, e enum, c composite, r range, m multirange */
    char        category;  /* typcategory */
    bool        preferred; /* typispreferred */
    char        delimiter; /* typdelim */
    char        align;     /* typalign */
    char        storage;   /* typstorage */
    bool        by_value;  /* typbyval, as PostgreSQL reports it */
    Oid         element;   /* typelem */
    const TypeInfo *element_type; /* of arrays whose elements type_by_oid() does not know; else NULL */
    Oid         array;     /* typarray */
    Oid         collation; /* typcollation */
    Oid         input_proc, output_proc, receive_proc, send_proc, modin_proc, modout_proc; /* pg_proc oids, for the catalog */

    /* Text form to value. typmod -1: none. Raises the type's SQLSTATEs (22P02, 22003, 22007 ...). text need not be terminated. */
    void (*input)(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out);
    void (*output)(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out);
    /* Binary wire form. receive takes exactly the value's bytes and raises 22P03 or 08P01. */
    void (*receive)(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out);
    void (*send)(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out);

    /* The btree order; NULL where the type has none (json). Never raises. */
    int (*compare)(const TypeInfo *type, const void *a, const void *b);
    /* Equal values hash alike (1.0 and 1.00, 0.0 and -0.0); NULL where there is no equality. */
    uint64_t (*hash)(const TypeInfo *type, const void *element);
    /*
     * Appends an order-preserving encoding: memcmp order of encodings is compare order, and no encoding is a prefix of another.
     * key_exact: the value can be decoded from it (lossless), else equal values encode alike but the form is lost.
     */
    void (*encode_key)(const TypeInfo *type, const void *element, StrBuf *out);
    bool key_exact;
    /* Reads an exact encoding back; returns the byte after it. NULL unless key_exact. Bytes go to arena when they must be unescaped. */
    const uint8_t *(*decode_key)(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out);

    /* Type modifiers: (10,2) to typmod and back; NULL where the type takes none. */
    int32_t (*typmod_in)(const TypeInfo *type, const int32_t *arguments, int count);
    void (*typmod_out)(const TypeInfo *type, int32_t typmod, StrBuf *out);
    /* Applies a typmod to a value (length coercion, rounding). explicit_cast: cut silently as CAST does. NULL: nothing to do. */
    void (*coerce_typmod)(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value);
};

/* The built-in type with this OID, or NULL. Constant time. */
const TypeInfo *type_by_oid(Oid oid);
/* The built-in type with this typname (int4, _int4), or NULL. */
const TypeInfo *type_by_name(const char *name);
/* Every built-in type, in order of oid: for pg_type. */
const TypeInfo *const *type_all(int *count_out);

/* format_type(): "numeric(10,2)", "integer[]", "character varying(5)", "???" for an unknown oid. */
const char *type_format(Arena *arena, Oid oid, int32_t typmod);

/*
 * The same as SQL's format_type(oid, typmod) with a typmod that is not NULL: what pg_attribute.atttypmod is shown with. Differs
 * for typmod -1 only, where char and bit are "bpchar" and "\"bit\"", since char alone would mean char(1).
 */
const char *type_format_column(Arena *arena, Oid oid, int32_t typmod);

/* A copy of a value whose bytes live in arena. Raises 53200 only. */
void datum_copy(PhysType phys, Arena *arena, const void *element, Datum *out);

/* Bytes outside the element itself that a value refers to: for memory accounting. */
size_t datum_outside_bytes(PhysType phys, const void *element);

/* Reads element into a whole Datum and back. */
static inline void datum_load(PhysType phys, const void *element, Datum *out)
{
    memcpy(out, element, phys_width(phys));
}

static inline void datum_store(PhysType phys, void *element, const Datum *value)
{
    memcpy(element, value, phys_width(phys));
}

#endif
