"""Tables of models whose modules are imported when a policy first has need of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TypeVar, cast

from syncaug.policy.base import Model

__all__ = ["Models"]

M = TypeVar("M", bound=Model)


class Models(Mapping[str, type[M]]):
    """Names -> models, from names -> `module:class`. A model takes half a millisecond to make."""

    def __init__(self, homes: Mapping[str, str]) -> None:
        self._homes = homes

    def __getitem__(self, name: str) -> type[M]:
        module, model = self._homes[name].split(":")
        return cast("type[M]", getattr(import_module(f"syncaug.policy.{module}"), model))

    def __contains__(self, name: object) -> bool:
        return name in self._homes

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __len__(self) -> int:
        return len(self._homes)
