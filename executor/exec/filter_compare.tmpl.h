/*
 * filter_compare.tmpl.h - comparison of a column with a constant, straight to a selection; instantiated per type.
 * Define FAMILY (suffix of the function names), TYPE (element type), CONSTANT (the constant read from a Datum) and the tests LT(a, b)
 * and EQ(a, b) over a = column, b = constant. Rows that are NULL are absent from sel. out may be sel.
 */
#define NAME_(test, family) filter_##test##_##family
#define NAME(test, family) NAME_(test, family)
#define FILTER(test, condition)                                                                                          \
    static int32_t NAME(test, FAMILY)(const void *data, const Datum *constant, const int32_t *sel, int32_t count,        \
                                      int32_t *out)                                                                      \
    {                                                                                                                    \
        const TYPE *a = data;                                                                                            \
        const TYPE  b = CONSTANT(constant);                                                                              \
        int32_t     kept = 0;                                                                                            \
        if (sel == NULL) {                                                                                               \
            for (int32_t row = 0; row < count; row++) {                                                                  \
                out[kept] = row;                                                                                         \
                kept += (condition) ? 1 : 0;                                                                             \
            }                                                                                                            \
            return kept;                                                                                                 \
        }                                                                                                                \
        for (int32_t i = 0; i < count; i++) {                                                                            \
            int32_t row = sel[i];                                                                                        \
            out[kept] = row;                                                                                             \
            kept += (condition) ? 1 : 0;                                                                                 \
        }                                                                                                                \
        return kept;                                                                                                     \
    }

FILTER(eq, EQ(a[row], b))
FILTER(ne, !EQ(a[row], b))
FILTER(lt, LT(a[row], b))
FILTER(le, LT(a[row], b) || EQ(a[row], b))
FILTER(gt, !(LT(a[row], b) || EQ(a[row], b)))
FILTER(ge, !LT(a[row], b))

static const CompareFilter NAME(table, FAMILY)[] = {NAME(eq, FAMILY), NAME(ne, FAMILY), NAME(lt, FAMILY),
                                                    NAME(le, FAMILY), NAME(gt, FAMILY), NAME(ge, FAMILY)};
#undef FILTER
#undef NAME
#undef NAME_
#undef FAMILY
#undef TYPE
#undef CONSTANT
#undef LT
#undef EQ
