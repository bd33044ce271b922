"""A scene as a sample: every stream, and the declaration of them all that a policy starts with."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from tests.scene import render_bodies
from tests.scene.render_chat import chat_of
from tests.scene.render_fields import HEAT_NAMES, disparity_of, flow_of, heatmap_of, normals_of
from tests.scene.render_film import FPS, film_of
from tests.scene.render_frames import (
    FRAMES,
    film_boxes_of,
    film_keypoints_of,
    film_lists,
    film_mask_of,
)
from tests.scene.render_marks import boxes_of, keypoints_of, visible_shapes
from tests.scene.render_outlines import (
    instance_classes,
    instances_of,
    oriented_classes,
    oriented_of,
    outline_classes,
    outlines_of,
)
from tests.scene.render_picture import FILL, depth_of, image_of, mask_of
from tests.scene.render_robot import ACTION, STATE, action_of, state_of
from tests.scene.render_sound import RATE, sound_of
from tests.scene.render_time import IMU_RATE, LATENT_RATE, cues_of, imu_of, latent_of, words_of
from tests.scene.render_words import caption_of, phrase_of
from tests.scene.render_world import COLUMNS, camera_of, points_of, solids_of
from tests.scene.scene import Eye, Scene

__all__ = ["EVERY", "MODALITY_OF", "declared", "render", "stream_names"]

_PER_EYE = {
    "image": f"{{modality: image, plane: EYE, fill: {FILL}}}",
    "video": f"{{modality: video, plane: EYE, fps: {FPS}, fill: {FILL}}}",
    "mask": "{modality: mask, plane: EYE}",
    "depth": "{modality: depth, plane: EYE}",
    "heatmap": f"{{modality: heatmap, plane: EYE, names: {HEAT_NAMES}}}",
    "flow": "{modality: flow, plane: EYE}",
    "normals": "{modality: normals, plane: EYE}",
    "disparity": "{modality: disparity, plane: EYE, sign: follow}",
    "boxes": "{modality: boxes, plane: EYE, labels: EYE_classes, rows: none}",
    "keypoints": "{modality: keypoints, plane: EYE, names: [left_eye, right_eye, nose]}",
    "polygons": "{modality: polygons, plane: EYE, labels: EYE_outline_classes}",
    "instances": "{modality: instances, plane: EYE, labels: EYE_instance_classes}",
    "oriented_boxes": "{modality: oriented_boxes, plane: EYE, labels: EYE_oriented_classes, "
    "angle: degrees, direction: clockwise}",
    "phrases": "{modality: phrases, plane: EYE, boxes: EYE_boxes, text: EYE_text}",
    "text": "{modality: text, describes: EYE}",
    "timed_text": "{modality: timed_text, describes: EYE}",
    "words": "{modality: timed_text, describes: EYE}",
    "imu": f"{{modality: imu, body: EYE, rate: {IMU_RATE}, acceleration: linear, world: ground}}",
    "camera": "{modality: camera, plane: EYE, world: ground}",
    **render_bodies.PER_EYE,
    **FRAMES,
}
_SHARED = {
    "audio": f"{{modality: audio, sample_rate: {RATE}, plane: FIRST}}",
    "points": f"{{modality: points, world: ground, columns: [{', '.join(COLUMNS)}]}}",
    "messages": "{modality: messages, pictures: [PICTURES], coordinates: pixels, gone: drop}",
    "boxes3d": "{modality: boxes3d, world: ground, labels: things, rows: none}",
    "state": STATE,
    "action": ACTION,
    "label": "{modality: label, classes: 10}",
    "tabular": "{modality: tabular, columns: [how_many, how_long]}",
    "embedding": f"{{modality: embedding, rate: {LATENT_RATE}}}",
    **render_bodies.SHARED,
}
MODALITY_OF = {
    kind: text.removeprefix("{modality: ").partition(",")[0].rstrip("}")
    for kind, text in (_PER_EYE | _SHARED).items()
}
"""The modality of each kind of stream."""


EVERY = frozenset(MODALITY_OF)
"""All kinds of stream."""


def stream_names(scene: Scene, kinds: Collection[str] = EVERY) -> dict[str, tuple[str, Eye]]:
    """Each stream of the scene's sample: its kind, and the eye to which it belongs."""
    names = {f"{eye.name}_{kind}": (kind, eye) for eye in scene.eyes for kind in _PER_EYE}
    names |= {kind: (kind, scene.eyes[0]) for kind in _SHARED}
    return {name: (kind, eye) for name, (kind, eye) in names.items() if kind in kinds}


