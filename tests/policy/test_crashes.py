"""Ordinary and odd policies load or give problems; nothing else leaves `load_policy`."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest

from syncaug import Augmenter, PolicyError, PolicyWarning, SampleError, load_policy

HEAD = "syncaug: 1\nsample: {image: image}\n"


def codes(source: Any) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        load_policy(source)
    return [problem.code for problem in caught.value.problems]


def turned(degrees: str) -> str:
    """A policy that turns a picture by so much."""
    return f"{HEAD}steps: [{{name: r, uses: rotate, with: {{degrees: {degrees}}}}}]\n"


def values(draw: str) -> list[Any]:
    """What 300 keys draw for one variable."""
    policy = load_policy(f"{HEAD}draw: {{v: {draw}}}\nsteps: []\n")
    assert len(policy.plan.fingerprint) == 16
    return [policy.draw(key=key).variables["v"] for key in range(300)]


# Turns ------------------------------------------------------------------------------------------

WIDE = {
    "range": "[-120, 120]",
    "choice": "{choice: [0, 45, 90]}",
    "normal": "{normal: {mean: 0, std: 40, low: -120, high: 120}}",
    "bounded normal": "{normal: {mean: 0, std: 40, low: -10, high: 50}}",
    "link": "{from: turn}",
    "curve": "{from: turn, curve: [[-120, -60], [120, 60]]}",
    "table": "{from: side, table: {left: 0, right: 50}}",
    "formula": "{expr: 'turn / 2'}",
    "low end near, high end far": "[-2, 60]",
    "between two quarter turns": "[5, 85]",
}
NARROW = {
    "range": "[-15, 15]",
    "about a quarter turn": "[80, 100]",
    "quarter turns": "{choice: [0, 90, 180, 270]}",
    "link": "{from: turn, clip: [-20, 20]}",
    "table": "{from: side, table: {left: -90, right: 270}}",
    "formula": "{expr: '90 * round(turn / 90)', clip: [90, 90]}",
    "constant": "45",
}
TURNS = """syncaug: 1
sample: {SAMPLE}
draw: {turn: {uniform: [-120, 120]}, side: {choice: [left, right]}}
steps: [{name: r, uses: rotate, with: {degrees: DEGREES}}]
"""
WORDLESS = "image: image, boxes: boxes, seg: mask"
WORDED = "image: image, caption: {modality: text, describes: image}"


@pytest.mark.parametrize("degrees", [*WIDE.values(), *NARROW.values()])
def test_any_turn_loads_where_there_is_no_text(degrees: str) -> None:
    load_policy(TURNS.replace("SAMPLE", WORDLESS).replace("DEGREES", degrees)).draw(key=1)


@pytest.mark.parametrize("way", WIDE)
def test_both_ends_of_a_turn_count_for_a_text(way: str) -> None:
    with pytest.warns(PolicyWarning, match=r"SA602 .* words of 'caption'"):
        load_policy(TURNS.replace("SAMPLE", WORDED).replace("DEGREES", WIDE[way]))


@pytest.mark.parametrize("way", NARROW)
def test_a_turn_that_keeps_to_quarter_turns_passes(way: str) -> None:
    load_policy(TURNS.replace("SAMPLE", WORDED).replace("DEGREES", NARROW[way]))


def test_a_turn_inside_a_choice_follows_the_variables_of_its_step() -> None:
    text = """syncaug: 1
sample: {image: image, caption: {modality: text, describes: image}}
steps:
  - name: one
    one_of:
      - {name: r, uses: rotate, draw: {t: {uniform: [LIMITS]}}, with: {degrees: {from: t}}}
      - {name: f, uses: flip}
"""
    load_policy(text.replace("LIMITS", "-19, 19"))
    with pytest.warns(PolicyWarning, match="SA602"):
        load_policy(text.replace("LIMITS", "-19, 29"))


# Planes -----------------------------------------------------------------------------------------

SEEING = ["image", "mask", "depth", "video", "boxes", "keypoints", "camera", "text", "audio"]


@pytest.mark.parametrize("modality", SEEING)
def test_a_stream_among_several_planes_must_name_its_own(modality: str) -> None:
    text = f"""syncaug: 1
