"""WebDataset: a stage of a pipeline that augments samples under their own keys.

import webdataset as wds
from syncaug.loaders.webdataset import augment

stage = augment(policy)
data = wds.WebDataset(urls).decode("rgb8").rename(image="jpg;png", caption="txt").compose(stage)
for epoch in range(10):
    stage.set_epoch(epoch)
    for sample in data: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from syncaug.arguments import results_of
from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import ArgumentError
from syncaug.loaders.calling import is_left_out
from syncaug.loaders.keys import Keys, declared_of
from syncaug.loaders.requirements import (
    Handler,
    brief,
    mapping_of,
    require_handler,
    require_no_mixing,
)
from syncaug.loaders.several import addresses_of, require_views_or_variants
from syncaug.loaders.shared_epoch import SharedEpoch
from syncaug.loaders.twice import warn_of_two

__all__ = ["Augment", "augment"]

_KEY = "__key__"
_NO_PLACE = "a stage is not told the place of a sample"
SampleKey = str | Callable[[Mapping[str, Any]], str | int]


def augment(
    policy: Augmenter,
    *,
    key: SampleKey = _KEY,
    variants: int = 1,
    handler: Handler | None = None,
    views: int = 0,
) -> Augment:
    """A stage for `.compose`: each sample is augmented under its `__key__`, or the entry `key`.

    `key` may be a function of a sample, too. An entry that only holds the key passes beside.
    Entries with two underscores at each end belong to WebDataset and pass beside the policy. With
    several `variants` each sample gives so many, drawn for as many epochs, whose keys end in the
    variant's number. What the policy drops is left out. `handler` decides what becomes of a sample
    that does not fit, as WebDataset's own do (`wds.warn_and_continue`); without it the error is
    raised. With `views=2` each sample is a list of two views, each with its `__key__`, as
    `policy.views` gives them, of which those that the policy drops are `DROPPED`;
    `.batched(4, collation_fn=syncaug.loaders.torch.collate)` puts them one behind the other.
    Raises SampleError for a policy that mixes, since a stream has no partners, and for views of
    variants.
    """
    require_no_mixing(policy, "a stream has no places for partners")
    variants = results_of("variants", variants, "how many results a sample has")
    views = results_of("views", views, "how many views there are of a sample", least=0)
    require_views_or_variants(views, variants)
    return Augment(policy, key, variants, handler, views)


class Augment:
    """Augments a stream of samples, in the epoch that was set when its iteration began."""

    def __init__(
        self,
        policy: Augmenter,
        key: SampleKey,
        variants: int,
        handler: Handler | None,
        views: int = 0,
    ) -> None:
        require_handler(handler)
        self._policy, self._variants, self._handler = policy, variants, handler
        self._views = views
        self._keys = Keys(key, declared_of(policy), no_place=_NO_PLACE)
        self._epoch = SharedEpoch(policy.epoch)

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._policy

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch at the next iteration; workers that stay see it, too."""
        self._epoch.set(epoch)

    def __call__(self, samples: Any) -> Iterator[Any]:
        """The augmented samples, in their order. Raises ArgumentError where it is called on one."""
        single = isinstance(samples, Mapping)
        if single or isinstance(samples, str | bytes) or not hasattr(samples, "__iter__"):
            raise ArgumentError(
                "augment",
                expected="a stream of samples",
                came=f"a single one, {brief(samples)}" if single else brief(samples),
                hint="Write data.compose(stage) instead of data.map(stage), where data is a "
                "WebDataset of its shards.",
            )
        if getattr(samples, "gi_code", None) is Augment._made.__code__:
            warn_of_two(self)
        return self._made(samples)

    def _made(self, samples: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
        epoch = self._epoch.value
        for item in samples:
            sample = mapping_of(item)
            aside = {name: value for name, value in sample.items() if _own(name)}
            try:
                key = self._keys.of(sample, 0)
                streams, beside = self._keys.parted(
                    {name: v for name, v in sample.items() if name not in aside}
                )
                addresses = addresses_of(epoch, self._variants, self._views)
                outs = [self.policy(streams, key=key, **address) for address in addresses]
            except Exception as error:
                if self._handler is None:
                    raise
                if self._handler(error):
                    continue
                return
            made = []
            for variant, out in enumerate(outs):
                name = f"{aside.get(_KEY, key)}_{variant}"
                own = {_KEY: name} if self._variants > 1 else {}
                made.append(out if out is DROPPED else {**aside, **own, **beside, **out})
            if not self._views:
                yield from (one for one in made if one is not DROPPED)
            elif not is_left_out(made):
                yield made


def _own(name: str) -> bool:
    """Whether an entry is WebDataset's own."""
    return name.startswith("__") and name.endswith("__")
