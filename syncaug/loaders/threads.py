"""Threads: augmented samples in their order, made ahead of the loop that takes them.

from syncaug.loaders.threads import Prefetch

data = Prefetch(samples, policy, key="id", threads=4, ahead=8)
for epoch in range(10):
    data.set_epoch(epoch)
    for sample in data: ...

OpenCV, PyAV, soxr and numpy's large loops release Python's lock, so that threads share one copy of
the policy and of the data set, start at once, and hand over samples without copying them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from syncaug.arguments import results_of, workers_of
from syncaug.augmenter import Augmenter
from syncaug.loaders.calling import Calling, is_left_out
from syncaug.loaders.keys import Key
from syncaug.loaders.requirements import Handler, anew, require_no_mixing, require_samples
from syncaug.loaders.shared_epoch import SharedEpoch
from syncaug.loaders.twice import warn_of_two
from syncaug.threads import in_order

__all__ = ["Prefetch"]


class Prefetch:
    """Augmented samples of anything iterable, made by a pool of threads ahead of the loop.

    `samples` is iterable once for each epoch and is read in one thread at a time; `key` is an entry
    of a sample, a function of it and its place, or INDEX. At most `ahead` samples are in work or
    ready (twice the threads by default). They come in the order of `samples`, and so does an error:
    what stands before a bad sample is given first. What the policy drops is left out, and so are
    bad samples whose error `handler` is given and returns true.

    An iteration keeps the epoch in which it began. One that is left early waits for the samples in
    work and starts no other. `records` is the name of an entry that each sample gets, its record;
    with `views=2` each sample is a list of two views, as `policy.views` gives them, of which those
    that the policy drops are `DROPPED`. Raises SampleError for a policy that mixes.
    """

    def __init__(
        self,
        samples: Iterable[Any],
        policy: Augmenter,
        key: Key = None,
        *,
        threads: int = 2,
        ahead: int | None = None,
        handler: Handler | None = None,
        records: str = "",
        views: int = 0,
    ) -> None:
        require_no_mixing(policy, "a stream of samples has no places to choose a partner from")
        require_samples("samples", samples)
        warn_of_two(samples)
        self.samples = samples
        self.threads = workers_of("threads", threads, "how many threads there are")
        self.ahead = results_of(
            "ahead",
            2 * self.threads if ahead is None else ahead,
            "how many samples are in work at most",
        )
        self._calling = Calling(policy, key, handler, records=records, views=views)
        self._epoch, self._begun = SharedEpoch(policy.epoch), False

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

    def __iter__(self) -> Iterator[Any]:
        samples, self._begun = anew(self.samples, self._begun), True
        return self._made(samples, self._epoch.value)

    def _made(self, samples: Iterator[Any], epoch: int) -> Iterator[Any]:
        def work(item: tuple[int, Any]) -> Any:
            place, sample = item
            return self._calling(lambda: sample, place, epoch)

        for out in in_order(work, enumerate(samples), self.threads, self.ahead):
            if not is_left_out(out):
                yield out
