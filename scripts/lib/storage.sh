# shellcheck shell=bash
# Which server the object storage is (STORAGE_SERVER), and where the class's tables lie. Each server has a volume of its own, so that none
# ever opens what another wrote.
# shellcheck disable=SC2153 # STORAGE_SERVER is a setting, STORAGE_SERVERS are all that it can be

STORAGE_SERVERS=(versitygw seaweedfs minio)

# The folder of images/ that a server's image is made from; MinIO's has none, as it is pulled.
storage_image_name() {
  case $STORAGE_SERVER in
    versitygw) echo storage ;;
    *) echo "$STORAGE_SERVER" ;;
  esac
}

# Images of the servers that are not chosen, one a line.
other_storage_images() {
  local STORAGE_SERVER one chosen=$STORAGE_SERVER
  for one in "${STORAGE_SERVERS[@]}"; do
    STORAGE_SERVER=$one
    [ "$one" = "$chosen" ] || storage_image_name
  done
}

# storage_volume SERVER: without the project's name before it.
storage_volume() {
  case $1 in
    versitygw) echo storage-data ;;
    *) echo "$1-data" ;;
  esac
}

check_storage_server() {
  [[ " ${STORAGE_SERVERS[*]} " == *" $STORAGE_SERVER "* ]] ||
    die 2 "STORAGE_SERVER=$STORAGE_SERVER is no server of object storage." "One of: ${STORAGE_SERVERS[*]} (versions.env; docs/platform/storage.md)"
}

# What is laid over compose/core.yaml for a server that is not started and asked like the others.
storage_overlay() {
  local file=$ROOT/compose/core/$STORAGE_SERVER.yaml
  [ ! -f "$file" ] || printf '%s\n' --file "$file"
}

# A new volume takes its owner and mode from the folder of the image, which a pulled image does not have: so it is made over a folder of
# the lab's that anybody may write to.
make_pulled_servers_volume() {
  local volume
  [ -n "$(storage_overlay)" ] || return 0
  volume=$(storage_volume "$STORAGE_SERVER")
  docker volume create --label "com.docker.compose.project=$PROJECT" --label "com.docker.compose.volume=$volume" "$PROJECT-$volume" > /dev/null
  docker run --rm --network none --cap-drop ALL --volume "$PROJECT-$volume:/var/tmp" --entrypoint true "$LAB_IMAGE"
}

# What compose/core.yaml is told of it.
export_storage() {
  local key
  check_storage_server
  key=$(storage_image_name | tr a-z- A-Z_)_IMAGE
  STORAGE_SERVER_IMAGE=${!key}
  STORAGE_SERVER_VOLUME=$(storage_volume "$STORAGE_SERVER")
  export STORAGE_SERVER_IMAGE STORAGE_SERVER_VOLUME
}

# The server that the class's tables were last seen on: nothing for a class that never had a storage.
storage_last() {
  if [ -s "$STATE_DIR/storage-server" ]; then
    cat "$STATE_DIR/storage-server"
  elif docker volume inspect "$PROJECT-$(storage_volume versitygw)" > /dev/null 2>&1; then
    # Classes of before there was a choice.
    echo versitygw
  fi
}

# Another server begins with what it has itself, which for the class would look like a loss of all its tables.
check_storage_change() {
  local last
  last=$(storage_last)
  [ -n "$last" ] && [ "$last" != "$STORAGE_SERVER" ] && [ "${STORAGE_CHANGE:-}" != leave ] || return 0
  docker volume inspect "$PROJECT-$(storage_volume "$last")" > /dev/null 2>&1 || return 0
  die 2 "The class's tables lie on $last, and $STORAGE_SERVER would start without them. Nothing was changed." \
    "Stay with $last:            STORAGE_SERVER=$last" \
    "Copy them, then start:      make storage-copy FROM=$last STORAGE_SERVER=$STORAGE_SERVER" \
    "Start without them:         STORAGE_CHANGE=leave (they stay in the volume $PROJECT-$(storage_volume "$last"))"
}

note_storage_server() { echo "$STORAGE_SERVER" > "$STATE_DIR/storage-server"; }
