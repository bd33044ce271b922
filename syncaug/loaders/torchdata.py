"""torchdata: a node that augments, and what StatefulDataLoader keeps of augmented data.

from torchdata.nodes import IterableWrapper, Loader, Prefetcher
from syncaug.loaders.torchdata import Augment

node = Augment(IterableWrapper(samples), policy, key="id")
loader = Loader(Prefetcher(node, prefetch_factor=4))
for epoch in range(10):
    node.set_epoch(epoch)
    for sample in loader: ...

`torchdata.stateful_dataloader.StatefulDataLoader` takes `syncaug.loaders.torch`'s data sets as they
are: their state holds the epoch, and goes on at the step at which it was taken.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Mapping
from multiprocessing import get_all_start_methods
from typing import Any, Literal

from torchdata.nodes import BaseNode, ParallelMapper

from syncaug.arguments import workers_of
from syncaug.augmenter import Augmenter
from syncaug.errors import ArgumentError
from syncaug.loaders.calling import Calling, is_left_out
from syncaug.loaders.keys import Key
from syncaug.loaders.levels import levels_of, restore_levels
from syncaug.loaders.requirements import Handler, brief, require_no_mixing
from syncaug.loaders.shared_epoch import SharedEpoch
from syncaug.loaders.twice import warn_of_two

__all__ = ["Augment"]


class Augment(BaseNode[Any]):  # type: ignore[misc]
    """A node between others: each sample of `source` augmented, in the epoch in which it began.

    `key` is an entry of a sample, a function of it and its place in the iteration, or INDEX.
    `num_workers`, `method` ("thread" or "process") and `multiprocessing_context` are those of
    torchdata's ParallelMapper, which does the work; the order stays that of `source`. The epoch is
    bound when an iteration starts, and is part of the state: what is restored goes on with the same
    bytes, with any number of workers. What the policy drops is left out, and so are bad samples
    whose error `handler` is given and returns true. `records` and `views` are as for
    `syncaug.loaders.torch.AugmentedIterable`. What `source` or a key raises is raised at its turn,
    KeyboardInterrupt and SystemExit too. Raises SampleError for a policy that mixes.
    """

    def __init__(
        self,
        source: BaseNode[Any],
        policy: Augmenter,
        key: Key = None,
        *,
        num_workers: int = 0,
        method: Literal["thread", "process"] = "thread",
        multiprocessing_context: str | None = None,
        handler: Handler | None = None,
        records: str = "",
        views: int = 0,
    ) -> None:
        super().__init__()
        require_no_mixing(policy, "a node is given single samples")
        _require_node(source)
        warn_of_two(source)
        _require_choice("method", method, ["thread", "process"])
        if multiprocessing_context is not None:
            _require_choice(
                "multiprocessing_context", multiprocessing_context, get_all_start_methods()
            )
        workers = workers_of("num_workers", num_workers, "how many workers there are", least=0)
        self._calling = Calling(policy, key, handler, records=records, views=views)
        self._epoch = SharedEpoch(policy.epoch)
        self._work = ParallelMapper(
            _Stamped(source, self._epoch),
            _Stamp(self._calling),
            num_workers=workers,
            method=method,
            multiprocessing_context=multiprocessing_context,
        )

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._calling.policy

    @property
    def epoch(self) -> int:
        """The epoch of the next iteration."""
        return self._epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch at the next iteration."""
        self._epoch.set(epoch)

    def reset(self, initial_state: Any = None) -> None:
        """Begin an iteration in the epoch now, or go on where a state stood."""
        super().reset(initial_state)
        if initial_state is None:
            self._work.reset()
            return
        if not isinstance(initial_state, Mapping) or not {"stood", "steps"} <= set(initial_state):
            raise ArgumentError(
                "state",
                expected="what state_dict() of such a node gave, with 'stood' and 'steps'",
                came=brief(initial_state),
                hint="The state of a whole Loader goes to its own load_state_dict.",
            )
        restore_levels(self.policy, initial_state)
        stood, steps = initial_state["stood"], initial_state["steps"]
        alone = self._work.num_workers == 0
        state = {"source": stood} if alone else {"snapshot": stood, "steps_since_snapshot": steps}
        self._work.reset({ParallelMapper.IT_STATE_KEY: state})
        for _ in range(steps if alone else 0):
            next(self._work)

    def next(self) -> Any:
        """The next sample that is not dropped."""
        for out in self._work:
            if isinstance(out, _Ended):
                raise out.raised()
            if not is_left_out(out):
                return out
        raise StopIteration

    def get_state(self) -> dict[str, Any]:
        """Where the iteration stands, and in which epoch, told alike with and without workers."""
        state = self._work.state_dict()[ParallelMapper.IT_STATE_KEY]
        stood = state["snapshot"] if "snapshot" in state else state["source"]
        steps = state.get("steps_since_snapshot", 0)
        return {"stood": stood, "steps": steps, **levels_of(self.policy)}


