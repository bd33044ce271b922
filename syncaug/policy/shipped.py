"""The policies that come with the package, by name: `load_policy("pets")`."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["shipped_names", "shipped_policy"]

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = (_PACKAGE / "policies", _PACKAGE.parent / "policies")
"""Where they lie: in an installed package, and in the tree of its sources."""
_NAME = re.compile(r"\w+(/\w+)*", re.ASCII)


def shipped_policy(name: str) -> str:
    """The path of the shipped policy of a name; empty where none has it, or a file of that name is
    there, which is meant then.
    """
    if not _NAME.fullmatch(name) or (os.path.lexists(name) and not os.path.isdir(name)):
        return ""
    path = _folder() / f"{name}.yaml"
    return str(path) if path.is_file() else ""


def shipped_names() -> tuple[str, ...]:
    """The names of all shipped policies, sorted; those of a folder with its name, as in a path."""
    folder = _folder()
    paths = (path.relative_to(folder).with_suffix("") for path in folder.rglob("*.yaml"))
    return tuple(sorted(path.as_posix() for path in paths))


def _folder() -> Path:
    return next(filter(Path.is_dir, _FOLDERS), _FOLDERS[0])
