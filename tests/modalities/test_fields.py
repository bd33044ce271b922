"""Heat maps, flow and normals: what is admitted, what is refused, and numbers told by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from syncaug import PolicyError, SampleError, SampleWarning, load_policy
from syncaug.maps.bearing import Bearing
from syncaug.maps.numbers import as_matrix
from syncaug.maps.plane import PlaneMap

H, W = 12, 20


def carried(stream: str, value: Any, steps: str, **others: Any) -> Any:
    """What becomes of one stream `it` beside a picture of its size, and of other streams."""
    more = "".join(f", {name}: {name}" for name in others)
    sample = f"{{image: image, it: {stream}{more}}}"
    policy = load_policy(f"syncaug: 1\nsample: {sample}\nsteps: {steps}\n")
    picture = np.zeros((H, W, 3), np.uint8)
    return policy({"image": picture, "it": value, **others}, key=1)["it"]


def step(name: str, **given: Any) -> str:
    words = ", ".join(f"{key}: {value}" for key, value in given.items())
    return f"[{{name: a, uses: {name}, with: {{{words}}}}}]"


def flow(u: float, v: float) -> Any:
    return np.broadcast_to(np.float32([u, v]), (H, W, 2)).copy()


# Flow


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (step("flip"), (-3.0, 1.0)),
        (step("flip", axis="vertical"), (3.0, -1.0)),
        (step("rotate", degrees=90, expand="true"), (1.0, -3.0)),
        (step("resize", height=24, width=10), (-0.0 + 1.5, 2.0)),
        (step("crop", area=0.5, x=0, y=0), (3.0, 1.0)),
        (step("translate", x=0.1, y=0), (3.0, 1.0)),
        (step("light", value=0.3), (3.0, 1.0)),
    ],
)
def test_vectors_turn_mirror_and_scale(steps: str, wanted: tuple[float, float]) -> None:
    out = carried("flow", flow(3.0, 1.0), steps)
    known = ~np.isnan(out).any(axis=-1)
    assert known.mean() > 0.7
    assert np.abs(out[known] - wanted).max() < 1e-5


def test_fractions_are_of_the_picture_that_is_there() -> None:
    out = carried(
        "{modality: flow, unit: fraction}", flow(0.1, 0.2), step("resize", height=24, width=10)
    )
    assert np.abs(out - (0.1, 0.2)).max() < 1e-6


def test_a_flow_that_is_not_known_stays_so_and_nothing_is_mixed_with_it() -> None:
    given = flow(2.0, 0.0)
    given[4:6, 6:9, 0] = np.nan
    out = carried("flow", given, step("scale", factor=1.5))
    known = ~np.isnan(out).any(axis=-1)
    assert 0 < (~known).sum() < 20
    assert np.abs(out[known] - (3.0, 0.0)).max() < 1e-5


def test_no_vector_lies_between_those_of_two_things() -> None:
    given = flow(8.0, 0.0)
    given[:, W // 2 :, 0] = -8.0
    out = carried("flow", given, step("rotate", degrees=10))
    lengths = np.linalg.norm(out[~np.isnan(out).any(axis=-1)], axis=-1)
    assert np.abs(lengths - 8.0).max() < 1e-5


def test_both_ends_of_a_vector_are_seen_in_perspective() -> None:
    corners = "[0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]"
    camera = {"K": np.array([[20.0, 0, 9.5], [0, 20, 5.5], [0, 0, 1]]), "size": (W, H)}
    y, x = np.mgrid[:H, :W]
    given = np.stack([2.0 + 0.05 * x, 1.0 - 0.05 * y], axis=-1)
    policy = load_policy(
        "syncaug: 1\nsample: {it: flow, camera: camera}\n"
        f"steps: {step('perspective', corners=corners)}\n"
    )
    out, record = policy.apply({"it": given, "camera": camera}, key=1)
    assert record is not None
    from syncaug.transforms.perspective import homography

    moves = [0.05, 0.02, -0.03, 0.04, 0.02, -0.05, 0.06, 0.01]
    plane = PlaneMap(homography(moves, (W, H)), (W, H), (W, H))
    for place in ((5.0, 4.0), (12.0, 8.0), (15.0, 3.0)):
        start = np.array(place)
        end = start + np.array([2.0 + 0.05 * place[0], 1.0 - 0.05 * place[1]])
        there, far = plane.points(np.array([start, end]))
        column, row = np.rint(there).astype(int)
        assert np.abs(out["it"][row, column] - (far - there)).max() < 0.06


def test_both_ends_of_a_vector_are_found_in_a_field() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, it: flow, dots: {modality: keypoints, labels: n}}\n"
        "steps: [{name: a, apply: {image: {op: albumentations.ElasticTransform, alpha: 40, "
        "sigma: 6}, it: follow, dots: follow}}]\n"
    )
    size = 64
    starts = np.array([[20.0, 20], [40, 30], [30, 45]])
    given = np.full((size, size, 2), (6.0, -4.0), np.float32)
    dots = np.concatenate([starts, starts + np.array([6.0, -4.0])])
    sample = {
        "image": np.zeros((size, size, 3), np.uint8),
        "it": given,
        "dots": dots,
        "n": list("abcdef"),
    }
    out = policy(sample, key=3)
    for start, end in zip(out["dots"][:3], out["dots"][3:], strict=True):
        column, row = np.rint(start).astype(int)
        assert np.abs(out["it"][row, column] - (end - start)).max() < 0.3


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.full((H, W, 3), 128, np.uint8), r"Levels around 128 .* colour wheel is no flow"),
        (np.full((H, W, 3), 32768, np.uint16), r"KITTI's levels"),
        (np.zeros((H, W, 3), np.float32), r"third channel of validity becomes NaN"),
        (np.zeros((2, H, W), np.float32), r"layout: chw"),
        (np.full((H, W, 2), 1e10, np.float32), r"Middlebury's mark"),
        (np.zeros((5, H, W, 2), np.float32), r"array of float32 with shape \(5, "),
        ([[1.0, 2.0]], r"expected a flow"),
    ],
)
def test_coded_flow_is_refused_with_what_to_do(value: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        carried("flow", value, step("flip"))


def test_channels_may_come_first() -> None:
    given = np.ascontiguousarray(flow(3.0, 1.0).transpose(2, 0, 1))
    out = carried("{modality: flow, layout: chw}", given, step("flip"))
    assert out.shape == (2, H, W)
    assert np.abs(out[0] + 3.0).max() == 0.0


# Normals

LEANING = (0.6, 0.0, -0.8)


def normals(*way: float) -> Any:
    return np.broadcast_to(np.float32(way), (H, W, 3)).copy()


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        (step("flip"), (-0.6, 0.0, -0.8)),
        (step("flip", axis="vertical"), (0.6, 0.0, -0.8)),
        (step("flip", axis="both"), (-0.6, 0.0, -0.8)),
        (step("rotate", degrees=90, expand="true"), (0.0, -0.6, -0.8)),
        (step("rotate", degrees=30), (0.6 * math.cos(math.pi / 6), -0.3, -0.8)),
        (step("resize", height=40, width=20), LEANING),
        (step("crop", area=0.4, resize="[30, 12]"), LEANING),
    ],
)
def test_normals_turn_with_the_picture(steps: str, wanted: tuple[float, ...]) -> None:
    out = carried("normals", normals(*LEANING), steps)
    known = out.any(axis=-1)
    assert np.abs(out[known] - wanted).max() < 1e-6
    other = carried("{modality: normals, axes: opengl}", normals(0.6, 0.0, 0.8), steps)
    turned = other[known] * (1.0, -1.0, -1.0)
    assert np.abs(turned - wanted).max() < 1e-6


@pytest.mark.parametrize("axis", ["vertical", "horizontal", "optical"])
@pytest.mark.parametrize("world", ["mirror", "keep"])
def test_normals_turn_as_their_camera_does(axis: str, world: str) -> None:
    """A surface of the world is seen by the camera as it is now, along its own axes."""
    sample = (
        "{image: image, it: normals, camera: {modality: camera, world: w}, "
        "p: {modality: points, world: w, columns: [x, y, z, nx, ny, nz]}}"
    )
    steps = (
        f"[{{name: a, uses: camera_rotate, with: {{axis: {axis}, degrees: 8}}}}, "
        f"{{name: b, uses: flip, with: {{world: {world}}}}}, "
        f"{{name: c, uses: camera_rotate, with: {{axis: {axis}, degrees: 3}}}}]"
    )
    policy = load_policy(f"syncaug: 1\nsample: {sample}\nsteps: {steps}\n")
    camera = {
        "K": np.array([[20.0, 0, 9.5], [0, 20, 5.5], [0, 0, 1]]),
        "size": (W, H),
        "world_to_camera": np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]),
    }
    in_world = np.array([0.6, -0.8, 0.0])  # it leans to the right, towards the camera
    points = np.concatenate([[0.0, 5.0, 0.0], in_world])[None]
    image = np.zeros((H, W, 3), np.uint8)
    given = normals(*(camera["world_to_camera"][:3, :3] @ in_world))
    out = policy({"image": image, "it": given, "camera": camera, "p": points}, key=1)
    turn = out["camera"]["world_to_camera"][:3, :3]
    signs = np.sign([out["camera"]["K"][0][0], out["camera"]["K"][1][1], 1.0])
    wanted = (turn @ out["p"][0, 3:]) * signs  # of the picture, which `keep` mirrors alone
    assert np.abs(out["it"][H // 2, W // 2] - wanted).max() < 1e-6


def seen_ahead(steps: str, leaning: tuple[float, ...], seed: int = 0) -> dict[str, Any]:
    """A surface that leans so, and its camera, which looks along its own z, after some steps."""
    camera = {
        "K": np.array([[20.0, 0, 9.5], [0, 20, 5.5], [0, 0, 1]]),
        "size": (W, H),
        "world_to_camera": np.eye(4),
    }
    sample = "{image: image, it: normals, camera: camera}"
    policy = load_policy(f"syncaug: 1\nsample: {sample}\nsteps: {steps}\n", seed=seed)
    image = np.zeros((H, W, 3), np.uint8)
    out: dict[str, Any] = policy({"image": image, "it": normals(*leaning), "camera": camera}, key=1)
    return out


@pytest.mark.parametrize("between", ["", "{name: b, uses: occlude, with: {area: 0.01}}, "])
@pytest.mark.parametrize("fuse", ["on", "off"])
@pytest.mark.parametrize("axis", ["vertical", "horizontal", "optical"])
def test_a_camera_turns_normals_that_a_picture_turned_before(
    axis: str, fuse: str, between: str
) -> None:
    """`rotate` leaves the camera's axes, and normals lie in those of the picture."""
    steps = (
        f"[{{name: a, uses: rotate, with: {{degrees: 90}}}}, {between}"
        f"{{name: c, uses: camera_rotate, with: {{axis: {axis}, degrees: 8}}}}]\nfuse: {fuse}"
    )
    out = seen_ahead(steps, LEANING)
    quarter = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    wanted = quarter @ out["camera"]["world_to_camera"][:3, :3] @ LEANING
    known = out["it"].any(axis=-1)
    assert np.abs(out["it"][known] - wanted).max() < 1e-6


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize(
    "before",
    [
        "rotate, with: {degrees: 160, world: keep}",
        "flip, with: {world: keep}",
        "flip, with: {axis: vertical, world: keep}",
        "flip, with: {axis: both, world: keep}",
    ],
)
def test_normals_stay_those_of_the_picture_where_it_is_seen_from_aside(
    before: str, way: int
) -> None:
    """K is upright again, with the signs of a mirror or half turn that the world did not take."""
    steps = (
        f"[{{name: a, uses: {before}}}, {{name: b, uses: resize, with: {{height: 24, width: 70}}}},"
        f" {{name: c, uses: perspective, with: {{strength: 0.1}}}}]"
    )
    leaning = (0.48, 0.36, -0.8)
    out = seen_ahead(steps, leaning, seed=way + 1)
    k = out["camera"]["K"]
    assert abs(k[1][0]) < 1e-9 * abs(k[1][1])
    signs = np.sign([k[0][0], k[1][1], 1.0])
    wanted = signs * (out["camera"]["world_to_camera"][:3, :3] @ leaning)
    known = out["it"].any(axis=-1)
    assert np.abs(out["it"][known] - wanted).max() < 1e-5


