"""The pattern language of the lexicons: rows of neighbouring words that decide a word's use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, product

from syncaug.words.tokens import PUNCTUATION, SENTENCE_END, SENTENCE_START

__all__ = ["Element", "LexiconError", "Variant", "WordRules", "parse_pattern", "resolve_sets"]

_MOST_OPTIONAL = 12
"""Each word that may be absent doubles the variants of a rule."""
_SET = re.compile(r"<(\w+)>")


class LexiconError(ValueError):
    """A lexicon file is not well formed. The message names the entry and what was expected.

    >>> from syncaug.words import Lexicon, LexiconError, colour_words
    >>> issubclass(LexiconError, ValueError)
    True
    """


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: the key must be in `keys` (or, if not `inside`, must not)."""

    keys: frozenset[str]
    inside: bool = True

    def fits(self, key: str) -> bool:
        return (key in self.keys) is self.inside


@dataclass(frozen=True, slots=True)
class Variant:
    """One rule with its optional words settled; `before` and `after` run outward from the slot.

    `reach_before` and `reach_after` count the neighbours that belong to the replaced phrase.
    """

    outcome: str
    before: tuple[Element, ...]
    after: tuple[Element, ...]
    reach_before: int = 0
    reach_after: int = 0
    slot: frozenset[str] = frozenset()

    def fits(self, keys: Sequence[str], at: int) -> bool:
        """Whether the neighbours of `keys[at]` are as the rule says."""
        for offset, element in enumerate(self.before, 1):
            if (keys[at - offset] in element.keys) is not element.inside:
                return False
        for offset, element in enumerate(self.after, 1):
            if (keys[at + offset] in element.keys) is not element.inside:
                return False
        return True

    def beyond(self, distance: int) -> tuple[_Asked, ...]:
        """What it asks of words further away than that, each with how far behind the slot it is."""
        left = enumerate(self.before[distance:], distance + 1)
        right = enumerate(self.after[distance:], distance + 1)
        return (
            *((-far, element.keys, element.inside) for far, element in left),
            *((far, element.keys, element.inside) for far, element in right),
        )


