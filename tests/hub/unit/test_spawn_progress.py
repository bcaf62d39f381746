"""What a person watches: what happened, once, in order, with its seconds, from the first entry on."""

import asyncio

from lab_hub.spawn_progress import Timeline


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


async def collect(timeline):
    return [entry async for entry in timeline.follow()]


def test_entries_have_seconds_and_the_bar_never_goes_back():
    clock = Clock()
    timeline = Timeline(clock)
    timeline.mark(10, "one")
    clock.now += 1.25
    timeline.mark(50, "two")
    timeline.mark(30, "late")
    timeline.mark(50, "two")
    timeline.close()
    assert asyncio.run(collect(timeline)) == [
        {"progress": 10, "message": "one (0.0 s)"},
        {"progress": 50, "message": "two (1.2 s)"},
        {"progress": 50, "message": "late (1.2 s)"},
    ]


def test_everybody_sees_everything():
    async def story():
        timeline = Timeline()
        early = asyncio.create_task(collect(timeline))
        await asyncio.sleep(0)
        timeline.mark(10, "one")
        await asyncio.sleep(0)
        late = asyncio.create_task(collect(timeline))
        timeline.mark(20, "two")
        await asyncio.sleep(0)
        timeline.close()
        return await asyncio.wait_for(asyncio.gather(early, late), 5)

    early, late = asyncio.run(story())
    assert early == late and [entry["progress"] for entry in early] == [10, 20]


def test_a_place_in_the_queue_is_told_until_there_is_another():
    async def story():
        timeline = Timeline(Clock())
        timeline.mark(10, "one")
        early = asyncio.create_task(collect(timeline))
        for place in ("place 2", "place 1"):
            timeline.wait_at(place)
            await asyncio.sleep(0)
        late = asyncio.create_task(collect(timeline))
        await asyncio.sleep(0)
        timeline.wait_at("")
        timeline.mark(20, "two")
        timeline.close()
        return [[entry["message"] for entry in await asyncio.wait_for(task, 5)] for task in (early, late)]

    early, late = asyncio.run(story())
    assert early == ["one (0.0 s)", "place 2", "place 1", "two (0.0 s)"]
    assert late == ["one (0.0 s)", "place 1", "two (0.0 s)"]
