# shellcheck shell=bash
# Who the hub and the proxy run as: whoever owns the secrets. That is the operator, or, where the operator is root, the images'
# own user.

SERVICE_UID_FOR_ROOT=10001

service_uid() {
  local uid
  uid=$(stat -c %u "$STATE_DIR/secrets/cookie_secret" 2> /dev/null || id -u)
  if [ "$uid" -eq 0 ]; then uid=$SERVICE_UID_FOR_ROOT; fi
  echo "$uid"
}

# Which files of secrets there are, not what is in them. It is a label of each container, because a container that was made with
# files that are gone keeps them until it is made again: compose does that when a label changes.
secrets_mark() {
  local files=("$STATE_DIR"/secrets/*)
  { stat -c '%n %i %Y' "${files[@]}" 2> /dev/null || true; } | sha256sum | cut -c 1-12
}
