"""Samples of Flickr30k Entities: one for each sentence, with the boxes of its phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from syncaug.datasets.listing import listed
from syncaug.datasets.problem import (
    located,
    require_folder,
    require_plain,
    text_lines,
)
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.pictures import read_image

__all__ = ["PHRASE", "STREAMS", "samples", "streams"]

STREAMS: Mapping[str, Any] = {
    "image": {"modality": "image"},
    "caption": {"modality": "text", "describes": "image"},
    "boxes": {"modality": "boxes", "labels": ["entities", "kinds"], "outside": "clip"},
    "phrases": {"modality": "phrases", "boxes": "boxes", "text": "caption"},
}
"""What a policy declares of the samples, for its key `sample:`; `untouched: [source]` beside it."""

PHRASE = re.compile(r"\[/EN#(\d+)((?:/[a-z]+)+) ([^\]]*)\]")
"""A phrase in a sentence: the number of its entity, what kinds of thing it is, and its words."""

_IMAGES = ("flickr30k-images", "flickr30k_images", "images", "Images", ".")
_FORM = "Flickr30k Entities: Sentences/*.txt, Annotations/*.xml and flickr30k-images/*.jpg"

Box = tuple[float, float, float, float]


def streams(root: str | Path, split: str = "") -> dict[str, Any]:
    """`STREAMS`, for the key `sample:` of a policy."""
    return {name: dict(declared) for name, declared in STREAMS.items()}


def samples(root: str | Path, split: str = "") -> Samples:
    """The sentences of all images; keys are the image's name and the sentence's number ("36979#0").

    `split` names a list of images, `<split>.txt`, as the data set brings them. Raises
    ManifestError.

    Each sample has `image` (HxWx3, RGB), `caption`, `boxes` (Nx4 corners in pixels), `phrases` (N
    texts, each part of the caption), `entities` (N numbers) and `kinds` (N lists of kinds, such as
    ["people"]); and `source`. A phrase with several boxes has a row for each of them.
    """
    folder = Path(root)
    require_folder(folder, _FORM)
    if split:
        names = text_lines(folder / f"{split}.txt")
        for name in names:
            require_plain(name.strip(), "an image", folder / f"{split}.txt")
    else:
        names = [path.stem for path in listed(folder / "Sentences", "*.txt")]
    if not names:
        raise ManifestError(f"{folder}: expected {_FORM}; got no sentences")
    places = [
        (name.strip(), number)
        for name in names
        for number in range(len(text_lines(folder / "Sentences" / f"{name.strip()}.txt")))
    ]
    keys = tuple(f"{name}#{number}" for name, number in places)
    return Samples(keys, _Loader(folder, tuple(places)))


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the sample of an index."""

    root: Path
    places: tuple[tuple[str, int], ...]

    def __call__(self, index: int) -> dict[str, Any]:
        name, number = self.places[index]
        path = self.root / "Sentences" / f"{name}.txt"
        line = text_lines(path)[number].strip()
        boxes = _boxes(self.root / "Annotations" / f"{name}.xml")
        image = self._image(name)
        with located(f"{self.root}: image {name}"):
            picture = read_image(image, {"channels": "rgb"})
        rows = [
            (box, words, int(entity), kinds[1:].split("/"))
            for entity, kinds, words in PHRASE.findall(line)
            for box in boxes.get(entity, ())
        ]
        return {
            "image": picture,
            "caption": PHRASE.sub(lambda found: found[3], line),
            "boxes": np.array([row[0] for row in rows], float).reshape(-1, 4),
            "phrases": [row[1] for row in rows],
            "entities": [row[2] for row in rows],
            "kinds": [row[3] for row in rows],
            SOURCE: {
                "key": f"{name}#{number}",
                "name": name,
                # in their order, so that of the same words twice each is marked in its place
                "phrases": [[words, int(entity)] for entity, _, words in PHRASE.findall(line)],
                # phrases without a box are marked in the sentence, too
                "unboxed": [
                    [words, int(entity), kinds[1:].split("/")]
                    for entity, kinds, words in PHRASE.findall(line)
                    if entity not in boxes
                ],
            },
        }

    def _image(self, name: str) -> Path:
        for folder in _IMAGES:
            for suffix in (".jpg", ".png"):
                if (path := self.root / folder / f"{name}{suffix}").is_file():
                    return path
        raise ManifestError(
            f"{self.root}: expected image {name}.jpg in one of {', '.join(_IMAGES[:-1])}; got none"
        )


def _boxes(path: Path) -> dict[str, list[Box]]:
    """The boxes of each entity, as edges in pixels.

    The files count pixels from 1, the last one included.
    """
    found: dict[str, list[Box]] = {}
    try:
        data = path.read_bytes()
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise ManifestError(f"{path}: expected plain XML; got one that declares entities")
        tree = ElementTree.fromstring(data)
        for thing in tree.iter("object"):
            frame = thing.find("bndbox")
            if frame is None:
                continue
            x0, y0, x1, y1 = (
                float(frame.findtext(n, "")) for n in ("xmin", "ymin", "xmax", "ymax")
            )
            for name in thing.iter("name"):
                found.setdefault((name.text or "").strip(), []).append((x0 - 1, y0 - 1, x1, y1))
    except OSError as error:
        raise ManifestError(f"{path}: expected the boxes of an image; {error.strerror}") from None
    except (ElementTree.ParseError, ValueError) as error:
        raise ManifestError(
            f"{path}: expected the boxes of an image; it is damaged: {error}"
        ) from None
    return found
