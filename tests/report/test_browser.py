"""The report in a real browser: headless Chromium at desktop and phone width, axe-core, and paper.

Chromium is taken from ``ACCORD_CHROMIUM`` or the path; where there is none the tests are skipped, unless
``ACCORD_REQUIRE_BROWSER=1`` makes that a failure.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from accord.finding import Column, Finding, Table
from accord.report import ReportView, page
from accord.report.view import VerdictView
from accord.study.verdict import Reason

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = {"desktop": 1280, "phone": 390, "small phone": 360}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A printed report is for reading: no more sheets of A4 than these.
MOST_SHEETS = 30
OPEN = "document.querySelectorAll('details').forEach(each => { each.open = true })"
# Whatever sticks out of the page's width on paper would be cut off, unless it is meant to be unseen.
STICKING_OUT = """() => [...document.querySelectorAll('main *')].filter(each => {
  if (each.closest('.hidden, .scroll, svg, .skip')) return false;
  const box = each.getBoundingClientRect();
  return box.width > 0 && (box.right > document.documentElement.clientWidth + 1 || box.left < -1);
}).map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven over playwright."""
    path = os.environ.get("ACCORD_CHROMIUM") or shutil.which("chromium")
    required = os.environ.get("ACCORD_REQUIRE_BROWSER") == "1"
    if path is None:
        reason = "no Chromium: install the package 'chromium' or set ACCORD_CHROMIUM"
        pytest.fail(reason) if required else pytest.skip(reason)
    if not required:
        pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def files(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three pages on disk."""
    folder = tmp_path_factory.mktemp("pages")
    found = {name: folder / f"{name}.html" for name in pages}
    for name, path in found.items():
        path.write_text(pages[name], "utf-8")
    return found


class Visit:
    """A page that has been opened, with everything the browser complained of or asked for."""

    def __init__(self, browser: Browser, path: Path, width: int) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.refused: list[str | None] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.refused.append(request.failure))
        self.page.goto(path.as_uri())

    def violations(self) -> list[str]:
        """What axe-core finds wrong, by rule, with the elements concerned."""
        from axe_playwright_python.sync_playwright import Axe

        self.page.evaluate(OPEN)
        found: list[dict[str, Any]] = Axe().run(self.page, options=ONLY_VIOLATIONS).response["violations"]
        return [f"{v['id']}: {[node['target'] for node in v['nodes']]}" for v in found]


Visits = Callable[[Path, int], Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visits]:
    """Open a file at a width; closed again when the test is over."""
    opened: list[Visit] = []

    def go(path: Path, width: int) -> Visit:
        opened.append(Visit(browser, path, width))
        return opened[-1]

    yield go
    for each in opened:
        each.page.close()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", ["whole", "hostile", "bare"])
def test_no_error_no_request_no_overflow(
    visit: Visits, files: dict[str, Path], name: str, width: int
) -> None:
    seen = visit(files[name], width)
    assert seen.page.evaluate(OVERFLOW) <= 0
    seen.page.evaluate(OPEN)
    assert seen.page.evaluate(OVERFLOW) <= 0
    assert seen.page.evaluate(STICKING_OUT) == []
    assert seen.complaints == []
    outside = [url for url in seen.requests if not url.startswith("data:") and url != files[name].as_uri()]
    assert outside == []


@pytest.mark.parametrize(
    ("name", "width"), [("whole", 1280), ("whole", 390), ("hostile", 390), ("bare", 390)], ids=str
)
def test_no_accessibility_violation(visit: Visits, files: dict[str, Path], name: str, width: int) -> None:
    assert visit(files[name], width).violations() == []


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("</main>", '<p><img src="data:,"></p></main>', "image-alt"),
        ('role="region" tabindex="0"', 'role="region"', "scrollable-region-focusable"),
        ('<html lang="en">', "<html>", "html-has-lang"),
    ],
)
def test_the_check_can_fail(
    visit: Visits, pages: dict[str, str], tmp_path: Path, old: str, new: str, rule: str
) -> None:
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(pages["whole" if "tabindex" in old else "bare"].replace(old, new), "utf-8")
    assert rule in " ".join(visit(spoilt, 390).violations())


def test_the_policy_stops_scripts_styles_and_requests(
    visit: Visits, pages: dict[str, str], tmp_path: Path
) -> None:
    extra = '<script>document.title="broken"</script><b style="color:red">x</b><img src="https://example.org/x.png">'
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(pages["bare"].replace("</main>", f"{extra}</main>"), "utf-8")
    seen = visit(spoilt, 1280)
    assert seen.page.title().endswith("Accord report")
    assert len([text for text in seen.complaints if "Content Security Policy" in text]) == 3
    assert seen.refused == ["csp"]


def test_a_link_to_a_number_opens_its_row(visit: Visits, files: dict[str, Path]) -> None:
    seen = visit(files["whole"], 1280)
    row = seen.page.locator("[id='n-stances.order.norland.salience']")
    assert not row.is_visible()
    seen.page.locator("figure a", has_text="salience of Norland").click()
    row.wait_for(state="visible", timeout=5000)


def test_keyboard_reaches_the_answer_first(visit: Visits, files: dict[str, Path]) -> None:
    seen = visit(files["whole"], 1280)
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    assert seen.page.locator(".skip").bounding_box() is not None


def test_text_of_drawings_is_legible_on_a_phone(visit: Visits, files: dict[str, Path]) -> None:
    seen = visit(files["whole"], 390)
    measure = """() => Math.min(...[...document.querySelectorAll('.drawing text')].map(each =>
      parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a || Infinity))"""
    assert seen.page.evaluate(measure) >= 8.5


