/*
 * scan_compare.tmpl.h - the comparison filter of one element type, all six operators.
 * Define KERNEL (function name), TYPE (element type, its constant is passed by value), LESS(a, b) and EQUAL(a, b), both 0 or 1.
 * The rows of sel (NULL: all) are not NULL. Writes the rows that pass to out; no branch depends on the data.
 */
#define LOOP(test)                                      \
    if (sel == NULL) {                                  \
        for (int32_t row = 0; row < count; row++) {     \
            TYPE x = values[row];                       \
            out[kept] = row;                            \
            kept += (test);                             \
        }                                               \
    } else {                                            \
        for (int32_t i = 0; i < count; i++) {           \
            int32_t row = sel[i];                       \
            TYPE    x = values[row];                    \
            out[kept] = row;                            \
            kept += (test);                             \
        }                                               \
    }                                                   \
    return kept

static int32_t KERNEL(ScanCompare compare, const TYPE *values, TYPE y, const int32_t *sel, int32_t count, int32_t *out)
{
    int32_t kept = 0;

    switch (compare) {
    case SCAN_EQ:
        LOOP(EQUAL(x, y));
    case SCAN_NE:
        LOOP(!EQUAL(x, y));
    case SCAN_LT:
        LOOP(LESS(x, y));
    case SCAN_LE:
        LOOP(!LESS(y, x));
    case SCAN_GT:
        LOOP(LESS(y, x));
    case SCAN_GE:
        LOOP(!LESS(x, y));
    default:
        return 0;
    }
}
#undef LOOP
#undef KERNEL
#undef TYPE
#undef LESS
#undef EQUAL
