"""The nlpaug part of the catalogue."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any

import nlpaug.augmenter.char as chars
import nlpaug.augmenter.word as words

from tools.catalogue.probing import descriptions, number_schema, plain, summary
from tools.catalogue.word_facts import (
    CHOICES,
    CHOSEN_WORDS,
    FIXED,
    NOT_TAKEN,
    PARAPHRASES,
    REFUSED,
    UNTRUE,
    WORDNET,
)

__all__ = ["LIBRARY", "catalogue"]

LIBRARY = "nlpaug"
_OURS = ("self", "name", "tokenizer", "reverse_tokenizer", "verbose", "device", "force_reload")
_ABSTRACT = ("CharAugmenter", "WordAugmenter")


def catalogue() -> dict[str, Any]:
    """All of nlpaug, as JSON."""
    classes = {
        name: cls for module in (chars, words) for name, cls in vars(module).items() if _usable(cls)
    }
    return {
        "library": LIBRARY,
        "version": version(LIBRARY),
        "operations": {name: _operation(cls) for name, cls in sorted(classes.items())},
    }


def _usable(cls: Any) -> bool:
    return inspect.isclass(cls) and cls.__name__.endswith("Aug") and cls.__name__ not in _ABSTRACT


def _operation(cls: type) -> dict[str, Any]:
    entry: dict[str, Any] = {"summary": summary(cls), "takes": ["text"], "moves": "nothing"}
    refused = REFUSED.get(cls.__name__)
    if refused:
        return {**entry, "refused": refused}
    chosen = cls.__name__ in CHOSEN_WORDS or cls.__name__ in PARAPHRASES
    entry["changes"] = ["words"] if chosen else ["words", "spelling"]
    if cls.__name__ in UNTRUE:
        entry["changes"] = ["words", "meaning"]
    parameters = inspect.signature(cls.__init__).parameters
    left_out = (*_OURS, *NOT_TAKEN.get(cls.__name__, ()))
    entry["parameters"] = {
        name: _parameter(cls, name, p.default)
        for name, p in parameters.items()
        if name not in left_out
    }
    if cls.__name__ in PARAPHRASES:
        entry |= {"takes": ["text", "timed_text"], "summary": PARAPHRASES[cls.__name__]}
        entry["parameters"]["wordnet"] = WORDNET
        entry["extra"] = "wordnet"
    return entry


def _parameter(cls: type, name: str, default: Any) -> dict[str, Any]:
    full = f"{cls.__name__}.{name}"
    entry: dict[str, Any] = {"description": descriptions(cls).get(name, "")}
    if default is inspect.Parameter.empty:
        entry["required"] = True
    else:
        entry["default"] = plain(default)
    if full in CHOICES or name in CHOICES:
        choices = CHOICES.get(full) or CHOICES[name]
        return entry | {"form": "fixed", "reason": "it names a method", "schema": {"enum": choices}}
    if name in FIXED:
        reason, schema = FIXED[name]
        return entry | {"form": "fixed", "reason": reason, "schema": schema}
    if name.endswith("_p"):
        bounds = {"minimum": 0.0, "maximum": 1.0}
        return entry | {"form": "value", **bounds, "schema": number_schema(bounds, integer=False)}
    bounds = {"minimum": 1.0 if name == "min_char" else 0.0}
    return entry | {
        "form": "value",
        "integer": True,
        **bounds,
        "schema": number_schema(bounds, integer=True),
    }
