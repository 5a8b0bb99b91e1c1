/*
 * agg_update.tmpl.h - the update function of an aggregate of one argument that skips NULLs.
 *
 * Define UPDATE (function name), STATE and ELEMENT (types) and ADD(call, state, value) before including this file. With one
 * group its state is copied to a local, so that a loop can keep it in registers.
 */
static void UPDATE(AggCall *call)
{
    const ELEMENT *in = call->args[0]->data;
    const uint64_t *validity = call->args[0]->validity;

    if (call->single != NULL) {
        STATE state = *(STATE *)call->single;

        if (validity == NULL)
            FOR_EACH_ROW(call->sel, call->count, row, { ADD(call, &state, in[row]); });
        else
            FOR_EACH_ROW(call->sel, call->count, row, {
                if (bitmap_get(validity, row))
                    ADD(call, &state, in[row]);
            });
        *(STATE *)call->single = state;
    } else {
        FOR_EACH_ROW(call->sel, call->count, row, {
            STATE *state = call->states[row];

            if (validity == NULL || bitmap_get(validity, row))
                ADD(call, state, in[row]);
        });
    }
}
#undef UPDATE
#undef STATE
#undef ELEMENT
#undef ADD
