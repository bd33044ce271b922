"""Make the manifest of examples/data for policies/robot.yaml: RGB-D frames with inertial readings.

    python -m tools.samples.robot

What it writes is committed; run it again only to change how it is made. Each frame of the living
room gets two seconds of the recording in imu/, read at exactly 100 Hz and turned to SI units. The
two were not recorded together: a frame shows where the camera stood, the readings how some other
sensor moved.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from syncaug.io.arrays import write_npy

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "data"
RATE, ROWS = 100.0, 200
STARTS = (10.0, 13.0, 16.0, 19.0, 22.0)
"""Seconds of the recording at which each frame's readings begin."""

TO_SI = np.array([np.pi / 180.0] * 3 + [9.80665] * 3)


def readings(start: float) -> np.ndarray:
    """Turn rates in rad/s and accelerations in m/s2, 200 rows at 100 Hz."""
    table = np.loadtxt(EXAMPLES / "imu" / "imu.csv", delimiter=",", skiprows=1)
    moments = start + (np.arange(ROWS) + 0.5) / RATE
    columns = [np.interp(moments, table[:, 0], column) for column in table[:, 1:7].T]
    return np.asarray(np.stack(columns, axis=1) * TO_SI, dtype=np.float32)


def main() -> None:
    """Write the readings and robot.jsonl."""
    folder = EXAMPLES / "imu" / "robot"
    folder.mkdir(exist_ok=True)
    text = (EXAMPLES / "living_room.jsonl").read_text(encoding="utf-8")
    rooms = text.rstrip("\n").split("\n")
    lines = []
    for frame, (room, start) in enumerate(zip(map(json.loads, rooms), STARTS, strict=True)):
        write_npy(folder / f"{frame:05}.npy", readings(start))
        lines.append(
            {
                "key": f"robot/{frame}",
                "rgb": room["image"],
                "depth": room["depth"],
                "camera": room["camera"],
                "imu": f"imu/robot/{frame:05}.npy",
            }
        )
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (EXAMPLES / "robot.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
