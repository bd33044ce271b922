"""Forms in calls of every kind: records, partners, batches, previews; and what is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from syncaug import SampleError, load_policy
from tests.samples import ROOT

POLICY = load_policy(
    """
syncaug: 1
sample:
  image: image
  mask: mask
  boxes: {modality: boxes, labels: classes, outside: clip}
  caption: {modality: text, describes: image}
steps:
  - {name: turn, uses: rotate, with: {degrees: [-20, 20]}}
  - {name: lamp, uses: light, with: {value: [-0.3, 0.3]}}
"""
)
FLIP = "syncaug: 1\nsample: {image: %s}\nsteps: [{name: mirror, uses: flip}]\n"


def arrays(seed: int = 0) -> dict[str, Any]:
    generator = np.random.default_rng(seed)
    return {
        "image": generator.integers(0, 256, (40, 60, 3), dtype=np.uint8),
        "mask": generator.integers(0, 5, (40, 60)),
        "boxes": np.array([[5.0, 6.0, 25.0, 30.0], [30.0, 10.0, 55.0, 35.0]], np.float32),
        "classes": np.array([3, 4]),
        "caption": "a cat",
    }


def tensors(values: dict[str, Any]) -> dict[str, Any]:
    out = {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in values.items()}
    return {**out, "image": out["image"].movedim(-1, 0).contiguous()}


def equal(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two samples hold equal tensors, arrays and texts."""
    return one.keys() == other.keys() and all(
        type(one[k]) is type(other[k]) and np.array_equal(np.asarray(one[k]), np.asarray(other[k]))
        for k in one
    )


def test_a_record_of_tensors_replays_on_them_and_on_arrays() -> None:
    out, record = POLICY.apply(tensors(arrays()), key=1)
    plain, other = POLICY.apply(arrays(), key=1)
    assert record.to_json() == other.to_json()
    assert equal(POLICY.replay(tensors(arrays()), record), out)
    assert equal(POLICY.replay(arrays(), record.to_json()), plain)
    assert equal(out, tensors(plain))


def test_a_batch_and_a_loader_give_what_calls_give() -> None:
    samples = [tensors(arrays(seed)) for seed in range(3)]
    outs = POLICY.batch(samples, keys=["a", "b", "c"], epoch=2)
    for sample, key, out in zip(samples, "abc", outs, strict=True):
        assert equal(out, POLICY(sample, key=key, epoch=2))
    assert torch.utils.data.default_collate([out["image"] for out in outs]).shape == (3, 3, 40, 60)


@pytest.mark.parametrize("form", ["tensors", "arrays", "called"])
def test_a_partner_may_have_another_form_than_its_sample(form: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {image: image, boxes: {modality: boxes, labels: classes}}\n"
        "steps: [{name: cut, uses: cutmix}]\n"
    )
    own, other = (
        {name: arrays(seed)[name] for name in ("image", "boxes", "classes")} for seed in (1, 2)
    )
    wanted, record = policy.apply(own, key=1, partner=other)
    turned = {"tensors": tensors(other), "arrays": other, "called": lambda: tensors(other)}[form]
    out = policy(tensors(own), key=1, partner=turned)
    assert equal(out, tensors(wanted))
    assert equal(policy.replay(tensors(own), record, partner=turned), out)
    spoiled = {**tensors(other), "image": torch.rand(3, 40, 60, requires_grad=True)}
    with pytest.raises(SampleError, match=r"requires grad, in the partner\. Give tensor.detach"):
        policy(tensors(own), key=1, partner=spoiled)


def test_a_preview_shows_tensors_and_holds_them(tmp_path: Path) -> None:
    preview = POLICY.preview(tensors(arrays()), key=1, variants=2)
    assert isinstance(preview[0].after["image"], torch.Tensor)
    page = preview.save(tmp_path / "page.html").read_text(encoding="utf-8")
    assert page == POLICY.preview(arrays(), key=1, variants=2).html()


