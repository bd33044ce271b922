"""Fitting the default space on a user's own paired samples, and saving it for their policy."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.compiler.encoders import spoken_of
from syncaug.errors import ManifestError, SyncaugError
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.manifest import Entry, read_manifest
from syncaug.io.streams import load_sample
from syncaug.latent.fitted import BUILT_IN, Features, function_of
from syncaug.latent.protocol import LatentError, Vectors
from syncaug.latent.space import LatentSpace
from syncaug.plan.plan import Plan
from syncaug.policy.space_file import VECTORS

__all__ = ["Fitted", "fit_latent"]

_WIDEST = 8
"""Dimensions of a space where nobody says how many."""
_ROWS_EACH = 10
"""Samples for each principal component that counts where nobody says how many."""

_ROUNDED = 1e-5


@dataclass(frozen=True, slots=True)
class Fitted:
    """A space that was fitted and saved: how, on how many samples, and how well pairs agree.

    `correlations` are those of the first two streams in each dimension, over the samples on which
    the space was fitted; on others they are lower. `left_out` are keys of samples without one of
    the streams.
    """

    space: LatentSpace
    method: str
    components: int
    keys: tuple[str | int, ...]
    left_out: tuple[str | int, ...]
    correlations: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """What the command prints with `--format json`."""
        return {
            "fingerprint": self.space.fingerprint,
            "streams": list(self.space.streams),
            "dimensions": self.space.dimensions,
            "method": self.method,
            "components": self.components,
            "samples": len(self.keys),
            "left_out": list(self.left_out),
            "correlations": list(self.correlations),
        }


def fit_latent(
    plan: Plan,
    manifest: str | Path,
    streams: Sequence[str],
    out: str | Path,
    *,
    encoders: Mapping[str, str] | None = None,
    dimensions: int | None = None,
    method: str = "auto",
    components: int | None = None,
    bank: bool = True,
    limits: Limits = LIMITS,
) -> Fitted:
    """Fit a space of some streams of a manifest's samples, and save it at `out` for a policy.

    Features are the numbers of embeddings, those of `encoders` (stream -> package.module:name), or
    those built in. `components` of each stream count, by default one for ten samples; `auto` is
    `cca` where there are three samples for each of them, else `pls`. With `bank` the vectors and
    keys of all samples are saved too, so that streams can become the `nearest`. Raises LatentError,
    ManifestError, MissingExtraError.
    """
    named = dict(encoders or {})
    folder = Path(os.path.abspath(out)).parent
    if not folder.is_dir():
        raise LatentError(f"{out}: expected a folder that is there; got {folder}. Make it.")
    declared = {stream.name: stream for stream in plan.streams}
    _require_streams(streams, declared, named)
    features = {
        name: Features(
            name,
            named.get(name, VECTORS if declared[name].modality == "embedding" else BUILT_IN),
            declared[name].modality,
            declared[name].options,
            function_of,
        )
        for name in streams
    }
    rows, keys, left_out = _rows(Path(manifest), streams, declared, features, limits)
    tables = {name: _table(name, values, keys) for name, values in rows.items()}
    ranks = {name: _rank(table) for name, table in tables.items()}
    least = min(ranks.values())
    width = min(_WIDEST, least) if dimensions is None else dimensions
    if not least:
        flat = min(ranks, key=ranks.__getitem__)
        raise LatentError(
            f"stream {flat!r}: expected features that vary over samples; got the same of all "
            f"{len(keys)}"
        )
    if width > least or width < 1:
        flat = min(ranks, key=ranks.__getitem__)
        raise LatentError(
            f"dimensions: expected from 1 to {least}, in as many directions {flat!r} varies over "
            f"the {len(keys)} samples; got {width}"
        )
    counted = components or max(width, min(max(ranks.values()), len(keys) // _ROWS_EACH))
    chosen = method if method != "auto" else ("cca" if len(keys) >= 3 * counted else "pls")
    said = spoken_of(plan, streams)
    policy = {"name": plan.name, "streams": said}
    space = LatentSpace.fit(
        tables,
        dimensions=width,
        method=chosen,
        policy=json.dumps(policy, sort_keys=True),
        components=min(counted, least) if chosen == "cca" else counted,
    )
    latents = {name: space.encode(name, table) for name, table in tables.items()}
    told = {
        name: {"features": each.kind, "modality": declared[name].modality}
        for name, each in features.items()
    }
    held = {"keys": keys, "manifest": os.path.relpath(os.path.abspath(manifest), folder)}
    try:
        space.save(
            out,
            streams=told,
            policy=policy,
            bank=held if bank else None,
            tables=latents if bank else None,
        )
    except OSError as error:
        raise LatentError(f"{out}: the space cannot be written; {error}") from error
    one, other = (latents[name] for name in streams[:2])
    agree = tuple(float(np.corrcoef(one[:, d], other[:, d])[0, 1]) for d in range(width))
    return Fitted(space, chosen, counted, tuple(keys), tuple(left_out), agree)


def _require_streams(
    streams: Sequence[str], declared: Mapping[str, Any], encoders: Mapping[str, str]
) -> None:
    for name in (*streams, *encoders):
        if name not in declared:
            known = ", ".join(declared)
            raise LatentError(f"streams: expected some of {known}; got {name!r}")
        if declared[name].options.get("encodes"):
            raise LatentError(
                f"streams: expected streams that samples bring; {name!r} is what an encoder makes"
            )
    if len(streams) < 2 or len(set(streams)) != len(streams):
        raise LatentError(f"streams: expected two or more, each once; got {', '.join(streams)}")
    strange = sorted(set(encoders) - set(streams))
    if strange:
        raise LatentError(f"encoder: expected one of {', '.join(streams)}; got {strange[0]!r}")


def _rows(
    manifest: Path,
    streams: Sequence[str],
    declared: Mapping[str, Any],
    features: Mapping[str, Features],
    limits: Limits,
) -> tuple[dict[str, list[Vectors]], list[str | int], list[str | int]]:
    """The features of each sample by stream, the keys, and those of samples without a stream."""
    rows: dict[str, list[Vectors]] = {name: [] for name in streams}
    keys: list[str | int] = []
    left_out: list[str | int] = []
    for entry in read_manifest(manifest):
        if entry.read is None and any(entry.values.get(name) is None for name in streams):
            left_out.append(entry.key)
            continue
        sample = load_sample(entry, declared, limits=limits)
        for name in streams:
            rows[name].append(_of(entry, name, features[name], sample[name]))
        keys.append(entry.key)
    least = 3
    if len(keys) < least:
        lacking = f", and {len(left_out)} without one of the streams" if left_out else ""
        raise LatentError(
            f"{manifest}: expected at least {least} samples with {', '.join(streams)}; got "
            f"{len(keys)}{lacking}"
        )
    if len(set(map(repr, keys))) != len(keys):
        raise ManifestError(f"{manifest}: expected a key of its own for each sample")
    return rows, keys, left_out


def _of(entry: Entry, name: str, features: Features, value: Any) -> Vectors:
    try:
        out: Vectors = features.of([value])[0]
    except Exception as error:
        text = str(error) if isinstance(error, SyncaugError) else f"{type(error).__name__}: {error}"
        raise LatentError(
            f"{entry.place}: sample {entry.key!r}, stream {name!r}: {text}"
        ) from error
    return out


def _table(name: str, rows: Sequence[Vectors], keys: Sequence[str | int]) -> Vectors:
    for row, key in zip(rows, keys, strict=True):
        if len(row) != len(rows[0]):
            raise LatentError(
                f"stream {name!r}: expected {len(rows[0])} features, as of sample {keys[0]!r}; got "
                f"{len(row)} of sample {key!r}"
            )
    return np.stack(rows)


def _rank(table: Vectors) -> int:
    """In how many directions rows vary by more than what rounding to 32 bits adds."""
    lengths = np.linalg.svd(table - table.mean(axis=0), compute_uv=False)
    return int((lengths > _ROUNDED * lengths[0]).sum()) if lengths[0] > 0.0 else 0
