"""A transform that needs a stream of some modality finds one on each plane that it reaches."""

from __future__ import annotations

from syncaug.compiler.declared import Declared
from syncaug.compiler.reach.use import Use

__all__ = ["require_needed"]


def require_needed(use: Use, declared: Declared) -> None:
    """Complain about planes that the step reaches and that lack what the transform needs."""
    needs = use.spec.needs
    if not needs:
        return
    reached = {declared.streams[name].spaces.get("plane") for name in use.reached} - {None}
    having = {s.spaces.get("plane") for s in declared.index.of_modality(needs) if not s.optional}
    for plane in sorted(str(plane) for plane in reached - having):
        declared.complaints.add(
            "SA505",
            (*use.path, "uses"),
            f"{use.spec.name} needs a {needs} on plane {plane!r}",
            expected=f"a stream of modality {needs}, or plane: NAME",
        )
