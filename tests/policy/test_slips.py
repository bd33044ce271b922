"""Values in the form of another tool or language: one problem, with what to write."""

from __future__ import annotations

import pytest

from syncaug import PolicyError, load_policy

IMAGE = "{image: image, boxes: boxes, depth: depth}"
FLIP = "[{name: a, uses: flip}]"
TURN = "[{name: a, uses: rotate, with: {degrees: %s}}]"


def told(sample: str = IMAGE, steps: str = FLIP, more: str = "") -> list[tuple[str, str]]:
    """The codes and hints of a policy's problems."""
    with pytest.raises(PolicyError) as caught:
        load_policy(f"syncaug: 1\nsample: {sample}\nsteps: {steps}\n{more}\n")
    return [(problem.code, problem.hint) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("chance", "hint"),
    [
        ("no", "write 0, or take the step out"),
        ("always", "write 1, or take p: out"),
        ("true", "write 1, or take p: out"),
        ("30%", "write 0.3"),
        ("3/4", "write 0.75"),
        ("'0.5'", "remove the quotes"),
    ],
)
def test_a_chance_in_words(chance: str, hint: str) -> None:
    assert told(steps=f"[{{name: a, uses: flip, p: {chance}}}]") == [("SA203", hint)]


@pytest.mark.parametrize(
    ("degrees", "code", "hint"),
    [
        ("\N{MINUS SIGN}10", "SA401", "write -10"),
        ("7/2", "SA401", "write 3.5"),
        ("7,5", "SA203", "write degrees: 7.5, with a point"),
        ("[-7]", "SA401", "write -7"),
        ("~", "SA401", "give it a value, or remove the key"),
        ("{gauss: {mean: 0, std: 3}}", "SA401", "did you mean 'normal'?"),
        ("{randint: [1, 3]}", "SA401", "did you mean 'integers'?"),
        ("{beta: [0.4, 2]}", "SA203", "write {a: 0.4, b: 2}"),
        ("{beta: 0.2}", "SA203", "write {a: 0.2, b: 0.2}"),
        ("{uniform: -7, 7}", "SA401", "write {uniform: [-7, 7]}"),
        ("{normal: 0, 3}", "SA401", "write {normal: {mean: 0, std: 3}}"),
        ("'{uniform: [1, 2]}'", "SA401", "remove the quotes"),
        ("400", "SA401", "the most is 360"),
        ("-5..7.5", "SA401", "write [-5, 7.5]"),
        ("5 to 7", "SA401", "write [5, 7]"),
        ("7 - -5", "SA401", "write [-5, 7]"),
        ("+-7", "SA401", "write [-7, 7]"),
        ("{choice: {5: 0.5, 9: 1}}", "SA203", "write {values: [5, 9], weights: [0.5, 1]}"),
    ],
)
def test_a_number_in_another_form(degrees: str, code: str, hint: str) -> None:
    assert told(steps=TURN % degrees) == [(code, hint)]


@pytest.mark.parametrize(
    ("sample", "hint"),
    [
        ("{v: {modality: video, fps: 25 fps}}", "write 25"),
        ("{v: {modality: video, fps: 24000/1001}}", "write 23.976024"),
        ("{a: {modality: audio, sample_rate: 22.05kHz}}", "write 22050"),
        ("{a: {modality: audio, sample_rate: 8000.0}}", "write 8000"),
        ("{d: {modality: depth, unit: cm}}", "write 0.01"),
        ("{p: {modality: points, columns: xyz}}", "name each of them, such as [x, y, z]"),
        (
            "{l: {modality: label, classes: {cat: 1, dog: 0}}}",
            "write [dog, cat], in the order of their numbers",
        ),
        ("{l: {modality: label, classes: '10'}}", "write 10, without quotes"),
        ("{l: {modality: label, classes: cat}}", "write [cat, ...]"),
        ("[image, mask]", "write {image: image, mask: mask}, NAME: MODALITY"),
        ("{image:image}", "write NAME: MODALITY, with a blank after the colon"),
    ],
)
def test_streams_in_another_form(sample: str, hint: str) -> None:
    assert told(sample, "[]") == [("SA203", hint)]


@pytest.mark.parametrize(
    ("steps", "code", "hint"),
    [
        ("rotate", "SA203", "write [{name: rotate, uses: rotate}]"),
        ("[{name: a, uses: rotate, with: 5}]", "SA203", "write {PARAMETER: 5}"),
        (
            "[{name: a, uses: flip, with: {axis: [vertical, both]}}]",
            "SA401",
            "write {choice: [vertical, both]}",
        ),
        ("[{name: a, uses: flip, sync: false}]", "SA205", "did you mean 'independent'?"),
        (
            "[{name: a, apply: {image: {op: albumentations.ToGray}, depth: follow}}]",
            "SA507",
            "leave 'depth' out, or write depth: keep",
        ),
        (
            "[{name: a, apply: {image: {op: A.VerticalFlip}, depth: follow, boxes: follow}}]",
            "SA303",
            "did you mean 'albumentations.VerticalFlip'?",
        ),
        (
            "[{name: a, apply: {image: {op: albumentations.Normalize}, depth: follow}}]",
            "SA309",
            "it leaves the range of pictures; normalise after augmenting",
        ),
    ],
)
def test_steps_in_another_form(steps: str, code: str, hint: str) -> None:
    assert told(steps=steps) == [(code, hint)]


