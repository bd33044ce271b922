"""Types of what stands on the command line: paths, files that are written, shares."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click

__all__ = ["AnyPath", "OutFile", "Share"]


class Share(click.FloatRange):
    """A number from 0 to 1, which no comparison tells from one that is none."""

    def __init__(self) -> None:
        super().__init__(0, 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if found != found:
            self.fail(f"{value} is not in the range 0<=x<=1.", param, ctx)
        return found


class AnyPath(click.Path):
    """A path of one letter at least: an empty one would be the folder one is in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in ("", b""):
            self.fail(
                "expected a path; got an empty text. If a variable of the shell stands there, it "
                "is not set; the folder you are in is '.'",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


class OutFile(AnyPath):
    """A file that is written at the end of a command; that it cannot be is told at its beginning.

    Folders on its way may be missing: they are made. `holds` is what the command writes: a file of
    the same name that holds anything else, such as a policy or a photo, stays.
    """

    def __init__(self, holds: str) -> None:
        super().__init__(dir_okay=False, path_type=Path)
        self._holds = holds

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        around = Path(os.path.abspath(path)).parents
        there = next(folder for folder in around if os.path.lexists(folder))
        if not there.is_dir():
            self.fail(f"{path} cannot be written: {there} is no folder. Name another file.")
        if not os.access(there, os.W_OK | os.X_OK):
            self.fail(f"{path} cannot be written: you may not write in {there}. Name another file.")
        if path.is_file() and not _is_ours(path, _KNOWN[self._holds]):
            self.fail(
                f"{path} is there already and is not {self._holds}: it stays. Name another file, "
                "or remove that one."
            )
        return path


def _is_ours(path: Path, known: Callable[[Path], bool]) -> bool:
    """Whether a file is empty, or of the kind that takes its place."""
    try:
        return not path.stat().st_size or known(path)
    except OSError:  # what cannot be read is told where it is written
        return True


def _begins(*first: bytes) -> Callable[[Path], bool]:
    def known(path: Path) -> bool:
        with path.open("rb") as file:
            return file.read(64).lstrip().lower().startswith(first)

    return known


def _is_space(path: Path) -> bool:
    from syncaug.policy.space_file import SpaceFileError, read_head

    try:
        read_head(path)
    except SpaceFileError:
        return False
    return True


_PAGE = b"<!doctype html"
_KNOWN: Final[Mapping[str, Callable[[Path], bool]]] = {
    "a page": _begins(_PAGE, b"<html"),
    "a summary or a page": _begins(_PAGE, b"<html", b'{\n  "summary":'),
    "a schema": _begins(b'{\n "$schema":'),
    "a latent space": _is_space,
}
"""What commands write, and how such a file is told from others."""
