"""A policy that may drop every stream at once is warned of, and ordinary ones are not."""

from __future__ import annotations

import warnings

import pytest

from syncaug import load_policy
from syncaug.errors import PolicyWarning

SAMPLE = """
syncaug: 1
sample:
  film: {modality: video, clock: t}
  voice: {modality: audio, clock: t}
  words: {modality: timed_text, clock: t}
  depth: {modality: depth, optional: true}
"""


def steps(*drops: str) -> str:
    lines = "".join(
        f"  - {{name: s{n}, uses: drop_modality, {drop}}}\n" for n, drop in enumerate(drops)
    )
    return f"{SAMPLE}steps:\n{lines}"


@pytest.mark.parametrize(
    "drops",
    [
        ["with: {streams: [film, voice, depth], at_most: 3}, p: 0.2"],
        ["with: {streams: [film, voice, depth], count: 3}, p: 0.2"],
        ["with: {count: {choice: [1, 4]}}"],
        ["with: {streams: [film, depth], at_most: 2}", "with: {streams: [voice]}, p: 0.5"],
        ["with: {streams: [film, depth]}", "with: {streams: [depth, voice], at_most: 2}"],
        [f"with: {{streams: [{one}]}}, p: 0.5" for one in ("film", "voice", "depth")],
    ],
)
def test_all_at_once_is_warned_of(drops: list[str]) -> None:
    with pytest.warns(PolicyWarning, match=r"SA622 .*may all be dropped at once"):
        load_policy(steps(*drops))


@pytest.mark.parametrize(
    "drops",
    [
        ["with: {streams: [film, voice]}, p: 0.5"],  # one of them
        ["with: {streams: [film, voice], at_most: 2}, p: 0.5"],  # depth is left
        ["with: {at_most: 2}, p: {from: progress}"],
        ["with: {count: 9}"],  # which is what it asks for
        ["with: {streams: [film, voice]}", "with: {streams: [film, voice], at_most: 2}"],
    ],
)
def test_what_leaves_something_passes_without_a_word(drops: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_policy(steps(*drops))


def test_steps_that_exclude_one_another_are_not_added_up() -> None:
    inner = "".join(
        f"      - {{name: {one}_gone, uses: drop_modality, with: {{streams: [{one}]}}}}\n"
        for one in ("film", "voice", "depth")
    )
    load_policy(SAMPLE + "steps:\n  - name: one\n    one_of:\n" + inner)
