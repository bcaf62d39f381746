"""First come, first served, so many at once; whoever leaves lets the next one in."""

import asyncio

import pytest

from lab_hub import messages, start_queue
from lab_hub.start_queue import StartQueue


class Person:
    """Somebody in the queue; remembers the places that were told."""

    def __init__(self, queue, person=True):
        self.told = []
        self.queue = queue
        self.turn = queue.enter(lambda turn: self.told.append((turn.place, turn.of)), person=person)

    @property
    def starts(self):
        return not self.turn.waits

    def leave(self, answered=True):
        self.queue.leave(self.turn, answered)


def in_loop(story):
    async def run():
        story()

    return lambda: asyncio.run(run())


@in_loop
def test_so_many_start_and_the_others_know_their_place():
    queue = StartQueue(2)
    people = [Person(queue) for _ in range(5)]
    assert [person.starts for person in people] == [True, True, False, False, False]
    assert [person.turn.place for person in people] == [0, 0, 1, 2, 3]
    assert people[4].told == [(3, 3)] and people[2].told == [(1, 1), (1, 2), (1, 3)]
    people[1].leave()
    assert [person.starts for person in people] == [True, True, True, False, False]
    assert people[3].told[-1] == (1, 2) and people[4].told[-1] == (2, 2)
    assert people[2].told[-1] == (0, 0)


@in_loop
def test_who_gives_up_lets_those_behind_move_up():
    queue = StartQueue(1)
    first, second, third = (Person(queue) for _ in range(3))
    second.leave(answered=False)
    assert third.told[-1] == (1, 1) and len(queue) == 1
    first.leave()
    assert third.starts and not second.starts
    # Said twice, it counts once.
    first.leave()
    assert not Person(queue).starts


@in_loop
def test_people_go_before_labs_that_are_prepared():
    queue = StartQueue(1)
    running, prepared, also, ana, rui = (Person(queue, person) for person in (True, False, False, True, True))
    assert [who.turn.place for who in (ana, rui, prepared, also)] == [1, 2, 3, 4]
    # Her lab was being prepared, and now she waits for it herself.
    queue.promote(also.turn)
    assert [who.turn.place for who in (ana, rui, also, prepared)] == [1, 2, 3, 4]
    queue.promote(running.turn)
    running.leave()
    assert ana.starts


def test_a_start_that_hangs_holds_up_nobody_for_long(monkeypatch):
    monkeypatch.setattr(start_queue, "LONGEST_TURN_SECONDS", 0.05)

    async def story():
        queue = StartQueue(1)
        hangs, next_one, last = (Person(queue) for _ in range(3))
        await asyncio.wait_for(next_one.turn.arrives(), 5)
        assert not last.starts
        # The late end of the first is no reason to let in one more.
        hangs.leave(answered=False)
        assert not last.starts

    asyncio.run(story())


def test_the_estimate_learns_from_the_starts_that_were_seen():
    now = [0.0]

    async def story():
        queue = StartQueue(1, clock=lambda: now[0])
        for _ in range(20):
            person = Person(queue)
            now[0] += 10
            person.leave()
        Person(queue)
        waiting = [Person(queue) for _ in range(3)]
        assert [round(who.turn.seconds) for who in waiting] == [20, 30, 40]
        # What failed at once says nothing about how long a start takes.
        failed = Person(StartQueue(1, clock=lambda: now[0]))
        failed.leave(answered=False)
        assert failed.queue._typical == start_queue.FIRST_GUESS_SECONDS

    asyncio.run(story())


@pytest.mark.parametrize(
    ("setting", "processors", "expected"),
    [(0, 1, 2), (0, 2, 3), (0, 16, 24), (5, 2, 5), (1, 64, 1)],
)
def test_how_many_at_once(setting, processors, expected):
    assert start_queue.at_once(setting, processors) == expected


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "about 5 s"), (38, "about 40 s"), (90, "about 90 s"), (100, "about 2 min"), (260, "about 4 min")]
)
def test_an_estimate_is_told_as_roughly_as_it_is_known(seconds, words):
    assert messages.place(7, 23, seconds) == f"Place 7 of 23 in the queue, {words} until your lab is there"
