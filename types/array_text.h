/*
 * array_text.h - the text form of arrays: {1,2}, [0:1]={a,NULL}. The operations of TypeInfo.
 *
 * Raises  22P02, 2202E, 54000 and what the input of elements raises
 */
#ifndef TYPES_ARRAY_TEXT_H
#define TYPES_ARRAY_TEXT_H

#include "types/type.h"

void array_text_input(const TypeInfo *type, Slice text, int32_t typmod, const TypeContext *ctx, Datum *out);
void array_text_output(const TypeInfo *type, const void *value, const TypeContext *ctx, StrBuf *out);

#endif
