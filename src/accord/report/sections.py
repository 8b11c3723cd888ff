"""The sections of the report other than evidence, each as plain rows of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.figures.numbers import exact
from accord.figures.style import Look, looks_of, spoken
from accord.finding import Finding, Table
from accord.report.evidence import Ledger
from accord.report.paths import actor_label, path_words, threat_label
from accord.report.view import ReportView
from accord.report.words import capital, count, date_words, estimate_words, names, sentence
from accord.situation import Change, Citation, Estimate, Situation, matches

METHODS = {
    "sobol": "a Sobol sequence, which covers the ranges more evenly than chance",
    "latin": "Latin hypercube sampling, which covers every range evenly",
}
# Tables that come first in their section, in this order: survival, trials, causes; the rest follows as the lens gives it.
FIRST = ("survival", "trials", "hazard_ratios", "endings", "enders")
# Closed forms have a section of their own, behind the lens that has the fault lines.
CLOSED = frozenset({"prices", "trust_needed", "patience_needed"})
RIFTS = "fault_lines"
# Tables that say more of what another one has shown: first seen as a title only, and left out on paper.
FOLDED = {
    "alignment": ("bonds", "wells", "partings", "frustration", "beside"),
    "bargaining": ("landscape", "turns", "why"),
    "conflict": ("pushed", "preferences"),
    "endurance": ("trust", "influence", "course"),
    "interests": ("fault_line_ranks", "similarity_pairs"),
    "precedent": ("incidence_by_class", "causes", "model_calibration"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One actor in one role; *look* is its colour and marker, None when it is no actor."""

    role: str
    label: str
    kind: str
    about: str
    look: Look | None


@dataclass(frozen=True, slots=True)
class Link:
    """Words that may lead to a number's row."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One claim on file."""

    ident: str
    says: str
    kind: str
    where: str
    carried_by: tuple[Link, ...]
    note: str
    result: str


