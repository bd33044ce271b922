"""`choose: one`: of a list of texts one is drawn, by the sample's address alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, PolicyError, SampleError, load_policy
from syncaug.plan.addresses import addresses
from syncaug.record import Record
from syncaug.words import direction_words
from tests.samples import equal

PICTURE = np.full((40, 60, 3), (200, 40, 30), np.uint8)
CAPTIONS = ["A dog left of a cat.", "Two pets.", "a cat", "The dog and the cat are here", "pets"]
PHRASES = [["A dog", "a cat"], [None, None], [None, "a cat"], ["The dog", "the cat"], [None, None]]
SAMPLE: dict[str, Any] = {
    "image": PICTURE,
    "boxes": [[1.0, 1.0, 20.0, 30.0], [30.0, 5.0, 59.0, 38.0]],
    "classes": ["dog", "cat"],
    "caption": CAPTIONS,
    "phrases": PHRASES,
}
FLIP = "{name: mirror, uses: flip}"


def choosing(steps: str = FLIP, rest: str = "", seed: int = 3, phrases: str = "") -> Any:
    return load_policy(
        "syncaug: 1\nsample:\n  image: image\n  boxes: {modality: boxes, labels: classes}\n"
        "  caption: {modality: text, describes: image, choose: one, optional: true}\n"
        f"  phrases: {{modality: phrases, boxes: boxes, text: caption, optional: true{phrases}}}\n"
        f"steps: [{steps}]\n{rest}",
        seed=seed,
    )


def place(record: Record) -> int:
    return int(record.notes["caption"]["chosen"])


def test_every_text_is_chosen_as_often_by_key_epoch_and_seed_alone() -> None:
    policy = choosing("{name: dim, uses: light, with: {value: 0.1}}")
    counts = Counter(policy(SAMPLE, key=k, epoch=e)["caption"] for k in range(250) for e in (0, 1))
    assert set(counts) == set(CAPTIONS)
    assert sum((n - 100) ** 2 / 100 for n in counts.values()) < 18.5, "chi-squared, p = 0.001"
    chosen = [policy(SAMPLE, key=key)["caption"] for key in range(30)]
    assert chosen == [policy(SAMPLE, key=key)["caption"] for key in range(30)]
    for other in (policy.with_seed(4), policy):
        epoch = int(other is policy)
        assert chosen != [other(SAMPLE, key=key, epoch=epoch)["caption"] for key in range(30)]
    other_steps = choosing(
        "{name: hue, uses: colour, with: {hue: 0}}, {name: a, uses: light, with: {value: 0}}"
    )
    assert chosen == [other_steps(SAMPLE, key=key)["caption"] for key in range(30)]


def test_phrases_speak_of_the_chosen_text_and_the_record_tells_it() -> None:
    policy = choosing()
    for key in range(20):
        out, record = policy.apply(SAMPLE, key=key)
        chosen = place(record)
        alone = {**SAMPLE, "caption": CAPTIONS[chosen], "phrases": PHRASES[chosen]}
        assert equal(out, policy(alone, key=key)), "as if no other text had come"
        again = Record.from_json(record.to_json())
        assert equal(policy.replay(SAMPLE, again), out)
        assert place(again) == chosen


def test_a_string_and_what_is_missing_pass() -> None:
    policy = choosing()
    plain, record = policy.apply({**SAMPLE, "caption": "a dog left", "phrases": [None] * 2}, key=1)
    assert plain["caption"] == "a dog right"
    assert "chosen" not in record.notes["caption"]
    missing = {name: SAMPLE[name] for name in ("image", "boxes", "classes")}
    assert "caption" not in policy(missing, key=1)
    none = policy({**missing, "caption": None, "phrases": None}, key=1)
    assert (none["caption"], none["phrases"]) == (None, None)
    array = policy({**missing, "caption": np.array(CAPTIONS)}, key=1)["caption"]
    assert type(array) is str
    assert array == policy({**missing, "caption": CAPTIONS}, key=1)["caption"]


@pytest.mark.parametrize("empty", [[], (), np.array([])])
def test_there_must_be_one_to_choose(empty: Any) -> None:
    with pytest.raises(SampleError) as caught:
        choosing()({**SAMPLE, "caption": empty, "phrases": []}, key="a")
    assert str(caught.value) == (
        "sample 'a', stream 'caption': expected a string, or a list of strings of which to choose "
        "one; got an empty list. Give an empty string, or declare optional: true and leave it out."
    )


TURN = "{name: turn, uses: rotate, p: 0.5, with: {degrees: 45}}"


def test_a_text_that_refuses_many_draws_is_chosen_as_often() -> None:
    policy = choosing(TURN, "on_fail: {retry: 30}\n")
    counts: Counter[str] = Counter()
    retried = 0
    for key in range(400):
        out, record = policy.apply(SAMPLE, key=key)
        counts[out["caption"]] += 1
        retried += len(record.attempts) > 1
        assert equal(policy.replay(SAMPLE, record), out)
    assert retried > 20, "draws were refused"
    assert 50 <= counts[CAPTIONS[0]] <= 112, counts


@pytest.mark.parametrize("then", ["keep_original", "neutral"])
def test_the_original_and_the_neutral_result_are_strings_too(then: str) -> None:
    steps = "{name: turn, uses: rotate, with: {degrees: 45}}"
    if then == "neutral":
        steps += ", {name: small, uses: resize, with: {height: 20, width: 30}}"
    policy = choosing(steps, f"on_fail: {{then: {then}}}\n")
    seen = 0
    for key in range(30):
        out, record = policy.apply(SAMPLE, key=key)
        assert out["caption"] == CAPTIONS[place(record)]
        seen += bool(direction_words(out["caption"]))
        assert equal(policy.replay(SAMPLE, record.to_json()), out)
        assert type(out["phrases"]) is list
    assert seen, "the draw of this text was refused"


def test_what_is_dropped_is_dropped() -> None:
    policy = choosing("{name: turn, uses: rotate, with: {degrees: 45}}", "on_fail: {then: drop}\n")
    dropped = [key for key in range(30) if policy(SAMPLE, key=key) is DROPPED]
    assert 1 <= len(dropped) <= 15
    out, record = policy.apply(SAMPLE, key=dropped[0])
    assert policy.replay(SAMPLE, record) is out is DROPPED


def test_a_partners_text_is_chosen_by_itself() -> None:
    policy = choosing("{name: cut, uses: mixup, with: {share: 0.4}}")
    theirs = ["One bird.", "Some birds.", "A bird."]
    partner = {
        **SAMPLE, "caption": theirs, "boxes": [[1, 1, 9, 9]], "classes": ["bird"],
        "phrases": [["One bird"], [None], ["A bird"]],
    }  # fmt: skip
    pairs = set()
    for key in range(60):
        out, record = policy.apply(SAMPLE, key=key, partner=partner, partner_key="b")
        (said,) = record.notes["caption"]["joined"]
        pairs.add((place(record), said))
        assert equal(policy.replay(SAMPLE, record, partner=partner), out)
    assert len(pairs) == 15, "every text meets every other"
    with pytest.raises(SampleError, match="got an empty list, in the partner"):
        policy(SAMPLE, key=1, partner={**partner, "caption": [], "phrases": []})


@pytest.mark.parametrize("options", ["", ", choose: one"])
def test_an_answer_goes_with_the_chosen_question(options: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  question: {modality: text, choose: one}\n"
        f"  answer: {{modality: text, answers: question{options}}}\n"
        "steps: [{name: a, uses: flip}]\n"
    )
    questions = ["Is that right?", "Which side?", "Where is it?", "What colour?"]
    mirrored = dict(zip(questions, ["right", "left", "on the right", "red"], strict=True))
    sample = {
        "image": PICTURE,
        "question": questions,
        "answer": ["right", "right", "on the left", "red"],
    }
    seen = set()
    for key in range(30):
        out, record = policy.apply(sample, key=key)
        assert out["answer"] == mirrored[out["question"]]
        assert equal(policy.replay(sample, record), out)
        seen.add(out["question"])
    assert seen == set(questions)
    one = {**sample, "question": "Which side?"}
    many = policy(one, key=1)["answer"]
    assert many in ("left", "on the right", "red") if options else len(many) == 4
    for wrong, came in ((["right"], "a list of 1"), ("right", "the text 'right'")):
        with pytest.raises(SampleError, match="a list of 4 texts, one for each question") as caught:
            policy({**sample, "answer": wrong}, key=1)
        assert (caught.value.stream, caught.value.came) == ("answer", came)


def test_times_are_those_of_the_chosen_text() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  boxes: boxes\n"
        "  speech: {modality: audio, sample_rate: 8000}\n"
        "  caption: {modality: text, describes: image, choose: one}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption, times: spoken}\n"
        "steps: [{name: late, uses: time_shift, with: {seconds: 0.1}}]\n"
    )
    sample = {
        **{name: SAMPLE[name] for name in ("image", "boxes", "phrases", "caption")},
        "speech": np.zeros(8000, np.float32),
        "spoken": [[[n / 10, n / 10 + 0.1], None] for n in range(5)],
    }
    for key in range(8):
        out, record = policy.apply(sample, key=key)
        (first, last), none = out["spoken"][0], out["spoken"][1]
        assert (first, last) == pytest.approx((place(record) / 10 + 0.1, place(record) / 10 + 0.2))
        assert none is None
    with pytest.raises(SampleError, match="a list of 5 lists of one length.*got 2 lists"):
        policy({**sample, "spoken": [[0, 1], [1, 2]]}, key=1)


def test_lists_with_times_need_a_choice() -> None:
    policy = load_policy(
        "syncaug: 1\nsample:\n  image: image\n  boxes: boxes\n"
        "  caption: {modality: text, describes: image}\n"
        "  phrases: {modality: phrases, boxes: boxes, text: caption, times: spoken, clock: c}\n"
        "  speech: {modality: audio, sample_rate: 8000}\nsteps: [{name: f, uses: flip}]\n"
    )
    sample = {
        **{name: SAMPLE[name] for name in ("image", "boxes", "phrases", "caption")},
        "speech": np.zeros(8000, np.float32),
        "spoken": [None, None],
    }
    with pytest.raises(SampleError, match="lists of phrases for 5 texts. Declare choose: one"):
        policy(sample, key=1)


def test_checks_see_the_chosen_text() -> None:
    policy = choosing(FLIP, "checks: [direction_words]\n")
    found = {
        bool(record.attempts[0].measures["direction_words"] == 1.0)
        == (record.notes["caption"]["chosen"] == 0)
        for _, record in (policy.apply(SAMPLE, key=key) for key in range(20))
    }
    assert found == {True}


def test_the_choice_has_addresses_of_its_own() -> None:
    named = dict(addresses(choosing().plan))
    assert named["caption/choose"] == named["caption/choose/partner"] == "the choice of 'caption'"
    for text in ("text", "{modality: text, choose: all}"):
        plain = f"syncaug: 1\nsample: {{i: image, t: {text}}}\nsteps: [{{name: f, uses: flip}}]\n"
        assert not list(addresses(load_policy(plain).plan))
    with pytest.raises(PolicyError, match="would draw the same number"):
        load_policy(
            "syncaug: 1\nsample: {caption: {modality: text, choose: one}, choose: text}\n"
            "steps: [{name: caption, uses: noise, with: {severity: 0.5}}]\n"
        )


def test_other_values_are_problems_of_the_policy() -> None:
    with pytest.raises(PolicyError, match="'two' does not fit 'choose'; expected one of all, one"):
        load_policy("syncaug: 1\nsample: {caption: {modality: text, choose: two}}\nsteps: []\n")


def test_texts_that_are_not_chosen_refuse_no_draw() -> None:
    policy = choosing("{name: turn, uses: rotate, with: {degrees: 45}}", "on_fail: {then: drop}\n")
    results = [policy(SAMPLE, key=key) for key in range(30)]
    assert {out["caption"] for out in results if out is not DROPPED} == set(CAPTIONS[1:])
