# shellcheck shell=bash
# What must be true of the machine. Each check sets `found` and, when it fails, `remedy`, and returns 1; none changes anything.
# Preflight runs those that matter before anything is built, doctor runs all; a fix_NAME does what is safe, and says it in `fixed`.
# shellcheck disable=SC2034 # found, remedy and fixed are read by the callers

check_state() {
  local folder=$STATE_DIR
  while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
  found="state folder $STATE_DIR can be written"
  if [ ! -d "$folder" ] || [ ! -w "$folder" ]; then
    found="state folder $STATE_DIR cannot be written ($folder belongs to $(stat -c %U "$folder"))"
    remedy="chown it to $(id -un), or give STATE_DIR a folder of your own"
    return 1
  fi
  local mode
  mode=$(stat -c %a "$STATE_DIR" 2> /dev/null || echo 700)
  if [ -d "$STATE_DIR/secrets" ] && [ "$mode" != 700 ]; then
    found="state folder $STATE_DIR has mode $mode: others can look into it"
    remedy="chmod 700 $STATE_DIR"
    return 1
  fi
}

# The checkout that a class runs from has its secrets and its operator's settings; a moved or deleted one has neither any more.
check_checkout() {
  local home
  home=$(docker ps --all --filter "label=com.docker.compose.project=$PROJECT" \
    --format '{{.Label "com.docker.compose.project.working_dir"}}' 2> /dev/null | head -n 1)
  found="no other checkout runs the class $PROJECT"
  if [ -n "$home" ] && [ "$home" != "$ROOT" ] && [ -e "$home/compose.yaml" ]; then
    found="the class $PROJECT runs from another checkout, $home"
    remedy="go on there; or make down there first; or give this one another name: make up PROJECT=$PROJECT-2 HUB_PORT=$((HUB_PORT + 1))"
    return 1
  fi
}

check_secrets() {
  local loose
  found="secrets are there, readable by their owner alone"
  if [ ! -d "$STATE_DIR/secrets" ]; then
    found="no secrets yet; the first make up makes them"
    return
  fi
  loose=$(find "$STATE_DIR/secrets" -type f -not -perm 600 -printf '%f ' 2> /dev/null)
  if [ -n "$loose" ]; then
    found="secrets that others may read: $loose"
    remedy="chmod 600 $STATE_DIR/secrets/*; if others use this machine, also remove the files and run make up for new ones"
    return 1
  fi
}

fix_state() {
  [ -d "$STATE_DIR/secrets" ] && chmod 700 "$STATE_DIR" && fixed="chmod 700 $STATE_DIR"
}

fix_secrets() {
  find "$STATE_DIR/secrets" -type f -not -perm 600 -exec chmod 600 {} + && fixed="chmod 600; if others use this machine, make new ones: remove the files, make up"
}

# The engine's data folder, or where it will be.
docker_root() {
  local folder
  folder=$(docker info --format '{{.DockerRootDir}}' 2> /dev/null || true)
  folder=${folder:-/var/lib/docker}
  while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
  echo "$folder"
}

check_disk() {
  local folder free need=$NEED_DISK_GB
  folder=$(docker_root)
  free=$(($(df --output=avail -k "$folder" | tail -n 1) / 1024 / 1024))
  # Built already: what is needed is for homes and logs.
  if [ -n "$(image_id "$LAB_IMAGE")" ]; then need=$NEED_DISK_BUILT_GB; fi
  found="$free GB of disk are free at $folder (needed: $need GB)"
  if [ "$free" -lt "$need" ]; then
    remedy="free some (docker system df shows what Docker keeps, docker builder prune frees old build steps)"
    return 1
  fi
}

