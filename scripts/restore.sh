#!/usr/bin/env bash
# restore.sh [COPY [FROM [HOMES]]]: without a name, the copies of the databases that there are; with one, puts it in place. What writes
# that database is stopped meanwhile; labs run on. The file that was there is kept beside it.
# With FROM, a folder of `make backup TO=...`, all that is in it: databases, submitted files, courses' folders, with HOMES=1 homes. A
# folder or a home that is there is left alone. Where there is no class yet, one is started, with the secrets of that folder.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

compose=$ROOT/scripts/compose.sh
copy=${1:-} from=${2:-} homes=${3:-}
if [ -n "$from" ]; then
  [ -z "$copy" ] || die 2 "COPY is one copy of one database, FROM is a whole backup." "Give one of them."
  source "$ROOT/scripts/lib/whole_restore.sh"
  restore_all "$from" "$homes"
  exit
fi
docker_answers || die 2 "No Docker engine answers." "make doctor says more."
[ -d "$STATE_DIR/backups" ] || die 2 "There are no copies: this class was never started." "make up"
make_state_dir
log=$STATE_DIR/logs/restore.log

# Not the hub, which may be unable to start.
"$compose" up --detach --no-deps --no-build backup > "$log" 2>&1 || {
  tail -n 10 "$log" >&2
  die 1 "The service backup could not be started; the last lines are above." "make doctor says more."
}
ask() { "$compose" exec -T backup python -m lab_hub.backup_service "$@"; }
if [ -z "$copy" ]; then
  ask list
  exit
fi
case $copy in
  hub-*) writers=(hub) ;;
  exercises-*) writers=(exercises runner) ;;
  *) die 2 "$copy is no copy of a database." "make restore shows those that there are." ;;
esac
say "stopping ${writers[*]}; labs run on"
"$compose" stop "${writers[@]}" >> "$log" 2>&1
status=0
ask restore "$copy" || status=$?
say "starting ${writers[*]}"
"$compose" up --detach --wait --wait-timeout 120 --no-build "${writers[@]}" >> "$log" 2>&1 || {
  tail -n 10 "$log" >&2
  die 1 "Not all of ${writers[*]} are healthy; the last lines are above." "More: make logs, make doctor"
}
[ "$status" -eq 0 ] || die 1 "Nothing was restored." "The reason is above; make restore shows the copies that there are."
say "done; what changed after the copy was made is gone: accounts, courses, submissions (make roster brings a class back)"
