#!/usr/bin/env bash
# Makes the secrets of a class at its first start, and never again. Nothing prints one.
# They are files that only their owner can read, and the hub and the proxy run as that owner.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/identity.sh"

folder=$STATE_DIR/secrets
umask 077
make_state_dir
mkdir -p "$folder" "$STATE_DIR/archives" "$STATE_DIR/backups"

random_hex() { head -c "$1" /dev/urandom | od -An -tx1 | tr -d ' \n'; }
# Easy to read aloud and to type: no l, 1, o, 0.
random_word() { LC_ALL=C tr -dc 'abcdefghijkmnpqrstuvwxyz23456789' < <(head -c 4096 /dev/urandom) | head -c "$1"; }

# make NAME VALUE: complete, or not there at all.
make() {
  [ -s "$folder/$1" ] && return
  printf '%s' "$2" > "$folder/.$1.new"
  mv "$folder/.$1.new" "$folder/$1"
  say "made the secret $1"
}

make cookie_secret "$(random_hex 32)"
make crypt_key "$(random_hex 32)"
make proxy_auth_token "$(random_hex 32)"
make exercises_token "$(random_hex 32)"
make operator_token "$(random_hex 32)"
make platform_token "$(random_hex 32)"
make gateway_token "$(random_hex 32)"
make spark_secret "$(random_hex 32)"
# The object storage's own; each student's secret is computed from it (lab_platform/keys/storage.py).
make storage_root_key "$(random_hex 10)"
make storage_root_secret "$(random_hex 32)"
make kafka_admin_password "$(random_hex 24)"
make nifi_sensitive_key "$(random_hex 32)"
make admin_password "$(random_word 5)-$(random_word 5)-$(random_word 5)"

# Root makes them for the user of the containers.
if is_root; then chown "$(service_uid):$(service_uid)" "$folder"/* "$STATE_DIR/archives" "$STATE_DIR/backups"; fi
chmod 0700 "$STATE_DIR" "$folder" "$STATE_DIR/archives" "$STATE_DIR/backups"
chmod 0600 "$folder"/*

# No secret: Hadoop, inside Spark, wants a name for the user that its daemons run as, and the lab's image knows only the student.
printf 'spark:x:%s:%s::/tmp:/usr/sbin/nologin\n' "$(service_uid)" "$(service_uid)" > "$STATE_DIR/spark-passwd"
chmod 0644 "$STATE_DIR/spark-passwd"
