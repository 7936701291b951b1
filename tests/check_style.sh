#!/usr/bin/env bash
# Layout of the C files (clang-format) and mistakes in the scripts (shellcheck). Ends with `N passed, M failed`,
# a file counting one.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3

passed=0
failed=0
judge() { # judge FILE COMMAND...
    local file=$1
    shift
    if "$@" "$file"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

while IFS= read -r file; do
    [ -f "$file" ] && judge "$file" clang-format --dry-run -Werror --ferror-limit=1
done < <(git ls-files '*.c' '*.h')
while IFS= read -r file; do
    [ -f "$file" ] && judge "$file" shellcheck
done < <(git ls-files '*.sh' .ci/run)

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
