#!/usr/bin/env bash
# From a bare Debian 12 to the documents and records of every example shop: installs what is missing, builds, compiles the
# shops into out/, runs each on simulated printers, and ends by naming the files to open. As root or with sudo; where all is there, nothing is fetched.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@" # started as `sh run.sh`
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$*"; }

step "1/4 Packages"
tests/install.sh build

step "2/4 Building flowc and flowd (build/release)"
mkdir -p build
log=build/release.log
if ! { cmake --preset release && cmake --build --preset release --target flowc flowd; } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "run: the build failed; the whole log is $log" >&2
    exit 3
fi
flowc=$PWD/build/release/flowc flowd=$PWD/build/release/flowd
"$flowc" --version
"$flowd" --version

step "3/4 Compiling the example shops into out/"
shops=()
specs=()
for spec in examples/*/*.flow; do
    grep -q '^product ' "$spec" || continue # a file that shops share
    shop=$(basename "$(dirname "$spec")")
    echo "-- $spec"
    "$flowc" check "$spec"
    "$flowc" build "$spec" -o "out/$shop" >/dev/null
    shops+=("$shop")
    specs+=("$spec")
done

step "4/4 Running the shops on simulated printers"
for i in "${!specs[@]}"; do
    shop=out/${shops[$i]}/shop
    echo "-- ${specs[$i]}"
    rm -rf "$shop" # a simulated one: it is made anew, the same
    "$flowd" simulate "${specs[$i]}" -o "$shop" --demand 30
    "$flowd" batch record B-1 --shop "$shop" -o "$shop/batch_record.pdf" >/dev/null
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
    show "out/$shop/shop/batch_record.pdf" "the record of a batch, as it ran"
done
