"""What a text tells of time: moments and rates in figures ("at 0:05", "120 words per minute"), how
long something lasts ("a ten-second clip"), and what comes before what ("a dog barks, then a cat").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

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
    r"|[\[(–—-]\s?|(?m:^)[^\S\n]{0,4}(?=\d{1,2}:\d))"
)
_ABOUT = r"(?:(?:about|around|roughly|approximately|etwa|environ|unos|los|le|the)\s){0,2}"
_FIRST = r"\b(?:in|during|within|for|over) the first\s"
_UNIT = (
    r"(?P<unit>ms|milliseconds|s|secs?|seconds?|minutes?|mins?|Sekunden?|Minuten?|secondes?|segundos?"
    r"|minutos?|秒)(?!\w)"
)
_FIGURE = re.compile("[0-9]")
_TIMED = re.compile("sec|sek|seg|min|ms", re.IGNORECASE)
_SECOND = re.compile(r"[0-9]\s?(?:s\b|秒)", re.IGNORECASE)
_COUNTED = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})[ -]{_UNIT}", re.IGNORECASE)
"""What a text without a figure that tells a moment has: a number in words and its unit."""
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
_LASTING = re.compile(
    r"[ -](?:walks?|walking|drives?|driving|rides?|trips?|journeys?|hikes?|runs?|strolls?|flights?"
    r"|away|later|ago|long|old|each|apart|delays?|waits?|breaks?|naps?|rests?|intervals?|of(?! the)"
    r"|Gehweg|Fußweg|Fahrt|entfernt|später|lang|à pied|de marche|plus tard|a pie|más tarde)\b",
    re.IGNORECASE,
)
"""Words behind seconds or minutes that are no moment: "a 1-2 minutes walk"."""
_FOR = re.compile(
    r"\b(?:for|takes?|took|taking|lasts?|lasted|lasting|every|each|another|within|waits?|waited"
    r"|rests?|cook|boil|bake|simmer|fry|stir|dauert|dauern|alle|für|pendant|dure|durante|dura|cada)"
    r"\s(?:(?:about|around|etwa|environ|unos)\s)?\Z",
    re.IGNORECASE,
)
"""Words before a span of seconds or minutes that is no moment: "it takes 2-3 minutes"."""
_BEFORE = 24
"""How many characters before a span are looked at."""
_INTO = re.compile(
    rf"\b(?P<n>{_NUMBER})[ -]?{_UNIT}(?= (?:into\b|in[,.]|mark\b))"
    rf"|\b(?P<n2>{_NUMBER})[ -](?P<unit2>seconds?|minutes?)(?= mark\b)",
    re.IGNORECASE,
)
_NTH = re.compile(
    rf"\b(?:at|from|until|by|around) (?:second|minute) (?P<n>{_FIGURES})(?![\d:])"
    r"|\b(?:at|until|by|around|in) the (?P<n2>\d{1,3})(?:st|nd|rd|th) (?P<unit2>second|minute)\b",
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
    rf"|\b{_FIGURES}\s?s(?:ec)?[ -](?:{_FILM})\b|\b(?:is|was) {_FIGURES}\s?s(?:econds)? long\b"
    rf"|\b(?:in|during|for) the (?:last|final) {_NUMBER} (?:second|minute)s\b"
    r"|\bframes? (?:no\.? ?|#|number )?\d{1,5}\b|\b\d{2,5} frames\b",
    re.IGNORECASE,
)
_TABLE = Path(__file__).with_name("lexicons") / "times.yaml"
_STANDING = {
    "SIDE": "(?:the )?(?:left|right|top|bottom)",
    "FILM": "video|clip|film|audio|recording|scene|footage|shot|song|track",
    "WHO": "he|she|it|they|the|a|an|his|her|someone|somebody|people",
}
"""What words in capitals of the table stand for."""
_WORD = re.compile(r"\w+")
_IF = re.compile(r"\bif\b[^.!?]*\Z", re.IGNORECASE)


@cache
def _orders() -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    """Words of which a text that tells an order has one, and the order it then tells."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for entry in yaml.load(_TABLE.read_text("utf-8"), Loader=loader)["order"]:
        pattern = entry["pattern"]
        for word, said in _STANDING.items():
            pattern = pattern.replace(word, said)
        found.append((frozenset(entry["words"]), re.compile(pattern, re.IGNORECASE)))
    return tuple(found)


def told_moments(text: str) -> Iterator[tuple[str, float]]:
    """The moments of a text as it writes them, and their seconds; times of day are none.

    >>> list(told_moments("Two seconds in, she waves; from 3 to 4.5 seconds, she sits."))
    [('Two seconds', 2.0), ('to 4.5 seconds', 4.5), ('3 to 4.5 seconds', 3.0)]
    """
    if _FIGURE.search(text) is None and not (_TIMED.search(text) and _COUNTED.search(text)):
        return
    for match in _STAMP.finditer(text) if ":" in text else ():
        hours, minutes = int(match["h"] or 0), int(match["m"])
        seconds = float(match["s"].replace(",", "."))
        yield match[0].strip(), hours * 3600 + minutes * 60 + seconds
    timed = _TIMED.search(text) or _SECOND.search(text)
    patterns = [_INTO, _SECONDS, _SPAN, _NTH] if timed else []
    patterns += [_KEYED] if '"' in text else []
    patterns += [_HAN] if "秒" in text else []
    lasting = [match.span() for match in _SPAN.finditer(text) if _lasts(match)] if timed else []
    for pattern in patterns:
        for match in pattern.finditer(text):
            if pattern is _SECONDS and _LASTING.match(text, match.end()):
                continue
            if any(start < match.end() and match.start() < end for start, end in lasting):
                continue
            told = match.groupdict()
            number = told["n"] or told["n2"]
            unit = told.get("unit") or told.get("unit2") or "s"
            yield match[0].strip(), _seconds(number, unit)


def _lasts(span: re.Match[str]) -> bool:
    """Whether a span of seconds or minutes is how long something takes, and none of the clock."""
    before = span.string[max(0, span.start() - _BEFORE) : span.start()]
    return _LASTING.match(span.string, span.end()) is not None or _FOR.search(before) is not None


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
    if _FIGURE.search(text) is None and _TIMED.search(text) is None:
        return []
    return [match[0] for match in _LENGTH.finditer(text)]


def told_order(text: str) -> list[str]:
    """The words of a text that tell what comes before what, or which way something moves.

    >>> told_order("A dog barks, then a car drives from left to right.")
    ['then', 'drives from left to right']
    """
    words = frozenset(_WORD.findall(text.lower()))
    found = [
        match
        for needed, pattern in _orders()
        if (not words.isdisjoint(needed) if needed else not text.isascii())
        for match in pattern.finditer(text)
        if not (match[0].lower() == "then" and _IF.search(text, 0, match.start()))
    ]
    return [match[0].rstrip(", ") for match in sorted(found, key=re.Match.start)]
