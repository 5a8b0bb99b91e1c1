/*
 * compaction.c - see compaction.h.
 */
#include "storage/lsm/compaction.h"

#include "storage/lsm/merge.h"
#include "storage/lsm/version_set.h"

#include <stdlib.h>

/* What a compaction reads and where it writes. The arrays hold borrowed pointers into the version. */
typedef struct Plan {
    Version   *version; /* referenced */
    int        level;        /* of the upper inputs */
    int        output_level;
    FileMeta **upper;        /* level 0: newest first; else ascending */
    int        upper_count;
    FileMeta **lower;        /* of the output level, ascending */
    int        lower_count;
    FileMeta **neighbours;   /* the others of the output level, ascending */
    int        neighbour_count;
} Plan;

static void plan_free(Plan *plan)
{
    version_unref(plan->version);
    free(plan->upper);
    free(plan->lower);
    free(plan->neighbours);
    *plan = (Plan){0};
}

/* ---- targets --------------------------------------------------------------------------------------------------------- */

typedef struct Targets {
    uint64_t bytes[ENGINE_LEVELS];
    int      base;
} Targets;

static Targets level_targets(const Engine *engine, const Version *version)
{
    uint64_t base_bytes = (uint64_t)engine->options.memtable_bytes * 4;
    uint64_t largest = base_bytes;
    Targets  targets = {.base = ENGINE_LEVELS - 1};

    for (int level = 1; level < ENGINE_LEVELS; level++)
        largest = MAX(largest, version->levels[level].bytes);
    for (targets.base = ENGINE_LEVELS - 1; targets.base > 1 && largest > base_bytes; targets.base--) {
        targets.bytes[targets.base] = largest;
        largest /= 10;
    }
    targets.bytes[targets.base] = MAX(largest, base_bytes / 2);
    return targets;
}

/* How urgent a level is; from 1 on it is compacted. */
static double level_score(const Version *version, const Targets *targets, int level)
{
    const VersionLevel *at = &version->levels[level];

    if (level == 0)
        return (double)version_level0_runs(version) / LEVEL0_TRIGGER;
    if (level == ENGINE_LEVELS - 1 || at->count == 0)
        return 0;
    if (level < targets->base)
        return 1.5; /* left over from when the store was larger */
    return (double)at->bytes / (double)targets->bytes[level];
}

static int most_urgent(const Version *version, const Targets *targets, double *score_out)
{
    int best = 0;

    *score_out = level_score(version, targets, 0);
    for (int level = 1; level < ENGINE_LEVELS - 1; level++) {
        double score = level_score(version, targets, level);

        if (score > *score_out) {
            *score_out = score;
            best = level;
        }
    }
    return best;
}

bool compaction_is_wanted(Engine *engine)
{
    Version *version = version_set_current(engine);
    Targets  targets = level_targets(engine, version);
    double   score;

    (void)most_urgent(version, &targets, &score);
    version_unref(version);
    return score >= 1;
}

/* ---- choosing inputs --------------------------------------------------------------------------------------------------- */

static Status no_memory(Fault *fault)
{
    return FAULT(fault, STATUS_NO_MEMORY, 0, "out of memory for a compaction");
}

static bool contains(FileMeta *const *files, int count, const FileMeta *wanted)
{
    for (int i = 0; i < count; i++)
        if (files[i] == wanted)
            return true;
    return false;
}

static bool overlaps_any(FileMeta *const *files, int count, const FileMeta *meta)
{
    for (int i = 0; i < count; i++)
        if (file_meta_overlap(files[i], meta))
            return true;
    return false;
}

/* The oldest files of level 0, and whatever overlaps with what is chosen: nothing older may stay above. */
static void choose_level0(const VersionLevel *level, Plan *plan)
{
    bool grown = true;

    plan->upper[plan->upper_count++] = level->files[level->count - 1];
    while (grown) {
        grown = false;
        for (int i = level->count - 1; i >= 0; i--) {
            FileMeta *meta = level->files[i];

            if (!contains(plan->upper, plan->upper_count, meta) && overlaps_any(plan->upper, plan->upper_count, meta)) {
                plan->upper[plan->upper_count++] = meta;
                grown = true;
            }
        }
    }
}

/* The file whose move costs least: bytes that overlap below, per byte of its own. */
static void choose_cheapest(const VersionLevel *level, const VersionLevel *below, Plan *plan)
{
    FileMeta *best = NULL;
    double    best_ratio = 0;
    int       first = 0;

    for (int i = 0; i < level->count; i++) {
        FileMeta *meta = level->files[i];
        uint64_t  bytes = 0;
        double    ratio;

        while (first < below->count && slice_compare(below->files[first]->largest, meta->smallest) < 0)
            first++;
        for (int j = first; j < below->count && slice_compare(below->files[j]->smallest, meta->largest) <= 0; j++)
            if (file_meta_overlap(meta, below->files[j]))
                bytes += below->files[j]->size;
        ratio = (double)bytes / (double)(meta->size + 1);
        if (best == NULL || ratio < best_ratio) {
            best = meta;
            best_ratio = ratio;
        }
    }
    plan->upper[plan->upper_count++] = best;
}

