"""Every box keeps a share of its area in the picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from syncaug.checks.measure import Measure, Outcome
from syncaug.modalities.plane.boxes import BoxesCarrier

__all__ = ["measure"]


def measure(options: Mapping[str, Any], outcome: Outcome) -> Measure:
    """The least visible share of a box's area; 0 for a box that was dropped.

    Boxes that `outside:` left out at the beginning were in no picture, and are not measured. Of
    boxes frame by frame those of the frames that are shown are.
    """
    shares = [
        (float(share), name, index, where)
        for name, where, carrier in _boxes(outcome, options.get("stream", ""))
        for index, share in enumerate(carrier.share)
        if index not in carrier.unadmitted
    ]
    if not shares:
        return Measure.nothing("the sample has no boxes")
    least, stream, index, where = min(shares)
    passed = least >= options["min_area"]
    text = f"box {index} of {stream!r}{where} keeps {least:.0%} of its area"
    return Measure(least, passed, "" if passed else text)


def _boxes(outcome: Outcome, stream: str) -> Iterator[tuple[str, str, BoxesCarrier]]:
    """The boxes of the sample, each stream with its name and where its boxes stand."""
    for carrier in outcome.carriers(BoxesCarrier, stream):
        yield carrier.stream.name, "", carrier
    for name, framed in outcome.state.carriers.items():
        if framed.stream.framed and framed.stream.modality == "boxes" and stream in ("", name):
            from syncaug.modalities.clock.frames import FramesCarrier  # else not loaded

            assert isinstance(framed, FramesCarrier)
            for frame, marked in framed.shown():
                assert isinstance(marked, BoxesCarrier)
                yield name, f" in frame {frame}", marked
