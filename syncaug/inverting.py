"""Inverting: which stream a prediction is of, and by which maps its record brings it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.attempts import neutral
from syncaug.draw import Draw
from syncaug.engine.program import Program
from syncaug.engine.state import State
from syncaug.errors import RecordError, RefusalError, SampleError
from syncaug.inverse import inverted, paths_in, written
from syncaug.partner import Partner
from syncaug.plan.stream import Stream
from syncaug.policy.suggest import suggest
from syncaug.record import DROPPED, KEPT_ORIGINAL, NEUTRAL, Record
from syncaug.suspicions import Suspicions

__all__ = ["brought_back", "composed", "predicted_stream"]


def predicted_stream(program: Program, name: str, kind: str) -> Stream:
    """The stream of a prediction; with a `kind` of its own, one of that modality in its spaces.

    Raises SampleError for a name that is not declared, and for a kind that is no modality.
    """
    from syncaug.catalogue.modalities import MODALITIES

    lanes = program.lanes.by_name
    if name not in lanes:
        raise SampleError(
            str(name),
            expected=f"the name of a stream: one of {', '.join(lanes)}",
            came=f"{name!r}"[:80],
            hint=suggest(str(name), tuple(lanes)),
        )
    stream = lanes[name].stream
    if not kind or kind == stream.modality:
        return stream
    if kind not in MODALITIES:
        raise SampleError(
            name,
            expected=f"kind as one of {', '.join(MODALITIES)}",
            came=f"{kind!r}"[:80],
            hint=suggest(str(kind), tuple(MODALITIES)),
        )
    return Stream(name, kind, stream.spaces, {}, stream.optional)


def brought_back(
    prediction: Any,
    record: Record,
    stream: Stream,
    unknown: float | None,
    again: Callable[[], Mapping[str, Any]],
) -> Any:
    """A prediction on the result that a record tells of, as it is on the original.

    `again` composes the maps where the record is of a version that kept none. Raises RecordError
    where the result has no way back, and SampleError where the prediction does not fit its stream.
    """
    key = record.draw.key
    if record.outcome == DROPPED:
        raise RecordError(f"the record of key {key!r} tells of a sample that was dropped")
    if record.outcome == KEPT_ORIGINAL:
        return prediction
    if record.partner is not None:
        raise RecordError(
            f"the record of key {key!r} mixes with a partner: what is predicted may be "
            "of either, and has no way back"
        )
    paths = paths_in(record.maps or again())
    path = paths.get(stream.name)
    return prediction if path is None else inverted(prediction, path, stream, unknown)


def composed(
    program: Program, sample: Mapping[str, Any] | None, record: Record, draw: Draw
) -> Mapping[str, Any]:
    """The maps of a record that holds none: its sample is carried again. Raises RecordError."""
    key = draw.key
    if sample is None:
        raise RecordError(
            f"the record of key {key!r} holds no maps, as those of earlier versions: expected the "
            "original sample beside it; pass sample=SAMPLE"
        )
    came = program.digest(sample, record.by_file)
    if came != record.digest:
        raise RecordError(
            f"the record of key {key!r} tells of another sample: expected one of digest "
            f"{record.digest}; got {came}"
        )
    sample = program.chosen(sample, draw)
    if record.outcome == NEUTRAL:
        return written(neutral(program, sample, draw)[1])
    try:
        state: State = program.run(sample, draw, Suspicions(), Partner(None))
        return written(state)
    except RefusalError as error:
        raise RecordError(
            f"the record of key {key!r} tells of an accepted draw that cannot be carried out: "
            f"{error}"
        ) from error
