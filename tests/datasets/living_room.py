"""The living room as frames of KITTI and nuScenes, by formulas that share nothing with ours.

Its world has z up; boxes there are centre, length, width, height and yaw. KITTI's rectified frame
is level here, with x to the right, y down and z ahead; nuScenes' vehicle has x ahead, y left.
"""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from tests.samples import DATA, frames

ROOM = DATA / "living_room"
OPTICAL = np.array([[0.0, -1, 0], [0, 0, -1], [1, 0, 0]])
"""From axes ahead, left, up to a camera's: right, down, ahead."""


def level(pose: np.ndarray) -> np.ndarray:
    """4x4, from the world to axes ahead, left and up of a camera of that pose, at its centre."""
    ahead = pose[:3, 2] * [1, 1, 0]
    ahead /= np.linalg.norm(ahead)
    left = np.cross([0, 0, 1], ahead)
    turn = np.stack([ahead, left, [0, 0, 1]])
    out = np.eye(4)
    out[:3, :3], out[:3, 3] = turn, -turn @ pose[:3, 3]
    return out


def write_kitti(root: Path, count: int = 2) -> list[dict[str, Any]]:
    """KITTI's folders with `count` frames; the samples they are made of."""
    folder = root / "training"
    for part in ("image_2", "calib", "label_2", "velodyne"):
        (folder / part).mkdir(parents=True)
    rectify = np.eye(4)
    rectify[:3, :3] = cv2.Rodrigues(np.array([0.004, -0.011, 0.007]))[0]
    to_scanner = np.eye(4)
    to_scanner[:3, 3] = [0.27, 0.01, 0.08]
    samples = frames()[:count]
    for index, sample in enumerate(samples):
        camera = sample["camera"]
        to_camera = np.array(camera["world_to_camera"])
        ahead = level(np.linalg.inv(to_camera))
        optical = np.eye(4)
        optical[:3, :3] = OPTICAL
        rect = optical @ ahead  # from the world
        projection = np.array(camera["K"]) @ (to_camera @ np.linalg.inv(rect))[:3]
        scanner = to_scanner @ ahead
        velo_to_cam = np.linalg.inv(rectify) @ rect @ np.linalg.inv(scanner)
        matrices = {f"P{number}": projection for number in range(4)}
        matrices |= {"R0_rect": rectify[:3, :3], "Tr_velo_to_cam": velo_to_cam[:3]}
        matrices["Tr_imu_to_velo"] = np.eye(4)[:3]
        name = f"{index:06}"
        text = "".join(
            f"{key}: {' '.join(f'{n:.12e}' for n in matrix.ravel())}\n"
            for key, matrix in matrices.items()
        )
        (folder / "calib" / f"{name}.txt").write_text(text)
        cloud = np.asarray(sample["points"], float)
        rows = np.c_[cloud[:, :3] @ scanner[:3, :3].T + scanner[:3, 3], cloud[:, 3:4]]
        rows.astype("<f4").tofile(folder / "velodyne" / f"{name}.bin")
        picture = cv2.imread(str(ROOM / "color" / f"{index:05}.jpg"))
        cv2.imwrite(str(folder / "image_2" / f"{name}.png"), picture)
        lines = []
        solids = dict(zip(sample["classes3d"], sample["boxes3d"], strict=True))
        for kind, box in zip(sample["classes"], sample["boxes"], strict=True):
            place = "-1 -1 -1 -1000 -1000 -1000 -10"
            alpha, called = -10.0, "DontCare"
            if kind in solids:
                x, y, z, length, width, height, yaw = solids[kind]
                foot = rect @ [x, y, z - height / 2, 1]
                heading = rect[:3, :3] @ [math.cos(yaw), math.sin(yaw), 0]
                turn = math.atan2(-heading[2], heading[0])
                alpha, called = turn - math.atan2(foot[0], foot[2]), kind.title()
                numbers = [height, width, length, *foot[:3], turn]
                place = " ".join(f"{n:.6f}" for n in numbers)
            corners = " ".join(f"{n:.2f}" for n in box)
            lines.append(f"{called} 0.00 0 {alpha:.6f} {corners} {place}")
        (folder / "label_2" / f"{name}.txt").write_text("\n".join(lines) + "\n")
    return samples


