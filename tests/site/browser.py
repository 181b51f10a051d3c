"""The whiteboard in a real browser: `make test-browser` (Debian's Chromium, without a network).

What the page shows is held against what the same Python answers here, outside of the browser.
No test waits for a time: each step waits for what it is about.  Only a page that hangs meets the
time-out, which is longer than any machine needs.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from whiteboard.board import Board
from whiteboard.scenes import SCENES

playwright = pytest.importorskip(
    "playwright.sync_api", reason="make test-browser installs playwright"
)

SITE = Path(__file__).parents[2] / "_site" / "html"
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--disable-dev-shm-usage",
]
PATIENCE = 15 * 60 * 1000  # milliseconds
# No name but this machine's own can be looked up, so that nothing can leave it unseen.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Any static server; this one does not tell of each request."""

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def address():
    handler = functools.partial(Quiet, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def chromium():
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, ALONE])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def opened(chromium, address):
    """Open pages that may ask this machine only, and may not complain."""
    said = []

    def open_page(path="/whiteboard/index.html", **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda line: said.append(f"{line.type}: {line.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("requestfailed", lambda request: failed(request.url, request.failure))
        context.on("request", lambda request: check(request.url))
        page.goto(address + path)
        return page

    def failed(url, why):
        if why != "net::ERR_ABORTED":  # the page was left while its icon was on the way
            said.append(f"failed: {url}: {why}")

    def check(url):
        if not url.startswith((address, "data:", "blob:")):
            said.append(f"asked: {url}")

    open_page.said = said
    return open_page


@pytest.fixture(autouse=True)
def nothing_is_said(opened):
    """After each test: no request left the machine, and the console is clean."""
    yield
    said, opened.said[:] = list(opened.said), []
    assert said == []


@pytest.fixture(scope="session")
def booted(opened):
    page = opened()
    page.wait_for_selector("body[data-ready=yes]")
    return page


@pytest.fixture
def board(booted):
    """The page with a list of three on it, and the same in Python."""
    begin(booted, "0-8 p\n8-20 m\n20-28 n")
    return booted


# ---- what the page shows -------------------------------------------------------------------------


def settled(page):
    """Wait until Python has answered all, the preview of the next line included."""
    page.wait_for_function("() => window.boardIsIdle()")


def begin(page, items, rules="EQUAL"):
    page.select_option("#rules", rules)
    settled(page)
    page.fill("#items", items)
    page.click("#begin")
    settled(page)


def rows(page):
    """What each row of the board shows, from its nodes' data."""
    found = page.eval_on_selector_all(
        "#board .node",
        "nodes => nodes.map(n => [n.dataset.row, +n.dataset.start, +n.dataset.stop, n.dataset.value])",
    )
    return {
        row: [tuple(node[1:]) for node in found if node[0] == row]
        for row in dict.fromkeys(node[0] for node in found)
    }


def now(page):
    return rows(page).get("now", [])


def shown(page):
    """All that the page tells of the script, in the words of a view."""
    return page.evaluate(
        """() => ({
            log: [...document.querySelectorAll("#log code")].map((x) => x.textContent),
            at: document.querySelectorAll("#log .done").length,
            rest: [...document.querySelectorAll("#walk-list .rest")].map((x) => x.textContent),
            case: document.querySelector("#case").textContent,
            fates: [...document.querySelectorAll("#fates tr")].map((x) => x.lastChild.textContent),
            picture: document.querySelector("#picture").innerHTML,
        })"""
    )


def told(view):
    """The same of a view that Python gave here."""
    return {
        "log": [line["call"] for line in view["log"]],
        "at": view["at"],
        "rest": [
            "delivers next: "
            + (" · ".join(f"[{a}, {b}) {text}" for a, b, text in walk["rest"]) or "nothing more")
            for walk in view["walks"]
        ],
    }


def asked(board, do, **more):
    return json.loads(board.answer(json.dumps({"do": do, **more})))["view"]


def bars(page, markup):
    """The structure of a picture: each bar's class and words, without a pixel."""
    return page.evaluate(
        """(markup) => [...new DOMParser().parseFromString(markup, "text/html").querySelectorAll("svg .rl-bar")]
            .map((bar) => [bar.getAttribute("class"), bar.textContent.trim()])""",
        markup,
    )


def agree(page, view, coming):
    """The page shows just what Python tells outside of the browser."""
    seen = shown(page)
    wanted = told(view)
    assert {name: seen[name] for name in wanted} == wanted
    assert now(page) == [tuple(node[1:]) for node in view["nodes"]]
    last = view["last"]
    if not (last and last["fates"]) and coming:
        last = coming["last"]
    if last:
        names = view["names"]
        assert len(seen["fates"]) == len(last["fates"])
        for text, fate in zip(seen["fates"], last["fates"], strict=True):
            into = str(fate["into"])
            assert text == fate["says"].replace(f"#{into}", names.get(into, f"#{into}"))
        assert last["case"] in seen["case"]
        assert bars(page, seen["picture"]) == bars(page, last["picture"])


# ---- tests ---------------------------------------------------------------------------------------


def test_the_text_is_there_before_python_is(chromium, address):
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    held = []
    page.route("**/pyodide.asm.wasm", lambda route: held.append(route))  # noqa: PLW0108  it must be a function
    page.goto(address + "/whiteboard/index.html")
    assert "Drag over the board" in page.inner_text("header")
    page.wait_for_function("() => document.querySelector('#progress').value > 0")
    assert page.get_attribute("body", "data-ready") is None
    page.close()


def test_every_scene_is_in_the_menu(booted):
    options = booted.eval_on_selector_all("#scene option", "all => all.map(x => x.value)")
    assert options == ["", *SCENES]


@pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.id)
def test_a_scene_is_played_to_its_end_and_back(booted, scene):
    page, python = booted, Board()
    page.select_option("#scene", scene.id)
    settled(page)
    width = page.evaluate("document.querySelector('#picture').clientWidth")
    views = [asked(python, "scene", name=scene.id, width=width)]
    places = range(scene.script.at, len(scene.script.lines) + 1)
    for at in places:
        view = views[0] if at == places[0] else asked(python, "go", at=at)
        if at > places[0]:
            page.click("#redo")
            settled(page)
        coming = asked(python, "peek") if at < places[-1] else None
        agree(page, view, coming)
    assert page.is_disabled("#redo")
    while not page.is_disabled("#undo"):
        page.click("#undo")
        settled(page)
    assert now(page) == [tuple(item) for item in scene.script.header["items"]]


def place(page, key, row="now"):
    """Return where a key is on the board, in pixels of the page."""
    return page.evaluate(
        """([key, row]) => {
            const box = document.querySelector("#board").getBoundingClientRect();
            return [box.left + window.boardPlace(key), box.top + (row === "now" ? 44 : 90)];
        }""",
        [key, row],
    )


def drag(page, begin, end, *, drop=True):
    page.locator("#board").scroll_into_view_if_needed()
    page.mouse.move(*place(page, begin))
    page.mouse.down()
    page.mouse.move(*place(page, (begin + end) / 2), steps=3)
    page.mouse.move(*place(page, end), steps=3)
    settled(page)
    if drop:
        page.mouse.up()
        settled(page)


def verb(page, name, **fields):
    page.click(f"#verbs button:text-is('{name}')")
    for field, value in fields.items():
        box = page.locator(f"#fields [name={field}]")
        box.select_option(value) if box.evaluate("x => x.tagName") == "SELECT" else box.fill(value)
    settled(page)


def test_while_dragging_the_case_is_named_and_nothing_has_changed(board):
    verb(board, "transform", value="p")
    drag(board, 8, 12, drop=False)
    assert rows(board)["then"] == [(0, 12, "p"), (12, 20, "m"), (20, 28, "n")]
    assert now(board) == [(0, 8, "p"), (8, 20, "m"), (20, 28, "n")]
    assert (
        board.inner_text("#case")
        == "7 left part: P takes the head of M — cut right, updated, merged left"
    )
    assert board.input_value("#fields [name=stop]") == "12"
    board.mouse.move(*place(board, 20), steps=3)
    settled(board)
    assert "8 left full" in board.inner_text("#case")
    board.mouse.up()
    settled(board)
    assert now(board) == [(0, 20, "p"), (20, 28, "n")]
    assert shown(board)["log"] == ["rl.transform(lambda piece: 'p', 8, 20)"]


@pytest.mark.parametrize(
    ("name", "begin", "end", "fields", "result"),
    [
        ("set", 24, 4, {"value": "x"}, [(0, 4, "p"), (4, 24, "x"), (24, 28, "n")]),
        ("remove", 4, 24, {}, [(0, 4, "p"), (24, 28, "n")]),
        ("split", 12, 12, {}, [(0, 8, "p"), (8, 12, "m"), (12, 20, "m"), (20, 28, "n")]),
        ("merge", 9, 9, {}, [(0, 20, "p"), (20, 28, "n")]),
        ("replace", 10.5, 10.5, {"value": "p"}, [(0, 20, "p"), (20, 28, "n")]),
        ("delete", 10.5, 10.5, {}, [(0, 8, "p"), (20, 28, "n")]),
        ("resize", 20, 14, {}, [(0, 8, "p"), (8, 14, "m"), (20, 28, "n")]),
        ("move", 24, 29, {}, [(0, 8, "p"), (8, 20, "m"), (25, 33, "n")]),
        ("shift", 10, 13, {}, [(0, 8, "p"), (8, 10, "m"), (13, 23, "m"), (23, 31, "n")]),
        ("shift", 13, 10, {}, [(0, 8, "p"), (8, 17, "m"), (17, 25, "n")]),
    ],
)
def test_a_verb_is_carried_out_by_pointing(board, name, begin, end, fields, result):
    verb(board, name, **fields)
    drag(board, begin, end)
    assert now(board) == result
    board.click("#undo")
    settled(board)
    assert now(board) == [(0, 8, "p"), (8, 20, "m"), (20, 28, "n")]


def test_what_the_library_refuses_is_said_while_dragging(board):
    verb(board, "insert", value="x")
    drag(board, 4, 10)
    assert "[0, 8)" in board.inner_text("#said")
    assert now(board) == [(0, 8, "p"), (8, 20, "m"), (20, 28, "n")]


def test_the_form_does_the_same_as_a_drag(board):
    verb(board, "set", start="4", stop="24", value="x")
    assert rows(board)["then"] == [(0, 4, "p"), (4, 24, "x"), (24, 28, "n")]
    board.press("#fields [name=value]", "Enter")
    settled(board)
    assert now(board) == [(0, 4, "p"), (4, 24, "x"), (24, 28, "n")]
    verb(board, "clear")
    board.click("#fields .main")
    settled(board)
    assert now(board) == []


def test_the_keyboard_is_enough(board):
    verb(board, "set", value="p")
    board.focus("#board")
    board.keyboard.press("Home")
    at = int(board.inner_text("#said").removeprefix("at "))
    for _ in range(8 - at):
        board.keyboard.press("ArrowRight")
    for _ in range(4):
        board.keyboard.press("Shift+ArrowRight")
    settled(board)
    assert rows(board)["then"][0] == (0, 12, "p")
    board.keyboard.press("Escape")
    assert "then" not in rows(board)
    for key in ["Home", *["ArrowRight"] * (8 - at), *["Shift+ArrowRight"] * 4, "Enter"]:
        board.keyboard.press(key)
    settled(board)
    assert now(board)[0] == (0, 12, "p")
    board.keyboard.press("Control+z")
    settled(board)
    assert now(board)[0] == (0, 8, "p")
    board.keyboard.press("Control+Shift+z")
    settled(board)
    assert now(board)[0] == (0, 12, "p")
    board.focus("#verbs [aria-checked=true]")
    board.keyboard.press("ArrowRight")
    assert board.inner_text("#verbs [aria-checked=true]") == "insert"


def test_the_steps_go_forwards_and_back(board):
    verb(board, "set", start="4", stop="24", value="x")
    board.click("#fields .main")
    settled(board)
    frames = int(board.get_attribute("#step", "max"))
    assert frames >= 3
    seen = []
    for _ in range(frames + 1):
        seen.append(
            board.eval_on_selector_all(
                "#frame .node", "all => all.map(x => x.dataset.value).join('')"
            )
        )
        board.click("#step-back")
    assert seen[0] == "pxn"
    assert seen[-1] == "pmn"
    assert board.inner_text("#step-says") == "before the first step"
    board.click("#step-on")
    assert board.inner_text("#step-says").startswith("split")


def test_a_walk_is_begun_stepped_and_finds_its_place_again(board):
    board.select_option("#new-walk [name=kind]", "cursor")
    board.click("#new-walk button")
    settled(board)
    for _ in range(2):
        board.click("#walk-list button:text-is('next')")
        settled(board)
    assert "stands at [8, 20)" in board.inner_text("#walk-list")
    verb(board, "split")
    drag(board, 12, 12)
    assert "delivers next: [12, 20) m · [20, 28) n" in board.inner_text("#walk-list")
    board.focus("#board")
    board.keyboard.press("n")
    settled(board)
    assert "stands at [12, 20)" in board.inner_text("#walk-list")
    board.keyboard.press("p")
    settled(board)
    assert "[12, 20) = m" in board.inner_text("#said")


def test_each_policy_runs_the_same_script(board):
    verb(board, "set", start="8", stop="20", value="p")
    board.click("#fields .main")
    settled(board)
    assert now(board) == [(0, 20, "p"), (20, 28, "n")]
    board.select_option("#rules", "NEVER")
    settled(board)
    assert now(board) == [(0, 8, "p"), (8, 20, "p"), (20, 28, "n")]
    board.select_option("#rules", "HOOKS")
    hooks = "def same(left, right):\n    return {left.value, right.value} <= {'p', 'n'}\n"
    board.fill("#hooks", hooks)
    board.click("#hooks-run")
    settled(board)
    assert now(board) == [(0, 28, "p")]
    board.fill("#hooks", "def same(left, right:\n")
    board.click("#hooks-run")
    settled(board)
    assert "SyntaxError" in board.inner_text("#said")
    assert now(board) == [(0, 28, "p")]


def test_a_link_opens_the_same_board_and_asks_before_foreign_code_runs(board, opened, address):
    board.select_option("#rules", "HOOKS")
    board.fill("#hooks", "def same(left, right):\n    return True\n")
    board.click("#hooks-run")
    settled(board)
    board.click("[data-export=link]")
    link = board.input_value("#taken")
    other = opened(link.removeprefix(address))
    other.wait_for_selector("#ask[open]")
    assert "return True" in other.inner_text("#ask-code")
    other.click("#ask button[value=yes]")
    other.wait_for_selector("body[data-ready=yes]")
    settled(other)
    assert now(other) == now(board)
    other.context.close()


@pytest.mark.parametrize("kind", ["svg", "python", "trace", "c"])
def test_what_is_taken_home_is_what_python_makes(board, kind):
    verb(board, "set", start="4", stop="24", value="x")
    board.click("#fields .main")
    settled(board)
    board.click(f"[data-export={kind}]")
    settled(board)
    python = Board()
    asked(python, "new", items="0-8 p; 8-20 m; 20-28 n")
    asked(python, "play", line={"op": "set", "start": 4, "stop": 24, "value": "x"})
    width = board.evaluate("document.querySelector('#picture').clientWidth")
    made = json.loads(python.answer(json.dumps({"do": "export", "kind": kind, "width": width})))
    assert board.input_value("#taken") == made["text"]
    with board.expect_download() as file:
        board.click("#download")
    assert Path(file.value.path()).read_text(encoding="utf-8") == made["text"]


def test_hooks_that_never_end_can_be_stopped(opened):
    page = opened()
    page.wait_for_selector("body[data-ready=yes]")
    settled(page)
    before = now(page)
    page.select_option("#rules", "HOOKS")
    page.fill("#hooks", "def same(left, right):\n    while True:\n        pass\n")
    page.click("#hooks-run")
    page.wait_for_selector("#busy:not([hidden])")
    page.click("#stop")
    settled(page)
    assert now(page) == before
    page.context.close()


def test_a_finger_draws_as_a_mouse_does(opened):
    page = opened(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.wait_for_selector("body[data-ready=yes]")
    begin(page, "0-8 p\n8-20 m")
    verb(page, "set", value="p")
    page.locator("#board").scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)
    for kind, key in (("touchStart", 8), ("touchMove", 10), ("touchMove", 14), ("touchEnd", None)):
        points = [] if key is None else [dict(zip("xy", place(page, key), strict=True))]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_function("() => document.querySelectorAll('#log li').length === 1")
    settled(page)
    assert now(page) == [(0, 14, "p"), (14, 20, "m")]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()


def test_a_hostile_value_stays_text(booted):
    begin(booted, "0-8 <img src=x onerror=alert(1)>\n8-12 <script>alert(2)</script>")
    verb(booted, "set", start="2", stop="4", value="</svg><b>")
    booted.click("#fields .main")
    settled(booted)
    assert booted.locator("main img, main script, main b").count() == 0


# The listings of source, a hundred, are all made by one template.
PAGES = [
    path.relative_to(SITE).as_posix()
    for path in sorted(SITE.rglob("*.html"))
    if not {"_modules", "whiteboard"} & set(path.relative_to(SITE).parts)
]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_fits_its_screen(opened, width):
    """Also: each loads from this machine alone, and its console is clean."""
    page = opened("/index.html", viewport={"width": width, "height": 800})
    home = page.url.removesuffix("index.html")
    for path in PAGES:
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert path == "search.html" or page.locator("h1").count() == 1, path
    page.context.close()


def test_the_search_of_the_site_finds_a_verb(opened):
    page = opened("/search.html?q=coalesce")
    page.wait_for_selector("#search-results li")
    assert "RangeList" in page.inner_text("#search-results")
    page.context.close()
