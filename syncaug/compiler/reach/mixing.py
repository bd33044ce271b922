"""Steps that mix with a partner: the word of each stream, and which streams take part."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from syncaug.catalogue.modalities import MODALITIES
from syncaug.catalogue.transforms import KEEP, TransformSpec
from syncaug.plan.stream import Stream
from syncaug.values.value import Constant, Value

__all__ = ["default_words", "mixes", "words_of"]


def words_of(spec: TransformSpec, stream: Stream) -> tuple[str, ...]:
    """The words that a stream of this modality may get in a step that mixes.

    Modalities of other packages, of which a transform says nothing, can only be kept as they are.
    """
    if stream.modality not in MODALITIES and stream.modality not in spec.stream_parameters:
        return (KEEP,)
    return tuple(spec.stream_parameters.get(stream.modality, {}).get("enum", ()))


def default_words(
    spec: TransformSpec, streams: Mapping[str, Stream], given: Collection[str]
) -> dict[str, Value]:
    """The first word of its modality for each stream that mixes and was given none."""
    out: dict[str, Value] = {}
    for name, stream in streams.items():
        words = words_of(spec, stream)
        if words and words[0] != KEEP and name not in given and name not in spec.parameters:
            out[name] = Constant(words[0])
    return out


def mixes(spec: TransformSpec, stream: Stream, parameters: Mapping[str, Value]) -> bool:
    """Whether a stream takes something from a partner in this step."""
    words = words_of(spec, stream)
    if not words or words[0] == KEEP:
        return False
    return stream.name in spec.parameters or parameters.get(stream.name) != Constant(KEEP)
