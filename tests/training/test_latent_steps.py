"""Steps on vectors: what a policy may say of them, and what is refused with its remedy."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from syncaug import AlignmentError, ArgumentError, PolicyError, SampleError, load_policy
from syncaug.training.latent import Bank

SAMPLE = """
syncaug: 1
sample:
  image: image
  boxes: {modality: boxes, optional: true}
  caption: {modality: text, describes: image}
  seen: {modality: embedding, encodes: image}
"""
PHOTO = np.full((8, 8, 3), 90, np.uint8)


class Grey:
    """The mean level of a picture, and a bank of one sample."""

    streams = ("image",)
    dimensions = 2
    bank = Bank([[1.0, 9.0]], ["only"], {"only": {"image": PHOTO + 9, "caption": "it"}})

    def encode(self, name: str, values: Any) -> Any:
        return np.array([[1.0, np.mean(value)] for value in values])


def policy_of(step: str, sample: str = SAMPLE) -> Any:
    return load_policy(f"{sample}steps: [{{name: step, {step}}}]", encoders={"mine": Grey()})


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("uses: latent_mix, with: {encoder: mine, caption: keep, image: decode, boxes: keep}",
         "SA502 encoder 'mine' has no decoder for it, and image stream 'image'"),
        ("uses: latent_mix, with: {encoder: mine, caption: decode, boxes: keep}",
         "SA502 encoder 'mine' cannot encode it, and text stream 'caption'"),
        ("uses: latent_mix, with: {boxes: keep}", "SA502 a step without encoder: cannot encode"),
        ("uses: latent_mix, with: {encoder: yours, boxes: keep}", "SA311 unknown encoder 'yours'"),
        ("uses: latent_mix, with: {encoder: a.npz, boxes: keep}", "SA320 the space 'a.npz' cannot"),
        ("uses: latent_noise, with: {encoder: mine, image: nearest}",
         "SA502 other streams of its space become new ones, and boxes stream 'boxes'"),
        ("uses: latent_mix, with: {encoder: mine, seen: nearest, boxes: keep}",
         "makes vectors of it, which are no sample's"),
        ("uses: latent_noise, with: {encoder: mine, fingerprint: 0123456789abcdef}",
         "SA320 a fingerprint pins a file, and this step names none"),
    ],
)  # fmt: skip
def test_what_an_encoder_cannot_do_is_told_with_its_remedy(step: str, told: str) -> None:
    with pytest.raises(PolicyError, match=told) as caught:
        policy_of(step)
    assert all(problem.expected or problem.hint for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("z: {modality: embedding, encodes: nothing}", "SA306 unknown stream 'nothing'"),
        ("z: {modality: embedding, encodes: z}", "SA306 unknown stream 'z'"),
        ("z: {modality: embedding, encodes: image, rate: 9}", "SA306 'z' is one vector of all of"),
        ("z: {modality: embedding, encodes: image}", None),
    ],
)
def test_a_vector_is_that_of_another_stream(declared: str, told: str | None) -> None:
    sample = f"syncaug: 1\nsample: {{image: image, {declared}}}\n"
    step = "uses: latent_mix, with: {encoder: mine}"
    if told is None:
        assert policy_of(step, sample).plan.stream("z").optional
        return
    with pytest.raises(PolicyError, match=told):
        policy_of(step, sample)


def test_every_result_has_its_vector_whatever_was_drawn() -> None:
    text = "uses: latent_noise, with: {encoder: mine, strength: 0}, p: 0.5"
    policy = policy_of(text)
    own = {"image": PHOTO, "caption": "it"}
    for key in range(6):
        assert policy(own, key=key)["seen"].tolist() == [1.0, 90.0]
    dark = "{name: dark, uses: light, with: {value: -0.5}}"
    small = "{name: small, uses: resize, with: {height: 4, width: 4}}"
    for then, size, steps in (("keep_original", 8, dark), ("neutral", 4, f"{dark}, {small}")):
        text = (
            f"{SAMPLE}steps: [{steps}, {{name: t, uses: latent_noise, with: {{encoder: mine}}}}]\n"
            f"checks: [{{similarity: {{encoder: off, max_drop: 0.0}}}}]\non_fail: {{then: {then}}}"
        )

        def off(modality: str, value: Any) -> Any:
            return [1.0, 0.0] if modality == "text" or np.mean(value) == 90 else [0.0, 1.0]

        policy = load_policy(text, encoders={"mine": Grey(), "off": off})
        out, record = policy.apply(own, key=1)
        assert record.outcome == {"neutral": "neutral"}.get(then, "kept_original")
        assert (out["image"].shape[0], out["seen"].tolist()) == (size, [1.0, 90.0])
        again = policy.replay(own, record)
        assert np.array_equal(again["seen"], out["seen"])


def test_a_bank_of_other_vectors_is_told() -> None:
    class Wrong(Grey):
        """A bank of vectors of three numbers."""

        bank = Bank(np.eye(3), ["a", "b", "c"], {})

    text = f"{SAMPLE}steps: [{{name: t, uses: latent_noise, with: {{encoder: mine, STREAMS}}}}]"
    own = {"image": PHOTO, "caption": "it"}
    noisy = load_policy(text.replace(", STREAMS", ""), encoders={"mine": Wrong()})
    with pytest.raises(SampleError, match="'seen': expected vectors of 3 numbers, .*bank; got 2"):
        noisy(own, key=1)
    words = "image: nearest, caption: nearest, boxes: nearest"
    near = load_policy(text.replace("STREAMS", words), encoders={"mine": Wrong()})
    with pytest.raises(SampleError, match="'image': expected vectors of 3 numbers"):
        near(own, key=1)


def test_a_vector_is_made_by_one_encoder() -> None:
    two = "{name: two, uses: latent_noise, with: {encoder: %s, strength: 0.1}}"
    one = "{name: one, uses: latent_mix, with: {encoder: mine, boxes: keep}}"
    encoders = {"mine": Grey(), "other": lambda modality, value: [1.0, 2.0]}
    load_policy(f"{SAMPLE}steps: [{one}, {two % 'mine'}]", encoders=encoders)
    for steps in (f"[{one}, {two % 'other'}]", f"[{{name: o, one_of: [{one}, {two % 'other'}]}}]"):
        with pytest.raises(PolicyError, match="'seen' is that of encoder 'mine' in another step"):
            load_policy(f"{SAMPLE}steps: {steps}", encoders=encoders)


def test_what_an_encoder_writes_into_is_its_own() -> None:
    class Greedy(Grey):
        """It works in place, as models do that normalise."""

        def encode(self, name: str, values: Any) -> Any:
            given = super().encode(name, values)
            for value in values:
                value[...] = 0
            return given

    step = "{name: t, uses: latent_mix, with: {encoder: mine, share: 0.25, boxes: keep}}"
    policy = load_policy(f"{SAMPLE}steps: [{step}]", encoders={"mine": Greedy()})
    own, partner = ({"image": PHOTO + n, "caption": "it"} for n in (0, 40))
    out = policy(own, key=1, partner=partner)
    assert out["seen"].tolist() == [1.0, 100.0]
    for value, level in ((out, 90), (own, 90), (partner, 130)):
        assert (value["image"] == level).all()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"dimensions": "2"}, "dimensions of 'mine': expected the width of its vectors.*; got '2'"),
        ({"dimensions": lambda: 2}, "expected the width of its vectors, or None"),
        ({"streams": "image"}, "streams of 'mine': expected names in a list, or None; got 'image'"),
        ({"streams": lambda: ["image"]}, "expected names in a list"),
    ],
)
def test_what_an_encoder_says_of_itself_is_checked(said: dict[str, Any], told: str) -> None:
    encoder = Grey()
    for name, value in said.items():
        setattr(encoder, name, value)
    with pytest.raises(ArgumentError, match=told):
        load_policy(f"{SAMPLE}steps: []", encoders={"mine": encoder})


@pytest.mark.parametrize(
    "form",
    [
        lambda row: torch.tensor(row, dtype=torch.bfloat16),
        lambda row: torch.tensor(row, requires_grad=True),
        lambda row: [torch.tensor(number, requires_grad=True) for number in row],
    ],
)
def test_a_function_may_give_any_tensor(form: Any) -> None:
    def encode(modality: str, value: Any) -> Any:
        return form([1.0, float(np.mean(value))])

    step = "{name: t, uses: latent_noise, with: {encoder: mine, strength: 0}}"
    policy = load_policy(f"{SAMPLE}steps: [{step}]", encoders={"mine": encode})
    out = policy({"image": PHOTO, "caption": "it"}, key=1)
    assert out["seen"].tolist() == [1.0, 90.0]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (np.array([[1.0 + 2.0j, 1.0]]), "got ndarray: values of complex128"),
        ([["1", "2"]], "got list: values of <U1"),
        (np.ma.masked_array([[1.0, 2.0]], mask=[[False, True]]), "expected finite numbers"),
    ],
)
def test_what_is_no_number_is_told(rows: Any, told: str) -> None:
    class Strange(Grey):
        """Whatever it is asked."""

        def encode(self, name: str, values: Any) -> Any:
            return rows

    step = "{name: t, uses: latent_noise, with: {encoder: mine}}"
    policy = load_policy(f"{SAMPLE}steps: [{step}]", encoders={"mine": Strange()})
    with pytest.raises(SampleError, match=f"'image': expected an encoder 'mine' that .*{told}"):
        policy({"image": PHOTO, "caption": "it"}, key=1)


def near(samples: Any) -> Any:
    encoder = Grey()
    encoder.bank = Bank([[1.0, 9.0]], ["only"], samples)
    words = "image: nearest, caption: nearest, boxes: nearest"
    step = f"{{name: t, uses: latent_noise, with: {{encoder: mine, strength: 1e-9, {words}}}}}"
    policy = load_policy(f"{SAMPLE}steps: [{step}]", encoders={"mine": encoder})
    return policy({"image": PHOTO, "caption": "it"}, key=1)


def test_samples_of_a_bank_come_in_all_forms() -> None:
    out = near({"only": {"image": Image.fromarray(PHOTO + 9), "caption": "that"}})
    assert (out["image"] == 99).all()
    assert out["caption"] == "that"


def _raises(key: str | int) -> Any:
    raise RuntimeError("it is away")


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ({"only": {"image": PHOTO}}, "no such entry in the sample, in the sample 'only' of the"),
        ({"only": None}, "got NoneType, in the sample 'only' of the encoder's bank"),
        (_raises, "the sample 'only' of the bank of 'mine'; got RuntimeError: it is away"),
    ],
)
def test_a_sample_of_a_bank_that_does_not_fit_is_told(samples: Any, told: str) -> None:
    with pytest.raises(SampleError, match=told):
        near(samples)


def test_a_value_of_another_form_is_that_of_the_decoder() -> None:
    class Back(Grey):
        """It decodes to what is given."""

        value: Any = None

        def decode(self, name: str, vectors: Any) -> Any:
            return [self.value]

    encoder = Back()
    words = "image: decode, boxes: keep, caption: keep"
    step = f"{{name: t, uses: latent_noise, with: {{encoder: mine, {words}}}}}"
    policy = load_policy(f"{SAMPLE}steps: [{step}]", encoders={"mine": encoder})
    own = {"image": PHOTO, "caption": "it"}
    encoder.value = torch.full((8, 8, 3), 7, dtype=torch.uint8)
    assert (policy(own, key=1)["image"] == 7).all()
    encoder.value = None
    with pytest.raises(SampleError, match=r"got None, from decode\(\) of the encoder"):
        policy(own, key=1)
    encoder.value = np.zeros((8, 8, 3), np.float32)
    with pytest.raises(AlignmentError, match="the decoded value's picture has the dtype"):
        policy(own, key=1)


def test_dimensions_are_the_same_in_all_streams() -> None:
    policy = policy_of("uses: feature_mix, with: {share: 0.5}", VECTORS)
    own, partner = (vectors(*numbers) for numbers in ((1.0, 2.0, 3.0), (0.0, 0.0, 0.0)))
    own["b"], partner["b"] = np.ones(5), np.zeros(5)
    with pytest.raises(SampleError, match="one width in all streams.*; got 3 of 'a', 5 of 'b'"):
        policy(own, key=1, partner=partner)


def test_a_sample_brings_no_vector_that_an_encoder_makes() -> None:
    policy = policy_of("uses: latent_noise, with: {encoder: mine}")
    with pytest.raises(SampleError, match="'seen': expected no entry: an encoder makes"):
        policy({"image": PHOTO, "caption": "it", "seen": np.ones(2)}, key=1)


VECTORS = "syncaug: 1\nsample: {a: embedding, b: embedding, kind: {modality: label, classes: 3}}\n"


def vectors(*numbers: float, kind: int = 0) -> dict[str, Any]:
    return {"a": np.array(numbers), "b": 2.0 * np.array(numbers), "kind": kind}


def test_vectors_that_do_not_go_together_refuse_the_draw() -> None:
    turn = policy_of("uses: latent_interpolate, with: {share: 0.5}", VECTORS)
    with pytest.raises(AlignmentError, match="stream 'a': slerp: expected vectors that do not"):
        turn(vectors(1.0, 0.0), key=1, partner=vectors(-1.0, 0.0))
    with pytest.raises(AlignmentError, match=r"shape \(3,\), and its own \(2,\)"):
        turn(vectors(1.0, 0.0), key=1, partner=vectors(-1.0, 0.0, 1.0))


@pytest.mark.parametrize("uses", ["latent_mix", "latent_interpolate", "feature_mix"])
def test_all_streams_take_one_share_and_labels_take_it_too(uses: str) -> None:
    policy = policy_of(f"uses: {uses}, with: {{share: [0.2, 0.8]}}", VECTORS)
    own, partner = vectors(1.0, 0.0, 3.0, 1.0), vectors(0.0, 2.0, 1.0, 1.0, kind=2)
    for key in range(10):
        out, record = policy.apply(own, key=key, partner=partner)
        assert np.allclose(2.0 * out["a"], out["b"]), "pairs stay pairs"
        share = record.notes["a"]["mixed"][-1]["share"]
        assert np.allclose(out["kind"], [1.0 - share, 0.0, share])
        assert policy.replay(own, record, partner=partner)["kind"].tolist() == out["kind"].tolist()
    apart = pickle.loads(pickle.dumps(policy)).with_sync("independent")
    shares = {
        name: apart.apply(own, key=1, partner=partner)[1].notes[name]["mixed"][-1]["share"]
        for name in ("a", "b")
    }
    assert uses == "feature_mix" or shares["a"] != shares["b"]


@pytest.mark.parametrize("uses", ["mixup", "latent_mix", "latent_interpolate", "feature_mix"])
@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_partner_of_another_length_goes_on_with_its_last_vector(uses: str, share: float) -> None:
    """Or is cut; so every row is mixed by the share that the label has, up to the ends."""
    policy = policy_of(f"uses: {uses}, with: {{share: {share}}}", VECTORS)
    random = np.random.default_rng(3)
    long, short = random.normal(size=(2, 5, 4)), random.normal(size=(2, 3, 4))
    for own, other in ((long, short), (short, long)):
        lasting = np.concatenate([other, other[:, -1:], other[:, -1:]], axis=1)[:, : own.shape[1]]
        samples = [{"a": both[0], "b": both[1], "kind": n} for n, both in enumerate((own, other))]
        whole = {"a": lasting[0], "b": lasting[1], "kind": 1}
        out = policy(samples[0], key=1, partner=samples[1])
        wanted = policy(samples[0], key=1, partner=whole)
        assert all(np.array_equal(out[name], wanted[name]) for name in ("a", "b", "kind"))
        if share in (0.0, 1.0):
            assert np.array_equal(out["a"], lasting[0] if share else own[0])


@pytest.mark.parametrize("uses", ["mixup", "latent_mix"])
def test_one_vector_and_several_do_not_mix(uses: str) -> None:
    policy = policy_of(f"uses: {uses}, with: {{share: 0.5}}", VECTORS)
    one, several = vectors(1.0, 2.0), vectors(1.0, 2.0)
    several["b"] = np.ones((3, 2))
    told = "stream 'b'.*the partner has for it rows of vectors, and this sample one vector"
    told += r"|stream 'b'.*shape \(3, 2\), and its own \(2,\)"
    with pytest.raises(AlignmentError, match=told):
        policy(one, key=1, partner=several)


def test_a_sample_of_a_bank_holds_what_becomes_the_nearest_and_need_not_hold_more() -> None:
    encoder = Grey()
    encoder.bank = Bank([[1.0, 9.0]], ["only"], {"only": {"image": PHOTO + 9}})
    words = "image: nearest, caption: WORD, boxes: keep"
    step = f"{{name: t, uses: latent_mix, with: {{encoder: mine, share: 0.5, {words}}}}}"
    own, other = ({"image": PHOTO + n, "caption": f"it {n}"} for n in (0, 40))
    keep, take = (
        load_policy(f"{SAMPLE}steps: [{step.replace('WORD', word)}]", encoders={"mine": encoder})
        for word in ("keep", "nearest")
    )
    out = keep(own, key=1, partner=other)
    assert (out["image"] == 99).all()
    assert out["caption"] == "it 0"
    with pytest.raises(SampleError, match="'caption'.*no such entry.*sample 'only' of the enc"):
        take(own, key=1, partner=other)
