"""Forms of words that agree with a noun: which form stands where, told by what stands around it.

A language names its slots, each with one form of every word: French "fs" is the feminine singular,
German "es" an ending. A form that stands in several slots ("rouge") is told by rules, such as
"the feminine noun before it"; where they leave two different forms, the caller refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from syncaug.words.patterns import Element, LexiconError, Variant, parse_pattern, resolve_sets

__all__ = ["PLAIN", "Inflection", "compile_inflection"]

_MOST_KNOWN = 2000
_SPAN = 8
"""The neighbours on either side of a word that rules may look at, at most."""


@dataclass(frozen=True, slots=True)
class Inflection:
    """The forms of a language's words, and the rules that tell slots.

    `forms` has a form for each of `slots`; a word that is not in it never changes. `kinds` gives
    known nouns ("@fs", "@n") and adjectives ("~fs", "~es") the key by which rules name them,
    `endings` any word that ends so.
    """

    slots: tuple[str, ...]
    forms: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]
    endings: Mapping[str, str]
    rules: tuple[tuple[frozenset[str], Variant], ...] = ()
    known: frozenset[str] = frozenset()
    """Words that rules name themselves: they have no kind."""
    near: dict[str, tuple[tuple[frozenset[str], Variant], ...]] = field(default_factory=dict)
    """The rules by the word before, as they were asked for."""
    also: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Other spellings of a form: spelling -> the word, and the slots of the form ("*" for all)."""

    def forms_of(self, word: str) -> dict[str, frozenset[str]]:
        """Each form of a word with the slots in which it stands."""
        found: dict[str, set[str]] = {}
        forms = self.forms.get(word) or (word,) * len(self.slots)
        for slot, form in zip(self.slots, forms, strict=True):
            found.setdefault(form, set()).add(slot)
        for form, (base, slot) in self.also.items():
            if base == word:
                told = self.slots if slot == "*" else _selected(slot, self.slots)
                found.setdefault(form, set()).update(told)
        return {form: frozenset(slots) for form, slots in found.items()}

    def said(self, word: str, slots: frozenset[str], keys: Sequence[str], at: int) -> str:
        """The form of `word` that stands in place of `keys[at]`, a form of one of `slots`.

        Empty where what stands around it does not tell.
        """
        forms = self.forms.get(word)
        return word if forms is None else self.chosen(forms, slots, keys, at)

    def chosen(
        self, forms: Sequence[str], slots: frozenset[str], keys: Sequence[str], at: int
    ) -> str:
        """The one of `forms`, in the order of all slots, that stands in place of `keys[at]`."""
        fitting = self._fitting(forms, slots)
        if len(fitting) > 1:
            fitting = self._fitting(forms, self._narrowed(slots, keys, at))
        return fitting.pop() if len(fitting) == 1 else ""

    def _fitting(self, forms: Sequence[str], slots: frozenset[str]) -> set[str]:
        return {form for slot, form in zip(self.slots, forms, strict=True) if slot in slots}

    def _narrowed(self, slots: frozenset[str], keys: Sequence[str], at: int) -> frozenset[str]:
        """The slots that every rule that fits leaves; one that leaves none is passed over."""
        near = [self._kind(key) for key in keys[max(at - _SPAN, 0) : at + _SPAN + 1]]
        here = min(at, _SPAN) + _SPAN
        near = [*[""] * _SPAN, *near, *[""] * _SPAN]
        for told, variant in self._rules_behind(near[here - 1]):
            if (not variant.slot or keys[at] in variant.slot) and variant.fits(near, here):
                if not told:
                    break
                slots = slots & told or slots
        return slots

    def _rules_behind(self, key: str) -> tuple[tuple[frozenset[str], Variant], ...]:
        """The rules that the word before allows; those of words that no rule names are one set."""
        rules = self.near.get(key)
        if rules is None:
            rules = tuple(
                rule for rule in self.rules if not rule[1].before or rule[1].before[0].fits(key)
            )
            if len(self.near) < _MOST_KNOWN:
                self.near[key] = rules
        return rules

    def _kind(self, key: str) -> str:
        """The key of a word's kind: its own, or that of the longest known ending."""
        if len(key) < 2 or key in self.known:
            return key
        kind = self.kinds.get(key)
        if kind is None and self.endings:
            for start in range(1, len(key)):
                kind = self.endings.get(key[start:])
                if kind is not None:
                    return kind
        return kind or key


