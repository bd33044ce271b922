"""Large policies load in proportion to their size, whatever is large in them."""

from __future__ import annotations

import gc
import time
import warnings
from collections.abc import Callable

import pytest

from syncaug import PolicyError, PolicyWarning, load_policy

_SECONDS = 5.0
"""Processor time of one load; the slowest takes a second, and a quadratic one much more."""


def _values(link: str) -> Callable[[], str]:
    def text() -> str:
        values = ", ".join(map(str, range(19_000)))
        return f"""syncaug: 1
sample: {{cloud: points}}
draw: {{v: {{choice: [{values}]}}}}
steps: [{{name: t, uses: world_translate, with: {{x: {link}}}}}]
"""

    return text


def _weights() -> str:
    values = ", ".join(map(str, range(9_000)))
    weights = ", ".join(str(index % 7 + 0.1) for index in range(9_000))
    return f"""syncaug: 1
sample: {{cloud: points}}
draw: {{v: {{choice: {{values: [{values}], weights: [{weights}]}}}}}}
steps: [{{name: t, uses: world_translate, with: {{x: {{from: v}}}}}}]
"""


def _table() -> str:
    values = ", ".join(map(str, range(6_000)))
    table = ", ".join(f"{index}: {index}.5" for index in range(6_000))
    return f"""syncaug: 1
sample: {{cloud: points}}
draw: {{v: {{choice: [{values}]}}}}
steps: [{{name: t, uses: world_translate, with: {{x: {{from: v, table: {{{table}}}}}}}}}]
"""


def _steps(step: str, sample: str = "image: image", count: int = 2_000) -> Callable[[], str]:
    def text() -> str:
        steps = "".join(
            f"  - {{name: s{i}, {step.replace('NUMBER', str(i))}}}\n" for i in range(count)
        )
        streams = ", ".join(sample.replace("NUMBER", str(i)) for i in range(count))
        declared = streams if "NUMBER" in sample else sample
        return f"syncaug: 1\nsample: {{{declared}}}\nsteps:\n{steps}"

    return text


LARGE = {
    "values": _values("{from: v, scale: 0.5}"),
    "values in a formula": _values("{expr: '0.5 * v'}"),
    "weights": _weights,
    "table": _table,
    "misspelt transforms": _steps("uses: flipNUMBER", count=3_000),
    "misspelt parameters": _steps("uses: flip, with: {axesNUMBER: horizontal}", count=3_000),
    "misspelt streams": _steps(
        "apply: {imagNUMBER: {op: albumentations.Sharpen}}", "imageNUMBER: image"
    ),
    "streams": _steps("uses: flip", "iNUMBER: image"),
    "planes": _steps(
        "uses: flip, with: {plane: pNUMBER}", "iNUMBER: {modality: image, plane: pNUMBER}"
    ),
    "operations": _steps("apply: {iNUMBER: {op: albumentations.Sharpen}}", "iNUMBER: image"),
}


@pytest.fixture(autouse=True, scope="module")
def _no_garbage_of_others() -> None:
    """The collector looks at no objects that other tests have left."""
    gc.collect()
    gc.freeze()


@pytest.mark.parametrize("what", LARGE)
def test_what_is_large_loads_soon(what: str) -> None:
    text = LARGE[what]()
    begun = time.thread_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PolicyWarning)
        if "misspelt" in what:
            with pytest.raises(PolicyError):
                load_policy(text)
        else:
            load_policy(text)
    assert time.thread_time() - begun < _SECONDS


def test_the_first_mistakes_get_suggestions() -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(LARGE["misspelt streams"]())
    assert "did you mean" in caught.value.problems[0].hint
    assert len(caught.value.problems) == 2_000
