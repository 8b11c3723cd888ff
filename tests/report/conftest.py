"""A made-up pact between Norland and Sudland, as large as a real case, for everything that the report shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Literal

import pytest

from accord.finding import Column, Finding, Measure, Need, Spread, Table
from accord.problems import Problem
from accord.report import ReportView, page
from accord.situation import (
    Actor,
    Change,
    Citation,
    Claim,
    Client,
    Day,
    Estimate,
    Faction,
    Issue,
    Obligation,
    Offer,
    Partnership,
    Patron,
    PatronThreat,
    Resolution,
    Resource,
    Scale,
    Scenario,
    Shock,
    Situation,
    Source,
    Stance,
    Suitor,
    Threat,
    Tie,
)

NAN = math.nan
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"quoted\" & $x^2$ 'single'"
WORLDS = 2048
ISSUES = {
    "order": "order after the war",
    "length": "length of the campaign",
    "exit": "terms of leaving",
    "leader": "fate of the leader",
    "world": "role of the Westland federation in the world",
    "mastery": "mastery in the capital",
}
ACTORS = {
    "norland": "Norland",
    "sudland": "Sudland",
    "midland": "Midland regime",
    "westland": "Westland",
    "rebels": "Westland-backed rebels",
    "zealots": "Zealots",
    "coast": "Coastal cities",
    "hill_militias": "Hill militias and their friends abroad",
}
AT_THE_TABLE = tuple(ACTORS)[:6]


def spread(best: float, low: float, high: float, undefined: int = 0) -> Spread:
    """A quantity over worlds."""
    return Spread(best, low, (best + low + high) / 3, high, WORLDS, undefined)


def numbers() -> Iterator[Estimate]:
    """Estimates of every sort, over and over: sourced, assumed for a reason, bare."""
    essay, yearbook = Citation("essay", "P4"), Citation("yearbook", "table 3.1", Day(2012), "A", 2)
    while True:
        yield Estimate(0.4, 0.2, 0.6, "pert", (), None, (essay, Citation("essay", "P7")), "moderate")
        yield Estimate(None, 0.1, 0.8, "uniform", assumed="No source says; all that analysts hold possible")
        yield Estimate(0.675, 0.55, 0.8, "pert", (), "likely", (essay, yearbook), "low")
        yield Estimate(0.25)
        yield Estimate(0.3, 0.1, 0.7, "pert", assumed="As for a public at peace", note="Not settled")


def situation() -> Situation:
    """The pact, with about 130 numbers and 58 claims."""
    number = numbers()
    stances = {issue: {a: Stance(next(number), next(number)) for a in AT_THE_TABLE} for issue in ISSUES}
    scale = Scale(0, 100, "nothing is kept", "all stays as it is")
    allies = ("norland", "sudland")
    return Situation(
        1,
        "The pact of Norland and Sudland",
        Day(2014, 12),
        _partnership(number),
        _actors(number),
        "Is their cooperation tactical or strategic, and what would end it?",
        "Two powers keep a third alive against common enemies, each for reasons of its own",
        resources={"air": Resource("air power"), "ground": Resource("ground forces")},
        issues={name: Issue(f"What about the {label}?", scale, label) for name, label in ISSUES.items()},
        stances=stances,
        ties={
            a: {b: Tie(next(number), next(number), next(number)) for b in allies if a != b}
            for a in AT_THE_TABLE[:3]
        },
        sources=_sources(),
        claims=_claims(),
        scenarios=_scenarios(),
        shocks=_shocks(next(number)),
        resolve={"still_there": Resolution("Are both still in the country?", Day(2017, 12))},
        name="norland-sudland-2014",
        digest="3f9a0d" * 10,
    )


def _partnership(number: Iterator[Estimate]) -> Partnership:
    """Two patrons, a client, two threats, a suitor."""
    terms = ("material_cost", "patience", "fatigue", "foresight", "breaking_cost", "discount", "own_losses")
    enemies = ("zealots", "rebels")
    patrons = {
        name: Patron(
            {threat: PatronThreat(next(number), next(number)) for threat in enemies},
            since=Day(2014, 9),
            terms={term: next(number) for term in terms},
        )
        for name in ("sudland", "norland")
    }
    offer = Offer({term: next(number) for term in ("rate", "size", "credibility")})
    return Partnership(
        patrons,
        Client("midland", {"balancing": next(number)}),
        {name: Threat(name, None, next(number), next(number)) for name in enemies},
        {"westland": Suitor({"norland": offer})},
        {"pact": Obligation("To keep the regime alive", ("norland", "sudland"), Day(2014))},
        territory=next(number),
    )


def _actors(number: Iterator[Estimate]) -> dict[str, Actor]:
    """Eight actors, some with means and factions."""
    means = {name: {r: next(number) for r in ("air", "ground")} for name in AT_THE_TABLE}
    factions = {"guards": Faction(next(number), "the Guards"), "cabinet": Faction(next(number))}
    return {
        name: Actor(
            "state",
            label,
            about=f"What one must know about {label}",
            capability=means.get(name, {}),
            factions=factions if name == "sudland" else {},
        )
        for name, label in ACTORS.items()
    }


def _sources() -> dict[str, Source]:
    """Two graded sources, one with an address that no page should link to."""
    essay = (
        "Writer, A. The pact that nobody wanted: why two powers keep a third alive. Review of Affairs, 2014"
    )
    return {
        "essay": Source(essay, Day(2014, 12), "B", 3, "https://example.org/pact"),
        "yearbook": Source(
            "Yearbook of Armed Forces", Day(2013), "A", 1, "javascript:alert(3)", "Tanks only"
        ),
    }


def _claims() -> dict[str, Claim]:
    """As many claims as the essay has."""
    kinds: tuple[Literal["input", "identity", "paired", "output"], ...] = (
        "input",
        "identity",
        "paired",
        "output",
    )
    carried = (
        "partnership.patrons.norland.fatigue",
        "partnership.threats",
        "stances.leader.sudland.position",
    )
    return {
        f"C{i:02d}": Claim(
            f"Claim number {i} says that one thing follows from another",
            kinds[i % 4],
            (Citation("essay", f"P{1 + i % 16}"),),
            carried[: 1 + i % 3],
        )
        for i in range(1, 59)
    }


def _scenarios() -> dict[str, Scenario]:
    """Two other courses of events."""
    losses = Change(times=4, assumed="As in an earlier war")
    return {
        "threat_gone": Scenario("The zealots are beaten", {"partnership.threats.zealots.level": Change(0.0)}),
        "losses": Scenario("Men die", {"partnership.patrons.norland.own_losses": losses}, "Heavy losses"),
    }


def _shocks(hazard: Estimate) -> dict[str, Shock]:
    """One that has happened and one that may."""
    bomb = (Citation("essay", "P5"), Citation("essay", "P6"))
    wider = Change({"low": 0.1, "best": 0.2, "high": 0.4})
    changes = {"partnership.territory": Change(plus=-0.2), "stances.order.norland.position": wider}
    return {
        "airliner": Shock(
            "A bomb brings down an airliner", date=Day(2014, 10, 31), in_file=True, source=bomb
        ),
        "coup": Shock("Officers topple the leader", changes, hazard=hazard),
    }


def interests() -> Finding:
    """A finding with three kinds of drawings."""
    measure = Measure(
        "similarity", "Similarity of the partners", spread(0.31, 0.1, 0.5, 12), "", "1 same, -1 opposite"
    )
    return Finding(
        "interests",
        "where do they agree, and where not?",
        "found",
        (
            "They agree on the order after the war",
            "They are far apart on who is master in the capital",
            "In 83 of 100 worlds the leader's fate divides them most at the end",
        ),
        (agreement(), fault_lines(), similarity()),
        (measure,),
        ("Missing stances leave a pair undefined",),
        ("stances.**", "partnership.territory"),
        "hand-worked cases of three actors and three issues",
    )


def agreement() -> Table:
    """Dots with intervals; the last one is undefined everywhere."""
    labels = list(ISSUES.values())
    values = ((0.92, 0.8, 0.97), (0.55, 0.3, 0.72), (0.4, 0.2, 0.66), (0.35, 0.1, 0.6), (0.3, 0.1, 0.5))
    rows = [(label, spread(*v)) for label, v in zip(labels, values, strict=False)]
    return Table(
        "agreement",
        "Norland and Sudland agree on the order and least on who is master",
        "intervals",
        (Column("issue", "Issue"), Column("agreement", "agreement", "share", 0, 1)),
        (*rows, (labels[5], Spread(NAN, NAN, NAN, NAN, WORLDS, WORLDS))),
        "1 is the same position, 0 the opposite ends of the scale",
    )


def fault_lines() -> Table:
    """Dumbbells, some undefined in some worlds and one in all."""
    starts = zip(list(ISSUES.values()), (0.3, 0.25, 0.2, 0.1), strict=False)
    moved = [
        (label, spread(v, v / 2, v * 1.4), spread(v * 1.8, v, v * 2.3, 40 * i))
        for i, (label, v) in enumerate(starts)
    ]
    return Table(
        "fault_lines",
        "The leader's fate opens as a fault line once the end state is discussed",
        "shift",
        (
            Column("issue", "Issue"),
            Column("now", "now", "", 0, 1),
            Column("end", "at the end state", "", 0, 1),
        ),
        (*moved, ("exit", None, None)),
        "Salience times distance times bite",
        extra={"caption": "strength of the fault line"},
    )


def similarity() -> Table:
    """A heat map with undefined cells."""
    names = [ACTORS[name] for name in AT_THE_TABLE]
    rows = []
    for i, name in enumerate(names):
        values = [math.sin(3 * i + 5 * j) for j in range(6)]
        cells = [None if i == j else spread(v, v - 0.1, v + 0.1, 7 * (i == 2)) for j, v in enumerate(values)]
        rows.append((name, *cells))
    return Table(
        "similarity",
        "Norland and Sudland stand closer to each other than to anybody else",
        "matrix",
        (Column("actor", "Actor"), *(Column(n, n, "index", -1, 1) for n in names)),
        tuple(rows),
        "Signorino and Ritter's S",
        extra={"low_means": "opposed on everything", "high_means": "the same on everything"},
    )


def forecast() -> Finding:
    """A finding with actors on a scale and a plain table."""
    plain = Table(
        "weights",
        "Norland weighs most on half of the issues",
        "plain",
        (
            Column("issue", "Issue"),
            Column("who", "Heaviest"),
            Column("share", "Weight"),
            Column("from", "Read from"),
        ),
        (("order", "Norland", 0.31, "stances.order.norland.salience"), ("exit", "Sudland", None, "none")),
    )
    says = "The weighted mean puts the leader's fate at 62 of 100, between 48 and 71 in 90 of 100 worlds"
    notes = ("On resolved issues no published model beats this mean",)
    reads = ("stances.*.*.position",)
    question = "what would they settle on?"
    return Finding("bargaining", question, "found", (says,), (positions(), plain), (), notes, reads)


def positions() -> Table:
    """Actors on a declared scale, with a forecast."""
    places = (75.0, 95.0, 100.0, 10.0, 0.0, 5.0, 50.0, 99.0)
    rows = [
        (label, spread(p, max(0.0, p - 12), min(100.0, p + 9)), spread(1 + i / 4, 0.5, 3))
        for i, (label, p) in enumerate(zip(ACTORS.values(), places, strict=True))
    ]
    columns = (
        Column("actor", "Actor"),
        Column("position", "position", "", 0, 100),
        Column("weight", "Weight"),
    )
    return Table(
        "leader",
        "Fate of the leader: the forecast lies nearer to Sudland than to Westland",
        "scale",
        columns,
        tuple(rows),
        "Mean of positions weighted by capability and salience",
        tuple(ACTORS),
        {
            "low_means": "he leaves at once",
            "high_means": "he stays with full powers",
            "forecast": spread(62, 48, 71),
            "forecast_label": "forecast",
            "reference_point": 80.0,
        },
    )


def whole() -> ReportView:
    """A view with everything in it."""
    columns = (
        Column("issue", "Issue"),
        Column("base", "as it is", "", 0, 1),
        Column("gone", "beaten", "", 0, 1),
    )
    rows = [(label, spread(0.3, 0.1, 0.4), spread(0.45, 0.2, 0.6)) for label in list(ISSUES.values())[:3]]
    course = Table("threat_gone", "Without the zealots every fault line grows", "shift", columns, tuple(rows))
    needs = (Need("options", "no actor has an option"),)
    missing = Finding("conflict", "which outcomes would stick?", "not_applicable", needs=needs)
    return ReportView(
        situation(),
        (interests(), forecast(), missing),
        (("endurance", ("this version does not hold its model",)),),
        (course,),
        WORLDS,
        seed=0,
        priors=(("partnership.substitution", "between −3 and 0.8, every value alike"),),
        off=("partnership.talks",),
        problems=(
            Problem("unread", "no lens reads this", "stakes", file="pact.yaml", line=12, severity="warning"),
        ),
        provenance={
            "Digest of the results": "ab12" * 16,
            "Command": "accord run norland-sudland-2014 --worlds 2048",
        },
    )


def hostile() -> ReportView:
    """The whole view with markup, formulas and control characters in every text a user can write."""
    view, bad = whole(), HOSTILE
    first, second = view.findings[0].tables[0], view.findings[1].tables[0]
    table = replace(first, title=bad, note=bad, rows=((bad, spread(0.1, 0.0, 0.2)),))
    extra = {
        "low_means": bad,
        "high_means": bad + "\x00\x0b",
        "forecast_label": bad,
        "forecast": spread(9, 1, 20),
    }
    finding = replace(
        view.findings[0],
        lens=bad,
        question=bad,
        says=(bad,),
        tables=(table, replace(second, extra=extra)),
        notes=(bad,),
        verified=bad,
    )
    return replace(
        view,
        situation=_hostile_situation(view.situation, bad),
        findings=(finding,),
        title=bad,
        lead=(bad,),
        method=bad,
        not_fitting=((bad, (bad,)),),
        provenance={bad: bad},
        priors=((bad, bad),),
        references=(bad,),
    )


def _hostile_situation(known: Situation, bad: str) -> Situation:
    """A situation with the same hostile text everywhere."""
    address = 'https://example.org/"><script>alert(4)</script>'
    return replace(
        known,
        title=bad,
        question=bad,
        about=bad,
        name=bad,
        actors={**known.actors, "norland": Actor("state", bad, about=bad)},
        issues={**known.issues, "order": replace(known.issues["order"], label=bad)},
        claims={bad: Claim(bad, "input", (Citation("essay", bad),), (bad,), note=bad)},
        sources={**known.sources, "essay": Source(bad, url=address, note=bad)},
        scenarios={bad: Scenario(bad, {bad: Change(bad)})},
        shocks={bad: Shock(bad)},
        resolve={bad: Resolution(bad, Day(2017))},
        stakes=Estimate(0.1, assumed=bad, note=bad),
    )


def bare() -> ReportView:
    """Two partners and nothing else; nothing answered, nothing drawn, interrupted at once."""
    partners = Partnership({"norland": Patron(), "sudland": Patron()})
    small = Situation(
        1, "Two states", Day(2014), partners, {"norland": Actor("state"), "sudland": Actor("state")}
    )
    return ReportView(small, complete=False, asked=2048)


VIEWS: Mapping[str, Callable[[], ReportView]] = {"whole": whole, "hostile": hostile, "bare": bare}


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """The three views, put on the page once."""
    return {name: page(make()) for name, make in VIEWS.items()}


@pytest.fixture(params=sorted(VIEWS))
def any_page(request: pytest.FixtureRequest, pages: dict[str, str]) -> str:
    """Each of the three pages in turn."""
    return pages[str(request.param)]


@pytest.fixture
def whole_page(pages: dict[str, str]) -> str:
    """Everything the report can show."""
    return pages["whole"]


@pytest.fixture
def hostile_page(pages: dict[str, str]) -> str:
    """Everything, written by an enemy."""
    return pages["hostile"]


@pytest.fixture
def bare_page(pages: dict[str, str]) -> str:
    """As little as there can be."""
    return pages["bare"]


@pytest.fixture
def whole_view() -> ReportView:
    """Everything the report can show, not yet on the page."""
    return whole()


@pytest.fixture
def wordy_view() -> ReportView:
    """The whole view without drawings, which take their time."""
    view = whole()
    findings = tuple(
        replace(f, tables=tuple(t for t in f.tables if t.kind == "plain")) for f in view.findings
    )
    return replace(view, findings=findings, scenarios=())
