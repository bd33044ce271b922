"""What of a text is prose: addresses, names of files and what is quoted name no directions."""

from __future__ import annotations

import pytest

from syncaug.words import Symmetry, apply_edits, direction_edits, direction_words
from syncaug.words.tokens import locate

VERBS = (
    *("read", "reads", "reading", "say", "says", "saying", "spell", "spells", "spelling"),
    *("labeled", "labelled", "word", "words", "letter", "letters", "lettering", "titled"),
)
ENDINGS = (
    *("jpg", "jpeg", "png", "gif", "webp", "mp4", "wav", "mp3", "txt", "htm", "html", "py"),
    *("json", "csv", "yml", "yaml", "PNG"),
)
HIDDEN = (
    *("www.left.com", "http://left.org", "https://a.b/left", "@left", "#left", "to.left@a.b"),
    *('"left"', "“left”", "«left»", "‘left’", "'left'", "a/left.png", "in left.d/a.txt"),
)
MIRROR = Symmetry(mirrored=True)


def said(text: str) -> list[str]:
    return [word.word for word in direction_words(text)]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("between", [" ", ": ", ", "])
def test_capitals_behind_a_verb_of_reading_are_written_in_the_picture(
    verb: str, between: str
) -> None:
    assert said(f"A sign {verb}{between}TURN LEFT stands on the right.") == ["right"]
    assert said(f"It’s a sign. {verb}{between}TURN LEFT stands on the right.") == ["right"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_name_of_a_file_is_no_direction(ending: str) -> None:
    assert said(f"The file left.{ending} shows a dog on the right.") == ["right"]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_addresses_tags_and_quotes_are_no_directions(hidden: str) -> None:
    assert said(f"A dog on the right, see {hidden} today.") == ["right"]


@pytest.mark.parametrize(
    "text",
    ["Dogs on the left. Cats too.", "A dog. On the left a cat.\n", "On the left, 3.5 m, a dog."],
)
def test_a_full_stop_alone_hides_nothing(text: str) -> None:
    assert said(text) == ["left"]


@pytest.mark.parametrize("text", ["a b.c  d\te", "İ’m on the left", "x" * 90 + " 12 34", "a-b_c"])
def test_tokens_lie_where_they_were_written(text: str) -> None:
    tokens = locate(text, 2)
    assert tokens.keys[:2] == tokens.keys[-2:] == ["", ""]
    raw = [tokens.raw(index) for index in range(len(tokens.starts))]
    assert "".join(raw) == "".join(text.split())


def test_a_text_is_read_alike_whoever_asks_first() -> None:
    text = "A red dog on the left of an orange car."
    first = apply_edits(text, direction_edits(text, MIRROR))
    assert direction_edits(text, MIRROR) == direction_edits(text, MIRROR)
    assert first == "A red dog on the right of an orange car."
    assert apply_edits(first, direction_edits(first, MIRROR)) == text


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufe0f", "\ufeff"])
def test_characters_of_no_width_part_no_words(unseen: str) -> None:
    text = f"a dog on the {unseen}le{unseen}ft{unseen} side"
    tokens = locate(text, 2)
    assert tokens.keys[2:-2] == ["a", "dog", "on", "the", "left", "side"]
    assert tokens.raw(4) == f"le{unseen}ft"
    assert apply_edits(text, direction_edits(text, MIRROR)) == (
        f"a dog on the {unseen}right{unseen} side"
    )


def test_letters_of_another_style_are_read_as_plain_ones() -> None:
    assert said("the ＬＥＦＴ and the 𝐫𝐢𝐠𝐡𝐭 and the ⓛⓔⓕⓣ door") == ["left", "right", "left"]
