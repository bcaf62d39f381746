#!/usr/bin/env bash
# Copies the databases of the class now, as the service `backup` does by itself; each copy's name is printed.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-backup" 2> /dev/null)" = true ] ||
  die 2 "The class does not run, and its service backup makes the copies." "make up; the copies that there are: $STATE_DIR/backups"
"$ROOT/scripts/compose.sh" exec -T backup python -m lab_hub.backup_service now ||
  die 1 "Not every database was copied." "The reason is above; make doctor looks at the databases themselves."
say "copies are in $STATE_DIR/backups; keep them, and $STATE_DIR/secrets, on another disk too"
