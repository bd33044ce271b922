"""Our own word operations: colours and directions in captions. They need no library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from syncaug.backends.operation import Operated, Operation
from syncaug.backends.retelling import RetellingOperation
from syncaug.catalogue import OperationSpec
from syncaug.randomness import Entropy
from syncaug.words import (
    AmbiguousColour,
    Edit,
    Lexicon,
    Symmetry,
    apply_edits,
    direction_edits,
    recolour_edits,
)
from syncaug.words.lexicon import lexicon_for

__all__ = ["LexiconOperation", "prepare"]

_Finder = Callable[[str, Mapping[str, Any], Lexicon], Sequence[Edit]]


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> Operation:
    """Build "syncaug.RecolourWords" or another word operation of our own for a text stream."""
    if spec.name == "syncaug.Paraphrase":
        return RetellingOperation(spec, constants, options)
    lexicon = lexicon_for(options.get("language", "en"), options.get("lexicon"))
    return LexiconOperation(spec, _FINDERS[spec.name], constants, lexicon)


class LexiconOperation(Operation):
    """One word operation; draws nothing."""

    def __init__(
        self, spec: OperationSpec, find: _Finder, constants: Mapping[str, Any], lexicon: Lexicon
    ) -> None:
        self.spec = spec
        self._lexicon = lexicon
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
        edits = tuple(self._find(data, {**values, **self._constants}, self._lexicon))
        return Operated(apply_edits(data, edits), edits=edits)


def _recolour(text: str, parameters: Mapping[str, Any], lexicon: Lexicon) -> Sequence[Edit]:
    degrees = float(parameters["degrees"])
    try:
        return recolour_edits(text, degrees, lexicon)
    except AmbiguousColour:
        if parameters.get("ambiguous", "refuse") == "refuse":
            raise
    return _nearest(text, degrees, lexicon)


def _nearest(text: str, degrees: float, lexicon: Lexicon) -> Sequence[Edit]:
    """The edits under the turn nearest to `degrees` that no colour word of the text objects to."""
    for step in range(1, 31):
        for nearby in (degrees - step, degrees + step):
            try:
                return recolour_edits(text, nearby, lexicon)
            except AmbiguousColour:
                continue
    return recolour_edits(text, degrees, lexicon)


def _mirror(text: str, parameters: Mapping[str, Any], lexicon: Lexicon) -> Sequence[Edit]:
    # A vertical mirror is a horizontal one followed by half a turn.
    quarters = 2 if parameters.get("axis", "horizontal") == "vertical" else 0
    return direction_edits(text, Symmetry(True, quarters), lexicon, compass="keep")


_FINDERS = {"syncaug.RecolourWords": _recolour, "syncaug.MirrorWords": _mirror}
