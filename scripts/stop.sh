#!/usr/bin/env bash
# Stops groups of services: stop.sh GROUP... Their data stays.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"

require_groups "$@"
docker_answers || die 2 "No Docker engine answers, so nothing of the class runs." "make doctor says more."
make_state_dir
for group; do
  mapfile -t services < <(group_services "$group")
  [ ${#services[@]} -gt 0 ] || continue
  "$ROOT/scripts/compose.sh" --profile "$group" rm --stop --force "${services[@]}" > "$STATE_DIR/logs/stop.log" 2>&1 || {
    tail -n 10 "$STATE_DIR/logs/stop.log" >&2
    die 1 "The group $group could not be stopped; the last lines are above." "The whole log: $STATE_DIR/logs/stop.log"
  }
  say "stopped $group (${services[*]}); its data is kept"
done
