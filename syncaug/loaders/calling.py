"""A policy called on the samples of a loader: under their keys, with bad ones told to a handler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import SampleError
from syncaug.loaders.keys import Key, Keys, declared_of

__all__ = [
    "Calling",
    "Handler",
    "anew",
    "mapping_of",
    "require_handler",
    "require_no_mixing",
    "require_policy",
    "require_records",
]

Handler = Callable[[Exception], bool]
"""Decides what becomes of a bad sample: true leaves it out, false raises its error."""


class Calling:
    """A policy on one sample at a time; an entry that only holds the key passes beside it.

    `records` is the name of an entry that holds the record of each result, or empty for none.
    """

    __slots__ = ("handler", "keys", "policy", "records")

    def __init__(
        self,
        policy: Augmenter,
        key: Key,
        handler: Handler | None = None,
        *,
        no_place: str = "",
        records: str = "",
    ) -> None:
        """`no_place` says why the loader knows no index of a sample, where it knows none."""
        require_policy(policy)
        require_handler(handler)
        require_records(records, policy, key)
        self.policy, self.handler, self.records = policy, handler, records
        self.keys = Keys(key, declared_of(policy), no_place=no_place, stacklevel=5)

    def __call__(
        self,
        fetch: Callable[[], Any],
        place: int,
        epoch: int,
        partner: Callable[[str | int], Any] | None = None,
    ) -> Any:
        """The augmented sample that `fetch` gives, or DROPPED.

        `place` is its index, `partner` gives for its key what a call takes as partner. Whatever
        fails on the way, a file that cannot be read among it, is the handler's to decide.
        """
        try:
            sample = mapping_of(fetch())
            key = self.keys.of(sample, place)
            own, aside = self.keys.parted(sample)
            other = None if partner is None else partner(key)
            if not self.records:
                out = self.policy(own, key=key, epoch=epoch, partner=other)
            else:
                out, record = self.policy.apply(own, key=key, epoch=epoch, partner=other)
                aside = {**aside, self.records: record}
        except Exception as error:
            if self.handler is None or not self.handler(error):
                raise
            return DROPPED
        return out if out is DROPPED or not aside else {**aside, **out}


def anew(samples: Iterable[Any], before: bool) -> Iterator[Any]:
    """An iteration of samples, `before` which there was one. Raises TypeError where none is left.

    A generator gives its samples once: a second epoch of it would be empty without a word.
    """
    found = iter(samples)
    if before and found is samples:
        raise TypeError(
            f"samples: expected what can be iterated in each epoch; got a "
            f"{type(samples).__name__}, which gives its samples once. Give a list, or an object "
            "whose __iter__ begins anew."
        )
    return found


def mapping_of(sample: Any) -> Mapping[str, Any]:
    """A sample as a mapping. Raises SampleError for tuples and other forms."""
    if isinstance(sample, Mapping):
        return cast(Mapping[str, Any], sample)
    raise SampleError(
        "sample",
        expected="a mapping of streams from the data set",
        came=f"a {type(sample).__name__}",
        hint="Give names: return {'image': image, 'label': label}.",
    )


def require_policy(policy: Any) -> None:
    """Raises TypeError for what is not loaded."""
    if not isinstance(policy, Augmenter):
        raise TypeError(
            f"policy: expected what load_policy returns; got {type(policy).__name__}. Write "
            "load_policy(...), which reads a policy's text or file."
        )


def require_handler(handler: Any) -> None:
    """Raises TypeError for what is no function of an error."""
    if handler is not None and not callable(handler):
        raise TypeError(
            f"handler: expected a function of an error, which returns true to leave the sample "
            f"out; got {type(handler).__name__} {handler!r}. handler=lambda error: True leaves "
            "out all bad ones."
        )


def require_records(records: Any, policy: Augmenter, key: Key) -> None:
    """Raises SampleError for what is no name of an entry, or that of one that samples have."""
    if not isinstance(records, str):
        raise SampleError(
            "records",
            expected="the name of the entry that will hold the record of each sample",
            came=f"{type(records).__name__} {records!r}"[:80],
            hint="Write records='record'.",
        )
    if records and (records == key or records in declared_of(policy)):
        own = (
            "name than that of the key"
            if records == key
            else "name, that the policy does not declare"
        )
        raise SampleError(
            "records",
            expected=f"another {own}",
            came=repr(records),
            hint="Choose another name, such as records='record'.",
        )


def require_no_mixing(policy: Augmenter, why: str) -> None:
    """Raises SampleError where steps mix, which need a partner that this loader does not have."""
    require_policy(policy)
    if policy.plan.mixing:
        raise SampleError(
            "partner",
            expected=f"a policy without steps that mix: {why}",
            came=f"steps {', '.join(policy.plan.mixing)}",
            hint="syncaug.loaders.torch.AugmentedDataset chooses partners in any map-style data "
            "set.",
        )
