"""Files in and out: manifests, samples, results. A library is imported when a file needs it."""

from syncaug.io.manifest import Entry, read_manifest, scan_manifest
from syncaug.io.names import folder_name
from syncaug.io.saving import Formats, save_sample
from syncaug.io.streams import FILE_MODALITIES, StreamDecl, load_sample
from syncaug.io.writer import ResultWriter

__all__ = [
    "FILE_MODALITIES",
    "Entry",
    "Formats",
    "ResultWriter",
    "StreamDecl",
    "folder_name",
    "load_sample",
    "read_manifest",
    "save_sample",
    "scan_manifest",
]
