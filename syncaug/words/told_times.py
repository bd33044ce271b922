"""What a text tells of time: moments and rates in figures ("at 0:05", "120 words per minute"), how
long something lasts ("a ten-second clip"), and what comes before what ("a dog barks, then a cat").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["told_lengths", "told_moments", "told_order", "told_rates"]

_NUMBERS = dict(
    zip(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        range(11),
        strict=True,
    ),
    twelve=12,
    fifteen=15,
    twenty=20,
    thirty=30,
    forty=40,
    fifty=50,
    sixty=60,
    ninety=90,
)
_FIGURES = r"\d{1,5}(?:[.,]\d{1,3})?"
_NUMBER = rf"(?:{_FIGURES}|{'|'.join(_NUMBERS)})"
_LEAD = (
    r"(?:\b(?:at|from|to|until|till|by|after|before|between|around|and|near|time|bei|ab|bis|von|nach"
    r"|à|après|jusqu'à|vers|desde|hasta|tras|a(?= los))\s"
    r"|[\[(–—-]\s?)"
)
_ABOUT = r"(?:(?:about|around|roughly|approximately|etwa|environ|unos|los|le|the)\s){0,2}"
_FIRST = r"\b(?:in|during|within|for|over) the first\s"
_UNIT = (
    r"(?P<unit>ms|milliseconds|s|secs?|seconds?|minutes?|mins?|Sekunden?|Minuten?|secondes?|segundos?"
    r"|minutos?|秒)(?!\w)"
)
_TELLING = re.compile(rf"[0-9]|\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_STAMP = re.compile(
    rf"(?:{_LEAD}|-->\s?|\bthe\s(?=[\d:.]{{3,13}}\smark)|(?=[\d:.,]{{3,13}}\s?-->))"
    r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>[0-5]\d(?:[.,]\d{1,3})?)(?![\d:])"
    r"(?!\s?(?:[ap]\.?m\b|o'clock|Uhr|h\b|scale|ratio))",
    re.IGNORECASE,
)
_SECONDS = re.compile(rf"(?:{_LEAD}|{_FIRST}){_ABOUT}(?P<n>{_NUMBER})\s?{_UNIT}", re.IGNORECASE)
_SPAN = re.compile(
    rf"(?<![\d.:])(?P<n>{_FIGURES})\s?(?:s\s?)?(?:-|–|to)\s?{_FIGURES}\s?{_UNIT}", re.IGNORECASE
)
_INTO = re.compile(
    rf"\b(?P<n>{_NUMBER})[ -]?{_UNIT}(?= (?:into\b|in[,.]|mark\b))"
    rf"|\b(?P<n2>{_NUMBER})[ -](?P<unit2>seconds?|minutes?)(?= mark\b)",
    re.IGNORECASE,
)
_KEYED = re.compile(
    r"\"(?:start|end|start_time|end_time|begin|onset|offset|timestamps?|time_range|span)\""
    rf"\s*:[\[\s]*(?P<n>{_FIGURES})(?![\d:])"
)
_HAN = re.compile(rf"[第在到至从]\s?(?P<n>{_FIGURES})\s?秒")
_RATE = re.compile(
    r"\b\d+(?:[.,]\d+)?\s?(?:(?:words?|beats?|syllables?|characters?|chars?|letters?|notes|claps|steps)"
    r"\s?(?:per|a|an|/|each)\s?(?:minute|min|second|sec|s)\b|(?:wpm|bpm|cps)\b)",
    re.IGNORECASE,
)

_FILM = "clip|video|film|audio|sound|recording|shot"
_LENGTH = re.compile(
    rf"\b(?:{_FILM}|scene|it|this) (?:is|was|lasts|lasted|runs|takes)"
    rf" (?:for |about |around )*{_NUMBER}[ -](?:second|minute)s?\b"
    rf"|\b{_NUMBER}[ -](?:second|minute)s?(?:[ -]long)?[ -](?:{_FILM})\b"
    rf"|\b{_FIGURES}\s?s(?:ec)?[ -](?:{_FILM})\b|\b(?:is|was) {_FIGURES}\s?s(?:econds)? long\b",
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
    r"|\bat the (?:beginning|start|end)[,.]|\bnext,? (?:he|she|it|they)\b|\blater\b"
    r"|\b(?:enters?|leaves?|exits?) the (?:frame|scene|shot|picture)\b"
    r"|\b(?:puis|ensuite|dann|danach|anschließend|luego|después)\b|然后|接着",
    re.IGNORECASE,
)


def told_moments(text: str) -> Iterator[tuple[str, float]]:
    """The moments of a text as it writes them, and their seconds; times of day are none.

    >>> list(told_moments("Two seconds in, she waves; from 3 to 4.5 seconds, she sits."))
    [('Two seconds', 2.0), ('to 4.5 seconds', 4.5), ('3 to 4.5 seconds', 3.0)]
    """
    if _TELLING.search(text) is None:
        return
    for match in _STAMP.finditer(text):
        hours, minutes = int(match["h"] or 0), int(match["m"])
        seconds = float(match["s"].replace(",", "."))
        yield match[0].strip(), hours * 3600 + minutes * 60 + seconds
    for pattern in (_INTO, _SECONDS, _SPAN, _KEYED, _HAN):
        for match in pattern.finditer(text):
            told = match.groupdict()
            number = told["n"] or told["n2"]
            unit = told.get("unit") or told.get("unit2") or "s"
            yield match[0].strip(), _seconds(number, unit)


def _seconds(number: str, unit: str) -> float:
    """Seconds of "5", "2.5" or "two" of a unit."""
    told = _NUMBERS.get(number.lower())
    value = float(number.replace(",", ".")) if told is None else float(told)
    if unit.lower().startswith("min"):
        return value * 60
    return value / 1000 if unit.lower().startswith("m") else value


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
