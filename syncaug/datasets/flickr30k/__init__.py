"""Flickr30k Entities: sentences about photos, whose phrases are grounded to boxes.

    from syncaug.datasets import flickr30k

    policy = load_policy({"syncaug": 1, "sample": flickr30k.STREAMS, "untouched": ["source"], ...})
    results = (policy(sample, key=sample["source"]["key"]) for sample in flickr30k.samples(root))
    flickr30k.write(results, "augmented")

The format is that of Plummer et al. 2015 (github.com/BryanPlummer/flickr30k_entities).
"""

from syncaug.datasets.flickr30k.reading import STREAMS, samples, streams
from syncaug.datasets.flickr30k.writing import layout, write

__all__ = ["STREAMS", "layout", "samples", "streams", "write"]
