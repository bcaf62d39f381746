"""A slip tells what a person needs, and shows what a spreadsheet wrote as text."""

from lab_hub import slips
from lab_hub.slips import Slip

ANA = Slip("ana", "Ana Souza", "abcd-efgh-2345", ("spark1 (student)",))


def test_text_has_address_name_and_password_and_fits_a_terminal():
    text = slips.text([ANA, Slip("bia", "", "wxyz-2345-6789")], "https://lab.example.org")
    for words in ("Ana Souza", "https://lab.example.org", "abcd-efgh-2345", "spark1 (student)", "wxyz-2345-6789", "works once"):
        assert words in text
    assert max(map(len, text.splitlines())) <= slips.WIDTH
    assert text.count("-" * slips.WIDTH) == 3


def test_html_escapes_and_breaks_pages():
    many = [Slip(f"s{number}", "<script>alert(1)</script>", "x") for number in range(slips.ON_A_PAGE * 2)]
    html = slips.html(many, "http://lab")
    assert "<script>" not in html and "&lt;script&gt;" in html
    assert html.count('class="slip last-of-page"') == 1 and "break-after: page" in html


def test_no_slip_is_no_text():
    assert slips.text([], "http://lab") == ""
