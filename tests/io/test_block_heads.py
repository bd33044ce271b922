"""Heads of blocks of clusters that are made here, element by element."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator

from syncaug.io import block_heads as module
from syncaug.io.block_heads import block_heads

TRACK, OTHER = 1, 2
Row = tuple[int, bool]
UNKNOWN = b"\xff"


def element(name: int, content: bytes, width: int = 0) -> bytes:
    """An element whose length has so many bytes, as few as possible by default."""
    width = width or next(n for n in range(1, 9) if len(content) < (1 << 7 * n) - 1)
    head = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return head + (1 << 7 * width | len(content)).to_bytes(width, "big") + content


def block(track: int, late: int, flags: int, payload: bytes) -> bytes:
    return bytes([0x80 | track]) + late.to_bytes(2, "big", signed=True) + bytes([flags]) + payload


def cluster(random: Generator, time: int) -> tuple[bytes, list[Row]]:
    """The content of a cluster of all that is known, and the rows of its track."""
    parts, rows = [], list[Row]()
    if random.integers(2):
        parts.append(element(0xBF, random.bytes(4)))  # a checksum
    parts.append(element(0xE7, time.to_bytes(int(random.integers(4, 9)), "big")))
    for _ in range(random.integers(0, 12)):
        late, key = int(random.integers(-300, 300)), bool(random.integers(2))
        payload = random.bytes(int(random.choice([0, 3, 122, 123, 500, 20_000])))
        width = int(random.choice([0, 0, 0, 3, 4, 8]))
        kind = random.integers(6)
        if kind == 0:
            parts.append(element(0xEC, payload, width))  # Void
        elif kind == 1:
            parts.append(element(0xA3, block(OTHER, late, 0x80, payload), width))
        elif kind == 2:
            refers = [] if key else [element(0xFB, b"\x01")]
            inner = [element(0xA1, block(TRACK, late, 0, payload)), element(0x9B, b"\x28"), *refers]
            random.shuffle(inner)  # type: ignore[arg-type]
            parts.append(element(0xA0, b"".join(inner), width))
            rows.append((time + late, key))
        elif kind == 3:
            inner = [element(0xA1, block(OTHER, late, 0, payload)), element(0x75A2, b"\x05")]
            parts.append(element(0xA0, b"".join(inner)))
        else:
            flags = 0x80 * key | int(random.choice([0, 0x01, 0x08]))
            parts.append(element(0xA3, block(TRACK, late, flags, payload), width))
            rows.append((time + late, key))
    return b"".join(parts), rows


def read(path: Path, contents: list[bytes], track: int = TRACK) -> list[Row]:
    """What is found in a file of clusters, with other bytes between them."""
    places, data = [], b""
    for content in contents:
        data += b"\x1f\x43\xb6\x75"
        places.append((len(data), len(content)))
        data += content
    path.write_bytes(data)
    with path.open("rb") as file:
        found = block_heads(file, places, track)
    assert found.shown.dtype == np.int64
    assert found.keys.dtype == bool
    return list(zip(found.shown.tolist(), found.keys.tolist(), strict=True))


@pytest.mark.parametrize("room", [32 << 20, 60_000], ids=["at once", "in batches"])
@pytest.mark.parametrize("few", [1, 5, 10_000])
@pytest.mark.parametrize("seed", range(8))
def test_all_that_clusters_hold_is_found_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, few: int, room: int
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    monkeypatch.setattr(module, "_ROOM", room)
    random = np.random.default_rng(seed)
    made = [cluster(random, 5000 * number) for number in range(30)]
    expected = [row for _, rows in made for row in rows]
    assert len(expected) > 40
    assert read(tmp_path / "clusters", [content for content, _ in made]) == expected


@pytest.mark.parametrize("few", [1, 10_000], ids=["side by side", "one by one"])
def test_clusters_without_blocks_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    assert read(tmp_path / "none", []) == []
    assert read(tmp_path / "empty", [b"", b""]) == []
    one = TIME + element(0xA3, block(TRACK, 1, 0x80, b"one"))
    assert read(tmp_path / "between", [b"", one, b"", TIME, one, b""]) == [(8, True)] * 2


TIME = element(0xE7, b"\x07")
WRONG = {
    "lacing": TIME + element(0xA3, block(TRACK, 0, 0x82, b"two")),
    "lacing in a group": TIME + element(0xA0, element(0xA1, block(TRACK, 0, 0x06, b"two"))),
    "a block before the time": element(0xA3, block(TRACK, 0, 0x80, b"")) + TIME,
    "a group before the time": element(0xA0, element(0xA1, block(TRACK, 0, 0, b""))) + TIME,
    "a block that is too long": TIME + element(0xA3, block(TRACK, 0, 0x80, b"it"))[:-1],
    "a block of unknown length": TIME + b"\xa3" + UNKNOWN + block(TRACK, 0, 0x80, b"it"),
    "a block of unknown length in two bytes": TIME + b"\xa3\x7f\xff" + block(TRACK, 0, 0, b"it"),
    "a block of unknown length before others": TIME + b"\xa3\x7f\xff" + bytes(20_000),
    "a group that is too long": TIME + element(0xA0, b"")[:1] + b"\x85" + b"\xa1\x80",
    "a part of a group that is too long": TIME + element(0xA0, b"\xa1\x87" + bytes(3)),
    "an element of an unknown name": TIME + element(0x5854, b"positions"),
    "a length of more than eight bytes": TIME + b"\xa3\x00" + bytes(16),
}


@pytest.mark.parametrize("few", [1, 10_000], ids=["side by side", "one by one"])
@pytest.mark.parametrize("place", ["first", "last", "alone"])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_known_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, place: str, few: int
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    plain = [TIME + element(0xA3, block(TRACK, 1, 0x80, b"one"))] * 3
    good = read(tmp_path / "good", plain)
    assert good == [(8, True)] * 3
    contents = {"first": [WRONG[what], *plain], "last": [*plain, WRONG[what]], "alone": []}
    with pytest.raises((ValueError, IndexError)):
        read(tmp_path / "wrong", contents[place] or [WRONG[what]])


def test_a_file_that_became_shorter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(TIME)
    with path.open("rb") as file, pytest.raises(ValueError, match="shorter"):
        block_heads(file, [(0, len(TIME) + 1)], TRACK)


def test_lacing_of_another_track_is_passed_over(tmp_path: Path) -> None:
    laced = element(0xA3, block(OTHER, 0, 0x82, b"two"))
    rows = read(tmp_path / "it", [TIME + laced + element(0xA3, block(TRACK, -9, 0, b""))])
    assert rows == [(-2, False)]
