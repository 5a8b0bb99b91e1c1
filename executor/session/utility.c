/*
 * utility.c - dispatch of statements without a plan.
 */
#include "executor/session/utility.h"

#include "executor/copy/copy.h"
#include "executor/ddl/ddl.h"
#include "executor/exec/eval.h"
#include "executor/plan/explain.h"
#include "executor/plan/planner.h"
#include "executor/session/cursor.h"
#include "executor/session/maintenance.h"
#include "executor/session/settings.h"
#include "executor/session/transaction.h"
#include "executor/session/variable.h"
#include "executor/store/store.h"
#include "parser/parser.h"

#include <time.h>

const CopyStmt *utility_copy(const Node *stmt)
{
    const CopyStmt *copy = (const CopyStmt *)stmt;

    return stmt != NULL && stmt->tag == NODE_COPY_STMT && copy->filename == NULL && !copy->is_program ? copy : NULL;
}

const Node *utility_translate(Arena *arena, const Node *stmt)
{
    const SelectStmt  *select = (const SelectStmt *)stmt;
    SelectStmt        *query;
    CreateTableAsStmt *create;

    if (stmt == NULL || stmt->tag != NODE_SELECT_STMT || select->into_clause == NULL)
        return stmt;
    query = ARENA_NEW(arena, SelectStmt);
    *query = *select;
    query->into_clause = NULL;
    create = ARENA_NEW(arena, CreateTableAsStmt);
    create->node = (Node){.tag = NODE_CREATE_TABLE_AS_STMT, .location = stmt->location};
    create->query = &query->node;
    create->into = select->into_clause;
    create->objtype = OBJECT_TABLE;
    return &create->node;
}

const char *query_command_name(const PlannedStatement *planned)
{
    switch (planned->command) {
    case QUERY_INSERT:
        return "INSERT";
    case QUERY_UPDATE:
        return "UPDATE";
    case QUERY_DELETE:
        return "DELETE";
    case QUERY_MERGE:
        return "MERGE";
    case QUERY_SELECT:
    default:
        return "SELECT FOR UPDATE";
    }
}

/* The query inside PREPARE and DECLARE, or NULL. */
static const Node *inner_query(const Node *stmt)
{
    if (stmt->tag == NODE_PREPARE_STMT)
        return ((const PrepareStmt *)stmt)->query;
    return stmt->tag == NODE_DECLARE_CURSOR_STMT ? ((const DeclareCursorStmt *)stmt)->query : NULL;
}

static bool same_node(const Node *a, const Node *b)
{
    return a != NULL && a->tag == b->tag && a->location == b->location;
}

const Node *utility_keep(Arena *arena, const char *text, const Node *stmt)
{
    NodeList *statements = parse_sql(arena, slice_from_cstring(text));

    for (int32_t i = 0; i < list_count(statements); i++) {
        const RawStmt *raw = (const RawStmt *)statements->items[i];

        const Node    *same = utility_translate(arena, raw->stmt);

        if (same_node(same, stmt))
            return same;
        if (same_node(inner_query(same), stmt))
            return inner_query(same);
    }
    return utility_translate(arena, ((const RawStmt *)statements->items[0])->stmt);
}

/* ---- result columns ------------------------------------------------------------------------------------------------------ */

static ResultColumn *text_columns(Arena *arena, const char *const *names, int32_t count)
{
    ResultColumn *columns = ARENA_ARRAY_ZEROED(arena, count, ResultColumn);

    for (int32_t i = 0; i < count; i++)
        columns[i] = (ResultColumn){.name = arena_strdup(arena, names[i]), .type = TYPE_TEXT, .typmod = -1};
    return columns;
}

