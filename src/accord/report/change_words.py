"""What breaks a partnership and what would mend it, in words: trials, scenarios, and numbers held or moved."""

from __future__ import annotations

import math

from accord.figures.numbers import number
from accord.formulas import wording
from accord.lenses.endurance.places import LABELS, second_of
from accord.report.paths import actor_label, path_words, with_unit
from accord.report.verdict_words import article, turn_words, worlds_of
from accord.report.words import count
from accord.situation import Situation
from accord.study.landing import Landing, Landings
from accord.study.levers import Standing, Turn
from accord.study.verdict import FEWEST, Verdict

# So many trials are named; what makes it end no more than so many times as fast breaks nothing.
_NAMED, _FASTER = 3, 1.05
# Kinds whose shares are no further apart are nearly tied.
_TIE = 0.05
# A scenario that moves the median rank by less is not named; one that moves it hardly less than another is named with it.
_MOVES, _NEAR = 0.05, 0.02
# Trials of one level, by what follows it in the name of the ratio.
_TRIALS = {
    "removed": "all threats are gone",
    "tempted": "everybody is tempted once",
    "leader": "the client gets another leader",
}


def breaks(verdict: Verdict, situation: Situation, found: Landings | None) -> str:
    """Which trials make it end fastest, one at a time, and which scenario takes most of its durability."""
    return _sentences(_trials(verdict, situation), _scenario(situation, found, down=True))


def mends(verdict: Verdict, situation: Situation, found: Landings | None) -> str:
    """Which number lifts it most, which scenario does, and the smallest change that would move or settle the label."""
    return _sentences(
        _lift(verdict, situation), _scenario(situation, found, down=False), _changes(verdict, situation)
    )


def _sentences(*texts: str) -> str:
    """Sentences one after the other; empty ones left out."""
    return " ".join(wording.sentence(text) for text in texts if text)


def _trials(verdict: Verdict, situation: Situation) -> str:
    """The trials that make it end fastest, each by itself."""
    rows = [
        (name, spread)
        for key, spread in verdict.hazard_ratios.items()
        if (name := _trial(situation, key)) and spread.median > _FASTER
    ]
    rows.sort(key=lambda row: (-row[1].median, row[0]))
    if not rows or verdict.few:
        return ""
    said = [
        f"{number(spread.median, 1)} times as fast ({number(spread.low, 1)} to"
        f" {number(spread.high, 1)}{' in nine worlds of ten' if i == 0 else ''}) when {name}"
        for i, (name, spread) in enumerate(rows[:_NAMED])
    ]
    worlds = max(spread.worlds - spread.undefined for _, spread in rows)
    return (
        f"one trial at a time the partnership as such ends {wording.joined(said)}, medians of"
        f" {count(worlds, worlds_of(verdict)[:-1])}"
    )


def _trial(situation: Situation, key: str) -> str:
    """A single trial of the partnership as such, as a clause; empty for both at once, and for one of many threats."""
    level, _, rest = key.partition(".")
    kind, _, who = rest.partition(".")
    if level != "bilateral":
        return ""
    if kind == "exhausted" and who:
        return f"{actor_label(situation, who)} is almost out of patience"
    if kind == "relieved" and who:
        return f"{actor_label(situation, who)} depends half as much"
    pact = situation.partnership
    if who or (kind == "removed" and not pact.threats):
        return ""
    if kind == "tempted" and not any(suitor.offers for suitor in pact.suitors.values()):
        return "everybody is put to the test once"
    return _TRIALS.get(kind, "")


