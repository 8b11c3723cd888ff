"""Why the verdict moved from one run to another, in words: one paragraph, and a table of what each change does."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accord.figures.numbers import decimals_for, exact, number
from accord.formulas import wording
from accord.lenses.endurance.places import LABELS, clear_label, second_of
from accord.lenses.endurance.tables import levels_of
from accord.report.paths import actor_label, path_words
from accord.report.verdict_words import article
from accord.seen import View
from accord.study.differences import Difference
from accord.study.effect import Effect
from accord.study.moved import Alone, Moved
from accord.study.ran import Where
from accord.study.verdict import FEWEST

# The paragraph names so many changes; the table has them all.
_NAMED = 3
# What does not move a rank by this much is not worth a name.
_LEAST = 0.005
# Below this share of worlds a kind is only the most frequent one, and from the second on it needs no comparison: as in the
# lead sentence of a report.
LEANS, CLEAR = 0.5, 2 / 3
_OF = " of judged worlds"
_DIGEST, _SHOWN = re.compile(r"[0-9a-f]{16,}"), 12
_WIDTH = 100
_RANKS = ("durability", "conditionality")
_COLUMNS = ("What changed", "before", "after", *_RANKS, "label with it alone")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    what : str
    before, after : str
        Values; empty for sums.
    durability, conditionality : float
        Effect on the median ranks.
    label : str
        The label with this change alone; empty for sums.
    errors : tuple of (float, float)
        Standard errors of the two effects; NaN where there are none.
    """

    what: str
    before: str
    after: str
    durability: float
    conditionality: float
    label: str
    errors: tuple[float, float] = (math.nan, math.nan)


def moved_paragraph(why: Moved) -> str:
    """The answer in one paragraph: what became of it, which changes did it, and what they do not explain."""
    parts = [_peers(why), _answers(why), _figures(why), *_links(why), *_changes(why), _rest(why), _made(why)]
    return " ".join(wording.sentence(part) for part in parts if part)


def moved_rows(why: Moved) -> tuple[Row, ...]:
    """Every change alone, largest first, then the sums that lead to the whole move."""
    rows = [_row(why, one) for one in why.alone]
    sums = (
        ("Together beyond the sum of these", why.remainder if why.alone else None),
        ("All changes together", why.together if _changed(why) else None),
        ("What the changes do not explain", why.rest),
        ("The whole move", why.total),
    )
    rows += [
        Row(what, "", "", effect.durability, effect.conditionality, "", effect.errors[:2])
        for what, effect in sums
        if effect
    ]
    return tuple(rows)


