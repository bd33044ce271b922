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

from syncaug.record import Record

__all__ = ["ModalityDropout", "dropped_of"]


def dropped_of(
    records: Iterable[Record | Mapping[str, Any] | str], streams: Sequence[str]
) -> dict[str, Tensor]:
    """For each stream whether it was dropped, in each record: booleans (N,).

    Raises RecordError for what is no record.
    """
    read = [one if isinstance(one, Record) else Record.from_json(one) for one in records]
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
        self.placeholders = nn.ParameterDict(
            {
                name: nn.Parameter(torch.empty(width).normal_(std=0.02))
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
        self._check(tokens, dropped)
        out, there = {}, {}
        for name, given in tokens.items():
            count = len(given)
            gone = dropped[name] if name in dropped else torch.zeros(count, dtype=torch.bool)
            gone = gone.to(device=given.device, dtype=torch.bool)
            spread = gone.reshape(count, *(1,) * (given.ndim - 1))
            out[name] = torch.where(spread, self.placeholders[name].to(given.dtype), given)
            there[name] = (~spread).expand(given.shape)[..., 0]
        return out, there

    def _check(self, tokens: Mapping[str, Tensor], dropped: Mapping[str, Tensor]) -> None:
        counts = {name: len(given) for name, given in tokens.items()}
        if len(set(counts.values())) > 1:
            raise ValueError(f"tokens: expected as many samples in each stream; got {counts}")
        for name, given in tokens.items():
            if name not in self.placeholders:
                raise ValueError(
                    f"tokens: expected streams of {sorted(self.placeholders)}; got {name!r}"
                )
            width = len(self.placeholders[name])
            if given.ndim not in (2, 3) or given.shape[-1] != width:
                raise ValueError(
                    f"tokens of {name!r}: expected the shape (N, T, {width}) or (N, {width}); got "
                    f"{tuple(given.shape)}"
                )
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
