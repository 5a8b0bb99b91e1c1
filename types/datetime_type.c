/*
 * datetime_type.c - the types date, time, timetz, timestamp, timestamptz, interval.
 */
#include "types/datetime.h"

#include "base/hash.h"
#include "types/interval_typmod.h"
#include "types/io.h"
#include "types/key.h"

/* ---- what they share ------------------------------------------------------------------------------------------------------- */

static int32_t precision_typmod_in(const TypeInfo *type, const int32_t *arguments, int count)
{
    if (count != 1)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid type modifier");
    if (arguments[0] < 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "%s(%d) precision must not be negative",
                    type->oid == TYPE_TIMESTAMP || type->oid == TYPE_TIMESTAMPTZ ? "TIMESTAMP" : "TIME", (int)arguments[0]);
    return MIN(arguments[0], 6);
}

static void precision_typmod_out(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    if (typmod >= 0)
        strbuf_printf(out, "(%d)", (int)typmod);
    if (type->oid == TYPE_TIMESTAMPTZ || type->oid == TYPE_TIMETZ)
        strbuf_append_cstring(out, " with time zone");
    else
        strbuf_append_cstring(out, " without time zone");
}

/* The name in messages: PG15 says "time" and "timestamp" without what follows. */
static const char *message_name(const TypeInfo *type)
{
    switch (type->oid) {
    case TYPE_TIME:
        return "time";
    case TYPE_TIMESTAMP:
        return "timestamp";
    default:
        return type->sql_name;
    }
}

static noreturn void raise_not_this_type(const TypeInfo *type, Slice text)
{
    raise_error(SQLSTATE_INVALID_DATETIME_FORMAT, "invalid input syntax for type %s: \"%.*s\"", message_name(type), (int)text.size,
                (const char *)text.data);
}

static noreturn void raise_field_range(Slice text)
{
    raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "date/time field value out of range: \"%.*s\"", (int)text.size, (const char *)text.data);
}

static int64_t time_of(const DateTimeFields *fields)
{
    return fields->hour * USECS_PER_HOUR + fields->minute * USECS_PER_MINUTE + fields->second * USECS_PER_SECOND + fields->microsecond;
}

static int int64_compare(const TypeInfo *type, const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    (void)type;
    return (x > y) - (x < y);
}

static uint64_t int64_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_u64(*(const uint64_t *)element);
}

static void int64_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_i64(out, *(const int64_t *)element);
}

static const uint8_t *int64_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (end - at < 8)
        return NULL;
    out->int64 = (int64_t)(get_be64(at) ^ (1ull << 63));
    return at + 8;
}

static void int64_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    send_u64(out, *(const uint64_t *)element);
}

/* The words now, today and kin, as a local timestamp. False: the text had fields of its own. */
static bool special_timestamp(const ParsedDateTime *parsed, const TypeContext *ctx, const TimeZone *zone, int64_t *out)
{
    int64_t local;
    int64_t rest;
    bool    overflow = false;

    switch (parsed->kind) {
    case PARSED_FIELDS:
        return false;
    case PARSED_INFINITY:
        *out = TIMESTAMP_INFINITY;
        return true;
    case PARSED_MINUS_INFINITY:
        *out = TIMESTAMP_MINUS_INFINITY;
        return true;
    case PARSED_EPOCH:
        *out = -SECONDS_1970_TO_2000 * USECS_PER_SECOND;
        return true;
    default:
        break;
    }
    local = timestamp_utc_to_local(ctx->transaction_time, ctx->time_zone, &overflow);
    if (parsed->kind != PARSED_NOW) {
        rest = local % USECS_PER_DAY;
        local -= rest < 0 ? rest + USECS_PER_DAY : rest;
        if (parsed->has_time)
            local += time_of(&parsed->fields);
        if (parsed->kind == PARSED_TOMORROW)
            local += USECS_PER_DAY;
        else if (parsed->kind == PARSED_YESTERDAY)
            local -= USECS_PER_DAY;
    } else if (zone != NULL) {
        *out = ctx->transaction_time;
        return true;
    }
    *out = zone != NULL ? timestamp_local_to_utc(local, zone, &overflow) : local;
    return true;
}

