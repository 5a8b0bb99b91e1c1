/*
 * json_make.c - SQL values as JSON: to_json, to_jsonb, json[b]_build_array, json[b]_build_object.
 */
#include "executor/func/json_make.h"

#include "base/error.h"
#include "executor/func/kernels.h"
#include "types/array.h"
#include "types/json_number.h"
#include "types/json_parse.h"
#include "types/jsonb_type.h"
#include "types/numeric.h"

/* ---- one value --------------------------------------------------------------------------------------------------- */

JsonForm json_form_of(Oid type)
{
    const TypeInfo *info;

    switch (type) {
    case TYPE_BOOL:
        return JSON_FORM_BOOL;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_NUMERIC:
        return JSON_FORM_NUMBER;
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return JSON_FORM_TIME;
    case TYPE_JSON:
        return JSON_FORM_JSON;
    case TYPE_JSONB:
        return JSON_FORM_JSONB;
    case TYPE_RECORD:
        return JSON_FORM_RECORD;
    default:
        info = type_by_oid(type);
        if (info != NULL && info->category == 'A' && info->length == -1)
            return JSON_FORM_ARRAY;
        return info != NULL && info->kind == 'c' ? JSON_FORM_RECORD : JSON_FORM_TEXT;
    }
}

/* The type's text form. An unknown literal is text already. */
static Slice output_text(Oid type, const void *element, const TypeContext *ctx)
{
    const TypeInfo *info = type_by_oid(type);
    StrBuf          text;

    if (type == TYPE_TEXT || type == TYPE_UNKNOWN || type == TYPE_VARCHAR)
        return *(const Slice *)element;
    if (info == NULL || info->output == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "type %s cannot be made into JSON", type_format(ctx->arena, type, -1));
    strbuf_init(&text, ctx->arena);
    info->output(info, element, ctx, &text);
    return strbuf_slice(&text);
}

/* ISO 8601 with a T between date and time, and minutes in every offset: 2020-01-01T10:00:00+00:00. */
static Slice time_text(Oid type, const void *element, const TypeContext *ctx)
{
    TypeContext iso = *ctx;
    Slice       text;
    StrBuf      out;
    size_t      blank, zone;

    iso.date_style = DATE_STYLE_ISO;
    text = output_text(type, element, &iso);
    for (blank = 0; blank < text.size && text.data[blank] != ' '; blank++)
        ;
    if (type == TYPE_DATE || blank == text.size)
        return text;
    strbuf_init(&out, ctx->arena);
    strbuf_append(&out, text.data, blank);
    strbuf_append_char(&out, 'T');
    for (zone = blank + 1; zone < text.size && text.data[zone] != '+' && text.data[zone] != '-' && text.data[zone] != ' '; zone++)
        ;
    strbuf_append(&out, text.data + blank + 1, zone - blank - 1);
    if (type == TYPE_TIMESTAMPTZ && zone + 3 <= text.size) {
        strbuf_append(&out, text.data + zone, 3);
        zone += 3;
        if (zone == text.size || text.data[zone] != ':')
            strbuf_append_cstring(&out, ":00");
    }
    strbuf_append(&out, text.data + zone, text.size - zone);
    return strbuf_slice(&out);
}

/* Whether a number's text is a JSON number: NaN and the infinities are not. */
static bool is_json_number(Slice text)
{
    JsonNumber number;

    return json_scan_number(text.data, text.data + text.size, &number) == text.data + text.size;
}

/* One dimension of an array whose elements from *at on are next; inner dimensions stay on one line. */
static void append_dimension(const ArrayView *array, int32_t dimension, int32_t *at, const char *separator,
                             const TypeContext *ctx, StrBuf *out)
{
    strbuf_append_char(out, '[');
    for (int32_t i = 0; i < array->lengths[dimension]; i++) {
        Datum item;

        if (i > 0)
            strbuf_append_cstring(out, separator);
        if (dimension + 1 < array->dimension_count)
            append_dimension(array, dimension + 1, at, ",", ctx, out);
        else if (array_get(array, (*at)++, &item))
            json_append_value(array->element, &item, ctx, out);
        else
            strbuf_append_cstring(out, "null");
    }
    strbuf_append_char(out, ']');
}

static ArrayView open_array(const void *element)
{
    ArrayView array;

    if (!array_open(*(const Slice *)element, &array))
        raise_error(SQLSTATE_DATA_CORRUPTED, "array of damaged bytes");
    return array;
}

static void append_array(const void *element, const char *separator, const TypeContext *ctx, StrBuf *out)
{
    ArrayView array = open_array(element);
    int32_t   at = 0;

    if (array.dimension_count == 0)
        strbuf_append_cstring(out, "[]");
    else
        append_dimension(&array, 0, &at, separator, ctx, out);
}

