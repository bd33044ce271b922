"""Lexicons: the words, rules and hues as data, read from YAML and extended by users.

English is the first of the languages that come along; each other one is a file of its own, whose
colours name those of the English lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from syncaug.forks import cached_property
from syncaug.lazy import pattern
from syncaug.words.compiled import Colours, Directions, compile_colours, compile_directions
from syncaug.words.inflection import Inflection, compile_inflection
from syncaug.words.layers import merged_sections, read_layer
from syncaug.words.patterns import LexiconError
from syncaug.words.tokens import SPACED, Writing, writing_by
from syncaug.words.translated import compile_translated, names_without_words

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "Lexicon",
    "LexiconError",
    "lexicon_for",
    "lexicon_of",
    "load_lexicon",
]

_FOLDER = Path(__file__).parent / "lexicons"
_LONG = pattern(r"[\u3400-\u9fff]{2,}")
"""Words of a script without spaces that have several letters."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What the words mean: layers of data, later layers before earlier ones where both speak.

    A layer is a YAML file or the mapping read from one, with the sections `directions` and
    `colours`, and for a `language` other than English `inflection` and `writing`. Files are read
    and rules compiled on first use. Picklable.

    >>> from syncaug.words import DEFAULT, Lexicon, colour_words
    >>> own = Lexicon(({"colours": {"shaded": {"kingfisher": [200, "dark"]}}},))
    >>> [word.word for word in colour_words("a kingfisher scarf", DEFAULT.extended(own))]
    ['kingfisher']
    """

    layers: tuple[Path | Mapping[str, Any], ...] = field(default=())
    language: str = "en"

    def extended(self, other: Lexicon) -> Lexicon:
        """This lexicon with the words and rules of `other` added; its rules come first.

        >>> from syncaug.words import DEFAULT, Lexicon
        >>> own = Lexicon(({"colours": {"shaded": {"kingfisher": [200, "dark"]}}},))
        >>> len(DEFAULT.extended(own).layers) - len(DEFAULT.layers)
        1
        """
        return Lexicon(self.layers + other.layers, self.language)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        shipped = lexicon_of(self.language)
        if shipped is not None and self.layers == shipped.layers:
            return lexicon_of, (self.language,)  # compiled once in each process
        return Lexicon, (self.layers, self.language)

    @cached_property
    def directions(self) -> Directions:
        """The compiled direction words. `LexiconError` when a rule is not well formed."""
        return compile_directions(
            self._section("directions"),
            language=self.language,
            writing=self.writing,
            inflection=self._inflection,
        )

    @cached_property
    def colours(self) -> Colours:
        """The compiled colour words. `LexiconError` when a rule is not well formed."""
        if self.language == "en":
            return compile_colours(self._section("colours"))
        return replace(self._unwritten, writing=self.writing)

    @cached_property
    def writing(self) -> Writing:
        """How the words of a text are told apart; without spaces, the longest known word is one."""
        told = self._section("writing")
        if told.get("unspaced"):
            words = set(_long_words([told, self._section("directions"), self._section("colours")]))
            words |= {word for word in self._unwritten.words if len(word) > 1}
            longest = sorted(words, key=lambda word: (-len(word), word))
            return writing_by("|".join([*map(re.escape, longest), r"[a-z0-9]+|\w|[^\w\s]"]))
        if "pattern" not in told:
            return self._spaced
        try:
            return writing_by(str(told["pattern"]), told.get("conjunctions", {}))
        except ValueError as error:
            raise LexiconError(f"writing: {error}") from None

    @cached_property
    def is_unspaced(self) -> bool:
        """Whether the words of the language stand without spaces."""
        return bool(self._section("writing").get("unspaced"))

    @cached_property
    def plurals(self) -> tuple[str, ...]:
        """Endings that make a plural of a noun."""
        return tuple(str(self._section("writing").get("plurals", "s es")).split())

    @property
    def _spaced(self) -> Writing:
        return SPACED if self.language == "en" else _OTHERS

    @property
    def is_empty(self) -> bool:
        """Whether there are no words at all."""
        return not self.layers

    def lacks(self, kind: str) -> str:
        """What is missing to follow `directions` or `colours`; empty where nothing is."""
        section = self._section(kind)
        if kind == "directions":
            return "" if section.get("groups") else "it has no words under directions: groups"
        if self.language == "en":
            return "" if section.get("hues") else "it has no words under colours: hues"
        if not section.get("means"):
            return "it has no words under colours: means"
        without = names_without_words(section, DEFAULT._section("colours"))
        return f"colours: says has no word for {', '.join(without)}" if without else ""

    @cached_property
    def _inflection(self) -> Inflection:
        return compile_inflection(self._section("inflection"))

    @cached_property
    def _unwritten(self) -> Colours:
        return compile_translated(
            self._section("colours"),
            DEFAULT._section("colours"),
            self.language,
            SPACED,
            self._inflection,
        )

    def _section(self, name: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for layer in self.layers:
            data = _shipped(layer) if isinstance(layer, Path) else layer
            section = data.get(name, {})
            if "typical" in merged:  # a word told anew has no colour from before
                told = {**section.get("shaded", {}), **section.get("compounds", {})}
                merged["typical"] = {w: c for w, c in merged["typical"].items() if w not in told}
            merged = merged_sections(merged, section)
        return merged


def load_lexicon(path: str | Path) -> Lexicon:
    """A lexicon from a YAML file, to be used alone or through `DEFAULT.extended(...)`.

    Raises `LexiconError` when the file is not a mapping of the known sections and keys.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from syncaug.words import DEFAULT, colour_words, load_lexicon
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "mine.yaml")
    ...     size = path.write_text("colours: {shaded: {kingfisher: [200, dark]}}")
    ...     mine = load_lexicon(path)
    >>> [word.word for word in colour_words("a kingfisher scarf", DEFAULT.extended(mine))]
    ['kingfisher']
    """
    return Lexicon((read_layer(Path(path)),))


def lexicon_for(language: str, own: Mapping[str, Any] | None = None) -> Lexicon:
    """The lexicon of a language such as "de" or "de-AT", with the words and rules of `own` added.

    It is empty where none comes along and there are no own words: then no word is touched.

    >>> from syncaug.words import colour_words, lexicon_for
    >>> [(word.word, word.name) for word in colour_words("ein roter Bus", lexicon_for("de"))]
    [('roter', 'red')]
    """
    code = language.partition("-")[0]
    shipped = lexicon_of(code) or Lexicon((), code)
    return shipped.extended(Lexicon((own,), code)) if own else shipped


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """The lexicon that comes along for a language; None where none does."""
    if language == "en":
        return DEFAULT
    if language not in LANGUAGES:
        return None
    return Lexicon((_FOLDER / f"{language}.yaml", _SYMBOLS), language)


@cache
def _shipped(path: Path) -> Mapping[str, Any]:
    """The data of a file that comes along, which is read once for all of its sections."""
    return read_layer(path)


def _long_words(data: Any) -> Iterator[str]:
    """Every word of several letters that stands somewhere in the data of a lexicon."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _long_words(key)
            yield from _long_words(value)
    elif isinstance(data, list):
        for value in data:
            yield from _long_words(value)
    elif isinstance(data, str):
        yield from _LONG.findall(data)


_LAYERS = ("directions", "bearings", "colours", "colour_names")
_SYMBOLS = _FOLDER / "symbols.yaml"
DEFAULT = Lexicon((*(_FOLDER / f"{name}.yaml" for name in _LAYERS), _SYMBOLS))
"""The lexicon of English that comes with syncaug."""
LANGUAGES = ("de", "en", "es", "fr", "zh")
"""The languages whose lexicons come along."""
_OTHERS = writing_by(r"\w+(?:'\w+)*|[^\w\s]")