/* ---- date --------------------------------------------------------------------------------------------------------------------- */

static void date_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    ParsedDateTime parsed;
    int64_t        timestamp;

    (void)typmod;
    datetime_parse(text, message_name(type), ctx, &parsed);
    if (special_timestamp(&parsed, ctx, NULL, &timestamp)) {
        out->int32 = timestamp_to_date(timestamp);
        return;
    }
    if (!parsed.has_date)
        raise_not_this_type(type, text);
    out->int32 = days_from_civil(parsed.fields.date.year, parsed.fields.date.month, parsed.fields.date.day);
    if (!date_is_in_range(out->int32))
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "date out of range: \"%.*s\"", (int)text.size, (const char *)text.data);
}

static void date_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type;
    date_format(*(const int32_t *)element, ctx, out);
}

static void date_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)typmod, (void)ctx;
    require_wire_size(wire, 4);
    out->int32 = (int32_t)get_be32(wire.data);
    if (date_is_finite(out->int32) && !date_is_in_range(out->int32))
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "date out of range");
}

static void date_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    send_u32(out, *(const uint32_t *)element);
}

static int date_compare(const TypeInfo *type, const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a;
    int32_t y = *(const int32_t *)b;

    (void)type;
    return (x > y) - (x < y);
}

static uint64_t date_hash(const TypeInfo *type, const void *element)
{
    (void)type;
    return hash_u64(*(const uint32_t *)element);
}

static void date_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    (void)type;
    key_put_i32(out, *(const int32_t *)element);
}

static const uint8_t *date_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (end - at < 4)
        return NULL;
    out->int32 = (int32_t)(get_be32(at) ^ 0x80000000u);
    return at + 4;
}

/* ---- time ----------------------------------------------------------------------------------------------------------------------- */

static void time_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    ParsedDateTime parsed;

    datetime_parse(text, message_name(type), ctx, &parsed);
    if (parsed.kind == PARSED_NOW) {
        bool    overflow = false;
        int64_t local = timestamp_utc_to_local(ctx->transaction_time, ctx->time_zone, &overflow);

        out->int64 = (local % USECS_PER_DAY + USECS_PER_DAY) % USECS_PER_DAY;
    } else if (parsed.kind != PARSED_FIELDS || !parsed.has_time) {
        raise_not_this_type(type, text);
    } else {
        out->int64 = time_of(&parsed.fields);
        if (out->int64 > USECS_PER_DAY)
            raise_field_range(text);
    }
    out->int64 = time_round(out->int64, typmod);
}

static void time_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type, (void)ctx;
    time_format(*(const int64_t *)element, out);
}

static void time_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)ctx;
    require_wire_size(wire, 8);
    out->int64 = (int64_t)get_be64(wire.data);
    if (out->int64 < 0 || out->int64 > USECS_PER_DAY)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "time out of range");
    out->int64 = time_round(out->int64, typmod);
}

static void time_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type, (void)explicit_cast, (void)ctx;
    value->int64 = time_round(value->int64, typmod);
}

/* ---- timetz --------------------------------------------------------------------------------------------------------------------- */