static void add_dimension(JsonbBuilder *builder, const ArrayView *array, int32_t dimension, int32_t *at, const TypeContext *ctx)
{
    jsonb_begin_array(builder);
    for (int32_t i = 0; dimension < array->dimension_count && i < array->lengths[dimension]; i++) {
        Datum *item;

        if (dimension + 1 < array->dimension_count) {
            add_dimension(builder, array, dimension + 1, at, ctx);
            continue;
        }
        item = ARENA_NEW(ctx->arena, Datum);
        if (array_get(array, (*at)++, item))
            jsonb_add_value(builder, array->element, item, ctx);
        else
            jsonb_add_null(builder);
    }
    jsonb_end_array(builder);
}

static void add_array(JsonbBuilder *builder, const void *element, const TypeContext *ctx)
{
    ArrayView array = open_array(element);
    int32_t   at = 0;

    add_dimension(builder, &array, 0, &at, ctx);
}

void json_append_value(Oid type, const void *element, const TypeContext *ctx, StrBuf *out)
{
    Slice text;

    switch (json_form_of(type)) {
    case JSON_FORM_BOOL:
        strbuf_append_cstring(out, *(const uint8_t *)element ? "true" : "false");
        break;
    case JSON_FORM_NUMBER:
        text = output_text(type, element, ctx);
        if (is_json_number(text))
            strbuf_append_slice(out, text);
        else
            json_append_string(text, out);
        break;
    case JSON_FORM_TIME:
        json_append_string(time_text(type, element, ctx), out);
        break;
    case JSON_FORM_JSON:
        strbuf_append_slice(out, *(const Slice *)element);
        break;
    case JSON_FORM_JSONB:
        jsonb_append(*(const Slice *)element, out);
        break;
    case JSON_FORM_ARRAY:
        append_array(element, ",", ctx, out);
        break;
    default:
        json_append_string(output_text(type, element, ctx), out);
        break;
    }
}

static void add_number(JsonbBuilder *builder, Oid type, const void *element, const TypeContext *ctx)
{
    Slice   text;
    Numeric value;

    switch (type) {
    case TYPE_INT2:
        jsonb_add_int64(builder, *(const int16_t *)element);
        return;
    case TYPE_INT4:
        jsonb_add_int64(builder, *(const int32_t *)element);
        return;
    case TYPE_INT8:
        jsonb_add_int64(builder, *(const int64_t *)element);
        return;
    case TYPE_NUMERIC:
        memcpy(&value, element, sizeof value);
        if (numeric_is_finite(&value)) {
            jsonb_add_numeric(builder, &value);
            return;
        }
        break;
    default:
        break;
    }
    text = output_text(type, element, ctx);
    if (is_json_number(text) && numeric_parse(text, ctx->arena, &value))
        jsonb_add_numeric(builder, &value);
    else
        jsonb_add_string(builder, text);
}

void jsonb_add_value(JsonbBuilder *builder, Oid type, const void *element, const TypeContext *ctx)
{
    switch (json_form_of(type)) {
    case JSON_FORM_BOOL:
        jsonb_add_bool(builder, *(const uint8_t *)element);
        break;
    case JSON_FORM_NUMBER:
        add_number(builder, type, element, ctx);
        break;
    case JSON_FORM_TIME:
        jsonb_add_string(builder, time_text(type, element, ctx));
        break;
    case JSON_FORM_JSON:
        jsonb_add_text(builder, *(const Slice *)element);
        break;
    case JSON_FORM_JSONB:
        jsonb_add_node(builder, *(const Slice *)element);
        break;
    case JSON_FORM_ARRAY:
        add_array(builder, element, ctx);
        break;
    default:
        jsonb_add_string(builder, output_text(type, element, ctx));
        break;
    }
}

Slice json_key_text(Oid type, const void *element, const TypeContext *ctx)
{
    switch (json_form_of(type)) {
    case JSON_FORM_BOOL:
        return slice_from_cstring(*(const uint8_t *)element ? "true" : "false");
    case JSON_FORM_TIME:
        return time_text(type, element, ctx);
    case JSON_FORM_NUMBER:
    case JSON_FORM_TEXT:
        return output_text(type, element, ctx);
    default:
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "key value must be scalar, not array, composite, or json");
    }
}

/* ---- to_json, to_jsonb ------------------------------------------------------------------------------------------- */

static void to_json_run(KernelCall *call)
{
    const Vector *values = call->args[0];
    Slice        *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        json_append_value(values->type, vector_element(values, row), call->ctx, &text);
        out[row] = strbuf_slice(&text);
    });
}

