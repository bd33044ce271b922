"""The square of two scenes: T(render(A), render(B)) beside a render of what T makes of A and B.

`cutmix` puts a screen before A's eye on which B is seen; `mix` lets B be heard and seen for a
while; `mixup` looks through both; `insert` puts B's solid things where A has none. The window and
the span are worked out here again, from what the transforms' descriptions say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug import load_policy
from syncaug.catalogue.transforms import transform as described
from tests.scene.render import MODALITY_OF, declared, render, stream_names
from tests.scene.render_film import FPS
from tests.scene.render_frames import renumbered
from tests.scene.render_sound import RATE
from tests.scene.scene import Scene
from tests.scene.scenes import scenes, some

__all__ = ["COUNT", "MIXED", "mixed", "name_of", "pairs", "parameters", "stays", "wrong"]

LEAST = 0.1
_SEEN = ("image", "video", "mask", "depth", "boxes", "keypoints", "phrases", "text")
MIXED = {
    "mixup": (*_SEEN, "audio", "label"),
    "cutmix": (*_SEEN, "audio", "label"),
    "mix": ("video", "audio", "text", "label"),
    "insert": ("points", "boxes3d"),
}
"""The modalities of the scene that each transform mixes, and whose squares are here."""
COUNT = 9
Sample = dict[str, Any]
Record = Mapping[str, Any]


@lru_cache(maxsize=1)
def pairs() -> list[tuple[Scene, Scene]]:
    """Pairs of scenes that last equally long."""
    found = some(scenes(), 3 * COUNT)[COUNT:]
    return [
        (one, two.change(duration=one.duration, first_duration=one.duration, moment=one.moment))
        for one, two in zip(found[::2], found[1::2], strict=True)
    ]


def parameters(transform: str, number: int) -> dict[str, Any]:
    """Fixed numbers for a transform: what is drawn is not what is proved here."""
    generator = np.random.default_rng(number)
    share = round(float(generator.uniform(0.1, 0.9)), 3)
    places = dict(zip(("x", "y", "at", "partner_at"), generator.random(4).tolist(), strict=True))
    if transform == "cutmix":
        return {"share": share, **places, "least_visible": LEAST}
    if transform == "mix":
        places = {name: places[name] for name in ("at", "partner_at")}
        return {"share": share, **places, "least_visible": LEAST}
    if transform == "mixup":
        return {"share": share, "least_visible": LEAST}
    return {"count": 9, "place": "same", "ground": "keep", "clearance": 0.0, "least_points": 0}


@lru_cache(maxsize=COUNT)
def rendered(number: int) -> tuple[Sample, Sample]:
    """A pair of scenes as samples."""
    one, two = pairs()[number]
    return render(one), renumbered(render(two))


@lru_cache(maxsize=64)
def mixed(transform: str, number: int) -> tuple[Sample, Sample, Sample, dict[str, Any]]:
    """The samples of A and of B, and what the library makes of them."""
    one, _ = pairs()[number]
    given = parameters(transform, number)
    words = json.dumps({**given, **stays(transform)})
    policy = load_policy(
        f"syncaug: 1\nsample:\n{declared(one)}"
        f"steps: [{{name: a, uses: {transform}, with: {words}}}]\n"
    )
    first, second = rendered(number)
    return first, second, policy(first, key="scene", partner=second), given


def name_of(modality: str) -> str:
    """The scene's stream of a modality."""
    scene = pairs()[0][0]
    return next(n for n, (kind, _) in stream_names(scene).items() if MODALITY_OF[kind] == modality)


def stays(transform: str) -> dict[str, str]:
    """`keep` for every stream that the transform cannot mix: without it, SA502."""
    words = described(transform).stream_parameters
    found = stream_names(pairs()[0][0]).items()
    kinds = {name: words.get(MODALITY_OF[kind], {}).get("enum") for name, (kind, _) in found}
    return {name: "keep" for name, enum in kinds.items() if enum == ["keep"]}


