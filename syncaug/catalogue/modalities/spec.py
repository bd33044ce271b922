"""The description of a modality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["ModalitySpec"]


@dataclass(frozen=True, slots=True)
class ModalitySpec:
    """Where streams of a modality live and what each kind of map does to them.

    `spaces` are the kinds of space that they live in. `carries` says for each kind of map that
    carries them what it does, in a few words; `unaffected` says why others do nothing, and why
    some do nothing to streams that live outside of the map's space. Streams of `media` are sampled
    in time: the longest gives the length of its clock. A `picture` gives the size of its plane.
    What is `spoken` is about a plane or a stream. The names of things that `names_sides` stay in a
    mirror until `sides:` says otherwise. `opencv` says that OpenCV carries them. `cheap` are those
    of a few numbers or words: carrying them costs next to nothing beside the others. Streams of a
    `framed` modality that name a clock hold an entry for each frame of a film. Those that
    hold `rows` can be streams of a group, in which row n of each is the same thing. What `writes`
    is texts: they name colours and sides, and may write places of their picture, whose size they
    then know.
    """

    name: str
    spaces: tuple[str, ...]
    carries: Mapping[str, str]
    unaffected: Mapping[str, str] = field(default_factory=dict)
    media: bool = False
    picture: bool = False
    spoken: bool = False
    names_sides: bool = False
    opencv: bool = False
    cheap: bool = False
    framed: bool = False
    rows: bool = False
    writes: bool = False

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why each kind of map does nothing: what no map of pixels moves, no warp moves either."""
        stays = self.unaffected.get("plane")
        return {"field": stays, **self.unaffected} if stays else self.unaffected
