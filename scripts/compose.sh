#!/usr/bin/env bash
# docker compose, with the settings of this class: compose.sh ps, compose.sh config, ...
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/identity.sh"
source "$ROOT/scripts/lib/isolation.sh"
source "$ROOT/scripts/lib/storage.sh"

SERVICE_UID=$(service_uid)
SECRETS_MARK=$(secrets_mark)
DOCKER_SOCKET=$(docker_socket) || die 2 "The Docker engine is not on this machine; the hub starts labs through its socket." \
  "Unset DOCKER_HOST, or choose a local context: docker context use default"
DOCKER_GID=$(stat -c %g "$DOCKER_SOCKET" 2> /dev/null || echo 0)
KAFKA_HOST_PORT=${KAFKA_HOST_PORT:-$((HUB_PORT + KAFKA_HOST_OFFSET))}
[ "$KAFKA_HOST_PORT" -le 65535 ] || KAFKA_HOST_PORT=$((HUB_PORT - KAFKA_HOST_OFFSET))
export_isolation
export_storage
export SERVICE_UID SECRETS_MARK DOCKER_SOCKET DOCKER_GID KAFKA_HOST_PORT
mapfile -t overlay < <(storage_overlay)
exec docker compose --project-directory "$ROOT" --file "$ROOT/compose.yaml" ${overlay[@]+"${overlay[@]}"} "$@"
