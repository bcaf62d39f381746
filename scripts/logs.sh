#!/usr/bin/env bash
# The logs of all services, followed; logs.sh NAME: one of them, or the lab of a user.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"

LINES_BACK=200
docker_answers || die 2 "No Docker engine answers, so there is nothing to show." "make doctor says more."
case ${1:-} in
  '') exec "$ROOT/scripts/compose.sh" --profile "*" logs --follow --tail "$LINES_BACK" ;;
esac
if [[ " ${SERVICES[*]} " == *" $1 "* ]]; then exec "$ROOT/scripts/compose.sh" logs --follow --tail "$LINES_BACK" "$1"; fi
if group=$(group_of "$1"); then
  docker inspect "$PROJECT-$1" > /dev/null 2>&1 || die 2 "$1 does not run." "Start its group: make start GROUPS=$group"
  exec "$ROOT/scripts/compose.sh" --profile "$group" logs --follow --tail "$LINES_BACK" "$1"
fi
for lab in $(lab_ids); do
  if docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$lab" | grep -qx "JUPYTERHUB_USER=$1"; then
    exec docker logs --follow --tail "$LINES_BACK" "$lab"
  fi
done
die 2 "Neither a service nor a running lab is called $1." "make status shows what runs."
