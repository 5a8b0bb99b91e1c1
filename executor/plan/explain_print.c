/*
 * explain_print.c - the formats of EXPLAIN.
 */
#include "executor/plan/explain_internal.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>

/* ---- what a run showed --------------------------------------------------------------------------------------------------------------------- */

typedef struct Actual {
    bool   ran;
    double startup_ms, total_ms, rows, loops;
} Actual;

static Actual actual_of(const ExplainNode *node)
{
    Actual actual = {0};

    if (node->counters == NULL || node->counters->loops <= 0)
        return actual;
    actual.ran = true;
    actual.loops = (double)node->counters->loops;
    actual.startup_ms = (double)node->counters->startup_ns / 1e6 / actual.loops;
    actual.total_ms = (double)node->counters->total_ns / 1e6 / actual.loops;
    actual.rows = rint((double)node->counters->rows / actual.loops);
    return actual;
}

/* ---- text -------------------------------------------------------------------------------------------------------------------------------------- */

static const char *node_line(Explain *explain, const ExplainNode *node)
{
    const ExplainOptions *options = explain->options;
    Actual                actual = actual_of(node);
    StrBuf                line;

    strbuf_init(&line, explain->arena);
    strbuf_append_cstring(&line, node->title);
    if (options->costs)
        strbuf_printf(&line, "  (cost=%.2f..%.2f rows=%.0f width=%d)", node->startup, node->total, node->rows, node->width);
    if (options->analyze && actual.ran && options->timing)
        strbuf_printf(&line, " (actual time=%.3f..%.3f rows=%.0f loops=%.0f)", actual.startup_ms, actual.total_ms, actual.rows, actual.loops);
    else if (options->analyze && actual.ran)
        strbuf_printf(&line, " (actual rows=%.0f loops=%.0f)", actual.rows, actual.loops);
    else if (options->analyze)
        strbuf_append_cstring(&line, " (never executed)");
    return strbuf_cstring(&line);
}

static const char *spaces(Explain *explain, int count)
{
    return arena_printf(explain->arena, "%*s", count, "");
}

static const char *joined(Explain *explain, const Property *property)
{
    StrBuf text;

    strbuf_init(&text, explain->arena);
    for (int32_t i = 0; i < property->count; i++)
        strbuf_printf(&text, "%s%s", i > 0 ? ", " : "", property->items[i]);
    return strbuf_cstring(&text);
}

static void text_node(Explain *explain, const ExplainNode *node, int indent)
{
    int inside;

    if (node->subplan_name != NULL) {
        explain_line(explain, arena_printf(explain->arena, "%s%s", spaces(explain, indent), node->subplan_name));
        indent += 2;
    }
    if (node->relationship == NULL) {
        explain_line(explain, node_line(explain, node));
        inside = 2;
    } else {
        explain_line(explain, arena_printf(explain->arena, "%s->  %s", spaces(explain, indent), node_line(explain, node)));
        inside = indent + 6;
    }
    for (int32_t i = 0; i < node->property_count; i++) {
        const Property *property = &node->properties[i];

        if (property->json_only)
            continue;
        explain_line(explain, arena_printf(explain->arena, "%s%s: %s%s", spaces(explain, inside), property->name,
                                           property->kind == PROPERTY_LIST ? joined(explain, property) : property->text, property->unit != NULL ? property->unit : ""));
    }
    for (int pass = 0; pass < 2; pass++) { /* InitPlans come before the inputs, SubPlans after them */
        for (int32_t i = 0; i < node->child_count; i++) {
            bool init = node->children[i]->relationship != NULL && strcmp(node->children[i]->relationship, "InitPlan") == 0;

            if (init == (pass == 0))
                text_node(explain, node->children[i], inside);
        }
    }
}

void explain_text(Explain *explain, const ExplainNode *root)
{
    text_node(explain, root, 0);
    if (explain->options->summary) {
        explain_line(explain, arena_printf(explain->arena, "Planning Time: %.3f ms", explain->planning_ms));
        if (explain->options->analyze)
            explain_line(explain, arena_printf(explain->arena, "Execution Time: %.3f ms", explain->execution_ms));
    }
}

/* ---- JSON ----------------------------------------------------------------------------------------------------------------------------------------- */

static void json_raw(Explain *explain, cJSON *object, const char *name, double value, int digits)
{
    cJSON_AddItemToObject(object, name, cJSON_CreateRaw(arena_printf(explain->arena, "%.*f", digits, value)));
}

