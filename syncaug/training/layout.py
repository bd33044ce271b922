"""How a batch of views is laid out: which pairs are positives, negatives, and neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from syncaug.arguments import key_of
from syncaug.training.given import require_list

__all__ = ["Layout", "layout_of"]

_ACROSS = ("exclude", "positive", "negative")


@dataclass(frozen=True, slots=True)
class Layout:
    """`groups` and `exclude` as the losses take them: whole numbers that are equal where related.

    They depend on keys and captions alone, so that the ranks of a distributed training agree.
    """

    groups: tuple[int, ...]
    exclude: tuple[tuple[int, ...], ...] | None


def layout_of(
    keys: Sequence[str | int],
    captions: Sequence[str | None] | None = None,
    *,
    across: str = "exclude",
) -> Layout:
    """The layout of a batch, of which row i is a view of the sample `keys[i]`.

    Each row is positive with itself. What two views of one sample are to one another is `across`:
    `exclude` (neither: the one is mirrored and says so, the other is not), `positive`, or
    `negative`. With `captions` two views of one sample that say the same are positives, and rows of
    two samples that say the same are neither, for their captions tell nothing apart; a row without
    a caption (None) says what no other says. Raises ValueError, and SampleError for keys that are
    neither texts nor integers.

    >>> from syncaug.training.layout import layout_of
    >>> layout = layout_of(["a", "a", "b"], across="positive")
    >>> layout.groups[0] == layout.groups[1] != layout.groups[2]
    True
    """
    if across not in _ACROSS:
        raise ValueError(f"across: expected one of {', '.join(_ACROSS)}; got {across!r}")
    require_list("keys", keys)
    if captions is not None:
        require_list("captions", captions)
        captions = list(captions)
    keys = [key_of(f"keys[{row}]", key) for row, key in enumerate(keys)]
    if captions is not None and len(captions) != len(keys):
        raise ValueError(
            f"captions: expected {len(keys)} texts, one for each key; got {len(captions)}"
        )
    given = [None] * len(keys) if captions is None else captions
    said = [_said(row, text) for row, text in enumerate(given)]
    if across == "positive":
        groups = [_number("sample", key) for key in keys]
    elif captions is None:
        groups = [_number("row", key, row) for row, key in enumerate(keys)]
    else:
        groups = [_number("said", key, text) for key, text in zip(keys, said, strict=True)]
    columns = [[_number("sample", key) for key in keys]] if across == "exclude" else []
    columns += [[_number("caption", text) for text in said]] if captions is not None else []
    return Layout(tuple(groups), tuple(zip(*columns, strict=True)) if columns else None)


def _said(row: int, text: object) -> str | int:
    """A caption, or the number of a row that has none. Raises ValueError."""
    if text is None:
        return row
    if not isinstance(text, str):
        raise ValueError(
            f"captions: expected texts or None; got {type(text).__name__} in row {row}"
        )
    return str(text)


def _number(*parts: object) -> int:
    """A number of 63 bits that equal parts share, 3 and "3" not."""
    text = "\0".join(f"{type(part).__name__}:{part}" for part in parts)
    return (
        int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()) >> 1
    )
