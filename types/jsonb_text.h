/*
 * jsonb_text.h - binary JSON as text, spaced as PostgreSQL's jsonb: {"a": 1, "b": [1, 2]}.
 *
 * Ownership   texts are appended to a StrBuf; its memory belongs to the buffer's arena.
 * Raises      never: the functions return false when there is no memory or the text would pass STRBUF_MAX_BYTES, and
 *             what was appended until then is not to be used. jsonb_type.h has the raising forms.
 */
#ifndef TYPES_JSONB_TEXT_H
#define TYPES_JSONB_TEXT_H

#include "base/strbuf.h"
#include "types/jsonb.h"

/* Appends the value's text. */
MUST_CHECK bool jsonb_text_append(Slice value, StrBuf *out);

/* The same over lines indented by four blanks a level: jsonb_pretty(). */
MUST_CHECK bool jsonb_text_append_pretty(Slice value, StrBuf *out);

/* Appends text as a JSON string, quotes included. */
MUST_CHECK bool json_string_append(Slice text, StrBuf *out);

/* Appends a number of any size. */
MUST_CHECK bool jsonb_number_append(Slice number, StrBuf *out);

#endif
