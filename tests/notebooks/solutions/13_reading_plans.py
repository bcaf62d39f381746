"""Answers to the tasks of lesson 13."""
# other data: {"month": 2}
# task: 13-no-shuffle
with tuned(broadcast_bytes=-1):
    by_hand = flights.join(F.broadcast(aircraft), "tailnum")
    answer = plan(by_hand, run=True).execution
# wrong: 13-no-shuffle hopes that choosing columns is enough
with tuned(broadcast_bytes=-1):
    answer = plan(flights.select("tailnum", "dest").join(aircraft.select("tailnum", "year"), "tailnum"), run=True).execution
# wrong: 13-no-shuffle puts everything into one partition
with tuned(broadcast_bytes=-1):
    answer = plan(flights.coalesce(1).join(aircraft.coalesce(1), "tailnum"), run=True).execution
# task: 13-shuffle-bytes
with tuned(broadcast_bytes=-1):
    run_of_windy = plan(windy, run=True)
answer = cost(run_of_windy)["shuffle bytes written"]
# wrong: 13-shuffle-bytes takes one side of the join for both
with tuned(broadcast_bytes=-1):
    answer = plan(windy, run=True).exchanges[0]["bytes"]
# wrong: 13-shuffle-bytes takes the bytes of the files that were read
with tuned(broadcast_bytes=-1):
    answer = sum(scan["bytes"] for scan in plan(windy, run=True).scans)
# task: 13-let-it-see
seen = flights.where(F.col("origin").isin("EWR", "LGA")).groupBy("day").count()
answer = plan(seen, run=True).scans[0]["files"]
# wrong: 13-let-it-see still has a function around the column
still_hidden = flights.where(F.udf(lambda o: o in ("EWR", "LGA"), "boolean", useArrow=False)("origin")).groupBy("day").count()
answer = plan(still_hidden, run=True).scans[0]["files"]
# wrong: 13-let-it-see counts folders, not files
answer = plan(flights.where("origin IN ('EWR', 'LGA')").groupBy("day").count(), run=True).scans[0]["partitions"]
