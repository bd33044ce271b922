"""The planted errors, one a line: what is wrong, under which steps, and which stream must tell."""

from __future__ import annotations

from typing import Any

import numpy as np

from syncaug.maps.numbers import IDENTITY, as_matrix, as_nine
from syncaug.maps.time import TimeMap
from syncaug.maps.tone import Colour, ToneMap
from syncaug.maps.world import WorldMap
from tests.scene import mutants_bodies, mutants_fields
from tests.scene.mutants_chat import CHAT_MUTANTS
from tests.scene.mutants_frames import FRAME_MUTANTS
from tests.scene.mutants_outlines import OUTLINES
from tests.scene.mutants_robot import ROBOT_MUTANTS
from tests.scene.planting import (
    Mutant,
    bent,
    left_behind,
    misread,
    replaced,
    shifted,
    skewed,
    without,
)
from tests.scene.scenes import first_draw

__all__ = ["MUTANTS"]

FLIP = (("flip", {"axis": "horizontal"}),)
UPSIDE = (("flip", {"axis": "vertical"}),)
CROP = (("crop", {"area": 0.35, "x": 0.1, "y": 0.2, "points": "visible"}),)
CORNER = (("crop", {"area": 0.2, "x": 0.0, "y": 0.0}),)
NARROW = (("crop", {"area": 0.3, "x": 0.0, "y": 0.0, "points": "visible"}),)
TILT = (("rotate", {"degrees": 15.0}),)
QUARTER = (("rotate", {"degrees": 90.0, "expand": True}),)
HALF = (("rotate", {"degrees": 180.0}),)
SCALE = (("scale", {"factor": 1.3}),)
SHIFT = (("translate", {"x": 0.1, "y": -0.05}),)
RESIZE = (("resize", {"width": 120, "height": 60}),)
YAW = (("camera_rotate", {"axis": "vertical", "degrees": 9.0}),)
NOD = (("camera_rotate", {"axis": "horizontal", "degrees": 9.0}),)
TURN = (("world_rotate", {"degrees": 40.0}),)
GROW = (("world_scale", {"factor": 1.7}),)
CARRY = (("world_translate", {"x": 1.0, "y": -2.0, "z": 0.5}),)
HUE = (("colour", {"hue": first_draw("colour")["hue"], "saturation": -0.2, "value": -0.1}),)
LIGHT = (("light", {"value": -0.2, "contrast": 0.2, "gamma": 1.3, "reflectivity": "follow"}),)
TRIM = (("trim", {"duration": 0.7, "start": 0.2}),)
LATE = (("time_shift", {"seconds": 0.25}),)
FAST = (("speed", {"factor": 1.25}),)
BACK = (("reverse", {}),)
TWICE = (("loop", {"times": 2.0}),)
WARP = (("time_warp", {"strength": 0.4, "shape": 0.3}),)
BLANK = (("mask_time", {"spans": 2, "duration": 0.15, "shape": 0.4, "text": "blank"}),)
HIGH = (("pitch", {"semitones": 3.0}),)
ASIDE = (("perspective", {"corners": [0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]}),)
CARD = (("occlude", {"area": 0.35, "x": 1.0, "y": 0.0}),)
LOW_CARD = (("occlude", {"area": 0.35, "x": 0.0, "y": 1.0}),)
OUT = (("drop_modality", {"count": 64}),)
CHAIN = (*TILT, *SHIFT)
WORLDS = (*TURN, *CARRY)
TIMES = (*FAST, *TRIM)


def _sides(plane: Any) -> Any:
    return plane._replace(numbers=as_nine(np.diag([-1.0, 1.0, 1.0]) @ plane.matrix))


def _back(plane: Any) -> Any:
    return plane._replace(numbers=as_nine(np.linalg.inv(plane.matrix)))


def _unturned(plane: Any) -> Any:
    return plane._replace(turn=IDENTITY)


