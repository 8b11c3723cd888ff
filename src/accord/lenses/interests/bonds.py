"""Tables on what binds the partners: joint output, dependence, shared threats, and who gains while a threat lives."""

from __future__ import annotations

import numpy as np

from accord.finding import Cell, Column, Table
from accord.formulas import TOLERANCE, wording
from accord.seen import View

_UTIL = "util/month"

# A sign that holds in less than this share of worlds, or in more than one minus it, counts as settled.
UNSURE = 1 / 3


def bond_tables(view: View) -> list[Table]:
    """Every table of this kind that has something to show."""
    makers = (_complementarity, _interaction, _dependence, _shared_threats, _threats_alive, _success)
    tables = [maker(view) for maker in makers]
    return [table for table in tables if table is not None]


def _complementarity(view: View) -> Table | None:
    """Loss of joint output when each patron leaves."""
    known = [name for name in view.patrons if view.known(f"complementarity.{name}")]
    if not known:
        return None
    order = sorted(known, key=lambda name: (-view.value(f"complementarity.{name}"), name))
    without = [
        f"without {view.actor(name)} {wording.percent(view.value(f'complementarity.{name}'))}"
        for name in order
    ]
    return Table(
        "complementarity",
        f"Of what they can do together, {wording.joined(without)} would be lost",
        "intervals",
        (Column("partner", "Without"), Column("loss", "Loss of joint output", "share", 0.0, 1.0)),
        tuple((view.actor(name), view.spread(f"complementarity.{name}")) for name in order),
        "Joint output combines the resources of all partners and of the client at full effort; how far one resource can"
        " stand in for another is a number of the file. Proxies, shirking and other wars are left out here.",
        actors=tuple(order),
    )


def _interaction(view: View) -> Table | None:
    """What pairs of patrons add beyond their members."""
    known = [pair for pair in view.pairs if view.known(f"interaction.{pair[0]}.{pair[1]}")]
    if not known:
        return None
    order = sorted(known, key=lambda p: (-view.value(f"interaction.{p[0]}.{p[1]}"), p))
    top = view.value(f"interaction.{order[0][0]}.{order[0][1]}")
    sure = wording.in_worlds(view.share_above(f"interaction.{order[0][0]}.{order[0][1]}", TOLERANCE))
    words = (
        f"{view.pair(order[0])} need each other's means: {sure} they achieve more together than apart"
        if top > TOLERANCE
        else "No two partners need each other's means: what one brings, another could replace"
    )
    return Table(
        "interaction",
        wording.headline(words),
        "intervals",
        (Column("pair", "Pair"), Column("interaction", "Joint output that only the pair brings", "share")),
        tuple((view.pair(pair), view.spread(f"interaction.{pair[0]}.{pair[1]}")) for pair in order),
        "Joint output with both, less that without one, less that without the other, plus that without either; positive"
        " when they need each other's resources, negative when they stand in for one another.",
    )


def _dependence(view: View) -> Table | None:
    """Balance of dependence, each pair the way round in which it is not negative."""
    pairs = [
        _leaning(view, pair) for pair in view.pairs if view.known(f"dependence_balance.{pair[0]}.{pair[1]}")
    ]
    if not pairs:
        return None
    order = sorted(pairs, key=lambda p: (-view.value(f"dependence_balance.{p[0]}.{p[1]}"), p))
    first = order[0]
    sure = wording.in_worlds(view.share_above(f"dependence_balance.{first[0]}.{first[1]}"))
    even = abs(view.value(f"dependence_balance.{first[0]}.{first[1]}")) <= TOLERANCE
    title = f"{view.actor(first[0])} depends more on {view.actor(first[1])} than the other way round, {sure}"
    return Table(
        "dependence",
        wording.headline(f"{view.pair(first)} depend on one another alike" if even else title),
        "intervals",
        (
            Column("pair", "Who depends more on whom"),
            Column("balance", "Balance of dependence", "", -1.0, 1.0),
        ),
        tuple(
            (f"{view.actor(i)} on {view.actor(j)}", view.spread(f"dependence_balance.{i}.{j}"))
            for i, j in order
        ),
        "Difference of the two dependences over their sum. Undefined where neither depends on the other.",
        actors=tuple(i for i, _ in order),
        extra={"low_means": "only the other depends", "high_means": "only the first depends"},
    )


def _leaning(view: View, pair: tuple[str, str]) -> tuple[str, str]:
    """The pair with the more dependent partner first."""
    i, j = pair
    return (j, i) if view.value(f"dependence_balance.{i}.{j}") < 0 else (i, j)


