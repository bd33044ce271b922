"""The names of the spaces in which the streams of a sample live.

A stream names its space, takes that of the stream it describes, or takes the sample's only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from syncaug.catalogue.map_kinds import SPACES
from syncaug.catalogue.modalities import ModalitySpec, modality_spec

__all__ = ["name_spaces"]

_Streams = Mapping[str, tuple[str, Mapping[str, Any]]]
_Wanted = Callable[[ModalitySpec], bool]


def name_spaces(streams: _Streams) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    """The space of each kind for each stream (name -> (modality, options)).

    The only space of a kind is called like the kind where no stream names it. The second result
    maps streams to the kinds of space that they must name because the sample has several.
    """
    naming = _Naming(streams)
    naming.name()
    naming.describe()
    naming.converse()
    naming.share_worlds()
    naming.leave_clocks()
    naming.leave_planes()
    return naming.spaces, naming.unclear


class _Naming:
    """The spaces found so far, and what is still unclear."""

    def __init__(self, streams: _Streams) -> None:
        self._streams = streams
        self.spaces: dict[str, dict[str, str]] = {name: {} for name in streams}
        self.unclear: dict[str, list[str]] = {}

    def name(self) -> None:
        """Give each stream the space that it names, or the only one; else it is unclear."""
        given = [options for _, options in self._streams.values()]
        known = {
            kind: list(dict.fromkeys(filter(None, (_named(options, kind) for options in given))))
            for kind in SPACES
        }
        for name, (modality, options) in self._streams.items():
            for kind in modality_spec(modality).spaces:
                own = _named(options, kind)
                if (modality, kind) == ("phrases", "clock") and not options.get("times"):
                    continue
                if own:
                    self.spaces[name][kind] = own
                elif len(known[kind]) <= 1:
                    self.spaces[name][kind] = known[kind][0] if known[kind] else kind
                else:
                    self.unclear.setdefault(name, []).append(kind)

    def describe(self) -> None:
        """Let texts and phrases live on the plane of what they are about."""
        for name, spec, options in self._of(_about):
            for key in ("describes", "boxes"):
                other = options.get(key)
                if other in self.spaces and "plane" in self.spaces[other]:
                    self._settle(name, "plane", self.spaces[other]["plane"])
            about = options.get("describes")
            if not spec.spoken or not about:
                continue
            if about not in self._streams:
                self._settle(name, "plane", str(about))  # the plane itself is named
            elif not _shown(modality_spec(self._streams[about][0])):
                self._settle(name, "plane")  # it speaks of a sound or a label, not of a picture

    def converse(self) -> None:
        """Let conversations live on the plane of their first picture."""
        for name, _, options in self._of(_is("messages")):
            first = next(iter(options.get("pictures", ())), "")
            self._settle(name, "plane", self.spaces.get(first, {}).get("plane", ""))

    def share_worlds(self) -> None:
        """Let depth and inertial sensors live in the world of the camera on their plane."""
        cameras = {
            self.spaces[name]["plane"]: self.spaces[name]["world"]
            for name, _, _ in self._of(_is("camera"))
            if {"plane", "world"} <= set(self.spaces[name])
        }
        for name, _, _ in self._of(_is("depth", "imu", "joints")):
            plane = self.spaces[name].get("plane", "")
            if "world" in self.unclear.get(name, ()) and plane in cameras:
                self._settle(name, "world", cameras[plane])

    def leave_clocks(self) -> None:
        """Take from their clock what shows one moment and what stands for the whole time."""
        for name, _, options in self._of(_is("points")):
            if "t" not in (options.get("columns") or ()):
                self._settle(name, "clock")
        for name, _, options in self._of(_is("embedding")):
            if not options.get("rate"):
                self._settle(name, "clock")
        for name, _, options in self._of(lambda spec: spec.framed):
            if not options.get("clock"):
                self._settle(name, "clock")
        for name, _, options in self._of(_is("state", "action")):
            if not options.get("rate") and not options.get("clock"):
                self._settle(name, "clock")

    def leave_planes(self) -> None:
        """Take from its plane and its world what has no part in them.

        Sound without sides, and sound and words in samples without a picture, are on no plane. An
        inertial sensor is on a plane only through its body, and in a world that others share.
        """
        worlds = {
            self.spaces[name].get("world")
            for name, (modality, _) in self._streams.items()
            if modality != "imu"
        }
        for name, _, options in self._of(_is("imu")):
            spaces = self.spaces[name]
            self._settle(name, "plane", spaces.get("plane", "") if options.get("body") else "")
            if options.get("acceleration") != "linear":
                self._settle(name, "world", spaces.get("world", ""))  # no world changes it
            if not options.get("world") and spaces.get("world") not in worlds:
                spaces.pop("world", None)
        for name, _, options in self._of(_is("joints")):
            if options.get("axes", "world") == "world":
                self._settle(name, "plane")
        planes = {self.spaces[name].get("plane") for name, _, _ in self._of(_shown)}
        for name, _, options in self._of(_beside):
            if options.get("spatial") is False:
                self._settle(name, "plane")
            elif self.spaces[name].get("plane") not in planes:
                self.spaces[name].pop("plane", None)

    def _of(self, wanted: _Wanted) -> Iterator[tuple[str, ModalitySpec, Mapping[str, Any]]]:
        """Name, modality and options of each stream of the modalities that are wanted."""
        for name, (modality, options) in self._streams.items():
            spec = modality_spec(modality)
            if wanted(spec):
                yield name, spec, options

    def _settle(self, name: str, kind: str, space: str = "") -> None:
        """Let a stream live in a space, or in none of its kind, and be clear about it."""
        if space:
            self.spaces[name][kind] = space
        else:
            self.spaces[name].pop(kind, None)
        kinds = self.unclear.get(name, [])
        if kind in kinds:
            kinds.remove(kind)
        if name in self.unclear and not kinds:
            del self.unclear[name]


def _is(*modalities: str) -> _Wanted:
    return lambda spec: spec.name in modalities


def _about(spec: ModalitySpec) -> bool:
    """Whether streams are about another one, whose plane they share."""
    return spec.spoken or spec.name == "phrases"


def _beside(spec: ModalitySpec) -> bool:
    """Whether streams are on a plane only where something else is seen there."""
    return _about(spec) or spec.name == "audio"


def _shown(spec: ModalitySpec) -> bool:
    """Whether streams are seen on their plane, so that others can be on it."""
    return spec.picture or spec.name in ("boxes", "keypoints", "polygons", "oriented_boxes")


def _named(options: Mapping[str, Any], kind: str) -> str:
    key = "body" if kind == "plane" and "body" in options else kind
    return str(options.get(key) or "")
