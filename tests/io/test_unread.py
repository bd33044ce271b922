"""Only what is needed is read: frames and samples decoded, beside the bytes of reading everything.

The handles count what they hold; they hold what real decoders have given them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import soundfile

from syncaug import Record, RecordError, load_policy
from syncaug.errors import ManifestError
from syncaug.io import load_sample, read_manifest
from syncaug.io.sound_samples import as_float
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.track_packets import decoded
from syncaug.io.track_reader import track_reader
from syncaug.unread import LoadedSample
from tests.io.films import cut_by_edit_list, film

REGULAR = np.arange(150) / 25
VARYING = np.cumsum(np.random.default_rng(5).uniform(0.011, 0.07, 150)) - 0.011
SOUND = np.random.default_rng(1).uniform(-0.3, 0.3, (2, 48_000 * 6)).astype(np.float32)
FILMS = {
    "mp4": {"times": REGULAR},
    "b-frames.mp4": {"times": REGULAR, "options": {"bf": "3", "g": "12"}},
    "mov": {"times": REGULAR},
    "mkv": {"times": REGULAR},
    "webm": {"times": REGULAR, "video": "libvpx-vp9", "audio": "libopus"},
    "avi": {"times": REGULAR, "video": "mpeg4", "ticks": 25, "audio": "mp3"},
    "varying.mp4": {"times": VARYING - VARYING[0]},
    "varying.mkv": {"times": VARYING - VARYING[0], "options": {"bf": "0"}},
    "late.mp4": {"times": REGULAR, "sound_start": 0.7},
    "late.mkv": {"times": REGULAR, "sound_start": 0.7, "audio": "flac"},
    "one.mp4": {"times": REGULAR[:1]},
}
STEPS = {
    "trim": "{name: cut, uses: trim, with: {duration: 1.3}}",
    "end": "{name: cut, uses: trim, with: {duration: 0.5, at: 0.999999}}",
    "speed": "{name: cut, uses: trim, with: {duration: 1.3}}, "
    "{name: fast, uses: speed, with: {factor: 1.7, preserve_pitch: false}}",
    "stretch": "{name: cut, uses: trim, with: {duration: 1.3}}, "
    "{name: slow, uses: speed, with: {factor: 0.8, preserve_pitch: true}}",
    "warp": "{name: cut, uses: trim, with: {duration: 1.3}}, "
    "{name: bend, uses: time_warp, with: {strength: 0.3}}",
    "back": "{name: cut, uses: trim, with: {duration: 1.3}}, {name: back, uses: reverse}",
    "dropped": "{name: out, uses: drop_modality, with: {count: 2}}",
    "flip": "{name: mirror, uses: flip}, {name: grain, uses: noise, with: {snr_db: 20}}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films of all kinds, each of six seconds."""
    folder = tmp_path_factory.mktemp("unread")
    for name, how in FILMS.items():
        path = folder / (name if "." in name else f"film.{name}")
        film(path, sound=SOUND, layout="stereo", **how)
    edited = film(folder / "edited.mp4", REGULAR, sound=SOUND, layout="stereo")
    cut_by_edit_list(edited, 0.4)
    return folder


def loaded(folder: Path, policy: Any, **values: Any) -> LoadedSample:
    """The sample of a manifest's only line."""
    manifest = folder / "line.jsonl"
    manifest.write_text(json.dumps({"key": 1, **values}) + "\n")
    sample = load_sample(
        next(read_manifest(manifest)), {stream.name: stream for stream in policy.plan.streams}
    )
    assert isinstance(sample, LoadedSample)
    return sample


