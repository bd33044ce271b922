"""Grounding: the phrases of one text, one for each box, and where the text says them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from syncaug.errors import RefusalError
from syncaug.modalities.language.caption import Caption
from syncaug.modalities.language.phrase_rules import Span, found_in
from syncaug.words import CountsGone, NothingLeft, Spoken, move_span, rebuild

__all__ = ["Grounding"]

Phrase = str | None


class Grounding:
    """The phrases that one text says of boxes; `caption` is None where there is no text.

    `spoken` are the phrases that the text still says; `born` is for each phrase how often its text
    had been rewritten when it came.
    """

    __slots__ = ("born", "caption", "phrases", "spans", "spoken")

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.phrases = phrases
        self.caption: Caption | None = None
        self.spans: list[Span | None] = []
        self.spoken = set(range(len(phrases)))
        self.born = [0] * len(phrases)

    def ground(self, caption: Caption) -> None:
        """Find the phrases in their text. Raises KeyError with the first that it does not say."""
        self.caption = caption
        self.spans = found_in(caption.text, self.phrases)

    def rebuild(self, kept: set[int]) -> Sequence[str]:
        """Take out of the text what it says of boxes that are not `kept`, and name those phrases.

        Raises RefusalError where nothing is left to say.
        """
        caption, gone = self.caption, self.spoken - kept
        if caption is None or not gone or not caption.text.strip():
            return ()
        spoken = self.counted(kept)
        self.spoken &= kept
        try:
            edits = rebuild(caption.text, spoken)
        except (CountsGone, NothingLeft) as error:
            raise RefusalError(caption.rules.stream, str(error)) from error
        caption.edit(edits)
        return [phrase for index in sorted(gone) if (phrase := self.phrases[index]) is not None]

    def become(
        self, kept: Sequence[int], said: Sequence[Phrase], spans: Sequence[Span | None]
    ) -> None:
        """Go on with the phrases at `kept` and others, which lie at `spans` of the present text."""
        history = len(self.caption.history) if self.caption is not None else 0
        if self.spans:
            self.spans = [*(self.spans[index] for index in kept), *spans]
        self.born = [*(self.born[index] for index in kept), *[history] * len(said)]
        self.phrases = self.formed([*(self.phrases[index] for index in kept), *said])
        self.spoken = set(range(len(self.phrases)))

    def mute(self, rows: Collection[int]) -> None:
        """Let the phrases of some rows be null: their things are gone, and the text knows."""
        for index in rows:
            if self.spans:
                self.spans[index] = None
        self.phrases = self.formed(
            [None if index in rows else said for index, said in enumerate(self.phrases)]
        )
        self.spoken -= set(rows)

    def counted(self, kept: set[int]) -> list[Spoken]:
        """Each place of the text that still speaks of boxes, and how many of those are kept."""
        counts: dict[Span, list[int]] = {}
        for index in sorted(self.spoken):
            if (span := self.moved(index)) is not None:
                count = counts.setdefault(span, [0, 0])
                count[0] += 1
                count[1] += index in kept
        return [Spoken(*span, boxes, left) for span, (boxes, left) in counts.items()]

    def moved(self, index: int) -> Span | None:
        """Where a phrase lies in the text as it is now."""
        span = self.spans[index] if self.spans else None
        if span is None or self.caption is None:
            return None
        for edits in self.caption.history[self.born[index] :]:
            span = move_span(span, edits)
        return span

    def held(self) -> list[Span]:
        """Where the text as it is now says its phrases."""
        places = map(self.moved, range(len(self.spans)))
        return [span for span in places if span is not None]

    def now(self) -> list[Phrase]:
        """Each phrase as its settled text says it now."""
        said = list(self.phrases)
        for index in range(len(said)):
            if (span := self.moved(index)) is not None:
                assert self.caption is not None
                said[index] = self.caption.text[span[0] : span[1]] or None
        return said

    def formed(self, phrases: Sequence[Phrase]) -> Sequence[Phrase]:
        """Phrases in the form in which they came: a list or a tuple."""
        return tuple(phrases) if isinstance(self.phrases, tuple) else list(phrases)