/* Fills lower and neighbours from what overlaps with the upper inputs. */
static void choose_lower(Plan *plan)
{
    const VersionLevel *level = &plan->version->levels[plan->output_level];

    for (int i = 0; i < level->count; i++) {
        FileMeta *meta = level->files[i];

        if (overlaps_any(plan->upper, plan->upper_count, meta))
            plan->lower[plan->lower_count++] = meta;
        else
            plan->neighbours[plan->neighbour_count++] = meta;
    }
}

static Status plan_begin(Plan *plan, Version *version, int level, int output_level, Fault *fault)
{
    size_t upper = (size_t)version->levels[level].count + 1;
    size_t lower = (size_t)version->levels[output_level].count + 1;

    *plan = (Plan){.version = version, .level = level, .output_level = output_level};
    version_ref(version);
    plan->upper = malloc(upper * sizeof(FileMeta *));
    plan->lower = malloc(lower * sizeof(FileMeta *));
    plan->neighbours = malloc(lower * sizeof(FileMeta *));
    if (plan->upper == NULL || plan->lower == NULL || plan->neighbours == NULL) {
        plan_free(plan);
        return no_memory(fault);
    }
    return STATUS_OK;
}

/* ---- running ----------------------------------------------------------------------------------------------------------- */

/* Whether a file can go down as it is: it meets nothing there, spans nobody, and is not so small that files pile up. */
static bool can_move(const Plan *plan)
{
    const FileMeta *meta = plan->upper[0];

    if (plan->upper_count != 1 || plan->lower_count != 0 || meta->tombstones != 0)
        return false;
    for (int i = 0; i < plan->neighbour_count; i++) {
        const FileMeta *other = plan->neighbours[i];

        if (slice_compare(other->smallest, meta->largest) <= 0 && slice_compare(other->largest, meta->smallest) >= 0)
            return false;
    }
    return meta->size >= TABLE_TARGET_BYTES / 4 || plan->neighbour_count == 0;
}

/* A small output beside small neighbours would leave ever more small files: the one before joins the inputs. */
static void adopt_small_neighbour(Plan *plan)
{
    uint64_t bytes = 0;
    int      before = -1;

    for (int i = 0; i < plan->upper_count; i++)
        bytes += plan->upper[i]->size;
    if (plan->lower_count != 0 || bytes >= TABLE_TARGET_BYTES / 4)
        return;
    for (int i = 0; i < plan->neighbour_count; i++)
        if (slice_compare(plan->neighbours[i]->largest, plan->upper[0]->smallest) < 0)
            before = i;
    if (before < 0 || plan->neighbours[before]->size >= TABLE_TARGET_BYTES / 2)
        return;
    plan->lower[plan->lower_count++] = plan->neighbours[before];
    memmove(plan->neighbours + before, plan->neighbours + before + 1,
            (size_t)(plan->neighbour_count - before - 1) * sizeof(FileMeta *));
    plan->neighbour_count--;
}

static Status install(Engine *engine, const Plan *plan, FileMeta *const *outputs, int output_count, Fault *fault)
{
    VersionEdit edit = {0};
    Status      status = STATUS_OK;

    edit.next_file = atomic_load_explicit(&engine->next_file, memory_order_relaxed);
    for (int i = 0; i < plan->upper_count && status == STATUS_OK; i++)
        status = version_edit_delete(&edit, plan->level, plan->upper[i], fault);
    for (int i = 0; i < plan->lower_count && status == STATUS_OK; i++)
        status = version_edit_delete(&edit, plan->output_level, plan->lower[i], fault);
    for (int i = 0; i < output_count && status == STATUS_OK; i++) {
        file_meta_ref(outputs[i]);
        status = version_edit_add(&edit, plan->output_level, outputs[i], fault);
    }
    if (status == STATUS_OK)
        status = version_set_apply(engine, &edit, 0, fault);
    version_edit_free(&edit);
    return status;
}

static Status add_input(MergeJob *job, MergeInput *input, Fault *fault)
{
    if (input == NULL)
        return no_memory(fault);
    job->inputs[job->input_count++] = input;
    return STATUS_OK;
}

static Status open_inputs(Engine *engine, Plan *plan, MergeJob *job, Fault *fault)
{
    if (plan->level == 0) {
        for (int i = 0; i < plan->upper_count; i++)
            TRY(add_input(job, merge_input_tables(engine->tables, &plan->upper[i], 1), fault));
    } else {
        TRY(add_input(job, merge_input_tables(engine->tables, plan->upper, plan->upper_count), fault));
    }
    if (plan->lower_count != 0)
        TRY(add_input(job, merge_input_tables(engine->tables, plan->lower, plan->lower_count), fault));
    return STATUS_OK;
}

static void mark_compacting(Engine *engine, const Plan *plan, bool compacting)
{
    pthread_mutex_lock(&engine->version_mutex);
    for (int i = 0; i < plan->upper_count; i++)
        plan->upper[i]->compacting = compacting;
    for (int i = 0; i < plan->lower_count; i++)
        plan->lower[i]->compacting = compacting;
    pthread_mutex_unlock(&engine->version_mutex);
}

