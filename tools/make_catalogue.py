"""Write syncaug/catalogue/*.json from the installed libraries.

    python -m tools.make_catalogue

Every claim is tried out: a parameter is called a range because (v, v) was accepted, its domain is
where the library's own validation changes its mind, an operation moves the plane because a picture
of coordinates was moved.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.catalogue import images, sounds, words

__all__ = ["generate"]

FOLDER = Path(__file__).resolve().parent.parent / "syncaug" / "catalogue"


def generate() -> dict[str, str]:
    """File name -> text, for every generated file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            f"{module.LIBRARY}.json": _dumps(module.catalogue())
            for module in (images, sounds, words)
        }


def _dumps(catalogue: Mapping[str, Any]) -> str:
    return json.dumps(catalogue, indent=1, sort_keys=True, allow_nan=False) + "\n"


def main() -> None:
    """Write the files."""
    for name, text in generate().items():
        (FOLDER / name).write_text(text)
        count = len(json.loads(text)["operations"])
        print(f"{name}: {count} operations, {len(text)} bytes")


if __name__ == "__main__":
    main()
