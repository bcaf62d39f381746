"""What lesson 13, reading plans, expects: judged by what Spark itself remembers of the runs, not by what was typed."""

from lab_kernel.checks.registry import Context, task
from lab_kernel.plan import history
from lab_kernel.tuning.settings import BY_NAME

FLIGHTS, AIRCRAFT, WEATHER = "flights_by_origin", "aircraft", "weather_hourly"
BROADCAST = BY_NAME["broadcast_bytes"].key
# Far below every answer: any is too high.
NONE_FOUND = -(10**9)


@task(
    "13-no-shuffle",
    hint="Run it inside of the block. In its plan there must be a join of all flights with aircraft, a BROADCAST and no SHUFFLE. "
    "functions.broadcast(df) tells Spark to broadcast df. Give the number of the newest run: plan(your_query, run=True).execution",
)
def no_shuffle(context: Context) -> int:
    """The newest run that broadcast one table by hand, without a shuffle, and lost no row."""
    flights, aircraft = context.silver(FLIGHTS), context.silver(AIRCRAFT)
    matches = flights.join(aircraft.select("tailnum").distinct(), "tailnum", "left_semi").count()
    for run in history.runs(context.spark):
        joins = run.named("BroadcastHashJoin")
        whole = any(join.rows == matches for join in joins)
        by_hand = run.settings.get(BROADCAST) == "-1"
        if whole and by_hand and run.reads(FLIGHTS) and run.reads(AIRCRAFT) and not run.named("Exchange"):
            return run.execution
    return NONE_FOUND


@task(
    "13-shuffle-bytes",
    hint="A sort-merge join shuffles both sides: add all of them up. The bytes that were written are in cost(run), or in the "
    "exchanges of the plan after its run; run it inside of the block.",
)
def shuffle_bytes(context: Context) -> int:
    """What the stages of the newest sort-merge join of flights and weather wrote to shuffles."""
    for run in history.runs(context.spark):
        if run.named("SortMergeJoin") and run.reads(FLIGHTS) and run.reads(WEATHER):
            return sum(stage.shuffle_write_bytes for stage in run.stages)
    return NONE_FOUND


@task(
    "13-let-it-see",
    hint="Compare origin itself with the two airports, in SQL or with isin(), and look at the scan of plan(your_query, run=True).",
)
def let_it_see(context: Context) -> int:
    """The files of the two airports, by the table's own list of files."""
    files = context.silver(FLIGHTS).inputFiles()
    return sum("/origin=EWR/" in file or "/origin=LGA/" in file for file in files)
