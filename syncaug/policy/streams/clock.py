"""Streams of the clock: what is sampled in time."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from syncaug.policy.stream_values import Name, Names, Rate, Sensors, SpaceName
from syncaug.policy.streams.base import Coloured, InContainer, InWorld, OnClock, OnPlane

__all__ = ["AudioStream", "EmbeddingStream", "ImuStream", "VideoStream"]


class VideoStream(Coloured, InContainer):
    """Pictures in time: TxHxWxC with fps, or frames with timestamps."""

    what: ClassVar[str] = "a video stream"
    modality: Literal["video"] = Field(description="Pictures in time.")
    fps: Rate = Field(0.0, description="Frames in a second, where the sample does not say.")


class AudioStream(InContainer, OnPlane):
    """Sound: (C, T) or (T,) float32."""

    what: ClassVar[str] = "an audio stream"
    modality: Literal["audio"] = Field(description="Sound.")
    sample_rate: int = Field(
        0, gt=0, description="Samples in a second, where the sample does not say."
    )
    spatial: bool = Field(True, description="Whether left and right channels follow a mirror.")


class ImuStream(OnClock, InWorld):
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


class EmbeddingStream(OnClock):
    """A vector, or one for each moment."""

    what: ClassVar[str] = "an embedding stream"
    modality: Literal["embedding"] = Field(description="A latent vector, or one for each moment.")
    rate: Rate = Field(0.0, description="Vectors in a second, where there are several.")
    encodes: Name = Field(
        "",
        description="The stream of which an encoder makes the vector, after all that the stream "
        "has met; no sample brings it. The steps that reach it name the encoder.",
    )
