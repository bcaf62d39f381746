#!/usr/bin/env bash
# What would make a build or a start fail later, found before: all of it at once, each with its remedy. Status 2 if anything is found.
#   preflight.sh [CHECK...]   all of them without a name
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/checks.sh"

[ $# -gt 0 ] || set -- state checkout port disk memory ca
problems=0
for check in "$@"; do
  found='' remedy=''
  if ! "check_$check"; then
    problems=$((problems + 1))
    printf 'problem: %s\n remedy: %s\n' "$found" "$remedy" >&2
  fi
done
if [ "$problems" -gt 0 ]; then
  die 2 "Nothing was built or started: $problems problem(s) of this machine, above." "Mend them, then run the same command again."
fi
