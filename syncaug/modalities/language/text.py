"""Text: captions whose direction words follow mirrors and whose colour words follow the hue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from syncaug.backends.operation import Operated
from syncaug.catalogue import OperationSpec
from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.modalities.carrier import Carrier, describe
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import Wording
from syncaug.plan.stream import Stream
from syncaug.words import Edit, direction_words
from syncaug.words.colours import may_name_colours
from syncaug.words.fusion import join, without_directions
from syncaug.words.languages import is_foreign, language_name

__all__ = ["TextCarrier"]


class TextCarrier(Carrier):
    """A string. How it follows its maps is `Wording`'s matter; `data` is the present text.

    `grounded` are called before it settles: they take out what is not in the picture any more.
    `since` is the first rewriting of `history` that the text of `sample` does not hold already.
    """

    __slots__ = ("grounded", "since", "wording")
    rules: WordRules

    @classmethod
    def rules_of(cls, stream: Stream) -> WordRules:
        """What the stream lets its words do."""
        return WordRules.of(stream)

    def read(self, value: Any) -> str:
        self.grounded: list[Callable[[], None]] = []
        self.since = 0
        if not isinstance(value, str):
            raise self.fail("a string", describe(value))
        if not value.strip():
            raise self.fail("a text with words", f"the empty text {value!r}")
        self.wording = Wording(value, self.rules, self.notes)
        return value

    @property
    def history(self) -> Sequence[Sequence[Edit]]:
        """The edits of each rewriting so far, in order."""
        return self.wording.history

    def plane(self, plane: PlaneMap) -> None:
        self.wording.plane(plane)
        if plane.mirrors:
            self._doubt_language("words for directions")

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""
        self.wording.bend(field)

    def tone(self, tone: ToneMap) -> None:
        self.wording.tone(tone)
        if self.wording.hue % 360.0:
            self._doubt_language("words for colours")

    def ignores_hue(self) -> bool:
        """Whether a turn of the colour wheel changes no word, and none is missed."""
        lexicon = self.rules.lexicon
        return not (may_name_colours(self.data, lexicon) or self._is_foreign())

    def _is_foreign(self) -> bool:
        lexicon = self.rules.lexicon
        return is_foreign(lexicon.writing.cut(self.data), lexicon.language)

    def _doubt_language(self, kind: str) -> None:
        """Warn where a text is plainly not in its stream's language: its words do not follow."""
        if self._is_foreign():
            name = language_name(self.rules.lexicon.language)
            self.suspect(
                "language",
                f"{self.data[:60]!r} is not {name}, and only {name} {kind} follow a picture; "
                "its own stay and may become untrue. Declare the language of the stream "
                "(language: de, es, fr, zh), let it describe nothing (describes: nothing), or "
                "translate it.",
            )

    def drop(self, drop: Drop) -> None:
        """No word is left."""
        self.settle()
        self.edit([Edit(0, len(self.data), "")])

    def words(self, rule: Rebuild | Tilt) -> None:
        """Tilts have a rule from now on; its phrases know what has left the picture."""
        if isinstance(rule, Tilt):
            self.wording.rules = self.wording.rules.tilted(rule)

    def noise(self, noise: Noise) -> None:
        self.settle()
        self.wording.noise(noise)
        self.data = self.wording.text

    def settle(self) -> None:
        for shorten in self.grounded:
            shorten()
        self.wording.settle()
        self.data = self.wording.text

    def edit(self, edits: Sequence[Edit]) -> None:
        """Rewrite, and remember how."""
        self.wording.edit(edits)
        self.data = self.wording.text

    def misspell(self, edits: Sequence[Edit]) -> None:
        """Rewrite by noise, and remember how."""
        self.wording.misspell(edits)
        self.data = self.wording.text

    def accept(self, operated: Operated, spec: OperationSpec) -> None:
        """Noise on words spares those that the stream's noise spares."""
        (self.misspell if spec.may_change("spelling") else self.edit)(operated.edits)

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Say what both show; of a sample that shows less than `least`, nothing.

        Which things a partner's window shows is not known here, so that clauses of its text that
        speak of directions follow the mix's rule.
        """
        assert isinstance(partner, TextCarrier)
        own_counts = 1.0 - mix.weight >= mix.least
        said = partner.data if mix.weight > 0.0 and mix.weight >= mix.least else ""
        if said and mix.kind == "region":
            said = self._undirected(said, mix.directions)
        if said and own_counts:
            self.edit(join(self.data, said).edits)
        elif said:
            self.edit([Edit(0, len(self.data), said)])
        self.mixed(said)

    def _undirected(self, text: str, rule: str) -> str:
        if rule == "keep" or not direction_words(text, self.rules.lexicon):
            return text
        if rule == "refuse":
            raise RefusalError(
                self.stream.name,
                f"a window shows a part of what {text!r} says by directions",
            )
        return without_directions(text, self.rules.lexicon)

    def mixed(self, said: str) -> None:
        """Remember what of the partner is said now; checks read the text as if it came so."""
        self.notes.setdefault("joined", []).append(said)
        self.sample = {**self.sample, self.stream.name: self.data}
        self.since = len(self.history)

    def finish(self) -> dict[str, Any]:
        self.settle()
        return {self.stream.name: self.data}
