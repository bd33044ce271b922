"""Folders of results: made apart, moved to their places whole, and taken back where they fail."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from syncaug.errors import ManifestError
from syncaug.io.atomic import append_line, shorten
from syncaug.io.locking import lives

__all__ = [
    "install",
    "is_scratch",
    "make_new",
    "remove",
    "remove_dead",
    "require_result",
    "scratch_of",
]

_PARTIAL = re.compile(r"\.partial-(\d+)")


def install(
    partial: Path,
    final: Path,
    lines: Mapping[Path, str],
    require_replaceable: Callable[[Path], None],
) -> None:
    """Move the complete folder `new` in `partial` to its place, and append `lines` that tell of it.

    What was there before goes, where `require_replaceable` does not raise. Where the result cannot
    be told of, everything is as it was before. Raises ManifestError where a link is in the way.
    """
    out = final.parent.parent
    made = _make_folder(final.parent)
    if final.parent.resolve().parent != out.resolve():  # links of other kinds
        raise ManifestError(f"{final}: expected a folder inside of {out}; a link leads out of it")
    old = partial / "old"
    if os.path.lexists(final):
        require_replaceable(final)
        os.replace(final, old)
    before = {path: _size(path) for path in lines}
    try:
        os.replace(partial / "new", final)
        for path, line in lines.items():
            append_line(path, line)
    except BaseException:
        for path, size in before.items():
            if size is None:
                path.unlink(missing_ok=True)
            else:
                shorten(path, size)
        if not os.path.lexists(partial / "new"):
            os.replace(final, partial / "failed")
        if os.path.lexists(old):
            os.replace(old, final)
        if made:
            final.parent.rmdir()
        raise
    remove(partial)


def require_result(folder: Path, stems: Collection[str]) -> None:
    """Raise ManifestError unless a folder holds nothing but files of these names."""
    strangers = (
        [
            path.name
            for path in folder.iterdir()
            if path.is_symlink() or not path.is_file() or path.stem not in stems
        ]
        if folder.is_dir()
        else ["a file"]
    )
    if strangers:
        raise ManifestError(
            f"{folder}: expected a result of an earlier run; it holds {min(strangers)!r}, which "
            "was written by something else and is not replaced. Move it, or choose another folder."
        )


def make_new(path: Path) -> None:
    """An empty folder that nobody else has made."""
    remove(path)
    path.mkdir(mode=0o700)


def remove(path: Path) -> None:
    """Remove a folder of ours, or a link in its place but nothing behind it."""
    if path.is_symlink() or path.is_file():
        path.unlink(missing_ok=True)
    else:
        shutil.rmtree(path, ignore_errors=True)


def scratch_of(out: Path) -> Path:
    """Where this process makes what is not yet whole, in a hidden folder of `out`."""
    return out / f".partial-{os.getpid()}"


def is_scratch(path: Path) -> bool:
    """Whether a path has the name of such a folder, of any process."""
    return _PARTIAL.fullmatch(path.name) is not None


def remove_dead(folder: Path) -> None:
    """Remove the hidden folder of this process, and those that dead processes have left."""
    for path in list(folder.iterdir()):
        name = _PARTIAL.fullmatch(path.name)
        if name and (int(name[1]) == os.getpid() or not lives(int(name[1]))):
            remove(path)


def _make_folder(path: Path) -> bool:
    """A folder for the results of a key, and whether it is a new one.

    Raises ManifestError where a link has its place.
    """
    if path.is_symlink():
        raise ManifestError(
            f"{path}: expected a folder of results; got a link to {os.readlink(path)}, and "
            "nothing is written through a link. Remove it, or choose another folder."
        )
    there = path.is_dir()
    path.mkdir(exist_ok=True)
    return not there


def _size(path: Path) -> int | None:
    return path.lstat().st_size if os.path.lexists(path) else None
