#!/usr/bin/env bash
# Runs layers of tests: test.sh [--full] [LAYER...]; without a name all but `platform`, which has to be asked for; --full with what
# takes minutes more. A part of a layer is named by its path (platform/door). Makes what they need; a failing layer does not stop the next.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/test_stack.sh"
cd "$ROOT"

# The lessons, which take longest, are last: whatever else is wrong is known before.
ALL=(style unit ops images kernel exercises hub browser notebooks)
# Its images take minutes to build, and its services gigabytes: not what somebody waits for after each change.
ASKED_FOR=(platform)
# Every folder of tests belongs to a layer, so that a new one cannot be forgotten.
for folder in tests/*/; do
  name=$(basename "$folder")
  case " ${ALL[*]} ${ASKED_FOR[*]} helpers docs bench __pycache__ " in *" $name "*) ;; *) ALL+=("$name") ;; esac
done
if [ "${1:-}" = --full ]; then
  export DATAFLOW_TEST_FULL=1
  shift
fi
[ $# -gt 0 ] || set -- "${ALL[@]}"

# What a layer is, and what it needs beyond .venv.
pytest_of() {
  case $1 in
    style) .venv/bin/ruff check . ;;
    unit) .venv/bin/pytest -m "not docker and not service" tests ;;
    exercises | exercises/*) .venv/bin/pytest -m "docker or service" "tests/$1" ;;
    # The longest are named, because the layer has to fit beside the others in CI's time.
    platform | platform/*) .venv/bin/pytest -m docker --durations=25 "tests/$1" ;;
    # Each test has a container of its own, and most of it waits for one process: two at a time fill two processors.
    kernel) .venv/bin/pytest -n 2 --dist load --maxschedchunk 1 -m docker tests/kernel ;;
    images) .venv/bin/pytest -n 2 --dist loadfile -m docker tests/images ;;
    *) .venv/bin/pytest -m docker "tests/$1" ;;
  esac
}

prepare() {
  scripts/venv.sh || return
  case $1 in
    style | unit) return ;;
    exercises | exercises/* | hub | hub/* | browser | platform | platform/*) build_once && scripts/up.sh ;;
    *) build_once ;;
  esac
}

built=
build_once() {
  [ -z "$built" ] || return 0
  scripts/prepare.sh state disk ca && scripts/build.sh && forget_a_foreign_stack && built=yes
}

# In a subshell of its own, so that a `set -e` inside cannot end the others; 5 is pytest's word for "no such test".
run_layer() {
  local status=0
  pytest_of "$1" || status=$?
  if [ "$status" -eq 5 ]; then say "layer $1 has no tests"; fi
  [ "$status" -eq 0 ] || [ "$status" -eq 5 ]
}

# What all processors have done since the machine began: busy, and all of it, in ticks. Time that waits for a disk is not busy.
ticks() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8, $2 + $3 + $4 + $5 + $6 + $7 + $8 }' /proc/stat; }

use_test_stack
make_state_dir
# Which layers need no engine: they may run beside anything.
case " $* " in
  " style " | " unit " | " style unit ") ;;
  *) [ "${DATAFLOW_TESTS_ALONE:-}" = "$PROJECT" ] || alone "$ROOT/scripts/test.sh" "$@" ;;
esac
results=() failed=0
for layer in "$@"; do
  say "=== $layer"
  began=$EPOCHSECONDS
  read -r busy_before all_before < <(ticks)
  if prepare "$layer" && run_layer "$layer"; then verdict=passed; else verdict=FAILED failed=$((failed + 1)); fi
  read -r busy all < <(ticks)
  share=$((100 * (busy - busy_before) / (all - all_before + 1)))
  results+=("$(printf '%-12s %-8s %5d s  processors busy %3d %%' "$layer" "$verdict" $((EPOCHSECONDS - began)) "$share")")
done
if [ -n "${DATAFLOW_TESTS_ALONE:-}" ] && stack_is_up && [ -z "${KEEP:-}" ]; then scripts/down.sh --forget || failed=$((failed + 1)); fi

say "=== summary"
printf '  %s\n' "${results[@]}"
[ "$failed" -eq 0 ] || die 1 "$failed of $# layer(s) failed." "A single one: make test-NAME; KEEP=1 leaves the tests' stack running."
say "all passed"