def moved_text(why: Moved) -> str:
    """Paragraph, table and notes for a terminal."""
    head = [_COLUMNS, *(_cells(row) for row in moved_rows(why))]
    widths = [max(len(line[column]) for line in head) for column in range(len(_COLUMNS))]
    lines = [
        "  ".join(
            cell.rjust(width) if _COLUMNS[column] in _RANKS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in head
    ]
    notes = [textwrap.fill(note, _WIDTH) for note in moved_notes(why)]
    return "\n".join(
        [textwrap.fill(moved_paragraph(why), _WIDTH), "", *lines, *([""] if notes else []), *notes]
    )


def moved_notes(why: Moved) -> tuple[str, ...]:
    """What a reader of the table has to know."""
    count = len(why.unread)
    notes = [
        (
            f"Effects are on the median ranks over {_looked_at(why)} of the first run, all else as it was there;"
            " after \N{PLUS-MINUS SIGN} stands one standard error, from the same worlds without and with the change."
        )
    ]
    notes += [
        f"{_names(why, one.path)}: {', '.join(_names(why, leaf.path) for leaf in one.changes)} only fit together"
        f" ({one.why})."
        for one in why.alone
        if one.why
    ]
    notes += [f"{_names(why, one.path)}: no effect alone to show; {one.why}." for one in why.untaken]
    if count:
        said, moves = (
            ("one changed number is", "moves") if count == 1 else (f"{count} changed numbers are", "move")
        )
        notes.append(wording.sentence(f"{said} not read by the lens behind the verdict and {moves} nothing"))
    return tuple(notes)


def _peers(why: Moved) -> str:
    """That the two runs are ranked among different partnerships, so that their ranks do not compare; empty where they do."""
    if not why.unlike:
        return ""
    said = [f"{one.what} ({_told(one.before)}, then {_told(one.after)})" for one in why.unlike]
    return (
        "the two runs are ranked among different plausible partnerships, each among those of its own make-up, which differ in"
        f" {wording.joined(said)}: their ranks, shares and labels are not comparable, and every move between the two runs below"
        " mixes what the partnership does with whom it is measured against"
    )


def _answers(why: Moved) -> str:
    """What the answer was and is, and whether it is another or only surer; no answer from few worlds."""
    one, other = why.before, why.after
    if min(one.judged, other.judged) < FEWEST:
        few = [f"{where.judged:,}" for where in (one, other)]
        return f"too few worlds to name a kind ({few[0]} are judged in the first run, {few[1]} in the second)"
    if _kinds(one) == _kinds(other) and _firmness(one) == _firmness(other):
        return f"the answer stayed {_answer(one, other)}"
    return f"the answer moved from {_answer(one)} to {_answer(other)}"


def _kinds(where: Where) -> tuple[str, ...]:
    """The kind that leads clearly, or the two between which nothing is decided."""
    if clear_label(where.shares, where.judged):
        return (where.label,)
    return tuple(sorted((where.label, second_of(where.shares, where.label))))


def _firmness(where: Where) -> int:
    """How firmly a kind that leads is told."""
    share = where.shares[where.label]
    return (share > 0.0) + (share >= LEANS) + (share >= CLEAR)


def _answer(where: Where, then: Where | None = None) -> str:
    """An answer as the lead of a report has it, with its shares; with those of another run where it says the same."""
    share = where.shares[where.label]
    if share <= 0.0:
        return "too near a border between kinds to have a name"
    if not clear_label(where.shares, where.judged):
        kinds = (where.label, second_of(where.shares, where.label))
        first, second = (f"{article(LABELS[kind])} ({_shares(kind, where, then)})" for kind in kinds)
        return f"open between {first} and {second.replace(_OF, '')}"
    how = (
        ", the most frequent kind though not in most worlds"
        if share < LEANS
        else ", more likely than anything else"
        if share < CLEAR
        else ""
    )
    return f"{article(LABELS[where.label])}{how} ({_shares(where.label, where, then)})"


def _shares(kind: str, where: Where, then: Where | None) -> str:
    """The share of judged worlds that are of a kind, with its error, in one run or in both."""
    one = _share(where, kind)
    of = "" if "judged" in one else _OF
    if then is None:
        return f"{one}{of}"
    other = _share(then, kind)
    return f"{one}{of}, then {other}{'' if of or 'judged' in other else _OF}"


def _share(where: Where, kind: str) -> str:
    """The share of a kind with its standard error, in percent; all or none of the judged worlds leave nothing to say it of."""
    share = where.shares[kind]
    if share in (0.0, 1.0):
        judged = wording.count(where.judged, "judged world")
        return f"all {judged}" if share else f"none of {judged}"
    error = 100.0 * math.sqrt(share * (1.0 - share) / where.judged)
    return f"{round(100 * share)} \N{PLUS-MINUS SIGN} {error:.{0 if error >= 0.95 else 1}f} %"


def _figures(why: Moved) -> str:
    """In how many worlds it was judged, and how far the medians went."""
    ranks = [
        f"{name} {_rank(getattr(why.before, name))} \N{RIGHTWARDS ARROW} {_rank(getattr(why.after, name))}"
        for name in _RANKS
    ]
    one, other = (_judged(where) for where in (why.before, why.after))
    judged = f"in {one} both times" if one == other else f"in {one}, then in {other}"
    return f"judged {judged}; median {wording.joined(ranks)}"


def _judged(where: Where) -> str:
    """In how many of its worlds."""
    drawn = where.drawn or where.judged  # runs of before that number was kept
    if drawn == where.judged:
        return wording.count(where.judged, "world")
    return f"{where.judged:,} of {wording.count(drawn, 'world')}"


def _links(why: Moved) -> list[str]:
    """Who ends it most often, where that is another one now and was or is clear; a sentence for each level."""
    said, runs = [], (why.before, why.after)
    levels = levels_of(View(why.situations[0], {}, {}))
    for level, words in levels.items():
        links = [where.weak_link(level) for where in runs]
        if "" in links or links[0] == links[1] or not any(where.is_ahead(level) for where in runs):
            continue
        was, now = (
            f"{actor_label(situation, link)} ({wording.percent(where.enders[level][link])} of runs"
            f"{'' if where.is_ahead(level) else ', too close to call'})"
            for situation, link, where in zip(why.situations, links, runs, strict=True)
        )
        said.append(f"who ends the {words[0].lower()}{words[1:]} most often went from {was} to {now}")
    return said


def _looked_at(why: Moved) -> str:
    """The worlds that were looked at."""
    if why.worlds == why.of:
        return f"all {wording.count(why.of, 'world')}" if why.of > 1 else "the one world"
    return f"the first {why.worlds:,} of {wording.count(why.of, 'world')}"


def _changes(why: Moved) -> list[str]:
    """What the changes do, one by one and together."""
    if not _changed(why):
        said = "nothing that the lens behind the verdict reads was changed"
        return [said if why.differences else "the two situations are the same"]
    shown = [one for one in why.alone if one.effect.size >= _LEAST][:_NAMED]
    named = [f"{_named(why, one)} gives {_both(one.effect)}" for one in shown]
    parts = [f"taken alone, {'; '.join(named)}"] if named else []
    others = len(why.alone) - len(shown)
    if others and named:
        size = max(one.effect.size for one in why.alone[len(shown) :])
        less = f"less than {number(_LEAST, 3)}" if size < _LEAST else f"at most {number(size, 2)}"
        count = "one more change gives" if others == 1 else f"{others} more changes give"
        parts.append(f"{count} {less} in either{'' if others == 1 else ' each'}")
    elif others:
        parts.append(f"no single change moves either by {number(_LEAST, 3)}")
    if why.untaken:
        names = [_names(why, one.path) for one in why.untaken[:_NAMED]]
        more = len(why.untaken) - len(names)
        listed = wording.joined([*names, *([f"{more} more"] if more else [])])
        parts.append(
            f"{listed} cannot be changed alone and only count{'s' * (len(why.untaken) == 1)} in the sum"
        )
    if len(why.alone) + len(why.untaken) > 1:
        beyond = f", which is {_both(why.remainder)} beyond the single effects" if why.alone else ""
        parts.append(f"all changes together give {_both(why.together)}{beyond}")
    return parts


def _rest(why: Moved) -> str:
    """What the changes do not explain, and where it comes from."""
    if why.rest.size < _LEAST / 10:
        return "that is the whole move" if why.total.size >= _LEAST / 10 else _unmoved(why)
    whole = "the whole move" if not _changed(why) else f"the rest, {_both(why.rest)},"
    if {"draws", "places"} & set(why.rest_from):
        return f"{whole} {_by_chance(why)}"
    if "how" in why.rest_from:
        return f"{whole} comes from how the runs were made"
    if "worlds" in why.rest_from:
        beyond = wording.count(why.of - why.worlds, "world")
        return f"{whole} is what the {beyond} of the runs do that were not looked at here"
    return f"{whole} is not explained by anything that the two runs say of how they were made"


def _unmoved(why: Moved) -> str:
    """That nothing moved, or what did although no median did."""
    if max(abs(share) for share in why.total.shares.values()) < _LEAST / 10:
        return "nothing moved"
    return "neither median moved"


def _by_chance(why: Moved) -> str:
    """How a rest compares with what other draws give by chance."""
    errors = [math.hypot(one, other) for one, other in zip(why.before.errors, why.after.errors, strict=True)]
    anew = (
        ""
        if "draws" in why.rest_from
        else "; the seed is the same, but a number that is drawn in one of the runs only moves others to another place in the"
        " design, so that they are drawn anew"
    )
    if not all(map(math.isfinite, errors)):
        return f"comes from other draws (too few worlds to say how much chance gives){anew}"
    apart = any(
        abs(getattr(why.rest, name)) > 2.0 * error for name, error in zip(_RANKS, errors, strict=True)
    )
    chance = wording.joined(
        [f"{number(error, 2)} in {name}" for name, error in zip(_RANKS, errors, strict=True)]
    )
    than = "more than the chance of other draws gives" if apart else "no more than the chance of other draws"
    return f"is {than} (standard error {chance}){anew}"


def _made(why: Moved) -> str:
    """How the runs were made differently; that they were made alike only where nothing above says otherwise."""
    if why.how:
        said = [f"{one.what} ({_told(one.before)}, then {_told(one.after)})" for one in why.how]
        return f"the runs differ in {wording.joined(said)}"
    return "" if why.unlike or "places" in why.rest_from else "both runs were made in the same way"


def _told(value: Any) -> str:
    """A setting as text; of a digest its beginning."""
    text = "none" if value is None else str(value)
    return text[:_SHOWN] if _DIGEST.fullmatch(text) else text


def _changed(why: Moved) -> bool:
    """Whether anything was changed that could move the verdict."""
    return bool(why.alone or why.untaken)


def _both(effect: Effect) -> str:
    """Both moves, signed, with their standard errors where there are any."""
    said = [
        f"{_with_error(getattr(effect, side), error)} in {side}"
        for side, error in zip(_RANKS, effect.errors[:2], strict=True)
    ]
    return wording.joined(said)


def _with_error(value: float, error: float) -> str:
    """A move of a rank with its standard error."""
    if not math.isfinite(error):
        return _signed(value)
    return f"{_signed(value)} \N{PLUS-MINUS SIGN} {number(error, 3)}"


def _signed(value: float) -> str:
    """A move of a rank with its sign; what rounds to nothing is 0."""
    if math.isfinite(value) and abs(value) < _LEAST:
        return "0.00"
    return f"+{number(value, 2)}" if value > 0 else number(value, 2)


def _rank(value: float) -> str:
    """A rank with two decimals."""
    return number(value, decimals_for((), 0.0, 1.0))


def _names(why: Moved, path: str) -> str:
    """A path in words, from the situation that has it."""
    one, other = why.situations
    return path_words(one if not _is_added(why, path) else other, path)


def _is_added(why: Moved, path: str) -> bool:
    """Whether a path is only there in the second situation."""
    return any(one.kind == "added" and f"{one.path}.".startswith(f"{path}.") for one in why.differences)


def _named(why: Moved, one: Alone) -> str:
    """A change with its values."""
    name = _names(why, one.path)
    if len(one.changes) > 1:
        return f"{name} ({len(one.changes)} values)"
    before, after = _values(one.changes[0])
    return f"{name}, {before} \N{RIGHTWARDS ARROW} {after},"


def _values(change: Difference) -> tuple[str, str]:
    """Both values as a reader would say them."""
    return _value(change.before, change.kind == "added"), _value(change.after, change.kind == "removed")


def _value(value: Any, absent: bool) -> str:
    """A value: its best guess with the range where there is one, a word, or whatever it is."""
    if absent:
        return "left out"
    if isinstance(value, Mapping):
        if "word" in value:
            return str(value["word"]).replace("_", " ")
        low, best, high = (value.get(key) for key in ("low", "best", "high"))
        span = f"{exact(low)} to {exact(high)}" if low is not None and high is not None else ""
        if best is None:
            return " ".join(part for part in (str(value.get("distribution", "")), span) if part)
        return f"{exact(best)} ({span})" if span else exact(best)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return exact(value)
    return str(value).replace("_", " ")


def _row(why: Moved, one: Alone) -> Row:
    """A change as a line of the table."""
    many = len(one.changes) > 1
    before, after = ("", f"{len(one.changes)} values") if many else _values(one.changes[0])
    effect = one.effect
    label = LABELS.get(one.label, "not judged")
    if one.label and one.judged < FEWEST:
        label = f"{one.judged} judged: too few"
    elif one.label and one.split:
        label = f"{label} (split)"
    ranks = (effect.durability, effect.conditionality)
    return Row(_names(why, one.path), before, after, *ranks, label, effect.errors[:2])


def _cells(row: Row) -> tuple[str, ...]:
    """A line of the table as text."""
    return (
        row.what,
        row.before,
        row.after,
        _with_error(row.durability, row.errors[0]),
        _with_error(row.conditionality, row.errors[1]),
        row.label,
    )