sample: {{left: {{modality: image, plane: l}}, right: {{modality: image, plane: r}}, x: {modality}}}
steps: [{{name: f, uses: flip}}]
"""
    with pytest.raises(PolicyError) as caught:
        load_policy(text)
    (problem,) = (p for p in caught.value.problems if p.code == "SA501")
    assert "'x' must name its plane" in problem.message
    assert problem.position.line == 2


def test_streams_of_several_planes_that_name_them_load() -> None:
    load_policy(
        """syncaug: 1
sample:
  left: {modality: image, plane: l}
  right: {modality: image, plane: r}
  seg: {modality: mask, plane: l}
  imu: {modality: imu, rate: 100, columns: [gx, gy, gz, ax, ay, az], body: r}
steps: [{name: f, uses: flip}]
"""
    )


# Formulas without variables ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draw", "low", "high"),
    [
        ("{integers: [{expr: '1+1'}, 5]}", 2, 5),
        ("{integers: [2, {expr: 'floor(2 * pi)'}]}", 2, 6),
        ("{uniform: [{expr: '-pi'}, {expr: 'pi'}]}", -math.pi, math.pi),
        ("{log_uniform: [{expr: '1/2'}, {expr: '2**3'}]}", 0.5, 8.0),
        ("{normal: {mean: 0, std: {expr: '9', clip: [0, 1]}, low: {expr: '0-1'}, high: 2}}", -1, 2),
        ("{beta: {a: {expr: 'sqrt(4)'}, b: 2, low: 0, high: {expr: '1/4'}}}", 0, 0.25),
        ("{normal: {mean: {expr: '6/2'}, std: 0}}", 3, 3),
    ],
)
def test_a_bound_without_variables_is_a_number(draw: str, low: float, high: float) -> None:
    drawn = values(draw)
    assert all(low <= value <= high for value in drawn)
    assert low == high or max(drawn) - min(drawn) > 0.5 * (high - low)


def test_a_bound_without_variables_draws_as_the_number_itself() -> None:
    assert values("{uniform: [{expr: '1/2'}, 3]}") == values("{uniform: [0.5, 3]}")
    assert values("{bernoulli: {expr: '1/4'}}") == values("{bernoulli: 0.25}")


@pytest.mark.parametrize(
    ("chance", "share"),
    [("{expr: '1/2'}", 0.5), ("{expr: 'pi / 10'}", 0.314), ("{expr: '2', clip: [0, 0.1]}", 0.1)],
)
def test_a_chance_without_variables_is_a_number(chance: str, share: float) -> None:
    policy = load_policy(f"{HEAD}steps: [{{name: f, uses: flip, p: {chance}}}]\n")
    happened = sum(policy.draw(key=key).steps[0].applied for key in range(2000))
    assert abs(happened / 2000 - share) < 0.04


def test_chances_of_none_and_all_may_be_formulas() -> None:
    never = load_policy(f"{HEAD}steps: [{{name: f, uses: flip, p: {{expr: '1-1'}}}}]\n")
    always = load_policy(f"{HEAD}steps: [{{name: f, uses: flip, p: {{expr: '3-2'}}}}]\n")
    assert not any(never.draw(key=key).steps[0].applied for key in range(50))
    assert all(always.draw(key=key).steps[0].applied for key in range(50))


@pytest.mark.parametrize("formula", ["1/0", "log(0)", "10**400", "sqrt(0-1)", "2"])
def test_a_chance_that_is_none_is_a_problem(formula: str) -> None:
    text = f"{HEAD}steps: [{{name: f, uses: flip, p: {{expr: '{formula}'}}}}]\n"
    assert set(codes(text)) <= {"SA402", "SA405", "SA407"}


@pytest.mark.parametrize("formula", ["1/0", "log(0)", "10**400"])
def test_a_bound_that_is_none_is_a_problem(formula: str) -> None:
    text = f"{HEAD}draw: {{v: {{uniform: [0, {{expr: '{formula}'}}]}}}}\nsteps: []\n"
    assert set(codes(text)) <= {"SA405", "SA407"}


# Numbers that are none --------------------------------------------------------------------------

NUMBERS = [
    "draw: {v: {constant: NUMBER}}\nsteps: []",
    "draw: {v: {constant: [1, {deep: [NUMBER]}]}}\nsteps: []",
    "draw: {v: {choice: [1, NUMBER]}}\nsteps: []",
    "draw: {v: {choice: {values: [1, 2], weights: [1, NUMBER]}}}\nsteps: []",
    "draw: {v: {uniform: [0, NUMBER]}}\nsteps: []",
    "draw: {v: {normal: {mean: NUMBER, std: 1}}}\nsteps: []",
    "draw: {v: {bernoulli: NUMBER}}\nsteps: []",
    "seed: NUMBER\nsteps: []",
    "steps: [{name: f, uses: flip, p: NUMBER}]",
    "steps: [{name: f, uses: flip, when: {var: severity, above: NUMBER}}]",
    "steps: [{name: f, uses: flip, when: {var: severity, is: NUMBER}}]",
    "steps: [{name: f, uses: flip, when: {var: epoch, in: [1, NUMBER]}}]",
    "steps: [{name: r, uses: rotate, with: {degrees: NUMBER}}]",
    "steps: [{name: r, uses: rotate, with: {degrees: [0, NUMBER]}}]",
    "steps: [{name: r, uses: rotate, with: {degrees: {from: severity, scale: NUMBER}}}]",
    "steps: [{name: r, uses: rotate, with: {degrees: {from: severity, curve: [[0, NUMBER]]}}}]",
    "steps: [{name: r, uses: rotate, with: {degrees: {from: severity, table: {NUMBER: 1}}}}]",
    "steps: [{name: a, apply: {image: {op: albumentations.Sharpen, alpha: [0.2, NUMBER]}}}]",
    "steps: [{name: o, one_of: [{name: f, uses: flip, weight: NUMBER}]}]",
    "steps: []\nchecks: [{same_duration: {tolerance: NUMBER}}]",
    "steps: []\non_fail: {retry: 1, shrink: NUMBER}",
]


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf"])
@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_that_is_none_is_one_problem_with_its_place(text: str, number: str) -> None:
    text = HEAD + text.replace("NUMBER", number) + "\n"
    with pytest.raises(PolicyError) as caught:
        load_policy(text)
    problems = [p for p in caught.value.problems if p.code == "SA215"]
    assert len(problems) == 1
    place = problems[0].position
    assert text.splitlines()[place.line - 1][place.column - 1 :].startswith(number)
    assert len([p for p in caught.value.problems if p.position == place]) == 1


@pytest.mark.parametrize("number", [".nan", ".inf"])
@pytest.mark.parametrize(
    "stream",
    [
        "{modality: image, fill: NUMBER}",
        "{modality: image, fill: [0, NUMBER, 0]}",
        "{modality: audio, sample_rate: 8000, offset: NUMBER}",
        "{modality: depth, unit: NUMBER}",
        "{modality: boxes, min_visible: NUMBER}",
        "{modality: text, words: {leave_below: NUMBER}}",
    ],
)
def test_options_of_streams_are_finite_too(stream: str, number: str) -> None:
    text = (
        f"syncaug: 1\nsample:\n  image: image\n  x: {stream.replace('NUMBER', number)}\nsteps: []\n"
    )
    with pytest.raises(PolicyError) as caught:
        load_policy(text)
    (problem,) = (p for p in caught.value.problems if p.code == "SA215")
    assert problem.position.line == 4


def test_data_from_python_is_asked_too() -> None:
    data = {"syncaug": 1, "sample": {"image": "image"}, "steps": [], "draw": {}}
    data["draw"] = {"v": {"constant": math.nan}}
    assert codes(data) == ["SA215"]


def test_a_bound_that_is_open_may_be_infinite() -> None:
    drawn = values("{normal: {mean: 0, std: 1, low: -.inf, high: .inf}}")
    assert min(drawn) < -1 < 1 < max(drawn)
    load_policy(turned("{from: severity, clip: [0, .inf]}")).draw(key=1)


# Far bounds, far weights ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ("mean: 0, std: 1.0e-300, low: 5, high: 6", 5, 6),
        ("mean: 10, std: 5.0e-324, low: 5, high: 6", 5, 6),
        ("mean: 0, std: 1, low: 1.0e+200, high: 1.0e+201", 1e200, 1e201),
        ("mean: 0, std: 1.0e+308, low: -1.0e+308, high: 1.0e+308", -1e308, 1e308),
        ("mean: -1.0e+308, std: 1.0e-5, low: 1.0e+308, high: 1.7e+308", 1e308, 1.7e308),
        ("mean: 1.7e+308, std: 1.7e+308", -1.8e308, 1.8e308),
    ],
)
def test_a_normal_far_from_its_bounds_draws_within_them(
    table: str, low: float, high: float
) -> None:
    drawn = values(f"{{normal: {{{table}}}}}")
    assert all(math.isfinite(value) and low <= value <= high for value in drawn)


WEIGHED = f"""{HEAD}steps:
  - name: g
    KIND: [{{name: a, weight: A, uses: flip}}, {{name: b, weight: B, uses: flip}}]