def resolve_sets(sets: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The named word sets of a lexicon; a set may name others as `<name>`."""

    def resolve(name: str, path: tuple[str, ...]) -> frozenset[str]:
        if name not in sets:
            raise LexiconError(f"unknown word set <{name}>; known are {', '.join(sorted(sets))}")
        if name in path:
            raise LexiconError(f"word set <{name}> contains itself")
        return _alternatives(sets[name].split(), lambda inner: resolve(inner, (*path, name)))

    return {name: resolve(name, ()) for name in sets}


def _alternatives(parts: Iterable[str], resolve: object) -> frozenset[str]:
    words: set[str] = set()
    for part in parts:
        named = _SET.fullmatch(part)
        if named and callable(resolve):
            words |= resolve(named[1])
        elif part == "$":
            words |= SENTENCE_END
        elif part == "^":
            words |= SENTENCE_START
        else:
            words.add(part)
    return frozenset(words)


def parse_pattern(
    outcome: str,
    pattern: str,
    sets: Mapping[str, frozenset[str]],
    subsets: Mapping[str, frozenset[str]] | None = None,
) -> list[Variant]:
    """The variants of one rule, longest first. `subsets` are names that `_name` may restrict to."""

    def look_up(name: str) -> frozenset[str]:
        if name not in sets:
            raise LexiconError(f"pattern {pattern!r}: unknown word set <{name}>")
        return sets[name]

    items: list[tuple[Element, bool, bool]] = []  # element, optional, bracketed
    slot_at, slot, inside = -1, frozenset[str](), False
    for part in pattern.split():
        opened, part = part.startswith("["), part.removeprefix("[")
        closed, part = part.endswith("]"), part.removesuffix("]")
        inside = inside or opened
        optional = len(part) > 1 and part.endswith("?")
        body = part[:-1] if optional else part
        if body.startswith("_"):
            if slot_at >= 0:
                raise LexiconError(f"pattern {pattern!r} has two slots; expected one _")
            slot_at = len(items)
            name = body[1:]
            slot = (subsets or {}).get(name) or (
                _alternatives(name.split("|"), look_up) if name else frozenset()
            )
            items.append((Element(frozenset()), False, inside))
        elif body == "*":
            items.append((Element(PUNCTUATION, inside=False), optional, inside))
        else:
            negated = body.startswith("!")
            keys = _alternatives(body.removeprefix("!").split("|"), look_up)
            items.append((Element(keys, inside=not negated), optional, inside))
        inside = inside and not closed
    if sum(item[1] for item in items) > _MOST_OPTIONAL:
        raise LexiconError(
            f"pattern {pattern!r} has more than {_MOST_OPTIONAL} words that may be absent; "
            "write several rules"
        )
    if slot_at < 0:
        raise LexiconError(f"pattern {pattern!r} has no slot; write _ for the word itself")
    before, after = items[:slot_at][::-1], items[slot_at + 1 :]
    variants = [
        Variant(
            outcome,
            tuple(item[0] for item in left),
            tuple(item[0] for item in right),
            sum(item[2] for item in left),
            sum(item[2] for item in right),
            slot,
        )
        for left, right in product(_settled(before), _settled(after))
    ]
    return sorted(variants, key=lambda variant: -len(variant.before) - len(variant.after))


def _settled(
    items: list[tuple[Element, bool, bool]],
) -> list[tuple[tuple[Element, bool, bool], ...]]:
    choices = [((item,), ()) if item[1] else ((item,),) for item in items]
    return [tuple(item for part in choice for item in part) for choice in product(*choices)]


_Asked = tuple[int, frozenset[str], bool]
"""How far from a word another stands, and words of which it is one, or (if False) none."""
_Allowed = tuple[_Asked | None, tuple[tuple[Variant, tuple[_Asked, ...]], ...]]
"""Rules that the neighbours of a word allow and that ask the same of one word beyond these, if
anything, each with what else it asks."""
_MOST = 4096
"""Neighbourhoods of one word that are kept at hand; texts hardly ever have more."""


@dataclass(slots=True)
class WordRules:
    """The rules of one word in order, with those that its neighbours allow kept at hand.

    Neighbours are two words on each side. One that no rule names in its place is as good as none,
    so that texts share what is found for them.
    """

    variants: tuple[Variant, ...]
    _known: tuple[tuple[frozenset[str], frozenset[str]], ...] = field(init=False)
    _kept: dict[tuple[str, ...], tuple[_Allowed, ...]] = field(init=False, default_factory=dict)
    _near: dict[tuple[str, ...], tuple[Variant, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._known = tuple(
            (
                frozenset().union(*(v.before[n].keys for v in self.variants if len(v.before) > n)),
                frozenset().union(*(v.after[n].keys for v in self.variants if len(v.after) > n)),
            )
            for n in range(2)
        )

    def decide(self, keys: Sequence[str], at: int, default: Variant) -> Variant:
        """The first rule that fits the word at `keys[at]`, else `default`."""
        (before, after), (before_it, after_it) = self._known
        near = (
            word if (word := keys[at - 1]) in before else "\0",
            word if (word := keys[at + 1]) in after else "\0",
            word if (word := keys[at - 2]) in before_it else "\0",
            word if (word := keys[at + 2]) in after_it else "\0",
        )
        variants = self._kept.get(near)
        if variants is None:
            variants = self._allowed(near)
        for first, group in variants:
            if first is not None and (keys[at + first[0]] in first[1]) is not first[2]:
                continue
            for variant, others in group:
                for offset, words, inside in others:
                    if (keys[at + offset] in words) is not inside:
                        break
                else:
                    return variant
        return default

    def _allowed(self, near: tuple[str, str, str, str]) -> tuple[_Allowed, ...]:
        """The rules that these neighbours allow, the direct ones first."""
        if len(self._kept) >= _MOST:
            self._kept.clear()
        direct = self._near.get(near[:2])
        if direct is None:
            if len(self._near) >= _MOST:
                self._near.clear()
            direct = self._near[near[:2]] = _fitting(self.variants, 0, near[0], near[1])
        left = _fitting(direct, 1, near[2], near[3])
        asked = [(variant, variant.beyond(2)) for variant in left]
        found = self._kept[near] = tuple(
            (first, tuple((variant, others[1:]) for variant, others in group))
            for first, group in groupby(asked, key=lambda rule: rule[1][0] if rule[1] else None)
        )
        return found


def _fitting(
    variants: Sequence[Variant], distance: int, before: str, after: str
) -> tuple[Variant, ...]:
    """The rules that allow these words at a distance from theirs."""
    return tuple(
        variant
        for variant in variants
        if (len(variant.before) <= distance or variant.before[distance].fits(before))
        and (len(variant.after) <= distance or variant.after[distance].fits(after))
    )
