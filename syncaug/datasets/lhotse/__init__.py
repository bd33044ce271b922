"""Lhotse: cuts of recordings, with their supervisions as timed text (lhotse.readthedocs.io).

    from syncaug.datasets import lhotse

    policy = load_policy({"syncaug": 1, "sample": lhotse.STREAMS, "untouched": ["source"], ...})
    results = (policy(sample, key=sample["source"]["key"]) for sample in lhotse.samples(root))
    lhotse.write(results, "augmented")

The manifests are read and written as JSON Lines; the package itself is not needed.
"""

from syncaug.datasets.lhotse.reading import STREAMS, samples, streams
from syncaug.datasets.lhotse.writing import layout, write

__all__ = ["STREAMS", "layout", "samples", "streams", "write"]
