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