def write_nuscenes(root: Path, count: int = 2, drift: float = 0.3) -> list[dict[str, Any]]:
    """nuScenes' tables with `count` keyframes half a second apart; the samples they are made of.

    The boxes drift by `drift` metres a second along the global x axis, beside the picture.
    """
    version = root / "v1.0-room"
    version.mkdir(parents=True)
    samples = frames()[:count]
    tables: dict[str, list[dict[str, Any]]] = {
        "category": [{"token": f"c-{n}", "name": n} for n in ("chair", "curtain")],
        "attribute": [{"token": "a-still", "name": "object.still"}],
        "visibility": [{"token": "4", "level": "v80-100"}],
        "sensor": [
            {"token": "s-cam", "channel": "CAM_FRONT", "modality": "camera"},
            {"token": "s-lidar", "channel": "LIDAR_TOP", "modality": "lidar"},
            {"token": "s-radar", "channel": "RADAR_FRONT", "modality": "radar"},
        ],
        "log": [{"token": "log", "logfile": "", "vehicle": "", "location": ""}],
        "map": [
            {"token": "map", "log_tokens": ["log"], "category": "", "filename": ""}
        ],
        "scene": [
            {
                "token": "scene", "log_token": "log", "name": "room", "description": "",
                "nbr_samples": count, "first_sample_token": "k0",
                "last_sample_token": f"k{count - 1}",
            }
        ],
        **{name: [] for name in ("calibrated_sensor", "ego_pose", "sample", "sample_data")},
        "instance": [], "sample_annotation": [],
    }  # fmt: skip
    for kind in ("chair", "curtain"):
        tables["instance"].append(
            {
                "token": f"i-{kind}", "category_token": f"c-{kind}", "nbr_annotations": count,
                "first_annotation_token": f"{kind}-0",
                "last_annotation_token": f"{kind}-{count - 1}",
            }
        )  # fmt: skip
    for index, sample in enumerate(samples):
        camera = sample["camera"]
        pose = np.linalg.inv(np.array(camera["world_to_camera"]))
        ego = np.linalg.inv(level(pose))  # to the world, which is the global frame
        ego[2, 3] -= 0.4
        key, time = f"k{index}", 1_000_000 + 500_000 * index
        sample |= {"ego": ego, "pose": pose}
        neighbours = {
            "prev": f"k{index - 1}" if index else "",
            "next": f"k{index + 1}" if index + 1 < count else "",
        }
        tables["sample"].append(
            {"token": key, "timestamp": time, "scene_token": "scene", **neighbours}
        )
        lidar_to_ego = np.eye(4)
        lidar_to_ego[:3, :3] = cv2.Rodrigues(np.array([0.0, 0.02, -1.5]))[0]
        lidar_to_ego[:3, 3] = [0.9, 0, 1.8]
        radar_to_ego = np.eye(4)
        radar_to_ego[:3, :3] = cv2.Rodrigues(np.array([0.0, 0, 0.3]))[0]
        late = np.eye(4)
        late[:3, 3] = [0.05, 0.02, 0]  # the vehicle has moved when the picture is taken
        sensors = {
            "cam": (np.linalg.inv(late) @ np.linalg.inv(ego) @ pose, ego @ late),
            "lidar": (lidar_to_ego, ego),
            "radar": (radar_to_ego, ego),
        }
        for kind, (matrix, own) in sensors.items():
            channel = {"cam": "CAM_FRONT", "lidar": "LIDAR_TOP", "radar": "RADAR_FRONT"}[kind]
            folder = root / "samples" / channel
            folder.mkdir(parents=True, exist_ok=True)
            token = f"{kind}-{key}"
            tables["ego_pose"].append({"token": token, "timestamp": time, **posed(own)})
            tables["calibrated_sensor"].append(
                {
                    "token": token, "sensor_token": f"s-{kind}", **posed(matrix),
                    "camera_intrinsic": camera["K"] if kind == "cam" else [],
                }
            )  # fmt: skip
            suffix = {"cam": "jpg", "lidar": "pcd.bin", "radar": "pcd"}[kind]
            name = f"room__{channel}__{time}.{suffix}"
            cloud = np.asarray(sample["points"], float)
            back = np.linalg.inv(own @ matrix)
            local = cloud[:, :3] @ back[:3, :3].T + back[:3, 3]
            if kind == "cam":
                shutil.copy(ROOM / "color" / f"{index:05}.jpg", folder / name)
            elif kind == "lidar":
                rows = np.c_[local, 255 * cloud[:, 3], np.arange(len(local)) % 32]
                rows.astype("<f4").tofile(folder / name)
            else:
                write_returns(folder / name, local[::500], back[:3, :3] @ [drift, 0, 0])
            tables["sample_data"].append(
                {
                    "token": token, "sample_token": key, "ego_pose_token": token,
                    "calibrated_sensor_token": token, "filename": f"samples/{channel}/{name}",
                    "fileformat": suffix.split(".")[0], "is_key_frame": True, "timestamp": time,
                    "height": 480 if kind == "cam" else 0, "width": 640 if kind == "cam" else 0,
                    "prev": "", "next": "",
                }
            )  # fmt: skip
        for kind, box in zip(sample["classes3d"], sample["boxes3d"], strict=True):
            x, y, z, length, width, height, yaw = box
            tables["sample_annotation"].append(
                {
                    "token": f"{kind}-{index}", "sample_token": key,
                    "instance_token": f"i-{kind}", "visibility_token": "4",
                    "attribute_tokens": ["a-still"] if kind == "chair" else [],
                    "translation": [x + drift * 0.5 * index, y, z],
                    "size": [width, length, height],
                    "rotation": [math.cos(yaw / 2), 0, 0, math.sin(yaw / 2)],
                    "prev": f"{kind}-{index - 1}" if index else "",
                    "next": f"{kind}-{index + 1}" if index + 1 < count else "",
                    "num_lidar_pts": 100, "num_radar_pts": 0,
                }
            )  # fmt: skip
    for name, records in tables.items():
        (version / f"{name}.json").write_text(json.dumps(records))
    return samples


