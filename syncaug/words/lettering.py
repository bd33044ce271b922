"""How the letters of a text are written: in another style or width, and with characters unseen.

plain("ｌｅｆｔ")          # "left"
shown("left" with a character of no width in it)     # "left"
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_wide", "plain", "shown", "shown_places", "wide"]

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f\ufeff]+")
"""Characters of no width: they part words for a program and for no reader."""
_STYLED = re.compile("[\u24b6-\u24e9\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff]+")
"""Letters and figures in a style of their own, each of which stands for a plain one."""
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def plain(text: str) -> str:
    """A text in plain letters and figures, letter for letter."""
    if text.isascii() or _STYLED.search(text) is None:
        return text
    return _STYLED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)


def is_wide(text: str) -> bool:
    """Whether a text begins with a letter as wide as a Chinese character."""
    return "\uff21" <= text[:1] <= "\uff5a"


def wide(text: str) -> str:
    """A text in letters as wide as Chinese characters."""
    return text.translate(_WIDE)


def shown(text: str) -> str:
    """A text as it is seen: without characters of no width."""
    if text.isascii() or _UNSEEN.search(text) is None:
        return text
    return _UNSEEN.sub("", text)


def shown_places(text: str) -> list[int]:
    """Where each character of a text as it is seen stands in the text."""
    return [at for at, letter in enumerate(text) if _UNSEEN.match(letter) is None]
