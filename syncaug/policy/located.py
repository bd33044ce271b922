"""Errors of the models as problems: each with its place in the policy, and one for one mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from pydantic_core import PydanticCustomError

from syncaug.policy.base import Model, Path, is_number, quote, shown
from syncaug.policy.other_names import meant as meant_by
from syncaug.policy.slips import as_expected, for_data
from syncaug.policy.suggest import Guess, guess
from syncaug.problem import Position, Problem

__all__ = ["Broken", "Located", "Source"]

_EXPECTED: Mapping[str, str] = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "finite_number": "a finite number",
}
"""pydantic's name of an error -> what was expected."""

_RANGES: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "below {}"),
    "less_than_equal": ("le", "at most {}"),
}


class Broken(NamedTuple):
    """A part of a policy that does not fit: the value at `path`, or its key.

    `meant` is what probably should stand there; `lacks` is the key that the mapping there needs.
    """

    path: Path
    key: bool = False
    meant: Any = None
    lacks: str = ""


class Source(Protocol):
    """A policy as plain data, which tells where each part of it stands."""

    @property
    def data(self) -> Mapping[str, Any]: ...

    def position(self, path: Path, *, key: bool = False) -> Position: ...

    def excerpt(self, position: Position) -> str: ...


class Located:
    """Collects problems of one document, and the parts that are `broken`."""

    def __init__(self, document: Source) -> None:
        self.broken: list[Broken] = []
        self._document = document
        self._found: dict[tuple[Any, ...], Problem] = {}
        self._numbers: set[Position] = set()

    @property
    def problems(self) -> list[Problem]:
        """What was found, each once, in the order of the text."""
        return sorted(self._found.values(), key=lambda problem: problem.position)

    def add(
        self,
        code: str,
        path: Path,
        message: str,
        *,
        expected: str = "",
        hint: str = "",
        key: bool = False,
        meant: Any = None,
        lacks: str = "",
    ) -> None:
        """Complain about the value at `path`, or about its key; see `Broken`."""
        self.broken.append(Broken(path, key, meant, lacks))
        position = self._document.position(path, key=key)
        if code == "SA215":
            self._numbers.add(position)
        elif position in self._numbers:
            return  # a number that is none fits nowhere: one problem says it
        excerpt = self._document.excerpt(position)
        hint = hint if position.line else for_data(hint)
        problem = Problem(code, message, position, expected, hint, excerpt)
        self._found.setdefault((code, message, position), problem)

    def twice(self, name: str, path: Path, first: Path) -> None:
        """Complain about a step's name that an earlier step has."""
        position = self._document.position(first)
        where = f" (line {position.line})" if position.line else f" ({position})"
        self.add(
            "SA207",
            path,
            f"an earlier step{where} is also named {name!r}",
            hint="a name places a step's draws: give each its own",
        )

    def raised(self, error: PydanticCustomError, path: Path) -> None:
        """Complain about what a validator raised for the value at `path`."""
        details = {"type": error.type, "loc": (), "ctx": error.context or {}, "input": None}
        self._one(details, path)

    def _nested(self, details: Mapping[str, Any], path: Path) -> None:
        """Complain about what a model found in the mapping at `path`."""
        model: type[Model] = details["model"]
        keys = model.keys()
        for key in details["empty"]:
            self.add(
                "SA202",
                (*path, key),
                f"{key!r} has no value",
                expected=_first(keys[key]),
                hint="give it one, or remove the key",
                key=True,
            )
        empty = {(key,) for key in details["empty"]}
        errors = [error for error in details["errors"] if error["loc"][:1] not in empty]
        known = set(self._unknown_keys(errors, model, path))
        for error in errors:
            if error["type"] == "missing" and len(error["loc"]) == 1:
                if error["loc"][0] not in known:
                    self._missing(model, str(error["loc"][0]), path)
            elif error["type"] != "extra_forbidden":
                self._one(error, path)

    def _unknown_keys(self, errors: Iterable[Any], model: type[Model], path: Path) -> Iterator[str]:
        """Complain about unknown keys; the known keys that were probably meant."""
        keys = list(model.keys())
        for error in errors:
            if error["type"] != "extra_forbidden":
                continue
            (unknown,) = error["loc"]
            belongs = model.elsewhere(str(unknown))
            near = meant_by(model.others, unknown, keys) if belongs else Guess()
            near = near if near.hint else Guess("", belongs)
            near = near if near.hint else guess(unknown, keys, model.others)
            if glued := _glued(unknown, keys):
                near = Guess("", glued)
            form_differs = near.rewritten and not isinstance(error["input"], Mapping)
            known = f"one of {', '.join(keys)}" if len(keys) > 1 else f"only {keys[0]}"
            self.add(
                "SA201",
                (*path, unknown),
                f"unknown key {str(unknown)!r}",
                expected="" if near.hint else known,
                hint=near.hint,
                key=True,
                meant=None if form_differs else near.name or None,
            )
            if near.name:
                yield near.name

    def _missing(self, model: type[Model], key: str, path: Path) -> None:
        expected = _first(model.keys().get(key, ""))
        message = f"{model.what} needs {key!r}"
        self.add("SA202", path, message, expected=expected, key=True, lacks=key)

    def _one(self, error: Any, outer: Path) -> None:
        loc, details, kind = error["loc"], error.get("ctx", {}), error["type"]
        is_key = bool(loc) and loc[-1] == "[key]"
        path: Path = self._as_written((*outer, *(loc[:-1] if is_key else loc)))
        if kind == "nested":
            self._nested(details, (*path, *details.get("path", ())))
        elif kind == "several":
            for inner in details["errors"]:
                self._one(inner, path)
        elif kind == "problem":
            self.add(
                details["code"],
                (*path, *details["path"]),
                details["message"],
                expected=details["expected"],
                hint=details["hint"],
                key=details["key"] or is_key,
                meant=details["meant"],
                lacks=details["lacks"],
            )
        else:
            self._of_pydantic(error, path, key=is_key)

    def _of_pydantic(self, error: Any, path: Path, *, key: bool) -> None:
        kind, details, raw = error["type"], error.get("ctx", {}), error["input"]
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        fits = f"{shown(raw)} does not fit" + (f" {name!r}" if name else "")
        if kind == "invalid_key" or key:
            self.add(
                "SA203",
                path,
                f"{shown(raw if key else path[-1])} is no key here",
                expected="a text",
                hint=self._decimal_comma(path) or "put it in quotes",
                key=True,
            )
        elif kind == "literal_error":
            words = [w for w in re.findall(r"'([^']*)'", details["expected"]) if w]
            near = guess(raw, words, f"words/{name}")
            expected = f"one of {', '.join(words)}"
            self.add(
                "SA205", path, fits, expected=expected, hint=near.hint, meant=near.name or None
            )
        elif kind in _RANGES:
            bound, phrase = _RANGES[kind]
            expected = "a number " + phrase.format(f"{details[bound]:g}")
            percent = bound == "le" and details[bound] == 1 and 5 <= raw <= 100
            hint = f"for percent write {raw / 100:g}" if percent else ""
            self.add("SA204", path, fits, expected=expected, hint=hint)
        elif kind in ("too_short", "string_too_short"):
            # pydantic counts only the items that are valid; the others have problems of their own.
            if len(raw) < details["min_length"]:
                least = details["min_length"]
                self.add(
                    "SA204",
                    path,
                    fits,
                    expected="at least " + ("one" if least == 1 else f"{least}"),
                )
        elif kind == "too_long":
            self.add("SA204", path, fits, expected=f"at most {details['max_length']}")
        else:
            expected = _EXPECTED.get(kind, error["msg"].lower())
            hint = quote(raw) if kind == "string_type" else as_expected(raw, expected, name)
            self.add("SA203", path, fits, expected=expected, hint=hint)

    def _as_written(self, path: Path) -> Path:
        """A path of pydantic's with the keys of the data, of which it makes texts: 1.5, null."""
        around: Any = self._document.data
        out: list[Any] = []
        for part in path:
            held = around if isinstance(around, Mapping) else {}
            if held and part not in held:
                part = next((key for key in held if str(key) == str(part)), part)
            out.append(part)
            inside = isinstance(around, list) and isinstance(part, int) and part < len(around)
            around = around[part] if inside else held.get(part)
        return tuple(out)

    def _decimal_comma(self, path: Path) -> str:
        """A hint for a key that is what stands behind a comma: `{degrees: 10,5}`, `{x: -1, 1}`."""
        around: Any = self._document.data
        for part in path[:-1]:
            around = around[part]
        if not isinstance(around, Mapping) or around.get(path[-1]) is not None:
            return ""
        keys = list(around)
        place = keys.index(path[-1]) if path[-1] in keys else 0
        before = around[keys[place - 1]] if place else None
        if not is_number(before) or not is_number(path[-1]):
            return ""
        if isinstance(before, int) and str(path[-1]).isdigit():
            return f"write {keys[place - 1]}: {before}.{path[-1]}, with a point"
        return f"write {keys[place - 1]}: [{before}, {path[-1]}]"


def _glued(unknown: Any, keys: Collection[str]) -> str:
    """A hint for a key without a blank after its colon: `p:0.5`."""
    name, colon, value = str(unknown).partition(":")
    known = bool(colon and value) and name in keys
    return f"write {name}: {value}, with a blank after the colon" if known else ""


def _first(description: str) -> str:
    """The first sentence of a description, to stand after "expected"."""
    text = description.split(". ")[0].rstrip(".")
    return text[:1].lower() + text[1:]
