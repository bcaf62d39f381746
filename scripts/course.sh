#!/usr/bin/env bash
# Runs a course of one's own in the lab image: course.sh SRC [STRICT] [FILTER] [REPORT]; `python -m tests.notebooks.course --help` says more.
source "$(dirname "$0")/lib/common.sh"

source_folder=${1:-}
[ -n "$source_folder" ] || die 2 "A course needs a folder." "make course SRC=my_course (try SRC=docs/example_course)"
options=()
[ -z "${2:-}" ] || options+=(--strict)
[ -z "${3:-}" ] || options+=(--filter "$3")
[ -z "${4:-}" ] || options+=(--report "$(realpath -m "$4")")
source_folder=$(realpath -m "$source_folder")
cd "$ROOT"

scripts/venv.sh
scripts/prepare.sh state disk ca
scripts/build.sh lab
exec .venv/bin/python -m tests.notebooks.course "$source_folder" ${options[@]+"${options[@]}"}
