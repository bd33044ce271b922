"""A mapping from Python as the plain data that YAML would have given."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from syncaug.policy.configs import config_data, is_config
from syncaug.policy.document import (
    MAX_DEPTH,
    MAX_VALUES,
    SURROGATE,
    Path,
    complain,
    dotted,
)

__all__ = ["plain"]


def plain(source: Any, name: str) -> dict[str, Any]:
    """A copy of dicts, lists and scalars; numbers of other kinds become Python's, configs data.

    Raises PolicyError where there is something else, or too much of it.
    """
    source = config_data(source, name) if is_config(source) else source
    if not isinstance(source, Mapping):
        complain("SA111", f"a policy is a mapping, not a {type(source).__name__}", name)
    copy: dict[str, Any] = _Copier(name).copy(source, ())
    return copy


class _Copier:
    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def copy(self, value: Any, path: Path) -> Any:
        self._count += 1
        if self._count > MAX_VALUES:
            complain("SA108", f"the policy holds more than {MAX_VALUES:,} values", self._name)
        if is_config(value):
            value = config_data(value, self._name)
        if isinstance(value, Mapping):
            self._deeper(path)
            return {
                self._key(key, path): self.copy(item, (*path, key)) for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            self._deeper(path)
            return [self.copy(item, (*path, index)) for index, item in enumerate(value)]
        return self._scalar(value, path)

    def _scalar(self, value: Any, path: Path) -> Any:
        if getattr(value, "ndim", None) == 0:
            value = value.item()  # a scalar of numpy's, which need not be imported to be met
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, Integral):
            number = int(value)
            if abs(number) < 2**64:
                return number
            self._complain("SA113", path, "this whole number needs more than 64 bits")
        if isinstance(value, Real):
            try:
                return float(value)
            except OverflowError:
                self._complain("SA113", path, "this number is too large")
        kind = type(value).__name__
        self._complain("SA117", path, f"a value of type {kind} has no place in a policy")

    def _text(self, value: str, path: Path) -> str:
        text = str.__str__(value)  # numpy's texts and enumerations as Python's own
        lone = SURROGATE.search(text)
        if lone:
            shown = f"the character U+{ord(lone.group()):04X} cannot stand in a policy"
            self._complain("SA116", path, shown)
        return text

    def _key(self, key: Any, path: Path) -> Any:
        if isinstance(key, str):
            return self._text(key, path)
        if key is None or isinstance(key, bool | int | float):
            return key
        self._complain("SA114", path, f"a key is one word or number, not a {type(key).__name__}")

    def _deeper(self, path: Path) -> None:
        if len(path) >= MAX_DEPTH:
            self._complain("SA107", (), f"lists and mappings nest deeper than {MAX_DEPTH}")

    def _complain(self, code: str, path: Path, message: str) -> Any:
        where = dotted(path)
        complain(code, message, f"{self._name}:{where}" if where else self._name)
