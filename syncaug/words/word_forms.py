"""Forms of English words: plurals and forms of verbs, only where a rule is sure of them."""

from __future__ import annotations

from syncaug.words.grammar import grammar
from syncaug.words.thesaurus import Thesaurus

__all__ = ["inflected"]

_VOWELS = "aeiou"
_HISSING = ("s", "x", "z", "ch", "sh")


def inflected(base: str, tag: str, thesaurus: Thesaurus) -> str:
    """The form of a base form that a tag asks for; empty where no rule is sure.

    Of a term of several words (`hot_dog`) the last one changes. A form counts only if the
    thesaurus reads it back as a form of the base.
    """
    if tag in ("NN", "JJ", "RB", "VB"):
        return base
    term, blank, last = base.rpartition("_")
    if tag == "NNS":
        return term + blank + _plural(last, thesaurus)[:] if _plural(last, thesaurus) else ""
    if blank:
        return ""
    form = _third(base) if tag == "VBZ" else _participle(base, thesaurus) if tag == "VBG" else ""
    return form if form and base in thesaurus.bases(form, "v") else ""


def _plural(noun: str, thesaurus: Thesaurus) -> str:
    known = [many for many, one in grammar().plurals.items() if one == noun]
    if known:
        return known[0] if len(known) == 1 else ""
    others = thesaurus.irregular(noun, "n")
    if others or grammar().has("pairs", noun) or noun.endswith(("f", "fe", "man", "s")):
        return others[0] if len(others) == 1 and noun.endswith("man") else ""
    if noun.endswith("o") and noun[-2:-1] not in _VOWELS:
        return ""  # potatoes, pianos
    return _with_s(noun) if noun in thesaurus.bases(_with_s(noun), "n") else ""


def _third(verb: str) -> str:
    return grammar().third_person(verb)


def _with_s(word: str) -> str:
    if word.endswith(_HISSING):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _participle(verb: str, thesaurus: Thesaurus) -> str:
    known = [form for form in thesaurus.irregular(verb, "v") if form.endswith("ing")]
    if known:
        return known[0] if len(known) == 1 else ""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + "ing"
