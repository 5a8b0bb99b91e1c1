/*
 * main.c - the command line: nexadb serve, and what looks after a store.
 */
#include "base/version.h"
#include "executor/catalog/catalog_desc.h"
#include "executor/catalog/catalog_rows.h"
#include "executor/catalog/object_names.h"
#include "executor/func/registry.h"
#include "executor/session/settings.h"
#include "executor/store/command_line.h"
#include "wire/server.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

/*
 * Read by jemalloc at start-up. Caches per thread would cost every idle connection some 50 KB, and what runs often takes its memory
 * from arenas, not from malloc.
 */
extern const char *malloc_conf;
const char        *malloc_conf = "tcache:false";

static Server *running_server; /* for the signal handler */

static const char usage[] =
    "usage: nexadb serve --data DIR [--listen ADDR] [--port N] [--http-port N] [--auth trust|scram-sha-256]\n"
    "                    [--config FILE] [--set name=value]...\n"
    "       nexadb check --data DIR\n"
    "       nexadb --version | --help\n";

static int fail(const Fault *fault)
{
    fprintf(stderr, "nexadb: %s\n", fault->text);
    return EXIT_FAILURE;
}

/* ---- settings ---------------------------------------------------------------------------------------------------------------- */

typedef struct Assignment {
    char *text; /* name=value */
} Assignment;

static void assign(void *arg)
{
    char *text = ((Assignment *)arg)->text;
    char *equals = strchr(text, '=');

    if (equals == NULL)
        raise_error(SQLSTATE_SYNTAX_ERROR, "\"%s\" is not name=value", text);
    *equals = '\0';
    settings_configure(text, equals + 1);
}

static bool configure(char *text, const char *where)
{
    Assignment assignment = {text};
    Error     *err = error_catch(assign, &assignment);

    if (err != NULL)
        fprintf(stderr, "nexadb: %s: %s\n", where, err->message);
    return err == NULL;
}

/* One line of a configuration file: name = value, quotes around the value, comments after #. Returns name=value in place, or NULL. */
static char *trim_line(char *line)
{
    char *name = line + strspn(line, " \t");
    char *value;
    char *end;
    char *to;

    name[strcspn(name, "\r\n")] = '\0';
    if (*name == '#' || *name == '\0')
        return NULL;
    end = name + strcspn(name, " \t=");
    value = end + strspn(end, " \t=");
    *end = '=';
    to = end + 1;
    if (*value == '\'') {
        for (value++; *value != '\0' && !(value[0] == '\'' && value[1] != '\''); value++) {
            if (*value == '\'')
                value++;
            *to++ = *value;
        }
    } else {
        while (*value != '\0' && *value != '#')
            *to++ = *value++;
        while (to > end + 1 && (to[-1] == ' ' || to[-1] == '\t'))
            to--;
    }
    *to = '\0';
    return name;
}

static bool read_configuration(const char *path)
{
    FILE  *file = fopen(path, "re");
    char  *line = NULL;
    size_t size = 0;
    bool   good = true;

    if (file == NULL) {
        fprintf(stderr, "nexadb: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    while (good && getline(&line, &size, file) >= 0) {
        char *assignment = trim_line(line);

        if (assignment != NULL)
            good = configure(assignment, path);
    }
    free(line);
    fclose(file);
    return good;
}

/* ---- serve --------------------------------------------------------------------------------------------------------------------- */

typedef struct ServeArguments {
    const char *data, *listen, *auth, *config;
    int         port, http_port;
    char      **sets;
    int         set_count;
} ServeArguments;

static bool parse_port(const char *text, int *port)
{
    char *end;
    long  value = strtol(text, &end, 10);

    if (*text == '\0' || *end != '\0' || value < 0 || value > 65535) {
        fprintf(stderr, "nexadb: \"%s\" is not a port\n", text);
        return false;
    }
    *port = (int)value;
    return true;
}

static bool parse_serve(int argc, char **argv, ServeArguments *arguments)
{
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'}, {"listen", required_argument, NULL, 'l'},    {"port", required_argument, NULL, 'p'},
        {"http-port", required_argument, NULL, 'h'}, {"auth", required_argument, NULL, 'a'}, {"config", required_argument, NULL, 'c'},
        {"set", required_argument, NULL, 's'},  {NULL, 0, NULL, 0},
    };
    int option;

    arguments->sets = calloc((size_t)argc, sizeof *arguments->sets);
    if (arguments->sets == NULL)
        return false;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case 'd':
            arguments->data = optarg;
            break;
        case 'l':
            arguments->listen = optarg;
            break;
        case 'p':
            if (!parse_port(optarg, &arguments->port))
                return false;
            break;
        case 'h':
            if (!parse_port(optarg, &arguments->http_port))
                return false;
            break;
        case 'a':
            arguments->auth = optarg;
            break;
        case 'c':
            arguments->config = optarg;
            break;
        case 's':
            arguments->sets[arguments->set_count++] = optarg;
            break;
        default:
            return false;
        }
    }
    return optind == argc && arguments->data != NULL;
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 || strcmp(address, "localhost") == 0;
}

