#!/usr/bin/env bash
# Builds images: build.sh [NAME...]; without a name those of a class, without the groups around it (--all: every one);
# build.sh --stage STAGE NAME TAG for `make lock`.
# An image carries a hash of everything it was built from; one that is still right is not built again.
source "$(dirname "$0")/lib/common.sh"
source "$ROOT/scripts/lib/docker.sh"
source "$ROOT/scripts/lib/inputs.sh"
source "$ROOT/scripts/lib/groups.sh"
cd "$ROOT"

# Turns the builder's flow into one line for each step that is really run: a title is held back until the next line, or a second
# without one, has shown that the step was not kept from last time.
steps() {
  local line='' held='' id=''
  while IFS= read -r -t 1 line || [ $? -gt 128 ]; do
    if [ -n "$held" ]; then
      [ "$line" = "$id CACHED" ] || say "  $name ${held:0:100}"
      held=
    fi
    [[ $line =~ ^(\#[0-9]+)\ (\[[^]]+\]\ .*)$ ]] || continue
    id=${BASH_REMATCH[1]} held=${BASH_REMATCH[2]}
    case $held in "[internal]"*) held='' ;; esac
    held=${held//--mount=+([^ ]) /}
  done
}

build() {
  local name=$1 tag=$2 stage=${3:-} key value inputs
  local -a options=()
  if [ -n "$stage" ]; then
    options+=(--target "$stage") # for `make lock`: the files that it is to make need not be there yet
  else
    inputs=$(inputs_hash "$name")
    if [ "$(docker image inspect --format '{{index .Config.Labels "dataflow.inputs"}}' "$tag" 2> /dev/null)" = "$inputs" ]; then
      say "image $tag is up to date"
      return
    fi
    options+=(--label "dataflow.inputs=$inputs")
  fi
  for key in $(build_args "$name"); do
    value=$(setting_of_arg "$name" "$key")
    options+=(--build-arg "$key=$value")
  done
  [ ! -s "$CA_BUNDLE" ] || options+=(--secret "id=ca,src=$CA_BUNDLE")
  local log=$STATE_DIR/logs/build-$name.log
  say "building $tag (everything it prints: $log)"
  # The engine's own builder, whichever is chosen at the moment: only that one sees the local base image.
  docker buildx build --builder "$(current_context)" --progress plain --load "${options[@]}" \
    --tag "$tag" --file "images/$name/Dockerfile" . 2>&1 | tee "$log" | steps || {
    tail -n 30 "$log" >&2
    die 1 "The image $tag could not be built; its last lines are above." "The whole log: $log" \
      "Network trouble? Run the same command again: finished steps are kept. Else: make doctor"
  }
  say "image $tag is ready ($(docker image inspect --format '{{.Size}}' "$tag" | numfmt --to=si))"
}

shopt -s extglob
make_state_dir
if [ "${1:-}" = --stage ]; then
  build "$3" "$4" "$2"
  exit
fi
names=()
if [ "${1:-}" = --all ]; then
  shift
  # Of the servers that the storage can be, the chosen one: another takes minutes that nobody asked for.
  mapfile -t names < <(image_names | grep -vxF "$(other_storage_images)")
elif [ $# -eq 0 ]; then
  mapfile -t names < <(class_images)
fi
for name in "${@:-${names[@]}}"; do
  [ -f "images/$name/Dockerfile" ] || die 2 "There is no image called $name." "Images: $(image_names | xargs)"
  key=$(tr a-z- A-Z_ <<< "$name")_IMAGE
  [ -n "${!key:-}" ] || die 2 "versions.env has no $key." "Give the image its name there: $key=name:tag"
  build "$name" "${!key}"
done
