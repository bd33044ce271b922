"""What was drawn: for a sample, and for each step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from syncaug.randomness import Source

__all__ = ["MET", "OPEN", "SHARED", "UNMET", "Draw", "StepDraw", "applies"]

SHARED = "*"
"""The entry of `StepDraw.parameters` that all streams share."""

OPEN, MET, UNMET = "open", "met", "unmet"
"""What a draw says of a condition on what a sample brings: no sample has decided, or one has."""


@dataclass(slots=True)
class StepDraw:
    """What one step drew: whether it happens, and its parameters.

    `parameters` maps `SHARED` or a stream's name (`image`, `image/1` for its second operation) to
    values by parameter name. `only` names the streams that this draw reaches; empty means all.
    `steps` holds what the chosen steps of a choice drew. `when` is empty unless the step asks what
    a sample brings: then it is `open` in a draw without a sample, and `met` or `unmet` with one.
    """

    name: str
    applied: bool
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    steps: tuple[StepDraw, ...] = ()
    when: str = ""

    @property
    def happens(self) -> bool:
        """Whether the step happens, as far as is known: it was drawn, and no sample forbids it."""
        return self.applied and self.when != UNMET

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {"name": self.name, "applied": self.applied}
        for key in ("parameters", "variables"):
            if getattr(self, key):
                out[key] = getattr(self, key)
        if self.only:
            out["only"] = list(self.only)
        if self.when:
            out["when"] = self.when
        if self.steps:
            out["steps"] = [step.as_json() for step in self.steps]
        return out

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> StepDraw:
        return StepDraw(
            data["name"],
            data["applied"],
            {stream: dict(values) for stream, values in data.get("parameters", {}).items()},
            dict(data.get("variables", {})),
            tuple(data.get("only", ())),
            tuple(StepDraw.from_json(step) for step in data.get("steps", ())),
            data.get("when", ""),
        )


@dataclass(slots=True)
class Draw:
    """All values chosen for one sample: the address they were drawn at, and what was drawn.

    `strength` is the share of the drawn strength that `steps` already holds, 1 for all of it.
    `view` is 0 but for the draws of `policy.views`, which count from 1.

    >>> from syncaug import load_policy
    >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
    >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
    >>> policy = load_policy(turn, seed=7)
    >>> draw = policy.draw(key="photo/1")
    >>> draw.key, draw.epoch, draw.steps[0].name
    ('photo/1', 0, 'turn')
    """

    seed: int
    key: str | int
    epoch: int
    attempt: int
    severity: float
    progress: float
    variables: dict[str, Any]
    steps: tuple[StepDraw, ...]
    strength: float = 1.0
    view: int = 0
    _source: Source | None = field(default=None, compare=False, repr=False)

    def source(self) -> Source:
        """The addressed randomness of this draw, for noise fields.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> 0 <= policy.draw(key=1).source().unit(b"an.address") < 1
        True
        """
        place = self.seed, self.key, self.epoch, self.attempt, self.view
        source = self._source
        if source is None or source.place != place:  # a copy of a draw may have another address
            source = self._source = Source(*place)
        return source

    def as_json(self) -> dict[str, Any]:
        """The draw as plain data; `from_json` gives it back.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> from syncaug import Draw
        >>> draw = policy.draw(key=1)
        >>> Draw.from_json(draw.as_json()) == draw
        True
        """
        return {
            "seed": self.seed,
            "key": self.key,
            "epoch": self.epoch,
            "attempt": self.attempt,
            **({"view": self.view} if self.view else {}),
            "severity": self.severity,
            "progress": self.progress,
            **({"strength": self.strength} if self.strength != 1.0 else {}),
            "variables": self.variables,
            "steps": [step.as_json() for step in self.steps],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Draw:
        return Draw(
            data["seed"],
            data["key"],
            data["epoch"],
            data["attempt"],
            data["severity"],
            data["progress"],
            dict(data["variables"]),
            tuple(StepDraw.from_json(step) for step in data["steps"]),
            data.get("strength", 1.0),
            data.get("view", 0),
        )


def applies(draw: Draw, steps: frozenset[str]) -> bool:
    """Whether one of the named steps happens in a draw, also inside a choice."""
    pending = list(draw.steps)
    while pending:
        step = pending.pop()
        if step.happens:
            if step.name in steps:
                return True
            pending.extend(step.steps)
    return False
