"""A wheel that has a word everywhere: names by what people call colours, and what is refused."""

from __future__ import annotations

import pytest

from syncaug.words import DEFAULT, AmbiguousColour, apply_edits, colour_words, recolour_edits
from tests.words.cases import frequencies

STEPS = range(30, 360, 30)


def refused(word: str, degrees: float) -> bool:
    try:
        recolour_edits(f"There is the {word} thing.", degrees)
    except AmbiguousColour:
        return True
    return False


def recoloured(text: str, degrees: float, saturation: float = 1.0, value: float = 1.0) -> str:
    return apply_edits(text, recolour_edits(text, degrees, saturation=saturation, value=value))


@pytest.mark.parametrize("degrees", STEPS)
def test_hardly_a_caption_is_refused_at_round_angles(degrees: int) -> None:
    share = sum(n for word, n in frequencies().items() if refused(word, degrees))
    share /= sum(frequencies().values())
    assert 1 - (1 - share) ** 1.6 <= 0.05


@pytest.mark.parametrize(
    "word", [*DEFAULT.colours.words, *map(" ".join, DEFAULT.colours.compounds)]
)
def test_no_word_for_a_colour_is_always_refused(word: str) -> None:
    names_somebody = word in ("redhead", "redheads", "blondes", "blonds", "brunettes")
    colours = DEFAULT.colours.words.get(word)
    if names_somebody or (colours and colours.form == "plural"):
        return
    text = f"{word} hair" if word.endswith(("blond", "blonde", "brunette", "redheaded")) else word
    assert not all(_refuses(text, degrees) for degrees in STEPS)


def _refuses(text: str, degrees: float) -> bool:
    try:
        recolour_edits(text, degrees)
    except AmbiguousColour:
        return True
    return False


@pytest.mark.parametrize(
    ("degrees", "name"),
    [
        *((0, "red"), (30, "orange"), (60, "yellow"), (90, "lime"), (120, "green")),
        *((150, "green"), (180, "cyan"), (210, "blue"), (240, "blue"), (270, "purple")),
        *((300, "magenta"), (330, "pink")),
    ],
)
def test_every_thirty_degrees_have_a_name(degrees: int, name: str) -> None:
    assert recoloured("a red scarf", degrees) in (f"a {name} scarf", f"an {name} scarf")


@pytest.mark.parametrize(
    ("text", "degrees", "expected"),
    [
        # a finer name, where the basic one was true before the turn
        ("a green scarf", 30, "a spring green scarf"),
        ("a blue scarf", -30, "a sky blue scarf"),
        ("a light blue scarf", 120, "a light pink scarf"),
        ("a brown bench", 120, "a dark green bench"),
        ("a brown bench", 210, "a navy bench"),
        ("a navy coat", 120, "a maroon coat"),
        ("a beige wall", 180, "a pale blue wall"),
        ("a gold frame", 120, "a cyan frame"),
        ("a pink bow", -120, "a blue bow"),
        ("an olive green tent", 180, "a navy tent"),
        ("a maroon sofa", 120, "a dark green sofa"),
        ("a turquoise ring", 180, "a red ring"),
        ("a hunter green coat", 120, "a navy coat"),
        ("an orange tent", 120, "a green tent"),
        ("a yellow scooter", -120, "a magenta scooter"),
    ],
)
def test_colours_move_to_what_a_person_would_say(text: str, degrees: int, expected: str) -> None:
    assert recoloured(text, degrees) == expected


def test_saturation_and_value_move_a_typical_colour_along() -> None:
    assert recoloured("a gold frame", 190) == "a blue frame"
    assert recoloured("a gold frame", 190, value=0.3) == "a navy frame"
    assert recoloured("a turquoise wall", 180, saturation=0.4) == "a pink wall"
    assert recoloured("a red wall", 120, saturation=0.6, value=0.6) == "a green wall"


@pytest.mark.parametrize("word", ["red", "green", "blue"])
def test_a_turn_and_back_gives_the_word_back(word: str) -> None:
    for degrees in (120, 180, -120):
        there = recoloured(f"the {word} kite", degrees)
        assert recoloured(there, -degrees) == f"the {word} kite"


def test_words_that_a_turn_wrote_can_be_read_again() -> None:
    for degrees in STEPS:
        there = recoloured("a red coat, a brown coat and a beige coat", degrees)
        assert len(colour_words(there)) == 3, there


@pytest.mark.parametrize(
    ("text", "degrees", "expected"),
    [
        # told from the fruit, the plant and the food where they come to stand
        ("A girl in pink runs.", 120, "A girl in lime green runs."),
        ("a bouquet of yellow roses", 30, "a bouquet of lime green roses"),
        ("a brown branch", 30, "an olive green branch"),
        ("a sky blue sauce", 180, "a light orange sauce"),
        ("her light blue hair is long", 180, "her peach hair is long"),
        # and a word alone where it is told anyhow
        ("a pink shirt", 120, "a lime shirt"),
        ("a brown dog", 30, "an olive dog"),
        ("a navy coat and brown-eyed boy", 30, "a navy coat and olive-eyed boy"),
    ],
)
def test_a_word_that_a_turn_wrote_is_no_thing(text: str, degrees: int, expected: str) -> None:
    there = recoloured(text, degrees)
    assert there == expected
    assert len(colour_words(there)) == len(colour_words(text))
