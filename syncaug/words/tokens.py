"""A text as words and marks with their places, normalised so that patterns can be compared."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from syncaug.words.lettering import is_wide, plain, shown, shown_places, wide
from syncaug.words.speaking import is_speech

__all__ = [
    "PAD",
    "PUNCTUATION",
    "SENTENCE_END",
    "SENTENCE_START",
    "SPACED",
    "Tokens",
    "Writing",
    "article_for",
    "cut",
    "in_case_of",
    "is_identifier",
    "locate",
    "places_of",
    "writing_by",
]

_TOKEN = re.compile(r"\w+(?:'(?!s\b)\w+)*|'s\b|[^\w\s]")
_PLAIN_TOKEN = re.compile(r"\w+|[^\w\s]")
# Addresses, tags, file names, commands of LaTeX and programs are not prose: nothing in them is a
# candidate.
_PROTECTED = re.compile(
    r"(?:https?://|www\.)\S+|[@#]\w+|\w[\w.+-]{0,60}@\w[\w.-]*|\\(?:left|right|top|bottom|up|down)\b"
    r"|```(?:python|py|javascript|js|typescript|ts|bash|sh|c|cpp|java|sql|go|rust|css)\n[^`]*```"
    r"|\b[\w./\\:-]{1,120}\.(?:jpe?g|png|gif|webp|mp4|wav|mp3|txt|html?|py|json|csv|ya?ml)\b",
    re.IGNORECASE,
)
# What is written in the picture is quoted, and stays as it is written: nobody can read it mirrored.
_QUOTES = ('"', "“", "«", "‘", "'", "„", "「", "『")
_QUOTED = re.compile(
    r"(?<!\w)\"[^\"\n]+\"(?!\w)|„[^“”\"\n]+[“”\"]|「[^」\n]+」|『[^』\n]+』|“[^”\n]+”|«[^»\n]+»|‘[^’\n]+’(?!\w)|(?<!\w)'[^'\n]{1,80}'(?!\w)"
)
_READING = re.compile(
    r"\b(?i:(?:reads?|reading|says?|saying|spells?|spelling|labell?ed|marked|words?|letters?|lettering|titled"
    r"|Aufschrift|Schriftzug|Beschriftung|Inschrift|inscription|mention|indique|indiquant|affichant|affiche|inscripción|dice|reza)"
    r")[:,]? +((?:[A-Z][\w&!?.'-]*(?: (?:and|or|of|the|to|&) (?=[A-Z])| )*)+)"
)
_CAMEL = re.compile("[a-z]{3,}(?:[A-Z][a-z]{2,})+")
_CORNER = re.compile("(top|bottom|upper|lower)(_?)(left|right)", re.IGNORECASE)
SENTENCE_END = frozenset(
    {"", ".", "!", "?", ":", ";", ")", "]", '"', "”", "…", "。", "！", "？", "：", "；", "）", "»"}
)
SENTENCE_START = frozenset({
    *("", ".", "!", "?", ":", ";", "(", "[", '"', "“", "‘", "'", "«", "…", "•", "*"),
    *("。", "！", "？", "：", "；", "（", "„", "¡", "¿"),
})  # fmt: skip
_TELLING = frozenset({
    *("/", "@", "#", "`", '"', "“", "«", "‘", "„", "「", "『"),
    *("jpg", "jpeg", "png", "gif", "webp", "mp4", "wav", "mp3"),
    *("txt", "htm", "html", "py", "json", "csv", "yml", "yaml"),
    *("read", "reads", "reading", "say", "says", "saying", "spell", "spells", "spelling"),
    *("labeled", "labelled", "marked", "word", "words", "letter", "letters", "lettering", "titled"),
    *("aufschrift", "schriftzug", "beschriftung", "inschrift", "inscription", "mention", "indique"),
    *("indiquant", "affichant", "affiche"),
    *("inscripción", "dice", "reza"),
})  # fmt: skip
"""Tokens of which `_PROTECTED`, `_QUOTED` and `_READING` need one, but for "www." and plain quotes.
"""
_FIGURE = re.compile("[0-9]")
_ITEM = re.compile(r"\s*(?:\(?\w[.):]|[-*•]) ")
"""What begins an item of a list of lines."""
_BREAK = re.compile(r"\n\s*(?P<mark>(?=\(?\w[.):] |[-*•] ))?")
_LATELY = 16
"""How many texts are kept as they were read: directions, colours and checks ask for the same."""
PAD = 12
"""The empty keys around the tokens of a text, at least, so that all who ask share them."""
PUNCTUATION = SENTENCE_END | SENTENCE_START | frozenset(",-–—/'’&|，、")
Conjunctions = tuple[tuple[str, str, re.Pattern[str]], ...]
"""Each a conjunction, how it is said before words that a pattern fits, and that pattern."""


@dataclass(slots=True)
class Tokens:
    """The words and marks of a text, as all who ask for it share them: nobody changes them.

    `keys` are the words in lower case with plain apostrophes, numbers as "0", with `pad` empty keys
    before and after; token i of the text is `keys[pad + i]` and lies at `starts[i]:ends[i]`. Texts
    that are `english` have articles that depend on the word behind them; in others `conjunctions`
    may do so.
    """

    text: str
    pad: int
    keys: list[str]
    starts: Sequence[int]
    ends: Sequence[int]
    english: bool = True
    conjunctions: Conjunctions = ()

    def raw(self, index: int) -> str:
        """Token `index` as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def opens_sentence(self, index: int) -> bool:
        """Whether a sentence or a line starts with this token."""
        if self.keys[self.pad + index - 1] in SENTENCE_START:
            return True
        return "\n" in self.text[self.ends[index - 1] : self.starts[index]]


