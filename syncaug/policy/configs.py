"""Configs of OmegaConf and Hydra as plain data: their interpolations resolved, nothing missing."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from syncaug.errors import PolicyError
from syncaug.policy.document import complain
from syncaug.problem import Position, Problem

__all__ = ["config_data", "is_config"]


def is_config(value: Any) -> bool:
    """Whether a value is a config, or a list or mapping of one; the library is not imported."""
    return type(value).__module__.partition(".")[0] == "omegaconf" and "omegaconf" in sys.modules


def config_data(config: Any, name: str) -> Any:
    """The dicts, lists and scalars of a config. Interpolations may lead out of it, to its parents.

    Raises PolicyError for all values that are missing (`???`), and for an interpolation that leads
    nowhere. Places are those in the whole config, as an override names them.
    """
    library = sys.modules["omegaconf"]
    try:
        missing = sorted(library.OmegaConf.missing_keys(config))
        if not missing:
            return library.OmegaConf.to_container(
                config, resolve=True, throw_on_missing=True, enum_to_str=True
            )
    except Exception as error:  # the library has many, and no common base
        _unresolved(error, name)
    raise PolicyError([_missing(key, name) for key in missing])


def _missing(key: str, name: str) -> Problem:
    return Problem(
        "SA202",
        f"{key!r} has no value in the config: ???",
        Position(f"{name}:{key}", 0, 0),
        "a value",
        "give it one in the config, or by an override on the command line",
    )


def _unresolved(error: Exception, name: str) -> NoReturn:
    said = str(error).splitlines()
    key = getattr(error, "full_key", None)
    complain(
        "SA101",
        f"the config cannot be resolved: {said[0] if said else type(error).__name__}",
        f"{name}:{key}" if key else name,
        hint="define what the interpolation names, in the config or in one around it",
    )
