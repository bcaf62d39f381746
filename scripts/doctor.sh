#!/usr/bin/env bash
# Every check, one line each: what, found, and the remedy when it fails. Status 1 if any fails.
#   doctor.sh [--fix] [--quick]   --fix does what is safe, and says each thing it did; else nothing is changed
#                                 --quick starts no lab (else one is, in a throw-away account that is removed again)
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"
source "$ROOT/scripts/lib/identity.sh"
source "$ROOT/scripts/lib/checks.sh"
source "$ROOT/scripts/lib/class_checks.sh"

fix='' quick=''
for word; do
  case $word in
    --fix) fix=yes ;;
    --quick) quick=yes ;;
    *) die 2 "doctor knows no $word." "make doctor, make doctor FIX=1, make doctor QUICK=1" ;;
  esac
done

# These need an engine, these a hub that runs; without one they would only repeat that.
needs_engine=" socket plugins images stack door isolation databases routes orphans groups leftovers visit "
needs_hub=" isolation routes orphans visit "
failed=0 known=0
row() { printf '%-4s  %-10s %s\n' "$@"; }
more() { printf '%17s%s: %s\n' '' "$1" "$2"; }

# look CHECK: sets found, remedy and status.
look() {
  found='' remedy='' status=0
  "check_$1" || status=$?
}

checks=(engine socket plugins state secrets disk homes memory ca port images stack door isolation databases routes groups orphans leftovers visit)
for check in "${checks[@]}"; do
  if [[ $needs_engine == *" $check "* ]] && ! docker_answers; then
    row ' -' "$check" "not looked at: no engine"
    continue
  fi
  if [[ $needs_hub == *" $check "* ]] && ! running hub; then
    row ' -' "$check" "not looked at: the hub does not run"
    continue
  fi
  if [ "$check" = visit ] && { [ -n "$quick" ] || [ "$failed" -gt 0 ]; }; then
    row ' -' visit "no lab was started: $([ -n "$quick" ] && echo QUICK || echo "mend the above first")"
    continue
  fi
  look "$check"
  if [ "$status" -eq 1 ] && [ -n "$fix" ] && declare -F "fix_$check" > /dev/null; then
    before=$found fixed=''
    if "fix_$check" && [ -n "$fixed" ]; then
      row FIX "$check" "$before"
      more "done" "$fixed"
    fi
    look "$check"
  fi
  case $status in
    0) row ' ok' "$check" "$found" ;;
    3) known=$((known + 1)) && row note "$check" "$found" && more remedy "$remedy" ;;
    *) failed=$((failed + 1)) && row FAIL "$check" "$found" && more remedy "$remedy" ;;
  esac
done
printf '\n%s' "$([ "$failed" -gt 0 ] && echo "$failed check(s) failed" || echo "All is well")"
[ "$known" -eq 0 ] || printf ', %s to know of' "$known"
printf ' (%s s).\n' "$(elapsed)"
[ "$failed" -eq 0 ]
