#!/usr/bin/env bash
# nifi-flows.sh [FOLDER]: brings the flow definitions of compose/nifi/flows (or FOLDER) to NiFi and starts them. Run again, it only looks;
# a definition that has changed replaces its flow. It speaks to NiFi from inside its container: the front door would want a login.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

folder=${1:-$ROOT/compose/nifi/flows}
[ -d "$folder" ] || die 2 "There is no folder $folder." "make nifi-flows takes those of compose/nifi/flows; SRC=folder takes others."
docker_answers || die 2 "No Docker engine answers." "Run make up first: it starts the engine and the class."
[ "$(docker inspect --format '{{.State.Health.Status}}' "$PROJECT-nifi" 2> /dev/null)" = healthy ] ||
  die 2 "NiFi is not started, or not healthy yet." "Start it: make start GROUPS=processing" "Its log: make logs NAME=nifi"

say "bringing the flows of $folder to NiFi"
tar --create --directory "$folder" . | docker exec --interactive "$PROJECT-nifi" python3 -m flows ||
  die 1 "Not all flows were brought to NiFi; the reason is above." "Mend it, then run again: make nifi-flows"
say "done; the flows are at http://localhost:$HUB_PORT/services/nifi/"
