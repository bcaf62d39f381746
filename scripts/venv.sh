#!/usr/bin/env bash
# The host's Python for tests, from tests/requirements.lock, hash by hash. Made again only when the lock changes.
source "$(dirname "$0")/lib/common.sh"

venv=$ROOT/.venv
lock=$ROOT/tests/requirements.lock

usable_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys, venv, ensurepip; wanted = tuple(map(int, sys.argv[1].split(".")))
sys.exit(sys.version_info[:2] < wanted)' "$PYTHON_MIN" 2> /dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

python=$(usable_python || true)
if [ -z "$python" ] && is_root && command -v apt-get > /dev/null; then
  make_state_dir
  apt_install python3 python3-venv
  python=$(usable_python || true)
fi
[ -n "$python" ] || die 2 "No Python $PYTHON_MIN or newer with venv was found; the tests need it (a class does not)." \
  "Debian and Ubuntu: apt-get install python3 python3-venv"

stamp=$venv/.made-from
wanted="$(sha256sum < "$lock") $("$python" -c 'import sys; print(sys.version_info[:3], sys.base_prefix)')"
if [ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ] && "$venv/bin/python" -c 'import pytest' 2> /dev/null; then
  exit 0
fi
say "making .venv from tests/requirements.lock"
rm -rf "$venv"
"$python" -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
echo "$wanted" > "$stamp"
say ".venv is ready"
