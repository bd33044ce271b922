"""A step that mixes leaves no stream as it is unless the policy says so."""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.transforms import KEEP, TransformSpec
from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.mixing import words_of
from syncaug.compiler.reach.placed import in_place
from syncaug.compiler.reach.use import Use
from syncaug.plan.stream import Stream

__all__ = ["require_mixed"]


def require_mixed(use: Use, declared: Declared) -> None:
    """Complain about streams that cannot mix and that the step does not let stay as they are."""
    spec = use.spec
    if "mix" not in spec.makes:
        return
    near = {
        name: stream
        for name, stream in declared.streams.items()
        if in_place(stream, spec, use.parameters, "mix")
    }
    for name, stream in near.items():
        if (
            words_of(spec, stream) == (KEEP,)
            and name not in use.given
            and _tied(spec, stream, near)
        ):
            declared.complaints.add(
                "SA502",
                (*use.path, "uses"),
                f"{spec.name} cannot mix {stream.modality} streams, and {name!r} would stay behind",
                expected=f"{name}: keep under with:, if that is meant",
            )


def _tied(spec: TransformSpec, stream: Stream, streams: Mapping[str, Stream]) -> bool:
    """Whether the stream shares a space with one that mixes, as far as the transform asks."""
    modality = spec.beside.get(stream.modality)
    if modality is None or modality in stream.spaces:
        return True
    return any(
        other.modality == modality and set(other.spaces.items()) & set(stream.spaces.items())
        for other in streams.values()
    )
