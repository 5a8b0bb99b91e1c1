/*
 * regex_translate.c - from PostgreSQL's regular expressions to PCRE2's.
 *
 * Most of both is alike. What differs: escapes (\m \M \y \Y \Z, \b a backspace, \v one character, \x with any number of digits,
 * octal or back reference by the number of groups), bracket expressions, which of * + ? { may follow what, digits that are
 * ASCII only, and the options in front of a pattern.
 */
#include "executor/func/regex.h"

#include "base/cancel.h"
#include "base/error.h"
#include "types/io.h"
#include "types/utf8.h"

enum { REPEAT_MAX = 255 };

typedef struct Translator {
    const uint8_t    *at;
    const uint8_t    *end;
    RegexTranslation *out;
    StrBuf           *text;
} Translator;

noreturn void raise_bad_regex(const char *what)
{
    raise_error(SQLSTATE_INVALID_REGULAR_EXPRESSION, "invalid regular expression: %s", what);
}

static bool has(const Translator *t, const char *word)
{
    size_t size = strlen(word);

    return (size_t)(t->end - t->at) >= size && memcmp(t->at, word, size) == 0;
}

static void put(Translator *t, const char *text)
{
    strbuf_append_cstring(t->text, text);
}

static void put_code(Translator *t, uint32_t code)
{
    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        raise_bad_regex("invalid escape \\ sequence");
    strbuf_printf(t->text, "\\x{%x}", code);
}

/* One character of the pattern that stands for itself. */
static void put_literal(Translator *t)
{
    size_t size = MIN(utf8_sequence_size(*t->at), (size_t)(t->end - t->at));

    if (*t->at < 0x80 && !utf8_is_alnum(*t->at) && *t->at != '_')
        strbuf_append_char(t->text, '\\');
    strbuf_append(t->text, t->at, size);
    t->at += size;
}

/* ---- escapes ---------------------------------------------------------------------------------------------------- */

/* Hexadecimal digits after \x \u \U; count 0: as many as there are. */
static uint32_t read_hex(Translator *t, int count)
{
    uint32_t value = 0;
    int      read = 0;

    while (t->at < t->end && hex_value(*t->at) >= 0 && (count == 0 || read < count)) {
        if (value > 0xfffffff)
            raise_bad_regex("invalid escape \\ sequence");
        value = value << 4 | (uint32_t)hex_value(*t->at++);
        read++;
    }
    if (read == 0 || (count != 0 && read != count))
        raise_bad_regex("invalid escape \\ sequence");
    return value;
}

/* The character that an escape stands for, at the letter behind the backslash; 0: it stands for no character. */
static uint32_t read_character_escape(Translator *t)
{
    uint8_t c = *t->at;

    switch (c) {
    case 'a':
        t->at++;
        return 7;
    case 'b':
        t->at++;
        return 8;
    case 'B':
        t->at++;
        return '\\';
    case 'e':
        t->at++;
        return 27;
    case 'f':
        t->at++;
        return 12;
    case 'n':
        t->at++;
        return 10;
    case 'r':
        t->at++;
        return 13;
    case 't':
        t->at++;
        return 9;
    case 'v':
        t->at++;
        return 11;
    case 'c':
        if (t->end - t->at < 2)
            raise_bad_regex("invalid escape \\ sequence");
        t->at += 2;
        return t->at[-1] & 31;
    case 'u':
        t->at++;
        return read_hex(t, 4);
    case 'U':
        t->at++;
        return read_hex(t, 8);
    case 'x':
        t->at++;
        return read_hex(t, 0);
    default:
        return 0;
    }
}

/* \0, octal, or a back reference. */
static void translate_number(Translator *t)
{
    const uint8_t *start = t->at;
    uint32_t       value = 0;

    if (*t->at != '0') {
        while (t->at < t->end && *t->at >= '0' && *t->at <= '9' && value < 1000)
            value = value * 10 + (*t->at++ - '0');
        if (t->at - start == 1 || (int)value <= t->out->group_count) {
            if ((int)value > t->out->group_count)
                raise_bad_regex("invalid backreference number");
            t->out->has_backreference = true;
            strbuf_printf(t->text, "\\g{%u}", value);
            return;
        }
        t->at = start;
    }
    value = 0;
    while (t->at < t->end && *t->at >= '0' && *t->at <= '7' && t->at - start < 3)
        value = value * 8 + (*t->at++ - '0');
    put_code(t, value);
}

