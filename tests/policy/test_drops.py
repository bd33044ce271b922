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


CHOICES = {
    "one of them drops all": """
  - name: one
    one_of:
      - {name: nothing, uses: flip}
      - {name: gone, uses: drop_modality, with: {streams: [film, voice, depth], count: 3}}
""",
    "two of three together": """
  - name: two
    some_of:
      count: 2
      steps:
        - {name: pair, uses: drop_modality, with: {streams: [film, depth], at_most: 2}}
        - {name: voiceless, uses: drop_modality, with: {streams: [voice]}}
        - {name: mirror, uses: flip}
""",
    "as many as are drawn": """
  - name: some
    some_of:
      count: {choice: [1, 3]}
      steps:
        - {name: filmless, uses: drop_modality, with: {streams: [film]}}
        - {name: voiceless, uses: drop_modality, with: {streams: [voice]}}
        - {name: flat, uses: drop_modality, with: {streams: [depth]}}
""",
    "a choice and a step": """
  - name: one
    one_of:
      - {name: pair, uses: drop_modality, with: {streams: [film, depth], at_most: 2}}
      - {name: mirror, uses: flip}
  - {name: voiceless, uses: drop_modality, with: {streams: [voice]}, p: 0.5}
""",
    "a choice in a choice": """
  - name: outer
    one_of:
      - {name: mirror, uses: flip}
      - name: inner
        one_of:
          - {name: grain, uses: noise, with: {severity: 0.1}}
          - {name: gone, uses: drop_modality, with: {at_most: 4}}
""",
}


@pytest.mark.parametrize("what", CHOICES)
def test_choices_are_looked_into(what: str) -> None:
    with pytest.warns(PolicyWarning, match=r"SA622 .*may all be dropped at once") as told:
        load_policy(f"{SAMPLE}steps:{CHOICES[what]}")
    assert len(told) == 1


@pytest.mark.parametrize(
    "choice",
    [
        CHOICES["two of three together"].replace("count: 2", "count: 1"),
        CHOICES["as many as are drawn"].replace("[1, 3]", "[1, 2]"),
        CHOICES["one of them drops all"].replace("count: 3", "count: 2"),
        CHOICES["one of them drops all"].replace("name: gone,", "name: gone, weight: 0,"),
        CHOICES["a choice and a step"].replace("at_most: 2", "at_most: 1"),
    ],
)
def test_choices_that_leave_something_pass_without_a_word(choice: str) -> None:
    load_policy(f"{SAMPLE}steps:{choice}")


def test_many_choices_take_no_time() -> None:
    inner = "".join(
        f"      - {{name: c_{n}, uses: drop_modality, with: {{streams: [film, voice]}}}}\n"
        for n in range(9)
    )
    steps = "".join(
        f"  - name: c{n}\n    one_of:\n{inner.replace('c_', f'c{n}_')}" for n in range(12)
    )
    load_policy(f"{SAMPLE}steps:\n{steps}")
