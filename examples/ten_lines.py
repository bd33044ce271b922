"""A policy written from nothing in ten lines, on a real photo with boxes and a caption."""

from __future__ import annotations

import json
from pathlib import Path

import albumentations  # noqa: F401 - brings OpenCV, which reads the photo here
import cv2

from syncaug import load_policy

POLICY = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, labels: classes}
  caption: {modality: text, describes: image}
steps:
  - {name: mirror, uses: flip}
  - {name: recolour, uses: colour, with: {hue: -120}}
"""


def main() -> None:
    pets = Path(__file__).parent / "data" / "pets"
    notes = json.loads((pets / "annotations.json").read_text())["dog_and_cat.jpg"]
    photo = cv2.cvtColor(cv2.imread(str(pets / "dog_and_cat.jpg")), cv2.COLOR_BGR2RGB)
    sample = {
        "image": photo,
        "boxes": notes["boxes"],
        "classes": notes["classes"],
        "caption": notes["directional_caption"],
    }
    out = load_policy(POLICY)(sample, key="dog_and_cat")
    print("before:", sample["caption"])
    print("after: ", out["caption"])
    print("the dog moved from", sample["boxes"][0], "to", out["boxes"][0])


if __name__ == "__main__":
    main()
