"""The streams of a sample: one model for each modality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from syncaug.policy.base import Model, fit, shown, wrong
from syncaug.policy.sides import NamedSides, NumberedSides, Sides
from syncaug.policy.stream_values import (
    Classes,
    Fill,
    Labels,
    Name,
    Names,
    Rate,
    Sensors,
    Share,
    SpaceName,
    Tilted,
    Vectors,
)
from syncaug.policy.suggest import suggest

__all__ = ["STREAMS", "Stream", "choose_stream", "read_stream"]


class Stream(Model):
    """What every stream may say."""

    what: ClassVar[str] = "a stream"
    modality: str = Field(description="What kind of data the stream is.")
    optional: bool = Field(False, description="Whether a sample may lack this stream.")
    description: str = Field("", description="What the stream holds, for people.")

    @classmethod
    def elsewhere(cls, key: str) -> str:
        """A key of another modality."""
        kinds = [kind for kind, model in STREAMS.items() if key in model.keys()]  # noqa: SIM118
        return f"it belongs to {' and '.join(kinds)}" if kinds else ""


class _OnPlane(Stream):
    plane: SpaceName = Field(
        "", description="The camera whose pixels the stream shares; the only one without it."
    )


class _OnClock(Stream):
    clock: SpaceName = Field(
        "", description="The time line that the stream shares; the only one without it."
    )
    offset: float = Field(
        0.0,
        ge=-1e12,
        le=1e12,
        description="Seconds on the clock at which the stream begins; it stays so.",
    )


class _InContainer(_OnClock):
    track: int = Field(
        0, ge=0, description="Which track of its kind to read from a container, from 0."
    )


class _InWorld(Stream):
    world: SpaceName = Field(
        "", description="The 3-D space that the stream shares; the only one without it."
    )


class _Raster(_OnPlane):
    layout: Literal["hwc", "chw"] = Field(
        "hwc", description="Whether channels come last or first in the array."
    )
    fill: Fill = Field(0, description="What shows where the picture ends, in its own units.")


class _Labelled(Stream):
    labels: Labels = Field(
        "",
        description="The sample's key, or keys, of lists with one entry for each row: classes, ids "
        "... They go where the rows go. One named area is computed anew: times the share of the "
        "thing that is still seen, times the enlargement. One named velocity beside boxes3d turns "
        "and grows with the world.",
    )


_SIDES: Any = Field(
    "",
    description="What a mirror does to names of sides, such as left_hand: swap, keep, or pairs of "
    "names or numbers, {swap: [[3, 4]]}. Without it they stay, with a warning.",
)


class _Coloured(_Raster):
    channels: Literal["", "grey", "grey_alpha", "rgb", "rgba", "bgr", "bgra", "spectral"] = Field(
        "",
        description="What the channels are; without it 1 is grey, 3 are RGB, a 2nd or 4th is alpha "
        "and more are bands of light. Alpha, and what follows rgb or bgr, keeps its levels.",
    )


class ImageStream(_Coloured):
    """A picture: HxWxC or HxW, uint8, uint16 or float32 in 0..1."""

    what: ClassVar[str] = "an image stream"
    modality: Literal["image"] = Field(description="A picture.")


class MaskStream(_Raster):
    """Classes of pixels: HxW integers."""

    what: ClassVar[str] = "a mask stream"
    modality: Literal["mask"] = Field(description="Classes of pixels.")
    sides: NumberedSides = Field(
        "keep", description="Pairs of numbers that trade places in a mirror: {swap: [[3, 4]]}."
    )


class DepthStream(_Raster, _InWorld):
    """Distances of pixels: HxW float32 in metres."""

    what: ClassVar[str] = "a depth stream"
    modality: Literal["depth"] = Field(description="Distances of pixels, in metres.")
    unit: Rate = Field(0.001, description="Metres for one stored unit of a depth file.")


class VideoStream(_Coloured, _InContainer):
    """Pictures in time: TxHxWxC with fps, or frames with timestamps."""

    what: ClassVar[str] = "a video stream"
    modality: Literal["video"] = Field(description="Pictures in time.")
    fps: Rate = Field(0.0, description="Frames in a second, where the sample does not say.")


class BoxesStream(_OnPlane, _Labelled):
    """Boxes in a picture: Nx4."""

    what: ClassVar[str] = "a boxes stream"
    modality: Literal["boxes"] = Field(description="Boxes in a picture.")
    format: Literal["pascal_voc", "coco", "yolo", "albumentations"] = Field(
        "pascal_voc",
        description="Corners in pixels, corner and size in pixels, centre and size as fractions, "
        "or corners as fractions.",
    )
    min_visible: Share = Field(0.0, description="The share below which a box counts as invisible.")
    outside: Literal["error", "clip", "drop"] = Field(
        "error",
        description="What becomes of boxes that reach out of the picture by more than a pixel. "
        "With clip and drop, those without an area or with NaN are left out.",
    )
    sides: Sides = _SIDES


class KeypointsStream(_OnPlane, _Labelled):
    """Points in a picture: NxKx3 or Kx2, with visibility."""

    what: ClassVar[str] = "a keypoints stream"
    modality: Literal["keypoints"] = Field(description="Points in a picture.")
    names: Names = Field(
        (), description="One name for each point; left and right swap in a mirror."
    )
    min_visible: Share = Field(
        0.0, description="The share below which an entry counts as invisible."
    )
    outside: Literal["keep", "error", "clip", "drop"] = Field(
        "keep",
        description="What becomes of visible points outside the picture: keep (they move along), "
        "error, clip (to its edge, hidden), or drop. With clip and drop, NaN is left out.",
    )
    sides: NamedSides = Field(
        "swap", description="Whether names of sides trade places in a mirror."
    )


class PhrasesStream(_OnPlane, _OnClock):
    """Pieces of a text that speak of boxes, and the times at which they are spoken."""

    what: ClassVar[str] = "a phrases stream"
    modality: Literal["phrases"] = Field(description="Pieces of a text, one for each box.")
    boxes: Name = Field("", description="The boxes stream that the phrases speak of.")
    text: Name = Field("", description="The text stream that the phrases occur in.")
    times: Name = Field(
        "",
        description="The sample's key that holds [start, end] in seconds or null for each phrase.",
    )
    sides: Sides = _SIDES


class AudioStream(_InContainer, _OnPlane):
    """Sound: (C, T) or (T,) float32."""

    what: ClassVar[str] = "an audio stream"
    modality: Literal["audio"] = Field(description="Sound.")
    sample_rate: int = Field(
        0, gt=0, description="Samples in a second, where the sample does not say."
    )
    spatial: bool = Field(True, description="Whether left and right channels follow a mirror.")


class _Worded(_OnPlane):
    describes: Name = Field("", description="The stream or plane that the text describes.")
    leave_below: float = Field(
        20.0, ge=0, le=45, description="Degrees of tilt up to which direction words stay true."
    )
    words: Tilted = Field(
        {"leave_below": 20.0},
        description="What a turn that is no quarter turn does to direction words: refuse (an "
        "error), redraw, or leave_below.",
    )
    compass: Literal["refuse", "moves", "keep"] = Field(
        "refuse",
        description="What points of the compass that are places in the picture (in the east, "
        "north of the road) do: moves (as on a map), keep, or refuse where they may move.",
    )
    coordinates: Literal["refuse", "keep"] = Field(
        "refuse",
        description="What becomes of a text that writes places of its picture, such as "
        "[60, 30, 90, 50] or <loc0123>, where the picture moves: refuse (an error), or keep them.",
    )
    typos: Literal["others", "all"] = Field(
        "others",
        description="Which words noise may misspell where the text describes a picture: others "
        "than those for colours and directions, which steps and checks read, or all.",
    )
    traffic_lights: Literal["pixels", "keep", "refuse"] = Field(
        "pixels",
        description="What becomes of the lamps of traffic lights (stop at the red light) when hues "
        "turn: their words follow the pixels, keep what they say, or refuse the draw, as texts "
        "that are commands to a driver need it.",
    )


class TextStream(_Worded):
    """A caption or another text."""

    what: ClassVar[str] = "a text stream"
    modality: Literal["text"] = Field(description="A text.")


class TimedTextStream(_InContainer, _Worded):
    """Subtitles or a transcript: cues with start, end and text."""

    what: ClassVar[str] = "a timed_text stream"
    modality: Literal["timed_text"] = Field(description="Text in time: subtitles, transcripts.")
    min_visible: Share = Field(
        0.1, description="The share of a cue's duration below which a cut drops the cue."
    )
    format: Literal["srt", "vtt", "ass"] = Field("srt", description="The format of subtitle files.")


class PointsStream(_InWorld, _OnClock):
    """Points in the world: Nx(3 + attributes)."""

    what: ClassVar[str] = "a points stream"
    modality: Literal["points"] = Field(description="Points in the world.")
    columns: Names = Field(
        ("x", "y", "z"),
        description="What each column holds: x, y, z, intensity, r, g, b, t (seconds) ..., in any "
        "order.",
    )
    vectors: Vectors = Field(
        {},
        description="Columns that form vectors, where their names (vx, vy, vz; nx, ny, nz) do not "
        "say so: {velocity: [a, b, c]}, or acceleration, normal, offset, position; plain stays.",
    )
    invalid: Literal["error", "drop"] = Field(
        "error",
        description="What becomes of points with NaN or infinity, as missing returns have: an "
        "error, or they go.",
    )


class Boxes3dStream(_InWorld, _Labelled):
    """Boxes in the world: Nx7 of x, y, z, dx, dy, dz, yaw."""

    what: ClassVar[str] = "a boxes3d stream"
    modality: Literal["boxes3d"] = Field(description="Boxes in the world.")
    invalid: Literal["error", "drop"] = Field(
        "error",
        description="What becomes of rows with NaN or infinity, or without a size: an error, or "
        "they go with their labels.",
    )
    sides: Sides = _SIDES


class CameraStream(_OnPlane, _InWorld):
    """A camera: K, size and a pose."""

    what: ClassVar[str] = "a camera stream"
    modality: Literal["camera"] = Field(description="A camera that joins a plane and a world.")
    axes: Literal["opencv", "opengl"] = Field(
        "opencv",
        description="The axes of its pose: x right, y down, looking along z; or of OpenGL, Blender "
        "and NeRF: x right, y up, looking along -z.",
    )


class ImuStream(_OnClock, _InWorld):
    """Inertial measurements: TxC."""

    what: ClassVar[str] = "an imu stream"
    modality: Literal["imu"] = Field(description="Accelerations and angular velocities.")
    rate: Rate = Field(0.0, description="Rows in a second, where the sample does not say.")
    columns: Names = Field((), description="What each column holds: gx, gy, gz, ax, ay, az ...")
    vectors: Sensors = Field(
        {},
        description="Columns of a gyroscope, accelerometer or magnetometer whose names do not say "
        "so; plain stays as it is when the body turns.",
    )
    body: SpaceName = Field(
        "",
        description="The plane whose camera's axes are the sensor's: x right, y down, z forward.",
    )
    acceleration: Literal["with_gravity", "linear"] = Field(
        "with_gravity", description="Whether accelerations hold gravity, as sensors give them."
    )
    gravity: Literal["present", "removed"] = Field(
        "present", description="removed is another word for acceleration: linear."
    )
    units: Literal["si", "degrees_g"] = Field(
        "si", description="rad/s and m/s2, or degrees/s and multiples of gravity."
    )


class LabelStream(Stream):
    """A class: an int, a name or a vector."""

    what: ClassVar[str] = "a label stream"
    modality: Literal["label"] = Field(description="A class or a value.")
    classes: Classes = Field(0, description="How many classes there are, or their names.")
    sides: Sides = _SIDES
    plane: SpaceName = Field(
        "", description="The camera whose mirrors swap its sides; the only one without it."
    )
    soft: bool = Field(
        False, description="Whether a class always comes out as a vector of weights, mixed or not."
    )


class TabularStream(Stream):
    """Numbers that belong to the whole sample."""

    what: ClassVar[str] = "a tabular stream"
    modality: Literal["tabular"] = Field(description="Numbers of the whole sample.")
    columns: Names = Field((), description="What each number is.")


class EmbeddingStream(_OnClock):
    """A vector, or one for each moment."""

    what: ClassVar[str] = "an embedding stream"
    modality: Literal["embedding"] = Field(description="A latent vector, or one for each moment.")
    rate: Rate = Field(0.0, description="Vectors in a second, where there are several.")


STREAMS: Mapping[str, type[Stream]] = {
    "image": ImageStream,
    "mask": MaskStream,
    "depth": DepthStream,
    "video": VideoStream,
    "boxes": BoxesStream,
    "keypoints": KeypointsStream,
    "phrases": PhrasesStream,
    "audio": AudioStream,
    "text": TextStream,
    "timed_text": TimedTextStream,
    "points": PointsStream,
    "boxes3d": Boxes3dStream,
    "camera": CameraStream,
    "imu": ImuStream,
    "label": LabelStream,
    "tabular": TabularStream,
    "embedding": EmbeddingStream,
}
"""Modality -> what a stream of it may say."""


_BESIDE = "lists such as untouched: and checks: stand beside sample:, not in it"


def choose_stream(raw: Any) -> type[Stream]:
    """The model of a stream, by its modality."""
    modality = raw.get("modality") if isinstance(raw, Mapping) else raw
    if isinstance(raw, Mapping) and "modality" not in raw:
        for key in raw:
            hint = suggest(str(key), ("modality",))
            if hint:
                raise wrong("SA201", f"unknown key {key!r}", hint=hint, path=(key,), key=True)
        expected = f"one of {', '.join(STREAMS)}"
        raise wrong("SA202", "a stream needs 'modality'", expected=expected, key=True)
    path = ("modality",) if isinstance(raw, Mapping) else ()
    if not isinstance(modality, str):
        expected = "a modality, or a mapping with one" if not path else "a modality"
        hint = _BESIDE if isinstance(raw, list) else ""
        message = f"{shown(modality)} is no modality"
        raise wrong("SA203", message, expected=expected, hint=hint, path=path)
    if modality not in STREAMS:
        near = suggest(modality, STREAMS)
        expected = "" if near else f"one of {', '.join(STREAMS)}"
        raise wrong(
            "SA209", f"unknown modality {modality!r}", expected=expected, hint=near, path=path
        )
    return STREAMS[modality]


def read_stream(raw: Any) -> Any:
    """A stream; a bare word is short for its modality."""
    model = choose_stream(raw)
    return fit(model, {"modality": raw} if isinstance(raw, str) else raw)
