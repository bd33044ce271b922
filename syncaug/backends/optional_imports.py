"""Libraries imported without optional packages that none of our operations asks for.

nlpaug and albumentations import PyTorch and more wherever these are installed, for parts that are
not used here: seconds in every process that meets a first sample. Here they are imported as they
are where these packages are not installed, which both allow for. Others find them whole.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec, resolve_name
from threading import get_ident
from types import ModuleType
from typing import Any

__all__ = ["deferring", "without"]


@contextmanager
def without(
    library: str, unused: Sequence[str], later: Sequence[str] = ()
) -> Iterator[Callable[[str], Any]]:
    """A context with a function that imports modules of `library` without the packages `unused`.

    The packages `later` are those without which it cannot be imported, though they are used in few
    of its functions: they are imported when one of these asks for something in them.

    What this process has imported already is taken as it is, the library or such a package. Else
    the modules are ours alone and stand in no table of Python: whoever imports the library, at the
    same time or afterwards, gets one with all of its parts. Imports that functions of the library
    make after the context find what is installed.
    """
    if library in sys.modules or find_spec(library) is None:
        yield import_module
        return
    private = _Private(library, frozenset(unused) - sys.modules.keys(), frozenset(later))
    yield private.module
    private.unused = private.later = frozenset()


class _Later(ModuleType):
    """A package that is imported when something in it is asked for."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


class _Private:
    """Modules of one library that import one another, nothing of `unused`, and `later` later."""

    def __init__(self, library: str, unused: frozenset[str], later: frozenset[str]) -> None:
        self.unused, self.later = unused, later
        self._library = library
        self._modules: dict[str, ModuleType] = {}
        self._builtins = {**vars(builtins), "__import__": self._import}

    def module(self, name: str) -> ModuleType:
        """The module of that name, whose parents are imported first."""
        if name in self._modules:
            return self._modules[name]
        parent, _, last = name.rpartition(".")
        if parent:
            spec = PathFinder.find_spec(name, getattr(self.module(parent), "__path__", ()))
        else:
            spec = find_spec(name)
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        made = module_from_spec(spec)
        vars(made)["__builtins__"] = self._builtins
        self._modules[name] = made
        try:
            spec.loader.exec_module(made)
        except BaseException:
            del self._modules[name]
            raise
        if parent:
            setattr(self._modules[parent], last, made)
        return made

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """What the statement `import` calls in these modules."""
        if level and globals is not None:
            name = resolve_name("." * level + name, globals["__package__"])
        first = name.partition(".")[0]
        if first in self.unused:
            raise ModuleNotFoundError(f"{name} is not used here", name=name)
        if name in self.later and name not in sys.modules and not fromlist:
            if find_spec(name) is None:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return _Later(name)
        if first != self._library:
            return builtins.__import__(name, globals, locals, fromlist or ())
        module = self.module(name)
        if not fromlist:
            return self._modules[first]
        for wanted in fromlist:
            part = f"{name}.{wanted}"
            if wanted != "*" and not hasattr(module, wanted):
                try:
                    self.module(part)
                except ModuleNotFoundError as error:
                    if error.name != part:
                        raise
        return module


@contextmanager
def deferring(
    library: str, part: str, names: Sequence[str], unused: Sequence[str]
) -> Iterator[None]:
    """A context in which `library` is imported without its submodule `part`, which needs `unused`.

    The library suppresses the ImportError of `part`, whose `names` it would have as its own. They
    are there all the same: `part` is imported when somebody asks for one of them, or for all.
    Classes of the library stay one and the same for all who import it, and can be pickled.
    """
    with _keeping_out(library, unused) as kept_out:
        yield
    if kept_out:
        _complete(sys.modules[library], part, names)


def _complete(module: ModuleType, part: str, names: Sequence[str]) -> None:
    """Give a module the names of a part of it that is not imported yet."""

    def find(name: str) -> Any:
        if name in (part, "__all__", *names):  # `import *` asks for __all__ first
            try:
                found = import_module(f"{module.__name__}.{part}")
            except ImportError as error:  # then the library would be without it, too
                raise AttributeError(_missing(module, name)) from error
            vars(module).update({each: getattr(found, each) for each in names})
            if name in vars(module):
                return vars(module)[name]
        raise AttributeError(_missing(module, name))

    vars(module).update(__getattr__=find, __dir__=lambda: [*{*vars(module), part, *names}])


def _missing(module: ModuleType, name: str) -> str:
    return f"module {module.__name__!r} has no attribute {name!r}"


@contextmanager
def _keeping_out(library: str, unused: Sequence[str]) -> Iterator[list[str]]:
    """A context in which a library does not find packages; it holds those that it asked for.

    Those that are imported already, or not installed, are as they are; so is a library that is
    imported already.
    """
    kept_out: list[str] = []
    if library in sys.modules:
        yield kept_out
        return
    packages = {name for name in unused if name not in sys.modules and find_spec(name) is not None}
    finder = _Finder(library, frozenset(packages), kept_out)
    sys.meta_path.insert(0, finder)
    try:
        yield kept_out
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Says of packages that they are not installed, to one library in the thread that made it.

    Other libraries that it imports find them: what they keep of that lasts as long as the process.
    """

    def __init__(self, library: str, packages: frozenset[str], kept_out: list[str]) -> None:
        self._library, self._packages, self._kept_out = library, packages, kept_out
        self._thread = get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing: the next finder looks. Raises ModuleNotFoundError for what is kept out."""
        if fullname.partition(".")[0] not in self._packages or get_ident() != self._thread:
            return None
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals.get("__name__", "").startswith("importlib."):
            frame = frame.f_back
        if frame.f_globals.get("__name__", "").partition(".")[0] != self._library:
            return None
        self._kept_out.append(fullname)
        raise ModuleNotFoundError(f"{fullname} is not used here", name=fullname)
