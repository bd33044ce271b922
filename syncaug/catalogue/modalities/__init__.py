"""What is known of each modality: one description each, from which all tables are made."""

from __future__ import annotations

from collections.abc import Mapping

from syncaug.catalogue.modalities.brought import external_spec
from syncaug.catalogue.modalities.clock import AUDIO, EMBEDDING, IMU, VIDEO
from syncaug.catalogue.modalities.language import MESSAGES, PHRASES, TEXT, TIMED_TEXT
from syncaug.catalogue.modalities.outlines import INSTANCES, ORIENTED_BOXES, POLYGONS
from syncaug.catalogue.modalities.plane import BOXES, DEPTH, IMAGE, KEYPOINTS, MASK
from syncaug.catalogue.modalities.plane_fields import DISPARITY, FLOW, HEATMAP, NORMALS
from syncaug.catalogue.modalities.robots import ACTION, STATE
from syncaug.catalogue.modalities.spec import ModalitySpec
from syncaug.catalogue.modalities.whole import LABEL, TABULAR
from syncaug.catalogue.modalities.world import BEV, BOXES3D, CAMERA, JOINTS, POINTS

__all__ = ["MODALITIES", "ModalitySpec", "modality_spec"]

MODALITIES: Mapping[str, ModalitySpec] = {
    spec.name: spec
    for spec in (
        IMAGE,
        MASK,
        DEPTH,
        HEATMAP,
        FLOW,
        NORMALS,
        DISPARITY,
        VIDEO,
        BOXES,
        KEYPOINTS,
        POLYGONS,
        INSTANCES,
        ORIENTED_BOXES,
        PHRASES,
        TEXT,
        TIMED_TEXT,
        MESSAGES,
        AUDIO,
        POINTS,
        BOXES3D,
        JOINTS,
        BEV,
        CAMERA,
        IMU,
        STATE,
        ACTION,
        LABEL,
        TABULAR,
        EMBEDDING,
    )
}
"""The library's own modalities by name, in the order of the documentation."""


def modality_spec(name: str) -> ModalitySpec:
    """The description of a modality.

    Raises KeyError where neither the library nor an installed package has one of that name, and
    ExternalError where that of a package cannot be used.
    """
    known = MODALITIES.get(name)
    return external_spec(name) if known is None else known
