#!/usr/bin/env bash
# user.sh NAME [ADMIN [RESET]]: makes an account and prints its one-time password, which the first login must change.
# With a third word, an account that is there gets a new one.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

usage="make user NAME=ana, or make user NAME=joao ADMIN=1"
name=${1:-}
[ -n "$name" ] || die 2 "A user needs a name." "$usage"
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The hub is not running, and it keeps the accounts." "make up, then again: $usage"
yes() { case ${1:-} in '' | 0 | no) false ;; esac }
if yes "${3:-}"; then command=(reset "$name"); else command=(add "$name"); fi
if yes "${2:-}"; then command+=(--admin); fi
exec "$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.accounts "${command[@]}"
