"""A policy called on the samples of a loader: under their keys, with bad ones told to a handler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncaug.arguments import results_of
from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import SampleError
from syncaug.loaders.keys import Key, Keys, declared_of
from syncaug.loaders.requirements import Handler, mapping_of, require_handler, require_policy

__all__ = ["Calling", "is_left_out"]


def is_left_out(out: Any) -> bool:
    """Whether nothing is left of a sample: it was dropped, or each of its views."""
    return out is DROPPED or (isinstance(out, list) and all(view is DROPPED for view in out))


class Calling:
    """A policy on one sample at a time; an entry that only holds the key passes beside it.

    `records` is the name of an entry that holds the record of each result, or empty for none. With
    `views` above 0 a sample becomes a list of so many views of it.
    """

    __slots__ = ("handler", "keys", "policy", "records", "views")

    def __init__(
        self,
        policy: Augmenter,
        key: Key,
        handler: Handler | None = None,
        *,
        no_place: str = "",
        records: str = "",
        views: int = 0,
    ) -> None:
        """`no_place` says why the loader knows no index of a sample, where it knows none."""
        require_policy(policy)
        require_handler(handler)
        _require_records(records, policy, key)
        self.policy, self.handler, self.records = policy, handler, records
        self.views = results_of("views", views, "how many views there are of a sample", least=0)
        self.keys = Keys(key, declared_of(policy), no_place=no_place, stacklevel=5)

    def __call__(
        self,
        fetch: Callable[[], Any],
        place: int,
        epoch: int,
        partner: Callable[[str | int], Any] | None = None,
    ) -> Any:
        """The augmented sample that `fetch` gives, a list of its views, or DROPPED.

        `place` is its index, `partner` gives for its key what a call takes as partner. Whatever
        fails on the way, a file that cannot be read among it, is the handler's to decide.
        """
        try:
            sample = mapping_of(fetch(), None if self.keys.no_place else place)
            key = self.keys.of(sample, place)
            own, aside = self.keys.parted(sample)
            other = None if partner is None else partner(key)
            how = {"key": key, "epoch": epoch, "partner": other}
            if not self.views:
                return self._made(own, aside, how)
            numbers = range(1, self.views + 1)
            return [self._made(own, aside, {**how, "view": number}) for number in numbers]
        except Exception as error:
            failure = _no_end(error, place)
            if self.handler is None or not self.handler(failure):
                if failure is error:
                    raise
                raise failure from error
            return DROPPED

    def _made(self, own: Mapping[str, Any], aside: dict[str, Any], how: dict[str, Any]) -> Any:
        """One result with what goes beside it, or DROPPED."""
        if not self.records:
            out = self.policy(own, **how)
        else:
            out, record = self.policy.apply(own, **how)
            aside = {**aside, self.records: record}
        return out if out is DROPPED or not aside else {**aside, **out}


def _no_end(error: Exception, place: int) -> Exception:
    """An error as it is; a StopIteration, which would end the epoch without a word, as another."""
    if not isinstance(error, StopIteration):
        return error
    return RuntimeError(f"StopIteration was raised where sample {place} was to be read")


def _require_records(records: Any, policy: Augmenter, key: Key) -> None:
    """Raises SampleError for what is no name of an entry, or that of one that samples have."""
    if not isinstance(records, str):
        raise SampleError(
            "records",
            what="argument",
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
            what="argument",
            expected=f"another {own}",
            came=repr(records),
            hint="Choose another name, such as records='record'.",
        )