/* Behind a backslash outside brackets. Returns whether it is an atom, which a quantifier may follow. */
static bool translate_escape(Translator *t)
{
    static const struct {
        char        letter;
        const char *text;
        bool        atom;
    } classes[] = {
        {'d', "[0-9]", true},   {'D', "[^0-9]", true},   {'s', "\\s", true},
        {'S', "\\S", true},     {'w', "\\w", true},      {'W', "\\W", true},
        {'A', "\\A", false},    {'Z', "\\z", false},     {'m', "\\b(?=\\w)", false},
        {'M', "\\b(?<=\\w)", false}, {'y', "\\b", false}, {'Y', "\\B", false},
    };
    uint32_t code;

    if (t->at == t->end)
        raise_bad_regex("invalid escape \\ sequence");
    for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
        if (*t->at == (uint8_t)classes[i].letter) {
            t->at++;
            put(t, classes[i].text);
            return classes[i].atom;
        }
    }
    if (*t->at >= '0' && *t->at <= '9') {
        translate_number(t);
        return true;
    }
    code = read_character_escape(t);
    if (code != 0)
        put_code(t, code);
    else if (*t->at < 0x80 && utf8_is_alnum(*t->at))
        raise_bad_regex("invalid escape \\ sequence");
    else
        put_literal(t);
    return true;
}

/* ---- brackets --------------------------------------------------------------------------------------------------- */

/* [:name:] at t->at + 2; appends PCRE2's form. */
static void translate_class(Translator *t)
{
    static const char *const names[] = {"alnum", "alpha", "blank", "cntrl", "graph", "lower",
                                        "print", "punct", "space", "upper", "xdigit", "word"};
    const uint8_t           *start = t->at + 2;
    const uint8_t           *colon = memmem(start, (size_t)(t->end - start), ":]", 2);
    size_t                   size;

    if (colon == NULL)
        raise_bad_regex("brackets [] not balanced");
    size = (size_t)(colon - start);
    t->at = colon + 2;
    if (size == 5 && memcmp(start, "digit", 5) == 0) {
        put(t, "0-9");
        return;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strlen(names[i]) == size && memcmp(names[i], start, size) == 0) {
            strbuf_printf(t->text, "[:%s:]", names[i]);
            return;
        }
    }
    raise_bad_regex("invalid character class");
}

/* [.x.] or [=x=]: one character, since no locale with others is supported. */
static void translate_collating(Translator *t)
{
    uint8_t kind = t->at[1];

    t->at += 2;
    if (t->at == t->end)
        raise_bad_regex("brackets [] not balanced");
    put_literal(t);
    if (t->end - t->at < 2 || t->at[0] != kind || t->at[1] != ']')
        raise_bad_regex("invalid collating element");
    t->at += 2;
}

static void translate_bracket_escape(Translator *t)
{
    uint32_t code;

    t->at++;
    if (t->at == t->end)
        raise_bad_regex("invalid escape \\ sequence");
    switch (*t->at) {
    case 'd':
        t->at++;
        put(t, "0-9");
        return;
    case 's':
    case 'w':
    case 'S':
    case 'W':
        strbuf_printf(t->text, "\\%c", *t->at++);
        return;
    case 'D':
        t->at++;
        put(t, "\\x{0}-/:-\\x{10ffff}");
        return;
    default:
        break;
    }
    if (*t->at >= '0' && *t->at <= '7') {
        code = 0;
        for (int i = 0; i < 3 && t->at < t->end && *t->at >= '0' && *t->at <= '7'; i++)
            code = code * 8 + (*t->at++ - '0');
        put_code(t, code);
        return;
    }
    code = read_character_escape(t);
    if (code != 0)
        put_code(t, code);
    else if (*t->at < 0x80 && utf8_is_alnum(*t->at))
        raise_bad_regex("invalid escape \\ sequence");
    else
        put_literal(t);
}

/* At the [. */
static void translate_bracket(Translator *t)
{
    bool first = true;

    t->at++;
    strbuf_append_char(t->text, '[');
    if (t->at < t->end && *t->at == '^') {
        t->at++;
        strbuf_append_char(t->text, '^');
        if (t->out->flags.newline_stops)
            put(t, "\\n");
    }
    for (;; first = false) {
        if (t->at == t->end)
            raise_bad_regex("brackets [] not balanced");
        if (*t->at == ']' && !first)
            break;
        if (has(t, "[:"))
            translate_class(t);
        else if (has(t, "[.") || has(t, "[="))
            translate_collating(t);
        else if (*t->at == '\\')
            translate_bracket_escape(t);
        else if (*t->at == '-' && !first && t->end - t->at > 1 && t->at[1] != ']') {
            strbuf_append_char(t->text, '-'); /* of a range */
            t->at++;
        } else {
            put_literal(t);
        }
    }
    t->at++;
    strbuf_append_char(t->text, ']');
}

/* ---- quantifiers ------------------------------------------------------------------------------------------------ */

static bool is_quantifier(const Translator *t)
{
    if (t->at == t->end)
        return false;
    if (*t->at == '*' || *t->at == '+' || *t->at == '?')
        return true;
    return *t->at == '{' && t->end - t->at > 1 && t->at[1] >= '0' && t->at[1] <= '9';
}

