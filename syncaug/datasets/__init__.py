"""Data sets as they lie on disk: `samples` reads one, `write` writes one of the same kind.

    from syncaug.datasets import coco, kitti, nuscenes

A module for each kind, imported when it is asked for.
"""
