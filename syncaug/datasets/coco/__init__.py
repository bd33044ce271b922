"""COCO: instances, keypoints, captions and panoptic segments of images (cocodataset.org).

from syncaug.datasets import coco

policy = load_policy({"syncaug": 1, "sample": coco.streams(root), "untouched": ["source"], ...})
results = (policy(sample, key=sample["source"]["key"]) for sample in coco.samples(root))
coco.write(results, "augmented")
"""

from syncaug.datasets.coco.reading import samples, streams
from syncaug.datasets.coco.writing import layout, write

__all__ = ["layout", "samples", "streams", "write"]
