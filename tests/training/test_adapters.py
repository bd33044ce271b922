"""Encoders of models on disk: their vectors are those of the libraries, and policies take them."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from syncaug import SampleError, load_policy
from syncaug.latent.opened import OpenSpace
from syncaug.plan.stream import Stream
from syncaug.training.latent import Bank, CallableEncoder, Encoder, LatentError
from syncaug.training.latent.adapters.huggingface import TransformersEncoder
from syncaug.training.latent.adapters.onnx import OnnxEncoder
from syncaug.training.latent.adapters.sentences import SentenceEncoder
from tests.training import tiny_models
from tests.training.tiny_models import WIDTH

RANDOM = np.random.default_rng(3)
PICTURES = [RANDOM.integers(0, 256, (40, 56, 3), dtype=np.uint8) for _ in range(3)]
SOUNDS = [RANDOM.normal(0.0, 0.1, n).astype(np.float32) for n in (16000, 24000, 50000)]
TEXTS = ["a cat", "two red dogs on the left of a very long wall that never ends", ""]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> TransformersEncoder:
    return TransformersEncoder(tiny_models.clip(tmp_path_factory.mktemp("clip")))


@pytest.fixture(scope="module", params=[False, True], ids=["truncated", "fused"])
def clap(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> TransformersEncoder:
    folder = tiny_models.clap(tmp_path_factory.mktemp("clap"), fusion=request.param)
    return TransformersEncoder(folder, sample_rate=16000.0)


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    return SentenceEncoder(tiny_models.sentences(tmp_path_factory.mktemp("sentences")))


@pytest.fixture
def files(tmp_path: Path) -> OnnxEncoder:
    seen, heard = RANDOM.normal(size=(2, 5, 5))
    return OnnxEncoder(
        {
            "film": tiny_models.linear(tmp_path / "film.onnx", seen),
            "voice": tiny_models.linear(tmp_path / "voice.onnx", heard),
        },
        decoders={
            "film": tiny_models.linear(tmp_path / "to_film.onnx", np.linalg.inv(seen)),
            "voice": tiny_models.linear(tmp_path / "to_voice.onnx", np.linalg.inv(heard)),
        },
    )


def test_a_clip_gives_the_features_that_its_library_gives(clip: TransformersEncoder) -> None:
    assert isinstance(clip, Encoder)
    assert (clip.dimensions, clip.streams) == (WIDTH, ("image", "video", "text"))
    seen, said = clip.encode("image", PICTURES), clip.encode("text", TEXTS)
    assert seen.shape == said.shape == (3, WIDTH)
    model, processor = clip._model, clip._processor
    with torch.inference_mode():
        inputs = processor(images=PICTURES[1], return_tensors="pt")
        wanted = model.get_image_features(**inputs).pooler_output
    assert np.allclose(seen[1], wanted.numpy()[0], atol=1e-5)
    films = clip.encode("video", [np.stack([*PICTURES[:2], PICTURES[0]])])
    assert np.allclose(films[0], seen[1], atol=1e-6), "a film is its middle frame"
    again = pickle.loads(pickle.dumps(clip)).encode("image", PICTURES)
    assert np.array_equal(seen, again)


def test_a_clap_hears_the_middle_of_long_sounds_and_leaves_chance_alone(
    clap: TransformersEncoder,
) -> None:
    assert clap.streams == ("audio", "text")
    before = np.random.get_state()[1].copy()  # type: ignore[union-attr]
    vectors = clap.encode("audio", SOUNDS)
    assert np.array_equal(vectors, clap.encode("audio", SOUNDS))
    assert np.array_equal(np.random.get_state()[1], before)
    assert vectors.shape == (3, WIDTH)
    middle = SOUNDS[2][9000:41000]
    assert np.allclose(vectors[2], clap.encode("audio", [middle])[0], atol=1e-5)
    stereo = {"array": np.stack([SOUNDS[0], SOUNDS[0]]), "sampling_rate": 16000}
    assert np.allclose(clap.encode("audio", [stereo])[0], vectors[0], atol=1e-5)
    slower = {"array": np.repeat(SOUNDS[0], 2), "sampling_rate": 32000}
    assert clap.encode("audio", [slower]).shape == (1, WIDTH)


def test_sentences_are_vectors_of_the_models_width(sentences: SentenceEncoder) -> None:
    vectors = sentences.encode("text", ["a red cat", "two dogs", "a red cat"])
    assert vectors.shape == (3, WIDTH) == (3, sentences.dimensions)
    assert np.array_equal(vectors[0], vectors[2])
    cues = [[{"text": "a red", "start": 0.0}, {"text": "cat", "start": 1.0}]]
    assert np.allclose(sentences.encode("timed_text", cues)[0], vectors[0], atol=1e-6)
    copied = pickle.loads(pickle.dumps(sentences))
    assert np.array_equal(copied.encode("text", ["two dogs"])[0], vectors[1])


POLICY = """
syncaug: 1
sample:
  film: {modality: embedding}
  voice: {modality: embedding}
  label: {modality: label, classes: 4}
