#!/bin/sh
# demo.sh [RECORDS] - Debian's package index in NexaDB: starts a server on a free port over a temporary directory, loads the
# records as documents through COPY, and runs the queries of this folder.
#
# RECORDS is a file of package records; without it, all that apt knows (apt-cache dumpavail, about 60,000). `make demo` calls this.
# NEXADB names the program (build/nexadb). Everything is removed at the end; KEEP=1 leaves the server running instead.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
nexadb=${NEXADB:-$here/../../build/nexadb}
work=$(mktemp -d)
server=""

clean_up() {
    [ -z "$server" ] || kill "$server" 2>/dev/null && wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# ---- the records -----------------------------------------------------------------------------------------------------
records=${1:-}
if [ -z "$records" ]; then
    records=$work/records
    apt-cache dumpavail > "$records"
    # Without package lists apt knows only what is installed: fetch them once.
    if [ "$(grep -c '^Package:' "$records")" -lt 10000 ]; then
        echo "fetching package lists: apt-get update"
        as_root=""
        [ "$(id -u)" = 0 ] || as_root=sudo
        $as_root apt-get -qq update
        apt-cache dumpavail > "$records"
    fi
fi
total=$(grep -c '^Package:' "$records")

# ---- the server ------------------------------------------------------------------------------------------------------
# Port 0 is any free port; the line that the server prints when it listens names it.
"$nexadb" serve --data "$work/data" --listen 127.0.0.1 --port 0 > "$work/log" 2>&1 &
server=$!
port=""
while [ -z "$port" ]; do
    kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
    port=$(sed -n 's/.* port \([0-9][0-9]*\)$/\1/p' "$work/log")
done
psql="psql -X -q -v ON_ERROR_STOP=1 -P pager=off -h 127.0.0.1 -p $port -U nexadb -d nexadb"

# ---- loading ---------------------------------------------------------------------------------------------------------
echo "loading $total package records into 127.0.0.1:$port"
$psql -f "$here/00_schema.sql"
"$here/packages.pl" --total "$total" < "$records" | $psql -c 'COPY packages (doc, embedding) FROM STDIN'

# ---- asking ----------------------------------------------------------------------------------------------------------
for file in "$here"/[0-9]*.sql; do
    [ "$file" != "$here/00_schema.sql" ] || continue
    echo
    echo "---- ${file##*/} ----"
    cat "$file"
    echo
    $psql -c '\timing on' -f "$file"
done

if [ -n "${KEEP:-}" ]; then
    echo
    echo "still there: psql -h 127.0.0.1 -p $port -U nexadb nexadb     (ends with Ctrl-C)"
    wait "$server"
fi
