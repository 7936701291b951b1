#!/usr/bin/env bash
# Every fuzzer of this folder: first what was found once (found/NAME/*), then SECONDS (20) of new inputs each.
#
#   tests/fuzz/run.sh [SECONDS [NAME...]]      NAME is that of fuzz_NAME.c
#
# Builds into build/fuzz, or where FUZZ_BUILD says. Seeds are the repository's specs, YAML files, order files and models, and what is
# in seeds/NAME; the dictionary is made of the schema's words. What a run learns is kept in build/fuzz/corpus, what it
# finds in build/fuzz/findings. Make a finding small, put it into found/NAME, and mend what is wrong:
#
#   FUZZ_FOLDER=$(mktemp -d) build/fuzz/fuzz_NAME -minimize_crash=1 -runs=10000 FILE
#
# Ends with `N passed, M failed`.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 3
seconds=${1:-20}
shift $(($# > 0))
build=${FUZZ_BUILD:-$PWD/build/fuzz}
names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(basename -s .c tests/fuzz/fuzz_*.c | sed 's/^fuzz_//')
FUZZ_FOLDER=$(mktemp -d) && export FUZZ_FOLDER FLOW_SPECS=$PWD/specs
trap 'rm -rf "$FUZZ_FOLDER"' EXIT

# An input takes milliseconds; one that takes ten seconds or 2 GB is a finding.
limits=(-timeout=10 -rss_limit_mb=2048 -max_len=20000)

# Every name and every word of a phrase; then what has no letters.
dictionary() {
    {
        sed -n 's/^ *K(\([a-z]*\),.*/\1/p; s/^ *F(\([a-z_]*\),[^"]*"\([^"]*\)".*/\1 \2/p' compiler/schema/kinds.def
        sed -n 's/^ *RULE(\([a-z_]*\).*/\1/p' compiler/schema/rules.def
        echo use std processes machines materials let by batch per of at x within least most min max ceil
        echo mm um cm in m kg g lb s h day workday week degC degF W kWh N bar rpm deg ml USD EUR JPY
    } | grep -oE '[A-Za-z][A-Za-z_]*[A-Za-z]|[A-Za-z]' | sort -u | sed 's/.*/"&"/'
    printf '"%s"\n' '{' '}' '(' ')' '..' '+/-' '->' ' -> ' ';' ',' '%' ' x ' '\"' '\"\"\"' '\\n' '# ' '## ' '{x}' '.' \
        '\xc2\xb0C' '\xc2\xb1' '\xc3\x97' '\x00' '\xff' '\xef\xbb\xbf' 'edition 1\x0a' 'use std.processes\x0a' \
        'use \"m.yaml\"\x0a' 'like ' '2027-02-15' '1/3' '1e9' '&a' '*a' ': ' '- ' '|\x0a' '>\x0a' '---\x0a' '?' '!!' \
        '%YAML' 'solid' 'facet' 'outer loop' 'vertex' 'endloop' 'endfacet' 'v ' 'f ' 'vn ' '1//2' '\\\x0a' '\x0d'
    # of order files
    printf '"%s"\n' 'order,sku,quantity\x0a' 'ask:first_line' 'Item - Options' 'Lineitem properties' 'Personalization:' \
        'First: ' 'NP-none' 'AR-12' '\"\x0d\x0a' '03/04/2027' 'cancelled' ',,,,' 'sep=;\x0a' "'=" '1,000' '#1001'
    # of the API
    sed -n 's/^COMMAND(\([a-z_]*\).*/"\1"/p' runtime/engine/messages.def
    printf '"%s"\n' 'GET /api/v1' 'POST /api/v1' 'OPTIONS ' 'application/json' 'text/csv' '\"command\":\"' '\"id\":\"' \
        '01936f2e-5b00-7000-8000-000000000001' '?from=' '&limit=' '&as=' '%2F' '\\u0000'
    # of the XML in 3MF
    printf '"%s"\n' '<vertex x=\"1\" y=\"1\" z=\"0\"/>' '<triangle v1=\"0\" v2=\"1\" v3=\"2\"/>' \
        '<object id=\"2\">' '<component objectid=\"1\"/>' '<item objectid=\"1\"/>' '</object>' '</mesh>' \
        ' transform=\"1 0 0 0 1 0 0 0 1 0 0 0\"' ' p:path=\"/3D/a.model\"' ' type=\"support\"' ' unit=\"inch\"' \
        '<metadata name=\"Title\">' '<!DOCTYPE' '<!ENTITY' '&a;' '<!--' '-->' '<![CDATA[' '1e38' '4294967295'
}

seeds() { # seeds NAME: the folders and files that it begins with
    local kinds=(-name '*.flow') folder=$FUZZ_FOLDER/seeds/$1 path
    [ "$1" = yaml ] && kinds=(-name '*.yaml')
    [ "$1" = orders ] && kinds=(-name '*.csv')
    [ "$1" = mesh ] && kinds=(-name '*.stl' -size -60k)
    mkdir -p "$folder"
    if [ -d "tests/fuzz/seeds/$1" ]; then # of a format that the repository has no files of
        cp "tests/fuzz/seeds/$1"/* "$folder"
        echo "$folder"
        return
    fi
    find tests/contract tests/cases tests/orders examples specs "${kinds[@]}" -print0 | sort -z |
        while IFS= read -r -d '' path; do
            cp "$path" "$folder/$(tr '/' '_' <<<"$path")"
        done
    echo "$folder"
}

passed=0
failed=0
count() { # count STATUS WHAT
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $2"
    fi
}

fuzz() { # fuzz NAME: new inputs, for so many seconds
    "$build/fuzz_$1" "${limits[@]}" -max_total_time="$seconds" -dict="$FUZZ_FOLDER/words" -print_final_stats=1 \
        -artifact_prefix="$build/findings/$1-" "$build/corpus/$1" "$(seeds "$1")" >"$FUZZ_FOLDER/$1.log" 2>&1
    echo $? >"$FUZZ_FOLDER/$1.status"
}

cmake --preset fuzz -B "$build" && cmake --build "$build" --target fuzzers || exit 3
dictionary >"$FUZZ_FOLDER/words"
for name in "${names[@]}"; do
    mkdir -p "$build/corpus/$name" "$build/findings"
    for found in "tests/fuzz/found/$name"/*; do
        [ -e "$found" ] || continue
        "$build/fuzz_$name" "${limits[@]}" "$PWD/$found"
        count $? "$name on $found"
    done
    [ "$seconds" -eq 0 ] && continue
    fuzz "$name" & # two at a time
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
done
wait
for name in "${names[@]}"; do
    [ "$seconds" -eq 0 ] && continue
    cat "$FUZZ_FOLDER/$name.log"
    count "$(cat "$FUZZ_FOLDER/$name.status")" "$name: its input is in $build/findings"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
