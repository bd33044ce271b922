"""A folder of films with subtitles: each film is a sample, and each result a film again.

from syncaug.datasets import films

policy = load_policy({"syncaug": 1, "sample": films.streams(root), "untouched": ["source"], ...})
results = (policy(sample, key=sample["source"]["key"]) for sample in films.samples(root))
films.write(results, "augmented")
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncaug.datasets.folder import numbered, write_all
from syncaug.datasets.problem import located, require_folder
from syncaug.datasets.samples import SOURCE, Samples
from syncaug.errors import ManifestError
from syncaug.io.containers import SUFFIXES, is_container, list_tracks
from syncaug.io.plain import dump_json
from syncaug.io.saving import save_sample
from syncaug.io.soundtrack import read_soundtrack
from syncaug.io.subtitle_track import read_subtitle_track
from syncaug.io.subtitles import FORMATS, read_subtitles
from syncaug.io.video import LAZY_ABOVE, read_video

__all__ = ["layout", "samples", "streams", "write"]

_FORM = (
    "a folder of films (.mp4, .mkv ...), perhaps with subtitles of the same name (.srt, .vtt ...)"
)
_KINDS = {"video": "video", "audio": "audio", "subtitles": "timed_text"}


def streams(root: str | Path, split: str = "") -> dict[str, Any]:
    """What a policy declares of the films, for its key `sample:`; `untouched: [source]` beside it.

    Sound and subtitles are optional where some film has none. Raises ManifestError.
    """
    films = _films(Path(root), split)
    parts = [_parts(root, film) for root, film in films]
    declared: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        having = sum(name in part for part in parts)
        if having:
            lacking = {} if having == len(parts) else {"optional": True}
            declared[name] = {"modality": kind, **lacking}
    return declared


def samples(root: str | Path, split: str = "") -> Samples:
    """The films of a folder and of its folders; keys are their paths without the suffix.

    `split` is a folder inside of `root`. Each sample has `video` (frames and timestamps; decoded
    when they are asked for where a film is long), `audio` where the film has a sound, `subtitles`
    (cues) from the file of the same name, or else from the film's first track of text; and
    `source`. A language may stand in its name (film.en.srt), and stays there. Raises ManifestError,
    also where there are several such files.
    """
    films = _films(Path(root), split)
    return Samples(tuple(film for _, film in films), _Loader(tuple(films)))


def write(samples: Iterable[Mapping[str, Any]], root: str | Path) -> None:
    """Write samples, as `samples` gives them, as films into a new folder.

    A film keeps its name, its kind of container, and subtitles in a file where they came in one;
    several results of one film get names with a number. Raises ManifestError where a sample cannot
    be written; the samples before it are whole.
    """
    write_all(samples, root, FilmLayout())


def layout(jpeg_quality: int = 0, meta: Any = None) -> FilmLayout:
    """How a data set of this kind is written, film by film; it has no pictures of its own."""
    return FilmLayout()


def _films(root: Path, split: str) -> list[tuple[Path, str]]:
    """The films below a folder: the folder, and the path from it without the suffix."""
    folder = root / split if split else root
    require_folder(folder, _FORM)
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and is_container(path) and not path.name.startswith("."):
            name = path.relative_to(folder).with_suffix("").as_posix()
            if name in found:
                raise ManifestError(
                    f"{folder}: expected one film of each name; got {found[name].name} and "
                    f"{path.name}"
                )
            found[name] = path
    if not found:
        raise ManifestError(f"{folder}: expected {_FORM}; got no film")
    return [(folder, name) for name in sorted(found)]


def _parts(folder: Path, name: str) -> dict[str, Path]:
    """The files of a film's streams."""
    base = folder / name
    near = sorted(p for p in base.parent.iterdir() if p.name.startswith(f"{base.name}."))
    film = next(
        path for path in near if path.stem == base.name and is_container(path) and path.is_file()
    )
    with located(str(film)):
        kinds = {track.kind for track in list_tracks(film)}
    if "video" not in kinds:
        raise ManifestError(f"{film}: expected a film; got one without a video track")
    parts = {"video": film}
    if "audio" in kinds:
        parts["audio"] = film
    beside = [path for suffix in FORMATS if (path := base.with_name(base.name + suffix)).is_file()]
    beside = beside or _in_a_language(base, near)
    if beside:
        parts["subtitles"] = beside[0]
    elif "subtitle" in kinds:
        parts["subtitles"] = film
    return parts


