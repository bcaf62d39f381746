"""The orders keep their promises; asked over HTTP with the standard library only."""

import json
import urllib.error
import urllib.request

import pytest

from lab_kernel.datasets import orders_api

SEEDS = (20130, 7)


@pytest.fixture
def api():
    found = orders_api.start(per_day=60, page_size=25)
    yield found
    found.stop()


def get(api, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(api.url + path, timeout=5) as answer:
        return json.loads(answer.read())


def status(api, path):
    with pytest.raises(urllib.error.HTTPError) as error:
        get(api, path)
    error.value.close()
    return error.value.code


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_gives_the_same_orders(seed):
    assert orders_api.orders(5, seed=seed) == orders_api.orders(5, seed=seed)
    assert orders_api.orders(5, seed=seed) != orders_api.orders(5, seed=seed + 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_change_comes_on_its_day_and_stays(seed):
    for day in range(1, orders_api.DAYS + 1):
        found = orders_api.orders(day, seed=seed)
        keys = {key for order in found for key in order}
        assert ("channel" in keys) == (day >= 2)
        assert ("town" in keys, "city" in keys) == (day >= 3, day < 3)
        assert all((order["number"] > orders_api.LARGEST_INT) == (day >= 4) for order in found)
        assert {type(order["quantity"]) for order in found} == ({int, str} if day >= 5 else {int})
        assert ("delivery" in keys) == (day >= 6)


def test_ids_and_numbers_are_those_of_one_order_each():
    found = [order for day in range(1, 7) for order in orders_api.orders(day)]
    assert len({order["id"] for order in found}) == len({order["number"] for order in found}) == len(found)


def test_the_pages_of_a_day_are_its_orders(api):
    assert status(api, "/orders?day=2&page=3") == 503
    pages = [get(api, f"/orders?day=2&page={page}") for page in (1, 2, 3)]
    assert [order for page in pages for order in page["orders"]] == orders_api.orders(2, per_day=60)
    assert {(page["pages"], page["total"]) for page in pages} == {(3, 60)}


def test_the_busy_page_is_refused_once_for_each_day(api):
    for day in (1, 2):
        assert status(api, f"/orders?day={day}&page=3") == 503
        assert get(api, f"/orders?day={day}&page=3")["page"] == 3
    assert [code for _, code in api.requests] == [503, 200, 503, 200]


@pytest.mark.parametrize("path", ["/", "/orders", "/orders?day=9&page=1", "/orders?day=1&page=4", "/orders?day=one&page=1"])
def test_what_is_not_there_is_not_found(api, path):
    assert status(api, path) == 404


def test_it_listens_on_this_computer_only_and_stops_twice(api):
    assert api.url.startswith("http://127.0.0.1:")
    api.stop()
    api.stop()
    with pytest.raises(urllib.error.URLError):
        get(api, "/orders?day=1&page=1")


def test_too_few_pages_are_refused():
    with pytest.raises(ValueError, match="more than 50"):
        orders_api.start(per_day=50, page_size=25)
    with pytest.raises(ValueError, match="days 1 to 6"):
        orders_api.orders(7)
