"""What streams of several modalities may say."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from syncaug.policy.base import AsTuple, Model
from syncaug.policy.stream_values import Fill, Labels, Name, Rate, RowsName, SpaceName

__all__ = [
    "SIDES",
    "Coloured",
    "Filled",
    "Fitting",
    "InContainer",
    "InEgo",
    "InWorld",
    "Labelled",
    "Listed",
    "OnClock",
    "OnFilm",
    "OnPlane",
    "Raster",
    "Rowed",
    "Stream",
]


class Stream(Model):
    """What every stream may say."""

    what: ClassVar[str] = "a stream"
    others: ClassVar[str] = "keys/a stream"
    modality: str = Field(description="What kind of data the stream is.")
    optional: bool = Field(False, description="Whether a sample may lack this stream.")
    description: str = Field("", description="What the stream holds, for people.")
    lane: str = Field(
        "",
        min_length=1,
        description="What carries the stream, of those that installed packages bring; the "
        "library's own without it.",
    )

    @classmethod
    def elsewhere(cls, key: str) -> str:
        """A key of another modality."""
        from syncaug.policy.streams import STREAMS  # the table of all models stands above them

        kinds = [kind for kind, model in STREAMS.items() if key in model.keys()]  # noqa: SIM118
        return f"it belongs to {', '.join(kinds)}" if kinds else ""


class OnPlane(Stream):
    """A stream that shares the pixels of a camera."""

    plane: SpaceName = Field(
        "", description="The camera whose pixels the stream shares; the only one without it."
    )
    swap: Annotated[tuple[SpaceName, ...], AsTuple, Field(min_length=2, max_length=2)] = Field(
        (),
        description="The planes of the left and the right picture of a stereo pair: all of their "
        "streams trade places in a mirror. One stream of the pair declares it for all.",
    )


class OnClock(Stream):
    """A stream that shares a time line."""

    clock: SpaceName = Field(
        "", description="The time line that the stream shares; the only one without it."
    )
    offset: float = Field(
        0.0,
        ge=-1e12,
        le=1e12,
        description="Seconds on the clock at which the stream begins; it stays so.",
    )


class OnFilm(Stream):
    """A stream that marks one picture, or each frame of a film."""

    clock: SpaceName = Field(
        "",
        description="The clock of the film whose frames are marked, with an entry for each frame; "
        "time chooses them as it chooses frames. Without it one picture is marked.",
    )
    offset: float = Field(
        0.0,
        ge=-1e12,
        le=1e12,
        description="Seconds on the clock at which annotations without a film begin.",
    )
    fps: Rate = Field(0.0, description="Entries in a second, where no film on the clock says it.")


class InContainer(OnClock):
    """A stream that a container of media may hold."""

    track: int = Field(
        0, ge=0, description="Which track of its kind to read from a container, from 0."
    )


class InWorld(Stream):
    """A stream that shares a 3-D space."""

    world: SpaceName = Field(
        "", description="The 3-D space that the stream shares; the only one without it."
    )


class InEgo(InWorld):
    """A stream that may live in the own world of a vehicle, whose place on a map is known."""

    ego_pose: Name = Field(
        "",
        description="The sample's key of a 4x4 matrix that takes the world to a map around it, as "
        "ego_to_world does. The map stays: what moves the world moves this pose the other way.",
    )


class Filled(Stream):
    """A stream of arrays of cells."""

    layout: Literal["hwc", "chw"] = Field(
        "hwc",
        description="Whether channels come last or first; without it they come last in arrays and "
        "first in tensors of torch.",
    )
    fill: Fill = Field(0, description="What shows where the picture ends, in its own units.")


class Raster(OnPlane, Filled):
    """A stream of arrays of pixels."""


class Rowed(Stream):
    """A stream of rows, which may be those of other streams too."""

    rows: RowsName = Field(
        "",
        description="The name of what its rows are, such as person. Row n of all streams with that "
        "name is the same thing: rows live, die and join together. none says that they are of no "
        "other stream's things.",
    )
    lead: bool = Field(
        False,
        description="Whether the rows of its group live and die with this stream; without one the "
        "first declared leads.",
    )


class Listed(Stream):
    """A stream beside whose entries lists may run."""

    labels: Labels = Field(
        "",
        description="The sample's key, or keys, of lists with one entry for each row: classes, ids "
        "... They go where the rows go. One named area is computed anew: times the share of the "
        "thing that is still seen, times the enlargement. One named velocity beside boxes3d turns "
        "and grows with the world.",
    )


class Labelled(Rowed, Listed):
    """A stream of rows, with lists beside them and an identity for each."""

    ids: Name = Field(
        "",
        description="The sample's key of a list with the identity of each row: a number or a text, "
        "no two alike. It goes where the rows go, unchanged.",
    )


class Fitting(Labelled):
    """A stream of rows to which boxes may be fitted."""

    fit: Name = Field(
        "",
        description="A stream of boxes of the same rows, each of which becomes the rectangle "
        "around what is left of its row here.",
    )


SIDES: Any = Field(
    "",
    description="What a mirror does to names of sides, such as left_hand: swap, keep, or pairs of "
    "names or numbers, {swap: [[3, 4]]}. Without it they stay, with a warning.",
)


class Coloured(Raster):
    """A stream of pictures with channels."""

    channels: Literal["", "grey", "grey_alpha", "rgb", "rgba", "bgr", "bgra", "spectral"] = Field(
        "",
        description="What the channels are; without it 1 is grey, 3 are RGB, a 2nd or 4th is alpha "
        "and more are bands of light. Alpha, and what follows rgb or bgr, keeps its levels.",
    )
