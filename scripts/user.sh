#!/usr/bin/env bash
# user.sh NAME [ADMIN [RESET [LOCK [UNLOCK [REMOVE [RESTORE]]]]]]: makes an account and prints its one-time password, which the first
# login must change. With one of the later words, something is done with an account that is there; RESTORE is an archive of REMOVE.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/identity.sh"

usage="make user NAME=ana, or make user NAME=joao ADMIN=1"
name=${1:-}
[ -n "$name" ] || die 2 "A user needs a name." "$usage"
yes() { case ${1:-} in '' | 0 | no) false ;; esac }
commands=()
if yes "${3:-}"; then commands+=(reset); fi
if yes "${4:-}"; then commands+=(lock); fi
if yes "${5:-}"; then commands+=(unlock); fi
if yes "${6:-}"; then commands+=(remove); fi
if [ -n "${7:-}" ]; then commands+=(restore); fi
[ ${#commands[@]} -le 1 ] || die 2 "One thing at a time: ${commands[*]} were asked for." "$usage"
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-hub" 2> /dev/null)" = true ] ||
  die 2 "The hub is not running, and it keeps the accounts." "make up, then again: $usage"
if [ "${commands[*]-}" = remove ] && [ "${YES:-}" != 1 ]; then
  [ -t 0 ] || die 2 "Nobody is there to ask whether $name may be removed." "Without a terminal: YES=1"
  printf 'This archives the home of %s and then removes it and the account.\nType the name to go on: ' "$name"
  read -r answer
  [ "$answer" = "$name" ] || die 1 "Nobody was removed." "The name was not typed; run the same command again to be asked again."
fi
if [ ${#commands[@]} -eq 0 ]; then
  command=(lab_hub.accounts add "$name")
  if yes "${2:-}"; then command+=(--admin); fi
else
  command=(lab_hub.person "${commands[0]}" "$name")
  [ "${commands[0]}" != restore ] || command+=("${7##*/}")
fi
# The hub reads the archives' folder alone, as its own user.
if [[ ${7:-} == */* ]]; then
  [ -f "$7" ] && [ -r "$7" ] || die 2 "There is no file $7 that can be read." "An archive's name alone, or the path of one of a backup's homes."
  own=$STATE_DIR/archives/${7##*/}
  if [ ! "$7" -ef "$own" ]; then
    [ ! -e "$own" ] || die 2 "There is an archive ${7##*/} in $STATE_DIR/archives already." "To take that one: RESTORE=${7##*/}; else move it away."
    trap 'rm -f "$own"' EXIT
    install --mode=0600 "$7" "$own"
    if is_root; then chown "$(service_uid):$(service_uid)" "$own"; fi
  fi
fi
"$ROOT/scripts/compose.sh" exec -T hub python -m "${command[@]}"