def test_nothing_that_came_is_written_or_shared_with_what_goes_out() -> None:
    sample = tensors(arrays())
    before = {k: v.clone() for k, v in sample.items() if isinstance(v, torch.Tensor)}
    out = POLICY(sample, key=1)
    for name, value in before.items():
        assert torch.equal(sample[name], value)
        if name != "classes":
            out[name].zero_()
            assert torch.equal(sample[name], value)


def test_what_no_step_changes_is_the_very_object() -> None:
    policy = load_policy(FLIP.replace("flip}", "flip, p: 0}") % "image")
    for value in (torch.rand(3, 8, 9), np.zeros((8, 9, 3)), [[0, 255], [3, 4]]):
        assert policy({"image": value}, key=1)["image"] is value


def test_pixels_that_lie_whole_are_not_copied() -> None:
    policy = load_policy(FLIP % "image")
    border = policy._compiled.engine().border
    photo = arrays()["image"]
    for tensor, shares in (
        (torch.from_numpy(photo).movedim(-1, 0), True),
        (torch.from_numpy(photo).movedim(-1, 0).contiguous(), False),
    ):
        taken = border.take({"image": tensor}, 1)
        assert taken is not None
        assert np.shares_memory(taken.sample["image"], photo) is shares
        assert taken.sample["image"].flags.c_contiguous
        out = policy({"image": tensor}, key=1)["image"]
        assert out.movedim(0, -1).is_contiguous() is shares
        assert out.is_contiguous() is not shares


def test_no_library_is_imported_for_a_sample_of_numpy() -> None:
    code = (
        "import sys, numpy as np\nfrom syncaug import load_policy\n"
        f"policy = load_policy({FLIP % 'image'!r})\n"
        "policy.apply({'image': np.zeros((8, 8, 3), np.uint8)}, key=np.str_('a'))\n"
        "policy({'image': np.zeros((8, 8, 3))}, key=1)\n"
        "policy({'image': [[0, 1], [2, 3]]}, key=1)\n"
        "heavy = {'torch', 'torchvision', 'PIL', 'torchcodec', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "homes = {'tensors', 'pictures', 'decoders', 'tables', 'tv_tensors', 'encoded'}\n"
        "needless = {f'syncaug.forms.{home}' for home in homes} & set(sys.modules)\n"
        "assert not needless, needless\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.parametrize("form", ["str_", "int64"])
def test_keys_of_numpy_draw_as_their_own(form: str) -> None:
    key: Any = np.str_("cats") if form == "str_" else np.int64(7)
    plain: Any = "cats" if form == "str_" else 7
    out, record = POLICY.apply(arrays(), key=key)
    wanted, other = POLICY.apply(arrays(), key=plain)
    assert equal(out, wanted)
    assert record.to_json() == other.to_json()


# Layouts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", ["chw", "hwc"])
@pytest.mark.parametrize("seen", ["tensor", "picture"])
def test_a_declared_layout_holds_for_tensors_and_pictures(layout: str, seen: str) -> None:
    from PIL import Image

    photo = arrays()["image"]
    policy = load_policy(FLIP % f"{{modality: image, layout: {layout}}}")
    wanted = photo[:, ::-1]
    if seen == "picture":
        out = np.asarray(policy({"image": Image.fromarray(photo)}, key=1)["image"])
    else:
        value = torch.from_numpy(photo)
        value = value.movedim(-1, 0).contiguous() if layout == "chw" else value
        out = policy({"image": value}, key=1)["image"].numpy()
        out = np.moveaxis(out, 0, -1) if layout == "chw" else out
    assert np.array_equal(out, wanted)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.uint16])
def test_any_number_of_channels_first(channels: int, dtype: torch.dtype) -> None:
    declared = "{modality: image, channels: spectral}" if channels == 6 else "image"
    value = (torch.rand(channels, 9, 11) * (1 if dtype is torch.float32 else 255)).to(dtype)
    out = load_policy(FLIP % declared)({"image": value}, key=1)["image"]
    assert out.dtype == dtype
    assert np.array_equal(out.numpy(), value.numpy()[..., ::-1])


