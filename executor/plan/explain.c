/*
 * explain.c - EXPLAIN: options, and running what ANALYZE asks for.
 */
#include "executor/plan/explain.h"

#include "executor/plan/explain_internal.h"

#include <time.h>

static bool option_bool(const DefElem *option)
{
    const char *text = NULL;

    if (option->arg == NULL)
        return true;
    if (option->arg->tag == NODE_BOOLEAN)
        return ((const Boolean *)option->arg)->boolval;
    if (option->arg->tag == NODE_INTEGER && (((const Integer *)option->arg)->ival == 0 || ((const Integer *)option->arg)->ival == 1))
        return ((const Integer *)option->arg)->ival == 1;
    if (option->arg->tag == NODE_STRING)
        text = ((const String *)option->arg)->sval;
    if (text != NULL && (strcasecmp(text, "true") == 0 || strcasecmp(text, "on") == 0))
        return true;
    if (text != NULL && (strcasecmp(text, "false") == 0 || strcasecmp(text, "off") == 0))
        return false;
    raise_error(SQLSTATE_SYNTAX_ERROR, "%s requires a Boolean value", option->defname);
}

static const char *option_word(const DefElem *option)
{
    if (option->arg != NULL && option->arg->tag == NODE_STRING)
        return ((const String *)option->arg)->sval;
    if (option->arg != NULL && option->arg->tag == NODE_TYPE_NAME)
        return string_at(((const TypeName *)option->arg)->names, list_count(((const TypeName *)option->arg)->names) - 1);
    raise_error(SQLSTATE_SYNTAX_ERROR, "%s requires a parameter", option->defname);
}

static ExplainFormat format_of(const DefElem *option)
{
    static const char *const names[] = {[EXPLAIN_TEXT] = "text", [EXPLAIN_JSON] = "json", [EXPLAIN_XML] = "xml", [EXPLAIN_YAML] = "yaml"};
    const char              *word = option_word(option);
    Error                   *err;

    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        if (strcasecmp(word, names[i]) == 0)
            return (ExplainFormat)i;
    }
    err = error_new(SQLSTATE_INVALID_PARAMETER_VALUE, "unrecognized value for EXPLAIN option \"%s\": \"%s\"", option->defname, word);
    error_position(err, option->node.location);
    error_raise(err);
}

ExplainOptions explain_options(const ExplainStmt *stmt)
{
    ExplainOptions options = {.costs = true};
    bool           timing_said = false;
    bool           summary_said = false;

    LIST_FOREACH(DefElem, option, stmt->options) {
        const char *name = option->defname;

        if (strcmp(name, "analyze") == 0) {
            options.analyze = option_bool(option);
        } else if (strcmp(name, "verbose") == 0) {
            options.verbose = option_bool(option);
        } else if (strcmp(name, "costs") == 0) {
            options.costs = option_bool(option);
        } else if (strcmp(name, "buffers") == 0) {
            options.buffers = option_bool(option);
        } else if (strcmp(name, "wal") == 0) {
            options.wal = option_bool(option);
        } else if (strcmp(name, "settings") == 0) {
            options.settings = option_bool(option);
        } else if (strcmp(name, "timing") == 0) {
            timing_said = true;
            options.timing = option_bool(option);
        } else if (strcmp(name, "summary") == 0) {
            summary_said = true;
            options.summary = option_bool(option);
        } else if (strcmp(name, "format") == 0) {
            options.format = format_of(option);
        } else {
            Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "unrecognized EXPLAIN option \"%s\"", name);

            error_position(err, option->node.location);
            error_raise(err);
        }
    }
    if (options.wal && !options.analyze)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "EXPLAIN option WAL requires ANALYZE");
    if (!timing_said)
        options.timing = options.analyze;
    if (options.timing && !options.analyze)
        raise_error(SQLSTATE_INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
    if (!summary_said)
        options.summary = options.analyze;
    return options;
}

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

const char *const *explain_plan(Session *session, Arena *arena, const PlannedStatement *planned, const ParamValues *params,
                                const ExplainOptions *options, double planning_ms, int32_t *line_count_out)
{
    Explain     explain = {.session = session, .arena = arena, .planned = planned, .options = options, .planning_ms = planning_ms};
    Execution  *execution = NULL;
    double      start = now_ms();
    ExplainNode *root;

    if (options->analyze) {
        Batch *batch;

        execution = execution_start(session, arena, planned, params);
        execution_instrument(execution);
        while ((batch = execution_next(execution, BATCH_ROWS)) != NULL)
            check_cancel();
        explain.execution_ms = now_ms() - start;
        explain.counters = execution_counters(execution);
    }
    root = explain_build(&explain);
    if (options->format == EXPLAIN_TEXT)
        explain_text(&explain, root);
    else if (options->format == EXPLAIN_JSON)
        explain_json(&explain, root);
    else if (options->format == EXPLAIN_XML)
        explain_xml(&explain, root);
    else
        explain_yaml(&explain, root);
    execution_end(execution);
    *line_count_out = explain.line_count;
    return explain.lines;
}

void explain_line(Explain *explain, const char *line)
{
    if (explain->line_count == explain->line_capacity) {
        int32_t wider = explain->line_capacity == 0 ? 16 : explain->line_capacity * 2;

        explain->lines = arena_grow(explain->arena, explain->lines, sizeof *explain->lines * (size_t)explain->line_capacity, sizeof *explain->lines * (size_t)wider);
        explain->line_capacity = wider;
    }
    explain->lines[explain->line_count++] = line;
}
