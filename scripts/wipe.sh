#!/usr/bin/env bash
# Removes groups of services with all their data: wipe.sh GROUP... Asks first; YES=1 answers for whoever is not there.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"

require_groups "$@"
docker_answers || die 2 "No Docker engine answers." "make doctor says more."
volumes=()
for group; do
  for volume in $(group_volumes "$group"); do
    mapfile -t -O "${#volumes[@]}" volumes < <(docker volume ls --quiet --filter "label=com.docker.compose.project=$PROJECT" --filter "name=^$PROJECT-$volume$")
  done
done
if [ "${YES:-}" != 1 ]; then
  [ -t 0 ] || die 2 "Nobody is there to ask whether the data of $* may go." "Without a terminal: YES=1"
  printf 'This removes all data of %s for everybody: %s\nType the name of the class (%s) to go on: ' "$*" "${volumes[*]:-(none)}" "$PROJECT"
  read -r answer
  [ "$answer" = "$PROJECT" ] || die 1 "Nothing was removed." "The name of the class was not typed; run the same command again to be asked again."
fi
"$ROOT/scripts/stop.sh" "$@"
for volume in ${volumes[@]+"${volumes[@]}"}; do
  if [ -z "$(docker ps --all --quiet --filter "volume=$volume")" ]; then
    docker volume rm "$volume" > /dev/null
  else
    # Labs see the landing zone as long as they run; the engine keeps a volume that somebody sees, so what is in it goes.
    docker run --rm --network none --user 0:0 --volume "$volume:/wiped" --entrypoint find "$LAB_IMAGE" /wiped -mindepth 1 -delete ||
      die 1 "The volume $volume, which running labs see, could not be emptied; the reason is above." "Stop the labs on the hub's admin page, then run this again."
  fi
done
case " $* " in *" core "*) rm -f "$STATE_DIR/storage-server" ;; esac
say "removed ${#volumes[@]} volume(s) of $*"
