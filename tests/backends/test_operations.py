"""What every usable operation of the catalogue promises, tried on all of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from syncaug.backends import Operated, prepare
from syncaug.catalogue import ParameterSpec, operation
from syncaug.maps.plane import FieldMap, PlaneMap
from tests.backends import material as given

pytestmark = pytest.mark.filterwarnings("ignore")  # the libraries' own


@pytest.fixture(scope="module")
def threads() -> Any:
    with ThreadPoolExecutor(3) as pool:
        yield pool


@pytest.mark.parametrize("name", given.usable())
def test_an_operation_is_a_pure_function(
    name: str, untouched: Any, threads: ThreadPoolExecutor
) -> None:
    spec = operation(name)
    constants = given.EXAMPLES.get(name, {})
    for modality, data, options in given.material(spec):
        before = data.copy() if isinstance(data, np.ndarray) else data
        prepared = prepare(name, modality, constants, options)
        first = prepared.run(data, {}, given.entropy())
        others = [threads.submit(prepared.run, data, {}, given.entropy(n)) for n in (2, 1, 3)]
        assert given.same(prepared.run(data, {}, given.entropy()), first)
        results = [other.result() for other in others]
        assert given.same(results[1], first)
        assert given.same(
            prepare(name, modality, constants, options).run(data, {}, given.entropy()), first
        )
        assert given.same(data, before), "the input was written to"
        _check_form(spec.moves, data, first)
    untouched()


def _check_form(moves: str, data: Any, operated: Operated) -> None:
    result, rows = operated.data, operated.rows
    assert (rows is not None) == (moves == "rows")
    assert (operated.moved is not None) == (moves in ("plane", "field", "clock", "world"))
    if rows is not None:
        assert rows.dtype == np.int64
        assert (np.diff(rows) > 0).all()
        assert 0 < len(rows) < len(data)
        assert np.array_equal(result, data[rows])
    elif isinstance(data, str):
        text, edits = result, operated.edits
        assert isinstance(text, str)
        rebuilt, end = "", 0
        for edit in edits:
            assert edit.start >= end
            rebuilt += data[end : edit.start] + edit.text
            end = edit.end
        assert rebuilt + data[end:] == text
    else:
        assert (result.dtype, result.ndim) == (data.dtype, data.ndim)
        assert result.flags.c_contiguous
        assert not np.may_share_memory(result, data)
        if data.ndim == 3:
            assert result.shape[2] == data.shape[2]
        assert moves != "nothing" or result.shape == data.shape


_PROBES = {"x_max": 50, "y_max": 40, "duration_seconds": 0.3}


def _probe(spec: ParameterSpec) -> Any:
    """A value inside the parameter's domain, away from its default where that is easy."""
    if spec.name in _PROBES:
        return _PROBES[spec.name]
    if spec.schema.get("type") == "boolean":
        return not spec.default
    if "enum" in spec.schema:
        return spec.schema["enum"][-1]
    low, high = spec.minimum, spec.maximum
    default = spec.default[1] if isinstance(spec.default, list) else spec.default
    if isinstance(default, (int, float)) and not isinstance(default, bool) and default:
        return default
    if low is not None and high is not None:
        return (low + high) / 2
    return low + 1 if low is not None else 2


def _linkable() -> list[tuple[str, str]]:
    return [
        (name, parameter)
        for name in given.usable()
        for parameter, spec in operation(name).parameters.items()
        if spec.form != "fixed" and not spec.required and (name, parameter) not in _NEED_OTHERS
    ]


_NEED_OTHERS = {
    ("albumentations.CropAndPad", "px"): "percent would have to be unset",
    ("albumentations.PadIfNeeded", "pad_height_divisor"): "min_height would have to be unset",
    ("albumentations.PadIfNeeded", "pad_width_divisor"): "min_width would have to be unset",
    (
        "audiomentations.AdjustDuration",
        "duration_samples",
    ): "duration_seconds would have to be unset",
    ("syncaug.Paraphrase", "said"): "the sample would have to bring paraphrases",
}


@pytest.mark.parametrize(("name", "parameter"), _linkable())
def test_a_drawn_value_acts_like_the_same_constant(name: str, parameter: str) -> None:
    spec = operation(name)
    value = _probe(spec.parameters[parameter])
    constants = {key: v for key, v in given.EXAMPLES.get(name, {}).items() if key != parameter}
    modality, data, options = given.material(spec)[0]
    values = {parameter: value}
    if name.startswith("audiomentations."):  # a range must not be inverted
        partner = {"min_": "max_", "max_": "min_"}.get(parameter[:4], "") + parameter[4:]
        if partner != parameter and partner in spec.parameters:
            values[partner] = value
    drawn = prepare(name, modality, constants, options).run(data, values, given.entropy())
    constant = prepare(name, modality, {**constants, **values}, options).run(
        data, {}, given.entropy()
    )
    assert given.same(drawn, constant)


@pytest.mark.parametrize(
    "name", [n for n in given.usable() if operation(n).moves in ("plane", "field")]
)
def test_the_map_comes_with_the_picture(name: str) -> None:
    spec = operation(name)
    for modality, data, options in given.material(spec):
        prepared = prepare(name, modality, given.EXAMPLES.get(name, {}), options)
        for number in range(3):
            picture, moved, *_ = prepared.run(data, {}, given.entropy(number))
            assert isinstance(moved, PlaneMap | FieldMap)
            assert moved.size == picture.shape[1::-1]
            assert moved.source == data.shape[1::-1]
            assert isinstance(moved, PlaneMap if spec.moves == "plane" else (PlaneMap, FieldMap))


def test_every_refusal_has_a_reason() -> None:
    from syncaug.catalogue import names

    refused = [operation(name) for name in names() if operation(name).refused]
    assert all(len(spec.refused) > 10 and not spec.parameters for spec in refused)
    with pytest.raises(ValueError, match="it needs reference images"):
        prepare("albumentations.FDA", "image", {}, {})
    with pytest.raises(KeyError):
        prepare("albumentations.Nothing", "image", {}, {})
