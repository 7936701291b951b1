#!/usr/bin/env bash
# The unit tests of a build folder (ctest), or those of some name. usage: unit.sh BUILD_FOLDER [NAME]
# Ends with `N passed, M failed`.
set -uo pipefail
ctest --test-dir "$1" --tests-regex "${2:-.}" --output-on-failure --parallel 2 --timeout 1400 --no-tests=error | tee "$1/ctest.log"
status=${PIPESTATUS[0]}
summary=$(grep -oE '[0-9]+ tests failed out of [0-9]+' "$1/ctest.log")
if [ -n "$summary" ]; then
    read -r failed _ _ _ _ all <<<"$summary"
    echo "$((all - failed)) passed, $failed failed"
fi
exit "$status"
