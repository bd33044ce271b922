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

from syncaug.backends.isolation import undrawn
from syncaug.backends.operation import Operated, Operation
from syncaug.backends.optional_imports import without
from syncaug.backends.parameters import given, library_form
from syncaug.backends.token_edits import PlacedToken, Span, edits_between
from syncaug.catalogue import OperationSpec, operation
from syncaug.errors import MissingExtraError, SampleError
from syncaug.randomness import Entropy, unit_interval
from syncaug.regular import NotRegular, open_regular
from syncaug.words import Edit, apply_edits

_UNUSED = ("torch", "transformers", "nltk", "librosa", "gensim", "fairseq", "matplotlib")
"""What nlpaug imports where it is installed, for augmenters that are not among our operations."""

_LATER = ("pandas", "gdown", "requests")
"""What it cannot be imported without, for tables and downloads that none of them makes."""

with undrawn(), without("nlpaug", _UNUSED, _LATER) as imported:
    char_augmenters: Any = imported("nlpaug.augmenter.char")
    word_augmenters: Any = imported("nlpaug.augmenter.word")
    Spelling = imported("nlpaug.model.word_dict").Spelling
    LibraryUtil = imported("nlpaug.util").LibraryUtil

__all__ = ["NlpaugOperation", "prepare", "typing_errors", "word_augmenters"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_KINDS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "typos": ("nlpaug.KeyboardAug", {"min_char": 3, "include_special_char": False}),
    "swaps": ("nlpaug.RandomCharAug", {"action": "swap", "min_char": 3}),
    "ocr": ("nlpaug.OcrAug", {"min_char": 2}),
}
_WORDS_AT_FULL_SEVERITY = 0.5


def prepare(
    spec: OperationSpec, modality: str, constants: Mapping[str, Any], options: Mapping[str, Any]
) -> NlpaugOperation:
    """Build "nlpaug.Name" for a stream of words."""
    if "wordnet" in spec.parameters:
        try:
            from syncaug.backends.paraphrase import ParaphraseOperation
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "nltk":
                raise
            raise MissingExtraError("nltk", "wordnet") from error
        return ParaphraseOperation(spec, constants, options)
    return NlpaugOperation(spec, constants)


class NlpaugOperation(Operation):
    """One augmenter."""

    def __init__(
        self, spec: OperationSpec, constants: Mapping[str, Any], cls: type | None = None
    ) -> None:
        """`cls` is the augmenter's class where it is not the library's of that name."""
        self.spec = spec
        self._constants = given(spec, constants)
        self._augmenter = _built(spec.name.partition(".")[2], self._constants, cls)
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
        return edits_between(data, spans, tokens)

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
        tokens = [PlacedToken(token, place) for place, (_, _, token) in enumerate(spans)]
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


_ReservedAug: Any = word_augmenters.ReservedAug


class ReservedAug(_ReservedAug):  # type: ignore[misc]
    """nlpaug's own without the log of changes, which takes most of its time.

    What it draws and what comes out are the same.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.others: dict[str, list[str]] = {}

    def substitute(self, data: str) -> Any:
        """The tokens after all swaps, or the text where none was chosen."""
        if self.generate_all_combinations:
            return super().substitute(data)
        tokens = list(self.tokenizer(data))
        chosen = self._get_aug_idxes(tokens)
        if not chosen:
            return data
        for index in sorted(chosen, reverse=True):
            token = tokens[index] if self.case_sensitive else tokens[index].lower()
            new = self.sample(self._others(token), 1)[0]
            tokens[index] = self.align_capitalization(token, new) if index == 0 else new
        return [token for token in tokens if token]

    def _others(self, token: str) -> list[str]:
        """What may replace a token: the others of its group, in the group's order."""
        others = self.others.get(token)
        if others is None:
            group = self.reserved_token_dict.get(token)
            joint = " "
            if group is None:
                group, joint = self.reserved_phrase_dict[token], self.CONNECT_TOKEN
            others = [
                other
                for other in self.reserved_tokens[group]
                if self._compared(other.replace(" ", joint)) != token
            ]
            self.others[str(token)] = others
        return others

    def _compared(self, text: str) -> str:
        return text if self.case_sensitive else text.lower()


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


def _built(short: str, constants: Mapping[str, Any], cls: type | None = None) -> Any:
    for name in _FILES:
        if constants.get(name):
            _check_file(short, name, constants[name])
    own = cls or (ReservedAug if short == "ReservedAug" else None)
    cls = own or getattr(char_augmenters, short, None) or getattr(word_augmenters, short)
    assert cls is not None
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


def _as_it_is(data: str) -> str:
    return data


def _sampler(generator: random.Random) -> Callable[..., Any]:
    """nlpaug's `sample`, drawing from `generator`: some of a list, or where to split a word."""

    def sample(x: Any, num: int | None = None) -> Any:
        if isinstance(x, int):
            return generator.randrange(1, max(2, x - 1))
        return generator.sample(list(x), num or 0)

    return sample
