"""Samples in other forms than numpy's: what it costs beside numpy's form and the bare conversion.

By hand is what one writes around a policy of arrays: the line that turns a tensor or a picture to
an array, the call, and the line that turns the result back. Each stream goes through one step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Report, Run
from benchmarks.timing import one_thread, race
from syncaug import load_policy

__all__ = ["measure"]

KEY = "forms"
AIM = 1.2
SIZE = (480, 640)
FRAMES = 16
FILM = Path(__file__).parent.parent / "examples" / "data" / "bunny" / "bunny.mp4"
FLIP = "{name: it, uses: flip}"
TURN = "{name: it, uses: rotate, with: {degrees: 7}}"
SPEED = "{name: it, uses: trim, with: {start: 0.25, duration: 1.0}}"
_FILM = "{modality: video, fps: 16}"
WORLD = "{name: it, uses: world_rotate, with: {axis: z, degrees: 7}}"


@dataclass(frozen=True, slots=True)
class Case:
    """A stream in a form: its declaration, a step, the value, and the two lines around a call."""

    name: str
    stream: str
    step: str
    value: Any
    take: Callable[[Any], Any]
    back: Callable[[Any], Any]
    beside: dict[str, Any]


def _cases() -> list[Case]:
    import torch
    from PIL import Image

    generator = np.random.default_rng(0)
    photo = generator.integers(0, 256, (*SIZE, 3), dtype=np.uint8)
    planes = torch.from_numpy(photo).permute(2, 0, 1).contiguous()
    classes = torch.from_numpy(generator.integers(0, 9, SIZE))
    metres = torch.from_numpy(generator.uniform(1.0, 9.0, SIZE).astype(np.float32))
    film = planes[None].repeat(FRAMES, 1, 1, 1)
    corners = np.sort(generator.uniform(0.0, 400.0, (50, 2, 2)), axis=1).reshape(-1, 4)
    boxes = torch.from_numpy(corners + np.array([0.0, 0.0, 20.0, 20.0]))
    body = torch.from_numpy(np.c_[generator.uniform(0.0, 400.0, (17, 2)), np.full(17, 2.0)])
    sound = torch.from_numpy(generator.normal(0.0, 0.1, (2, 32000)).astype(np.float32))
    cloud = torch.from_numpy(generator.normal(0.0, 9.0, (100_000, 3)).astype(np.float32))
    beside = {"image": photo}

    def pixels(tensor: Any) -> Any:
        return tensor.movedim(-3, -1).contiguous().numpy()

    def channels_first(array: Any) -> Any:
        return torch.from_numpy(array).movedim(-1, -3).contiguous()

    def array(tensor: Any) -> Any:
        return tensor.numpy()

    video, audio = _FILM, "{modality: audio, sample_rate: 16000}"
    back = torch.from_numpy
    cases = [
        Case("image, tensor", "image", TURN, planes, pixels, channels_first, {}),
        Case("image, float32 tensor", "image", TURN, planes / 255, pixels, channels_first, {}),
        Case("image, float64 array", "image", TURN, photo / 255.0, _single, _double, {}),
        Case("image, picture", "image", TURN, Image.fromarray(photo), np.asarray, _picture, {}),
        Case("image, flipped tensor", "image", FLIP, planes, pixels, channels_first, {}),
        Case("mask, tensor", "mask", TURN, classes, array, back, {}),
        Case("depth, tensor", "depth", TURN, metres, array, back, {}),
        Case("video, tensor", video, FLIP, film, pixels, channels_first, {}),
        Case("boxes, tensor", "boxes", FLIP, boxes, array, back, beside),
        Case("keypoints, tensor", "keypoints", FLIP, body, array, back, beside),
        Case("audio, tensor", audio, SPEED, sound, array, back, {}),
        Case("points, tensor", "points", WORLD, cloud, array, back, {}),
    ]
    return cases


def _single(array: Any) -> Any:
    return array.astype(np.float32)


def _double(array: Any) -> Any:
    return array.astype(np.float64)


def _picture(array: Any) -> Any:
    from PIL import Image

    return Image.fromarray(array)


def measure(run: Run) -> Report:
    """Equal results first; then each form beside the same work by hand, and numpy's form alone."""
    report = Report(f"Forms: pictures of {SIZE[1]}x{SIZE[0]}, {FRAMES} frames, 100,000 points")
    with one_thread():
        for case in _cases():
            _race(report, case, run.seconds)
        _decoder(report, run.seconds)
    return report


def _race(report: Report, case: Case, seconds: float) -> None:
    streams = f"{{it: {case.stream}{', image: image' if case.beside else ''}}}"
    policy = load_policy(f"syncaug: 1\nsample: {streams}\nsteps: [{case.step}]\n")
    form = {"it": case.value, **case.beside}
    plain = {"it": case.take(case.value), **case.beside}

    def by_hand() -> Any:
        out = policy({**form, "it": case.take(case.value)}, key=KEY)
        return {**out, "it": case.back(out["it"])}

    ours, theirs = policy(form, key=KEY)["it"], by_hand()["it"]
    report.check(
        type(ours) is type(theirs) and np.array_equal(np.asarray(ours), np.asarray(theirs)),
        f"{case.name}: equal to the work by hand",
    )
    result = race(
        case.name,
        {
            "converted by hand": by_hand,
            "in its form": lambda: policy(form, key=KEY),
            "numpy's form alone": lambda: policy(plain, key=KEY),
        },
        seconds=seconds,
    )
    report.races.append(result)
    report.ratio(
        f"forms: {case.name}", result, "in its form", "converted by hand", AIM, at_least=False
    )


def _decoder(report: Report, seconds: float) -> None:
    """One second of a film: a decoder of torchcodec, and its frames decoded and turned by hand."""
    import torch
    from torchcodec.decoders import VideoDecoder

    mirror = FLIP.replace("name: it", "name: mirror")
    policy = load_policy(f"syncaug: 1\nsample: {{it: video}}\nsteps: [{SPEED}, {mirror}]\n")
    flip = load_policy(f"syncaug: 1\nsample: {{it: {_FILM}}}\nsteps: [{FLIP}]\n")
    decoder = VideoDecoder(str(FILM))
    shown = policy({"it": decoder}, key=KEY)["it"]
    first = round(0.25 * decoder.metadata.average_fps)
    places = list(range(first, first + len(shown)))

    def by_hand() -> Any:
        frames = decoder.get_frames_at(places).data
        array = frames.movedim(-3, -1).contiguous().numpy()
        return torch.from_numpy(flip({"it": array}, key=KEY)["it"]).movedim(-1, -3).contiguous()

    report.check(torch.equal(by_hand(), shown.data), "video, decoder: the frames of the excerpt")
    result = race(
        "video, decoder",
        {"decoded by hand": by_hand, "in its form": lambda: policy({"it": decoder}, key=KEY)},
        seconds=seconds,
    )
    report.races.append(result)
    report.ratio(
        "forms: video, decoder", result, "in its form", "decoded by hand", AIM, at_least=False
    )
