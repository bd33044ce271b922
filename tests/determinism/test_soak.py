"""A short soak: what a process holds is flat; the long one is `make soak`."""

from __future__ import annotations

import pytest

from tools.soak import Reading, Soaked, soak_calls, soak_loader, told


def test_calls_leave_nothing_behind() -> None:
    soaked = soak_calls(2_000)
    assert len(soaked.readings) == 100
    assert soaked.flat(0.05), list(told([soaked], 0.05))


def test_workers_that_stay_leave_nothing_behind() -> None:
    soaked = soak_loader(2_000)
    assert [one.process for one in soaked] == [
        "the loader's process",
        "worker 1 of 2",
        "worker 2 of 2",
    ]
    for worker in soaked[1:]:
        assert len(worker.readings) > 10
        assert worker.flat(0.05), list(told(soaked, 0.05))


@pytest.mark.parametrize("grown", ["memory", "descriptors", "threads"])
def test_what_grows_is_told(grown: str) -> None:
    readings = [
        Reading(
            memory=1_000_000 + (500 * step if grown == "memory" else 0),
            descriptors=9 + (step // 60 if grown == "descriptors" else 0),
            threads=4 + (step // 60 if grown == "threads" else 0),
        )
        for step in range(100)
    ]
    soaked = Soaked("direct calls", tuple(readings))
    assert not soaked.flat(0.01)
    assert list(told([soaked], 0.01))[1].endswith("GROWS")
    assert Soaked("direct calls", tuple(readings[:50])).flat(0.03)
