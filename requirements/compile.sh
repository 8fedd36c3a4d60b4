#!/bin/sh
# Locks the requirements again: versions and hashes, no index address (needs pip-tools).
set -eu
cd "$(dirname "$0")/.."
lock() {
    pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-emit-index-url \
        --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-header --no-annotate \
        "$@" pyproject.toml
}
lock --output-file requirements/run.txt
lock --extra dev --output-file requirements/dev.txt
lock --extra peers --output-file requirements/peers.txt