def window(given: Mapping[str, Any], width: int, height: int) -> tuple[int, int, int, int]:
    """A window of the picture's shape around a centre, cut by the picture."""
    side = math.sqrt(given["share"])
    across, down = round(width * side), round(height * side)
    left, top = round(given["x"] * width - across / 2), round(given["y"] * height - down / 2)
    return max(left, 0), max(top, 0), min(left + across, width), min(top + down, height)


def screen(given: Mapping[str, Any], like: NDArray[Any]) -> NDArray[np.bool_]:
    """The pixels (H, W) that show B."""
    height, width = like.shape[:2]
    left, top, right, bottom = window(given, width, height)
    y, x = np.mgrid[:height, :width]
    return np.asarray((x >= left) & (x < right) & (y >= top) & (y < bottom))


def span(transform: str, given: Mapping[str, Any], first: Sample) -> tuple[float, float, float]:
    """The seconds that are B's, and where in B they begin."""
    duration = max(first["audio"].shape[1] / RATE, len(first["front_video"]) / FPS)
    share = given["share"]
    if transform == "cutmix":
        share = float(screen(given, first["front_image"]).mean())
    length = share * duration
    start = given["at"] * (duration - length)
    return start, start + length, given["partner_at"] * (duration - length)


def heard(
    transform: str, given: Mapping[str, Any], first: Sample, count: int, rate: float
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """For each sample or frame whether it is B's, by its middle, and which one of B's."""
    start, stop, begin = span(transform, given, first)
    middles = (np.arange(count) + 0.5) / rate
    return (middles >= start) & (middles < stop), np.floor((middles - start + begin) * rate).astype(
        int
    )


def counting(transform: str, given: Mapping[str, Any], first: Sample, second: Sample) -> list[Any]:
    """For A and B: which boxes count, and where they are still seen."""
    height, width = first["front_image"].shape[:2]
    out = []
    for own, sample in ((True, first), (False, second)):
        rows, boxes = [], []
        for row, (left, top, right, bottom) in enumerate(sample["front_boxes"]):
            if transform == "mixup":
                seen = 1 - given["share"] if own else given["share"]
                box = [left, top, right, bottom]
            else:
                a, b, c, d = window(given, width, height)
                low, high = (max(left, a), max(top, b)), (min(right, c), min(bottom, d))
                inside = max(high[0] - low[0], 0.0) * max(high[1] - low[1], 0.0)
                share = inside / ((right - left) * (bottom - top))
                seen, box = (
                    (1 - share, _left_of((left, top, right, bottom), (a, b, c, d)))
                    if own
                    else (
                        share,
                        [*low, *high],
                    )
                )
            if seen >= LEAST and seen > 0:
                rows.append(row)
                boxes.append(box)
        out.append((rows, boxes))
    return out


def _left_of(box: Any, cover: Any) -> list[float]:
    """The rectangle around what a window leaves of a box."""
    left, top, right, bottom = box
    a, b, c, d = cover
    if a < c and b < d and b <= top and bottom <= d and a < right and c > left:
        left, right = (c if a <= left else left), (a if c >= right else right)
    elif a < c and b < d and a <= left and right <= c and b < bottom and d > top:
        top, bottom = (d if b <= top else top), (b if d >= bottom else bottom)
    return [left, top, right, bottom]


def _story(scene: Scene, sample: Sample, rows: list[int]) -> list[str]:
    """What the caption of a scene says when only some of its things are there."""
    phrases, left = sample["front_phrases"], set(rows)
    whole = sample["front_text"].split(". ")
    said: list[str] = []
    sentences = [text.rstrip(".") + "." for text in whole]
    for at in range(0, len(phrases) - 1, 2):
        pair = [row for row in (at, at + 1) if row in left]
        if len(pair) == 2:
            said += sentences[at : at + 2]
        elif pair:
            said.append(f"There is {phrases[pair[0]]}.")
    if len(phrases) % 2 and len(phrases) - 1 in left:
        said.append(sentences[-1])
    return said


def _bare(text: str) -> str:
    """What a text says: without what only makes sentences of its phrases."""
    small = text.lower().replace("; ", ". ").replace("there is ", "").replace("also ", "")
    return small.rstrip(".")


def wrong(transform: str, modality: str, number: int) -> list[str]:
    """What differs between the two ways round, for one modality of one pair of scenes."""
    first, second, out, given = mixed(transform, number)
    one, two = pairs()[number]
    name = name_of(modality)
    own, other, got = first[name], second[name], out[name]
    share = given.get("share", 0.0)
    if modality in ("image", "mask", "depth", "video") and transform == "cutmix":
        picture = screen(given, first["front_image"])
        shown = picture if modality == "mask" or modality == "depth" else picture[..., None]
        return _same(got, np.where(shown, other, own))
    if modality in ("image", "video") and transform == "mixup":
        far = np.abs(got - (own * (1 - share) + other * share)).max()
        return [] if far <= 0.5 + 1e-3 and got.dtype == own.dtype else [f"{far} levels"]
    if modality in ("mask", "depth", "keypoints") and transform == "mixup":
        return _same(got, other if share > 0.5 else own)
    if modality in ("video", "audio") and transform != "mixup":
        rate = FPS if modality == "video" else RATE
        count = len(own) if modality == "video" else own.shape[1]
        theirs, which = heard(transform, given, first, count, rate)
        which = np.clip(which, 0, count - 1)
        if modality == "video":
            return _same(got, np.where(theirs[:, None, None, None], other[which], own))
        wanted = np.where(theirs, other[:, which], own)
        start, stop, _ = span(transform, given, first)
        edge = np.abs((np.arange(count) + 0.5) / rate - np.array([[start], [stop]])).min(axis=0)
        inside = edge > 1.0 / rate  # half a sample at the borders, and half where B is read
        shifts = [
            np.where(theirs, other[:, np.clip(which + s, 0, count - 1)], own) for s in (-1, 0, 1)
        ]
        agree = [np.array_equal(got[:, inside], shifted[:, inside]) for shifted in shifts]
        return [] if any(agree) and got.shape == wanted.shape else ["sound"]
    if modality == "audio":
        far = np.abs(got - ((1 - share) * own + share * other)).max()
        return [] if far < 1e-6 else [f"sound off by {far}"]
    if modality == "keypoints":
        left, top, right, bottom = window(given, *first["front_image"].shape[1::-1])
        x, y = own[:, 0] + 0.5, own[:, 1] + 0.5
        hidden = (x >= left) & (x < right) & (y >= top) & (y < bottom)
        return _same(got, np.stack([own[:, 0], own[:, 1], np.where(hidden, 0.0, own[:, 2])], 1))
    if modality == "label":
        if transform == "cutmix":
            share = float(screen(given, first["front_image"]).mean())
        wanted = np.zeros(10)
        wanted[own] += 1 - share
        wanted[other] += share
        return [] if np.allclose(got, wanted, atol=1e-6) else [f"{got} instead of {wanted}"]
    if modality in ("boxes", "phrases", "text") and transform != "mix":
        (mine, boxes), (theirs, others) = counting(transform, given, first, second)
        if modality == "boxes":
            names = [first["front_classes"][row] for row in mine]
            names += [second["front_classes"][row] for row in theirs]
            if list(out["front_classes"]) != names:
                return [f"{out['front_classes']} instead of {names}"]
            wanted = np.array([*boxes, *others]).reshape(-1, 4)
            return [] if np.allclose(np.array(got).reshape(-1, 4), wanted, atol=1e-6) else ["box"]
        if modality == "phrases":
            wanted_phrases = [first["front_phrases"][row] for row in mine]
            wanted_phrases += [second["front_phrases"][row] for row in theirs]
            loud = [text.lower() for text in got] == [text.lower() for text in wanted_phrases]
            found = all(text in out["front_text"] for text in got)
            return [] if loud and found else [f"{got} instead of {wanted_phrases}"]
        story = _story(one, first, mine) + _story(two, second, theirs)
        flat, plain = _bare(" ".join(story)), _bare(got)
        return [] if plain == flat else [f"{got!r} instead of {' '.join(story)!r}"]
    if modality == "text":  # heard for a share of the time
        texts = [own] * (1 - share >= LEAST) + [other] * (share >= LEAST)
        return [] if got == " ".join(texts) else [f"{got!r} instead of {texts}"]
    return _inserted(modality, first, second, out)


def _same(got: Any, wanted: Any) -> list[str]:
    wanted = np.asarray(wanted).astype(got.dtype)
    return [] if np.array_equal(got, wanted, equal_nan=True) else ["not the same"]


def _inserted(modality: str, first: Sample, second: Sample, out: Sample) -> list[str]:
    """B's things stand where they stood, as many as there is room for, with what lies in them."""
    own, other = first["boxes3d"], second["boxes3d"]
    came = [
        row
        for row in range(len(other))
        if any(np.array_equal(other[row], box) for box in out["boxes3d"][len(own) :])
    ]
    boxes = np.concatenate([own, other[came]])
    if modality == "boxes3d":
        wrong = (
            [] if {tuple(b) for b in out["boxes3d"]} == {tuple(b) for b in boxes} else ["things"]
        )
        for row in range(len(other)):  # what stayed out had no room
            rest = [
                box
                for index, box in enumerate(boxes)
                if index != len(own) + (came.index(row) if row in came else -9)
            ]
            meets = any(_meet(other[row], box) for box in rest)
            wrong += [f"thing {row}"] if meets == (row in came) else []
        names = sorted([*first["things"], *(second["things"][row] for row in came)])
        return wrong + ([] if sorted(out["things"]) == names else ["names"])
    stay = ~np.any(
        [_inside(first["points"], box, 0.05) for box in other[came]]
        or [np.zeros(len(first["points"]), bool)],
        axis=0,
    )
    bring = [second["points"][_inside(second["points"], box, 0.05)] for box in other[came]]
    wanted = np.concatenate([first["points"][stay], *bring])
    if len(wanted) != len(out["points"]):
        return [f"{len(out['points'])} points instead of {len(wanted)}"]
    rows = [sorted(map(tuple, np.round(p.astype(float), 4))) for p in (out["points"], wanted)]
    return [] if np.allclose(*rows, atol=2e-4) else ["points"]


def _frame(box: Any) -> tuple[complex, complex]:
    return complex(box[0], box[1]), complex(np.exp(1j * box[6]))


def _inside(points: Any, box: Any, floor: float) -> Any:
    middle, way = _frame(box)
    flat = (points[:, 0] + 1j * points[:, 1] - middle) / way
    up = points[:, 2] - (box[2] - box[5] / 2)
    return (
        (np.abs(flat.real) <= box[3] / 2)
        & (np.abs(flat.imag) <= box[4] / 2)
        & (up >= floor)
        & (up <= box[5])
    )


def _meet(one: Any, two: Any) -> bool:
    """Whether two upright boxes share a point, by a fine grid of each in the other."""
    for a, b in ((one, two), (two, one)):
        middle, way = _frame(a)
        u, v = np.meshgrid(np.linspace(-0.5, 0.5, 201), np.linspace(-0.5, 0.5, 201))
        flat = middle + way * (u * a[3] + 1j * v * a[4])
        grid = np.stack([flat.real.ravel(), flat.imag.ravel(), np.full(flat.size, b[2])], axis=1)
        if _inside(grid, b, -9.0).any() and abs(a[2] - b[2]) < (a[5] + b[5]) / 2:
            return True
    return False