def _require_node(source: Any) -> None:
    """Raises ArgumentError for what is no node."""
    if not isinstance(source, BaseNode):
        wrap = hasattr(source, "__iter__") and not isinstance(source, str | bytes | Mapping | type)
        raise ArgumentError(
            "source",
            expected="a node of torchdata, which gives mappings of streams",
            came=brief(source),
            hint="Write IterableWrapper(samples) around it."
            if wrap
            else "Write IterableWrapper(samples), with a list of samples.",
        )


def _require_choice(name: str, given: Any, choices: list[str]) -> None:
    """Raises ArgumentError for any other."""
    if given not in choices:
        raise ArgumentError(name, expected=" or ".join(map(repr, choices)), came=brief(given))


class _Stamped(BaseNode[Any]):  # type: ignore[misc]
    """The samples of a source with the epoch of their iteration and their place in it."""

    def __init__(self, source: BaseNode[Any], epoch: SharedEpoch) -> None:
        super().__init__()
        self._source, self._epoch = source, epoch
        self._bound = self._place = 0

    def reset(self, initial_state: dict[str, Any] | None = None) -> None:
        super().reset(initial_state)
        if initial_state is None:
            self._bound, self._place = self._epoch.value, 0
            self._source.reset()
            return
        self._bound, self._place = initial_state["epoch"], initial_state["place"]
        self._epoch.set(self._bound)
        self._source.reset(initial_state["source"])

    def next(self) -> tuple[int, int, Any]:
        try:
            sample = next(self._source)
        except StopIteration:
            raise
        except BaseException as error:
            if _crosses(error):
                raise
            sample = _Ended(error)
        self._place += 1
        return self._bound, self._place - 1, sample

    def get_state(self) -> dict[str, Any]:
        return {"epoch": self._bound, "place": self._place, "source": self._source.state_dict()}


class _Stamp:
    """The call of a policy on a sample with its epoch and its place."""

    def __init__(self, calling: Calling) -> None:
        self._calling = calling

    def __call__(self, stamped: tuple[int, int, Any]) -> Any:
        epoch, place, sample = stamped
        if isinstance(sample, _Ended):
            return sample
        try:
            return self._calling(lambda: sample, place, epoch)
        except BaseException as error:
            if _crosses(error):
                raise
            return _Ended(error)


class _Ended:
    """In the place of a sample, what was raised where torchdata would not hand it on.

    Its threads and processes hand on Exceptions, of which processes pickle the class. Anything else
    ends a thread, and who waits for what it was to give would wait for ever.
    """

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def raised(self) -> BaseException:
        """What to raise here: in a thread, which is another node's, an Exception."""
        if (
            isinstance(self._error, Exception)
            or threading.current_thread() is threading.main_thread()
        ):
            return self._error
        error = RuntimeError(_told(self._error))
        error.__cause__ = self._error
        return error

    def __reduce__(self) -> tuple[Any, ...]:
        """Into another process, where a class that cannot be pickled is told in words."""
        try:
            pickle.loads(pickle.dumps(self._error))
        except Exception:  # whatever pickling raises
            return _Ended, (RuntimeError(_told(self._error)),)
        return _Ended, (self._error,)


def _crosses(error: BaseException) -> bool:
    """Whether torchdata hands an error on, out of threads and processes."""
    if not isinstance(error, Exception):
        return False
    try:
        pickle.dumps(type(error))
    except Exception:  # whatever pickling raises
        return False
    return True


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
