"""Rows: the streams of a result, before and after, as figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from syncaug.modalities.clock.audio import AudioCarrier
from syncaug.modalities.language.text_forms import is_several, texts_of
from syncaug.plan.plan import Stream
from syncaug.report.bodies import bev_rows, boxes3d_rows, joints_rows
from syncaug.report.chats import chat_rows
from syncaug.report.fields import disparity_rows, flow_rows, heatmap_rows, normals_rows
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
    partners = {(row.title, row.about): row.before for row in _rows(Sides(alone, partner=True))}
    return tuple(replace(row, partner=partners.get((row.title, row.about))) for row in rows)


def _rows(sides: Sides) -> tuple[Row, ...]:
    clocks = on_timelines(sides)
    rows: list[Row] = []
    for clock, streams in clocks.items():
        rows += clock_rows(clock, streams, sides)
    told = {stream.name for streams in clocks.values() for stream in streams}
    told |= {stream.name for stream in sides.plan.streams if stream.framed}
    for stream in sorted(sides.plan.streams, key=lambda stream: _ORDER.get(stream.modality, 99)):
        if sides.before.get(stream.name) is not None and stream.name not in told:
            rows += _SHOWN[stream.modality](stream, sides) if stream.modality in _SHOWN else ()
    return tuple(rows)


def _text(stream: Stream, sides: Sides) -> Iterator[Row]:
    """A row for each text."""
    texts = [texts_of(stream.name, sample[stream.name]) for sample, _ in sides.each()]
    several = is_several(sides.before[stream.name])
    grounded = [
        phrases
        for phrases in sides.plan.streams
        if phrases.modality == "phrases"
        and phrases.options.get("text") == stream.name
        and sides.before.get(phrases.name) is not None
    ]
    about = "text, and the phrase of each box" if grounded else "text"
    for index in range(len(texts[0])):
        marked = mark_changes(texts[0][index], texts[-1][index])
        shown = []
        for (sample, is_after), pieces in zip(sides.each(), marked, strict=False):
            chips: list[Chip] = []
            for phrases in grounded:
                both = sample[phrases.name], sides.before[phrases.name]
                said, original = (each[index] for each in both) if several else both
                chips += _chips(phrases, said, original, is_after, sides)
            shown.append(Words(pieces, tuple(chips)))
        yield row_of(f"{stream.name}/{index}" if several else stream.name, about, shown)


def _chips(
    stream: Stream,
    phrases: Sequence[str | None],
    original: Sequence[str | None],
    is_after: bool,
    sides: Sides,
) -> Iterator[Chip]:
    numbers = sides.kept(stream.options.get("boxes", ""), len(phrases), is_after)
    for number, phrase in zip(numbers, phrases, strict=True):
        if phrase is not None:
            came = number >= len(original)  # from a partner
            yield Chip(phrase, number, is_after and (came or phrase != original[number]))


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
    "messages": chat_rows,
    "audio": _audio,
    "points": points_rows,
    "depth": depth_rows,
    "mask": mask_rows,
    "heatmap": heatmap_rows,
    "flow": flow_rows,
    "normals": normals_rows,
    "disparity": disparity_rows,
    "boxes3d": boxes3d_rows,
    "joints": joints_rows,
    "bev": bev_rows,
    "label": _value,
    "tabular": _value,
    "embedding": _value,
    "state": _value,
    "action": _value,
}
"""Modality -> how it is shown. Boxes, keypoints, phrases and cameras are shown with these."""

_ORDER = {modality: place for place, modality in enumerate(_SHOWN)}
