"""nuScenes: cameras, laser scans, radars and boxes of keyframes, by its tables and without devkit.

from syncaug.datasets import nuscenes

policy = load_policy({"syncaug": 1, "sample": nuscenes.streams(root), "untouched": ["source"], ...})
results = (policy(sample, key=sample["source"]["key"]) for sample in nuscenes.samples(root))
nuscenes.write(results, "augmented")
"""

from syncaug.datasets.nuscenes.reading import samples, streams
from syncaug.datasets.nuscenes.writing import layout, write

__all__ = ["layout", "samples", "streams", "write"]
