# shellcheck shell=bash
# The groups of services around the class, read out of compose/*.yaml, so that nobody has to keep a second list.
source "$ROOT/scripts/lib/storage.sh"

group_names() { (cd "$ROOT/compose" && find . -maxdepth 1 -name '*.yaml' -not -name base.yaml -printf '%f\n' | sed 's/\.yaml$//' | sort); }

# require_groups NAME...: dies unless each is a group.
require_groups() {
  local name
  [ $# -gt 0 ] || die 2 "No group is named." "GROUPS=\"core processing\": one or more of: $(group_names | xargs)"
  for name; do
    [ -f "$ROOT/compose/$name.yaml" ] && [ "$name" != base ] || die 2 "There is no group called $name." "Groups: $(group_names | xargs)"
  done
}

# The services of a group, in the order of its file: they are the keys two spaces deep below `services:`.
group_services() {
  awk '/^services:/ { inside = 1; next } /^[^ #]/ { inside = 0 } inside && match($0, /^  [a-z0-9-]+:/) { print substr($0, 3, RLENGTH - 3) }' \
    "$ROOT/compose/$1.yaml"
}

# The volumes that a group's file declares, and what may be laid over it, without the project's name before them.
group_volumes() {
  local files=("$ROOT/compose/$1.yaml" "$ROOT/compose/$1"/*.yaml)
  [ -f "${files[1]}" ] || files=("${files[0]}")
  sed -n 's/^\(  [a-z0-9-]*: {\| *\)name: *"\{0,1\}[$]{PROJECT}-\([a-z0-9-]*-data\)\b.*/\2/p' "${files[@]}"
}

# group_of SERVICE
group_of() {
  local group
  for group in $(group_names); do
    if group_services "$group" | grep -qx "$1"; then echo "$group" && return; fi
  done
  return 1
}

# images_of FILE...: the names (folders of images/) of what compose files run. Of the servers that the storage can be, the chosen one.
images_of() {
  sed -n 's/^ *image: *\${\([A-Z_]*\)_IMAGE}.*/\1/p' "$@" | tr 'A-Z_' 'a-z-' | sed "s/^storage-server$/$(storage_image_name)/" | grep -vx minio | sort -u
}

# What a class without groups needs: its own services' images and the lab's.
class_images() { { images_of "$ROOT/compose.yaml" && echo lab; } | sort -u; }
group_images() { images_of "$ROOT/compose/$1.yaml"; }
