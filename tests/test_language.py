"""What a policy can say about chance, conditions, choices and curricula, seen in draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syncaug import DROPPED, PolicyError, load_policy
from syncaug.loading import check_policy
from tests.samples import everything

HEAD = "syncaug: 1\nsample: {image: image, caption: {modality: text, optional: true}}\n"


def draws(text: str, count: int = 400, **settings: Any) -> list[Any]:
    policy = load_policy(HEAD + text, seed=3)
    for name, value in settings.items():
        policy = getattr(policy, f"with_{name}")(value)
    return [policy.draw(key=key) for key in range(count)]


def test_some_of_takes_so_many_without_repeating() -> None:
    text = """
steps:
  - name: some
    some_of:
      count: [1, 2]
      steps:
        - {name: a, uses: flip}
        - {name: b, uses: light, with: {value: 0.1}}
        - {name: c, uses: colour, with: {hue: 60}, weight: 3}
"""
    chosen = [[step.name for step in draw.steps[0].steps] for draw in draws(text)]
    assert {len(names) for names in chosen} == {1, 2}
    assert all(len(set(names)) == len(names) for names in chosen)
    assert all(names == sorted(names) for names in chosen), "steps keep the policy's order"
    share = sum("c" in names for names in chosen) / len(chosen)
    assert share > 0.6, "weights count"


def test_when_looks_at_variables_and_at_streams() -> None:
    text = """
draw: {mood: {choice: [calm, wild]}, x: {uniform: [0, 1]}}
steps:
  - {name: wild, uses: flip, when: {var: mood, is: wild}}
  - {name: high, uses: flip, when: [{var: x, above: 0.5}, {var: mood, in: [calm]}]}
  - {name: told, uses: light, with: {value: -0.5}, when: {present: caption}}
"""
    for draw in draws(text):
        wild, high, told = (step.applied for step in draw.steps)
        assert wild == (draw.variables["mood"] == "wild")
        assert high == (draw.variables["x"] > 0.5 and draw.variables["mood"] == "calm")
        assert told
    policy = load_policy(
        HEAD + "steps: [{name: t, uses: light, with: {value: -0.5}, when: {present: caption}}]"
    )
    image = np.full((4, 4, 3), 100, np.uint8)
    assert policy({"image": image, "caption": "a"}, key=0)["image"].mean() == 50
    assert policy({"image": image}, key=0)["image"].mean() == 100


def test_ranges_follow_severity_and_progress() -> None:
    text = """
steps:
  - {name: turn, uses: rotate, with: {degrees: {uniform: [{from: severity, scale: -40},
                                                          {from: severity, scale: 40}]}}}
  - {name: shake, uses: scale, with: {factor: {normal: {mean: 1, std: {from: progress, scale: 0.2},
                                                        low: 0.5, high: 1.5}}}}
on_fail: {retry: 3, then: neutral}
"""

    def spread(**settings: float) -> tuple[float, float]:
        found = draws(text, **settings)
        parameters = [[step.parameters["*"] for step in draw.steps] for draw in found]
        return (
            max(abs(first["degrees"]) for first, _ in parameters),
            float(np.std([second["factor"] for _, second in parameters])),
        )

    assert spread(severity=0.0, progress=0.0) == (0.0, 0.0)
    mild, strong = spread(severity=0.25, progress=0.25), spread(severity=1.0, progress=1.0)
    assert 9 < mild[0] <= 10
    assert 38 < strong[0] <= 40
    assert 0.04 < mild[1] < 0.06
    assert strong[1] > 0.15


def test_jitter_is_small_bounded_and_for_one_stream_only() -> None:
    text = (
        "syncaug: 1\nsample: {image: image, mask: mask}\nsteps:\n"
        "  - name: turn\n    uses: rotate\n    with: {degrees: [-10, 10]}\n"
        "    sync: {jitter: {mask.degrees: 2}}\n"
    )
    policy = load_policy(text, seed=1)
    gaps = []
    for key in range(200):
        step = policy.draw(key=key).steps[0]
        gaps.append(step.parameters["mask"]["degrees"] - step.parameters["*"]["degrees"])
    assert 1.8 < max(gaps) <= 2
    assert -2 <= min(gaps) < -1.8
    assert policy.with_sync("strict").draw(key=1).steps[0].parameters.keys() == {"*"}


def test_jitter_of_a_number_without_bounds_can_be_applied_and_replayed() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {points: points, cars: boxes3d}\nsteps:\n"
        "  - {name: go, uses: world_translate, with: {x: [0, 1]}, sync: {jitter: {cars.x: 0.1}}}\n"
    )
    sample = {"points": np.zeros((2, 3)), "cars": np.ones((1, 7))}
    out, record = policy.apply(sample, key=1)
    assert 0 < abs(float(out["cars"][0, 0] - 1 - out["points"][0, 0])) <= 0.1
    assert policy.replay(sample, record.to_json())["cars"].tolist() == out["cars"].tolist()


def test_links_map_one_draw_to_several_parameters() -> None:
    text = """
