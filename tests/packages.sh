#!/bin/sh
# packages.sh NAME...: installs the Debian packages of the list that are missing. Does nothing, and needs no
# network, when all are there. Runs as root or through sudo.
set -eu

missing=""
for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "packages.sh: missing:$missing; run as root, or install sudo" >&2; exit 1; }
    as_root="sudo"
fi
echo "installing:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
# shellcheck disable=SC2086  # the list is split into words on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing >/dev/null
