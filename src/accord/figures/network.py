"""Tables of kind ``network``: actors on a circle, camp by camp, joined by lines.

Lines are solid where two attract and dashed where they repel, the wider the stronger.
The layout hangs on the table alone: camps in the order in which they come, inside a camp actors in the order of the
rows.  So the same table always gives the same picture, for five actors and for sixty.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.labels import NUMBERED, SIGN, STEP, Item, end_of, key, legend
from accord.figures.numbers import number
from accord.figures.rows import listed_rows
from accord.figures.style import PLAIN, Look, Looks
from accord.finding import Spread, Table
from accord.formulas import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# More lines than this hide one another, and more triangles are a blot; the weakest are not drawn, and how many is said.
MOST_TIES, MOST_TRIADS = 50, 4
_ATTRACT, _REPEL = style.COLOURS[0], style.COLOURS[1]
_TOP, _AWAY = 8.0, 16.0
_MOST_SAID = 16
# Points of radius for each line.
_APART = 5.0


@dataclass(frozen=True, slots=True)
class Node:
    """One actor: its key, its words, its size as a share of the largest, and its camp."""

    actor: str
    label: str
    size: float
    camp: int


@dataclass(frozen=True, slots=True)
class Network:
    """What is drawn; ties as (row, row, weight), triads as rows."""

    title: str
    nodes: tuple[Node, ...]
    ties: tuple[tuple[int, int, float], ...]
    triads: tuple[tuple[int, int, int], ...]
    more_ties: int = 0
    more_triads: int = 0


def data_of(table: Table) -> Network:
    """Actors, ties and frustrated triads of a table.

    Raises
    ------
    ValueError
        When a row has no camp, or a tie leads to a row that is not there.
    """
    camps, count = tuple(table.extra.get("camps", ())), len(table.rows)
    if len(camps) != count:
        raise ValueError(
            f"table '{table.name}' of kind 'network' must say of every row to which camp it belongs"
        )
    ties = [(int(i), int(j), float(w)) for i, j, w in table.extra.get("ties", ())]
    triads = [(int(i), int(j), int(k)) for i, j, k in table.extra.get("triads", ())]
    ends = [end for i, j, _ in ties for end in (i, j)] + [end for triad in triads for end in triad]
    if any(not 0 <= end < count for end in ends) or any(i == j for i, j, _ in ties):
        raise ValueError(
            f"table '{table.name}' of kind 'network' has a tie from or to a row that is not there"
        )
    sizes = [_size(row[1:]) for row in table.rows]
    largest = max((s for s in sizes if math.isfinite(s)), default=1.0) or 1.0
    actors = table.actors or tuple("" for _ in range(count))
    nodes = tuple(
        Node(actors[i], style.capital(str(row[0])), sizes[i] / largest if math.isfinite(sizes[i]) else 0.0, int(camps[i]))
        for i, row in enumerate(table.rows)
    )  # fmt: skip
    kept = sorted((t for t in ties if t[2] != 0.0), key=lambda t: (-abs(t[2]), t[0], t[1]))
    weights = {frozenset(tie[:2]): abs(tie[2]) for tie in kept}
    triads.sort(key=lambda triad: (-_friction(triad, weights), triad))
    return Network(
        table.title,
        nodes,
        tuple(kept[:MOST_TIES]),
        tuple(triads[:MOST_TRIADS]),
        max(len(kept) - MOST_TIES, 0),
        max(len(triads) - MOST_TRIADS, 0),
    )


def _friction(triad: tuple[int, int, int], weights: dict[frozenset[int], float]) -> float:
    """What a triad's friction costs at least: its weakest tie."""
    return min(weights.get(frozenset(pair), 0.0) for pair in combinations(triad, 2))


def _size(cells: Sequence[Any]) -> float:
    """The first quantity of a row, at its best estimate."""
    found = (c.best if isinstance(c, Spread) else c for c in cells if isinstance(c, Spread | int | float))
    return float(next(found, math.nan))


def _order(data: Network) -> list[int]:
    """Rows around the circle: one camp after the other."""
    return sorted(range(len(data.nodes)), key=lambda i: (data.nodes[i].camp, i))


