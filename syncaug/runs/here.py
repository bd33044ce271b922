"""The engine of one process: each unit is made here, when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from syncaug.runs.making import Failed, Job, Made, Maker

if TYPE_CHECKING:
    from syncaug.io.container_writer import Progress
    from syncaug.runs.units import Task

__all__ = ["Here"]


@dataclass(frozen=True, slots=True)
class Here:
    """Makes units in this process.

    `progress` is told of the frames of videos. So many first results are `shown`: they come whole,
    with their samples.
    """

    progress: Progress | None = None
    shown: int = 0

    def __call__(self, job: Job, tasks: Iterable[Task]) -> Iterator[Made | Failed]:
        """What each task became."""
        maker, shown = Maker(job), 0
        for task in tasks:
            made = maker.make(task, progress=self.progress, show=shown < self.shown)
            shown += isinstance(made, Made)
            yield made
