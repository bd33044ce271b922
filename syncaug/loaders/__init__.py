"""Policies in the loaders that people have: a short module for each, imported when it is asked for.

from syncaug.loaders.torch import AugmentedDataset, collate
"""

from syncaug.loaders.keys import INDEX
from syncaug.loaders.shared_epoch import SharedEpoch

__all__ = ["INDEX", "SharedEpoch"]
