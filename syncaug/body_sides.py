"""Names of sides: `left_eye` and `right_eye` trade places in a mirror; `right_of_way` does not.

Names are identifiers (snake, kebab, camel, spaced or abbreviated), not sentences: for the words of
a sentence see `directions`. A mirror image swaps left and right and nothing else: whichever way it
lies, an upper lip stays an upper lip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from syncaug.lazy import pattern

__all__ = ["sided", "swapped_name", "swapped_order", "unpaired"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BODY = _words(
    "eye eyebrow brow cheek temple shoulder elbow wrist hand palm arm forearm thumb finger pinky "
    "hip thigh knee leg calf shin ankle heel foot toe paw wing hoof clavicle collar femur tibia "
    "humerus"
)
"""Parts of a body that are written in one word with their side: rknee, RBigToe, earLeft, hipR."""
_TITLED = tuple(word.title() for word in (*_BODY, "ear"))
_SHOUTED = tuple(word.upper() for word in _BODY)
_PLACES = _words("front hind rear back upper lower top bottom fore inner outer")
"""What stands before a side in one word: frontleft, upperright."""
_THINGS = _words("most ward wards side handed turn lane wheel door wall corner")
"""What stands after a side in one word: leftmost, rightturn."""


def _any(words: Iterable[str]) -> str:
    return "|".join(words)


def _after(words: Iterable[str]) -> str:
    return _any(f"(?<={word})" for word in words)


_SPOKEN = pattern(
    r"(?<![A-Za-z])(?:left|right|Left|Right|LEFT|RIGHT)(?![a-z])"  # left_eye, leftEye, LEFT-HIP
    r"|(?<=[a-z0-9])(?:Left|Right)(?![a-z])"  # eyeLeft
)
_GLUED = pattern(
    rf"(?<![A-Za-z])(?:[Ll]eft|[Rr]ight)(?=(?:{_any([*_BODY, 'ear', *_THINGS])})s?(?![a-z]))"
    rf"|(?:{_after([*_BODY, *_PLACES])})(?:left|right)(?![a-z])"  # frontleft, kneeright
    rf"|(?<![A-Za-z])[LRlr](?=(?:[A-Z][a-z]+)*?(?:{_any(_TITLED)})s?(?![a-z]))"  # RBigToe, lEye
    rf"|(?<![A-Za-z])[LRlr](?=(?:{_any(_BODY)})s?(?![a-z]))"  # rknee; "rear" and "rank" are words
    rf"|(?<![A-Za-z])[LR](?=(?:{_any(_SHOUTED)})S?(?![A-Z]))"  # LEYE
    rf"|(?:{_after([*_BODY, 'ear', *_TITLED])})[LR](?![A-Za-z])"  # hipR
)
_WORD = pattern(f"{_SPOKEN.pattern}|{_GLUED.pattern}")
_SHIP = _words(
    "side wing bow beam engine hull stern tack rail quarter light lantern rudder flap aileron "
    "nacelle"
)
"""What has a port side: a port alone may be a harbour or a socket."""
_HANDED = pattern(
    r"(?<![a-z])(?:(?:counter|anti)[_\- ]?clockwise|clockwise|ccw|cw)(?![a-z])"
    rf"|(?<![a-z])(?:starboard|port)(?=[_\- ]?(?:{_any(_SHIP)})s?(?![a-z]))",
    re.IGNORECASE,
)
_LETTER = pattern(
    r"(?:^|(?<=[_\-. (]))(?:[lrLR]|[lr][th]|[LR]t|[LR][TH])(?=[_\-. )]|$)"  # hand (L), rt_hip
)
_FOREIGN = (
    *(("links", "rechts"), ("linke", "rechte"), ("linker", "rechter"), ("linkes", "rechtes")),
    *(("linken", "rechten"), ("gauche", "droite"), ("gauches", "droites"), ("gauche", "droit")),
    *(("izquierda", "derecha"), ("izquierdo", "derecho"), ("izquierdas", "derechas")),
    *(("izquierdos", "derechos"), ("esquerda", "direita"), ("esquerdo", "direito")),
    *(("sinistra", "destra"), ("sinistro", "destro"), ("левый", "правый")),
    *(("левая", "правая"), ("левое", "правое"), ("左", "右"), ("왼쪽", "오른쪽"), ("왼", "오른")),
)
_AMBIGUOUS = frozenset(
    ("links", "linker", "rechte", "rechten", "rechter", "droit", "droite", "derecho", "derechos",
     "derecha", "derechas", "direito", "destro", "destra", "右", "左")
)  # fmt: skip
"""Words of other languages that name a side only beside the name of the other side."""
_ABROAD = pattern(
    r"(?<![^\W\d_])(?:" + _any(word for pair in _FOREIGN[:-3] for word in pair) + r")(?![^\W\d_])"
    r"|左(?!右)|(?<!左)右|왼쪽|오른쪽|왼(?= ?[^쪽])|오른(?= ?[^쪽])",
    re.IGNORECASE,
)
_SIDE = pattern(f"{_WORD.pattern}|{_LETTER.pattern}|(?i:{_ABROAD.pattern})|(?i:{_HANDED.pattern})")
_OTHER = {"left": "right", "right": "left", "l": "r", "r": "l", "lt": "rt", "rt": "lt"}
_OTHER |= {"lh": "rh", "rh": "lh"}
_OTHER |= {"starboard": "port", "port": "starboard", "cw": "ccw", "ccw": "cw"}
_OTHER |= {"clockwise": "counterclockwise", "counterclockwise": "clockwise"}
_OTHER |= {other: one for one, other in _FOREIGN}
_OTHER |= dict(reversed(_FOREIGN))  # gauche is droite rather than droit

_IDIOMS = pattern(
    r"(?<![a-z])(?:left[_\- ]?(?:behind|over|luggage|baggage|unattended)s?"
    r"|right[_\- ]?(?:of[_\- ]?way|angled?|triangles?|whales?|answers?|holders?)"
    r"|(?:all|civil|human|copy)[_\- ]rights?)(?![a-z])",
    re.IGNORECASE,
)
"""Names in which left is what remains and right is what is due, straight or true."""

_PAIRED = pattern(
    rf"(?<![a-z])(?:{_any(_BODY)}|ear|jaw|sho|elb|wri|upperarm|index|ank"
    r"|glove|shoe|boot|sock|sleeve|lung|kidney|breast|lobe|ventricle|atrium|hemisphere"
    r"|iris|pupil|horn|lane|wheel|tire|mirror|door"
    r"|window|headlight|taillight|light|lamp|blinker|indicator|turn|side|gripper)s?(?![a-z])",
    re.IGNORECASE,
)
"""What there is one of on each side: beside it a single letter is short for a side."""


@lru_cache(maxsize=4096)
def swapped_name(name: str) -> str:
    """The name of the other side; `bright_spot`, `cleft` and `right_of_way` are none and stay."""
    if _IDIOMS.search(name):
        return name

    def other(match: re.Match[str]) -> str:
        word = match.group(0)
        swapped = _OTHER.get(word.lower(), "clockwise")  # anti-clockwise, counter_clockwise
        if word.isupper():
            return swapped.upper()
        return swapped.capitalize() if word[0].isupper() else swapped

    return _SIDE.sub(other, name)


def sided(names: Iterable[str]) -> str:
    """The first of a list of names that surely names a side, or an empty text.

    The words do, unless the list also says `wrong`. A letter does beside a thing of which there is
    one on each side: `l_hand`, but neither the size `L` nor the model `R-50`.
    """
    known = dict.fromkeys(names)
    for name in known:
        may = _may_name_a_side(name)
        if may is None:
            continue
        if may:
            if "left" not in name.lower() and any(_WRONG.search(other) for other in known):
                continue  # right is what is not wrong
            return name
        if swapped_name(name) in known:
            return name
    return ""


@lru_cache(maxsize=4096)
def _may_name_a_side(name: str) -> bool | None:
    """Whether a name surely names a side; None where it does not even beside that of the other."""
    return _names_a_side(name) or (False if _ABROAD.search(name) else None)


_WRONG = pattern(r"(?<![a-z])(?:wrong|incorrect|false)(?![a-z])", re.IGNORECASE)


def _names_a_side(name: str) -> bool:
    if swapped_name(name) == name:
        return False
    if any(word.lower() not in _AMBIGUOUS for word in _ABROAD.findall(name)):
        return True
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    if _WORD.search(name) or _HANDED.search(name):
        return True
    return bool(_LETTER.search(name)) and bool(_PAIRED.search(spaced))


_SHORT = (
    pattern(r"(?:^|(?<=[_\-. ]))[fbrhFBRH]?([lrLR])\d*(?=[_\-. ]|$)"),  # FL, L1, paw_FR
    pattern(r"(?:^|(?<=[_\-. ]))([lrLR])[fbrhFBRH](?=[_\-. ]|$)"),  # LF, RH
    pattern(r"^([lrLR])(?=[Ee]ar)"),  # rear is a side beside lear only
)
"""Letters that are short for a side where the list has the name of the other side as well."""


@lru_cache(maxsize=64)
def swapped_order(names: tuple[str, ...]) -> list[int]:
    """For each row, the row that holds its name after a mirror; rows without a partner stay."""
    places = {name: index for index, name in enumerate(names)}
    order = list(range(len(names)))
    for index, name in enumerate(names):
        other = next((places[o] for o in _others(name) if places.get(o, index) != index), index)
        if order[index] == index and order[other] == other:  # each has one partner, both ways
            order[index], order[other] = other, index
    return order


def unpaired(names: tuple[str, ...]) -> str:
    """The first name that surely says a side, and beside which no row holds that of the other.

    A name of both (`left_to_right`) is on no side. Empty where every side has its partner.
    """
    order = swapped_order(names)
    for index, name in enumerate(names):
        both = "left" in name.lower() and "right" in name.lower()
        if order[index] == index and _names_a_side(name) and not both:
            return name
    return ""


def _others(name: str) -> Iterator[str]:
    """What the other side of a name may be called, the likeliest first."""
    yield swapped_name(name)
    for short in _SHORT:
        if match := short.search(name):
            place, letter = match.start(1), match[1]
            other = _OTHER[letter.lower()]
            yield name[:place] + (other.upper() if letter.isupper() else other) + name[place + 1 :]
