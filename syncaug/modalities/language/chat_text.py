"""One text of a conversation: it follows the pictures of which it speaks, one or several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from syncaug.errors import RefusalError, SampleError
from syncaug.modalities.language.text_places import Move, place_edits
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import Wording
from syncaug.words import Edit
from syncaug.words.chat import governing, masked, mentions, placeholders, tokens
from syncaug.words.places import Place, find_places

__all__ = ["ChatText", "Shared"]


class ChatText(Wording):
    """A text that speaks of one picture, or of none; placeholders and tokens in it are no words.

    `planes` are those of the pictures in their order.
    """

    __slots__ = ("planes",)

    def __init__(
        self, text: str, planes: Sequence[str], rules: WordRules, notes: dict[str, Any]
    ) -> None:
        Wording.__init__(self, text, rules, notes)
        self.planes = tuple(planes)

    def on(self, plane: str) -> Iterator[Wording]:
        """What meets the maps of a plane; of any plane where none is named."""
        if plane == "" or plane in self.planes:
            yield self

    def reading(self) -> str:
        return masked(self.text, self.no_words())

    def located(self) -> str:
        held = [(found.start, found.end) for found in placeholders(self.text)]
        return masked(self.text, held) if held else self.text

    def no_words(self) -> list[tuple[int, int]]:
        """Where the text holds what is no word that could follow."""
        held = [(found.start, found.end) for found in placeholders(self.text)]
        return held + tokens(self.text)

    def empty(self) -> None:
        """Leave no word; placeholders stay, each on a line of its own if there are several."""
        held = [self.text[found.start : found.end] for found in placeholders(self.text)]
        self.moves = ()
        for part in self.on(""):
            part.moves = ()
        self.edit([Edit(0, len(self.text), "\n".join(held))] if self.text else [])

    def misspell(self, edits: Sequence[Edit]) -> None:
        held = self.no_words()
        kept = [
            e for e in edits if not any(e.start < last and e.end > first for first, last in held)
        ]
        Wording.misspell(self, kept)


class Shared(ChatText):
    """A text that speaks of several pictures: `parts` has one that follows each plane.

    Where all planes met the same, it follows. Where they differ, what it says of one picture by
    name ("in image 2", "the first picture") follows that one, and the draw is refused for
    directions and colours, the sample for places, of which is unclear where they are. "The left
    image" is no direction in a picture, and stays.
    """

    __slots__ = ("parts",)

    def __init__(
        self, text: str, planes: Sequence[str], rules: WordRules, notes: dict[str, Any]
    ) -> None:
        ChatText.__init__(self, text, planes, rules, notes)
        self.parts = {plane: _Part(text, (plane,), rules, {}) for plane in self.planes}

    def on(self, plane: str) -> Iterator[Wording]:
        for own, part in self.parts.items():
            if plane in ("", own):
                yield part

    def no_words(self) -> list[tuple[int, int]]:
        among = [found.word for found in mentions(self.text) if found.word is not None]
        return ChatText.no_words(self) + among

    def settle(self) -> None:
        self._follow(Wording.settle_directions)
        self._follow(Wording.settle_colours)

    def _follow(self, change: Callable[[Wording], None]) -> None:
        """Let each part follow its plane from the present text, and take what suits."""
        wanted: dict[str, Sequence[Edit]] = {}
        for plane, part in self.parts.items():
            part.begin(self)
            change(part)
            wanted[plane] = part.history[-1] if part.history else ()
        first = wanted[self.planes[0]]
        alike = all(edits == first for edits in wanted.values())
        self.edit(first if alike else self._chosen(wanted))

    def _chosen(self, wanted: Mapping[str, Sequence[Edit]]) -> list[Edit]:
        """The edits of words, each as the picture asks for it of which they speak."""
        chosen: list[Edit] = []
        for start, end in sorted({edit[:2] for edits in wanted.values() for edit in edits}):
            plane = self._plane_at(start)
            if not plane:
                raise RefusalError(
                    self.rules.stream,
                    f"its {len(self.planes)} pictures do not change alike, and "
                    f"{self._near(start)!r} "
                    "does not say of which of them it speaks (as 'in image 2' would)",
                )
            chosen += [edit for edit in wanted[plane] if edit[:2] == (start, end)]
        return chosen

    def place(self) -> None:
        moves = {plane: part.moves for plane, part in self.parts.items()}
        if not any(moves.values()):
            return
        for part in self.parts.values():
            part.moves = ()
        text, edits = self.located(), []
        places = find_places(text)
        for place in places:
            plane = self._plane_at(place.numbers[0].start)
            of = {plane: moves[plane]} if plane else moves
            edits += self._moved(text, place, places, of)
        self.edit(_apart(edits))

    def _moved(
        self, text: str, place: Place, beside: Sequence[Place], moves: Mapping[str, Sequence[Move]]
    ) -> list[Edit]:
        """The edits that write one place again, in which all pictures agree that it may be of."""
        rules, stream = self.rules.places, self.rules.stream
        assert rules is not None
        outcomes = []
        try:
            for met in moves.values():
                outcomes.append(place_edits(text, [place], met, rules, stream, beside=beside))
        except (SampleError, RefusalError):
            if len(moves) == 1:
                raise
        if len(outcomes) == len(moves) and all(found == outcomes[0] for found in outcomes):
            return outcomes[0]
        raise SampleError(
            stream,
            expected=f"a text that says in which of its {len(self.planes)} pictures its places lie",
            came=self._near(place.numbers[0].start),
            hint="Write 'in image 2' or 'the second picture' beside them or in their question, "
            "give each picture a turn of its own, or declare coordinates: keep.",
        )

    def _plane_at(self, start: int) -> str:
        """The plane of the picture that the words at a place speak of; empty where unclear."""
        index = governing(self.text, start, len(self.planes), self.question)
        return "" if index is None else self.planes[index]

    def _near(self, start: int) -> str:
        return self.text[max(0, start - 20) : start + 40].strip()


class _Part(ChatText):
    """What one plane does to a text that speaks of several; its owner says what is no word."""

    __slots__ = ("hidden",)

    def __init__(
        self, text: str, planes: Sequence[str], rules: WordRules, notes: dict[str, Any]
    ) -> None:
        ChatText.__init__(self, text, planes, rules, notes)
        self.hidden: list[tuple[int, int]] = []

    def begin(self, owner: Shared) -> None:
        """Read the present text anew, with what it has met so far."""
        self.text, self.question, self.history = owner.text, owner.question, ()
        self.hidden = owner.no_words()

    def no_words(self) -> list[tuple[int, int]]:
        return self.hidden or ChatText.no_words(self)


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """Edits without those inside of another: what is left out is not written as well."""
    return [
        edit
        for index, edit in enumerate(edits)
        if not any(
            other.start <= edit.start
            and edit.end <= other.end
            and (place != index)
            and (other[:2] != edit[:2] or place < index)
            for place, other in enumerate(edits)
        )
    ]
