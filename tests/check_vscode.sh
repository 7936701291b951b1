#!/usr/bin/env bash
# The extension for VS Code: its colors by vscode-tmgrammar-test, flowc lsp by the packages that VS Code's client stands
# on, and whether it packs to a .vsix.
#
#   tests/check_vscode.sh FLOWC
#
# Needs Node.js with npm, and fetches the packages of tests/vscode/package.json into build/vscode-test once. Where they
# cannot be had (no npm, no network) it says so, and that is no failure. Ends with `N passed, M failed`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 3
flowc=$(realpath "$1")
place=$PWD/build/vscode-test
passed=0
failed=0

left_out() {
    echo "left out: $1"
    echo "0 passed, 0 failed"
    exit 0
}

count() { # count STATUS WHAT
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $2"
    fi
}

command -v npm >/dev/null || left_out "npm is not installed"
mkdir -p "$place"
cp tests/vscode/* "$place/"
if [ ! -d "$place/node_modules/vscode-languageserver-protocol" ]; then
    (cd "$place" && timeout 300 npm install --no-audit --no-fund --ignore-scripts >npm.log 2>&1) || left_out "npm cannot fetch packages"
fi

(cd "$place" && npx --no-install vscode-tmgrammar-test -g "$OLDPWD/grammar/editors/vscode/syntaxes/flow.tmLanguage.json" \
    colors.flow)
count $? "colors"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
PYTHONPATH=tests/e2e python3 -c '
import sys, language_shop
for name, text in (("shop", language_shop.SHOP), ("clip", language_shop.CLIP)):
    open(f"{sys.argv[1]}/{name}.flow", "w").write(text)' "$folder"
cp tests/contract/desk-hook/models/cap.stl "$folder/cube.stl"
if ! (cd "$place" && timeout 600 node session.js "$flowc" "$folder" | tee "$folder/log"); then
    failed=$((failed + 1))
elif [[ $(tail -n 1 "$folder/log") =~ ^([0-9]+)\ passed ]]; then
    passed=$((passed + BASH_REMATCH[1]))
fi

cp -r grammar/editors/vscode "$folder/extension"
(cd "$folder/extension" && "$place/node_modules/.bin/vsce" package --no-dependencies --allow-missing-repository -o "$folder/flow.vsix") \
    >"$folder/vsce.log" 2>&1 && python3 -c '
import sys, zipfile
names = zipfile.ZipFile(sys.argv[1]).namelist()
assert {"extension/extension.js", "extension/package.json", "extension/syntaxes/flow.tmLanguage.json",
        "extension/language-configuration.json"} <= set(names), names' "$folder/flow.vsix"
count $? "the extension packs: $(tail -3 "$folder/vsce.log")"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
