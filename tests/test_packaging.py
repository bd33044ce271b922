"""What is built for others: small, whole, and at home wherever it is published."""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from email.message import Message
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from syncaug.cli.extras import EXTRAS
from syncaug.version import __version__ as VERSION
from tools.package_metadata import REPOSITORY, readme, repository, urls

ROOT = Path(__file__).resolve().parent.parent
HOME = "https://git.example/team/syncaug"
LIMIT = 3_000_000


def build(folder: Path, source: Path, *kinds: str, home: str = HOME) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    command += [part for kind in kinds for part in ("-t", kind)]
    environment = {**os.environ, REPOSITORY: home, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=source, check=True, capture_output=True, env=environment)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(folder, ROOT, "wheel", "sdist")
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as packed:
        packed.extractall(folder, filter="data")
    (inside,) = folder.iterdir()
    return inside


def metadata(packed: zipfile.ZipFile) -> Message:
    (name,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(packed.read(name))


def test_both_are_small(built: Path) -> None:
    sizes = {path.suffix: path.stat().st_size for path in built.iterdir()}
    assert sizes.keys() == {".whl", ".gz"}
    assert max(sizes.values()) < LIMIT, sizes


def tree(folder: str, pattern: str) -> set[str]:
    tracked = subprocess.run(
        ["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    return {path for path in tracked if re.fullmatch(pattern, path)}


def test_the_wheel_holds_the_package_its_policies_and_the_schema(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert tree("syncaug", ".*") <= names
    for path in tree("policies", ".*") | tree("schemas", ".*"):
        assert wheel.read(f"syncaug/{path}") == (ROOT / path).read_bytes()
    for path in tree("policies", ".*"):  # an editor finds the schema from the first line
        first = wheel.read(f"syncaug/{path}").decode("utf-8").splitlines()[0]
        schema = os.path.normpath(f"syncaug/{path}/../{first.rpartition('$schema=')[2]}")
        assert schema in names
    assert {name.split("/")[0] for name in names} == {"syncaug", f"syncaug-{VERSION}.dist-info"}


def test_the_sdist_holds_what_builds_the_same_wheel(
    unpacked: Path, wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    build(tmp_path, unpacked, "wheel", home="")
    (path,) = tmp_path.glob("*.whl")
    again = zipfile.ZipFile(path)
    assert again.namelist() == wheel.namelist()
    assert all(again.read(name) == wheel.read(name) for name in wheel.namelist())


def test_the_sdist_holds_pages_and_no_pictures_films_or_sounds(unpacked: Path) -> None:
    paths = [path for path in unpacked.rglob("*") if path.is_file()]
    files = {path.relative_to(unpacked).as_posix() for path in paths}
    assert {"README.md", "CHANGELOG.md", "LICENSE", "docs/language.md"} <= files
    assert {"examples/replay.py", "policies/pets.yaml"} <= files
    kinds = {Path(name).suffix for name in files}
    assert kinds.isdisjoint({".png", ".jpg", ".mp4", ".wav", ".npz", ".npy", ".csv", ".pyc"})
    assert not any(name.startswith(("tests/", "examples/data/")) for name in files)


def test_the_wheel_alone_runs_shipped_policies_from_any_folder(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path / "site")
    (tmp_path / "here").mkdir()
    code = (
        "import syncaug, sys; from syncaug.cli import main\n"
        f"assert syncaug.__file__.startswith({str(tmp_path)!r})\n"
        "sys.argv = ['syncaug', 'validate', 'pets', 'driving', 'talking_video']\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "here",
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_addresses_lead_to_the_version_that_is_built(wheel: zipfile.ZipFile) -> None:
    told = dict(each.split(", ") for each in metadata(wheel).get_all("Project-URL", []))
    assert told == urls(HOME, f"v{VERSION}")
    assert told.keys() == {"Homepage", "Documentation", "Source", "Changelog", "Issues"}


def test_the_readme_reads_elsewhere(wheel: zipfile.ZipFile) -> None:
    """Each link and picture is a whole address, of a file that this repository has."""
    about = metadata(wheel)
    assert about["Description-Content-Type"] == "text/markdown"
    text = about.get_payload(decode=True).decode("utf-8")  # type: ignore[union-attr]
    targets = re.findall(r"\]\(([^()\s]+)\)", text)
    assert len(targets) > 20
    for target in targets:
        assert target.startswith("https://"), target
        if target.startswith(HOME):
            tag, _, path = target.removeprefix(f"{HOME}/").partition("/")[2].partition("/")
            assert tag == f"v{VERSION}"
            assert (ROOT / path.partition("#")[0]).exists(), target
    assert f"![A photo, mirrored and recoloured; boxes and caption followed]({HOME}/raw/" in text
    assert (ROOT / "README.md").read_text("utf-8").count("```") == text.count("```")


def test_without_an_address_nothing_is_made_up() -> None:
    assert urls("", "v1.0.0") == {}
    text = (
        "# a\n\n![A cat](docs/cat.png)\n\nSee [the page](docs/a.md#part), [docs/b.md](docs/b.md), "
        "[below](#part), [them](https://example.org).\n\n```python\nx[0](y)\n```\n"
    )
    assert readme(text, "", "v1.0.0") == (
        "# a\n\nSee the page (`docs/a.md`), docs/b.md, below, [them](https://example.org)."
        "\n\n```python\nx[0](y)\n```\n"
    )
    assert "[below](https://h/o/n/blob/v1/README.md#part)" in readme(text, "https://h/o/n", "v1")


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("https://github.example/team/syncaug.git", "https://github.example/team/syncaug"),
        ("https://me:secret@git.example/team/syncaug", "https://git.example/team/syncaug"),
        ("http://git.example:3000/team/syncaug/", "https://git.example:3000/team/syncaug"),
        ("git@git.example:team/syncaug.git", "https://git.example/team/syncaug"),
        ("ssh://git@git.example:2222/team/syncaug.git", "https://git.example/team/syncaug"),
        ("/srv/git/syncaug", ""),
        ("../syncaug", ""),
        ("C:\\work\\syncaug", ""),
        ("file:///srv/git/syncaug", ""),
    ],
)
def test_the_address_is_that_of_the_remote(
    remote: str, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(REPOSITORY, raising=False)
    (tmp_path / "inside").mkdir()
    for command in (["init", "-q"], ["remote", "add", "origin", remote]):
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    assert repository(tmp_path) == page
    assert repository(tmp_path / "inside") == ""  # another project, which holds an unpacked sdist
    monkeypatch.setenv(REPOSITORY, HOME)
    assert repository(tmp_path) == HOME


def test_a_wrong_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REPOSITORY, "team/syncaug")
    with pytest.raises(ValueError, match=r"expected https://HOST/OWNER/NAME; got 'team/syncaug'"):
        repository(ROOT)


def closure(requirements: Iterable[Requirement]) -> set[str]:
    """The names of all that requirements pull in, by what is installed here."""
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        for wanted in {"", *requirement.extras}:
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                more = distribution(name).requires or ()
                waiting += [(Requirement(text), wanted) for text in more]
    return {name for name, _ in seen}


def test_all_brings_neither_pytorch_nor_a_loader(wheel: zipfile.ZipFile) -> None:
    chosen = []
    for text in metadata(wheel).get_all("Requires-Dist", []):
        requirement = Requirement(text)
        marker, requirement.marker = requirement.marker, None
        if marker is None or marker.evaluate({"extra": "all"}):
            chosen.append(requirement)
    names = closure(chosen)
    assert {"albumentations", "audiomentations", "nlpaug", "open3d-cpu", "av", "pyarrow"} <= names
    loaders = {
        name.lower()
        for extra in EXTRAS.values()
        if extra.apart
        for package in extra.packages
        for name in package.names
    }
    assert "torch" in loaders
    assert names.isdisjoint(loaders), names & loaders


def test_the_readme_names_every_extra() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = set(re.findall(r"`([a-z0-9]+)`", text[text.index("Extras: ") :].split("\n\n")[0]))
    assert extras["optional-dependencies"].keys() - {"bench", "dev", "docs"} <= named
