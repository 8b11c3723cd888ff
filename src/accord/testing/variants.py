"""The same situation told differently: other names, another order, scales turned round, a stance left out.

What only documents a situation by path (scenarios, claims, shocks, correlations, resolutions) is left behind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from accord.formulas.logic import parse
from accord.formulas.logic import renamed as renamed_logic
from accord.situation import (
    OTHERWISE,
    Estimate,
    Frozen,
    Issue,
    Logic,
    Option,
    Ref,
    Scale,
    Situation,
    Stance,
    fields_of,
    has_items,
    mark,
    shape_of,
)
from accord.situation.walk import Shape

_RENAMED = ("actors", "issues", "threats", "options")
_SAME_AS = {"patrons": "actors"}
Names = Mapping[str, Mapping[str, str]]


def bare(situation: Situation) -> Situation:
    """The situation without the blocks that only refer to it by path."""
    empty: dict[str, Any] = {
        name: Frozen() for name in ("scenarios", "claims", "shocks", "correlations", "resolve")
    }
    return dataclasses.replace(situation, **empty)


def names_of(situation: Situation, reverse: bool) -> dict[str, dict[str, str]]:
    """New names for actors, issues, threats and options, sorting like the old ones or the other way round."""
    blocks = {
        "actors": situation.actors,
        "issues": situation.issues,
        "threats": situation.partnership.threats,
        "options": situation.options,
    }
    found: dict[str, dict[str, str]] = {}
    for block, entries in blocks.items():
        order = sorted(entries, reverse=reverse)
        found[block] = {name: f"{block[0]}{place:03d}" for place, name in enumerate(order)}
    return found


def renamed(situation: Situation, names: Names) -> Situation:
    """The situation with actors, issues, threats and options under other names.

    Parameters
    ----------
    situation : Situation
    names : mapping
        Block (``actors``, ``issues``, ``threats``, ``options``) to old name to new name.

    Returns
    -------
    Situation
        Equal in everything but the names; ``accord.situation.estimates`` of both run in the same order.
    """

    def key(block: str, name: str) -> str:
        """The new name."""
        return names.get(_SAME_AS.get(block, block), {}).get(name, name)

    changed: Situation = _walked(bare(situation), key, _as_written)
    return changed


def reordered(situation: Situation) -> Situation:
    """The situation with every block written in the opposite order."""

    def same(_: str, name: str) -> str:
        """The name as it is."""
        return name

    changed: Situation = _walked(situation, same, _backwards)
    return changed


def _as_written(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Entries in the order they have."""
    return items


def _backwards(items: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Entries in the opposite order."""
    return items[::-1]


def _walked(value: Any, key: Callable[[str, str], str], order: Callable[[list[Any]], list[Any]]) -> Any:
    """A record with the names in it replaced and its blocks put in order."""
    kind: Any = type(value)
    changes = {
        name: _walked_key(getattr(value, name), name, shape, key, order)
        for name, shape in fields_of(kind).items()
    }
    return dataclasses.replace(value, **changes)


def _walked_key(
    value: Any,
    name: str,
    shape: Shape,
    key: Callable[[str, str], str],
    order: Callable[[list[Any]], list[Any]],
) -> Any:
    """One key of a record, as :func:`_walked`."""
    ref = mark(shape.marks, Ref)
    block = ref.block if ref else name
    if isinstance(value, Estimate):
        return value
    if mark(shape.marks, Logic):
        return _logic_walked(value, lambda option: key("options", option), order)
    if has_items(shape):
        return tuple(_walked(item, key, order) for item in value)
    if isinstance(value, tuple) and (inside := mark(shape_of(shape.args[0]).marks, Ref)):
        return tuple(key(inside.block, entry) for entry in value)
    if isinstance(value, Mapping) and len(shape.args) == 2:
        inner = shape_of(shape.args[1])
        renames = ref is not None or name in _RENAMED
        items = [
            (key(block, old) if renames else old, _walked_key(entry, "", inner, key, order))
            for old, entry in value.items()
        ]
        return Frozen(order(items))
    if isinstance(value, str) and ref:
        return key(block, value)
    if isinstance(value, tuple) and ref:
        return tuple(key(block, entry) for entry in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _walked(value, key, order)
    return value


def _logic_walked(value: Any, key: Callable[[str], str], order: Callable[[list[Any]], list[Any]]) -> Any:
    """Statements over options with the options in them renamed: a text, several, or the keys of a mapping."""

    def said(text: str) -> str:
        """A statement with its names replaced."""
        return renamed_logic(text, {name: key(name) for name in parse(text).names if text != OTHERWISE})

    if isinstance(value, Mapping):
        return Frozen(order([(said(text), entry) for text, entry in value.items()]))
    return tuple(map(said, value)) if isinstance(value, tuple) else None if value is None else said(value)


def flipped(situation: Situation) -> Situation:
    """The situation with every issue's scale turned round: low means what high meant, and positions with it."""
    issues = Frozen({name: _flipped_issue(issue) for name, issue in situation.issues.items()})
    stances = {
        issue: Frozen(
            {actor: _flipped_stance(stance, situation.issues[issue].scale) for actor, stance in held.items()}
        )
        for issue, held in situation.stances.items()
    }
    options = Frozen({name: _flipped_option(option) for name, option in situation.options.items()})
    return dataclasses.replace(bare(situation), issues=issues, stances=Frozen(stances), options=options)


def _flipped_option(option: Option) -> Option:
    """An option that moves outcomes the other way."""
    around_zero = Scale(0.0, 0.0, "", "")
    turned = {issue: mirrored(effect, around_zero) for issue, effect in option.effects.items()}
    effects = {issue: effect for issue, effect in turned.items() if effect is not None}
    return dataclasses.replace(option, effects=Frozen(effects))


def _flipped_issue(issue: Issue) -> Issue:
    """An issue with the words of its ends exchanged."""
    scale = issue.scale
    turned = Scale(scale.low, scale.high, scale.high_means, scale.low_means)
    point = issue.reference_point
    return dataclasses.replace(
        issue, scale=turned, reference_point=None if point is None else scale.low + scale.high - point
    )


def _flipped_stance(stance: Stance, scale: Scale) -> Stance:
    """A stance on the turned scale, its factions' too."""
    factions = {
        name: dataclasses.replace(faction, position=mirrored(faction.position, scale))
        for name, faction in stance.factions.items()
    }
    return dataclasses.replace(stance, position=mirrored(stance.position, scale), factions=Frozen(factions))


def mirrored(estimate: Estimate | None, scale: Scale) -> Estimate | None:
    """A position on the turned scale; None stays None."""
    if estimate is None:
        return None
    across = scale.low + scale.high

    def turn(value: float | None) -> float | None:
        """A value on the scale the other way round."""
        return None if value is None else across - value

    return dataclasses.replace(
        estimate, best=turn(estimate.best), low=turn(estimate.high), high=turn(estimate.low), word=None
    )


def without_stance(situation: Situation, issue: str, actor: str) -> Situation:
    """The situation in which this actor says nothing about this issue."""
    held = Frozen({name: stance for name, stance in situation.stances[issue].items() if name != actor})
    stances = Frozen({**situation.stances, issue: held})
    return dataclasses.replace(bare(situation), stances=stances)
