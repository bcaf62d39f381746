"""Cells for students who meet on the platform: each has a table and a topic of the same name.

Invariant: texts for `str.format`, run in a kernel that the hub's lab started; what counts is the last line that they print.
"""

# {word}: what this student writes.
WRITE = """
rows = spark.createDataFrame([(1, "{word}"), (2, "{word}")], "id int, word string")
rows.write.format("delta").mode("overwrite").save(lakehouse.bronze("meeting"))
print(spark.read.format("delta").load(lakehouse.bronze("meeting")).where("word = '{word}'").count())
"""
# {me}, {other}: two students' names.
PEEK = """
other = lakehouse.bronze("meeting").replace("/{me}/", "/{other}/")
assert "/{other}/" in other, other
try:
    print("seen", spark.read.format("delta").load(other).count())
except Exception as error:
    print("refused", "AccessDenied" in str(error) or "403" in str(error), type(error).__name__)
"""
TALK = """
from lab_kernel import kafka
broker = kafka.start()
topic = broker.create_topic("meeting", partitions=1)
broker.produce(topic, [("k", {{"word": "{word}"}})])
read = spark.read.format("kafka").option("kafka.bootstrap.servers", broker.bootstrap).option("subscribe", topic).load()
print(topic, read.where("value like '%{word}%'").count())
"""
# {topic}: the other's. Executors log in as this student does.
LISTEN = """
there = spark.read.format("kafka").option("kafka.bootstrap.servers", broker.bootstrap).option("subscribe", "{topic}")
try:
    print("heard", there.load().count())
except Exception as error:
    print("refused", "Authorization" in str(error) or "authorized" in str(error), type(error).__name__)
"""
# {folder}: below the home, as `fetch` makes it: what the course says about an exercise, and its data.
FETCHED = """
import json, pathlib
place = pathlib.Path.home() / "{folder}"
(place / ".exercise").mkdir(parents=True)
(place / ".exercise" / "exercise.json").write_text(json.dumps({{"title": "Shops", "points": 2}}))
(place / "shops.csv").write_text("shop,sales\\nnorth,3\\nsouth,4\\n")
"""
EXERCISE = """
sales = spark.read.csv("shops.csv", header=True)
sales.write.format("delta").mode("overwrite").save(lakehouse.bronze("shops"))
print(spark.sparkContext.master, lakehouse.bronze("shops"), sales.count())
"""
CHECK = """
from exercises.student import check
check()
"""


def last_line(person, code: str) -> str:
    """Run a cell in the kernel of a person who has one."""
    return person.kernel.run(code).ok().text.strip().splitlines()[-1]