def _turned_back(plane: Any) -> Any:
    return plane._replace(turn=as_nine(as_matrix(plane.turn).T))


def _linear(matrix: Any) -> Any:
    return lambda plane: plane._replace(
        numbers=as_nine(
            np.block([[np.asarray(matrix), plane.matrix[:2, 2:]], [np.array([[0, 0, 1.0]])]])
        )
    )


def _later(seconds: float) -> Any:
    """The time map that shows everything so much later."""

    def rule(time: Any) -> Any:
        moved = [s._replace(first=s.first - seconds, last=s.last - seconds) for s in time.segments]
        return TimeMap(tuple(moved), time.source)

    return rule


def _plain(time: Any) -> Any:
    """The time map that goes from the first to the last moment at one speed."""
    first, last = time.segments[0].first, time.segments[-1].last
    return TimeMap.of([(time.duration, first, last, (last - first) / time.duration)], time.source)


def _hue(degrees: float) -> Any:
    def rule(tone: Any) -> Any:
        stages = tuple(
            Colour(stage.hue + degrees, stage.saturation, stage.value)
            if isinstance(stage, Colour)
            else stage
            for stage in tone.stages
        )
        return ToneMap(stages, tone.reflectivity, tone.pitch)

    return rule


def _world(matrix: Any) -> Any:
    return lambda world: WorldMap.of(np.asarray(matrix, dtype=float) @ world.matrix)


_LIFT = np.eye(4) + 1e-3 * np.eye(4)[:, 2:3] * np.eye(4)[3]


def _swapped(original: str) -> Any:
    """Two maps composed in the other order."""

    def then(self: Any, later: Any) -> Any:
        return _THEN[original](later, self)

    return then


def _then(path: str) -> Any:
    from importlib import import_module

    module, _, name = path.partition(":")
    return getattr(import_module(f"syncaug.{module}"), name).then


_THEN = {
    path: _then(path)
    for path in ("maps.plane:PlaneMap", "maps.world:WorldMap", "maps.time:TimeMap")
}

IMAGE, VIDEO = "plane.image:ImageCarrier", "clock.video:VideoCarrier"
MASK, DEPTH = "plane.mask:MaskCarrier", "plane.depth:DepthCarrier"
BOXES, KEYPOINTS = "plane.boxes:BoxesCarrier", "plane.keypoints:KeypointsCarrier"
TEXT, CUES = "language.text:TextCarrier", "language.timed_text:TimedTextCarrier"
AUDIO, IMU, LATENT = (
    "clock.audio:AudioCarrier",
    "clock.imu:ImuCarrier",
    "clock.embedding:EmbeddingCarrier",
)
POINTS, SOLIDS, CAMERA = (
    "world.points:PointsCarrier",
    "world.boxes3d:Boxes3dCarrier",
    "world.camera:CameraCarrier",
)

