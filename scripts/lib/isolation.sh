# shellcheck shell=bash
# Where the labs' network lies, and whether it keeps labs apart. A network that is there says so itself; for one that is not, the same
# class always finds the same place, unless somebody else is on it.

CLASS_SIZE=4 # of the third number of an address: a /22

labs_bridge() { echo "dl-$(printf %s "$PROJECT" | sha256sum | cut -c 1-10)"; }

labs_option() { docker network inspect --format "{{index .Options \"com.docker.network.bridge.$1\"}}" "$(labs_network)" 2> /dev/null; }

# Made by a version that knew no isolation, or with another answer to LABS_ISOLATION, where that has been asked (make up does).
labs_network_is_stale() {
  docker network inspect "$(labs_network)" > /dev/null 2>&1 || return 1
  [ "$(labs_option name)" != "$(labs_bridge)" ] || [ "$(labs_option enable_icc)" != "${LABS_OPEN:-$(labs_option enable_icc)}" ]
}

# Third numbers of the pool's addresses that the engine's networks or the machine's routes use, one a line; a wide network counts for all.
used_in_pool() {
  local pool=$1 address hex bits first
  {
    docker network ls --quiet 2> /dev/null | xargs --no-run-if-empty docker network inspect --format '{{range .IPAM.Config}}{{println .Subnet}}{{end}}' 2> /dev/null
    # Little-endian hexadecimal; the default route (no mask) leads everywhere and is in nobody's way.
    while read -r _ hex _ _ _ _ _ bits _; do
      [[ $hex =~ ^[0-9A-F]{8}$ ]] && [ "$bits" != 00000000 ] || continue
      printf '%d.%d.%d.0/%d\n' "0x${hex:6:2}" "0x${hex:4:2}" "0x${hex:2:2}" "$(mask_bits "$bits")"
    done < /proc/net/route
  } | while IFS=/ read -r address bits; do
    [[ $address == "$pool".* ]] || continue
    first=${address#"$pool".} first=${first%%.*}
    seq "$first" $((first + (bits < 24 ? 2 ** (24 - bits) : 1) - 1))
  done
}

mask_bits() {
  local mask=$((16#$1)) count=0
  while [ "$mask" -gt 0 ]; do count=$((count + (mask & 1))) mask=$((mask >> 1)); done
  echo "$count"
}

# The first three numbers of the class's addresses.
labs_prefix() {
  local pool=${LABS_POOL%.0.0/16} subnet start third try used
  [[ $LABS_POOL =~ ^[0-9]{1,3}\.[0-9]{1,3}\.0\.0/16$ ]] || die 2 "LABS_POOL=$LABS_POOL is no pool of addresses." \
    "Give one of the form a.b.0.0/16 that nothing in your network uses."
  subnet=$(docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}}{{end}}' "$(labs_network)" 2> /dev/null || true)
  if [[ $subnet == *.0/22 ]] && [ "$(labs_option name)" = "$(labs_bridge)" ]; then
    echo "${subnet%.0/22}"
    return
  fi
  used=" $(used_in_pool "$pool" | xargs) "
  start=$((16#$(printf %s "$PROJECT" | sha256sum | cut -c 1-4)))
  for try in {0..63}; do
    third=$(((start + try) % 64 * CLASS_SIZE))
    [[ $used == *" $third "* || $used == *" $((third + 1)) "* || $used == *" $((third + 2)) "* || $used == *" $((third + 3)) "* ]] ||
      { echo "$pool.$third" && return; }
  done
  die 2 "No addresses are free in LABS_POOL=$LABS_POOL." "Give another pool of the form a.b.0.0/16 that nothing in your network uses."
}

# What compose is told of it.
export_isolation() {
  local base third
  LABS_BRIDGE=$(labs_bridge)
  LABS_PREFIX=$(labs_prefix) || exit
  base=${LABS_PREFIX%.*} third=${LABS_PREFIX##*.}
  LABS_RANGE=$base.$((third + 2)).0/23
  [ -n "${LABS_OPEN:-}" ] || LABS_OPEN=$(labs_option enable_icc | grep -x -e true -e false || { [ "$LABS_ISOLATION" = off ] && echo true || echo false; })
  LABS_ISOLATED=$([ "$LABS_OPEN" = true ] && echo false || echo true)
  export LABS_BRIDGE LABS_PREFIX LABS_RANGE LABS_OPEN LABS_ISOLATED
}

# guard_can: could the rules be written on this engine? Prints why not.
guard_can() {
  local said
  docker exec "$PROJECT-guard" guard can 2> /dev/null && return
  said=$(docker run --rm --network host --userns host --user 0:0 --cap-drop ALL --cap-add NET_ADMIN --cap-add NET_RAW --read-only --tmpfs /run \
    --security-opt no-new-privileges --env LABS_BRIDGE=none --env LABS_PREFIX=none "$GUARD_IMAGE" guard can 2>&1) && return
  tail -n 1 <<< "$said"
  return 1
}

# open_labs WHY: go on without isolation, unless the operator wants none of that.
open_labs() {
  [ "$LABS_ISOLATION" != strict ] || die 2 "Labs cannot be isolated on this engine, and LABS_ISOLATION is strict: $1" \
    "Mend what it names, or allow it in plain sight: make up LABS_ISOLATION=on" "docs/operator.md, \"What labs reach\", says what that means."
  warn "LABS ARE NOT ISOLATED on this engine: $1"
  warn "any lab reaches what other labs and this machine listen on; docs/operator.md, \"What labs reach\""
  export LABS_OPEN=true
}

# why_not_isolated LOG: did a start fail because this engine cannot keep the containers of one bridge apart after all?
why_not_isolated() {
  [ "$LABS_OPEN" = false ] || return 1
  grep -m 1 "cannot restrict inter-container communication" "$1" && return
  local said status=0
  said=$(docker exec "$PROJECT-guard" guard status 2> /dev/null) || status=$?
  [ "$status" -eq 3 ] && echo "$said"
}

# Before a class starts: sets LABS_OPEN.
decide_isolation() {
  local why
  case $LABS_ISOLATION in
    on | strict)
      export LABS_OPEN=false
      why=$(guard_can) || open_labs "$why"
      ;;
    off)
      warn "LABS ARE NOT ISOLATED: LABS_ISOLATION is off"
      export LABS_OPEN=true
      ;;
    *) die 2 "LABS_ISOLATION=$LABS_ISOLATION is none of on, strict and off." "on: isolated where the engine can; docs/settings.md" ;;
  esac
}

# A network cannot be changed, only be made anew, and labs on it would lose their connection.
renew_labs_network() {
  local labs
  labs_network_is_stale || return 0
  mapfile -t labs < <(lab_ids)
  [ ${#labs[@]} -eq 0 ] || die 2 "${#labs[@]} lab(s) run on a network that was made with other settings of isolation, or by an older version." \
    "When their students can be interrupted: make down, then make up"
  say "making the labs' network anew; groups of services that run are stopped, start them again with make start"
  "$ROOT/scripts/compose.sh" --profile "*" down --remove-orphans > "$STATE_DIR/logs/renew.log" 2>&1
}
