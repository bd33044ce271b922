"""A space that `syncaug fit-latent` wrote, as an encoder: features, fitted maps, and its bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syncaug.latent.bank import Bank
from syncaug.latent.features import built_in
from syncaug.latent.protocol import LatentError, Vectors, as_encoder, checked_vectors
from syncaug.latent.space import LatentSpace
from syncaug.policy.space_file import VECTORS, SpaceFileError, read_head

__all__ = ["BUILT_IN", "Features", "FittedSpace", "function_of"]

BUILT_IN = "built_in"

Fetch = Callable[[Path, str | int], Mapping[str, Any]]


class Features:
    """The features (F,) of the values of one stream: built in, or those of an encoder.

    `kind` is `built_in`, `vectors` (the values are vectors already) or `package.module:name` of an
    encoder. `options` are those that the policy declares of the stream; `named` gives an encoder
    by its name.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        modality: str,
        options: Mapping[str, Any],
        named: Callable[[str], Any],
    ) -> None:
        self._name, self.kind, self._modality, self._options = name, kind, modality, options
        self._encoder = None
        if kind not in (BUILT_IN, VECTORS):
            try:
                self._encoder = as_encoder(named(kind))
            except KeyError as error:
                raise LatentError(
                    f"{name!r}: expected the encoder {kind!r}, by which its space was fitted; got "
                    f"none. Give it: load_policy(..., encoders={{{kind!r}: ...}}), or install it "
                    "under that name (syncaug.encoders)."
                ) from error
        if kind == BUILT_IN:
            try:
                self._function = built_in(modality)
            except KeyError as error:
                raise LatentError(
                    f"{name!r}: expected a stream of which there are built-in features (image, "
                    "video, audio, text, timed_text, embedding, imu, state, action, tabular); got "
                    f"{modality}. Name an encoder: package.module:function."
                ) from error

    def of(self, values: list[Any]) -> Vectors:
        """Features (N, F) of N values. Raises LatentError."""
        if self._encoder is not None:
            given = self._encoder.encode(self._modality, values)
            return checked_vectors(given, self._name, len(values))
        if self.kind == VECTORS:
            rows = [np.asarray(value, dtype=np.float64) for value in values]
        else:
            rows = [self._function(value, self._options) for value in values]
        shapes = sorted({row.shape for row in rows})
        if len(shapes) > 1 or len(shapes[0]) != 1:
            raise LatentError(
                f"{self._name!r}: expected one vector of one length for each sample; got the "
                f"shapes {', '.join(map(str, shapes))}"
            )
        return checked_vectors(np.stack(rows), self._name, len(values))


class FittedSpace:
    """The space of a file. Streams of vectors can be decoded; all others go by the bank."""

    def __init__(
        self,
        path: str | Path,
        options: Mapping[str, Mapping[str, Any]],
        fetch: Fetch,
        named: Callable[[str], Any],
    ) -> None:
        """`options` has for each stream those of the policy; `fetch` reads a key of a manifest.

        `named` gives an encoder by its name. Raises LatentError.
        """
        path = Path(path)
        try:
            head = read_head(path)
        except SpaceFileError as error:
            raise LatentError(
                f"{path}: expected a saved latent space; {error}. Write one with "
                "`syncaug fit-latent`."
            ) from error
        self.space = LatentSpace.load(path)
        self.dimensions, self.streams = self.space.dimensions, self.space.streams
        self._told = head["streams"]
        self._features = {
            name: Features(name, told["features"], told["modality"], options[name], named)
            for name, told in self._told.items()
            if name in options
        }
        self.bank = _bank(path, head, fetch)

    def encode(self, name: str, values: list[Any]) -> Vectors:
        """Vectors (N, D) of N values of a stream. Raises LatentError."""
        return self.space.encode(name, self._features[name].of(values))

    def decode(self, name: str, vectors: ArrayLike) -> Vectors:
        """The vectors (N, F) of a stream that came as vectors. Raises LatentError."""
        return self.space.decode(name, vectors)


def _bank(path: Path, head: Mapping[str, Any], fetch: Fetch) -> Bank | None:
    told = head["bank"]
    if not told:
        return None
    with np.load(path, allow_pickle=False) as found:
        tables = {name: found[f"{name}/bank"] for name in head["streams"]}
    manifest = path.parent / told["manifest"]
    return Bank(tables, told["keys"], lambda key: fetch(manifest, key))


def function_of(named: str) -> Any:
    """The object `package.module:name`. Raises LatentError where there is none."""
    module, colon, name = named.partition(":")
    if not (module and colon and name):
        raise LatentError(f"encoder: expected package.module:function; got {named!r}")
    try:
        return getattr(import_module(module), name)
    except ImportError as error:
        raise LatentError(f"encoder {named!r}: {error}") from error
    except AttributeError as error:
        raise LatentError(f"encoder {named!r}: {module} has no {name!r}") from error
