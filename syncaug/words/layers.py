"""Layers of lexicons: their data read from YAML and checked, and two layers as one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syncaug.words.patterns import LexiconError

__all__ = ["LexiconError", "merged_sections", "read_layer", "require_known_keys"]

_KNOWN = {
    "directions": {"sets", "frames", "groups", "capitals"},
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
            "sure",
            "forms",
        ),
        *("spellings", "things", "sets", "rules"),
        *("survey", "broad", "forms_of", "typical", "modified"),
        *("means", "says", "prefixes", "suffixes", "capitals", "hair"),
    },
    "inflection": {
        *("slots", "patterns", "forms", "also", "kinds", "compounds"),
        *("adjectives", "sets", "rules"),
    },
    "writing": {"pattern", "unspaced", "traps", "plurals", "conjunctions"},
}
_LISTS = frozenset({"rules", "things", "modifiers"})
_MAPPINGS = frozenset({
    *("sets", "frames", "groups", "hues", "shaded", "means", "says", "prefixes"),
    *("suffixes", "forms", "patterns", "kinds", "also", "modified", "typical", "survey", "broad"),
    "conjunctions",
})  # fmt: skip


def read_layer(path: Path) -> Mapping[str, Any]:
    """The data of a lexicon file. Raises LexiconError where its form or a key is unknown."""
    import yaml  # late: importing this package must stay cheap

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as error:
        raise LexiconError(f"{path}: not valid YAML: {error}") from error
    require_known_keys(data, f"{path}: ")
    return data  # type: ignore[no-any-return]


def require_known_keys(data: Any, where: str = "") -> None:
    """Raise LexiconError, whose message begins with `where`, unless `data` has known keys only."""
    known = ", ".join(_KNOWN)
    if not isinstance(data, Mapping):
        raise LexiconError(f"{where}expected a mapping with the keys {known}")
    for section, content in data.items():
        if section not in _KNOWN:
            raise LexiconError(f"{where}unknown key {section!r}; expected one of {known}")
        if not isinstance(content, Mapping):
            raise LexiconError(f"{where}{section}: expected a mapping")
        for key in content:
            if key not in _KNOWN[section]:
                keys = ", ".join(sorted(_KNOWN[section]))
                raise LexiconError(f"{where}{section}: unknown key {key!r}; expected one of {keys}")
            _require_shape(section, key, content[key], where)
        _require_groups(content.get("groups", {}), where)


def _require_shape(section: str, key: str, value: Any, where: str) -> None:
    """Raise LexiconError where a list or a mapping of entries is something else."""
    if key in _LISTS and not isinstance(value, list):
        raise LexiconError(f"{where}{section}: {key}: expected a list; found {str(value)[:60]}")
    if key in _MAPPINGS and not isinstance(value, Mapping):
        raise LexiconError(f"{where}{section}: {key}: expected a mapping; found {str(value)[:60]}")
    if key in ("means", "says", "prefixes", "suffixes", "sets", "kinds"):
        for name, each in value.items():
            if not isinstance(each, str):
                raise LexiconError(
                    f"{where}{section}: {key}: {name}: expected a text; found {str(each)[:60]}"
                )


def _require_groups(groups: Any, where: str) -> None:
    for name, entry in dict(groups).items() if isinstance(groups, Mapping) else [("", groups)]:
        words = entry.get("words", {}) if isinstance(entry, Mapping) else None
        if not isinstance(words, Mapping) or not all(isinstance(w, list) for w in words.values()):
            raise LexiconError(
                f"{where}directions: groups: {name}: expected a mapping with words: {{SIDE: "
                f"[WORD, ...]}} and rules:; found {str(entry)[:60]}"
            )


def merged_sections(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """One section of two layers: `new` speaks first where both do."""
    both: dict[str, Any] = _merged(_freed(old, new), new, ())
    return both


def _merged(old: Any, new: Any, path: tuple[str, ...]) -> Any:
    """Mappings merge, word lists and sets grow, rules of `new` come first, the rest is replaced."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        both = dict(old)
        for key, value in new.items():
            both[key] = _merged(old[key], value, (*path, key)) if key in old else value
        return both
    if path[-1] == "rules":
        return [*new, *old]
    if path[0] in ("sets", "kinds") or path[-1] in ("stems", "adjectives", "traps"):
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