def test_labels_of_drawings_stay_inside_and_apart(visit: Visits, files: dict[str, Path]) -> None:
    seen = visit(files["whole"], 1280)
    measure = """() => [...document.querySelectorAll('.drawing svg')].flatMap(svg => {
      const frame = svg.getBoundingClientRect();
      const boxes = [...svg.querySelectorAll('text')].map(each => [each.textContent, each.getBoundingClientRect()]);
      const out = boxes.filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1).map(([t]) => t);
      const over = boxes.flatMap(([t, a], i) => boxes.slice(i + 1).filter(([, b]) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.35 * Math.min(a.height, b.height)
      ).map(([u]) => t + ' / ' + u));
      return [...out, ...over];
    })"""
    assert seen.page.evaluate(measure) == []


@pytest.mark.parametrize("name", ["whole", "bare"])
def test_paper_is_short_and_says_what_it_leaves_out(
    visit: Visits, files: dict[str, Path], tmp_path: Path, name: str
) -> None:
    seen = visit(files[name], 1280)
    paper = tmp_path / "report.pdf"
    seen.page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
    raw = paper.read_bytes()
    assert raw.startswith(b"%PDF-")
    sheets = [tuple(float(n) for n in box.split()) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", raw)]
    assert sheets
    assert all(abs(sheet[2] - 595) < 2 and abs(sheet[3] - 842) < 2 for sheet in sheets), "not A4"
    seen.page.emulate_media(media="print")
    seen.page.set_viewport_size({"width": 672, "height": 950})  # what A4 leaves between its margins
    assert seen.page.evaluate(OVERFLOW) <= 0
    assert seen.page.evaluate(STICKING_OUT.replace(".hidden, .scroll, svg", ".hidden, svg")) == []
    assert len(sheets) <= MOST_SHEETS
    lefts = "() => new Set([...document.querySelectorAll('.figures > .drawn')].map(e => e.offsetLeft)).size"
    assert seen.page.evaluate(lefts) == (2 if name == "whole" else 0), "drawings stand two abreast"
    shown = "() => [...document.querySelectorAll('details')].filter(e => e.checkVisibility()).length"
    assert seen.page.evaluate(shown) == 0
    alone = """() => [...document.querySelectorAll('section > h3, figure')].filter(each => {
      if (!each.checkVisibility()) return false;
      if (each.matches('figure')) return ![...each.querySelectorAll('p, table, svg')].some(one => one.checkVisibility());
      let next = each.nextElementSibling;
      while (next && !next.checkVisibility()) next = next.nextElementSibling;
      return !next || next.matches('h3');
    }).map(each => each.textContent.trim().slice(0, 80))"""
    assert seen.page.evaluate(alone) == [], "a heading with nothing under it"
    silent = """() => [...document.querySelectorAll('section')].filter(section =>
      [...section.querySelectorAll(':scope > details')].some(e => !e.matches('.links, .first')) &&
      !section.innerText.includes('HTML file')).map(section => section.id)"""
    assert seen.page.evaluate(silent) == []


@pytest.fixture
def reasoned(wordy_view: ReportView, tmp_path: Path) -> Path:
    """A page with a tree of reasons, a table of much text, and one that is too long for paper."""
    deep = Reason("third", "", (Reason("fourth", "", (Reason("source"),)), Reason("also fourth")))
    tree = Reason("first", "", (Reason("second", "", (deep,)),))
    said = "Norland leaves the pact and takes an offer at the expense of Sudland"
    columns = tuple(Column(f"c{k}", f"What {k} says") for k in range(4))
    wide = Table("wide", "Wide", "plain", columns, ((said,) * 4,) * 3)
    long = Table("long", "Long", "plain", columns[:2], ((said,) * 2,) * 20)
    plane = Table("plane", "Plane", "plain", (Column("a", "A"),), (("x",),))
    finding = Finding("conflict", "what?", "found", ("That.",), (wide, long))
    verdict = VerdictView("It lasts", (), plane, (), (), tree, (), ())
    path = tmp_path / "reasoned.html"
    path.write_text(page(replace(wordy_view, findings=(finding,), verdict=verdict)), "utf-8")
    return path


READ = "() => [...document.querySelectorAll('.because li')].filter(e => e.checkVisibility()).length"


def test_the_tree_of_reasons_is_folded_on_screen_and_whole_on_paper(visit: Visits, reasoned: Path) -> None:
    seen = visit(reasoned, 390)
    assert seen.page.evaluate(READ) == 2
    seen.page.emulate_media(media="print")
    assert seen.page.evaluate(READ) == 5
    assert not seen.page.locator(".because summary").first.is_visible()


def test_wide_tables_are_moved_sideways_on_a_phone_and_show_it(visit: Visits, reasoned: Path) -> None:
    seen = visit(reasoned, 390)
    table = "[id='f-conflict.wide'] .scroll"
    narrowest = f"""() => Math.min(...[...document.querySelectorAll("{table} td")].map(e => e.clientWidth))"""
    assert seen.page.evaluate(narrowest) > 200, "squeezed to a few words a line"
    goes_on = f"""() => document.querySelector("{table}").scrollWidth > document.querySelector("{table}").clientWidth"""
    assert seen.page.evaluate(goes_on)
    held = f"""() => getComputedStyle(document.querySelector("{table}")).backgroundAttachment"""
    assert seen.page.evaluate(held) == "local, local, scroll, scroll"
    assert seen.page.evaluate(OVERFLOW) <= 0


def test_paper_drops_the_heading_of_a_table_that_it_leaves_out(visit: Visits, reasoned: Path) -> None:
    seen = visit(reasoned, 672)
    seen.page.emulate_media(media="print")
    assert seen.page.locator("[id='f-conflict.wide']").is_visible()
    assert not seen.page.locator("[id='f-conflict.long']").is_visible()
