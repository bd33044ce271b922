"""The page on checks, written from their catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.catalogue.checks import CheckSpec, checks
from syncaug.plan.spaces import CHEAP

__all__ = ["checks_page"]

_BEFORE = """\
# Checks

Written by `tools/make_docs.py` from the catalogue; do not edit.

A check measures alignment on what came out of the steps, not on what was drawn. A policy names
checks with their options; each writes its number into the record, with the numbers that this is
the worst of (`parts`, by stream) and the values of all options. Where there is nothing to
measure, the number is null and the check passes.

    checks:
      - reprojection: {max_pixels: 0.5}
      - visible_share: {min_content: 0.9}
    on_fail: {retry: 5, then: neutral}

Checks that read only words, boxes, keypoints, cameras and what planes and clocks met are measured
first. Where one of them fails the draw is refused, and the others are not measured: the record's
attempt has no number of them. A check is among the others where the sample has a stream of what it
reads that is costly to carry: pictures, films, sound, clouds, rows in time.

A check may stand several times; from its second time on its key in the record is `NAME/1`,
`NAME/2` and so on.
"""

_AFTER = """\
## When a check fails

`on_fail: {retry: N, then: neutral | keep_original | drop | error}` draws up to N times afresh.
Then `neutral` hands out the sample after only what its last draw does to sizes and lengths: the
picture resized whole to what `crop` and `resize` give, the clock as long as `trim`, `loop` and
`speed` make it, no word, colour or region changed. Its shapes are those of all other results, so a
loader can stack them. `keep_original` hands it out as it came, and is warned of (SA608) in a policy
that changes sizes or lengths; `drop` returns `DROPPED`; `error` raises AlignmentError. With
`shrink: FACTOR` beside it, each retry is the first draw again, at FACTOR, FACTOR², ... of its
strength: every parameter of a library transform that has a neutral value moves towards it
(angles to 0, factors to 1 on a logarithmic scale, noise by its amplitude in decibels). Chances,
choices, variables and parameters of library operations stay as they were drawn, and a warning
says where nothing can be weakened (SA603). The record holds the strength of each attempt, and
the parameters as they were used, so that it replays bit for bit.

    on_fail: {shrink: 0.5, retry: 4, then: neutral}

## Encoders

`similarity` asks an encoder: a callable of a modality (`image` or `text`) and a value, which
gives a vector. Hand it over when loading, or let a package bring it by the entry-point group
`syncaug.encoders` ([example](../examples/own_encoder)).

    load_policy("pets.yaml", encoders={"clip": encode})
"""


def checks_page() -> str:
    """The text of `docs/checks.md`."""
    lines = [_BEFORE]
    for name, spec in sorted(checks().items()):
        lines += [f"## {name}", "", spec.summary, "", f"Needs {_needs(spec)}. {_reads(spec)}", ""]
        lines += [*_options(spec), ""]
    return "\n".join([*lines, _AFTER])


def _needs(spec: CheckSpec) -> str:
    return " and ".join(" or ".join(need) for need in spec.needs) or "no stream"


def _reads(spec: CheckSpec) -> str:
    """What the check looks at, and when it is measured."""
    if not spec.reads:
        return "Reads what planes met, and no stream; measured first."
    *most, last = sorted(spec.reads)
    reads = f"{', '.join(most)} and {last}" if most else last
    if spec.reads <= CHEAP:
        return f"Reads {reads}; measured first."
    dear = " or ".join(sorted(spec.reads - CHEAP))
    return f"Reads {reads}; measured last in a sample with {dear}."


def _options(spec: CheckSpec) -> Iterator[str]:
    if not spec.options:
        return
    yield from ("| option | default | meaning |", "|---|---|---|")
    for name, schema in spec.options.items():
        given = "needed" if schema.get("required") else schema.get("default", "")
        yield f"| `{name}` | {given} | {schema['description']} |"