def declared(scene: Scene, kinds: Collection[str] = EVERY) -> str:
    """The `sample:` of a policy for the scene, as YAML."""
    lines = []
    for name, (kind, eye) in stream_names(scene, kinds).items():
        text = (_PER_EYE | _SHARED)[kind].replace("EYE", eye.name)
        pictures = ", ".join(f"{each.name}_image" for each in scene.eyes)
        text = text.replace("PICTURES", pictures)
        lines.append(f"  {name}: {text.replace('FIRST', scene.eyes[0].name)}")
    return "\n".join(lines) + "\n"


def render(scene: Scene, kinds: Collection[str] = EVERY) -> dict[str, Any]:
    """The whole sample, or the streams of some kinds, as its scene is now."""
    sample: dict[str, Any] = {}
    for name, (kind, eye) in stream_names(scene, kinds).items():
        sample[name] = _RENDERERS[kind](scene, eye)
        if kind == "boxes":
            seen = visible_shapes(scene, eye)
            sample[f"{eye.name}_classes"] = [scene.shapes[index].outline for index in seen]
        if kind == "polygons":
            sample[f"{eye.name}_outline_classes"] = outline_classes(scene, eye)
        if kind == "film_boxes":
            sample |= film_lists(scene, eye)
        if kind == "instances":
            sample[f"{eye.name}_instance_classes"] = instance_classes(scene, eye)
        if kind == "oriented_boxes":
            sample[f"{eye.name}_oriented_classes"] = oriented_classes(scene, eye)
        if kind == "boxes3d":
            sample["things"] = [shape.outline for shape in scene.shapes]
        if kind == "bodies":
            sample["whose"] = [shape.outline for shape in scene.shapes]
    return sample


_RENDERERS: dict[str, Callable[[Scene, Eye], Any]] = {
    "image": image_of,
    "video": film_of,
    "mask": mask_of,
    "depth": depth_of,
    "heatmap": heatmap_of,
    "flow": flow_of,
    "normals": normals_of,
    "disparity": disparity_of,
    "film_boxes": film_boxes_of,
    "film_keypoints": film_keypoints_of,
    "film_mask": film_mask_of,
    "boxes": lambda scene, eye: [box for _, box in boxes_of(scene, eye)],
    "keypoints": keypoints_of,
    "polygons": outlines_of,
    "instances": instances_of,
    "oriented_boxes": oriented_of,
    "phrases": lambda scene, eye: [
        phrase_of(scene, scene.shapes[index]) for index in visible_shapes(scene, eye)
    ],
    "text": caption_of,
    "messages": lambda scene, eye: chat_of(scene),
    "camera": camera_of,
    "audio": lambda scene, eye: sound_of(scene),
    "points": lambda scene, eye: points_of(scene),
    "boxes3d": lambda scene, eye: solids_of(scene),
    "label": lambda scene, eye: scene.label,
    "timed_text": cues_of,
    "words": words_of,
    "imu": imu_of,
    "state": lambda scene, eye: state_of(scene),
    "action": lambda scene, eye: action_of(scene),
    "tabular": lambda scene, eye: [float(len(scene.shapes)), scene.first_duration],
    "embedding": latent_of,
    **render_bodies.RENDERED,
}
