"""What other libraries call things: their words to ours, looked up only after a mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Guess", "meant", "spellings"]

_FILE = Path(__file__).parent / "other_names.yaml"
# Patterns are compiled when a mistake is looked up, and kept by `re`.
_LIBRARY = (
    r"^(a|t|k|f|albumentations|torchvision|transforms|kornia|augmentation|audiomentations|iaa|"
    r"monai|torchaudio|v2)\."
)
_FILLERS = r"[\s_\-.]+"
_RANDOM = r"^(random|rand)(?=.{3})"
_BOUND = r"^(min|max|lower|upper)_|_(min|max|range|limit)$"
_ONE_BOUND = r"^(min|max|lower|upper)_|_(min|max)$"
"""What stands around the name of a parameter of which others give each bound by itself."""


class Guess(NamedTuple):
    """What a wrong word probably stands for: our `name`, or empty where none says it; a hint.

    `rewritten` is whether what stands at the word takes another form too, which the hint shows.
    `others` are names that one value stands for beside `name`: a size, of which ours are two.
    """

    name: str = ""
    hint: str = ""
    rewritten: bool = False
    others: tuple[str, ...] = ()


def meant(section: str, word: object, known: Collection[str]) -> Guess:
    """What another library's word stands for among the `known` names.

    `section` is the path of a table in `other_names.yaml`, such as `parameters/crop` (which reads
    `parameters/*` after it). Empty where no table knows the word, or none of `known` is meant. A
    name in other capitals is known too, and so is one that says `Random` (kornia, torchvision,
    MONAI's dictionary transforms) or one bound of a parameter: `min_rate`.
    """
    part, _, inner = section.partition("/")
    table: Mapping[str, Any] = _tables().get(part, {})
    layers = [table.get(inner, {}), table.get("*", {})] if inner else [table]
    ours = {_plain(name): name for name in known}
    for spelling in _spellings(word, part):
        for layer in layers:
            found = _guess(layer.get(spelling), known)
            if found.hint:
                return found
        if spelling in ours:
            return Guess(ours[spelling], f"did you mean {ours[spelling]!r}?")
    if part == "parameters" and re.search(_BOUND, str(word)):
        whole = meant(section, re.sub(_BOUND, "", str(word)), known)
        if whole.name and not whole.rewritten and re.search(_ONE_BOUND, str(word)):
            return Guess(whole.name, f"write {whole.name}: [low, high]", rewritten=True)
        return whole
    return Guess()


def spellings(word: object) -> Iterator[str]:
    """A transform's name in small letters without fillers; without `Random`; without MONAI's d."""
    return _spellings(word, "transforms")


def _spellings(word: object, part: str) -> Iterator[str]:
    plain = _plain(word)
    yield plain
    bare = re.sub(_RANDOM, "", plain) if part == "transforms" else plain
    if bare != plain:
        yield bare
    if part == "transforms" and bare.endswith("d") and str(word)[:1].isupper():
        yield bare[:-1]


def _guess(held: Any, known: Collection[str]) -> Guess:
    """What an entry of a table says; of several the first that stands `among:` known names."""
    if held is None:
        return Guess()
    if isinstance(held, list) and isinstance(held[0], Mapping):
        found = (_guess(entry, known) for entry in held if entry.get("among") in (None, *known))
        return next((guess for guess in found if guess.hint), Guess())
    entry = held if isinstance(held, Mapping) else {"is": held}
    names = entry.get("is", ())
    names = [names] if isinstance(names, str) else names
    name = next((name for name in names if name in known), "")
    says = entry.get("says", "")
    if names and not name:
        return Guess()
    others = tuple(other for other in entry.get("also", ()) if other in known and name)
    if others and not says:
        says = f"write {': and '.join((name, *others))}:"
    if name and not says:
        return Guess(name, f"did you mean {name!r}?")
    return Guess(name, says, rewritten=True, others=others)


def _plain(word: object) -> str:
    text = str(word).lower()
    while True:
        shorter = re.sub(_LIBRARY, "", text)
        if shorter == text:
            return re.sub(_FILLERS, "", text)
        text = shorter


@cache
def _tables() -> Mapping[str, Any]:
    import yaml  # a policy without mistakes never needs it

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tables: Mapping[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    return tables
