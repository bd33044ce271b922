"""ASS and SSA: the events of a script; all else of it is kept as it stands.

The part before the first event (styles, script info, fonts) is a cue's `head`, parts behind the
events its `tail`. Lines that are comments go with the cue that they stand before, and move with
it. Sources: Moodub, SSA v4 specification; the ASS file format of libass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syncaug.errors import MissingExtraError
from syncaug.io.cues import Cue, cue, head_of, kept, text_for, ticks
from syncaug.io.problem import FileProblem

__all__ = ["read", "writer"]

_EXPECTED = "subtitles (SRT, VTT, ASS or JSON)"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "ass": ("Layer", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect",
            "Text"),
    "ssa": ("Marked", "Start", "End", "Style", "Name", "MarginL", "MarginR", "MarginV", "Effect",
            "Text"),
}  # fmt: skip
_TIME = re.compile(r"\s*(\d+):(\d{1,2}):(\d{1,2})[.:](\d{1,3})\s*")
_EVENTS = re.compile(r"^[ \t]*\[Events\][ \t]*$", re.MULTILINE | re.IGNORECASE)
_SECTION = re.compile(r"^[ \t]*\[[^\]\n]*[a-z][^\]\n]*\][ \t]*$", re.MULTILINE)
_OLD_STYLES = re.compile(r"^\s*\[V4 Styles\]", re.MULTILINE | re.IGNORECASE)


def read(path: Path, text: str) -> list[Cue]:
    """The cues of a script's text, in its order. Raises FileProblem."""
    place = _EVENTS.search(text)
    if place is None:
        raise FileProblem(_EXPECTED, f"{path}, which has no part [Events]")
    head, rest = text[: place.start()], text[place.end() + 1 :]
    behind = _SECTION.search(rest)
    tail = rest[behind.start() :] if behind else ""
    fields: tuple[str, ...] = _FIELDS["ssa" if path.suffix.lower() == ".ssa" else "ass"]
    found: list[Cue] = []
    waiting: list[Mapping[str, Any]] = []
    for line in (rest[: behind.start()] if behind else rest).split("\n"):
        kind, _, content = line.partition(":")
        kind = kind.strip().capitalize()
        if kind == "Format":
            fields = tuple(name.strip() for name in content.split(","))
        if kind not in ("Dialogue", "Comment"):
            continue
        said = _event(path, line, fields, content)
        if kind == "Comment":
            waiting.append(said)
            continue
        found.append(_cue(path, said, waiting, head, tail))
        waiting = []
    if waiting and found:
        last = found[-1]
        last["ass"] = {**kept(last, "ass"), "after": [_beside(one, last) for one in waiting]}
    return found


def _event(path: Path, line: str, fields: Sequence[str], content: str) -> dict[str, Any]:
    values = content.lstrip(" ").split(",", len(fields) - 1)
    said: dict[str, Any] = dict(zip(fields, values, strict=False))
    try:
        if len(values) < len(fields):
            raise ValueError("it has too few fields")
        for key in ("Start", "End"):
            said[key] = _seconds(said[key])
        for key in ("MarginL", "MarginR", "MarginV"):
            said[key] = int(said.get(key) or 0)
        said["Layer"] = int(said.get("Layer") or 0)
    except (ValueError, KeyError) as error:
        raise FileProblem(
            _EXPECTED, f"{path}, which is damaged: {line.strip()[:60]!r}: {error}"
        ) from None
    return said


def _cue(
    path: Path, said: Mapping[str, Any], comments: Sequence[Mapping[str, Any]], head: str, tail: str
) -> Cue:
    style = str(said.get("Style", "")).strip()
    margins = [said[key] for key in ("MarginL", "MarginR", "MarginV")]
    one = cue(
        said["Start"],
        said["End"],
        str(said.get("Text", "")).rstrip(),
        "ass",
        style=style if style not in ("Default", "*Default") else "",
        layer=said["Layer"] or None,
        marked=1 if str(said.get("Marked", "")).strip().endswith("1") else None,
        name=str(said.get("Name", said.get("Actor", ""))),
        margins=margins if any(margins) else None,
        effect=str(said.get("Effect", "")),
        head=head,
        tail=tail,
    )
    if comments:
        one["ass"] = {**kept(one, "ass"), "before": [_beside(each, one) for each in comments]}
    return one


