"""The built site, without a browser: `make docs` first.  Links, anchors, names and drawings."""

from __future__ import annotations

import doctest
import html.parser
import importlib
import re
import zlib
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from whiteboard.scenes import SCENES

import rangelist
from rangelist import RangeList

SITE = Path(__file__).parents[2] / "_site" / "html"
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))


class Page(html.parser.HTMLParser):
    """What a page links to, what it loads, and the places in it that can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids = [], [], set()
        self.feed((SITE / path).read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found[name] for name in ("id", "name") if found.get(name)}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in ("link", "script", "img", "iframe", "source"):
            self.loads += [found[name] for name in ("href", "src") if found.get(name)]


READ = {path: Page(path) for path in PAGES}


def target(page, link):
    """Return the file that a link of a page leads to, and the place in it."""
    path, place = urldefrag(link)
    return (SITE / page).parent.joinpath(unquote(path)).resolve() if path else SITE / page, place


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    for link in READ[page].links:
        if urlsplit(link).scheme:
            continue
        file, place = target(page, link)
        assert file.exists(), f"{page}: {link}"
        other = file.relative_to(SITE.resolve()).as_posix()
        if place.startswith("scene="):
            assert place.removeprefix("scene=") in SCENES
            continue
        # Sphinx links a module's source to names that it imports, described or not.
        if place and other in READ and not page.startswith("_modules/"):
            assert unquote(place) in READ[other].ids, f"{page}: {link}"


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_loaded_from_elsewhere(page):
    for link in READ[page].loads:
        assert link.startswith("data:") or not urlsplit(link).netloc, f"{page}: {link}"
        assert link.startswith("data:") or target(page, urlsplit(link).path)[0].exists(), link


@pytest.mark.parametrize("name", ["command", "members", "picture", "scenes"])
def test_the_examples_in_the_directives_run(name):
    """Here, because they need Sphinx."""
    assert doctest.testmod(importlib.import_module(f"building.{name}")).failed == 0


def test_a_picture_of_nothing_is_refused():
    picture = importlib.import_module("building.picture")
    for code in ("", "rl = RangeList()"):
        with pytest.raises(ValueError, match="ends in an expression"):
            picture.pictures_of(code)


def inventory():
    """Return the names in objects.inv."""
    lines = (SITE / "objects.inv").read_bytes().split(b"\n", 4)
    return {line.split(" ")[0] for line in zlib.decompress(lines[4]).decode().splitlines()}


def test_the_inventory_has_every_public_name():
    names = inventory()
    members = {f"rangelist.RangeList.{name}" for name in dir(RangeList) if name[0] != "_"}
    assert members <= names
    for name in rangelist.__all__:
        assert names & {f"rangelist.{name}", f"rangelist.errors.{name}"}, name


def test_costs_and_errors_are_fields_and_drawings_are_intact():
    page = (SITE / "reference" / "rangelist.html").read_text(encoding="utf-8")
    assert page.count(">Cost<span") > 30
    assert page.count('<dt class="field-') > 60
    for drawing in ("[---a---]....[-b-]", "[-a-][---c---][b-]"):
        assert drawing in re.sub(r"<[^>]+>", "", page)


def test_every_law_and_every_case_is_drawn():
    laws = (SITE / "laws.html").read_text(encoding="utf-8")
    assert {f"L{number} " for number in range(1, 22)} <= set(re.findall(r"<h2>(L\d+ )", laws))
    assert laws.count("<svg") > 2 * 21
    assert (SITE / "cases.html").read_text(encoding="utf-8").count("<svg") > 2 * 15


def test_the_command_line_is_told_as_it_tells_itself():
    page = (SITE / "reference" / "command_line.html").read_text(encoding="utf-8")
    assert "--intersection" in page
    assert "exhaustive" in page


def test_the_front_page_has_three_jobs_with_a_picture_each():
    page = (SITE / "index.html").read_text(encoding="utf-8")
    assert page.count('class="rl-figure docutils container"') == 3
