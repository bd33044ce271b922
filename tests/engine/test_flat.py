"""Flat programs give what states give, to the last bit, and nothing where only these can tell."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from syncaug import Augmenter, SampleError, SampleWarning, load_policy

CAPTIONS = (
    "A dog sits to the left of a tree.",
    "left",
    "",
    "The bowl at [12, 30, 60, 90] is on the right",
    "Der Hund sitzt links neben dem Baum und schläft.",
    'He said "turn left" at the top of the stairs',
    "Two people stand above a river; the taller one wears RED.",
)


def steps_of(rng: np.random.Generator, streams: dict[str, Any]) -> list[dict[str, Any]]:
    """A few steps of formulas, some of them gated or of constants, lights last or between."""
    planar: list[tuple[str, dict[str, Any]]] = [
        ("flip", {"axis": ["horizontal", "vertical", "both"][rng.integers(3)], "world": "keep"}),
        ("rotate", {"degrees": [-8, 8]}),
        ("rotate", {"degrees": 90.0, "expand": True}),
        ("rotate", {"degrees": {"choice": [0, 90, 180, 270]}, "expand": True}),
        ("scale", {"factor": [0.4, 1.3]}),
        ("translate", {"x": [-0.2, 0.2], "y": 0.1}),
        ("crop", {"area": [0.3, 0.9]}),
        ("crop", {"area": 0.5, "resize": [17, 23]}),
        ("resize", {"width": 21, "height": 15}),
    ]
    lit: list[tuple[str, dict[str, Any]]] = [
        ("light", {"value": [-0.3, 0.3]}),
        ("light", {"value": 0.1, "contrast": [-0.2, 0.4], "gamma": [0.8, 1.2]}),
        ("colour", {"hue": [-40, 40], "saturation": [-0.5, 0.5]}),
    ]
    worldly: list[tuple[str, dict[str, Any]]] = [
        ("world_rotate", {"axis": "z", "degrees": [-180, 180]}),
        ("world_scale", {"factor": [0.9, 1.1]}),
        ("world_translate", {"x": [-1, 1]}),
    ]
    pool = [planar[i] for i in rng.permutation(len(planar))[: rng.integers(1, 4)]]
    pictured = {"image", "mask", "boxes", "keypoints", "sound", "caption"} & streams.keys()
    chosen = pool if pictured else []
    if "points" in streams:
        chosen = [*chosen, *(worldly[i] for i in rng.permutation(3)[: rng.integers(1, 3)])]
    if "image" in streams and rng.random() < 0.7:
        chosen.insert(
            int(rng.integers(len(chosen) + 1)) if rng.random() < 0.3 else len(chosen),
            lit[int(rng.integers(3 if "caption" not in streams else 2))],
        )
    steps = []
    for index, (uses, values) in enumerate(chosen):
        step: dict[str, Any] = {"name": f"s{index}", "uses": uses, "with": values}
        if rng.random() < 0.3:
            step["p"] = 0.5
        steps.append(step)
    return steps


def case(seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A random policy of plain steps, and samples for it: most plain, some strange or wrong."""
    rng = np.random.default_rng(seed)
    size = (int(rng.integers(1, 40)), int(rng.integers(1, 40)))
    fill = int(rng.integers(0, 2)) * 7
    streams: dict[str, Any] = {
        "image": {"modality": "image", "fill": fill},
        "mask": {"modality": "mask", "fill": fill},
        "boxes": {"modality": "boxes", "format": "coco", "labels": "classes", "outside": "clip"},
        "keypoints": {"modality": "keypoints", "names": ["nose", "left_eye", "right_eye"]},
        "sound": {"modality": "audio", "sample_rate": 8000, "plane": "plane"},
        "caption": {"modality": "text", "describes": "image", "words": {"leave_below": 9}},
        "points": {"modality": "points"},
    }
    names = ["image", *(name for name in list(streams)[1:] if rng.random() < 0.5)]
    streams = {name: streams[name] for name in names}
    if "sound" in streams:
        streams["sound"] = {"modality": "audio", "sample_rate": 8000}
    steps = steps_of(rng, streams)
    policy = {"syncaug": 1, "sample": streams, "untouched": ["name"], "steps": steps}
    return policy, [sample_of(rng, names, size) for _ in range(3)]


