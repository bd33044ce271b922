"""The pictures of the documentation: a rendered scene, carried by each transform in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

from syncaug import load_policy
from syncaug.augmenter import Augmenter
from syncaug.catalogue.transforms import transform, transform_names
from syncaug.plan.plan import Plan, Stream
from syncaug.plan.spaces import LIVES_IN
from tests.scene.lenses import lensed
from tests.scene.refusals import carried_by
from tests.scene.render import EVERY, declared, render
from tests.scene.scenes import scenes, some
from tools.docs.examples import EXAMPLES, SHOWN
from tools.docs.panels import INK, PANEL, PAPER, draw_panel, font

__all__ = ["write_pictures"]

_ACROSS = 4
_HEAD = 20
_QUALITY = 82
_OF_MODALITY: Mapping[str, Sequence[str]] = {
    "plane": ("flip", "crop", "rotate"),
    "clock": ("trim", "speed", "reverse"),
    "world": ("world_rotate", "world_scale", "flip"),
    "": ("mixup", "cutmix"),
    "disparity": ("flip", "crop", "resize"),
}
"""Kind of space, or a modality -> the transforms that a page of a modality shows."""


def write_pictures(docs: Path) -> int:
    """One picture for each transform and each modality; how many were written."""
    for name in transform_names():
        _transform_picture(name).save(
            docs / "transforms" / "img" / f"{name}.jpg", quality=_QUALITY, optimize=True
        )
    for modality in LIVES_IN:
        _modality_picture(modality).save(
            docs / "modalities" / "img" / f"{modality}.jpg", quality=_QUALITY, optimize=True
        )
    return len(transform_names()) + len(LIVES_IN)


@cache
def _samples(name: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """For a transform a declaration, and two samples: the one that is carried, and its partner."""
    kinds = carried_by(EVERY, [name])
    full = [scene for scene in some(scenes(), 30) if len(scene.shapes) == 4]
    first = next(scene for scene in full if "left" in render(scene, {"text"})["front_text"])
    second = next(scene for scene in full if scene is not first)
    if "lens" in transform(name).makes:
        first = lensed(first)
    return declared(first, kinds), render(first, kinds), render(second, kinds)


def _policy(name: str) -> Augmenter:
    step = {"name": "shown", "uses": name, **EXAMPLES[name], **SHOWN.get(name, {})}
    step.pop("p", None)
    step["with"] = {**step.get("with", {}), **_kept(name)}
    written = yaml.safe_dump([step], sort_keys=False)
    text = f"syncaug: 1\nname: shown\nsample:\n{_samples(name)[0]}steps:\n{written}"
    return load_policy(text + "on_fail: {retry: 100}\n")


def _kept(name: str) -> dict[str, str]:
    """The word `keep` for each stream that a mixing transform asks it of."""
    if "mix" not in transform(name).makes:
        return {}
    words = transform(name).stream_parameters
    streams: dict[str, Any] = yaml.safe_load(_samples(name)[0])
    kinds = {key: one if isinstance(one, str) else one["modality"] for key, one in streams.items()}
    uncoded = ("decode", "nearest")  # what needs an encoder, or goes with what does
    return {
        key: "keep"
        for key, kind in kinds.items()
        if words.get(kind, {}).get("enum") == ["keep"]
        or (words.get(kind, {}).get("enum", [""])[0] in uncoded and kind != "embedding")
    }


@cache
def _carried(name: str) -> tuple[Plan, dict[str, Any]]:
    """The plan of a policy of one step, and the sample after it."""
    policy = _policy(name)
    _, sample, partner = _samples(name)
    mixes = "mix" in transform(name).makes
    given = {"partner": partner, "partner_key": "partner"} if mixes else {}
    return policy.plan, policy(sample, key="docs", **given)


def _transform_picture(name: str) -> Image.Image:
    """The streams that the transform carries: before above after."""
    plan, after = _carried(name)
    before = _samples(name)[1]
    step = plan.steps[0]
    streams = [stream for stream in plan.streams if step.streams.get(stream.name)]
    pairs = [
        (stream.name, draw_panel(stream, before, plan), draw_panel(stream, after, plan))
        for stream in streams
    ]
    return _sheet(pairs)


def _modality_picture(modality: str) -> Image.Image:
    """One stream of the modality as it is, and after three transforms of its space."""
    kind = next(iter(LIVES_IN[modality]), "")
    plan, _ = _carried("flip")
    stream = next(one for one in plan.streams if one.modality == modality)
    columns = [("as it is", draw_panel(stream, _samples("flip")[1], plan))]
    for name in _OF_MODALITY.get(modality, _OF_MODALITY[kind]):
        other, after = _carried(name)
        columns.append((name, draw_panel(_same(other, stream), after, other)))
    width, height = PANEL
    sheet = Image.new("RGB", (len(columns) * (width + 8) + 8, height + _HEAD + 12), PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, (title, panel) in enumerate(columns):
        left = 8 + index * (width + 8)
        draw.text((left, 4), title, INK, font(13))
        sheet.paste(panel, (left, _HEAD + 4))
    return sheet


def _same(plan: Plan, stream: Stream) -> Stream:
    return plan.stream(stream.name)


def _sheet(pairs: Sequence[tuple[str, Image.Image, Image.Image]]) -> Image.Image:
    """Pairs of panels side by side, `_ACROSS` in a row."""
    width, height = PANEL
    across = min(_ACROSS, len(pairs))
    rows = -(-len(pairs) // across)
    tall = _HEAD + 2 * height + 18
    sheet = Image.new("RGB", (across * (width + 8) + 8, rows * tall + 8), PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, (title, before, after) in enumerate(pairs):
        left, top = 8 + (index % across) * (width + 8), 4 + (index // across) * tall
        draw.text((left, top), f"{title}: before, after", INK, font(13))
        sheet.paste(before, (left, top + _HEAD))
        sheet.paste(after, (left, top + _HEAD + height + 4))
    return sheet
