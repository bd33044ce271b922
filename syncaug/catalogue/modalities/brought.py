"""Modalities of third parties: descriptions that installed packages bring.

A package declares `[project.entry-points."syncaug.modalities"] pulse = "my_package.pulse"`. The
module holds `SPEC`, a ModalitySpec; `STREAM`, the model of what a stream may say; and `CARRIER`,
the class that carries one stream.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from syncaug.catalogue.external import MODALITIES, external_error, external_part
from syncaug.catalogue.map_kinds import ON_STREAMS, SPACE_OF, SPACES
from syncaug.catalogue.modalities.spec import ModalitySpec

__all__ = ["external_spec"]

_BASE = "syncaug.modalities.carrier"
"""The module of the class that every carrier extends, which carries nothing by itself."""


@cache
def external_spec(name: str) -> ModalitySpec:
    """The description of a modality that an installed package brings.

    Raises KeyError where none does, and ExternalError where it is no such description or where
    the carrier lacks what the description says of it.
    """
    form = "a syncaug.catalogue.modalities.ModalitySpec"
    spec: ModalitySpec = external_part(
        MODALITIES, name, "SPEC", lambda held: isinstance(held, ModalitySpec), form
    )
    carrier: type = external_part(
        MODALITIES, name, "CARRIER", _is_carrier, "a class that extends syncaug.modalities.Carrier"
    )
    wrong = next(_misfits(spec, carrier, name), "")
    if wrong:
        raise external_error(MODALITIES, name, wrong)
    return spec


def _is_carrier(held: Any) -> bool:
    return isinstance(held, type) and any(base.__module__ == _BASE for base in held.__mro__)


def _misfits(spec: ModalitySpec, carrier: type, name: str) -> Iterator[str]:
    """What is wrong with a description, in words."""
    if spec.name != name:
        yield f"SPEC.name is {spec.name!r}; expected {name!r}, as the entry point has it"
    for space in spec.spaces:
        if space not in SPACES:
            yield f"SPEC.spaces holds {space!r}; expected some of {', '.join(SPACES)}"
    for kind in (*spec.carries, *spec.unaffected):
        if kind not in SPACE_OF and kind not in ON_STREAMS:
            kinds = ", ".join(sorted({*SPACE_OF, *ON_STREAMS}))
            yield f"SPEC names the kind of map {kind!r}; expected some of {kinds}"
    for says, space, method in (
        ("picture", "plane", "picture_size"),
        ("media", "clock", "clock_duration"),
        ("writes", "plane", "size_on"),
    ):
        if getattr(spec, says) and not (space in spec.spaces and _defines(carrier, method)):
            yield f"SPEC says {says}; expected the space {space}, and {carrier.__name__}.{method}"
    for method in ("row_count", "alive_rows", "give_rows", "add_rows") if spec.rows else ():
        if not _defines(carrier, method):
            yield f"SPEC says rows; expected {carrier.__name__}.{method}"
    if _defines(carrier, "meetings"):
        return
    for kind in spec.carries:
        if not _defines(carrier, kind):
            yield f"{carrier.__name__} lacks the method {kind}, which SPEC.carries says it has"


def _defines(carrier: type, method: str) -> bool:
    """Whether a class, or one between it and the base of all carriers, has a method of its own."""
    return any(method in vars(base) for base in carrier.__mro__ if base.__module__ != _BASE)
