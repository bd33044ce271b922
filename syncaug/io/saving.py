"""Samples into files: which kind of stream is written how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from syncaug.errors import ManifestError
from syncaug.io import audio, fields, pictures
from syncaug.io.arrays import write_npy, write_npz
from syncaug.io.container_forms import DEFAULT_CODING, Coding, form_of
from syncaug.io.container_writer import Contents, Progress, write_container
from syncaug.io.imu import write_imu
from syncaug.io.names import folder_name
from syncaug.io.plain import plain
from syncaug.io.points import CLOUDS, PLACE, read_points, write_points
from syncaug.io.problem import FileProblem
from syncaug.io.streams import StreamDecl, path_of
from syncaug.io.subtitles import write_subtitles
from syncaug.io.sweeps import is_sweeps, points_paths, written_sweeps
from syncaug.io.together import groups, languages_of, write_group
from syncaug.io.track_values import clip_of, cues_of
from syncaug.modalities.own_form import without_nan

__all__ = ["EXACT", "Formats", "save_sample"]


@dataclass(frozen=True, slots=True)
class Formats:
    """How results are written.

    `image` is png or jpg (of `jpeg_quality`), `audio` is float, pcm16 or pcm24; both are exact by
    default. `coding` says how videos and the sound beside them are encoded: by default with a loss
    that cannot be seen, but is there.
    """

    image: str = "png"
    jpeg_quality: int = 95
    audio: str = "float"
    coding: Coding = DEFAULT_CODING

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Formats:
        """What `dataclasses.asdict` gave, back; what is not said is as by default."""
        coding = data.get("coding", {})
        return Formats(**{**data, "coding": Coding(**coding)})


EXACT = Formats()


@dataclass(frozen=True, slots=True)
class _Job:
    """Where one stream goes, and how; `suffix` is that of the file it came from, if any."""

    folder: Path
    stem: str
    options: Mapping[str, Any]
    suffix: str
    formats: Formats
    progress: Progress | None


def save_sample(
    folder: Path,
    sample: Mapping[str, Any],
    streams: Mapping[str, StreamDecl],
    *,
    prefix: str = "",
    formats: Formats = EXACT,
    sources: Mapping[str, Any] | None = None,
    source_folder: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write a sample's streams into `folder` and return what a manifest says of them.

    Pictures, sounds, videos and clouds become files, named by `prefix` and the file's name; all
    else stands inline. `sources` are the values of the manifest line that the sample came from:
    streams that came from one container are written into one again, and kinds of files are kept.
    `source_folder` is where that manifest lies, for the languages of tracks. Raises
    ManifestError, which names the stream.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sources = sources or {}
    origins = {name: path_of(raw) for name, raw in sources.items()}
    values: dict[str, Any] = {}
    for names in groups(sample, streams, origins):
        group = [(streams[name], sample[name]) for name in names]
        with _blaming(folder, names[0]):
            origin = origins[names[0]]
            languages: dict[str, str] = {}
            if source_folder is not None:
                numbers = {name: (streams[name].modality, _track(sources, streams[name]))
                           for name in names}  # fmt: skip
                languages = languages_of(source_folder / origin, numbers)
            written = write_group(
                folder, group, origin, formats.coding, progress, languages=languages
            )
        for name, (file, track) in written.items():
            declared = streams[name].options.get("track", 0)
            path = prefix + file
            values[name] = path if track == declared else {"path": path, "track": track}
    for name, value in sample.items():
        if name in values:
            continue
        stream = streams.get(name)
        write = _WRITERS.get(stream.modality) if stream else None
        inline = stream is not None and (
            (stream.modality in _EITHER and not origins.get(name, "/"))
            or (stream.modality == "instances" and not isinstance(value, np.ndarray))
        )
        with _blaming(folder, name):
            if stream is None or write is None or inline:
                values[name] = plain(_nulled(stream, value))
            elif stream.modality == "points" and is_sweeps(value):
                values[name] = _posed(
                    folder, name, value, sources.get(name), prefix, stream, formats
                )
            else:
                suffix = Path(origins.get(name, "")).suffix.lower()
                job = _Job(folder, folder_name(name), stream.options, suffix, formats, progress)
                values[name] = prefix + write(job, value)
    return {name: values[name] for name in sample}


def _track(sources: Mapping[str, Any], stream: StreamDecl) -> int:
    """The number of the track that a stream came from."""
    raw = sources.get(stream.name)
    said = raw.get("track") if isinstance(raw, Mapping) else None
    number = stream.options.get("track", 0) if said is None else said
    return int(number)


@contextmanager
def _blaming(folder: Path, name: str) -> Iterator[None]:
    """Say which stream it was that could not be written."""
    try:
        yield
    except FileProblem as problem:
        raise ManifestError(f"{folder}: stream {name!r}: {problem}") from None
    except OSError as error:
        raise ManifestError(f"{folder}: stream {name!r} cannot be written: {error}") from error


def _write_image(job: _Job, value: Any) -> str:
    quality = job.formats.jpeg_quality if job.formats.image == "jpg" else 0
    return pictures.write_image(job.folder, job.stem, value, job.options, jpeg_quality=quality)


def _write_mask(job: _Job, value: Any) -> str:
    return pictures.write_mask(job.folder, job.stem, value, job.options)


def _write_depth(job: _Job, value: Any) -> str:
    return pictures.write_depth(job.folder, job.stem, value, job.options)


def _write_flow(job: _Job, value: Any) -> str:
    return fields.write_flow(job.folder, job.stem, value, job.options, job.suffix)


def _write_disparity(job: _Job, value: Any) -> str:
    return fields.write_disparity(job.folder, job.stem, value, job.options, job.suffix)


def _write_audio(job: _Job, value: Any) -> str:
    return audio.write_audio(job.folder, job.stem, value, job.options, subtype=job.formats.audio)


def _write_video(job: _Job, value: Any) -> str:
    """A video alone: as .npy where it came from there, else in a container."""
    if job.suffix == ".npy":
        return _write_array(job, value)
    suffix, _ = form_of(job.suffix)
    contents = Contents(clips=(clip_of(value, job.options),))
    path = job.folder / f"{job.stem}{suffix}"
    write_container(path, contents, job.formats.coding, progress=job.progress)
    return path.name


def _write_cues(job: _Job, value: Any) -> str:
    return write_subtitles(job.folder, job.stem, cues_of(value), job.options, suffix=job.suffix)


def _write_imu(job: _Job, value: Any) -> str:
    return write_imu(job.folder, job.stem, value, job.options, suffix=job.suffix)


def _write_points(job: _Job, value: Any) -> str:
    """In the kind of file that the cloud came from, where that holds it exactly; else as .npy.

    A laser scan stays one: its kind holds places to a ten-millionth of a unit or so.
    """
    cloud, name = np.asarray(value), f"{job.stem}{job.suffix}"
    columns = tuple(job.options.get("columns") or PLACE)
    if job.suffix not in CLOUDS or not cloud.size or cloud.dtype.kind != "f":
        return _write_array(job, value)
    if job.suffix == ".bin" and cloud.dtype != np.float32:
        return _write_array(job, value)
    path = job.folder / name
    write_points(path, cloud, columns)
    if job.suffix in (".ply", ".pcd"):
        back = read_points(path, columns)
        if back.dtype != cloud.dtype or not np.array_equal(back, cloud):
            path.unlink()
            return _write_array(job, value)
    return name


def _nulled(stream: StreamDecl | None, value: Any) -> Any:
    """Rows with null for what is NaN, which JSON cannot hold, where a stream reads it so."""
    if stream is None or stream.modality not in _NULLED:
        return value
    return without_nan(value.tolist() if isinstance(value, np.ndarray) else value)


_NULLED = frozenset({"boxes3d", "joints", "oriented_boxes"})
"""Modalities that read null as a number that is not known."""


def _posed(
    folder: Path,
    name: str,
    sweeps: Any,
    source: Any,
    prefix: str,
    stream: StreamDecl,
    formats: Formats,
) -> Any:
    """Sweeps with their points in files of the kinds that they came from."""
    paths = points_paths(source)

    def write(number: int, cloud: Any) -> str:
        suffix = Path(paths[number]).suffix.lower() if number < len(paths) else ""
        several = not isinstance(sweeps, Mapping)
        stem = f"{folder_name(name)}_{number}" if several else folder_name(name)
        return prefix + _write_points(
            _Job(folder, stem, stream.options, suffix, formats, None), cloud
        )

    return written_sweeps(sweeps, write, plain)


def _write_array(job: _Job, value: Any) -> str:
    write_npy(job.folder / f"{job.stem}.npy", np.asarray(value))
    return f"{job.stem}.npy"


def _write_rows(job: _Job, value: Any) -> str:
    """Rows alone as .npy; those with timestamps, or that came from an .npz, as .npz."""
    if not isinstance(value, Mapping) and job.suffix != ".npz":
        return _write_array(job, value)
    arrays = value if isinstance(value, Mapping) else {"array": value}
    unknown = sorted(set(arrays) - {"array", "timestamps"})
    if unknown:
        raise FileProblem("rows as array and timestamps", f"{unknown[0]!r} beside them")
    path = job.folder / f"{job.stem}.npz"
    write_npz(path, {name: np.asarray(each) for name, each in arrays.items()})
    return path.name


_WRITERS: Mapping[str, Callable[[_Job, Any], str]] = {
    "image": _write_image,
    "mask": _write_mask,
    "depth": _write_depth,
    "heatmap": _write_array,
    "flow": _write_flow,
    "normals": _write_array,
    "disparity": _write_disparity,
    "audio": _write_audio,
    "video": _write_video,
    "timed_text": _write_cues,
    "points": _write_points,
    "bev": _write_mask,
    "imu": _write_imu,
    "embedding": _write_array,
    "instances": _write_array,
    "state": _write_rows,
    "action": _write_rows,
}

_EITHER = frozenset({"timed_text", "embedding", "state", "action"})
"""Modalities that stand inline where they came so, and in a file where they came from one."""
