"""nlpaug's SynonymAug and AntonymAug, with words that are sure to fit, and no tagger.

nlpaug asks a tagger for the parts of speech and WordNet for every sense of a word, so that a dog
becomes a frump, and "left" becomes "right". Here it is told which words may change and what may
stand for each (`syncaug.words.paraphrase`); which of them do, and by what, it draws as ever.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Self

from syncaug.backends.nlpaug import NlpaugOperation, word_augmenters
from syncaug.backends.token_edits import PlacedToken, Span, edits_between
from syncaug.backends.wordnet import WordNet, wordnet
from syncaug.catalogue import OperationSpec
from syncaug.randomness import Entropy
from syncaug.words import DEFAULT, Edit
from syncaug.words.languages import is_foreign
from syncaug.words.lexicon import lexicon_for
from syncaug.words.paraphrase import Choice, Finder, antonyms, choices, said_alike, synonyms
from syncaug.words.spared import readings
from syncaug.words.tokens import cut

__all__ = ["ParaphraseOperation"]

_FINDERS: Mapping[str, Finder] = {"SynonymAug": synonyms, "AntonymAug": antonyms}
_NO_WORD = "DT"
"""The tag of what nlpaug leaves alone, whatever it is."""


class ParaphraseOperation(NlpaugOperation):
    """One of the two. Words in the spans that it is `avoiding` stay."""

    def __init__(
        self, spec: OperationSpec, constants: Mapping[str, Any], options: Mapping[str, Any]
    ) -> None:
        self._lexicon = lexicon_for("en", options.get("lexicon"))
        folder = constants.get("wordnet") or ""
        self._wordnet: WordNet = wordnet(folder)
        self._kept: tuple[tuple[int, int], ...] = ()
        short = spec.name.partition(".")[2]
        self._find = _FINDERS[short]
        rest = {name: value for name, value in constants.items() if name != "wordnet"}
        super().__init__(spec, rest, _AUGMENTERS[short])

    def avoiding(self, spans: Sequence[tuple[int, int]]) -> Self:
        if tuple(spans) == self._kept:
            return self
        other = copy.copy(self)
        other._kept = tuple(spans)
        return other

    def edits(self, data: str, values: Mapping[str, Any], entropy: Entropy) -> tuple[Edit, ...]:
        """The edits alone, in order and disjoint."""
        if is_foreign(cut(data)):
            return ()
        kept = list(self._kept)
        if self._lexicon is not DEFAULT:  # whose words are known anyway
            kept += [(start, end) for start, end, _ in readings(data, self._lexicon)]
        found = choices(data, self._wordnet, self._find, kept)
        spans = self._spans(data)
        places = {(start, end): place for place, (start, end, _) in enumerate(spans)}
        known = {
            places[choice.word.start, choice.word.end]: index
            for index, choice in enumerate(found)
            if (choice.word.start, choice.word.end) in places
        }
        if not known:
            return ()
        augmenter = self._instance(values, entropy, spans)
        stopped = _stopped(
            augmenter, spans, {place: found[index] for place, index in known.items()}
        )
        told = {
            place: found[index]
            for place, index in known.items()
            if (found[index].word.part, found[index].word.base) not in stopped
        }
        augmenter.model = _Told(told)
        tokens = augmenter.substitute(data)
        if isinstance(tokens, str):  # nothing was chosen
            return ()
        chosen = {}
        for edit in edits_between(data, spans, tokens):
            index = known[places[edit.start, edit.end]]
            chosen[index] = edit.text.lower()
        return said_alike(data, found, chosen, self._wordnet)


def _stopped(
    augmenter: Any, spans: Sequence[Span], choices: Mapping[int, Choice]
) -> set[tuple[str, str]]:
    """The words, by part of speech and base form, of which a place is one of nlpaug's stopwords.

    A word is replaced in all of its places or in none.
    """
    tokens = [(spans[place][2], "") for place in choices]
    free = set(augmenter.pre_skip_aug(tokens, tuple_idx=0))
    words = [choice.word for choice in choices.values()]
    return {(word.part, word.base) for n, word in enumerate(words) if n not in free}


class _Told:
    """What nlpaug asks its WordNet for: tags, and the others of a word, which knows its place."""

    def __init__(self, choices: Mapping[int, Choice]) -> None:
        self._choices = choices

    def pos_tag(self, tokens: Sequence[PlacedToken]) -> list[tuple[PlacedToken, str]]:
        """A Penn Treebank tag for each word that may change."""
        return [(token, self._tag(token.place)) for token in tokens]

    def _tag(self, place: int) -> str:
        choice = self._choices.get(place)
        return _NO_WORD if choice is None else choice.word.tag

    def predict(self, word: PlacedToken, pos: str | None = None) -> list[str]:
        """What may stand for a word."""
        return list(self._choices[word.place].others)


_LibrarySynonymAug: Any = word_augmenters.SynonymAug


class _SynonymAug(_LibrarySynonymAug):  # type: ignore[misc]
    """nlpaug's own, which gets its words for each text; it never looks for NLTK's data."""

    @classmethod
    def get_model(cls, *given: Any) -> None:
        """None yet."""


_LibraryAntonymAug: Any = word_augmenters.AntonymAug


class _AntonymAug(_LibraryAntonymAug):  # type: ignore[misc]
    """nlpaug's own, which gets its words for each text; it never looks for NLTK's data."""

    @classmethod
    def get_model(cls, *given: Any) -> None:
        """None yet."""


_AUGMENTERS = {"SynonymAug": _SynonymAug, "AntonymAug": _AntonymAug}
