"""The fuzzer of records itself: the same cases for the same seed, and none that fails."""

from __future__ import annotations

import random

from tests.record.written import written
from tools.fuzz.records import _cases, _changed, run


def test_no_changed_record_gives_other_bytes_or_another_error() -> None:
    tally = run(7, 150, 1)
    assert not tally.failures, tally.failures[:3]
    assert sum(tally.outcomes.values()) == 150
    assert {"RecordError", "command: RecordError"} < set(tally.outcomes)


def test_cases_are_the_same_for_the_same_seed() -> None:
    first, again, other = (list(_cases(seed, range(40))) for seed in (1, 1, 2))
    assert first == again != other


def test_records_are_really_changed() -> None:
    text = written()
    changes = [_changed(text, random.Random(number))[0] for number in range(200)]
    assert sum(change != text for change in changes) >= 180
