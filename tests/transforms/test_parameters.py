"""The types of parameters are those of the catalogue, and each transform takes its own.

After a change of the catalogue, `python -m tools.make_parameters` writes them anew.
"""

from __future__ import annotations

from typing import get_type_hints

import pytest

from syncaug.catalogue.transforms import transform
from syncaug.transforms import TRANSFORMS, maps_of, parameters
from tools.make_parameters import FILE, class_name, module


def test_the_types_of_parameters_are_current() -> None:
    assert FILE.read_text(encoding="utf-8") == module(), (
        "the catalogue has changed; write them again: python -m tools.make_parameters"
    )


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_transform_takes_the_parameters_of_its_name(name: str) -> None:
    assert maps_of(name).__annotations__["parameters"] == class_name(name)
    kinds = getattr(parameters, class_name(name))
    assert set(get_type_hints(kinds)) == set(transform(name).parameters)
