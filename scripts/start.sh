#!/usr/bin/env bash
# Starts groups of services beside a running class: start.sh GROUP... Run again, it only looks.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"
source "$ROOT/scripts/lib/isolation.sh"

HEALTHY_SECONDS=240

require_groups "$@"
docker_answers || die 2 "No Docker engine answers." "Run make up first: it starts the engine and the class."
[ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The class does not run, and the groups are opened through its front door." "Run: make up"
! labs_network_is_stale || die 2 "The labs' network was made by an older version, or with other settings of isolation." "Run: make up"

case " $* " in *" core "*) check_storage_server && check_storage_change && make_pulled_servers_volume ;; esac

for group; do
  mapfile -t images < <(group_images "$group")
  [ ${#images[@]} -eq 0 ] || "$ROOT/scripts/build.sh" "${images[@]}"
done
"$ROOT/scripts/secrets.sh"

profiles=() services=()
for group; do
  profiles+=(--profile "$group")
  mapfile -t -O "${#services[@]}" services < <(group_services "$group")
done
say "starting ${services[*]}$(case " $* " in *" core "*) echo " (the storage is $STORAGE_SERVER)" ;; esac)"
began=$EPOCHSECONDS log=$STATE_DIR/logs/start.log
if ! "$ROOT/scripts/compose.sh" "${profiles[@]}" up --detach --wait --wait-timeout "$HEALTHY_SECONDS" --no-build "${services[@]}" > "$log" 2>&1; then
  tail -n 5 "$log" >&2
  for service in "${services[@]}"; do
    [ "$(docker inspect --format '{{.State.Health.Status}}' "$PROJECT-$service" 2> /dev/null)" = healthy ] ||
      docker logs --tail 15 "$PROJECT-$service" >&2 || true
  done
  die 1 "Not all services of $* are healthy; the last lines of those that are not are above." "More: make logs NAME=SERVICE, make status"
fi
case " $* " in *" core "*) note_storage_server ;; esac
say "$* healthy after $((EPOCHSECONDS - began)) s; make status shows each, and where to open it"