def test_a_turn_after_a_kept_turn_is_the_camera_s() -> None:
    turn = PlaneMap((0.0, 1.0, 0.0, -1.0, 0.0, 11.0, 0.0, 0.0, 1.0), (12, 12), (12, 12))
    mirror = PlaneMap((-1.0, 0.0, 11.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), (12, 12), (12, 12))
    seen = mirror._replace(turn=(-1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
    for second in (mirror, seen):
        numbers = as_matrix(Bearing().then(turn).then(second).numbers)
        assert np.array_equal(numbers @ [1.0, 0.0, 0.0], [0.0, -1.0, 0.0])
        assert np.array_equal(numbers @ [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.full((H, W, 3), 128, np.uint8), r"127\.5 - 1"),
        (np.full((H, W, 3), 0.5, np.float32), r"2 \* levels - 1"),
        (normals(3.0, 0.0, -4.0), r"Divide each by its length"),
        (np.zeros((3, H, W), np.float32), r"layout: chw"),
        (np.zeros((H, W), np.float32), r"expected normals of shape HxWx3"),
    ],
)
def test_coded_normals_are_refused_with_what_to_do(value: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        carried("normals", value, step("flip"))


# Heat


def test_channels_of_the_sides_trade_places() -> None:
    heat = np.zeros((H, W, 3), np.float32)
    heat[3, 2, 0], heat[3, 5, 1], heat[8, 9, 2] = 1.0, 0.5, 0.25
    stream = "{modality: heatmap, names: [left_eye, right_eye, nose]}"
    out = carried(stream, heat, step("flip"))
    assert (out[3, W - 3, 1], out[3, W - 6, 0], out[8, W - 10, 2]) == (1.0, 0.5, 0.25)
    assert out.sum() == 1.75
    kept = carried(stream.replace("}", ", sides: keep}"), heat, step("flip"))
    assert kept[3, W - 3, 0] == 1.0


def test_no_light_falls_on_heat() -> None:
    heat = np.random.default_rng(0).random((H, W)).astype(np.float32)
    steps = (
        "[{name: a, uses: light, with: {value: 0.5}}, {name: b, uses: noise, with: {snr_db: 9}}]"
    )
    assert np.array_equal(carried("heatmap", heat, steps), heat)


def test_a_card_hides_heat_unless_masks_are_kept() -> None:
    heat = np.ones((H, W), np.float32)
    cover = carried("heatmap", heat, step("occlude", area=0.25))
    assert 0.7 < cover.mean() < 0.8
    assert carried("heatmap", heat, step("occlude", area=0.25, mask="keep")).mean() == 1.0


@pytest.mark.parametrize(
    ("stream", "value", "told"),
    [
        ("heatmap", np.zeros((H, W), np.uint8), r"astype\(numpy.float32\) / 255"),
        ("heatmap", np.full((H, W), np.inf, np.float32), r"finite values"),
        (
            "{modality: heatmap, range: [0, 1]}",
            np.full((H, W), 1.5, np.float32),
            r"within its range: \[0, 1\]",
        ),
        (
            "{modality: heatmap, names: [a, b, c]}",
            np.zeros((3, H, W), np.float32),
            r"layout: chw",
        ),
    ],
)
def test_what_is_no_heat_map(stream: str, value: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        carried(stream, value, step("flip"))


def test_a_border_that_repeats_is_refused_where_numbers_mean_directions() -> None:
    affine = "{op: albumentations.Affine, translate_percent: 0.3, border_mode: BORDER}"
    for border, code in ((4, "SA513"), (2, "SA513")):
        text = affine.replace("BORDER", str(border))
        with pytest.raises(PolicyError, match=code):
            load_policy(
                "syncaug: 1\nsample: {image: image, it: flow}\n"
                f"steps: [{{name: a, apply: {{image: {text}, it: follow}}}}]\n"
            )


@pytest.mark.parametrize("channels", [5, 17, 133, 600])
@pytest.mark.parametrize(
    "steps",
    [
        step("flip"),
        step("rotate", degrees=90, expand="true"),
        step("rotate", degrees=10),
        step("scale", factor=0.3),
        step("crop", area=0.5),
    ],
)
def test_heat_of_many_channels_is_carried_as_each_of_them_is(channels: int, steps: str) -> None:
    heat = np.random.default_rng(0).random((H, W, channels)).astype(np.float32)
    out = carried("heatmap", heat, steps)
    assert out.shape[2] == channels
    for channel in (0, 4, channels - 1):
        alone = carried("heatmap", np.ascontiguousarray(heat[..., channel]), steps)
        assert np.abs(out[..., channel] - alone).max() < 0.04


@pytest.mark.parametrize("stream", ["flow", "disparity"])
def test_pixels_declared_as_fractions_are_told(stream: str) -> None:
    value = flow(3.0, 1.0) if stream == "flow" else np.full((H, W), 5.0, np.float32)
    declared = f"{{modality: {stream}, unit: fraction}}"
    with pytest.warns(SampleWarning, match="unit: pixels"):
        carried(declared, value, step("crop", area=0.5))
    carried(declared, value / W, step("crop", area=0.5))


@pytest.mark.parametrize(
    ("stream", "shape", "told"),
    [
        ("{modality: instances}", (H, W, 2), "layout: hwn"),
        ("{modality: heatmap}", (2, H, W), "layout: chw"),
        ("{modality: normals}", (3, H, W), "layout: chw"),
    ],
)
def test_axes_of_another_layout_are_refused_with_its_name(
    stream: str, shape: tuple[int, ...], told: str
) -> None:
    value = np.ones(shape, np.uint8 if "instances" in stream else np.float32)
    with pytest.raises(SampleError, match=told):
        carried(stream, value, step("flip"))