steps:
  - {name: between, uses: latent_mix, with: {encoder: files, share: 0.25}}
"""


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        ("uint8", np.array([0.25, 0.5, 1.0]), "float64 numbers such as 0.25 are none of uint8"),
        ("uint8", np.array([7, 300, 2], np.uint16), "such as 300 are none of uint8"),
        ("float16", np.array([1.0, 1e6, 2.0]), "1000000.0 are none of float16"),
        ("uint8", np.array([1.0, 2.0, 255.0]), ""),
        ("float16", np.array([1, 2, 3]), ""),
        ("int64", np.array([1, 2, 3], np.uint8), ""),
    ],
)
def test_numbers_that_a_file_would_take_for_others_are_told(
    tmp_path: Path, kind: str, given: Any, told: str
) -> None:
    encoder = OnnxEncoder({"embedding": tiny_models.counting(tmp_path / "it.onnx", kind)})
    if not told:
        assert encoder.encode("embedding", [given])[0].tolist() == given.tolist()
        return
    with pytest.raises(LatentError, match=f"{told}.*prepare="):
        encoder.encode("embedding", [given])


def test_a_picture_is_the_same_with_channels_first(clip: TransformersEncoder) -> None:
    films = [np.stack(PICTURES), np.moveaxis(np.stack(PICTURES), -1, 1)]
    for name, (last, first) in {
        "image": (PICTURES[0], np.moveaxis(PICTURES[0], -1, 0)),
        "video": films,
    }.items():
        assert np.array_equal(clip.encode(name, [first]), clip.encode(name, [last]))
    with pytest.raises(LatentError, match="up to 4 channels, last or first"):
        clip.encode("image", [np.zeros((8, 9, 10), np.uint8)])


def test_files_encode_mix_and_decode_in_a_policy(files: OnnxEncoder) -> None:
    policy = load_policy(POLICY, encoders={"files": files})
    one, two = (
        {"film": RANDOM.normal(size=5), "voice": RANDOM.normal(size=5), "label": n} for n in (0, 3)
    )
    for each in (policy, pickle.loads(pickle.dumps(policy))):
        out = each(one, key="a", partner=two)
        for name in ("film", "voice"):
            assert np.allclose(out[name], 0.75 * one[name] + 0.25 * two[name], atol=1e-4)
        assert np.allclose(out["label"], [0.75, 0.0, 0.0, 0.25])


def test_a_clip_makes_vectors_of_a_policys_streams(clip: TransformersEncoder) -> None:
    policy = load_policy(
        """
syncaug: 1
sample:
  image: image
  caption: {modality: text, describes: image}
  seen: {modality: embedding, encodes: image}
  said: {modality: embedding, encodes: caption}
