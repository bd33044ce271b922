"""Text: captions whose direction words follow mirrors and whose colour words follow the hue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from syncaug.backends.operation import Operated, Operation
from syncaug.errors import RefusalError
from syncaug.maps.mask import Drop
from syncaug.maps.mix import Mix
from syncaug.maps.noise import Noise
from syncaug.maps.plane import FieldMap, PlaneMap, Size
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import ToneMap
from syncaug.maps.words import Rebuild, Tilt
from syncaug.modalities.carrier import Carrier, Lane, describe
from syncaug.modalities.flat import FlatLane
from syncaug.modalities.language.caption import Caption
from syncaug.modalities.language.paraphrases import paraphrases_under
from syncaug.modalities.language.text_flat import SHORT, flat_text
from syncaug.modalities.language.text_forms import in_form, is_several, texts_of
from syncaug.modalities.language.word_rules import WordRules
from syncaug.plan.stream import Stream
from syncaug.randomness import Entropy
from syncaug.words import direction_words
from syncaug.words.colours import may_name_colours
from syncaug.words.languages import is_foreign, language_name

__all__ = ["TextCarrier", "own_entropy"]


class TextCarrier(Carrier):
    """A string, or a list of strings. How one follows its maps is `Caption`'s matter.

    `data` stays as it came; the present texts are those of `captions`, in order. `paraphrases` are
    what the sample brings for it, by name.
    """

    __slots__ = ("captions", "paraphrases", "size")
    rules: WordRules

    @classmethod
    def rules_of(cls, stream: Stream) -> WordRules:
        """What the stream lets its words do."""
        return WordRules.of(stream)

    @classmethod
    def flat(cls, lane: Lane) -> FlatLane | None:
        return None if lane.stream.options.get("paraphrases") else flat_text(lane.rules)

    def read(self, value: Any) -> Any:
        self.size: Size | None = None
        if type(value) is str:  # as most are
            self.captions = [Caption(value, self.rules, self.notes)]
        else:
            texts = texts_of(self.stream.name, value)
            self.captions = [Caption(text, self.rules, self.notes) for text in texts]
        key = self.stream.options.get("paraphrases")
        self.paraphrases = paraphrases_under(key, self.sample) if key else {}
        if key and is_several(value):
            raise self.fail(
                f"one text, because {key!r} has its paraphrases",
                describe(value),
                f"Declare choose: one of {self.stream.name!r}, or leave out paraphrases:.",
            )
        return value

    def connect(self, carriers: Mapping[str, Carrier], size: Size | None) -> None:
        """Find the questions that the texts answer: one for all, or one for each."""
        asked = carriers.get(self.rules.answers)
        if not isinstance(asked, TextCarrier):
            return
        questions = [caption.text for caption in asked.captions]
        if len(questions) not in (1, len(self.captions)):
            raise self.fail(
                f"one text for each of the {len(questions)} questions in {self.rules.answers!r}",
                _counted(len(self.captions)),
            )
        for index, caption in enumerate(self.captions):
            caption.question = questions[index % len(questions)]

    @property
    def is_several(self) -> bool:
        """Whether the texts come in a list, be they one or none."""
        return is_several(self.data)

    def named(self) -> Iterator[tuple[str, Caption]]:
        """Each text with a name for it: the stream's, with its number in a list."""
        for index, caption in enumerate(self.captions):
            yield f"{self.stream.name}/{index}" if self.is_several else self.stream.name, caption

    def size_on(self, plane: str) -> Size | None:
        """How large its picture is for the text; None where no map has met it."""
        return self.size

    def plane(self, plane: PlaneMap) -> None:
        self.size = plane.size
        mirrors = plane.mirrors
        for caption in self.captions:
            caption.plane(plane)
            if mirrors:
                text = caption.text
                if self._is_foreign(text):
                    self._doubt_language(text, "words for directions")
                if len(text) <= SHORT:
                    self._doubt_answer(text)

    def _doubt_answer(self, text: str) -> None:
        """Warn where a short answer names a side alone and none with a question of the sample."""
        lexicon = self.rules.lexicon
        if self.rules.answers or not direction_words(text, lexicon):
            return
        for name, other in self.sample.items():
            if isinstance(other, str) and other.rstrip().endswith("?") and name != self.stream.name:
                if not direction_words(text, lexicon, question=other):
                    self.suspect(
                        "answer",
                        f"{text!r} names a side and moves with the picture, but it names none if "
                        f"it answers {other[:60]!r}; declare answers: {name} of "
                        f"{self.stream.name!r}",
                    )

    def cut(self) -> None:
        for caption in self.captions:
            caption.cut()

    def field(self, field: FieldMap) -> None:
        """A warp without a formula bends the picture; left stays left."""
        self.size = field.size
        for caption in self.captions:
            caption.bend(field)

    def tone(self, tone: ToneMap) -> None:
        if not tone.recolours:
            return
        for caption in self.captions:
            caption.tone(tone)
            if caption.hue % 360.0 and self._is_foreign(caption.text):
                self._doubt_language(caption.text, "words for colours")

    def ignores_hue(self) -> bool:
        """Whether a turn of the colour wheel changes no word, and none is missed."""
        lexicon = self.rules.lexicon
        for caption in self.captions:
            if may_name_colours(caption.text, lexicon) or self._is_foreign(caption.text):
                return False
        return True

    def _is_foreign(self, text: str) -> bool:
        lexicon = self.rules.lexicon
        return is_foreign(lexicon.writing.cut(text), lexicon.language)

    def _doubt_language(self, text: str, kind: str) -> None:
        """Warn of a text that is plainly not in its stream's language: its words do not follow."""
        name = language_name(self.rules.lexicon.language)
        self.suspect(
            "language",
            f"{text[:60]!r} is not {name}, and only {name} {kind} follow a picture; "
            "its own stay and may become untrue. Declare the language of the stream "
            "(language: de, es, fr, zh), let it describe nothing (describes: nothing), or "
            "translate it.",
        )

    def doubt_times(self, time: TimeMap) -> None:
        from syncaug.modalities.language.said_times import suspect_order, suspect_times

        suspect_times(self, (caption.text for caption in self.captions), time)
        suspect_order(self, (caption.text for caption in self.captions), time)

    def drop(self, drop: Drop) -> None:
        """No word is left."""
        for caption in self.captions:
            caption.clear()

    def words(self, rule: Rebuild | Tilt) -> None:
        """Tilts have a rule from now on; its phrases know what has left the picture."""
        if isinstance(rule, Tilt):
            for caption in self.captions:
                caption.rules = caption.rules.tilted(rule)

    def noise(self, noise: Noise) -> None:
        """Typing errors, of their own in each text."""
        for index, caption in enumerate(self.captions):
            caption.noise(replace(noise, entropy=own_entropy(noise.entropy, index)))

    def settle(self) -> None:
        index = 0
        try:
            for index, caption in enumerate(self.captions):  # noqa: B007 (told below)
                caption.settle()
                if caption.moves:
                    caption.carried_out()
        except RefusalError as error:
            if not self.is_several or error.stream != self.stream.name:
                raise
            raise RefusalError(error.stream, f"text {index}: {error.reason}") from error

    def operate(
        self, operation: Operation, values: Mapping[str, Any], entropy: Entropy
    ) -> Operated | None:
        """Rewrite each text; noise spares the words that the stream's noise spares."""
        spells = operation.spec.may_change("spelling")
        for index, caption in enumerate(self.captions):
            if caption.text.strip():
                own = operation.avoiding(caption.held()).among(self.paraphrases)
                operated = own.run(caption.text, values, own_entropy(entropy, index))
                (caption.misspell if spells else caption.edit)(operated.edits)
        return None

    def mix(self, mix: Mix, partner: Carrier) -> None:
        """Say what both show, text by text."""
        assert isinstance(partner, TextCarrier)
        self.require_as_many(partner)
        self._place()
        partner._place()
        for own, theirs in zip(self.captions, partner.captions, strict=True):
            own.mix(mix, theirs.text)

    def require_as_many(self, partner: TextCarrier) -> None:
        """Refuse a partner with more or fewer texts: which of them belong together is unknown."""
        own, theirs = len(self.captions), len(partner.captions)
        if own != theirs:
            raise RefusalError(
                self.stream.name,
                f"the partner has {_counted(theirs)} and this sample {_counted(own)}, which join "
                f"one by one; declare choose: one of {self.stream.name!r}, or give as many of both",
            )

    def _place(self) -> None:
        """Write the places of all texts as the picture shows them now."""
        self.settle()
        for caption in self.captions:
            if caption.moves:
                caption.place()

    def finish(self) -> dict[str, Any]:
        self._place()
        if type(self.data) is str:
            return {self.stream.name: self.captions[0].text}
        return {self.stream.name: in_form([c.text for c in self.captions], self.data)}


def own_entropy(entropy: Entropy, index: int) -> Entropy:
    """The randomness of one text of several; the first has that of a text alone."""
    return entropy.child(str(index)) if index else entropy


def _counted(texts: int) -> str:
    return "1 text" if texts == 1 else f"{texts} texts"
