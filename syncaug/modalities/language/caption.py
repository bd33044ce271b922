"""Captions: the strings of a text stream, each on its way through the maps by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from syncaug.errors import RefusalError
from syncaug.maps.mix import Mix
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import Wording
from syncaug.words import Edit, direction_words
from syncaug.words.fusion import join, without_directions
from syncaug.words.halves import beside
from syncaug.words.languages import language_name
from syncaug.words.places import find_places

__all__ = ["Caption"]


class Caption(Wording):
    """One string of a text stream.

    `grounded` are called before it settles: they take out what is not in the picture any more.
    `holding` tell where it speaks of what is grounded.
    `original` is the text as it came, or as it was mixed with a partner's, and `since` the first
    rewriting of `history` that it does not hold already.
    """

    __slots__ = ("grounded", "holding", "original", "since")

    def __init__(self, text: str, rules: WordRules, notes: dict[str, Any]) -> None:
        Wording.__init__(self, text, rules, notes)
        self.original = text
        self.since = 0
        self.grounded: list[Callable[[], None]] = []
        self.holding: list[Callable[[], Sequence[tuple[int, int]]]] = []

    def settle(self) -> None:
        for shorten in self.grounded:
            shorten()
        if self.pending:
            self.settle_directions()
        if self.hue or self.saturation < 1.0:
            self.settle_colours()

    def held(self) -> list[tuple[int, int]]:
        """Where it speaks of what is grounded, and where it writes places that follow."""
        held = [span for holding in self.holding for span in holding()]
        if self.rules.places is not None:
            held += [(place.start, place.end) for place in find_places(self.text)]
        return held

    def clear(self) -> None:
        """Leave no word."""
        self.settle()
        if self.text:
            self.edit([Edit(0, len(self.text), "")])

    def mix(self, mix: Mix, partner: str) -> None:
        """Say what both show; of a sample that shows less than `least`, nothing.

        Which things a partner's window shows is not known here, so that clauses of its text that
        speak of directions follow the mix's rule.
        """
        own_counts = 1.0 - mix.weight >= mix.least
        said = partner if mix.weight > 0.0 and mix.weight >= mix.least else ""
        if said and mix.kind == "region" and mix.halves is None:
            said = self._undirected(said, mix.directions)
        if mix.halves is not None:
            self.beside(said, mix.halves.sides)
        elif said and own_counts:
            self.join(said)
        elif said:
            self.edit([Edit(0, len(self.text), said)])
        self.mixed(said)

    def join(self, said: str, source: str = "") -> int:
        """Go on with a partner's text, which is made of `source`; by how much its places move."""
        if not said.strip():
            return 0
        if not self.text.strip():
            self.edit([Edit(0, len(self.text), said)])
            return 0
        joined = join(self.text, said, source, self.rules.lexicon.language)
        self.edit(joined.edits)
        return joined.shift

    def beside(self, said: str, sides: tuple[str, str]) -> int:
        """Say of both texts on which side they lie; by how much the partner's places move.

        Raises RefusalError where the language has no words for that.
        """
        try:
            told = beside(self.text, said, sides, self.rules.lexicon)
        except KeyError as error:
            raise RefusalError(
                self.rules.stream,
                f"how captions in {language_name(self.rules.lexicon.language)} say on which side "
                "something lies is not known",
            ) from error
        self.edit(told.edits)
        return told.shift

    def mixed(self, said: str) -> None:
        """Remember what of the partner is said now; checks read the text as if it came so."""
        self.notes.setdefault("joined", []).append(said)
        self.original = self.text
        self.since = len(self.history)

    def _undirected(self, text: str, rule: str) -> str:
        if rule == "keep" or not direction_words(text, self.rules.lexicon):
            return text
        if rule == "refuse":
            raise RefusalError(
                self.rules.stream,
                f"a window shows a part of what {text!r} says by directions",
            )
        return without_directions(text, self.rules.lexicon)