static void to_jsonb_run(KernelCall *call)
{
    const Vector *values = call->args[0];
    Slice        *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder  builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        jsonb_add_value(&builder, values->type, vector_element(values, row), call->ctx);
        out[row] = jsonb_finish(&builder);
    });
}

/* array_to_json(anyarray [, pretty]): pretty breaks lines between the elements of the first dimension. */
static void array_to_json_run(KernelCall *call)
{
    const Vector *values = call->args[0];
    Slice        *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        bool   pretty = call->arg_count > 1 && VECTOR_DATA(call->args[1], uint8_t)[row];
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        append_array(vector_element(values, row), pretty ? ",\n " : ",", call->ctx, &text);
        out[row] = strbuf_slice(&text);
    });
}

/* ---- build_array, build_object ----------------------------------------------------------------------------------- */

static void append_argument(const KernelCall *call, int32_t argument, int32_t row, StrBuf *out)
{
    const Vector *values = call->args[argument];

    if (vector_is_valid(values, row))
        json_append_value(values->type, vector_element(values, row), call->ctx, out);
    else
        strbuf_append_cstring(out, "null");
}

static void add_argument(const KernelCall *call, int32_t argument, int32_t row, JsonbBuilder *builder)
{
    const Vector *values = call->args[argument];

    if (vector_is_valid(values, row))
        jsonb_add_value(builder, values->type, vector_element(values, row), call->ctx);
    else
        jsonb_add_null(builder);
}

static void check_pairs(const KernelCall *call, const char *function)
{
    if (call->arg_count % 2 != 0) {
        Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "argument list must have even number of elements");

        error_hint(err, "The arguments of %s() must consist of alternating keys and values.", function);
        error_raise(err);
    }
}

static void json_build_array_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        strbuf_append_char(&text, '[');
        for (int32_t i = 0; i < call->arg_count; i++) {
            if (i > 0)
                strbuf_append_cstring(&text, ", ");
            append_argument(call, i, row, &text);
        }
        strbuf_append_char(&text, ']');
        out[row] = strbuf_slice(&text);
    });
}

static void json_build_object_run(KernelCall *call)
{
    Slice *out = VECTOR_DATA(call->result, Slice);

    check_pairs(call, "json_build_object");
    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        strbuf_append_char(&text, '{');
        for (int32_t i = 0; i < call->arg_count; i += 2) {
            const Vector *keys = call->args[i];

            if (!vector_is_valid(keys, row)) {
                Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "argument %d cannot be null", i + 1);

                error_hint(err, "Object keys should be text.");
                error_raise(err);
            }
            if (i > 0)
                strbuf_append_cstring(&text, ", ");
            json_append_string(json_key_text(keys->type, vector_element(keys, row), call->ctx), &text);
            strbuf_append_cstring(&text, " : ");
            append_argument(call, i + 1, row, &text);
        }
        strbuf_append_char(&text, '}');
        out[row] = strbuf_slice(&text);
    });
}

static void jsonb_build_array_run(KernelCall *call)
{
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        jsonb_begin_array(&builder);
        for (int32_t i = 0; i < call->arg_count; i++)
            add_argument(call, i, row, &builder);
        jsonb_end_array(&builder);
        out[row] = jsonb_finish(&builder);
    });
}

static void jsonb_build_object_run(KernelCall *call)
{
    Slice       *out = VECTOR_DATA(call->result, Slice);
    JsonbBuilder builder;

    check_pairs(call, "jsonb_build_object");
    jsonb_builder_init(&builder, call->ctx->arena);
    FOR_EACH_ROW(call->sel, call->count, row, {
        jsonb_begin_object(&builder);
        for (int32_t i = 0; i < call->arg_count; i += 2) {
            const Vector *keys = call->args[i];

            if (!vector_is_valid(keys, row))
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "argument %d: key must not be null", i + 1);
            jsonb_add_key(&builder, json_key_text(keys->type, vector_element(keys, row), call->ctx));
            add_argument(call, i + 1, row, &builder);
        }
        jsonb_end_object(&builder);
        out[row] = jsonb_finish(&builder);
    });
}

const KernelEntry json_make_kernels[] = {
    {3176, to_json_run, NULL},
    {3787, to_jsonb_run, NULL},
    {3153, array_to_json_run, NULL},
    {3154, array_to_json_run, NULL},
    {3198, json_build_array_run, NULL},
    {3199, json_build_array_run, NULL},
    {3200, json_build_object_run, NULL},
    {3201, json_build_object_run, NULL},
    {3271, jsonb_build_array_run, NULL},
    {3272, jsonb_build_array_run, NULL},
    {3273, jsonb_build_object_run, NULL},
    {3274, jsonb_build_object_run, NULL},
    {0, NULL, NULL},
};