MUTANTS = (
    # A mirror, and what stays behind
    Mutant("a mirror leaves the picture", FLIP, "image", left_behind(IMAGE, "plane")),
    Mutant("a mirror leaves the video", FLIP, "video", left_behind(VIDEO, "plane")),
    Mutant("a mirror leaves the mask", FLIP, "mask", left_behind(MASK, "plane")),
    Mutant("a mirror leaves the depth", FLIP, "depth", left_behind(DEPTH, "plane")),
    Mutant("a mirror leaves the boxes", FLIP, "boxes", left_behind(BOXES, "plane")),
    Mutant("a mirror leaves the keypoints", FLIP, "keypoints", left_behind(KEYPOINTS, "plane")),
    Mutant("a half turn leaves the caption", HALF, "text", left_behind(TEXT, "plane")),
    Mutant("a half turn leaves the cues", HALF, "timed_text", left_behind(CUES, "plane")),
    Mutant("a mirror leaves the sound", FLIP, "audio", left_behind(AUDIO, "plane")),
    Mutant("a mirror leaves the camera", FLIP, "camera", left_behind(CAMERA, "plane")),
    Mutant("a mirror leaves the imu", FLIP, "imu", left_behind(IMU, "plane")),
    Mutant("a mirror leaves the points", FLIP, "points", left_behind(POINTS, "world")),
    Mutant("a mirror leaves the solids", FLIP, "boxes3d", left_behind(SOLIDS, "world")),
    Mutant("a mirror leaves the world", FLIP, "points", without("flip", "world")),
    Mutant("a mirror leaves the camera's pose", FLIP, "camera", left_behind(CAMERA, "world")),
    Mutant("a mirror is one pixel off", FLIP, "boxes", bent("flip", "plane", shifted(1, 0))),
    Mutant("a mirror is half a pixel off", FLIP, "image", bent("flip", "plane", shifted(0.5, 0))),
    Mutant("boxes are half a pixel off", FLIP, "boxes", skewed(BOXES, "plane", shifted(0.5, 0))),
    Mutant("the axis is the other one", FLIP, "image", misread("flip", axis=lambda _: "vertical")),
    Mutant("a half turn for a mirror", FLIP, "mask", misread("flip", axis=lambda _: "both")),
    Mutant(
        "a mirrored camera does not turn its imu",
        FLIP,
        "imu",
        bent("flip", "plane", _unturned),
    ),
    Mutant(
        "left eyes stay left eyes",
        FLIP,
        "keypoints",
        replaced(
            "modalities.plane.keypoint_rules:swapped_order", lambda names: list(range(len(names)))
        ),
    ),
    Mutant(
        "the gyroscope is mirrored as a vector",
        FLIP,
        "imu",
        replaced("modalities.clock.imu:_PSEUDOVECTORS", ()),
    ),
    Mutant(
        "the accelerometer is mirrored as a pseudovector",
        FLIP,
        "imu",
        replaced("modalities.clock.imu:_PSEUDOVECTORS", (("gx", "gy", "gz"), ("ax", "ay", "az"))),
    ),
    Mutant("the pan swaps under any mirror", UPSIDE, "audio", skewed(AUDIO, "plane", _sides)),
    Mutant("the pan swaps twice", FLIP, "audio", skewed(AUDIO, "plane", _sides)),
    # A crop
    Mutant("a crop is one pixel off", CROP, "image", bent("crop", "plane", shifted(0, 1))),
    Mutant(
        "a crop moves the boxes half a pixel",
        CROP,
        "boxes",
        skewed(BOXES, "plane", shifted(0, 0.5)),
    ),
    Mutant("a crop leaves the camera", CROP, "camera", left_behind(CAMERA, "plane")),
    Mutant("a crop leaves the points", CROP, "points", left_behind(POINTS, "frustum")),
    Mutant("a crop leaves the solids", NARROW, "boxes3d", left_behind(SOLIDS, "frustum")),
    Mutant("a crop forgets the frustum", CROP, "points", without("crop", "frustum")),
    Mutant(
        "classes stay when their boxes go",
        CORNER,
        "boxes",
        replaced("modalities.annotations.parallel:ParallelLists.taken", lambda self, kept: self),
    ),
    Mutant(
        "phrases stay when their boxes go",
        CORNER,
        "phrases",
        replaced(
            "modalities.language.phrases:PhrasesCarrier.finish",
            lambda self: {self.stream.name: self.data},
        ),
    ),
    Mutant(
        "boxes reach beyond the picture",
        CROP,
        "boxes",
        replaced(
            "modalities.plane.box_views:_clip_upright",
            lambda corners, plane: (
                corners + np.tile(plane.matrix[:2, 2], 2),
                np.ones(len(corners)),
            ),
        ),
    ),
    Mutant("the crop's corner is mistaken", CROP, "mask", misread("crop", x=lambda x: 1.0 - x)),
    # Turns
    Mutant("a turn goes the wrong way", TILT, "image", misread("rotate", degrees=lambda d: -d)),
    Mutant("a turn leaves the mask", TILT, "mask", left_behind(MASK, "plane")),
    Mutant(
        "a turn is off its centre", TILT, "keypoints", bent("rotate", "plane", shifted(0.5, 0.5))
    ),
    Mutant(
        "turned boxes are fitted to two corners",
        TILT,
        "boxes",
        replaced(
            "modalities.plane.box_views:_clip_turned",
            lambda corners, plane, cuts=(): (
                np.sort(plane.points(corners.reshape(-1, 2, 2)), axis=1).reshape(-1, 4),
                np.ones(len(corners)),
            ),
        ),
    ),
    Mutant("the video turns back", TILT, "video", skewed(VIDEO, "plane", _back)),
    Mutant(
        "a quarter turn does not grow", QUARTER, "mask", misread("rotate", expand=lambda _: False)
    ),
    Mutant("a quarter turn leaves the caption", QUARTER, "text", left_behind(TEXT, "plane")),
    Mutant("the caption turns the other way", QUARTER, "text", skewed(TEXT, "plane", _back)),
    Mutant("the cues turn the other way", QUARTER, "timed_text", skewed(CUES, "plane", _back)),
    Mutant("a half turn leaves the sound", HALF, "audio", left_behind(AUDIO, "plane")),
    # Scale, shift, size
    Mutant("a zoom is inverted", SCALE, "image", misread("scale", factor=lambda f: 1.0 / f)),
    Mutant("a zoom is about the corner", SCALE, "boxes", bent("scale", "plane", shifted(9.5, 7.0))),
    Mutant("a zoom leaves the depth", SCALE, "depth", left_behind(DEPTH, "plane")),
    Mutant("a zoom leaves the camera", SCALE, "camera", left_behind(CAMERA, "plane")),
    Mutant("a shift goes the wrong way", SHIFT, "image", misread("translate", x=lambda x: -x)),
    Mutant("a shift leaves the keypoints", SHIFT, "keypoints", left_behind(KEYPOINTS, "plane")),
    Mutant(
        "a shift moves K half a pixel less",
        SHIFT,
        "camera",
        skewed(CAMERA, "plane", shifted(-0.5, 0)),
    ),
    Mutant(
        "a size without half pixels",
        RESIZE,
        "boxes",
        bent("resize", "plane", shifted(-0.125, 1 / 12)),
    ),
    Mutant(
        "a size by corners' centres",
        RESIZE,
        "keypoints",
        bent("resize", "plane", _linear(np.diag([119 / 95, 59 / 71]))),
    ),
    Mutant("a size leaves the boxes", RESIZE, "boxes", left_behind(BOXES, "plane")),
    # A camera that turns
    Mutant(
        "a camera turns the wrong way", YAW, "image", misread("camera_rotate", degrees=lambda d: -d)
    ),
    Mutant(
        "a nod goes the wrong way", NOD, "camera", misread("camera_rotate", degrees=lambda d: -d)
    ),
    Mutant(
        "a turned camera keeps its pose", YAW, "camera", bent("camera_rotate", "plane", _unturned)
    ),
    Mutant("a turned camera leaves its imu", YAW, "imu", left_behind(IMU, "plane")),
    Mutant(
        "distances do not turn with the camera",
        YAW,
        "depth",
        replaced(
            "modalities.plane.depth:DepthCarrier.plane",
            lambda self, plane: super(type(self), self).plane(plane),
        ),
    ),
    Mutant(
        "the pose turns the other way",
        NOD,
        "camera",
        bent(
            "camera_rotate",
            "plane",
            _turned_back,
        ),
    ),
    # The world
    Mutant(
        "the world turns the wrong way",
        TURN,
        "points",
        misread("world_rotate", degrees=lambda d: -d),
    ),
    Mutant("a turned world leaves the points", TURN, "points", left_behind(POINTS, "world")),
    Mutant("a turned world leaves the camera", TURN, "camera", left_behind(CAMERA, "world")),
    Mutant("a turned world leaves the solids", TURN, "boxes3d", left_behind(SOLIDS, "world")),
    Mutant(
        "normals and velocities stay", TURN, "points", replaced("plan.columns:Layout.vectors", ())
    ),
    Mutant("distances do not grow", GROW, "depth", left_behind(DEPTH, "world")),
    Mutant("accelerations do not grow", GROW, "imu", left_behind(IMU, "world")),
    Mutant(
        "a world shrinks instead", GROW, "boxes3d", misread("world_scale", factor=lambda f: 1.0 / f)
    ),
    Mutant("a world is carried back", CARRY, "points", misread("world_translate", x=lambda x: -x)),
    Mutant("the camera is not carried", CARRY, "camera", left_behind(CAMERA, "world")),
    Mutant(
        "solids are lifted",
        CARRY,
        "boxes3d",
        skewed(SOLIDS, "world", _world(_LIFT)),
    ),
    # Colours and light
    Mutant("the wheel turns the wrong way", HUE, "image", misread("colour", hue=lambda h: -h)),
    Mutant("the picture keeps its colours", HUE, "image", left_behind(IMAGE, "tone")),
    Mutant("the video keeps its colours", HUE, "video", left_behind(VIDEO, "tone")),
    Mutant("the points keep their colours", HUE, "points", left_behind(POINTS, "tone")),
    Mutant("the caption keeps its colours", HUE, "text", left_behind(TEXT, "tone")),
    Mutant("the cues keep their colours", HUE, "timed_text", left_behind(CUES, "tone")),
    Mutant("the phrases keep their colours", HUE, "phrases", left_behind(TEXT, "tone")),
    Mutant("the words keep their colours", HUE, "words", left_behind(CUES, "tone")),
    Mutant("colours stay as strong", HUE, "points", misread("colour", saturation=lambda _: 0.0)),
    Mutant("the video turns ten degrees more", HUE, "video", skewed(VIDEO, "tone", _hue(10.0))),
    Mutant("gamma is inverted", LIGHT, "image", misread("light", gamma=lambda g: 1.0 / g)),
    Mutant("contrast is forgotten", LIGHT, "video", misread("light", contrast=lambda _: 0.0)),
    Mutant(
        "reflectivity does not follow",
        LIGHT,
        "points",
        misread("light", reflectivity=lambda _: "keep"),
    ),
    # Time
    Mutant("a cut leaves the sound", TRIM, "audio", left_behind(AUDIO, "time")),
    Mutant("a cut leaves the video", TRIM, "video", left_behind(VIDEO, "time")),
    Mutant("a cut leaves the cues", TRIM, "timed_text", left_behind(CUES, "time")),
    Mutant("a cut leaves the words", TRIM, "words", left_behind(CUES, "time")),
    Mutant("a cut leaves the imu", TRIM, "imu", left_behind(IMU, "time")),
    Mutant("a cut leaves the points", TRIM, "points", left_behind(POINTS, "time")),
    Mutant("a cut leaves the vectors", TRIM, "embedding", left_behind(LATENT, "time")),
    Mutant("a cut begins at 0", TRIM, "audio", misread("trim", start=lambda _: 0.0)),
    Mutant("cues come 20 ms late", TRIM, "timed_text", skewed(CUES, "time", _later(0.02))),
    Mutant(
        "the sound comes a sample late", FAST, "audio", skewed(AUDIO, "time", _later(1.25 / 16000))
    ),
    Mutant("the video comes a frame late", TRIM, "video", skewed(VIDEO, "time", _later(0.125))),
    Mutant(
        "a shift goes the wrong way in time",
        LATE,
        "timed_text",
        misread("time_shift", seconds=lambda s: -s),
    ),
    Mutant("a shift leaves the video", LATE, "video", left_behind(VIDEO, "time")),
    Mutant("a speed is inverted", FAST, "audio", misread("speed", factor=lambda f: 1.0 / f)),
    Mutant(
        "turn rates do not follow the speed",
        FAST,
        "imu",
        replaced("modalities.clock.imu:ImuCarrier._paced", lambda self, rows, speed: rows),
    ),
    Mutant(
        "velocities do not follow the speed",
        FAST,
        "points",
        replaced("plan.columns:Layout.paced", ()),
    ),
    Mutant("sound does not play backwards", BACK, "audio", left_behind(AUDIO, "time")),
    Mutant("cues do not trade places", BACK, "timed_text", left_behind(CUES, "time")),
    Mutant("cues are not repeated", TWICE, "words", left_behind(CUES, "time")),
    Mutant("a warp is straightened", WARP, "audio", bent("time_warp", "time", _plain)),
    Mutant("a warp is straightened for cues", WARP, "words", skewed(CUES, "time", _plain)),
    Mutant("blanks are not silent", BLANK, "audio", left_behind(AUDIO, "blank")),
    Mutant("blanks are seen", BLANK, "video", left_behind(VIDEO, "blank")),
    Mutant("words are spoken in blanks", BLANK, "words", left_behind(CUES, "blank")),
    Mutant("blanks are measured", BLANK, "imu", left_behind(IMU, "blank")),
    Mutant("the pitch falls", HIGH, "audio", misread("pitch", semitones=lambda s: -s)),
    Mutant("the pitch stays", HIGH, "audio", left_behind(AUDIO, "pitch")),
    # A look from aside, cards before the lens, sensors that are out
    Mutant("a look from aside leaves the boxes", ASIDE, "boxes", left_behind(BOXES, "plane")),
    Mutant("a look from aside leaves the camera", ASIDE, "camera", left_behind(CAMERA, "plane")),
    Mutant("a look from aside leaves the imu", ASIDE, "imu", left_behind(IMU, "plane")),
    Mutant("the corners move back", ASIDE, "image", bent("perspective", "plane", _back)),
    Mutant(
        "a corner is half a pixel off",
        ASIDE,
        "keypoints",
        bent("perspective", "plane", shifted(0.5, 0)),
    ),
    Mutant("a card leaves the mask", CARD, "mask", left_behind(MASK, "occlude")),
    Mutant("a card leaves the depth", CARD, "depth", left_behind(DEPTH, "occlude")),
    Mutant("a card leaves the video", CARD, "video", left_behind(VIDEO, "occlude")),
    Mutant("hidden boxes stay", CARD, "boxes", left_behind(BOXES, "occlude")),
    Mutant("hidden keypoints are seen", LOW_CARD, "keypoints", left_behind(KEYPOINTS, "occlude")),
    Mutant("a dead microphone is heard", OUT, "audio", left_behind(AUDIO, "drop")),
    Mutant("a dead lidar measures", OUT, "points", left_behind(POINTS, "drop")),
    Mutant("a dead sensor reads", OUT, "imu", left_behind(IMU, "drop")),
    # Composition
    Mutant(
        "plane maps compose backwards",
        CHAIN,
        "keypoints",
        replaced("maps.plane:PlaneMap.then", _swapped("maps.plane:PlaneMap")),
    ),
    Mutant(
        "world maps compose backwards",
        WORLDS,
        "points",
        replaced("maps.world:WorldMap.then", _swapped("maps.world:WorldMap")),
    ),
    Mutant(
        "time maps compose backwards",
        TIMES,
        "timed_text",
        replaced("maps.time:TimeMap.then", _swapped("maps.time:TimeMap")),
    ),
    *mutants_fields.MUTANTS,
    *ROBOT_MUTANTS,
    *OUTLINES,
    *CHAT_MUTANTS,
    *mutants_bodies.MUTANTS,
    *FRAME_MUTANTS,
)
"""Every one of them must be caught."""
