"""What all copies of an augmenter share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from syncaug import threads
from syncaug.draw import AugmentationCoordinator
from syncaug.plan.encoding import encoding_steps
from syncaug.plan.plan import Plan

if TYPE_CHECKING:
    from syncaug.attempts import Engine
    from syncaug.engine.coding import Coding
    from syncaug.forms import Border

__all__ = ["Compiled", "Encoders"]

Encoders = Mapping[str, Any]


class Compiled:
    """What all copies of an augmenter share, built in each process when it is first needed."""

    __slots__ = ("_coordinators", "_encoders", "_engine", "_plan")

    def __init__(self, plan: Plan, encoders: Encoders) -> None:
        self._plan, self._encoders = plan, encoders
        self._engine: Engine | None = None
        self._coordinators: dict[str, AugmentationCoordinator] = {}

    def coordinator(self, sync: str) -> AugmentationCoordinator:
        """What draws under a mode for every step, or under each step's own where it is empty."""
        if sync not in self._coordinators:
            self._coordinators[sync] = AugmentationCoordinator(self._plan, sync=sync)
        return self._coordinators[sync]

    def engine(self) -> Engine:
        """What carries samples: the program, the checks, and the border."""
        engine = self._engine
        if engine is not None and threads.settled:
            return engine
        threads.settle()
        if engine is None:
            from syncaug.allocation import raise_malloc_thresholds
            from syncaug.attempts import Engine
            from syncaug.checks.measuring import Measuring
            from syncaug.engine.program import Program
            from syncaug.forms import Border

            raise_malloc_thresholds()
            measuring = Measuring(self._plan, self._encoders)
            border = Border(self._plan)
            program = Program(self._plan, self._coding(border))
            engine = self._engine = Engine(program, measuring, border)
            threads.tell("cv2")  # which the program may have loaded
        return engine

    def _coding(self, border: Border) -> Coding | None:
        """The spaces of steps that work on vectors of encoders, opened; None without such steps."""
        if not any(encoding_steps(self._plan)):
            return None
        from syncaug.latent.opening import open_coding

        return open_coding(self._plan, self._encoders, border.take)
