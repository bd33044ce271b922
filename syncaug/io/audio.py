"""Sound in files, through soundfile (libsndfile): WAV, FLAC, Ogg and MP3 in, WAV out."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syncaug.errors import MissingExtraError
from syncaug.io.atomic import write_bytes
from syncaug.io.damage import damage_of_wave
from syncaug.io.limits import LIMITS, Limits
from syncaug.io.mpeg_audio import with_true_count
from syncaug.io.problem import FileProblem, read_bytes

__all__ = ["SUBTYPES", "read_audio", "write_audio"]

SUBTYPES = {
    "float": "FLOAT",
    "pcm16": "PCM_16",
    "pcm24": "PCM_24",
}
"""How samples may be stored. `float` is exact; float64 samples are then stored in 64 bits."""

_EXPECTED = "a sound (WAV, FLAC, Ogg or MP3)"


def read_audio(path: Path, options: Mapping[str, Any], limits: Limits = LIMITS) -> Any:
    """float32 samples, (T,) of one channel or (C, T), as the stream's declaration wants them.

    With a declared `sample_rate`, which must be the file's, the array alone; without one the
    mapping {"array", "sampling_rate"}. Raises FileProblem, and MissingExtraError.
    """
    soundfile = _soundfile()
    data = read_bytes(path, _EXPECTED, limit=limits.memory)
    damage = damage_of_wave(data)
    if damage:
        raise FileProblem(_EXPECTED, f"{path}, which is damaged: {damage}")
    counted = with_true_count(data)
    if counted.torn:
        raise FileProblem(_EXPECTED, f"{path}, which is damaged: it ends inside a frame")
    try:
        with soundfile.SoundFile(BytesIO(counted.data)) as file:
            rate, length = int(file.samplerate), int(file.frames)
            limits.check_memory(path, _EXPECTED, 4 * length * int(file.channels))
            samples: NDArray[np.float32] = file.read(dtype="float32", always_2d=True).T
    except (RuntimeError, OSError, ValueError, MemoryError) as error:
        reason = str(getattr(error, "error_string", error)).rstrip(".")
        raise FileProblem(_EXPECTED, f"{path}, which cannot be decoded: {reason}") from None
    if samples.shape[1] == 0:
        raise FileProblem(_EXPECTED, f"{path}, which holds no samples")
    if samples.shape[1] < length:
        raise FileProblem(
            _EXPECTED, f"{path}, of whose {length} samples {samples.shape[1]} can be read"
        )
    samples = samples[:, counted.lead :]
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
