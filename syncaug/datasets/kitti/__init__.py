"""KITTI's object benchmark: left colour images, calibration, labels and laser scans.

from syncaug.datasets import kitti

policy = load_policy({"syncaug": 1, "sample": kitti.STREAMS, "untouched": ["source"], ...})
results = (policy(sample, key=sample["source"]["key"]) for sample in kitti.samples(root))
kitti.write(results, "augmented")
"""

from syncaug.datasets.kitti.reading import STREAMS, samples, streams
from syncaug.datasets.kitti.writing import layout, write

__all__ = ["STREAMS", "layout", "samples", "streams", "write"]
