"""A student's program on the cluster: work.py TASKS SECONDS [STAY]. Prints what it found, one JSON line each.

Each task sleeps and says when and where it ran, so that the outside can tell which executors had work at the same time.
"""

import json
import sys
import time

from lab_kernel import settings
from lab_kernel.session import Session

tasks, seconds = int(sys.argv[1]), float(sys.argv[2])
session = Session(settings.read(), lambda spark: None)
session.start()
spark = session.get()
print(json.dumps({"started": True}))


def work(number):
    import os
    import socket
    import time

    began = time.time()
    time.sleep(seconds)
    return number, socket.gethostname(), os.getppid(), began, time.time()


found = spark.sparkContext.parallelize(range(tasks), tasks).map(work).collect()
failed = spark.sparkContext.statusTracker().getStageInfo(0).numFailedTasks
print(json.dumps({"numbers": sorted(row[0] for row in found), "ran": found, "failed": failed}))
total = spark.range(0, 1_000_000, 1, 4).selectExpr("sum(id) as total").collect()[0].total
print(json.dumps({"total": total}))
# As a notebook that has touched a Delta table: its executors hold something, and are to be given back all the same.
print(json.dumps({"cached": spark.range(10).cache().count()}))
if len(sys.argv) > 3:
    time.sleep(float(sys.argv[3]))
session.end()
