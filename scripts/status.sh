#!/usr/bin/env bash
# What runs, as a table: the services, and each lab with its owner and memory.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"

docker_answers || die 2 "No Docker engine answers, so nothing of the class runs." "make doctor says more."
row() { printf '%-16s %-16s %-22s %-10s %-22s %s\n' "$@"; }
state() { docker inspect --format "{{.State.Status}}{{if .State.Health}}, {{.State.Health.Status}}{{end}}" "$1" 2> /dev/null | grep . || echo "not there"; }
since() { docker ps --all --filter "id=$(docker inspect --format '{{.Id}}' "$1" 2> /dev/null)" --format '{{.RunningFor}}' 2> /dev/null; }

declare -A memory=()
mapfile -t labs < <(lab_ids)
# Groups of which anything is there: a class that started none is not told of each.
containers=("${SERVICES[@]/#/$PROJECT-}") running=()
for group in $(group_names); do
  mapfile -t there < <(docker ps --all --format '{{.Names}}' --filter "label=com.docker.compose.project=$PROJECT" |
    grep -x -f <(group_services "$group" | sed "s/^/$PROJECT-/") || true)
  if [ ${#there[@]} -gt 0 ]; then running+=("$group") containers+=("${there[@]}"); fi
done
while read -r name used; do memory[$name]=$used; done < <(
  stack_is_up && docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' "${containers[@]}" ${labs[@]+"${labs[@]}"} 2> /dev/null || true
)

# opened NAME: where a person opens a service, as its compose file says.
opened() { docker inspect --format '{{index .Config.Labels "dataflow.opens"}}' "$PROJECT-$1" 2> /dev/null | sed "s|^/|http://localhost:$HUB_PORT/|"; }
service() {
  local container=$PROJECT-$1
  if [ "$(state "$container")" = "not there" ]; then row "$1" - "not running" - - -; return; fi
  row "$1" - "$(state "$container")" "$(since "$container" | sed 's/ ago//')" "${memory[$container]:--}" "$(opened "$1" | grep . || echo -)"
}

row WHAT USER STATE SINCE MEMORY OPEN
for name in "${SERVICES[@]}"; do service "$name"; done
for group in ${running[@]+"${running[@]}"}; do
  for name in $(group_services "$group"); do service "$name"; done
done
for lab in ${labs[@]+"${labs[@]}"}; do
  container=$(docker inspect --format '{{.Name}}' "$lab" | tr -d /)
  user=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$lab" | sed -n 's/^JUPYTERHUB_USER=//p')
  row lab "${user:-?}" "$(state "$lab")" "$(since "$lab" | sed 's/ ago//')" "${memory[$container]:--}" -
done
for group in $(group_names); do
  [[ " ${running[*]:-} " == *" $group "* ]] || printf '\nnot started: %s (%s): make start GROUPS=%s' "$group" "$(group_services "$group" | xargs)" "$group"
done
printf '\n\n%s lab(s) at http://localhost:%s\n' "${#labs[@]}" "$HUB_PORT"
