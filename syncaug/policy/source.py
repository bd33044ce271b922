"""Reading a policy: a path, YAML text, bytes, an open file, a mapping or an OmegaConf config."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import IO, Any

from syncaug.errors import PolicyError
from syncaug.missing import remedy, where_to_look
from syncaug.policy.configs import is_config
from syncaug.policy.document import Document, complain
from syncaug.policy.plain import plain
from syncaug.policy.shipped import shipped_names, shipped_policy
from syncaug.policy.suggest import suggest
from syncaug.regular import NotRegular, open_regular

__all__ = ["MAX_BYTES", "Document", "Source", "near_policy", "read"]

Source = str | os.PathLike[str] | bytes | IO[Any] | Mapping[str, Any]

MAX_BYTES = 1_000_000
"""The largest policy in bytes."""

_SUFFIXES = (".yaml", ".yml", ".json")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAMELESS = "<policy>"


def read(source: Source, *, name: str | None = None) -> Document:
    """The document of a policy, with the place of every value in it.

    A `str` is a path if it is one line that ends in .yaml, .yml or .json or names a file; it is
    YAML text if it holds a line break or ": ". The name of a shipped policy, such as `pets`, means
    that one where no file has the name. Data that was never text has no lines, and its
    positions name the path instead. `name` replaces the name that problems show.

    Raises PolicyError.
    """
    if isinstance(source, Mapping) or is_config(source):
        data = plain(source, name or _NAMELESS)
        _require_top(data, name or _NAMELESS)
        return Document(name or _NAMELESS, data)
    if isinstance(source, str) and not _is_path(source):
        return _parse(source, name or _NAMELESS)
    if isinstance(source, bytes | bytearray):
        return _parse(bytes(source), name or _NAMELESS)
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        path = os.fsdecode(path)
        path = shipped_policy(path) or path
        content = _file(path, name or path)
        _require_policy(content, path, name or path)
        return _parse(content, name or path)
    if hasattr(source, "read"):
        own = getattr(source, "name", None)
        shown = name or (own if isinstance(own, str) else _NAMELESS)
        return _parse(_stream(source, shown), shown)
    came = type(source).__name__
    complain(
        "SA101",
        f"a {came} is no policy",
        name or _NAMELESS,
        expected="a path, YAML text, bytes, an open file or a mapping",
    )


def _is_path(text: str) -> bool:
    if "\n" in text or not text.strip():
        return False
    if text.lower().endswith(_SUFFIXES):
        return True
    if ": " not in text:
        return True
    try:
        return os.path.isfile(text)
    except (OSError, ValueError):
        return False


def _file(path: str, name: str) -> bytes:
    try:
        with _opened(path) as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        complain(
            "SA101", "there is no such file", name, hint=near_policy(path) or where_to_look(path)
        )
    except NotRegular as error:
        complain("SA101", f"this is {error}", name, expected="the path of a policy")
    except (OSError, ValueError) as error:
        reason = f"the file cannot be read: {_reason(error)}"
        complain("SA101", reason, name, hint=remedy(path, error))


def _opened(path: str) -> IO[bytes]:
    """A regular file, or what the caller has opened already and passes on by number."""
    if _PASSED_ON.fullmatch(path):
        return open(path, "rb")
    return open_regular(path)


_PASSED_ON = re.compile(r"/dev/stdin|/(dev|proc/self)/fd/\d+")
"""Standard input, and the pipes by which a shell hands over the output of a command."""


def near_policy(path: str) -> str:
    """The policy in the same folder, or the shipped one, that was probably meant, as a hint."""
    wanted = FilePath(path)
    try:
        there = [p.name for p in wanted.parent.iterdir() if p.suffix.lower() in _SUFFIXES]
    except OSError:
        there = []
    near = suggest(wanted.name, sorted(there))
    if near:
        return near
    if shipped_policy(wanted.stem):
        return f"syncaug brings a policy of this name: {wanted.stem}"
    return suggest(path, shipped_names())


_POLICY_KEYS = {"syncaug", "sample", "steps"}


def _require_policy(content: bytes, path: str, name: str) -> None:
    """Complain where a file is plainly a manifest, or another source of samples: not a policy.

    Its name says so, or its first line does: an object of JSON without any of a policy's keys.
    """
    suffix = FilePath(path).suffix.lower()
    first = next((line for line in content[:MAX_BYTES].splitlines() if line.strip()), b"")
    try:
        line = json.loads(first) if first.lstrip().startswith(b"{") else None
    except (ValueError, RecursionError):
        line = None
    samples = isinstance(line, dict) and bool(line) and _POLICY_KEYS.isdisjoint(line)
    if suffix in (".parquet", ".tar") or samples or (suffix == ".jsonl" and line is None):
        complain(
            "SA101",
            "this looks like a manifest",
            name,
            expected="the path of a policy",
            hint="the policy comes first: syncaug apply POLICY --manifest MANIFEST",
        )


def _require_top(data: Mapping[str, Any], name: str) -> None:
    """Complain where the policy stands inside of a greater config, which is given whole."""
    if "syncaug" in data:
        return
    inside = [key for key, part in data.items() if isinstance(part, Mapping) and "syncaug" in part]
    if inside:
        complain(
            "SA101",
            f"the policy is a part of this, under {inside[0]!r}",
            name,
            expected="the policy alone",
            hint=f"load_policy(config[{inside[0]!r}])",
        )


def _stream(source: Any, name: str) -> str | bytes:
    try:
        content: str | bytes = source.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        complain("SA101", f"the open file cannot be read: {_reason(error)}", name)
    if not isinstance(content, str | bytes):
        complain("SA101", "the open file gives neither text nor bytes", name)
    return content


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _parse(content: str | bytes, name: str) -> Document:
    from syncaug.policy.parser import parse_text  # with YAML, which data do not need

    if len(content) > MAX_BYTES:
        complain(
            "SA103",
            f"the policy is larger than {MAX_BYTES:,} bytes",
            name,
            hint="a policy is a page of text: is this the right file?",
        )
    text = content if isinstance(content, str) else _decode(content, name)
    return parse_text(text.removeprefix("\ufeff"), name)


def _decode(content: bytes, name: str) -> str:
    hint = "save the policy as UTF-8"
    if content.startswith(_UTF16) or b"\0" in content[:4]:
        complain(
            "SA102", "the policy is not UTF-8 but looks like UTF-16 or UTF-32", name, hint=hint
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        raise PolicyError([_undecodable(content, error, line, name, hint)]) from None


def _undecodable(content: bytes, error: UnicodeDecodeError, line: int, name: str, hint: str) -> Any:
    from syncaug.problem import Position, Problem

    start = content.rfind(b"\n", 0, error.start) + 1
    end = content.find(b"\n", error.start)
    text = content[start : end if end >= 0 else None].decode("utf-8", "replace")
    column = len(content[start : error.start].decode("utf-8", "replace")) + 1
    message = f"the policy is not UTF-8: byte 0x{content[error.start]:02X}"
    return Problem("SA102", message, Position(name, line, column), "", hint, text.rstrip("\r"))
