"""Pages of the ledger: scores with post-mortems, and what happened since a case was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from accord.finding import Column, Table
from accord.forecasting.jobs import LookBack
from accord.ledger.forecast import Item
from accord.ledger.scores import (
    CLIP,
    DEPENDENT,
    HINDSIGHT,
    ONE_HISTORY,
    Groups,
    Scored,
    grouped,
)
from accord.ledger.since import Since
from accord.ledger.tables import (
    by_maker,
    calibration_table,
    facts_table,
    given,
    late_words,
    means_table,
    scores_table,
    unbroken,
)
from accord.report.leaf import Entry, Leaf, Section
from accord.report.view import Point
from accord.situation import Situation

_READING = (
    "The Brier score of a yes-or-no question is (p − o)^2 with o = 1 for a yes: 0 is best, 1 worst, .25 for saying one half.",
    "The Brier score of a cause with several classes is the sum over classes, 0 to 2.",
    f"The log score is −ln of the probability given to what happened; probabilities below {CLIP:g} count as {CLIP:g}.",
    "The surprise is the log score in bits: 1 bit for what was given one half, 3 for what was given one in eight.",
    "Made in time: frozen before its day, and before its outcome was seen or stood in the ledger; the same day is not in time.",
)
_FOOT = "Made by Accord from its forecast ledger. It scores what was frozen, not what was meant."


def score_page(items: Sequence[Item], head: str = "") -> Leaf:
    """Scores, calibration and a post-mortem for every resolved forecast."""
    groups = grouped(items)
    resolved = len(groups.every)
    said = f"{resolved} of {len(items)} forecasts are resolved." if items else "The ledger is empty."
    sections = [_scores(groups)]
    sections += _calibrations(groups)
    if groups.every:
        sections.append(
            Section("Post-mortem", entries=tuple(_entry(one) for one in _by_surprise(groups.every)))
        )
    if groups.open:
        sections.append(Section("Still open", tables=(_open_table(groups.open),)))
    notes = (*_READING, *((f"Last line of the ledger: {head}.",) if head else ()))
    sections.append(Section("How to read this", notes=notes))
    return Leaf("Accord forecast ledger", "How the forecasts fared", said, tuple(sections), _FOOT)


def _by_surprise(every: Sequence[Scored]) -> list[Scored]:
    """The most surprising first."""
    return sorted(every, key=lambda one: (-one.surprise, one.item.forecast.id))


def _scores(groups: Groups) -> Section:
    """Mean scores, and each resolved forecast."""
    if not groups.every:
        return Section("The scores", says=("No forecast is resolved yet, so there is nothing to score.",))
    warnings = [ONE_HISTORY, DEPENDENT]
    if groups.late:
        warnings.append(f"{groups.late} after the fact. {HINDSIGHT}")
    tables = [means_table(groups)]
    for number, (who, every) in enumerate(by_maker(groups.every).items(), 1):
        name = "scores" if number == 1 else f"scores-{number}"
        tables.append(scores_table(every, f"Every resolved forecast of {who}", name))
    return Section("The scores", tuple(warnings), (), tuple(tables))


def _calibrations(groups: Groups) -> list[Section]:
    """The figures, of those made in time where there are any; the model's and each analyst's apart."""
    parts = [("Said by the model and come true", groups.ahead, groups.hindsight)]
    for who, (ahead, late) in groups.analysts.items():
        parts.append((f"Said by {who or 'the analyst'} and come true", ahead, late))
    found = []
    for title, ahead, late in parts:
        says = () if ahead else ("All of these were made after the fact.",)
        if ahead or late:
            found.append(Section(title, (), says, (calibration_table(ahead or late),)))
    return found


def _entry(one: Scored) -> Entry:
    """The post-mortem of one forecast."""
    made, told = one.item.forecast, one.item.resolution
    assert told is not None
    base = made.baseline
    points = [
        Point("Forecast", f"{given(one.item)}{_error(one.item)}"),
        Point("By", made.by),
        Point("Outcome", f"{told.outcome.replace('_', ' ')} (seen {told.on})"),
        Point("Source", told.source),
        Point("Surprise", f"{one.surprise:.1f} bits; Brier score {one.brier:.3f}"),
    ]
    if base is not None:
        points.append(Point("The class said", f"{base.probability:.3f} yes ({base.says}; {base.source})"))
    points.append(Point("Frozen", _frozen(one.item)))
    return Entry(made.question, tuple(points), tuple(_said(one)))


def _error(item: Item) -> str:
    """The error from the number of worlds, where there is one."""
    error = item.forecast.errors.get("yes")
    return "" if error is None else f" (± {error:.3f} from {item.forecast.worlds:,} worlds)"


def _frozen(item: Item) -> str:
    """Who froze it, when, from what."""
    made = item.forecast
    own = f"{made.said_by or 'the analyst'}'s own"
    what = f"output {made.output}, month {made.month}" if made.whose == "model" else own
    digests = f"; situation {made.situation[:12]}" + (f", run {made.run[:12]}" if made.run else "")
    late = f"; {late_words(item)}" if item.after_the_fact else ""
    return f"{item.frozen_at}, Accord {made.version}, {what}{digests}{late}"


def _said(one: Scored) -> list[str]:
    """How surprising it was, what carried it, and what was corrected."""
    made = one.item.forecast
    found = []
    if one.surprise > 3.0:
        found.append("A miss: what happened had been given less than one in eight. Look at what carried it.")
    if made.carried:
        moved = ", ".join(f"{c.path} ({signed(c.correlation)})" for c in made.carried)
        found.append(f"It moved with these numbers most (rank correlation over worlds): {moved}.")
    elif made.whose == "model":
        found.append("No single number moved it beyond what chance would show.")
    if made.note:
        found.append(f"Noted then: {made.note.rstrip('.')}.")
    if len(one.item.resolutions) > 1:
        before = [f"{r.outcome} ({at[:10]}, line {number})" for number, at, r in one.item.resolutions[:-1]]
        found.append(f"Corrected; said before: {', '.join(before)}.")
    last = one.item.resolution
    if last is not None and last.note:
        found.append(f"Noted with the outcome: {last.note.rstrip('.')}.")
    return found


def signed(value: float) -> str:
    """A correlation with its sign."""
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def _open_table(items: Sequence[Item]) -> Table:
    """Forecasts that are open."""
    columns = (Column("question", "question"), Column("by", "by"), Column("forecast", "forecast"))
    rows = tuple((one.forecast.question, unbroken(one.forecast.by), given(one)) for one in items)
    return Table("open", "Forecasts without an outcome", "plain", columns, rows)


def since_page(found: LookBack) -> Leaf:
    """What happened since a case was written: its questions scored, every fact with the claims it bears on."""
    situation, known = found.situation, found.known
    groups = grouped(found.items)
    sections = [
        _look_back_scores(found, groups),
        *_calibrations(groups),
        Section("What happened since", tables=(facts_table(known), _claims_table(situation, known))),
    ]
    if known.corrections:
        sections.append(Section("What corrects the sources of then", notes=known.corrections))
    if groups.every:
        sections.append(
            Section("Post-mortem", entries=tuple(_entry(one) for one in _by_surprise(groups.every)))
        )
    sections.append(Section("How to read this", notes=_READING))
    lead = (
        f"Facts from {situation.as_of} to {known.until}, none of which is among the inputs, and the dated questions of the"
        " case, scored with the inputs of then."
    )
    return Leaf(
        "Accord retrospective", f"{situation.title}: what happened since", lead, tuple(sections), _FOOT
    )


def _look_back_scores(found: LookBack, groups: Groups) -> Section:
    """The case's questions, those that the model answers with scores and the others with their answers."""
    n, left = len(groups.every), len(found.unanswered)
    asked = len(found.situation.resolve)
    says = [f"The model answers {n} of the {asked} questions; no output of it answers the other {left}."]
    if groups.hindsight_causes or groups.ahead_causes:
        says.append(
            "The question how it ended is scored over all its classes, and apart from those of yes or no."
        )
    title = f"The {n} questions that the model answers"
    tables = [
        means_table(groups),
        scores_table(groups.every, title),
        _unanswered_table(found),
    ]
    causes = [one.item for one in (*groups.hindsight_causes, *groups.ahead_causes)]
    tables += [_cause_table(item) for item in causes]
    return Section(
        "The questions, scored with the inputs of then",
        (ONE_HISTORY, DEPENDENT, HINDSIGHT),
        tuple(says),
        tuple(tables),
    )


