"""An encoder as steps of a policy use it: each answer is checked, each error names a stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from syncaug.catalogue.encoders import own_copy
from syncaug.errors import SampleError, SyncaugError
from syncaug.latent.bank import Bank
from syncaug.latent.protocol import Decoder, Encoder, Vectors, checked_vectors
from syncaug.plan.stream import Stream

__all__ = ["AsTheyCome", "OpenSpace"]


class OpenSpace:
    """A space that an encoder gives, called `name` in policies."""

    def __init__(self, name: str, encoder: Encoder, spread: Vectors | None = None) -> None:
        self.name, self.encoder = name, encoder
        self.bank: Bank | None = getattr(encoder, "bank", None)
        self._width: int | None = getattr(encoder, "dimensions", None)
        self.spread = _spread(self.bank) if spread is None and self.bank is not None else spread

    def knows(self, stream: Stream) -> bool:
        """Whether it can encode a stream."""
        return self._called(stream) is not None

    def _called(self, stream: Stream) -> str | None:
        """What the encoder calls a stream: by its name where it lists that, else by modality."""
        taken = getattr(self.encoder, "streams", None)
        if taken is None or stream.modality in taken:
            return stream.name if taken and stream.name in taken else stream.modality
        return stream.name if stream.name in taken else None

    def encode(self, stream: Stream, values: Sequence[Any]) -> list[Vectors]:
        """The vector of each value. Raises SampleError, also for what the encoder raises."""
        called = self._called(stream)
        try:
            given = self.encoder.encode(called or stream.modality, [own_copy(v) for v in values])
            rows = checked_vectors(given, stream.name, len(values), self._width)
        except SampleError:
            raise
        except Exception as error:
            raise self._failed(stream, "encode", error) from error
        self._width = rows.shape[1]
        return list(rows)

    def decode(self, stream: Stream, vector: Vectors) -> Any:
        """What a vector stands for. Raises SampleError, also for what the decoder raises."""
        if not isinstance(self.encoder, Decoder):
            raise self._lacking(stream.name, "a decoder: decode(name, vectors)")
        called = self._called(stream) or stream.modality
        try:
            values = self.encoder.decode(called, vector[None].copy())
            count = len(values)
            first: Any = values[0] if count == 1 else None
        except Exception as error:
            raise self._failed(stream, "decode", error) from error
        if count != 1:
            raise SampleError(
                stream.name,
                expected=f"one value for one vector, from decode() of encoder {self.name!r}",
                came=f"{count}",
            )
        return first.detach().cpu().numpy() if hasattr(first, "detach") else first

    def nearest(self, vectors: Mapping[str, Vectors]) -> str | int:
        """The key of the sample of the bank that is nearest to the vectors of all streams."""
        name = next(iter(vectors))
        if self.bank is None or not self.bank.has_samples:
            raise self._lacking(name, "a bank: Bank(vectors, keys, samples)")
        try:
            return self.bank.nearest_to_all(vectors)
        except ValueError as error:
            raise SampleError(
                name, expected=f"vectors that fit the bank of {self.name!r}", came=str(error)
            ) from error

    def fetch(self, key: str | int) -> Mapping[str, Any]:
        """The sample of a key of the bank."""
        assert self.bank is not None, "nearest() has asked it"
        try:
            return self.bank.sample(key)
        except Exception as error:
            known = isinstance(error, LookupError | OSError | SyncaugError)
            raise SampleError(
                "sample",
                expected=f"the sample {key!r} of the bank of {self.name!r}",
                came=f"{error}" if known else f"{type(error).__name__}: {error}",
            ) from error

    def _lacking(self, name: str, what: str) -> SampleError:
        """What an encoder lacks that is known only now, as an error of a stream."""
        return SampleError(name, expected=f"an encoder {self.name!r} with {what}", came="none")

    def _failed(self, stream: Stream, what: str, error: Exception) -> SampleError:
        """What an encoder raised, or gave and should not, as an error of a stream."""
        text = str(error) if isinstance(error, SyncaugError) else f"{type(error).__name__}: {error}"
        return SampleError(
            stream.name,
            expected=f"an encoder {self.name!r} that can {what} it",
            came=text[:300],
            hint="Try it by itself: encoder.encode(NAME, [VALUE]) gives vectors (1, D).",
        )


class AsTheyCome:
    """The space of embeddings that are vectors of one space already."""

    spread = None

    def knows(self, stream: Stream) -> bool:
        """Embeddings only."""
        return stream.modality == "embedding"

    def encode(self, stream: Stream, values: Sequence[Any]) -> list[Vectors]:
        """The numbers themselves."""
        return [np.asarray(value, dtype=np.float64) for value in values]

    def decode(self, stream: Stream, vector: Vectors) -> Any:
        """The numbers themselves, in the form in which embeddings are carried."""
        return vector

    def nearest(self, vectors: Mapping[str, Vectors]) -> str | int:
        """No policy that loads asks for it."""
        raise AssertionError("vectors as they come have no bank")

    def fetch(self, key: str | int) -> Mapping[str, Any]:
        """No policy that loads asks for it."""
        raise AssertionError("vectors as they come have no bank")


def _spread(bank: Bank) -> Vectors | None:
    """The principal directions of the vectors of a bank, each as long as their deviation."""
    rows = np.asarray(bank.vectors, dtype=np.float64)
    if len(rows) < 2:
        return None
    _, lengths, directions = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    out: Vectors = directions * (lengths / np.sqrt(len(rows) - 1))[:, None]
    return out
