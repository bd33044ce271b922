"""What each stream gets in each arm, on samples of every modality and on policies that refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from syncaug import DROPPED, AlignmentError, PolicyError, load_policy
from syncaug.ablate import arms_of
from syncaug.ablate.arms import AblationError, parted_steps
from syncaug.errors import RecordError
from syncaug.record import ACCEPTED
from tests.ablate.trainings import POLICY, REFUSING, scene
from tests.samples import EVERYTHING, equal, everything

ALL = yaml.safe_load(f"""
syncaug: 1
sample: {{{", ".join(line.strip() for line in EVERYTHING.strip().splitlines())}}}
steps:
  - {{name: mirror, uses: flip, p: 0.5, with: {{world: mirror}}}}
  - {{name: turn, uses: rotate, with: {{degrees: [-8, 8]}}}}
  - {{name: slow, uses: speed, with: {{factor: [0.8, 1.25]}}}}
  - {{name: grain, uses: noise, with: {{severity: [0, 0.5]}}}}
on_fail: {{retry: 5, then: neutral}}
""")


def arm_of(policy: Any, arm: str, **more: Any) -> Any:
    data = dict(policy) if isinstance(policy, dict) else yaml.safe_load(policy)
    return load_policy({**data, "ablation": {"arm": arm, **more}})


def differing(first: Any, second: Any) -> set[str]:
    assert list(first) == list(second)
    return {name for name in first if not equal(first[name], second[name])}


@pytest.fixture(scope="module")
def whole() -> Any:
    return load_policy(ALL)


def test_strict_is_the_policy(whole: Any) -> None:
    strict = arm_of(ALL, "strict")
    for key in range(3):
        out, record = strict.apply(everything(), key=key)
        expected, plain = whole.apply(everything(), key=key)
        assert not differing(out, expected)
        assert record.draw == plain.draw
        assert record.notes == plain.notes
        assert record.maps == plain.maps


def test_one_stream_alone_is_that_of_the_shared_draw(whole: Any) -> None:
    none = arm_of(ALL, "none")
    for units in (arm_of(ALL, "strict").plan.ablation.units,):
        for unit in units[::3]:
            alone = arm_of(ALL, "alone", streams=[unit[0]])
            entries = {
                entry for name in unit for entry in (name, *whole.plan.stream(name).parallel_keys)
            }
            out, strict = alone(everything(), key=1), whole(everything(), key=1)
            assert differing(out, strict).isdisjoint(entries)
            assert differing(out, none(everything(), key=1)) <= entries


def test_none_is_the_sample_in_the_shape_of_results(whole: Any) -> None:
    out, strict = arm_of(ALL, "none")(everything(), key=4), whole(everything(), key=4)
    assert not np.array_equal(out["image"], strict["image"])
    assert np.array_equal(out["image"], everything()["image"])
    assert out["speech"].shape == strict["speech"].shape
    assert out["video"].shape == strict["video"].shape


def test_draws_that_stray_by_all_are_other_ones(whole: Any) -> None:
    independent = arm_of(ALL, "independent")
    draws = independent.accepted_draws(everything(), key=2)
    firsts = [unit[0] for unit in independent.plan.ablation.units]
    angles = [draws[name].steps[1].parameters["*"]["degrees"] for name in firsts]
    assert len(set(angles)) == len(firsts) > 5
    assert angles[0] == whole.draw(key=2).steps[1].parameters["*"]["degrees"]
    for unit in independent.plan.ablation.units:
        assert len({id(draws[name]) for name in unit}) == 1


def test_draws_that_stray_a_little_are_near() -> None:
    jittered = arm_of(POLICY, "jittered", amount=0.1)
    apart = []
    for key in range(300):
        draws = jittered.accepted_draws(scene(), key=key)
        one, other = (draws[name].steps for name in ("image", "caption"))
        apart.append(abs(one[1].parameters["*"]["degrees"] - other[1].parameters["*"]["degrees"]))
    assert max(apart) <= 0.1 * 40 + 1e-9
    assert np.mean(apart) > 0.5
    same = arm_of(POLICY, "jittered", amount=0)
    strict = load_policy(POLICY)
    assert all(not differing(same(scene(), key=key), strict(scene(), key=key)) for key in range(20))


@pytest.mark.filterwarnings("ignore:.*SA602")
@pytest.mark.parametrize("then", ["neutral", "keep_original", "drop", "error"])
@pytest.mark.parametrize("arm", ["none", "independent", "jittered"])
def test_arms_accept_what_strict_accepts(arm: str, then: str) -> None:
    text = REFUSING.replace("retry: 3, then: neutral", f"retry: 1, then: {then}")
    strict, parted = load_policy(text), arm_of(text, arm)
    refused = 0
    for key in range(40):
        try:
            expected, plain = strict.apply(scene(), key=key)
        except AlignmentError:
            refused += 1
            with pytest.raises(AlignmentError):
                parted(scene(), key=key)
            continue
        out, record = parted.apply(scene(), key=key)
        assert (record.outcome, len(record.attempts)) == (plain.outcome, len(plain.attempts))
        if plain.outcome != ACCEPTED:
            refused += 1
            assert out is DROPPED if expected is DROPPED else not differing(out, expected)
    assert 5 < refused < 35


@pytest.mark.parametrize("arm", ["none", "alone", "independent", "jittered", "strict"])
def test_a_result_comes_again_from_its_record(arm: str) -> None:
    policy = arm_of(ALL, arm, **({"streams": ["image"]} if arm == "alone" else {}))
    out, record = policy.apply(everything(), key="a", epoch=3)
    assert not differing(out, policy.replay(everything(), record.to_json()))
    line = record.as_json()
    line["draw"]["steps"][1]["parameters"]["*"]["degrees"] = 7.0
    with pytest.raises(RecordError, match="as the policy draws it"):
        policy.replay(everything(), line)


def test_boxes_go_back_by_the_draw_of_their_own() -> None:
    policy = arm_of(ALL, "independent")
    out, record = policy.apply(everything(), key=8)
    back = np.asarray(policy.invert(out["keypoints"], record, "keypoints"))
    before = np.asarray(everything()["keypoints"])
    seen = np.asarray(out["keypoints"])[..., 2] > 0
    assert seen.any()
    assert np.abs(back[..., :2] - before[..., :2])[seen].max() < 0.51


def test_mixing_takes_a_partner_in_every_arm() -> None:
    text = """
