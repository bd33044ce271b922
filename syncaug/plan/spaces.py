"""Who lives where: the spaces of each modality, what carries it, and the names of spaces.

This is the light half of the modalities: plain tables, so that a policy compiles without numpy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from syncaug.catalogue.map_kinds import SPACE_OF

__all__ = [
    "CARRIED_BY",
    "CHEAP",
    "LIVES_IN",
    "MEDIA",
    "PICTURES",
    "REASONS",
    "SPACE_OF",
    "name_spaces",
]

LIVES_IN: Mapping[str, tuple[str, ...]] = {
    "image": ("plane",),
    "mask": ("plane",),
    "depth": ("plane", "world"),
    "video": ("plane", "clock"),
    "boxes": ("plane",),
    "keypoints": ("plane",),
    "phrases": ("plane", "clock"),
    "text": ("plane",),
    "timed_text": ("clock", "plane"),
    "audio": ("clock", "plane"),
    "points": ("world", "clock"),
    "boxes3d": ("world",),
    "camera": ("plane", "world"),
    "imu": ("clock", "plane", "world"),
    "label": (),
    "tabular": (),
    "embedding": ("clock",),
}
"""The kinds of space that streams of each supported modality live in."""

CARRIED_BY: Mapping[str, frozenset[str]] = {
    "image": frozenset({"plane", "tone", "noise", "mix", "occlude", "drop"}),
    "mask": frozenset({"plane", "mix", "occlude", "drop"}),
    "depth": frozenset({"plane", "world", "noise", "mix", "occlude", "drop"}),
    "video": frozenset({"plane", "tone", "noise", "time", "blank", "occlude", "drop", "mix"}),
    "boxes": frozenset({"plane", "mix", "occlude", "drop"}),
    "keypoints": frozenset({"plane", "mix", "occlude", "drop"}),
    "phrases": frozenset({"plane", "occlude", "words", "time", "mix", "drop"}),
    "text": frozenset({"plane", "tone", "noise", "words", "mix", "drop"}),
    "timed_text": frozenset({"plane", "words", "tone", "noise", "time", "blank", "mix", "drop"}),
    "audio": frozenset({"plane", "phase", "noise", "time", "blank", "pitch", "mix", "drop"}),
    "points": frozenset({"world", "frustum", "tone", "noise", "time", "blank", "mix", "drop"}),
    "boxes3d": frozenset({"world", "frustum", "mix", "drop"}),
    "camera": frozenset({"plane", "world"}),
    "imu": frozenset({"plane", "time", "world", "noise", "blank", "drop", "mix"}),
    "label": frozenset({"mix"}),
    "tabular": frozenset({"mix"}),
    "embedding": frozenset({"noise", "time", "blank", "drop", "mix"}),
}
"""The kinds of map that carry each modality; by all others it is unaffected."""

_STAYS = "it belongs to the picture, which stays: the camera moves with its world"
_GEOMETRY = "geometry has no colour"
_IN_WORLD = "it lives in the world; the camera takes the picture's map"
_ONE_MOMENT = "it shows one moment, which lies on no clock"
_SILENT = "it does not sound"
_WORDLESS = "it has no words"
_LATENT = "it lives in the space of its encoder, which saw the sample as it was"
_WHOLE_SAMPLE = "numbers of the whole sample belong to no space"
_NO_NOISE = "it is exact: noise belongs to what a sensor or a typist gives"

REASONS: Mapping[tuple[str, str], str] = {
    **{
        (kind, "world"): _STAYS
        for kind in (
            *("image", "video", "mask", "boxes", "keypoints", "phrases", "text", "timed_text"),
        )
    },
    **{(kind, "tone"): _GEOMETRY for kind in ("boxes", "keypoints", "boxes3d", "camera")},
    **{(kind, "plane"): _IN_WORLD for kind in ("points", "boxes3d")},
    **{
        (kind, "noise"): _NO_NOISE
        for kind in ("mask", "boxes", "keypoints", "phrases", "boxes3d", "camera")
    },
    **{
        (kind, motion): _ONE_MOMENT
        for motion in ("time", "blank")
        for kind in (
            *("image", "mask", "depth", "boxes", "keypoints", "phrases", "text"),
            *("boxes3d", "camera"),
        )
    },
    **{
        (kind, "pitch"): _SILENT
        for kind in (
            *("image", "video", "mask", "depth", "boxes", "keypoints", "phrases", "text"),
            *("timed_text", "points", "boxes3d", "camera", "imu"),
        )
    },
    **{
        (kind, "words"): _WORDLESS
        for kind in (
            *("image", "video", "mask", "depth", "boxes", "keypoints", "audio", "points"),
            *("boxes3d", "camera", "imu", "label"),
        )
    },
    **{
        (kind, "phase"): "it has no phase"
        for kind in (
            *("image", "video", "mask", "depth", "boxes", "keypoints", "phrases", "text"),
            *("timed_text", "points", "boxes3d", "camera", "imu", "label", "tabular", "embedding"),
        )
    },
    **{
        (kind, "occlude"): "what covers a picture covers nothing else"
        for kind in ("audio", "points", "boxes3d", "camera", "label")
    },
    **{
        (kind, "occlude"): "its words follow what its boxes lose, where a step asks for it"
        for kind in ("text", "timed_text")
    },
    ("camera", "drop"): "the other streams need it to agree",
    ("label", "drop"): "it is the answer, not what a sensor gives",
    ("phrases", "time"): "no times are declared for its phrases",
    ("audio", "world"): "sound follows the picture, which stays",
    ("audio", "tone"): "sound has no colour",
    ("mask", "tone"): "class numbers have no colour",
    ("depth", "tone"): "distances have no colour",
    ("phrases", "tone"): "phrases follow their text",
    ("imu", "plane"): "it names no body, so no camera's turn is its own",
    ("imu", "world"): "a body that turns and moves with its whole world reads the same",
    ("imu", "tone"): "turn rates and accelerations have no colour",
    ("imu", "occlude"): "what covers the picture does not cover the sensor",
    ("imu", "phase"): "only sound has a phase",
    ("label", "plane"): "a label says what is there, not where",
    ("label", "world"): "a label says what is there, not where",
    ("label", "tone"): "a label says what is there, not in which colour",
    ("label", "noise"): "a label is exact",
    ("label", "time"): "a label says what is there, not when",
    ("label", "blank"): "a label says what is there, not when",
    **{
        ("embedding", kind): _LATENT
        for kind in ("plane", "world", "tone", "words", "pitch", "frustum", "occlude", "phase")
    },
    **{("embedding", kind): "one vector stands for all of the time" for kind in ("time", "blank")},
    **{
        ("tabular", kind): _WHOLE_SAMPLE
        for kind in (
            *("plane", "world", "tone", "noise", "time", "blank", "words", "pitch", "frustum"),
            *("occlude", "phase", "drop"),
        )
    },
    **{("points", kind): "without a column t it shows one moment" for kind in ("time", "blank")},
    ("label", "pitch"): "a label says what is there, not how it sounds",
    ("camera", "mix"): "it still tells of the own picture",
}
"""Why a modality is unaffected by a kind of map."""

MEDIA = frozenset({"video", "audio", "imu", "embedding"})
"""Modalities that are sampled in time: the longest tells how long its clock lasts."""

PICTURES = frozenset({"image", "mask", "depth", "camera", "video"})
"""Modalities that tell the size of their plane."""

CHEAP = frozenset(
    {"boxes", "camera", "keypoints", "label", "phrases", "tabular", "text", "timed_text"}
)
"""Modalities of a few numbers or words: carrying them costs next to nothing beside the others."""

_SPOKEN = frozenset({"text", "timed_text"})
"""Modalities of words, which speak of a plane."""

_DEFAULT = {"plane": "plane", "clock": "clock", "world": "world"}


def name_spaces(
    streams: Mapping[str, tuple[str, Mapping[str, Any]]],
) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    """The space of each kind for each stream (name -> (modality, options)).

    A stream names its space, takes that of the stream it describes, or takes the sample's only one.
    The second result maps streams to the kinds of space that they must name because the sample has
    several.
    """
    named = {
        kind: list(
            dict.fromkeys(
                _named(options, kind) for _, options in streams.values() if _named(options, kind)
            )
        )
        for kind in _DEFAULT
    }
    spaces: dict[str, dict[str, str]] = {}
    unclear: dict[str, list[str]] = {}
    for name, (modality, options) in streams.items():
        spaces[name] = {}
        for kind in LIVES_IN.get(modality, ()):
            own = _named(options, kind)
            if (modality, kind) == ("phrases", "clock") and not options.get("times"):
                continue
            if own:
                spaces[name][kind] = own
            elif len(named[kind]) <= 1:
                spaces[name][kind] = named[kind][0] if named[kind] else _DEFAULT[kind]
            else:
                unclear.setdefault(name, []).append(kind)
    _borrow(streams, spaces, unclear)
    _forget(streams, spaces)
    return spaces, unclear


def _named(options: Mapping[str, Any], kind: str) -> str:
    key = "body" if kind == "plane" and "body" in options else kind
    return str(options.get(key) or "")


def _borrow(
    streams: Mapping[str, tuple[str, Mapping[str, Any]]],
    spaces: dict[str, dict[str, str]],
    unclear: dict[str, list[str]],
) -> None:
    """Texts and phrases take the plane of what they are about, depth its camera's world."""
    for name, (modality, options) in streams.items():
        for key in ("describes", "boxes"):
            other = options.get(key)
            if modality in _SPOKEN | {"phrases"} and other in spaces and "plane" in spaces[other]:
                spaces[name]["plane"] = spaces[other]["plane"]
                _settle(unclear, name, "plane")
        if modality in _SPOKEN and options.get("describes") in streams:
            if streams[options["describes"]][0] not in PICTURES | {"boxes", "keypoints"}:
                spaces[name].pop("plane", None)  # it speaks of a sound or a label, not of a picture
                _settle(unclear, name, "plane")
            continue
        if modality in _SPOKEN and options.get("describes"):
            spaces[name]["plane"] = str(options["describes"])  # the plane itself is named
            _settle(unclear, name, "plane")
    cameras = {
        spaces[name]["plane"]: spaces[name]["world"]
        for name, (modality, _) in streams.items()
        if modality == "camera" and {"plane", "world"} <= set(spaces[name])
    }
    for name, (modality, _) in streams.items():
        if (
            modality in ("depth", "imu")
            and "world" in unclear.get(name, ())
            and spaces[name].get("plane") in cameras
        ):
            spaces[name]["world"] = cameras[spaces[name]["plane"]]
            _settle(unclear, name, "world")
    for name, (modality, options) in streams.items():
        if (modality == "points" and "t" not in (options.get("columns") or ())) or (
            modality == "embedding" and not options.get("rate")
        ):
            spaces[name].pop("clock", None)  # it shows one moment, or stands for all
            _settle(unclear, name, "clock")
        if modality == "imu":
            _settle(unclear, name, "plane")  # without a body it is on none
            if options.get("acceleration") != "linear":
                _settle(unclear, name, "world")  # no world changes it


