"""Lhotse: cuts on disk and in memory, supervisions and alignments in time, and workers."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, MonoCut, MultiCut, Recording, SupervisionSegment
from lhotse.array import TemporalArray
from lhotse.dataset import K2SpeechRecognitionDataset, SimpleCutSampler
from lhotse.dataset.input_strategies import AudioSamples
from lhotse.supervision import AlignmentItem
from torch.utils.data import DataLoader

from syncaug import SampleError, SampleWarning, load_policy
from syncaug.loaders import SharedEpoch
from syncaug.loaders.lhotse import Augment, augment

RATE, COUNT = 8000, 6
POLICY = """
syncaug: 1
seed: 3
sample: {audio: audio, words: timed_text}
steps:
  - {name: pace, uses: speed, with: {factor: [0.8, 1.25]}}
  - {name: part, uses: trim, with: {duration: 1.0, at: [0, 1]}}
"""
WORDS = (("hello", 0.2, 0.4), ("there", 0.7, 0.3), ("you", 1.2, 0.4))


def sound(index: int) -> np.ndarray:
    return np.random.default_rng(index).normal(0, 0.1, (1, 2 * RATE)).astype(np.float32)


@pytest.fixture
def cuts(tmp_path: Path) -> CutSet:
    found = []
    for index in range(COUNT):
        path = tmp_path / f"{index}.wav"
        soundfile.write(path, sound(index)[0], RATE, subtype="FLOAT")
        cut = Recording.from_file(path).to_cut()
        cut.id = f"cut-{index}"
        words = [AlignmentItem(*word) for word in WORDS]
        cut.supervisions = [
            SupervisionSegment(
                f"text-{index}", cut.recording_id, 0.2, 1.5, text="hello there you",
                speaker="ann", language="en", custom={"room": 7}, alignment={"word": words},
            ),
            SupervisionSegment(f"voice-{index}", cut.recording_id, 0.0, 1.0, speaker="bob"),
        ]  # fmt: skip
        found.append(cut)
    return CutSet.from_cuts(found)


def direct(index: int, epoch: int) -> dict[str, Any]:
    """The call that a cut stands for."""
    words = [{"start": start, "end": start + length, "w": word} for word, start, length in WORDS]
    sample = {
        "audio": {"array": sound(index), "sampling_rate": RATE},
        "words": [
            {"start": 0.2, "end": 1.7, "text": "hello there you", "inner": words, "of": "text"},
            {"start": 0.0, "end": 1.0, "text": "a b", "of": "voice"},
        ],
    }
    out: dict[str, Any] = load_policy(POLICY)(sample, key=f"cut-{index}", epoch=epoch)
    return out


def assert_direct(cut: Any, epoch: int) -> None:
    index = int(cut.id.removeprefix("cut-"))
    wanted = direct(index, epoch)
    assert np.array_equal(cut.load_audio(), wanted["audio"]["array"])
    assert [one.id for one in cut.supervisions] == [f"{c['of']}-{index}" for c in wanted["words"]]
    for one, cue in zip(cut.supervisions, wanted["words"], strict=True):
        assert one.start == pytest.approx(cue["start"], abs=1e-7)
        assert one.end == pytest.approx(cue["end"], abs=1e-7)
        if cue["of"] == "voice":
            assert (one.text, one.speaker, one.alignment) == (None, "bob", None)
            continue
        assert (one.text, one.speaker, one.custom) == ("hello there you", "ann", {"room": 7})
        aligned = one.alignment["word"]
        assert [item.symbol for item in aligned] == [word["w"] for word in cue["inner"]]
        for item, word in zip(aligned, cue["inner"], strict=True):
            assert item.start == pytest.approx(word["start"], abs=1e-7)
            assert item.end == pytest.approx(word["end"], abs=1e-7)


def test_cuts_are_augmented_when_they_are_iterated(cuts: CutSet) -> None:
    epoch = SharedEpoch()
    out = augment(cuts, load_policy(POLICY), epoch=epoch)
    assert out.is_lazy
    assert len(out) == COUNT
    for number in (0, 2):
        epoch.set(number)
        found = list(out)
        assert [cut.id for cut in found] == [f"cut-{index}" for index in range(COUNT)]
        for cut in found:
            assert_direct(cut, number)
            assert cut.duration == 1.0
            assert cut.recording.is_in_memory
    begun = iter(out)
    next(begun)
    epoch.set(5)
    assert_direct(next(begun), 2)  # an iteration keeps the epoch in which it began
    assert_direct(augment(cuts[1], load_policy(POLICY), epoch=4), 4)


@pytest.mark.filterwarnings("ignore:.*shorter than asked")  # a quick cut lasts less than a second
def test_cuts_in_memory_are_the_same(cuts: CutSet) -> None:
    file = Path(cuts[0].recording.sources[0].source)
    held = Recording.from_bytes(file.read_bytes(), recording_id="0").to_cut()
    held.id = "cut-0"
    assert held.is_in_memory
    wanted = load_policy(POLICY)(
        {"audio": {"array": held.load_audio(), "sampling_rate": RATE}, "words": []}, key="cut-0"
    )
    assert np.array_equal(augment(held, load_policy(POLICY)).load_audio(), wanted["audio"]["array"])
    made = augment(cuts[0], load_policy(POLICY))
    assert_direct(made, 0)
    again = augment(made, load_policy(POLICY))  # a result is a cut as any other
    assert (again.id, again.recording.is_in_memory) == ("cut-0", True)


def test_a_data_set_augments_in_its_workers(cuts: CutSet) -> None:
    transform = Augment(load_policy(POLICY))
    data = K2SpeechRecognitionDataset(
        cut_transforms=[transform], input_strategy=AudioSamples(), return_cuts=True
    )
    sampler = SimpleCutSampler(cuts, max_cuts=2, shuffle=True)
    for workers in ({}, {"num_workers": 2, "persistent_workers": True}):
        loader = DataLoader(data, sampler=sampler, batch_size=None, **workers)
        for epoch in (0, 3):
            transform.set_epoch(epoch)
            sampler.set_epoch(epoch)
            seen = []
            for batch in loader:
                for row, samples in enumerate(batch["inputs"]):
                    of_row = batch["supervisions"]["cut"]
                    cut = next(c for c, n in zip(of_row, _rows(batch), strict=True) if n == row)
                    assert_direct(cut, epoch)
                    assert np.array_equal(samples.numpy()[None], cut.load_audio())
                    seen.append(cut.id)
            assert sorted(seen) == [f"cut-{index}" for index in range(COUNT)]


def _rows(batch: Any) -> list[int]:
    return [int(number) for number in batch["supervisions"]["sequence_idx"]]


def test_views_of_a_cut_stand_one_behind_the_other(cuts: CutSet) -> None:
    policy = load_policy(POLICY)
    transform = Augment(policy, views=2)
    transform.set_epoch(3)
    lazy = augment(cuts, policy, epoch=3, views=2)
    assert len(lazy) == 2 * COUNT
    eager = [view for cut in cuts for view in transform(cut)]
    names = [f"cut-{index}_view{view}" for index in range(COUNT) for view in (1, 2)]
    for found in (list(lazy), list(transform(cuts)), eager):
        assert [cut.id for cut in found] == names
        for cut in found:
            name, _, view = cut.id.rpartition("_view")
            index = int(name.removeprefix("cut-"))
            sample = {"audio": {"array": sound(index), "sampling_rate": RATE}, "words": []}
            wanted = policy.views(sample, key=name, epoch=3, n=2)[int(view) - 1]
            assert np.array_equal(cut.load_audio(), wanted["audio"]["array"])
            assert {one.id for one in cut.supervisions} <= {
                f"{kind}-{index}_view{view}" for kind in ("text", "voice")
            }
    data = K2SpeechRecognitionDataset(
        cut_transforms=[transform], input_strategy=AudioSamples(), return_cuts=True
    )
    sampler = SimpleCutSampler(cuts, max_cuts=2)
    for batch in DataLoader(data, sampler=sampler, batch_size=None, num_workers=2):
        assert len(batch["inputs"]) == 4
    assert len(transform(cuts[0])) == 2
    dropping = load_policy(POLICY + "checks: [same_duration]\non_fail: {retry: 0, then: drop}\n")
    few = augment(cuts, dropping, views=2)
    with pytest.raises(TypeError, match="known when they have been augmented"):
        len(few)


def test_mixed_and_padded_cuts_come_back_as_one(cuts: CutSet) -> None:
    policy = load_policy("{syncaug: 1, sample: {audio: audio, words: timed_text}, steps: "
                         "[{name: back, uses: reverse}]}")  # fmt: skip
    mixed = cuts[0].mix(cuts[1], offset_other_by=0.5, preserve_id="left")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = augment(mixed, policy)
    assert isinstance(out, MonoCut)
    assert out.id == "cut-0"
    assert np.array_equal(out.load_audio(), mixed.load_audio()[:, ::-1])
    first = next(one for one in out.supervisions if one.id == "text-0")
    assert (first.start, first.end) == (pytest.approx(0.8), pytest.approx(2.3))
    with pytest.warns(SampleWarning, match="drawn anew whenever it is mixed or padded"):
        padded = augment(cuts[0].pad(3.0), policy)
    assert padded.duration == 3.0


def test_channels_of_a_recording_stay_together(tmp_path: Path) -> None:
    stereo = np.concatenate([sound(0), sound(1)])
    soundfile.write(tmp_path / "two.wav", stereo.T, RATE, subtype="FLOAT")
    cut = Recording.from_file(tmp_path / "two.wav").to_cut()
    cut.supervisions = [SupervisionSegment("a", cut.recording_id, 0, 2, channel=[0, 1], text="a")]
    policy = load_policy(POLICY)
    out = augment(cut, policy)
    assert isinstance(out, MultiCut)
    assert out.load_audio().shape == (2, RATE)
    assert out.supervisions[0].channel == [0, 1]
    right = augment(cut.with_channels([1]), policy)
    assert right.load_audio().shape == (1, RATE)


def test_rounds_of_a_loop_have_ids_of_their_own(cuts: CutSet) -> None:
    policy = load_policy("{syncaug: 1, sample: {audio: audio, words: timed_text}, steps: "
                         "[{name: again, uses: loop, with: {times: 2}}]}")  # fmt: skip
    out = augment(cuts[0], policy)
    assert {one.id for one in out.supervisions} >= {"text-0", "text-0-2"}
    assert len({one.id for one in out.supervisions}) == len(out.supervisions)


def test_custom_fields_that_the_policy_declares_go_through_it(cuts: CutSet) -> None:
    policy = load_policy("""
