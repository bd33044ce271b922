"""Sound in files, through soundfile (libsndfile): WAV, FLAC, Ogg and MP3 in, WAV out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError
from syncaug.io.atomic import write_bytes
from syncaug.io.flac_blocks import is_piece_of_flac
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.mpeg_audio import with_true_count
from syncaug.io.ogg_pages import is_chained
from syncaug.io.problem import FileProblem, read_bytes
from syncaug.io.sound_damage import damage_of_sound
from syncaug.io.sound_samples import EXPECTED as TRACK
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.vorbis_order import wav_order
from syncaug.io.wave_lengths import is_mistaken, samples_of_blocks, with_true_length

__all__ = ["SUBTYPES", "read_audio", "write_audio"]

SUBTYPES = {
    "float": "FLOAT",
    "pcm16": "PCM_16",
    "pcm24": "PCM_24",
}
"""How samples may be stored. `float` is exact; float64 samples are then stored in 64 bits."""

_EXPECTED = "a sound (WAV, FLAC, Ogg or MP3)"


def read_audio(path: Path, options: Mapping[str, Any], limits: Limits = LIMITS) -> Any:
    """float32 samples, (T,) of one channel or (C, T) in WAV's order, as the declaration wants them.

    With a declared `sample_rate`, which must be the file's, the array alone; without one the
    mapping {"array", "sampling_rate"}. Raises FileProblem, and MissingExtraError.
    """
    soundfile = _soundfile()
    data = read_bytes(path, _EXPECTED, limit=limits.memory)
    damage = damage_of_sound(data)
    if damage:
        raise FileProblem(_EXPECTED, f"{path}, which is damaged: {damage}")
    if data[:4] == b"OggS" and is_chained(data):
        raise FileProblem(
            _EXPECTED,
            f"{path}, which holds several sounds, one behind the other",
            "Decode them as one, as `ffmpeg -i FILE out.flac` does.",
        )
    in_ogg = data[:4] == b"OggS" and b"\x7fFLAC" in data[:64]  # libsndfile knows some writers only
    if in_ogg or is_piece_of_flac(data):
        return _as_track(path, options, limits)
    if data.startswith((b"PK", b"\x93NUMPY")):
        raise FileProblem(
            _EXPECTED,
            f"{path}, an array of numpy",
            "It has no rate: write it with soundfile.write('x.wav', array.T, rate, 'FLOAT').",
        )
    counted = with_true_count(with_true_length(data))
    if counted.torn:
        raise FileProblem(_EXPECTED, f"{path}, which is damaged: it ends inside a frame")
    opened = False
    try:
        with soundfile.SoundFile(BytesIO(counted.data)) as file:
            opened = True
            rate, length = int(file.samplerate), int(file.frames)
            if _is_guessed(file) or is_mistaken(counted.data):
                return _without_padding(data, _as_track(path, options, limits))
            limits.check_memory(path, _EXPECTED, 4 * length * int(file.channels))
            samples: NDArray[np.float32] = file.read(
                -1 if file.seekable() else length, dtype="float32", always_2d=True
            ).T
            samples = samples[wav_order(file.subtype, len(samples))]
    except (RuntimeError, OSError, ValueError, MemoryError) as error:
        if not opened and data[:4] in _OF_MANY:
            with suppress(FileProblem, MissingExtraError):
                return read_soundtrack(path, options, limits=limits)
        reason = str(getattr(error, "error_string", error)).rstrip(".")
        raise FileProblem(
            _EXPECTED,
            f"{path}, which cannot be decoded: {reason}",
            "If it can be played, convert it, as `ffmpeg -i FILE out.wav` does.",
        ) from None
    if samples.shape[1] == 0:
        raise FileProblem(_EXPECTED, f"{path}, which holds no samples")
    if samples.shape[1] < length:
        raise FileProblem(
            _EXPECTED, f"{path}, of whose {length} samples {samples.shape[1]} can be read"
        )
    samples = samples[:, counted.lead : samples_of_blocks(data, samples.shape[1])]
    array = samples[0].copy() if len(samples) == 1 else np.ascontiguousarray(samples)
    declared = options.get("sample_rate")
    if declared is None:
        return {"array": array, "sampling_rate": rate}
    if declared != rate:
        raise FileProblem(
            f"a sample rate of {declared} Hz, as declared",
            f"{path} with {rate} Hz",
            "Resample it, or leave sample_rate out of the declaration.",
        )
    return array


def _as_track(path: Path, options: Mapping[str, Any], limits: Limits) -> Any:
    """What PyAV decodes of a file that goes by a sound's suffix. Raises FileProblem."""
    try:
        return read_soundtrack(path, options, limits=limits)
    except FileProblem as problem:
        if problem.expected != TRACK:
            raise
        raise FileProblem(_EXPECTED, problem.came, problem.hint) from None


_OF_MANY = (b"RIFF", b"RF64", b"caff", b"FORM", b"fLaC", b"OggS")
"""What files begin with whose coding may be one that FFmpeg alone knows, such as ALAC in CAF."""


def _without_padding(data: bytes, sound: Any) -> Any:
    """A sound, in its declared form, without what fills up the last block of its file."""
    if isinstance(sound, Mapping):
        return {**sound, "array": _without_padding(data, sound["array"])}
    return np.ascontiguousarray(sound[..., : samples_of_blocks(data, sound.shape[-1])])


def _is_guessed(file: Any) -> bool:
    """Whether libsndfile guesses how long it is: MPEG audio without a count, and what it cannot
    seek in (GSM)."""
    layer = file.subtype.removeprefix("MPEG_LAYER_")
    uncounted = layer in ("I", "II") or (layer == "III" and file.format in ("WAV", "WAVEX"))
    lost = not file.seekable() and not file.subtype.startswith("G72")
    return uncounted or file.frames >= _UNKNOWN or lost


_UNKNOWN = 1 << 62
"""From here on a number of samples stands for none."""


def write_audio(
    folder: Path, stem: str, value: Any, options: Mapping[str, Any], *, subtype: str = "float"
) -> str:
    """Write as WAV, and return the file's name.

    The bytes depend on the samples alone. Raises FileProblem where no sample rate is known.
    """
    soundfile = _soundfile()
    array, rate = value, options.get("sample_rate")
    if isinstance(value, Mapping):
        array, rate = value["array"], value["sampling_rate"]
    if rate is None:
        raise FileProblem(
            "a sample rate", "an array without one", "Declare sample_rate for the stream."
        )
    kind = "DOUBLE" if subtype == "float" and array.dtype == np.float64 else SUBTYPES[subtype]
    if array.dtype not in (np.float32, np.float64):
        array = array.astype(np.float32)
    buffer = BytesIO()
    soundfile.write(buffer, array.T, round(rate), format="WAV", subtype=kind)
    write_bytes(folder / f"{stem}.wav", _without_clock(buffer.getvalue()))
    return f"{stem}.wav"


def _without_clock(data: bytes) -> bytes:
    """The file with the time of writing, which libsndfile puts into a PEAK chunk, set to 0."""
    head = data.find(b"PEAK", 12, 128)
    if head < 0 or head > data.find(b"data", 12):
        return data
    stamp = head + 12  # after the chunk's name, its length and its version
    return data[:stamp] + bytes(4) + data[stamp + 4 :]


def _soundfile() -> Any:
    try:
        import soundfile
    except ImportError:
        raise MissingExtraError("soundfile", "audio") from None
    return soundfile
