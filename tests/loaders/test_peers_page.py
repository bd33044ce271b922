"""The page of loaders in environments of their own: recipes are parts of what is tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.loader_peers import PAGE, PEERS, Peer

SCRIPTS = Path(__file__).parents[1] / "peers"


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_recipe_is_part_of_the_script_that_was_tried(peer: Peer) -> None:
    text = PAGE.read_text(encoding="utf-8")
    section = text.split(f"\n## {peer.name}\n")[1].split("\n## ")[0]
    (recipe,) = re.findall(r"```py\n(.*?)```", section, re.DOTALL)
    script = (SCRIPTS / peer.script).read_text(encoding="utf-8")
    told = [line.strip() for line in script.splitlines()]
    for line in recipe.splitlines():
        assert line.strip() in told, line


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_what_came_of_each_is_on_the_page(peer: Peer) -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    (row,) = [line for line in rows if line.startswith(f"| {peer.name} |")]
    assert re.search(r"\| (passes|fails|not run) \|", row), row
