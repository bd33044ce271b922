"""The coordinator: draws the values of one sample for every step of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from syncaug.draw.evaluators import Env, variable_drawer
from syncaug.draw.model import SHARED, Draw, StepDraw
from syncaug.draw.nearby import Nearby
from syncaug.draw.steps import PlainStep, StepDrawer
from syncaug.plan.plan import Plan
from syncaug.plan.strength import neutrals, weakened
from syncaug.randomness import Source

__all__ = ["AugmentationCoordinator", "Drawn"]

Drawn = StepDraw | dict[str, Any]
"""What a step draws: of one that surely happens, alike for all streams, its parameters alone."""

_PARTNER = b".partner"
"""An address that no step can have: names have no dots."""


class AugmentationCoordinator:
    """Draws the parameters of one sample for every step of a plan.

    >>> from syncaug import load_policy
    >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
    >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
    >>> policy = load_policy(turn, seed=7)
    >>> from syncaug import AugmentationCoordinator
    >>> drawn = AugmentationCoordinator(policy.plan).draw(seed=7, key=1)
    >>> drawn == policy.draw(key=1)
    True
    """

    __slots__ = (
        *("_addresses", "_asks", "_drawers", "_names", "_neutrals"),
        *("_plan", "_variables"),
    )

    def __init__(self, plan: Plan, *, sync: str = "") -> None:
        """`sync` overrides the mode of every step, e.g. `independent` for an ablation."""
        self._plan = plan
        self._variables = tuple(variable_drawer(variable) for variable in plan.variables)
        drawers = [StepDrawer(step, sync, self._variables) for step in plan.steps]
        plain = [drawer.plain for drawer in drawers]
        self._names = tuple(step.name for step in plain if step is not None)
        self._addresses = tuple(
            address for step in plain if step is not None for _, address, *_ in step.spans
        )
        self._drawers = tuple(zip(drawers, _placed(plain), strict=True))
        self._asks = bool(self._variables) or None in plain
        self._neutrals = (
            {step.name: neutrals(step) for step in plan.walk()} if plan.on_fail.shrink else {}
        )

    def draw(
        self,
        *,
        seed: int,
        key: str | int,
        epoch: int = 0,
        attempt: int = 0,
        severity: float = 0.5,
        progress: float = 0.0,
        strength: float = 1.0,
        view: int = 0,
        nearby: Nearby | None = None,
    ) -> Draw:
        """All values for the sample `key` in `epoch`; the same arguments give the same draw.

        Below a `strength` of 1 the parameters of library transforms lie nearer to what changes
        nothing; chances, choices and variables stay. Each `view` above 0 draws anew. `nearby` gives
        a draw that strays from this one.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> from syncaug import AugmentationCoordinator
        >>> coordinator = AugmentationCoordinator(policy.plan)
        >>> coordinator.draw(seed=7, key=1) == coordinator.draw(seed=7, key=1, epoch=1)
        False
        """
        source = Source(seed, key, epoch, attempt, view)
        if nearby is not None:
            source = nearby.source(source)
        variables, drawn = self.drawn(source, severity, progress, epoch)
        names = iter(self._names)
        steps = [
            StepDraw(next(names), True, {SHARED: {**step}}, {}) if isinstance(step, dict) else step
            for step in drawn
        ]
        if strength != 1.0:
            for weaker in steps:
                self._weaken(weaker, strength)
        return Draw(
            seed,
            key,
            epoch,
            attempt,
            severity,
            progress,
            variables,
            tuple(steps),
            strength,
            view,
            source,
        )

    def drawn(
        self, source: Source, severity: float, progress: float, epoch: int
    ) -> tuple[Env, list[Drawn]]:
        """The variables of the policy, and what its steps draw at the address of a source.

        Nobody may write to them: parameters that are constants are the plan's own.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> from syncaug import AugmentationCoordinator
        >>> from syncaug.randomness import Source
        >>> coordinator = AugmentationCoordinator(policy.plan)
        >>> variables, (drawn,) = coordinator.drawn(Source(7, 1, 0), 0.5, 0.0, 0)
        >>> drawn == policy.draw(key=1).steps[0].parameters["*"]
        True
        """
        env: Env = {}
        variables: Env = {}
        if self._asks:
            env = {"severity": severity, "progress": progress, "epoch": epoch}
        if self._variables:
            variables = {name: evaluate(env, source) for name, evaluate in self._variables}
            env.update(variables)
        steps: list[Drawn] = []
        units = source.units(self._addresses) if self._addresses else ()
        for drawer, plain in self._drawers:
            if plain is None:
                drawer.draw(env, source, steps)
                continue
            constants, spans = plain
            shared = constants.copy() if spans else constants
            for place, name, low, width, high in spans:
                number = low + width * units[place]
                shared[name] = number if number <= high else high
            steps.append(shared)
        return variables, steps

    def _weaken(self, drawn: StepDraw, strength: float) -> None:
        neutral = self._neutrals[drawn.name]
        if neutral:
            drawn.parameters = {
                stream: weakened(values, neutral, strength)
                for stream, values in drawn.parameters.items()
            }
        for inner in drawn.steps:
            self._weaken(inner, strength)

    def partner(
        self, *, seed: int, key: str | int, epoch: int, count: int, own: int | None = None
    ) -> int:
        """The place among `count` samples of the partner of `key` in `epoch`; never `own`.

        It has an address of its own: no step and no attempt changes it, so that all steps of a draw
        mix with one partner and a loader fetches one.

        >>> from syncaug import load_policy
        >>> text = "{syncaug: 1, sample: {image: image}, steps: [STEP]}"
        >>> turn = text.replace("STEP", "{name: turn, uses: rotate, with: {degrees: [-90, 90]}}")
        >>> policy = load_policy(turn, seed=7)
        >>> from syncaug import AugmentationCoordinator
        >>> AugmentationCoordinator(policy.plan).partner(seed=7, key=1, epoch=0, count=2, own=0)
        1
        """
        others = count - (own is not None)
        place = int(Source(seed, key, epoch).unit(_PARTNER) * others)
        return place + 1 if own is not None and place >= own else place


_Placed = tuple[int, str, float, float, float]
"""A span with the place of its address among those of all plain steps."""


def _placed(
    steps: Iterable[PlainStep | None],
) -> Iterator[tuple[dict[str, Any], tuple[_Placed, ...]] | None]:
    """The constants of plain steps, and their spans with their places among all of them."""
    count = 0
    for step in steps:
        if step is None:
            yield None
            continue
        places = enumerate(step.spans, start=count)
        count += len(step.spans)
        yield (
            step.constants,
            tuple((place, name, low, width, high) for place, (name, _, low, width, high) in places),
        )