static uint32_t read_count(Translator *t)
{
    uint32_t value = 0;

    while (t->at < t->end && *t->at >= '0' && *t->at <= '9' && value <= REPEAT_MAX)
        value = value * 10 + (*t->at++ - '0');
    if (value > REPEAT_MAX)
        raise_bad_regex("invalid repetition count(s)");
    return value;
}

/* {m}, {m,}, {m,n}. Returns false for {m}, which has no preference of its own. */
static bool translate_bound(Translator *t)
{
    uint32_t least;
    bool     range = false;

    t->at++;
    least = read_count(t);
    strbuf_printf(t->text, "{%u", least);
    if (t->at < t->end && *t->at == ',') {
        t->at++;
        range = true;
        strbuf_append_char(t->text, ',');
        if (t->at < t->end && *t->at >= '0' && *t->at <= '9') {
            uint32_t most = read_count(t);

            if (most < least)
                raise_bad_regex("invalid repetition count(s)");
            range = most != least;
            strbuf_printf(t->text, "%u", most);
        }
    }
    if (t->at == t->end)
        raise_bad_regex("braces {} not balanced");
    if (*t->at != '}')
        raise_bad_regex("invalid repetition count(s)");
    t->at++;
    strbuf_append_char(t->text, '}');
    return range;
}

/* A quantifier behind an atom of this preference; returns that of the two together. */
static RegexPreference translate_quantifier(Translator *t, RegexPreference atom)
{
    RegexPreference preference = REGEX_GREEDY;

    if (t->out->quantifier_count++ > 0)
        t->out->needs_extent = true; /* what one takes the other may want: (a*)(ab)* */
    if (*t->at == '{') {
        if (!translate_bound(t))
            preference = atom;
    } else {
        strbuf_append_char(t->text, (char)*t->at++);
    }
    if (t->at < t->end && *t->at == '?') {
        t->at++;
        strbuf_append_char(t->text, '?');
        t->out->needs_extent = true;
        if (preference == REGEX_GREEDY)
            preference = REGEX_LAZY;
    }
    if (is_quantifier(t))
        raise_bad_regex("quantifier operand invalid");
    return preference;
}

/* ---- expressions ------------------------------------------------------------------------------------------------ */

static RegexPreference translate_alternatives(Translator *t, int depth);

