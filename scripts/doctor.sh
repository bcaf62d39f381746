#!/usr/bin/env bash
# Every check, one line each: what, found, and the remedy when it fails. Status 1 if any fails. Changes nothing.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"
source "$ROOT/scripts/lib/checks.sh"

failed=0
# These need an engine; without one they would only repeat that.
needs_engine=" socket plugins images stack door "
for check in engine socket plugins state secrets disk homes memory ca port images stack door; do
  found='' remedy=''
  if [[ $needs_engine == *" $check "* ]] && ! docker_answers; then
    printf '  -   %-8s  not looked at: no engine\n' "$check"
  elif "check_$check"; then
    printf ' ok   %-8s  %s\n' "$check" "$found"
  else
    failed=$((failed + 1))
    printf 'FAIL  %-8s  %s\n%16sremedy: %s\n' "$check" "$found" '' "$remedy"
  fi
done
if [ "$failed" -gt 0 ]; then
  printf '\n%s check(s) failed.\n' "$failed"
  exit 1
fi
printf '\nAll is well.\n'
