"""Subtitles in files, and words in time: which suffix is read and written how.

Times are rounded to the nearest step of the format when it is written: 1 ms in SRT, WebVTT and
JSON of other tools' kind as it stands, 10 ms in ASS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.io import foreign, srt, substation, transcripts, webvtt, words
from syncaug.io.atomic import write_bytes
from syncaug.io.cues import Cue, checked, kept
from syncaug.io.problem import TEXT_BYTES, FileProblem, read_bytes

__all__ = ["FORMATS", "read_subtitles", "write_subtitles"]

_EXPECTED = "subtitles (SRT, VTT, ASS or JSON)"


def read_subtitles(path: Path, options: Mapping[str, Any]) -> list[Cue]:
    """The cues of a file, in its order; the format goes by the suffix. Raises FileProblem."""
    suffix = path.suffix.lower()
    form = _FORMS.get(suffix) or _READ_ONLY.get(suffix)
    if form is None:
        way = _CONVERT.get(suffix, "SRT, or JSON of {text, start, end}")
        raise FileProblem(_EXPECTED, f"{path}", f"Convert it: {way}.")
    text = _text(path)
    return checked(form[0](path, text) if text.strip() else [], path, _EXPECTED)


def write_subtitles(
    folder: Path, stem: str, cues: Sequence[Cue], options: Mapping[str, Any], *, suffix: str = ""
) -> str:
    """Write in the format of `suffix`, else in the declared one, and return the file's name.

    What is only read becomes SRT, and words become JSON. A track of a container becomes SRT with
    its marks, or ASS where it has styles.
    """
    suffix = suffix.lower()
    if suffix not in _FORMS:
        told = options.get("format")
        plain = ".ass" if any(_is_styled(one) for one in cues) else ".srt"
        written = f".{told}" if told else _READ_ONLY.get(suffix, (None, plain))[1]
        suffix = written if written in _FORMS else ".srt"
    checked(cues, folder / f"{stem}{suffix}", "cues with times in seconds")
    text = _FORMS[suffix][1](cues)
    write_bytes(folder / f"{stem}{suffix}", (text or "\n").encode())
    return f"{stem}{suffix}"


def _is_styled(one: Cue) -> bool:
    """Whether a cue has what only ASS can say."""
    return bool({"head", "style", "margins", "effect", "layer"} & set(kept(one, "ass")))


def _text(path: Path) -> str:
    data = read_bytes(path, _EXPECTED, limit=TEXT_BYTES)
    if data[:4] == b"\x00\x00\x01\xba":
        raise FileProblem(
            _EXPECTED,
            f"{path}, which holds pictures of text (VobSub)",
            "Recognize their letters first, as Subtitle Edit does.",
        )
    coding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError as error:
        raise FileProblem(
            "subtitles in UTF-8",
            f"{path}, whose byte {error.start} is of another encoding",
            "Convert it, as `iconv -f CP1252 -t UTF-8` does.",
        ) from None
    if "\0" in text:
        raise FileProblem(
            _EXPECTED,
            f"{path}, which is no text in UTF-8",
            "If it is UTF-16 or UTF-32, convert it, as `iconv -f UTF-16LE -t UTF-8` does.",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_ttml(path: Path, text: str) -> list[Cue]:
    from syncaug.io import ttml  # with the library's reader of XML, for this format alone

    return ttml.read(path, text)


def _read_sami(path: Path, text: str) -> list[Cue]:
    from syncaug.io import sami  # with the library's reader of HTML, for this format alone

    return sami.read(path, text)


Reads = Callable[[Path, str], list[Cue]]
Writes = Callable[[Sequence[Cue]], str]

_FORMS: Mapping[str, tuple[Reads, Writes]] = {
    ".srt": (srt.read, srt.write),
    ".vtt": (webvtt.read, webvtt.write),
    ".ass": (substation.read, substation.writer("ass")),
    ".ssa": (substation.read, substation.writer("ssa")),
    ".json": (words.read, words.write),
    ".sbv": (foreign.read_sbv, foreign.write_sbv),
}
"""Suffix -> how its text is read and written."""

_READ_ONLY: Mapping[str, tuple[Reads, str]] = {
    ".ttml": (_read_ttml, ".srt"),
    ".dfxp": (_read_ttml, ".srt"),
    ".itt": (_read_ttml, ".srt"),
    ".sub": (foreign.read_microdvd, ".srt"),
    ".smi": (_read_sami, ".srt"),
    ".sami": (_read_sami, ".srt"),
    ".lrc": (foreign.read_lrc, ".srt"),
    ".textgrid": (transcripts.read_textgrid, ".json"),
    ".ctm": (transcripts.read_ctm, ".json"),
    ".rttm": (transcripts.read_rttm, ".json"),
}
"""Suffix -> how its text is read, and as what results of it are written."""

_CONVERT = {
    ".sup": "pictures of text; recognize their letters first, as Subtitle Edit does",
    ".idx": "pictures of text; recognize their letters first, as Subtitle Edit does",
    ".stl": "`ffmpeg -i FILE out.srt`",
    ".scc": "`ffmpeg -i FILE out.srt`",
    ".mpl": "`pysubs2 --to srt FILE`",
    ".mpsub": "`ffmpeg -i FILE out.srt`",
    ".xml": "a copy named .ttml where it is TTML, or `pysubs2 --to srt FILE`",
    ".eaf": "ELAN: File, Export As, Subtitles Text",
    ".stm": "columns of a CTM, or JSON of {text, start, end}",
    ".trs": "JSON of {text, start, end}",
    ".tsv": "JSON of {text, start, end}",
    ".csv": "JSON of {text, start, end}",
    ".lab": "a TextGrid, or JSON of {text, start, end}",
    ".txt": "SRT, or JSON of {text, start, end}",
}
"""Suffixes of what is not read -> what makes something of it that is."""

FORMATS = (*_FORMS, *_READ_ONLY)
"""The suffixes of files that hold cues."""
