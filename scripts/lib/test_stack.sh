# shellcheck shell=bash
# The stack of the tests: beside a running class, and nothing in common with it but the images.

use_test_stack() {
  export PROJECT=${TEST_PROJECT:-dataflow-test}
  export HUB_PORT=$TEST_HUB_PORT
  export STATE_DIR=$ROOT/.state-test
}

# forget_a_foreign_stack: what another checkout left under the tests' name, or this one before it was cleaned, has other secrets and
# accounts; tests on it would see its faults.
forget_a_foreign_stack() {
  docker_answers || return 0
  local home
  home=$(docker ps --all --filter "label=com.docker.compose.project=$PROJECT" --format '{{.Label "com.docker.compose.project.working_dir"}}' | head -n 1)
  if [ -n "$home" ]; then
    [ "$home" = "$ROOT" ] && [ -e "$STATE_DIR/secrets/cookie_secret" ] && return 0
    say "removing the tests' stack that $home left"
  else
    docker volume inspect "$PROJECT-hub-data" > /dev/null 2>&1 && [ ! -e "$STATE_DIR/secrets/cookie_secret" ] || return 0
    say "removing the accounts and homes that an earlier stack of tests left"
  fi
  "$ROOT/scripts/down.sh" --forget
}

# alone COMMAND...: one run of tests at a time has the stack, also when it is another checkout's. The lock is held by flock itself,
# so that no engine or container which a run starts can keep it.
alone() {
  local lock=${TMPDIR:-/tmp}/$PROJECT.lock status=0
  DATAFLOW_TESTS_ALONE=$PROJECT flock --nonblock --close --conflict-exit-code 75 "$lock" "$@" || status=$?
  [ "$status" -ne 75 ] || die 2 "Other tests run on this machine's stack $PROJECT; two runs would take it from each other." \
    "Wait for them, or give this run another: TEST_PROJECT=dataflow-test2 TEST_HUB_PORT=18100"
  exit "$status"
}