PLAIN = Inflection(("",), {}, {}, {})
"""Words of one form each."""


def compile_inflection(data: Mapping[str, Any]) -> Inflection:
    """The section `inflection` of a lexicon. Raises LexiconError where it is not well formed."""
    if not data:
        return PLAIN
    slots = tuple(str(slot) for slot in data.get("slots", ()))
    if not slots:
        raise LexiconError("inflection: slots: expected the names of the forms of a word")
    forms: dict[str, tuple[str, ...]] = {}
    for name, pattern in data.get("patterns", {}).items():
        ends = [str(each) for each in pattern["endings"]]
        _require(ends, slots, f"patterns: {name}: endings")
        for stem in pattern["stems"].split():
            forms[stem + ends[0]] = tuple(stem + end for end in ends)
    for word, told in data.get("forms", {}).items():
        _require(told, slots, f"forms: {word}")
        forms[str(word)] = tuple(str(form) for form in told)
    also = {str(form): (str(told[0]), str(told[1])) for form, told in data.get("also", {}).items()}
    kinds = {
        word: f"@{kind}"
        for kind, words in data.get("kinds", {}).items()
        for word in str(words).split()
        if not word.startswith("-")
    }
    endings = {
        word[1:]: f"@{kind}"
        for kind, words in data.get("kinds", {}).items()
        for word in str(words).split()
        if word.startswith("-")
    }
    if data.get("compounds"):
        endings = {**{word: kind for word, kind in kinds.items() if len(word) > 2}, **endings}
    for adjective in str(data.get("adjectives", "")).split():
        for slot, form in _told_by(forms.get(adjective, ()), slots):
            kinds.setdefault(form, f"~{slot}")
    sets = resolve_sets(data.get("sets", {}))
    rules: list[tuple[frozenset[str], Variant]] = []
    known: set[str] = set()
    for entry in data.get("rules", ()):
        if not (isinstance(entry, list) and len(entry) == 2):
            raise LexiconError(f"inflection: rules: expected [slots, pattern], found {entry!r}")
        told = _selected(str(entry[0]), slots)
        for variant in parse_pattern(str(entry[0]), str(entry[1]), sets):
            rules.append((told, variant))
            for element in (*variant.before, *variant.after):
                known |= element.keys
    of_kind = {kind: [w for w in known if kinds.get(w) == kind] for kind in set(kinds.values())}
    told_all = tuple((told, _with_kinds(variant, of_kind)) for told, variant in rules)
    return Inflection(slots, forms, kinds, endings, told_all, frozenset(known), also=also)


def _with_kinds(variant: Variant, of_kind: Mapping[str, Sequence[str]]) -> Variant:
    """A rule in which a kind holds for words that rules name themselves, too."""

    def widened(element: Element) -> Element:
        more = [word for key in element.keys for word in of_kind.get(key, ())]
        return replace(element, keys=element.keys.union(more)) if more else element

    return replace(
        variant,
        before=tuple(map(widened, variant.before)),
        after=tuple(map(widened, variant.after)),
    )


def _require(told: Sequence[Any], slots: Sequence[str], where: str) -> None:
    if isinstance(told, str) or len(told) != len(slots):
        raise LexiconError(
            f"inflection: {where}: expected {len(slots)} forms, one for each of "
            f"{', '.join(slots)}; found {told!r}"
        )


def _told_by(forms: Iterable[str], slots: Sequence[str]) -> list[tuple[str, str]]:
    """The forms of a word that stand in one slot alone, with that slot."""
    forms = list(forms)
    return [
        (slot, form) for slot, form in zip(slots, forms, strict=False) if forms.count(form) == 1
    ]


def _selected(said: str, slots: Sequence[str]) -> frozenset[str]:
    """The slots that a rule names: whole, or by some of their letters ("f" of fs and fp)."""
    found: set[str] = set()
    for part in said.split("|"):
        if part in slots:
            found.add(part)
        elif part != "?":
            some = {slot for slot in slots if set(part) <= set(slot)}
            if not some:
                raise LexiconError(
                    f"inflection: rules: {part!r} is none of the slots {', '.join(slots)}"
                )
            found |= some
    return frozenset(found)
