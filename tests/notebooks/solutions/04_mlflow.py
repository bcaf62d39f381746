# task: 04-best-honest-run
honest_runs = mlflow.search_runs(
    experiment_names=["flight-delays"], filter_string="tags.honest = 'true'", order_by=["metrics.auc DESC"])
best_name = honest_runs["tags.mlflow.runName"].iloc[0]

# task: 04-top-thousand
share_late = spark.sql("""
    SELECT avg(late)
    FROM (SELECT * FROM gold.delay_predictions WHERE model_version = 1 ORDER BY probability DESC, flight_key LIMIT 1000)
    JOIN gold.delay_features USING (flight_key)
""").first()[0]

# task: 04-changed-minds
changed = spark.sql("""
    SELECT count(*)
    FROM (SELECT * FROM gold.delay_predictions VERSION AS OF 1 WHERE model_version = 1) AS a
    JOIN (SELECT * FROM gold.delay_predictions VERSION AS OF 1 WHERE model_version = 2) AS b USING (flight_key)
    WHERE (a.probability >= 0.5) <> (b.probability >= 0.5)
""").first()[0]
