"""The streams of a sample: what `sample:` declares, with the spaces in which each lives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.external import LANES, external_names
from syncaug.catalogue.lanes import lane_takes
from syncaug.catalogue.modalities import modality_spec
from syncaug.compiler.complaints import Complaints
from syncaug.compiler.streams.groups import name_groups
from syncaug.compiler.streams.pairs import name_pairs
from syncaug.compiler.streams.spaces import name_spaces
from syncaug.errors import ExternalError
from syncaug.plan.stream import Stream

__all__ = ["compile_streams"]

_ON_PICTURES = frozenset({"boxes", "keypoints", "polygons", "oriented_boxes"})
"""Modalities of what is marked on a picture."""
_GROUPING = frozenset({"rows", "lead", "fit"})
"""Options that say that rows of several streams belong together."""
_REFERENCES = {
    "describes": "stream or plane",
    "boxes": "boxes",
    "fit": "boxes",
    "text": "text",
    "answers": "text",
}


def compile_streams(sample: Mapping[str, Any], complaints: Complaints) -> dict[str, Stream]:
    """The streams of `sample:` by name, those with problems too."""
    declared: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, raw in sample.items():
        options = {"modality": raw} if isinstance(raw, str) else dict(raw)
        modality = options.pop("modality")
        options.pop("description", None)
        if options.get("gravity") == "removed":
            options["acceleration"] = "linear"  # two words for one thing
        declared[name] = (modality, options)
    _resolve_references(declared, sample, complaints)
    if any(_GROUPING & options.keys() for _, options in declared.values()):
        name_groups(declared, complaints)
    _resolve_pictures(declared, complaints)
    spaces, unclear = name_spaces(declared)
    for name, kinds in unclear.items():
        for kind in kinds:
            complaints.add(
                "SA501",
                ("sample", name),
                f"stream {name!r} must name its {kind}, because the sample has several",
                expected=f"{kind}: NAME",
                key=True,
            )
    if any("swap" in options for _, options in declared.values()):
        name_pairs(declared, spaces, complaints)
    optional = {
        name: bool(options.pop("optional", False)) for name, (_, options) in declared.items()
    }
    streams = {
        name: Stream(
            name,
            modality,
            spaces[name],
            options,
            optional[name] or bool(options.get("encodes")),
            _shown(options, spaces),
        )
        for name, (modality, options) in declared.items()
    }
    _require_lanes(streams, complaints)
    _require_encoded(streams, complaints)
    _require_pictures(streams, complaints)
    _require_bodies(streams, complaints)
    _require_one_picture(streams, complaints)
    _require_own_labels(streams, sample, complaints)
    _require_planes_of_labels(streams, complaints)
    _require_known_columns(streams, complaints)
    _require_grids(streams, complaints)
    return streams


def _shown(
    options: Mapping[str, Any], spaces: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The pictures that a conversation speaks of, each with its plane."""
    named = options.get("pictures", ())
    return tuple((name, spaces[name]["plane"]) for name in named if "plane" in spaces.get(name, ()))


def _resolve_pictures(
    declared: Mapping[str, tuple[str, dict[str, Any]]], complaints: Complaints
) -> None:
    """Conversations name pictures that exist, or speak of the sample's only one."""
    known = [name for name, (modality, _) in declared.items() if modality in ("image", "video")]
    for name, (modality, options) in declared.items():
        if modality != "messages":
            continue
        given = options.get("pictures", ())
        for index, other in enumerate(given):
            if other not in known:
                complaints.unknown(
                    *("SA306", ("sample", name, "pictures", index), "picture", other, known),
                    otherwise="another stream of modality image or video",
                )
        if not given and len(known) > 1:
            complaints.add(
                "SA501",
                ("sample", name),
                f"stream {name!r} must name its pictures, because the sample has several",
                expected="pictures: [NAME, NAME], in the order of their placeholders",
                key=True,
            )
        options["pictures"] = list(given or (known if len(known) == 1 else ()))


