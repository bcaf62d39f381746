#!/usr/bin/env bash
# What runs, as a table: the services, and each lab with its owner and memory.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

docker_answers || die 2 "No Docker engine answers, so nothing of the class runs." "make doctor says more."
row() { printf '%-10s %-16s %-22s %-10s %s\n' "$@"; }
state() { docker inspect --format "{{.State.Status}}{{if .State.Health}}, {{.State.Health.Status}}{{end}}" "$1" 2> /dev/null | grep . || echo "not there"; }
since() { docker ps --all --filter "id=$(docker inspect --format '{{.Id}}' "$1" 2> /dev/null)" --format '{{.RunningFor}}' 2> /dev/null; }

declare -A memory=()
mapfile -t labs < <(lab_ids)
while read -r name used; do memory[$name]=$used; done < <(
  stack_is_up && docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' "${SERVICES[@]/#/$PROJECT-}" ${labs[@]+"${labs[@]}"} 2> /dev/null || true
)

row WHAT USER STATE SINCE MEMORY
for name in "${SERVICES[@]}"; do
  container=$PROJECT-$name
  if [ "$(state "$container")" = "not there" ]; then row "$name" - "not running" - -; continue; fi
  row "$name" - "$(state "$container")" "$(since "$container" | sed 's/ ago//')" "${memory[$container]:--}"
done
for lab in ${labs[@]+"${labs[@]}"}; do
  container=$(docker inspect --format '{{.Name}}' "$lab" | tr -d /)
  user=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$lab" | sed -n 's/^JUPYTERHUB_USER=//p')
  row lab "${user:-?}" "$(state "$lab")" "$(since "$lab" | sed 's/ ago//')" "${memory[$container]:--}"
done
printf '\n%s lab(s) at http://localhost:%s\n' "${#labs[@]}" "$HUB_PORT"
