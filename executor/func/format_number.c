/*
 * format_number.c - to_char of numbers.
 *
 * A template is read into steps first, since how digits before the point are laid out depends on how many places there are. The number
 * comes as decimal text without a sign, rounded to the places that the template has behind the point.
 */
#include "base/error.h"
#include "base/strbuf.h"
#include "executor/func/kernels.h"
#include "types/numeric_math.h"

#include <math.h>
#include <stdio.h>

typedef enum StepKind {
    STEP_DIGIT, STEP_ZERO, STEP_POINT, STEP_GROUP, STEP_MINUS, STEP_PLUS, STEP_EITHER_SIGN, STEP_ORDINAL, STEP_CURRENCY,
    STEP_ROMAN, STEP_TEXT,
} StepKind;

typedef struct Step {
    StepKind kind;
    bool     small;     /* written in small letters */
    char     character; /* of STEP_TEXT, STEP_GROUP */
} Step;

typedef struct Template {
    Step   *steps;
    int32_t count;
    int32_t before, after;   /* places around the point */
    int32_t shift;           /* places behind V */
    int32_t zero_from;       /* places before the point from this one on show zeros; before: none */
    int32_t keep_after;      /* places behind the point that FM leaves: up to the last 0 */
    bool    has_point, fills, roman, brackets, has_zero;
    bool    sign_last;       /* S behind all digits */
    bool    sign_step;       /* the sign stands where MI, PL or SG does, not before the first digit */
    bool    has_sign;        /* S */
    bool    blank;           /* B */
} Template;

/* ---- reading the template ------------------------------------------------------------------------------------------- */

static bool take(Slice format, size_t *at, const char *word, bool *small)
{
    size_t size = strlen(word);
    bool   same = true, same_small = true;

    if (format.size - *at < size)
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = (char)format.data[*at + i], lower = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 32) : word[i];

        same = same && c == word[i];
        same_small = same_small && c == lower;
    }
    if (!same && !same_small)
        return false;
    *small = !same;
    *at += size;
    return true;
}

static noreturn void raise_template(const char *message)
{
    raise_error(SQLSTATE_SYNTAX_ERROR, "%s", message);
}

static void add_step(Template *template, StepKind kind, bool small, char character)
{
    template->steps[template->count++] = (Step){kind, small, character};
}

static void add_digit(Template *template, bool zero)
{
    if (zero && !template->has_zero && !template->has_point)
        template->zero_from = template->before;
    template->has_zero = template->has_zero || zero;
    if (template->shift >= 0) {
        template->shift++;
        template->before++;
    } else if (template->has_point) {
        template->after++;
    } else {
        template->before++;
    }
    if (zero && template->has_point)
        template->keep_after = template->after;
    add_step(template, zero ? STEP_ZERO : STEP_DIGIT, false, 0);
}

static void add_point(Template *template)
{
    if (template->has_point)
        raise_template("multiple decimal points");
    if (template->shift >= 0)
        raise_template("cannot use \"V\" and decimal point together");
    template->has_point = true;
    add_step(template, STEP_POINT, false, 0);
}

static size_t add_quoted(Template *template, Slice format, size_t at)
{
    for (at++; at < format.size && format.data[at] != '"'; at++) {
        if (format.data[at] == '\\' && at + 1 < format.size)
            at++;
        add_step(template, STEP_TEXT, false, (char)format.data[at]);
    }
    return at < format.size ? at + 1 : at;
}

