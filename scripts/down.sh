#!/usr/bin/env bash
# Stops all services and all labs of this class. Homes, accounts and exercises stay.
#   down.sh --forget   also removes homes, accounts, exercises and secrets: only for stacks made by tests
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/checks.sh"

docker_answers || die 2 "No Docker engine answers, so nothing of the class runs." "make doctor says more."
# A stack of the tests is taken away by whoever comes next.
[ "${1:-}" = --forget ] || check_checkout || die 2 "Nothing was stopped: $found." "Stop it there: make down" "Not this one? make down PROJECT=NAME"
compose=$ROOT/scripts/compose.sh
make_state_dir
log=$STATE_DIR/logs/down.log

# The hub first: it would wonder about labs that vanish. The runner takes its containers with it.
"$compose" stop hub runner > "$log" 2>&1
mapfile -t labs < <(lab_ids)
if [ ${#labs[@]} -gt 0 ]; then
  say "stopping ${#labs[@]} lab(s)"
  # All at once: docker stop with many names waits for one after the other.
  for lab in "${labs[@]}"; do docker stop -t 10 "$lab" >> "$log" 2>&1 & done
  wait
  docker rm --force "${labs[@]}" >> "$log" 2>&1
fi
"$compose" --profile "*" down --remove-orphans >> "$log" 2>&1 || {
  tail -n 10 "$log" >&2
  die 1 "The class could not be stopped; the last lines are above." "The whole log: $log"
}
if [ "${1:-}" = --forget ]; then
  mapfile -t volumes < <(docker volume ls --quiet --filter "name=^$PROJECT-hub-data$" --filter "name=^$PROJECT-exercises-data$" --filter "name=^$PROJECT-home-" --filter "name=^$PROJECT-shared-")
  mapfile -t -O "${#volumes[@]}" volumes < <(docker volume ls --quiet --filter "label=com.docker.compose.project=$PROJECT" --filter "name=-data$" |
    grep -vx -e "$PROJECT-hub-data" -e "$PROJECT-exercises-data" || true)
  [ ${#volumes[@]} -eq 0 ] || docker volume rm "${volumes[@]}" > /dev/null
  rm -rf "$STATE_DIR/secrets" "$STATE_DIR/archives" "$STATE_DIR/backups" "$STATE_DIR/slips" "$STATE_DIR/storage-server"
  say "stopped; homes, courses' folders, accounts, exercises and secrets of $PROJECT are removed"
else
  say "stopped; students' homes, courses' folders, accounts and exercises are kept (volumes $PROJECT-home-*, $PROJECT-shared-*, $PROJECT-hub-data and $PROJECT-exercises-data)"
fi
