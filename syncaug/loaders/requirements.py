"""What loaders require of what they are given, and what to do with anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, cast

from syncaug.augmenter import Augmenter
from syncaug.errors import ArgumentError, SampleError

__all__ = [
    "Handler",
    "anew",
    "brief",
    "mapping_of",
    "require_handler",
    "require_no_mixing",
    "require_policy",
    "require_rows",
    "require_samples",
    "uneven",
    "with_article",
]

Handler = Callable[[Exception], bool]
"""Decides what becomes of a bad sample: true leaves it out, false raises its error."""

_ADVICE: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (
        lambda given: isinstance(given, str | bytes | PurePath),
        "A name is not opened here: read what it names, and give its samples.",
    ),
    (
        lambda given: isinstance(given, type),
        "That is a class: make an object of it.",
    ),
    (
        lambda given: isinstance(given, Augmenter),
        "The samples come first, and the policy behind them.",
    ),
    (
        lambda given: isinstance(given, Mapping),
        "For one sample call the policy itself; of data by name give one part, data['train'], or "
        "list(data.values()).",
    ),
    (lambda given: hasattr(given, "iterrows"), "Give its rows: data.to_dict('records')."),
    (lambda given: hasattr(given, "to_pylist"), "Give its rows: data.to_pylist()."),
    (
        lambda given: callable(given) and not hasattr(given, "__getitem__"),
        "That is a function: give what it returns.",
    ),
)
"""What to do with what is often given in the place of samples; the first that holds is told."""


def brief(given: Any) -> str:
    """What came, in a few words."""
    if isinstance(given, type):
        return f"the class {given.__name__}"
    kind = type(given).__name__
    if isinstance(given, Mapping):
        names = ", ".join(map(repr, list(given)[:4])) + (", ..." if len(given) > 4 else "")
        return f"{kind} with {names}" if names else f"an empty {kind}"
    if given is None or isinstance(given, str | bytes | bool | int | float | PurePath):
        return f"{kind} {given!r}"[:80]
    return kind


def with_article(text: str) -> str:
    """A few words with the article that goes before them."""
    if text.startswith(("a ", "an ", "the ")):
        return text
    return f"an {text}" if text[0] in "aeiou" else f"a {text}"


def require_samples(name: str, given: Any, hint: str = "Give a list of samples.") -> None:
    """Raises ArgumentError for what cannot be iterated sample by sample."""
    advice = _advice(given)
    if advice or not (hasattr(given, "__iter__") or hasattr(given, "__getitem__")):
        raise ArgumentError(
            name,
            expected="what can be iterated and gives mappings of streams",
            came=brief(given),
            hint=advice or hint,
        )


def require_rows(name: str, given: Any) -> None:
    """Raises ArgumentError for what has no sample for each index from 0 on."""
    missing = [need for need in ("__getitem__", "__len__") if not hasattr(given, need)]
    advice = _advice(given)
    if isinstance(given, Mapping) and given and all(n in given for n in range(len(given))):
        advice = ""  # samples by their index
    if missing or advice:
        needed = f" with {missing[0]}" if missing else ""
        raise ArgumentError(
            name,
            expected=f"a map-style data set{needed}, which gives a mapping of streams for an index",
            came=brief(given),
            hint=advice or "AugmentedIterable takes what can only be iterated.",
        )


def _advice(given: Any) -> str:
    return next((advice for holds, advice in _ADVICE if holds(given)), "")


def anew(samples: Iterable[Any], before: bool) -> Iterator[Any]:
    """An iteration of samples, `before` which there was one. Raises ArgumentError where none is.

    A generator gives its samples once: a second epoch of it would be empty without a word.
    """
    found = iter(samples)
    if before and found is samples:
        raise ArgumentError(
            "samples",
            expected="what can be iterated in each epoch",
            came=f"a {type(samples).__name__}, which gives its samples once",
            hint="Give a list, or an object whose __iter__ begins anew.",
        )
    return found


def mapping_of(sample: Any, place: int | None = None) -> Mapping[str, Any]:
    """A sample as a mapping; `place` is where it stands. Raises SampleError for other forms."""
    if isinstance(sample, Mapping):
        return cast(Mapping[str, Any], sample)
    raise SampleError(
        "sample",
        what="argument",
        expected="a mapping of streams from the data set",
        came=with_article(brief(sample)) + ("" if place is None else f" as sample {place}"),
        hint="Give names: return {'image': image, 'label': label}.",
    )


def require_policy(policy: Any) -> None:
    """Raises ArgumentError for what is not loaded."""
    if not isinstance(policy, Augmenter):
        raise ArgumentError(
            "policy",
            expected="what load_policy returns",
            came=brief(policy),
            hint="Write load_policy(...), which reads a policy's text or file.",
        )


def require_handler(handler: Any) -> None:
    """Raises ArgumentError for what is no function of an error."""
    if handler is not None and not callable(handler):
        raise ArgumentError(
            "handler",
            expected="a function of an error, which returns true to leave the sample out",
            came=f"{type(handler).__name__} {handler!r}"[:80],
            hint="handler=lambda error: True leaves out all bad ones.",
        )


def require_no_mixing(policy: Augmenter, why: str, hint: str = "") -> None:
    """Raises SampleError where steps mix, which need a partner that this loader does not have."""
    require_policy(policy)
    if policy.plan.mixing:
        raise SampleError(
            "partner",
            what="argument",
            expected=f"a policy without steps that mix: {why}",
            came=f"steps {', '.join(policy.plan.mixing)}",
            hint=hint
            or "syncaug.loaders.torch.AugmentedDataset chooses partners in any map-style data set.",
        )


def uneven(batch: Mapping[str, Any]) -> str:
    """Why a mapping is not the columns of as many rows; empty where it is."""
    sizes = {name: _size(column) for name, column in batch.items()}
    if len(set(sizes.values())) < 2 and None not in sizes.values():
        return ""
    what = "a single row" if None in sizes.values() else "columns of several lengths"
    told = (
        f"{name!r}: {type(batch[name]).__name__}" + (f" of {size}" if size is not None else "")
        for name, size in sizes.items()
    )
    return f"{what}, {', '.join(told)}"[:160]


def _size(column: Any) -> int | None:
    """How many entries a column has; None for what is no column."""
    if isinstance(column, str | bytes | Mapping) or not hasattr(column, "__len__"):
        return None
    return len(column) if getattr(column, "ndim", 1) else None
