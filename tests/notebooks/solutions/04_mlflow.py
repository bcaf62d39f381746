"""Answers to the tasks of lesson 04."""
# other data: {"train_months": [6, 7, 8, 9], "test_month": 10, "new_month": 11}
# task: 04-best-honest-run
honest_runs = mlflow.search_runs(
    experiment_names=["flight-delays"], filter_string="tags.honest = 'true'", order_by=["metrics.auc DESC"])
best_name = honest_runs["tags.mlflow.runName"].iloc[0]
# wrong: 04-best-honest-run does not ask whether the run was honest
best_name = mlflow.search_runs(experiment_names=["flight-delays"], order_by=["metrics.auc DESC"])["tags.mlflow.runName"].iloc[0]
# task: 04-top-thousand
share_late = spark.sql("""
    SELECT avg(late)
    FROM (SELECT * FROM gold.delay_predictions WHERE model_version = 1 ORDER BY probability DESC, flight_key LIMIT 1000)
    JOIN gold.delay_features USING (flight_key)
""").first()[0]
# wrong: 04-top-thousand the share among all flights
everything = spark.table("gold.delay_predictions").where("model_version = 1").join(spark.table("gold.delay_features"), "flight_key")
share_late = everything.agg({"late": "avg"}).first()[0]
# task: 04-changed-minds
changed = spark.sql("""
    SELECT count(*)
    FROM (SELECT * FROM gold.delay_predictions VERSION AS OF 1 WHERE model_version = 1) AS a
    JOIN (SELECT * FROM gold.delay_predictions VERSION AS OF 1 WHERE model_version = 2) AS b USING (flight_key)
    WHERE (a.probability >= 0.5) <> (b.probability >= 0.5)
""").first()[0]
# wrong: 04-changed-minds counts every probability that differs
changed = spark.sql("""
    SELECT count(*)
    FROM (SELECT * FROM gold.delay_predictions VERSION AS OF 1 WHERE model_version = 1) AS a
    JOIN (SELECT * FROM gold.delay_predictions VERSION AS OF 1 WHERE model_version = 2) AS b USING (flight_key)
    WHERE a.probability <> b.probability
""").first()[0]