"""


def shares(first: str, second: str, kind: str = "one_of") -> float:
    text = WEIGHED.replace("A", first).replace("B", second).replace("KIND", kind)
    policy = load_policy(text)
    chosen = [policy.draw(key=key).steps[0].steps[0].name for key in range(2000)]
    return chosen.count("a") / 2000


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ("1.0e+308", "1.0e+308", 0.5),
        ("1.7e+308", "5.0e+307", 0.773),
        ("5.0e-324", "5.0e-324", 0.5),
        ("5.0e-324", "1.5e-323", 0.25),
        ("1.0e+308", "1.0e-300", 1.0),
        ("0", "1.0e+308", 0.0),
        ("3", "1", 0.75),
    ],
)
@pytest.mark.parametrize("kind", ["one_of", "some_of"])
def test_weights_of_any_size_keep_their_shares(
    first: str, second: str, share: float, kind: str
) -> None:
    assert abs(shares(first, second, kind) - share) < 0.04


@pytest.mark.parametrize(
    ("weights", "share"),
    [("[1.0e+308, 1.5e+308]", 0.4), ("[5.0e-324, 1.5e-323]", 0.25), ("[3, 1]", 0.75)],
)
def test_weights_of_values_keep_their_shares(weights: str, share: float) -> None:
    drawn = values(f"{{choice: {{values: [a, b], weights: {weights}}}}}")
    assert abs(drawn.count("a") / 300 - share) < 0.08


# What overflows later ---------------------------------------------------------------------------


LATER = "{expr: 'epoch * 1.0e+308', clip: [0, 1]}"


@pytest.mark.parametrize(
    "degrees",
    [
        "{expr: 'epoch * 1.0e+308', clip: [-90, 90]}",
        "{expr: 'exp(epoch * 400)', clip: [-90, 90]}",
        "{uniform: [0, {expr: 'epoch * 1.0e+308', clip: [0, 90]}]}",
    ],
)
def test_what_overflows_later_names_step_parameter_and_epoch(degrees: str) -> None:
    policy = load_policy(
        f"{HEAD}steps: [{{name: r, uses: rotate, with: {{degrees: {degrees}}}}}]\n"
    )
    policy.draw(key=1, epoch=0)
    with pytest.raises(SampleError, match="'degrees' of step 'r'.*epoch 2"):
        policy.draw(key=1, epoch=2)


def test_a_link_without_bounds_that_reaches_infinity_is_named_too() -> None:
    text = """syncaug: 1
