# shellcheck shell=bash
# A whole backup, back into a class that is there or into a new one.
# Invariant: nothing is touched before every file of the backup is what was written; a home and a course's folder are made, never
# overwritten; databases and submitted files are put in place as `make restore COPY=...` does.

# restore_all FOLDER HOMES
restore_all() {
  local from homes=$2 made=0
  local there=() failed=()
  from=$(cd "$1" 2> /dev/null && pwd) && [ -f "$from/SHA256SUMS" ] || die 2 "FROM=$1 is no backup of a class." \
    "Give a folder that make backup TO=... has made."
  say "reading $from"
  is_as_written "$from" || die 1 "The backup is damaged, and nothing was restored." \
    "The files that are not what was written are named above. Take another backup."
  if [ -d "$STATE_DIR/secrets" ] && ! tar -xOf "$from/secrets.tar" ./crypt_key | cmp -s - "$STATE_DIR/secrets/crypt_key"; then
    die 2 "This class has other secrets than the backup's, and could not read its accounts. Nothing was restored." \
      "If this class is a new one without people in it: make down, remove $STATE_DIR/secrets, then run the same command again."
  fi
  if ! docker inspect "$PROJECT-hub" > /dev/null 2>&1; then
    [ -d "$STATE_DIR/secrets" ] || bring_secrets
    "$ROOT/scripts/up.sh"
  fi
  # Who has an account may start a lab, in an empty home if theirs is still to come: so accounts come last. But what cannot run over a
  # damaged database needs that first.
  if is_healthy hub && is_healthy exercises; then
    restore_contents
    restore_databases
  else
    restore_databases
    restore_contents
  fi
  say "restored from $from: databases, submitted files, $made homes and courses' folders"
  [ -n "$homes" ] || ! compgen -G "$from/homes/*.tar.gz" > /dev/null ||
    warn "the backup's homes were left out; HOMES=1 brings them, best before anybody logs in and gets an empty one"
  [ ${#there[@]} -eq 0 ] || warn "left alone, because they are there: ${there[*]} (volumes $PROJECT-...)"
  [ ${#failed[@]} -eq 0 ] || die 1 "Not restored: ${failed[*]}" "The reasons are above; run the same command again when they are mended."
}

# Every file has its line, every line its file, as it was written.
is_as_written() (
  cd "$1" || exit
  sha256sum --check --quiet --strict SHA256SUMS || exit
  more=$(LC_ALL=C comm -13 <(sed 's/^[0-9a-f]* [ *]//' SHA256SUMS | LC_ALL=C sort) <(find . -type f ! -path ./SHA256SUMS | LC_ALL=C sort))
  [ -z "$more" ] || { echo "not of this backup: $more" >&2 && exit 1; }
)

is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$PROJECT-$1" 2> /dev/null)" = healthy ]; }

# All of them or none: half of them would be taken for the class's own, and made whole by new ones.
bring_secrets() {
  local part=$STATE_DIR/secrets.part
  make_state_dir
  rm -rf "$part"
  (umask 077 && mkdir "$part" && tar -C "$part" --no-same-owner -xf "$from/secrets.tar" && mv "$part" "$STATE_DIR/secrets") ||
    die 1 "The secrets could not be restored, and nothing else was." "The reason is above. Make room on the disk, then run the same command again."
  say "the secrets are the backup's: who was logged in stays so"
}

restore_databases() {
  local copy
  for copy in "$from"/databases/*.sqlite; do
    # The service that puts it in place reads it as its own.
    install --mode=0600 "$copy" "$STATE_DIR/backups/"
    if is_root; then chown --reference="$STATE_DIR/backups" "$STATE_DIR/backups/${copy##*/}"; fi
    "$ROOT/scripts/restore.sh" "${copy##*/}"
  done
}

restore_contents() {
  local volume kind name
  "$ROOT/scripts/compose.sh" exec -T exercises tar -C /srv/exercises --no-same-owner -xzf - store < "$from/exercises.tar.gz" ||
    die 1 "The submitted files were not restored." "The reason is above. Make room on the disk, then run the same command again."
  bring_volume forget-halves < /dev/null || die 1 "What an earlier restore left half could not be removed." \
    "The reason is above; mend it, then run the same command again."
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
}

bring_volume() { docker exec --interactive "$PROJECT-hub" nice -n 19 python -m lab_hub.volume_copies "$@"; }
