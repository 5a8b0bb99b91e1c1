/*
 * format.c - concat, concat_ws, format; quote_ident, quote_literal, quote_nullable.
 *
 * Values of any type are shown by their type's output function, NULLs are left out as each function says.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "parser/keyword.h"
#include "types/utf8.h"

/* ---- quoting ------------------------------------------------------------------------------------------------------ */

static bool is_plain_identifier(Slice name)
{
    const Keyword *keyword;

    if (name.size == 0 || !((name.data[0] >= 'a' && name.data[0] <= 'z') || name.data[0] == '_'))
        return false;
    for (size_t i = 0; i < name.size; i++) {
        uint8_t c = name.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    keyword = keyword_find((const char *)name.data, name.size);
    return keyword == NULL || keyword->category == KEYWORD_UNRESERVED;
}

static void append_identifier(StrBuf *out, Slice name)
{
    if (is_plain_identifier(name)) {
        strbuf_append_slice(out, name);
        return;
    }
    strbuf_append_char(out, '"');
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '"')
            strbuf_append_char(out, '"');
        strbuf_append_char(out, (char)name.data[i]);
    }
    strbuf_append_char(out, '"');
}

static void append_literal(StrBuf *out, Slice text)
{
    if (memchr(text.data, '\\', text.size) != NULL)
        strbuf_append_char(out, 'E');
    strbuf_append_char(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        char c = (char)text.data[i];

        if (c == '\'' || c == '\\')
            strbuf_append_char(out, c);
        strbuf_append_char(out, c);
    }
    strbuf_append_char(out, '\'');
}

static void quote_ident_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        append_identifier(&text, in[row]);
        out[row] = strbuf_slice(&text);
    });
}

static void quote_literal_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        append_literal(&text, in[row]);
        out[row] = strbuf_slice(&text);
    });
}

static void quote_nullable_run(KernelCall *call)
{
    const Slice *in = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        StrBuf text;

        strbuf_init(&text, call->ctx->arena);
        if (vector_is_valid(call->args[0], row))
            append_literal(&text, in[row]);
        else
            strbuf_append_cstring(&text, "NULL");
        out[row] = strbuf_slice(&text);
    });
}

/* ---- concat ------------------------------------------------------------------------------------------------------- */

static void append_value(const KernelCall *call, int arg, int32_t row, StrBuf *out)
{
    const TypeInfo *type = type_by_oid(call->args[arg]->type);

    type->output(type, vector_element(call->args[arg], row), call->ctx, out);
}

/* The arguments from first on that are not NULL, with the separator between them. */
static Slice concatenate(const KernelCall *call, int32_t row, int first, Slice separator)
{
    StrBuf text;
    bool   any = false;

    strbuf_init(&text, call->ctx->arena);
    strbuf_append(&text, "", 0);
    for (int arg = first; arg < call->arg_count; arg++) {
        if (!vector_is_valid(call->args[arg], row))
            continue;
        if (any)
            strbuf_append_slice(&text, separator);
        append_value(call, arg, row, &text);
        any = true;
    }
    return strbuf_slice(&text);
}

static void concat_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, { out[row] = concatenate(call, row, 0, slice_of("", 0)); });
}

static void concat_ws_run(KernelCall *call)
{
    const Slice *separator = call->args[0]->data;
    Slice       *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (vector_is_valid(call->args[0], row))
            out[row] = concatenate(call, row, 1, separator[row]);
        else
            kernel_set_null(call, row);
    });
}

/* ---- format ------------------------------------------------------------------------------------------------------- */

typedef struct Formatter {
    const KernelCall *call;
    int32_t           row;
    const uint8_t    *at;
    const uint8_t    *end;
    int               next_arg; /* the argument a specifier without a position takes */
    StrBuf           *out;
} Formatter;

typedef struct Specifier {
    int     arg;       /* position from 1; 0: the next */
    int     width_arg; /* -1: no width from an argument; 0: from the next; else its position */
    int32_t width;
    bool    left;      /* flag - */
    uint8_t letter;
} Specifier;

static noreturn void raise_unterminated(void)
{
    Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "unterminated format() type specifier");

    error_hint(err, "For a single \"%%\" use \"%%%%\".");
    error_raise(err);
}

static bool read_number(Formatter *f, int32_t *value)
{
    bool any = false;

    *value = 0;
    for (; f->at < f->end && *f->at >= '0' && *f->at <= '9'; f->at++) {
        if (__builtin_mul_overflow(*value, 10, value) || __builtin_add_overflow(*value, *f->at - '0', value))
            raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
        any = true;
    }
    if (f->at == f->end)
        raise_unterminated();
    return any;
}

static void require_position(int32_t position)
{
    if (position == 0)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "format specifies argument 0, but arguments are numbered from 1");
}

/* Behind the %: [position$][flags][width]letter */
static Specifier read_specifier(Formatter *f)
{
    Specifier spec = {.width_arg = -1};
    int32_t   number;

    if (read_number(f, &number)) {
        if (*f->at != '$') {
            spec.width = number;
            spec.letter = *f->at;
            return spec;
        }
        require_position(number);
        spec.arg = number;
        f->at++;
    }
    for (; f->at < f->end && *f->at == '-'; f->at++)
        spec.left = true;
    if (f->at < f->end && *f->at == '*') {
        f->at++;
        spec.width_arg = 0;
        if (f->at < f->end && read_number(f, &number)) {
            require_position(number);
            if (*f->at != '$')
                raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "width argument position must be ended by \"$\"");
            spec.width_arg = number;
            f->at++;
        }
    } else if (f->at < f->end) {
        read_number(f, &spec.width);
    }
    if (f->at == f->end)
        raise_unterminated();
    spec.letter = *f->at;
    return spec;
}

