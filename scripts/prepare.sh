#!/usr/bin/env bash
# Everything that a build needs, in order: a sound machine, an engine, the base image, the client's plugins.
source "$(dirname "$0")/lib/common.sh"

"$ROOT/scripts/preflight.sh" "$@"
"$ROOT/scripts/engine.sh"
"$ROOT/scripts/base.sh"
"$ROOT/scripts/plugins.sh"
