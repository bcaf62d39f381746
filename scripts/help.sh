#!/usr/bin/env bash
# The Makefile's own words: `##@` lines are headings, `##` after a target says what it does.
source "$(dirname "$0")/lib/common.sh"

awk '
  /^##@ / { printf "\n%s\n", substr($0, 5); next }
  match($0, /^[a-z][a-z0-9%\/-]*:.*## /) {
    target = $0; sub(/:.*/, "", target); what = $0; sub(/.*## /, "", what)
    printf "  make %-16s %s\n", target, what
  }' "$ROOT/Makefile"
printf '\nAny setting of versions.env can be given: make up HUB_PORT=...\n'