def _shared_threats(view: View) -> Table | None:
    """How much each pair of patrons shares each threat."""
    every = [(threat, i, j) for threat in view.threats for i, j in view.pairs]
    known = [line for line in every if view.known(f"shared_threat.{'.'.join(line)}")]
    if not known:
        return None
    order = sorted(known, key=lambda line: (-view.value(f"shared_threat.{'.'.join(line)}"), line))
    top = order[0]
    bond = f"{view.threat(top[0])} is the threat that binds {view.pair((top[1], top[2]))} most"
    if len(order) == 1:
        bond = f"{view.pair((top[1], top[2]))} share {view.threat(top[0])} as a threat"
    if not view.value(f"shared_threat.{'.'.join(top)}") > TOLERANCE:
        bond = "No threat is shared: where one partner has something at stake the other has nothing"
    return Table(
        "shared_threats",
        wording.headline(bond),
        "intervals",
        (Column("threat", "Threat and pair"), Column("shared", "Shared stake", _UTIL, low=0.0)),
        tuple(
            (f"{view.threat(t)}: {view.pair((i, j))}", view.spread(f"shared_threat.{t}.{i}.{j}"))
            for t, i, j in order
        ),
        "The smaller of what success against the threat is worth to either, at the threat's present level.",
    )


def _threats_alive(view: View) -> Table | None:
    """For whom staying pays more while a threat lives."""
    every = [(threat, patron) for threat in view.threats for patron in view.patrons]
    known = [(t, p) for t, p in every if view.known(f"threat_alive.{t}.{p}")]
    if not known:
        return None
    rows: list[tuple[Cell, ...]] = []
    for threat, patron in known:
        name = f"threat_alive.{threat}.{patron}"
        share = view.share_above(name)
        label = wording.headline(f"{view.actor(patron)}: {view.threat(threat)}")
        rows.append((label, view.spread(name), round(100 * share) if share == share else None))
    return Table(
        "threat_alive",
        wording.headline(alive_title(view, known)),
        "intervals",
        (
            Column("partner", "Partner and threat"),
            Column("slope", "Gain from staying, per unit of threat", _UTIL),
            Column("share", "Worlds in which it rises with the threat", "of 100"),
        ),
        tuple(rows),
        "How the gain from staying over leaving changes as the threat grows a little; positive: a live threat keeps the"
        " partner in, negative: the more of it there is, the less staying pays. It does not say that the partner wishes"
        " for the threat. Full effort; costs, influence and standing interests do not depend on the threat.",
        actors=tuple(patron for _, patron in known),
    )


def alive_title(view: View, known: list[tuple[str, str]]) -> str:
    """Which partners a live threat keeps in, for whom it does the opposite, and where it cuts both ways."""
    shares = {(t, p): view.share_above(f"threat_alive.{t}.{p}") for t, p in known}
    shares = {line: share for line, share in shares.items() if not np.isnan(share)}
    if not shares:
        return "For whom a live threat makes staying pay cannot be said"
    (threat, patron), share = min(shares.items(), key=lambda item: (item[1], item[0]))
    if share >= 1 - UNSURE:
        sure = wording.in_worlds(share)
        return f"Every threat, while it lives, keeps every partner in (least surely {view.actor(patron)}, {sure})"
    if share > UNSURE:
        lead = f"the threat of {view.threat(threat)} cuts both ways for {view.actor(patron)}"
        return f"{lead}: {wording.in_worlds(share)} staying pays more the larger it is, in the others less"
    sure = wording.in_worlds(1.0 - share)
    return f"The larger the threat of {view.threat(threat)}, the less staying pays for {view.actor(patron)}, {sure}"


def _success(view: View) -> Table | None:
    """Chance to prevail with all and without each patron."""
    if not view.known("success"):
        return None
    alone = [name for name in view.patrons if view.known(f"success_without.{name}")]
    whole = wording.percent(view.value("success"))
    worst = min(alone, key=lambda name: (view.value(f"success_without.{name}"), name), default=None)
    title = f"Together they prevail with a chance of {whole}"
    if worst is not None:
        title += f"; without {view.actor(worst)} it would be {wording.percent(view.value(f'success_without.{worst}'))}"
    rows: list[tuple[Cell, ...]] = [("All together", view.spread("success"))]
    rows += [(f"Without {view.actor(name)}", view.spread(f"success_without.{name}")) for name in alone]
    return Table(
        "success",
        wording.headline(title),
        "intervals",
        (
            Column("who", "Who is in"),
            Column("chance", "Chance to prevail over the threats", "share", 0.0, 1.0),
        ),
        tuple(rows),
        "A contest between joint output and the threats at their present level (Tullock 1980; Skaperdas 1996).",
        actors=("", *alone),
    )
