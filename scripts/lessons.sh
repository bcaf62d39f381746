#!/usr/bin/env bash
# Runs lessons in the lab image, both ways: lessons.sh [FILTER], those of one part or with this in their name; all without it.
source "$(dirname "$0")/lib/common.sh"
cd "$ROOT"

scripts/venv.sh
scripts/prepare.sh state disk ca
scripts/build.sh lab
exec .venv/bin/pytest -m docker tests/notebooks/test_lessons.py --lessons "${1:-}"
