"""Which key a loader's sample has: an entry of it, a function of it, or its index."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from syncaug.arguments import key_of
from syncaug.augmenter import Augmenter
from syncaug.errors import SampleError, SampleWarning

__all__ = ["INDEX", "Key", "Keys", "declared_of"]


class _Index:
    """The index of a sample in its data set as its key."""

    def __repr__(self) -> str:
        return "INDEX"

    def __reduce__(self) -> str:
        return "INDEX"


INDEX: Final = _Index()
"""Says that a sample's key is its index, which is right where data sets are never filtered."""

Key = (
    str
    | Callable[[Mapping[str, Any], int], str | int]
    | Callable[[Mapping[str, Any]], str | int]
    | _Index
    | None
)
"""An entry's name, a function of a sample (and of its index), or INDEX; None chooses it unasked."""


def declared_of(policy: Augmenter) -> frozenset[str]:
    """All entries of a sample that a policy knows."""
    plan = policy.plan
    parallel = {key for stream in plan.streams for key in stream.parallel_keys}
    return frozenset({*(stream.name for stream in plan.streams), *parallel, *plan.untouched})


class Keys:
    """The key of each sample, and the sample without the entry that only holds it.

    Without a key the index serves, and the user is told so once: a data set that is filtered or
    sorted anew gives other indices, and so other draws, to the same samples.
    """

    __slots__ = ("_alone", "_declared", "key", "no_place")

    def __init__(
        self, key: Key, declared: frozenset[str], *, no_place: str = "", stacklevel: int = 4
    ) -> None:
        """`declared` are the entries that the policy knows, `stacklevel` where a warning points.

        `no_place` says why this loader knows no index of a sample, where it knows none. Raises
        SampleError for what is no key, or needs an index where there is none.
        """
        self._alone, self.no_place = _takes_samples_alone(key), bool(no_place)
        if no_place and (key is None or key is INDEX or not (self._alone or isinstance(key, str))):
            raise SampleError(
                "key",
                what="argument",
                expected=f"an entry with the key of each sample, or a function of it: {no_place}",
                came=repr(key),
                hint="Write key='id', or key=lambda row: row['id'].",
            )
        if key is None:
            warnings.warn(
                SampleWarning(
                    "the index of a sample serves as its key, since no key= was given: a filtered "
                    "or sorted data set would draw anew. Name an entry (key='id'), give a function "
                    "of sample and index, or say key=syncaug.loaders.INDEX"
                ),
                stacklevel=stacklevel,
            )
        self.key = INDEX if key is None else key
        self._declared = declared

    def of(self, sample: Mapping[str, Any], index: int) -> str | int:
        """The key of a sample. Raises SampleError where its entry is missing."""
        key: Any = self.key
        if isinstance(key, _Index):
            return index
        if not isinstance(key, str):
            return self._plain(self._asked(sample, index), "from the function key=", index)
        if key not in sample:
            raise SampleError(
                "key",
                what="argument",
                expected=f"an entry {key!r} in each sample, which tells its key",
                came=f"only {', '.join(map(repr, sample))}"[:120],
                hint="Name another entry: key=NAME"
                + ("." if self.no_place else ", or say key=syncaug.loaders.INDEX."),
            )
        return self._plain(sample[key], f"in the entry {key!r}", index)

    def _asked(self, sample: Mapping[str, Any], index: int) -> Any:
        """What the function of the user gives. Raises SampleError where it fails."""
        function: Any = self.key
        try:
            return function(sample) if self._alone else function(sample, index)
        except SampleError:
            raise
        except Exception as error:
            place = "" if self.no_place else f" {index}"
            raise SampleError(
                "key",
                what="argument",
                expected="the key of each sample from the function key=",
                came=f"{type(error).__name__}: {error} for sample{place}"[:160],
                hint=f"The sample has {', '.join(map(repr, sample)) or 'no entries'}.",
            ) from error

    def _plain(self, value: Any, where: str, index: int) -> str | int:
        """A key as Python's own. Raises SampleError, which says where it came from."""
        if hasattr(value, "item"):
            with suppress(ValueError, RuntimeError):  # an array of more than one number
                value = value.item()
        try:
            return key_of("key", value)
        except SampleError:
            place = "" if self.no_place else f", in sample {index}"
            raise SampleError(
                "key",
                what="argument",
                expected="a text or an integer",
                came=f"{_brief(value)} {where}{place}",
                hint="That is a batch: augment single samples, before they are batched."
                if isinstance(value, list | tuple) or bool(getattr(value, "ndim", 0))
                else "Give each sample a key of its own, or leave out those without one.",
            ) from None

    def parted(self, sample: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """What the policy sees of a sample, and the key's entry where that is not declared."""
        key = self.key
        if isinstance(key, str) and key in sample and key not in self._declared:
            return {name: value for name, value in sample.items() if name != key}, {
                key: sample[key]
            }
        return sample, {}


def _brief(value: Any) -> str:
    return f"{type(value).__name__} {value!r}"[:60]


def _takes_samples_alone(key: Key) -> bool:
    """Whether a key is a function of a sample without its index. Raises SampleError for no key."""
    if key is None or isinstance(key, _Index) or (isinstance(key, str) and key):
        return False
    if callable(key):
        try:
            bind = inspect.signature(key).bind
        except ValueError:  # a function in C, which does not tell
            return True
        choices: tuple[tuple[Any, ...], ...] = (({}, 0), ({},))
        for given in choices:
            try:
                bind(*given)
            except TypeError:
                continue
            return len(given) == 1
    raise SampleError(
        "key",
        what="argument",
        expected="the name of an entry, a function of a sample and its index, or "
        "syncaug.loaders.INDEX",
        came=f"{type(key).__name__} {key!r}"[:80],
    )
