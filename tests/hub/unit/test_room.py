"""The second engine's address is nobody else's: a machine may well have one of those that are for documentation."""

import pytest

from tests.hub.faults.room import NETWORKS, Impossible, free_pair


@pytest.mark.parametrize(
    ("taken", "pair"),
    [
        ([], ("198.51.100.1", "198.51.100.2")),
        (["192.0.2.2/24", "10.0.0.0/8"], ("198.51.100.1", "198.51.100.2")),
        (["198.51.100.1/30", "198.51.100.4/30"], ("198.51.100.9", "198.51.100.10")),
        (["198.51.100.77/24"], ("203.0.113.1", "203.0.113.2")),
        # A way to everywhere, as a private network's client sets it.
        (["0.0.0.0/1", "128.0.0.0/1"], ("198.51.100.1", "198.51.100.2")),
    ],
)
def test_a_wire_between_networks_that_are_known(taken, pair):
    assert free_pair(taken) == pair


def test_no_wire_where_all_is_taken():
    with pytest.raises(Impossible, match="uses all of"):
        free_pair(NETWORKS)
