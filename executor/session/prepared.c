/*
 * prepared.c - see prepared.h.
 */
#include "executor/session/prepared.h"

#include "executor/plan/planner.h"
#include "executor/session/transaction.h"
#include "executor/session/utility.h"
#include "executor/store/store.h"
#include "parser/parser.h"

/* ---- plans --------------------------------------------------------------------------------------------------------------- */

typedef struct PlanCall {
    Session    *session;
    CachedPlan *plan;
    ParamTypes *params;
} PlanCall;

static void note_world(Session *session, CachedPlan *plan)
{
    plan->catalog_version = catalog_version(session->catalog);
    plan->catalog_changes = session->catalog_changes;
}

static void make_plan(void *arg)
{
    PlanCall   *call = arg;
    CachedPlan *plan = call->plan;
    Session    *session = call->session;
    const Oid  *path;

    note_world(session, plan); /* before the work: what changes meanwhile is seen the next time */
    path = session_search_path(session, &plan->path_count);
    plan->path = ARENA_ARRAY(plan->arena, plan->path_count, Oid);
    memcpy(plan->path, path, (size_t)plan->path_count * sizeof *path);
    plan->user = session->current_user;
    if (plan->text != NULL)
        plan->stmt = utility_keep(plan->arena, plan->text, plan->stmt);
    plan->planned = plan_query(session, plan->arena, analyze_statement(session, plan->arena, plan->stmt, call->params));
}

CachedPlan *plan_once(Session *session, const char *text, const Node *stmt, ParamTypes *params)
{
    Arena      *arena = arena_new(session->arena, NULL, "plan");
    CachedPlan *plan = ARENA_NEW(arena, CachedPlan);
    PlanCall    call = {session, plan, params};
    Error      *err;

    plan->arena = arena;
    plan->references = 1;
    plan->stmt = stmt;
    if (text != NULL)
        plan->text = arena_strdup(arena, text);
    err = error_catch(make_plan, &call);
    if (err != NULL) {
        arena_free(arena);
        error_raise(err);
    }
    return plan;
}

void plan_release(CachedPlan *plan)
{
    if (plan != NULL && --plan->references == 0)
        arena_free(plan->arena);
}

static bool same_path(Session *session, const CachedPlan *plan)
{
    int32_t    count;
    const Oid *path = session_search_path(session, &count);

    return count == plan->path_count && memcmp(path, plan->path, (size_t)count * sizeof *path) == 0;
}

/* Whether every descriptor that the plan rests on still has the version it was made with. */
static bool dependencies_hold(Session *session, const CachedPlan *plan)
{
    const PlannedStatement *planned = plan->planned;
    Arena                  *scratch = arena_new(session->arena, NULL, "plan check");
    bool                    hold = true;

    for (int32_t i = 0; i < planned->dependency_count && hold; i++) {
        const struct QueryDependency *dependency = &planned->dependencies[i];
        const Desc                   *desc = dependency->oid < OID_FIRST_USER && dependency->kind == DESC_RELATION
                                                 ? NULL : store_desc_by_oid(session, scratch, dependency->kind, dependency->oid);

        if (dependency->oid < OID_FIRST_USER && dependency->kind == DESC_RELATION)
            continue;
        hold = desc != NULL && desc->version == dependency->version && desc->version != 0;
    }
    arena_free(scratch);
    return hold;
}

static bool plan_is_valid(Session *session, CachedPlan *plan)
{
    if (plan->user != session->current_user || !same_path(session, plan))
        return false;
    if (plan->catalog_version == catalog_version(session->catalog) && plan->catalog_changes == session->catalog_changes)
        return true;
    uint64_t version = catalog_version(session->catalog);

    if (!dependencies_hold(session, plan))
        return false;
    plan->catalog_version = version;
    plan->catalog_changes = session->catalog_changes;
    return true;
}

/* A client that was told the columns must not get others. */
static bool same_results(const PlannedStatement *planned, int32_t count, const ResultColumn *results)
{
    if (planned->result_count != count)
        return false;
    for (int32_t i = 0; i < count; i++)
        if (planned->results[i].type != results[i].type || planned->results[i].typmod != results[i].typmod)
            return false;
    return true;
}

CachedPlan *prepared_plan(Session *session, PreparedStatement *statement)
{
    CachedPlan *fresh;

    if (statement->plan == NULL)
        return NULL;
    if (!plan_is_valid(session, statement->plan)) {
        fresh = plan_once(session, statement->text, statement->stmt, &statement->params);
        if (!same_results(fresh->planned, statement->result_count, statement->results)) {
            plan_release(fresh);
            raise_error(SQLSTATE_FEATURE_NOT_SUPPORTED, "cached plan must not change result type");
        }
        plan_release(statement->plan);
        statement->plan = fresh;
    }
    statement->plan->references++;
    return statement->plan;
}

/* ---- statements ------------------------------------------------------------------------------------------------------------ */

