"""What steps in latent spaces ask of encoders, and vectors of streams that no step has made."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from syncaug.engine.state import State
from syncaug.errors import SampleError
from syncaug.plan.plan import Plan
from syncaug.plan.stream import Stream

__all__ = ["Coding", "Space", "encoder_names", "shown"]

Vectors = NDArray[np.float64]


class Space(Protocol):
    """An encoder whose answers have been checked; all methods raise SampleError."""

    @property
    def spread(self) -> Vectors | None:
        """The directions (K, D) in which vectors vary, each as long as their deviation there."""
        ...

    def knows(self, stream: Stream) -> bool:
        """Whether it can encode a stream."""
        ...

    def encode(self, stream: Stream, values: Sequence[Any]) -> list[Vectors]:
        """The vector of each value, (D,), or (T, D) of an embedding with T rows."""
        ...

    def decode(self, stream: Stream, vector: Vectors) -> Any:
        """What a vector stands for, in the form of the stream."""
        ...

    def nearest(self, vectors: Mapping[str, Vectors]) -> str | int:
        """The key of the sample of the bank that is nearest to the vectors of all streams."""
        ...

    def fetch(self, key: str | int) -> Mapping[str, Any]:
        """The sample of a key of the bank."""
        ...


class Coding:
    """The spaces of a plan by the name of their encoder; empty for vectors as they come.

    `made` are the streams that encoders make, which no sample brings. `take` gives a sample as
    carriers see it, or None where it is that already.
    """

    def __init__(self, plan: Plan, spaces: Mapping[str, Space], take: Callable[[Any], Any]) -> None:
        self.spaces, self._take = spaces, take
        made = {s.name: s.options["encodes"] for s in plan.streams if s.options.get("encodes")}
        first: dict[str, str] = {}
        for step in plan.walk():
            for name in step.streams:
                if name in made and step.transform:
                    first.setdefault(name, encoder_names(step.parameters))
        self._made = {name: (made[name], first[name]) for name in first}
        self.made = tuple(made)

    def neighbour(self, state: State, space: Space, key: str | int, asked: Container[str]) -> State:
        """The sample of a key of the bank, admitted by the rules of all samples.

        It must hold the streams that are `asked` of it; others may lack. Raises SampleError, which
        says whose sample it is.
        """
        assert state.guest is not None, "a plan with encoders admits guests"
        sample = space.fetch(key)
        taken = None
        try:
            taken = self._take(sample)
            return state.guest(sample if taken is None else taken.sample, asked)
        except SampleError as error:
            told = error if taken is None else taken.explained(error)
            raise SampleError(
                told.stream,
                expected=told.expected,
                came=f"{told.came}, in the sample {key!r} of the encoder's bank",
                hint=told.hint,
            ) from error

    def complete(self, state: State) -> None:
        """Make the vectors that no step of this draw has made, of what their streams show now."""
        for name, (source, encoder) in self._made.items():
            if name not in state.carriers and source in state.carriers:
                stream = state.lanes.by_name[source].stream
                state.adopt(name, self.spaces[encoder].encode(stream, [shown(state, source)])[0])


def encoder_names(parameters: Mapping[str, Any]) -> str:
    """The encoder that the parameters of a step name; empty without one."""
    value = parameters.get("encoder")
    return "" if value is None else str(value.value)


def shown(state: State, name: str) -> Any:
    """What a stream has become so far, in its own form."""
    state.settled(name).settle()
    return state.carry((name,))[name]
