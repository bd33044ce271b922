"""What other libraries call things: their words to ours, looked up only after a mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Guess", "meant"]

_FILE = Path(__file__).parent / "other_names.yaml"
_LIBRARY = re.compile(
    r"^(a|t|k|f|albumentations|torchvision|transforms|kornia|augmentation|audiomentations|iaa|monai|torchaudio|v2)\."
)
_FILLERS = re.compile(r"[\s_\-.]+")


class Guess(NamedTuple):
    """What a wrong word probably stands for: our `name`, or empty where none says it; a hint."""

    name: str = ""
    hint: str = ""


def meant(section: str, word: object, known: Collection[str]) -> Guess:
    """What another library's word stands for among the `known` names.

    `section` is the path of a table in `other_names.yaml`, such as `parameters/rotate` (which reads
    `parameters/*`). Empty where the table does not know the word, or none of `known` is meant.
    """
    part, _, inner = section.partition("/")
    table: Mapping[str, Any] = _tables().get(part, {})
    if inner:
        table = table.get(inner, table.get("*", {}))
    held = table.get(_plain(word))
    if held is None:
        return Guess()
    entry = held if isinstance(held, Mapping) else {"is": held}
    names = entry.get("is", ())
    names = [names] if isinstance(names, str) else names
    name = next((name for name in names if name in known), "")
    says = entry.get("says", "")
    if names and not name:
        return Guess()
    if name and not says:
        return Guess(name, f"did you mean {name!r}?")
    return Guess(name, says)


def _plain(word: object) -> str:
    text = str(word).lower()
    while True:
        shorter = _LIBRARY.sub("", text)
        if shorter == text:
            return _FILLERS.sub("", text)
        text = shorter


@cache
def _tables() -> Mapping[str, Any]:
    import yaml  # a policy without mistakes never needs it

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tables: Mapping[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=loader)
    return tables
