/*
 * array_type.h - arrays as values of a type: the checks that every maker of arrays shares.
 *
 * Raises  54000
 */
#ifndef TYPES_ARRAY_TYPE_H
#define TYPES_ARRAY_TYPE_H

#include "types/array.h"
#include "types/type.h"

/* PG15: a gigabyte of pointers. */
enum { ARRAY_MAX_ELEMENTS = 134217727 };

/* The number of elements; raises 54000 beyond ARRAY_MAX_ELEMENTS and for bounds that leave the integers. */
int32_t array_check_shape(int32_t dimension_count, const int32_t *lengths, const int32_t *lower);

/* The type of an array's elements: what the array's type says, or the array itself where that is anyarray. NULL: not known here. */
const TypeInfo *array_element_type(const TypeInfo *type, Oid element);

/* The btree order of two arrays of one element type that has an order. */
int array_compare(const TypeInfo *element, const ArrayView *a, const ArrayView *b);

/* The shape of two arrays: number of dimensions, lengths, then lower bounds. */
int array_compare_shape(const ArrayView *a, const ArrayView *b);

uint64_t array_hash(const TypeInfo *element, const ArrayView *array);

/* [0:1][1:2] */
void array_format_dimensions(const ArrayView *array, StrBuf *out);

#endif
