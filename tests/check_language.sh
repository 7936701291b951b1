#!/usr/bin/env bash
# Holds that the examples of docs/language.md that have a file's name check clean, together in one folder.
#
#   tests/check_language.sh FLOWC
set -euo pipefail
cd "$(dirname "$0")/.."
flowc=${1:?which flowc?}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
awk -v folder="$folder" '
    /^```(flow|yaml) ./ { file = folder "/" $2; next }
    /^```/ { file = "" }
    file { print >file }' docs/language.md
[ -f "$folder/values.flow" ] && [ -f "$folder/machines.yaml" ]
cd "$folder"
"$flowc" check --deny warnings ./*.flow