steps:
  - {name: mirror, uses: flip}
  - name: between
    uses: latent_interpolate
    with: {encoder: clip, share: 0.5, caption: keep}
    p: 0.5
checks:
  - similarity: {encoder: clip, max_drop: 1.0, min_ratio: 0.0}
on_fail: {then: drop}
""",
        encoders={"clip": clip},
    )
    samples = [{"image": p, "caption": f"cat {n}"} for n, p in enumerate(PICTURES[:2])]
    met = set()
    for key in range(8):
        out, record = policy.apply(samples[0], key=key, partner=samples[1])
        before, after = (
            1.0 - np.cos(_angle(clip("image", p), clip("text", "cat 0")))
            for p in (PICTURES[0], PICTURES[0][:, ::-1])
        )
        assert record.attempts[0].measures["similarity"] == pytest.approx(after - before, abs=1e-5)
        if record.outcome != "accepted":
            continue
        assert np.array_equal(out["image"], PICTURES[0][:, ::-1])
        own, other = clip.encode("image", [out["image"], PICTURES[1]])
        met.add(record.draw.steps[1].applied)
        wanted = own if not record.draw.steps[1].applied else None
        if wanted is not None:
            assert np.allclose(out["seen"], wanted, atol=1e-6)
        else:
            angles = [_angle(out["seen"], end) for end in (own, other)]
            assert angles[0] == pytest.approx(angles[1], abs=1e-5)
        replayed = policy.replay(samples[0], record, partner=samples[1])
        assert np.array_equal(replayed["seen"], out["seen"])
        assert np.array_equal(replayed["said"], out["said"])
    assert met == {True, False}


def _angle(one: Any, other: Any) -> float:
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    return float(np.arccos(np.clip(cosine, -1.0, 1.0)))


@pytest.mark.parametrize(
    ("encode", "told"),
    [
        (lambda m, v: np.ones(3 + int(v[0])), r"shape \(1, 4\); got \(1, 3\)"),
        (lambda m, v: np.full(3, np.nan), "finite numbers; got nan"),
        (lambda m, v: np.ones((2, 2)), "a vector for each value"),
        (lambda m, v: "vector", "expected numbers .*got str"),
        (lambda m, v: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_what_an_encoder_should_not_give_is_told_with_its_stream(
    encode: Callable[[str, Any], Any], told: str
) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {x: embedding, z: {modality: embedding, encodes: x}}\n"
        "steps: [{name: between, uses: latent_mix, with: {encoder: mine, share: 0.5}}]",
        encoders={"mine": encode},
    )
    with pytest.raises(SampleError, match=f"'x': expected an encoder 'mine'.*{told}"):
        policy({"x": np.ones(4)}, key=1, partner={"x": np.zeros(4)})


class Wide:
    """An encoder that says one width and gives another."""

    dimensions = 5

    def encode(self, name: str, values: Any) -> Any:
        return np.ones((len(values), 4))


class NoRows:
    """An encoder that gives one vector for all values."""

    def encode(self, name: str, values: Any) -> Any:
        return np.ones(4)


@pytest.mark.parametrize(
    ("encoder", "told"), [(Wide(), r"\(1, 5\); got \(1, 4\)"), (NoRows(), r"\(1, D\); got \(4,\)")]
)
def test_other_shapes_than_an_encoder_said_are_told(encoder: Any, told: str) -> None:
    policy = load_policy(
        "syncaug: 1\nsample: {x: embedding, z: {modality: embedding, encodes: x}}\n"
        "steps: [{name: blur, uses: latent_noise, with: {encoder: mine, strength: 0.5}}]",
        encoders={"mine": encoder},
    )
    with pytest.raises(SampleError, match=f"encoder of 'x': expected vectors of the shape {told}"):
        policy({"x": np.ones(4)}, key=1)


def test_the_bank_of_an_encoder_gives_whole_samples() -> None:
    pictures = {f"p/{n}": np.full((8, 8, 3), 40 * n, np.uint8) for n in range(5)}
    samples = {key: {"image": value, "caption": f"number {key}"} for key, value in pictures.items()}
    angles = np.linspace(0.0, 1.5, 5)

    class Turning:
        """Grey levels on a quarter of a circle."""

        streams = ("image",)

        bank = Bank(np.stack([np.cos(angles), np.sin(angles)], axis=1), list(samples), samples)

        def encode(self, name: str, values: Any) -> Any:
            turned = [np.mean(value) / 160 * 1.5 for value in values]
            return np.stack([np.cos(turned), np.sin(turned)], axis=1)

    text = (
        "syncaug: 1\nsample: {image: image, caption: {modality: text, describes: image}}\nsteps: "
        "[{name: near, uses: latent_interpolate, with: {encoder: mine, share: SHARE, "
        "image: nearest, caption: nearest}}]"
    )
    for share, level in ((0.5, "p/2"), (0.25, "p/1"), (0.0, "p/0"), (1.0, "p/4")):
        policy = load_policy(text.replace("SHARE", str(share)), encoders={"mine": Turning()})
        out, record = policy.apply(samples["p/0"], key=1, partner=samples["p/4"])
        assert np.array_equal(out["image"], pictures[level])
        assert out["caption"] == f"number {level}"
        if 0.0 < share < 1.0:
            assert record.notes["image"]["mixed"][-1]["key"] == level
            assert record.notes["caption"]["mixed"][-1]["key"] == level


def test_a_function_that_only_its_package_knows_is_told_what_it_lacks() -> None:
    """Of an installed encoder loading knows the name alone."""
    space = OpenSpace("mine", CallableEncoder(lambda modality, value: [1.0, 2.0]))
    stream = Stream("image", "image", {}, {})
    with pytest.raises(SampleError, match="'image': expected an encoder 'mine' with a decoder"):
        space.decode(stream, np.ones(2))
    with pytest.raises(SampleError, match="'image': expected an encoder 'mine' with a bank"):
        space.nearest({"image": np.ones(2)})


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda t: TransformersEncoder(t / "none"), "with config.json"),
        (lambda t: SentenceEncoder(t / "none"), "with modules.json"),
        (lambda t: OnnxEncoder({"image": t / "none.onnx"}), "an ONNX model"),
        (lambda t: OnnxEncoder({}), "one for each"),
        (lambda t: CallableEncoder(3), "a function"),  # type: ignore[arg-type]
    ],
)
def test_models_that_are_not_there_are_told(
    tmp_path: Path, make: Callable[[Path], Any], told: str
) -> None:
    with pytest.raises(LatentError, match=told):
        make(tmp_path)


def test_models_are_asked_for_what_they_can(
    clip: TransformersEncoder, sentences: SentenceEncoder, files: OnnxEncoder, tmp_path: Path
) -> None:
    with pytest.raises(LatentError, match="image, video, text; got 'audio'"):
        clip.encode("audio", SOUNDS)
    with pytest.raises(LatentError, match="text, timed_text; got 'image'"):
        sentences.encode("image", PICTURES)
    with pytest.raises(LatentError, match="'film': expected tensor"):
        files.encode("film", [np.ones(7)])
    with pytest.raises(LatentError, match="of one width; got"):
        OnnxEncoder(
            {
                name: tiny_models.linear(tmp_path / f"{name}.onnx", np.ones((2, width)))
                for name, width in (("a", 2), ("b", 3))
            }
        )
    with pytest.raises(LatentError, match="a picture HxWxC"):
        clip.encode("image", [np.ones(3)])


def test_no_adapter_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, syncaug.training.latent, syncaug.training.latent.adapters\n"
        "heavy = {'torch', 'transformers', 'onnxruntime', 'sentence_transformers', 'sklearn'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