def sample_of(rng: np.random.Generator, names: list[str], size: tuple[int, int]) -> dict[str, Any]:
    """A sample of some streams; one in ten of each is of another form, or cannot be carried."""
    odd = rng.random() < 0.25
    height, width = size
    shape = (height, width, 3) if rng.random() < 0.8 else (height, width)
    sample: dict[str, Any] = {"name": object()}
    for name in names:
        match name:
            case "image":
                value: Any = rng.integers(0, 256, shape).astype(np.uint8)
                if odd and rng.random() < 0.5:
                    value = value.astype(np.float32) / np.float32(255 if rng.random() < 0.5 else 1)
            case "mask":
                value = rng.integers(0, 5, size).astype(
                    np.uint8 if rng.random() < 0.7 else np.int32
                )
            case "boxes":
                corner = rng.uniform(0, 0.5, (3, 2)) * (width, height)
                value = np.hstack([corner, rng.uniform(0.2, 0.5, (3, 2)) * (width, height)])
                value = value if rng.random() < 0.5 else value.tolist()
                sample["classes"] = ["cat", "left shoe" if odd else "dog", "tree"]
            case "keypoints":
                places = rng.uniform(0, 1, (3, 2)) * (width - 1, height - 1)
                value = np.column_stack([places, rng.integers(0, 3, 3)])
            case "sound":
                value = rng.normal(0, 0.1, (int(rng.integers(1, 4)), 400)).astype(np.float32)
                if odd:
                    value = value.tolist() if rng.random() < 0.5 else value * 1e4
            case "caption":
                value = CAPTIONS[int(rng.integers(len(CAPTIONS) if odd else 1))]
            case _:
                value = rng.normal(0, 3, (int(rng.integers(0, 9)), 3)).astype(np.float32)
                if odd and len(value):
                    value[0, 0] = np.nan
        sample[name] = value
    return sample


def outcome(policy: Augmenter, sample: dict[str, Any], key: int) -> Any:
    """The result, or the error; and what was warned of."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", SampleWarning)
        try:
            result: Any = policy(sample, key=key)
        except Exception as error:
            result = (type(error), str(error))
    return result, [str(each.message) for each in said]


def same(one: Any, other: Any) -> bool:
    """Whether two results are alike to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if hasattr(one, "numpy"):
        one, other = one.numpy(), other.numpy()
    if isinstance(one, np.ndarray):
        alike = one.dtype == other.dtype and one.shape == other.shape
        return alike and one.tobytes() == other.tobytes()
    return bool(one == other)


def slowly(policy: dict[str, Any]) -> Augmenter:
    """A policy whose samples all go through states."""
    made = load_policy(policy, seed=3)
    made._compiled.engine().flat = None
    return made


