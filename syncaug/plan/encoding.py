"""The steps of a plan that work on vectors of an encoder, and how they name it."""

from __future__ import annotations

from collections.abc import Iterator

from syncaug.catalogue.transforms import transform
from syncaug.plan.plan import Plan
from syncaug.plan.step import Step

__all__ = ["encoding_steps", "is_file"]

_SUFFIX = ".npz"


def encoding_steps(plan: Plan) -> Iterator[Step]:
    """The steps whose transform takes an encoder."""
    return (step for step in plan.walk() if step.transform and transform(step.transform).encodes)


def is_file(encoder: str) -> bool:
    """Whether a policy names an encoder by the file that holds its space."""
    return encoder.endswith(_SUFFIX)