def _in_a_language(base: Path, near: Sequence[Path]) -> list[Path]:
    """The file of subtitles whose name ends in a language, as in film.en.srt or film.pt-BR.sdh.vtt.

    `near` are the files whose names begin with the film's and a point. Raises ManifestError
    where there are several.
    """
    found = [
        path
        for path in near
        if path.suffix.lower() in _TITLES
        and _LANGUAGE.fullmatch(path.stem.removeprefix(base.name))
        and path.is_file()
        and not any(path.with_suffix(suffix).is_file() for suffix in SUFFIXES)
    ]
    if len(found) > 1:
        raise ManifestError(
            f"{base.parent}: expected one file of subtitles for the film {base.name!r}; got "
            f"{', '.join(path.name for path in found)}. Give the one that is meant the film's "
            f"name, {base.name}{found[0].suffix}."
        )
    return found


_TITLES = frozenset(FORMATS) - {".json"}  # which are of anything, as film.info.json
_LANGUAGE = re.compile(r"(\.[A-Za-z]{2,}([-_][A-Za-z0-9]+)*)+")


@dataclass(frozen=True, slots=True)
class _Loader:
    """Reads the film of an index."""

    films: tuple[tuple[Path, str], ...]

    def __call__(self, index: int) -> dict[str, Any]:
        folder, name = self.films[index]
        parts = _parts(folder, name)
        sample: dict[str, Any] = {}
        with located(f"{folder}: film {name!r}"):
            sample["video"] = read_video(parts["video"], {}, lazy_above=LAZY_ABOVE)
            if "audio" in parts:
                sample["audio"] = read_soundtrack(parts["audio"], {})
            if "subtitles" in parts:
                path = parts["subtitles"]
                own = read_subtitle_track if is_container(path) else read_subtitles
                sample["subtitles"] = own(path, {})
        files = {stream: path.name for stream, path in parts.items()}
        sample[SOURCE] = {"key": name, "files": files, "folder": str(folder.resolve())}
        return sample


@dataclass(frozen=True, slots=True)
class _Stream:
    """A stream as `save_sample` asks for it."""

    name: str
    modality: str
    options: Mapping[str, Any] = field(default_factory=dict)


def _tag(file: str, source: Mapping[str, Any]) -> str:
    """The language in the name of a file of subtitles, with the point before it; or nothing."""
    film = Path(str(source.get("key", ""))).name
    found = _LANGUAGE.fullmatch(Path(file).stem.removeprefix(film))
    return found[0] if found and not is_container(file) else ""


_STREAMS = {name: _Stream(name, kind) for name, kind in _KINDS.items()}


@dataclass(frozen=True, slots=True)
class FilmLayout:
    """How films lie in a folder."""

    def told(self, source: Mapping[str, Any]) -> str:
        """The path of a film without its suffix."""
        return str(source.get("key", ""))

    def named(self, told: str, number: int, again: int) -> str:
        """That path, with a number for each further result."""
        return numbered(told or f"{number:06}", again, "-")

    def encode(
        self, root: Path, sample: Mapping[str, Any], name: str, number: int
    ) -> dict[str, Any]:
        """Write the film of one sample; the names of its files."""
        source = sample.get(SOURCE, {})
        files = dict(source.get("files", {"video": "film.mp4", "audio": "film.mp4"}))
        own = {stream: sample[stream] for stream in _KINDS if stream in sample}
        partial = root / ".partial"
        shutil.rmtree(partial, ignore_errors=True)
        try:
            values = save_sample(partial, own, _STREAMS, sources=files)
            told: dict[str, Any] = {"key": name}
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            for stream, value in values.items():
                file = value["path"] if isinstance(value, Mapping) else value
                tag = _tag(files.get(stream, ""), source)
                final = (root / name).with_name((root / name).name + tag + Path(file).suffix)
                if (partial / file).exists():
                    os.replace(partial / file, final)
                told[stream] = final.relative_to(root).as_posix()
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return told

    def finish(self, root: Path, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write nothing: the films are the data set."""
        for row in rows:
            dump_json(row)