static void timetz_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    ParsedDateTime parsed;
    int32_t        east;

    datetime_parse(text, message_name(type), ctx, &parsed);
    if (parsed.kind == PARSED_NOW) {
        timestamp_to_fields(ctx->transaction_time, ctx->time_zone, &parsed.fields);
        east = parsed.fields.east_seconds;
    } else if (parsed.kind != PARSED_FIELDS || !parsed.has_time) {
        raise_not_this_type(type, text);
    } else if (parsed.has_zone && parsed.zone == NULL) {
        east = parsed.east_seconds;
    } else {
        const TimeZone *zone = parsed.zone != NULL ? parsed.zone : ctx->time_zone;
        bool            overflow = false;
        int64_t         local = timestamp_utc_to_local(ctx->transaction_time, zone, &overflow);

        if (parsed.has_date && !fields_to_timestamp(&parsed.fields, NULL, &local))
            raise_field_range(text);
        east = timezone_at_local(zone, local / USECS_PER_SECOND + SECONDS_1970_TO_2000).east_seconds;
    }
    out->timetz = (TimeTz){.microseconds = time_round(time_of(&parsed.fields), typmod), .zone = -east};
    if (out->timetz.microseconds > USECS_PER_DAY)
        raise_field_range(text);
}

static void timetz_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    const TimeTz *value = element;
    int32_t       east = -value->zone;
    int32_t       seconds = east < 0 ? -east : east;

    (void)type, (void)ctx;
    time_format(value->microseconds, out);
    strbuf_printf(out, "%c%02d", east < 0 ? '-' : '+', seconds / 3600);
    if (seconds % 3600 != 0)
        strbuf_printf(out, ":%02d", seconds / 60 % 60);
    if (seconds % 60 != 0)
        strbuf_printf(out, ":%02d", seconds % 60);
}

static void timetz_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)ctx;
    require_wire_size(wire, 12);
    out->timetz = (TimeTz){.microseconds = (int64_t)get_be64(wire.data), .zone = (int32_t)get_be32(wire.data + 8)};
    if (out->timetz.microseconds < 0 || out->timetz.microseconds > USECS_PER_DAY)
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "time out of range");
    if (out->timetz.zone <= -57600 || out->timetz.zone >= 57600)
        raise_error(SQLSTATE_INVALID_TIME_ZONE_DISPLACEMENT_VALUE, "time zone displacement out of range");
    out->timetz.microseconds = time_round(out->timetz.microseconds, typmod);
}

static void timetz_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    const TimeTz *value = element;

    (void)type, (void)ctx;
    send_u64(out, (uint64_t)value->microseconds);
    send_u32(out, (uint32_t)value->zone);
}

/* By the instant, then by the zone: equal only when both are. */
static int timetz_compare(const TypeInfo *type, const void *a, const void *b)
{
    const TimeTz *x = a;
    const TimeTz *y = b;
    int64_t       instant_x = x->microseconds + x->zone * USECS_PER_SECOND;
    int64_t       instant_y = y->microseconds + y->zone * USECS_PER_SECOND;

    (void)type;
    if (instant_x != instant_y)
        return instant_x < instant_y ? -1 : 1;
    return (x->zone > y->zone) - (x->zone < y->zone);
}

static uint64_t timetz_hash(const TypeInfo *type, const void *element)
{
    const TimeTz *value = element;

    (void)type;
    return hash_combine((uint64_t)value->microseconds, (uint32_t)value->zone);
}

static void timetz_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    const TimeTz *value = element;

    (void)type;
    key_put_i64(out, value->microseconds + value->zone * USECS_PER_SECOND);
    key_put_i32(out, value->zone);
}

static const uint8_t *timetz_from_key(const TypeInfo *type, const uint8_t *at, const uint8_t *end, Arena *arena, Datum *out)
{
    (void)type, (void)arena;
    if (end - at < 12)
        return NULL;
    out->timetz.zone = (int32_t)(get_be32(at + 8) ^ 0x80000000u);
    out->timetz.microseconds = (int64_t)(get_be64(at) ^ (1ull << 63)) - out->timetz.zone * USECS_PER_SECOND;
    out->timetz.unused = 0;
    return at + 12;
}

static void timetz_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type, (void)explicit_cast, (void)ctx;
    value->timetz.microseconds = time_round(value->timetz.microseconds, typmod);
}

/* ---- timestamp, timestamptz --------------------------------------------------------------------------------------------------------- */

