/*
 * command_line.c - see command_line.h.
 */
#include "executor/store/command_line.h"

#include "executor/ddl/scram.h"

Status store_open_directory(const char *directory, Store *store, Fault *fault)
{
    EngineOptions options = {.directory = directory};

    return store_open(&options, store, fault);
}

/* ---- passwords ------------------------------------------------------------------------------------------------------------------ */

typedef struct VerifierCall {
    Arena      *arena;
    const char *password;
    const char *verifier;
} VerifierCall;

static void make_verifier(void *arg)
{
    VerifierCall *call = arg;

    call->verifier = scram_verifier(call->arena, call->password);
}

static Status write_role(Store *store, const RoleDesc *role, Fault *fault)
{
    TransactionOptions options = {0};
    Transaction       *txn;
    Status             status;

    TRY(transaction_begin(store->transactions, &options, &txn, fault));
    status = catalog_put(store->catalog, txn, &role->head, fault);
    if (status == STATUS_OK)
        return transaction_commit(txn, COMMIT_SYNC, fault);
    transaction_rollback(txn);
    return status;
}

Status store_first_start(Store *store, const char *password, Fault *fault)
{
    const Desc  *found;
    RoleDesc     role;
    VerifierCall call = {.password = password};
    Error       *err;
    Status       status;

    if (password == NULL || password[0] == '\0')
        return STATUS_OK;
    TRY(catalog_by_oid(store->catalog, NULL, DESC_ROLE, 0, OID_ROLE_NEXADB, &found, fault));
    role = *(const RoleDesc *)found;
    if (role.password != NULL) {
        desc_unref(found);
        return STATUS_OK;
    }
    call.arena = arena_try_new(NULL, NULL, "password");
    err = call.arena == NULL ? NULL : error_catch(make_verifier, &call);
    if (call.arena == NULL || err != NULL) {
        status = FAULT(fault, STATUS_NO_MEMORY, 0, "cannot make the password's verifier: %s", err == NULL ? "out of memory" : err->message);
    } else {
        role.password = call.verifier;
        status = write_role(store, &role, fault);
    }
    arena_free(call.arena);
    desc_unref(found);
    return status;
}

bool store_has_password(Store *store)
{
    const Desc **list;
    int          count;
    bool         found = false;

    if (catalog_list(store->catalog, NULL, DESC_ROLE, 0, 0, &list, &count, NULL) != STATUS_OK)
        return false;
    for (int i = 0; i < count && !found; i++)
        found = ((const RoleDesc *)list[i])->password != NULL;
    catalog_list_free(list, count);
    return found;
}

/* ---- check ------------------------------------------------------------------------------------------------------------------------ */

Status store_check_directory(const char *directory, CheckReport report, void *report_arg, uint64_t *findings_out, Fault *fault)
{
    EngineOptions options = {.directory = directory, .read_only = true};
    Engine       *engine;
    Status        status;

    TRY(engine_open(&options, &engine, fault));
    status = engine_check(engine, report, report_arg, findings_out, fault);
    if (status == STATUS_OK)
        return engine_close(engine, fault);
    engine_close(engine, NULL);
    return status;
}