check_memory() {
  local free need=$NEED_MEMORY_MB
  free=$(($(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
  found="$free MB of memory are free (needed to begin: $need MB; each lab may use $LAB_MEMORY)"
  if [ "$free" -lt "$need" ] && ! stack_is_up; then
    remedy="stop what uses it, take a larger machine, or, for very few students, set a smaller NEED_MEMORY_MB"
    return 1
  fi
}

check_ca() {
  local begins ends
  if [ ! -e "$CA_BUNDLE" ] && [ ! -L "$CA_BUNDLE" ]; then
    found="no CA bundle at $CA_BUNDLE; the images use Debian's"
    return
  fi
  remedy="make it again (Debian: apt-get install --reinstall ca-certificates; update-ca-certificates --fresh), or point CA_BUNDLE at a good one"
  if [ ! -s "$CA_BUNDLE" ] || [ ! -r "$CA_BUNDLE" ]; then
    found="the CA bundle $CA_BUNDLE is empty or cannot be read"
    return 1
  fi
  begins=$(grep -c -e '-----BEGIN CERTIFICATE-----' "$CA_BUNDLE" || true)
  ends=$(grep -c -e '-----END CERTIFICATE-----' "$CA_BUNDLE" || true)
  if [ "$begins" -eq 0 ] || [ "$begins" -ne "$ends" ]; then
    found="the CA bundle $CA_BUNDLE is broken: $begins certificates begin, $ends end"
    return 1
  fi
  if command -v openssl > /dev/null &&
    ! openssl crl2pkcs7 -nocrl -certfile "$CA_BUNDLE" 2> /dev/null | openssl pkcs7 -print_certs -noout > /dev/null 2>&1; then
    found="the CA bundle $CA_BUNDLE is broken: a certificate in it cannot be read"
    return 1
  fi
  found="CA bundle $CA_BUNDLE with $begins certificates"
}

# The kernel's own table, because a bare machine has neither ss nor lsof.
listens_on() {
  local hex
  hex=$(printf '%04X' "$1")
  awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 3) == port { found = 1 } END { exit !found }' \
    /proc/net/tcp /proc/net/tcp6 2> /dev/null
}

who_listens() {
  local who
  who=$(docker ps --filter "publish=$1" --format 'the container {{.Names}}' 2> /dev/null | head -n 1)
  if [ -z "$who" ] && command -v ss > /dev/null; then
    who=$(ss -ltnpH "sport = :$1" 2> /dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, process \2/p' | head -n 1)
  fi
  echo "${who:-another program}"
}

check_port() {
  found="port $HUB_PORT is free"
  if ! [[ $HUB_PORT =~ ^[0-9]+$ ]] || [ "$HUB_PORT" -lt 1 ] || [ "$HUB_PORT" -gt 65535 ]; then
    found="HUB_PORT=$HUB_PORT is no port"
    remedy="give a number from 1 to 65535"
    return 1
  fi
  listens_on "$HUB_PORT" || return 0
  found="port $HUB_PORT is this class's own"
  [ -n "$(docker ps --quiet --filter "label=com.docker.compose.project=$PROJECT" --filter "publish=$HUB_PORT" 2> /dev/null)" ] && return 0
  found="port $HUB_PORT is used by $(who_listens "$HUB_PORT")"
  remedy="stop that, or choose another port: make up HUB_PORT=$((HUB_PORT + 1))"
  return 1
}

check_engine() {
  if ! docker_answers; then
    found="no Docker engine answers"
    remedy="make up (as root on Debian it installs and starts one); else install Docker Engine and start it"
    return 1
  fi
  found="Docker engine $(docker version --format '{{.Server.Version}}'), client $(docker version --format '{{.Client.Version}}')"
}

check_socket() {
  local socket
  if ! socket=$(docker_socket) || [ ! -S "$socket" ]; then
    found="the engine is not on this machine's socket (${DOCKER_HOST:-${socket:-remote}})"
    remedy="the hub starts labs through the socket: unset DOCKER_HOST, choose a local context (docker context use default)"
    return 1
  fi
  found="engine's socket $socket"
}

check_plugins() {
  found="docker compose $(compose_version), docker buildx $(buildx_version)"
  if ! plugin_is_new_enough compose || ! plugin_is_new_enough buildx; then
    found="docker compose is '$(compose_version)' (needed: $COMPOSE_MIN), docker buildx is '$(buildx_version)' (needed: $BUILDX_MIN)"
    remedy="make up gets them; or install the packages docker-compose and docker-buildx"
    return 1
  fi
}

check_images() {
  local name key missing=
  for name in $(class_images); do
    key=$(tr a-z- A-Z_ <<< "$name")_IMAGE
    [ -n "$(image_id "${!key:-none}")" ] || missing="$missing $name"
  done
  found="images are built: $(class_images | xargs)"
  if [ -n "$missing" ]; then
    found="images not built yet:$missing"
    remedy="make build"
    return 1
  fi
}

check_homes() {
  local free
  free=$(df --output=pcent "$(docker_root)" | tail -n 1 | tr -dc 0-9)
  found="the disk of the homes is $free % full"
  if [ "$free" -ge 90 ]; then
    remedy="free some before students' work fails: docker system df; old homes are the volumes $PROJECT-home-*"
    return 1
  fi
}
