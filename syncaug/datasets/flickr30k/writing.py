"""Samples written as Flickr30k Entities: one image, one sentence and one file of boxes for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from syncaug.datasets.folder import numbered, write_all
from syncaug.datasets.pictures import write_picture
from syncaug.datasets.problem import require
from syncaug.datasets.samples import SOURCE
from syncaug.io.atomic import write_bytes

__all__ = ["layout", "write"]


def write(samples: Iterable[Mapping[str, Any]], root: str | Path, *, jpeg_quality: int = 0) -> None:
    """Write samples, as `samples` gives them, into a new folder.

    Each result is an image of its own with one sentence, since results of the sentences of one
    image differ; it is named by the image, the sentence and a number. Images become PNG, or JPEG of
    a quality above 0. Boxes are rounded to whole pixels, as the format has them. Raises
    ManifestError where a sample cannot be written; the samples before it are whole.
    """
    write_all(samples, root, FlickrLayout(jpeg_quality))


def layout(jpeg_quality: int = 0, meta: Any = None) -> FlickrLayout:
    """How a data set of this kind is written, file by file."""
    return FlickrLayout(jpeg_quality)


@dataclass(frozen=True, slots=True)
class FlickrLayout:
    """How Flickr30k Entities lies in a folder."""

    jpeg_quality: int = 0

    def told(self, source: Mapping[str, Any]) -> str:
        """The image and the sentence of a sample."""
        return str(source.get("key", ""))

    def named(self, told: str, number: int, again: int) -> str:
        """Their names, with a number for each further result."""
        return numbered((told or str(number)).replace("#", "_"), again, "_")

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the files of one sample; its name."""
        require(sample, "image", "caption", "boxes", "phrases")
        source = sample.get(SOURCE, {})
        boxes = np.asarray(sample["boxes"], float).reshape(-1, 4)
        entities = [int(entity) for entity in sample.get("entities", range(1, len(boxes) + 1))]
        kinds = list(sample.get("kinds", [["other"]] * len(boxes)))
        marked = [
            (phrase, entity, kind)
            for phrase, entity, kind in zip(sample["phrases"], entities, kinds, strict=True)
            if phrase
        ]
        marked += map(tuple, source.get("unboxed", ()))
        sentence = _marked(sample["caption"], _in_order(source.get("phrases", ()), marked))
        folder = root / "flickr30k-images"
        image, picture = write_picture(
            folder, name, sample["image"], jpeg_quality=self.jpeg_quality
        )
        for other in ("Sentences", "Annotations"):
            (root / other).mkdir(exist_ok=True)
        tree = _annotation(image, picture, boxes, entities)
        write_bytes(root / "Annotations" / f"{name}.xml", tree)
        write_bytes(root / "Sentences" / f"{name}.txt", f"{sentence}\n".encode())
        return {"name": name}

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the list of images."""
        text = "".join(f"{row['name']}\n" for row in rows)
        write_bytes(root / "train.txt", text.encode())


def _in_order(
    came: Iterable[tuple[str, int]], marked: list[tuple[str, int, Any]]
) -> list[tuple[str, int, Any]]:
    """The phrases in the order in which they came; of kinds None where the result has none.

    Those keep their place, so that of the same words twice the second are not marked as the first.
    """
    own: dict[int, list[tuple[str, int, Any]]] = {}
    for phrase in marked:
        own.setdefault(phrase[1], []).append(phrase)
    ordered: list[tuple[str, int, Any]] = []
    seen: set[int] = set()
    for words, entity in came:
        if entity in own:
            ordered += own.pop(entity)
        elif entity not in seen:
            ordered.append((words, entity, None))
        seen.add(entity)
    return ordered + [phrase for rest in own.values() for phrase in rest]


def _marked(caption: str, phrases: Iterable[tuple[str, int, Any]]) -> str:
    """The caption with its phrases in brackets, each where it stands first and unmarked.

    Longer phrases come first, so that none is marked inside of another, and none inside of a word.
    """
    marks: list[tuple[int, int, str]] = []
    done: set[tuple[str, int]] = set()
    for phrase, entity, kinds in sorted(phrases, key=lambda one: -len(one[0])):
        if (phrase, entity) in done:
            continue  # a further box of the same phrase
        done.add((phrase, entity))
        places = re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", caption)
        free = (
            found.start()
            for found in places
            if not any(a < found.end() and found.start() < b for a, b, _ in marks)
        )
        start = next(free, -1)
        if start >= 0:
            text = phrase if kinds is None else f"[/EN#{entity}/{'/'.join(kinds)} {phrase}]"
            marks.append((start, start + len(phrase), text))
    for start, stop, text in sorted(marks, reverse=True):
        caption = caption[:start] + text + caption[stop:]
    return caption


def _annotation(image: str, picture: Any, boxes: Any, entities: list[int]) -> bytes:
    """The XML of an image's boxes, in pixels counted from 1."""
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "filename").text = image
    size = ElementTree.SubElement(root, "size")
    height, width, depth = (*picture.shape, 1)[:3]
    for name, value in (("width", width), ("height", height), ("depth", depth)):
        ElementTree.SubElement(size, name).text = str(value)
    for box, entity in zip(np.rint(boxes).astype(int).tolist(), entities, strict=True):
        thing = ElementTree.SubElement(root, "object")
        ElementTree.SubElement(thing, "name").text = str(entity)
        frame = ElementTree.SubElement(thing, "bndbox")
        x0, y0, x1, y1 = box
        corners = {"xmin": x0 + 1, "ymin": y0 + 1, "xmax": max(x1, x0 + 1), "ymax": max(y1, y0 + 1)}
        for name, value in corners.items():
            ElementTree.SubElement(frame, name).text = str(value)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root)
    return text + b"\n"