@lru_cache(maxsize=_LATELY)
def cut(text: str) -> tuple[str, ...]:
    """The tokens of a text as it is seen, words and marks, in lower case."""
    lowered = text.lower() if text.isascii() else _lowered(shown(text))
    if "'" in lowered:
        return tuple(_TOKEN.findall(lowered))
    return tuple(_PLAIN_TOKEN.findall(lowered))


def _lowered(text: str) -> str:
    """A text in lower case with plain letters and apostrophes, letter for letter."""
    text = plain(text)
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is two letters would shift the rest
        lowered = "".join(
            low if len(low) == 1 else letter
            for letter, low in zip(text, map(str.lower, text), strict=True)
        )
    return lowered.replace("’", "'")


@lru_cache(maxsize=_LATELY)
def locate(text: str, pad: int) -> Tokens:
    """The tokens of `text`, with `pad` empty keys at both ends."""
    return _located(text, pad, cut(text))


@lru_cache(maxsize=_LATELY)
def _locate_lines(text: str, pad: int) -> Tokens:
    """The same, with the ends of lines."""
    return _with_lines(locate(text, pad)) if "\n" in text else locate(text, pad)


def _with_lines(tokens: Tokens) -> Tokens:
    """The tokens with a full stop at each end of a line behind which another begins anew.

    It does so behind an empty line, and with a capital, a number, a mark or "b." of a list: "A.
    left", "B. right". A line that goes on in small letters is one with the next.
    """
    text, pad = tokens.text, tokens.pad
    keys, starts, ends = list(tokens.keys), list(tokens.starts), list(tokens.ends)
    for match in reversed(list(_BREAK.finditer(text))):
        index = bisect_left(starts, match.start())
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        new = match["mark"] is not None or _ITEM.match(line) is not None
        new = new or "\n" in match[0][1:].rstrip(" ")
        new = new or not (text.isupper() or text[match.end() : match.end() + 1].islower())
        if not new or keys[pad + index - 1] in PUNCTUATION or index == len(starts):
            continue
        keys.insert(pad + index, ".")
        starts.insert(index, match.start())
        ends.insert(index, match.start() + 1)
    return replace(tokens, keys=keys, starts=starts, ends=ends)


@dataclass(frozen=True, slots=True)
class Writing:
    """How the words of a language are told apart: its own `cut` and `locate`.

    What `locate` gives has a full stop at the end of a line behind which another begins anew.
    """

    cut: Callable[[str], tuple[str, ...]] = cut
    locate: Callable[[str, int], Tokens] = _locate_lines


SPACED = Writing()
"""The writing of English."""


