"""What introspection cannot find out about the operations of nlpaug."""

from __future__ import annotations

_FLAG = {"type": "boolean"}
_TEXT = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_TEXTS = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]}
_BUILT = "it shapes the augmenter when that is built"

REFUSED = {
    "TfIdfAug": "it needs a model trained on your texts",
    "WordEmbsAug": "it needs word vectors, which have to be downloaded",
    "ContextualWordEmbsAug": "it needs a language model, which has to be downloaded",
    "BackTranslationAug": "it needs translation models, which have to be downloaded",
}
"""Operations that no policy can use, and why."""
CHOSEN_WORDS = frozenset(("ReservedAug",))
"""nlpaug that put in words which the policy chooses; all others are noise."""
PARAPHRASES = {
    "AntonymAug": "Words become their antonyms, as WordNet has them: the text says something else.",
    "SynonymAug": "Words become their synonyms, as WordNet has them: the text says the same.",
}
"""Operations that ask WordNet, and take the cues of timed_text too."""
UNTRUE = frozenset(("AntonymAug",))
"""Operations after which a text may say what is not so."""
WORDNET = {
    "default": None,
    "description": "The folder of WordNet's files, or one of NLTK's data with them, beside the "
    "policy. Without it, where NLTK looks for its data; nothing is downloaded",
    "form": "fixed",
    "reason": "it shapes the augmenter when that is built",
    "schema": {"anyOf": [{"type": "string", "minLength": 1}, {"type": "null"}]},
}
"""What an operation that asks WordNet takes beside the library's parameters."""
NOT_TAKEN = {
    "AntonymAug": ("lang",),
    "SynonymAug": ("aug_src", "model_path", "lang"),
}
"""Parameters of theirs that name other sources than an English WordNet."""
FIXED = {
    "candidates": (_BUILT, _TEXTS),
    "case_sensitive": (_BUILT, _FLAG),
    "dict_of_path": (_BUILT, _TEXT),
    "dict_path": (_BUILT, _TEXT),
    "generate_all_combinations": ("one text makes one text here", {"const": False}),
    "include_detail": ("the record says what changed", {"const": False}),
    "include_lower_case": (_BUILT, _FLAG),
    "include_numeric": (_BUILT, _FLAG),
    "include_reverse": (_BUILT, _FLAG),
    "include_special_char": (_BUILT, _FLAG),
    "include_upper_case": (_BUILT, _FLAG),
    "model_path": (_BUILT, _TEXT),
    "reserved_tokens": (
        _BUILT,
        {
            "type": "array",
            "items": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            "minItems": 1,
        },
    ),
    "spec_char": (
        _BUILT,
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    ),
    "stopwords": (_BUILT, _TEXTS),
    "stopwords_regex": (_BUILT, _TEXT),
    "target_words": (_BUILT, _TEXTS),
}
"""Parameters of nlpaug that are no numbers: why they are fixed, and their schema."""
CHOICES = {
    "RandomCharAug.action": ["insert", "substitute", "swap", "delete"],
    "RandomWordAug.action": ["substitute", "swap", "delete", "crop"],
    "ReservedAug.action": ["substitute"],
    "lang": ["de", "en", "es", "fr", "he", "it", "nl", "pl", "th", "tr", "uk"],
    "swap_mode": ["adjacent", "middle", "random"],
}
