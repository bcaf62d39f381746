#!/usr/bin/env bash
# From whatever is there to a running class; run again, it only looks.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/isolation.sh"

HEALTHY_SECONDS=180

"$ROOT/scripts/prepare.sh"
"$ROOT/scripts/build.sh"
"$ROOT/scripts/secrets.sh"

log=$STATE_DIR/logs/up.log
start_class() {
  renew_labs_network
  say "starting ${SERVICES[*]}"
  "$ROOT/scripts/compose.sh" up --detach --wait --wait-timeout "$HEALTHY_SECONDS" --no-build --remove-orphans > "$log" 2>&1
}

decide_isolation
if ! start_class && ! { why=$(why_not_isolated "$log") && open_labs "$why" && start_class; }; then
  tail -n 5 "$log" >&2
  "$ROOT/scripts/compose.sh" logs --no-color --tail 30 >&2 || true
  die 1 "Not all services are healthy; their last lines are above." "More: make logs, make doctor"
fi

"$ROOT/scripts/compose.sh" exec -T hub python -m lab_hub.accounts ensure-admin "$ADMIN_NAME" --password-file /dev/stdin \
  < "$STATE_DIR/secrets/admin_password" > "$log" 2>&1 || {
  tail -n 15 "$log" >&2
  die 1 "The first administrator, $ADMIN_NAME, could not be made." "More: make logs, make doctor"
}

say "the class is running"
cat << EOF

  Address         http://localhost:$HUB_PORT$([ "$HUB_BIND" = 0.0.0.0 ] && echo " (from other machines: http://$(hostname):$HUB_PORT)")
  Administrator   $ADMIN_NAME
  Password        in $STATE_DIR/secrets/admin_password (for the first login, which asks for a new one)
  Next            make roster CSV=docs/class.csv DRY=1 (a whole class), or make user NAME=ana, make member COURSE=spark1 NAME=ana

EOF
