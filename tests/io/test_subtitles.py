"""Subtitles in files and in containers: times, line breaks, marks and styles come back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syncaug.errors import ManifestError
from syncaug.io.markup import marked, unmarked
from syncaug.io.subtitle_track import read_subtitle_track
from syncaug.io.subtitles import read_subtitles, write_subtitles
from tests.io.films import film
from tests.io.material import load
from tests.samples import DATA

VTT = """WEBVTT - title

STYLE
::cue { color: red }

NOTE a comment

intro
00:01.000 --> 00:02.500 line:0 position:20%
<v Bob>Look to the <i>left</i> &amp; up</v>
second line

01:00:02.500 --> 01:00:03.000
<c.yellow>x</c>
"""

ASS = r"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&H00FFFFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1
Style: Big,Arial,46,&H0000FFFF,&H00FFFFFF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:02.50,Big,Ann,0,0,0,,The {\i1}left{\i0} one,\Ntwo
Comment: 0,0:00:01.00,0:00:02.50,Big,Ann,0,0,0,,not shown
Dialogue: 1,0:00:01.00,0:00:03.50,Default,,5,0,0,,{\pos(10,20)}over it
"""  # noqa: E501

SRT = """1
00:00:01,000 --> 00:00:02,250
The <i>left</i> one
on two lines

2
00:00:02,250 --> 00:00:03,000
7
"""


def read(folder: Path, name: str, text: str) -> list[dict[str, Any]]:
    (folder / name).write_text(text, encoding="utf-8")
    return read_subtitles(folder / name, {})


def written(folder: Path, cues: list[dict[str, Any]], suffix: str) -> str:
    name = write_subtitles(folder, "out", cues, {}, suffix=suffix)
    return (folder / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["webb/webb.srt", "jfk/jfk.words.srt", "jfk/jfk.segments.srt"])
def test_real_files_come_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    cues = read_subtitles(DATA / name, {})
    before = (DATA / name).read_text(encoding="utf-8")
    assert written(tmp_path, cues, ".srt").strip() == before.strip()


def test_srt(tmp_path: Path) -> None:
    cues = read(tmp_path, "it.srt", "\ufeff" + SRT.replace("\n", "\r\n"))
    assert cues == [
        {
            "start": 1.0,
            "end": 2.25,
            "text": "The left one\non two lines",
            "srt": {"markup": "The <i>left</i> one\non two lines"},
        },
        {"start": 2.25, "end": 3.0, "text": "7"},
    ]
    assert written(tmp_path, cues, ".srt").rstrip() == SRT.rstrip()


def test_vtt_keeps_settings_names_voices_and_styles(tmp_path: Path) -> None:
    cues = read(tmp_path, "it.vtt", VTT)
    assert [cue["text"] for cue in cues] == ["Look to the left & up\nsecond line", "x"]
    assert (cues[1]["start"], cues[1]["end"]) == (3602.5, 3603.0)
    out = written(tmp_path, cues, ".vtt")
    assert out == VTT.replace("00:01.000 --> 00:02.500", "00:00:01.000 --> 00:00:02.500")


def test_ass_keeps_styles_marks_layers_and_margins(tmp_path: Path) -> None:
    cues = read(tmp_path, "it.ass", ASS)
    assert [cue["text"] for cue in cues] == ["The left one,\ntwo", "over it"]  # they overlap
    out = written(tmp_path, cues, ".ass")
    kept = [line for line in ASS.split("\n") if line.startswith(("Style", "Dialogue"))]
    assert [line for line in out.split("\n") if line.startswith(("Style", "Dialogue"))] == kept


def test_marks_follow_words_that_were_changed(tmp_path: Path) -> None:
    for name, text, suffix, expected in (
        ("it.srt", SRT, ".srt", "The <i>right</i> one"),
        ("it.vtt", VTT, ".vtt", "<v Bob>Look to the <i>right</i> &amp; up</v>"),
        ("it.ass", ASS, ".ass", r"The {\i1}right{\i0} one,\Ntwo"),
    ):
        cues = read(tmp_path, name, text)
        cues[0]["text"] = cues[0]["text"].replace("left", "right")
        assert expected in written(tmp_path, cues, suffix)


@pytest.mark.parametrize(
    ("dialect", "markup", "text", "expected"),
    [
        ("srt", "a <b>big</b> dog", "a small dog", "a <b>small</b> dog"),
        ("srt", "<i>all of it</i>", "none", "<i>none</i>"),
        ("srt", "<i>gone</i> it is", " it is", "<i></i> it is"),
        ("ass", r"{\b1}x{\b0}\Ny\hz", "x\nw\u00a0z", r"{\b1}x{\b0}\Nw\hz"),
        ("vtt", "1 &lt; 2", "1 < 3", "1 &lt; 3"),
        ("vtt", "", "a & b", "a &amp; b"),
    ],
)
def test_marks_stay_at_their_words(dialect: str, markup: str, text: str, expected: str) -> None:
    assert marked(text, dialect, markup) == expected
    assert marked(unmarked(markup, dialect), dialect, markup) == markup


@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".ass", ".json"])
def test_times_are_rounded_to_the_files_own_step_only(tmp_path: Path, suffix: str) -> None:
    cues = [{"start": 0.12345678, "end": 1.98765432, "text": "a"}]
    step = {".ass": 0.01, ".json": 0.0}.get(suffix, 0.001)
    written(tmp_path, cues, suffix)
    (back,) = read_subtitles(tmp_path / f"out{suffix}", {})
    assert abs(back["start"] - cues[0]["start"]) <= step / 2 + 1e-12
    assert abs(back["end"] - cues[0]["end"]) <= step / 2 + 1e-12


