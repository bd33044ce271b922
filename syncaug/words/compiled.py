"""The sections of a lexicon, compiled: words with their groups, rules, hues and names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from syncaug.words.inflection import PLAIN, Inflection
from syncaug.words.naming import Names, hsv_of
from syncaug.words.patterns import LexiconError, Variant, WordRules, parse_pattern, resolve_sets
from syncaug.words.tokens import PAD, SPACED, Writing

__all__ = [
    "Colours",
    "Directions",
    "Group",
    "Hue",
    "compile_colours",
    "compile_directions",
    "gathered",
    "hue_reader",
]

_COLOUR_OUTCOMES = frozenset({"colour", "stay", "signal", "person", "refuse"})
_SHADES = {"plain": (0.95, 0.95), "dark": (0.95, 0.42), "pale": (0.35, 0.93)}
"""Saturation and value of a word that a lexicon describes by its hue and shade alone."""


@dataclass(frozen=True, slots=True)
class Group:
    """Direction words that are counterparts: side -> its words, the same kind in the same place."""

    name: str
    words: Mapping[str, tuple[str, ...]]
    paired: Variant | None = None
    """What decides for a word without a rule where a word of another side stands in the text."""
    nouns: bool = False
    """Whether they are nouns, whose capital tells nothing where all nouns have one."""
    relational: bool = False
    """Whether they place a thing relative to what follows them: "above the table"."""

    def is_paired(self, side: str, keys: Sequence[str]) -> bool:
        """Whether a word of a side other than `side` is among the keys of a text."""
        return any(
            word in keys for other, words in self.words.items() if other != side for word in words
        )

    def counterpart(self, word: str, *, side: str, new_side: str) -> str:
        """The word of `new_side` that corresponds to `word` of `side`; empty when there is none."""
        options = self.words.get(new_side, ())
        if not options:
            return ""
        own = self.words.get(side, ())
        place = own.index(word) if word in own else 0
        return options[place] if place < len(options) else options[0]


@dataclass(frozen=True, slots=True)
class Directions:
    """The direction section of a lexicon, compiled."""

    groups: Mapping[str, tuple[Group, str, WordRules]]
    """word -> its group, its side, its rules"""
    frames: Mapping[str, Mapping[str, str]]
    whole: frozenset[str]
    relations: frozenset[str]
    vocabulary: frozenset[str]
    joints: frozenset[str]
    """Words that join clauses: what stands behind them speaks of something else."""
    pad: int
    language: str = "en"
    writing: Writing = SPACED
    inflection: Inflection = PLAIN
    capitals: bool = False
    """Whether a capital inside of a sentence makes a word a name; not where it is a body side."""


Form = Literal["plain", "ish", "er", "est", "plural", "name", "person"]


@dataclass(frozen=True, slots=True)
class Hue:
    """What a colour word says: degrees on the wheel, shade ("plain", "dark", "pale") and form.

    `typical` is its colour (HSV) where it says more than a hue. In a language other than English
    `name` is the English word for it, `slots` are those in which its form stands, and `around` is
    what stands before and behind the word of the hue: ("hell", "") of "hellblau", of which `shaded`
    is the English modifier.
    """

    degrees: float
    shade: str = "plain"
    form: str = "plain"
    achromatic: bool = False
    typical: tuple[float, float, float] | None = None
    name: str = ""
    slots: frozenset[str] = frozenset()
    around: tuple[str, str] | None = None
    shaded: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colour section of a lexicon, compiled."""

    names: Names
    words: Mapping[str, Hue]
    compounds: Mapping[tuple[str, str], Hue]
    modified: Mapping[tuple[str, str], float]
    """(modifier, word) -> the hue that both say, where it is not that of the word"""
    forms: Mapping[str, Mapping[str, str]]
    modifiers: frozenset[str]
    sure: Mapping[str, str]
    """A name of a thing, too -> what says the colour wherever it stands, as lime green for lime"""
    combined: Mapping[str, str]
    """A modifier and a name -> what people say for both, as brown for dark orange"""
    things: frozenset[str]
    sets: Mapping[str, frozenset[str]]
    rules: Mapping[str, WordRules]
    vocabulary: frozenset[str]
    pad: int
    language: str = "en"
    writing: Writing = SPACED
    inflection: Inflection = PLAIN
    says: Mapping[str, str] | None = None
    """English name of a colour -> the word for it; None where the language is English."""
    hair: Mapping[str, str] = field(default_factory=dict)
    """How somebody is said to have hair of a colour, in a language other than English.

    `said` has {} for the colour, in the form of `slot`. `joined` is the preposition with which it
    begins where the colour stood before its noun, and `also` joins what the same one leads.
    """
    capitals: str = ""
    """Which words with a capital inside of a sentence are names; empty for the rules of English."""


