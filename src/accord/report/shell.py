"""What every page shares: templates, the style sheet, and the rule that nothing is loaded from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from markupsafe import Markup

from accord.figures.glyphs import glyph_of
from accord.report import words

if TYPE_CHECKING:
    from jinja2 import Environment


def policy(sheet: str) -> str:
    """What the browser may load: the one style sheet inside the page, and nothing from anywhere."""
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    rules: Iterable[str] = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


@cache
def style_sheet() -> str:
    """The style sheet, without comments."""
    raw = resources.files("accord.report").joinpath("templates/report.css").read_text("utf-8")
    return re.sub(r"/\*.*?\*/\s*", "", raw, flags=re.DOTALL).strip()


@cache
def environment() -> Environment:
    """The templates, with every value escaped unless it is drawn by us."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from accord.report.compiled import Compiled

    made = Environment(
        loader=PackageLoader("accord.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # or what filters make of constants would be kept with the template, and outlive the filter
        bytecode_cache=Compiled(),
    )
    made.filters["count"] = words.count
    made.filters["date"] = words.date_words
    made.filters["breakable"] = _breakable
    made.filters["capital"] = words.capital
    made.filters["sentence"] = words.sentence
    made.filters["glyph"] = lambda look: Markup(glyph_of(look))
    return made


def _breakable(path: str) -> Markup:
    """A path that may break after its dots and underscores, and nowhere else unless it must."""
    parts = re.split(r"(?<=[._])", path)
    return Markup("<wbr>").join(parts)
