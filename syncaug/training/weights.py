"""Weights of pairs from their records: a pair that agrees barely counts less."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from syncaug.arguments import share_of
from syncaug.catalogue.checks import check_spec
from syncaug.record import ACCEPTED, DROPPED, Record
from syncaug.training.given import records_of

__all__ = ["margin_of", "weights_of"]


def weights_of(
    records: Iterable[Record | Mapping[str, Any] | str],
    *,
    barely: float = 0.5,
    clear: float = 0.5,
    kept: float = 0.25,
) -> list[float]:
    """For each record a weight from 0 to 1, as the losses take them.

    A pair whose checks all passed with a margin of `clear` or more weighs 1, one of which a check
    has just passed `barely`, those between in proportion. One that was kept original or made
    neutral weighs `kept`, and a dropped one 0. Without checks an accepted pair weighs 1.

    The margin of a check is how far its measure lies from its bound, as a share of the way to
    perfect agreement: 0.75 of a box that must keep 0.5 is half of the way. Raises RecordError for
    what is no record, and ValueError for settings outside of 0 to 1.

    >>> from syncaug import load_policy
    >>> import numpy as np
    >>> policy = load_policy('''
    ... syncaug: 1
    ... sample: {image: image, boxes: {modality: boxes, labels: classes}}
    ... steps: [{name: away, uses: translate, with: {x: 0.25, y: 0}}]
    ... checks: [{boxes_visible: {min_area: 0.5}}]
    ... ''')
    >>> photo = np.zeros((8, 16, 3), np.uint8)
    >>> sample = {"image": photo, "boxes": [[4.0, 0.0, 16.0, 8.0]], "classes": ["cat"]}
    >>> from syncaug.training.weights import weights_of
    >>> weights_of([policy.apply(sample, key=1)[1]])  # 2/3 of the box stay: a third of the way
    [0.8333333333333333]
    """
    for name, value in {"barely": barely, "clear": clear, "kept": kept}.items():
        share_of(name, value)
    return [_weight(record, barely, clear, kept) for record in records_of(records, "pair")]


def margin_of(record: Record) -> float:
    """The least margin of a record's checks, 0 to 1; 1 where nothing was measured."""
    last = record.attempts[-1]
    margins = [
        _margin(key, value, record.checks.get(key, {})) for key, value in last.measures.items()
    ]
    return min(margins, default=1.0)


def _weight(record: Record, barely: float, clear: float, kept: float) -> float:
    if record.outcome == DROPPED:
        return 0.0
    if record.outcome != ACCEPTED:
        return kept
    margin = margin_of(record)
    if margin >= clear:
        return 1.0
    return barely + (1.0 - barely) * margin / clear


def _margin(key: str, value: float, options: Mapping[str, Any]) -> float:
    """How far a measure lies from its bound, as a share of the way to perfect agreement."""
    try:
        bound = check_spec(key.partition("/")[0]).bound
    except KeyError:  # of a package that is not installed here
        return 1.0
    if bound is None or bound.option not in options or math.isnan(value):
        return 1.0
    limit = float(options[bound.option])
    if bound.side == "least":
        way, left = 1.0 - limit, value - limit
    else:
        way, left = limit, limit - value
    return min(max(left / way, 0.0), 1.0) if way > 0.0 else 1.0
