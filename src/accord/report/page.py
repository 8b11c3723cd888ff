"""The page: a view put into one self-contained HTML document that asks the network for nothing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from accord.figures import Aide, Drawing, Pending, is_drawn
from accord.figures.style import spoken
from accord.finding import STATUS_WORDS, Finding, Table
from accord.report import sections, words
from accord.report.evidence import Ledger, ledger
from accord.report.paths import anchor, path_words
from accord.report.shell import environment, policy, style_sheet
from accord.report.tables import TableView, measures_view, reading_of, table_view
from accord.report.view import Point, ReportView
from accord.study.claim_explained import KIND_WORDS
from accord.study.verdict import Reason

_ANSWERED = ("found", "several", "none_exists", "cycles", "not_settled")
# Tables that are not drawn stand open up to this many rows.
_OPEN_ROWS = 12


@dataclass(frozen=True, slots=True)
class FigureView:
    """One table with its drawing, if it has one; *folded*: whether only its title is seen at first."""

    ident: str
    title: str
    svg: Markup
    note: str
    table: TableView
    rows: str
    is_open: bool
    folded: bool = False

    @property
    def on_paper(self) -> bool:
        """Whether a printed report holds it: not what stands folded, nor a long table without a drawing."""
        return not self.folded and bool(self.svg or self.is_open or not self.table.rows)


@dataclass(frozen=True, slots=True)
class LensView:
    """What one lens saw."""

    ident: str
    name: str
    question: str
    status: str
    answered: bool
    says: tuple[str, ...]
    figures: tuple[FigureView, ...]
    notes: tuple[str, ...]
    verified: str
    is_verified: bool
    measures: TableView
    reads: tuple[sections.Link, ...]
    needs: tuple[str, ...]

    @property
    def left_out(self) -> bool:
        """Whether a printed report leaves out some of its figures or tables."""
        return not all(figure.on_paper for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Book:
    """What every section leans on: where each number stands, and what stands for each drawing by its identifier."""

    ledger: Ledger
    drawings: Mapping[str, str]


def page(view: ReportView, aide: Aide | None = None) -> str:
    """The report as one HTML document; the same view always gives the same bytes.

    An *aide* draws figures while the rest of the page is made; each is put in its place at the end.
    """
    drawings = _drawings(view)
    mark = secrets.token_hex(16)  # which nobody can have written into the situation
    marks = {one.ident: f"{mark}-{index};" for index, one in enumerate(drawings)}
    with Pending(drawings, view.situation, aide) as pending:
        text = _rendered(view, Book(ledger(view), marks))
        drawn = list(pending.finished().values())
    return re.sub(rf"{mark}-(\d+);", lambda found: drawn[int(found[1])], text)


def _rendered(view: ReportView, book: Book) -> str:
    """The page, with a mark in the place of each drawing."""
    lenses = tuple(_lens(view, finding, book) for finding in view.findings)
    closed = _closed(view, book)
    sheet = style_sheet()
    return (
        environment()
        .get_template("page.html")
        .render(
            view=view,
            situation=view.situation,
            unanswered=sections.unanswered(view),
            title=view.title or view.situation.title,
            style_sheet=Markup(sheet),
            policy=policy(sheet),
            ledger=book.ledger,
            lenses=lenses,
            closed=closed,
            lead=sections.lead(view),
            verdict=_verdict(view, book),
            warnings=sections.warnings(view),
            people=sections.people(view.situation),
            absent=sections.absent(view.situation),
            scenarios=sections.scenarios(view, book.ledger),
            comparisons=tuple(_figure(view, "scenario", table, book) for table in view.scenarios),
            claims=sections.claims(view, book.ledger),
            claim_kinds=KIND_WORDS,
            shocks=sections.shocks(view, book.ledger),
            questions=sections.questions(view.situation),
            drawn_by=sections.drawn_by(view),
        )
    )


@dataclass(frozen=True, slots=True)
class ClosedForms:
    """Figures of closed forms, and the identifier of the lens' section behind which they stand."""

    after: str
    figures: tuple[FigureView, ...]


def _closed(view: ReportView, book: Book) -> ClosedForms | None:
    """The closed forms, behind the fault lines where there are any, else behind their own lens; None without any."""
    owners = [finding for finding in view.findings if any(sections.is_closed(t) for t in finding.tables)]
    if not owners:
        return None
    figures = tuple(
        _figure(view, finding.lens, table, book)
        for finding in owners
        for table in finding.tables
        if sections.is_closed(table)
    )
    rifts = [finding for finding in view.findings if any(t.name == sections.RIFTS for t in finding.tables)]
    last = max((rifts or owners), key=view.findings.index)
    return ClosedForms(_section(last), figures)


