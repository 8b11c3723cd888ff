"""Why the verdict moved from one run to another, in words: one paragraph, and a table of what each change does."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.figures.numbers import decimals_for, exact, number
from accord.formulas import wording
from accord.lenses.endurance.places import LABELS, clear_label
from accord.report.paths import path_words
from accord.study.differences import Difference
from accord.study.moved import Alone, Effect, Moved
from accord.study.ran import How, Where
from accord.study.verdict import FEWEST

# The paragraph names so many changes; the table has them all.
_NAMED = 3
# What does not move a rank by this much is not worth a name.
_LEAST = 0.005
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
    """The answer in one paragraph: how far it moved, which changes did it, and what they do not explain."""
    parts = [_peers(why), _verdicts(why), *_changes(why), _rest(why), _made(why.how)]
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
            f"Effects are on the median ranks over the first {why.worlds:,} worlds of the first run, all else as it was there;"
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


def _verdicts(why: Moved) -> str:
    """From which label to which, with their shares and errors, and how far the medians went; no label from few worlds."""
    one, other = why.before, why.after
    if min(one.judged, other.judged) < FEWEST:
        few = [str(where.judged) for where in (one, other)]
        head = f"too few worlds to name a kind ({few[0]} are judged in the first run, {few[1]} in the second)"
    elif one.label == other.label:
        head = (
            f"the label stayed {LABELS[one.label]} ({_share(one, ' of judged worlds')}, then {_share(other)})"
        )
    else:
        head = (
            f"the label moved from {LABELS[one.label]} ({_share(one, ' of judged worlds')}) to {LABELS[other.label]}"
            f" ({_share(other)})"
        )
    ranks = [
        f"{name} {_rank(getattr(one, name))} \N{RIGHTWARDS ARROW} {_rank(getattr(other, name))}"
        for name in _RANKS
    ]
    return f"{head}; median {wording.joined(ranks)}"


def _share(where: Where, of: str = "") -> str:
    """The share of the label with its standard error, in percent, and that it does not lead clearly."""
    share = where.shares[where.label]
    error = 100.0 * math.sqrt(share * (1.0 - share) / where.judged)
    split = "" if clear_label(where.shares, where.judged) else ", split"
    return f"{round(100 * share)} \N{PLUS-MINUS SIGN} {error:.0f} %{of}{split}"


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
    """What the changes do not explain, and whether chance can."""
    if why.rest.size < _LEAST / 10:
        return "that is the whole move" if why.total.size >= _LEAST / 10 else "nothing moved"
    whole = "the whole move" if not _changed(why) else f"the rest, {_both(why.rest)},"
    errors = [math.hypot(one, other) for one, other in zip(why.before.errors, why.after.errors, strict=True)]
    if not all(map(math.isfinite, errors)):
        return f"{whole} comes from how the runs were made"
    apart = any(
        abs(getattr(why.rest, name)) > 2.0 * error for name, error in zip(_RANKS, errors, strict=True)
    )
    chance = wording.joined(
        [f"{number(error, 2)} in {name}" for name, error in zip(_RANKS, errors, strict=True)]
    )
    if apart:
        return f"{whole} is more than chance gives (standard error {chance}) and comes from how the runs were made"
    return f"{whole} is no more than the chance of other draws (standard error {chance})"


def _made(how: Sequence[How]) -> str:
    """How the runs were made differently."""
    if not how:
        return "both runs were made in the same way"
    said = [f"{one.what} ({_told(one.before)}, then {_told(one.after)})" for one in how]
    return f"the runs differ in {wording.joined(said)}"


def _told(value: Any) -> str:
    """A setting as text."""
    return "none" if value is None else str(value)


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
