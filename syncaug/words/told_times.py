"""What a text tells of time: moments and rates in figures ("at 0:05", "120 words per minute"), how
long something lasts ("a ten-second clip"), and what comes before what ("a dog barks, then a cat").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["told_lengths", "told_moments", "told_order", "told_rates"]

_LEAD = (
    r"(?:\b(?:at|from|to|until|till|by|after|before|between|around|and|near|time)\s"
    r"|[\[(–—-]\s?)"
)
_FIGURE = re.compile("[0-9]")
_STAMP = re.compile(
    rf"{_LEAD}(?:(?P<h>\d{{1,2}}):)?(?P<m>\d{{1,2}}):(?P<s>[0-5]\d(?:[.,]\d{{1,3}})?)(?![\d:])"
    r"(?!\s?(?:[ap]\.?m\b|o'clock|Uhr|h\b))",
    re.IGNORECASE,
)
_SECONDS = re.compile(
    rf"{_LEAD}(?P<n>\d{{1,5}}(?:[.,]\d{{1,3}})?)\s?(?P<unit>ms|milliseconds|s|secs?|seconds?|Sekunden?|secondes?|segundos?|秒)"
    r"(?![\w])",
    re.IGNORECASE,
)
_RATE = re.compile(
    r"\b\d+(?:[.,]\d+)?\s?(?:(?:words?|beats?|syllables?|characters?|chars?|letters?|notes|claps|steps)"
    r"\s?(?:per|a|an|/|each)\s?(?:minute|min|second|sec|s)\b|(?:wpm|bpm|cps)\b)",
    re.IGNORECASE,
)

_NUMBER = (
    r"(?:\d{1,4}(?:[.,]\d{1,3})?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen"
    r"|twenty|thirty|forty|fifty|sixty|ninety)"
)
_FILM = "clip|video|film|audio|sound|recording|shot"
_LENGTH = re.compile(
    rf"\b(?:{_FILM}|scene|it|this) (?:is|was|lasts|lasted|runs|takes)"
    rf" (?:for |about |around )*{_NUMBER}[ -](?:second|minute)s?\b"
    rf"|\b{_NUMBER}[ -](?:second|minute)s?(?:[ -]long)?[ -](?:{_FILM})\b",
    re.IGNORECASE,
)
_SIDES = r"(?:the )?(?:left|right|top|bottom)"
_ORDER = re.compile(
    r"(?<!since )(?<!back )(?<!until )(?<!by )\bthen\b(?! again)|\bafterwards?\b|\bfollowed by\b"
    rf"|\b(?:moves?|drives?|walks?|runs?|flies|rolls?|slides?|passes|goes|going|moving|driving|walking"
    rf"|running|flying|rolling|sliding|passing) from {_SIDES} to {_SIDES}\b"
    r"|\b(?:before|after) (?:he|she|it|they|[a-z]{3,}ing)\b"
    r"|\bat (?:first|the (?:beginning|start|end) of the (?:clip|video|film|audio|recording))\b"
    r"|\b(?:backwards|in reverse)\b|(?<=[,.] )finally\b"
    r"|\b(?:puis|ensuite|dann|danach|anschließend|luego|después)\b|然后|接着",
    re.IGNORECASE,
)


def told_moments(text: str) -> Iterator[tuple[str, float]]:
    """The moments of a text as it writes them, and their seconds; times of day are none."""
    if _FIGURE.search(text) is None:
        return
    for match in _STAMP.finditer(text):
        hours, minutes = int(match["h"] or 0), int(match["m"])
        seconds = float(match["s"].replace(",", "."))
        yield match[0].strip(), hours * 3600 + minutes * 60 + seconds
    for match in _SECONDS.finditer(text):
        number = float(match["n"].replace(",", "."))
        yield match[0].strip(), number / 1000 if match["unit"].lower().startswith("m") else number


def told_rates(text: str) -> list[str]:
    """What a text says is counted in a minute or a second, as it writes it."""
    return [match[0] for match in _RATE.finditer(text)]


def told_lengths(text: str) -> list[str]:
    """How long a text says that what it describes lasts, as it writes it.

    >>> told_lengths("A ten-second clip of a dog that sits for two seconds.")
    ['ten-second clip']
    """
    return [match[0] for match in _LENGTH.finditer(text)]


def told_order(text: str) -> list[str]:
    """The words of a text that tell what comes before what, or which way something moves.

    >>> told_order("A dog barks, then a car drives from left to right.")
    ['then', 'drives from left to right']
    """
    return [match[0] for match in _ORDER.finditer(text)]