static Status merge_plan(Engine *engine, Plan *plan, _Atomic bool *stopping, Fault *fault)
{
    MergeInput **inputs = malloc(((size_t)plan->upper_count + 1) * sizeof *inputs);
    MergeJob     job = {
            .engine = engine,
            .version = plan->version,
            .inputs = inputs,
            .output_level = plan->output_level,
            .target_bytes = TABLE_TARGET_BYTES,
            .compression = COMPRESSION_LZ4,
            .neighbours = plan->neighbours,
            .neighbour_count = plan->neighbour_count,
            .stopping = stopping,
    };
    Status status;

    if (inputs == NULL)
        return no_memory(fault);
    for (int i = 0; i < plan->upper_count; i++)
        job.epoch = MAX(job.epoch, plan->upper[i]->epoch);
    status = open_inputs(engine, plan, &job, fault);
    if (status != STATUS_OK) {
        for (int i = 0; i < job.input_count; i++)
            inputs[i]->close(inputs[i]);
        free(inputs);
        return status;
    }
    status = merge_run(&job, fault);
    free(inputs);
    if (status != STATUS_OK)
        return status;
    status = install(engine, plan, job.outputs, job.output_count, fault);
    if (status == STATUS_OK)
        atomic_fetch_add_explicit(&engine->compaction_bytes, job.bytes_written, memory_order_relaxed);
    else if (status == STATUS_NO_SPACE || status == STATUS_NO_MEMORY)
        merge_discard(&job);
    for (int i = 0; i < job.output_count; i++)
        file_meta_unref(job.outputs[i]);
    free(job.outputs);
    return status;
}

static Status run_plan(Engine *engine, Plan *plan, _Atomic bool *stopping, Fault *fault)
{
    Status status;

    choose_lower(plan);
    if (can_move(plan))
        return install(engine, plan, plan->upper, 1, fault);
    adopt_small_neighbour(plan);
    mark_compacting(engine, plan, true);
    status = merge_plan(engine, plan, stopping, fault);
    mark_compacting(engine, plan, false);
    return status;
}

Status compaction_run(Engine *engine, _Atomic bool *stopping, bool *ran_out, Fault *fault)
{
    Version *version = version_set_current(engine);
    Targets  targets = level_targets(engine, version);
    double   score;
    int      level = most_urgent(version, &targets, &score);
    Plan     plan;
    Status   status = STATUS_OK;

    *ran_out = score >= 1;
    if (*ran_out)
        status = plan_begin(&plan, version, level, level == 0 ? targets.base : level + 1, fault);
    version_unref(version);
    if (!*ran_out || status != STATUS_OK)
        return status;
    if (level == 0)
        choose_level0(&plan.version->levels[0], &plan);
    else
        choose_cheapest(&plan.version->levels[level], &plan.version->levels[level + 1], &plan);
    status = run_plan(engine, &plan, stopping, fault);
    plan_free(&plan);
    return status;
}

/* ---- everything ---------------------------------------------------------------------------------------------------------- */

static bool file_concerns(const FileMeta *meta, StorageId id)
{
    return id == 0 || file_meta_relation(meta, id) != NULL;
}

static int deepest_level(const Version *version, StorageId id, int base)
{
    int deepest = base;

    for (int level = 1; level < ENGINE_LEVELS; level++)
        for (int i = 0; i < version->levels[level].count; i++)
            if (file_concerns(version->levels[level].files[i], id))
                deepest = MAX(deepest, level);
    return deepest;
}

/* One level's files of the relation go to the deepest level. Level 0 goes with all that overlaps. */
static Status compact_level(Engine *engine, StorageId id, int level, _Atomic bool *stopping, Fault *fault)
{
    Version *version = version_set_current(engine);
    Targets  targets = level_targets(engine, version);
    int      output = level == 0 ? targets.base : level + 1;
    Plan     plan;
    Status   status = plan_begin(&plan, version, level, output, fault);

    version_unref(version);
    if (status != STATUS_OK)
        return status;
    for (int i = 0; i < plan.version->levels[level].count; i++) {
        FileMeta *meta = plan.version->levels[level].files[i];

        if (file_concerns(meta, id))
            plan.upper[plan.upper_count++] = meta;
    }
    if (level == 0 && plan.upper_count != 0) { /* none of level 0 may stay that is older and overlaps */
        plan.upper_count = 0;
        for (int i = 0; i < plan.version->levels[0].count; i++)
            plan.upper[plan.upper_count++] = plan.version->levels[0].files[i];
    }
    if (plan.upper_count != 0)
        status = run_plan(engine, &plan, stopping, fault);
    plan_free(&plan);
    return status;
}

Status compaction_full(Engine *engine, StorageId id, _Atomic bool *stopping, Fault *fault)
{
    for (int level = 0; level < ENGINE_LEVELS - 1; level++) {
        Version *version = version_set_current(engine);
        Targets  targets = level_targets(engine, version);
        int      deepest = deepest_level(version, id, targets.base);

        version_unref(version);
        if (level >= deepest)
            break;
        TRY(compact_level(engine, id, level, stopping, fault));
    }
    return STATUS_OK;
}
