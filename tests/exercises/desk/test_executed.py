"""An executed notebook to look at: useful for honest work, harmless for any."""

import base64
import json
import time

import pytest

from exercises.service.desk import cleaning, executed

PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


def shown(*outputs, **cell):
    made = {"cell_type": "code", "metadata": {}, "source": "x", "outputs": list(outputs), **cell}
    (found,) = executed.cells(json.dumps({"cells": [made]}).encode())
    return found


def data(**forms):
    return {"output_type": "display_data", "data": {name.replace("_", "/"): value for name, value in forms.items()}}


def test_an_honest_notebook_keeps_its_text_tables_and_pictures():
    table = "<table><tr><th>shop</th></tr><tr><td>Centre</td></tr></table>"
    found = shown(
        {"output_type": "stream", "text": ["one\n", "two"]},
        data(text_html=table, text_plain="shop"),
        data(image_png=PICTURE),
        data(text_plain="42"),
        metadata={"nbgrader": {"solution": True, "grade_id": "totals"}},
    )
    assert (found.answer, found.name) == (True, "totals")
    kinds = [(one.kind, one.content) for one in found.outputs]
    assert kinds[0] == ("text", "one\ntwo") and kinds[3] == ("text", "42")
    assert kinds[1][0] == "html" and "<td>Centre</td>" in kinds[1][1]
    assert kinds[2] == ("picture", f"data:image/png;base64,{PICTURE}")


def test_an_error_is_read_without_its_colours():
    found = shown({"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mE\x1b[0m: v"]})
    assert [(one.kind, one.content) for one in found.outputs] == [("error", "E: v")]


CRIMES = {
    "a script": "<script>fetch('/')</script>hello",
    "a script that is never closed": "<script>fetch('/')",
    "an attribute that acts": "<b onclick='x()' style='position:fixed'>hello</b>",
    "an image from elsewhere": "<img src=x onerror=alert(1)>",
    "a frame": "<iframe srcdoc='<script>1</script>'></iframe>",
    "a form": "<form action=/desk><input name=points><button>Go</button></form>",
    "a link": "<a href='javascript:alert(1)'>hello</a>",
    "a drawing": "<svg onload=alert(1)><a xlink:href='javascript:1'/></svg>",
    "formulas": "<math><mtext><table><mglyph><style><img src=x onerror=1></style></mglyph></table></mtext></math>",
    "a page of its own": "</div></section></main><base href=//x><meta http-equiv=refresh content=0><link href=//x>",
    "a comment": "<!--><img src=x onerror=alert(1)>-->",
}


@pytest.mark.parametrize("crime", CRIMES)
def test_nothing_of_a_students_markup_can_act(crime):
    from bs4 import BeautifulSoup

    (found,) = shown(data(text_html=CRIMES[crime])).outputs
    tags = BeautifulSoup(found.content, "html.parser").find_all(True)
    assert {tag.name for tag in tags} <= cleaning.TAGS
    assert all(not tag.attrs for tag in tags)


SLOW = ["<div>", "<b><p>", "<table><tr>", "</div>", "<", "&", "<!", "<!--", "<b ", "<a href='", "</", "<?", "<style>", "<a/", "&#x"]


@pytest.mark.parametrize("piece", SLOW)
def test_markup_that_is_made_to_take_long_does_not(piece):
    began = time.monotonic()
    shown(data(text_html=piece * (executed.MOST_TEXT // len(piece))))
    # Half a minute for a parser that mends pages.
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("value", ["<svg/onload=1>", base64.b64encode(b"<svg onload=1>").decode(), "§", 7, [1], {"a": 1}])
def test_a_picture_that_is_none_is_not_shown(value):
    assert all(one.kind != "picture" for one in shown(data(image_png=value, text_plain="plain")).outputs)


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b"null", b'{"cells": 1}', b'{"cells": [{"metadata": 1}]}', b"[" * 100_000])
def test_what_is_no_notebook_is_none(left):
    assert executed.cells(left) is None


ODD = [{"outputs": [1, None, []]}, {"source": {"a": 1}}, {"metadata": {"nbgrader": []}}, {"outputs": None}]


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_cell_is_shown_as_far_as_it_goes(odd):
    found = executed.cells(json.dumps({"cells": [{"cell_type": "code", **odd}, 7, {"source": "after"}]}).encode())
    assert [one.source for one in found] == ["", "after"] and found[0].outputs == []


def test_however_much_was_written_the_page_has_a_size():
    cell = {"cell_type": "code", "source": "x" * 200_000, "outputs": [{"output_type": "stream", "text": "y" * 200_000}] * 60}
    found = executed.cells(json.dumps({"cells": [cell]}).encode())
    assert len(found[0].source) == executed.MOST_SOURCE and len(found[0].outputs) == executed.MOST_OUTPUTS
    assert max(len(one.content) for one in found[0].outputs) == executed.MOST_TEXT
