"""Steps that mix with a partner: the word of each stream, and which streams would stay behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from syncaug.catalogue.transforms import KEEP, TransformSpec
from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.plan import Stream
from syncaug.values.value import Constant, Value

__all__ = ["default_words", "left_behind", "mixes"]


def default_words(
    spec: TransformSpec, streams: Mapping[str, Stream], given: Collection[str]
) -> dict[str, Value]:
    """The first word of its modality for each stream that mixes and was given none."""
    out: dict[str, Value] = {}
    for name, stream in streams.items():
        words = _words(spec, stream)
        if words and words[0] != KEEP and name not in given and name not in spec.parameters:
            out[name] = Constant(words[0])
    return out


def mixes(spec: TransformSpec, stream: Stream, parameters: Mapping[str, Value]) -> bool:
    """Whether a stream takes something from a partner in this step."""
    words = _words(spec, stream)
    if not words or words[0] == KEEP:
        return False
    return stream.name in spec.parameters or parameters.get(stream.name) != Constant(KEEP)


def left_behind(
    spec: TransformSpec,
    streams: Mapping[str, Stream],
    given: Collection[str],
    path: Path,
    complaints: Complaints,
) -> None:
    """Complain about streams that cannot mix and were not told to stay as they are."""
    for name, stream in streams.items():
        if _words(spec, stream) == (KEEP,) and name not in given and _tied(spec, stream, streams):
            complaints.add(
                "SA502",
                path,
                f"{spec.name} cannot mix {stream.modality} streams, and {name!r} would stay behind",
                expected=f"{name}: keep under with:, if that is meant",
            )


def _words(spec: TransformSpec, stream: Stream) -> tuple[str, ...]:
    return tuple(spec.stream_parameters.get(stream.modality, {}).get("enum", ()))


def _tied(spec: TransformSpec, stream: Stream, streams: Mapping[str, Stream]) -> bool:
    """Whether the stream shares a space with one that mixes, as far as the transform asks."""
    modality = spec.beside.get(stream.modality)
    if modality is None or modality in stream.spaces:
        return True
    return any(
        other.modality == modality and set(other.spaces.items()) & set(stream.spaces.items())
        for other in streams.values()
    )
