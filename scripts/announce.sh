#!/usr/bin/env bash
# announce.sh TEXT [UNTIL [KIND [LIST [REMOVE]]]]: tells everybody in the class something, on the hub's pages and in the labs.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

usage='make announce TEXT="The lab closes at six" UNTIL=18:00'
text=${1:-} until=${2:-1d} kind=${3:-info} list=${4:-} remove=${5:-}
[ -n "$text$list$remove" ] || die 2 "An announcement needs a text." "$usage; LIST=1 shows what is announced, REMOVE=ID takes it back"
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The hub is not running, and it tells people." "make up, then again: $usage"
# A time of day or a date is one of this machine, whose zone the hub does not know; a time of day that is over is tomorrow's.
if [[ $until =~ ^[0-9]{1,2}:[0-9]{2}$|^[0-9]{4}-[0-9]{2}-[0-9]{2} ]] && seconds=$(date -d "${until/T/ }" +%s 2> /dev/null); then
  if [[ $until =~ ^[0-9]{1,2}: ]] && [ "$seconds" -le "$EPOCHSECONDS" ]; then seconds=$(date -d "tomorrow $until" +%s); fi
  until=@$seconds
fi
if [ -n "$remove" ]; then
  command=(remove "$remove")
elif [ -n "$list" ]; then
  command=(list)
else
  command=(add -- "$text" "$until" "$kind")
fi
exec "$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.announcements --zone "$(date +%z)" "${command[@]}"
