"""nlpaug: its augmenters, with tokens that know their place, so that all else stays, byte by byte.

nlpaug's own tokenizer changes text that it did not mean to ("10:30" becomes "10: 30"), and its
augmenters draw from the global generators. Here each run gets a shallow copy of the augmenter whose
tokenizer, reverse tokenizer and `sample` are ours.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import nlpaug.augmenter.char as char_augmenters
import nlpaug.augmenter.word as word_augmenters
from nlpaug.model.word_dict import Spelling
from nlpaug.util import Action, LibraryUtil

from syncaug.backends.operation import Operated, Operation
from syncaug.backends.parameters import given, library_form
from syncaug.catalogue import OperationSpec, operation
from syncaug.errors import SampleError
from syncaug.randomness import Entropy, unit_interval
from syncaug.regular import NotRegular, open_regular
from syncaug.words import Edit, apply_edits

__all__ = ["LexiconAug", "NlpaugOperation", "prepare", "typing_errors"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_KINDS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "typos": ("nlpaug.KeyboardAug", {"min_char": 3, "include_special_char": False}),
    "swaps": ("nlpaug.RandomCharAug", {"action": "swap", "min_char": 3}),
    "ocr": ("nlpaug.OcrAug", {"min_char": 2}),
}
_WORDS_AT_FULL_SEVERITY = 0.5
Span = tuple[int, int, str]
"""Start, end, and the token that stands for the text between."""


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> NlpaugOperation:
    """Build "nlpaug.Name" for a text stream."""
    return NlpaugOperation(spec, constants)


class NlpaugOperation(Operation):
    """One augmenter."""

    def __init__(self, spec: OperationSpec, constants: Mapping[str, Any]) -> None:
        self.spec = spec
        self._constants = given(spec, constants)
        self._augmenter = _built(spec.name.partition(".")[2], self._constants)
        self._pattern = _phrases(self._augmenter)

    def run(
        self, data: str, values: Mapping[str, Any], entropy: Entropy, rate: float = 0.0
    ) -> Operated:
        """The new text, and the edits of `data` that lead to it."""
        edits = self.edits(data, values, entropy)
        return Operated(apply_edits(data, edits), edits=edits)

    def edits(self, data: str, values: Mapping[str, Any], entropy: Entropy) -> tuple[Edit, ...]:
        """The edits alone, in order and disjoint."""
        spans = self._spans(data)
        if not spans:
            return ()
        augmenter = self._instance(values, entropy, spans)
        tokens = getattr(augmenter, augmenter.action)(data)
        if isinstance(tokens, str):  # nothing was chosen
            return ()
        return _edits(data, spans, tokens)

    def _instance(self, values: Mapping[str, Any], entropy: Entropy, spans: Sequence[Span]) -> Any:
        """A copy of the augmenter with this sample's values, tokens and generator."""
        parameters = self.spec.parameters
        augmenter: Any = object.__new__(type(self._augmenter))
        augmenter.__dict__.update(self._augmenter.__dict__)
        for name, value in values.items():
            if name not in self._constants:
                setattr(augmenter, name, library_form(parameters[name], value))
        if augmenter.action == "swap" and getattr(augmenter, "min_char", None) == 1:
            augmenter.min_char = 2  # of one letter it would swap the second
        generator = entropy.python()
        tokens = [_Token(token, place) for place, (_, _, token) in enumerate(spans)]
        augmenter.tokenizer = lambda _: tokens
        augmenter.reverse_tokenizer = list
        augmenter.preprocess = _as_it_is
        augmenter.sample = _sampler(generator)
        augmenter.prob = generator.random
        return augmenter

    def _spans(self, text: str) -> list[Span]:
        if self._pattern is None:
            return [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
        pattern, tokens = self._pattern
        return [
            (
                match.start(),
                match.end(),
                tokens.get(" ".join(match.group().lower().split()), match.group()),
            )
            for match in pattern.finditer(text)
        ]


class LexiconAug(word_augmenters.WordAugmenter):  # type: ignore[misc]
    """nlpaug's word augmenter whose substitutions come from a function of the whole text.

    `find` returns the edits; a cycle such as red -> green -> blue needs it, since `ReservedAug`
    only swaps within a group. Every byte outside the edits stays.
    """

    def __init__(self, find: Callable[[str], Sequence[Edit]], name: str = "Lexicon_Aug") -> None:
        super().__init__(
            action=Action.SUBSTITUTE,
            name=name,
            aug_p=1.0,
            tokenizer=_WORD.findall,
            reverse_tokenizer="".join,
        )
        self.find = find

    @classmethod
    def clean(cls, data: str) -> str:
        """The text as it is: blanks at its ends stay."""
        return data

    def substitute(self, data: str) -> str:
        """The text after all edits."""
        return apply_edits(data, self.find(data))


def typing_errors(text: str, kind: str, severity: float, entropy: Entropy) -> tuple[Edit, ...]:
    """Edits that spoil one letter in up to half of the words; `severity` is in 0..1.

    `kind` is `typos` (neighbouring keys), `swaps` (neighbouring letters) or `ocr` (lookalikes).
    """
    noisy = _typist(kind)
    words = len(noisy._spans(text))
    share = min(1.0, max(0.0, severity)) * _WORDS_AT_FULL_SEVERITY
    count = int(share * words + unit_interval(entropy.child("count").digest))
    if count == 0:
        return ()
    return noisy.edits(text, {"aug_word_min": count, "aug_word_max": count}, entropy)


@cache
def _typist(kind: str) -> NlpaugOperation:
    name, constants = _KINDS[kind]
    return NlpaugOperation(operation(name), {**constants, "aug_char_min": 1, "aug_char_max": 1})


_FILES = ("model_path", "dict_of_path", "dict_path")
"""Parameters that name a file, which the library opens."""


def _built(short: str, constants: Mapping[str, Any]) -> Any:
    for name in _FILES:
        if constants.get(name):
            _check_file(short, name, constants[name])
    cls = getattr(char_augmenters, short, None) or getattr(word_augmenters, short)
    augmenter = cls(**constants, tokenizer=_WORD.findall)
    if isinstance(augmenter, word_augmenters.SpellingAug):
        # nlpaug keeps the first dictionary of a process for ever, and gives it to all.
        reverse = constants.get("include_reverse", True)
        given = constants.get("dict_path")
        augmenter.model = _ordered(Spelling(given, reverse)) if given else _dictionary(reverse)
    return augmenter


@cache
def _dictionary(reverse: bool) -> Any:
    """The library's own spelling errors."""
    path = Path(LibraryUtil.get_res_dir()) / "word" / "spelling" / "spelling_en.txt"
    return _ordered(Spelling(str(path), reverse))


def _ordered(dictionary: Any) -> Any:
    """A dictionary whose words are in one order: nlpaug takes that of a set of this process."""
    for words in dictionary.dict.values():
        words.sort()
    return dictionary


def _check_file(short: str, name: str, path: str) -> None:
    """Raise SampleError where the library would wait for ever, or fail in words of its own."""
    try:
        open_regular(path).close()
    except (OSError, ValueError) as error:
        reason = str(error) if isinstance(error, NotRegular) else "no file that can be read"
        raise SampleError(
            name, expected=f"the path of a file for nlpaug.{short}", came=f"{path}, {reason}"
        ) from None


def _phrases(augmenter: Any) -> tuple[re.Pattern[str], dict[str, str]] | None:
    """For ReservedAug: a pattern that prefers its phrases, and nlpaug's token for each."""
    phrases = {
        " ".join(concatenated.split(augmenter.CONNECT_TOKEN)): concatenated
        for concatenated in getattr(augmenter, "reserved_phrase_concats", ())
    }
    if not phrases:
        return None
    longest_first = sorted(phrases, key=len, reverse=True)
    alternatives = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first)
    pattern = re.compile(rf"\b(?:{alternatives})\b|{_WORD.pattern}", re.IGNORECASE)
    return pattern, {phrase.lower(): token for phrase, token in phrases.items()}


