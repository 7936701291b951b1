#!/usr/bin/env bash
# Holds that docs/reference.md is what docs/make_reference.c writes from the compiler's own tables, and that the spec its
# examples are cut from checks clean.
#
#   tests/check_reference.sh BUILD             compares
#   tests/check_reference.sh BUILD --update    writes it anew
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:?which build folder?}
cmake --build "$build" --target make_reference >&2
if [ "${2:-}" = --update ]; then
    "$build/make_reference" docs/reference.flow >docs/reference.md
    exit
fi
if ! "$build/make_reference" docs/reference.flow | diff -u docs/reference.md -; then
    echo "docs/reference.md is not what the tables say: tests/check_reference.sh $build --update"
    exit 1
fi
FLOW_SPECS=$PWD/specs "$build/flowc" check --deny warnings docs/reference.flow
FLOW_SPECS=$PWD/specs "$build/flowc" fmt --check docs/reference.flow
