#!/bin/sh
# Runs every script of tests/sql against a fresh NexaDB: one TAP line per file. SQL=name: those whose name contains it.
exec "${NEXADB_BUILD:-build}/tests/sqlrun" tests/sql/*"${SQL:-}"*.sql
