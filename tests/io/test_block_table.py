"""The times of Matroska's frames from the heads of its blocks, beside those of all packets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from syncaug.io import block_table as module
from syncaug.io.block_table import block_table
from syncaug.io.frame_index import index_frames
from tests.io.films import film

REGULAR = np.arange(600) / 25
VARYING = np.round(np.cumsum(np.random.default_rng(5).uniform(0.011, 0.07, 600)), 3)
FILMS: dict[str, dict[str, Any]] = {
    "plain.mkv": {"times": REGULAR},
    "b-frames.mkv": {"times": REGULAR, "options": {"bf": "3", "g": "12"}},
    "varying.mkv": {"times": VARYING - VARYING[0], "options": {"bf": "0"}},
    "late.mkv": {"times": REGULAR + 0.3},
    "vp9.webm": {"times": REGULAR, "video": "libvpx-vp9", "audio": "libopus"},
    "text.mkv": {"times": REGULAR, "text": "ass", "cues": [(1.0, 2.0, "one"), (9.0, 9.5, "two")]},
}


def in_clusters(path: Path, milliseconds: int) -> Path:
    """The same packets in clusters that are no longer than this."""
    out = path.with_name(f"in-{milliseconds}-{path.name}")
    options = {"cluster_time_limit": str(milliseconds)}
    with av.open(str(path)) as source, av.open(str(out), "w", options=options) as target:
        streams = {one.index: target.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)
    return out


def indexed(path: Path) -> Any:
    with av.open(str(path)) as container:
        return index_frames(path, container, container.streams.video[0], "a video")


@pytest.mark.parametrize("clusters", [0, 200], ids=["few clusters", "many clusters"])
@pytest.mark.parametrize("name", FILMS)
def test_heads_of_blocks_tell_what_all_packets_do(
    tmp_path: Path, name: str, clusters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = np.random.default_rng(1).uniform(-0.3, 0.3, (1, 48_000 * 20)).astype(np.float32)
    path = film(tmp_path / name, sound=sound, **FILMS[name])
    if clusters:
        path = in_clusters(path, clusters)
        assert path.read_bytes().count(b"\x1f\x43\xb6\x75") > 64
    index = indexed(path)
    assert index.tabled
    monkeypatch.setattr(module, "_FEWEST", 10_000)
    packets = indexed(path)
    assert not packets.tabled
    for field in ("stamps", "times", "keys", "shows", "marks"):
        assert np.array_equal(getattr(index, field), getattr(packets, field)), field
    for field in ("duration", "fps", "lead", "headless"):
        assert getattr(index, field) == getattr(packets, field), field


@pytest.mark.parametrize("broken", ["middle", "end", "unknown length"])
def test_what_packets_do_not_confirm_is_not_believed(tmp_path: Path, broken: str) -> None:
    path = film(tmp_path / "it.mkv", REGULAR)
    data = bytearray(path.read_bytes())
    clusters = [place for place in range(len(data)) if data[place : place + 4] == b"\x1fC\xb6u"]
    assert len(clusters) > 3
    place = clusters[len(clusters) // 2] if broken == "middle" else clusters[-1]
    width = 9 - data[place + 4].bit_length()
    if broken == "unknown length":
        data[place + 4 : place + 4 + width] = ((1 << 7 * width + 1) - 1).to_bytes(width, "big")
    elif broken == "middle":
        data[place + 4 + width] = 0x1A  # no name of an element of one byte
    else:
        time = place + 4 + width + (6 if data[place + 4 + width] == 0xBF else 0)  # a checksum
        assert data[time] == 0xE7
        data[time] = 0xAB  # how large the cluster before is: so this one has no time
    path.write_bytes(data)
    with av.open(str(path)) as container:
        assert block_table(path, container, container.streams.video[0]) is None
