"""What a step cuts stays cut, in every stream: 300 random chains against rules on pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from syncaug import AlignmentError
from tests.cuts.chains import carried, chain, empty_scene, places
from tests.cuts.compare import differences, disagreements, visible_stages
from tests.cuts.referee import Journey, cuts_fused, cuts_literally

_CHAINS, _AT_ONCE = 300, 15
_CUTS = {"on": cuts_fused, "off": cuts_literally}


def wrong_in(number: int) -> list[str]:
    """What is wrong after chain `number`, fused, literally, or between the two."""
    steps = chain(number)
    done: dict[str, Mapping[str, Any]] = {}
    wrong: list[str] = []
    for fuse, cuts in _CUTS.items():
        journey = Journey.of(empty_scene(), steps, cuts)
        try:
            done[fuse] = carried(steps, fuse=fuse)
        except AlignmentError:  # a cloud of which nothing is left refuses the draw
            room = journey.room(places(), [*journey.lost_at, *visible_stages(steps)])
            wrong += [f"{fuse}: refused, and there are points"] if (room > 0.01).any() else []
            continue
        found = differences(done[fuse], journey, steps, fused=fuse == "on")
        wrong += [f"{fuse}: {text}" for text in found]
    return wrong + (disagreements(done["on"], done["off"], journey) if len(done) == 2 else [])


@pytest.mark.parametrize("first", range(0, _CHAINS, _AT_ONCE))
def test_chains(first: int) -> None:
    found = {number: wrong_in(number) for number in range(first, first + _AT_ONCE)}
    assert not {n: (chain(n), wrong) for n, wrong in found.items() if wrong}
