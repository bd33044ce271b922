"""Forms of every modality: how each is made of numpy's, and how its numbers are read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from PIL import Image

__all__ = ["FORMS", "Form"]


@dataclass(frozen=True)
class Form:
    """How a value of numpy gets a form, and what numpy would have of a value in that form.

    `same` compares what tells the form of two values beside their type.
    """

    make: Callable[[Any], Any]
    numbers: Callable[[Any], Any]
    traits: Callable[[Any], Any]
    tolerance: float = 0.0


def _tensor(dtype: Any = None, *, first: bool = False, last_in_memory: bool = False) -> Form:
    def make(value: Any) -> Any:
        tensor = torch.from_numpy(np.array(value))
        if first and tensor.ndim >= 3:
            tensor = tensor.movedim(-1, -3)
            tensor = tensor if last_in_memory else tensor.contiguous()
        return tensor if dtype is None else tensor.to(dtype)

    def numbers(tensor: Any) -> Any:
        tensor = tensor.movedim(-3, -1) if first and tensor.ndim >= 3 else tensor
        return (tensor.float() if tensor.dtype in (torch.bfloat16, torch.half) else tensor).numpy()

    return Form(make, numbers, _of_tensor, {torch.bfloat16: 1e-2, torch.half: 2e-3}.get(dtype, 0.0))


def _of_tensor(tensor: Any) -> Any:
    return (
        tensor.dtype,
        tensor.device,
        tensor.ndim,
        tensor.movedim(-3, -1).is_contiguous() if (tensor.ndim >= 3) else None,
    )


def _array(dtype: Any, scale: float = 1.0, tolerance: float = 0.0) -> Form:
    """Another dtype of the same numbers, times a scale."""

    def make(value: Any) -> Any:
        return (np.asarray(value, np.float64) * scale).astype(dtype)

    return Form(make, lambda out: out.astype(np.float64) / scale, lambda v: v.dtype, tolerance)


def _picture(mode: str) -> Form:
    def make(value: Any) -> Any:
        picture = Image.fromarray(np.ascontiguousarray(value))
        return picture if picture.mode == mode else picture.convert(mode)

    return Form(make, np.asarray, lambda picture: picture.mode)


def _of_rows(row: Callable[[Any], Any], back: Callable[[Any], Any], traits: Any) -> Form:
    """A list of rows, each in a form of its own."""
    return Form(
        lambda value: [row(np.asarray(each)) for each in value],
        lambda out: [back(each) for each in out],
        lambda out: {traits(each) for each in out},
    )


def _objects(value: Any) -> Any:
    out = np.empty(len(value), dtype=object)
    for index, row in enumerate(np.asarray(value).tolist()):
        out[index] = row
    return out


LIST = Form(lambda value: np.asarray(value).tolist(), np.asarray, np.ndim)
TUPLE = Form(lambda value: tuple(np.asarray(value).tolist()), np.asarray, lambda out: type(out[0]))
OBJECTS = Form(_objects, lambda out: np.array(out.tolist()), lambda out: (out.dtype, out.ndim))
SERIES = Form(
    lambda value: pd.Series(np.asarray(value).tolist(), name="it"),
    lambda out: np.array(out.tolist()),
    lambda out: (out.dtype, out.name),
)
TABLE = Form(pd.DataFrame, lambda out: out.to_numpy(), lambda out: list(out.columns))
TENSOR, HALF, BRAIN = _tensor(), _tensor(torch.half), _tensor(torch.bfloat16)
PLANES, PIXELS = _tensor(first=True), _tensor(first=True, last_in_memory=True)
DEEP = Form(
    lambda value: Image.fromarray(value[..., 0].astype(np.uint16) * 257),
    lambda out: np.asarray(out) / 257,
    lambda out: out.mode,
)


def _inside(form: Form, key: str, rest: Mapping[str, Any]) -> Form:
    """A mapping that holds a form under a key, as data sets of Hugging Face do."""
    return Form(
        lambda value: {key: form.make(value), **rest},
        lambda out: form.numbers(out[key]),
        lambda out: (list(out), type(out[key]), form.traits(out[key])),
        form.tolerance,
    )


def _mapped(form: Form) -> Form:
    """A mapping in which every array has a form."""

    def made(value: Any) -> Any:
        return {k: form.make(v) if isinstance(v, np.ndarray) else v for k, v in value.items()}

    def numbers(out: Any) -> Any:
        return {k: form.numbers(v) if not isinstance(v, tuple | int) else v for k, v in out.items()}

    return Form(made, numbers, lambda out: [(k, type(v)) for k, v in out.items()], form.tolerance)


def _frames(value: Any) -> Any:
    from tests.forms.ffmpeg import FrameBatch  # where it is missing, the test that asks is skipped

    return FrameBatch(
        torch.from_numpy(value).movedim(-1, -3).contiguous(),
        torch.arange(len(value)) / 40.0,
        torch.full((len(value),), 1 / 40.0),
    )


def _samples(value: Any) -> Any:
    from tests.forms.ffmpeg import AudioSamples

    return AudioSamples(torch.from_numpy(value), 0.0, value.shape[1] / 16000, 16000)


FRAMES = Form(
    _frames,
    lambda out: out.data.movedim(-3, -1).numpy(),
    lambda out: (out.data.dtype, out.data.ndim),
)
SAMPLES = Form(
    _samples,
    lambda out: out.data.numpy(),
    lambda out: (out.sample_rate, out.pts_seconds),
)

FORMS: Mapping[str, Mapping[str, Form]] = {
    "image": {
        "tensor": PLANES,
        "channels-last tensor": PIXELS,
        "float32 tensor": Form(
            lambda value: torch.from_numpy(value / np.float32(255)).movedim(-1, -3).contiguous(),
            lambda out: np.rint(out.movedim(-3, -1).numpy() * 255),
            _of_tensor,
            1.0,
        ),
        "bfloat16 tensor": Form(
            lambda value: (torch.from_numpy(value).movedim(-1, -3).contiguous() / 255).bfloat16(),
            lambda out: out.movedim(-3, -1).float().numpy() * 255,
            _of_tensor,
            2.0,
        ),
        "int64 tensor": _tensor(torch.int64, first=True),
        "RGB picture": _picture("RGB"),
        "list": LIST,
        "float64": _array(np.float64, 1 / 255, 1.0),
        "float16": _array(np.float16, 1 / 255, 1.0),
        "int32": _array(np.int32),
        "uint16": _array(np.uint16, 257, 1.0),
        "int32 of 16 bits": _array(np.int32, 257, 1.0),
        "big-endian": _array(">u2", 257, 1.0),
    },
    "video": {
        "tensor": PLANES,
        "channels-last tensor": PIXELS,
        "mapping of a tensor": _inside(PLANES, "frames", {"fps": 40.0}),
        "frames of torchcodec": FRAMES,
        "pictures": _of_rows(Image.fromarray, np.asarray, lambda one: one.mode),
        "list of arrays": _of_rows(np.array, np.array, lambda one: one.dtype),
        "list of tensors": _of_rows(PLANES.make, PLANES.numbers, _of_tensor),
        "float64": _array(np.float64, 1 / 255, 1.0),
        "int32": _array(np.int32),
    },
    "mask": {
        "tensor": TENSOR,
        "bytes": _array(np.uint8),
        "picture": Form(
            lambda value: Image.fromarray(value.astype(np.uint8)), np.asarray, lambda out: out.mode
        ),
        "wide picture": Form(
            lambda value: Image.fromarray(value.astype(np.int32)), np.asarray, lambda out: out.mode
        ),
        "list": LIST,
        "big-endian": _array(">i4"),
    },
    "depth": {
        "tensor": TENSOR,
        "float64": _array(np.float64, tolerance=1e-6),
        "float16": _array(np.float16, tolerance=5e-3),
        "bfloat16 tensor": Form(BRAIN.make, BRAIN.numbers, BRAIN.traits, 5e-2),
        "picture": _picture("F"),
        "list": LIST,
    },
    "heat": {
        "tensor": PLANES,
        "channels-last tensor": PIXELS,
        "float16": _array(np.float16, 1, 2e-3),
    },
    "flow": {"tensor": PLANES, "list": LIST},
    "normals": {"tensor": PLANES, "float64": _array(np.float64, 1, 1e-6)},
    "boxes": {
        "tensor": TENSOR,
        "float32 tensor": _tensor(torch.float32),
        "bfloat16 tensor": Form(BRAIN.make, BRAIN.numbers, BRAIN.traits, 0.5),
        "tuple": TUPLE,
        "objects": OBJECTS,
        "column": SERIES,
        "table": TABLE,
        "list of tensors": _of_rows(
            torch.from_numpy, lambda one: one.numpy(), lambda one: one.dtype
        ),
        "list of arrays": _of_rows(np.array, np.array, lambda one: one.dtype),
        "list of lists of tensors": Form(
            lambda value: [[torch.tensor(n) for n in row] for row in np.asarray(value).tolist()],
            lambda out: np.array([[n.item() for n in row] for row in out]),
            lambda out: out[0][0].dtype,
            1e-5,
        ),
    },
    "classes": {
        "objects": Form(
            lambda value: np.array(value, dtype=object),
            lambda out: out.tolist(),
            lambda out: out.dtype,
        ),
        "column": Form(
            lambda value: pd.Series(value), lambda out: out.tolist(), lambda out: out.dtype
        ),
        "texts of numpy": Form(
            lambda value: list(map(np.str_, value)),
            lambda out: list(map(str, out)),
            lambda out: set(map(type, out)),
        ),
    },
    "keypoints": {
        "tensor": TENSOR,
        "float32 tensor": _tensor(torch.float32),
        "list": LIST,
        "objects": OBJECTS,
        "column": SERIES,
    },
    "phrases": {
        "objects": Form(
            lambda value: np.array(value, dtype=object),
            lambda out: out.tolist(),
            lambda out: out.dtype,
        ),
        "texts of numpy": Form(
            lambda value: list(map(np.str_, value)),
            lambda out: list(map(str, out)),
            lambda out: set(map(type, out)),
        ),
    },
    "caption": {"text of numpy": Form(np.str_, str, type)},
    "cues": {
        "objects": Form(
            lambda value: np.array(value, dtype=object),
            lambda out: out.tolist(),
            lambda out: out.dtype,
        ),
    },
    "speech": {
        "tensor": TENSOR,
        "half tensor": Form(HALF.make, HALF.numbers, HALF.traits, 2e-3),
        "mapping of a tensor": _inside(TENSOR, "array", {"sampling_rate": 16000, "path": None}),
        "mapping of an array": _inside(
            Form(np.array, np.array, lambda out: out.dtype),
            "array",
            {"sampling_rate": 16000, "path": "a.wav"},
        ),
        "samples of torchcodec": SAMPLES,
        "list": Form(LIST.make, LIST.numbers, LIST.traits, 1e-6),
    },
    "camera": {"tensors": _mapped(TENSOR)},
    "points": {
        "tensor": TENSOR,
        "half tensor": Form(HALF.make, HALF.numbers, HALF.traits, 2e-2),
        "list": Form(LIST.make, LIST.numbers, LIST.traits, 1e-5),
    },
    "boxes3d": {"tensor": TENSOR, "list": LIST, "objects": OBJECTS, "column": SERIES},
    "imu": {"tensor": TENSOR, "list": LIST},
    "label": {
        "tensor": Form(
            lambda value: torch.tensor(value),
            lambda out: int(out),
            lambda out: (out.dtype, out.ndim),
        ),
    },
    "table": {
        "tensor": TENSOR,
        "column": SERIES,
        "objects": OBJECTS,
    },
    "latent": {
        "tensor": TENSOR,
        "bfloat16 tensor": Form(BRAIN.make, BRAIN.numbers, BRAIN.traits, 5e-2),
        "list": LIST,
    },
}
"""Entry of `everything()` -> its forms by name."""
