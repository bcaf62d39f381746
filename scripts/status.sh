#!/usr/bin/env bash
# What runs, as a table: the services, and each lab with its owner and memory. Whether a group's service does its job is Consul's word where
# Consul runs, as it asks each of them, and the engine's where it does not.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"

docker_answers || die 2 "No Docker engine answers, so nothing of the class runs." "make doctor says more."
row() { printf '%-16s %-16s %-22s %-15s %-22s %s\n' "$@"; }

# All containers of the class, at once: asking for each would take the engine seconds.
declare -A state=() health=() since=() opens=() memory=() said=()
while IFS=$'\t' read -r name is status ago door; do
  state[$name]=$is since[$name]=${ago% ago} opens[$name]=$door
  case $status in
    *'(healthy)'*) health[$name]=healthy ;;
    *'(unhealthy)'*) health[$name]=unhealthy ;;
    *'(health: starting)'*) health[$name]=starting ;;
  esac
done < <(docker ps --all --filter "name=^$PROJECT-" --format '{{.Names}}\t{{.State}}\t{{.Status}}\t{{.RunningFor}}\t{{.Label "dataflow.opens"}}')

# Groups of which anything is there: a class that started none is not told of each.
containers=() running=() services=()
for name in "${SERVICES[@]}"; do [ -z "${state[$PROJECT-$name]:-}" ] || containers+=("$PROJECT-$name"); done
for group in $(group_names); do
  mapfile -t there < <(for name in $(group_services "$group"); do [ -z "${state[$PROJECT-$name]:-}" ] || echo "$name"; done)
  if [ ${#there[@]} -gt 0 ]; then running+=("$group") services+=("${there[@]}") containers+=("${there[@]/#/$PROJECT-}"); fi
done
mapfile -t labs < <(lab_ids)

# Consul is asked while the engine measures, which takes it a second or two.
ask_consul() { timeout 5 docker exec --interactive "$PROJECT-consul" bash -s "${services[@]}" < "$ROOT/scripts/lib/consul_health.sh" 2> /dev/null; }
asked="the engine (Consul is not started)"
if [ "${state[$PROJECT-consul]:-}" = running ]; then
  exec 4< <(ask_consul)
  asked="the engine (Consul does not answer)"
fi
while read -r name used; do memory[$name]=$used; done < <(
  [ ${#containers[@]} -eq 0 ] || docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' "${containers[@]}" ${labs[@]+"${labs[@]}"} 2> /dev/null || true
)
if [ "${state[$PROJECT-consul]:-}" = running ]; then
  while read -r -u 4 name word; do said[$PROJECT-$name]=$word asked=Consul; done
fi

# works CONTAINER: its state, and whether it does its job. What is still starting is no failure yet, whatever Consul says.
works() {
  local word=${health[$1]:-}
  if [ "${state[$1]}" = running ] && [ "$word" != starting ]; then
    case ${said[$1]:-} in
      passing) word=healthy ;;
      warning | maintenance) word=${said[$1]} ;;
      critical) word=unhealthy ;;
    esac
  fi
  echo "${state[$1]}${word:+, $word}"
}
service() {
  local container=$PROJECT-$1 door
  if [ -z "${state[$container]:-}" ]; then row "$1" - "not running" - - -; return; fi
  door=${opens[$container]:+http://localhost:$HUB_PORT${opens[$container]}}
  row "$1" - "$(works "$container")" "${since[$container]}" "${memory[$container]:--}" "${door:--}"
}

row WHAT USER STATE SINCE MEMORY OPEN
for name in "${SERVICES[@]}"; do service "$name"; done
for group in ${running[@]+"${running[@]}"}; do
  for name in $(group_services "$group"); do service "$name"; done
done
for lab in ${labs[@]+"${labs[@]}"}; do
  container=$(docker inspect --format '{{.Name}}' "$lab" | tr -d /)
  user=$(docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$lab" | sed -n 's/^JUPYTERHUB_USER=//p')
  [ -n "${state[$container]:-}" ] || continue
  row lab "${user:-?}" "$(works "$container")" "${since[$container]}" "${memory[$container]:--}" -
done
for group in $(group_names); do
  [[ " ${running[*]:-} " == *" $group "* ]] || printf '\nnot started: %s (%s): make start GROUPS=%s' "$group" "$(group_services "$group" | xargs)" "$group"
done
[ ${#running[@]} -eq 0 ] || printf '\nhealth of the groups'"'"' services: as %s says' "$asked"
printf '\n\n%s lab(s) at http://localhost:%s\n' "${#labs[@]}" "$HUB_PORT"
