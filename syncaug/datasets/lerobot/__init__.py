"""LeRobot: episodes of robots, as tables in Parquet with a film for each camera.

    from syncaug.datasets import lerobot

    policy = load_policy({"syncaug": 1, "sample": {...}, "untouched": ["source"], ...})
    results = (policy(sample, key=sample["source"]["key"]) for sample in lerobot.samples(root))
    lerobot.write(results, "augmented")

The format is that of LeRobot's data sets of version 2 (one file for each episode).
"""

from syncaug.datasets.lerobot.reading import samples, streams
from syncaug.datasets.lerobot.writing import layout, write

__all__ = ["layout", "samples", "streams", "write"]