static const ResultColumn *show_columns(Session *session, Arena *arena, const VariableShowStmt *stmt, int32_t *count_out)
{
    static const char *const all[] = {"name", "setting", "description"};
    const char              *name;

    if (strcmp(stmt->name, "all") == 0) {
        *count_out = ARRAY_LENGTH(all);
        return text_columns(arena, all, ARRAY_LENGTH(all));
    }
    name = settings_canonical_name(session, stmt->name);
    if (name == NULL)
        raise_error(SQLSTATE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", stmt->name);
    *count_out = 1;
    return text_columns(arena, &name, 1);
}

static const ResultColumn *explain_columns(Arena *arena, const ExplainStmt *stmt, int32_t *count_out)
{
    static const char *const name = "QUERY PLAN";
    ResultColumn            *columns = text_columns(arena, &name, 1);

    if (explain_options(stmt).format == EXPLAIN_JSON)
        columns->type = TYPE_JSON;
    *count_out = 1;
    return columns;
}

static const ResultColumn *copy_columns(Arena *arena, const ResultColumn *from, int32_t count)
{
    ResultColumn *columns = ARENA_ARRAY_ZEROED(arena, count, ResultColumn);

    for (int32_t i = 0; i < count; i++) {
        columns[i] = from[i];
        columns[i].name = arena_strdup(arena, from[i].name);
    }
    return columns;
}

const ResultColumn *utility_results(Session *session, Arena *arena, const Node *stmt, int32_t *count_out)
{
    const PreparedStatement *prepared;
    const Portal            *portal;

    *count_out = 0;
    switch (stmt->tag) {
    case NODE_VARIABLE_SHOW_STMT:
        return show_columns(session, arena, (const VariableShowStmt *)stmt, count_out);
    case NODE_EXPLAIN_STMT:
        return explain_columns(arena, (const ExplainStmt *)stmt, count_out);
    case NODE_EXECUTE_STMT:
        prepared = prepared_find(session, ((const ExecuteStmt *)stmt)->name);
        if (prepared == NULL)
            return NULL;
        *count_out = prepared->result_count;
        return copy_columns(arena, prepared->results, prepared->result_count);
    case NODE_FETCH_STMT:
        portal = portal_find(session, ((const FetchStmt *)stmt)->portalname);
        if (portal == NULL || ((const FetchStmt *)stmt)->ismove)
            return NULL;
        *count_out = portal->result_count;
        return copy_columns(arena, portal->results, portal->result_count);
    default:
        return NULL;
    }
}

/* ---- rows of text ---------------------------------------------------------------------------------------------------------- */

static void start_text_rows(Portal *portal, int32_t columns)
{
    PhysType types[3] = {PHYS_BYTES, PHYS_BYTES, PHYS_BYTES};

    ASSERT(columns <= 3);
    portal->rows = result_rows_new(portal->arena, columns, types);
}

static void add_text_row(Portal *portal, const char *const *texts, int32_t count)
{
    Datum values[3];

    for (int32_t i = 0; i < count; i++)
        values[i].bytes = slice_from_cstring(texts[i]);
    result_rows_append_row(portal->rows, values, NULL);
}

/* ---- SHOW -------------------------------------------------------------------------------------------------------------------- */

static void run_show(Session *session, Portal *portal)
{
    const VariableShowStmt *stmt = (const VariableShowStmt *)portal->stmt;
    const SettingFact      *fact;

    portal->tag = "SHOW";
    if (strcmp(stmt->name, "all") != 0) {
        const char *value = settings_show(session, portal->arena, stmt->name);

        if (value == NULL)
            raise_error(SQLSTATE_UNDEFINED_OBJECT, "unrecognized configuration parameter \"%s\"", stmt->name);
        start_text_rows(portal, 1);
        add_text_row(portal, &value, 1);
        return;
    }
    start_text_rows(portal, 3);
    for (int i = 0; (fact = settings_fact(session, i)) != NULL; i++) {
        const char *texts[3] = {fact->name, settings_show(session, portal->arena, fact->name), fact->category};

        add_text_row(portal, texts, 3);
    }
}

/* ---- EXPLAIN ------------------------------------------------------------------------------------------------------------------ */

static double milliseconds_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) * 1e3 + (double)(now.tv_nsec - start->tv_nsec) / 1e6;
}

