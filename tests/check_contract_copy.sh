#!/usr/bin/env bash
# tests/contract is a copy; where what it was copied from lies beside the repository, they must be the same.
set -euo pipefail
cd "$(dirname "$0")/.."
original=../shared/contract
if [ ! -d "$original" ]; then
    echo "the original is not here; nothing to compare"
    exit 0
fi
diff --recursive --brief "$original" tests/contract
