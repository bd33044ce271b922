"""Packets of a sound track from a moment on, decoded by a decoder that has heard nothing before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from syncaug.io.containers import load_av
from syncaug.threads import limited

__all__ = ["decoded", "is_matroska"]

_CHECKED = frozenset({"flac"})
"""Codecs with a checksum for each block, which decoders pass over unless they are told."""

_FARTHER = (0.0, 4.0, 16.0, 64.0, 256.0)
"""Seconds before a moment that are sought, one after the other, until its packet lies behind."""


def is_matroska(container: Any) -> bool:
    """Whether a container is Matroska or WebM."""
    return "matroska" in container.format.name.split(",")


def decoded(container: Any, stream: Any, begin: int) -> Iterator[tuple[Any, Any]]:
    """Packets with their frames, by a decoder that is new, from the packet that holds `begin`.

    `begin` in ticks of the track. From 0 or less the container must stand at its beginning; the
    track's own decoder is taken then, as what is to be left out at the start needs it.
    """
    for other in container.streams:
        if other is not stream:
            other.discard = load_av().stream.Discard.all
    context = stream.codec_context
    if begin <= 0:
        if context.name in _CHECKED:
            context.options = {"err_detect": "crccheck+explode"}
        packets = container.demux(stream)
    else:
        context = _decoder(stream)
        packets = _sought(container, stream, max(begin, stream.start_time or 0))
    for packet in packets:
        if packet.pts is not None and packet.pts + (packet.duration or 0) <= begin:
            continue
        yield packet, context.decode(packet if packet.size else None)


def _sought(container: Any, stream: Any, begin: int) -> Iterator[Any]:
    if not is_matroska(container):
        container.seek(begin, stream=stream, backward=True)
        yield from container.demux(stream)
        return
    # Cues name moments of the film; sound that belongs to one may lie before it. Of a sound beside
    # a film they name none, so that the demuxer would look for its moments in all of the file.
    cover = load_av().stream.Disposition.attached_pic
    films = [one for one in container.streams.video if not one.disposition & cover]
    named = films[0] if films else stream
    for back in _FARTHER:
        moment = max(0.0, float(begin * stream.time_base) - back)
        container.seek(int(moment / named.time_base), stream=named, backward=True)
        packets = container.demux(stream)
        first = next(packets)
        if moment == 0 or (first.pts is not None and first.pts <= begin) or back == _FARTHER[-1]:
            yield first
            yield from packets
            return


def _decoder(stream: Any) -> Any:
    """A decoder of the track that has heard nothing."""
    known = stream.codec_context
    made = load_av().CodecContext.create(known.name, "r")
    made.extradata = known.extradata
    made.sample_rate, made.layout = known.sample_rate, known.layout
    made.thread_count = limited(os.cpu_count() or 1)
    if known.name in _CHECKED:
        made.options = {"err_detect": "crccheck+explode"}
    return made
