# shellcheck shell=bash
# What every script shares: strictness, the settings, and one way to speak.
# A line to the person says what is being done and how long the whole command has taken; an error says what to do next.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export ROOT
# Scripts that call each other count from the same start.
export DATAFLOW_STARTED=${DATAFLOW_STARTED:-$EPOCHSECONDS}

elapsed() { echo $((EPOCHSECONDS - DATAFLOW_STARTED)); }
say() { printf '[%4d s] %s\n' "$(elapsed)" "$*"; }
warn() { printf '[%4d s] warning: %s\n' "$(elapsed)" "$*" >&2; }

# die STATUS MESSAGE...: what happened, then what to do, one argument a line.
die() {
  local status=$1
  shift
  printf '\nerror: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit "$status"
}

# A setting that is already in the environment wins over versions.env; that is how a second stack runs beside a class.
load_settings() {
  local key value
  while IFS='=' read -r key value; do
    case $key in '' | \#*) continue ;; esac
    [ -n "${!key:-}" ] || export "$key=$value"
  done < "$ROOT/versions.env"
  [[ $PROJECT =~ ^[a-z0-9][a-z0-9_-]*$ ]] || die 2 "PROJECT=$PROJECT cannot name containers." \
    "Use lower-case letters, digits, - and _ only, beginning with a letter or a digit."
  case $STATE_DIR in /*) ;; *) STATE_DIR=$ROOT/$STATE_DIR ;; esac
  export STATE_DIR
}

# The clients on the host trust what the host trusts, unless somebody told them otherwise.
trust_host_bundle() {
  export CA_BUNDLE=${CA_BUNDLE:-/etc/ssl/certs/ca-certificates.crt}
  [ -s "$CA_BUNDLE" ] || return 0
  local name
  for name in SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
    [ -n "${!name:-}" ] || export "$name=$CA_BUNDLE"
  done
}

# version_at_least FOUND WANTED
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

is_root() { [ "$(id -u)" -eq 0 ]; }

apt_install() {
  # Not where there is a bundle: installing the package writes it anew, without what an administrator put there by hand.
  [ -e "$CA_BUNDLE" ] || set -- "$@" ca-certificates
  say "installing $* (Debian packages)"
  mkdir -p "$STATE_DIR/logs"
  local log=$STATE_DIR/logs/apt.log
  {
    apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } > "$log" 2>&1 || {
    tail -n 15 "$log" >&2
    die 1 "Debian's packages could not be installed: $*" "The whole log: $log" \
      "Mend apt (try: apt-get update), then run the same command again."
  }
}

make_state_dir() {
  (umask 077 && mkdir -p "$STATE_DIR" "$STATE_DIR/logs") || die 2 "The state folder $STATE_DIR cannot be made." \
    "Give STATE_DIR a folder you may write to, or mend its permissions."
}

load_settings
trust_host_bundle
