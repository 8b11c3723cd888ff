"""What the lens worked out, as tables: how sure each outcome is, who answers whom, what pushes, which way leads out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.conflict.compute import FOLLOWED_COLUMN
from accord.lenses.conflict.map import graph
from accord.lenses.conflict.picture import NAMES, Picture
from accord.lenses.conflict.why import Temptation
from accord.lenses.conflict.words import actor, changes, outcome, statement, steps
from accord.seen import shared
from accord.situation import Citation, Statement

# Moves shown for one actor, ways out, alliances, statements.
_MOST_MOVES, _MOST_WAYS, _MOST_HINGES = 3, 8, 10
# A statement that moves a share by less decides nothing.
_TELLING = 0.02
_CONCEPT_NOTE = (
    "R: nobody gains by a move of its own. GMR: every gain can be spoilt by some answer of the others. SMR: and the mover"
    " cannot mend that. SEQ: counting only answers that pay those who give them. SIM: the gain is spoilt when others take gains"
    " of their own at the same moment."
)


def tables_of(picture: Picture) -> tuple[Table, ...]:
    """Every table, the most telling first."""
    made = (
        graph(picture),
        robustness(picture),
        answers(picture),
        pushed(picture),
        ways(picture),
        alliances(picture),
        hinges(picture),
        preferences(picture),
    )
    return tuple(table for table in made if table.rows)


def robustness(picture: Picture) -> Table:
    """How probable it is that each followed outcome is an equilibrium, by concept."""
    rows: list[tuple[Cell, ...]] = []
    for state in picture.followed:
        name = outcome(picture.situation, picture.setting, state)
        shares = [picture.share(f"{FOLLOWED_COLUMN}{c}.{picture.key(state)}") for c in picture.concepts]
        rows.append((wording.headline(name), *shares))
    columns = [Column("outcome", "Outcome")]
    columns += [Column(name, NAMES[name], "share of worlds", 0.0, 1.0) for name in picture.concepts]
    return Table(
        "robustness",
        wording.headline(_robust_title(picture)),
        "matrix",
        tuple(columns),
        tuple(rows),
        "Share of worlds in which an outcome is an equilibrium, the present one first, then those that are most often one."
        f" {_CONCEPT_NOTE}",
        extra={
            "low_means": "in no world",
            "high_means": "in every world",
            "line": "share",
            "range": "two standard errors",
        },
    )


def _robust_title(picture: Picture) -> str:
    """How sure the present outcome is, by the weakest and by the strictest concept."""
    wide, strict = picture.share("sticks.GMR"), picture.share("sticks.R")
    if wide is None or strict is None:
        return "no world was worked out"
    return (
        f"what they do now would stick {wording.in_worlds(wide.median)} if every possible answer deters, and"
        f" {wording.in_worlds(strict.median)} if none does"
    )


def answers(picture: Picture) -> Table:
    """Who is tempted to leave the present outcome, and what holds it."""
    rows: list[tuple[Cell, ...]] = []
    owners: list[str] = []
    for k, name in enumerate(picture.setting.model.actors):
        tempted = picture.tempted(k)
        for one in tempted[:_MOST_MOVES]:
            move = changes(picture.situation, picture.setting, one.start, one.reached)
            rows.append((actor(picture.situation, name), move, answer(picture, one)))
            owners.append(name)
        if not tempted:
            who = actor(picture.situation, name)
            rows.append((who, "nothing", "it has no move that it would like better"))
            owners.append(name)
    return Table(
        "answers",
        wording.headline(_answers_title(picture)),
        "plain",
        (Column("actor", "Who"), Column("move", "Is tempted by"), Column("answer", "What answers it")),
        tuple(rows),
        f"At the best estimates, for the outcome as now; at most {_MOST_MOVES} temptations each, the strongest first, with the"
        " shortest answer of the others.",
        actors=tuple(owners),
    )


def _answers_title(picture: Picture) -> str:
    """Who is tempted at all."""
    names = picture.setting.model.actors
    keen = [actor(picture.situation, name) for k, name in enumerate(names) if picture.tempted(k)]
    if not keen:
        return "nobody is tempted to leave what they do now"
    model = picture.setting.model
    free = [
        actor(picture.situation, name)
        for k, name in enumerate(model.actors)
        if any(not one.answers for one in picture.tempted(k))
    ]
    if free:
        return f"{wording.joined(free)} would leave what they do now, and no answer of the others deters that"
    holds = "it" if len(keen) == 1 else "them"
    return (
        f"{wording.joined(keen)} would rather do something else; what holds {holds} is the answer of others"
    )


def answer(picture: Picture, one: Temptation) -> str:
    """What answers one temptation, by the strongest kind of answer there is."""
    said = {
        c: steps(picture.situation, picture.setting, one.reached, [s for _, s in p])
        for c, p in one.answers.items()
    }
    if "SEQ" in said:
        return f"in the interest of those who answer: {said['SEQ']}"
    if "SMR" in said:
        return f"against the interest of those who answer, but beyond repair: {said['SMR']}"
    if "GMR" in said:
        return f"against the interest of those who answer, and it could be mended: {said['GMR']}"
    return "nothing: no answer of the others makes it worse off"


def pushed(picture: Picture) -> Table:
    """Whether the partners would still stay after a move of somebody else."""
    concepts = [name for name in picture.concepts if name != "SIM"]
    rows: list[tuple[Cell, ...]] = []
    for state in picture.pushes:
        move = changes(picture.situation, picture.setting, picture.setting.now, state)
        shares = [picture.share(f"pushed.{name}.{picture.key(state)}") for name in concepts]
        rows.append((wording.headline(move), *shares))
    rows.sort(key=lambda row: (_median(row[-1]), str(row[0])))
    return Table(
        "pushed",
        wording.headline(_pushed_title(picture, rows)),
        "matrix",
        (
            Column("move", "If"),
            *(Column(name, NAMES[name], "share of worlds", 0.0, 1.0) for name in concepts),
        ),
        tuple(rows),
        "Share of worlds in which no partner would leave what it does now after this one move of somebody who is no partner,"
        f" by what deters it. {_CONCEPT_NOTE}",
        extra={
            "low_means": "some partner leaves",
            "high_means": "all partners stay",
            "line": "share",
            "range": "two standard errors",
        },
    )


def _median(cell: Cell) -> float:
    """The middle of a quantity, for sorting."""
    return cell.median if isinstance(cell, Spread) else 2.0


def _pushed_title(picture: Picture, rows: list[tuple[Cell, ...]]) -> str:
    """Which move shakes them most."""
    if not rows or not isinstance(rows[0][-1], Spread):
        return "no move of others was looked at"
    if rows[0][-1].median >= picture.steady:
        return "no single move of an outsider makes it likelier that a partner leaves"
    return f"the move that shakes the partners most: {rows[0][0]}"


def ways(picture: Picture) -> Table:
    """The shortest way from the present outcome to outcomes that would stick."""
    rows: list[tuple[Cell, ...]] = []
    for route in picture.routes[:_MOST_WAYS]:
        end = wording.headline(outcome(picture.situation, picture.setting, route.target))
        said = steps(picture.situation, picture.setting, picture.setting.now, [s.to for s in route.steps])
        against = [_mover(picture, step.actor) for step in route.against_interest]
        pays = f"no, not {wording.joined(list(dict.fromkeys(against)))}" if against else "yes"
        rows.append((end, len(route.steps), pays, said))
    return Table(
        "ways",
        wording.headline(_ways_title(rows)),
        "plain",
        (
            Column("outcome", "Outcome"),
            Column("moves", "Moves"),
            Column("pays", "Does every move pay the mover?"),
            Column("way", "The way there"),
        ),
        tuple(rows),
        "At the best estimates: the shortest sequence of moves from what they do now to each outcome from which nobody would"
        " move (R; SEQ where there is no such outcome), each move to its mover's liking where that is possible.",
    )


def _mover(picture: Picture, index: int) -> str:
    """What people call an actor of the model."""
    return actor(picture.situation, picture.setting.model.actors[index])


def alliances(picture: Picture) -> Table:
    """Which alliance could leave the present outcome together, and whether it would hold."""
    rows: list[tuple[Cell, ...]] = []
    scan, now = picture.scan, picture.setting.now
    for broken in scan.breaks if scan is not None else ():
        if broken.state == now:
            names = wording.joined([_mover(picture, k) for k in broken.alliance])
            move = changes(picture.situation, picture.setting, now, broken.best.state)
            left = wording.joined([_mover(picture, k) for k in broken.best.defectors])
            holds = "yes" if broken.best.holds else f"no: {left} would leave it"
            rows.append((names, NAMES[broken.concept], move, holds))
    title = (
        "no alliance could profitably leave what they do now where single actors would not"
        if not rows
        else f"{wording.count(len(rows), 'time')} an alliance would leave what no single actor would"
    )
    return Table(
        "alliances",
        wording.headline(title),
        "plain",
        (
            Column("alliance", "Alliance"),
            Column("concept", "What deters it"),
            Column("move", "Would go to"),
            Column("holds", "Would the alliance hold there?"),
        ),
        tuple(rows),
        _alliance_note(picture),
    )


def _alliance_note(picture: Picture) -> str:
    """What was scanned, and which alliances break which outcomes that single actors would not leave."""
    scan = picture.scan
    if scan is None:
        return "Too many actors or outcomes to look at every alliance."
    count = len(scan.partitions)
    broken = sorted({b.alliance for b in scan.breaks}, key=lambda a: (len(a), a))
    names = [" with ".join(_mover(picture, k) for k in a) for a in broken[:_MOST_MOVES]]
    elsewhere = (
        f" Elsewhere single equilibria are broken by {wording.count(len(broken), 'alliance')}, first {'; '.join(names)}."
        if broken
        else ""
    )
    return (
        f"At the best estimates: every alliance of two or more actors in all {count:,} ways to divide them; an alliance moves"
        f" when each member gains and the answer of the others does not spoil it.{elsewhere}"
    )


def _ways_title(rows: list[tuple[Cell, ...]]) -> str:
    """How far the nearest outcome that would stick is."""
    paying = [row for row in rows if row[2] == "yes"]
    if not paying:
        return "no way leads out in which every move pays the one who makes it"
    nearest = min(paying, key=lambda row: (int(str(row[1])), str(row[0])))
    count = int(str(nearest[1]))
    return f"the nearest way out takes {count} move{'s' if count != 1 else ''}: {nearest[0]}"


def hinges(picture: Picture) -> Table:
    """Which statement carries the present outcome: its probability with and without."""
    found = sorted(_hinged(picture), key=lambda h: (-abs(h.counts.median - h.does_not.median), h.says))
    return Table(
        "hinges",
        wording.headline(_hinges_title(found)),
        "shift",
        (
            Column("statement", "Statement"),
            Column("without", "where it does not count", "share of worlds", 0.0, 1.0),
            Column("with", "where it counts", "share of worlds", 0.0, 1.0),
        ),
        tuple((h.says, h.does_not, h.counts) for h in found[:_MOST_HINGES]),
        "Share of worlds in which the present outcome is an equilibrium even though the mover can reply (SMR), among worlds in"
        " which an actor does and does not order outcomes by the statement; with an interval of two standard errors.",
        actors=tuple(h.actor for h in found[:_MOST_HINGES]),
        extra={"some_worlds": True},
    )


@dataclass(frozen=True, slots=True)
class _Hinge:
    """One statement, and how probable the present outcome is with and without it."""

    actor: str
    says: str
    does_not: Spread
    counts: Spread


def _hinged(picture: Picture) -> Iterator[_Hinge]:
    """Every statement that counts in some worlds and not in others."""
    stays = picture.over.get("sticks.SMR", np.empty(0))
    for name in picture.setting.model.actors:
        for place, said in enumerate(_statements(picture, name)):
            held = picture.over.get(f"holds.{name}.{place}", np.empty(0))
            if len(held) and 0.0 < held.mean() < 1.0:
                text = statement(picture.situation, said.says)
                without, within = (shared(stays[held == counts]) for counts in (0.0, 1.0))
                if without is not None and within is not None:
                    yield _Hinge(name, f"{actor(picture.situation, name)}: {text}", without, within)


def _statements(picture: Picture, name: str) -> tuple[Statement, ...]:
    """The statements of an actor; none where its preference is said in another way."""
    stated = picture.situation.preferences.get(name)
    return () if stated is None else stated.statements


def _hinges_title(found: list[_Hinge]) -> str:
    """Which statement matters most."""
    if not found:
        return "no statement is in doubt"
    top = found[0]
    if abs(top.counts.median - top.does_not.median) < _TELLING:
        return "no single statement decides whether the present outcome sticks"
    return (
        f"most hangs on one statement: {top.says} (the present outcome sticks"
        f" {wording.in_worlds(top.counts.median)} with it, {wording.in_worlds(top.does_not.median)} without)"
    )


def preferences(picture: Picture) -> Table:
    """Who orders outcomes by what, with the evidence."""
    rows: list[tuple[Cell, ...]] = []
    owners: list[str] = []
    for name in picture.setting.model.actors:
        rank = 0
        for place, said in enumerate(_statements(picture, name)):
            rank += not said.tied
            sure = picture.share(f"holds.{name}.{place}")
            text = statement(picture.situation, said.says)
            rows.append((actor(picture.situation, name), rank, text, sure, _cited(said.source)))
            owners.append(name)
    return Table(
        "preferences",
        wording.headline("who orders outcomes by what, the most important first"),
        "plain",
        (
            Column("actor", "Who"),
            Column("rank", "Rank"),
            Column("statement", "Prefers outcomes in which"),
            Column("sure", "Counts in", "share of worlds", 0.0, 1.0),
            Column("source", "Source"),
        ),
        tuple(rows),
        "The first statement that tells two outcomes apart decides between them (option prioritisation).",
        actors=tuple(owners),
    )


def _cited(source: tuple[Citation, ...]) -> str:
    """Where it is reported, or that it is our assumption."""
    return ", ".join(f"{c.of} {c.locator or ''}".strip() for c in source) or "assumed"
