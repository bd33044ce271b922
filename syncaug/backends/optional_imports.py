"""Libraries imported without optional packages that none of our operations asks for.

nlpaug and albumentations import PyTorch and more wherever these are installed, for parts that are
not used here: seconds in every process that meets a first sample. Here they are imported as they
are where these packages are not installed, which both allow for. Others find them whole.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from threading import get_ident
from types import ModuleType
from typing import Any

__all__ = ["deferring", "without"]


@contextmanager
def without(library: str, unused: Sequence[str]) -> Iterator[None]:
    """A context in which `library` is imported as where the packages `unused` are not installed.

    What this process has imported already is taken as it is, the library or such a package. Where
    a package was kept out, the modules of the library are ours alone: whoever imports it afterwards
    gets one with all of its parts. Imports of other threads do not notice.
    """
    with _keeping_out(library, unused) as kept_out:
        yield
    if kept_out:
        for name in list(sys.modules):
            if name.partition(".")[0] == library:
                del sys.modules[name]


@contextmanager
def deferring(
    library: str, part: str, names: Sequence[str], unused: Sequence[str]
) -> Iterator[None]:
    """A context in which `library` is imported without its submodule `part`, which needs `unused`.

    The library suppresses the ImportError of `part`, whose `names` it would have as its own. They
    are there all the same: `part` is imported when somebody asks for one of them. Classes of the
    library stay one and the same for all who import it, and can be pickled.
    """
    with _keeping_out(library, unused) as kept_out:
        yield
    if kept_out:
        _complete(sys.modules[library], part, frozenset(names))


def _complete(module: ModuleType, part: str, names: frozenset[str]) -> None:
    """Give a module the names of a part of it that is not imported yet."""

    def find(name: str) -> Any:
        if name == part or name in names:
            found = import_module(f"{module.__name__}.{part}")
            return found if name == part else getattr(found, name)
        raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

    public = [name for name in vars(module) if not name.startswith("_")]
    vars(module).update(__getattr__=find, __all__=[*public, *sorted(names)])


@contextmanager
def _keeping_out(library: str, unused: Sequence[str]) -> Iterator[list[str]]:
    """A context in which packages are not found; it holds the names of those that were asked for.

    Those that are imported already, or not installed, are as they are; so is a library that is
    imported already.
    """
    kept_out: list[str] = []
    if library in sys.modules:
        yield kept_out
        return
    packages = {name for name in unused if name not in sys.modules and find_spec(name) is not None}
    finder = _Finder(frozenset(packages), kept_out)
    sys.meta_path.insert(0, finder)
    try:
        yield kept_out
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Says of packages that they are not installed, to the thread that made it."""

    def __init__(self, packages: frozenset[str], kept_out: list[str]) -> None:
        self._packages, self._kept_out, self._thread = packages, kept_out, get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing: the next finder looks. Raises ModuleNotFoundError for what is kept out."""
        if fullname.partition(".")[0] in self._packages and get_ident() == self._thread:
            self._kept_out.append(fullname)
            raise ModuleNotFoundError(f"{fullname} is not used here", name=fullname)
        return None
