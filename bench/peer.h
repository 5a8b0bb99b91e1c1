/*
 * peer.h - the two servers of a comparison: NexaDB and a PostgreSQL 15 cluster, each in a temporary directory on a free port.
 *
 * PostgreSQL comes from Debian's postgresql-15; run by root, it runs as the user postgres, since initdb refuses root.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <sys/types.h>

typedef enum PeerKind { PEER_NEXADB, PEER_POSTGRESQL, PEER_COUNT } PeerKind;

extern const char *const peer_names[PEER_COUNT];

typedef struct Peer {
    PeerKind kind;
    char     directory[256];
    int      port;
    pid_t    pid;
} Peer;

/* Makes the directory (below $BENCH_DIR or /tmp) and starts the server; ends the program when it cannot. All is removed at exit. */
void peer_start(Peer *peer, PeerKind kind);
/* A clean stop and a start on the same directory; returns seconds from exec to the first answered query. */
double peer_restart(Peer *peer);

PGconn *peer_connect(const Peer *peer);

/* Resident memory of the server's processes in bytes (for PostgreSQL the sum of the private parts). */
long peer_memory(const Peer *peer);

/* Runs a statement that must succeed. */
void  peer_do(PGconn *connection, const char *sql);
/* The whole result as text, fields separated by |, rows by newlines; malloc'd. */
char *peer_text(PGconn *connection, const char *sql);

double seconds_now(void);

#endif