def _settle(unclear: dict[str, list[str]], name: str, kind: str) -> None:
    if kind in unclear.get(name, ()):
        unclear[name].remove(kind)
        if not unclear[name]:
            del unclear[name]


def _forget(
    streams: Mapping[str, tuple[str, Mapping[str, Any]]], spaces: dict[str, dict[str, str]]
) -> None:
    """Sound without sides, and sound and text in samples without a picture, live on no plane."""
    planes = _planes(streams, spaces)
    for name, (modality, options) in streams.items():
        if modality == "imu":
            _tie(name, options, streams, spaces)
        silent = modality == "audio" and options.get("spatial") is False
        if modality in _SPOKEN | {"audio", "phrases"} and (
            silent or spaces[name].get("plane") not in planes
        ):
            spaces[name].pop("plane", None)


def _tie(
    name: str,
    options: Mapping[str, Any],
    streams: Mapping[str, tuple[str, Mapping[str, Any]]],
    spaces: dict[str, dict[str, str]],
) -> None:
    """An inertial sensor is on a plane only through its body, and in a world that others share."""
    if not options.get("body"):
        spaces[name].pop("plane", None)
    worlds = {
        spaces[other].get("world") for other, (kind, _) in streams.items() if kind != "imu"
    } - {None}
    if not options.get("world") and spaces[name].get("world") not in worlds:
        spaces[name].pop("world", None)


def _planes(
    streams: Mapping[str, tuple[str, Mapping[str, Any]]], spaces: Mapping[str, Mapping[str, str]]
) -> set[str]:
    geometric: Iterable[str] = (
        name
        for name, (modality, _) in streams.items()
        if modality in PICTURES | {"boxes", "keypoints"}
    )
    return {spaces[name]["plane"] for name in geometric if "plane" in spaces[name]}
