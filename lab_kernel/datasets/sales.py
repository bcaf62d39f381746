"""`sales`: half a year of a chain of shops, delivered as seven files, with numbered defects.

Invariant: the manifest is true. Every row is counted in it under each defect that it has, and
received rows = rows that belong in silver + quarantined rows + duplicates, exactly.

What a lesson can rely on, for every seed:
- a duplicate is a second delivery of a valid row, with the same values, in the same file or the next;
- only negative_amount, unknown_region and invalid_cpf make a row unfit; a few rows have two of them;
- decimal_comma, latin1, drifted_column belong to one file each, late_event to the file that came late;
- a late row is valid, and is no duplicate.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from lab_kernel import html, text
from lab_kernel.datasets import brazil, cache, cpf
from lab_kernel.datasets.draw import Draw, Weighted

DEFECTS = (
    "decimal_comma",
    "latin1",
    "duplicate_id",
    "late_event",
    "negative_amount",
    "unknown_region",
    "drifted_column",
    "invalid_cpf",
)
UNFIT = ("negative_amount", "unknown_region", "invalid_cpf")

COLUMNS = ("id", "date", "customer", "category", "region", "amount", "quantity")
NEW_COLUMN, NEW_COLUMN_AT = "channel", 5
YEAR = 2013
MIN_ROWS = 500

FILE, LATE_FILE = "sales-{year}-{month:02d}.csv", "sales-{year}-07-late.csv"
COMMA_MONTH, LATIN1_MONTH, DRIFTED_MONTH, LAST_MONTH = 3, 4, 6, 6
# Stores at the end of a long river whose line was down from February to May.
LATE_STATES, LATE_MONTHS = ("AM", "AP", "PA", "RR"), (2, 3, 4, 5)

TOO_FEW = "rows is {rows}; the defects need at least {least}"

# Thousandths of all rows, the lower end; the seed adds up to a quarter.
_SHARES = {
    "duplicate_id": 12,
    "late_event": 15,
    "negative_amount": 8,
    "unknown_region": 7,
    "invalid_cpf": 9,
}
_TWICE_UNFIT = 12  # one in so many negative rows has an invalid CPF too
_EQUAL_DIGITS = 10  # one in so many invalid CPFs is eleven equal digits


@dataclass(frozen=True)
class RowAt:
    """Where a row is: file name, line (the header is line 1) and id."""

    file: str
    line: int
    id: str


@dataclass(frozen=True, repr=False)
class SalesManifest:
    """What was delivered, and what cleaning must find.

    `defects` counts rows by defect; `rows` says which. `valid` is the number of rows that belong in
    silver, `valid_ids` their ids, `valid_amount` the sum of their amounts in reais.
    """

    directory: Path
    seed: int
    files: list[Path]
    rows_by_file: dict[str, int]
    rows_total: int
    defects: dict[str, int]
    rows: dict[str, tuple[RowAt, ...]]
    valid: int
    quarantined: int
    duplicates: int
    valid_ids: frozenset[str]
    valid_amount: Decimal

    def __repr__(self) -> str:
        files = text.table(("file", "rows"), _counts(self.rows_by_file), right={1})
        defects = text.table(("defect", "rows"), _counts(self.defects), right={1})
        return f"{files}\n\n{defects}"

    def _repr_html_(self) -> str:
        tables = (
            html.table(("file", "rows"), _counts(self.rows_by_file), right={1}),
            html.table(("defect", "rows"), _counts(self.defects), right={1}),
        )
        inner = "".join(f'<div style="margin-right:32px">{table}</div>' for table in tables)
        return f'<div style="display:flex;flex-wrap:wrap">{inner}</div>'


def _counts(found: dict[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{count:,}") for name, count in found.items()]


@dataclass
class _Sale:
    state: str
    store: int
    date: datetime.date
    name: str
    cpf: str
    category: str
    region: str
    cents: int
    quantity: int
    channel: str
    defects: set[str] = field(default_factory=set)
    id: str = ""


def sales(
    directory: str | Path | None = None, *, seed: int = 20130, rows: int = 20_000
) -> SalesManifest:
    """Writes the files for a seed and returns their manifest.

    `rows` counts everything that is delivered, duplicates included. The default directory is in the
    user's cache. Raises ValueError for fewer than 500 rows.
    """
    if rows < MIN_ROWS:
        raise ValueError(TOO_FEW.format(rows=rows, least=MIN_ROWS))
    target = cache.folder(directory, f"sales-{seed}-{rows}")
    draw = Draw(seed)
    counts = {name: _count(draw, rows, share) for name, share in _SHARES.items()}
    customers = _customers(draw, rows)
    months = _regular(draw, customers, rows - counts["duplicate_id"] - counts["late_event"])
    late = _late(draw, customers, counts["late_event"])
    _number([sale for sales_of in months.values() for sale in sales_of] + late)
    _spoil(draw, [sale for sales_of in months.values() for sale in sales_of], counts)
    delivered = _repeat(draw, months, counts["duplicate_id"])
    delivered[LATE_FILE.format(year=YEAR)] = [(sale, False) for sale in late]
    return _write(target, seed, delivered)


def states(directory: str | Path | None = None) -> Path:
    """Writes the reference table of the 27 states (`state,name,region`, UTF-8); returns its path."""
    lines = ["state,name,region", *(f"{s},{name},{region}" for s, name, region, _ in brazil.STATES)]
    path = cache.folder(directory, "reference") / "states.csv"
    return cache.put(path, _text(lines).encode())


# --- sound sales --------------------------------------------------------------------------------


def _count(draw: Draw, rows: int, share: int) -> int:
    least = max(2, rows * share // 1000)
    return least + draw.below(least // 4 + 1)


def _customers(draw: Draw, rows: int) -> dict[str, list[tuple[str, str]]]:
    """People (name, CPF) by state; the larger the state, the more of them."""
    total = max(100, rows // 10)
    people: dict[str, list[tuple[str, str]]] = {}
    seen: set[str] = set()
    for state, _, _, weight in brazil.STATES:
        people[state] = []
        while len(people[state]) < max(2, total * weight // 1000):
            nine = f"{draw.below(10**9):09d}"
            if nine in seen or len(set(nine)) == 1:
                continue
            seen.add(nine)
            last = draw.sample(brazil.LAST_NAMES, 2)
            name = " ".join([draw.one_of(brazil.FIRST_NAMES), *last])
            people[state].append((name, nine + cpf.check_digits(nine)))
    return people


def _regular(draw: Draw, customers: dict, count: int) -> dict[int, list[_Sale]]:
    state = Weighted({code: weight for code, _, _, weight in brazil.STATES})
    sales_of: dict[int, list[_Sale]] = {}
    left, share_left = count, sum(brazil.MONTHS)
    for month, share in enumerate(brazil.MONTHS, start=1):
        here = left * share // share_left
        left, share_left = left - here, share_left - share
        sales_of[month] = _month(draw, customers, month, [state.pick(draw) for _ in range(here)])
    return sales_of


def _late(draw: Draw, customers: dict, count: int) -> list[_Sale]:
    found = []
    for _ in range(count):
        month = draw.one_of(LATE_MONTHS)
        found += _month(draw, customers, month, [draw.one_of(LATE_STATES)])
    return sorted(found, key=lambda sale: sale.date)


def _month(draw: Draw, customers: dict, month: int, of_states: list[str]) -> list[_Sale]:
    """One sale for each state of the list, on days of this month, in the order of their dates."""
    first = datetime.date(YEAR, month, 1)
    after = datetime.date(YEAR, month + 1, 1)
    days = [first + datetime.timedelta(days=n) for n in range((after - first).days)]
    day = Weighted({d: brazil.WEEKDAYS[d.weekday()] for d in days})
    category = Weighted(
        {
            name: weight * brazil.SEASONS.get((month, name), 10)
            for name, (weight, _) in brazil.CATEGORIES.items()
        }
    )
    channel = Weighted(brazil.CHANNELS)
    found = []
    for state in of_states:
        people = customers[state]
        # The product of two draws favours small numbers: some customers come often.
        name, number = people[draw.below(len(people)) * draw.below(len(people)) // len(people)]
        goods = category.pick(draw)
        quantity = 1 + draw.below(3) * draw.below(3)
        found.append(
            _Sale(
                state=state,
                store=1 + draw.below(max(1, len(people) // 40)),
                date=day.pick(draw),
                name=name,
                cpf=number,
                category=goods,
                region=brazil.REGION_OF[state],
                cents=_price(draw, brazil.CATEGORIES[goods][1]) * quantity,
                quantity=quantity,
                channel=channel.pick(draw),
            )
        )
    return sorted(found, key=lambda sale: sale.date)


def _price(draw: Draw, usual: int) -> int:
    """A price in centavos, ending in ,90: mostly near the usual one, now and then far above."""
    percent = 40 + draw.below(100) + (draw.below(250) if draw.below(8) == 0 else 0)
    return usual * percent // 10_000 * 100 + 90


def _number(all_sales: list[_Sale]) -> None:
    for number, sale in enumerate(all_sales, start=1):
        sale.id = f"{sale.state}{sale.store:02d}-{number:06d}"


# --- defects ------------------------------------------------------------------------------------


def _spoil(draw: Draw, regular: list[_Sale], counts: dict[str, int]) -> None:
    """Makes rows unfit, by their numbers; a few get two defects."""
    negative, unknown, invalid = (counts[name] for name in UNFIT)
    twice = max(1, negative // _TWICE_UNFIT)
    chosen = draw.sample(regular, negative + unknown + invalid - twice)
    for sale in chosen[:negative]:
        sale.cents = -sale.cents
        sale.defects.add("negative_amount")
    for sale in chosen[negative : negative + unknown]:
        sale.region = draw.one_of(brazil.UNKNOWN_REGIONS)
        sale.defects.add("unknown_region")
    for place, sale in enumerate(chosen[:twice] + chosen[negative + unknown :]):
        sale.cpf = _spoilt(draw, sale.cpf, place)
        sale.defects.add("invalid_cpf")


def _spoilt(draw: Draw, number: str, place: int) -> str:
    if place % _EQUAL_DIGITS == _EQUAL_DIGITS - 1:
        return str(draw.below(10)) * 11
    wrong = (int(number[-1]) + 1 + draw.below(9)) % 10
    return f"{number[:-1]}{wrong}"


def _repeat(
    draw: Draw, months: dict[int, list[_Sale]], count: int
) -> dict[str, list[tuple[_Sale, bool]]]:
    """Returns file -> (sale, whether it is a second delivery), in delivered order."""
    delivered = {month: [(sale, False) for sale in found] for month, found in months.items()}
    places = [
        (month, place)
        for month, found in months.items()
        for place, sale in enumerate(found)
        if not sale.defects
    ]
    # From the back, so that what is inserted does not move the places that are still to come.
    for month, place in sorted(draw.sample(places, count), reverse=True):
        again = (months[month][place], True)
        if month == LAST_MONTH or draw.below(2):
            delivered[month].insert(place + 1, again)
        else:
            delivered[month + 1].insert(draw.below(len(months[month + 1])), again)
    return {FILE.format(year=YEAR, month=month): sales_of for month, sales_of in delivered.items()}


# --- files --------------------------------------------------------------------------------------


def _write(
    target: Path, seed: int, delivered: dict[str, list[tuple[_Sale, bool]]]
) -> SalesManifest:
    comma = FILE.format(year=YEAR, month=COMMA_MONTH)
    latin1 = FILE.format(year=YEAR, month=LATIN1_MONTH)
    drifted = FILE.format(year=YEAR, month=DRIFTED_MONTH)
    late = LATE_FILE.format(year=YEAR)
    rows: dict[str, list[RowAt]] = {name: [] for name in DEFECTS}
    valid: dict[str, int] = {}
    files, by_file, quarantined = [], {}, 0
    for name, found in delivered.items():
        encoding = "latin-1" if name == latin1 else "utf-8"
        lines = [_line(list(COLUMNS), NEW_COLUMN, name == comma, name == drifted)]
        for number, (sale, again) in enumerate(found, start=2):
            line = _line(_fields(sale, name == comma), sale.channel, name == comma, name == drifted)
            lines.append(line)
            defects = set(sale.defects)
            defects |= {"decimal_comma"} if name == comma else set()
            defects |= {"latin1"} if name == latin1 and not line.isascii() else set()
            defects |= {"drifted_column"} if name == drifted else set()
            defects |= {"late_event"} if name == late else set()
            defects |= {"duplicate_id"} if again else set()
            for defect in defects:
                rows[defect].append(RowAt(name, number, sale.id))
            if sale.defects:
                quarantined += 1
            else:
                valid[sale.id] = sale.cents
        files.append(cache.put(target / name, _text(lines).encode(encoding)))
        by_file[name] = len(found)
    return SalesManifest(
        directory=target,
        seed=seed,
        files=files,
        rows_by_file=by_file,
        rows_total=sum(by_file.values()),
        defects={name: len(found) for name, found in rows.items()},
        rows={name: tuple(found) for name, found in rows.items()},
        valid=len(valid),
        quarantined=quarantined,
        duplicates=len(rows["duplicate_id"]),
        valid_ids=frozenset(valid),
        valid_amount=Decimal(sum(valid.values())) / 100,
    )


def _fields(sale: _Sale, brazilian: bool) -> list[str]:
    amount = f"{abs(sale.cents) // 100}.{abs(sale.cents) % 100:02d}"
    date = sale.date.isoformat()
    if brazilian:
        amount = f"{abs(sale.cents) // 100:,}".replace(",", ".") + f",{abs(sale.cents) % 100:02d}"
        date = f"{sale.date.day:02d}/{sale.date.month:02d}/{sale.date.year}"
    if sale.cents < 0:
        amount = f"-{amount}"
    customer = f"{sale.name} {cpf.written(sale.cpf)}"
    return [sale.id, date, customer, sale.category, sale.region, amount, str(sale.quantity)]


def _line(fields: list[str], channel: str, brazilian: bool, drifted: bool) -> str:
    if drifted:
        fields = [*fields[:NEW_COLUMN_AT], channel, *fields[NEW_COLUMN_AT:]]
    return (";" if brazilian else ",").join(fields)


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
