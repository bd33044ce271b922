"""Modalities: how each kind of stream is validated and carried through maps.

`CARRIERS` names the module of each modality; a module is imported when a plan first needs it.
"""

from __future__ import annotations

from importlib import import_module

from syncaug.modalities.carrier import Carrier

__all__ = ["CARRIERS", "Carrier", "carrier_class"]

CARRIERS = {
    "image": "syncaug.modalities.image:ImageCarrier",
    "mask": "syncaug.modalities.mask:MaskCarrier",
    "depth": "syncaug.modalities.depth:DepthCarrier",
    "video": "syncaug.modalities.video:VideoCarrier",
    "boxes": "syncaug.modalities.boxes:BoxesCarrier",
    "keypoints": "syncaug.modalities.keypoints:KeypointsCarrier",
    "phrases": "syncaug.modalities.phrases:PhrasesCarrier",
    "text": "syncaug.modalities.text:TextCarrier",
    "timed_text": "syncaug.modalities.timed_text:TimedTextCarrier",
    "audio": "syncaug.modalities.audio:AudioCarrier",
    "points": "syncaug.modalities.points:PointsCarrier",
    "boxes3d": "syncaug.modalities.boxes3d:Boxes3dCarrier",
    "camera": "syncaug.modalities.camera:CameraCarrier",
    "imu": "syncaug.modalities.imu:ImuCarrier",
    "label": "syncaug.modalities.label:LabelCarrier",
    "tabular": "syncaug.modalities.tabular:TabularCarrier",
    "embedding": "syncaug.modalities.embedding:EmbeddingCarrier",
}


def carrier_class(modality: str) -> type[Carrier]:
    """The class that carries streams of `modality`."""
    module, name = CARRIERS[modality].split(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]