sample: {cloud: points}
steps: [{name: t, uses: world_translate, with: {x: {from: epoch, scale: 1.0e+308}}}]
"""
    policy = load_policy(text)
    assert policy.draw(key=1, epoch=1).steps[0].parameters["*"]["x"] == 1e308
    with pytest.raises(SampleError, match="'x' of step 't'.*epoch 2"):
        policy.draw(key=1, epoch=2)


def test_what_overflows_later_in_a_chance_or_a_variable_is_named_too() -> None:
    gate = load_policy(f"{HEAD}steps: [{{name: f, uses: flip, p: {LATER}}}]\n")
    with pytest.raises(SampleError, match="p of step 'f'"):
        gate.draw(key=1, epoch=2)
    variable = load_policy(f"{HEAD}draw: {{v: {{uniform: [0, {LATER}]}}}}\nsteps: []\n")
    with pytest.raises(SampleError, match="the variable 'v'"):
        variable.draw(key=1, epoch=2)


@pytest.mark.parametrize("epoch", [0, 1, 10, 10_000, 2**40])
def test_what_follows_the_epoch_within_reason_draws(epoch: int) -> None:
    drawn = (
        load_policy(turned("{from: epoch, scale: 0.5, clip: [0, 90]}"))
        .draw(key=1, epoch=epoch)
        .steps[0]
        .parameters["*"]["degrees"]
    )
    assert drawn == min(90, 0.5 * epoch)


# Names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lone", ["\ud800", "a\udfff", "\udcff name"])
@pytest.mark.parametrize("place", ["stream", "key", "text", "description"])
def test_half_a_character_is_a_problem(lone: str, place: str) -> None:
    data: dict[str, Any] = {"syncaug": 1, "sample": {"image": "image"}, "steps": []}
    if place == "stream":
        data["sample"][lone] = "image"
    elif place == "key":
        data["draw"] = {"v": {"constant": {lone: 1}}}
    elif place == "text":
        data["draw"] = {"v": {"constant": lone}}
    else:
        data["description"] = lone
    assert codes(data) == ["SA116"]


def test_half_a_character_written_as_an_escape_is_a_problem() -> None:
    assert set(codes(HEAD + 'name: "\\ud800"\nsteps: []\n')) <= {"SA105", "SA116"}


@pytest.mark.parametrize(
    "name", ["画像", "image 1", "😀", "é", "a.b", "x@y", "draw", "p", "'", "{}"]
)
def test_unusual_names_of_streams_load_and_draw(name: str) -> None:
    data = {
        "syncaug": 1,
        "sample": {name: "image", "other": "image"},
        "steps": [
            {"name": "r", "uses": "rotate", "sync": "independent", "with": {"degrees": [0, 5]}}
        ],
    }
    policy = load_policy(data)
    assert policy.draw(key=1).as_json()
    assert len(policy.plan.fingerprint) == 16


def quiet(source: Any) -> Augmenter | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        try:
            return load_policy(source)
        except PolicyError:
            return None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "[]",
        "syncaug: 1\n",
        "syncaug: 1\nsample: {}\nsteps: {}\n",
        "syncaug: 1\nsample: [image]\nsteps: []\n",
        "syncaug: 1\nsample: {1: image}\nsteps: []\n",
        "syncaug: {}\nsample: {image: image}\nsteps: []\n",
        "syncaug: []\nsample: {image: image}\nsteps: []\n",
        HEAD + "steps: [[]]\n",
        HEAD + "steps: [{name: a, uses: {}}]\n",
        HEAD + "steps: [{name: a, apply: {image: {op: []}}}]\n",
        HEAD + "steps: [{name: a, apply: {image: []}}]\n",
        HEAD + "steps: [{name: a, uses: flip, with: {1: 2}}]\n",
        HEAD + "steps: [{name: a, uses: flip, when: []}]\n",
        HEAD + "steps: [{name: a, uses: flip, sync: {jitter: {image: 1}}}]\n",
        HEAD + "steps: []\nchecks: [{1: {}}]\n",
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 50_000,
    ],
)
def test_what_is_no_policy_gives_problems(text: str) -> None:
    assert quiet(text) is None
