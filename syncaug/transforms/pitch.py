"""Shift the pitch of sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from syncaug.maps.tone import ToneMap
from syncaug.transforms.view import ANYWHERE, Maps, View

if TYPE_CHECKING:
    from syncaug.transforms.parameters import PitchParameters

__all__ = ["maps"]


def maps(parameters: PitchParameters, view: View) -> Maps:
    """One tone map for all that sounds."""
    del view
    tone = ToneMap((), pitch=parameters["semitones"])
    return [("pitch", parameters.get("clock", ANYWHERE), tone)]