def compile_directions(data: Mapping[str, Any], **more: Any) -> Directions:
    """The direction words of a lexicon. Raises LexiconError where a rule is not well formed."""
    sets = resolve_sets(data.get("sets", {}))
    frames = data.get("frames", {})
    groups: dict[str, tuple[Group, str, WordRules]] = {}
    longest = 1
    for name, entry in data.get("groups", {}).items():
        paired = entry.get("paired")
        group = Group(
            name,
            {side: tuple(words) for side, words in entry["words"].items()},
            Variant(paired, (), ()) if paired else None,
            bool(entry.get("nouns")),
            bool(entry.get("relational")),
        )
        variants = _variants(entry.get("rules", ()), sets, {}, f"directions: groups: {name}")
        for variant in [*variants, group.paired] if group.paired else variants:
            outcome = variant.outcome.partition(":")[0]
            if outcome not in frames and outcome not in (
                "stay",
                "chiral",
                "axis",
                "word",
                "corner",
                "clock",
                "clock_own",
                "compass",
                "counted",
                "unclear",
                "either",
            ):
                raise LexiconError(f"directions: groups: {name}: unknown outcome {outcome!r}")
            longest = max(longest, len(variant.before), len(variant.after))
        for side, words in group.words.items():
            for word in words:
                groups[word] = (group, side, _rules_of(word, variants))
    return Directions(
        groups=groups,
        frames={n: {s: t for s, t in f.items() if isinstance(t, str)} for n, f in frames.items()},
        whole=frozenset(name for name, frame in frames.items() if frame.get("whole")),
        relations=frozenset(name for name, frame in frames.items() if frame.get("relation")),
        vocabulary=frozenset(groups),
        joints=sets.get("joints", frozenset()),
        capitals=data.get("capitals") == "all",
        pad=max(PAD, longest + 1),
        **more,
    )


def compile_colours(data: Mapping[str, Any]) -> Colours:
    """The colour words of English. Raises LexiconError where a rule is not well formed."""
    forms = data.get("forms", {})
    words = {name: Hue(float(degrees)) for name, degrees in data.get("hues", {}).items()}
    hue_of = hue_reader(data)
    words |= {word: hue_of(word, *told) for word, told in data.get("shaded", {}).items()}
    words |= {word: Hue(0.0, achromatic=True) for word in data.get("achromatic", ())}
    for form, by_hue in forms.items():
        words |= {word: Hue(words[hue].degrees, form=form) for hue, word in by_hue.items()}
    words |= {word: Hue(float(d), form=f) for word, (f, d) in data.get("spellings", {}).items()}
    compounds = {
        (first, second): hue_of(f"{first} {second}", *told)
        for (first, _, second), told in (
            (pair.partition(" "), told) for pair, told in data.get("compounds", {}).items()
        )
    }
    return gathered(data, data, words, compounds)


def hue_reader(data: Mapping[str, Any]) -> Callable[[str, float, str], Hue]:
    """What reads a word that is described by its hue and shade, or by its typical colour."""
    typical = {word: hsv_of(str(colour)) for word, colour in data.get("typical", {}).items()}

    def hue_of(word: str, degrees: float, shade: str) -> Hue:
        colour = typical.get(word) or (float(degrees), *_SHADES[shade])
        return Hue(float(degrees), shade, typical=colour)

    return hue_of


def gathered(
    data: Mapping[str, Any],
    survey_of: Mapping[str, Any],
    words: Mapping[str, Hue],
    compounds: Mapping[tuple[str, str], Hue],
    **more: Any,
) -> Colours:
    """The colours of a language: its words, its rules, and the wheel that all languages share."""
    sets = resolve_sets(data.get("sets", {}))
    plural = frozenset(word for word, hue in words.items() if hue.form == "plural")
    things = frozenset(data.get("things", ())) - {"plural"} | plural
    variants = _variants(
        data.get("rules", ()), sets, {"things": things, "plural": plural}, "colours: rules"
    )
    allowed = _COLOUR_OUTCOMES
    if "says" in more and not more.get("hair"):
        allowed -= {"person"}
    for variant in variants:
        if variant.outcome not in allowed:
            raise LexiconError(
                f"colours: rules: unknown outcome {variant.outcome!r}; expected one of "
                f"{', '.join(sorted(allowed))}"
            )
    survey = survey_of.get("survey", {})
    return Colours(
        names=Names(
            plain=survey.get("plain", {}),
            shades={**survey.get("dark", {}), **survey.get("pale", {})},
            broad=survey_of.get("broad", {}),
            forms_of=survey_of.get("forms_of", {}),
        ),
        words=words,
        compounds=compounds,
        modified={
            (modifier, word): float(degrees)
            for word, by_modifier in data.get("modified", {}).items()
            for modifier, degrees in by_modifier.items()
        },
        forms=data.get("forms", {}),
        modifiers=frozenset(data.get("modifiers", ())),
        sure=data.get("sure", {}),
        combined=survey_of.get("combined", {}),
        things=things,
        sets=sets,
        rules={word: _rules_of(word, variants) for word in {*words, *(b for _, b in compounds)}},
        vocabulary=frozenset(words) | {first for first, _ in compounds},
        pad=max([PAD, *(max(len(v.before), len(v.after)) + 1 for v in variants)]),
        **more,
    )


def _variants(
    rules: Any,
    sets: Mapping[str, frozenset[str]],
    subsets: Mapping[str, frozenset[str]],
    where: str,
) -> list[Variant]:
    found: list[Variant] = []
    for rule in rules:
        if not (
            isinstance(rule, list) and len(rule) == 2 and all(isinstance(p, str) for p in rule)
        ):
            raise LexiconError(f"{where}: expected [outcome, pattern], found {rule!r}")
        try:
            found += parse_pattern(rule[0], rule[1], sets, subsets)
        except LexiconError as error:
            raise LexiconError(f"{where}: {error}") from None
    return found


def _rules_of(word: str, variants: list[Variant]) -> WordRules:
    return WordRules(tuple(v for v in variants if not v.slot or word in v.slot))
