"""Names of a cue's further keys: which hold spans, lengths or moments, and which hold no times."""

from __future__ import annotations

import re

__all__ = [
    "CHARACTERS",
    "COUNTED",
    "LENGTH",
    "LENGTHS",
    "MARKS",
    "MILLISECONDS",
    "MOMENTS",
    "NUMERAL",
    "PAIRS",
    "PLAIN",
    "RATES",
    "SAID",
    "SPANS",
    "SPOKEN",
    "TABLES",
    "TICKS",
    "TIME",
    "TRANSCRIPT",
    "WRITTEN",
]

SPANS = (
    *(("start", "end", 1.0), ("start", "stop", 1.0), ("begin", "end", 1.0), ("begin", "stop", 1.0)),
    *(("start_time", "end_time", 1.0), ("startTime", "endTime", 1.0), ("from", "to", 1.0)),
    *(("onset", "offset", 1.0), ("t0", "t1", 1.0), ("start_s", "end_s", 1.0)),
    *(("start_sec", "end_sec", 1.0), ("start_seconds", "end_seconds", 1.0)),
    *(("start_ms", "end_ms", 1000.0), ("startMs", "endMs", 1000.0)),
    *(("s", "e", 1.0), ("in", "out", 1.0), ("tc_in", "tc_out", 1.0)),
)
"""Keys of a span's two ends, and how many of their unit are a second."""
LENGTHS = {
    **dict.fromkeys(("duration", "dur", "duration_s", "duration_sec", "duration_seconds"), 1.0),
    **dict.fromkeys(("length", "len", "length_s", "length_seconds"), 1.0),
    **dict.fromkeys(("seconds", "secs"), 1.0),
    **dict.fromkeys(("duration_ms", "durationMs", "length_ms"), 1000.0),
}
"""Keys that repeat how long a span is, and their unit."""
LENGTH = re.compile(r"(?:^|_)(?:durations?|dur)(?:_|$)")
"""Names of other lengths, such as speech_duration: they are none of the cue's moments."""
PAIRS = frozenset({"timestamp", "timestamps", "time", "times", "time_span", "span", "interval"})
"""Keys of one pair of seconds, or of a list of pairs."""

TIME = re.compile(
    r"(?:^|_)(?:times?|timestamps?|starts?|begins?|ends?|stops?|onsets?|offsets?|t[01]"
    r"|durations?|dur|seconds|secs?|time_?codes?|tc|ms|millis\w*|ts?|at|when|moments?|mid(?:dle|point)?)(?:_|$)"
)
PLAIN = re.compile(
    r"(?:^|_)(?:scores?|conf|confidences?|probs?|probabilit\w+|logprobs?|colou?rs?|rgb|bbox\w*"
    r"|box(?:es)?|pos|positions?|points?|embeddings?|features?|vectors?|weights?|ids?|speakers?"
    r"|channels?|temperature|style|pitch|f0|energy|volume|loudness|tokens?"
    r"|[xyzwh]|width|height|left|top|right|bottom|lat|lon|range|quantiles?|percentiles?)(?:_|$)"
)
RATES = re.compile(
    r"(?:^|_)(?:wpm|wps|cps|cpm|spm|bpm|tempo)(?:_|$)"
    r"|(?:^|_)(?:words?|chars?|characters?|letters?|syllables?|phones?|phonemes?|tokens?|beats?)"
    r"_per_(?:min(?:ute)?|s(?:ec(?:ond)?)?)(?:_|$)"
    r"|(?:^|_)(?:speech|speaking|articulation|reading|talking|syllables?|words?|phones?|phonemes?)"
    r"_(?:rate|tempo|speed)(?:_|$)"
)
"""Names of what is counted in a minute or a second of a cue."""
MARKS = re.compile(
    r"(?:^|_)(?:(?:down)?beats?|peaks?|boundar(?:y|ies)|pauses?|breaks?|breaths?|cuts|marks?|markers?"
    r"|key_?frames?|events?|hits?|claps?|laughs?)(?:_|$)"
)
"""Lists of moments, whose floats are times however few they are."""
SPOKEN = re.compile(
    r"(?:^|_)(?:words?|segments?|chunks?|intervals?|pauses?|silences?|phones?|phonemes?|syllables?"
    r"|vad|speech|utterances?|turns?|align(?:ments?)?)(?:_|$)"
)
"""Lists of what is spoken, whose pairs of whole numbers are times too."""
COUNTED = re.compile(
    r"(?:^|_)(?:starts?|begins?|ends?|stops?|first|last|onset|offset|from|to)_"
    r"(?:frames?|samples?|ticks?|ns|us)(?:_|$)"
    r"|(?:^|_)(?:frames?|samples?)_(?:starts?|begins?|ends?|stops?|ranges?|spans?|first|last)(?:_|$)"
)
"""Moments counted in frames, samples or ticks, whose rate a cue does not tell."""
TABLES = re.compile(r"(?:^|_)(?:ctm|rttm|stm|text_?grid|lrc)(?:_|$)")
"""Formats of timed text as they are written."""
TICKS = 1e7
"""Of Azure's Offset and Duration: how many are a second."""
CHARACTERS = frozenset({"entities", "ents", "mentions", "tags", "offset_mapping", "char_offsets"})
"""Keys of what is counted in characters of the text."""
WRITTEN = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?[.,]\d{1,3}$|\d{2}:\d{2}:\d{2}[:;]\d{2}$"
    r"|\d+(?:\.\d+)? ?s(?:ec)?$|PT[\d.]+S$|\d+\.\d+ ?(?:-|–|to) ?\d+\.\d+$"
)
"""Moments and spans as texts under a name of times."""
TRANSCRIPT = re.compile(
    r"\d{1,2}:\d{2}[.,:]\d{2,3}.{0,8}-->"
    r"|[\[{].*[\"'](?:start|end|begin|onset|timestamp)\w*[\"']\s*:",
    re.DOTALL,
)
"""Subtitles and JSON with times in one text, under any name."""
SAID = re.compile(
    r"<\|\d+\.\d+\|>|<(?:\d+:)?\d{2}:\d{2}[.,]\d{2,3}>|\[\d{1,2}:\d{2}[.:]\d{2,3}\]"
    r"|\{[^}]*\\[kK][fo]?\d+"
)
"""Moments inside a cue's own text: of Whisper's tokens, WebVTT, LRC and karaoke."""
NUMERAL = re.compile(r"\d+\.\d+$")
MILLISECONDS = re.compile(r"(?:_ms|Ms|_millis\w*)$")
MOMENTS = frozenset({"time", "timestamp", "begin", "stop", "onset", "t0", "t1"})
MOMENTS |= {"start_time", "end_time", "startTime", "endTime", "begin_time", "stop_time"}
"""Keys whose whole numbers are seconds too."""
