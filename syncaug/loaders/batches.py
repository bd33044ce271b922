"""Batches of samples: what has one shape is stacked, what is ragged stays a list, or is padded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch.utils.data import get_worker_info

from syncaug.augmenter import Augmenter
from syncaug.dropped import DROPPED
from syncaug.errors import ArgumentError
from syncaug.loaders.requirements import brief, with_article
from syncaug.loaders.several import Views
from syncaug.loaders.shared_rooms import shared_room

__all__ = ["Collate", "How", "Kept", "collate"]

How = Literal["stack", "list", "pad"]

_STACKED = frozenset({"image", "mask", "depth", "heatmap", "flow", "normals", "disparity", "bev"})
"""Modalities whose samples have one shape, or should have: a batch is one tensor."""
_STACKED_TOO = frozenset({"label", "tabular", "embedding", "imu", "state", "action"})

_LEAST, _MOST = -(2**63), 2**63 - 1
_WIDEST = 8
"""Bytes of a number, at most."""
_UNSIGNED: Mapping[Any, np.dtype[Any]] = {
    torch.uint16: np.dtype(np.uint16),
    torch.uint32: np.dtype(np.uint32),
    torch.uint64: np.dtype(np.uint64),
}
"""Types that PyTorch stacks with no other integers."""
_NUMPY: Mapping[Any, type] = {
    torch.uint8: np.uint8,
    torch.int64: np.int64,
    torch.float32: np.float32,
    torch.float64: np.float64,
}
"""Types of large batches, in both libraries."""


class Kept(list[Any]):
    """Records, or films that are read piece by piece: a list that goes to no device.

    Lightning and others walk through what has no `to`, and refuse data classes that are frozen.
    """

    def to(self, *device: Any, **how: Any) -> Kept:
        """Itself."""
        return self


@dataclass(frozen=True, slots=True)
class Collate:
    """Makes batches of samples, by the modalities that a policy declares.

    Pictures, labels, and rows at one rate are stacked to one tensor, and must be of one shape;
    sound is padded with zeros at its end where lengths differ; boxes, points, texts and all else
    stay lists, one entry for each sample. `how` says otherwise by name: stack, list or pad. Samples
    that a policy dropped are left out; a batch of none is an empty mapping. Lists of views become
    rows one behind the other.
    """

    ways: Mapping[str, How]
    asked: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _require_ways(self.ways)

    @staticmethod
    def of(policy: Augmenter, how: Mapping[str, How] | None = None) -> Collate:
        """What a policy declares, and what `how` says otherwise."""
        ways: dict[str, How] = {}
        for stream in policy.plan.streams:
            kind = stream.modality
            stacked = kind in _STACKED or kind in _STACKED_TOO
            ways[stream.name] = "stack" if stacked else "pad" if kind == "audio" else "list"
            ways.update(dict.fromkeys(stream.parallel_keys, "list"))
        return Collate({**ways, **(how or {})})

    def with_(self, **how: How) -> Collate:
        """The same with some entries otherwise: `data.collate.with_(audio="list")`.

        A name that the policy does not declare must be one of the batch; another one is an
        ArgumentError.
        """
        return Collate({**self.ways, **how}, self.asked | (how.keys() - self.ways.keys()))

    def __call__(self, batch: Sequence[Any]) -> dict[str, Any]:
        """A batch. Raises ArgumentError where entries that are stacked differ in shape."""
        made = _collated(batch, self.ways)
        lost = sorted(self.asked - made.keys())
        if lost and made:
            raise ArgumentError(
                f"with_({lost[0]}=...)",
                expected="an entry of the samples",
                came=f"a name that is none of {', '.join(map(repr, made))}",
            )
        return made


def collate(batch: Sequence[Any], how: Mapping[str, How] | None = None) -> dict[str, Any]:
    """A batch of samples of any policy: a mapping of the entries of all of them.

    Numbers, and arrays or tensors of one shape are stacked to one tensor; what differs in shape,
    and all else, stays a list. `how` says otherwise by name: stack, list or pad (zeros at the end
    of the last axis). Samples that a policy dropped are left out; a batch of none is an empty
    mapping.
    `AugmentedDataset.collate` decides by modality instead of by shape.

    Raises ArgumentError where entries that `how` stacks differ in shape.

    >>> import numpy as np
    >>> rows = [{"image": np.zeros((4, 6, 3)), "boxes": np.zeros((n, 4)), "id": n} for n in (1, 2)]
    >>> batch = collate(rows)
    >>> batch["image"].shape, [boxes.shape for boxes in batch["boxes"]], batch["id"]
    (torch.Size([2, 4, 6, 3]), [torch.Size([1, 4]), torch.Size([2, 4])], tensor([1, 2]))
    """
    _require_ways(how or {})
    return _collated(batch, how or {})


def _require_ways(ways: Mapping[str, Any]) -> None:
    if not isinstance(ways, Mapping):
        raise ArgumentError(
            "how",
            expected="a mapping of entries to 'stack', 'list' or 'pad'",
            came=brief(ways),
            hint="Write how={'audio': 'pad'}.",
        )
    for name, way in ways.items():
        if way not in ("stack", "list", "pad"):
            raise ArgumentError(repr(name), expected="'stack', 'list' or 'pad'", came=repr(way))


def _collated(batch: Sequence[Any], ways: Mapping[str, How]) -> dict[str, Any]:
    if isinstance(batch, Mapping) or not hasattr(batch, "__iter__"):
        raise ArgumentError(
            "batch",
            expected="a list of samples",
            came=brief(batch),
            hint="Give it to a DataLoader as collate_fn=collate, without calling it.",
        )
    rows = [row for item in batch for row in _rows_of(item)]
    kept = [row for row in rows if row is not DROPPED]
    for sample in kept:
        if not isinstance(sample, Mapping):
            raise ArgumentError(
                "batch",
                expected="samples as mappings of streams",
                came=with_article(brief(sample)),
                hint="Return {'image': image, 'label': label} from the data set.",
            )
    names = dict.fromkeys(name for sample in kept for name in sample)
    return {
        name: _column(name, [sample.get(name) for sample in kept], ways.get(name)) for name in names
    }


def _rows_of(item: Any) -> Sequence[Any]:
    """The rows that an item of a loader is: its views, or itself."""
    if isinstance(item, list):
        return item
    if isinstance(item, Mapping) and any(isinstance(entry, Views) for entry in item.values()):
        count = max(len(entry) for entry in item.values() if isinstance(entry, Views))
        return [
            {name: e[view] if isinstance(e, Views) else e for name, e in item.items()}
            for view in range(count)
        ]
    return (item,)


_SOFT = (
    "A label is a vector of weights where a step has mixed it, and else as it came: declare soft: "
    "true of it, and all are vectors."
)


def _column(name: str, values: list[Any], way: How | None) -> Any:
    """The entries of one name."""
    if all(isinstance(value, Mapping) for value in values):
        inner = dict.fromkeys(key for value in values for key in value)
        return {key: _column(name, [v.get(key) for v in values], way) for key in inner}
    if any(is_dataclass(value) for value in values):
        return Kept(values)
    tensors = [_tensor(value) for value in values]
    numeric = all(isinstance(value, torch.Tensor) and not value.is_nested for value in tensors)
    if way == "stack" and not numeric and any(map(torch.is_tensor, tensors)):
        named = {value for value in values if isinstance(value, str)}
        if named:
            raise ArgumentError(
                repr(name),
                expected="entries of one kind to stack",
                came=f"{min(named)!r} and numbers",
                hint=_SOFT,
            )
    if way == "list" or not numeric:
        return tensors
    shapes = {tuple(value.shape) for value in tensors}
    try:
        if len(shapes) == 1:
            return _stacked(_of_one_type(tensors))
        if way == "pad":
            return _padded(name, _of_one_type(tensors))
    except RuntimeError as error:  # types or devices that have none in common
        if way is None:
            return tensors
        raise ArgumentError(
            repr(name),
            expected=f"entries of one type on one device to {way}",
            came=", ".join(sorted({f"{value.dtype} on {value.device}" for value in tensors})),
            hint=f"Convert them, or say collate.with_({name}='list').",
        ) from error
    if way == "stack":
        raise ArgumentError(
            repr(name),
            expected="entries of one shape to stack",
            came=", ".join(str(list(shape)) for shape in sorted(shapes)),
            hint=_SOFT
            if () in shapes
            else "Let a step resize or trim all of them and on_fail end in neutral, or say "
            f"collate.with_({name}='list').",
        )
    return tensors


def _of_one_type(tensors: list[Any]) -> list[Any]:
    """The same, where unsigned integers of several bytes meet others, as integers that hold all.

    PyTorch promotes all others itself. Raises RuntimeError where no integer holds them.
    """
    types = {value.dtype for value in tensors}
    if len(types) < 2 or not types & _UNSIGNED.keys() or any(t.is_floating_point for t in types):
        return tensors
    own = [_UNSIGNED.get(t) or torch.empty(0, dtype=t).numpy().dtype for t in types]
    common = np.result_type(*own)
    if common.kind not in "iu":
        raise RuntimeError(f"no integer holds {', '.join(map(str, types))}")
    wanted = torch.from_numpy(np.empty(0, common)).dtype
    return [value.to(wanted) for value in tensors]


def _padded(name: str, tensors: list[Any]) -> Any:
    """Tensors with zeros at the end of their last axis."""
    if len({tuple(value.shape[:-1]) for value in tensors}) > 1:
        raise ArgumentError(
            repr(name),
            expected="entries that differ in their last axis alone",
            came=", ".join(str(list(value.shape)) for value in tensors),
            hint=f"Say collate.with_({name}='list').",
        )
    longest = max(value.shape[-1] for value in tensors)
    return _stacked(
        [torch.nn.functional.pad(value, (0, longest - value.shape[-1])) for value in tensors]
    )


def _stacked(tensors: list[Any]) -> Any:
    """One tensor of all.

    In a loader's worker it is made in shared memory, as torch's own `default_collate` does: then
    it is not copied once more on its way to the loop.
    """
    first = tensors[0]
    size = first.element_size() * first.numel() * len(tensors)
    if not size or get_worker_info() is None or not all(_is_plain(t, first) for t in tensors):
        return torch.stack(tensors)
    shape = len(tensors), *first.shape
    given = shared_room(shape, np.dtype(_NUMPY[first.dtype])) if first.dtype in _NUMPY else None
    if given is not None:
        return torch.stack(tensors, 0, out=torch.from_numpy(given))
    shared: Any = torch.UntypedStorage
    room = torch.empty(0, dtype=first.dtype).set_(shared._new_shared(size, device="cpu"))
    return torch.stack(tensors, 0, out=room.view(shape))


def _is_plain(tensor: Any, first: Any) -> bool:
    """Whether a tensor can be stacked into memory that was made for others like the first."""
    same = type(tensor) is torch.Tensor and tensor.dtype == first.dtype
    dense = tensor.layout is torch.strided and tensor.device.type == "cpu"
    return same and dense and not tensor.requires_grad and not tensor.is_quantized


def _tensor(value: Any) -> Any:
    """Numbers and arrays as tensors; all else as it is."""
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        if isinstance(value, np.ma.MaskedArray) or value.dtype.itemsize > _WIDEST:
            return value  # a tensor has no mask, and no more digits
        plain = value.astype(value.dtype.newbyteorder("="), copy=False)
        ordered = plain.flags.writeable and all(step >= 0 for step in plain.strides)
        return torch.from_numpy(plain if ordered else plain.copy())
    if isinstance(value, np.generic) and value.dtype.kind in "biuf" and value.itemsize <= _WIDEST:
        return _tensor(np.asarray(value))
    if isinstance(value, bool | float) or (type(value) is int and _LEAST <= value <= _MOST):
        return torch.as_tensor(value)
    return value  # whole numbers beyond 64 bits, such as hashes, among it