static void read_template(Slice format, Arena *arena, Template *out)
{
    size_t at = 0;
    bool   small;

    *out = (Template){.steps = ARENA_ARRAY(arena, format.size + 1, Step), .fills = true, .shift = -1, .zero_from = INT32_MAX};
    while (at < format.size) {
        if (take(format, &at, "EEEE", &small))
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "\"EEEE\" is not supported yet");
        if (take(format, &at, "FM", &small))
            out->fills = false;
        else if (take(format, &at, "MI", &small))
            out->sign_step = true, add_step(out, STEP_MINUS, small, 0);
        else if (take(format, &at, "PL", &small))
            add_step(out, STEP_PLUS, small, 0);
        else if (take(format, &at, "SG", &small))
            out->sign_step = true, add_step(out, STEP_EITHER_SIGN, small, 0);
        else if (take(format, &at, "SP", &small))
            continue;
        else if (take(format, &at, "PR", &small))
            out->brackets = true;
        else if (take(format, &at, "RN", &small))
            out->roman = true, add_step(out, STEP_ROMAN, small, 0);
        else if (take(format, &at, "TH", &small))
            add_step(out, STEP_ORDINAL, small, 0);
        else if (take(format, &at, "S", &small))
            out->has_sign = true, out->sign_last = out->before + out->after > 0;
        else if (take(format, &at, "9", &small))
            add_digit(out, false);
        else if (take(format, &at, "0", &small))
            add_digit(out, true);
        else if (take(format, &at, ".", &small) || take(format, &at, "D", &small))
            add_point(out);
        else if (take(format, &at, ",", &small) || take(format, &at, "G", &small))
            add_step(out, STEP_GROUP, false, ',');
        else if (take(format, &at, "L", &small))
            add_step(out, STEP_CURRENCY, false, 0);
        else if (take(format, &at, "B", &small))
            out->blank = true;
        else if (take(format, &at, "C", &small))
            continue;
        else if (take(format, &at, "V", &small))
            out->shift = 0;
        else if (format.data[at] == '"')
            at = add_quoted(out, format, at);
        else
            add_step(out, STEP_TEXT, false, (char)format.data[at++]);
    }
    out->shift = MAX(out->shift, 0);
}

/* ---- laying out ------------------------------------------------------------------------------------------------------- */

typedef struct Number {
    bool  negative;
    bool  fits;   /* else digits are shown as # */
    Slice whole;  /* digits before the point, "0" for none */
    Slice part;   /* behind it, as many as the template has */
} Number;

typedef struct Layout {
    const Template *template;
    const Number   *number;
    StrBuf         *out;
    int32_t         place;     /* the next one, from 0 */
    int32_t         lead;      /* places before the first digit of the number */
    int32_t         shown_after;
    bool            signed_already, started, past_point;
    bool            hide_zero; /* 0 before a point is a blank: 9.9 of 0.1 is " .1" */
} Layout;

/* What stands before the first digit, once. */
static void write_sign(Layout *layout)
{
    const Template *template = layout->template;
    bool            negative = layout->number->negative;

    if (layout->signed_already)
        return;
    layout->signed_already = true;
    if (template->sign_step || (template->has_sign && template->sign_last))
        return;
    if (template->has_sign)
        strbuf_append_char(layout->out, negative ? '-' : '+');
    else if (template->brackets && (negative || template->fills))
        strbuf_append_char(layout->out, negative ? '<' : ' ');
    else if (negative)
        strbuf_append_char(layout->out, '-');
    else if (template->fills)
        strbuf_append_char(layout->out, ' ');
}

static void write_whole_digit(Layout *layout)
{
    int32_t place = layout->place++;
    bool    zero = place >= layout->template->zero_from;

    if (place < layout->lead && !zero) {
        if (layout->template->fills)
            strbuf_append_char(layout->out, ' ');
        return;
    }
    if (place >= layout->lead && layout->hide_zero) {
        bool only_point = !layout->template->fills && layout->shown_after == 0;

        if (only_point)
            write_sign(layout);
        if (only_point || layout->template->fills)
            strbuf_append_char(layout->out, only_point ? '0' : ' ');
        return;
    }
    write_sign(layout);
    layout->started = true;
    if (place < layout->lead)
        strbuf_append_char(layout->out, '0');
    else
        strbuf_append_char(layout->out, layout->number->fits ? (char)layout->number->whole.data[place - layout->lead] : '#');
}

static void write_part_digit(Layout *layout)
{
    int32_t place = layout->place++ - layout->template->before;

    if (place >= layout->shown_after)
        return;
    write_sign(layout);
    strbuf_append_char(layout->out, layout->number->fits ? (char)layout->number->part.data[place] : '#');
}

static void write_ordinal(Layout *layout, bool small)
{
    static const char endings[4][3] = {"th", "st", "nd", "rd"};
    Slice             whole = layout->number->whole;
    char              last, before;

    if (layout->number->negative || layout->template->has_point || !layout->number->fits || whole.size == 0)
        return;
    last = (char)whole.data[whole.size - 1];
    before = whole.size > 1 ? (char)whole.data[whole.size - 2] : '0';
    for (const char *at = endings[before == '1' || last < '1' || last > '3' ? 0 : last - '0']; *at != '\0'; at++)
        strbuf_append_char(layout->out, small ? *at : (char)(*at - 32));
}

