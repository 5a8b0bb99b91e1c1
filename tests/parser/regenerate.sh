#!/bin/bash
# Makes the .out files of this folder from a PostgreSQL 15: tests/parser/regenerate.sh 'host=... user=postgres'
set -e
cd "$(dirname "$0")"
program=$(mktemp)
trap 'rm -f "$program"' EXIT
gcc -O1 -Wall -I/usr/include/postgresql -o "$program" expect.c -lpq
for file in *.sql; do
    case $file in
    nexa_*) ;; # what PostgreSQL does not have: written by hand
    *) "$program" "$1" <"$file" >"${file%.sql}.out" ;;
    esac
done
psql "$1" -AtF ' ' -c 'SELECT word, catcode, barelabel FROM pg_get_keywords() ORDER BY word COLLATE "C"' >keywords.out
