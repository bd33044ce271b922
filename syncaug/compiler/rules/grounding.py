"""What steps that follow the meaning of words need: phrases, a text, times."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use
from syncaug.plan.stream import Stream

__all__ = ["require_grounding"]


def require_grounding(use: Use, declared: Declared) -> None:
    """Complain where what a step is to do to words or sound has nothing to go by."""
    spec, path, complaints = use.spec, (*use.path, "with"), declared.complaints
    phrases = declared.index.of_modality("phrases")
    if use.has("caption", "rebuild") and "caption" in spec.parameters:
        if not any(_grounded(stream, declared) for stream in phrases):
            complaints.add(
                "SA505",
                (*path, "caption"),
                f"{spec.name} cannot rebuild a caption: no phrases join a text to boxes",
                expected="a stream of modality phrases with boxes: and text:, or caption: keep",
            )
    if use.has("audio", "phase"):
        if not any("plane" in s.spaces for s in declared.index.of_modality("audio")):
            complaints.add(
                "SA505",
                (*path, "audio"),
                f"{spec.name} reaches no sound: none belongs to a picture",
                expected="an audio stream without spatial: false, or audio: keep",
            )
    if use.has("speech", "cut", "mute") and "speech" in spec.parameters:
        if not any(stream.options.get("times") for stream in phrases):
            complaints.add(
                "SA505",
                (*path, "speech"),
                f"{spec.name} cannot know which speech to keep: no phrases have times",
                expected="a stream of modality phrases with times:, or speech: keep",
            )


def _grounded(phrases: Stream, declared: Declared) -> bool:
    return all(phrases.options.get(key) in declared.streams for key in ("boxes", "text"))
