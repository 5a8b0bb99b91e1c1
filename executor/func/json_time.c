/*
 * json_time.c - timestamps and dates in documents: jsonb_timestamptz, jsonb_timestamp, jsonb_date and their json forms.
 */
#include "base/error.h"
#include "executor/func/json_get.h"
#include "executor/func/json_texts.h"
#include "executor/func/kernels.h"
#include "types/timezone.h"

typedef struct InputTask {
    const TypeInfo *type;
    Slice           text;
    TypeContext     ctx;
    Datum           out;
} InputTask;

static void input_body(void *arg)
{
    InputTask *task = arg;

    task->type->input(task->type, task->text, -1, &task->ctx, &task->out);
}

/*
 * A timestamp or date in a string, or false. Only what begins with a digit is tried: "now" and its like would make
 * the reading depend on the day. A text without a zone is UTC, and dates are ISO: the reading is immutable, so that it can be indexed.
 */
static bool read_time(Oid type, Slice value, const TypeContext *ctx, Datum *out)
{
    InputTask task = {.type = type_by_oid(type), .ctx = *ctx};
    Error    *err;

    if (jsonb_kind(value) != JSONB_STRING || value.size < 2 || (uint8_t)(value.data[1] - '0') > 9)
        return false;
    if (task.type->input == NULL)
        raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "type %s cannot be read from text", task.type->sql_name);
    task.text = jsonb_string(value);
    task.ctx.time_zone = timezone_utc();
    task.ctx.date_style = DATE_STYLE_ISO;
    task.ctx.date_order = DATE_ORDER_MDY;
    err = error_catch(input_body, &task);
    if (err != NULL) {
        if (strncmp(sqlstate_code(err->sqlstate), "22", 2) != 0)
            error_raise(err);
        return false;
    }
    *out = task.out;
    return true;
}


static void store_time(KernelCall *call, int32_t row, Slice value)
{
    Datum time;

    if (value.data != NULL && read_time(call->proc->result, value, call->ctx, &time))
        datum_store(call->result->phys, vector_element(call->result, row), &time);
    else
        kernel_set_null(call, row);
}

static void jsonb_time_run(KernelCall *call)
{
    uint32_t hint = 0;

    FOR_EACH_ROW(call->sel, call->count, row, { store_time(call, row, jsonb_part(call, row, &hint)); });
}

static void json_time_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row,
                 { store_time(call, row, json_scalar_of_text(json_part(call, row), call->ctx->arena)); });
}

static void jsonb_time_path_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row, { store_time(call, row, jsonb_at_path(call, row)); });
}

static void json_time_path_run(KernelCall *call)
{
    FOR_EACH_ROW(call->sel, call->count, row,
                 { store_time(call, row, json_scalar_of_text(json_at_path(call, row), call->ctx->arena)); });
}

/* By key, by index, by path; jsonb, then json. */
#define SIX(first)                                                                                                   \
    {first, jsonb_time_run, json_step_prepare}, {(first) + 1, jsonb_time_run, json_step_prepare},                    \
        {(first) + 2, jsonb_time_path_run, json_path_prepare}, {(first) + 3, json_time_run, json_step_prepare},      \
        {(first) + 4, json_time_run, json_step_prepare}, {(first) + 5, json_time_path_run, json_path_prepare}

const KernelEntry json_time_kernels[] = {
    SIX(8112), /* timestamptz */
    SIX(8118), /* timestamp */
    SIX(8124), /* date */
    {0, NULL, NULL},
};
