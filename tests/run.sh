#!/usr/bin/env bash
# Every test. From a bare Debian 12: installs what is missing, builds twice (with sanitizers, and as released), then
# runs the units of the table below, one after the other; each may use two cores.
#
#   tests/run.sh                 all of them
#   tests/run.sh NAME...         only these (and whatever they need must be built already)
#   tests/run.sh --list          their names
#
# To add one: a line in the table, `unit NAME COMMAND...`, where it belongs in the order. The command runs at the top of
# the repository; $flowc is the released program, $checked the one with sanitizers. If the last line it prints is
# `N passed, M failed` these are counted, else its exit status counts as one. What it prints is kept in
# build/test-logs/NAME.log, and shown when it fails; what is UNSTABLE or left out is always shown. A unit has 25 minutes;
# tell it a bound of its own if it needs one.
#
# The last line is `N passed, M failed`; the status is 0 only if M is 0.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@" # started as `sh run.sh`
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3

flowc=$PWD/build/release/flowc
checked=$PWD/build/dev/flowc
logs=$PWD/build/test-logs
export FLOW_SPECS=$PWD/specs
export LSAN_OPTIONS=suppressions=$PWD/tests/leaks.txt:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export PYTHONDONTWRITEBYTECODE=1

table() {
    unit install           tests/install.sh
    unit build-dev         build dev
    unit build-release     build release

    unit unit              tests/unit.sh build/dev
    unit workflows         env FLOW_ROUNDS=100000 tests/unit.sh build/release check_random
    unit judge             tests/check_judge.py
    unit contract          tests/run_contract.py --flowc "$flowc"
    unit contract-checked  tests/run_contract.py --flowc "$checked"
    unit examples          tests/run_contract.py --flowc "$flowc" examples specs
    unit cost-oracle       tests/oracle/check_cost.py --flowc "$flowc" --count 150
    unit control-oracle    tests/oracle/check_control.py --program build/dev/tests/test_control
    unit actuals-oracle    tests/oracle/check_actuals.py --program build/dev/tests/test_actuals
    unit farm20            tests/check_farm20.py --build build/release
    unit plan-oracle       tests/oracle/check_plan.py --program build/dev/tests/test_plan
    unit published         tests/bench/check_published.py --build build/release
    unit e2e               tests/e2e/run.py --flowc "$flowc" --jobs 3
    unit real-printers     tests/real/run.py --build build/release --quick --jobs 1
    unit e2e-checked       tests/e2e/run.py --flowc "$checked" --checked --jobs 3
    unit instructions      tests/bench/check_instructions.py --build build/release
    unit workbook          tests/check_workbook.py --flowc "$flowc"
    unit documents         tests/check_documents.py --flowc "$flowc"
    unit first-article     tests/check_first_article.py --flowc "$flowc"
    unit zpl               tests/check_zpl.py --flowc "$flowc"
    unit spec-json         tests/check_spec_json.py --flowc "$flowc"
    unit package           tests/e2e/package.sh build/release
    unit editor-edits      env FLOW_EDITS=10000 tests/e2e/run.py --flowc "$flowc" random_edits_end
    unit editor-latency    tests/bench/lsp.py --flowc "$flowc" --check --cpu
    unit vscode            tests/check_vscode.sh "$flowc"
    unit pages             tests/check_pages.sh "$flowc"
    unit meshes            tests/check_meshes.py --flowc "$flowc"
    unit fuzz              tests/fuzz/run.sh 20

    unit contract-copy     tests/check_contract_copy.sh
    unit includes          tests/check_includes.py
    unit sizes             tests/check_size.py
    unit rules             tests/check_rules.py
    unit metrics           tests/check_metrics.py
    unit shipped           tests/check_shipped.py
    unit reference         tests/check_reference.sh build/release
    unit language          tests/check_language.sh "$flowc"
    unit tutorial          tests/check_tutorial.py --flowc "$flowc"
    unit texts             tests/check_text.sh
    unit style             tests/check_style.sh
    unit cppcheck          tests/check_analysis.sh cppcheck build/dev
    unit tidy              tests/check_analysis.sh tidy build/dev
}

# shellcheck disable=SC2317 # the table runs it
build() {
    cmake --preset "$1" && cmake --build --preset "$1"
}

passed=0
failed=0
only=("$@")

wanted() { # wanted NAME: whether the command line asks for it
    local name
    [ ${#only[@]} -eq 0 ] && return 0
    for name in "${only[@]}"; do
        [ "$name" = "$1" ] && return 0
    done
    return 1
}

# Runs one row of the table and counts it.
unit() {
    local name=$1 log=$logs/$1.log start=$SECONDS status good=0 bad=0
    shift
    if [ "${only[0]:-}" = --list ]; then
        echo "$name"
        return
    fi
    wanted "$name" || return
    if [ "$(type -t "$1")" = function ]; then
        "$@" >"$log" 2>&1 </dev/null
    else
        timeout --kill-after=10 1500 "$@" >"$log" 2>&1 </dev/null
    fi
    status=$?
    if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        good=${BASH_REMATCH[1]}
        bad=${BASH_REMATCH[2]}
        [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
    elif [ "$status" -eq 0 ]; then
        good=1
    else
        bad=1
    fi
    if [ "$bad" -gt 0 ]; then
        echo "---- $name (status $status, build/test-logs/$name.log ends with) ----"
        tail -n 60 "$log"
        echo "----"
    fi
    # What another unit runs is not left out; what sanitizers keep out is run by the one without them.
    grep -E '^(UNSTABLE|left out)' "$log" | grep -vE ': it is for tests/|sanitizers'
    printf '%-18s %6d passed %4d failed %5d s\n' "$name" "$good" "$bad" $((SECONDS - start))
    passed=$((passed + good))
    failed=$((failed + bad))
}

main() { # in a function, so that an edit of this file while it runs does no harm
    mkdir -p "$logs"
    table
    [ "${only[0]:-}" = --list ] && exit 0
    if [ $((passed + failed)) -eq 0 ]; then
        echo "run: no unit of that name; tests/run.sh --list says which there are" >&2
        exit 2
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
main
