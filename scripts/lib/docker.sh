# shellcheck shell=bash
# Questions to the Docker engine and client; nothing here changes anything.

# The services of compose.yaml, in the order in which people care.
# shellcheck disable=SC2034 # whoever sources this file asks for it
SERVICES=(proxy hub exercises runner gateway platform backup guard)

docker_answers() { command -v docker > /dev/null && docker version --format '{{.Server.Version}}' > /dev/null 2>&1; }

image_id() { docker image inspect --format '{{.Id}}' "$1" 2> /dev/null || true; }

compose_version() { docker compose version --short 2> /dev/null | sed 's/^v//;s/[-+].*//'; }
buildx_version() { docker buildx version 2> /dev/null | sed -n 's/^[^ ]* v\{0,1\}\([0-9.]*\).*/\1/p;s/^buildx \([0-9.]*\).*/\1/p' | head -n 1; }

plugin_is_new_enough() {
  local found
  case $1 in
    compose) found=$(compose_version) && [ -n "$found" ] && version_at_least "$found" "$COMPOSE_MIN" ;;
    buildx) found=$(buildx_version) && [ -n "$found" ] && version_at_least "$found" "$BUILDX_MIN" ;;
  esac
}

# The engine's socket on this machine; the hub starts labs through it.
docker_socket() {
  local host=${DOCKER_HOST:-}
  [ -n "$host" ] || host=$(docker context inspect --format '{{.Endpoints.docker.Host}}' 2> /dev/null || true)
  case ${host:-unix:///var/run/docker.sock} in
    unix://*) echo "${host#unix://}" ;;
    *) return 1 ;;
  esac
}

# `docker context show` is younger than Debian 12's client.
current_context() { docker context inspect --format '{{.Name}}' 2> /dev/null || echo default; }

labs_network() { echo "$PROJECT-labs"; }

# The labs of this class: what is on its network and is no part of compose.
lab_ids() {
  local id
  for id in $(docker ps --all --quiet --filter "network=$(labs_network)" 2> /dev/null); do
    [ -n "$(docker inspect --format '{{index .Config.Labels "com.docker.compose.project"}}' "$id" 2> /dev/null)" ] || echo "$id"
  done
}

stack_is_up() { [ -n "$(docker ps --quiet --filter "label=com.docker.compose.project=$PROJECT" 2> /dev/null)" ]; }
