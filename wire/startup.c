/*
 * startup.c - see startup.h.
 */
#include "wire/startup.h"

#include "base/bytes.h"
#include "executor/session/session.h"
#include "executor/session/transaction.h"
#include "wire/result.h"
#include "wire/scram.h"

#include <stdio.h>

enum {
    PROTOCOL_MAJOR = 3,
    CODE_CANCEL = 80877102,
    CODE_SSL = 80877103,
    CODE_GSSENC = 80877104,
    MAX_SETTINGS = 256,
    MAX_REQUESTS = 3, /* SSLRequest and GSSENCRequest once each, then the start-up message */
};

typedef struct Startup {
    Connection          *connection;
    Store               *store;
    Backend             *backend;
    AuthenticationMethod method;
    Arena               *arena;
    Slice                payload;
    Session             *session;
    const char          *user, *database, *options;
    int32_t              setting_count;
    const char          *setting_names[MAX_SETTINGS];
    const char          *setting_values[MAX_SETTINGS];
    int32_t              unknown_count; /* _pq_. options that we do not know */
    const char          *unknown[MAX_SETTINGS];
} Startup;

static noreturn void raise_fatal(Sqlstate state, const char *message)
{
    Error *err = error_new(state, "%s", message);

    error_fatal(err);
    error_raise(err);
}

static void add_setting(Startup *startup, const char *name, const char *value)
{
    if (startup->setting_count == MAX_SETTINGS)
        raise_fatal(SQLSTATE_PROTOCOL_VIOLATION, "too many settings in the startup packet");
    startup->setting_names[startup->setting_count] = name;
    startup->setting_values[startup->setting_count++] = value;
}

/* ---- the "options" parameter: -c name=value --name=value, with backslash escapes ------------------------------------------- */

static char *next_option_word(Arena *arena, const char **at)
{
    const char *p = *at;
    StrBuf      word;

    strbuf_init(&word, arena);
    while (*p == ' ')
        p++;
    if (*p == '\0')
        return NULL;
    for (; *p != '\0' && *p != ' '; p++) {
        if (*p == '\\' && p[1] != '\0')
            p++;
        strbuf_append_char(&word, *p);
    }
    *at = p;
    return word.data;
}

static void add_option(Startup *startup, char *assignment)
{
    char *equals = strchr(assignment, '=');

    if (equals == NULL)
        raise_fatal(SQLSTATE_SYNTAX_ERROR, "invalid command-line argument for server process");
    *equals = '\0';
    for (char *at = assignment; *at != '\0'; at++)
        if (*at == '-')
            *at = '_';
    add_setting(startup, assignment, equals + 1);
}

static void parse_options(Startup *startup)
{
    const char *at = startup->options;
    char       *word;

    while ((word = next_option_word(startup->arena, &at)) != NULL) {
        if (strcmp(word, "-c") == 0) {
            word = next_option_word(startup->arena, &at);
            if (word != NULL)
                add_option(startup, word);
        } else if (strncmp(word, "-c", 2) == 0 || strncmp(word, "--", 2) == 0) {
            add_option(startup, word + 2);
        } else {
            raise_fatal(SQLSTATE_SYNTAX_ERROR, "invalid command-line argument for server process");
        }
    }
}

/* ---- the start-up message ---------------------------------------------------------------------------------------------------- */

static void take_parameter(Startup *startup, const char *name, const char *value)
{
    name = arena_strdup(startup->arena, name);
    value = arena_strdup(startup->arena, value);
    if (strcmp(name, "user") == 0)
        startup->user = value;
    else if (strcmp(name, "database") == 0)
        startup->database = value;
    else if (strcmp(name, "options") == 0)
        startup->options = value;
    else if (strcmp(name, "replication") == 0 && strcmp(value, "false") != 0 && strcmp(value, "off") != 0 && strcmp(value, "0") != 0)
        raise_fatal(SQLSTATE_FEATURE_NOT_SUPPORTED, "replication connections are not supported");
    else if (strncmp(name, "_pq_.", 5) == 0 && startup->unknown_count < MAX_SETTINGS)
        startup->unknown[startup->unknown_count++] = name;
    else if (strcmp(name, "replication") != 0)
        add_setting(startup, name, value);
}

static void negotiate_version(Startup *startup, uint32_t minor)
{
    StrBuf *out;

    if (minor == 0 && startup->unknown_count == 0)
        return;
    out = message_begin(startup->connection, 'v');
    message_int32(out, PROTOCOL_MAJOR << 16);
    message_int32(out, startup->unknown_count);
    for (int32_t i = 0; i < startup->unknown_count; i++)
        message_string(out, startup->unknown[i]);
    message_end(startup->connection);
}

