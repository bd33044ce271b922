"""Spans of sound files whose samples libsndfile finds exactly, and decodes to the same bytes.

Those are samples as they are, and FLAC. Decoders that begin in the middle of the others give other
samples: mpg123 adds those of MP3 in another order (by 2e-7 of full scale, with the bit reservoir
filled), predictions of Opus's coder of speech go on for seconds (by up to 0.005, 3 s later), and
libvorbisfile misses places in the last page, and in all of a file that was cut without decoding.
"""

from __future__ import annotations

from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.io.flac_blocks import is_piece_of_flac
from syncaug.io.limits import Limits
from syncaug.io.problem import FileProblem, check_regular
from syncaug.io.sound_damage import damage_of_sound
from syncaug.io.unread import SpanReader
from syncaug.io.wave_lengths import is_mistaken, with_true_length

__all__ = ["SoundFileReader", "sound_file_reader"]

_EXPECTED = "a sound (WAV, FLAC, Ogg or MP3)"
_EXACT = ("PCM_S8", "PCM_16", "PCM_24", "PCM_32", "PCM_U8", "FLOAT", "DOUBLE", "ULAW", "ALAW")
"""Codings of which each sample stands by itself, or each block of FLAC."""
_FORMS = frozenset({"WAV", "WAVEX", "FLAC", "AIFF", "CAF", "W64", "RF64", "AU"})
_MAGIC = (b"RIFF", b"fLaC", b"FORM", b"caff", b"riff", b"RF64", b".snd", b"dns.")


class SoundFileReader(SpanReader):
    """One file; it is opened for each span, so that a handle holds no file open."""

    def __init__(self, path: Path, channels: int, length: int, rate: int) -> None:
        self.path, self.shape, self.rate = path, (channels, length), rate
        self.block = rate

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        import soundfile

        begin, end = first * self.block, min(last * self.block, self.shape[1])
        try:
            with soundfile.SoundFile(self.path) as file:
                file.seek(begin)
                samples: NDArray[np.float32] = file.read(
                    end - begin, dtype="float32", always_2d=True
                ).T
        except (RuntimeError, OSError, ValueError, MemoryError) as error:
            reason = str(getattr(error, "error_string", error)).rstrip(".")
            raise FileProblem(
                _EXPECTED,
                f"{self.path}, which cannot be decoded: {reason}",
                "If it can be played, convert it, as `ffmpeg -i FILE out.wav` does.",
            ) from None
        if samples.shape[1] < end - begin:
            raise FileProblem(
                _EXPECTED,
                f"{self.path}, of whose samples {begin} to {end} {samples.shape[1]} can be read",
            )
        return samples


def sound_file_reader(path: Path, limits: Limits) -> SoundFileReader | None:
    """The reader of a whole WAV or FLAC file; None of all others, which are read at once.

    Raises FileProblem where there is no such file.
    """
    size = check_regular(path, _EXPECTED)
    if not 12 < size <= limits.memory:
        return None
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        view: Any = data  # looked at as bytes are, of which only the head is touched
        if data[:4] not in _MAGIC:
            return None
        if damage_of_sound(view) or is_mistaken(view) or is_piece_of_flac(view):
            return None
        if with_true_length(view) is not view:
            return None
    try:
        import soundfile

        with soundfile.SoundFile(path) as file:
            rate, length, channels = int(file.samplerate), int(file.frames), int(file.channels)
            kind = file.format, file.subtype
    except (ImportError, RuntimeError, OSError):
        return None
    exact = kind[0] in _FORMS and kind[1] in _EXACT
    if not (exact and length and rate) or 4 * length * channels > limits.memory:
        return None
    return SoundFileReader(path, channels, length, rate)
