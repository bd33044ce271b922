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
    """The first word of its modality for each stream that mixes and was given none.

    What an encoder makes a vector of stays as it is: the vector stands for it.
    """
    out: dict[str, Value] = {}
    coded = {s.options.get("encodes") for s in streams.values()} if spec.encodes else set()
    for name, stream in streams.items():
        words = words_of(spec, stream)
        if words and words[0] != KEEP and name not in given and name not in spec.parameters:
            kept = name in coded and words[0] in ("decode", "nearest")
            out[name] = Constant(KEEP if kept else words[0])
    return out


def mixes(spec: TransformSpec, stream: Stream, parameters: Mapping[str, Value]) -> bool:
    """Whether a stream takes something from a partner in this step."""
    words = words_of(spec, stream)
    if not words:
        return False
    if stream.name in spec.parameters:
        return words[0] != KEEP
    word = parameters.get(stream.name)
    if word is None and words[0] == KEEP:
        return False
    return words != (KEEP,) and word != Constant(KEEP)
