"""The daily files keep their promises; read with nothing but split() and arithmetic."""

import hashlib
import re

import pytest

from lab_kernel.datasets import daily_sales

PINNED = "d733343eefe60832304ba13120c621729045d380f1e3d725d484832d97b63f0b"
AGREED = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,3}),\d\d")
SEEDS = (20130, 7, 99)


def lines_of(path):
    return path.read_bytes().decode("latin-1").splitlines()[1:]


def sound(lines):
    """Centavos of the lines that are as agreed; the others count as refused."""
    fields = [line.split(";") for line in lines]
    good = [parts for parts in fields if len(parts) == 5 and AGREED.fullmatch(parts[4])]
    return [int(parts[4].replace(".", "").replace(",", "")) for parts in good], len(fields) - len(good)


def test_the_bytes_are_pinned(tmp_path):
    file = daily_sales.day(2, directory=tmp_path).file
    assert hashlib.sha256(file.read_bytes()).hexdigest() == PINNED


@pytest.mark.parametrize("seed", SEEDS)
def test_the_note_counts_every_line_and_every_centavo(tmp_path, seed):
    first = daily_sales.day(1, seed=seed, month=3, directory=tmp_path)
    cents, refused = sound(lines_of(first.file))
    assert (len(cents), sum(cents), refused) == (first.rows, first.cents, 0)
    assert first.note.read_text() == f"{first.file.name};{first.rows};{first.cents}\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_later_days_have_both_kinds_of_spoilt_lines(tmp_path, seed):
    for number in range(2, 7):
        delivery = daily_sales.day(number, seed=seed, directory=tmp_path)
        lines = lines_of(delivery.file)
        cents, refused = sound(lines)
        assert len(lines) == delivery.rows == len(cents) + refused
        assert refused == delivery.spoilt >= 2
        assert sum(cents) < delivery.cents
        assert {len(line.split(";")) for line in lines} == {5, 6}


@pytest.mark.parametrize("seed", SEEDS)
def test_each_file_has_letters_that_utf8_cannot_read_and_amounts_with_thousands(tmp_path, seed):
    content = daily_sales.day(1, seed=seed, directory=tmp_path).file.read_bytes()
    assert content.splitlines()[1].split(b";")[2] == "São Paulo".encode("latin-1")
    assert re.search(rb"\d\.\d{3},\d\d", content)
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_a_corrected_file_differs_in_one_amount_and_not_in_length(tmp_path):
    first, second = daily_sales.day(2, directory=tmp_path), daily_sales.corrected(2, directory=tmp_path)
    pairs = list(zip(lines_of(first.file), lines_of(second.file), strict=True))
    assert first.file.name == second.file.name
    assert first.file.stat().st_size == second.file.stat().st_size
    assert sum(one != other for one, other in pairs) == 1
    assert second.cents == first.cents - 50


def test_a_cut_file_is_the_beginning_and_ends_within_a_line(tmp_path):
    delivery = daily_sales.day(4, directory=tmp_path)
    cut, whole = daily_sales.cut(delivery).read_bytes(), delivery.file.read_bytes()
    assert whole.startswith(cut) and daily_sales.cut(delivery).name == delivery.file.name
    assert cut.splitlines()[-1].count(b";") == 1


def test_again_is_the_same_content_under_another_name(tmp_path):
    delivery = daily_sales.day(2, directory=tmp_path)
    copy = daily_sales.again(delivery)
    assert copy.name != delivery.file.name
    assert copy.read_bytes() == delivery.file.read_bytes()


def test_in_utf8_has_the_same_letters(tmp_path):
    delivery = daily_sales.day(2, directory=tmp_path)
    assert daily_sales.in_utf8(delivery).read_text("utf-8") == delivery.file.read_text("latin-1")


def test_too_few_rows_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 20"):
        daily_sales.day(1, rows=3, directory=tmp_path)
