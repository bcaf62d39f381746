# shellcheck shell=bash
# What an image is made from, read out of its Dockerfile, so that nobody has to keep a second list.

image_names() { (cd "$ROOT/images" && find . -mindepth 2 -maxdepth 2 -name Dockerfile -printf '%h\n' | sed 's|^\./||' | sort); }

# The ARGs of an image, once each.
build_args() { sed -n 's/^ARG \([a-z_0-9]*\).*/\1/p' "$ROOT/images/$1/Dockerfile" | sort -u; }

# setting_of_arg IMAGE ARG: ARG mvn_spark is MVN_SPARK of versions.env.
setting_of_arg() {
  local key=${2^^}
  [ -n "${!key:-}" ] || die 2 "images/$1/Dockerfile wants $2, and versions.env has no $key." "Add $key=... to versions.env."
  echo "${!key}"
}

# Paths of the checkout that the Dockerfile copies or mounts.
input_paths() {
  sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' "$ROOT/images/$1/Dockerfile" | awk '
    $1 == "COPY" && $0 !~ /--from=/ { for (i = 2; i < NF; i++) if ($i !~ /^--/) print $i }
    { while (match($0, /source=[^, ]+/)) { print substr($0, RSTART + 7, RLENGTH - 7); $0 = substr($0, RSTART + RLENGTH) } }' |
    sort -u
}

# inputs_hash IMAGE, called in the checkout. Everything is asked for before it is piped on: a failure in a pipe is easily lost.
inputs_hash() {
  local name=$1 key path values=''
  local -a paths=(.dockerignore "images/$name/Dockerfile")
  for key in $(build_args "$name"); do
    values+="$key=$(setting_of_arg "$name" "$key")"$'\n' || return
  done
  for path in $(input_paths "$name"); do
    [ -e "$path" ] || die 1 "images/$name/Dockerfile wants $path, which is not there." "Mend its COPY or --mount line."
    paths+=("$path")
  done
  {
    docker image inspect --format '{{.Id}}' "$BASE_IMAGE" 2> /dev/null || echo none
    echo "$values"
    find "${paths[@]}" -type f -not -path '*/__pycache__/*' -not -path '*/.ipynb_checkpoints/*' -print0 |
      sort -zu | xargs -0 sha256sum
  } | sha256sum | cut -d ' ' -f 1
}
