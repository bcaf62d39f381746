"""What somebody before has marked, on the disk or in the memory of Spark. expect: cell_failed"""
import subprocess

found = subprocess.run("find / -xdev -name 'mark-of-a-crime*' 2>/dev/null", shell=True, capture_output=True, text=True).stdout.split()
found += [table.name for table in spark.catalog.listTables("silver")] if spark.catalog.databaseExists("silver") else []
found += ["GIVEN"] if "GIVEN" in globals() else []
raise RuntimeError(f"found {found}" if found else "nothing found")
