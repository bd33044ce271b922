"""Make docs/pets.png, the README's picture: a card of the demo's report, seen by a browser.

python examples/demo.py --out out/demo
python tools/make_readme_picture.py out/demo/index.html docs/pets.png
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CARD = "pets/dog_and_cat"


def main(report: Path, picture: Path) -> None:
    """Photograph the first card of `CARD` that was mirrored and recoloured, above its details."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 900, "height": 1400})
        page.goto(report.resolve().as_uri())
        cards = page.locator("article").filter(has_text=CARD)
        card = cards.filter(has_text="mirror").filter(has_text="recolour").first
        for index in range(cards.count()):
            chips = cards.nth(index).locator("header").inner_text()
            if "mirror" in chips and "recolour" in chips and "grain" not in chips:
                card = cards.nth(index)
                break
        box = card.bounding_box()
        drawn = card.get_by_text("What was drawn").first.bounding_box()
        if box is None or drawn is None:
            raise SystemExit("the report has no such card")
        clip = {**box, "height": drawn["y"] - box["y"] - 16}
        page.screenshot(path=str(picture), clip=clip, full_page=True)  # type: ignore[arg-type]
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
