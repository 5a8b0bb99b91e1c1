/* candidates.c - choosing among functions or operators of one name by the types of the arguments (PG15 manual, 10.2 and 10.3). */
#include "executor/analyze/binder.h"

int32_t match_candidates(Binder *b, int32_t count, const Oid *inputs, int32_t candidate_count, Candidate **candidates)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < candidate_count; i++) {
        if (can_coerce(b, count, inputs, candidates[i]->args, CAST_IMPLICIT))
            candidates[kept++] = candidates[i];
    }
    return kept;
}

typedef int32_t (*Score)(Binder *b, int32_t count, const Oid *bases, const char *categories, const Candidate *candidate);

/* Arguments that need no conversion. */
static int32_t score_exact(Binder *b, int32_t count, const Oid *bases, const char *categories, const Candidate *candidate)
{
    int32_t score = 0;

    (void)b;
    (void)categories;
    for (int32_t i = 0; i < count; i++)
        score += bases[i] != TYPE_UNKNOWN && candidate->args[i] == bases[i];
    return score;
}

/* Arguments taken as they are, or as the preferred type of their category. */
static int32_t score_preferred(Binder *b, int32_t count, const Oid *bases, const char *categories, const Candidate *candidate)
{
    int32_t score = 0;

    for (int32_t i = 0; i < count; i++) {
        if (bases[i] != TYPE_UNKNOWN) {
            const TypeInfo *info;

            if (candidate->args[i] == bases[i]) {
                score++;
                continue;
            }
            info = binder_type(b, candidate->args[i]);
            score += info->category == categories[i] && info->preferred;
        }
    }
    return score;
}

/* Keeps the candidates with the highest score. */
static int32_t keep_best(Binder *b, int32_t count, const Oid *bases, const char *categories, int32_t candidate_count, Candidate **candidates, Score score)
{
    int32_t best = 0, kept = 0;

    for (int32_t i = 0; i < candidate_count; i++) {
        int32_t value = score(b, count, bases, categories, candidates[i]);

        if (kept == 0 || value > best) {
            best = value;
            kept = 0;
            candidates[kept++] = candidates[i];
        } else if (value == best) {
            candidates[kept++] = candidates[i];
        }
    }
    return kept;
}

/* Untyped literals: each position takes string if any candidate does, else the one category that all agree on. */
static bool settle_unknown_categories(Binder *b, int32_t count, const Oid *bases, char *categories, bool *preferred, int32_t candidate_count,
                                      Candidate **candidates)
{
    for (int32_t i = 0; i < count; i++) {
        bool conflict = false;

        if (bases[i] != TYPE_UNKNOWN)
            continue;
        categories[i] = 0;
        preferred[i] = false;
        for (int32_t k = 0; k < candidate_count; k++) {
            const TypeInfo *info = binder_type(b, candidates[k]->args[i]);

            if (categories[i] == 0) {
                categories[i] = info->category;
                preferred[i] = info->preferred;
            } else if (info->category == categories[i]) {
                preferred[i] |= info->preferred;
            } else if (info->category == 'S') {
                categories[i] = 'S';
                preferred[i] = info->preferred;
            } else if (categories[i] != 'S') {
                conflict = true;
            }
        }
        if (conflict && categories[i] != 'S')
            return false;
    }
    return true;
}

static int32_t keep_of_categories(Binder *b, int32_t count, const Oid *bases, const char *categories, const bool *preferred,
                                  int32_t candidate_count, Candidate **candidates)
{
    int32_t kept = 0;

    for (int32_t k = 0; k < candidate_count; k++) {
        bool keep = true;

        for (int32_t i = 0; keep && i < count; i++) {
            const TypeInfo *info;

            if (bases[i] != TYPE_UNKNOWN)
                continue;
            info = binder_type(b, candidates[k]->args[i]);
            keep = info->category == categories[i] && (!preferred[i] || info->preferred);
        }
        if (keep)
            candidates[kept++] = candidates[k];
    }
    return kept;
}

Candidate *select_candidate(Binder *b, int32_t count, const Oid *inputs, int32_t candidate_count, Candidate **candidates)
{
    Oid      *bases = ARENA_ARRAY(b->arena, (size_t)MAX(count, 1), Oid);
    char     *categories = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(count, 1), char);
    bool     *preferred = ARENA_ARRAY_ZEROED(b->arena, (size_t)MAX(count, 1), bool);
    int32_t   unknowns = 0;
    Oid       known = TYPE_UNKNOWN;
    Candidate *last = NULL;

    if (count > PROC_MAX_ARGS)
        raise_error(SQLSTATE_TOO_MANY_ARGUMENTS, "cannot pass more than %d arguments to a function", PROC_MAX_ARGS);
    for (int32_t i = 0; i < count; i++) {
        bases[i] = inputs[i] == TYPE_UNKNOWN ? TYPE_UNKNOWN : type_base(b, inputs[i]);
        categories[i] = binder_type(b, bases[i])->category;
        unknowns += bases[i] == TYPE_UNKNOWN;
    }
    candidate_count = keep_best(b, count, bases, categories, candidate_count, candidates, score_exact);
    if (candidate_count == 1)
        return candidates[0];
    candidate_count = keep_best(b, count, bases, categories, candidate_count, candidates, score_preferred);
    if (candidate_count == 1)
        return candidates[0];
    if (unknowns == 0)
        return NULL;
    if (settle_unknown_categories(b, count, bases, categories, preferred, candidate_count, candidates)) {
        Candidate **trial = ARENA_ARRAY(b->arena, (size_t)candidate_count, Candidate *);
        int32_t     kept;

        memcpy(trial, candidates, (size_t)candidate_count * sizeof *trial);
        kept = keep_of_categories(b, count, bases, categories, preferred, candidate_count, trial);
        if (kept > 0) {
            memcpy(candidates, trial, (size_t)kept * sizeof *trial);
            candidate_count = kept;
        }
        if (candidate_count == 1)
            return candidates[0];
    }
    if (unknowns == count)
        return NULL;
    /* last gasp: take the untyped ones to be of the one type that the others have */
    for (int32_t i = 0; i < count; i++) {
        if (bases[i] == TYPE_UNKNOWN)
            continue;
        if (known == TYPE_UNKNOWN)
            known = bases[i];
        else if (known != bases[i])
            return NULL;
    }
    for (int32_t i = 0; i < count; i++)
        bases[i] = known;
    for (int32_t k = 0; k < candidate_count; k++) {
        if (!can_coerce(b, count, bases, candidates[k]->args, CAST_IMPLICIT))
            continue;
        if (last != NULL)
            return NULL;
        last = candidates[k];
    }
    return last;
}
