"""Write the tables of `syncaug/catalogue` that people keep as YAML as JSON beside them.

    python -m tools.make_tables

YAML has comments and folded lines; JSON is read fifty times as fast, without a library. The package
reads JSON alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

__all__ = ["FOLDER", "tables"]

FOLDER = Path(__file__).resolve().parent.parent / "syncaug" / "catalogue"
_SINGLE = ("checks", "open3d", "syncaug")


def tables() -> dict[str, str]:
    """File name -> text, for every file that is written."""
    transforms = {path.stem: _read(path) for path in sorted((FOLDER / "transforms").glob("*.yaml"))}
    read = {name: _read(FOLDER / f"{name}.yaml") for name in _SINGLE}
    read["transforms"] = transforms
    return {f"{name}.json": _dumps(data) for name, data in sorted(read.items())}


def _read(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _dumps(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


if __name__ == "__main__":
    for name, text in tables().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
