/*
 * json_number.c - short decimals as digits.
 */
#include "types/json_number.h"

static const char two_digits[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
                                 "4950515253545556575859606162636465666768697071727374757677787980818283848586878889909192939495969798"
                                 "99";

char *json_put_decimal(char *at, int64_t coefficient, unsigned scale)
{
    char     digits[24];
    char    *first = digits + sizeof digits;
    uint64_t rest = coefficient < 0 ? -(uint64_t)coefficient : (uint64_t)coefficient;
    size_t   count, whole;

    while (rest >= 100) {
        first -= 2;
        memcpy(first, two_digits + 2 * (rest % 100), 2);
        rest /= 100;
    }
    if (rest >= 10) {
        first -= 2;
        memcpy(first, two_digits + 2 * rest, 2);
    } else {
        *--first = (char)('0' + rest);
    }
    count = (size_t)(digits + sizeof digits - first);
    if (coefficient < 0)
        *at++ = '-';
    if (scale == 0) {
        memcpy(at, first, count);
        return at + count;
    }
    whole = count > scale ? count - scale : 0;
    if (whole == 0)
        *at++ = '0';
    memcpy(at, first, whole);
    at += whole;
    *at++ = '.';
    for (size_t zeroes = scale - (count - whole); zeroes > 0; zeroes--)
        *at++ = '0';
    memcpy(at, first + whole, count - whole);
    return at + (count - whole);
}
