"""Lhotse: cuts in, cuts out; supervisions follow as timed text.

from syncaug.loaders.lhotse import Augment, augment

cuts = augment(CutSet.from_file("cuts.jsonl.gz"), policy)       # lazily, in epoch 0

transform = Augment(policy)                                      # in the workers of a data set
data = K2SpeechRecognitionDataset(cut_transforms=[transform], input_strategy=AudioSamples())
for epoch in range(10):
    transform.set_epoch(epoch)
    sampler.set_epoch(epoch)
    for batch in DataLoader(data, sampler=sampler, batch_size=None, num_workers=4): ...
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from lhotse import CutSet
from lhotse.cut import Cut, MixedCut

from syncaug.arguments import key_of, results_of
from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import ArgumentError, SampleError, SampleWarning
from syncaug.loaders.cuts import Streams, cut_of, sample_of, view_of
from syncaug.loaders.requirements import Handler, brief, require_handler, require_no_mixing
from syncaug.loaders.shared_epoch import SharedEpoch
from syncaug.loaders.twice import warn_of_two

__all__ = ["Augment", "augment"]

CutKey = str | Callable[[Any], str | int]
"""The name of an attribute or custom field of a cut, or a function of the cut."""


def augment(
    cuts: Any,
    policy: Augmenter,
    *,
    key: CutKey = "id",
    epoch: int | SharedEpoch | None = None,
    audio: str = "",
    supervisions: str = "",
    handler: Handler | None = None,
    views: int = 0,
) -> Any:
    """Augmented cuts, made when they are iterated; of a single cut the augmented one, or None.

    `epoch` is a number, or a `syncaug.loaders.SharedEpoch` that is set between iterations; without
    it that of the policy. All else is as for `Augment`.
    """
    work = Augment(
        policy, key=key, audio=audio, supervisions=supervisions, handler=handler, views=views
    )
    _require_cuts(cuts)
    warn_of_two(cuts)
    if isinstance(epoch, SharedEpoch):
        work.shared_epoch = epoch
    elif epoch is not None:
        work.set_epoch(epoch)
    return work(cuts) if isinstance(cuts, Cut) else CutSet(_Lazy(cuts, work))


class Augment:
    """A transform of cuts: one of `cut_transforms`, or what is called on a CutSet or on a cut.

    `key` is an attribute or custom field of a cut, or a function of it; the id without it. `audio`
    and `supervisions` name the policy's streams of audio and timed text where it has several.
    Custom fields that the policy declares by name (labels, texts, numbers) go through it, too; all
    others stay.

    A result keeps the id of its cut. Its recording lies in memory as float32, its supervisions
    keep speaker, language and custom fields, and alignments follow; precomputed features are gone,
    since they are of the old sound. A MixedCut is mixed first and comes back as a MonoCut. What the
    policy drops is left out, and so are bad cuts whose error `handler` is given and returns true.

    With `views=2` each cut gives two, its views as `policy.views` gives them, one behind the other;
    of a single cut it is a list of them. Their ids, and those of their supervisions, are the cut's
    and end in `_view1` and `_view2`.

    Raises SampleError for a policy that mixes, and for one without a stream of audio, and
    ArgumentError for a key that is none and for what is no cuts.
    """

    def __init__(
        self,
        policy: Augmenter,
        *,
        key: CutKey = "id",
        audio: str = "",
        supervisions: str = "",
        handler: Handler | None = None,
        views: int = 0,
    ) -> None:
        require_no_mixing(policy, "a cut is augmented alone; mix cuts with CutSet.mix before it")
        require_handler(handler)
        named: Any = key
        if not (callable(named) or (isinstance(named, str) and named)):
            raise ArgumentError(
                "key",
                expected="an attribute or custom field of a cut, or a function of it",
                came=brief(key),
                hint="Without key= the id of the cut serves.",
            )
        self._policy, self._key, self._handler = policy, key, handler
        self.views = results_of("views", views, "how many views there are of a cut", least=0)
        self._streams = Streams.of(policy, audio, supervisions)
        self.shared_epoch, self._warned = SharedEpoch(policy.epoch), False

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._policy

    @property
    def epoch(self) -> int:
        """The epoch now, in every process."""
        return self.shared_epoch.value

    def set_epoch(self, epoch: int) -> None:
        """Begin an epoch, before cuts are iterated; workers that stay see it, too."""
        self.shared_epoch.set(epoch)

    @property
    def keeps_all(self) -> bool:
        """Whether there are as many cuts as before, or as many views of each."""
        return self._handler is None and self.policy.plan.on_fail.then != "drop"

    def __call__(self, cuts: Any) -> Any:
        """The augmented cuts, lazily where they are lazy; of one cut the augmented one, or None.

        With `views` a list of its views, less those that are left out.
        """
        if isinstance(cuts, Cut):
            made = self.made_of(cuts, self.epoch)
            return made if self.views else next(iter(made), None)
        _require_cuts(cuts)
        lazy = _Lazy(cuts, self)
        return CutSet(lazy) if getattr(cuts, "is_lazy", True) else CutSet.from_cuts(iter(lazy))

    def made_of(self, cut: Any, epoch: int) -> list[Any]:
        """The augmented cut in an epoch, or its views, less what is left out.

        Raises ArgumentError for what is no cut.
        """
        if not isinstance(cut, Cut):
            raise _no_cuts(cut, "among them")
        try:
            key = self._key_of(cut)
            sample = sample_of(cut, self._streams, key)
            if not self.views:
                out = self.policy(sample, key=key, epoch=epoch)
                return [] if out is DROPPED else [cut_of(cut, self._streams, out)]
            outs = self.policy.views(sample, key=key, epoch=epoch, n=self.views)
            return [
                view_of(cut_of(cut, self._streams, out), number)
                for number, out in enumerate(outs, 1)
                if out is not DROPPED
            ]
        except Exception as error:
            if self._handler is None or not self._handler(error):
                raise
            return []

    def _key_of(self, cut: Any) -> str | int:
        if callable(self._key):
            return key_of("key", self._key(cut))
        found = getattr(cut, self._key, None)
        if self._key == "id" and isinstance(cut, MixedCut) and _is_random(cut.id):
            self._warn_of_random_ids()
        if found is None:
            raise SampleError(
                "key",
                what="argument",
                expected=f"cuts with an attribute or custom field {self._key!r}",
                came=f"the cut {cut.id!r} without one",
                hint="Without key= the id of the cut serves.",
            )
        return key_of("key", found)

    def _warn_of_random_ids(self) -> None:
        """Say once that the draws of mixed cuts will not come again."""
        if not self._warned:
            self._warned = True
            warnings.warn(
                SampleWarning(
                    "the id of a mixed cut, which is its key, is drawn anew whenever it is mixed "
                    "or padded: other runs draw otherwise. Mix with preserve_id='left', or give "
                    "key=function of the cut"
                ),
                stacklevel=3,
            )


def _require_cuts(cuts: Any) -> None:
    """Raises ArgumentError for what holds no cuts, before it is iterated."""
    if isinstance(cuts, Cut):
        return
    wrong = isinstance(cuts, str | bytes | PurePath | Mapping | type)
    if wrong or not hasattr(cuts, "__iter__"):
        raise _no_cuts(cuts)


def _no_cuts(came: Any, where: str = "") -> ArgumentError:
    if isinstance(came, str | PurePath):
        hint = f"Read them: CutSet.from_file({str(came)!r})."
    elif type(came).__module__.startswith("lhotse."):
        hint = "Make cuts of them: CutSet.from_manifests(recordings=..., supervisions=...)."
    else:
        hint = "CutSet.from_file, from_cuts and from_manifests make one."
    return ArgumentError(
        "cuts",
        expected="a CutSet, a cut, or what gives cuts of Lhotse when it is iterated",
        came=f"{brief(came)} {where}".strip(),
        hint=hint,
    )


def _is_random(name: str) -> bool:
    """Whether an id is one that Lhotse gives to a mix that keeps none."""
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


class _Lazy:
    """Augmented cuts, made anew in each iteration, in the epoch in which it begins."""

    def __init__(self, cuts: Iterable[Any], work: Augment) -> None:
        self.cuts, self.work = cuts, work

    def __iter__(self) -> Iterator[Any]:
        return self._made(self.work.epoch)

    def _made(self, epoch: int) -> Iterator[Any]:
        for cut in self.cuts:
            yield from self.work.made_of(cut, epoch)

    def __len__(self) -> int:
        if self.work.keeps_all:
            return len(self.cuts) * max(1, self.work.views)  # type: ignore[arg-type]
        raise TypeError("how many cuts stay is known when they have been augmented")
