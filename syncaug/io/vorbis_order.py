"""The order of channels in Vorbis and Opus, as libsndfile gives them, against that of WAV."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["wav_order"]

_VORBIS_ORDER = frozenset({"VORBIS", "OPUS"})
"""Codecs with an order of channels of their own, which libsndfile leaves as it is."""

_WAV_ORDER: Mapping[int, list[int]] = {
    3: [0, 2, 1],
    5: [0, 2, 1, 3, 4],
    6: [0, 2, 1, 5, 3, 4],
    7: [0, 2, 1, 6, 5, 3, 4],
    8: [0, 2, 1, 7, 5, 6, 3, 4],
}
"""Channels -> the places in Vorbis's order of those of WAV. Source: Vorbis I, section 4.3.9."""


def wav_order(subtype: str, channels: int) -> list[int] | slice:
    """The places of WAV's channels among those of a sound in libsndfile's coding `subtype`."""
    return _WAV_ORDER.get(channels, slice(None)) if subtype in _VORBIS_ORDER else slice(None)
