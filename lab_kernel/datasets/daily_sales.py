"""A shop's daily files as an old till writes them, and what goes wrong on their way.

Invariant: the same bytes for the same arguments. A file has a header and `rows` lines in Latin-1, fields parted
by `;`, amounts such as 1.234,50. Day 1 is without fault; every later day has lines with a `;` too many and lines
with an amount in another notation. What the shop says of a file (its note) counts every line and every centavo.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path

from lab_kernel.datasets import cache
from lab_kernel.datasets.draw import Draw

HEADER = "id;day;city;product;amount"
CITIES = ("São Paulo", "Belém", "Brasília", "Goiânia", "Maceió", "Recife", "Vitória", "Salvador")
PRODUCTS = {"Cabo": 1_890, "Fogão": 129_990, "Lâmpada": 990, "Máquina de café": 48_990, "Rádio": 15_990, "Sofá": 219_990}
YEAR = 2013
MIN_ROWS = 20

TOO_FEW = "rows is {rows}; a day needs at least {least}"

# How a line is spoilt: a `;` within the product's name, or an amount as other countries write it.
EXTRA_FIELD, OTHER_NOTATION = "extra field", "other notation"


@dataclass(frozen=True)
class Delivery:
    """One file, and the note that the shop sends along: how many `rows`, how many `cents` (centavos)."""

    file: Path
    note: Path
    rows: int
    cents: int
    spoilt: int


def day(number: int, *, seed: int = 20130, month: int = 1, rows: int = 400, directory: str | Path | None = None) -> Delivery:
    """Writes the file and the note of one day of a month of 2013.

    Raises ValueError for fewer than 20 rows and for a day that the month does not have.
    """
    sales, spoilt = _sales(number, seed, month, rows)
    return _write(_folder(directory, seed, month, rows, "sent"), number, month, sales, spoilt)


def corrected(number: int, *, seed: int = 20130, month: int = 1, rows: int = 400, directory: str | Path | None = None) -> Delivery:
    """Writes a day's file and note again, in another folder: one amount is 50 centavos less, all else the same.

    The corrected file has the name and the length of the first one. Raises ValueError as `day` does.
    """
    sales, spoilt = _sales(number, seed, month, rows)
    place = next(place for place in range(rows) if place not in spoilt)
    identity, city, product, cents = sales[place]
    sales[place] = (identity, city, product, cents - 50)
    return _write(_folder(directory, seed, month, rows, "corrected"), number, month, sales, spoilt)


def cut(delivery: Delivery) -> Path:
    """Writes what is there of a file when half of it has arrived: it ends within a line."""
    lines = delivery.file.read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    begun = b";".join(lines[half].split(b";")[:2])
    return cache.put(_beside(delivery, "cut") / delivery.file.name, b"".join([*lines[:half], begun]))


def again(delivery: Delivery) -> Path:
    """Writes a file's bytes under another name."""
    name = f"{delivery.file.stem}_again{delivery.file.suffix}"
    return cache.put(_beside(delivery, "again") / name, delivery.file.read_bytes())


def in_utf8(delivery: Delivery) -> Path:
    """Writes a file's letters in UTF-8, as a new till would."""
    name = f"{delivery.file.stem}_utf8{delivery.file.suffix}"
    return cache.put(_beside(delivery, "utf8") / name, delivery.file.read_bytes().decode("latin-1").encode("utf-8"))


def _sales(number: int, seed: int, month: int, rows: int) -> tuple[list[tuple[str, str, str, int]], dict[int, str]]:
    """Returns id, city, product and cents of each sale, and which places are spoilt in which way."""
    if rows < MIN_ROWS:
        raise ValueError(TOO_FEW.format(rows=rows, least=MIN_ROWS))
    date = datetime.date(YEAR, month, number)
    draw = Draw(seed * 1_000 + month * 31 + number)
    products = tuple(PRODUCTS)
    sales = []
    for place in range(rows):
        city = CITIES[0] if place == 0 else draw.one_of(CITIES)
        product = draw.one_of(products)
        cents = PRODUCTS[product] * (80 + draw.below(40)) // 10_000 * 100 + 90
        sales.append((f"{date:%m%d}-{place + 1:05d}", city, product, cents))
    spoilt: dict[int, str] = {}
    if number > 1:
        # Not the first place: a file can be judged by its first line.
        places = draw.sample(range(1, rows), 2 + draw.below(4))
        spoilt = {place: EXTRA_FIELD if turn % 2 else OTHER_NOTATION for turn, place in enumerate(places)}
    return sales, spoilt


def _write(folder: Path, number: int, month: int, sales: list, spoilt: dict[int, str]) -> Delivery:
    name = f"shop-{YEAR}-{month:02d}-{number:02d}"
    lines = [HEADER]
    for place, (identity, city, product, cents) in enumerate(sales):
        how = spoilt.get(place)
        product = f"{product}; novo" if how == EXTRA_FIELD else product
        amount = _english(cents) if how == OTHER_NOTATION else _brazilian(cents)
        lines.append(f"{identity};{YEAR}-{month:02d}-{number:02d};{city};{product};{amount}")
    total = sum(cents for *_, cents in sales)
    return Delivery(
        file=cache.put(folder / f"{name}.csv", ("\n".join(lines) + "\n").encode("latin-1")),
        note=cache.put(folder / f"{name}.note", f"{name}.csv;{len(sales)};{total}\n".encode("ascii")),
        rows=len(sales),
        cents=total,
        spoilt=len(spoilt),
    )


def _english(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def _brazilian(cents: int) -> str:
    return _english(cents).translate(str.maketrans(",.", ".,"))


def _folder(directory: str | Path | None, seed: int, month: int, rows: int, part: str) -> Path:
    base = Path(directory) if directory else cache.folder(None, f"daily-sales-{seed}-{month}-{rows}")
    return cache.folder(base / part, part)


def _beside(delivery: Delivery, part: str) -> Path:
    folder = delivery.file.parent.parent / part
    return cache.folder(folder, part)