static const TimeZone *zone_of_type(const TypeInfo *type, const TypeContext *ctx)
{
    return type->oid == TYPE_TIMESTAMPTZ ? ctx->time_zone : NULL;
}

static void timestamp_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    const TimeZone *zone = zone_of_type(type, ctx);
    ParsedDateTime  parsed;
    bool            good;

    datetime_parse(text, message_name(type), ctx, &parsed);
    if (!special_timestamp(&parsed, ctx, zone, &out->int64)) {
        if (!parsed.has_date)
            raise_not_this_type(type, text);
        if (zone != NULL && parsed.zone != NULL)
            zone = parsed.zone;
        if (zone != NULL && parsed.has_zone && parsed.zone == NULL) {
            good = fields_to_timestamp(&parsed.fields, NULL, &out->int64) &&
                   !__builtin_sub_overflow(out->int64, parsed.east_seconds * USECS_PER_SECOND, &out->int64) &&
                   timestamp_is_in_range(out->int64);
        } else {
            good = fields_to_timestamp(&parsed.fields, zone, &out->int64);
        }
        if (!good)
            raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range: \"%.*s\"", (int)text.size, (const char *)text.data);
    }
    if (timestamp_is_finite(out->int64))
        out->int64 = time_round(out->int64, typmod);
}

static void timestamp_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    timestamp_format(*(const int64_t *)element, zone_of_type(type, ctx), ctx, out);
}

static void timestamp_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)ctx;
    require_wire_size(wire, 8);
    out->int64 = (int64_t)get_be64(wire.data);
    if (!timestamp_is_finite(out->int64))
        return;
    if (!timestamp_is_in_range(out->int64))
        raise_error(SQLSTATE_DATETIME_FIELD_OVERFLOW, "timestamp out of range");
    out->int64 = time_round(out->int64, typmod);
}

static void timestamp_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type, (void)explicit_cast, (void)ctx;
    if (timestamp_is_finite(value->int64))
        value->int64 = time_round(value->int64, typmod);
}

/* ---- interval ------------------------------------------------------------------------------------------------------------------------ */

static void interval_in(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type;
    interval_parse(text, typmod, ctx, &out->interval);
}

static void interval_out(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    (void)type;
    interval_format(element, ctx, out);
}

static void interval_receive(const TypeInfo *type, Slice wire, int32_t typmod, const TypeContext *ctx, Datum *out)
{
    (void)type, (void)ctx;
    require_wire_size(wire, 16);
    out->interval = (Interval){(int64_t)get_be64(wire.data), (int32_t)get_be32(wire.data + 8), (int32_t)get_be32(wire.data + 12)};
    interval_apply_typmod(&out->interval, typmod);
}

static void interval_send(const TypeInfo *type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    const Interval *value = element;

    (void)type, (void)ctx;
    send_u64(out, (uint64_t)value->microseconds);
    send_u32(out, (uint32_t)value->days);
    send_u32(out, (uint32_t)value->months);
}

static int interval_type_compare(const TypeInfo *type, const void *a, const void *b)
{
    (void)type;
    return interval_compare(a, b);
}

static uint64_t interval_hash(const TypeInfo *type, const void *element)
{
    __int128_t span = interval_span(element);

    (void)type;
    return hash_combine((uint64_t)span, (uint64_t)(span >> 64));
}

/* The span as 96 bits, sign flipped: equal spans encode alike, so the form (1 mon or 30 days) is lost. */
static void interval_key(const TypeInfo *type, const void *element, StrBuf *out)
{
    __int128_t span = interval_span(element);

    (void)type;
    key_put_u32(out, (uint32_t)(span >> 64) ^ 0x80000000u);
    key_put_u64(out, (uint64_t)span);
}

