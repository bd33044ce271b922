"""ONNX files as an encoder: one for each modality, and one for each way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from syncaug.errors import MissingExtraError
from syncaug.latent.protocol import LatentError, Vectors, checked_vectors

__all__ = ["OnnxEncoder"]

Prepare = Callable[[list[Any]], Any]


class OnnxEncoder:
    """Sessions of onnxruntime on the CPU, in one thread, whose answers do not vary.

    `files` has the file of each stream or modality: of one input (N, ...) and one output (N, D).
    `prepare` makes the input of N values; without it they are stacked in the type that the file
    takes. `decoders` have the files of the ways back, (N, D) to (N, ...). All outputs are of one
    width, which is that of the files, where they say it.
    """

    def __init__(
        self,
        files: Mapping[str, str | Path],
        *,
        prepare: Mapping[str, Prepare] | None = None,
        decoders: Mapping[str, str | Path] | None = None,
    ) -> None:
        """Raises LatentError for files that are no such models, MissingExtraError."""
        self._given = (dict(files), dict(prepare or {}), dict(decoders or {}))
        self._in = {name: _session(path) for name, path in files.items()}
        self._back = {name: _session(path) for name, path in (decoders or {}).items()}
        strange = sorted({*(prepare or {}), *self._back} - set(self._in))
        if strange or not self._in:
            raise LatentError(
                f"files: expected one for each of prepare and decoders; none for {strange}"
            )
        self.streams = tuple(self._in)
        widths = {session.get_outputs()[0].shape[-1] for session in self._in.values()}
        known = {width for width in widths if isinstance(width, int)}
        if len(known) > 1:
            raise LatentError(f"files: expected vectors of one width; got {sorted(known)}")
        self.dimensions = next(iter(known), None)
        if self._back:
            self.decode = self._decoded

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._given

    def __call__(self, modality: str, value: Any) -> Vectors:
        """One vector, as the check `similarity` asks for it."""
        out: Vectors = self.encode(modality, [value])[0]
        return out

    def encode(self, name: str, values: Any) -> Vectors:
        """Vectors (N, D) of N values. Raises LatentError."""
        if name not in self._in:
            raise LatentError(f"expected one of {', '.join(self.streams)}; got {name!r}")
        prepare = self._given[1].get(name, np.stack)
        found = _run(self._in[name], prepare(list(values)), name)
        return checked_vectors(found, name, len(values), self.dimensions)

    def _decoded(self, name: str, vectors: ArrayLike) -> Any:
        """The values (N, ...) that vectors (N, D) stand for. Raises LatentError."""
        if name not in self._back:
            raise LatentError(f"expected one of {', '.join(self._back)} to decode; got {name!r}")
        return _run(self._back[name], vectors, name)


def _session(path: str | Path) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtraError("onnxruntime", "encoders") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # its errors share no class
        raise LatentError(f"{path}: expected an ONNX model; {error}"[:400]) from error
    counts = len(session.get_inputs()), len(session.get_outputs())
    if counts != (1, 1):
        raise LatentError(f"{path}: expected one input and one output; got {counts}")
    return session


_TYPES = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(float16)": "float16"}
_TYPES |= {f"tensor({kind})": kind for kind in ("int64", "int32", "uint8", "int8", "bool")}


def _as_taken(array: Any, kind: str) -> Any:
    """Numbers in the type that a model takes. Raises ValueError where they are others there."""
    with np.errstate(all="ignore"):
        cast = array.astype(kind)
    floats = cast.dtype.kind == "f"
    same = np.isfinite(cast) == np.isfinite(array) if floats else cast == array
    if not same.all():
        raise ValueError(f"{array.dtype} numbers such as {array[~same].flat[0]} are none of {kind}")
    return cast


def _run(session: Any, values: Any, name: str) -> Any:
    """The output of a model. Raises LatentError for values that it does not take."""
    taken = session.get_inputs()[0]
    try:
        array = np.asarray(values)
        if array.dtype.kind in "biuf" and taken.type in _TYPES:
            array = _as_taken(array, _TYPES[taken.type])
        return session.run(None, {taken.name: array})[0]
    except Exception as error:  # its errors share no class
        raise LatentError(
            f"{name!r}: expected {taken.type} {taken.shape}; {error}. "
            f"prepare={{{name!r}: function}} makes that of values."
        ) from error


def _again(
    files: Mapping[str, str | Path],
    prepare: Mapping[str, Prepare],
    decoders: Mapping[str, str | Path],
) -> OnnxEncoder:
    return OnnxEncoder(files, prepare=prepare, decoders=decoders)
