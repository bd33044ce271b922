"""Small whole files of every kind that is read, to be damaged."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

__all__ = ["write_originals"]

COUNT, SIZE, RATE = 24, (64, 48), 16_000
_FILMS = (
    ("a.mp4", "libx264", {"g": "8"}, "aac", "fltp", "mov_text"),
    ("b.mkv", "libx264", {"g": "8"}, "flac", "s16", "subrip"),
    ("c.mov", "mpeg4", {}, "pcm_s16le", "s16", ""),
    ("d.avi", "mpeg4", {"g": "8"}, "libmp3lame", "s16p", ""),
    ("e.ts", "mpeg2video", {"g": "8", "bf": "2"}, "mp2", "s16", ""),
    ("f.ts", "libx264", {"g": "8", "bf": "2"}, "aac", "fltp", ""),
    ("g.mpg", "mpeg1video", {"g": "8"}, "mp2", "s16", ""),
    ("h.flv", "flv", {"g": "8"}, "libmp3lame", "s16p", ""),
    ("i.mkv", "mjpeg", {}, "", "", "ass"),
)
"""Name, encoder of video and its options, of sound and its samples, of text."""

_TEXTS = {
    "a.srt": "1\n00:00:00,100 --> 00:00:00,500\nthe <i>left</i> one\n\n2\n00:00:00,600 --> "
    "00:00:00,900\ntwo\nlines\n",
    "b.vtt": "WEBVTT\n\nNOTE a\n\nintro\n00:00.100 --> 00:00.500 line:0\n<v Bob>hi<00:00:00.300> "
    "there</v>\n\nNOTE b\n\n00:00.600 --> 00:00.900\nx &amp; y\n",
    "c.ass": "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: "
    "Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, "
    "Effect, Text\nDialogue: 0,0:00:00.10,0:00:00.50,D,,0,0,0,,{\\k20}a {\\k20}b\n"
    "Comment: 0,0:00:00.50,0:00:00.60,Default,,0,0,0,,c\n",
    "d.ssa": "[Script Info]\n\n[V4 Styles]\nFormat: Name, Fontname\nStyle: D,Arial\n\n[Events]\n"
    "Dialogue: Marked=0,0:00:00.10,0:00:00.50,Default,,0,0,0,,a, b\n",
    "e.sbv": "0:00:00.100,0:00:00.500\na\n\n0:00:00.600,0:00:00.900\nb\n",
    "f.ttml": '<tt xmlns="http://www.w3.org/ns/ttml"><body><div><p begin="0.1s" end="0.5s">a<br/>b'
    "</p></div></body></tt>\n",
    "g.sub": "{1}{1}25\n{2}{12}{y:i}a|b\n{15}{22}c\n",
    "h.smi": "<SAMI><BODY><SYNC Start=100><P Class=EN>a<br>b<SYNC Start=500><P Class=EN>&nbsp;"
    "</BODY></SAMI>\n",
    "i.lrc": "[ar:x]\n[00:00.10]a\n[00:00.50]b\n",
    "j.TextGrid": 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n1\n<exists>\n1\n'
    '"IntervalTier"\n"words"\n0\n1\n2\n0\n0.5\n"a"\n0.5\n1\n"b"\n',
    "k.ctm": "f 1 0.10 0.40 a 0.9\nf 1 0.60 0.30 b 0.8\n",
    "l.rttm": "SPEAKER f 1 0.10 0.40 <NA> <NA> ann <NA> <NA>\n",
    "m.json": json.dumps({"segments": [{"start": 0.1, "end": 0.5, "text": " a", "tokens": [1]}]}),
    "n.json": json.dumps([{"word": "a", "start": 0.1, "end": 0.5, "score": 0.9}]),
}


def write_originals(folder: Path) -> list[Path]:
    """All files, films twice as often as others."""
    films = [_film(folder / name, *rest) for name, *rest in _FILMS]
    sounds = [
        _sound(folder / "a.wav", "pcm_s16le", "s16"),
        _sound(folder / "b.flac", "flac", "s16"),
        _sound(folder / "c.mp3", "libmp3lame", "s16p"),
        _sound(folder / "d.mp3", "libmp3lame", "s16p", write_xing="0"),
        _sound(folder / "e.ogg", "libopus", "s16", rate=48_000),
    ]
    texts = []
    for name, text in _TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
        texts.append(folder / name)
    return [*films, *sounds, *films, *texts]


def _film(
    path: Path, video: str, options: dict[str, str], audio: str, samples: str, text: str
) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(video, rate=25, options=dict(options))
        stream.width, stream.height = SIZE
        if video == "mjpeg":
            stream.pix_fmt = "yuvj420p"
        packets: list[Any] = []
        sound = _track(container, audio, samples, 44_100) if audio else None
        words = _words(container, text) if text else None
        for number in range(COUNT):
            picture = np.full((SIZE[1], SIZE[0], 3), number * 10, np.uint8)
            picture[:: number + 2] = 255 - number
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            packets += stream.encode(frame)
        packets += stream.encode(None)
        if sound is not None:
            packets += _encoded(sound, samples, 44_100)
        if words is not None:
            packets.append(_cue(words))
        packets = [packet for packet in packets if packet.size]
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            container.mux(packet)
    return path


def _sound(path: Path, codec: str, samples: str, rate: int = RATE, **options: str) -> Path:
    with av.open(str(path), "w", options=options) as container:
        container.mux(_encoded(_track(container, codec, samples, rate), samples, rate))
    return path


def _track(container: Any, codec: str, samples: str, rate: int) -> Any:
    stream = container.add_stream(codec, rate=rate)
    stream.codec_context.layout, stream.codec_context.format = "mono", samples
    return stream


def _encoded(stream: Any, samples: str, rate: int) -> list[Any]:
    level = 0.3 * np.sin(np.arange(rate) * 2 * np.pi * 440 / rate)[None]
    data = level.astype(np.float32) if samples == "fltp" else (level * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(data, format=samples, layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    return [one for one in (*stream.encode(frame), *stream.encode(None)) if one.size]


def _words(container: Any, codec: str) -> Any:
    stream = container.add_stream(codec)
    stream.time_base = Fraction(1, 1000)
    stream.codec_context.subtitle_header = b"[Script Info]\n\n[Events]\n"
    return stream


def _cue(stream: Any) -> Any:
    shown = av.subtitles.subtitle.SubtitleSet.create(
        text=b"0,0,Default,,0,0,0,,hello {\\i1}you{\\i0}", start=0, end=400, pts=0
    )
    packet = stream.codec_context.encode_subtitle(shown)
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts = packet.dts = 100
    packet.duration = 400
    return packet