@pytest.mark.parametrize("shape", [(40, 60, 3), (8, 8, 3), (480, 640, 1)])
def test_channels_that_come_last_are_asked_for(shape: tuple[int, ...]) -> None:
    with pytest.raises(SampleError, match="Declare layout: hwc") as caught:
        load_policy(FLIP % "image")({"image": torch.zeros(shape, dtype=torch.uint8)}, key="k")
    assert f"a Tensor of torch.uint8 with shape {shape}" in caught.value.came
    policy = load_policy(FLIP % "{modality: image, layout: hwc}")
    assert policy({"image": torch.zeros(shape, dtype=torch.uint8)}, key=1)["image"].shape == shape


# Refusals --------------------------------------------------------------------------------------


class Lazy:
    """An object that gives an array and takes none."""

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.zeros((8, 8, 3), np.uint8)


REFUSED: dict[str, tuple[Any, str, str]] = {
    "gradients": (torch.rand(3, 8, 8, requires_grad=True), "requires grad", "tensor.detach()"),
    "meta": (torch.zeros(3, 8, 8, device="meta"), "on meta", "no numbers"),
    "sparse": (torch.zeros(8, 8).to_sparse(), "sparse", "to_dense()"),
    "complex": (torch.zeros(3, 8, 8, dtype=torch.complex64), "Tensor of torch.complex64", ".real"),
    "8-bit floats": (
        torch.zeros(3, 8, 8).to(torch.float8_e4m3fn),
        "Tensor of torch.float8_e4m3fn",
        "tensor.float()",
    ),
    "a batch": (torch.zeros(2, 3, 8, 8), "shape (2, 3, 8, 8)", "policy.batch"),
    "another object": (Lazy(), "type tests.forms.test_forms.Lazy", "numpy.asarray(value)"),
    "a table of texts": (pd.DataFrame({"a": ["x"]}), "", ""),
    "levels below 0": (torch.full((3, 8, 8), -1), "from -1 to -1", "from 0 to 1"),
    "levels in floats": (torch.full((3, 8, 8), 200.0), "values from 200", "Divide by 255"),
    "a normalised tensor": (torch.randn(3, 99, 99), "values from -", "before pictures are norm"),
    "no pixels": (torch.zeros(3, 0, 8), "Tensor of torch.float32", ""),
    "ragged lists": ([[1, 2], [3]], "a list of 2", "one length"),
    "one list": ([1, 2, 3], "a list of 3", ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_come_back_is_refused_with_what_to_do(case: str) -> None:
    value, came, hint = REFUSED[case]
    with pytest.raises(SampleError) as caught:
        load_policy(FLIP % "image")({"image": value}, key="k")
    error = caught.value
    assert (error.stream, error.key) == ("image", "k")
    assert came in error.came
    assert hint in f"{error.hint} {error.expected}"
    assert "tensor(" not in str(error)


def test_remedies_speak_of_what_came() -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {depth: depth}\nsteps: [{name: mirror, uses: flip}]\n"
    )
    with pytest.raises(SampleError, match=r"depth\.to\(torch\.float32\) / 1000"):
        policy({"depth": torch.ones(8, 8, dtype=torch.int32)}, key=1)


# The page --------------------------------------------------------------------------------------


def test_the_page_names_every_family_and_every_mode() -> None:
    from syncaug.forms.pictures import LIGHT, REFUSED
    from syncaug.forms.recognition import FAMILIES

    page = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    words = {
        "ndarray": "numpy array",
        "Tensor": "tensor",
        "TVTensor": "tv_tensor",
        "dict": "Mapping",
    }
    words |= {"Image": "PIL", "Series": "pandas", "DataFrame": "pandas", "str_": "numpy.str_"}
    for package, name in FAMILIES:
        assert words.get(name, name) in page, (package, name)
    sixteen = {"I;16L", "I;16N", "I;16B"}
    for mode in {*LIGHT, *REFUSED} - sixteen:
        assert mode in page, mode
