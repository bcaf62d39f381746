"""The sales of a chain, most of them in one shop, and the city of each sale.

Invariant: which shop it is depends on the seed alone, and each file has the sales of all shops: whatever brings the sales of a shop
together has moved rows between tasks.
"""

import csv
import random
from hashlib import sha256
from pathlib import Path

FILES, ROWS, SHOPS, SHARE = 8, 900, 30, 0.7
COLUMNS = ("id", "file", "shop", "amount", "receipt")
CITIES = ("Recife", "Manaus", "Curitiba", "Natal", "Santos", "Goiania", "Olinda")


def make(directory: Path, seed: int) -> None:
    """Write the sales in files, and the shops with their cities."""
    for number in range(FILES):
        with open(directory / f"sales-{number}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((*row, sha256(f"{seed} {row[0]}".encode()).hexdigest()) for row in sales(seed, number))
    with open(directory / "shops.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("shop", "city"))
        writer.writerows(shops(seed).items())


def facts(seed: int) -> dict:
    """Return each sale's shop and city, the shop that sells most, and the number of files."""
    cities = shops(seed)
    rows = {str(row[0]): f"{row[2]} {cities[row[2]]} {row[3]}" for number in range(FILES) for row in sales(seed, number)}
    return {"sales": rows, "most": most(seed), "files": FILES}


def shops(seed: int) -> dict[int, str]:
    """The city of each shop, in no order."""
    draw = random.Random(f"{seed} shops")
    return {shop: draw.choice(CITIES) for shop in draw.sample(range(100, 1000), SHOPS)}


def most(seed: int) -> int:
    """The shop that sells most: any of them."""
    return random.Random(f"{seed} most").choice(sorted(shops(seed)))


def sales(seed: int, number: int) -> list[tuple[int, int, int, str]]:
    """The sales of one file."""
    draw, known, first = random.Random(f"{seed} file {number}"), sorted(shops(seed)), most(seed)
    return [
        (
            1 + number * ROWS + place,
            number,
            first if draw.random() < SHARE else draw.choice(known),
            f"{draw.randrange(100, 50_000) / 100:.2f}",
        )
        for place in range(ROWS)
    ]
