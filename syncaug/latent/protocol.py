"""What an encoder is: several modalities into one space, and the way back where it knows one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syncaug.errors import SyncaugError

__all__ = [
    "CallableEncoder",
    "Decoder",
    "Encoder",
    "LatentError",
    "Vectors",
    "as_encoder",
    "checked_vectors",
]

Vectors = NDArray[np.float64]


class LatentError(SyncaugError):
    """Features, an encoder or a saved space that do not fit: which, what came, what is expected."""


@runtime_checkable
class Encoder(Protocol):
    """What brings the values of a stream into the joint space.

    It may say more: `dimensions`, the width of its vectors, which is checked; `streams`, the names
    that it takes (of streams or modalities; without it any); `bank`, a Bank of known vectors.
    """

    def encode(self, name: str, values: Any) -> Any:
        """Vectors (N, D) of N values; `name` is a stream that it lists, or else a modality."""
        ...


@runtime_checkable
class Decoder(Encoder, Protocol):
    """An encoder that knows the way back."""

    def decode(self, name: str, vectors: ArrayLike) -> Any:
        """The N values that vectors (N, D) stand for, in the form of the stream."""
        ...


class CallableEncoder:
    """A function `(modality, value)` to one vector, as an encoder; `decode` one for the way back.

    >>> encoder = CallableEncoder(lambda modality, text: [len(text), text.count(" ")])
    >>> encoder.encode("text", ["a cat", "one"]).tolist()
    [[5.0, 1.0], [3.0, 0.0]]
    """

    def __init__(self, function: Callable[[str, Any], Any]) -> None:
        if not callable(function):
            raise LatentError(f"encoder: expected a function (modality, value); got {function!r}")
        self._function = function

    def encode(self, name: str, values: Sequence[Any]) -> Vectors:
        """One call for each value. Raises LatentError for vectors of several lengths."""
        rows = [_numbers(self._function(name, value), name) for value in values]
        shapes = {row.shape for row in rows}
        if len(shapes) > 1 or any(row.ndim != 1 for row in rows):
            raise LatentError(
                f"encoder of {name!r}: expected a vector for each value, all of one length; got "
                f"the shapes {', '.join(map(str, sorted(shapes)))}"
            )
        return np.stack(rows)


def as_encoder(given: Any) -> Encoder:
    """An object with `encode` as it is, a function wrapped. Raises LatentError for all else."""
    if callable(getattr(given, "encode", None)) and not isinstance(given, str):
        encoder: Encoder = given
        return encoder
    return CallableEncoder(given)


def checked_vectors(given: Any, name: str, count: int, dimensions: int | None = None) -> Vectors:
    """What an encoder gave for `count` values of `name`, as float64 (N, D). Raises LatentError."""
    rows = _numbers(given, name)
    wide = "D" if dimensions is None else str(dimensions)
    if rows.ndim != 2 or len(rows) != count or (dimensions or rows.shape[1]) != rows.shape[1]:
        raise LatentError(
            f"encoder of {name!r}: expected vectors of the shape ({count}, {wide}); got "
            f"{rows.shape}"
        )
    if not rows.shape[1]:
        raise LatentError(f"encoder of {name!r}: expected vectors of some length; got {rows.shape}")
    if not np.isfinite(rows).all():
        raise LatentError(
            f"encoder of {name!r}: expected finite numbers; got {rows[~np.isfinite(rows)][0]}"
        )
    return rows


def _numbers(given: Any, name: str) -> Vectors:
    """What an encoder gave as float64, whatever library it is of. Raises LatentError."""
    tensors = isinstance(given, list | tuple) and any(hasattr(one, "detach") for one in given)
    found = [_plain(one) for one in given] if tensors else _plain(given)
    try:
        array = np.asarray(found)
        if array.dtype.kind not in "biufO":
            raise TypeError(f"values of {array.dtype}")
        return array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise LatentError(
            f"encoder of {name!r}: expected numbers (N, D); got {type(given).__name__}: {error}"
        ) from error


def _plain(given: Any) -> Any:
    """A tensor as an array of any floating type that numpy lacks, and no number for masked ones."""
    if hasattr(given, "detach"):
        tensor = given.detach().cpu()
        return (tensor.double() if tensor.is_floating_point() else tensor).numpy()
    if np.ma.isMaskedArray(given):
        return np.ma.filled(np.ma.asarray(given, np.float64), np.nan)
    return given
