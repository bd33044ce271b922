"""The page on the Python interface, written from the docstrings of all public names."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import syncaug
import syncaug.words

__all__ = ["Entry", "api_page", "entries"]

_BEFORE = """\
# The Python interface

Written by `tools/make_docs.py` from the docstrings; do not edit. Every example is run by a test.

`import syncaug` loads nothing but the names that are used. All names of this page are public and
documented; what is not here may change without notice. For operations, transforms, modalities and
checks of your own see [extending](extending.md); for the command line `syncaug --help`.
"""

_GROUPS: dict[str, tuple[str, ...]] = {
    "Loading and calling": ("load_policy", "Augmenter", "DROPPED", "__version__"),
    "Draws and records": ("Draw", "AugmentationCoordinator", "Record"),
    "Errors and warnings": (
        "SyncaugError",
        "PolicyError",
        "Problem",
        "SampleError",
        "AlignmentError",
        "RefusalError",
        "RecordError",
        "ManifestError",
        "MissingExtraError",
        "ArgumentError",
        "ExternalError",
        "PolicyWarning",
        "SampleWarning",
        "RecordWarning",
    ),
}

_PLAIN = {
    "__version__": "The version of the package, such as `0.1.0`.\n\n>>> import syncaug\n"
    ">>> syncaug.__version__.count('.')\n2"
}
"""Public values, which have no docstring of their own."""


_WIDTH = 88
"""How long a call may be that stands on one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One public name: its heading, its signature (empty for a value) and its docstring."""

    name: str
    group: str
    signature: str
    doc: str


def entries() -> list[Entry]:
    """Every public name and every public method, in the order of the page."""
    told = {name for names in _GROUPS.values() for name in names}
    if told != set(syncaug.__all__):
        raise KeyError(
            f"tools/docs/api.py and syncaug.__all__ differ: {told ^ set(syncaug.__all__)}"
        )
    out = [
        entry
        for group, names in _GROUPS.items()
        for name in names
        for entry in _of(name, group, getattr(syncaug, name))
    ]
    for name in sorted(syncaug.words.__all__, key=str.lower):
        out += _of(name, "Words: `syncaug.words`", getattr(syncaug.words, name), methods=False)
    return out


def api_page() -> str:
    """The text of `docs/api.md`."""
    lines, group = [_BEFORE], ""
    for entry in entries():
        if entry.group != group:
            group = entry.group
            lines += [f"## {group}", ""]
        lines += [f"### `{entry.name}`", ""]
        if entry.signature:
            lines += ["```text", entry.signature, "```", ""]
        lines += [*_fenced(entry.doc), ""]
    return "\n".join(lines).rstrip() + "\n"


def _of(name: str, group: str, thing: Any, *, methods: bool = True) -> Iterator[Entry]:
    if name in _PLAIN:
        yield Entry(name, group, "", _PLAIN[name])
    elif inspect.isclass(thing):
        yield Entry(name, group, "", inspect.getdoc(thing) or "")
        for method, member in _methods(thing) if methods else ():
            title = f"{name}.{method}"
            yield Entry(title, group, _signature(title, member), inspect.getdoc(member) or "")
    elif inspect.isfunction(thing):
        yield Entry(name, group, _signature(name, thing), inspect.getdoc(thing) or "")
    elif type(thing).__module__.startswith("syncaug"):
        yield Entry(name, group, "", inspect.getdoc(type(thing)) or "")


def _methods(cls: type) -> Iterator[tuple[str, Any]]:
    """Methods of the class that a caller has use for, those of its bases in the package too."""
    own = [c for c in cls.__mro__ if c.__module__.startswith("syncaug")]
    for base in own:
        for name, member in vars(base).items():
            public = not name.startswith("_") or name == "__call__"
            plain = member.__func__ if isinstance(member, staticmethod) else member
            if public and inspect.isfunction(plain) and plain.__doc__:
                yield name, plain


def _signature(name: str, thing: Any) -> str:
    """The call as a reader writes it, with types and defaults."""
    parts, keyword_only = [], False
    for given in inspect.signature(thing).parameters.values():
        if given.name == "self" or given.name.startswith("_"):
            continue
        if given.kind is given.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            parts.append("*")
        default = "" if given.default is given.empty else f" = {_default(given.default)}"
        parts.append(f"{given.name}: {given.annotation}{default}")
    last = name.rpartition(".")[2]
    called = "policy" if last == "__call__" else last
    line = f"{called}({', '.join(parts)})"
    return line if len(line) <= _WIDTH else f"{called}(\n    " + ",\n    ".join(parts) + ",\n)"


def _default(value: Any) -> str:
    """A default as it is written: a public value by its name, whose contents name files here."""
    for name in syncaug.words.__all__:
        if getattr(syncaug.words, name) is value:
            return name
    return repr(value)


def _fenced(doc: str) -> Iterator[str]:
    """A docstring as Markdown: its examples as code."""
    inside = False
    for line in doc.rstrip().split("\n"):
        if line.startswith(">>>") and not inside:
            inside = True
            yield "```pycon"
        if inside and not line.strip():
            inside = False
            yield "```"
        yield line
    if inside:
        yield "```"
