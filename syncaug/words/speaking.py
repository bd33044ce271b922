"""Quotation marks around what somebody says, which is prose, and not around what is written."""

from __future__ import annotations

import re

__all__ = ["is_speech"]

_NEAR = 60
"""Characters around a quotation that tell who speaks."""
_ENDS = frozenset(".!?,…")
_VERBS = (
    "asks?|asked|repl(?:y|ies|ied)|answers?|answered|said|shouts?|shouted|whispers?|whispered"
    "|explains?|explained|adds?|added|insists?|insisted|thinks?|thought"
)
_BEFORE = re.compile(rf"(?P<who>(?:\w+ ){{0,3}})\b(?:{_VERBS})(?: \w+)?[,:]?\s*$")
_LABEL = re.compile(r"(?:^|[\n.!?\"”])\s*(?P<who>[A-Z]\w*(?: [A-Z0-9]\w*)?)\s*:\s*$")
_AFTER = re.compile(rf"\s*(?:(?:{_VERBS}|says?) \w+|(?P<who>(?:\w+ ){{1,3}})(?:{_VERBS}|says?)\b)")
_WRITTEN = re.compile(
    r"\b(?:sign|signs|text|caption|label|title|poster|banner|note|board|billboard|headline|message"
    r"|slogan|screen|shirt|sticker|card|plate|tag|words?|letters|logo|graffiti|inscription)\b",
    re.IGNORECASE,
)
_ALL_QUOTES = re.compile(r"\s*(?:[\"“‘']([^\"“”‘\n]+)[\"”’']\s*){2,}")


def is_speech(text: str, start: int, end: int) -> bool:
    """Whether the quotation `text[start:end]`, marks included, is what somebody says.

    It is a sentence that a speaker's name or a verb of speaking stands beside, or one of several
    quotations that make up the whole text.
    """
    said = text[start + 1 : end - 1].strip()
    if said.isupper() or said[-1:] not in _ENDS:
        return False
    if _ALL_QUOTES.fullmatch(text):
        return True
    if " " not in said:
        return False
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    for found in (_LABEL.search(before), _BEFORE.search(before), _AFTER.match(after)):
        if found is not None and not _WRITTEN.search(found["who"] or ""):
            return True
    return False
