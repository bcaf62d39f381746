# shellcheck shell=bash
# What must be true of a class that runs. As in checks.sh: each check sets `found` and, when it fails, `remedy`, and returns 1; 3 is worth
# knowing and no failure. None changes anything; each fix_NAME does what is safe, and sets `fixed` to what it did.
# shellcheck disable=SC2034 # found, remedy and fixed are read by the doctor

# What SQLite says of the files that it is given, one line for each that is not whole.
QUICK_CHECK='
import sqlite3, sys
for path in sys.argv[1:]:
    try:
        said = [row[0] for row in sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=10).execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        said = [str(error)]
    if said != ["ok"]:
        print(path.split("/")[1] + ": " + "; ".join(said).replace("\n", " "))
'

running() { [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-$1" 2> /dev/null)" = true ]; }

check_stack() {
  local name health bad=
  for name in "${SERVICES[@]}"; do
    health=$(docker inspect --format '{{.State.Health.Status}}' "$PROJECT-$name" 2> /dev/null | grep . || echo "not there")
    [ "$health" = healthy ] || bad="$bad $name is $health;"
  done
  found="healthy: ${SERVICES[*]}"
  if [ -n "$bad" ]; then
    found=${bad# }
    remedy="make up; if it stays so, make logs"
    return 1
  fi
}

check_door() {
  local line
  found="http://localhost:$HUB_PORT/hub/login answers"
  # bash's own client: a bare machine has no curl.
  line=$({
    exec 3<> "/dev/tcp/127.0.0.1/$HUB_PORT" &&
      printf 'GET /hub/login HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && timeout 10 head -n 1 <&3
  } 2> /dev/null | tr -d '\r' || true)
  if [[ $line != *" 200 "* ]]; then
    found="http://localhost:$HUB_PORT/hub/login does not answer with a page (${line:-no connection})"
    remedy="make up; if it stays so, make logs"
    return 1
  fi
}

# In a container of their own: a hub whose database is broken does not run.
check_databases() {
  local name said
  local -a mounts=() files=()
  for name in hub exercises; do
    docker volume inspect "$PROJECT-$name-data" > /dev/null 2>&1 || continue
    mounts+=(--volume "$PROJECT-$name-data:/$name")
    files+=("/$name/$([ "$name" = hub ] && echo jupyterhub || echo exercises).sqlite")
  done
  found="there are none yet"
  [ ${#files[@]} -gt 0 ] || return 0
  said=$(docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges --user "$(service_uid)" "${mounts[@]}" \
    --entrypoint python "$HUB_IMAGE" -c "$QUICK_CHECK" "${files[@]}" 2>&1) || said=${said:-could not be looked at}
  found="SQLite finds nothing wrong with: hub, exercises"
  if [ -n "$said" ]; then
    found="a database is damaged: $(xargs -d '\n' <<< "$said")"
    remedy="make restore shows the last good copies, make restore COPY=... puts one in place (docs/operator.md, Back up, restore); homes are not touched"
    return 1
  fi
}

check_isolation() {
  local said status=0
  said=$(docker exec "$PROJECT-guard" guard status 2> /dev/null) || status=$?
  found=${said:-the guard does not run, so labs may reach nothing or too much}
  case $status in
    0) [[ $said != *NOT\ ISOLATED* ]] || { remedy="docs/operator.md, \"What labs reach\"; make up LABS_ISOLATION=on, if it was off" && return 3; } ;;
    *) remedy="make doctor FIX=1 (starts the guard again, which writes them); make logs NAME=guard" && return 1 ;;
  esac
}

fix_isolation() {
  docker restart "$PROJECT-guard" > /dev/null 2>&1 || return 1
  fixed="the guard was started again"
  local try
  for try in {1..20}; do ! docker exec "$PROJECT-guard" guard status > /dev/null 2>&1 || return 0; sleep 0.5; done
}

# ask_hub CHECK [--fix]: what lab_hub.doctor says: a line of what it found, a line of what to do.
ask_hub() {
  local said status=0
  said=$(docker exec "$PROJECT-hub" python -m lab_hub.doctor "$@" 2>&1) || status=$?
  found=$(head -n 1 <<< "$said") remedy=$(sed -n 2p <<< "$said")
  case $status in
    0 | 1 | 3) return "$status" ;;
    *) found="could not be looked at: $(tail -n 1 <<< "$said")" remedy="make logs NAME=hub" && return 1 ;;
  esac
}

check_routes() { ask_hub routes; }
fix_routes() { ask_hub routes --fix && fixed=$found; }
check_orphans() { ask_hub orphans; }
fix_orphans() { ask_hub orphans --fix && fixed=$found; }
check_visit() { ask_hub visit; }

# Containers of the class and of groups that were started and are not as they should be, one a line: name, and how it is.
unwell() {
  local name state
  docker ps --all --filter "label=com.docker.compose.project=$PROJECT" --format '{{.Names}}' | while read -r name; do
    state=$(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$name" 2> /dev/null || true)
    case $state in "running healthy" | "running starting" | "running " | '') ;; *) echo "$name $state" ;; esac
  done
}

check_groups() {
  local bad started
  bad=$(unwell)
  started=$(for group in $(group_names); do
    docker ps --quiet --filter "name=^$PROJECT-($(group_services "$group" | paste -sd '|'))$" | grep -q . && echo "$group"
  done | xargs)
  found="nothing of the groups that were started is down (${started:-none was})"
  if [ -n "$bad" ]; then
    found="not as it should be: $(paste -sd ';' <<< "$bad" | sed 's/;/; /g')"
    remedy="make doctor FIX=1 (starts what has ended); make logs NAME=SERVICE; make start GROUPS=..."
    return 1
  fi
}

fix_groups() {
  local -a ended
  mapfile -t ended < <(unwell | awk '$2 != "running" { print $1 }')
  [ ${#ended[@]} -gt 0 ] || return 1
  docker start "${ended[@]}" > /dev/null || return 1
  fixed="started again: ${ended[*]}"
}
fix_stack() { fix_groups; }

# What tests of the project leave on a machine when they are killed; a class has none of these names.
LEFT_BY_TESTS='^dataflow-(kafka|storage|nifi|spark|race|wall|ops|restart)-[0-9a-f]{6,8}'
check_leftovers() {
  local containers volumes
  containers=$(docker ps --all --format '{{.Names}}' | grep -cE "$LEFT_BY_TESTS" || true)
  volumes=$(docker volume ls --quiet | grep -cE "$LEFT_BY_TESTS" || true)
  found="no tests have left anything"
  if [ "$containers" -gt 0 ] || [ "$volumes" -gt 0 ]; then
    found="tests that run, or were killed, have $containers container(s) and $volumes volume(s) here"
    remedy="when no test runs: docker ps -a, docker volume ls; their names are dataflow-, a word, - and six letters or digits"
    return 3
  fi
}
