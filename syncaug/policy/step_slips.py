"""Steps as people of other libraries write them, and the step that was meant."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from syncaug.catalogue.transforms import transform_names
from syncaug.policy.suggest import Guess, guess

__all__ = ["meant_step", "parameter_names", "shown_step"]


def meant_step(raw: Any, step_keys: Collection[str]) -> tuple[dict[str, Any] | None, str]:
    """The step that `raw` probably means, or None; and a hint.

    It is known for a bare name (`- flip`) and for a name with settings (`- flip: {p: 0.5}`), where
    the name is a transform's or another library's for one.
    """
    if isinstance(raw, str):
        found = _transform(raw)
        if not found.name:
            return None, found.hint or f"write {{name: {raw}, uses: TRANSFORM}}"
        bare = {"name": _step_name(raw), "uses": found.name}
        return bare, f"write {shown_step(bare)}"
    if not isinstance(raw, Mapping):
        return None, ""
    if isinstance(raw.get("op"), str):
        inner = {key: value for key, value in raw.items() if key not in step_keys}
        rest = {key: value for key, value in raw.items() if key in step_keys}
        return None, f"write {shown_step({**rest, 'apply': {'STREAM': inner}})}"
    for key, inner in raw.items():
        if key in step_keys:
            continue
        found = _transform(key) if isinstance(key, str) else Guess()
        if found.name:
            rest = {other: value for other, value in raw.items() if other != key}
            step: dict[str, Any] = {"name": _step_name(str(key)), "uses": found.name, **rest}
            given = dict(inner) if isinstance(inner, Mapping) else {}
            step |= {name: given.pop(name) for name in list(given) if name in step_keys}
            if given:
                step["with"] = given
            return step, f"write {shown_step(step)}"
        if found.hint and found.hint.startswith("write one_of"):
            return None, found.hint
    return None, ""


def parameter_names() -> frozenset[str]:
    """The names of all parameters of the library's own transforms."""
    from syncaug.catalogue.transforms import transform

    return frozenset(name for one in transform_names() for name in transform(one).parameters)


def shown_step(step: Mapping[str, Any]) -> str:
    """A step on one line, as YAML has it."""
    return _shown(step)


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _transform(word: str) -> Guess:
    names = transform_names()
    if word in names:
        return Guess(word)
    return guess(word, names, "transforms")


def _step_name(word: str) -> str:
    kept = "".join(letter if letter.isalnum() else "_" for letter in word)
    return kept if kept[:1].isalpha() else f"step_{kept}"
