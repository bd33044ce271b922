"""Modality dropout in the model: the streams that the draw dropped from the data.

A step `drop_modality` decides which streams of a sample show nothing. The model hears of it from
the record of the same draw: tokens of a dropped stream give way to a learned placeholder, and a
mask says which tokens there are. So that data and model cannot disagree, nothing is drawn here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from syncaug.arguments import whole_of
from syncaug.record import Record
from syncaug.training.given import records_of

__all__ = ["ModalityDropout", "dropped_of"]


def dropped_of(
    records: Iterable[Record | Mapping[str, Any] | str], streams: Sequence[str]
) -> dict[str, Tensor]:
    """For each stream whether it was dropped, in each record: booleans (N,).

    Raises RecordError for what is no record, and ValueError for streams that no record's policy
    declares.
    """
    if isinstance(streams, str):
        raise ValueError(f"streams: expected a list of names, such as [{streams!r}]; got a text")
    read = records_of(records, "row")
    declared = {name for record in read for name in record.policy["sample"]}
    for name in streams:
        if read and name not in declared:
            raise ValueError(
                f"streams: expected those of the records' policy, {sorted(declared)}; got {name!r}"
            )
    return {
        name: torch.tensor([bool(r.notes.get(name, {}).get("out", False)) for r in read])
        for name in streams
    }


class ModalityDropout(nn.Module):
    """Puts a learned placeholder where a stream was dropped.

    `widths` are the widths D of the tokens of each stream. A call takes tokens (N, T, D), or
    features (N, D), by stream, and for each stream booleans (N,) that say where it was dropped, as
    `dropped_of` gives them; streams that are not named there were not. It gives the tokens, of the
    same shapes, and for each stream booleans (N, T), or (N,), that are true where a token is one.

    >>> import torch
    >>> from syncaug.training.dropout import ModalityDropout
    >>> model = ModalityDropout({"film": 4, "voice": 2})
    >>> tokens = {"film": torch.ones(2, 3, 4), "voice": torch.ones(2, 5, 2)}
    >>> out, there = model(tokens, {"film": torch.tensor([True, False])})
    >>> there["film"].all(dim=1).tolist(), bool(there["voice"].all())
    ([False, True], True)
    """

    def __init__(self, widths: Mapping[str, int]) -> None:
        super().__init__()
        given: Any = widths
        if not isinstance(given, Mapping) or not given:
            raise ValueError(
                f"widths: expected the width of each stream's tokens, by its name; got {given!r}"
            )
        self._slots = {str(name): _slot(str(name)) for name in widths}
        self.placeholders = nn.ParameterDict(
            {
                self._slots[str(name)]: nn.Parameter(
                    torch.empty(_width(name, width)).normal_(std=0.02)
                )
                for name, width in widths.items()
            }
        )

    def forward(
        self, tokens: Mapping[str, Tensor], dropped: Mapping[str, Tensor]
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """The tokens with placeholders, and where tokens are.

        Raises ValueError for streams without a placeholder, for shapes that do not fit, and where
        all streams of a sample were dropped, which leaves nothing to learn from.
        """
        both: dict[str, Any] = {"tokens": tokens, "dropped": dropped}
        for name, by_stream in both.items():
            if not isinstance(by_stream, Mapping):
                came = type(by_stream).__name__
                raise ValueError(f"{name}: expected tensors by the name of a stream; got {came}")
        dropped = {name: _booleans(name, gone) for name, gone in dropped.items()}
        self._check(tokens, dropped)
        out, there = {}, {}
        for name, given in tokens.items():
            count = len(given)
            gone = dropped[name] if name in dropped else torch.zeros(count, dtype=torch.bool)
            gone = gone.to(device=given.device, dtype=torch.bool)
            spread = gone.reshape(count, *(1,) * (given.ndim - 1))
            out[name] = torch.where(spread, self._of(name).to(given.dtype), given)
            there[name] = (~spread).expand(given.shape)[..., 0]
        return out, there

    def _of(self, name: str) -> Tensor:
        found: Tensor = self.placeholders[self._slots[name]]
        return found

    def _check(self, tokens: Mapping[str, Any], dropped: Mapping[str, Tensor]) -> None:
        for name, given in tokens.items():
            if not isinstance(given, Tensor) or not given.is_floating_point():
                came = given.dtype if isinstance(given, Tensor) else type(given).__name__
                raise ValueError(f"tokens of {name!r}: expected a tensor of floats; got {came}")
            if name not in self._slots:
                raise ValueError(f"tokens: expected streams of {sorted(self._slots)}; got {name!r}")
            width = len(self._of(name))
            if given.ndim not in (2, 3) or given.shape[-1] != width:
                raise ValueError(
                    f"tokens of {name!r}: expected the shape (N, T, {width}) or (N, {width}); got "
                    f"{tuple(given.shape)}"
                )
        counts = {name: len(given) for name, given in tokens.items()}
        if len(set(counts.values())) > 1:
            raise ValueError(f"tokens: expected as many samples in each stream; got {counts}")
        for name, gone in dropped.items():
            if name not in tokens:
                raise ValueError(f"dropped: expected streams of {sorted(tokens)}; got {name!r}")
            if tuple(gone.shape) != (counts[name],):
                raise ValueError(
                    f"dropped, {name!r}: expected {counts[name]} booleans; got the shape "
                    f"{tuple(gone.shape)}"
                )
        if tokens and set(dropped) == set(tokens):
            everywhere = torch.stack([gone.bool().cpu() for gone in dropped.values()]).all(dim=0)
            if everywhere.any():
                raise ValueError(
                    f"dropped: all streams of sample {int(everywhere.nonzero()[0])} are; expected "
                    "one that is left. Lower at_most: or count: of the step drop_modality."
                )


def _slot(name: str) -> str:
    """The name of a parameter for a stream; names that modules cannot hold get another form."""
    plain = name.replace(".", "/")
    return f"stream {plain}" if not plain or hasattr(nn.ParameterDict(), plain) else plain


def _width(name: str, width: Any) -> int:
    return whole_of(f"widths[{name!r}]", width, "an integer from 1 on", least=1)


def _booleans(name: str, gone: Any) -> Tensor:
    """Where a stream was dropped, also as a list or an array, of 0 and 1 too. Raises ValueError."""
    try:
        found = torch.as_tensor(gone)
    except (TypeError, ValueError, RuntimeError):
        came = type(gone).__name__
        raise ValueError(f"dropped, {name!r}: expected booleans (N,); got {came}") from None
    if found.dtype != torch.bool:
        other = found[(found != 0) & (found != 1)]
        if other.numel():
            raise ValueError(
                f"dropped, {name!r}: expected booleans (N,); got {other[0].item():g} among them. "
                "Chances are no draws: dropped_of(records, streams) gives what was drawn."
            )
    return found