draw: {level: {uniform: [0, 10]}}
steps:
  - name: linked
    apply:
      image:
        op: albumentations.RandomBrightnessContrast
        brightness_limit: {from: level, curve: [[0, -0.2], [10, 0.2]]}
        contrast_limit: {expr: "0.02 * level - 0.1", clip: [-0.05, 0.1]}
"""
    for draw in draws(text, 50):
        level, found = draw.variables["level"], draw.steps[0].parameters["image"]
        assert found["brightness_limit"] == pytest.approx(-0.2 + 0.04 * level)
        assert found["contrast_limit"] == pytest.approx(max(-0.05, min(0.1, 0.02 * level - 0.1)))


def test_a_link_that_can_leave_the_domain_is_a_problem() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(
            HEAD + "draw: {hue: {uniform: [-180, 180]}}\nsteps:\n"
            "  - {name: a, uses: colour, with: {hue: {from: hue, scale: 3}}}\n"
        )
    (problem,) = caught.value.problems
    assert problem.code == "SA402"
    assert "values from -540 to 540" in problem.message
    assert problem.expected == "a number from -360 up to 360"


def test_dropped_samples_are_falsy_and_say_so() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: boxes}\n"
        "steps: [{name: away, uses: translate, with: {x: 1.0}}]\n"
        "checks: [boxes_visible: {min_area: 0.5}]\non_fail: {then: drop}\n"
    )
    sample = {name: everything()[name] for name in ("image", "boxes")}
    out, record = policy.apply(sample, key=0)
    assert out is DROPPED
    assert not out
    assert record.outcome == "dropped"
    assert policy.replay(sample, record) is DROPPED


def test_two_cameras_must_say_which_plane_and_then_move_apart() -> None:
    sample = "{l: {modality: image, plane: l}, r: {modality: image, plane: r}, "
    with pytest.raises(PolicyError, match="SA501 stream 'boxes' must name its plane"):
        load_policy("syncaug: 1\nsample: " + sample + "boxes: boxes}\nsteps: []\n")
    policy = load_policy(
        "syncaug: 1\nsample: " + sample + "boxes: {modality: boxes, plane: r}}\n"
        "steps: [{name: a, uses: flip, with: {plane: r}}]\n"
    )
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    out = policy({"l": image, "r": image, "boxes": [[0.0, 0.0, 1.0, 4.0]]}, key=0)
    assert np.array_equal(out["l"], image)
    assert np.array_equal(out["r"], image[:, ::-1])
    assert out["boxes"] == [[3.0, 0.0, 4.0, 4.0]]


def test_a_formatting_change_keeps_the_fingerprint_and_a_change_of_meaning_does_not() -> None:
    first = load_policy(HEAD + "steps:\n  - {name: a, uses: rotate, with: {degrees: [-10, 10]}}\n")
    second = load_policy(
        "# a comment\n"
        + HEAD
        + "steps:\n- with:\n    degrees: [-10.0, 1e1]\n  uses: rotate\n  name: a\n"
    )
    third = load_policy(HEAD + "steps:\n  - {name: a, uses: rotate, with: {degrees: [-10, 11]}}\n")
    assert first.plan.fingerprint == second.plan.fingerprint
    assert first.plan.fingerprint != third.plan.fingerprint


def test_a_turn_that_may_stop_a_run_is_a_warning() -> None:
    text = (
        "syncaug: 1\nsample: {image: image, caption: text}\n"
        "steps: [{name: a, uses: rotate, with: {degrees: [-45, 45]}}]\n"
    )
    _, problems, _ = check_policy(text)
    assert [(problem.code, problem.severity) for problem in problems] == [("SA602", "warning")]
    for calm in (text.replace("45", "15"), text + "on_fail: {retry: 3, then: keep_original}\n"):
        assert check_policy(calm)[1] == []


def test_an_operation_without_its_library_is_recognised() -> None:
    with pytest.raises(PolicyError, match="did you mean 'albumentations.GaussNoise'"):
        load_policy(HEAD + "steps: [{name: a, apply: {image: {op: GaussNoise}}}]\n")
