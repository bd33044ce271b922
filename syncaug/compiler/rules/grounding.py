"""What steps that follow the meaning of words need: phrases, a text, times."""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.transforms import TransformSpec
from syncaug.compiler.complaints import Complaints, Path
from syncaug.plan.plan import Stream
from syncaug.values.value import Constant, Value

__all__ = ["require_grounding"]


def require_grounding(
    spec: TransformSpec,
    parameters: Mapping[str, Value],
    streams: Mapping[str, Stream],
    path: Path,
    complaints: Complaints,
) -> None:
    """Complain where what a step is to do to words or sound has nothing to go by."""
    if _asks(parameters, "caption", ("rebuild",)) and "caption" in spec.parameters:
        phrases = [stream for stream in streams.values() if stream.modality == "phrases"]
        if not any(_grounded(stream, streams) for stream in phrases):
            complaints.add(
                "SA505",
                (*path, "with", "caption"),
                f"{spec.name} cannot rebuild a caption: no phrases join a text to boxes",
                expected="a stream of modality phrases with boxes: and text:, or caption: keep",
            )
    if _asks(parameters, "audio", ("phase",)):
        if not any(s.modality == "audio" and "plane" in s.spaces for s in streams.values()):
            complaints.add(
                "SA505",
                (*path, "with", "audio"),
                f"{spec.name} reaches no sound: none belongs to a picture",
                expected="an audio stream without spatial: false, or audio: keep",
            )
    if _asks(parameters, "speech", ("cut", "mute")) and "speech" in spec.parameters:
        phrases = [stream for stream in streams.values() if stream.modality == "phrases"]
        if not any(stream.options.get("times") for stream in phrases):
            complaints.add(
                "SA505",
                (*path, "with", "speech"),
                f"{spec.name} cannot tell which speech to keep: no phrases have times",
                expected="a stream of modality phrases with times:, or speech: keep",
            )


def _asks(parameters: Mapping[str, Value], name: str, values: tuple[str, ...]) -> bool:
    return any(parameters.get(name) == Constant(value) for value in values)


def _grounded(phrases: Stream, streams: Mapping[str, Stream]) -> bool:
    return all(phrases.options.get(key) in streams for key in ("boxes", "text"))
