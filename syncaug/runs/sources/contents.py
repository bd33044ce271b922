"""What the bytes of a small file mean where an entry is not a file: texts, numbers and JSON."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from syncaug.io.plain import parse_json
from syncaug.io.problem import TEXT_BYTES, FileProblem

__all__ = ["content_of", "suffix_of"]

_NUMBERS = frozenset({".cls", ".cls2", ".class", ".count", ".index", ".inx", ".id"})
"""Extensions that WebDataset's own decoder reads as whole numbers."""
_TEXTS = frozenset({".txt", ".text", ".caption", ".transcript", ""})


def content_of(name: str, data: bytes) -> Any:
    """The value in a file: JSON, the text of a text file, or a whole number from WebDataset's.

    Raises FileProblem.
    """
    kind = PurePosixPath(name).suffix.lower()
    if kind not in _NUMBERS and kind not in _TEXTS and kind != ".json":
        raise FileProblem(
            "a text, a number or JSON (.txt, .cls, .json), as the entry is no stream",
            f"{name}",
            "Declare it as a stream, or leave it out of the policy's untouched:.",
        )
    if len(data) > TEXT_BYTES:
        raise FileProblem(f"a text of at most {TEXT_BYTES:,} bytes", f"{name}, of {len(data):,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblem("a text in UTF-8", f"{name}, which is not UTF-8") from None
    if kind == ".json":
        try:
            return parse_json(text)
        except ValueError as error:
            raise FileProblem("JSON", f"{name}, which is not JSON: {error}") from None
    if kind in _NUMBERS:
        stripped = text.strip()
        return int(stripped) if stripped.isdecimal() and len(stripped) < 19 else stripped
    return text.removesuffix("\n").removesuffix("\r")


_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x93NUMPY", ".npy"),
    (0, b"PK\x03\x04", ".npz"),
    (0, b"\x89PNG", ".png"),
    (0, b"\xff\xd8\xff", ".jpg"),
    (8, b"WEBP", ".webp"),
    (8, b"WAVE", ".wav"),
    (8, b"AVI ", ".avi"),
    (0, b"fLaC", ".flac"),
    (0, b"OggS", ".ogg"),
    (0, b"ID3", ".mp3"),
    (4, b"ftyp", ".mp4"),
    (0, b"\x1a\x45\xdf\xa3", ".mkv"),
    (0, b"ply\n", ".ply"),
    (0, b"ply\r", ".ply"),
    (0, b"# .PCD", ".pcd"),
    (0, b"LASF", ".las"),
    (0, b"PIEH", ".flo"),
    (0, b"Pf\n", ".pfm"),
    (0, b"PF\n", ".pfm"),
    (0, b"WEBVTT", ".vtt"),
    (0, b"[Script Info]", ".ass"),
)
"""Where in a file its kind's own bytes stand, and the suffix that readers know it by."""


def suffix_of(data: bytes) -> str:
    """The suffix of a file that goes by no name; empty where its first bytes tell none."""
    for start, mark, suffix in _MAGIC:
        if data[start : start + len(mark)] == mark:
            return suffix
    return ""
