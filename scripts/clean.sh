#!/usr/bin/env bash
# Removes what the project made beside itself: the tests' stack, .venv, caches. Never a class, its homes, accounts or secrets.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/test_stack.sh"

if docker_answers; then
  (use_test_stack && "$ROOT/scripts/down.sh" --forget)
  # Left by a test that was killed; tests/hub/faults/second_engine.py.
  docker volume ls --quiet --filter label=dataflow.test=engine | xargs --no-run-if-empty docker volume rm > /dev/null
fi
rm -rf "$ROOT/.venv" "$ROOT/.pytest_cache" "$ROOT/.ruff_cache" "$ROOT/build"
rm -rf "$(use_test_stack && echo "$STATE_DIR")"
find "$ROOT" -name __pycache__ -type d -prune -exec rm -rf {} +
say "cleaned; images and build steps are kept (docker image rm and docker builder prune remove them)"
