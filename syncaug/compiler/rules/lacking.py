"""What the lexicon of a text's language lacks."""

from __future__ import annotations

from syncaug.plan.stream import Stream

__all__ = ["lack_of_words", "language_of"]


def language_of(stream: Stream) -> str:
    """The code of the language of a stream's words."""
    return str(stream.options.get("language", "en"))


def lack_of_words(stream: Stream, kind: str) -> str:
    """What the lexicon lacks for words of `directions` or `colours`; empty where nothing."""
    from syncaug.words.lexicon import lexicon_for  # else not loaded

    lexicon = lexicon_for(language_of(stream), stream.options.get("lexicon"))
    return "it has no lexicon" if lexicon.is_empty else lexicon.lacks(kind)
