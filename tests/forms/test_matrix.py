"""Every form of every modality: what comes out has the form that came, and the numbers of numpy."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from syncaug import load_policy
from tests.forms.matrix import FORMS
from tests.samples import EVERYTHING, everything

POLICY = load_policy(
    f"syncaug: 1\nsample:{EVERYTHING}steps:\n"
    "  - {name: mirror, uses: flip, with: {world: keep}}\n"
    "  - {name: zoom, uses: crop, with: {area: 0.8}}\n"
    "  - {name: lamp, uses: light, with: {value: 0.1}}\n"
    "  - {name: part, uses: trim, with: {start: 0.025, duration: 0.05}}\n"
    "  - {name: turn, uses: world_rotate, with: {axis: z, degrees: 5}}\n"
)
CELLS = [(name, form) for name, forms in FORMS.items() for form in forms]


def close(out: Any, wanted: Any, tolerance: float) -> bool:
    """Whether numbers, texts, lists and mappings are equal within a tolerance."""
    if isinstance(wanted, dict):
        return out.keys() == wanted.keys() and all(close(out[k], wanted[k], tolerance) for k in out)
    if isinstance(wanted, list | tuple) and any(isinstance(one, dict | str) for one in wanted):
        return len(out) == len(wanted) and all(
            close(one, other, tolerance) for one, other in zip(out, wanted, strict=True)
        )
    if isinstance(wanted, str):
        return bool(out == wanted)
    one, other = np.asarray(out, np.float64), np.asarray(wanted, np.float64)
    return one.shape == other.shape and np.allclose(
        one, other, rtol=1e-6, atol=tolerance + 1e-6, equal_nan=True
    )


@pytest.mark.parametrize(("name", "form"), CELLS)
def test_what_comes_in_a_form_goes_out_in_it(name: str, form: str) -> None:
    cell, sample = FORMS[name][form], everything()
    value = cell.make(sample[name])
    kept = copy.deepcopy(value)
    wanted = POLICY(sample, key=3)[name]
    out = POLICY({**sample, name: value}, key=3)[name]
    assert type(out) is type(value)
    assert cell.traits(out) == cell.traits(value)
    assert close(cell.numbers(out), wanted, cell.tolerance)
    assert pickle.dumps(cell.numbers(value)) == pickle.dumps(cell.numbers(kept))
