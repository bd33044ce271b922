"""Files in and out: manifests, samples, results. A library is imported when a file needs it."""

from syncaug.io.containers import list_tracks
from syncaug.io.manifest import Entry, read_manifest, scan_manifest
from syncaug.io.names import folder_name
from syncaug.io.saving import Formats, save_sample
from syncaug.io.streams import FILE_MODALITIES, StreamDecl, load_sample
from syncaug.io.video import FileClip, open_clip
from syncaug.io.writer import ResultWriter

__all__ = [
    "FILE_MODALITIES",
    "Entry",
    "FileClip",
    "Formats",
    "ResultWriter",
    "StreamDecl",
    "folder_name",
    "list_tracks",
    "load_sample",
    "open_clip",
    "read_manifest",
    "save_sample",
    "scan_manifest",
]