def _require_lanes(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """A lane that a stream asks for is brought by a package, and carries its modality."""
    for stream in streams.values():
        name, path = stream.options.get("lane", ""), ("sample", stream.name, "lane")
        if not name:
            continue
        try:
            takes = lane_takes(name)
        except KeyError:
            complaints.unknown(
                *("SA314", path, "lane", name, external_names(LANES)),
                otherwise=f"one that an installed package brings as {LANES}",
            )
        except ExternalError as error:
            complaints.broken(error, path)
        else:
            if stream.modality not in takes:
                message = f"{name!r} carries no {stream.modality} streams"
                complaints.add("SA314", path, message, expected=" or ".join(takes))


def _require_known_columns(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """Columns of clouds and of inertial sensors say what they hold."""
    having = [
        stream for stream in streams.values() if stream.modality in ("points", "imu", "boxes3d")
    ]
    if having:
        from syncaug.compiler.streams.columns import check_columns  # else not loaded

        for stream in having:
            check_columns(stream.name, stream.modality, stream.options, complaints)
    robots = [stream for stream in streams.values() if stream.modality in ("state", "action")]
    if robots:
        from syncaug.compiler.streams.robots import check_robot

        for stream in robots:
            check_robot(stream.name, stream.options, complaints)


def _require_grids(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """Maps on the ground say where their cells lie."""
    having = [stream for stream in streams.values() if stream.modality == "bev"]
    if having:
        from syncaug.compiler.streams.grids import check_grid  # else not loaded

        for stream in having:
            check_grid(stream.name, stream.options, complaints)


def _resolve_references(
    declared: Mapping[str, tuple[str, dict[str, Any]]],
    sample: Mapping[str, Any],
    complaints: Complaints,
) -> None:
    """Check that streams name streams that exist; phrases find the only boxes and text."""
    planes = {str(options.get("plane")) for _, options in declared.values() if options.get("plane")}
    for name, (modality, options) in declared.items():
        for key, kind in _REFERENCES.items():
            other = options.get(key)
            if other is None:
                continue
            known = set(sample) | (planes | {"nothing"} if key == "describes" else set())
            if key != "describes":  # all are looked at, and those of the kind are told
                alike = {n for n in known if declared.get(n, ("",))[0] == kind} - {name}
                known = {*alike, *known} if other in known - {name} else alike
            if other not in known:
                complaints.unknown(
                    *("SA306", ("sample", name, key), kind, str(other), sorted(known)),
                    otherwise=f"another stream of modality {kind}",
                )
            elif key != "describes" and other in declared and declared[other][0] != kind:
                complaints.add(
                    "SA306",
                    ("sample", name, key),
                    f"{other!r} is of modality {declared[other][0]}",
                    expected=kind,
                )
        if modality == "phrases":
            for key in ("boxes", "text"):
                same = [other for other, (m, _) in declared.items() if m == key]
                if key not in options and len(same) == 1:
                    options[key] = same[0]
    _see_through_texts(declared, complaints)


def _see_through_texts(
    declared: Mapping[str, tuple[str, dict[str, Any]]], complaints: Complaints
) -> None:
    """A text that describes a text describes what that one does; none describes itself."""
    about = {
        name: str(options["describes"])
        for name, (_, options) in declared.items()
        if options.get("describes")
    }
    for name, first in about.items():
        passed, other = [name], first
        while other in about and other not in passed:
            passed.append(other)
            other = about[other]
        if other == name and name == next(one for one in about if one in passed):
            last = "itself" if len(passed) == 1 else repr(name)
            way = ", which describes ".join((*map(repr, passed[1:]), last))
            complaints.add(
                "SA306",
                ("sample", name, "describes"),
                f"{name!r} describes {way}",
                expected="a picture, another stream or a plane, or nothing",
            )
        elif other in passed:
            continue  # of the circle a problem is told
        elif first in about:
            declared[name][1]["describes"] = other
        elif first in declared and modality_spec(declared[first][0]).spoken:
            del declared[name][1]["describes"]


def _require_one_picture(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """Phrases speak of the boxes of one picture, and boxes are fitted in one."""
    for stream in streams.values():
        if stream.framed and stream.options.get("fit"):
            complaints.add(
                "SA592",
                ("sample", stream.name, "fit"),
                f"{stream.name!r} stands frame by frame, and boxes are fitted in one picture",
                expected="no fit:, or no clock:",
            )
        boxes = streams.get(str(stream.options.get("boxes", "")))
        if stream.modality == "phrases" and boxes is not None and boxes.framed:
            complaints.add(
                "SA592",
                ("sample", stream.name),
                f"{boxes.name!r} has boxes for each frame of a film, and phrases speak of those of "
                "one picture",
                expected=f"boxes: of a stream without clock:, or names as labels of {boxes.name!r}",
                key=True,
            )


def _require_own_labels(
    streams: Mapping[str, Stream], sample: Mapping[str, Any], complaints: Complaints
) -> None:
    """A list of labels runs beside one stream: it is dropped from with it, and with no other."""
    owner: dict[str, str] = {}
    for stream in streams.values():
        for index, key in enumerate(stream.parallel_keys):
            beside = _BESIDE.get(stream.modality, "times")
            option = "labels" if index < len(stream.label_keys) else beside
            if key == stream.ids and key not in _listed(stream.options.get("labels")):
                option = "ids"
            if key in owner or key in sample:
                other = f"the {option} of {owner[key]!r}" if key in owner else "a stream of its own"
                several = not isinstance(stream.options[option], str)
                complaints.add(
                    "SA509",
                    ("sample", stream.name, option, *([index] if several else [])),
                    f"{key!r} is {other}",
                    expected="a key of the sample that only this stream names, once",
                )
            owner.setdefault(key, stream.name)


_BESIDE = {"text": "paraphrases", "points": "ego_pose", "boxes3d": "ego_pose"}
"""Modality -> the option that names a key of the sample, beside its lists."""


def _listed(labels: Any) -> tuple[str, ...]:
    return (labels,) if isinstance(labels, str) else tuple(labels or ())


def _require_encoded(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """A vector of a stream is that of another one, which samples bring, and has no rate."""
    for stream in streams.values():
        other = stream.options.get("encodes")
        if not other:
            continue
        path = ("sample", stream.name, "encodes")
        known = [name for name, each in streams.items() if not each.options.get("encodes")]
        if other not in known:
            complaints.unknown(
                *("SA306", path, "stream", str(other), known),
                otherwise="another stream, which samples bring",
            )
        elif stream.options.get("rate"):
            complaints.add(
                "SA306",
                ("sample", stream.name, "rate"),
                f"{stream.name!r} is one vector of all of {other!r}",
                expected="encodes: or rate:, not both",
                key=True,
            )


def _require_pictures(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """What is marked on a plane needs a picture on their plane that gives its size."""
    sized = {s.spaces.get("plane") for s in streams.values() if s.spec.picture and not s.optional}
    for stream in streams.values():
        marked = stream.modality in _ON_PICTURES or (
            stream.modality == "joints" and stream.options.get("axes", "world") != "world"
        )
        if marked and stream.spaces.get("plane", "") not in sized | {""}:
            complaints.add(
                "SA503",
                ("sample", stream.name),
                f"plane {stream.spaces['plane']!r} has no picture that gives its size",
                expected="an image, mask, depth or camera stream on that plane",
                key=True,
            )


def _require_planes_of_labels(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """A label with sides belongs to one picture: to the only one, or to one that it names."""
    planes = sorted({s.spaces["plane"] for s in streams.values() if "plane" in s.spaces})
    for stream in streams.values():
        if stream.modality != "label":
            continue
        plane = stream.options.get("plane", "")
        if plane and plane not in planes:
            complaints.unknown("SA306", ("sample", stream.name, "plane"), "plane", plane, planes)
        elif stream.options.get("sides", "keep") != "keep" and not plane and len(planes) > 1:
            complaints.add(
                "SA501",
                ("sample", stream.name),
                f"stream {stream.name!r} must name its plane, because the sample has several",
                expected="plane: NAME",
                key=True,
            )


def _require_bodies(streams: Mapping[str, Stream], complaints: Complaints) -> None:
    """The body of an inertial sensor is the plane of a picture, whose camera turns it."""
    pictures = (s.spaces for s in streams.values() if s.spec.picture)
    known = sorted({spaces["plane"] for spaces in pictures if "plane" in spaces})
    for stream in streams.values():
        body = stream.options.get("body", "")
        if stream.modality == "imu" and body and body not in known:
            complaints.unknown("SA306", ("sample", stream.name, "body"), "plane", body, known)
