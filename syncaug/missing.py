"""What to do about a path that names nothing, or at which nothing can be written."""

from __future__ import annotations

import os
import re
from itertools import islice
from pathlib import Path

__all__ = ["no_place", "remedy", "where_to_look"]

_LISTED = 2_000
"""So many names of a folder are compared."""
_NEAR = 0.65
_NUMBER = re.compile(r"\d+")


def where_to_look(path: str | os.PathLike[str]) -> str:
    """What to do about a path at which nothing is, as a sentence.

    The name in its folder that was probably meant; else what of the path is missing from which
    folder, written from the root, so that it shows where a relative path was looked for.
    """
    try:
        whole = Path(os.path.abspath(path))
    except OSError:
        return "The current folder is gone: go to one that is there, or name the whole path."
    if os.path.islink(whole):
        return f"It is a link to {os.readlink(whole)}, where nothing is: mend the link."
    if os.path.lexists(whole):  # an empty path, or one through a folder that is not there
        return f"Check the path; without its dots it is {whole}."
    there = next((folder for folder in whole.parents if os.path.lexists(folder)), whole.parent)
    lost, *rest = whole.relative_to(there).parts
    if not there.is_dir():
        return f"{there} is no folder: check the path."
    if lost.startswith("~") or (lost.startswith("$") and rest):
        return f"{lost} is taken as it is written: write the path out."
    if lost == "file:" and rest:
        return "A path has no file:// before it: leave that away."
    if re.fullmatch(r"[a-z][a-z0-9+]+:", lost) and rest:
        return "Addresses are not fetched: put the file on this machine, and name its path."
    slashed = there / "/".join([lost, *rest]).replace("\\", "/")
    if "\\" in lost and slashed.exists():
        return f"Did you mean {slashed}? Folders are divided by /."
    near = _near(lost, there)
    if near:
        return f"Did you mean {Path(path).parents[len(rest)] / near / Path(*rest)}?"
    return f"There is no {lost!r} in the folder {there}: check the path."


def remedy(path: str | os.PathLike[str], error: Exception) -> str:
    """What to do about a path that could not be opened, as a sentence; empty where none is known.

    `error` is what opening it raised.
    """
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return where_to_look(path)
    if isinstance(error, PermissionError):
        return "Allow reading it, or name another one."
    return ""


def no_place(path: str | os.PathLike[str], error: OSError) -> str:
    """Why no folder can be made or written to at a path, and what to do: the end of a message.

    `error` is what trying it raised.
    """
    whole = Path(os.path.abspath(path))
    there = next((one for one in (whole, *whole.parents) if os.path.lexists(one)), whole)
    if isinstance(error, FileExistsError | NotADirectoryError):
        came = f"got {there}, which is no folder"
    elif isinstance(error, PermissionError):
        came = f"got {there}, in which you may not write"
    elif isinstance(error, FileNotFoundError):
        came = f"got {there}, in which none can be made"
    else:
        came = error.strerror or str(error)
    return f"{came}. Name another one."


def _near(lost: str, folder: Path) -> str:
    """The name in a folder that is spelt nearly so; empty where there is none.

    Of files that are numbered, another number is another file.
    """
    from difflib import get_close_matches

    try:
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in islice(entries, _LISTED))
    except OSError:  # it may not be listed
        return ""
    same = next((name for name in names if name.lower() == lost.lower()), "")
    others = [name for name in names if _NUMBER.sub("0", name) != _NUMBER.sub("0", lost)]
    return same or next(iter(get_close_matches(lost, others, n=1, cutoff=_NEAR)), "")
