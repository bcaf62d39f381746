#!/usr/bin/env bash
# Makes sure that the docker client has compose and buildx, new enough. Those that are there are not touched. Else, in this order:
# the distribution's own package; Debian's packages of BASE_SUITE, unpacked in a container; built with Go at pinned versions.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"

# Every docker client looks here first, so a plugin of ours is found whichever client comes first on PATH.
folder=${DOCKER_CONFIG:-${HOME:-/root}/.docker}/cli-plugins
# Debian, Docker's own packages, Ubuntu.
declare -A packages=(
  [compose]="docker-compose docker-compose-plugin docker-compose-v2"
  [buildx]="docker-buildx docker-buildx-plugin"
)
declare -A minimum=([compose]=$COMPOSE_MIN [buildx]=$BUILDX_MIN)

missing() {
  local name
  for name in compose buildx; do plugin_is_new_enough "$name" || echo "$name"; done
}

from_distribution() {
  is_root && command -v apt-cache > /dev/null || return 0
  local name package candidate
  for name in $(missing); do
    for package in ${packages[$name]}; do
      candidate=$(apt-cache policy "$package" 2> /dev/null | sed -n 's/^ *Candidate: \([0-9]*:\)\{0,1\}\([0-9.]*\).*/\2/p')
      if [ -n "$candidate" ] && version_at_least "$candidate" "${minimum[$name]}"; then
        apt_install "$package"
        break
      fi
    done
  done
}

from_debian() {
  local name wanted=
  for name in $(missing); do wanted="$wanted docker-$name"; done
  [ -n "$wanted" ] || return 0
  say "taking$wanted from Debian's packages ($BASE_SUITE)"
  mkdir -p "$folder"
  # The packages are unpacked, not installed: the client plugins are single files that need nothing else.
  # shellcheck disable=SC2016 # expanded in the container
  docker run --rm --env wanted="$wanted" "$BASE_IMAGE" sh -euc '
    exec 3>&1 >&2
    apt-get update -qq
    mkdir -p /tmp/plugins/out && cd /tmp/plugins
    apt-get download -qq $wanted
    for package in *.deb; do dpkg-deb --extract "$package" files; done
    find files -path "*/cli-plugins/docker-*" -type f -exec mv {} out/ \;
    tar -C out -cf - . >&3' 2> "$STATE_DIR/logs/plugins.log" | tar -C "$folder" -xf - --no-same-owner ||
    warn "that did not work: $(tail -n 1 "$STATE_DIR/logs/plugins.log")"
}

from_go() {
  local name
  [ -n "$(missing)" ] || return 0
  command -v go > /dev/null || return 0
  mkdir -p "$folder"
  for name in $(missing); do
    say "building docker-$name with Go (some minutes)"
    "go_$name" > "$STATE_DIR/logs/go-$name.log" 2>&1 ||
      warn "that did not work: $(tail -n 1 "$STATE_DIR/logs/go-$name.log")"
  done
}

go_buildx() { GOBIN=$work go install "github.com/docker/buildx/cmd/buildx@v$BUILDX_VERSION" && mv "$work/buildx" "$folder/docker-buildx"; }

# `go install` refuses compose, because its go.mod excludes versions; a module of our own may build it with the same excludes.
go_compose() {
  local module=github.com/docker/compose/v2
  cat > "$work/go.mod" << EOF
module compose
require $module v$COMPOSE_VERSION
exclude github.com/davecgh/go-spew $GO_SPEW_EXCLUDED
exclude github.com/pmezard/go-difflib $GO_DIFFLIB_EXCLUDED
EOF
  (cd "$work" && go build -mod=mod -trimpath -o "$folder/docker-compose" \
    -ldflags "-s -w -X $module/internal.Version=v$COMPOSE_VERSION" "$module/cmd")
}

if [ -z "$(missing)" ]; then exit 0; fi
make_state_dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

from_distribution
from_debian
from_go
for name in $(missing); do
  die 2 "The docker client has no $name plugin (at least ${minimum[$name]} is needed), and none could be made." \
    "Tried: the distribution's package, Debian's package, Go. Logs: $STATE_DIR/logs" \
    "Install it by hand (package docker-$name or docker-$name-plugin), or put the plugin into $folder"
done
say "docker compose $(compose_version), docker buildx $(buildx_version)"
