"""A made-up pact between Norland and Sudland, as large as a real case, for everything that the report shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from accord.finding import Column, Finding, Measure, Need, Spread, Table
from accord.problems import Problem
from accord.report import ReportView
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
    "order": "Order after the war",
    "length": "Length of the campaign",
    "exit": "Terms of leaving",
    "leader": "Fate of the leader",
    "world": "Role of the Westland federation in the world",
    "mastery": "Mastery in the capital",
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


def spread(best: float, low: float, high: float, undefined: int = 0) -> Spread:
    return Spread(best, low, (best + low + high) / 3, high, WORLDS, undefined)


def numbers() -> Iterator[Estimate]:
    """Estimates of every sort, over and over: sourced, assumed for a reason, bare."""
    essay, yearbook = Citation("essay", "P4"), Citation("yearbook", "table 3.1", Day(2012), "A", 2)
    while True:
        yield Estimate(0.4, 0.2, 0.6, "pert", (), None, (essay,), "moderate")
        yield Estimate(
            None, 0.1, 0.8, "uniform", assumed="No source says; the range spans what analysts hold possible"
        )
        yield Estimate(0.675, 0.55, 0.8, "pert", (), "likely", (essay, yearbook), "low")
        yield Estimate(0.25)
        yield Estimate(0.3, 0.1, 0.7, "pert", assumed="As for a public at peace", note="Not settled")


def situation() -> Situation:
    """The pact, with about 180 numbers and 58 claims."""
    number = numbers()
    stances = {
        issue: {actor: Stance(next(number), next(number)) for actor in list(ACTORS)[:6]} for issue in ISSUES
    }
    terms = ("material_cost", "patience", "fatigue", "foresight", "breaking_cost", "discount", "own_losses")
    patrons = {
        name: Patron({t: PatronThreat(next(number), next(number)) for t in ("zealots", "rebels")},
                     since=Day(2014, 9), terms={term: next(number) for term in terms})
        for name in ("sudland", "norland")
    }  # fmt: skip
    offers = {"norland": Offer({t: next(number) for t in ("rate", "size", "credibility")})}
    partnership = Partnership(
        patrons,
        Client("midland", {"balancing": next(number)}),
        {name: Threat(name, None, next(number), next(number)) for name in ("zealots", "rebels")},
        {"westland": Suitor(offers)},
        {"pact": Obligation("To keep the regime alive", ("norland", "sudland"), Day(2014))},
        territory=next(number),
    )
    return Situation(
        1,
        "The pact of Norland and Sudland",
        Day(2014, 12),
        partnership,
        _actors(number),
        "Is their cooperation tactical or strategic, and what would end it?",
        "Two powers keep a third alive against common enemies, each for reasons of its own",
        resources={"air": Resource("air power"), "ground": Resource("ground forces")},
        issues={name: Issue(f"What about {label}?", Scale(0, 100, "nothing is kept", "all stays as it is"), label)
                for name, label in ISSUES.items()},
        stances=stances,
        ties={a: {b: Tie(next(number), next(number), next(number)) for b in ("norland", "sudland") if a != b}
              for a in ("norland", "sudland", "midland")},
        sources=_sources(),
        claims=_claims(),
        scenarios={"threat_gone": Scenario("The zealots are beaten", {"partnership.threats.zealots.level": Change(0.0)}),
                   "heavy_losses": Scenario("Norland loses many men", {"partnership.patrons.norland.own_losses": Change(times=4, assumed="As in an earlier war")}, "Heavy losses")},
        shocks={"airliner": Shock("A bomb brings down an airliner", date=Day(2014, 10, 31), in_file=True, source=(Citation("essay", "P5"),)),
                "coup": Shock("Officers topple the leader", {"partnership.territory": Change(plus=-0.2)}, hazard=next(number))},
        resolve={"still_there": Resolution("Are both still in the country?", Day(2017, 12))},
        name="norland-sudland-2014",
        digest="3f9a0d" * 10,
    )  # fmt: skip


def _actors(number: Iterator[Estimate]) -> dict[str, Actor]:
    """Eight actors, some with means and factions."""
    means = {name: {r: next(number) for r in ("air", "ground")} for name in list(ACTORS)[:6]}
    factions = {"guards": Faction(next(number), "the Guards"), "cabinet": Faction(next(number))}
    return {
        name: Actor("state", label, about=f"What one must know about {label}", capability=means.get(name, {}),
                    factions=factions if name == "sudland" else {})
        for name, label in ACTORS.items()
    }  # fmt: skip


def _sources() -> dict[str, Source]:
    """Two graded sources."""
    essay = "Writer, A. The pact that nobody wanted: why two powers keep a third alive. Review of Affairs, December 2014"
    return {
        "essay": Source(essay, Day(2014, 12), "B", 3, "https://example.org/pact"),
        "yearbook": Source(
            "Yearbook of Armed Forces", Day(2013), "A", 1, "javascript:alert(3)", "Counts tanks only"
        ),
    }


def _claims() -> dict[str, Claim]:
    """As many claims as the essay has."""
    kinds = ("input", "identity", "paired", "output")
    carried = (
        "partnership.patrons.norland.fatigue",
        "partnership.threats",
        "stances.leader.sudland.position",
    )
    return {
        f"C{i:02d}": Claim(f"Claim number {i} says that one thing follows from another", kinds[i % 4],  # type: ignore[arg-type]
                           (Citation("essay", f"P{1 + i % 16}"),), carried[: 1 + i % 3])
        for i in range(1, 59)
    }  # fmt: skip


def interests() -> Finding:
    """A finding with three kinds of drawings."""
    labels = list(ISSUES.values())
    agreement = [(0.92, 0.8, 0.97), (0.55, 0.3, 0.72), (0.4, 0.2, 0.66), (0.35, 0.1, 0.6), (0.3, 0.1, 0.5)]
    rows = tuple((label, spread(*values)) for label, values in zip(labels, agreement, strict=False))
    close = Table("agreement", "Norland and Sudland agree on the order and least on who is master", "intervals",
                  (Column("issue", "Issue"), Column("agreement", "agreement", "share", 0, 1)),
                  (*rows, (labels[5], Spread(NAN, NAN, NAN, NAN, WORLDS, WORLDS))),
                  "1 is the same position, 0 the opposite ends of the scale")  # fmt: skip
    moved = tuple((label, spread(v, v / 2, v * 1.4), spread(v * 1.8, v, v * 2.3, 40 * i))
                  for i, (label, (v, _, _)) in enumerate(zip(labels, [(0.3, 0, 0), (0.25, 0, 0), (0.2, 0, 0), (0.1, 0, 0)], strict=False)))  # fmt: skip
    lines = Table("fault_lines", "The leader's fate opens as a fault line once the end state is discussed", "shift",
                  (Column("issue", "Issue"), Column("now", "now", "", 0, 1), Column("end", "at the end state", "", 0, 1)),
                  (*moved, ("Exit", None, None)), "Salience times distance times bite", extra={"caption": "strength of the fault line"})  # fmt: skip
    measure = Measure(
        "similarity", "Similarity of the partners", spread(0.31, 0.1, 0.5, 12), "", "1 same, -1 opposite"
    )
    return Finding("interests", "where do they agree, and where not?", "found",
                   ("They agree on the order after the war", "They are far apart on who is master in the capital", "In 83 of 100 worlds the leader's fate divides them most at the end"),
                   (close, lines, similarity()), (measure,), ("Missing stances leave a pair undefined",),
                   ("stances.**", "partnership.territory"), "hand-worked cases of three actors and three issues")  # fmt: skip


def similarity() -> Table:
    """A heat map with undefined cells."""
    names = list(ACTORS.values())[:6]
    cells = [
        [
            None if i == j else spread(v := math.sin(3 * i + 5 * j), v - 0.1, v + 0.1, 7 * (i == 2))
            for j in range(6)
        ]
        for i in range(6)
    ]
    return Table("similarity", "Norland and Sudland stand closer to each other than to anybody else", "matrix",
                 (Column("actor", "Actor"), *(Column(n, n, "", -1, 1) for n in names)),
                 tuple((n, *row) for n, row in zip(names, cells, strict=True)), "Signorino and Ritter's S",
                 extra={"low_means": "opposed on everything", "high_means": "the same on everything"})  # fmt: skip


def forecast() -> Finding:
    """A finding with actors on a scale."""
    places = (75.0, 95.0, 100.0, 10.0, 0.0, 5.0, 50.0, 99.0)
    rows = tuple(
        (label, spread(p, max(0, p - 12), min(100, p + 9)), spread(1 + i / 4, 0.5, 3))
        for i, (label, p) in enumerate(zip(ACTORS.values(), places, strict=True))
    )
    scale = Table("leader", "Fate of the leader: the forecast lies nearer to Sudland than to Westland", "scale",
                  (Column("actor", "Actor"), Column("position", "position", "", 0, 100), Column("weight", "capability × salience")),
                  rows, "Mean of positions weighted by capability and salience", tuple(ACTORS),
                  {"low_means": "he leaves at once", "high_means": "he stays with full powers", "forecast": spread(62, 48, 71), "forecast_label": "Forecast", "reference_point": 80.0})  # fmt: skip
    plain = Table("weights", "Norland weighs most on half of the issues", "plain",
                  (Column("issue", "Issue"), Column("who", "Heaviest actor"), Column("share", "Share of all weight"), Column("from", "Read from")),
                  (("Order", "Norland", 0.31, "stances.order.norland.salience"), ("Exit", "Sudland", None, "none")))  # fmt: skip
    return Finding("bargaining", "what would they settle on?", "found",
                   ("The weighted mean puts the leader's fate at 62 of 100, between 48 and 71 in 90 of 100 worlds",),
                   (scale, plain), (), ("On resolved issues no published model beats this mean",), ("stances.*.*.position",))  # fmt: skip


def whole() -> ReportView:
    """A view with everything in it."""
    course = Table("base_and_threat_gone", "Without the zealots every fault line grows", "shift",
                   (Column("issue", "Issue"), Column("base", "as it is", "", 0, 1), Column("gone", "zealots beaten", "", 0, 1)),
                   tuple((label, spread(0.3, 0.1, 0.4), spread(0.45, 0.2, 0.6)) for label in list(ISSUES.values())[:3]))  # fmt: skip
    missing = Finding(
        "conflict",
        "which outcomes would stick?",
        "not_applicable",
        needs=(Need("options", "No actor has an option"),),
    )
    return ReportView(
        situation(), (interests(), forecast(), missing), (("endurance", ("this version does not hold its model",)),), (course,),
        WORLDS, seed=0, priors=(("partnership.substitution", "between −3 and 0.8, every value alike"),),
        off=("partnership.talks",), problems=(Problem("unread", "no lens reads this", "stakes", severity="warning", file="pact.yaml", line=12),),
        provenance={"Result digest": "ab12" * 16, "Accord": "0.1.0", "Command": "accord run norland-sudland-2014 --worlds 2048"},
    )  # fmt: skip


def hostile() -> ReportView:
    """The whole view with markup, formulas and control characters in every text a user can write."""
    view = whole()
    bad, s = HOSTILE, view.situation
    table = replace(view.findings[0].tables[0], title=bad, note=bad, rows=((bad, spread(0.1, 0.0, 0.2)),))
    scale = replace(
        view.findings[1].tables[0],
        extra={"low_means": bad, "high_means": bad + "\x00\x0b", "forecast_label": bad},
    )
    situation_ = replace(
        s, title=bad, question=bad, about=bad, name=bad,
        actors={**s.actors, "norland": Actor("state", bad, about=bad)},
        issues={**s.issues, "order": replace(s.issues["order"], label=bad)},
        claims={bad: Claim(bad, "input", (Citation("essay", bad),), (bad,), note=bad)},
        sources={**s.sources, "essay": Source(bad, url="https://example.org/\"><script>alert(4)</script>", note=bad)},
        scenarios={bad: Scenario(bad, {bad: Change(bad)})},
        shocks={bad: Shock(bad)}, resolve={bad: Resolution(bad, Day(2017))}, stakes=Estimate(0.1, assumed=bad, note=bad),
    )  # fmt: skip
    finding = replace(
        view.findings[0],
        lens=bad,
        question=bad,
        says=(bad,),
        tables=(table, scale),
        notes=(bad,),
        verified=bad,
    )
    return replace(view, situation=situation_, findings=(finding,), title=bad, lead=(bad,), method=bad,
                   not_fitting=((bad, (bad,)),), provenance={bad: bad}, priors=((bad, bad),), references=(bad,))  # fmt: skip


def bare() -> ReportView:
    """Two partners and nothing else; nothing answered, nothing drawn, interrupted at once."""
    norland, sudland = Actor("state"), Actor("state")
    small = Situation(1, "Two states", Day(2014), Partnership({"norland": Patron(), "sudland": Patron()}),
                      {"norland": norland, "sudland": sudland})  # fmt: skip
    return ReportView(small, complete=False, asked=2048)


VIEWS: Mapping[str, Callable[[], ReportView]] = {"whole": whole, "hostile": hostile, "bare": bare}


@pytest.fixture(params=sorted(VIEWS))
def any_view(request: pytest.FixtureRequest) -> ReportView:
    """Each of the three views in turn."""
    name: str = request.param
    return VIEWS[name]()


@pytest.fixture
def whole_view() -> ReportView:
    return whole()


@pytest.fixture
def hostile_view() -> ReportView:
    return hostile()


@pytest.fixture
def bare_view() -> ReportView:
    return bare()
