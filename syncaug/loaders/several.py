"""Several results of one sample: its variants, each of an epoch of its own, or its views."""

from __future__ import annotations

from typing import Any

from syncaug.errors import SampleError

__all__ = ["Views", "addresses_of", "require_views_or_variants"]


class Views(list[Any]):
    """An entry of a row that holds one of each view, where a loader keeps one row for a sample.

    `syncaug.loaders.torch.collate` makes rows of them, one behind the other.
    """


def require_views_or_variants(views: int, variants: int) -> None:
    """Raises SampleError for views of variants."""
    if views and variants > 1:
        raise SampleError(
            "views",
            what="argument",
            expected="views or variants of a sample",
            came=f"{views} views and {variants} variants",
            hint="Views of one epoch go into one batch; leave out variants=, and set the epoch.",
        )


def addresses_of(epoch: int, variants: int, views: int) -> list[dict[str, Any]]:
    """Epoch, and view, of each result of a sample; without `views` variant v of its own epoch."""
    if views:
        return [{"epoch": epoch, "view": view} for view in range(1, views + 1)]
    return [{"epoch": epoch * variants + variant} for variant in range(variants)]
