#!/usr/bin/env bash
# What must not stand in a tracked file: a path of somebody's machine, a word that says "unfinished", a test that
# cannot fail; a document that links to what is not there. Ends with `N passed, M failed`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3

passed=0
failed=0
files=()
while IFS= read -r file; do
    [ -f "$file" ] && files+=("$file")
done < <(git ls-files | grep -Ev '^tests/(contract/|orders/.*\.csv$|fuzz/(found|seeds)/|check_text\.sh)|\.(stl|3mf|pdf|png)$')

# absent NAME PATTERN FILE...: no line of the files has the pattern.
absent() {
    local name=$1 pattern=$2 found
    shift 2
    found=$(grep -HnIE -- "$pattern" "$@" 2>/dev/null)
    if [ -n "$found" ]; then
        printf '%s:\n%s\n' "$name" "$found"
        failed=$((failed + 1))
    else
        passed=$((passed + 1))
    fi
}

# Every relative link of a document leads to a file.
links_lead_somewhere() {
    local document target missing=0
    while IFS= read -r document; do
        while IFS= read -r target; do
            target=${target%%#*}
            [ -z "$target" ] || [ -e "$(dirname "$document")/$target" ] && continue
            printf '%s: links to %s, which is not there\n' "$document" "$target"
            missing=1
        done < <(grep -oE '\]\([^)]+\)' "$document" | sed 's/^](//; s/)$//' | grep -vE '^(https?:|mailto:)')
    done < <(git ls-files '*.md' | grep -v '^tests/contract/')
    if [ "$missing" -eq 1 ]; then failed=$((failed + 1)); else passed=$((passed + 1)); fi
}

absent "a path of somebody's machine" '(^|[^A-Za-z0-9_.])/(work|farm|home/[a-z]+|root)/' "${files[@]}"
absent "unfinished by its own words" '\b(TODO|FIXME|XXX|HACK)\b|not implemented|\bplaceholder\b' "${files[@]}"
absent "a check that cannot fail" 'assert(_true)?\((1|true)\)' "${files[@]}"
absent "spaces at the end of a line" '[[:space:]]$' "${files[@]}"
links_lead_somewhere

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
