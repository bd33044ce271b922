"""Numbers in another unit than a parameter's are refused or warned of, with what was meant."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from syncaug import load_policy
from syncaug.errors import PolicyError
from syncaug.loading import check_policy
from syncaug.problem import Problem

POLICIES = sorted((Path(__file__).parents[2] / "policies").rglob("*.yaml"))


def problems(uses: str, given: str) -> list[Problem]:
    sample = "{image: image, sound: audio, camera: camera, points: points}"
    text = f"syncaug: 1\nsample: {sample}\nsteps: [{{name: a, uses: {uses}, with: {given}}}]\n"
    try:
        return check_policy(text, extras="warning")[1]
    except PolicyError as error:
        return list(error.problems)


@pytest.mark.parametrize(
    ("uses", "given", "hint"),
    [
        ("crop", "{area: 80}", "for percent write 0.8"),
        ("crop", "{area: [50, 80]}", "for percent write [0.5, 0.8]"),
        (
            "translate",
            "{x: 20}",
            "for percent write 0.2; pixels are divided by the width first",
        ),
        ("translate", "{y: [-300, 300]}", "pixels are divided by the height first"),
        ("light", "{gamma: [80, 120]}", "for percent write [0.8, 1.2]"),
        ("noise", "{severity: 3}", "for levels from 1 to 5 write 0.6"),
        ("pitch", "{semitones: [-100, 100]}", "for cents write [-1, 1]"),
        ("speed", "{factor: [90, 110]}", "for percent write [0.9, 1.1]"),
        (
            "rotate",
            "{degrees: [1, 2, 3]}",
            "write [1, 3] for a range, {choice: [1, 2, 3]} for one of them",
        ),
    ],
)
def test_what_was_meant_by_a_number_out_of_range(uses: str, given: str, hint: str) -> None:
    (problem,) = problems(uses, given)
    assert problem.code in ("SA401", "SA402")
    assert problem.hint == hint


@pytest.mark.parametrize(
    ("uses", "given", "hint"),
    [
        ("colour", "{saturation: [0.8, 1.2]}", "for factors write [-0.2, 0.2]"),
        ("light", "{contrast: {uniform: [0.5, 1.5]}}", "for factors write [-0.5, 0.5]"),
        ("colour", "{hue: [-0.1, 0.1]}", "for shares of the colour wheel write [-36, 36]"),
        ("rotate", "{degrees: [-0.26, 0.26]}", "for radians write [-14.8969, 14.8969]"),
        ("rotate", "{degrees: [-3.14, 3.14]}", "for radians write [-179.909, 179.909]"),
        ("world_rotate", "{degrees: [-0.785, 0.785]}", "for radians write [-44.9772, 44.9772]"),
        ("world_rotate", "{degrees: [-0.78, 0.78]}", "for radians write [-44.6907, 44.6907]"),
        ("rotate", "{degrees: {expr: pi / 4}}", "for radians write 45"),
        ("world_rotate", "{degrees: {expr: -pi / 2}}", "for radians write -90"),
        ("world_rotate", "{degrees: [-0.3925, 0.3925]}", "for radians write [-22.4886, 22.4886]"),
        ("world_rotate", "{degrees: {choice: [0, 1.5708]}}", "for radians write [0, 90.0002]"),
    ],
)
def test_a_number_that_fits_and_is_probably_in_another_unit(
    uses: str, given: str, hint: str
) -> None:
    (problem,) = problems(uses, given)
    assert (problem.code, problem.severity, problem.hint) == ("SA612", "warning", hint)


@pytest.mark.parametrize(
    ("uses", "given"),
    [
        ("colour", "{saturation: [0.3, 0.8]}"),
        ("colour", "{saturation: [-0.2, 0.2], hue: [-30, 30]}"),
        ("colour", "{hue: 0, saturation: 1.5}"),
        ("light", "{value: [0.0, 1.5], gamma: [0.8, 1.2]}"),
        ("rotate", "{degrees: [-2, 2]}"),
        ("rotate", "{degrees: [-1, 1]}"),
        ("rotate", "{degrees: [-1.5, 1.5]}"),
        ("rotate", "{degrees: [-0.75, 0.75]}"),
        ("rotate", "{degrees: {expr: 180 / 4}}"),
        ("rotate", "{degrees: {expr: degrees(pi / 4)}}"),
        ("world_rotate", "{degrees: [-0.2, 0.2]}"),
        ("rotate", "{degrees: {choice: [1, 2, 3]}}"),
        ("rotate", "{degrees: {normal: {mean: 0, std: 1.57, low: -5, high: 5}}}"),
        ("translate", "{x: [-0.1, 0.1]}"),
        ("speed", "{factor: [0.8, 1.2]}"),
    ],
)
def test_ordinary_numbers_pass_without_a_word(uses: str, given: str) -> None:
    assert problems(uses, given) == []


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_shipped_policies_pass_without_a_word(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_policy(path)


def warned(sample: str, steps: str = "[]") -> list[tuple[str, str]]:
    """The codes and hints of a policy's warnings."""
    text = f"syncaug: 1\nsample: {sample}\nsteps: {steps}\n"
    return [(p.code, p.hint) for p in check_policy(text, extras="warning")[1]]


