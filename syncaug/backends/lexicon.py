"""Our own word operations, built on nlpaug's word augmenter: colours and directions in captions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syncaug.backends.nlpaug import LexiconAug
from syncaug.backends.operation import Operated, Operation
from syncaug.catalogue import OperationSpec
from syncaug.randomness import Entropy
from syncaug.words import AmbiguousColour, Edit, Symmetry, direction_edits, recolour_edits

__all__ = ["LexiconOperation", "prepare"]

_Finder = Callable[[str, Mapping[str, Any]], Sequence[Edit]]


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> LexiconOperation:
    """Build "syncaug.RecolourWords" or "syncaug.MirrorWords" for a text stream."""
    return LexiconOperation(spec, _FINDERS[spec.name], constants)


class LexiconOperation(Operation):
    """One word operation; draws nothing."""

    def __init__(self, spec: OperationSpec, find: _Finder, constants: Mapping[str, Any]) -> None:
        self.spec = spec
        self._find = find
        self._constants = dict(constants)

    def run(
        self, data: str, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The new text, and the edits of `data` that lead to it.

        Raises AmbiguousColour where a colour lands between two words and `ambiguous` is `refuse`.
        """
        if not data:
            return Operated(data)
        edits = tuple(self._find(data, {**values, **self._constants}))
        return Operated(LexiconAug(lambda _: edits).substitute(data), edits=edits)


def _recolour(text: str, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    degrees = float(parameters["degrees"])
    try:
        return recolour_edits(text, degrees)
    except AmbiguousColour:
        if parameters.get("ambiguous", "refuse") == "refuse":
            raise
    return _nearest(text, degrees)


def _nearest(text: str, degrees: float) -> Sequence[Edit]:
    """The edits under the turn nearest to `degrees` that no colour word of the text objects to."""
    for step in range(1, 31):
        for nearby in (degrees - step, degrees + step):
            try:
                return recolour_edits(text, nearby)
            except AmbiguousColour:
                continue
    return recolour_edits(text, degrees)


def _mirror(text: str, parameters: Mapping[str, Any]) -> Sequence[Edit]:
    # A vertical mirror is a horizontal one followed by half a turn.
    quarters = 2 if parameters.get("axis", "horizontal") == "vertical" else 0
    return direction_edits(text, Symmetry(True, quarters), compass="keep")


_FINDERS = {"syncaug.RecolourWords": _recolour, "syncaug.MirrorWords": _mirror}