def _radius(data: Network) -> float:
    """Radius of the circle in points: wide enough for every mark and for many lines, within the width."""
    wanted = max(80.0, len(data.nodes) * 11.0 / math.pi, _APART * len(data.ties))
    return min(wanted, style.INNER / 2 - 2 * _AWAY)


def places(data: Network) -> list[tuple[float, float]]:
    """Where each row stands, in points; camps are set apart by gaps."""
    order, camps = _order(data), sorted({node.camp for node in data.nodes})
    gap = 1.2 if len(camps) > 1 else 0.0
    steps = len(order) + gap * len(camps)
    radius, middle = _radius(data), (style.INNER / 2, _top(data) + _AWAY + _radius(data) + 8)
    found, at, before = [(0.0, 0.0)] * len(order), 0.0, None
    # The first camp stands on the left, its middle at nine o'clock.
    first = sum(node.camp == camps[0] for node in data.nodes) if camps else 0
    turn = math.pi - 2 * math.pi * (first - 1) / 2 / max(steps, 1)
    for i in order:
        if before is not None:
            at += 1.0 + (gap if data.nodes[i].camp != before else 0.0)
        before = data.nodes[i].camp
        angle = turn + 2 * math.pi * at / max(steps, 1)
        found[i] = (middle[0] + radius * math.cos(angle), middle[1] - radius * math.sin(angle))
    return found


def _signs(data: Network) -> Iterator[tuple[str, str]]:
    """Legend: what lines, sizes and shading mean."""
    if any(w > 0 for _, _, w in data.ties):
        yield "plus", "solid: would stand together"
    if any(w < 0 for _, _, w in data.ties):
        yield "minus", "dashed: would stand apart"
    yield "size", "larger: weighs more"
    if len({node.camp for node in data.nodes}) > 1:
        yield "ring", "dark ring: second camp"
    if data.triads:
        yield "triad", "shaded: three that cannot all have their way"


def _top(data: Network) -> float:
    """Where the drawing proper begins, below the legend."""
    return end_of(list(legend(_signs(data), _TOP - 8)), _TOP) + 6


def _entries(data: Network) -> list[tuple[str, str]]:
    """The key: who each number stands for."""
    return [(str(place + 1), data.nodes[i].label) for place, i in enumerate(_order(data))]


def _key(data: Network) -> list[Item]:
    """The key below the drawing."""
    below = _top(data) + 2 * (_radius(data) + _AWAY) + 22
    return list(key(_entries(data), below))


def height_of(data: Network) -> float:
    """Height of the drawing in points."""
    return end_of(_key(data), 40.0) + STEP * (len(_more(data)) + 1)


def _more(data: Network) -> list[str]:
    """What is not drawn, in words."""
    said = []
    if data.more_ties:
        said.append(f"and {data.more_ties} weaker ties that are not drawn")
    if data.more_triads:
        said.append(f"and {data.more_triads} more triads of that kind, of weaker ties, that are not shaded")
    return said


