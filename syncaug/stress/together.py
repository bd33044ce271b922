"""Entries of a sample that go together: lists, rows of one group, and phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncaug.augmenter import Augmenter
    from syncaug.plan.stream import Stream

__all__ = ["exchanged_with", "moving_with"]


def moving_with(policy: Augmenter, stream: Stream) -> tuple[str, ...]:
    """The entries that go where a step takes a stream: its lists, and what its rows take along.

    Phrases go with the text that they are parts of, and with the boxes that they name.
    """
    if stream.spec.spoken:
        streams = policy.plan.streams
        parts = [one for one in streams if one.options.get("text") == stream.name]
        return _entries([stream, *parts])
    return _entries(_of_the_rows(policy, stream, whole=False))


def exchanged_with(policy: Augmenter, stream: Stream) -> tuple[str, ...]:
    """The entries that another sample lends together: rows are as many in all that name them.

    Phrases come with the boxes that they name, and boxes with their phrases; a text comes alone.
    """
    return _entries(_of_the_rows(policy, stream, whole=True))


def _of_the_rows(policy: Augmenter, stream: Stream, *, whole: bool) -> list[Stream]:
    """A stream with all whose rows are its own, the boxes of its phrases among them if `whole`."""
    found = [stream]
    for one in found:  # which grows meanwhile
        found += [
            other
            for other in policy.plan.streams
            if other not in found
            and (
                (one.rows and other.rows == one.rows)
                or other.options.get("boxes") == one.name
                or (whole and one.options.get("boxes") == other.name)
            )
        ]
    return found


def _entries(streams: list[Stream]) -> tuple[str, ...]:
    names = [name for stream in streams for name in (stream.name, *stream.parallel_keys)]
    return tuple(dict.fromkeys(names))
