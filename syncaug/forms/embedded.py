"""Pictures that stand inside of messages: taken out for their streams, and put back after.

A stream of messages that declares `embedded: true` holds its pictures in its parts, or in a list
beside its turns. What is taken out leaves a mark in its place, so that the conversation still knows
where its pictures stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from syncaug.errors import SampleError
from syncaug.modalities.carrier import describe
from syncaug.modalities.language.turns import Path, picture_paths, put_back
from syncaug.plan.plan import Plan

__all__ = ["Embedded", "Lifted", "put_in"]

_MARK = "[picture]"
"""What stands in the place of a picture that was taken out."""


class Lifted(NamedTuple):
    """Where the pictures of one conversation stood: the path of each, by its stream."""

    chat: str
    paths: Mapping[str, Path]


class Embedded:
    """The conversations of a plan that hold their own pictures, with the streams of these."""

    __slots__ = ("_chats",)

    def __init__(self, plan: Plan) -> None:
        self._chats = tuple(
            (stream.name, tuple(name for name, _ in stream.shows))
            for stream in plan.index.modalities.get("messages", ())
            if stream.options.get("embedded")
        )

    def lifted(self, sample: Mapping[str, Any]) -> tuple[dict[str, Any], list[Lifted]]:
        """The sample with its pictures as streams of their own, and where they stood.

        Raises SampleError where there are more pictures than streams, or one is no picture.
        """
        out, found = dict(sample), []
        for chat, names in self._chats:
            value = sample.get(chat)
            if value is None:
                continue
            places = picture_paths(value)
            _require_streams(chat, names, places, sample)
            for name, (_, picture) in zip(names, places, strict=False):
                out[name] = picture
            paths = {name: path for name, (path, _) in zip(names, places, strict=False)}
            out[chat] = put_back(value, dict.fromkeys(paths.values(), _MARK))
            found.append(Lifted(chat, paths))
        return out, found


def put_in(out: dict[str, Any], lifted: Sequence[Lifted]) -> dict[str, Any]:
    """A result with the pictures back in their conversations, and no streams of their own."""
    for chat, paths in lifted:
        if chat in out and all(name in out for name in paths):
            pictures = {path: out.pop(name) for name, path in paths.items()}
            out[chat] = put_back(out[chat], pictures)
    return out


def _require_streams(
    chat: str, names: Sequence[str], places: Sequence[tuple[Path, Any]], sample: Mapping[str, Any]
) -> None:
    """Raise SampleError unless each picture of a conversation has a stream, and is one."""
    if len(places) > len(names):
        raise SampleError(
            chat,
            expected=f"at most {len(names)} pictures, one for each of {', '.join(names)}",
            came=f"{len(places)} in its messages",
            hint="Declare more pictures:, with optional: true for those that may be missing.",
        )
    for name, (path, picture) in zip(names, places, strict=False):
        if isinstance(picture, str | Mapping) or picture is None:
            raise SampleError(
                chat,
                expected="pictures in its messages, of PIL or as arrays, because of embedded: true",
                came=f"{describe(picture)} at {'/'.join(map(str, path))}",
                hint="Load the picture, or leave embedded: out and give it as a stream.",
            )
        if name in sample:
            raise SampleError(
                name,
                expected=f"the picture inside of {chat!r}, which declares embedded: true",
                came="an entry of its own as well",
                hint="Leave one of them out.",
            )