def _scenario(situation: Situation, found: Landings | None, down: bool) -> str:
    """The scenario that moves durability most, down or up, among those that leave a threat where there was one."""
    if found is None:
        return ""
    beside = found.beside
    fit = [
        one for one in found.scenarios if one.judged >= FEWEST and one.name and one.is_as_dangerous(beside)
    ]

    def gain(one: Landing) -> float:
        """By how much it moves the median rank that way."""
        move = one.durability - beside.durability
        return -move if down else move

    best = max(fit, key=lambda one: (gain(one), one.name), default=None)
    if best is None or not gain(best) >= _MOVES:
        return ""
    near = sorted(
        (one for one in fit if gain(best) - gain(one) < _NEAR), key=lambda one: (-gain(one), one.name)
    )
    names = [
        f"'{situation.scenarios[one.name].label or one.name.replace('_', ' ')}'"
        f" ({number(beside.durability, 2)} \N{RIGHTWARDS ARROW} {number(one.durability, 2)})"
        for one in near
    ]
    most = f"{'take' if down else 'add'}{'' if len(near) > 1 else 's'} most {'from' if down else 'to'}"
    return (
        f"of {count(len(fit), 'scenario')} with no less danger {wording.joined(names)} {most} its durability, by the median"
        f" rank in the first {count(beside.worlds, 'world')}"
    )


def _lift(verdict: Verdict, situation: Situation) -> str:
    """The number at an end of its own range that lifts the median durability most."""
    ends = [
        (one.durability, bar.path, end, value, one)
        for bar in verdict.tornado
        for end, value, one in (("low", bar.low, bar.at_low), ("high", bar.high, bar.at_high))
        if not math.isnan(one.durability) and one.worlds >= FEWEST
    ]
    if not ends or verdict.few:
        return ""
    rank, path, end, value, one = max(ends, key=lambda row: (row[0], row[1]))
    base = _as_coded(verdict)
    if rank - base < _MOVES:
        return ""
    low, high = one.ranges[0]
    held = with_unit(situation, path, number(value)).replace(" (", ", ").removesuffix(")")
    end = "5th" if end == "low" else "95th"
    return (
        f"of single numbers {path_words(situation, path)} lifts the median durability rank most, {number(base, 2)}"
        f" \N{RIGHTWARDS ARROW} {number(rank, 2)} ({number(low, 2)} to {number(high, 2)} in 95 of 100 samples of"
        f" {one.worlds:,} worlds), when held at the {end} percentile of its own range ({held})"
    )


def _as_coded(verdict: Verdict) -> float:
    """The median durability without a change, in the worlds that changes are looked at in if that is known."""
    plain: Standing | None = next((one for by, one in verdict.interest if by == 0.0), None)
    return verdict.durability.median if plain is None else plain.durability


def _changes(verdict: Verdict, situation: Situation) -> str:
    """The smallest change that moves the label, or settles a split one."""
    moving = [one for one in verdict.would_change_if if one.value is not None]
    if not verdict.would_change_if or verdict.few:
        return ""
    if not moving:
        tried = len(verdict.would_change_if)
        does = "lets one kind lead clearly" if verdict.split else "clearly changes the label"
        return f"none of the numbers tried ({tried}), moved alone to a few places within what is plausible, {does}"
    first = moving[0]
    start, _, there = turn_words(first, situation)
    where = (
        f"to be sure of {path_words(situation, first.path)} at its best estimate, {start}, is enough"
        if first.value == first.start
        else f"{path_words(situation, first.path)} at {there} instead of {start}"
    )
    does = "with which one kind leads clearly" if verdict.split else "that clearly moves it"
    return (
        f"the smallest change found {does}: {where}; {article(LABELS[first.label])} then has"
        f" {wording.percent(first.shares[first.label])} of {worlds_of(verdict)}{_next(first)}{_tie(verdict)}"
    )


def _next(turn: Turn) -> str:
    """The kind next to the one that a change leads to: a clear lead need not be a wide one."""
    second = second_of(turn.shares, turn.label) if len(turn.shares) > 1 else ""
    return f", {article(LABELS[second])} {wording.percent(turn.shares[second])}" if second else ""


def _tie(verdict: Verdict) -> str:
    """That a small change has a near tie to tip, and which."""
    one, other = verdict.shares[verdict.label], verdict.shares[verdict.runner_up]
    if verdict.split or one - other > _TIE:
        return ""
    return (
        f"; it tips a near tie ({LABELS[verdict.label]} {wording.percent(one)}, {LABELS[verdict.runner_up]}"
        f" {wording.percent(other)})"
    )
