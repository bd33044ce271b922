"""What a stream lets its words do, and pictures that tell whether words follow a hue."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from syncaug.maps.words import Tilt
from syncaug.modalities.language.greys import shown_by
from syncaug.modalities.language.word_rules import WordRules
from syncaug.modalities.language.wording import Wording
from syncaug.modalities.plane.image import ImageCarrier
from syncaug.plan.stream import Stream
from syncaug.words import Edit

GREY = np.full((40, 60, 3), 90, np.uint8)
RED = np.full((40, 60, 3), (200, 40, 30), np.uint8)


def stream(name: str, modality: str, plane: str = "", **options: Any) -> Stream:
    return Stream(name, modality, {"plane": plane} if plane else {}, options)


def test_rules_are_those_of_the_options() -> None:
    rules = WordRules.of(stream("a", "text", "p", words="redraw", compass="keep", typos="all"))
    assert (rules.tilt, rules.compass, rules.spares) == (Tilt(0.0), "keep", False)
    assert WordRules.of(stream("a", "text", "p")) == WordRules("a", spares=True)
    assert WordRules.of(stream("a", "text", leave_below=5.0)).tilt == Tilt(5.0)


def test_a_step_may_say_what_turns_do() -> None:
    rules = WordRules("a")
    assert rules.tilted(Tilt()) is rules
    assert rules.tilted(Tilt(0.0, error=True)) == WordRules("a", tilt=Tilt(0.0, error=True))


def test_a_text_that_is_shown_twice_is_rewritten_twice() -> None:
    notes: dict[str, Any] = {}
    one = Wording("a dog", WordRules("a"), notes)
    one.edit([Edit(2, 5, "cat")])
    other = one.again()
    other.edit([Edit(0, 1, "the")])
    assert (one.text, other.text) == ("a cat", "the cat")
    assert (len(one.history), len(other.history)) == (1, 2)
    assert notes == {"changed": [["dog", "cat"], ["a", "the"]]}


def test_texts_know_the_pictures_of_their_plane() -> None:
    streams = [
        stream("left", "image", "p"), stream("film", "video", "q"), stream("depth", "depth", "p"),
        stream("caption", "text", "p"), stream("cues", "timed_text", "q"), stream("story", "text"),
        stream("lone", "text", "r"), stream("right", "image", "p"),
    ]  # fmt: skip
    assert shown_by(streams) == {"caption": ("left", "right"), "cues": ("film",), "lone": ()}


def hued(picture: Any, *captions: str) -> list[str]:
    names = [f"caption{number}" for number in range(len(captions))]
    declared = ", ".join(f"{name}: {{modality: text, describes: image}}" for name in names)
    policy = load_policy(
        f"syncaug: 1\nsample: {{image: image, {declared}}}\n"
        "steps: [{name: a, uses: colour, with: {hue: 120}}]\n"
    )
    out = policy({"image": picture, **dict(zip(names, captions, strict=True))}, key=1)
    return [out[name] for name in names]


def test_words_of_a_grey_picture_keep_their_colours() -> None:
    captions = ("A red van.", "A dog runs.", "A green van.")
    assert hued(GREY, *captions) == list(captions)
    assert hued(RED, *captions) == ["A green van.", "A dog runs.", "A blue van."]


def test_a_picture_is_asked_only_where_a_text_may_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(ImageCarrier, "is_grey", lambda self: asked.append(True) or False)
    assert hued(RED, "A dog runs home.") == ["A dog runs home."]
    assert not asked
    assert hued(RED, "A red dog.") == ["A green dog."]
    assert asked
