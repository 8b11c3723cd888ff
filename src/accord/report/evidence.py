"""The evidence behind every number, and every number that has none: rows for the page, with counts in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accord.report.paths import GROUPS, Lexicon, anchor, group_of, path_words
from accord.report.view import ReportView
from accord.report.words import count, date_words, estimate_words, grade_words, names
from accord.situation import Citation, Estimate, Situation, estimates

_SHORT = 70


@dataclass(frozen=True, slots=True)
class Support:
    """One use of a source: where it is listed, its citation in short, the place in it, and its grade in words."""

    href: str
    citation: str
    locator: str
    date: str
    grade: str


@dataclass(frozen=True, slots=True)
class NumberView:
    """One number of the situation with what stands behind it."""

    ident: str
    path: str
    words: str
    question: str
    value: str
    support: tuple[Support, ...] = ()
    confidence: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers under one heading."""

    title: str
    rows: tuple[NumberView, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source with its grade and how many numbers, and what else, rest on it."""

    ident: str
    citation: str
    date: str
    grade: str
    url: str
    note: str
    uses: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every number of the report, sorted by what it rests on.

    Parameters
    ----------
    sourced : tuple of Group
        Numbers with at least one source.
    reasoned : tuple of Group
        Numbers without a source but with a line of reasoning.
    bare : tuple of NumberView
        Numbers with neither.
    priors : tuple of NumberView
        Numbers that the file omits and a prior stands in for.
    off : tuple of NumberView
        Optional terms that the file leaves out.
    sources : tuple of SourceView
    links : mapping
        Anchor and words of every number, by path.
    """

    sourced: tuple[Group, ...]
    reasoned: tuple[Group, ...]
    bare: tuple[NumberView, ...]
    priors: tuple[NumberView, ...]
    off: tuple[NumberView, ...]
    sources: tuple[SourceView, ...]
    links: Mapping[str, tuple[str, str]]

    @property
    def with_source(self) -> int:
        """How many numbers rest on a source."""
        return sum(len(group.rows) for group in self.sourced)

    @property
    def with_reason(self) -> int:
        """How many numbers are assumed with a line of reasoning."""
        return sum(len(group.rows) for group in self.reasoned)

    @property
    def total(self) -> int:
        """How many numbers enter the results, optional terms that are off apart."""
        return self.with_source + self.with_reason + len(self.bare) + len(self.priors)

    def says(self) -> str:
        """The count in one sentence for the top of the report."""
        if not self.total:
            return "This situation holds no number"
        verb = "rests" if self.with_source == 1 else "rest"
        return f"{self.with_source:,} of {count(self.total, 'number')} {verb} on a source"

    def rest(self) -> str:
        """What the other numbers rest on."""
        parts = [
            (self.with_reason, "assumed for a stated reason"),
            (len(self.bare), "assumed without a reason"),
            (len(self.priors), "left out of the file and taken from a prior"),
        ]
        return names(
            f"{number:,} {'is' if number == 1 else 'are'} {what}" for number, what in parts if number
        )


def ledger(view: ReportView) -> Ledger:
    """Sort every number of a view by what it rests on."""
    situation, lexicon = view.situation, Lexicon(view.vocabulary)
    written = {path: e for path, e in estimates(situation).items() if not e.prior}
    rows = {path: _number(situation, lexicon, path, estimate) for path, estimate in written.items()}
    sourced = [rows[path] for path, e in written.items() if not e.is_assumed]
    reasoned = [rows[path] for path, e in written.items() if e.is_assumed and e.assumed]
    bare = [rows[path] for path, e in written.items() if e.is_assumed and not e.assumed]
    given = dict(view.priors)
    silent = {path: e for path, e in estimates(situation).items() if e.prior and path not in given}
    priors = [_silent(situation, lexicon, path, words) for path, words in given.items()]
    priors += [_silent(situation, lexicon, path, estimate_words(e)) for path, e in silent.items()]
    off = [_silent(situation, lexicon, path, "off") for path in view.off]
    every = [*rows.values(), *priors, *off]
    return Ledger(
        _grouped(sourced),
        _grouped(reasoned),
        tuple(bare),
        tuple(priors),
        tuple(off),
        tuple(_sources(situation, written.values())),
        {row.path: (f"#{row.ident}", row.words) for row in every},
    )


def _grouped(rows: Iterable[NumberView]) -> tuple[Group, ...]:
    """Rows under their headings, empty headings left out."""
    found: dict[str, list[NumberView]] = {title: [] for title, _ in GROUPS}
    for row in rows:
        found[group_of(row.path)].append(row)
    return tuple(Group(title, tuple(inner)) for title, inner in found.items() if inner)


def _number(situation: Situation, lexicon: Lexicon, path: str, estimate: Estimate) -> NumberView:
    """One number that the file states."""
    return NumberView(
        anchor(path),
        path,
        path_words(situation, path),
        lexicon.question(path),
        estimate_words(estimate, lexicon.unit(situation, path)),
        _support(situation, estimate.citations),
        estimate.confidence or "",
        estimate.assumed or "",
        estimate.note or "",
    )


def _silent(situation: Situation, lexicon: Lexicon, path: str, words: str) -> NumberView:
    """One number that the file does not state."""
    unit = lexicon.unit(situation, path)
    value = f"{words} ({unit})" if unit and words != "off" and unit not in words else words
    return NumberView(anchor(path), path, path_words(situation, path), lexicon.question(path), value)


def source_anchor(name: str) -> str:
    """The id of a source's row."""
    return "source-" + anchor(name).removeprefix("n-")


def _support(situation: Situation, citations: Iterable[Citation]) -> tuple[Support, ...]:
    """The sources of one number, several places in one source said together.

    Date and grades of a use override the source's own.
    """
    places: dict[tuple[str, str, str], list[str]] = {}
    for citation in citations:
        source = situation.sources.get(citation.of)
        grade = grade_words(
            citation.reliability or (source.reliability if source is not None else None),
            citation.credibility or (source.credibility if source is not None else None),
        )
        when = date_words(citation.date) if citation.date is not None else ""
        places.setdefault((citation.of, when, grade), []).append(citation.locator or "")
    return tuple(
        Support(*_named(situation, of), ", ".join(filter(None, where)), when, grade)
        for (of, when, grade), where in places.items()
    )


def _named(situation: Situation, name: str) -> tuple[str, str]:
    """Anchor and short citation of a source; the bare name of one that is not listed."""
    source = situation.sources.get(name)
    return ("", name) if source is None else (f"#{source_anchor(name)}", _short(source.citation))


def _short(text: str) -> str:
    """A citation cut at a word, for a row; the list of sources has it in full."""
    if len(text) <= _SHORT:
        return text
    return text[:_SHORT].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _sources(situation: Situation, written: Iterable[Estimate]) -> Iterable[SourceView]:
    """Every source, with the count of numbers that cite it, and of events, promises, shocks and claims that do."""
    uses = _tally(estimate.citations for estimate in written)
    told = _tally(citations_beside(situation))
    for name, source in situation.sources.items():
        safe = source.url if source.url and source.url.lower().startswith(("https://", "http://")) else ""
        yield SourceView(
            source_anchor(name),
            source.citation,
            date_words(source.date) if source.date is not None else "",
            grade_words(source.reliability, source.credibility),
            safe,
            source.note or "",
            _uses(uses.get(name, 0), told.get(name, 0)),
        )


def _tally(cited: Iterable[Iterable[Citation]]) -> dict[str, int]:
    """How many things cite each source; one that cites it twice counts once."""
    found: dict[str, int] = {}
    for citations in cited:
        for name in {citation.of for citation in citations}:
            found[name] = found.get(name, 0) + 1
    return found


def _uses(numbers: int, others: int) -> str:
    """What cites a source, in words."""
    parts = [count(numbers, "number")] if numbers or not others else []
    parts += [count(others, "event or statement", "events or statements")] if others else []
    return names(parts)


def citations_beside(situation: Situation) -> Iterable[tuple[Citation, ...]]:
    """Citations of what is not a number: events of ties, obligations, rallies, shocks, changes, scenarios, claims."""
    stack: list[object] = [situation]
    while stack:
        value = stack.pop()
        if isinstance(value, Estimate | Citation):
            continue
        if isinstance(value, Mapping):
            stack.extend(value.values())
        elif dataclasses.is_dataclass(value):
            cited = getattr(value, "source", ())
            if isinstance(cited, tuple) and cited:
                yield cited
            stack.extend(getattr(value, field.name) for field in dataclasses.fields(value))
