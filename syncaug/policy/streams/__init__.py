"""The streams of a sample: one model for each modality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syncaug.catalogue.external import MODALITIES, external_names, external_part
from syncaug.catalogue.modalities import modality_spec
from syncaug.errors import ExternalError
from syncaug.policy.base import Path, fit, shown, wrong
from syncaug.policy.models import Models
from syncaug.policy.streams.base import Stream
from syncaug.policy.suggest import guess

__all__ = ["STREAMS", "Stream", "choose_stream", "read_stream"]

STREAMS: Mapping[str, type[Stream]] = Models(
    {
        "image": "streams.picture:ImageStream",
        "mask": "streams.plane:MaskStream",
        "depth": "streams.plane:DepthStream",
        "heatmap": "streams.plane_fields:HeatmapStream",
        "flow": "streams.plane_fields:FlowStream",
        "normals": "streams.plane_fields:NormalsStream",
        "disparity": "streams.plane_fields:DisparityStream",
        "video": "streams.clock:VideoStream",
        "boxes": "streams.plane:BoxesStream",
        "keypoints": "streams.plane:KeypointsStream",
        "polygons": "streams.outlines:PolygonsStream",
        "instances": "streams.outlines:InstancesStream",
        "oriented_boxes": "streams.outlines:OrientedBoxesStream",
        "phrases": "streams.language:PhrasesStream",
        "messages": "streams.language:MessagesStream",
        "audio": "streams.clock:AudioStream",
        "text": "streams.language:TextStream",
        "timed_text": "streams.language:TimedTextStream",
        "points": "streams.world:PointsStream",
        "boxes3d": "streams.world:Boxes3dStream",
        "joints": "streams.world:JointsStream",
        "bev": "streams.world:BevStream",
        "camera": "streams.world:CameraStream",
        "imu": "streams.clock:ImuStream",
        "state": "streams.robots:StateStream",
        "action": "streams.robots:ActionStream",
        "label": "streams.whole:LabelStream",
        "tabular": "streams.whole:TabularStream",
        "embedding": "streams.clock:EmbeddingStream",
    }
)
"""Modality -> what a stream of it may say."""


_BESIDE = "lists such as untouched: and checks: stand beside sample:, not in it"


_BLANK = "write NAME: MODALITY, with a blank after the colon"


def choose_stream(raw: Any) -> type[Stream]:
    """The model of a stream, by its modality."""
    modality = raw.get("modality") if isinstance(raw, Mapping) else raw
    if isinstance(raw, Mapping) and "modality" not in raw:
        for key in raw:
            near = guess(key, ("modality",), Stream.others)
            if near.name:
                message = f"unknown key {key!r}"
                raise wrong(
                    "SA201", message, hint=near.hint, path=(key,), key=True, meant=near.name
                )
        expected = f"one of {', '.join(STREAMS)}"
        message = "a stream needs 'modality'"
        raise wrong("SA202", message, expected=expected, key=True, lacks="modality")
    path = ("modality",) if isinstance(raw, Mapping) else ()
    if not isinstance(modality, str):
        expected = "a modality, or a mapping with one" if not path else "a modality"
        hint = _BESIDE if isinstance(raw, list) else _BLANK if raw is None else ""
        message = f"{shown(modality)} is no modality"
        raise wrong("SA203", message, expected=expected, hint=hint, path=path)
    if modality not in STREAMS:
        brought = _brought(modality, path)
        if brought is not None:
            return brought
        near = guess(modality, (*STREAMS, *external_names(MODALITIES)), "modalities")
        raise wrong(
            "SA209",
            f"unknown modality {modality!r}",
            expected="" if near.hint else f"one of {', '.join(STREAMS)}",
            hint=near.hint,
            path=path,
            meant=near.name or None,
        )
    return STREAMS[modality]


def _brought(modality: str, path: Path) -> type[Stream] | None:
    """The model of a stream whose modality an installed package brings; None where none does."""
    try:
        modality_spec(modality)
        model: type[Stream] = external_part(
            MODALITIES,
            modality,
            "STREAM",
            lambda held: isinstance(held, type) and issubclass(held, Stream),
            "a model of what a stream may say, of a class of syncaug.policy.streams.base",
        )
    except KeyError:
        return None
    except ExternalError as error:
        hint = f"mend or uninstall {error.package}"
        raise wrong("SA313", str(error), hint=hint, path=path) from error
    return model


def read_stream(raw: Any) -> Any:
    """A stream; a bare word is short for its modality."""
    model = choose_stream(raw)
    return fit(model, {"modality": raw} if isinstance(raw, str) else raw)
