"""Colour words of a language other than English, by the English words that say the same.

The wheel, the survey of names and typical colours are the same for all languages: `means` gives
each word's English one, `says` the word for each name that a moved colour can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from syncaug.words.compiled import Colours, Hue, gathered, hue_reader
from syncaug.words.inflection import Inflection
from syncaug.words.naming import hsv_of
from syncaug.words.patterns import LexiconError
from syncaug.words.tokens import Writing

__all__ = ["compile_translated", "names_without_words"]


def compile_translated(
    data: Mapping[str, Any],
    english: Mapping[str, Any],
    language: str,
    writing: Writing,
    inflection: Inflection,
) -> Colours:
    """The colour words of a language; `english` is the section `colours` of the English lexicon.

    Raises LexiconError where a word means a colour that English has no word for, or where a rule
    is not well formed.
    """
    known = _english_hues(english)
    words: dict[str, Hue] = {}
    compounds: dict[tuple[str, str], Hue] = {}
    says = {str(name): str(word) for name, word in data.get("says", {}).items()}
    inflection = _with_prefixes(inflection, says.values(), data.get("prefixes", {}))
    prefixes, suffixes = data.get("prefixes", {}), data.get("suffixes", {})
    for said, hue in _meant(data, known):
        first, _, second = said.rpartition(" ")
        for form, slots in inflection.forms_of(second).items():
            own = replace(hue, slots=slots)
            if first:
                compounds[first, form] = own
                continue
            words[form] = own
            if not hue.achromatic:
                words.update(_prefixed(form, own, prefixes, english))
        if not first and not hue.achromatic:
            base = replace(hue, slots=frozenset(inflection.slots[:1]))
            compounds.update(_suffixed(said, base, suffixes, english))
    return gathered(
        data,
        english,
        words,
        compounds,
        language=language,
        writing=writing,
        inflection=inflection,
        says=says,
        hair={str(key): str(word) for key, word in data.get("hair", {}).items()},
        capitals=str(data.get("capitals", "all")),
    )


def names_without_words(data: Mapping[str, Any], english: Mapping[str, Any]) -> list[str]:
    """The names that a moved colour can have and for which a lexicon has no word."""
    says, broad = data.get("says", {}), english.get("broad", {})
    found = [
        name
        for names in english.get("survey", {}).values()
        for name in names
        if name not in says and broad.get(name) not in says
    ]
    return list(dict.fromkeys(found))


def _with_prefixes(
    inflection: Inflection, words: Iterable[str], prefixes: Iterable[str]
) -> Inflection:
    """The inflection with the forms of words such as "hellblau", which are those of "blau"."""
    forms = dict(inflection.forms)
    for word in words:
        for prefix in prefixes:
            base = forms.get(word.removeprefix(prefix))
            if word not in forms and base is not None:
                forms[word] = tuple(prefix + form for form in base)
    return replace(inflection, forms=forms)


def _english_hues(english: Mapping[str, Any]) -> dict[str, Hue]:
    """What each English name of a colour says: words, compounds and names of the survey."""
    hue_of = hue_reader(english)
    found: dict[str, Hue] = {}
    for shade, names in english.get("survey", {}).items():
        for name, values in names.items():
            colour = hsv_of(values[0])
            found[name] = Hue(colour[0], shade, typical=colour)
    for section in ("compounds", "shaded"):
        found |= {word: hue_of(word, *told) for word, told in english.get(section, {}).items()}
    found |= {name: Hue(float(degrees)) for name, degrees in english.get("hues", {}).items()}
    return found


def _meant(data: Mapping[str, Any], known: Mapping[str, Hue]) -> Iterator[tuple[str, Hue]]:
    """Each word of a language and what it says."""
    for word, name in data.get("means", {}).items():
        if name not in known:
            raise LexiconError(
                f"colours: means: {word}: expected an English colour word, found {name!r}"
            )
        yield str(word), replace(known[name], name=name)
    for word, name in data.get("achromatic", {}).items():
        yield str(word), Hue(0.0, achromatic=True, name=str(name))
    for form, by_hue in data.get("forms", {}).items():
        for name, word in by_hue.items():
            yield word, Hue(known[name].degrees, form=form, name=name)


def _prefixed(
    form: str, hue: Hue, prefixes: Mapping[str, str], english: Mapping[str, Any]
) -> Iterator[tuple[str, Hue]]:
    """ "hellblau" and its kind: only the hue moves behind what tells the shade."""
    for prefix, shade in prefixes.items():
        yield prefix + form, _shaded(hue, shade, (prefix, ""), english)


def _suffixed(
    word: str, hue: Hue, suffixes: Mapping[str, str], english: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, str], Hue]]:
    """ "bleu clair" and its kind, which have one form."""
    for suffix, shade in suffixes.items():
        yield (word, suffix), _shaded(hue, shade, ("", f" {suffix}"), english)


def _shaded(hue: Hue, shade: str, around: tuple[str, str], english: Mapping[str, Any]) -> Hue:
    degrees = english.get("modified", {}).get(hue.name, {}).get(shade, hue.degrees)
    return replace(hue, degrees=float(degrees), typical=None, around=around, shaded=shade)
