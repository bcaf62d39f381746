#!/usr/bin/env bash
# prepared.sh COURSE [NAMES [MOST]]: starts the labs of a course's students before they press, as many as the memory bears.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

usage="make prepare COURSE=spark1"
course=${1:-} names=${2:-} most=${3:-}
[ -n "$course" ] || die 2 "Labs are prepared for a course." "$usage"
[[ ${most:-0} =~ ^[0-9]+$ ]] || die 2 "MOST=$most is no number of labs." "$usage MOST=10"
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The hub is not running, and it starts the labs." "make up, then again: $usage"
read -ra people <<< "$names"
exec "$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.prepared --most "${most:-0}" "$course" "${people[@]}"
