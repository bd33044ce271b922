"""COCO: what pycocotools opens is read, carried, and written so that pycocotools opens it again."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO

from syncaug import DROPPED, ManifestError, SampleError, SampleWarning, load_policy
from syncaug.datasets import coco
from tests.samples import DATA

PETS = DATA / "pets"


def opened(path: Path) -> COCO:
    return COCO(str(path))


def annotations(root: Path, kind: str = "instances", split: str = "pets") -> dict[str, Any]:
    return json.loads((root / "annotations" / f"{kind}_{split}.json").read_text())


def test_every_annotation_stands_in_a_stream() -> None:
    samples = coco.samples(PETS)
    truth = opened(PETS / "annotations" / "instances_pets.json")
    assert list(samples.keys) == truth.getImgIds()
    for sample in samples:
        number = sample["source"]["key"]
        rows = truth.loadAnns(truth.getAnnIds(imgIds=[number]))
        image = truth.loadImgs([number])[0]
        assert sample["image"].shape == (image["height"], image["width"], 3)
        assert sample["boxes"].tolist() == [row["bbox"] for row in rows]
        names = [truth.loadCats([row["category_id"]])[0]["name"] for row in rows]
        assert sample["classes"] == names
        assert sample["polygons"] == [row["segmentation"] for row in rows]
        assert sample["iscrowd"] == [row["iscrowd"] for row in rows]
        for points, row in zip(sample["keypoints"], rows, strict=True):
            assert points.ravel().tolist() == row.get("keypoints", [0.0] * points.size)
        assert len(sample["captions"]) == 5


def test_an_untouched_data_set_comes_back(tmp_path: Path) -> None:
    coco.write(coco.samples(PETS), tmp_path / "out")
    for kind in ("instances", "captions"):
        before, after = annotations(PETS, kind), annotations(tmp_path / "out", kind)
        assert after.get("categories") == before.get("categories")
        assert after["info"] == before["info"]
        assert len(after["annotations"]) == len(before["annotations"])
        told = {row["id"]: row for row in after["annotations"]}
        for row in before["annotations"]:
            assert {name: told[row["id"]][name] for name in row} == row
    again = coco.samples(tmp_path / "out")
    for first, second in zip(coco.samples(PETS), again, strict=True):
        assert np.array_equal(first["image"], second["image"])
        assert np.array_equal(first["keypoints"], second["keypoints"])
        assert first["captions"] == second["captions"]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools
def test_pycocotools_opens_what_is_written(tmp_path: Path) -> None:
    coco.write(coco.samples(PETS), tmp_path / "out")
    truth = opened(PETS / "annotations" / "instances_pets.json")
    result = opened(tmp_path / "out" / "annotations" / "instances_pets.json")
    for number in truth.getAnnIds():
        first, second = truth.loadAnns([number])[0], result.loadAnns([number])[0]
        assert np.array_equal(truth.annToMask(first), result.annToMask(second))


def test_results_of_one_image_get_ids_of_their_own(tmp_path: Path) -> None:
    samples = list(coco.samples(PETS))
    coco.write([*samples, *samples, DROPPED], tmp_path / "out")
    table = annotations(tmp_path / "out")
    for rows in (table["images"], table["annotations"]):
        numbers = [row["id"] for row in rows]
        assert len(set(numbers)) == len(numbers)
    assert len({image["file_name"] for image in table["images"]}) == 4
    used = {row["image_id"] for row in table["annotations"]}
    assert used == {image["id"] for image in table["images"]}
    assert len(coco.samples(tmp_path / "out")) == 4


def test_a_file_beside_its_images_is_a_data_set(tmp_path: Path) -> None:
    """As Roboflow and FiftyOne export them."""
    table = annotations(PETS)
    (tmp_path / "train").mkdir()
    for folder in (tmp_path / "train", tmp_path / "other" / "data"):
        folder.mkdir(parents=True, exist_ok=True)
        for image in table["images"]:
            shutil.copy(PETS / image["file_name"], folder)
    (tmp_path / "train" / "_annotations.coco.json").write_text(json.dumps(table))
    (tmp_path / "other" / "labels.json").write_text(json.dumps(table))
    for root in (tmp_path / "train", tmp_path / "other"):
        assert len(coco.samples(root)[0]["boxes"]) == 3


def test_panoptic_segments_follow(tmp_path: Path) -> None:
    import cv2

    (tmp_path / "annotations" / "panoptic_a").mkdir(parents=True)
    (tmp_path / "a").mkdir()
    picture = np.full((40, 60, 3), 90, np.uint8)
    cv2.imwrite(str(tmp_path / "a" / "1.png"), picture)
    ids = np.zeros((40, 60), int)
    ids[:, :20], ids[10:20, 40:50] = 70_000, 513
    coded = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)
    cv2.imwrite(str(tmp_path / "annotations" / "panoptic_a" / "1.png"), coded[..., ::-1])
    segments = [
        {"id": 70_000, "category_id": 2, "area": 800, "bbox": [0, 0, 20, 40], "iscrowd": 0},
        {"id": 513, "category_id": 1, "area": 100, "bbox": [40, 10, 10, 10], "iscrowd": 0},
    ]
    table = {
        "images": [{"id": 7, "file_name": "1.png", "width": 60, "height": 40}],
        "annotations": [{"image_id": 7, "file_name": "1.png", "segments_info": segments}],
        "categories": [
            {"id": 1, "name": "cup", "isthing": 1}, {"id": 2, "name": "wall", "isthing": 0},
        ],
    }  # fmt: skip
    (tmp_path / "annotations" / "panoptic_a.json").write_text(json.dumps(table))
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": coco.streams(tmp_path),
            "untouched": ["source"],
            "steps": [
                {
                    "name": "window",
                    "uses": "crop",
                    "with": {"area": 0.5, "ratio": 1, "x": 0, "y": 0},
                },
                {"name": "mirror", "uses": "flip"},
            ],
        }
    )
    out = policy(coco.samples(tmp_path)[0], key=7)
    coco.write([out], tmp_path / "out")
    row = annotations(tmp_path / "out", "panoptic", "a")["annotations"][0]
    back = coco.samples(tmp_path / "out")[0]["panoptic"]
    assert np.array_equal(back, out["panoptic"])
    for segment in row["segments_info"]:
        inside = back == segment["id"]
        assert segment["area"] == inside.sum() > 0
    assert {segment["category_id"] for segment in row["segments_info"]} == {2}


def broken(change: Any) -> Any:
    table = copy.deepcopy(annotations(PETS))
    change(table)
    return table


BROKEN = {
    "an image that there is not": (
        lambda table: table["annotations"][0].update(image_id=99),
        "expected an image of the data set; got image_id 99",
    ),
    "a category that there is not": (
        lambda table: table["annotations"][0].update(category_id=999),
        "expected a category of the file; got 999",
    ),
    "a box of three numbers": (
        lambda table: table["annotations"][0].update(bbox=[1, 2, 3]),
        "expected 'bbox' as four numbers; got",
    ),
    "no list of images": (lambda table: table.pop("images"), "expected a list under 'images'"),
    "an annotation without an id": (
        lambda table: table["annotations"][1].pop("id"),
        r"annotations\[1\]: expected 'id'; got none",
    ),
    "an id that is a text": (
        lambda table: table["images"][0].update(id="one"),
        "expected a whole number as 'id'; got 'one'",
    ),
    "keypoints of another count": (
        lambda table: table["annotations"][0].update(keypoints=[1, 2, 2]),
        "as its category names them; got 3 numbers. Name each under the category's 'keypoints'",
    ),
    "a picture of another size": (
        lambda table: table["images"][0].update(width=10),
        "expected a picture of 10x",
    ),
    "a picture that there is not": (
        lambda table: table["images"][0].update(file_name="lost.jpg"),
        "expected image 'lost.jpg' in one of its folders",
    ),
    "a picture of a name that no folder can have": (
        lambda table: table["images"][0].update(file_name="x" * 300 + ".jpg"),
        "in one of its folders",
    ),
    "a box that is one number": (
        lambda table: table["annotations"][0].update(bbox=True),
        "expected 'bbox' as four numbers; got True",
    ),
    "a box with a hole": (
        lambda table: table["annotations"][0].update(bbox=[1, 2, None, 4]),
        "expected 'bbox' as four numbers",
    ),
    "a category of no name": (
        lambda table: table["categories"][0].update(name=["cat"]),
        "category 17: expected a text as 'name'",
    ),
    "half of a character": (
        lambda table: table["annotations"][0].update(note="\ud800"),
        "it has .*ud800 alone, which is half of one",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_file_is_one_error(tmp_path: Path, name: str) -> None:
    change, told = BROKEN[name]
    (tmp_path / "annotations").mkdir()
    table = broken(change)
    (tmp_path / "annotations" / "instances_pets.json").write_text(json.dumps(table))
    for image in annotations(PETS)["images"]:
        shutil.copy(PETS / image["file_name"], tmp_path)
    with pytest.raises(ManifestError, match=told):
        list(coco.samples(tmp_path))


def test_ids_that_pandas_has_made_floats_are_whole_numbers(tmp_path: Path) -> None:
    table = annotations(PETS)
    for image in table["images"]:
        image["id"] = float(image["id"])
        shutil.copy(PETS / image["file_name"], tmp_path)
    for row in table["annotations"]:
        row.update({key: float(row[key]) for key in ("id", "image_id", "category_id")})
    (tmp_path / "pets.json").write_text(json.dumps(table))
    wanted, got = coco.samples(PETS), coco.samples(tmp_path)
    assert got.keys == wanted.keys
    assert all(type(key) is int for key in got.keys)
    for first, second in zip(wanted, got, strict=True):
        assert second["ids"] == first["ids"]
        assert second["classes"] == first["classes"]


@pytest.mark.parametrize("named", ["{0}/_annotations.coco.json", "annotations/{0}.json"])
def test_files_of_other_names_are_splits(tmp_path: Path, named: str) -> None:
    table = annotations(PETS)
    for split, image in zip(("train", "valid"), table["images"], strict=False):
        rows = [row for row in table["annotations"] if row["image_id"] == image["id"]]
        part = {**table, "images": [image], "annotations": rows}
        path = tmp_path / named.format(split)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(part))
        (tmp_path / split).mkdir(exist_ok=True)
        shutil.copy(PETS / image["file_name"], tmp_path / split)
    with pytest.raises(ManifestError, match="none named, and there are train, valid"):
        coco.samples(tmp_path)
    [sample] = coco.samples(tmp_path, "valid")
    coco.write([sample], tmp_path / "out")
    assert annotations(tmp_path / "out", split="valid")["images"][0]["id"] == image["id"]


@pytest.mark.parametrize("folder", ["val2017", "images/val2017"])
@pytest.mark.parametrize("name", ["stuff_val2017.json", "val2017.json"])
def test_the_name_of_a_file_tells_where_its_images_lie(
    tmp_path: Path, folder: str, name: str
) -> None:
    (tmp_path / "annotations").mkdir()
    (tmp_path / folder).mkdir(parents=True)
    shutil.copy(PETS / "annotations" / "instances_pets.json", tmp_path / "annotations" / name)
    for image in annotations(PETS)["images"]:
        shutil.copy(PETS / image["file_name"], tmp_path / folder)
    assert len(list(coco.samples(tmp_path))) == len(annotations(PETS)["images"])


def test_what_is_no_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no such folder"):
        coco.samples(tmp_path / "lost")
    with pytest.raises(ManifestError, match="expected a COCO data set"):
        coco.samples(tmp_path)
    (tmp_path / "annotations").mkdir()
    for split in ("train", "val"):
        shutil.copy(
            PETS / "annotations" / "instances_pets.json",
            tmp_path / "annotations" / f"instances_{split}.json",
        )
    with pytest.raises(ManifestError, match="none named, and there are train, val"):
        coco.samples(tmp_path)
    with pytest.raises(ManifestError, match="'test', and there are train, val"):
        coco.samples(tmp_path, "test")


def test_writing_refuses_what_is_there_and_keeps_what_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    samples = list(coco.samples(PETS))
    bad = {**samples[1], "image": samples[1]["image"].astype(np.float64)}
    with pytest.raises(ManifestError, match=r"sample 2: expected a picture of 8 or 16 bits"):
        coco.write([samples[0], bad], out)
    assert len(coco.samples(out)) == 1
    assert not [path for path in out.rglob("*") if path.name.startswith(".")]
    with pytest.raises(ManifestError, match="is not empty: expected a new or an empty folder"):
        coco.write(samples, out)
    with pytest.raises(ManifestError, match="expected samples as mappings of streams; got str"):
        coco.write(["cats.jpg"], tmp_path / "other")
    uneven = {**samples[0], "classes": samples[0]["classes"][:2]}
    with pytest.raises(
        ManifestError, match="expected 3 rows of 'classes', one for each box; got 2"
    ):
        coco.write([uneven], tmp_path / "third")


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools
@pytest.mark.parametrize(
    "form", [lambda ring: ring, lambda ring: [np.reshape(ring, (-1, 2)).tolist()]]
)
def test_outlines_of_other_forms_are_written_as_rings(tmp_path: Path, form: Any) -> None:
    table = annotations(PETS)
    outlined = [row for row in table["annotations"] if isinstance(row["segmentation"], list)]
    row = next(row for row in outlined if len(row["segmentation"]) == 1)
    wanted = opened(PETS / "annotations" / "instances_pets.json").annToMask(row)
    row["segmentation"] = form(row["segmentation"][0])
    for image in table["images"]:
        shutil.copy(PETS / image["file_name"], tmp_path)
    (tmp_path / "pets.json").write_text(json.dumps(table))
    coco.write(coco.samples(tmp_path), tmp_path / "out")
    result = opened(tmp_path / "out" / "annotations" / "instances_augmented.json")
    assert np.array_equal(result.annToMask(result.anns[row["id"]]), wanted)


def areas_and_masks(root: Path) -> list[tuple[float, float]]:
    """The area that each row tells, and the pixels of its mask."""
    table = opened(root / "annotations" / "instances_pets.json")
    rows = table.dataset["annotations"]
    return [(row["area"], float(table.annToMask(row).sum())) for row in rows]


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools
@pytest.mark.parametrize(
    "step",
    [
        {"uses": "crop", "with": {"area": 0.3}},
        {"uses": "cutmix", "with": {"share": 0.4}},
        {"uses": "rotate", "with": {"degrees": 15}},
        {"uses": "scale", "with": {"factor": 1.7}},
    ],
)
def test_areas_are_those_of_the_masks(tmp_path: Path, step: dict[str, Any]) -> None:
    """The share of a box that is left says nothing of what is left of its outline."""
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": coco.streams(PETS),
            "untouched": ["source"],
            "steps": [{"name": "it", **step}],
        }
    )
    first, second = coco.samples(PETS)
    mixes = step["uses"] == "cutmix"
    calls = [
        policy(first, key=key, **({"partner": second, "partner_key": 2} if mixes else {}))
        for key in range(3)
    ]
    coco.write(calls, tmp_path / "out")
    told = areas_and_masks(tmp_path / "out")
    assert len(told) > 5
    for area, pixels in told:
        assert area == pytest.approx(pixels, rel=0.01, abs=60)


def without_outlines(data: dict[str, Any]) -> None:
    for row in data["annotations"]:
        for name in ("segmentation", "keypoints", "num_keypoints", "area", "iscrowd"):
            row.pop(name, None)


def of_nulls(data: dict[str, Any]) -> None:
    for row in data["annotations"]:
        row |= {"segmentation": None, "area": None, "iscrowd": None}
        row.pop("keypoints", None)


def of_empty_lists(data: dict[str, Any]) -> None:
    for row in data["annotations"]:
        row["segmentation"] = []
        row.pop("keypoints", None)


@pytest.mark.parametrize("change", [without_outlines, of_nulls, of_empty_lists])
def test_boxes_alone_are_a_data_set(tmp_path: Path, change: Any) -> None:
    """Nobody gets a mask of zeros who had none."""
    root = tmp_path / "in"
    shutil.copytree(PETS, root)
    for path in (root / "annotations").glob("*.json"):
        if not path.name.startswith("instances"):
            path.unlink()
    path = root / "annotations" / "instances_pets.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    declared = coco.streams(root)
    assert set(declared) == {"image", "boxes"}
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": declared,
            "untouched": ["source"],
            "steps": [{"name": "half", "uses": "scale", "with": {"factor": 0.5}}],
        }
    )
    coco.write((policy(s, key=s["source"]["key"]) for s in coco.samples(root)), tmp_path / "out")
    after = annotations(tmp_path / "out")["annotations"]
    assert len(after) == len(data["annotations"])
    for row, before in zip(after, data["annotations"], strict=True):
        assert "segmentation" not in row
        assert row["iscrowd"] == (before.get("iscrowd") or 0)
        assert row["area"] == pytest.approx(
            (before.get("area") or before["bbox"][2] * before["bbox"][3]) / 4, rel=0.01
        )


@pytest.mark.parametrize("name", ["images", "annotations", "categories"])
def test_nothing_of_the_same_id_is_lost(tmp_path: Path, name: str) -> None:
    shutil.copytree(PETS, tmp_path / "in")
    path = tmp_path / "in" / "annotations" / "instances_pets.json"
    data = json.loads(path.read_text())
    data[name].append({**data[name][0], "note": "another"})
    path.write_text(json.dumps(data))
    with pytest.raises(ManifestError, match=f"expected {name} with a different 'id' each; got"):
        coco.samples(tmp_path / "in")


def test_one_id_of_two_images_is_refused(tmp_path: Path) -> None:
    shutil.copytree(PETS, tmp_path / "in")
    path = tmp_path / "in" / "annotations" / "person_keypoints_pets.json"
    data = json.loads((tmp_path / "in" / "annotations" / "instances_pets.json").read_text())
    rows = [row for row in data["annotations"] if row.get("keypoints")]
    rows[0]["image_id"] = next(i["id"] for i in data["images"] if i["id"] != rows[0]["image_id"])
    path.write_text(json.dumps({**data, "annotations": rows}))
    with pytest.raises(ManifestError, match="expected the image that it has in the other files"):
        coco.samples(tmp_path / "in")


def test_run_lengths_of_another_picture_are_refused(tmp_path: Path) -> None:
    """`outside: clip` cuts what reaches out; a mask of another size is of another picture."""
    shutil.copytree(PETS, tmp_path / "in")
    path = tmp_path / "in" / "annotations" / "instances_pets.json"
    data = json.loads(path.read_text())
    data["annotations"][0]["segmentation"] = {"size": [10, 10], "counts": [30, 40, 30]}
    path.write_text(json.dumps(data))
    policy = load_policy(
        {
            "syncaug": 1,
            "sample": coco.streams(tmp_path / "in"),
            "untouched": ["source"],
            "steps": [{"name": "mirror", "uses": "flip"}],
        }
    )
    sample = coco.samples(tmp_path / "in")[0]
    with pytest.raises(SampleError, match=r"run lengths of the picture's size .* row 0 of \[10, "):
        policy(sample, key=1)


def test_what_a_file_says_of_itself_goes_along_as_it_is(tmp_path: Path) -> None:
    table = annotations(PETS) | {"info": "pets of 2024", "licenses": {"1": "MIT"}}
    for image in table["images"]:
        shutil.copy(PETS / image["file_name"], tmp_path)
    (tmp_path / "pets.json").write_text(json.dumps(table))
    coco.write(list(coco.samples(tmp_path)), tmp_path / "out")
    (written,) = (tmp_path / "out" / "annotations").glob("instances_*.json")
    told = json.loads(written.read_text())
    assert (told["info"], told["licenses"]) == (table["info"], table["licenses"])


def _alone(root: Path, change: Any) -> list[dict[str, Any]]:
    """A data set of one file of instances, after a change of each annotation; and these before."""
    shutil.copytree(PETS, root)
    for path in (root / "annotations").glob("*.json"):
        if not path.name.startswith("instances"):
            path.unlink()
    path = root / "annotations" / "instances_pets.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    before = copy.deepcopy(data["annotations"])
    for row in data["annotations"]:
        change(row)
    path.write_bytes(json.dumps(data).encode())
    return before


@pytest.mark.parametrize("box", [None, []])
def test_a_row_without_a_box_has_that_of_its_outline(tmp_path: Path, box: Any) -> None:
    before = _alone(tmp_path / "in", lambda row: row.update(bbox=box))
    read = {
        number: given
        for sample in coco.samples(tmp_path / "in")
        for number, given in zip(sample["ids"], sample["boxes"], strict=True)
    }
    for row in before:
        assert np.abs(read[row["id"]] - row["bbox"]).max() < 2


def test_a_row_without_a_box_has_that_of_its_points(tmp_path: Path) -> None:
    def change(row: dict[str, Any]) -> None:
        row.pop("segmentation")
        row.pop("bbox")
        row["keypoints"][:9] = [10, 20, 2, 40, 30, 1, 0, 0, 0]
        row["keypoints"][9:] = [0] * len(row["keypoints"][9:])

    _alone(tmp_path / "in", lambda row: row.get("keypoints") and change(row))
    boxes = [box for sample in coco.samples(tmp_path / "in") for box in sample["boxes"].tolist()]
    assert [10, 20, 30, 10] in boxes
    _alone(tmp_path / "lost", lambda row: (row.pop("bbox"), row.update(segmentation=[])))
    with pytest.raises(ManifestError, match="or a segmentation or labelled keypoints that it surr"):
        coco.samples(tmp_path / "lost")


def test_keypoints_without_names_are_points_and_warned_of(tmp_path: Path) -> None:
    _alone(tmp_path / "in", lambda row: row)
    path = tmp_path / "in" / "annotations" / "instances_pets.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for category in data["categories"]:
        category.pop("keypoints", None)
    path.write_bytes(json.dumps(data).encode())
    with pytest.warns(SampleWarning, match="have no names .* none trade places in a mirror"):
        declared = coco.streams(tmp_path / "in")
    assert declared["keypoints"]["names"][:2] == ["point_1", "point_2"]
    with pytest.warns(SampleWarning, match="have no names"):
        samples = list(coco.samples(tmp_path / "in"))
    coco.write(samples, tmp_path / "out")
    kept = {row["id"]: row.get("keypoints") for row in annotations(tmp_path / "out")["annotations"]}
    assert kept == {row["id"]: row.get("keypoints") for row in data["annotations"]}
