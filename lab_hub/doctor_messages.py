"""What `make doctor` says of the class, in one place. Each finding: what and where; each remedy: what to type."""

ROUTES_RIGHT = "the proxy leads to {running} running lab(s), and to none that is gone"
ROUTES_WRONG = "the proxy and the hub disagree: {what}"
ROUTE_MISSING = "no way to the lab of {name}"
ROUTE_STALE = "a way to {name}, whose lab does not run"
ROUTE_ELSEWHERE = "the way to {name} leads to {where}, the lab is at {right}"
ROUTES_REMEDY = "make doctor FIX=1 (adds and removes these routes; nobody is interrupted); the hub does it within five minutes too"
ROUTES_FIXED = "routes given back to or taken from the proxy: {names}"

ORPHANS_NONE = "no lab is nobody's, every home belongs to an account ({homes})"
ORPHANS_FOUND = "labs that the hub does not know run and take memory: {names}"
ORPHANS_REMEDY = "make doctor FIX=1 removes these containers (homes stay); or docker rm --force {names}"
ORPHANS_FIXED = "removed, their homes are kept: {names}"
HOMES_OF_NOBODY = "homes without an account: {names}"
HOMES_REMEDY = "kept until you say otherwise: back them up (docs/operator.md), then docker volume rm {names}"

VISIT_DONE = (
    "a lab started in {start:.1f} s, a cell took {cell:.1f} s more, Spark's first answer {spark:.1f} s; removed in {removed:.1f} s"
)
VISIT_FAILED = "a throw-away account could not {step}: {reason}"
VISIT_REMEDY = "make logs NAME=hub, at the time of this check; the account and its home are removed"
VISIT_LEFT = "the throw-away account {name} could not be removed wholly: {reason}"
VISIT_LEFT_REMEDY = "remove it on the hub's admin page, then docker volume rm {volume}"
WRONG_ANSWER = "the cell answered {found!r} instead of {expected!r}"
NO_END = "no answer within {seconds:.0f} s"

NO_REASON = "the hub gives no reason"
CLOSED = "the connection was closed"

STEP_ACCOUNT = "be made"
STEP_TOKEN = "log in"
STEP_START = "start a lab"
STEP_KERNEL = "start a kernel"
STEP_CELL = "run a cell"
STEP_SPARK = "run a cell on Spark"