static int32_t interval_typmod_in(const TypeInfo *type, const int32_t *arguments, int count)
{
    (void)type;
    if (count == 1) /* interval(p): the grammar gives the fields first, then the precision */
        return (int32_t)(((uint32_t)arguments[0] & 0x7fff) << 16 | 0xffff);
    if (count != 2)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid INTERVAL type modifier");
    if (arguments[1] < 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "INTERVAL(%d) precision must not be negative", (int)arguments[1]);
    return (int32_t)(((uint32_t)arguments[0] & 0x7fff) << 16 | (uint32_t)MIN(arguments[1], 6));
}

static void interval_typmod_out(const TypeInfo *type, int32_t typmod, StrBuf *out)
{
    static const struct {
        uint32_t    fields;
        const char *text;
    } names[] = {
        {INTERVAL_YEAR, " year"}, {INTERVAL_MONTH, " month"}, {INTERVAL_DAY, " day"}, {INTERVAL_HOUR, " hour"},
        {INTERVAL_MINUTE, " minute"}, {INTERVAL_SECOND, " second"}, {INTERVAL_YEAR | INTERVAL_MONTH, " year to month"},
        {INTERVAL_DAY | INTERVAL_HOUR, " day to hour"}, {INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE, " day to minute"},
        {INTERVAL_DAY | INTERVAL_HOUR | INTERVAL_MINUTE | INTERVAL_SECOND, " day to second"},
        {INTERVAL_HOUR | INTERVAL_MINUTE, " hour to minute"}, {INTERVAL_HOUR | INTERVAL_MINUTE | INTERVAL_SECOND, " hour to second"},
        {INTERVAL_MINUTE | INTERVAL_SECOND, " minute to second"},
    };

    (void)type;
    if (typmod < 0)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (names[i].fields == interval_typmod_fields(typmod))
            strbuf_append_cstring(out, names[i].text);
    if ((typmod & 0xffff) != 0xffff)
        strbuf_printf(out, "(%d)", typmod & 0xffff);
}

static void interval_coerce(const TypeInfo *type, int32_t typmod, bool explicit_cast, const TypeContext *ctx, Datum *value)
{
    (void)type, (void)explicit_cast, (void)ctx;
    interval_apply_typmod(&value->interval, typmod);
}

#define INT64_OPS                                                                                                          \
    .send = int64_send, .compare = int64_compare, .hash = int64_hash, .encode_key = int64_key, .key_exact = true,          \
    .decode_key = int64_from_key, .typmod_in = precision_typmod_in, .typmod_out = precision_typmod_out

const TypeInfo datetime_types[] = {
    {.oid = TYPE_DATE, .input = date_in, .output = date_out, .receive = date_receive, .send = date_send, .compare = date_compare,
     .hash = date_hash, .encode_key = date_key, .key_exact = true, .decode_key = date_from_key},
    {.oid = TYPE_TIME, .input = time_in, .output = time_out, .receive = time_receive, .coerce_typmod = time_coerce, INT64_OPS},
    {.oid = TYPE_TIMETZ, .input = timetz_in, .output = timetz_out, .receive = timetz_receive, .send = timetz_send,
     .compare = timetz_compare, .hash = timetz_hash, .encode_key = timetz_key, .key_exact = true, .decode_key = timetz_from_key,
     .typmod_in = precision_typmod_in, .typmod_out = precision_typmod_out, .coerce_typmod = timetz_coerce},
    {.oid = TYPE_TIMESTAMP, .input = timestamp_in, .output = timestamp_out, .receive = timestamp_receive, .coerce_typmod = timestamp_coerce, INT64_OPS},
    {.oid = TYPE_TIMESTAMPTZ, .input = timestamp_in, .output = timestamp_out, .receive = timestamp_receive, .coerce_typmod = timestamp_coerce, INT64_OPS},
    {.oid = TYPE_INTERVAL, .input = interval_in, .output = interval_out, .receive = interval_receive, .send = interval_send,
     .compare = interval_type_compare, .hash = interval_hash, .encode_key = interval_key, .typmod_in = interval_typmod_in,
     .typmod_out = interval_typmod_out, .coerce_typmod = interval_coerce},
    {0},
};

#undef INT64_OPS
