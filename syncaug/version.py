"""The version of syncaug, and that of what it computes."""

__version__ = "0.1.0"

ENGINE_VERSION = 2
"""The version of what is done with a draw: it rises when the same draw gives other results.

It stands in every record. What is drawn has a version of its own, `randomness.STREAM_VERSION`, and
stays. Records of version 1 do not name it.
"""