syncaug: 1
sample: {image: image, label: {modality: label, classes: 4}}
steps: [{name: blend, uses: mixup, p: 0.5}]
"""
    one = {"image": np.zeros((8, 8, 3), np.uint8), "label": 0}
    other = {"image": np.full((8, 8, 3), 255, np.uint8), "label": 1}
    policy = arm_of(text, "independent")
    agree = []
    for key in range(60):
        assert policy.partner(key=key, n=2, index=0) == 1
        out = policy(one, key=key, partner=other, partner_key="b")
        weight = 0.0 if np.ndim(out["label"]) == 0 else float(out["label"][1])
        agree.append(abs(out["image"].mean() / 255.0 - weight) < 0.02)
    assert 0 < sum(agree) < 60


VECTORS = """
syncaug: 1
sample: {image: image, caption: text, z: {modality: embedding, encodes: image}}
steps:
  - {name: mirror, uses: flip, p: 0.5}
  - {name: between, uses: latent_mix, with: {encoder: mine, share: 0.3}, p: 0.5}
"""


def halves(modality: str, value: Any) -> list[float]:
    """The levels of the halves of a picture."""
    return [float(np.mean(half)) for half in np.split(np.asarray(value), 2, axis=1)]


def test_vectors_go_with_what_they_are_of_and_partners_are_in_records() -> None:
    policy = load_policy(VECTORS, encoders={"mine": halves})
    assert [arm.name for arm in arms_of(policy, ["each", "strict"])] == [
        *("only-image", "only-caption", "strict")
    ]
    image = np.zeros((4, 8, 3), np.uint8)
    image[:, :4] = 200
    own, other = ({"image": each, "caption": "a cat on the left"} for each in (image, image // 2))
    for arm in arms_of(policy):
        arm_policy = load_policy(arm.policy(policy, 3), encoders={"mine": halves})
        for key in range(20):
            out, record = arm_policy.apply(own, key=key, partner=other)
            left, right = halves("image", out["image"])
            assert (out["z"][0] > out["z"][1]) == (left > right), arm.name
            again = arm_policy.replay(own, record, partner=other)
            assert np.array_equal(again["z"], out["z"])
            assert again["caption"] == out["caption"]


def test_arms_by_name() -> None:
    policy = load_policy(ALL)
    names = [arm.name for arm in arms_of(policy, ["strict", "each", "none"])]
    assert names[0] == "none"
    assert names[-1] == "strict"
    assert "only-image" in names
    assert "only-phrases" not in names
    together = arms_of(policy, ["strict", "each"], together=[["image", "mask"]])
    assert "only-mask" not in [arm.name for arm in together]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["strict", "independant"], "did you mean 'independent'"),
        (["none", "jittered"], "expected 'strict', with which others are compared"),
        (["strict"], "and another one; got strict"),
        (["strict", "only-sound"], "expected some of none, only-image, only-caption"),
    ],
)
def test_names_that_are_no_arms(names: list[str], told: str) -> None:
    with pytest.raises(AblationError, match=told):
        arms_of(load_policy(POLICY), names)


def test_one_stream_cannot_part() -> None:
    text = "{syncaug: 1, sample: {image: image}, steps: [{name: a, uses: flip}]}"
    with pytest.raises(AblationError, match="at least two streams which can part; got image"):
        arms_of(load_policy(text))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"arm": "alone"}, "SA202 the arm 'alone' needs 'streams'"),
        ({"arm": "alone", "streams": ["imge"]}, "SA306 unknown stream 'imge'"),
        ({"arm": "none", "streams": ["image"]}, "SA216 streams says nothing of the arm 'none'"),
        ({"arm": "strict", "amount": 0.5}, "SA216 amount says nothing of the arm 'strict'"),
        ({"arm": "jittered", "amount": 1.5}, "SA204"),
        ({"arm": "jitter"}, "SA205"),
        ({"arm": "independent", "together": [["image", "words"]]}, "SA306 unknown stream 'words'"),
        ("independent", "SA203"),
    ],
)
def test_what_a_policy_may_not_say_of_an_arm(said: Any, told: str) -> None:
    with pytest.raises(PolicyError, match=told):
        load_policy({**yaml.safe_load(POLICY), "ablation": said})


def test_what_strays_is_near_the_attempt_that_was_accepted() -> None:
    jittered = arm_of(REFUSING, "jittered", amount=0.05)
    apart, attempts = [], []
    for key in range(200):
        draws = jittered.accepted_draws(scene(), key=key)
        if not draws:
            continue
        one, other = (draws[name] for name in ("image", "caption"))
        attempts.append(one.attempt)
        angles = [draw.steps[1].parameters["*"]["degrees"] for draw in (one, other)]
        apart.append(abs(angles[0] - angles[1]))
    assert max(attempts) == 3
    assert max(apart) <= 0.05 * 180 + 1e-9
    assert np.mean(apart) > 0.5


def test_no_arm_keeps_the_sync_of_a_step() -> None:
    text = """
syncaug: 1
sample: {image: image, mask: mask}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-9, 9]}, sync: {jitter: {mask.degrees: 2}}}
  - name: some
    sync: independent
    some_of: {count: 1, steps: [{name: mirror, uses: flip, sync: independent}]}
"""
    policy = load_policy(text)
    assert parted_steps(policy) == ["turn", "some", "mirror"]
    for arm in arms_of(policy):
        own = load_policy(arm.policy(policy, 3))
        assert parted_steps(own) == []
        assert own.seed == 3