def writing_by(
    pattern: str, conjunctions: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Writing:
    """The writing whose words and marks, in lower case, are the matches of a regular expression.

    `conjunctions` gives each how it is said before words that an expression fits, and that.
    Raises ValueError where one is no expression, or one with groups.
    """
    tokens_of = _expression("pattern", pattern).findall
    if any(isinstance(told, str) or len(told) != 2 for told in conjunctions.values()):
        raise ValueError(f"conjunctions: expected WORD: [OTHER, EXPRESSION], found {conjunctions}")
    joining = tuple(
        (word, other, _expression("conjunctions", before))
        for word, (other, before) in conjunctions.items()
    )

    @lru_cache(maxsize=_LATELY)
    def own_cut(text: str) -> tuple[str, ...]:
        return tuple(tokens_of(_lowered(shown(text))))

    @lru_cache(maxsize=_LATELY)
    def own_locate(text: str, pad: int) -> Tokens:
        found = replace(_located(text, pad, own_cut(text), english=False), conjunctions=joining)
        return _with_lines(found) if "\n" in text else found

    return Writing(own_cut, own_locate)


def _expression(key: str, said: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(str(said))
    except re.error as error:
        raise ValueError(f"{key}: {said!r} is no regular expression: {error}") from None
    if compiled.groups:
        raise ValueError(f"{key}: {said!r} has groups; write (?:...)")
    return compiled


def _located(text: str, pad: int, tokens: tuple[str, ...], english: bool = True) -> Tokens:
    if text.isascii():
        lowered = text.lower()
    else:
        seen = shown(text)
        if seen is not text:
            return _behind(text, _located(seen, pad, tokens, english))
        lowered = _lowered(text)
    starts: list[int] = []
    ends: list[int] = []
    find, end = lowered.index, 0
    for token in tokens:
        start = find(token, end)
        end = start + len(token)
        starts.append(start)
        ends.append(end)
    plain = text.isascii() and "'" not in text
    if plain and not _FIGURE.search(text):
        keys = list(tokens)
    else:
        keys = ["0" if token.isdigit() else token for token in tokens]
    if not plain or "www." in lowered or "\\" in text or not _TELLING.isdisjoint(tokens):
        _hide(text, keys, starts)
    edge = [""] * pad
    return Tokens(text, pad, [*edge, *keys, *edge], starts, ends, english)


def _behind(text: str, seen: Tokens) -> Tokens:
    """The tokens of a text as it is shown, at their places in the text with all characters."""
    places = shown_places(text)
    starts = [places[start] for start in seen.starts]
    ends = [places[end - 1] + 1 for end in seen.ends]
    return replace(seen, text=text, starts=starts, ends=ends)


def _hide(text: str, keys: list[str], starts: Sequence[int]) -> None:
    """Take the keys of what is no prose: addresses, tags, names of files, and what is quoted."""
    if "/" in text or "\\" in text or "`" in text or "@" in text or "#" in text or "." in text[:-1]:
        for match in _PROTECTED.finditer(text):
            for index in range(
                bisect_left(starts, match.start()), bisect_left(starts, match.end())
            ):
                keys[index] = "\0"
    for start, end in _written(text):
        for index in range(bisect_left(starts, start), bisect_left(starts, end)):
            if keys[index][0].isalnum():
                keys[index] = "\0"


def _written(text: str) -> Iterator[tuple[int, int]]:
    """The spans of a text that quote what is written somewhere; a text all in quotes is none."""
    if any(mark in text for mark in _QUOTES):
        for match in _QUOTED.finditer(text):
            if match.end() - match.start() < len(text.strip()):
                if not is_speech(text, *match.span()):
                    yield match.span()
    if not text.isupper():
        for match in _READING.finditer(text):
            yield match.span(1)


def places_of(words: frozenset[str], tokens: Tokens) -> list[int]:
    """The tokens, in their order, whose keys are among some words, one at least."""
    keys, pad = tokens.keys, tokens.pad
    if len(words) == 1:  # as in most captions that have one
        (word,) = words
        count = keys.count(word)
        if count < 2:
            return [keys.index(word) - pad] if count else []
    return [at for at, key in enumerate(keys[pad:-pad]) if key in words]


def in_case_of(model: str, word: str) -> str:
    """`word` with capitals as in `model`: LEFT, Left, left or topLeft; and as wide as it."""
    if is_wide(model):
        return wide(in_case_of(plain(model), word))
    if (old := _CORNER.fullmatch(model)) and (new := _CORNER.fullmatch(word)):
        return in_case_of(old[1], new[1]) + new[2] + in_case_of(old[3], new[3])
    if len(model) > 1 and model.isupper():
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def is_identifier(word: str) -> bool:
    """Whether a word is two words of a program: "rightHand"."""
    return not word.islower() and _CAMEL.fullmatch(word) is not None


def article_for(word: str) -> str:
    """The indefinite article before a colour or direction word, by its first letter."""
    return "an" if word[:1].lower() in "aeiou" and word.lower() != "one" else "a"
