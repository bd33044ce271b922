"""Captions in other words, beside what they describe."""

from __future__ import annotations

import pickle
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, PolicyWarning, load_policy
from syncaug.catalogue import operation
from tests.small_wordnet import folder

CALL = {"op": "nlpaug.SynonymAug", "wordnet": folder(), "aug_p": 1.0}
TEXT = "A large dog lies on a rug near a sofa."
BOXES = np.array([[2.0, 2.0, 20.0, 20.0], [22.0, 2.0, 30.0, 10.0]])


def policy(steps: list[Any], **streams: Any) -> Any:
    return load_policy({"syncaug": 1, "sample": streams, "steps": steps})


def grounded(steps: list[Any]) -> Any:
    return policy(
        steps,
        image="image",
        boxes={"modality": "boxes", "format": "pascal_voc"},
        phrases={"modality": "phrases", "boxes": "boxes", "text": "caption"},
        caption={"modality": "text", "describes": "image"},
    )


def sample(*phrases: str) -> dict[str, Any]:
    image = np.zeros((24, 32, 3), np.uint8)
    return {"image": image, "boxes": BOXES, "phrases": list(phrases), "caption": TEXT}


def test_grounded_words_stay_and_their_spans_move() -> None:
    retell = {"name": "retell", "apply": {"caption": CALL}}
    out = grounded([retell])(sample("dog", "a sofa"), key=1)
    assert out["caption"] == "A big dog lies on a carpet near a sofa."
    assert out["phrases"] == ["dog", "a sofa"]
    whole = grounded([retell])(sample("A large dog", "a rug"), key=1)
    assert whole["caption"] == "A large dog lies on a rug near a couch."
    assert whole["phrases"] == ["A large dog", "a rug"]


def test_what_leaves_the_picture_goes_from_the_new_words() -> None:
    steps = [
        {"name": "retell", "apply": {"caption": CALL}},
        {
            "name": "crop",
            "uses": "crop",
            "with": {"area": 0.4, "ratio": 1, "caption": "rebuild", "x": 0, "y": 0.5},
        },
    ]
    made = grounded(steps)
    told = {made(sample("dog", "a sofa"), key=key)["caption"] for key in range(4)}
    assert told <= {
        "A big dog lies on a carpet near a sofa.",
        "A big dog lies on a carpet.",
        "A sofa.",
    }
    assert any("sofa" not in text for text in told)


def test_colours_and_directions_follow_before_and_after() -> None:
    retell = {"name": "retell", "apply": {"caption": CALL}}
    flip = {"name": "flip", "uses": "flip", "with": {"axis": "horizontal"}}
    hue = {"name": "hue", "uses": "colour", "with": {"hue": 120}}
    streams = {"image": "image", "caption": {"modality": "text", "describes": "image"}}
    given = {
        "image": np.zeros((8, 8, 3), np.uint8),
        "caption": "A red car on the left of an orange sofa, and a black rug.",
    }
    given["image"][:, :4, 0] = 200
    told = {
        policy([*steps], **streams)(given, key=1)["caption"]
        for steps in ([retell, flip, hue], [flip, hue, retell], [flip, retell, hue])
    }
    assert told == {"A green automobile on the right of a green couch, and a black carpet."}


def test_cues_are_told_one_by_one() -> None:
    cues = [
        {"start": 0.0, "end": 1.0, "text": "A large car stops.", "who": "x"},
        {"start": 1.0, "end": 2.0, "text": ""},
        {"start": 1.0, "end": 2.0, "text": "A child sits on a sofa."},
    ]
    made = policy([{"name": "s", "apply": {"words": CALL}}], words="timed_text")
    out, record = made.apply({"words": cues}, key=1)
    assert [cue["text"] for cue in out["words"]] == [
        "A big automobile stops.",
        "",
        "A kid sits on a couch.",
    ]
    assert out["words"][0]["who"] == "x"
    assert made.replay({"words": cues}, record) == out
    one = policy(
        [{"name": "s", "apply": {"words": {**CALL, "aug_p": 0.01, "aug_max": 1}}}],
        words="timed_text",
    )
    same = [{"start": 0.0, "end": 1.0, "text": TEXT}] * 12
    assert len({cue["text"] for cue in one({"words": same}, key=1)["words"]}) > 1


def test_each_text_of_a_list_is_told_by_itself() -> None:
    made = policy([{"name": "s", "apply": {"caption": {**CALL, "aug_p": 0.1}}}], caption="text")
    out = made({"caption": [TEXT] * 8 + [""]}, key=1)["caption"]
    assert len(set(out[:8])) > 1
    assert out[8] == ""


def test_words_of_ones_own_lexicon_stay() -> None:
    own = {"directions": {}, "colours": {"achromatic": ["rug"]}}
    stream = {"modality": "text", "lexicon": own}
    out = policy([{"name": "s", "apply": {"caption": CALL}}], caption=stream)
    told = out({"caption": "A rug coat lies near a sofa."}, key=1)["caption"]
    assert told == "A rug coat lies near a couch."


def test_other_languages_are_a_problem() -> None:
    stream = {"modality": "text", "language": "de"}
    with pytest.raises(PolicyError, match="SA318 nlpaug.SynonymAug knows English words alone"):
        policy([{"name": "s", "apply": {"caption": CALL}}], caption=stream)


def _told(made: Any) -> list[str]:
    return [made({"caption": TEXT}, key=key)["caption"] for key in range(12)]


def test_the_same_in_every_process_and_copy() -> None:
    call = {**CALL, "aug_p": {"uniform": [0.0, 0.4]}}
    made = policy([{"name": "s", "apply": {"caption": call}}], caption="text")
    told = _told(made)
    assert len(set(told)) > 2
    assert _told(pickle.loads(pickle.dumps(made))) == told
    with get_context("fork").Pool(2) as pool:
        assert pool.map(_told, [made, made]) == [told, told]


def test_antonyms_beside_a_picture_are_warned_of() -> None:
    step = {"name": "s", "apply": {"caption": {**CALL, "op": "nlpaug.AntonymAug"}}}
    with pytest.warns(PolicyWarning, match="SA611 nlpaug.AntonymAug makes 'caption' untrue"):
        policy([step], image="image", caption="text")
    about = {"modality": "text", "describes": "nothing"}
    made = policy([step], image="image", caption=about)
    given = {"image": np.zeros((8, 8, 3), np.uint8), "caption": "A large dog sits there."}
    assert made(given, key=1)["caption"] == "A small dog sits there."
    policy([{"name": "s", "apply": {"cues": step["apply"]["caption"]}}], cues="timed_text")
    assert operation("nlpaug.AntonymAug").may_change("meaning")