static void run_explain(Session *session, Portal *portal)
{
    const ExplainStmt *stmt = (const ExplainStmt *)portal->stmt;
    ExplainOptions     options = explain_options(stmt);
    const Node        *query = explain_query(stmt);
    ParamValues        params = portal->params;
    const char *const *lines;
    int32_t            count;
    struct timespec    start;

    portal->tag = "EXPLAIN";
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (query->tag == NODE_EXECUTE_STMT) {
        PreparedStatement *prepared = prepared_get(session, ((const ExecuteStmt *)query)->name);

        params = execute_params(session, portal->arena, prepared, (const ExecuteStmt *)query);
        portal->inner_plan = prepared_plan(session, prepared);
    } else if (analyze_is_query(query)) {
        ParamTypes types = {params.count, (Oid *)params.types};

        portal->inner_plan = plan_once(session, NULL, query, &types);
    }
    start_text_rows(portal, 1);
    if (portal->inner_plan == NULL) {
        static const char *const utility = "Utility statements have no plan structure";

        add_text_row(portal, &utility, 1);
        return;
    }
    if (options.analyze && portal->inner_plan->planned->writes)
        session_require_writable(session, query_command_name(portal->inner_plan->planned));
    session_begin(session);
    lines = explain_plan(session, portal->arena, portal->inner_plan->planned, &params, &options, milliseconds_since(&start), &count);
    for (int32_t i = 0; i < count; i++)
        add_text_row(portal, &lines[i], 1);
}

/* ---- PREPARE, EXECUTE, DEALLOCATE ---------------------------------------------------------------------------------------------- */

static void run_prepare(Session *session, Portal *portal)
{
    const PrepareStmt *stmt = (const PrepareStmt *)portal->stmt;
    Arena             *arena;
    const char        *text;
    ParamTypes         params = {0};

    portal->tag = "PREPARE";
    if (stmt->name[0] == '\0')
        raise_error(SQLSTATE_INVALID_PSTATEMENT_DEFINITION, "invalid statement name: must not be empty");
    if (prepared_find(session, stmt->name) != NULL)
        raise_error(SQLSTATE_DUPLICATE_PSTATEMENT, "prepared statement \"%s\" already exists", stmt->name);
    params.count = list_count(stmt->argtypes);
    params.types = ARENA_ARRAY(portal->arena, params.count, Oid);
    for (int32_t i = 0; i < params.count; i++)
        params.types[i] = analyze_type(session, portal->arena, (const TypeName *)stmt->argtypes->items[i], NULL);
    arena = arena_new(session->arena, NULL, "prepared statement");
    text = arena_strdup(arena, portal->text);
    stmt = (const PrepareStmt *)utility_keep(arena, text, portal->stmt);
    if (params.count > 0) {
        Oid *types = ARENA_ARRAY(arena, params.count, Oid);

        memcpy(types, params.types, (size_t)params.count * sizeof *types);
        params.types = types;
    }
    prepared_make(session, stmt->name, arena, text, stmt->query, params)->from_sql = true;
}

ParamValues execute_params(Session *session, Arena *arena, const PreparedStatement *prepared, const ExecuteStmt *stmt)
{
    int32_t count = list_count(stmt->params);
    Datum  *values = ARENA_ARRAY_ZEROED(arena, count, Datum);
    bool   *nulls = ARENA_ARRAY_ZEROED(arena, count, bool);
    ExecState state;

    if (count != prepared->params.count) {
        Error *err = error_new(SQLSTATE_SYNTAX_ERROR, "wrong number of parameters for prepared statement \"%s\"", stmt->name);

        error_detail(err, "Expected %d parameters but got %d.", (int)prepared->params.count, (int)count);
        error_raise(err);
    }
    session_begin(session);
    exec_state_init(&state, session, arena);
    for (int32_t i = 0; i < count; i++) {
        ExpressionContext context = {.use = EXPRESSION_EXECUTE, .type = prepared->params.types[i], .typmod = -1};
        Expr             *expr = analyze_expression(session, arena, stmt->params->items[i], &context);

        nulls[i] = !eval_scalar_expr(&state, arena, expr, &values[i]);
    }
    return (ParamValues){count, values, nulls, prepared->params.types};
}

