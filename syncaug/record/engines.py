"""Records that another version of syncaug made: what to say of them."""

from __future__ import annotations

from syncaug.version import ENGINE_VERSION, __version__

__all__ = ["told_engine"]


def told_engine(engine: int) -> str:
    """That a record of another engine may replay to other results."""
    return (
        f"made by engine {engine}, this is engine {ENGINE_VERSION} (syncaug "
        f"{__version__}): the draw is the same, results may differ. For the same bytes replay it "
        "with the version of syncaug that its `versions` name."
    )
