#!/usr/bin/env bash
# Turns requirements without versions into locks with hashes, under the caps of versions.env.
#   lock.sh            everything
#   lock.sh NAME...    images/NAME, `tests`, or `bench` (what the grading bench compares with)
#   lock.sh --keep ... the same, but what is locked already keeps its version: for a package more, or one less
# Nothing else in the project resolves a version: builds only read what this script wrote.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/inputs.sh"

freshness=(--upgrade)
if [ "${1:-}" = --keep ]; then
  freshness=()
  shift
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

find_uv() {
  command -v uv || { [ -x "$ROOT/.venv/bin/uv" ] && echo "$ROOT/.venv/bin/uv"; } || {
    python3 -m venv "$work/uv" && "$work/uv/bin/pip" install --quiet --disable-pip-version-check "uv==$PIP_UV" &&
      echo "$work/uv/bin/uv"
  }
}

# PIP_DELTA_SPARK=x -> delta-spark==x
caps() {
  local name
  for name in ${!PIP_@}; do
    grep -q "^$name=" "$ROOT/versions.env" || continue
    name=${name#PIP_}
    echo "$(tr 'A-Z_' 'a-z-' <<< "$name")==$(declare -n value="PIP_$name" && echo "$value")"
  done
}

# compile FILE.in PYTHON [option...]: beside it, FILE.lock
compile() {
  local source=$1 python=$2
  shift 2
  say "locking ${source#"$ROOT"/}"
  # --allow-unsafe: pip and setuptools are what one of the files is about.
  (cd "$ROOT" && "$uv" pip compile --quiet --generate-hashes --allow-unsafe --no-header --no-emit-index-url "${freshness[@]}" \
    --python-version "$python" --constraint "$work/caps.txt" "$@" \
    --output-file "${source%.in}.lock" "$source")
  # The constraint file was temporary: its name is noise in the lock.
  sed -i '/^ *# *-c .*caps\.txt$/d; s/^\( *# via\) *-c .*caps\.txt$/\1/' "${source%.in}.lock"
}

lock_npm() {
  local folder=$1 package=configurable-http-proxy
  say "locking ${folder#"$ROOT"/} (npm)"
  docker_answers || die 2 "npm's lock is made in a container, and no Docker engine answers." "Run: make up"
  "$ROOT/scripts/build.sh" --stage npm "$(basename "$folder")" npm-tools
  # No registry host in the lock: npm takes its own default when it installs.
  docker run --rm --volume "$work:/out" --volume "$CA_BUNDLE:/run/secrets/ca:ro" \
    --volume "$ROOT/images/with-ca.sh:/usr/local/bin/with-ca:ro" npm-tools sh -euc "
      mkdir /tmp/lock && cd /tmp/lock
      echo '{\"private\": true}' > package.json
      with-ca npm install --silent --package-lock-only --omit-lockfile-registry-resolved --save-exact '$package@$NPM_CONFIGURABLE_HTTP_PROXY'
      cp package.json package-lock.json /out/"
  docker image rm npm-tools > /dev/null
  cp "$work/package.json" "$work/package-lock.json" "$folder/"
}

lock_jars() {
  say "locking images/$1 (jars)"
  "$ROOT/scripts/build.sh" --stage jars-lock "$1" jars-lock
  docker run --rm jars-lock cat /tmp/jars.lock > "$work/jars.lock"
  docker image rm jars-lock > /dev/null
  cp "$work/jars.lock" "$ROOT/images/$1/jars.lock"
}

# go.in is go.mod as a person would write it: the program at its setting of versions.env, and what its own go.mod replaces. All else
# follows from these two, whenever it is done, so here --keep has nothing to keep.
lock_go() {
  local folder=$ROOT/images/$1 key
  local -a settings=(-e "/^\/\//d")
  say "locking images/$1 (Go)"
  docker_answers || die 2 "The lock of Go modules is made in a container, and no Docker engine answers." "Run: make up"
  for key in ${!GO_@}; do settings+=(-e "s|\$$key\$|${!key}|"); done
  mkdir "$work/go"
  sed "${settings[@]}" "$folder/go.in" > "$work/go/go.mod"
  cp "$folder/tools.go" "$work/go/"
  "$ROOT/scripts/build.sh" --stage go "$1" go-lock
  docker run --rm --volume "$work/go:/build" --workdir /build --env "GOTOOLCHAIN=go$GO_TOOLCHAIN+auto" --env GOFLAGS=-modcacherw \
    --volume "$CA_BUNDLE:/run/secrets/ca:ro" --volume "$ROOT/images/with-ca.sh:/usr/local/bin/with-ca:ro" go-lock \
    with-ca go mod tidy 2> "$work/go.log" || {
    tail -n 20 "$work/go.log" >&2
    die 1 "images/$1/go.in could not be resolved; Go's last lines are above." "Look at its version in versions.env, and at go.in. Then run it again."
  }
  docker image rm go-lock > /dev/null
  cp "$work/go/go.mod" "$work/go/go.sum" "$folder/"
  rm -r "$work/go"
}

lock_image() {
  local folder=$ROOT/images/$1 file
  [ -d "$folder" ] || die 2 "There is no images/$1 to lock." "Images: $(image_names | xargs)"
  for file in "$folder"/*requirements.in; do
    [ -e "$file" ] && compile "$file" "$PYTHON_IMAGES"
  done
  if grep -q "npm ci" "$folder/Dockerfile"; then lock_npm "$folder"; fi
  if [ -e "$folder/jars.lock" ]; then lock_jars "$1"; fi
  if [ -e "$folder/go.in" ]; then lock_go "$1"; fi
}

uv=$(find_uv | tail -n 1)
[ -n "$uv" ] || die 2 "uv is needed to make the locks and could not be installed." "Try: pip install uv"
caps > "$work/caps.txt"

mapfile -t images < <(image_names)
[ $# -gt 0 ] || set -- tests "${images[@]}" bench
for name in "$@"; do
  if [ "$name" = tests ]; then
    # Universal: the same file for every Python from the oldest on.
    compile "$ROOT/tests/requirements.in" "$PYTHON_MIN" --universal
  elif [ "$name" = bench ]; then
    # Beside the lab's own packages, at the lab's own versions.
    compile "$ROOT/tests/bench/grading/requirements.in" "$PYTHON_IMAGES" --constraint "$ROOT/images/lab/requirements.lock"
  else
    lock_image "$name"
  fi
done
say "locked; now run: make test"