static cJSON *json_node(Explain *explain, const ExplainNode *node)
{
    const ExplainOptions *options = explain->options;
    cJSON                *object = cJSON_CreateObject();
    Actual                actual = actual_of(node);

    cJSON_AddStringToObject(object, "Node Type", node->type);
    if (node->relationship != NULL)
        cJSON_AddStringToObject(object, "Parent Relationship", node->relationship);
    if (node->subplan_name != NULL)
        cJSON_AddStringToObject(object, "Subplan Name", node->subplan_name);
    cJSON_AddBoolToObject(object, "Parallel Aware", false);
    cJSON_AddBoolToObject(object, "Async Capable", false);
    for (int32_t i = 0; i < node->property_count; i++) {
        if (node->properties[i].json_only)
            cJSON_AddStringToObject(object, node->properties[i].name, node->properties[i].text);
    }
    if (options->costs) {
        json_raw(explain, object, "Startup Cost", node->startup, 2);
        json_raw(explain, object, "Total Cost", node->total, 2);
        json_raw(explain, object, "Plan Rows", node->rows, 0);
        json_raw(explain, object, "Plan Width", node->width, 0);
    }
    if (options->analyze) {
        if (options->timing) {
            json_raw(explain, object, "Actual Startup Time", actual.startup_ms, 3);
            json_raw(explain, object, "Actual Total Time", actual.total_ms, 3);
        }
        json_raw(explain, object, "Actual Rows", actual.rows, 0);
        json_raw(explain, object, "Actual Loops", actual.loops, 0);
    }
    for (int32_t i = 0; i < node->property_count; i++) {
        const Property *property = &node->properties[i];

        if (property->json_only)
            continue;
        if (property->kind == PROPERTY_LIST)
            cJSON_AddItemToObject(object, property->name, cJSON_CreateStringArray(property->items, property->count));
        else if (property->kind == PROPERTY_NUMBER)
            cJSON_AddItemToObject(object, property->name, cJSON_CreateRaw(property->text));
        else
            cJSON_AddStringToObject(object, property->name, property->text);
    }
    if (node->child_count > 0) {
        cJSON *plans = cJSON_AddArrayToObject(object, "Plans");

        for (int32_t i = 0; i < node->child_count; i++)
            cJSON_AddItemToArray(plans, json_node(explain, node->children[i]));
    }
    return object;
}

/* PostgreSQL's layout: two blanks a level. */
static void write_json(Explain *explain, StrBuf *out, const cJSON *item, int indent)
{
    if (cJSON_IsArray(item) || cJSON_IsObject(item)) {
        bool  object = cJSON_IsObject(item);
        bool  plain = !object && item->child != NULL && cJSON_IsString(item->child);
        const cJSON *child;

        strbuf_append_char(out, object ? '{' : '[');
        cJSON_ArrayForEach(child, item) {
            if (!plain)
                strbuf_printf(out, "%s\n%*s", child == item->child ? "" : ",", indent + 2, "");
            else if (child != item->child)
                strbuf_append_cstring(out, ", ");
            if (object) {
                cJSON *name = cJSON_CreateString(child->string);
                char  *text = cJSON_PrintUnformatted(name);

                strbuf_printf(out, "%s: ", text);
                cJSON_free(text);
                cJSON_Delete(name);
            }
            write_json(explain, out, child, indent + 2);
        }
        if (!plain)
            strbuf_printf(out, "\n%*s", indent, "");
        strbuf_append_char(out, object ? '}' : ']');
    } else {
        char *text = cJSON_PrintUnformatted(item);

        strbuf_append_cstring(out, text);
        cJSON_free(text);
    }
}

void explain_json(Explain *explain, const ExplainNode *root)
{
    cJSON *array = cJSON_CreateArray();
    cJSON *object = cJSON_CreateObject();
    StrBuf out;

    cJSON_AddItemToArray(array, object);
    cJSON_AddItemToObject(object, "Plan", json_node(explain, root));
    if (explain->options->summary)
        json_raw(explain, object, "Planning Time", explain->planning_ms, 3);
    if (explain->options->analyze) {
        cJSON_AddItemToObject(object, "Triggers", cJSON_CreateArray());
        json_raw(explain, object, "Execution Time", explain->execution_ms, 3);
    }
    strbuf_init(&out, explain->arena);
    write_json(explain, &out, array, 0);
    cJSON_Delete(array);
    explain_line(explain, strbuf_cstring(&out));
}

