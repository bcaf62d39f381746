"""A checkpoint and a pointer to it that say something else than the commits. expect: check_failed"""
import pyarrow
import pyarrow.parquet as parquet

spark.createDataFrame([(1, 1)], "id INT, amount INT").write.format("delta").saveAsTable("silver.numbers")
log = "/out/lakehouse/silver/numbers/_delta_log/"
add = [{"path": f"part-{number}.parquet", "size": 1, "stats": '{"numRecords": 1}'} for number in range(300)]
parquet.write_table(pyarrow.table({"add": add}), log + "00000000000000000007.checkpoint.parquet")
with open(log + "_last_checkpoint", "w") as file:
    file.write('{"version": 7, "size": 300}')
