"""The version of syncaug."""

__version__ = "0.1.0"