static void read_parameters(Startup *startup, uint32_t version)
{
    MessageReader reader = message_reader(startup->payload);

    read_int32(&reader);
    if (version >> 16 != PROTOCOL_MAJOR) {
        Error *err = error_new(SQLSTATE_FEATURE_NOT_SUPPORTED, "unsupported frontend protocol %u.%u: server supports 3.0 to 3.0",
                               version >> 16, version & 0xffff);

        error_fatal(err);
        error_raise(err);
    }
    for (;;) {
        const char *name = read_string(&reader);

        if (name[0] == '\0')
            break;
        take_parameter(startup, name, read_string(&reader));
    }
    if (reader.at != reader.end)
        raise_fatal(SQLSTATE_PROTOCOL_VIOLATION, "invalid startup packet layout: expected terminator as last byte");
    if (startup->user == NULL || startup->user[0] == '\0')
        raise_fatal(SQLSTATE_INVALID_AUTHORIZATION_SPECIFICATION, "no PostgreSQL user name specified in startup packet");
    if (startup->database == NULL || startup->database[0] == '\0')
        startup->database = startup->user;
    if (startup->options != NULL)
        parse_options(startup);
    negotiate_version(startup, version & 0xffff);
}

static void authenticate(Startup *startup)
{
    const RoleDesc *role;
    StrBuf         *out;

    if (startup->method == AUTHENTICATION_SCRAM) {
        role = session_find_role(startup->store, startup->arena, startup->user);
        if (role != NULL && role->valid_until <= session_clock())
            role = NULL;
        scram_authenticate(startup->connection, startup->arena, startup->user, role != NULL ? role->password : NULL);
    }
    out = message_begin(startup->connection, 'R');
    message_int32(out, 0);
    message_end(startup->connection);
}

static void copy_name(char *to, const char *from)
{
    snprintf(to, BACKEND_NAME_BYTES, "%s", from);
}

static void start_session(void *arg)
{
    Startup       *startup = arg;
    SessionOptions options;

    read_parameters(startup, get_be32(startup->payload.data));
    authenticate(startup);
    options = (SessionOptions){
        .user = startup->user,
        .database = startup->database,
        .backend_id = startup->backend->id,
        .cancel_key = startup->backend->key,
        .setting_count = startup->setting_count,
        .setting_names = startup->setting_names,
        .setting_values = startup->setting_values,
    };
    startup->session = session_open(startup->store, &options);
    copy_name(startup->backend->user_name, startup->user);
    copy_name(startup->backend->database_name, startup->database);
    startup->backend->user = startup->session->session_user;
    startup->backend->database = startup->session->database;
}

/* ---- what may come before it --------------------------------------------------------------------------------------------------- */

static Status read_request(Startup *startup, uint32_t *code_out)
{
    Fault  fault;
    Status status = connection_read_startup(startup->connection, &startup->payload, &fault);

    if (status == STATUS_OK)
        *code_out = get_be32(startup->payload.data);
    return status;
}

/* The first packet that is neither a request for encryption; both are declined. */
static bool read_first_packet(Startup *startup)
{
    uint32_t code = 0;

    for (int i = 0; i < MAX_REQUESTS; i++) {
        if (read_request(startup, &code) != STATUS_OK)
            return false;
        if (code == CODE_CANCEL) {
            if (startup->payload.size == 12)
                backend_cancel((int32_t)get_be32(startup->payload.data + 4), get_be32(startup->payload.data + 8));
            return false;
        }
        if (code != CODE_SSL && code != CODE_GSSENC)
            return true;
        connection_put_byte(startup->connection, 'N');
        if (connection_flush(startup->connection, NULL) != STATUS_OK)
            return false;
    }
    return false;
}

static void run(void *arg)
{
    Startup *startup = arg;

    startup->arena = arena_new(connection_arena(startup->connection), NULL, "startup");
    if (read_first_packet(startup))
        start_session(startup);
}

Session *startup_run(Connection *connection, Store *store, Backend *backend, AuthenticationMethod method)
{
    Startup startup = {.connection = connection, .store = store, .backend = backend, .method = method};
    Error  *err = error_catch(run, &startup);

    if (err != NULL) {
        error_fatal(err);
        send_error(connection, err, NULL);
        if (connection_flush(connection, NULL) != STATUS_OK)
            startup.session = NULL;
    }
    arena_free(startup.arena);
    return err == NULL ? startup.session : NULL;
}
