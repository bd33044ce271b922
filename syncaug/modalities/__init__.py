"""Modalities: how each kind of stream is validated and carried through maps.

`CARRIERS` names the module of each modality; a module is imported when a plan first needs it. All
other modalities, and the lanes that streams ask for by name, are those of installed packages.
"""

from __future__ import annotations

from importlib import import_module

from syncaug.catalogue.external import LANES, MODALITIES, external_error, external_part, guarded
from syncaug.catalogue.lanes import external_lane
from syncaug.modalities.carrier import Carrier, Lane
from syncaug.plan.plan import Stream

__all__ = ["CARRIERS", "Carrier", "Lane", "carrier_class", "lane_of"]

CARRIERS = {
    "image": "syncaug.modalities.plane.image:ImageCarrier",
    "mask": "syncaug.modalities.plane.mask:MaskCarrier",
    "depth": "syncaug.modalities.plane.depth:DepthCarrier",
    "heatmap": "syncaug.modalities.plane.heatmap:HeatmapCarrier",
    "flow": "syncaug.modalities.plane.flow:FlowCarrier",
    "normals": "syncaug.modalities.plane.normals:NormalsCarrier",
    "disparity": "syncaug.modalities.plane.disparity:DisparityCarrier",
    "video": "syncaug.modalities.clock.video:VideoCarrier",
    "boxes": "syncaug.modalities.plane.boxes:BoxesCarrier",
    "keypoints": "syncaug.modalities.plane.keypoints:KeypointsCarrier",
    "polygons": "syncaug.modalities.plane.polygons:PolygonsCarrier",
    "instances": "syncaug.modalities.plane.instances:InstancesCarrier",
    "oriented_boxes": "syncaug.modalities.plane.oriented_boxes:OrientedBoxesCarrier",
    "phrases": "syncaug.modalities.language.phrases:PhrasesCarrier",
    "text": "syncaug.modalities.language.text:TextCarrier",
    "timed_text": "syncaug.modalities.language.timed_text:TimedTextCarrier",
    "messages": "syncaug.modalities.language.messages:MessagesCarrier",
    "audio": "syncaug.modalities.clock.audio:AudioCarrier",
    "points": "syncaug.modalities.world.points:PointsCarrier",
    "boxes3d": "syncaug.modalities.world.boxes3d:Boxes3dCarrier",
    "joints": "syncaug.modalities.world.joints:JointsCarrier",
    "bev": "syncaug.modalities.world.bev:BevCarrier",
    "camera": "syncaug.modalities.world.camera:CameraCarrier",
    "imu": "syncaug.modalities.clock.imu:ImuCarrier",
    "state": "syncaug.modalities.clock.robot:StateCarrier",
    "action": "syncaug.modalities.clock.robot:ActionCarrier",
    "label": "syncaug.modalities.whole.label:LabelCarrier",
    "tabular": "syncaug.modalities.whole.tabular:TabularCarrier",
    "embedding": "syncaug.modalities.clock.embedding:EmbeddingCarrier",
}


def carrier_class(modality: str) -> type[Carrier]:
    """The class that carries streams of `modality`, one that a package brings too."""
    if modality not in CARRIERS:
        return external_part(MODALITIES, modality, "CARRIER", callable, "a class")  # type: ignore[no-any-return]
    module, name = CARRIERS[modality].split(":")
    return getattr(import_module(module), name)  # type: ignore[no-any-return]


def lane_of(stream: Stream) -> Lane:
    """The lane of a declared stream: its modality's own, or the one that it asks for.

    Raises ExternalError where that is none.
    """
    own = carrier_class(stream.modality)
    if stream.framed and stream.modality == "camera":
        from syncaug.modalities.world.camera_frames import camera_frames_lane

        return camera_frames_lane(stream, own)
    if stream.framed:
        from syncaug.modalities.clock.frames import frames_lane  # where no film is, not loaded

        return frames_lane(stream, own)
    name = stream.options.get("lane", "")
    if not name:
        return own.lane(stream)
    lane = guarded(LANES, name, "lane()", external_lane(name))(stream)
    if not isinstance(lane, Lane) or not issubclass(lane.kind, own):
        form = f"a Lane whose kind is a subclass of {own.__name__}, which others ask"
        raise external_error(LANES, name, f"lane() returned {lane!r:.80}; expected {form}")
    return lane
