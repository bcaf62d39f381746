# shellcheck shell=bash
# The stack of the tests: beside a running class, and nothing in common with it but the images.

use_test_stack() {
  export PROJECT=${TEST_PROJECT:-dataflow-test}
  export HUB_PORT=$TEST_HUB_PORT
  export STATE_DIR=$ROOT/.state-test
}