/* ---- XML, YAML: the same properties ------------------------------------------------------------------------------------------------------------- */

static void xml_escaped(StrBuf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            strbuf_append_cstring(out, "&lt;");
        else if (*text == '>')
            strbuf_append_cstring(out, "&gt;");
        else if (*text == '&')
            strbuf_append_cstring(out, "&amp;");
        else
            strbuf_append_char(out, *text);
    }
}

static const char *xml_tag(Explain *explain, const char *name)
{
    char *tag = arena_strdup(explain->arena, name);

    for (char *at = tag; *at != '\0'; at++)
        *at = *at == ' ' || *at == '/' ? '-' : *at;
    return tag;
}

static void xml_item(Explain *explain, StrBuf *out, const cJSON *item, const char *name, int indent)
{
    const char  *tag = xml_tag(explain, name);
    const cJSON *child;

    strbuf_printf(out, "\n%*s<%s>", indent, "", tag);
    if (cJSON_IsArray(item)) {
        cJSON_ArrayForEach(child, item)
            xml_item(explain, out, child, strcmp(name, "Plans") == 0 ? "Plan" : "Item", indent + 2);
        strbuf_printf(out, "\n%*s", indent, "");
    } else if (cJSON_IsObject(item)) {
        cJSON_ArrayForEach(child, item)
            xml_item(explain, out, child, child->string, indent + 2);
        strbuf_printf(out, "\n%*s", indent, "");
    } else if (cJSON_IsBool(item)) {
        strbuf_append_cstring(out, cJSON_IsTrue(item) ? "true" : "false");
    } else {
        xml_escaped(out, item->valuestring != NULL ? item->valuestring : "");
    }
    strbuf_printf(out, "</%s>", tag);
}

void explain_xml(Explain *explain, const ExplainNode *root)
{
    cJSON *object = json_node(explain, root);
    StrBuf out;

    strbuf_init(&out, explain->arena);
    strbuf_append_cstring(&out, "<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n  <Query>");
    xml_item(explain, &out, object, "Plan", 4);
    if (explain->options->summary)
        strbuf_printf(&out, "\n    <Planning-Time>%.3f</Planning-Time>", explain->planning_ms);
    if (explain->options->analyze)
        strbuf_printf(&out, "\n    <Triggers>\n    </Triggers>\n    <Execution-Time>%.3f</Execution-Time>", explain->execution_ms);
    strbuf_append_cstring(&out, "\n  </Query>\n</explain>");
    cJSON_Delete(object);
    explain_line(explain, strbuf_cstring(&out));
}

static void yaml_value(StrBuf *out, const cJSON *item)
{
    if (cJSON_IsBool(item)) {
        strbuf_append_cstring(out, cJSON_IsTrue(item) ? "true" : "false");
    } else {
        char *text = cJSON_PrintUnformatted(item);

        strbuf_append_cstring(out, text);
        cJSON_free(text);
    }
}

static void yaml_object(StrBuf *out, const cJSON *object, int indent)
{
    const cJSON *child;

    cJSON_ArrayForEach(child, object) {
        if (child != object->child)
            strbuf_printf(out, "\n%*s", indent, "");
        strbuf_printf(out, "%s: ", child->string);
        if (cJSON_IsArray(child)) {
            const cJSON *item;

            cJSON_ArrayForEach(item, child) {
                strbuf_printf(out, "\n%*s- ", indent + 2, "");
                if (cJSON_IsObject(item))
                    yaml_object(out, item, indent + 4);
                else
                    yaml_value(out, item);
            }
        } else {
            yaml_value(out, child);
        }
    }
}

void explain_yaml(Explain *explain, const ExplainNode *root)
{
    cJSON *object = json_node(explain, root);
    StrBuf out;

    strbuf_init(&out, explain->arena);
    strbuf_append_cstring(&out, "- Plan: \n    ");
    yaml_object(&out, object, 4);
    if (explain->options->summary)
        strbuf_printf(&out, "\n  Planning Time: %.3f", explain->planning_ms);
    if (explain->options->analyze)
        strbuf_printf(&out, "\n  Triggers: \n  Execution Time: %.3f", explain->execution_ms);
    cJSON_Delete(object);
    explain_line(explain, strbuf_cstring(&out));
}
