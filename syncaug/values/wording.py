"""Values of a plan in words, from their JSON."""

from __future__ import annotations

from typing import Any

from syncaug.values.value import Constant, Value

__all__ = ["in_words", "of_json"]


def in_words(value: Value) -> str:
    """A value as a short phrase: `-20 to 20`, `follows hue, scale 0.5`."""
    if isinstance(value, Constant):
        return _plain(value.value)
    return of_json(value.as_json())


def of_json(data: Any) -> str:
    """What a value's `as_json` gave, or plain data, as a short phrase."""
    if not isinstance(data, dict):
        return _plain(data)
    if set(data) == {"constant"}:
        return _plain(data["constant"])
    if "draw" in data:
        ((word, bounds),) = data["draw"].items()
        return _drawn(word, bounds)
    return ", ".join(
        f"{'follows' if key == 'from' else key} {_plain(item)}" for key, item in data.items()
    )


def _drawn(word: str, bounds: Any) -> str:
    if word in ("uniform", "integers", "log_uniform"):
        suffix = {"uniform": "", "integers": ", whole numbers", "log_uniform": ", log-uniform"}[
            word
        ]
        return f"{_plain(bounds['low'])} to {_plain(bounds['high'])}{suffix}"
    if word == "choice":
        weights = bounds.get("weights")
        shown = ", ".join(_plain(item) for item in bounds["values"])
        return f"one of {shown}" + (f" (weights {_plain(weights)})" if weights else "")
    inner = (
        bounds
        if not isinstance(bounds, dict)
        else ", ".join(f"{name} {_plain(item)}" for name, item in bounds.items())
    )
    return f"{word.replace('_', ' ')}: {inner}"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _value_of_link(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_plain(item) for item in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value_of_link(data: dict[str, Any]) -> str:
    return ", ".join(f"{key} {_plain(item)}" for key, item in data.items())
