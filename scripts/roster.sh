#!/usr/bin/env bash
# roster.sh CSV [DRY [REMOVE [SLIPS]]]: brings accounts and courses to what the file says; prints a slip for each new person, and
# keeps the slips as a file to print, which only its owner can read.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

usage="make roster CSV=class.csv (a sample: docs/class.csv)"
csv=${1:-}
[ -n "$csv" ] || die 2 "A roster needs a file." "$usage"
[ -f "$csv" ] && [ -r "$csv" ] || die 2 "There is no file $csv that can be read." "$usage"
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The hub is not running, and it keeps the accounts and courses." "make up, then again: $usage"
yes() { case ${1:-} in '' | 0 | no) false ;; esac }
options=(--address "${CLASS_ADDRESS:-http://$(hostname):$HUB_PORT}")
if yes "${2:-}"; then options+=(--dry); fi
if yes "${3:-}"; then options+=(--remove); fi
if yes "${4:-}"; then options+=(--slips); fi

umask 077
make_state_dir
mkdir -p "$STATE_DIR/slips"
file=$(mktemp "$STATE_DIR/slips/$(date +%Y%m%d-%H%M%S)-XXXX.html")
status=0
said=$({ "$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.roster "${options[@]}" < "$csv" > "$file"; } 2>&1) || status=$?
if [ -s "$file" ]; then
  said+=$'\n'"Slips to print: $file (delete it when they are handed out)"
else
  rm -f "$file"
fi
if [ "$status" -eq 0 ]; then echo "$said"; else echo "$said" >&2; fi
exit "$status"