@dataclass(frozen=True, slots=True)
class Course:
    """A scenario or a shock: what happens, and which numbers it changes."""

    label: str
    says: str
    when: str
    changes: tuple[tuple[Link, str, str], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """A dated question that the future will answer."""

    question: str
    by: str
    outcome: str


def people(situation: Situation) -> tuple[Person, ...]:
    """Everybody who matters, by role: partners, client, threats, suitors, others."""
    looks, partnership = looks_of(situation), situation.partnership
    rows = [_person(situation, looks, "Partner", name) for name in sorted(partnership.patrons)]
    if partnership.client is not None:
        rows.append(_person(situation, looks, "Client", partnership.client.actor))
    for name, threat in partnership.threats.items():
        known = _person(situation, looks, "Threat", threat.actor or name)
        rows.append(Person("Threat", threat_label(situation, name), known.kind, known.about, known.look))
    for name, suitor in partnership.suitors.items():
        row = _person(situation, looks, "Suitor", name)
        courted = names(actor_label(situation, to) for to in suitor.offers)
        about = f"{row.about} Could make an offer to {courted}." if courted else row.about
        rows.append(Person("Suitor", row.label, row.kind, about.strip(), row.look))
    placed = {*partnership.patrons, *partnership.suitors, *(t.actor for t in partnership.threats.values())}
    placed |= {partnership.client.actor} if partnership.client is not None else set()
    rows += [
        _person(situation, looks, "Also involved", name) for name in sorted(set(situation.actors) - placed)
    ]
    return tuple(rows)


def _person(situation: Situation, looks: Mapping[str, Look], role: str, name: str) -> Person:
    """One actor in one role."""
    actor = situation.actors.get(name)
    if actor is None:
        return Person(role, spoken(name), "", "", None)
    about = [sentence(actor.about)] if actor.about else []
    if actor.part_of is not None:
        about.append(f"Part of {actor_label(situation, actor.part_of)}.")
    if actor.factions:
        inner = names(faction.label or spoken(key) for key, faction in actor.factions.items())
        about.append(f"Factions: {inner}.")
    return Person(role, actor_label(situation, name), actor.kind, " ".join(about), looks.get(name))


def is_closed(table: Table) -> bool:
    """Whether a table holds closed forms."""
    return table.name in CLOSED


def is_folded(lens: str, table: Table) -> bool:
    """Whether only the title of a table is seen at first."""
    return table.name.partition(".")[0] in FOLDED.get(lens, ())


def in_order(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables of a lens in the order of the report, without closed forms."""

    def place(table: Table) -> int:
        """Where a table comes."""
        head = table.name.partition(".")[0]
        return FIRST.index(head) if head in FIRST else len(FIRST)

    return tuple(sorted((table for table in tables if not is_closed(table)), key=place))


def absent(situation: Situation) -> str:
    """Which roles nobody fills, in one sentence; empty when all are filled."""
    partnership = situation.partnership
    open_roles = [("client", partnership.client is None), ("threat", not partnership.threats)]
    missing = [role for role, is_open in [*open_roles, ("suitor", not partnership.suitors)] if is_open]
    return f"The file names no {names(missing, 'and no')}." if missing else ""


def lead(view: ReportView) -> tuple[str, ...]:
    """The answer in one or two paragraphs: as given, else the first sentences of the findings."""
    if view.lead:
        return tuple(sentence(text) for text in view.lead if text.strip())
    answered = [finding for finding in view.findings if finding.says]
    if not answered:
        return ("No lens has answered." if unanswered(view) else "No lens has looked at this situation.",)
    first = " ".join(sentence(text) for text in answered[0].says[:3])
    others = " ".join(sentence(finding.says[0]) for finding in answered[1:])
    return tuple(text for text in (first, others) if text)


def warnings(view: ReportView) -> tuple[str, ...]:
    """What a reader must know before believing a number: interruption and failed worlds."""
    said = []
    if not view.complete and not view.worlds:
        said.append(
            "This run was interrupted before any world was computed: what follows rests on best estimates alone."
        )
    elif not view.complete:
        of = f" of the {view.asked:,} asked for" if view.asked else ""
        done = count(view.worlds, "world")
        said.append(
            f"This run was interrupted: {done}{of} had been computed, and every range rests on those alone."
        )
    said += [f"Not in this report: {text}." for text in view.left_out]
    if view.failed_worlds:
        verb = "it is" if view.failed_worlds == 1 else "they are"
        failed = f"{view.failed_worlds:,} of {count(view.worlds, 'world')} could not be computed"
        said.append(f"{failed}; {verb} counted as undefined, not left out quietly.")
    return tuple(said)


def unanswered(view: ReportView) -> tuple[str, ...]:
    """Lenses that gave no answer, each with its reasons in brackets."""
    silent = ("not_applicable", "failed")
    said = [
        (f.lens, [need.says for need in f.needs] or list(f.says[:1]))
        for f in view.findings
        if f.status in silent
    ]
    said += [(lens, list(reasons)) for lens, reasons in view.not_fitting]
    return tuple(
        f"{spoken(lens)} ({'; '.join(reasons)})" if reasons else spoken(lens) for lens, reasons in said
    )


def reads(finding: Finding, ledger: Ledger) -> tuple[Link, ...]:
    """The numbers that a lens used, each with its row, in the order of the file."""
    wanted = set(finding.reads)
    stars = [pattern for pattern in finding.reads if "*" in pattern]
    used = (p for p in ledger.links if p in wanted or any(matches(p, pattern) for pattern in stars))
    return tuple(Link(ledger.links[path][1], ledger.links[path][0]) for path in used)


def claims(view: ReportView, ledger: Ledger) -> tuple[ClaimView, ...]:
    """Every claim on file."""
    return tuple(
        ClaimView(
            ident,
            sentence(claim.says),
            claim.kind,
            _cited(view.situation, claim.source),
            tuple(_link(view.situation, ledger, path) for path in claim.encoded_by),
            sentence(claim.note or ""),
            view.claim_results.get(ident, "not yet tested"),
        )
        for ident, claim in view.situation.claims.items()
    )


def _link(situation: Situation, ledger: Ledger, path: str) -> Link:
    """A path in words, leading to its row where it is a number or a block around a single one."""
    if path in ledger.links:
        return Link(ledger.links[path][1], ledger.links[path][0])
    below = [href for known, (href, _) in ledger.links.items() if known.startswith(f"{path}.")]
    return Link(path_words(situation, path), below[0] if len(below) == 1 else "")


def _cited(situation: Situation, citations: tuple[Citation, ...]) -> str:
    """Sources in short, several places in one source said together; the place alone where the file has one source."""
    places: dict[str, list[str]] = {}
    for citation in citations:
        places.setdefault(citation.of, []).append(citation.locator or "")
    only = len(situation.sources) == 1
    said = []
    for of, where in places.items():
        inner = ", ".join(filter(None, where))
        said.append(inner if only and inner else f"{spoken(of)} {inner}".strip())
    return "; ".join(said)


def scenarios(view: ReportView, ledger: Ledger) -> tuple[Course, ...]:
    """Every scenario of the file."""
    return tuple(
        Course(
            capital(s.label or spoken(name)),
            sentence(s.says),
            "",
            _changes(view.situation, ledger, s.changes),
            "",
        )
        for name, s in view.situation.scenarios.items()
    )


def shocks(view: ReportView, ledger: Ledger) -> tuple[Course, ...]:
    """Every shock of the file."""
    rows = []
    for name, shock in view.situation.shocks.items():
        when = date_words(shock.date) if shock.date is not None else "at random"
        if shock.hazard is not None:
            when += f", {estimate_words(shock.hazard, 'probability per month')}"
        if shock.in_file:
            when += ", already in the numbers"
        changes = _changes(view.situation, ledger, shock.changes)
        rows.append(
            Course(spoken(name), sentence(shock.says), when, changes, _cited(view.situation, shock.source))
        )
    return tuple(rows)


def _changes(
    situation: Situation, ledger: Ledger, changes: Mapping[str, Change]
) -> tuple[tuple[Link, str, str], ...]:
    """Changes in words: which number, how, and why."""
    return tuple(
        (_link(situation, ledger, path), ", ".join(_change(change)) or "unchanged", change.assumed or "")
        for path, change in changes.items()
    )


def _change(change: Change) -> Iterator[str]:
    """One change in words."""
    if change.to is not None:
        yield f"set to {_value(change.to)}"
    if change.times is not None:
        yield f"multiplied by {exact(change.times)}"
    if change.plus is not None:
        yield f"raised by {exact(change.plus)}" if change.plus >= 0 else f"lowered by {exact(-change.plus)}"
    if change.against is not None:
        yield f"compared with {_value(change.against)}"


def _value(value: Any) -> str:
    """A value of a change as it was written."""
    if isinstance(value, Estimate):
        return estimate_words(value)
    if isinstance(value, Mapping) and {"low", "high"} <= set(value) <= {"low", "best", "high"}:
        best = f"best {_value(value['best'])}, " if "best" in value else ""
        return f"{best}between {_value(value['low'])} and {_value(value['high'])}"
    if isinstance(value, Mapping):
        return ", ".join(f"{spoken(str(key))} {_value(inner)}" for key, inner in value.items())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return exact(float(value))
    return str(value)


def questions(situation: Situation) -> tuple[Question, ...]:
    """What the future will settle."""
    said = {None: "open", True: "yes", False: "no"}
    return tuple(
        Question(sentence(r.question), date_words(r.by), said[r.outcome]) for r in situation.resolve.values()
    )


def drawn_by(view: ReportView) -> str:
    """How worlds were drawn, in words."""
    return METHODS.get(view.method, view.method)
