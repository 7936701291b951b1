#!/usr/bin/env bash
# What is installed works where it is put, without the source. usage: package.sh BUILD_FOLDER (released)
# Ends with `N passed, M failed`.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 3

build=$1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
unset FLOW_SPECS FLOW_PATH
passed=0
failed=0

expect() { # expect WHAT COMMAND...
    local what=$1
    shift
    if "$@" >"$place/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not so: $what"
        cat "$place/log"
    fi
}

works_at() { # works_at WHAT PREFIX: both programs, their specs, their papers
    local what=$1 prefix=$2 file
    for file in bin/flowc bin/flowd lib/flow/flow_documents.so lib/flow/flow_pages.so share/flow/specs/std/processes.flow \
        share/man/man1/flowc.1 share/man/man1/flowd.1 share/bash-completion/completions/flowc \
        share/zsh/vendor-completions/_flowc share/fish/vendor_completions.d/flowc.fish share/doc/flow/README.md; do
        expect "$what has $file" test -s "$prefix/$file"
    done
    cp -r tests/contract/desk-hook "$place/shop"
    expect "$what: flowd --version" "$prefix/bin/flowd" --version
    expect "$what: flowd init" "$prefix/bin/flowd" init "$place/floor" --owner anna
    expect "$what: flowd token" "$prefix/bin/flowd" token issue anna --shop "$place/floor" --as anna
    expect "$what: flowc check" "$prefix/bin/flowc" check "$place/shop/desk_hook.flow"
    expect "$what: flowc build" "$prefix/bin/flowc" build "$place/shop/desk_hook.flow" -o "$place/out"
    expect "$what: flowc explain" "$prefix/bin/flowc" explain late_screen
    expect "$what: flowc doctor" "$prefix/bin/flowc" doctor
    rm -rf "$place/shop" "$place/out" "$place/floor"
}

expect "cmake --install" cmake --install "$build" --prefix "$place/usr"
works_at "the installed tree" "$place/usr"

expect "cpack" cpack --config "$build/CPackConfig.cmake" -B "$place/package"
package=$(find "$place/package" -maxdepth 1 -name '*.deb')
expect "the package opens" dpkg-deb --extract "$package" "$place/root"
works_at "the package" "$place/root/usr"
for library in libcairo2 libgmp10 libgvc6 libyaml-0-2 libsqlite3-0 libmicrohttpd12 libsodium23 libcurl3-gnutls \
    fonts-dejavu-core; do
    expect "the package depends on $library" grep -q "$library" <(dpkg-deb --field "$package" Depends)
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
