#!/usr/bin/env bash
# Writes the exact lock with hashes and no index address (needs `uv`; run after editing pyproject.toml).
# It is whole, so it is installed with --no-deps (older pips stumble over extras in hashed locks).
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate "$@" >/dev/null
}
compile --extra dev pyproject.toml -o requirements/dev.txt
compile pyproject.toml -c requirements/dev.txt -o requirements/run.txt
compile --extra dev --extra bench pyproject.toml -c requirements/dev.txt -o requirements/bench.txt