def _unanswered_table(found: LookBack) -> Table:
    """Questions without a forecast, with what became of them."""
    alike = len({one.says for one in found.unanswered}) == 1
    columns = (
        Column("question", "question"),
        Column("by", "by"),
        Column("answer", "answer"),
        Column("source", "reported in"),
        *(() if alike else (Column("why", "why not forecast"),)),
    )
    rows = []
    for one in found.unanswered:
        answer = found.known.answers.get(one.question_id)
        told = (
            "not known" if answer is None else f"{answer.outcome}{f' ({answer.note})' if answer.note else ''}"
        )
        source = "" if answer is None else found.known.source_of(answer)
        rows.append((one.question, unbroken(one.by), told, source, *(() if alike else (one.says,))))
    note = f"All for one reason: {found.unanswered[0].says}" if alike else ""
    return Table("unanswered", "Not forecast by the model", "plain", columns, tuple(rows), note)


def _cause_table(item: Item) -> Table:
    """The forecast of the cause, class by class."""
    made, told = item.forecast, item.resolution
    columns = (
        Column("cause", "how it ends"),
        Column("probability", "forecast"),
        Column("happened", "happened"),
    )
    rows = tuple(
        (name.replace("_", " "), f"{p:.3f}", "yes" if told is not None and told.outcome == name else "no")
        for name, p in sorted(made.probabilities.items(), key=lambda one: (-one[1], one[0]))
    )
    outcome = told.outcome if told is not None else ""
    title = (
        f"What happened, {outcome.replace('_', ' ')}, was given {made.probabilities.get(outcome, 0.0):.3f}"
    )
    return Table("cause", title, "plain", columns, rows, f"By {made.by}: {made.question}")


def _claims_table(situation: Situation, known: Since) -> Table:
    """Claims that facts bear on, with the facts by direction."""
    facts: dict[str, dict[str, list[str]]] = {}
    for fact in known.facts:
        for bearing in fact.bears:
            for claim in bearing.claims:
                facts.setdefault(claim, {}).setdefault(bearing.direction, []).append(str(fact.number))
    columns = (
        Column("claim", "claim"),
        Column("says", "says"),
        Column("plus", "confirmed by fact"),
        Column("minus", "refuted by fact"),
        Column("open", "ambiguous by fact"),
    )
    rows = tuple(
        (
            name,
            situation.claims[name].says if name in situation.claims else "not in the file",
            *(", ".join(by.get(key, [])) or "none" for key in ("+", "-", "~")),
        )
        for name, by in sorted(facts.items())
    )
    clear = Counter(
        "confirmed" if set(by) == {"+"} else "refuted" if set(by) == {"-"} else "mixed"
        for by in facts.values()
    )
    title = (
        f"Of {len(facts)} claims that facts bear on, {clear['confirmed']} are confirmed only, {clear['refuted']} refuted"
        f" only, {clear['mixed']} mixed or ambiguous"
    )
    return Table("claims", title, "plain", columns, rows, "Facts by their place in the table above")