def same(one: Any, other: Any) -> bool:
    """Whether two values are of one form, to the last bit."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return bool(one == other)


@pytest.mark.filterwarnings("ignore:.*it ends at 0.04 s, and 'sound', which is on the same clock")
@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("name", [*FILMS, "edited.mp4"])
def test_a_film_in_its_file_gives_the_bytes_of_one_that_was_read(
    folder: Path, name: str, steps: str
) -> None:
    if name == "one.mp4" and steps in ("warp", "back"):
        steps = "trim"
    policy = load_policy(
        f"{{syncaug: 1, sample: {{film: video, sound: audio}}, steps: [{STEPS[steps]}]}}", seed=4
    )
    file = name if "." in name else f"film.{name}"
    lazily = loaded(folder, policy, film=file, sound=file)
    handles = lazily.handles
    whole = dict(loaded(folder, policy, film=file, sound=file))
    out, record = policy.apply(lazily, key=1)
    expected, _ = policy.apply(whole, key=1)
    assert same(out, expected)
    frames = int(handles["film"].clip.decoded)
    count = len(handles["film"].clip)
    if steps == "dropped":
        assert frames == 0
        assert "film" in record.by_file
    elif steps == "flip":
        assert frames == count
        assert record.by_file == ()
    elif count > 1:
        assert frames <= 0.4 * count
        assert record.by_file[0] == "film"
    line = record.to_json()
    again = policy.replay(loaded(folder, policy, film=file, sound=file), line)
    assert same(again, expected)
    if record.by_file:
        with pytest.raises(RecordError, match="give the sample as load_sample reads it"):
            policy.replay(whole, line)
    assert Record.from_json(line).by_file == record.by_file


@pytest.mark.parametrize("suffix", ["wav", "flac", "aiff", "caf", "w64", "au"])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("steps", STEPS)
def test_a_sound_in_its_file_is_read_where_it_is_heard(
    tmp_path: Path, suffix: str, channels: int, steps: str
) -> None:
    sound = np.random.default_rng(2).uniform(-0.4, 0.4, (8000 * 60, channels))
    soundfile.write(tmp_path / f"it.{suffix}", sound, 8000, subtype="PCM_16")
    text = f"{{syncaug: 1, sample: {{sound: audio}}, steps: [{STEPS[steps]}]}}"
    text = text.replace("{name: mirror, uses: flip}, ", "")
    policy = load_policy(text.replace("count: 2", "count: 1"), seed=4)
    lazily = loaded(tmp_path, policy, sound=f"it.{suffix}")
    handle = lazily.handles["sound"]
    out = policy(lazily, key=1)
    assert same(out, policy(dict(loaded(tmp_path, policy, sound=f"it.{suffix}")), key=1))
    seconds = 0 if steps == "dropped" else 60 if steps == "flip" else 6
    assert handle.decoded <= seconds * 8000


def test_a_long_track_has_the_same_bytes_in_blocks_and_whole(tmp_path: Path) -> None:
    sound = np.random.default_rng(3).uniform(-0.3, 0.3, (1, 48_000 * 75)).astype(np.float32)
    path = film(tmp_path / "long.mp4", REGULAR, sound=sound)
    whole = read_soundtrack(path, {})["array"]
    reader = track_reader(path, 0)
    assert reader is not None
    assert reader.shape == (1, 48_000 * 75)
    for block in (7, 0, 3):
        place = slice(block * reader.block, (block + 1) * reader.block)
        assert np.array_equal(reader.read(block, block + 1)[0], whole[place])
    policy = load_policy(
        "{syncaug: 1, sample: {sound: audio}, "
        "steps: [{name: cut, uses: trim, with: {duration: 4, at: 0.6}}]}"
    )
    lazily = loaded(tmp_path, policy, sound="long.mp4")
    out = policy(lazily, key=1)["sound"]["array"]
    assert lazily.handles["sound"].decoded <= 20 * 48_000
    assert np.array_equal(
        out, policy({"sound": {"array": whole, "sampling_rate": 48_000}}, key=1)["sound"]["array"]
    )


COARSE = [
    ("mkv", "aac", 48_000),
    ("mkv", "aac", 44_100),
    ("mkv", "flac", 44_100),
    ("mka", "libmp3lame", 44_100),
    ("webm", "libopus", 48_000),
]


@pytest.mark.parametrize("start", [0.0, 0.7])
@pytest.mark.parametrize(("suffix", "codec", "rate"), COARSE)
def test_ticks_of_a_millisecond_place_sound_to_the_sample(
    tmp_path: Path, suffix: str, codec: str, rate: int, start: float
) -> None:
    times = np.arange(rate * 64) / rate
    sound = np.stack([np.sin(2 * np.pi * (200 + 20 * times) * times), np.sin(900 * times)])
    video = {"mkv": "libx264", "webm": "libvpx-vp9"}.get(suffix)
    path = film(
        tmp_path / f"long.{suffix}",
        REGULAR if video else (),
        video=video or "",
        sound=(0.3 * sound).astype(np.float32),
        sound_start=start,
        rate=rate,
        layout="stereo",
        audio=codec,
    )
    reader = track_reader(path, 0)
    assert reader is not None
    whole = read_soundtrack(path, {})["array"]
    assert whole.shape == reader.shape
    for block in (4, 0, 6, 2):
        place = slice(block * reader.block, (block + 1) * reader.block)
        assert np.array_equal(reader.read(block, block + 1), whole[:, place])
    alone = np.concatenate(list(_by_one_decoder(path)), axis=1)
    begin = whole.shape[1] - alone.shape[1]  # what a codec needs to get going is not there
    assert abs(begin - start * rate) <= 0.0011 * rate
    # AAC puts noise of its own generator in; a shift by one sample gives more than 0.1.
    assert np.abs(whole[:, begin:] - alone).max() < 0.03


def test_sound_beside_a_film_is_sought_by_the_cues_of_the_film(tmp_path: Path) -> None:
    sound = np.random.default_rng(3).uniform(-0.3, 0.3, (1, 48_000 * 70)).astype(np.float32)
    times = np.arange(70 * 25) / 25
    path = film(tmp_path / "long.mkv", times, sound=sound, options={"g": "50"})
    with av.open(str(path)) as container:
        track = container.streams.audio[0]
        packet, _ = next(decoded(container, track, 60_000))
        assert packet.pts <= 60_000 < packet.pts + packet.duration
        # The demuxer keeps an entry of each key that it has passed; of sound each packet is one.
        assert len(track.index_entries) < 200 < 70 * 48_000 // 1024


def _by_one_decoder(path: Path) -> Iterator[Any]:
    """The blocks of a track without gaps, one after the other."""
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            yield as_float(frame)


def test_sound_with_gaps_is_read_whole_where_its_end_lies_off_the_grid(tmp_path: Path) -> None:
    sound = np.zeros((1, 48_000 * 70), np.float32)
    path = film(tmp_path / "long.mka", sound=sound)
    assert track_reader(path, 0) is not None
    gap = tmp_path / "gap.mka"
    with av.open(str(path)) as source, av.open(str(gap), "w") as out:
        track = source.streams.audio[0]
        stream = out.add_stream_from_template(track)
        for packet in source.demux(track):
            if packet.dts is not None:
                late = 10 if packet.pts > 30_000 else 0
                packet.pts, packet.dts = packet.pts + late, packet.dts + late
                packet.stream = stream
                out.mux(packet)
    assert track_reader(gap, 0) is None
    length = len(read_soundtrack(path, {})["array"])
    assert len(read_soundtrack(gap, {})["array"]) == length + 480


@pytest.mark.parametrize("form", ["rgb.png", "grey.png", "deep.png", "it.jpg", "alpha.png"])
def test_a_picture_that_is_dropped_is_not_decoded(tmp_path: Path, form: str) -> None:
    levels = np.random.default_rng(4).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    if form == "grey.png":
        levels = levels[..., 0]
    elif form == "deep.png":
        levels = levels.astype(np.uint16) * 257
    elif form == "alpha.png":
        levels = np.dstack([levels, levels[..., 0]])
    cv2.imwrite(str(tmp_path / form), levels)
    policy = load_policy(
        "{syncaug: 1, sample: {image: image, caption: {modality: text, describes: image}}, "
        "steps: [{name: cut, uses: crop, with: {area: 0.5}}, "
        "{name: out, uses: drop_modality, with: {count: 1, streams: [image]}}]}"
    )
    values = {"image": form, "caption": "a red car on the left"}
    lazily = loaded(tmp_path, policy, **values)
    handle = lazily.handles["image"]
    out, record = policy.apply(lazily, key=1)
    assert handle.is_read == (form == "alpha.png")  # whether all is opaque only pixels tell
    assert same(out, policy(dict(loaded(tmp_path, policy, **values)), key=1))
    again = policy.replay(loaded(tmp_path, policy, **values), record)
    assert same(again, out)


def test_a_draw_that_is_refused_leaves_no_empty_picture_behind(tmp_path: Path) -> None:
    levels = np.full((30, 40, 3), 200, np.uint8)
    cv2.imwrite(str(tmp_path / "it.png"), levels)
    policy = load_policy(
        """
