/*
 * regtype.h - how the reg* types (regclass, regtype, regproc ...) find names: through functions that the executor sets, since
 * types/ knows no catalog.
 *
 * Without them the text forms are digits and "-" (0) only.
 *
 * Threads     set once at start-up, before the first session
 */
#ifndef TYPES_REGTYPE_H
#define TYPES_REGTYPE_H

#include "types/type.h"

typedef struct RegHooks {
    /* Resolves a name as the type's input does; raises 42P01, 42704, 42883 ... of that type. text is no number and not "-". */
    Oid (*resolve)(Oid type, Slice text, const TypeContext *ctx);
    /* Appends the name of the object; false when there is none, which shows the number. */
    bool (*name)(Oid type, Oid object, const TypeContext *ctx, StrBuf *out);
} RegHooks;

extern RegHooks reg_hooks;

#endif