@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".ass", ".json"])
def test_no_cues_at_all_are_no_damage(tmp_path: Path, suffix: str) -> None:
    written(tmp_path, [], suffix)
    assert read_subtitles(tmp_path / f"out{suffix}", {}) == []


def test_words_as_whisperx_writes_them(tmp_path: Path) -> None:
    words = [
        {"word": "In", "start": 0.1, "end": 0.2, "score": 0.9},
        {"word": "1962"},
        {"word": "we", "start": 0.9, "end": 1.0},
    ]
    whole = json.dumps(
        {"segments": [{"start": 0.1, "end": 1, "text": "In 1962 we", "words": words}]}
    )
    cues = read(tmp_path, "it.json", whole)
    assert [(cue["text"], cue["start"], cue["end"]) for cue in cues] == [
        ("In", 0.1, 0.2),
        ("1962", 0.2, 0.9),
        ("we", 0.9, 1.0),
    ]
    cues[2]["text"] = "they"
    back = json.loads(written(tmp_path, cues, ".json"))
    assert back[0] == words[0]
    assert back[2] == {"word": "they", "start": 0.9, "end": 1.0}


# In containers ------------------------------------------------------------


def test_a_subtitle_track_says_what_the_file_beside_it_says() -> None:
    inside = read_subtitle_track(DATA / "webb" / "webb.mp4", {})
    beside = read_subtitles(DATA / "webb" / "webb.srt", {})
    assert inside[: len(beside)] == beside
    assert read_subtitle_track(DATA / "webb" / "webb.mp4", {}, track=1)[:4] == beside


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [(".mp4", "mov_text"), (".mov", "mov_text"), (".mkv", "subrip"), (".mkv", "ass")],
)
def test_text_tracks_of_every_kind(tmp_path: Path, suffix: str, codec: str) -> None:
    path = film(
        tmp_path / f"it{suffix}",
        [0.0, 0.04, 2.0],
        text=codec,
        cues=[(0.1, 0.3, r"hello\Nworld"), (0.333, 0.9, r"{\i1}slanted{\i0}")],
    )
    cues = read_subtitle_track(path, {})
    assert [(c["start"], c["end"], c["text"]) for c in cues] == [
        (0.1, 0.3, "hello\nworld"),
        (0.333, 0.9, "slanted"),
    ]
    assert cues[1]["ass"]["markup"].startswith(r"{\i1}")


# Damage ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("it.srt", b"", "it.srt, which is empty"),
        ("it.srt", b"hello\n", "it.srt:1, which starts no cue of SRT"),
        ("it.srt", b"1\n00:00:01,000 -> 00:00:02,000\nx\n", "it.srt:2: 00:00:01,000 -> 00"),
        ("it.srt", b"1\n00:00:01,000 --> 00:00:0\nx\n", "it.srt:2: 00:00:01,000 --> 00:00:0"),
        ("it.srt", "1\n00:00:01,000 --> 00:00:02,000\nà\n".encode("latin-1"), "whose byte 32 is"),
        ("it.srt", b"1\n00:00:03,000 --> 00:00:02,000\nx\n", "cue 1 starts at 3.000 s and ends at"),
        ("it.srt", b"1\n2\n", "it.srt, which holds no cue"),
        ("it.srt", b"\x00\x01" * 40, "which is no text"),
        ("it.vtt", b"00:01.000 --> 00:02.000\nx\n", "which does not start with WEBVTT"),
        ("it.vtt", b"WEBVTT\n\n00:01.0 --> 00:02.000\nx\n", "it.vtt:3: 00:01.0 --> 00:02.000"),
        ("it.vtt", b"WEBVTT\n\nlost\n", "it.vtt:3, which starts no cue"),
        ("it.vtt", b"WEBVTT\n\n00:03.000 --> 00:02.000\nx\n", "cue 1 starts at 3.000 s"),
        ("it.ass", b"[Script Info]\n", "which has no part"),
        ("it.ass", b"[Events]\nDialogue: 0,x,y\n", "it.ass"),
        ("it.json", b"[{", "which is not JSON"),
        ("it.json", b'[{"start": 1}]', "where entry 1 has no text"),
        ("it.json", b'[{"text": "a", "start": "1"}]', "where entry 1 has start '1'"),
        ("it.json", b'[{"text": "a", "start": 2, "end": 1}]', "cue 1 starts at 2.000 s"),
        ("it.json", b'{"a": 1}', "which holds something else"),
        ("it.txt", b"hello", "expected subtitles"),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ManifestError) as caught:
        load(tmp_path, name, "timed_text")
    assert message in str(caught.value)
    assert "sample 'pets/1', stream 'it': expected" in str(caught.value)


def test_subtitles_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no.srt, which does not exist"):
        load(tmp_path, "no.srt", "timed_text")


def test_cues_may_overlap_and_stand_inline(tmp_path: Path) -> None:
    cues = [{"start": 0.0, "end": 2.0, "text": "a"}, {"start": 1.0, "end": 3.0, "text": "b"}]
    assert load(tmp_path, cues, "timed_text") == cues
    written(tmp_path, cues, ".srt")
    assert read_subtitles(tmp_path / "out.srt", {}) == cues
