"""The site of the documentation builds without a broken link and asks the network for nothing."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from tools.make_site import build


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build(folder / "pages", folder / "site")
    return folder / "site"


class _Page(HTMLParser):
    """The links, the things that are loaded, and the anchors of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in ("script", "img", "source", "iframe") and given.get("src"):
            self.loaded.append(given["src"])
        elif tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(given["href"])


def test_no_link_is_broken_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = {path: _Page(path) for path in sorted(site.rglob("*.html"))}
    assert len(pages) > 60
    broken = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue
        for address in (*page.links, *page.loaded):
            if re.match(r"(https?:)?//|mailto:|data:|javascript:", address):
                assert address not in page.loaded, f"{path.name} loads {address}"
                continue
            target, _, anchor = address.partition("#")
            meant = (path.parent / unquote(target)).resolve() if target else path
            meant = meant / "index.html" if meant.is_dir() else meant
            if not meant.is_file():
                broken.append(f"{path.name}: {address}")
            elif anchor and meant in pages and unquote(anchor) not in pages[meant].anchors:
                broken.append(f"{path.name}: {address} (no such place)")
    assert not broken


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_the_site_opens_and_is_searched_in_a_browser(address: str, browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": 1400, "height": 900})
    asked: list[str] = []
    errors: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(f"{address}/index.html")
    assert tab.inner_text("h1").startswith("syncaug")
    tab.locator(".md-sidebar--primary a:visible", has_text="The policy language").click()
    assert "language.html" in tab.url
    tab.fill("input[name=query]", "mirror")
    tab.wait_for_selector(".md-search-result__item a")
    tab.set_viewport_size({"width": 420, "height": 900})
    tab.goto(f"{address}/words.html")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 420
    tab.close()
    assert not errors
    assert all(url.startswith((address, "data:", "blob:")) for url in asked), asked
