"""Where the samples of a WebDataset shard lie in it: an index of a tar file, without its bytes.

Members that stand one after the other and share a name up to the first dot of their last part are
one sample; what follows that dot, in lower case, is the extension. Directories, links, names
without a dot or with one at their beginning (`._0001.jpg`, as macOS leaves them) belong to none,
and so do those that WebDataset keeps for itself (`__name__`).
"""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from syncaug.io.problem import FileProblem, check_regular

__all__ = ["Member", "TarSample", "index_tar"]

_NAME = re.compile(r"((?:.*/|)[^./]+)[.]([^/]*)", re.DOTALL)
_OWN = re.compile(r"__[^/]*__($|/)")
_BLOCK = 512
_EXPECTED = "a WebDataset shard (.tar, not compressed)"


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a shard: its name, where its bytes begin, and how many there are."""

    name: str
    offset: int
    size: int


@dataclass(slots=True)
class TarSample:
    """One sample: its key, its members by extension, and what is wrong with it, if anything."""

    key: str
    members: dict[str, Member] = field(default_factory=dict)
    problem: str = ""


def index_tar(path: Path) -> Iterator[TarSample | FileProblem]:
    """The samples of a shard in their order.

    Where the shard is damaged, the sample that the damage lies in comes as a FileProblem, and
    nothing after it. Raises FileProblem where it is no shard at all.
    """
    check_regular(path, _EXPECTED)
    present: TarSample | None = None
    last = ""
    try:
        with tarfile.open(path, "r:", errorlevel=2, encoding="utf-8") as tar:
            for member in tar:
                tar.members = []  # type: ignore[attr-defined]  # it would keep all of them
                last = member.name
                if not member.isreg() or _OWN.match(last):
                    continue
                parts = _NAME.fullmatch(last)
                if parts is None:
                    continue
                key, extension = parts[1], parts[2].lower()
                if present is not None and present.key != key:
                    yield present
                    present = None
                present = present or TarSample(key)
                if extension in present.members:
                    present.problem = f"the member {last!r} again"
                if member.issparse():
                    present.problem = f"the member {last!r}, which is sparse"
                present.members[extension] = Member(last, member.offset_data, member.size)
            end = tar.offset
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        if not last:
            raise FileProblem(_EXPECTED, f"{path}, which is none: {error}", _hint(path)) from None
        yield _cut(path, last, str(error))
        return
    except OSError as error:
        raise FileProblem(_EXPECTED, f"{path}, which cannot be read: {error}") from None
    damage = _damage_at_end(path, end)
    if damage:
        yield _cut(path, last, damage)
        return
    if present is not None:
        yield present
    if _more(path, end):
        yield FileProblem(
            "blocks of zeros alone behind the last member",
            f"{path}, which goes on",
            "Several shards in one file are read by nobody: keep them apart.",
        )


def _hint(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    tools = {b"\x1f\x8b": "gunzip", b"(\xb5": "unzstd", b"BZ": "bunzip2", b"\xfd7": "unxz"}
    tool = tools.get(start, "")
    return f"It is compressed, and no member can be found in it: `{tool}` it first." if tool else ""


def _cut(path: Path, last: str, reason: str) -> FileProblem:
    return FileProblem(
        "a whole shard",
        f"{path}, which is cut off or damaged in or behind the member {last!r}: {reason}",
        "Samples before that are whole; write the shard again for the others.",
    )


def _damage_at_end(path: Path, end: int) -> str:
    """What is wrong where the last member ends, and blocks of zeros should begin."""
    with path.open("rb") as file:
        file.seek(end)
        block = file.read(_BLOCK)
    return "" if len(block) == _BLOCK and not any(block) else "blocks of zeros do not follow"


def _more(path: Path, end: int) -> bool:
    """Whether something follows the zeros at the end."""
    with path.open("rb") as file:
        file.seek(end)
        while chunk := file.read(1 << 20):
            if any(chunk):
                return True
    return False
