"""The tables of the catalogue: JSON beside this module.

Those that people keep as YAML are written from it by `tools/make_tables.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["table"]


def table(name: str) -> dict[str, Any]:
    """What `<name>.json` holds."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / f"{name}.json").read_bytes())
    return loaded