def test_flat_programs_give_what_states_give() -> None:
    taken = told = 0
    for seed in range(160):
        policy, samples = case(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flat, slow = load_policy(policy, seed=3), slowly(policy)
        program = flat._compiled.engine().flat
        for key, sample in enumerate(samples * 2):
            before = {name: np.array(v) for name, v in sample.items() if isinstance(v, np.ndarray)}
            assert same(outcome(flat, sample, key), outcome(slow, sample, key)), (seed, key)
            assert all(same(sample[name], value) for name, value in before.items())
            sizes = None if program is None else program.admitted(sample)
            if program is not None and sizes is not None:
                drawn = flat._first_steps(0, key, None)
                taken += program.carried(sample, sizes, drawn, flat._suspicions) is not None
            told += 1
    assert taken > 0.3 * told


PICTURE = {"image": "image"}
PLAIN: tuple[tuple[dict[str, Any], list[dict[str, Any]]], ...] = (
    (PICTURE, [{"name": "s", "uses": "flip"}]),
    (PICTURE, [{"name": "s", "uses": "flip", "p": 0.5}]),
    ({**PICTURE, "mask": "mask"}, [{"name": "s", "uses": "rotate", "with": {"degrees": [-9, 9]}}]),
    (PICTURE, [{"name": "s", "uses": "colour", "with": {"hue": [-9, 9]}}]),
    ({"points": "points"}, [{"name": "s", "uses": "world_rotate", "with": {"degrees": [-9, 9]}}]),
)


@pytest.mark.parametrize(("streams", "steps"), PLAIN)
def test_plans_of_formulas_are_flat(streams: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    policy = load_policy({"syncaug": 1, "sample": streams, "steps": steps})
    assert policy._compiled.engine().flat is not None


TURN = {"name": "s", "uses": "rotate", "with": {"degrees": [-9, 9]}}
CAPTION = {"modality": "text", "describes": "image"}
NOT_PLAIN: dict[str, dict[str, Any]] = {
    "a check": {"checks": ["visible_share"], "steps": [TURN]},
    "a choice": {"steps": [{"name": "o", "one_of": [TURN, {"name": "f", "uses": "flip"}]}]},
    "noise": {"steps": [TURN, {"name": "n", "uses": "noise", "with": {"snr_db": 20}}]},
    "a turn after light": {"steps": [{"name": "l", "uses": "light", "with": {"value": 0.1}}, TURN]},
    "fuse: off": {"fuse": False, "steps": [TURN]},
    "draws apart": {"steps": [{**TURN, "sync": "independent"}]},
    "words of colour": {
        "sample": {**PICTURE, "caption": CAPTION},
        "steps": [{"name": "c", "uses": "colour", "with": {"hue": [-9, 9]}}],
    },
    "words of colour without a picture": {
        "sample": {"points": "points", "caption": "text"},
        "steps": [{"name": "c", "uses": "colour", "with": {"hue": [-9, 9]}}],
    },
    "a text that meets light between two mirrors": {
        "sample": {
            "image": {"modality": "image", "plane": "front"},
            "mask": {"modality": "mask", "plane": "back"},
            "caption": {"modality": "text", "describes": "mask"},
        },
        "steps": [
            {"name": "one", "uses": "flip", "with": {"plane": "back"}},
            {"name": "lit", "uses": "light", "with": {"value": 0.1}},
            {"name": "two", "uses": "flip", "with": {"plane": "back"}},
        ],
    },
    "a film": {"sample": {"film": {"modality": "video", "fps": 25}}, "steps": [TURN]},
}


def test_light_on_a_plane_without_pictures_to_light_is_flat() -> None:
    streams = {
        "image": {"modality": "image", "plane": "front"},
        "mask": {"modality": "mask", "plane": "back"},
        "points": "points",
    }
    step = {"name": "l", "uses": "light", "with": {"value": 0.1, "plane": "back"}}
    policy = {"syncaug": 1, "sample": streams, "steps": [step]}
    points = np.ones((2, 3), np.float32)
    assert agree(policy, {"image": IMAGE, "mask": np.ones((3, 5), np.uint8), "points": points})


IMAGE = np.random.default_rng(0).integers(0, 256, (9, 11, 3)).astype(np.uint8)
BOXES = {"modality": "boxes", "format": "coco", "labels": "classes"}


def agree(policy: dict[str, Any], *samples: dict[str, Any]) -> bool:
    """Whether both ways give the same for some samples, each of which comes twice."""
    flat, slow = load_policy(policy, seed=3), slowly(policy)
    assert flat._compiled.engine().flat is not None
    twice = [sample for sample in samples for _ in range(2)]
    return all(same(outcome(flat, s, 1), outcome(slow, s, 1)) for s in twice)


def test_rows_in_other_forms_are_taken_in_by_states() -> None:
    torch = pytest.importorskip("torch")
    policy = {"syncaug": 1, "sample": {**PICTURE, "boxes": BOXES}, "steps": [TURN]}
    rows = [[1.0, 2.0, 4.0, 5.0]]
    plain = {"image": IMAGE, "boxes": rows, "classes": ["cat"]}
    tensors = {"image": IMAGE, "boxes": torch.tensor(rows), "classes": ["cat"]}
    assert agree(policy, plain, tensors, {**plain, "classes": torch.tensor([3])})
    out = load_policy(policy)(tensors, key=1)
    assert isinstance(out["boxes"], torch.Tensor)


@pytest.mark.parametrize("dtype", ["float16", "float32", ">f4", "float64", "longdouble"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_sounds_keep_their_dtype_and_layout(dtype: str, order: Any) -> None:
    sound = (np.arange(12, dtype=np.longdouble) / 97).reshape(2, 6).astype(dtype, order=order)
    policy = {
        "syncaug": 1,
        "sample": {**PICTURE, "sound": "audio"},
        "steps": [{"name": "m", "uses": "flip"}],
    }
    sample = {"image": IMAGE, "sound": sound}
    flat, slow = load_policy(policy), slowly(policy)
    for _ in range(2):
        one, other = flat(sample, key=1)["sound"], slow(sample, key=1)["sound"]
        assert one.dtype == other.dtype == sound.dtype
        assert (one == other).all()
        assert one.strides == other.strides


def test_floating_point_errors_are_those_of_numpy_by_default() -> None:
    light = {"name": "l", "uses": "light", "with": {"gamma": [19.0, 20.0]}}
    policy = {"syncaug": 1, "sample": PICTURE, "steps": [light]}
    with np.errstate(all="raise"):
        assert agree(policy, {"image": IMAGE.astype(np.uint16)})


@pytest.mark.parametrize("why", NOT_PLAIN)
def test_other_plans_have_states_alone(why: str) -> None:
    sample = {**PICTURE, "mask": "mask"} if why == "draws apart" else PICTURE
    policy = load_policy({"syncaug": 1, "sample": sample, **NOT_PLAIN[why]})
    assert policy._compiled.engine().flat is None


def test_what_is_doubtful_is_still_said_once_and_carried() -> None:
    """Names of sides are warned of by the first sample; later ones are carried flat."""
    boxes = {"modality": "boxes", "format": "pascal_voc", "labels": "classes"}
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": {**PICTURE, "boxes": boxes},
            "steps": [{"name": "m", "uses": "flip"}],
        }
    )
    sample = {
        "image": np.zeros((8, 10, 3), np.uint8),
        "boxes": [[1.0, 2.0, 4.0, 6.0]],
        "classes": ["left shoe"],
    }
    program = policy._compiled.engine().flat
    assert program is not None
    with pytest.warns(SampleWarning, match="names a side"):
        first = policy(sample, key=1)
    drawn = policy._first_steps(0, 2, None)
    later = program.carried(sample, program.admitted(sample) or {}, drawn, policy._suspicions)
    assert later is not None
    assert first["boxes"] == later["boxes"] == [[6.0, 2.0, 9.0, 6.0]]


def test_views_and_severity_and_epochs_draw_alike() -> None:
    value = {"from": "severity", "scale": 0.4}
    steps = [{"name": "l", "uses": "light", "with": {"value": value}}, {**TURN, "name": "t"}]
    policy = {"syncaug": 1, "sample": PICTURE, "steps": steps[::-1]}
    flat, slow = load_policy(policy, seed=3), slowly(policy)
    sample = {"image": np.random.default_rng(0).integers(0, 256, (9, 7, 3)).astype(np.uint8)}
    for how in ({"epoch": 4}, {"view": 2}, {"epoch": 1, "view": 1}):
        assert same(flat(sample, key="k", **how), slow(sample, key="k", **how))
    loud, soft = flat.with_severity(0.9), flat.with_severity(0.1)
    assert not same(loud(sample, key="k"), soft(sample, key="k"))
    assert same(loud(sample, key="k"), loud.apply(sample, key="k")[0])


@pytest.mark.parametrize("wrong", [{"key": ""}, {"key": 1.5}, {"epoch": -1}, {"view": "x"}])
def test_wrong_arguments_are_told_as_elsewhere(wrong: dict[str, Any]) -> None:
    policy = {"syncaug": 1, "sample": PICTURE, "steps": [TURN]}
    sample = {"image": np.zeros((4, 4, 3), np.uint8)}
    flat, slow = load_policy(policy), slowly(policy)
    how = {"key": "k", **wrong}
    flat(sample, key="k")
    with pytest.raises(SampleError) as one:
        flat(sample, **how)
    with pytest.raises(SampleError) as other:
        slow(sample, **how)
    assert str(one.value) == str(other.value)