static void write_roman(Layout *layout, bool small)
{
    static const struct {
        int32_t     value;
        const char *text;
    } parts[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
                 {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
    char    text[24] = "";
    int64_t value = 0;

    for (size_t i = 0; i < layout->number->whole.size && value < 4000; i++)
        value = value * 10 + (layout->number->whole.data[i] - '0');
    if (layout->number->negative || value < 1 || value > 3999) {
        strcpy(text, "###############");
    } else {
        for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
            for (; value >= parts[i].value; value -= parts[i].value)
                strcat(text, parts[i].text);
    }
    for (char *at = text; small && *at != '\0'; at++)
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
    strbuf_printf(layout->out, layout->template->fills ? "%15s" : "%s", text);
}

static void write_step(Layout *layout, const Step *step)
{
    const Template *template = layout->template;
    bool            negative = layout->number->negative;

    switch (step->kind) {
    case STEP_DIGIT:
    case STEP_ZERO:
        if (layout->past_point)
            write_part_digit(layout);
        else
            write_whole_digit(layout);
        break;
    case STEP_POINT:
        layout->past_point = true;
        if (template->after == 0 && layout->number->fits)
            break; /* PG15: no point without digits behind it */
        write_sign(layout);
        strbuf_append_char(layout->out, '.');
        break;
    case STEP_GROUP:
        if (layout->started || layout->past_point)
            strbuf_append_char(layout->out, step->character);
        else if (template->fills)
            strbuf_append_char(layout->out, ' ');
        break;
    case STEP_MINUS:
        if (negative)
            strbuf_append_char(layout->out, '-');
        else if (template->fills)
            strbuf_append_char(layout->out, ' ');
        break;
    case STEP_PLUS:
        if (!negative)
            strbuf_append_char(layout->out, '+');
        else if (template->fills)
            strbuf_append_char(layout->out, ' ');
        break;
    case STEP_EITHER_SIGN:
        strbuf_append_char(layout->out, negative ? '-' : '+');
        break;
    case STEP_ORDINAL:
        write_ordinal(layout, step->small);
        break;
    case STEP_CURRENCY:
        strbuf_append_char(layout->out, ' '); /* of the C locale */
        break;
    case STEP_ROMAN:
        write_roman(layout, step->small);
        break;
    case STEP_TEXT:
        strbuf_append_char(layout->out, step->character);
        break;
    }
}

static int32_t places_shown(const Template *template, const Number *number)
{
    int32_t shown = template->after;

    if (template->fills || !number->fits)
        return shown;
    while (shown > template->keep_after && number->part.data[shown - 1] == '0')
        shown--;
    return shown;
}

static Slice show(const Template *template, Number *number, Arena *arena)
{
    StrBuf  out;
    bool    is_zero = number->whole.size == 1 && number->whole.data[0] == '0';
    Layout  layout = {.template = template, .number = number, .out = &out};
    int32_t last = -1;

    strbuf_init(&out, arena);
    strbuf_reserve(&out, (size_t)template->count + 16);
    if (template->roman) {
        for (int32_t i = 0; i < template->count; i++)
            if (template->steps[i].kind == STEP_ROMAN || template->steps[i].kind == STEP_TEXT)
                write_step(&layout, &template->steps[i]);
        return strbuf_slice(&out);
    }
    number->fits = number->whole.size <= (size_t)template->before;
    layout.lead = number->fits ? template->before - (int32_t)number->whole.size : 0;
    layout.shown_after = places_shown(template, number);
    layout.hide_zero = is_zero && number->fits && template->has_point && template->after > 0 && template->zero_from == INT32_MAX;
    for (int32_t i = 0; i < template->count; i++)
        if (template->steps[i].kind <= STEP_POINT)
            last = i;
    for (int32_t i = 0; i < template->count; i++) {
        write_step(&layout, &template->steps[i]);
        if (i != last)
            continue;
        if (template->brackets && (number->negative || template->fills))
            strbuf_append_char(&out, number->negative ? '>' : ' ');
        else if (template->has_sign && template->sign_last)
            strbuf_append_char(&out, number->negative ? '-' : '+');
    }
    return strbuf_slice(&out);
}

/* ---- kernels ------------------------------------------------------------------------------------------------------------ */

/* Decimal text with a sign, taken apart. */
static Number split_number(Slice text, int32_t after, Arena *arena)
{
    Number         number = {.fits = true};
    const uint8_t *point;
    uint8_t       *part = arena_alloc(arena, (size_t)after + 1);

    if (text.size > 0 && text.data[0] == '-') {
        number.negative = true;
        text = slice_of(text.data + 1, text.size - 1);
    }
    point = text.size > 0 ? memchr(text.data, '.', text.size) : NULL;
    number.whole = slice_of(text.data, point != NULL ? (size_t)(point - text.data) : text.size);
    memset(part, '0', (size_t)after);
    if (point != NULL)
        memcpy(part, point + 1, MIN((size_t)after, text.size - number.whole.size - 1));
    number.part = slice_of(part, (size_t)after);
    return number;
}

static Slice numeric_shown(const Numeric *value, const Template *template, Arena *arena)
{
    Numeric scaled = *value, ten = numeric_from_small(10, 0);
    StrBuf  text;
    Number  number;

    strbuf_init(&text, arena);
    if (numeric_is_finite(value)) {
        for (int32_t i = 0; i < template->shift; i++)
            numeric_multiply(arena, &scaled, &ten, &scaled);
        numeric_round(arena, &scaled, template->after, &scaled);
    }
    numeric_format(&scaled, &text);
    number = split_number(strbuf_slice(&text), template->after, arena);
    if (!numeric_is_finite(value))
        number.part = slice_of("", 0), number.whole = slice_of("####################", MIN((size_t)template->before + 1, 20));
    return show(template, &number, arena);
}

/* PG15: floats are rounded by printf, half to even, and keep the sign of a zero. */
static Slice float_shown(double value, const Template *template, Arena *arena)
{
    StrBuf text;
    Number number;

    strbuf_init(&text, arena);
    strbuf_printf(&text, "%.*f", (int)template->after, value * pow(10, template->shift));
    number = split_number(strbuf_slice(&text), template->after, arena);
    return show(template, &number, arena);
}

static void value_of(const KernelCall *call, int32_t row, Numeric *out)
{
    const Vector *values = call->args[0];

    switch (values->phys) {
    case PHYS_INT32:
        *out = numeric_from_small(VECTOR_DATA(values, int32_t)[row], 0);
        break;
    case PHYS_INT64:
        numeric_from_int128(call->ctx->arena, VECTOR_DATA(values, int64_t)[row], 0, out);
        break;
    case PHYS_FLOAT32:
        numeric_from_float(call->ctx->arena, VECTOR_DATA(values, float)[row], out);
        break;
    case PHYS_FLOAT64:
        numeric_from_double(call->ctx->arena, VECTOR_DATA(values, double)[row], out);
        break;
    default:
        *out = VECTOR_DATA(values, Numeric)[row];
        break;
    }
}

static void number_to_char_run(KernelCall *call)
{
    const Slice *formats = VECTOR_DATA(call->args[1], Slice);

    FOR_EACH_ROW(call->sel, call->count, row, {
        Template template;
        Numeric  value;

        if (formats[row].size == 0) {
            VECTOR_DATA(call->result, Slice)[row] = slice_of("", 0);
            continue;
        }
        read_template(formats[row], call->ctx->arena, &template);
        if (call->args[0]->phys == PHYS_FLOAT64 && isfinite(VECTOR_DATA(call->args[0], double)[row])) {
            VECTOR_DATA(call->result, Slice)[row] = float_shown(VECTOR_DATA(call->args[0], double)[row], &template, call->ctx->arena);
            continue;
        }
        value_of(call, row, &value);
        VECTOR_DATA(call->result, Slice)[row] = numeric_shown(&value, &template, call->ctx->arena);
    });
}

const KernelEntry format_number_kernels[] = {
    {.proc = 1772, .run = number_to_char_run}, {.proc = 1773, .run = number_to_char_run}, {.proc = 1774, .run = number_to_char_run},
    {.proc = 1775, .run = number_to_char_run}, {.proc = 1776, .run = number_to_char_run}, {0},
};
