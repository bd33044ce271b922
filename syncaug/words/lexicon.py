"""Lexicons: the words, rules and hues as data, read from YAML and extended by users."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.forks import cached_property
from syncaug.words.compiled import Colours, Directions, compile_colours, compile_directions
from syncaug.words.patterns import LexiconError

__all__ = [
    "DEFAULT",
    "Lexicon",
    "LexiconError",
    "load_lexicon",
]

_FOLDER = Path(__file__).parent / "lexicons"
_KNOWN = {
    "directions": {"sets", "frames", "groups"},
    "colours": {
        *(
            "hues",
            "shaded",
            "compounds",
            "achromatic",
            "names",
            "shade_words",
            "modifiers",
            "combined",
            "forms",
        ),
        *("spellings", "things", "sets", "rules"),
        *("survey", "broad", "forms_of", "typical", "modified"),
    },
}


@dataclass(frozen=True, eq=False)
class Lexicon:
    """What the words mean: layers of data, later layers before earlier ones where both speak.

    A layer is a YAML file or the mapping read from one, with the sections `directions` and
    `colours`. Files are read and rules compiled on first use. Picklable.
    """

    layers: tuple[Path | Mapping[str, Any], ...] = field(default=())

    def extended(self, other: Lexicon) -> Lexicon:
        """This lexicon with the words and rules of `other` added; its rules come first."""
        return Lexicon(self.layers + other.layers)

    def __getstate__(self) -> dict[str, Any]:
        return {"layers": self.layers}

    @cached_property
    def directions(self) -> Directions:
        """The compiled direction words. `LexiconError` when a rule is not well formed."""
        return compile_directions(self._section("directions"))

    @cached_property
    def colours(self) -> Colours:
        """The compiled colour words. `LexiconError` when a rule is not well formed."""
        return compile_colours(self._section("colours"))

    def _section(self, name: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for layer in self.layers:
            data = _read(layer) if isinstance(layer, Path) else layer
            section = data.get(name, {})
            if "typical" in merged:  # a word told anew has no colour from before
                told = {**section.get("shaded", {}), **section.get("compounds", {})}
                merged["typical"] = {w: c for w, c in merged["typical"].items() if w not in told}
            merged = _merged(_freed(merged, section), section, ())
        return merged


def load_lexicon(path: str | Path) -> Lexicon:
    """A lexicon from a YAML file, to be used alone or through `DEFAULT.extended(...)`.

    Raises `LexiconError` when the file is not a mapping of the known sections and keys.
    """
    return Lexicon((_read(Path(path)),))


def _read(path: Path) -> Mapping[str, Any]:
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as error:
        raise LexiconError(f"{path}: not valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise LexiconError(f"{path}: expected a mapping with the keys directions and colours")
    for section, content in data.items():
        if section not in _KNOWN:
            raise LexiconError(f"{path}: unknown key {section!r}; expected directions or colours")
        if not isinstance(content, dict):
            raise LexiconError(f"{path}: {section}: expected a mapping")
        for key in content:
            if key not in _KNOWN[section]:
                known = ", ".join(sorted(_KNOWN[section]))
                raise LexiconError(
                    f"{path}: {section}: unknown key {key!r}; expected one of {known}"
                )
    return data


def _merged(old: Any, new: Any, path: tuple[str, ...]) -> Any:
    """Mappings merge, word lists and sets grow, rules of `new` come first, the rest is replaced."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        both = dict(old)
        for key, value in new.items():
            both[key] = _merged(old[key], value, (*path, key)) if key in old else value
        return both
    if path[-1] == "rules":
        return [*new, *old]
    if path[0] == "sets":
        return f"{old} {new}"
    if "words" in path or path[-1] in ("things", "modifiers", "achromatic"):
        return [*old, *(word for word in new if word not in old)]
    return new


def _freed(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`old` without the direction words of `new` in other groups: the later layer groups them."""
    theirs = {
        word: name
        for name, entry in new.get("groups", {}).items()
        for words in entry.get("words", {}).values()
        for word in words
    }
    groups = {
        name: entry
        | {
            "words": {
                side: [word for word in words if theirs.get(word, name) == name]
                for side, words in entry.get("words", {}).items()
            }
        }
        for name, entry in old.get("groups", {}).items()
    }
    return old | {"groups": groups} if theirs and groups else old


_LAYERS = ("directions", "bearings", "colours", "colour_names")
DEFAULT = Lexicon(tuple(_FOLDER / f"{name}.yaml" for name in _LAYERS))
"""The lexicon that comes with syncaug."""