PreparedStatement *prepared_find(Session *session, const char *name)
{
    for (PreparedStatement *at = session->prepared; at != NULL; at = at->next)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

PreparedStatement *prepared_get(Session *session, const char *name)
{
    PreparedStatement *statement = prepared_find(session, name);

    if (statement == NULL && name[0] == '\0')
        raise_error(SQLSTATE_INVALID_SQL_STATEMENT_NAME, "unnamed prepared statement does not exist");
    if (statement == NULL)
        raise_error(SQLSTATE_INVALID_SQL_STATEMENT_NAME, "prepared statement \"%s\" does not exist", name);
    return statement;
}

void prepared_drop(Session *session, PreparedStatement *statement)
{
    for (PreparedStatement **at = &session->prepared; *at != NULL; at = &(*at)->next) {
        if (*at == statement) {
            *at = statement->next;
            break;
        }
    }
    plan_release(statement->plan);
    arena_free(statement->arena);
}

void prepared_drop_all(Session *session)
{
    while (session->prepared != NULL)
        prepared_drop(session, session->prepared);
}

static void describe(Session *session, PreparedStatement *statement)
{
    const PlannedStatement *planned = statement->plan != NULL ? statement->plan->planned : NULL;
    ResultColumn           *results;

    if (statement->stmt == NULL)
        return;
    if (planned == NULL) {
        statement->results = utility_results(session, statement->arena, statement->stmt, &statement->result_count);
        return;
    }
    if (!planned->returns_rows)
        return;
    statement->result_count = planned->result_count;
    results = ARENA_ARRAY(statement->arena, planned->result_count, ResultColumn);
    for (int32_t i = 0; i < planned->result_count; i++) {
        results[i] = planned->results[i];
        results[i].name = arena_strdup(statement->arena, results[i].name);
    }
    statement->results = results;
}

typedef struct MakeCall {
    Session           *session;
    PreparedStatement *statement;
} MakeCall;

static void make_statement(void *arg)
{
    MakeCall          *call = arg;
    PreparedStatement *statement = call->statement;

    if (statement->stmt != NULL && call->session->state == TRANSACTION_FAILED && !session_is_transaction_exit(statement->stmt))
        raise_error(SQLSTATE_IN_FAILED_SQL_TRANSACTION,
                    "current transaction is aborted, commands ignored until end of transaction block");
    if (statement->stmt != NULL && analyze_is_query(statement->stmt)) {
        statement->plan = plan_once(call->session, statement->text, statement->stmt, &statement->params);
        if (statement->params.count > 0) { /* the plan's arena may end before the statement does */
            Oid *types = ARENA_ARRAY(statement->arena, statement->params.count, Oid);

            memcpy(types, statement->params.types, (size_t)statement->params.count * sizeof *types);
            statement->params.types = types;
        }
    }
    describe(call->session, statement);
}

PreparedStatement *prepared_make(Session *session, const char *name, Arena *arena, const char *text, const Node *stmt, ParamTypes params)
{
    PreparedStatement *statement = ARENA_NEW(arena, PreparedStatement);
    PreparedStatement *unnamed;
    MakeCall           call = {session, statement};
    Error             *err;

    statement->arena = arena;
    statement->name = arena_strdup(arena, name);
    statement->text = text;
    statement->stmt = stmt;
    statement->params = params;
    statement->prepared_at = session->statement_start;
    err = error_catch(make_statement, &call);
    if (err != NULL) {
        plan_release(statement->plan);
        arena_free(arena);
        error_raise(err);
    }
    unnamed = name[0] == '\0' ? prepared_find(session, "") : NULL;
    if (unnamed != NULL)
        prepared_drop(session, unnamed);
    statement->next = session->prepared;
    session->prepared = statement;
    return statement;
}

typedef struct ParseCall {
    Arena      *arena;
    const char *text;
    NodeList   *statements;
} ParseCall;

static void parse_text(void *arg)
{
    ParseCall *call = arg;

    call->statements = parse_sql(call->arena, slice_from_cstring(call->text));
    if (list_count(call->statements) > 1)
        raise_error(SQLSTATE_SYNTAX_ERROR, "cannot insert multiple commands into a prepared statement");
}

PreparedStatement *prepared_parse(Session *session, const char *name, const char *text, const Oid *param_types, int32_t param_count)
{
    Arena     *arena;
    ParseCall  call;
    ParamTypes params = {0};
    Error     *err;

    if (name[0] != '\0' && prepared_find(session, name) != NULL)
        raise_error(SQLSTATE_DUPLICATE_PSTATEMENT, "prepared statement \"%s\" already exists", name);
    arena = arena_new(session->arena, NULL, "prepared statement");
    call = (ParseCall){.arena = arena, .text = arena_strdup(arena, text)};
    err = error_catch(parse_text, &call);
    if (err != NULL) {
        arena_free(arena);
        error_raise(err);
    }
    params.count = param_count;
    params.types = ARENA_ARRAY(arena, param_count, Oid);
    memcpy(params.types, param_types, (size_t)param_count * sizeof *param_types);
    return prepared_make(session, name, arena, call.text,
                         call.statements == NULL ? NULL : utility_translate(arena, ((const RawStmt *)call.statements->items[0])->stmt), params);
}