syncaug: 1
sample: {image: image, boxes: {modality: boxes}}
steps:
  - {name: out, uses: drop_modality, p: 0.5, with: {count: 1, streams: [image]}}
  - {name: cut, uses: crop, with: {area: [0.05, 1.0]}}
checks: [{boxes_visible: {min_area: 0.7}}]
on_fail: {retry: 8, then: neutral}
"""
    )
    values = {"image": "it.png", "boxes": [[2, 2, 38, 28]]}
    outcomes = set()
    for key in range(30):
        lazily = loaded(tmp_path, policy, **values)
        out, record = policy.apply(lazily, key=key)
        expected, _ = policy.apply(dict(loaded(tmp_path, policy, **values)), key=key)
        assert same(out, expected)
        outcomes.add((record.outcome, lazily.handles["image"].is_read))
    assert ("accepted", False) in outcomes
    assert ("accepted", True) in outcomes


def test_a_loaded_sample_is_a_dict_of_what_its_files_hold(tmp_path: Path) -> None:
    levels = np.zeros((4, 5, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "it.png"), levels)
    policy = load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: f, uses: flip}]}")
    sample = loaded(tmp_path, policy, image="it.png")
    assert isinstance(sample, dict)
    for copy in (dict(sample), {**sample}, sample | {}, dict(sample.items()), sample.copy()):
        assert type(copy["image"]) is np.ndarray
    assert sample.get("image").shape == (4, 5, 3)
    assert [value.shape for value in sample.values()] == [(4, 5, 3)]
    sample["label"] = 3
    assert sample.pop("image").shape == (4, 5, 3)
    assert sample == {"label": 3}


def test_what_is_wrong_is_told_with_the_place_of_its_line(tmp_path: Path) -> None:
    policy = load_policy("{syncaug: 1, sample: {image: image}, steps: [{name: f, uses: flip}]}")
    with pytest.raises(ManifestError, match=r"line.jsonl:1: sample 1, stream 'image': .* exist"):
        loaded(tmp_path, policy, image="gone.png")
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n torn")
    sample = loaded(tmp_path, policy, image="torn.png")
    with pytest.raises(ManifestError, match=r"line.jsonl:1: sample 1, stream 'image': .*damaged"):
        policy(sample, key=1)
