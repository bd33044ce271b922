"""What a stream lets its words do, as its options say it: the same for every sample of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from syncaug.maps.words import Tilt
from syncaug.modalities.language.text_places import UNITS, PlaceRules
from syncaug.plan.stream import Stream
from syncaug.words import DEFAULT, Compass, Lexicon, Signals
from syncaug.words.lexicon import lexicon_for

__all__ = ["WordRules"]


@dataclass(frozen=True, slots=True)
class WordRules:
    """How the words of a stream follow the picture that they describe.

    Refusals carry the name of the `stream`. `tilt` says what becomes of directions in turns that
    are no quarter turns. Coordinates that a text writes must stay true, unless `coordinates` is
    `keep`; they follow by the rules of `places`, if there are any. Points of the compass do what
    `compass` says, lamps what `traffic_lights` says. Noise `spares` the words of colours and
    directions, which are those of the `lexicon`. A text that `answers` another stream is read with
    it.
    """

    stream: str
    tilt: Tilt = field(default_factory=Tilt)
    coordinates: str = "refuse"
    compass: Compass = "refuse"
    spares: bool = False
    traffic_lights: Signals = "pixels"
    lexicon: Lexicon = DEFAULT
    answers: str = ""
    places: PlaceRules | None = None

    @staticmethod
    def of(stream: Stream) -> WordRules:
        """The rules that a stream's options give."""
        options = stream.options
        return WordRules(
            stream.name,
            tilt=_tilt(options),
            coordinates=options.get("coordinates", "refuse"),
            compass=options.get("compass", "refuse"),
            spares="plane" in stream.spaces and options.get("typos", "others") == "others",
            traffic_lights=options.get("traffic_lights", "pixels"),
            lexicon=lexicon_for(options.get("language", "en"), options.get("lexicon")),
            answers=options.get("answers", ""),
            places=_places(options),
        )

    def tilted(self, tilt: Tilt) -> WordRules:
        """The rules with another one for turns, as a step asks for it."""
        return self if tilt == self.tilt else replace(self, tilt=tilt)


def _places(options: Mapping[str, Any]) -> PlaceRules | None:
    unit = options.get("coordinates", "refuse")
    if unit not in UNITS:
        return None
    return PlaceRules(unit, options.get("order", "xyxy"), options.get("gone", "refuse"))


def _tilt(options: Mapping[str, Any]) -> Tilt:
    if "words" in options:
        return Tilt.of(options["words"])
    return Tilt(options["leave_below"]) if "leave_below" in options else Tilt()
