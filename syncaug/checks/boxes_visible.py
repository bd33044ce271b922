"""Every box keeps a share of its area in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.plane.boxes import BoxesCarrier

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least visible share of a box's area; 0 for a box that was dropped.

    Boxes that `outside:` left out at the beginning were in no picture, and are not measured.
    """
    shares = [
        (float(share), carrier.stream.name, index)
        for carrier in outcome.carriers(BoxesCarrier, options.get("stream", ""))
        for index, share in enumerate(carrier.share)
        if index not in carrier.unadmitted
    ]
    if not shares:
        return Measure.nothing("the sample has no boxes")
    least, stream, index = min(shares)
    passed = least >= options["min_area"]
    return Measure(
        least, passed, "" if passed else f"box {index} of {stream!r} keeps {least:.0%} of its area"
    )
