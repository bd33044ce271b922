"""All checks of a plan, made on one outcome after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.encoders import external_encoder
from syncaug.checks.measure import Encoder, Outcome
from syncaug.plan.plan import Plan
from syncaug.scene import Scene

__all__ = ["Measured", "Measuring"]

Measured = tuple[dict[str, float], dict[str, Mapping[str, float]], tuple[str, ...]]
"""Each check's number, the numbers that it is made of, and what those say that failed."""


class Measuring:
    """The checks of a plan with their functions, which are looked up once."""

    __slots__ = ("_checks", "_encoders")

    def __init__(self, plan: Plan, encoders: Mapping[str, Encoder]) -> None:
        from syncaug.checks import measure_of

        self._checks = tuple(
            (key, measure_of(check.name), check.options) for key, check in plan.keyed_checks()
        )
        named = {options["encoder"] for _, _, options in self._checks if "encoder" in options}
        self._encoders = {
            name: encoders[name] if name in encoders else external_encoder(name) for name in named
        }

    def __bool__(self) -> bool:
        return bool(self._checks)

    def __call__(
        self, before: Mapping[str, Any], after: Mapping[str, Any], scene: Scene
    ) -> Measured:
        """What every check measures on one outcome."""
        outcome = Outcome(before, after, scene, self._encoders)
        measures: dict[str, float] = {}
        parts: dict[str, Mapping[str, float]] = {}
        failed: list[str] = []
        for key, measure, options in self._checks:
            result = measure(options, outcome)
            measures[key] = result.value
            if result.parts:
                parts[key] = result.parts
            if not result.passed:
                failed.append(f"{key}: {result.text}")
        return measures, parts, tuple(failed)
