# shellcheck shell=bash
# A whole backup, back into a class that is there or into a new one.
# Invariant: nothing is touched before every file of the backup is what was written; a home and a course's folder are made, never
# overwritten; databases and submitted files are put in place as `make restore COPY=...` does.

# restore_all FOLDER HOMES
restore_all() {
  local from homes=$2 copy volume kind name made=0
  local there=() failed=()
  from=$(cd "$1" 2> /dev/null && pwd) && [ -f "$from/SHA256SUMS" ] || die 2 "FROM=$1 is no backup of a class." \
    "Give a folder that make backup TO=... has made."
  say "reading $from"
  (cd "$from" && sha256sum --check --quiet --strict SHA256SUMS) || die 1 "The backup is damaged, and nothing was restored." \
    "The files that are not what was written are named above. Take another backup."
  if [ -d "$STATE_DIR/secrets" ] && ! tar -xOf "$from/secrets.tar" ./crypt_key | cmp -s - "$STATE_DIR/secrets/crypt_key"; then
    die 2 "This class has other secrets than the backup's, and could not read its accounts. Nothing was restored." \
      "If this class is a new one without people in it: make down, remove $STATE_DIR/secrets, then run the same command again."
  fi
  if ! docker inspect "$PROJECT-hub" > /dev/null 2>&1; then
    if [ ! -d "$STATE_DIR/secrets" ]; then
      (umask 077 && mkdir -p "$STATE_DIR/secrets" && tar -C "$STATE_DIR/secrets" --no-same-owner -xf "$from/secrets.tar")
      say "the secrets are the backup's: who was logged in stays so"
    fi
    "$ROOT/scripts/up.sh"
  fi
  for copy in "$from"/databases/*.sqlite; do
    # The service that puts it in place reads it as its own.
    install --mode=0600 "$copy" "$STATE_DIR/backups/"
    if is_root; then chown --reference="$STATE_DIR/backups" "$STATE_DIR/backups/${copy##*/}"; fi
    "$ROOT/scripts/restore.sh" "${copy##*/}"
  done
  "$ROOT/scripts/compose.sh" exec -T exercises tar -C /srv/exercises --no-same-owner -xzf - < "$from/exercises.tar.gz" ||
    die 1 "The submitted files were not restored; the databases were." "Make room on the disk, then run the same command again."
  for volume in "$from"/shared/*.tar.gz "$from"/homes/*.tar.gz; do
    [ -f "$volume" ] || continue
    kind=shared
    case $volume in */homes/*) kind=home ;; esac
    [ "$kind" = shared ] || [ -n "$homes" ] || continue
    name=$(basename "$volume" .tar.gz)
    if docker volume inspect "$PROJECT-$kind-$name" > /dev/null 2>&1; then
      there+=("$kind-$name")
    elif bring_volume check < "$volume" && bring_volume in "$kind" "$name" < "$volume"; then
      made=$((made + 1))
    else
      failed+=("$kind-$name")
    fi
  done
  say "restored from $from: databases, submitted files, $made homes and courses' folders"
  [ ${#there[@]} -eq 0 ] || warn "left alone, because they are there: ${there[*]} (volumes $PROJECT-...)"
  [ ${#failed[@]} -eq 0 ] || die 1 "Not restored: ${failed[*]}" "The reasons are above; run the same command again when they are mended."
}

bring_volume() { "$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.volume_copies "$@"; }
