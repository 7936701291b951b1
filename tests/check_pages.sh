#!/usr/bin/env bash
# The pages of flowd for everybody: axe-core finds no barrier on any of them, light and dark, on a phone, a tablet and a desk.
# Their pictures are left in build/pages-test, to be looked at.
#
#   tests/check_pages.sh FLOWC
#
# Needs chromium and npm, and fetches axe-core (tests/pages/package.json) into build/pages-test once. Where they cannot be
# had it says so, and that is no failure. Ends with `N passed, M failed`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3
place=$PWD/build/pages-test

left_out() {
    echo "left out: $1"
    echo "0 passed, 0 failed"
    exit 0
}

command -v npm >/dev/null || left_out "npm is not installed"
command -v chromium >/dev/null || left_out "chromium is not installed"
mkdir -p "$place"
cp tests/pages/package.json "$place/"
if [ ! -f "$place/node_modules/axe-core/axe.min.js" ]; then
    (cd "$place" && timeout 300 npm install --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || left_out "npm cannot fetch packages"
fi
FLOW_PAGES="$place" tests/e2e/run.py --jobs 1 --flowc "$1" test_pages_access
