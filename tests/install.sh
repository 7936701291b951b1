#!/usr/bin/env bash
# Installs what is missing to build (install.sh build) or to build and test (install.sh), on Debian 12,
# as root or with sudo. Where nothing is missing it asks no network and changes nothing.
set -euo pipefail
cd "$(dirname "$0")"

what=${1:-test}

# The packages of tests/packages.txt: those of [build], and for "test" all.
wanted() {
    awk -v what="$what" '
        { sub(/#.*/, "") }
        /^\[/ { section = $1; next }
        NF && (section == "[build]" || what == "test") { print $1 }' packages.txt
}

installed() {
    dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' 2>/dev/null |
        awk '$1 == "installed" { print $2 }'
}

if ! command -v apt-get >/dev/null; then
    echo "install: this is no Debian; needed are, under Debian's names: $(wanted | xargs)" >&2
    exit 0
fi

mapfile -t missing < <(comm -23 <(wanted | sort -u) <(installed | sort -u))
if [ ${#missing[@]} -eq 0 ]; then
    echo "install: all packages are there"
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "install: not root and no sudo; run as root: apt-get install ${missing[*]}" >&2
        exit 3
    fi
    as_root=(sudo)
fi

echo "install: installing, with apt-get: ${missing[*]}"
if ! "${as_root[@]}" apt-get -qq update; then
    echo "install: the package lists could not be renewed; trying with those that are there" >&2
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 install "${missing[@]}"
echo "install: done"
