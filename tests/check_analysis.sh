#!/usr/bin/env bash
# cppcheck (what the compilers see better left out) and clang-tidy (the checks of .clang-tidy) over every C file, within a time limit.
# usage: check_analysis.sh cppcheck|tidy BUILD_FOLDER [FILE...]      ends with `N passed, M failed`
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3

tool=$1
build=$2
shift 2
limit_s=1200
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
    while IFS= read -r file; do
        [ -f "$file" ] && files+=("$file")
    done < <(git ls-files 'compiler/*.c' 'runtime/*.c')
fi

case $tool in
cppcheck)
    timeout "$limit_s" cppcheck --quiet --std=c11 --language=c -j 2 --inline-suppr --error-exitcode=1 \
        --enable=warning,portability,performance --suppress=missingIncludeSystem \
        --suppress=uninitvar --suppress=returnDanglingLifetime --suppress=identicalInnerCondition \
        --template='{file}:{line}: {id}: {message}' \
        -DFLOW_VERSION='"0"' -D'json_array_foreach(list, i, item)=while ((i = 1) && (item = (list)))' \
        -D'json_object_foreach(object, key, value)=while ((key = "") && (value = (object)))' -Icompiler "${files[@]}" && echo "${#files[@]} passed, 0 failed"
    ;;
tidy)
    # The analyzer gives a function up after so many states (225,000 if unsaid): a third of them takes two fifths of the time.
    states=(-analyzer-config max-nodes=75000)
    # shellcheck disable=SC2016 # the arguments belong to the inner shell
    found=$(printf '%s\n' "${files[@]}" |
        timeout "$limit_s" xargs -P 2 -I{} bash -c \
            'build=$1; file=$2; shift 2; clang-tidy --quiet -p "$build" "${@/#/--extra-arg=}" "$file" 2>/dev/null |
                grep -E "(warning|error):"; true' _ "$build" {} -Xclang "${states[0]}" -Xclang "${states[1]}")
    status=$?
    if [ "$status" -ne 0 ]; then
        echo "not done within $limit_s s"
        exit 1
    fi
    bad=$(printf '%s' "$found" | cut -d: -f1 | sort -u | grep -c .)
    [ -z "$found" ] || printf '%s\n' "$found" | sort -u
    echo "$((${#files[@]} - bad)) passed, $bad failed"
    [ "$bad" -eq 0 ]
    ;;
*)
    echo "check_analysis: cppcheck or tidy, not $tool" >&2
    exit 2
    ;;
esac
