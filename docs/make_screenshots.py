"""Screenshots of a report for the README and the tutorial.

    python docs/make_screenshots.py out/report.html docs/pictures

writes ``desktop.png`` (the top at 1280 x 1600), ``phone.png`` (the top at 390 x 1400) and ``print.png`` (the first
sheet of the printed report).  Needs Chromium (``ACCORD_CHROMIUM`` or on the path), playwright, and pdftoppm of
poppler-utils.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREENS = {"desktop": (1280, 1600), "phone": (390, 1400)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
PRINT_DPI = 110


def main() -> int:
    """Take the three pictures; 0 when all went well, 2 when something is missing."""
    parser = argparse.ArgumentParser(description="Screenshots of a report: desktop, phone, print.")
    parser.add_argument("report", type=Path, help="report.html, as 'accord run' writes it")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    given = parser.parse_args()
    chromium = os.environ.get("ACCORD_CHROMIUM") or shutil.which("chromium")
    missing = [
        name
        for name, there in (
            (str(given.report), given.report.is_file()),
            ("chromium (or ACCORD_CHROMIUM)", chromium is not None),
            ("pdftoppm (package poppler-utils)", shutil.which("pdftoppm") is not None),
            ("playwright (pip install playwright)", find_spec("playwright") is not None),
        )
        if not there
    ]
    if missing:
        print(f"not found: {', '.join(missing)}", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        screens(browser, given.report, given.folder)
        paper(browser, given.report, given.folder)
        browser.close()
    return 0


def screens(browser: Browser, report: Path, folder: Path) -> None:
    """The top of the report on a desktop and on a phone."""
    for name, (width, height) in SCREENS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(report.resolve().as_uri())
        page.screenshot(path=folder / f"{name}.png")
        page.close()
        print(folder / f"{name}.png")


def paper(browser: Browser, report: Path, folder: Path) -> None:
    """The first sheet of the printed report."""
    page = browser.new_page()
    page.goto(report.resolve().as_uri())
    with tempfile.TemporaryDirectory() as scratch:
        sheets = Path(scratch) / "report.pdf"
        page.pdf(path=sheets, prefer_css_page_size=True, print_background=True)
        first = ["pdftoppm", "-png", "-r", str(PRINT_DPI), "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*first, str(sheets), str(folder / "print")], check=True)
    print(folder / "print.png")


if __name__ == "__main__":
    sys.exit(main())