static int take_arg(Formatter *f, int position)
{
    int arg = position > 0 ? position : f->next_arg;

    f->next_arg = arg + 1;
    if (arg >= f->call->arg_count)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "too few arguments for format()");
    return arg;
}

static void read_width_arg(Formatter *f, Specifier *spec)
{
    int            arg = take_arg(f, spec->width_arg);
    const Vector  *vector = f->call->args[arg];

    if (!vector_is_valid(vector, f->row)) {
        spec->width = 0;
    } else if (vector->phys == PHYS_INT32) {
        spec->width = VECTOR_DATA(vector, const int32_t)[f->row];
    } else if (vector->phys == PHYS_INT16) {
        spec->width = VECTOR_DATA(vector, const int16_t)[f->row];
    } else {
        const TypeInfo *integer = type_by_oid(TYPE_INT4);
        StrBuf          text;
        Datum           value;

        strbuf_init(&text, f->call->ctx->arena);
        append_value(f->call, arg, f->row, &text);
        integer->input(integer, strbuf_slice(&text), -1, f->call->ctx, &value);
        spec->width = value.int32;
    }
    if (spec->width < 0) {
        if (spec->width == INT32_MIN)
            raise_error(SQLSTATE_NUMERIC_VALUE_OUT_OF_RANGE, "number is out of range");
        spec->left = true;
        spec->width = -spec->width;
    }
}

static void append_padded(StrBuf *out, Slice text, const Specifier *spec)
{
    size_t length = spec->width > 0 ? utf8_length(text) : 0;
    size_t missing = (size_t)spec->width > length ? (size_t)spec->width - length : 0;

    if (spec->left)
        strbuf_append_slice(out, text);
    for (; missing > 0; missing--)
        strbuf_append_char(out, ' ');
    if (!spec->left)
        strbuf_append_slice(out, text);
}

static void append_argument(Formatter *f, const Specifier *spec)
{
    int    arg = take_arg(f, spec->arg);
    bool   is_null = !vector_is_valid(f->call->args[arg], f->row);
    StrBuf value;
    StrBuf text;

    strbuf_init(&value, f->call->ctx->arena);
    strbuf_append(&value, "", 0);
    strbuf_init(&text, f->call->ctx->arena);
    if (!is_null)
        append_value(f->call, arg, f->row, &value);
    if (spec->letter == 'I') {
        if (is_null)
            raise_error(SQLSTATE_NULL_VALUE_NOT_ALLOWED, "null values cannot be formatted as an SQL identifier");
        append_identifier(&text, strbuf_slice(&value));
        value = text;
    } else if (spec->letter == 'L') {
        if (is_null)
            strbuf_append_cstring(&text, "NULL");
        else
            append_literal(&text, strbuf_slice(&value));
        value = text;
    }
    append_padded(f->out, strbuf_slice(&value), spec);
}

static Slice format_row(const KernelCall *call, int32_t row)
{
    Slice     pattern = VECTOR_DATA(call->args[0], const Slice)[row];
    StrBuf    out;
    Formatter f = {.call = call, .row = row, .at = pattern.data, .end = pattern.data + pattern.size, .next_arg = 1, .out = &out};

    strbuf_init(&out, call->ctx->arena);
    strbuf_append(&out, "", 0);
    for (; f.at < f.end; f.at++) {
        Specifier spec;

        if (*f.at != '%') {
            strbuf_append_char(&out, (char)*f.at);
            continue;
        }
        if (++f.at == f.end)
            raise_unterminated();
        if (*f.at == '%') {
            strbuf_append_char(&out, '%');
            continue;
        }
        spec = read_specifier(&f);
        if (strchr("sIL", spec.letter) == NULL || spec.letter == '\0') {
            Error *err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "unrecognized format() type specifier \"%.*s\"",
                                   (int)MIN(utf8_sequence_size(spec.letter), (size_t)(f.end - f.at)), (const char *)f.at);

            error_hint(err, "For a single \"%%\" use \"%%%%\".");
            error_raise(err);
        }
        if (spec.width_arg >= 0)
            read_width_arg(&f, &spec);
        append_argument(&f, &spec);
    }
    return strbuf_slice(&out);
}

static void format_run(KernelCall *call)
{
    Slice *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        if (vector_is_valid(call->args[0], row))
            out[row] = format_row(call, row);
        else
            kernel_set_null(call, row);
    });
}

static void count_nulls(KernelCall *call, bool nulls)
{
    int32_t *out = call->result->data;

    FOR_EACH_ROW(call->sel, call->count, row, {
        out[row] = 0;
        for (int arg = 0; arg < call->arg_count; arg++)
            out[row] += vector_is_valid(call->args[arg], row) != nulls;
    });
}

static void num_nulls_run(KernelCall *call)
{
    count_nulls(call, true);
}

static void num_nonnulls_run(KernelCall *call)
{
    count_nulls(call, false);
}

const KernelEntry format_kernels[] = {
    {.proc = 1282, .run = quote_ident_run},
    {.proc = 1283, .run = quote_literal_run},
    {.proc = 1289, .run = quote_nullable_run},
    {.proc = 3058, .run = concat_run},
    {.proc = 3059, .run = concat_ws_run},
    {.proc = 3539, .run = format_run},
    {.proc = 3540, .run = format_run},
    {.proc = 438, .run = num_nulls_run},
    {.proc = 440, .run = num_nonnulls_run},
    {0},
};
