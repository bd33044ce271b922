"""Rows: the streams of a result, before and after, as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.plan.plan import Stream
from syncaug.report.figures import Chip, Row, Value, Words
from syncaug.report.marks import mark_changes
from syncaug.report.planes import depth_rows, image_rows, mask_rows
from syncaug.report.result import Result
from syncaug.report.sides import Sides, row_of
from syncaug.report.sounds import show_sound, spectrum_levels
from syncaug.report.timelines import clock_rows, on_timelines
from syncaug.report.worlds import points_rows

__all__ = ["rows_of"]


def rows_of(result: Result) -> tuple[Row, ...]:
    """One row for each clock with a film or cues, picture, text, sound, cloud, depth and mask.

    Boxes and keypoints are drawn on the pictures of their plane, 3-D boxes with the points of their
    world, and phrases stand below their text. Where a partner was mixed in, its streams stand
    beside them.
    """
    rows = _rows(Sides(result))
    if result.partner is None or result.record.partner is None:
        return rows
    alone = replace(result, before=result.partner, after=None, partner=None)
    partners = {(row.title, row.about): row.before for row in _rows(Sides(alone))}
    return tuple(replace(row, partner=partners.get((row.title, row.about))) for row in rows)


def _rows(sides: Sides) -> tuple[Row, ...]:
    clocks = on_timelines(sides)
    rows: list[Row] = []
    for clock, streams in clocks.items():
        rows += clock_rows(clock, streams, sides)
    told = {stream.name for streams in clocks.values() for stream in streams}
    for stream in sorted(sides.plan.streams, key=lambda stream: _ORDER.get(stream.modality, 9)):
        if stream.name in sides.before and stream.name not in told:
            rows += _SHOWN[stream.modality](stream, sides) if stream.modality in _SHOWN else ()
    return tuple(rows)


def _text(stream: Stream, sides: Sides) -> Iterator[Row]:
    before = str(sides.before[stream.name])
    after = before if sides.after is None else str(sides.after[stream.name])
    marked = mark_changes(before, after)
    grounded = [
        phrases
        for phrases in sides.plan.streams
        if phrases.modality == "phrases"
        and phrases.options.get("text") == stream.name
        and phrases.name in sides.before
    ]
    shown = []
    for (sample, is_after), pieces in zip(sides.each(), marked, strict=False):
        chips = [chip for phrases in grounded for chip in _chips(phrases, sample, is_after, sides)]
        shown.append(Words(pieces, tuple(chips)))
    yield row_of(stream.name, "text, and the phrase of each box" if grounded else "text", shown)


def _chips(
    stream: Stream, sample: Mapping[str, Any], is_after: bool, sides: Sides
) -> Iterator[Chip]:
    phrases, original = sample[stream.name], sides.before[stream.name]
    numbers = sides.kept(stream.options.get("boxes", ""), len(phrases), is_after)
    for number, phrase in zip(numbers, phrases, strict=True):
        if phrase is not None:
            yield Chip(phrase, number, is_after and phrase != original[number])


def _audio(stream: Stream, sides: Sides) -> Iterator[Row]:
    carriers = [AudioCarrier.of(stream, sample) for sample, _ in sides.each()]
    sounds = [(np.atleast_2d(carrier.data), carrier.rate or 16000.0) for carrier in carriers]
    peak = max(float(np.abs(samples).max()) for samples, _ in sounds)
    loudest = max(float(spectrum_levels(samples.mean(axis=0)).max()) for samples, _ in sounds)
    shown = [show_sound(samples, rate, peak=peak, loudest=loudest) for samples, rate in sounds]
    yield row_of(stream.name, "audio, its outline and its spectrum", shown)


def _value(stream: Stream, sides: Sides) -> Iterator[Row]:
    shown = [Value(_short(sample[stream.name])) for sample, _ in sides.each()]
    yield row_of(stream.name, stream.modality, shown)


def _short(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 12:
        return f"an array of {value.dtype}, {' x '.join(map(str, value.shape))}"
    text = np.array2string(value, precision=4) if isinstance(value, np.ndarray) else str(value)
    return text if len(text) <= 200 else text[:197] + "..."


_SHOWN = {
    "image": image_rows,
    "text": _text,
    "audio": _audio,
    "points": points_rows,
    "depth": depth_rows,
    "mask": mask_rows,
    "label": _value,
    "tabular": _value,
    "embedding": _value,
}
"""Modality -> how it is shown. Boxes, keypoints, phrases and cameras are shown with these."""

_ORDER = {modality: place for place, modality in enumerate(_SHOWN)}
