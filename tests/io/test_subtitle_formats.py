"""Subtitles of further kinds: what is read of each, what comes out, what is refused and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syncaug.errors import ManifestError, SampleWarning
from syncaug.io import webvtt
from syncaug.io.subtitles import read_subtitles
from tests.io.films import film
from tests.io.material import load
from tests.io.test_subtitles import read, written

SSA = """[Script Info]
; made by hand
ScriptType: v4.00
Collisions: Normal

[V4 Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, TertiaryColour, BackColour, Bold, Italic, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, AlphaLevel, Encoding
Style: Default,Arial,20,16777215,255,0,0,-1,0,1,2,2,2,10,10,20,0,0
Style: Sign,Georgia,18,65535,255,0,0,0,-1,3,1.5,0.5,6,10,10,20,0,238

[Events]
Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: Marked=0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,one, and {\\i1}two{\\i0}
Comment: Marked=0,0:00:02.50,0:00:02.70,Default,,0,0,0,,to be checked, later
Dialogue: Marked=1,0:00:03.00,0:00:04.00,Sign,,5,6,7,Scroll up;10;20;5,three
Comment: Marked=0,0:00:09.00,0:00:09.50,Default,,0,0,0,,the end
"""  # noqa: E501


def test_styles_of_version_4_keep_every_column(tmp_path: Path) -> None:
    cues = read(tmp_path, "it.ssa", SSA)
    assert [cue["text"] for cue in cues] == ["one, and two", "three"]
    assert written(tmp_path, cues, ".ssa") == SSA


def test_version_4_becomes_ass_where_that_is_asked_for(tmp_path: Path) -> None:
    out = written(tmp_path, read(tmp_path, "it.ssa", SSA), ".ass")
    style = next(line for line in out.split("\n") if line.startswith("Style: Default"))
    assert style.split(",")[15:18] == ["1", "2", "2"]  # border style, outline, shadow
    assert "Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,one, and {\\i1}two" in out


def test_an_ass_file_with_columns_of_its_own_fonts_and_notes(tmp_path: Path) -> None:
    text = """[Script Info]
; a note
ScriptType: v4.00+
PlayResX: 1920

[V4+ Styles]
Format: Name, Fontname, Fontsize, Outline, Shadow
Style: Default,Arial,20,3.25,0

[Events]
Format: Start, End, Layer, Style, Text
Dialogue: 0:00:01.00,0:00:02.00,3,Default,a, b

[Fonts]
fontname: x.ttf
abc
"""
    cues = read(tmp_path, "it.ass", text)
    assert (cues[0]["start"], cues[0]["text"], cues[0]["ass"]["layer"]) == (1.0, "a, b", 3)
    out = written(tmp_path, cues, ".ass")
    assert out.startswith(text.partition("[Events]")[0])
    assert out.endswith("[Fonts]\nfontname: x.ttf\nabc\n")
    assert "Dialogue: 3,0:00:01.00,0:00:02.00,Default,,0,0,0,,a, b" in out


def test_comments_move_with_the_cue_that_they_stand_before(tmp_path: Path) -> None:
    cues = read(tmp_path, "it.ssa", SSA)
    later = [{**cue, "start": cue["start"] + 10, "end": cue["end"] + 10} for cue in cues]
    out = written(tmp_path, later, ".ssa")
    assert "Comment: Marked=0,0:00:12.50,0:00:12.70,Default,,0,0,0,,to be checked, later" in out
    assert "Comment: Marked=0,0:00:19.00,0:00:19.50,Default,,0,0,0,,the end" in out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "intro\n00:00:01,000 --> 00:00:02,000\na\n\nnext\n00:00:03,000 --> 00:00:04,000\nb\n",
            [("a", "intro"), ("b", "next")],
        ),
        (
            "00:00:01,000 --> 00:00:02,000\na\n\n00:00:03,000 --> 00:00:04,000\nb\n",
            [("a", ""), ("b", "")],
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\na\n\n\naa\n\n2\n00:00:03,000 --> 00:00:04,000\nb\n",
            [("a\n\n\naa", ""), ("b", "")],
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nb\n",
            [("a", ""), ("b", "")],
        ),
        (
            "7\n00:00:01,000 --> 00:00:02,000\n12\n\nA3\n00:00:03,000 --> 00:00:04,000\n7\n",
            [("12", ""), ("7", "A3")],
        ),
        (
            "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nb\n",
            [("", ""), ("b", "")],
        ),
        (
            "00:00:01,000 --> 00:00:02,000\nwords\n00:00:03,000 --> 00:00:04,000\nb\n",
            [("words", ""), ("b", "")],
        ),
    ],
)
def test_counters_of_srt_may_be_words_or_missing(
    tmp_path: Path, text: str, expected: list[tuple[str, str]]
) -> None:
    cues = read(tmp_path, "it.srt", text)
    assert [(cue["text"], cue.get("srt", {}).get("id", "")) for cue in cues] == expected
    again = read(tmp_path, "again.srt", written(tmp_path, cues, ".srt"))
    assert again == cues


def test_places_behind_the_times_of_srt_are_kept(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000 X1:10 X2:20 Y1:1 Y2:2\na\n"
    assert written(tmp_path, read(tmp_path, "it.srt", text), ".srt") == text


def test_notes_between_cues_of_webvtt_are_kept(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\nNOTE first\n\n00:00:01.000 --> 00:00:02.000\na\n\n"
        "NOTE\nof two\nlines\n\nNOTE again\n\n00:00:03.000 --> 00:00:04.000\nb\n\nNOTE end\n"
    )
    cues = read(tmp_path, "it.vtt", text)
    assert [cue["text"] for cue in cues] == ["a", "b"]
    assert written(tmp_path, cues, ".vtt") == text


TTML = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    ttp:frameRate="25" ttp:tickRate="1000" xml:lang="en"><head/>
  <body begin="1s"><div>
    <p begin="00:00:01.500" end="00:00:03.000">Look <span>left</span>,<br/>  then
       right</p>
    <p begin="00:00:04:05" dur="500ms">frames</p>
    <p begin="6000t" end="50f">never</p>
    <p><span begin="7s" end="8s">inner</span> <span begin="8s" end="9s">spans</span></p>
  </div></body></tt>
"""
SAMI = """<SAMI><HEAD><TITLE>x</TITLE></HEAD><BODY>
<SYNC Start=1000><P Class=ENCC>Look to the <i>left</i><br>now
<SYNC Start=2500><P Class=ENCC>&nbsp;
<SYNC Start=4000><P Class=ENCC>second
</BODY></SAMI>
"""
LRC = "[ar:Nobody]\n[offset:0]\n[00:12.00]Line one\n[00:17.20][00:30.00]Chorus\n[00:21.10]\n"
GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 1.5
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 1.5
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.25
            text = ""
        intervals [2]:
            xmin = 0.25
            xmax = 0.75
            text = "say ""hi"" = 5"
        intervals [3]:
            xmin = 0.75
            xmax = 1.5
            text = "now"
    item [2]:
        class = "TextTier"
        name = "bell"
        xmin = 0
        xmax = 1.5
        points: size = 1
        points [1]:
            number = 0.5
            mark = "ding"
"""
SHORT_GRID = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n1.5\n<exists>\n1\n'
    '"IntervalTier"\n"utt"\n0\n1.5\n2\n0\n1\n"one"\n1\n1.5\n""\n'
)
WHISPER = {
    "text": " Hello there.",
    "language": "en",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 1.5, "text": " Hello there.", "tokens": [1, 2],
         "temperature": 0.0, "avg_logprob": -0.2}
    ],
}  # fmt: skip
CPP = {"transcription": [{"offsets": {"from": 250, "to": 900}, "text": " hi"}]}
AWS = {
    "jobName": "x",
    "results": {
        "transcripts": [{"transcript": "Hello, you"}],
        "items": [
            {"start_time": "0.04", "end_time": "0.5", "type": "pronunciation",
             "alternatives": [{"confidence": "0.99", "content": "Hello"}]},
            {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": ","}]},
            {"start_time": "0.6", "end_time": "0.9", "type": "pronunciation",
             "alternatives": [{"confidence": "0.98", "content": "you"}]},
        ],
    },
}  # fmt: skip
CTM = ";; words\nsw1 A 0.25 0.50 hello 0.9\nsw1 A 0.80 0.20 you 0.8\n"
RTTM = """SPEAKER m1 1 0.50 1.25 <NA> <NA> ann <NA> <NA>
SPEAKER m1 1 2.00 1.00 <NA> <NA> bob <NA> <NA>
"""


@pytest.mark.parametrize(
    ("name", "text", "expected", "out"),
    [
        ("it.ttml", TTML,
         [(2.5, 4.0, "Look left,\nthen right"), (5.2, 5.7, "frames"), (7.0, 3.0, None),
          (8.0, 9.0, "inner"), (9.0, 10.0, "spans")], ".srt"),
        ("it.sbv", "0:00:01.000,0:00:02.500\ntwo\nlines\n\n0:00:03.000,0:00:04.000\nb\n",
         [(1.0, 2.5, "two\nlines"), (3.0, 4.0, "b")], ".sbv"),
        ("it.sub", "{1}{1}25.000\n{25}{50}{y:i}one|two\n{75}{100}b\n",
         [(1.0, 2.0, "one\ntwo"), (3.0, 4.0, "b")], ".srt"),
        ("it.smi", SAMI, [(1.0, 2.5, "Look to the left\nnow"), (4.0, 9.0, "second")], ".srt"),
        ("it.lrc", LRC, [(12.0, 17.2, "Line one"), (17.2, 21.1, "Chorus"), (30.0, 35.0, "Chorus")],
         ".srt"),
        ("it.TextGrid", GRID, [(0.25, 0.75, 'say "hi" = 5'), (0.75, 1.5, "now")], ".json"),
        ("it.TextGrid", SHORT_GRID, [(0.0, 1.0, "one")], ".json"),
        ("it.ctm", CTM, [(0.25, 0.75, "hello"), (0.8, 1.0, "you")], ".json"),
        ("it.rttm", RTTM, [(0.5, 1.75, "ann"), (2.0, 3.0, "bob")], ".json"),
        ("it.json", json.dumps(WHISPER), [(0.0, 1.5, "Hello there.")], ".json"),
        ("it.json", json.dumps(CPP), [(0.25, 0.9, "hi")], ".json"),
        ("it.json", json.dumps(AWS), [(0.04, 0.5, "Hello,"), (0.6, 0.9, "you")], ".json"),
    ],
)  # fmt: skip
def test_formats_that_are_read(
    tmp_path: Path, name: str, text: str, expected: list[tuple[float, float, str]], out: str
) -> None:
    if name.endswith("ttml"):  # a paragraph that ends before it begins is damage
        with pytest.raises(ManifestError, match="cue 3 starts at 7"):
            load(tmp_path, put(tmp_path, name, text), "timed_text")
        text = "\n".join(line for line in text.split("\n") if "never" not in line)
        expected = [row for row in expected if row[2]]
    cues = load(tmp_path, put(tmp_path, name, text), "timed_text")
    assert [cue["text"] for cue in cues] == [text for _, _, text in expected]
    assert [cue["start"] for cue in cues] == pytest.approx([start for start, _, _ in expected])
    assert [cue["end"] for cue in cues] == pytest.approx([end for _, end, _ in expected])
    back = written_as(tmp_path, cues, Path(name).suffix)
    assert back.suffix == out
    again = read_subtitles(back, {})
    assert [cue["text"] for cue in again] == [cue["text"] for cue in cues]


def put(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def written_as(folder: Path, cues: Any, suffix: str) -> Path:
    from syncaug.io.subtitles import write_subtitles

    return folder / write_subtitles(folder, "out", cues, {}, suffix=suffix)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("it.ttml", "<tt><body>", "which is no XML"),
        ("it.ttml", '<!DOCTYPE x [<!ENTITY a "b">]><tt/>', "which declares entities"),
        ("it.ttml", "<html/>", "whose outermost element is html"),
        ("it.ttml", '<tt><body><p begin="soon" end="2s">a</p></body></tt>', "with the time 'soon'"),
        ("it.sbv", "hello\n", "it.sbv: hello"),
        ("it.sub", "{10}{20}a\n", "Add that line"),
        ("it.sub", "hello\n", "it.sub:1: hello"),
        ("it.smi", "<SAMI><BODY></BODY></SAMI>", "which holds none"),
        ("it.smi", SAMI.replace("Class=ENCC>second", "Class=FRCC>zwei"), "with ENCC, FRCC"),
        ("it.lrc", "la la\n", "it.lrc:1: la la"),
        ("it.TextGrid", GRID.replace('"words"', '"a"').replace("TextTier", "IntervalTier"), "Text"),
        ("it.TextGrid", GRID[:-200], "which is damaged"),
        ("it.TextGrid", "hello", "which is none"),
        ("it.ctm", "a A 0.1 hello\n", "it.ctm:1: a A 0.1 hello"),
        ("it.ctm", CTM + "sw2 A 0 1 x\n", "Write a file for each recording"),
        ("it.rttm", "SPKR-INFO a\n", "which holds no SPEAKER"),
        ("it.json", json.dumps({"results": {"items": [{"type": "pronunciation"}]}}), "has no text"),
        ("it.sup", "PG", "Convert it: pictures of text"),
        ("it.stl", "x", "ffmpeg -i FILE out.srt"),
        ("it.txt", "x", "Convert it: SRT, or JSON"),
        ("it.xyz", "x", "Convert it: SRT, or JSON"),
    ],
)
def test_what_is_refused_says_what_to_do(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(ManifestError) as caught:
        load(tmp_path, put(tmp_path, name, text), "timed_text")
    assert message in str(caught.value)
    assert "stream 'it': expected" in str(caught.value)


@pytest.mark.parametrize("codec", ["subrip", "ass"])
def test_marks_of_a_track_are_kept_where_only_its_cues_are_written(
    tmp_path: Path, codec: str
) -> None:
    path = film(tmp_path / "it.mkv", [0.0, 0.04], text=codec, cues=[(0.1, 0.9, r"{\i1}a{\i0} b")])
    cues = load(tmp_path, "it.mkv", "timed_text")
    back = written_as(tmp_path, cues, ".mkv")
    marked = {".srt": "<i>a</i> b", ".ass": r"{\i1}a{\i0} b"}[back.suffix]
    assert marked in back.read_text()
    assert path.exists()


def test_drawings_of_ass_are_no_words(tmp_path: Path) -> None:
    from syncaug.io.markup import marked, translated, unmarked

    drawn = r"{\p1\an7}m 0 0 l 100 0 100 100{\p0} left of the {\i1}tree{\i0}"
    assert unmarked(drawn, "ass") == " left of the tree"
    assert marked(" right of the tree", "ass", drawn) == drawn.replace("left", "right")
    assert translated(drawn, "ass", "srt") == r"{\p0} left of the <i>tree</i>"
    assert unmarked(r"{\pos(1,2)}a {\p2}m 1 1", "ass") == "a "


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000", "10"),
        ("X-TIMESTAMP-MAP=MPEGTS:180000,LOCAL:00:01.500", "0.5"),
    ],
)
def test_a_segment_of_a_stream_is_warned_of(tmp_path: Path, said: str, seconds: str) -> None:
    cues = "00:00:01.000 --> 00:00:02.000\na\n"
    (tmp_path / "x.vtt").write_text(f"WEBVTT\n{said}\n\n{cues}", encoding="utf-8", newline="\n")
    with pytest.warns(SampleWarning, match=f"its times are {seconds} s before those of the stream"):
        read = load(tmp_path, "x.vtt", "timed_text")
    assert (read[0]["start"], read[0]["text"]) == (1.0, "a")
    assert webvtt.write(read) == f"WEBVTT\n\n{cues}"


def test_a_segment_whose_times_are_those_of_its_stream_stays_one() -> None:
    text = (
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:10.000\n\n"
        "00:00:11.000 --> 00:00:12.000\na\n"
    )
    assert webvtt.write(webvtt.read(Path("x.vtt"), text)) == text


def test_a_line_of_spaces_is_text_where_the_text_goes_on() -> None:
    """Captions of YouTube begin so; and hands leave spaces between cues."""
    text = (
        "WEBVTT\nKind: captions\n\n00:00.160 --> 00:02.310 align:start\n \n"
        "hello<00:00:00.640><c> there</c>\n\n00:02.310 --> 00:02.320\nhello there\n \n\n"
        "00:03.000 --> 00:04.000\na\n \nid\n00:05.000 --> 00:06.000\nb\n \nNOTE c\n \n"
    )
    cues = webvtt.read(Path("x.vtt"), text)
    assert [cue["text"] for cue in cues] == [" \nhello there", "hello there", "a", "b"]
    assert cues[3]["vtt"]["id"] == "id"


def test_an_srt_that_is_cut_off_in_a_line_of_times_is_refused(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nthere\n"
    begin, end = text.index("00:00:03"), text.index("04,000") + 2
    for stop in range(begin + 3, end):
        (tmp_path / "x.srt").write_bytes(text[:stop].encode())
        with pytest.raises(ManifestError, match="a line such as 00:00:01,000 --> 00:00:02,500"):
            load(tmp_path, "x.srt", "timed_text")
    (tmp_path / "x.srt").write_bytes(text.replace("Hello", "Hello\n\n7\n08:15").encode())
    assert len(load(tmp_path, "x.srt", "timed_text")) == 2
