"""A joint space of paired features, by canonical correlation: fitted here, saved, checked again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from syncaug.io.atomic import write_bytes
from syncaug.kernels.vectors import vectors_of
from syncaug.latent.directions import evened, paired_directions, reduced
from syncaug.latent.protocol import LatentError, Vectors
from syncaug.policy.space_file import FORM, HEAD, VECTORS, SpaceFileError, read_head

__all__ = ["LatentSpace"]

_LEAST = 3
_ROUNDED = 1e-10
"""The share of the greatest number up to which a direction is one of rounding alone."""
_PARTS = ("mean", "into", "back")


class LatentSpace:
    """Two or more modalities in one space, each by an affine map, with the least squares way back.

    `streams` are their names, `dimensions` the width of the space, and `fingerprint` tells this
    space from others: the features that it was fitted on, how, and the policy, where one was named.
    `spread` (D, D) has the principal directions of the latents, each as long as their deviation.
    """

    def __init__(
        self,
        maps: Mapping[str, tuple[Vectors, Vectors, Vectors]],
        fingerprint: str,
        spread: Vectors | None = None,
    ) -> None:
        """`maps` has for each stream the mean (F,), the map in (F, D), and the map back (D, F)."""
        self._maps, self.fingerprint = dict(maps), fingerprint
        self.spread = np.eye(self.dimensions) if spread is None else spread

    @property
    def streams(self) -> tuple[str, ...]:
        """The names of its modalities."""
        return tuple(self._maps)

    @property
    def dimensions(self) -> int:
        """The width of the space."""
        return int(next(iter(self._maps.values()))[1].shape[1])

    @staticmethod
    def fit(
        features: Mapping[str, ArrayLike],
        *,
        dimensions: int,
        method: str = "cca",
        policy: str = "",
        components: int | None = None,
    ) -> LatentSpace:
        """A space in which the rows of all features, which are pairs, lie as near as can be.

        `features` are (N, F) for each stream, row n of all being one sample. `method` is `cca`
        (canonical correlations, Hotelling 1936) or `pls` (partial least squares, for few rows of
        many numbers), of scikit-learn, between the first two streams; each further one is fitted to
        the first by least squares.
        `policy` is the fingerprint of the policy that the space is for. With `components` only that
        many principal components of each stream count, which keeps `cca` from fitting what is
        chance where rows are few. Raises LatentError for features that do not fit,
        MissingExtraError without scikit-learn.
        """
        tables = _tables(features, dimensions)
        if method not in ("cca", "pls"):
            raise LatentError(f"method: expected cca or pls; got {method!r}")
        counted = components is None or isinstance(components, int | np.integer)
        if not counted or (components is not None and components < dimensions):
            raise LatentError(
                f"components: expected an integer, at least the {dimensions} dimensions; got "
                f"{components}"
            )
        first, second, *others = tables
        centred = {name: table - table.mean(axis=0) for name, table in tables.items()}
        into = dict(
            zip(
                (first, second),
                paired_directions(
                    reduced(centred[first], components),
                    reduced(centred[second], components),
                    dimensions,
                    method,
                ),
                strict=True,
            )
        )
        into = {name: evened(centred[name], weights) for name, weights in into.items()}
        for name in others:
            table, axes = reduced(centred[name], components)
            weights, *_ = np.linalg.lstsq(table, centred[first] @ into[first], rcond=None)
            into[name] = axes @ weights
        maps = {}
        for name, table in tables.items():
            back, *_ = np.linalg.lstsq(centred[name] @ into[name], centred[name], rcond=None)
            maps[name] = table.mean(axis=0), into[name], back
        if not all(np.isfinite(weights).all() for weights in into.values()):
            raise LatentError(
                "features: expected streams that vary together; got none that do. Take fewer "
                "dimensions, or more rows."
            )
        latents = np.mean([centred[name] @ into[name] for name in tables], axis=0)
        _, lengths, directions = np.linalg.svd(latents, full_matrices=False)
        spread = directions * (lengths / np.sqrt(len(latents) - 1))[:, None]
        how = f"{policy}\n{dimensions} {method} {components}"
        return LatentSpace(maps, _fingerprint(tables, how), spread)

    def encode(self, name: str, values: ArrayLike) -> Vectors:
        """Vectors (N, D) of features (N, F) of a stream. Raises LatentError."""
        mean, weights, _ = self._map(name)
        out: Vectors = (_rows(name, values, len(mean)) - mean) @ weights
        return out

    def decode(self, name: str, vectors: ArrayLike) -> Vectors:
        """The features (N, F) of a stream nearest to vectors (N, D). Raises LatentError."""
        mean, _, back = self._map(name)
        out: Vectors = _rows(name, vectors, self.dimensions) @ back + mean
        return out

    def _map(self, name: str) -> tuple[Vectors, Vectors, Vectors]:
        if name not in self._maps:
            raise LatentError(f"expected one of the streams {', '.join(self._maps)}; got {name!r}")
        return self._maps[name]

    def save(
        self,
        path: str | Path,
        *,
        streams: Mapping[str, Mapping[str, Any]] | None = None,
        policy: Mapping[str, Any] | None = None,
        bank: Mapping[str, Any] | None = None,
        tables: Mapping[str, Vectors] | None = None,
    ) -> None:
        """Write the space as an .npz of plain numbers, with a head that a policy reads.

        `streams` says of each by which `features` its numbers come, and its `modality`; without it
        they are vectors. `policy`, `bank` and the bank's `tables` (N, D) are those of
        `syncaug fit-latent`.
        """
        arrays: dict[str, Any] = {
            f"{name}/{part}": array
            for name, triple in self._maps.items()
            for part, array in zip(_PARTS, triple, strict=True)
        }
        arrays["spread"] = self.spread
        arrays |= {f"{name}/bank": table for name, table in (tables or {}).items()}
        head = {
            "form": FORM,
            "fingerprint": self.fingerprint,
            "dimensions": self.dimensions,
            "streams": {
                name: {
                    "features": VECTORS,
                    "modality": "embedding",
                    **(streams or {}).get(name, {}),
                    "size": len(triple[0]),
                }
                for name, triple in self._maps.items()
            },
            "policy": policy,
            "bank": bank,
        }
        out = BytesIO()
        np.savez(out, **arrays)
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr(zipfile.ZipInfo(HEAD), json.dumps(head))
        write_bytes(Path(path), out.getvalue())

    @staticmethod
    def load(path: str | Path, *, fingerprint: str = "") -> LatentSpace:
        """Read a space; `fingerprint` is the one that it must have, where one is given.

        Raises LatentError for another file, and for a space fitted on other features or under
        another policy.
        """
        try:
            head = read_head(path)
            with np.load(Path(path), allow_pickle=False) as found:
                maps = {
                    name: (found[f"{name}/mean"], found[f"{name}/into"], found[f"{name}/back"])
                    for name in head["streams"]
                }
                spread = found["spread"]
        except SpaceFileError as error:
            raise LatentError(f"{path}: expected a saved latent space; {error}") from error
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise LatentError(f"{path}: expected a saved latent space; {error}") from error
        if fingerprint and head["fingerprint"] != fingerprint:
            raise LatentError(
                f"{path}: expected the space {fingerprint}; got {head['fingerprint']}, which was "
                "fitted on other features or under another policy. Fit it again."
            )
        return LatentSpace(maps, head["fingerprint"], spread)


def _tables(features: Mapping[str, ArrayLike], dimensions: int) -> dict[str, Vectors]:
    given: Any = features
    if not isinstance(given, Mapping):
        came = type(given).__name__
        raise LatentError(f"features: expected rows (N, F) by the name of each stream; got {came}")
    if len(features) < 2:
        raise LatentError(f"features: expected two streams or more; got {list(features)}")
    tables = {}
    for name, values in features.items():
        table = _numbers(f"features of {name!r}", values, detached=True)
        if table.ndim != 2 or not np.isfinite(table).all():
            raise LatentError(
                f"features of {name!r}: expected finite numbers (N, F); got {_told(table)}"
            )
        tables[name] = table
    counts = {name: len(table) for name, table in tables.items()}
    if len(set(counts.values())) > 1:
        raise LatentError(f"features: expected as many rows in each stream; got {counts}")
    least = min(min(table.shape) for table in tables.values())
    asked: Any = dimensions
    whole = isinstance(asked, int | np.integer) and not isinstance(asked, bool)
    if not whole or not 1 <= dimensions <= least or next(iter(counts.values())) < _LEAST:
        raise LatentError(
            f"dimensions: expected from 1 to {least}, the rows and columns that there are, and at "
            f"least {_LEAST} rows; got {dimensions} for {counts}"
        )
    for name, table in tables.items():
        lengths = np.linalg.svd(table - table.mean(axis=0), compute_uv=False)
        varied = int((lengths > _ROUNDED * np.abs(table).max()).sum())
        if varied < dimensions:
            raise LatentError(
                f"features of {name!r}: expected rows that vary in at least the {dimensions} "
                f"dimensions of the space; got {varied} directions"
            )
    return tables


def _numbers(name: str, values: Any, *, detached: bool = False) -> Vectors:
    """Numbers of any library. Raises LatentError."""
    try:
        return vectors_of(name, values, detached=detached)
    except ValueError as error:
        raise LatentError(str(error)) from None


def _rows(name: str, values: ArrayLike, width: int) -> Vectors:
    rows = np.atleast_2d(_numbers(name, values))
    if rows.ndim != 2 or rows.shape[1] != width or not np.isfinite(rows).all():
        raise LatentError(f"{name}: expected finite rows of {width} numbers; got {_told(rows)}")
    return rows


def _told(table: NDArray[Any]) -> str:
    finite = bool(np.isfinite(table).all())
    return f"the shape {table.shape}" + ("" if finite else " with values that are not finite")


def _fingerprint(tables: Mapping[str, Vectors], how: str) -> str:
    state = blake2b(how.encode(), digest_size=8)
    for name, table in tables.items():
        state.update(f"{name}:{table.shape}".encode())
        state.update(np.ascontiguousarray(table).tobytes())
    return state.hexdigest()
