"""Values in the words of the documentation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import yaml

__all__ = ["cell", "default_of", "shown"]


def shown(value: Any) -> str:
    """A default as YAML in backticks; nothing where it only says that nothing was given."""
    if (
        value is None
        or value in ("", (), [], {})
        or (isinstance(value, float) and math.isinf(value))
    ):
        return ""
    text = yaml.safe_dump(
        list(value) if isinstance(value, tuple) else value, default_flow_style=True
    )
    said = text.removesuffix("...\n").strip()
    return f"`{_WORD.get(said, said)}`"


_WORD = {"'on'": "on", "'off'": "off"}
"""What is quoted for readers of YAML 1.1 alone."""


def default_of(schema: Mapping[str, Any]) -> str:
    """The default of a schema, where it has one."""
    return shown(schema.get("default"))


def cell(text: str) -> str:
    """Text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")
