#!/usr/bin/env bash
# backup.sh [TO [HOMES]]: copies the databases of the class now, as the service `backup` does by itself. With TO, a folder on another
# disk, everything that a class cannot make anew goes into a new folder of it: databases, secrets, settings, what was submitted, courses'
# folders; with HOMES=1 the homes too. A folder counts when it has its final name, and each of its files a line in SHA256SUMS.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

to=${1:-} homes=${2:-}
compose=$ROOT/scripts/compose.sh
docker_answers && [ "$(docker inspect --format '{{.State.Running}}' "$PROJECT-backup" 2> /dev/null)" = true ] ||
  die 2 "The class does not run, and its service backup makes the copies." "make up; the copies that there are: $STATE_DIR/backups"
[ -z "$to" ] || { [ -d "$to" ] && [ -w "$to" ]; } || die 2 "TO=$to is no folder that can be written to." \
  "Mount the other disk, make the folder, then run the same command again."
[ -n "$to" ] || [ -z "$homes" ] || die 2 "Homes go to another disk." "make backup TO=/mnt/other HOMES=1"
copied=$("$compose" exec -T backup python -m lab_hub.backup_service now) || {
  echo "$copied"
  die 1 "Not every database was copied." "The reason is above; make doctor looks at the databases themselves."
}
echo "$copied"
if [ -z "$to" ]; then
  say "copies are in $STATE_DIR/backups; for a lost disk: make backup TO=/mnt/other HOMES=1"
  exit
fi

umask 077
to=$(cd "$to" && pwd)
set=$to/$PROJECT-$(date +%Y%m%d-%H%M%S)
part=$set.part
missing=()
[ "$(stat --format %d "$to")" != "$(stat --format %d "$STATE_DIR")" ] ||
  warn "$to lies on the same disk as the class; a lost disk takes both"
trap 'rm -rf "$part"' EXIT
mkdir "$part" "$part/databases" "$part/homes" "$part/shared"
while read -r _ copy; do cp "$STATE_DIR/backups/$copy" "$part/databases/" || full=1; done <<< "$copied"
install --mode=0600 "$ROOT/versions.env" "$part/" || full=1
tar -C "$STATE_DIR/secrets" -cf "$part/secrets.tar" . || full=1
# Content by its checksum, written once: after the database, so that nothing of what that names is missing. Whatever comes in meanwhile
# makes tar end with 1, and is the next backup's; the lock keeps the runner from tidying up meanwhile.
"$compose" exec -T exercises flock --shared /srv/exercises/store/incoming/lock \
  sh -c 'tar -C /srv/exercises --exclude=incoming --warning=no-file-changed -czf - store || [ $? -eq 1 ]' > "$part/exercises.tar.gz" || full=1
[ -z "${full:-}" ] || die 1 "Nothing was copied to $to: the reason is above." "Mend it, most often by room there, then run the same command again."

# Labs come first: the hub packs with what they leave of the processor.
ask() { docker exec "$PROJECT-hub" nice -n 19 python -m lab_hub.volume_copies "$@"; }
count=0
if ! listed=$(ask list) || ! running=$(ask running); then
  die 1 "The hub could not say which homes there are, so nothing was copied to $to." "make up, or make logs NAME=hub; then run the same command again."
fi
mapfile -t volumes <<< "$listed"
for volume in "${volumes[@]}"; do
  read -r kind name <<< "$volume"
  [ -n "$kind" ] || continue
  folder=$kind
  if [ "$kind" = home ]; then
    [ -n "$homes" ] || continue
    folder=homes
  fi
  say "$folder/$name"
  if ask out "$kind" "$name" > "$part/$folder/$name.tar.gz" < /dev/null; then
    count=$((count + 1))
  else
    rm -f "$part/$folder/$name.tar.gz"
    missing+=("$folder/$name")
  fi
done

if ! sums=$(cd "$part" && find . -type f -print0 | sort -z | xargs -0 sha256sum) || ! echo "$sums" > "$part/SHA256SUMS" || ! sync --file-system "$part"; then
  die 1 "Nothing was copied to $to: the reason is above." "Mend it, most often by room there, then run the same command again."
fi
mv "$part" "$set"
sync "$to"
say "$(du -sh "$set" | cut -f 1) in $set: databases, secrets, submitted files, $count homes and courses' folders"
[ -n "$homes" ] || say "homes are not in it: HOMES=1"
[ -z "$homes" ] || [ -z "$running" ] || warn "labs were running: $running; what they wrote meanwhile may be there in part"
[ ${#missing[@]} -eq 0 ] || die 1 "Not in the backup, which has all the rest: ${missing[*]}" "The reasons are above." \
  "Make room, or mend what they name, then run the same command again."
say "it holds secrets: keep it where its reader may be an administrator of the class; back: make restore FROM=$set"
