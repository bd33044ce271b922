"""Subtitles at the border: what real files hold is read right, what may be wrong is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncaug.io.problem import FileProblem
from syncaug.io.subtitles import read_subtitles
from tests.io.test_subtitles import read

GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.3
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 2.3
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = "SAID" ! checked
        intervals [2]:
            xmin = 0.5
            xmax = 2.3
            text = "two"
    item [2]:
        class = "TextTier"
        name = "bell!"
        xmin = 0
        xmax = 2.3
        points: size = 1
        points [1]:
            number = 1.1
            mark = "x"
"""

TIMED = (
    "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n{}two\n\n3\n00:00:05,000 --> 00:00:06,000\nthree\n"
)

TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" {}><body><div begin="10s" end="60s">{}</div></body></tt>'
)


def spans(cues: list[dict[str, object]]) -> list[tuple[object, object, object]]:
    return [(one["start"], one["end"], one["text"]) for one in cues]


@pytest.mark.parametrize(
    "said", ["wow!", "note: yes", "x = 3", "why ? no", "a [1]: b", "<unk>", "3.5", "two\nlines"]
)
def test_texts_of_a_textgrid_may_hold_what_its_own_lines_hold(tmp_path: Path, said: str) -> None:
    grid = GRID.replace("SAID", said)
    assert spans(read(tmp_path, "a.TextGrid", grid)) == [(0.0, 0.5, said), (0.5, 2.3, "two")]


def test_tiers_of_one_name_are_several(tmp_path: Path) -> None:
    grid = GRID.replace("TextTier", "IntervalTier").replace("points: size", "intervals: size")
    grid = grid.replace("number = 1.1", "xmin = 0\nxmax = 2.3").replace("bell!", "words")
    with pytest.raises(FileProblem, match="with 'words', 'words'"):
        read(tmp_path, "a.TextGrid", grid)


def test_quotes_in_a_textgrid_are_doubled(tmp_path: Path) -> None:
    grid = GRID.replace("SAID", 'say ""hi"" ! now')
    assert read(tmp_path, "a.TextGrid", grid)[0]["text"] == 'say "hi" ! now'


@pytest.mark.parametrize(
    ("times", "line"),
    [
        ("", "6: two"),
        ("-00:00:03,000 --> 00:00:04,000\n", "6: -00:00:03,000"),
        ("00:03,000 --> 00:04,000\n", "6: 00:03,000"),
        ("00: 00: 03, 000 --> 00:00:04,000\n", "6: 00: 00: 03"),
        ("00:00:03,000 -> 00:00:04,000\n", "6: 00:00:03,000 ->"),
    ],
)
def test_a_cue_of_srt_whose_times_cannot_be_read_is_no_part_of_the_one_before(
    tmp_path: Path, times: str, line: str
) -> None:
    with pytest.raises(FileProblem, match=line):
        read(tmp_path, "a.srt", TIMED.format(times))


@pytest.mark.parametrize(
    "text", ["In\n\n3\n\ngo", "1984 -> 1985", "A --> B", "at 10:30 -> 11:00", "ratio 3:4"]
)
def test_numbers_and_arrows_in_texts_of_srt_are_text(tmp_path: Path, text: str) -> None:
    cues = read(tmp_path, "a.srt", f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n")
    assert spans(cues) == [(1.0, 2.0, text)]


@pytest.mark.parametrize(
    "body",
    [
        "00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb\n",
        "0:00:01.000 --> 0:00:02.000\na\n\n0:00:03.000 --> 0:00:04.000\nb\n",
        "00:01.000-->00:02.000\na\n\n00:03.000 -->00:04.000\nb\n",
    ],
)
def test_webvtt_is_read_as_players_read_it(tmp_path: Path, body: str) -> None:
    for head in ("WEBVTT\n\n", "WEBVTT\n"):
        cues = read(tmp_path, "a.vtt", head + body)
        assert spans(cues) == [(1.0, 2.0, "a"), (3.0, 4.0, "b")]
        assert all("id" not in cue.get("vtt", {}) for cue in cues)


def test_events_of_ass_in_lower_case_are_events(tmp_path: Path) -> None:
    script = (
        "[Script Info]\n\n[events]\nformat: Layer, Start, End, Style, Name, MarginL, MarginR, "
        "MarginV, Effect, Text\ndialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a\n"
    )
    assert spans(read(tmp_path, "a.ass", script)) == [(1.0, 2.0, "a")]


def test_sami_may_say_when_a_paragraph_ends(tmp_path: Path) -> None:
    body = '<SYNC Start="1000ms" End="2000ms"><P>a</P></SYNC><SYNC Start=3000><P>b</P></SYNC>'
    cues = read(tmp_path, "a.smi", f"<SAMI><BODY>{body}</BODY></SAMI>")
    assert spans(cues)[0] == (1.0, 2.0, "a")


def test_paragraphs_of_ttml_without_an_end_last_to_the_next(tmp_path: Path) -> None:
    document = TTML.format("", '<p begin="1s">a</p><p begin="3s" dur="2s">b</p>')
    document = document.replace(' end="60s"', "")
    assert spans(read(tmp_path, "a.ttml", document)) == [(11.0, 13.0, "a"), (13.0, 15.0, "b")]


def test_lyrics_of_itunes_count_all_times_from_the_start(tmp_path: Path) -> None:
    space = 'xmlns:itunes="http://music.apple.com/lyric-ttml-internal"'
    lines = '<p begin="19.764" end="21.9"><span begin="19.764" end="20.1">a</span></p>'
    document = TTML.format(space, lines + '<p begin="1:02.5" end="1:04">b</p>')
    assert spans(read(tmp_path, "a.ttml", document)) == [(19.764, 21.9, "a"), (62.5, 64.0, "b")]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.ttml", b'<tt><body timeContainer="seq"><p dur="1s">a</p></body></tt>', "ffmpeg -i"),
        ("a.sub", b"\x00\x00\x01\xba" + bytes(40), "pictures of text"),
        ("b.sub", b"[INFORMATION]\n00:00:01.00,00:00:02.00\na\n", "ffmpeg -i"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\na\n".encode("utf-16-le"), "iconv"),
        ("a.TextGrid", b'"Praat chronological TextGrid text file"\n0 1\n', "Save as text file"),
    ],
)
def test_what_is_refused_names_the_way(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileProblem, match=said):
        read_subtitles(tmp_path / name, {})


def test_chunks_of_transformers(tmp_path: Path) -> None:
    said = (
        '{"text": " one two", "chunks": [{"text": " one", "timestamp": [0.0, 1.5]}, '
        '{"text": " two", "timestamp": [1.5, null]}]}'
    )
    assert spans(read(tmp_path, "a.json", said)) == [(0.0, 1.5, "one"), (1.5, 1.5, "two")]


@pytest.mark.parametrize("chunk", ["{}", '{"text": "a"}', '{"text": "a", "timestamp": ["0", 1]}'])
def test_chunks_without_times_are_refused(tmp_path: Path, chunk: str) -> None:
    with pytest.raises(FileProblem, match="entry 1"):
        read(tmp_path, "a.json", f'{{"chunks": [{chunk}]}}')