def draw(data: Network, ax: Axes, looks: Looks) -> None:
    """Draw actors and ties on an empty axes."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    at = places(data)
    for item in legend(_signs(data), _TOP - 8):
        _draw_sign(ax, item)
    _draw_triads(ax, data, at)
    most = max((abs(w) for _, _, w in data.ties), default=1.0)
    for i, j, weight in reversed(data.ties):
        _draw_tie(ax, at[i], at[j], weight / most)
    for place, i in enumerate(_order(data)):
        _draw_node(ax, data, i, at[i], looks.get(data.nodes[i].actor, PLAIN), str(place + 1))
    for item in _key(data):
        style.write(ax, item.x + 2, item.y + 9, item.sign, size=style.SMALL, bold=True, across=False)
        item.write(ax, NUMBERED - 10, style.INK)
    for place, text in enumerate(_more(data)):
        y = height_of(data) - 4 - STEP * (len(_more(data)) - 1 - place)
        style.write(ax, 0, y, text, size=style.SMALL, colour=style.FAINT_INK, across=False)


def _draw_sign(ax: Axes, item: Item) -> None:
    """One entry of the legend."""
    x, y = item.x + 5, item.y + 5.5
    if item.sign in ("plus", "minus"):
        _draw_tie(ax, (x - 5, y), (x + 6, y), 0.8 if item.sign == "plus" else -0.8)
    elif item.sign == "triad":
        _shade(ax, [(x - 5, y + 4), (x + 5, y + 4), (x, y - 4)])
    elif item.sign == "ring":
        _dot(ax, x, y, 6.0, "#ffffff", 2.4)
    else:
        _dot(ax, x - 2.5, y, 3.0, style.TRACK, 0.8)
        _dot(ax, x + 4.0, y, 7.0, style.TRACK, 0.8)
    item.write(ax, SIGN)


def _shade(ax: Axes, corners: list[tuple[float, float]]) -> None:
    """A light triangle."""
    from matplotlib.patches import Polygon

    ax.add_patch(Polygon(corners, closed=True, facecolor="#8c8c8c", alpha=0.14, edgecolor="none", zorder=1))


def _draw_triads(ax: Axes, data: Network, at: Sequence[tuple[float, float]]) -> None:
    """Frustrated triads."""
    for triad in data.triads:
        _shade(ax, [at[i] for i in triad])


def _draw_tie(ax: Axes, start: tuple[float, float], end: tuple[float, float], share: float) -> None:
    """One line: solid where two attract, dashed where they repel, the wider the stronger."""
    colour = style.strong(_ATTRACT if share > 0 else _REPEL)
    look: dict[str, Any] = {"linestyle": "-" if share > 0 else (0, (4, 2.5)), "solid_capstyle": "butt"}
    width = 0.5 + 2.3 * abs(share)
    style.line(ax, (start[0], end[0]), (start[1], end[1]), color=colour, linewidth=width, zorder=2, **look)


def _dot(ax: Axes, x: float, y: float, size: float, fill: str, edge: float, marker: str = "o") -> None:
    """One mark."""
    ax.plot(
        [x], [y], linestyle="none", marker=marker, markersize=size, clip_on=False, zorder=5, markerfacecolor=fill,
        markeredgecolor=style.INK, markeredgewidth=edge,
    )  # fmt: skip


def _draw_node(ax: Axes, data: Network, i: int, at: tuple[float, float], look: Look, text: str) -> None:
    """One actor in its fixed colour, with its number outside the circle."""
    node = data.nodes[i]
    # Neighbours on the circle never touch.
    room = min(22.0, 0.8 * 2 * math.pi * _radius(data) / (len(data.nodes) + 2))
    size = room * (0.3 + 0.7 * math.sqrt(max(node.size, 0.0)))
    second = node.camp != min(one.camp for one in data.nodes)
    _dot(ax, *at, size, look.colour, 2.6 if second else 0.8, look.marker)
    middle = (style.INNER / 2, _top(data) + _AWAY + _radius(data) + 8)
    away = (_radius(data) + size / 2 + 9.0) / _radius(data)
    x, y = (middle[k] + (at[k] - middle[k]) * away for k in (0, 1))
    style.write(ax, x, y, text, size=style.SMALL, side="center", level="center", bold=True, across=False)


def alt_of(data: Network) -> str:
    """The drawing in words, made from its numbers."""
    names = [node.label for node in data.nodes]
    camps = [
        ", ".join(names[i] for i in _order(data) if data.nodes[i].camp == camp)
        for camp in sorted({node.camp for node in data.nodes})
    ]
    plus = sum(w > 0 for _, _, w in data.ties)
    ties = f"{wording.count(plus, 'tie')} that attract and {len(data.ties) - plus} that repel"
    head = f"Network of {wording.count(len(names), 'actor')}, {ties}. Camps: {'; '.join(camps)}"
    told = [f"{names[i]} and {names[j]} {number(w, 2)}" for i, j, w in data.ties[:_MOST_SAID]]
    if len(data.ties) > _MOST_SAID:
        told.append(f"{len(data.ties) - _MOST_SAID} weaker ones are drawn")
    triads = [f"{names[i]}, {names[j]} and {names[k]}" for i, j, k in data.triads]
    rest = "".join(f" {style.capital(text)}." for text in _more(data))
    cannot = f" Cannot all have their way: {listed_rows(triads)}" if triads else ""
    return f"{head}. Ties, the strongest first: {'. '.join(told) or 'none'}.{cannot}{rest}"
