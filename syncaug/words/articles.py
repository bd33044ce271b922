"""Small words that depend on the word behind them: "a" and "an", "y" and "e"."""

from __future__ import annotations

from syncaug.words.edits import Edit
from syncaug.words.tokens import Tokens, article_for, in_case_of

__all__ = ["article_edits"]


def article_edits(at: int, new_word: str, tokens: Tokens) -> list[Edit]:
    """The edit of the article before token `at`, if it has one, when the word becomes `new_word`.

    In languages whose conjunctions depend on the word behind them, that of the conjunction.

    A capital A inside a sentence is a label ("Is A blue?"), and an article that did not suit the
    old word is none of ours.
    """
    if at == 0 or not tokens.english:
        return _conjunction_edits(at, new_word, tokens) if at and tokens.conjunctions else []
    key, old = tokens.keys[tokens.pad + at - 1], tokens.keys[tokens.pad + at]
    if key not in ("a", "an") or key != article_for(old):
        return []
    raw = tokens.raw(at - 1)
    if not tokens.text[tokens.ends[at - 1] : tokens.starts[at]].isspace():
        return []
    shouted = raw.isupper() and tokens.raw(at).isupper()
    if raw == "A" and not (shouted or tokens.opens_sentence(at - 1) or tokens.raw(at)[0].isupper()):
        return []
    article = article_for(new_word)
    if article == key:
        return []
    if shouted:
        article = article.upper()
    return [Edit(tokens.starts[at - 1], tokens.ends[at - 1], in_case_of(raw, article))]


def _conjunction_edits(at: int, new_word: str, tokens: Tokens) -> list[Edit]:
    """The edit of a conjunction before token `at`: "izquierda y derecha", "derecha e izquierda"."""
    key, old = tokens.keys[tokens.pad + at - 1], tokens.keys[tokens.pad + at]
    for word, other, before in tokens.conjunctions:
        was, now = (other if before.match(said) else word for said in (old, new_word))
        if key == was != now:
            said = in_case_of(tokens.raw(at - 1), now)
            return [Edit(tokens.starts[at - 1], tokens.ends[at - 1], said)]
    return []
