"""Distributions: how a variable is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from syncaug.policy.base import Model, is_number, shown, wrong
from syncaug.policy.links import is_link
from syncaug.policy.models import Models
from syncaug.policy.suggest import guess

__all__ = ["DISTRIBUTIONS", "Distribution", "choose_distribution", "is_distribution", "unlisted"]


class Distribution(Model):
    """One way to draw a value."""

    what: ClassVar[str] = "a distribution"


DISTRIBUTIONS: Mapping[str, type[Distribution]] = Models(
    {
        "uniform": "distributions:Uniform",
        "normal": "distributions:Normal",
        "log_uniform": "distributions:LogUniform",
        "choice": "distributions:Choice",
        "bernoulli": "distributions:Bernoulli",
        "integers": "distributions:Integers",
        "beta": "distributions:Beta",
        "constant": "distributions:Constant",
    }
)
"""The word of each distribution -> what follows it."""


def is_distribution(raw: Any) -> bool:
    """Whether a value is meant as a distribution."""
    return isinstance(raw, Mapping) and len(raw) == 1 and next(iter(raw)) in DISTRIBUTIONS


_TABLES = {"normal": ("mean", "std"), "beta": ("a", "b")}
"""Distributions whose numbers have names."""


def unlisted(raw: Mapping[Any, Any]) -> str:
    """A hint for `{uniform: 0, 1}`, which YAML reads as two keys; empty for all else."""
    first = next(iter(raw), None)
    others = [key for key in raw if key != first]
    if first not in DISTRIBUTIONS or not others or any(raw[key] is not None for key in others):
        return ""
    values = [raw[first], *others]
    if first in _TABLES and len(values) == len(_TABLES[first]):
        content = ", ".join(f"{n}: {v}" for n, v in zip(_TABLES[first], values, strict=True))
        return f"write {{{first}: {{{content}}}}}"
    listed = first in ("uniform", "log_uniform", "integers", "choice")
    return f"write {{{first}: [{', '.join(map(str, values))}]}}" if listed else ""


def choose_distribution(raw: Any) -> type[Distribution]:
    """The model of a distribution, by its one word."""
    if is_link(raw):
        raise wrong(
            "SA210",
            "a link cannot be a variable",
            hint="draw a variable here, and put the link where it is used",
        )
    if not isinstance(raw, Mapping) or len(raw) != 1:
        hint = ""
        meant: dict[str, Any] | None = None
        if isinstance(raw, list) and len(raw) == 2 and all(map(is_number, raw)):
            hint, meant = f"write {{uniform: [{raw[0]}, {raw[1]}]}}", {"uniform": raw}
        elif isinstance(raw, Mapping):
            hint = unlisted(raw)
        elif isinstance(raw, str | int | float):
            hint = f"write {{constant: {str(raw).lower() if isinstance(raw, bool) else raw}}}"
            meant = {"constant": raw}
        expected = "a mapping with one key: " + ", ".join(DISTRIBUTIONS)
        message = f"{shown(raw)} is no distribution"
        raise wrong("SA210", message, expected=expected, hint=hint, meant=meant)
    word = next(iter(raw))
    if word not in DISTRIBUTIONS:
        near = guess(word, DISTRIBUTIONS, "distributions")
        expected = "" if near.hint else "one of " + ", ".join(DISTRIBUTIONS)
        raise wrong(
            "SA210",
            f"unknown distribution {word!r}",
            expected=expected,
            hint=near.hint,
            path=(word,),
            key=True,
            meant=near.name or None,
        )
    return DISTRIBUTIONS[word]
