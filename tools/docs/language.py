"""The page on the policy language: every key with its type, default, unit and an example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tools.docs.keys import (
    Section,
    check_sections,
    sections,
    stream_sections,
    transform_sections,
)
from tools.docs.values import cell

__all__ = ["all_sections", "language_page"]

_BEFORE = """\
# The policy language

Written by `tools/make_docs.py` from the models and the catalogue; do not edit. Every example is
compiled by a test.

Every key that a policy may have. A key that is not here is a problem (SA201), never ignored.
Policies are YAML 1.2: `on`, `off`, `yes` and `no` are words, `true` and `false` are booleans.

* [The policy](#the-policy), [on_fail](#on_fail)
* Streams: [every stream](#every-stream), [planes](#streams-of-a-plane),
  [clocks](#streams-of-a-clock), [worlds](#streams-of-a-world), [words](#streams-of-words), then
  one section for each modality
* Steps: [every step](#every-step), [transforms](#transforms), [operations](#an-operation),
  [choices](#a-choice-of-one-step), [conditions](#conditions)
* Values: [distributions](#distributions), [links](#links)
* [Checks](#checks)

Three variables are given to every policy, for links, conditions and the numbers of distributions:
`severity` (0 to 1, by `policy.with_severity`; 0.5 without it), `progress` (0 to 1, by
`policy.with_progress`; 0 without it) and `epoch` (a whole number, of the call).
"""

_VALUES = """\
## Transforms

What may stand under `with:`. A parameter is a constant, `[low, high]` (drawn uniformly; whole
numbers where the parameter is one), [a distribution](#distributions) or [a link](#links), unless
its type says *constant*. Names of streams may stand beside the parameters where a transform gives
each stream a word of its own, such as `noise`; the [pages of the transforms](transforms/README.md)
list those words, and what each stream does.

Units: *share* is a part of the width, height, area or duration (0 to 1); *relative* is a change
(0.2 is 20 percent more, 0 changes nothing); *factor* multiplies (1 changes nothing); degrees are
counterclockwise as seen; *time* is seconds, or a share of the clock with `unit: share`; severity
is 0 (none) to 1 (5 dB).
"""

_CHECKS = """\
## Checks

The options of each check, under its name: `checks: [boxes_visible: {min_area: 0.3}]`.
[Checks](checks.md) says what each measures, and when.
"""


def all_sections() -> Iterator[Section]:
    """Every section of the page."""
    for part in (sections, stream_sections, transform_sections, check_sections):
        yield from part()


def language_page() -> str:
    """The text of `docs/language.md`."""
    of_policy, *of_steps = sections()
    on_fail, *of_steps = of_steps
    lines = [_BEFORE]
    lines += _shown([of_policy, on_fail], "##")
    lines += ["## Streams", "", *_shown(stream_sections(), "###")]
    lines += ["## Steps and values", "", *_shown(of_steps, "###")]
    lines += [_VALUES, *_shown(transform_sections(), "###", page="transforms/{}.md")]
    lines += [_CHECKS, *_shown(check_sections(), "###")]
    return "\n".join(lines).rstrip() + "\n"


def _shown(shown: Iterable[Section], level: str, *, page: str = "") -> Iterator[str]:
    for section in shown:
        yield from (f"{level} {section.title}", "")
        if section.says:
            yield from (section.says.strip(), "")
        if page:
            yield from (f"[What it does to each stream]({page.format(section.title)})", "")
        if section.keys:
            yield from (
                "| key | meaning | type | default | unit | example |",
                "|---|---|---|---|---|---|",
            )
            for key in section.keys:
                parts = [f"`{key.name}`", key.meaning, key.takes, key.default, key.unit]
                example = f"`{key.example.strip()}`"
                yield "| " + " | ".join(map(cell, [*parts, example])) + " |"
            yield ""