@pytest.mark.parametrize(
    ("stream", "hint"),
    [
        ("{modality: depth, unit: 1000}", "for 1000 in one write 0.001"),
        ("{modality: depth, unit: 5000}", "for 5000 in one write 0.0002"),
        ("{modality: joints, names: [a], unit: 1000}", "for 1000 in one write 0.001"),
        ("{modality: disparity, step: 256}", "for 256 in one write 0.00390625"),
    ],
)
def test_a_unit_that_is_how_many_there_are_in_one(stream: str, hint: str) -> None:
    assert warned(f"{{it: {stream}}}") == [("SA612", hint)]


@pytest.mark.parametrize(
    "stream",
    ["{modality: depth, unit: 1}", "{modality: depth, unit: 0.01}", "depth", "disparity"],
)
def test_units_of_metres_and_less_are_silent(stream: str) -> None:
    assert warned(f"{{it: {stream}}}") == []


def choice(*chances: str) -> str:
    inner = ", ".join(f"{{name: s{i}, uses: flip{p}}}" for i, p in enumerate(chances))
    return f"[{{name: a, one_of: [{inner}]}}]"


@pytest.mark.parametrize(
    "chances",
    [(", p: 0.3", ", p: 0.7"), (", p: 0.5", ", p: 0.5"), (", p: 0.33", ", p: 0.33", ", p: 0.33")],
)
def test_chances_that_are_shares_of_a_choice(chances: tuple[str, ...]) -> None:
    ((code, hint),) = warned("{image: image}", choice(*chances))
    assert code == "SA612"
    assert "weight:" in hint


@pytest.mark.parametrize(
    "chances",
    [
        ("", ""),
        (", p: 0.5",),
        (", p: 0.5", ""),
        (", p: 1", ", p: 0"),
        (", p: 0.8", ", p: 0.9"),
        (", p: 0.3, weight: 2", ", p: 0.7"),
    ],
)
def test_chances_after_a_choice_are_silent(chances: tuple[str, ...]) -> None:
    assert warned("{image: image}", choice(*chances)) == []


def operation(given: str, more: str = "") -> str:
    return f"[{{name: a, apply: {{image: {{op: albumentations.{given}}}{more}}}}}]"


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("Rotate, limit: 30", "write [-30, 30], or [30, 30] if one value is meant"),
        (
            "RandomBrightnessContrast, brightness_limit: 0.3, contrast_limit: 0",
            "write [-0.3, 0.3], or [0.3, 0.3] if one value is meant",
        ),
        (
            "ColorJitter, brightness: 0.2",
            "write [0.8, 1.2], or [0.2, 0.2] if one value is meant",
        ),
        ("RandomScale, scale_limit: 0.1", "write [-0.1, 0.1], or [0.1, 0.1] if one value is meant"),
    ],
)
def test_one_number_where_the_library_makes_a_range(given: str, hint: str) -> None:
    assert warned("{image: image}", operation(given)) == [("SA612", hint)]


@pytest.mark.parametrize(
    "given",
    [
        "Rotate, limit: [-30, 30]",
        "Rotate, limit: [30, 30]",
        "Rotate, limit: -30",
        "Rotate, limit: {constant: 30}",
        "Rotate, limit: {expr: 10 * severity}",
        "ColorJitter, hue: 0, saturation: 1",
        "GaussianBlur, blur_limit: 7",
        "ImageCompression, quality_range: 80",
        "Affine, rotate: [5, 5]",
    ],
)
def test_ranges_and_other_numbers_of_operations_are_silent(given: str) -> None:
    assert warned("{image: image}", operation(given)) == []


def test_numbers_that_two_operations_share_are_meant() -> None:
    sample = "{image: image, said: {modality: text, describes: image}}"
    words = ", said: {op: syncaug.RecolourWords, degrees: 120}"
    assert warned(sample, operation("HueSaturationValue, hue_shift_limit: 60", words)) == []


def test_the_library_makes_the_range_that_the_warning_tells() -> None:
    albumentations = pytest.importorskip("albumentations")
    from syncaug import catalogue
    from syncaug.compiler.steps.single_numbers import _range

    told = 0
    for name in catalogue.names(["albumentations"]):
        for parameter in catalogue.operation(name).parameters.values():
            number = 5 if parameter.integer else 0.25
            meant = _range(parameter, number)
            if meant is None or name.endswith(".ShiftScaleRotate"):  # which makes another of it
                continue
            made = getattr(albumentations, name.partition(".")[2])(**{parameter.name: number})
            assert tuple(getattr(made, parameter.name)) == pytest.approx(meant), parameter.name
            told += 1
    assert told > 10
