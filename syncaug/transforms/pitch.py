"""Shift the pitch of sound."""

from __future__ import annotations

from syncaug.maps.tone import ToneMap
from syncaug.transforms.view import ANYWHERE, Maps, Parameters, View

__all__ = ["maps"]


def maps(parameters: Parameters, view: View) -> Maps:
    """One tone map for all that sounds."""
    del view
    tone = ToneMap((), pitch=parameters["semitones"])
    return [("pitch", parameters.get("clock", ANYWHERE), tone)]