def _beside(said: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """A comment, its time told from its cue's start."""
    lead, last = said["Start"] - one["start"], said["End"] - said["Start"]
    keep = {key: value for key, value in said.items() if key not in ("Start", "End")}
    return {"lead": round(lead, 3), "lasts": round(last, 3), "fields": keep}


def writer(form: str) -> Any:
    """How cues become a script of the form `ass` or `ssa`."""
    return lambda cues: _write(cues, form)


def _write(cues: Sequence[Cue], form: str) -> str:
    head = _head(head_of(cues, "ass"), form)
    lines = [f"Format: {', '.join(_FIELDS[form])}"]
    for one in cues:
        said = kept(one, "ass")
        lines += [_comment(each, one, form) for each in said.get("before", ())]
        margins = said.get("margins", (0, 0, 0))
        lines.append(
            _line(
                "Dialogue",
                one["start"],
                one["end"],
                {
                    "Layer": said.get("layer", 0),
                    "Marked": f"Marked={said.get('marked', 0)}",
                    "Style": said.get("style", "Default"),
                    "Name": said.get("name", ""),
                    **dict(zip(("MarginL", "MarginR", "MarginV"), margins, strict=True)),
                    "Effect": said.get("effect", ""),
                    "Text": text_for(one, "ass"),
                },
                form,
            )
        )
        lines += [_comment(each, one, form) for each in said.get("after", ())]
    tail = next((str(kept(one, "ass")["tail"]) for one in cues if kept(one, "ass").get("tail")), "")
    return f"{head}[Events]\n" + "\n".join(lines) + "\n" + (f"\n{tail}" if tail else "")


def _comment(comment: Mapping[str, Any], one: Mapping[str, Any], form: str) -> str:
    start = max(0.0, one["start"] + comment["lead"])
    return _line("Comment", start, start + comment["lasts"], comment["fields"], form)


def _line(kind: str, start: float, end: float, said: Mapping[str, Any], form: str) -> str:
    times = {"Start": _clock(start), "End": _clock(end)}
    values = [str({**said, **times}.get(name, 0 if "Margin" in name else "")) for name in
              _FIELDS[form]]  # fmt: skip
    return f"{kind}: {','.join(values)}"


def _head(head: str, form: str) -> str:
    """The head of a script in the form that is written; styles of the other form are converted."""
    if head and bool(_OLD_STYLES.search(head)) == (form == "ssa"):
        return head if head.endswith("\n") else head + "\n"
    pysubs2 = _pysubs2()
    came = "ssa" if _OLD_STYLES.search(head) else "ass"
    file = pysubs2.SSAFile.from_string(f"{head}[Events]\n", format_=came) if head else None
    file = file if file is not None else pysubs2.SSAFile()
    return str(file.to_string(form)).partition("[Events]")[0]


def _seconds(text: str) -> float:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text.strip()!r} is no time such as 0:00:01.00")
    hours, minutes, seconds = (int(part) for part in match.groups()[:3])
    thousandths = int(match[4].ljust(3, "0"))
    return ((hours * 60 + minutes) * 60_000 + seconds * 1000 + thousandths) / 1000


def _clock(seconds: float) -> str:
    whole, hundredths = divmod(ticks(seconds, 100), 100)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}.{hundredths:02d}"


def _pysubs2() -> Any:
    try:
        import pysubs2
    except ImportError:
        raise MissingExtraError("pysubs2", "subtitles") from None
    return pysubs2