/* EXECUTE turns its portal into one over the prepared plan: rows then stream as those of any query. */
static void run_execute(Session *session, Portal *portal)
{
    const ExecuteStmt *stmt = (const ExecuteStmt *)portal->stmt;
    PreparedStatement *prepared = prepared_get(session, stmt->name);

    if (prepared->plan == NULL) {
        if (prepared->stmt == NULL)
            return;
        portal->stmt = utility_keep(portal->arena, arena_strdup(portal->arena, prepared->text), prepared->stmt);
        utility_run(session, portal);
        return;
    }
    portal->params = execute_params(session, portal->arena, prepared, stmt);
    portal->plan = prepared_plan(session, prepared);
    portal->result_count = prepared->result_count;
    portal->results = portal->plan->planned->results;
    portal->state = PORTAL_READY;
}

static void run_deallocate(Session *session, Portal *portal)
{
    const DeallocateStmt *stmt = (const DeallocateStmt *)portal->stmt;

    portal->tag = stmt->name == NULL ? "DEALLOCATE ALL" : "DEALLOCATE";
    if (stmt->name == NULL)
        prepared_drop_all(session);
    else
        prepared_drop(session, prepared_get(session, stmt->name));
}

/* ---- the rest -------------------------------------------------------------------------------------------------------------------- */

static void run_copy_file(Session *session, Portal *portal)
{
    const CopyStmt *stmt = (const CopyStmt *)portal->stmt;

    if (stmt->is_from)
        session_require_writable(session, "COPY FROM");
    session_begin(session);
    portal->tag = arena_printf(portal->arena, "COPY %lld", (long long)copy_file(session, portal->arena, stmt));
}

static void run_ddl(Session *session, Portal *portal)
{
    const char *tag = NULL;

    session_require_writable(session, "DDL");
    session_begin(session);
    ddl_execute(session, portal->arena, (Node *)portal->stmt, &tag);
    portal->tag = tag;
}

void utility_run(Session *session, Portal *portal)
{
    switch (portal->stmt->tag) {
    case NODE_TRANSACTION_STMT:
        portal->tag = session_transaction_command(session, (const TransactionStmt *)portal->stmt);
        return;
    case NODE_VARIABLE_SET_STMT:
        portal->tag = variable_set(session, portal->arena, (const VariableSetStmt *)portal->stmt);
        return;
    case NODE_VARIABLE_SHOW_STMT:
        run_show(session, portal);
        return;
    case NODE_EXPLAIN_STMT:
        run_explain(session, portal);
        return;
    case NODE_PREPARE_STMT:
        run_prepare(session, portal);
        return;
    case NODE_EXECUTE_STMT:
        run_execute(session, portal);
        return;
    case NODE_DEALLOCATE_STMT:
        run_deallocate(session, portal);
        return;
    case NODE_DECLARE_CURSOR_STMT:
        cursor_declare(session, portal);
        return;
    case NODE_FETCH_STMT:
        cursor_fetch(session, portal);
        return;
    case NODE_CLOSE_PORTAL_STMT:
        cursor_close(session, portal);
        return;
    case NODE_COPY_STMT:
        run_copy_file(session, portal);
        return;
    default:
        break;
    }
    if (ddl_handles(portal->stmt->tag))
        run_ddl(session, portal);
    else
        maintenance_run(session, portal);
}