syncaug: 1
sample: {audio: audio, words: timed_text, caption: text, note: text}
steps: [{name: slips, apply: {caption: {op: nlpaug.KeyboardAug, aug_char_p: 0.5}}}]
""")
    cut = cuts[0]
    cut.caption, cut.other = "a dog barks in the yard", [1, 2]
    out = augment(CutSet.from_cuts([cut]).filter(lambda _: True), policy.at(1), key="id")
    sample = {
        "audio": {"array": sound(0), "sampling_rate": RATE}, "words": [], "caption": cut.caption,
        "note": "",
    }  # fmt: skip
    with pytest.raises(SampleError, match="note"):
        list(out)
    cut.note = ""
    (made,) = out
    assert made.caption == policy(sample, key="cut-0", epoch=1)["caption"] != cut.caption
    assert made.other == [1, 2]


def test_what_would_be_left_behind_is_refused(cuts: CutSet) -> None:
    silent = load_policy(POLICY.replace(", words: timed_text", ""))
    with pytest.raises(SampleError, match="got supervisions beside the sound"):
        augment(cuts[0], silent)
    assert augment(cuts[0].drop_supervisions(), silent).supervisions == []
    cut = cuts[0].drop_supervisions()
    cut.pitch = TemporalArray.__new__(TemporalArray)
    with pytest.raises(SampleError, match="got pitch beside the sound"):
        augment(cut, silent)
    louder = load_policy("{syncaug: 1, sample: {audio: audio}, steps: [{name: n, uses: noise, "
                         "with: {snr_db: 10}}]}")  # fmt: skip
    kept = augment(cuts[0], louder)
    assert kept.supervisions == cuts[0].supervisions  # no step moves the time


def test_bad_cuts_are_told_or_left_out(cuts: CutSet, tmp_path: Path) -> None:
    (tmp_path / "2.wav").write_bytes(b"no sound")
    policy = load_policy(POLICY)
    with pytest.raises(Exception, match="2.wav"):
        list(augment(cuts, policy))
    told: list[Exception] = []
    out = augment(cuts, policy, handler=lambda error: not told.append(error))
    assert [cut.id for cut in out] == [f"cut-{index}" for index in range(COUNT) if index != 2]
    assert len(told) == 1
    assert len(list(out)) == COUNT - 1
    with pytest.raises(TypeError, match="known when they have been augmented"):
        len(out)


def test_a_policy_for_no_cuts_is_told(cuts: CutSet) -> None:
    with pytest.raises(SampleError, match="a stream of audio, which every cut has"):
        augment(cuts, load_policy("{syncaug: 1, sample: {image: image}, steps: []}"))
    two = load_policy("{syncaug: 1, sample: {near: audio, far: audio}, steps: []}")
    with pytest.raises(SampleError, match="audio= to name one of the policy's streams"):
        augment(cuts, two)
    with pytest.raises(SampleError, match="custom field 'name'"):
        augment(cuts[0], load_policy(POLICY), key="name")
    with pytest.raises(SampleError, match="steps blend"):
        Augment(load_policy("{syncaug: 1, sample: {audio: audio}, steps: "
                            "[{name: blend, uses: mixup}]}"))  # fmt: skip
