# other data: {"month": 7}
"""Answers to the tasks of lesson 12."""
# task: 12-forgotten
spark.sql(f"DELETE FROM gold.forgotten WHERE tailnum = '{aircraft}'")
spark.sql("REORG TABLE gold.forgotten APPLY (PURGE)")
spark.sql("VACUUM gold.forgotten")
answer = in_folder("forgotten").count()
# wrong: 12-forgotten believes that DELETE deletes
spark.sql(f"DELETE FROM gold.forgotten WHERE tailnum = '{aircraft}'")
answer = in_folder("forgotten").count()
# wrong: 12-forgotten purges, and leaves the old files in the folder
spark.sql("REORG TABLE gold.forgotten APPLY (PURGE)")
answer = in_folder("forgotten").count()
# task: 12-readable
versions = [row.version for row in spark.sql("DESCRIBE HISTORY gold.erasable").collect()]
answer = sum(not isinstance(journey(one), str) for one in versions)
# wrong: 12-readable trusts the history
answer = spark.sql("DESCRIBE HISTORY gold.erasable").count()
# wrong: 12-readable thinks that VACUUM leaves the newest version only
answer = 1
# task: 12-left-out
then = spark.read.option("versionAsOf", z_version).table("gold.departures")
both = then.where((F.col("tailnum") == aircraft) & (F.col("date") == F.lit(day).cast("date")))
answer = len(by_field) - files_read(both)
# wrong: 12-left-out gives the files that are read
then = spark.read.option("versionAsOf", z_version).table("gold.departures")
answer = files_read(then.where((F.col("tailnum") == aircraft) & (F.col("date") == F.lit(day).cast("date"))))
# wrong: 12-left-out looks at one of the two conditions only
answer = len(by_field) - read["Z-order"]["of one aircraft"]
