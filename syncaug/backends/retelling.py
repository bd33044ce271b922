"""syncaug.Paraphrase: a text becomes one of those that its sample brings for it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Self

from syncaug.backends.operation import Operated, Operation
from syncaug.catalogue import OperationSpec
from syncaug.errors import RefusalError, SampleError
from syncaug.randomness import Entropy, unit_interval
from syncaug.words import apply_edits
from syncaug.words.retelling import CannotRetell, retelling_edits

__all__ = ["RetellingOperation"]


class RetellingOperation(Operation):
    """Which of several texts of one name it takes is drawn at the operation's address.

    It is `avoiding` the spans of what is grounded, which all of the texts must say.
    """

    def __init__(
        self, spec: OperationSpec, constants: Mapping[str, Any], options: Mapping[str, Any]
    ) -> None:
        self.spec = spec
        self._said = constants.get("said")
        self._key = str(options.get("paraphrases", ""))
        self._texts: Mapping[str, tuple[str, ...]] = {}
        self._spans: tuple[tuple[int, int], ...] = ()

    def avoiding(self, spans: Sequence[tuple[int, int]]) -> Self:
        other = copy.copy(self)
        other._spans = tuple(spans)
        return other

    def among(self, texts: Mapping[str, tuple[str, ...]]) -> Self:
        other = copy.copy(self)
        other._texts = texts
        return other

    def run(
        self, data: str, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The new text, and the edits of `data` that lead to it.

        A name without a text leaves it as it is. Raises SampleError where the sample has no text of
        that name, and RefusalError where it does not say what is grounded.
        """
        texts = self._named(values.get("said", self._said))
        if not texts:
            return Operated(data)
        other = texts[int(unit_interval(entropy.digest) * len(texts))]
        try:
            edits = retelling_edits(data, other, self._spans)
        except CannotRetell as error:
            raise RefusalError(self._key, str(error)) from error
        return Operated(apply_edits(data, edits), edits=edits)

    def _named(self, name: str | None) -> tuple[str, ...]:
        if name is None:
            return tuple(chain.from_iterable(self._texts.values()))
        if name not in self._texts:
            named = ", ".join(repr(known) for known in self._texts if known)
            raise SampleError(
                self._key,
                expected=f"paraphrases by name, with {name!r} among them",
                came=f"those of {named}" if named else "none with a name",
                hint="Give the sample one, or null under that name to leave its text as it is.",
            )
        return self._texts[name]
