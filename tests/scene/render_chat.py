"""A conversation about the pictures of a scene: what each shows, and where its shapes lie."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

from tests.scene.render_marks import boxes_of
from tests.scene.render_words import caption_of
from tests.scene.scene import Eye, Scene

__all__ = ["chat_of", "silent", "told"]

_NUMBER = re.compile(r"-?\d+\.\d+")


def chat_of(scene: Scene) -> list[dict[str, Any]]:
    """For each eye a question with its picture, and an answer with a caption and with boxes."""
    turns: list[dict[str, Any]] = [{"role": "system", "content": "You know left from right."}]
    for number, eye in enumerate(scene.eyes, start=1):
        asked = {"type": "text", "text": f"Where are the shapes in image {number}?"}
        answers = [f"Image {number}: {caption_of(scene, eye)}", _listed(scene, eye)]
        turns += [
            {"role": "user", "content": [{"type": "image"}, asked]},
            {"role": "assistant", "content": [{"type": "text", "text": t} for t in answers]},
        ]
    return turns


def _listed(scene: Scene, eye: Eye) -> str:
    """The shapes that the picture shows, as JSON with three decimals."""
    items = [
        f'{{"bbox_2d": [{", ".join(f"{edge:.3f}" for edge in box)}], '
        f'"label": {json.dumps(scene.shapes[index].outline)}}}'
        for index, box in boxes_of(scene, eye)
    ]
    return f"[{', '.join(items)}]"


def told(chat: list[dict[str, Any]]) -> tuple[str, list[float]]:
    """A conversation without the decimals in it, and these."""
    text = json.dumps(chat)
    return _NUMBER.sub("#", text), [float(found) for found in _NUMBER.findall(text)]


def silent(chat: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conversation without a word in what people and models say."""
    chat = copy.deepcopy(chat)
    for turn in chat[1:]:
        for part in turn["content"]:
            if "text" in part:
                part["text"] = ""
    return chat
