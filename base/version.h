/*
 * version.h - the one place that knows which version this is and which PostgreSQL it speaks as.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define NEXADB_VERSION "0.1"

/* What SHOW server_version and server_version_num report: clients choose their dialect by them. */
#define SERVER_VERSION "15.20 (NexaDB " NEXADB_VERSION ")"
#define SERVER_VERSION_NUM 150020
#define SERVER_VERSION_NUM_TEXT "150020"

#endif
