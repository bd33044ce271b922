"""Every check writes its measure, its parts and the values of its options into the record."""

from __future__ import annotations

import math
from typing import Any

import pytest

from syncaug import load_policy
from syncaug.catalogue.checks import checks
from syncaug.record import Record
from syncaug.report.telling import check_lines
from tests.clapping import FPS, RATE, clapping
from tests.samples import EVERYTHING, everything

LISTED = "".join(
    f"  - {name}: {{{'encoder: mine' if name == 'similarity' else ''}}}\n" for name in checks()
)
POLICY = f"""
syncaug: 1
sample:{EVERYTHING}
  clip: {{modality: video, fps: {FPS}}}
  sound: {{modality: audio, sample_rate: {RATE}}}
steps:
  - {{name: mirror, uses: flip}}
  - {{name: paint, uses: colour, with: {{hue: 120}}}}
  - {{name: faster, uses: speed, with: {{factor: 1.2}}}}
checks:
{LISTED}
on_fail: {{then: drop}}
"""


def whole_sample() -> dict[str, Any]:
    """One stream of every kind that a check asks for, on one plane and one clock."""
    claps = clapping()
    clip = claps["video"].repeat(2, axis=1).repeat(2, axis=2)
    return {**everything(), "clip": clip, "sound": claps["sound"]}


def encode(modality: str, value: Any) -> list[float]:
    return [1.0, 0.5]


@pytest.mark.filterwarnings("ignore:.*on the same clock")  # streams of several lengths
def test_all_checks_are_in_the_record_with_their_options() -> None:
    policy = load_policy(POLICY, encoders={"mine": encode})
    _, record = policy.apply(whole_sample(), key=1)
    again = Record.from_json(record.to_json())
    last = again.attempts[-1]
    assert set(again.checks) == set(last.measures) == set(checks())
    for name, spec in checks().items():
        defaults = {key: o["default"] for key, o in spec.options.items() if "default" in o}
        assert defaults.items() <= again.checks[name].items()
    measured = {name for name, value in last.measures.items() if not math.isnan(value)}
    assert measured >= set(checks()) - {"depth_consistency", "colour_words"}
    assert len(check_lines(record, policy.plan)) == len(checks())
    assert last.parts == record.attempts[-1].parts
    assert set(last.parts["mutual_information"]) == {"image", "video", "clip", "sound"}