class _Token(str):
    """A word that remembers its place among the text's words."""

    __slots__ = ("place",)
    place: int

    def __new__(cls, word: str, place: int) -> _Token:
        token = super().__new__(cls, word)
        token.place = place
        return token


def _as_it_is(data: str) -> str:
    return data


def _sampler(generator: random.Random) -> Callable[..., Any]:
    """nlpaug's `sample`, drawing from `generator`: some of a list, or where to split a word."""

    def sample(x: Any, num: int | None = None) -> Any:
        if isinstance(x, int):
            return generator.randrange(1, max(2, x - 1))
        return generator.sample(list(x), num or 0)

    return sample


def _edits(text: str, spans: Sequence[Span], tokens: Sequence[str]) -> tuple[Edit, ...]:
    """The differences between a text's words and the tokens that came back."""
    edits: list[Edit] = []
    for (start, end, token), came in zip(spans, _aligned(spans, tokens), strict=True):
        if not came:
            edits.append(_deletion(text, start, end, edits))
        elif (joined := " ".join(came)) != token:
            edits.append(Edit(start, end, joined))
    return tuple(edits)


def _deletion(text: str, start: int, end: int, edits: Sequence[Edit]) -> Edit:
    """The word goes with the blank before it; at the start, with the one after it."""
    taken = edits[-1].end if edits else 0
    if start > taken and text[start - 1].isspace():
        return Edit(start - 1, end, "")
    if not text[:start].strip() and end < len(text) and text[end].isspace():
        return Edit(start, end + 1, "")
    return Edit(start, end, "")


def _aligned(spans: Sequence[Span], tokens: Sequence[str]) -> list[list[str]]:
    """For each word the tokens that replace it: itself, another, two after a split, or none."""
    if len(tokens) == len(spans):
        return [[token] for token in tokens]
    aligned: list[list[str]] = [[] for _ in spans]
    loose: list[str] = []
    first = 0
    for token in (*tokens, _Token("", len(spans))):
        if not isinstance(token, _Token):
            loose.append(token)
            continue
        _share(loose, spans, range(first, token.place), aligned)
        loose = []
        if token.place < len(spans):
            aligned[token.place] = [token]
        first = token.place + 1
    return aligned


def _share(
    loose: Sequence[str], spans: Sequence[Span], places: range, aligned: list[list[str]]
) -> None:
    """Give the changed tokens between two unchanged ones to the words that are missing there."""
    if len(loose) == 2 * len(places):
        for index, place in enumerate(places):
            aligned[place] = list(loose[2 * index : 2 * index + 2])
        return
    waiting = list(loose)
    for index, place in enumerate(places):
        must = len(places) - index <= len(waiting)
        if waiting and (must or _came_from(waiting[0], spans[place][2])):
            aligned[place] = [waiting.pop(0)]


def _came_from(token: str, word: str) -> bool:
    """Whether a word with some letters deleted gives the token."""
    letters = iter(word.lower())
    return all(letter in letters for letter in token.lower())