/* trust on loopback, scram-sha-256 elsewhere; trust elsewhere is refused. */
static bool choose_method(const ServeArguments *arguments, AuthenticationMethod *method)
{
    bool loopback = is_loopback(arguments->listen);

    if (arguments->auth == NULL) {
        *method = loopback ? AUTHENTICATION_TRUST : AUTHENTICATION_SCRAM;
        return true;
    }
    if (strcmp(arguments->auth, "scram-sha-256") == 0) {
        *method = AUTHENTICATION_SCRAM;
        return true;
    }
    if (strcmp(arguments->auth, "trust") != 0) {
        fprintf(stderr, "nexadb: --auth takes trust or scram-sha-256, not \"%s\"\n", arguments->auth);
        return false;
    }
    if (!loopback)
        fprintf(stderr, "nexadb: --auth trust is for loopback addresses only; listen on 127.0.0.1 or use --auth scram-sha-256\n");
    *method = AUTHENTICATION_TRUST;
    return loopback;
}

static void on_signal(int number)
{
    (void)number;
    server_stop(running_server);
}

static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static int serve_store(const ServeArguments *arguments, AuthenticationMethod method, Store *store)
{
    ServerOptions options = {.listen = arguments->listen, .port = arguments->port, .method = method, .max_connections = 1000};
    Fault         fault;

    if (store_first_start(store, getenv("NEXADB_PASSWORD"), &fault) != STATUS_OK)
        return fail(&fault);
    if (method == AUTHENTICATION_SCRAM && !store_has_password(store)) {
        fprintf(stderr, "nexadb: scram-sha-256 needs a role with a password, and there is none: "
                        "set NEXADB_PASSWORD for the first start, or ALTER ROLE nexadb PASSWORD '...' on a loopback address\n");
        return EXIT_FAILURE;
    }
    if (server_open(&options, store, &running_server, &fault) != STATUS_OK)
        return fail(&fault);
    catch_signals();
    printf("nexadb %s: %s on %s port %d\n", NEXADB_VERSION, arguments->data, arguments->listen, server_port(running_server));
    fflush(stdout);
    server_run(running_server);
    server_close(running_server);
    return EXIT_SUCCESS;
}

static int serve(int argc, char **argv)
{
    ServeArguments       arguments = {.listen = "127.0.0.1", .port = 5433};
    AuthenticationMethod method;
    Store                store;
    Fault                fault;
    int                  result;

    if (!parse_serve(argc, argv, &arguments)) {
        fputs(usage, stderr);
        free(arguments.sets);
        return EXIT_USAGE;
    }
    result = EXIT_SUCCESS;
    if (arguments.config != NULL && !read_configuration(arguments.config))
        result = EXIT_FAILURE;
    for (int i = 0; i < arguments.set_count && result == EXIT_SUCCESS; i++)
        if (!configure(arguments.sets[i], "--set"))
            result = EXIT_FAILURE;
    free(arguments.sets);
    if (result != EXIT_SUCCESS || !choose_method(&arguments, &method))
        return EXIT_FAILURE;
    if (store_open_directory(arguments.data, &store, &fault) != STATUS_OK)
        return fail(&fault);
    result = serve_store(&arguments, method, &store);
    if (store_close(&store, &fault) != STATUS_OK)
        return fail(&fault);
    return result;
}

/* ---- check ------------------------------------------------------------------------------------------------------------------------ */

static void print_finding(void *arg, const Fault *finding)
{
    (void)arg;
    printf("%s\n", finding->text);
}

static int check(int argc, char **argv)
{
    uint64_t findings = 0;
    Fault    fault;

    if (argc != 3 || strcmp(argv[1], "--data") != 0) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (store_check_directory(argv[2], print_finding, NULL, &findings, &fault) != STATUS_OK)
        return fail(&fault);
    printf("%llu findings\n", (unsigned long long)findings);
    return findings == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    stack_limit_set(6 << 20);
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        puts("nexadb " NEXADB_VERSION);
        return EXIT_SUCCESS;
    }
    if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    registry_init();
    catalog_desc_init();
    catalog_rows_init();
    object_names_init();
    if (argc >= 2 && strcmp(argv[1], "serve") == 0)
        return serve(argc - 1, argv + 1);
    if (argc >= 2 && strcmp(argv[1], "check") == 0)
        return check(argc - 1, argv + 1);
    fputs(usage, stderr);
    return EXIT_USAGE;
}
