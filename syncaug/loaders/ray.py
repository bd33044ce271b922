"""Ray Data: batches of rows that are augmented in tasks or actors, on one machine or many.

from syncaug.loaders.ray import Augment, augmented

data = ray.data.read_parquet("pets").map_batches(Augment(policy, key="id"), batch_size=32)

for epoch in range(10):
    for batch in augmented(data, policy, key="id", epoch=epoch).iter_torch_batches(): ...
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from typing import Any, Literal

from syncaug.arguments import place_of, results_of
from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import ArgumentError, SampleError, SampleWarning, SyncaugError
from syncaug.loaders.columns import names_of, rebuilt, rows_of
from syncaug.loaders.keys import Keys, declared_of
from syncaug.loaders.requirements import brief, require_no_mixing
from syncaug.loaders.several import addresses_of, require_views_or_variants
from syncaug.policy.suggest import nearest

__all__ = ["Augment", "ClusterEpoch", "augmented"]

RowKey = str | Callable[[Mapping[str, Any]], str | int]
"""The name of a column, or a function of a row."""
OnError = Literal["raise", "skip"]
_MIXES = "`syncaug apply --engine ray` finds partners in the manifest."


class Augment:
    """Augments batches, for `Dataset.map_batches`: as an object in tasks, as a class in actors.

        data.map_batches(Augment(policy, key="id"), batch_size=32)
        data.map_batches(
            Augment,
            fn_constructor_kwargs={"policy": policy, "key": "id", "epoch": 3},
            compute=ray.data.ActorPoolStrategy(size=4),
        )

    Batches come in any format (numpy, pyarrow, pandas) and go out in the same one. `key` is a
    column or a function of a row; rows of Ray have no place that stays, so that no index can serve.
    Columns that the policy does not know are problems, but for the key's: list them under
    `untouched:`. Results are the same bytes as those of `policy(row, key=..., epoch=...)`,
    whatever the sizes of blocks and batches, their order, and the number of workers.

    `epoch` is a number, or a `ClusterEpoch` that is set while the data set is iterated again and
    again. With several `variants` each row gives so many, one after the other: variant v of epoch
    e is drawn for epoch e * variants + v. With `views=2` each row gives two, its views as
    `policy.views` gives them, one behind the other and each with the key. Rows that the policy
    drops are gone. A row that does not fit ends the run with its SampleError; with
    `on_error="skip"` it is left out with a SampleWarning, which Ray shows with the name of the
    worker.

    Raises SampleError without a key, for a policy that mixes, and for views of variants.
    """

    def __init__(
        self,
        policy: Augmenter,
        key: RowKey | None = None,
        epoch: int | ClusterEpoch = 0,
        variants: int = 1,
        on_error: OnError = "raise",
        views: int = 0,
    ) -> None:
        require_no_mixing(policy, "a row is read alone, without partner", _MIXES)
        self._keys = Keys(_row_key(key), declared_of(policy), no_place="rows of Ray have no place")
        if not isinstance(epoch, ClusterEpoch):
            epoch = place_of("epoch", epoch, "an integer from 0 on, or a ClusterEpoch")
        if on_error not in ("raise", "skip"):
            raise ArgumentError("on_error", expected="'raise' or 'skip'", came=repr(on_error))
        self._policy, self._epoch = policy, epoch
        self._variants = results_of("variants", variants, "how many results a row has")
        self._views = results_of("views", views, "how many views there are of a row", least=0)
        require_views_or_variants(self._views, self._variants)
        self._optional = _optional_of(policy)
        self._skips = on_error == "skip"

    @property
    def policy(self) -> Augmenter:
        """The policy of the samples, which stays: workers have copies of it."""
        return self._policy

    def __call__(self, batch: Any) -> Any:
        """The augmented rows of a batch, in its format."""
        epoch = self._epoch if isinstance(self._epoch, int) else self._epoch.value
        self._require_column(names_of(batch))
        made = []
        rows = rows_of(batch, self._optional)
        for place, row in enumerate(rows):
            try:
                results = self._results(row, epoch)
            except SyncaugError as error:
                if not self._skips:  # Ray prints all frames of what a worker raises
                    raise error.with_traceback(None) from None
                warnings.warn(SampleWarning(f"a row was left out: {error}"), stacklevel=2)
                continue
            made += [(place, result) for result in results]
        return rebuilt(batch, rows, made)

    def _results(self, row: Mapping[str, Any], epoch: int) -> list[dict[str, Any]]:
        """The results of a row, less those that are dropped."""
        key = self._keys.of(row, 0)
        own, _ = self._keys.parted(row)
        addresses = addresses_of(epoch, self._variants, self._views)
        outs = [self.policy(own, key=key, **address) for address in addresses]
        return [out for out in outs if out is not DROPPED]

    def _require_column(self, names: list[str]) -> None:
        if isinstance(self._keys.key, str) and self._keys.key not in names:
            raise _no_column(self._keys.key, names)


def augmented(
    dataset: Any,
    policy: Augmenter,
    *,
    key: RowKey | None = None,
    epoch: int | ClusterEpoch = 0,
    variants: int = 1,
    on_error: OnError = "raise",
    views: int = 0,
    **options: Any,
) -> Any:
    """A data set of Ray whose rows are augmented when it is executed: `map_batches` of `Augment`.

    `options` are those of `map_batches`. With `compute=ActorPoolStrategy(...)` or `concurrency=`
    actors do the work, each of which compiles the policy once; else tasks do, in which a policy
    costs about a millisecond a batch, and which never wait for a free CPU beside a shuffle. The
    data set is augmented anew whenever it is executed, in the epoch that was given: take
    `augmented(..., epoch=n)` in each epoch, or give a `ClusterEpoch`. `materialize()` keeps one
    draw.

    Raises SampleError as `Augment` does, and where a column `key` is known to be missing, and
    ArgumentError for an option that `map_batches` does not know.
    """
    if not hasattr(dataset, "map_batches"):
        raise ArgumentError(
            "dataset",
            expected="a data set of Ray, with map_batches",
            came=brief(dataset),
            hint="ray.data.from_items, from_huggingface and read_parquet make one.",
        )
    how: dict[str, Any] = {
        "policy": policy,
        "key": key,
        "epoch": epoch,
        "variants": variants,
        "on_error": on_error,
        "views": views,
    }
    augment = Augment(**how)  # what is wrong is told here, and not by a worker
    names = dataset.columns(fetch_if_missing=False)
    if isinstance(key, str) and names and key not in names:
        raise _no_column(key, names)
    compute = type(options.get("compute")).__name__
    actors = compute == "ActorPoolStrategy"
    actors = actors or (compute == "NoneType" and bool(options.get("concurrency")))
    _require_options(dataset, options, list(how), actors=actors)
    if actors:
        return dataset.map_batches(Augment, fn_constructor_kwargs=how, **options)
    return dataset.map_batches(augment, **options)


class ClusterEpoch:
    """An epoch that all processes of a Ray cluster see change: a small actor holds it.

        epoch = ClusterEpoch()
        data = augmented(dataset, policy, key="id", epoch=epoch)
        for number in range(10):
            epoch.set(number)
            for batch in data.iter_torch_batches(): ...

    Set it before an iteration starts: a batch is drawn for the epoch of the moment in which a
    worker takes it up, at the price of one message. It lives as long as a copy of it does.
    """

    def __init__(self, epoch: int = 0) -> None:
        import ray

        if not ray.is_initialized():
            raise RuntimeError("ClusterEpoch: expected a running Ray; call ray.init() first")
        self._holder: Any = ray.remote(num_cpus=0)(_Holder).remote(_checked(epoch))

    @property
    def value(self) -> int:
        """The epoch now."""
        import ray

        number: int = ray.get(self._holder.get.remote())
        return number

    def set(self, epoch: int) -> None:
        """Begin an epoch in all processes. Raises SampleError unless it is an integer from 0 on."""
        import ray

        ray.get(self._holder.set.remote(_checked(epoch)))


class _Holder:
    """Holds a number in a process of its own."""

    def __init__(self, number: int) -> None:
        self._number = number

    def get(self) -> int:
        return self._number

    def set(self, number: int) -> None:
        self._number = number


def _checked(epoch: int) -> int:
    return place_of("epoch", epoch)


def _require_options(
    dataset: Any, options: Mapping[str, Any], own: list[str], *, actors: bool
) -> None:
    """Raises ArgumentError for the first option that neither `map_batches` nor its tasks know.

    Ray itself looks at them when the data set is executed. `own` are the arguments beside them.
    """
    known = inspect.signature(dataset.map_batches).parameters.values()
    names = [one.name for one in known if one.kind is one.KEYWORD_ONLY and one.name[:3] != "fn_"]
    for name, value in options.items():
        if name in names:
            continue
        wrong = _unknown_to_ray(name, value, actors)
        if wrong:
            near = nearest(name, [*own, *names])
            raise ArgumentError(
                name,
                expected=f"an option of map_batches, or of Ray's {'actors' if actors else 'tasks'}",
                came=brief(value),
                hint=f"Did you mean {near}=?" if near else wrong,
            )


def _unknown_to_ray(name: str, value: Any, actors: bool) -> str:
    """What Ray says against an option of what does the work; empty where it takes it."""
    import ray

    probe: Any = _Holder if actors else _checked
    try:
        ray.remote(**{name: value})(probe)
    except (TypeError, ValueError) as error:
        return str(error)[:300]
    return ""


def _row_key(key: RowKey | None) -> Any:
    """A key as `Keys` takes it. Raises SampleError for what a row of Ray cannot tell."""
    if isinstance(key, str) and key:
        return key
    function: Any = key
    if callable(function):
        try:
            inspect.signature(function).bind({})
        except TypeError:
            raise SampleError(
                "key",
                what="argument",
                expected="a function of a row alone, since rows of Ray have no place",
                came=f"one with other arguments, {inspect.signature(function)}",
                hint="Write key=lambda row: row['id'].",
            ) from None
        except ValueError:  # a function in C, which does not tell
            pass
        return lambda row: function(row)
    raise SampleError(
        "key",
        what="argument",
        expected="a column that tells one row from all others, or a function of a row: rows of Ray "
        "have no index that stays",
        came=f"{key!r}",
        hint="Name one: key='id'. Without such a column add it where the data set is made, from "
        "file names (include_paths=True) or by numbering what is written.",
    )


def _optional_of(policy: Augmenter) -> frozenset[str]:
    """The columns that may have no entry in a row."""
    streams = [stream for stream in policy.plan.streams if stream.optional]
    return frozenset(name for stream in streams for name in (stream.name, *stream.parallel_keys))


def _no_column(key: str, names: list[str]) -> SampleError:
    return SampleError(
        "key",
        what="argument",
        expected=f"a column {key!r}, which tells the key of each row",
        came=f"only {', '.join(map(repr, names))}"[:120] if names else "no column at all",
        hint="Name another column, or give a function: key=lambda row: row['id'].",
    )
