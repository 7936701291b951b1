#!/usr/bin/env bash
# From a bare Debian 12 to the documents of every example shop: installs what is missing, builds flowc, compiles the
# shops into out/, and ends by naming the files to open. As root or with sudo; where all is there, nothing is fetched.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@" # started as `sh run.sh`
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$*"; }

step "1/3 Packages"
tests/install.sh build

step "2/3 Building flowc (build/release)"
mkdir -p build
log=build/release.log
if ! { cmake --preset release && cmake --build --preset release --target flowc; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "run: the build failed; the whole log is $log" >&2
    exit 3
fi
flowc=$PWD/build/release/flowc
"$flowc" --version

step "3/3 Compiling the example shops into out/"
shops=()
for spec in examples/*/*.flow; do
    grep -q '^product ' "$spec" || continue # a file that shops share
    shop=$(basename "$(dirname "$spec")")
    echo "-- $spec"
    "$flowc" check "$spec"
    "$flowc" build "$spec" -o "out/$shop" >/dev/null
    shops+=("$shop")
done

# What to open: a file, if the build made it, and what it is.
show() {
    local file
    for file in $1; do
        [ -f "$file" ] && printf '  %-52s %s\n' "$file" "$2"
    done
    return 0
}
printf '\nDone. Open:\n'
for shop in "${shops[@]}"; do
    show "out/$shop/*/instructions.html" "work instructions, for the bench"
    show "out/$shop/*/diagram.pdf" "how the work flows"
    show "out/$shop/*/workbook.xlsx" "what it costs, live"
    show "out/$shop/*/packet*.pdf" "the request for quotation"
    show "out/$shop/*/labels.pdf" "labels to print"
    show "out/$shop/*/forms.pdf" "batch record, first article, inspection records"
done
