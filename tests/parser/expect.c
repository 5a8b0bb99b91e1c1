/*
 * expect.c - asks a PostgreSQL 15 what its grammar says of each text of a file, and prints the expectations.
 *
 * Texts are separated by blank lines. Each is sent with `;)` behind it, which no grammar accepts: an error at that
 * parenthesis means that the text itself was accepted, and nothing is ever executed. The
 * error of a text that is refused is asked for without the addition. Output: one line a text, `ok` or `SQLSTATE position message`.
 * Run by regenerate.sh.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int position_of(const PGresult *result)
{
    const char *field = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);

    return field == NULL ? 0 : atoi(field);
}

/* Characters up to and with the last one. */
static int characters(const char *text)
{
    int count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static void expect(PGconn *server, const char *text)
{
    size_t      size = strlen(text) + 8;
    char       *longer = malloc(size);
    PGresult   *result;
    const char *message;
    int         accepted;

    snprintf(longer, size, "%s\n;)", text);
    result = PQprepare(server, "", longer, 0, NULL);
    accepted = position_of(result) == characters(longer);
    PQclear(result);
    result = PQprepare(server, "", text, 0, NULL);
    message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    /* in a BEGIN ATOMIC body the semicolon would be taken in */
    if (accepted && (message == NULL || strstr(message, "at end of input") == NULL))
        puts("ok");
    else
        printf("%s %d %s\n", PQresultErrorField(result, PG_DIAG_SQLSTATE), position_of(result), message);
    PQclear(result);
    free(longer);
}

int main(int argc, char **argv)
{
    PGconn *server = PQconnectdb(argc > 1 ? argv[1] : "");
    char   *text = calloc(1, 1 << 20);
    char    line[1 << 16];

    if (PQstatus(server) != CONNECTION_OK) {
        fputs(PQerrorMessage(server), stderr);
        return 1;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (line[0] != '\n') {
            strcat(text, line);
            continue;
        }
        if (text[0] != '\0') {
            text[strlen(text) - 1] = '\0'; /* the last newline */
            expect(server, text);
        }
        text[0] = '\0';
    }
    if (text[0] != '\0') {
        text[strlen(text) - 1] = '\0';
        expect(server, text);
    }
    PQfinish(server);
    return 0;
}
