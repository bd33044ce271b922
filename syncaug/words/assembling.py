"""The living tokens of a text put together again, as edits that keep every other byte."""

from __future__ import annotations

from collections.abc import Sequence

from syncaug.words.edits import Edit
from syncaug.words.marks import Marks
from syncaug.words.tokens import Tokens, in_case_of

__all__ = ["CLOSING", "ENDS", "assembled"]

CLOSING = frozenset(",.;:!?)]'’”…") | {"'s"}
ENDS = frozenset(".!?…")


def assembled(tokens: Tokens, marks: Marks, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """The edits that leave the living tokens, with single blanks where something went."""
    edits: list[Edit] = []
    count = len(tokens.keys)
    before = -1
    for at in [*(at for at in range(count) if at not in marks.dead), count]:
        start = tokens.ends[before] if before >= 0 else tokens.starts[0]
        stop = tokens.starts[at] if at < count else tokens.ends[-1]
        glue = next((marks.glue[a] for a in range(before + 1, at + 1) if a in marks.glue), "")
        if glue or at != before + 1:
            gap = glue or _gap(before, at, tokens)
            if gap != tokens.text[start:stop]:
                edits += _cut_at(start, stop, gap, spans)
        if at < count:
            raw = tokens.raw(at)
            word = (
                in_case_of(raw, marks.said.get(at, raw))
                if len(raw) > 1
                else marks.said.get(at, raw)
            )
            if _opens(at, before, tokens, marks):
                word = word[:1].upper() + word[1:]
            if word != tokens.raw(at):
                edits.append(Edit(tokens.starts[at], tokens.ends[at], word))
        before = at
    return edits


def _gap(before: int, at: int, tokens: Tokens) -> str:
    """What stands between two living tokens between which something went."""
    if before < 0 or at == len(tokens.keys):
        return ""
    if tokens.keys[at] in CLOSING or tokens.keys[before] in ("(", "[", "“", "‘"):
        return ""
    return "\n" if "\n" in tokens.text[tokens.ends[before] : tokens.starts[at]] else " "


def _opens(at: int, before: int, tokens: Tokens, marks: Marks) -> bool:
    """Whether a word has come to open a sentence that opened with a capital."""
    if before >= 0 and tokens.keys[before] not in ENDS:
        return False
    first = at
    while first > 0 and tokens.keys[first - 1] not in ENDS:
        first -= 1
    quoted = tokens.keys[first] in ('"', "“") and first < at
    return tokens.raw(first + quoted)[:1].isupper() and (first != at or at in marks.said)


def _cut_at(start: int, stop: int, new: str, spans: Sequence[tuple[int, int]]) -> list[Edit]:
    """The edit of a gap, cut at the edges of phrases so that none of them takes in what is new."""
    low = max([end for first, end in spans if first < start < end <= stop], default=start)
    high = min([first for first, end in spans if start <= first < stop < end], default=stop)
    if low > high:
        low = high = stop
    inner = [span for span in spans if low <= span[0] and span[1] <= high]
    first = min((span[0] for span in inner), default=high)
    last = max((span[1] for span in inner), default=high)
    pieces = [Edit(start, low, "")]
    if first > low:
        pieces += [Edit(low, first, new), Edit(first, last, ""), Edit(last, high, "")]
    else:  # a phrase of which nothing is said any more: what is new stands behind it
        pieces += [Edit(first, last, ""), Edit(last, high, new)]
    pieces.append(Edit(high, stop, ""))
    return [e for e in pieces if e.end > e.start or e.text]
