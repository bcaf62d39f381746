#!/usr/bin/env bash
# Copies the class's tables from one server of the object storage to another: storage-copy.sh FROM; to the one of STORAGE_SERVER. The
# storage is off meanwhile, and what is copied from stays as it is. Run again after a failure, it goes on where it ended.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/groups.sh"
source "$ROOT/scripts/lib/identity.sh"

HEALTHY_SECONDS=120
from=${1:-} to=$STORAGE_SERVER

[ -n "$from" ] || die 2 "Tables are copied from one server to another, and FROM names none." "make storage-copy FROM=versitygw STORAGE_SERVER=seaweedfs"
for server in "$from" "$to"; do STORAGE_SERVER=$server check_storage_server; done
[ "$from" != "$to" ] || die 2 "Tables are copied from one server to another, and both are $to." "make storage-copy FROM=versitygw STORAGE_SERVER=seaweedfs"
for server in "$from" "$to"; do
  [ -z "$(STORAGE_SERVER=$server storage_overlay)" ] || die 2 "$server is not one of those that can be copied from or to here." \
    "Copy its buckets with a program for S3 (docs/platform/storage.md, MinIO)."
done
docker_answers || die 2 "No Docker engine answers." "make doctor says more."
[ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-platform" 2> /dev/null)" = true ] || die 2 "The class does not run." "Run: make up"
docker volume inspect "$PROJECT-$(storage_volume "$from")" > /dev/null 2>&1 || die 2 "$from has no tables of this class." "They are on: $(storage_last)"
for server in "$from" "$to"; do "$ROOT/scripts/build.sh" "$(STORAGE_SERVER=$server storage_image_name)"; done

back="They are where they were, on $from; the same command goes on where this one ended, and without it: make start GROUPS=core STORAGE_SERVER=$from"
say "stopping the storage: cells that need it wait or fail until make start"
log=$STATE_DIR/logs/storage-copy.log
"$ROOT/scripts/compose.sh" --profile core rm --stop --force storage > "$log" 2>&1 || {
  tail -n 5 "$log" >&2
  die 1 "The storage could not be stopped, so nothing was copied." "The engine's words are above; run the same command again."
}
containers=("$PROJECT-storage-from" "$PROJECT-storage-to")
# What a copy that was killed has left: two servers over the same data would be the end of it.
docker rm --force "${containers[@]}" > /dev/null 2>&1 || true
trap 'docker stop --time 10 "${containers[@]}" > /dev/null 2>&1 || true; docker rm --force "${containers[@]}" > /dev/null 2>&1 || true' EXIT

# serve SERVER ROLE: as the group runs it, but on the platform's network alone, where no lab is, and under another name.
serve() {
  local role=storage-$2 volume
  STORAGE_SERVER=$1 export_storage
  volume=$PROJECT-$STORAGE_SERVER_VOLUME
  docker volume create --label "com.docker.compose.project=$PROJECT" --label "com.docker.compose.volume=$STORAGE_SERVER_VOLUME" "$volume" > /dev/null
  docker run --detach --init --name "$PROJECT-$role" --network "$PROJECT-platform" --network-alias "$role" \
    --user "$(service_uid):$(service_uid)" --read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp:mode=1777,size=16m \
    --memory "$STORAGE_MEMORY" --cpus "$STORAGE_CPUS" --pids-limit "$STORAGE_PIDS" \
    --env "STORAGE_PORT=$STORAGE_PORT" --env "STORAGE_ADMIN_HOST=$role" --env "STORAGE_ADMIN_PORT=$STORAGE_ADMIN_PORT" \
    --env "STORAGE_BUCKETS=$STORAGE_BUCKETS" --env "STORAGE_REGION=$STORAGE_REGION" --volume "$volume:/srv/storage" \
    --volume "$STATE_DIR/secrets/storage_root_key:/run/secrets/storage_root_key:ro" \
    --volume "$STATE_DIR/secrets/storage_root_secret:/run/secrets/storage_root_secret:ro" "$STORAGE_SERVER_IMAGE" > /dev/null
  until docker exec "$PROJECT-$role" health-storage > /dev/null 2>&1; do
    [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-$role")" = true ] && [ "$(elapsed)" -lt "$deadline" ] || {
      docker logs --tail 15 "$PROJECT-$role" >&2
      die 1 "$1 did not start; its last lines are above." "$back"
    }
    sleep 0.5
  done
}
deadline=$(($(elapsed) + HEALTHY_SECONDS))
serve "$from" from
serve "$to" to
say "copying from $from to $to"
docker exec "$PROJECT-platform" python -m lab_platform.files copy "http://storage-from:$STORAGE_PORT" "http://storage-to:$STORAGE_PORT" ||
  die 1 "Not everything was copied." "The reason is above." "$back"
STORAGE_SERVER=$to note_storage_server
say "done; start it: make start GROUPS=core STORAGE_SERVER=$to (in versions.env for good). Labs get new keys at their next start." \
  "What $from has stays in the volume $PROJECT-$(storage_volume "$from")."
