"""A page of its own beside the report: sections of sentences, tables, figures and entries, in the same self-contained form."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from accord.disk import write_bytes
from accord.figures import is_drawn, svg_of
from accord.finding import Table
from accord.report import words
from accord.report.page import FigureView
from accord.report.paths import anchor
from accord.report.shell import environment, policy, style_sheet
from accord.report.tables import reading_of, table_view
from accord.report.view import Point

# Tables that are not drawn stand open up to this many rows.
_OPEN_ROWS = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One case of many: its heading, what stands on record about it, and sentences.

    Parameters
    ----------
    title : str
    points : tuple of Point
    says : tuple of str
    """

    title: str
    points: tuple[Point, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One section; what is empty is left out.

    Parameters
    ----------
    title : str
    warnings, says, notes : tuple of str
        Warnings first, then sentences, notes as a list at the end.
    tables : tuple of Table
        Drawn where their kind is.
    entries : tuple of Entry
    """

    title: str
    warnings: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A whole page.

    Parameters
    ----------
    kicker, title, lead : str
        The line above the title, the title, and the sentence below it.
    sections : tuple of Section
    foot : str
    """

    kicker: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    foot: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section, ready for the page."""

    ident: str
    section: Section
    figures: tuple[FigureView, ...]


def leaf_page(leaf: Leaf) -> str:
    """The page as one HTML document that asks the network for nothing; the same leaf, the same bytes."""
    sheet = style_sheet()
    views = tuple(_section(number, section) for number, section in enumerate(leaf.sections, 1))
    template = environment().get_template("leaf.html")
    return template.render(leaf=leaf, sections=views, style_sheet=Markup(sheet), policy=policy(sheet))


def write_leaf(leaf: Leaf, path: str | Path) -> Path:
    """Write the page whole or not at all; RunError when the place cannot be written."""
    target = Path(path)
    write_bytes(target, leaf_page(leaf).encode("utf-8", errors="replace"))
    return target


def _section(number: int, section: Section) -> SectionView:
    """One section with its figures."""
    return SectionView(f"s-{number}", section, tuple(_figure(number, table) for table in section.tables))


def _figure(number: int, table: Table) -> FigureView:
    """One table, drawn where its kind is."""
    ident = f"f-{number}-{anchor(table.name).removeprefix('n-')}"
    drawing = svg_of(table, None, ident) if is_drawn(table) else ""
    return FigureView(
        ident,
        words.headline(table.title),
        Markup(drawing),
        reading_of(table, bool(drawing)),
        table_view(table, {}),
        words.count(len(table.rows), "row"),
        not drawing and len(table.rows) <= _OPEN_ROWS,
    )