def _section(finding: Finding) -> str:
    """The identifier of a lens' section."""
    return f"lens-{anchor(finding.lens).removeprefix('n-')}"


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One node of the tree of reasons, with what carries it."""

    says: str
    link: sections.Link
    children: tuple[ReasonView, ...]


@dataclass(frozen=True, slots=True)
class VerdictPage:
    """The verdict's figures, sentences and tree."""

    lead: str
    points: tuple[Point, ...]
    plane: FigureView
    marks: tuple[Point, ...]
    asides: tuple[str, ...]
    because: ReasonView
    carried: tuple[FigureView, ...]
    robust: tuple[FigureView, ...]


def _verdict(view: ReportView, book: Book) -> VerdictPage | None:
    """The verdict, drawn; None without one."""
    made = view.verdict
    if made is None:
        return None
    carried, robust = (
        tuple(_figure(view, "verdict", table, book) for table in tables)
        for tables in (made.carried, made.robust)
    )
    plane = _figure(view, "verdict", made.plane, book)
    points, marks = (_polished(found) for found in (made.points, made.marks))
    lead, because = words.sentence(made.lead), _reason(view, made.because, book)
    return VerdictPage(lead, points, plane, marks, made.asides, because, carried, robust)


def _polished(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Points as a typesetter would have them."""
    return tuple(Point(words.headline(point.term), words.sentence(point.says)) for point in points)


def _reason(view: ReportView, reason: Reason, book: Book) -> ReasonView:
    """A node of the tree; a number of the file is named and leads to its row."""
    measured = reason.path.partition(".")[0] in ("", "sources", *(one.lens for one in view.findings))
    named = "" if measured else path_words(view.situation, reason.path)
    href, said = book.ledger.links.get(reason.path, ("", named))
    children = tuple(_reason(view, child, book) for child in reason.children)
    return ReasonView(reason.says, sections.Link(said, href), children)


def _lens(view: ReportView, finding: Finding, book: Book) -> LensView:
    """One finding, ready for the page."""
    return LensView(
        _section(finding),
        spoken(finding.lens),
        words.sentence(finding.question),
        STATUS_WORDS.get(finding.status, finding.status),
        finding.status in _ANSWERED,
        tuple(words.sentence(text) for text in finding.says),
        tuple(_figure(view, finding.lens, table, book) for table in sections.in_order(finding.tables)),
        tuple(words.sentence(text) for text in finding.notes),
        words.sentence(finding.verified),
        not finding.verified.strip().lower().startswith("not verified"),
        measures_view(finding.measures),
        sections.reads(finding, book.ledger),
        tuple(words.sentence(need.says) for need in finding.needs),
    )


def _figure(view: ReportView, owner: str, table: Table, book: Book) -> FigureView:
    """One table, with its drawing if it has one."""
    ident = _ident(owner, table)
    drawing = book.drawings.get(ident, "")
    return FigureView(
        ident,
        words.headline(table.title),
        Markup(drawing),
        reading_of(table, bool(drawing)),
        table_view(table, book.ledger.links),
        words.count(len(table.rows), "row"),
        not drawing and len(table.rows) <= _OPEN_ROWS,
        sections.is_folded(owner, table),
    )


def _ident(owner: str, table: Table) -> str:
    """The identifier of a table on the page."""
    return f"f-{anchor(owner + '.' + table.name).removeprefix('n-')}"


def drawings_of(finding: Finding) -> list[Drawing]:
    """What the page will draw of a finding, for whoever wants to begin before it is made; it may change a table."""
    return [Drawing(_ident(finding.lens, table), table) for table in finding.tables if is_drawn(table)]


def _drawings(view: ReportView) -> list[Drawing]:
    """Every table that is drawn: where its kind is and figures are wanted; the plane always."""
    made = view.verdict
    tables = [(finding.lens, table) for finding in view.findings for table in finding.tables]
    tables += [("scenario", table) for table in view.scenarios]
    if made is not None:
        tables += [("verdict", table) for table in (*made.carried, *made.robust, made.plane)]
    wanted = {
        _ident(owner, table): table
        for owner, table in tables
        if is_drawn(table) and (view.drawn or table.kind == "plane")
    }
    return [Drawing(ident, table) for ident, table in wanted.items()]