@pytest.mark.parametrize(
    ("link", "draw", "hint"),
    [
        (
            "{expr: 2 * t}",
            "{choice: [calm, wild]}",
            "words become numbers by a table with an entry for each: {from: NAME, table: {...}}",
        ),
        ("{from: t}", "{bernoulli: 0.5}", "write {from: NAME, table: {true: ..., false: ...}}"),
    ],
)
def test_a_link_to_words(link: str, draw: str, hint: str) -> None:
    assert told(steps=TURN % link, more=f"draw: {{t: {draw}}}") == [("SA402", hint)]


@pytest.mark.parametrize(
    "draw",
    [
        "{u: {uniform: [0, 1]}, t: {uniform: [{from: u}, 1]}}",
        "{t: {uniform: [{from: u}, 1]}, u: {uniform: [0, 1]}}",
        "{t: {normal: {mean: {from: t}, std: 1, low: 0, high: 1}}}",
        "{u: {uniform: [0, 1]}, t: {bernoulli: {from: u}}}",
    ],
)
def test_a_variable_follows_no_other(draw: str) -> None:
    (problem,) = told(more=f"draw: {draw}")
    assert problem[0] == "SA403"
    assert "under with:" in problem[1]


def test_what_other_tools_have_at_the_top() -> None:
    assert told(more="fuse: no") == [("SA205", "write off")]
    ((code, hint),) = told(more="extends: base.yaml")
    assert code == "SA201"
    assert "whole in one file" in hint


def test_a_tab_before_a_key_of_a_step() -> None:
    ((code, hint),) = told(steps="\n  - name: a\n\tuses: flip")
    assert (code, hint) == ("SA105", "indent with spaces")


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("uses: resize, with: {size: [224, 224]}", "write height: and width:"),
        ("uses: resize, with: {img_size: 224}", "write height: and width:"),
        ("uses: perspective, with: {scale: 0.1}", "did you mean 'strength'?"),
        ("uses: scale, with: {range: [1, 2]}", "did you mean 'factor'?"),
        ("apply: {image: {op: albumentations.RandomCrop, size: [9, 9]}, boxes: follow, "
         "depth: follow}", "write height: and width:"),
        ("apply: {image: {op: albumentations.Downscale, scale_min: 0.2}}",
         "write scale_range: [LOW, HIGH]"),
    ],
)  # fmt: skip
def test_a_parameter_under_its_name_elsewhere_is_one_problem(step: str, hint: str) -> None:
    assert told(steps=f"[{{name: a, {step}}}]") == [("SA307", hint)]


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        ("uses: occlude, with: {area: 0.1, count: 2.5}", "write 2 or 3"),
        ("uses: occlude, with: {area: 0.1, count: 0}", "the least is 1"),
        ("uses: scale, with: {factor: 0}", "write a number above 0"),
        ("uses: crop, with: {area: 0.5, resize: [0, 9]}", "mend entry 1: the least is 1"),
        ("uses: crop, with: {area: 0.5, resize: [9, 9, 3]}", "write 2 of them; here are 3"),
        ("uses: rotate, with: {degrees: 9, expand: 3}", "write true or false"),
        ("uses: scale, with: {factor: tall}", "write a number, a factor"),
        ("uses: noise, with: {severity: 0.1, image: hum}", "take one of these"),
        ("uses: flip, with: {axis: [0, 0, 1]}", "take one of these"),
        ("apply: {image: {op: albumentations.Posterize, num_bits: 9}}", "the most is 8"),
        ("apply: {image: {op: albumentations.Blur, blur_limit: wide}}",
         "write a number, or {from: NAME} to follow a variable"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_says_what_does(step: str, hint: str) -> None:
    assert told(steps=f"[{{name: a, {step}}}]") == [("SA401", hint)]


@pytest.mark.parametrize(
    ("check", "hint"),
    [
        ("boxes_visible: {min_area: lots}", "write a number"),
        ("boxes_visible: {min_area: -1}", "the least is 0"),
    ],
)
def test_an_option_that_does_not_fit_says_what_does(check: str, hint: str) -> None:
    assert told(more=f"checks: [{{{check}}}]") == [("SA401", hint)]


@pytest.mark.parametrize(
    ("when", "code", "hint"),
    [
        ("present(boxes)", "SA203", "write {present: boxes}"),
        ("{stream: boxes, contains: dog}", "SA201",
         "write mentions: WORD of a text, has: CLASS of a stream with classes"),
    ],
)  # fmt: skip
def test_a_condition_in_another_form(when: str, code: str, hint: str) -> None:
    steps = f"[{{name: a, uses: flip, when: {when}}}]"
    sample = "{image: image, boxes: {modality: boxes, labels: kinds}}"
    assert (code, hint) in told(sample, steps)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("my step", "write my_step"), ("1st", "write _1st"), ("a/b", "write a_b"), ("'!'", "")],
)
def test_a_name_that_cannot_be_one(name: str, hint: str) -> None:
    assert told(steps=f"[{{name: {name}, uses: flip}}]") == [("SA206", hint)]


@pytest.mark.parametrize(
    ("language", "hint"),
    [("EN", "write en"), ("pt_BR", "write pt-BR"), ("German", "write de"), ("klingon", "")],
)
def test_a_language_by_its_name(language: str, hint: str) -> None:
    sample = f"{{caption: {{modality: text, language: {language}}}}}"
    assert told(sample, "[]") == [("SA206", hint)]


@pytest.mark.parametrize("word", ["severity", "progress", "epoch", "sync"])
def test_what_is_said_at_a_call_is_told(word: str) -> None:
    ((code, hint),) = told(more=f"{word}: 1")
    assert code == "SA201"
    assert "policy" in hint