def posed(matrix: np.ndarray) -> dict[str, list[float]]:
    """A pose as nuScenes has it, by OpenCV's axis and angle."""
    turn = cv2.Rodrigues(np.ascontiguousarray(matrix[:3, :3]))[0].ravel()
    angle = float(np.linalg.norm(turn))
    axis = turn / angle if angle else turn
    rotation = [math.cos(angle / 2), *(axis * math.sin(angle / 2)).tolist()]
    return {"translation": matrix[:3, 3].tolist(), "rotation": rotation}


def write_returns(path: Path, places: np.ndarray, velocity: np.ndarray) -> None:
    """A radar's file, field by field as the devkit packs it."""
    names = (
        "x y z dyn_prop id rcs vx vy vx_comp vy_comp is_quality_valid ambig_state x_rms y_rms "
        "invalid_state pdh0 vx_rms vy_rms"
    )
    sizes, kinds = "4 4 4 1 2 4 4 4 4 4 1 1 1 1 1 1 1 1", "F F F I I F F F F F I I I I I I I I"
    forms = [
        f"<{kind.lower()}{size}" for kind, size in zip(kinds.split(), sizes.split(), strict=True)
    ]
    rows = np.zeros(len(places), list(zip(names.split(), forms, strict=True)))
    rows["x"], rows["y"], rows["z"] = places.T
    rows["id"] = np.arange(len(places))
    for name in ("vx", "vx_comp"):
        rows[name], rows[name.replace("x", "y", 1)] = velocity[0], velocity[1]
    head = (
        "# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\n"
        f"FIELDS {names}\nSIZE {sizes}\nTYPE {kinds}\nCOUNT {' '.join(['1'] * 18)}\n"
        f"WIDTH {len(rows)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(rows)}\nDATA binary\n"
    )
    path.write_bytes(head.encode() + rows.tobytes() + b"\n")
