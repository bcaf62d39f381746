#!/usr/bin/env bash
# member.sh COURSE "NAME..." ROLE [REMOVE]: puts people into a course, or takes them out; without a course, lists the members of all.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

usage="make member COURSE=spark1 NAME=ana ROLE=student"
course=${1:-} names=${2:-} role=${3:-student}
if [ -n "$course$names" ] && { [ -z "$course" ] || [ -z "$names" ]; }; then
  die 2 "A member needs a course and a name." "$usage; without either, make member lists everybody."
fi
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The hub is not running, and it keeps the courses." "make up, then again: $usage"
command=(list)
if [ -n "$course" ]; then
  command=(add)
  case ${4:-} in '' | 0 | no) ;; *) command=(remove) ;; esac
  read -ra people <<< "$names"
  command+=("$course" "$role" "${people[@]}")
fi
exec "$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.members "${command[@]}"