/* At a ( that opens a group. *atom_out: whether a quantifier may follow. */
static RegexPreference translate_group(Translator *t, int depth, bool *atom_out)
{
    static const char *const openings[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!"};
    RegexPreference          preference;
    bool                     plain = true;

    for (size_t i = 0; i < ARRAY_LENGTH(openings); i++) {
        if (has(t, openings[i])) {
            put(t, openings[i]);
            t->at += strlen(openings[i]);
            plain = false;
            *atom_out = i == 0;
            break;
        }
    }
    if (plain) {
        t->at++;
        if (is_quantifier(t))
            raise_bad_regex("quantifier operand invalid");
        strbuf_append_char(t->text, '(');
        *atom_out = true;
        t->out->group_count++;
    }
    preference = translate_alternatives(t, depth + 1);
    if (t->at == t->end)
        raise_bad_regex("parentheses () not balanced");
    t->at++;
    strbuf_append_char(t->text, ')');
    return *atom_out ? preference : REGEX_ANY;
}

/* Blanks and comments of an expanded pattern, and (?# comments of any. Returns whether something was skipped. */
static bool skip_comment(Translator *t)
{
    if (has(t, "(?#")) {
        while (t->at < t->end && *t->at != ')')
            t->at++;
        t->at += t->at < t->end;
        return true;
    }
    if (!t->out->flags.expanded)
        return false;
    if (is_space(*t->at)) {
        t->at++;
        return true;
    }
    if (*t->at == '#') {
        while (t->at < t->end && *t->at != '\n')
            t->at++;
        return true;
    }
    return false;
}

/*
 * (?:x){1,1}? prefers the shortest x as a whole, which is how SIMILAR's substring() cuts its parts. PCRE2 has no such thing;
 * swapping greedy and lazy within x comes to the same for what is written there.
 */
static bool translate_shortest_group(Translator *t, size_t start)
{
    static const char swap[] = "(?U)";
    StrBuf            rest;

    if (!has(t, "{1,1}?"))
        return false;
    t->at += 6;
    strbuf_init(&rest, t->text->arena);
    strbuf_append(&rest, t->text->data + start, t->text->size - start);
    t->text->size = start;
    put(t, "(?:");
    put(t, swap);
    strbuf_append_slice(t->text, strbuf_slice(&rest));
    put(t, ")");
    t->out->needs_extent = true;
    return true;
}

/* One atom with its quantifier. */
static RegexPreference translate_piece(Translator *t, int depth)
{
    RegexPreference preference = REGEX_ANY;
    size_t          start = t->text->size;
    bool            atom = true;

    switch (*t->at) {
    case '(':
        preference = translate_group(t, depth, &atom);
        if (atom && translate_shortest_group(t, start))
            return REGEX_LAZY;
        break;
    case '[':
        if (has(t, "[[:<:]]") || has(t, "[[:>:]]")) {
            put(t, t->at[3] == '<' ? "\\b(?=\\w)" : "\\b(?<=\\w)");
            t->at += 7;
            atom = false;
        } else {
            translate_bracket(t);
        }
        break;
    case '\\':
        t->at++;
        atom = translate_escape(t);
        break;
    case '^':
    case '$':
        atom = false;
        strbuf_append_char(t->text, (char)*t->at++);
        break;
    case '.':
        strbuf_append_char(t->text, (char)*t->at++);
        break;
    default:
        if (is_quantifier(t))
            raise_bad_regex("quantifier operand invalid");
        put_literal(t);
        break;
    }
    while (t->at < t->end && skip_comment(t))
        ;
    if (is_quantifier(t)) {
        if (!atom)
            raise_bad_regex("quantifier operand invalid");
        preference = translate_quantifier(t, preference);
    }
    return preference;
}

/* Branches up to a ) or the end. Their preference is the first that a piece has; that of several branches is greedy. */
static RegexPreference translate_alternatives(Translator *t, int depth)
{
    RegexPreference preference = REGEX_ANY;
    bool            several = false;

    check_stack_depth();
    while (t->at < t->end && *t->at != ')') {
        RegexPreference piece;

        if (skip_comment(t))
            continue;
        if (*t->at == '|') {
            t->at++;
            strbuf_append_char(t->text, '|');
            several = true;
            t->out->needs_extent = true;
            continue;
        }
        piece = translate_piece(t, depth);
        if (preference == REGEX_ANY)
            preference = piece;
    }
    if (t->at < t->end && depth == 0)
        raise_bad_regex("parentheses () not balanced");
    return several ? REGEX_GREEDY : preference;
}

/* ---- options in front ------------------------------------------------------------------------------------------- */

static bool apply_option(RegexFlags *flags, uint8_t option)
{
    switch (option) {
    case 'b':
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "basic regular expressions are not supported");
    case 'c':
        flags->ignore_case = false;
        return true;
    case 'e':
        return true;
    case 'i':
        flags->ignore_case = true;
        return true;
    case 'm':
    case 'n':
        flags->newline_stops = flags->newline_anchors = true;
        return true;
    case 'p':
        flags->newline_stops = true;
        flags->newline_anchors = false;
        return true;
    case 'q':
        flags->literal = true;
        return true;
    case 's':
        flags->newline_stops = flags->newline_anchors = false;
        return true;
    case 't':
        flags->expanded = false;
        return true;
    case 'w':
        flags->newline_stops = false;
        flags->newline_anchors = true;
        return true;
    case 'x':
        flags->expanded = true;
        return true;
    default:
        return false;
    }
}

RegexFlags regex_parse_flags(Slice text)
{
    RegexFlags flags = {0};

    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == 'g')
            flags.global = true;
        else if (!apply_option(&flags, text.data[i]))
            raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "invalid regular expression option: \"%.*s\"",
                        (int)MIN(utf8_sequence_size(text.data[i]), text.size - i), (const char *)text.data + i);
    }
    return flags;
}

/* ***: and ***= directors, then (?xyz). */
static void read_directors(Translator *t)
{
    const uint8_t *at;

    if (has(t, "***")) {
        if (has(t, "***="))
            t->out->flags.literal = true;
        else if (!has(t, "***:"))
            raise_bad_regex("quantifier operand invalid");
        t->at += 4;
    }
    if (t->out->flags.literal || !has(t, "(?"))
        return;
    at = t->at + 2;
    while (at < t->end && *at < 0x80 && (*at | 0x20) >= 'a' && (*at | 0x20) <= 'z')
        at++;
    if (at == t->end || *at != ')' || at == t->at + 2)
        return;
    for (const uint8_t *option = t->at + 2; option < at; option++) {
        if (!apply_option(&t->out->flags, *option))
            raise_bad_regex("invalid embedded option");
    }
    t->at = at + 1;
}

void regex_translate(Arena *arena, Slice pattern, RegexFlags flags, RegexTranslation *out)
{
    Translator t = {.at = pattern.data, .end = pattern.data + pattern.size, .out = out, .text = &out->text};

    *out = (RegexTranslation){.flags = flags};
    strbuf_init(&out->text, arena);
    if (!flags.literal)
        read_directors(&t);
    if (out->flags.literal) {
        while (t.at < t.end)
            put_literal(&t);
        return;
    }
    out->preference = translate_alternatives(&t, 0);
}
