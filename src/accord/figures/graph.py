"""Tables of kind ``graph``: outcomes as numbered circles, moves between them as arrows in the colour of who moves.

Outcomes stand in columns by their distance from the present one, counted in moves that are shown; within a column in
the order of the table.  So the layout hangs on nothing but the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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

MOST_NODES = 12
_ROW, _RADIUS, _EDGE = 46.0, 10.0, 16.0
_TOP = 8.0


@dataclass(frozen=True, slots=True)
class Node:
    """One outcome: what it is called, how it is marked, and in which column it stands."""

    label: str
    kind: str
    column: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow between two outcomes by their row, with who moves, whether it pays, and whether it lies on the way out."""

    start: int
    end: int
    actor: str
    pays: bool
    way: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """What is drawn."""

    title: str
    nodes: tuple[Node, ...]
    moves: tuple[Move, ...]
    actors: tuple[tuple[str, str], ...]
    more: int = 0


def data_of(table: Table) -> Graph:
    """Outcomes and moves of a table; ValueError when a move leads from or to a row that is not there."""
    kinds = tuple(table.extra.get("kinds", ()))
    if len(kinds) != len(table.rows):
        raise ValueError(f"table '{table.name}' of kind 'graph' must say of every row what it is (kinds)")
    moves = tuple(Move(*entry) for entry in table.extra.get("moves", ()))
    if any(not 0 <= end < len(table.rows) for move in moves for end in (move.start, move.end)):
        raise ValueError(
            f"table '{table.name}' of kind 'graph' has a move from or to a row that is not there"
        )
    shown = min(len(table.rows), MOST_NODES)
    kept = tuple(move for move in moves if max(move.start, move.end) < shown)
    columns = _columns(shown, kept, kinds)
    nodes = tuple(
        Node(style.capital(str(row[0])), kinds[i], columns[i], _share(row[1:]))
        for i, row in enumerate(table.rows[:shown])
    )
    named: Mapping[str, str] = table.extra.get("actors", {})
    movers = sorted({move.actor for move in kept}, key=lambda name: (named.get(name, name), name))
    labels = tuple((name, named.get(name, style.spoken(name))) for name in movers)
    return Graph(table.title, nodes, kept, labels, len(table.rows) - shown)


def _share(cells: Sequence[Any]) -> float | None:
    """The first quantity of a row, at its middle."""
    return next((float(cell.median) for cell in cells if isinstance(cell, Spread)), None)


def _columns(count: int, moves: Sequence[Move], kinds: Sequence[str]) -> list[int]:
    """Distance of every outcome from the present one; those that no move reaches stand one column further."""
    start = next((i for i in range(count) if kinds[i] in ("now", "now equilibrium")), 0)
    found, edge = {start: 0}, [start]
    while edge:
        after = sorted({m.end for m in moves if m.start in edge and m.end not in found})
        found |= dict.fromkeys(after, found[edge[0]] + 1)
        edge = after
    last = max(found.values(), default=0) + 1
    return [found.get(i, last) for i in range(count)]


def _places(data: Graph) -> list[tuple[float, float]]:
    """Where the circles stand, in points."""
    columns = max((node.column for node in data.nodes), default=0) + 1
    tall = max((sum(n.column == c for n in data.nodes) for c in range(columns)), default=1)
    top = _top(data) + _EDGE
    step = (style.INNER - 2 * _EDGE) / max(columns - 1, 1)
    found = []
    for i, node in enumerate(data.nodes):
        rank = sum(other.column == node.column for other in data.nodes[:i])
        size = sum(other.column == node.column for other in data.nodes)
        # Neighbouring columns are shifted a little, so that arrows do not run through circles.
        y = (
            top
            + (rank + (tall - size) / 2) * _ROW
            + (_ROW / 4 if node.column % 2 and size == tall > 1 else 0)
        )
        found.append((_EDGE + node.column * step, y))
    return found


def _signs(data: Graph) -> Iterator[tuple[str, str]]:
    """Legend: who moves, and what the marks mean."""
    yield from data.actors
    yield "now", "ringed: as now"
    yield "full", "filled: nobody would move (equilibrium)"
    yield "way", "thick: the way out"
    if any(not move.pays for move in data.moves):
        yield "dashed", "dashed: does not pay the mover"


def _top(data: Graph) -> float:
    """Where the drawing proper begins, below the legend."""
    return end_of(list(legend(_signs(data), _TOP - 8)), _TOP) + 6


def _entries(data: Graph) -> list[tuple[str, str]]:
    """The key: what each number stands for."""
    said = []
    for place, node in enumerate(data.nodes, start=1):
        share = "" if node.share is None else f" ({number(100 * node.share, 0)} %)"
        said.append((str(place), f"{node.label}{share}"))
    return said


def _key(data: Graph) -> list[Item]:
    """The key below the drawing."""
    below = max((y for _, y in _places(data)), default=_top(data)) + _EDGE + _RADIUS + 8
    return list(key(_entries(data), below))


def height_of(data: Graph) -> float:
    """Height of the drawing in points."""
    return end_of(_key(data), 40.0) + STEP * (2 if data.more else 1)


def draw(data: Graph, ax: Axes, looks: Looks) -> None:
    """Draw outcomes and moves on an empty axes."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    places = _places(data)
    for item in legend(_signs(data), _TOP - 8):
        _draw_sign(ax, item, looks)
    for move in data.moves:
        _draw_move(ax, move, places, looks.get(move.actor, PLAIN), _twins(data.moves, move))
    for place, (x, y) in enumerate(places):
        _draw_node(ax, data.nodes[place], x, y, str(place + 1))
    for item in _key(data):
        style.write(ax, item.x + 2, item.y + 9, item.sign, size=style.SMALL, bold=True, across=False)
        item.write(ax, NUMBERED - 10, style.INK)
    if data.more:
        text = f"and {data.more} more in the table"
        style.write(ax, 0, height_of(data) - 4, text, size=style.SMALL, colour=style.FAINT_INK, across=False)


def _draw_sign(ax: Axes, item: Item, looks: Looks) -> None:
    """One entry of the legend."""
    x, y = item.x + 5, item.y + 5.5
    if item.sign in ("now", "full"):
        _circle(ax, x, y, 3.5 if item.sign == "full" else 2.2, item.sign == "full", ring=item.sign == "now")
    elif item.sign in ("way", "dashed"):
        width, dashes = (3.0, "-") if item.sign == "way" else (1.4, (0, (3, 2)))
        style.line(ax, (x - 5, x + 5), (y, y), color=style.FAINT_INK, linewidth=width, linestyle=dashes)
    else:
        colour = style.strong(looks.get(item.sign, PLAIN).colour)
        style.line(ax, (x - 5, x + 5), (y, y), color=colour, linewidth=2.4)
    item.write(ax, SIGN)


def _draw_node(ax: Axes, node: Node, x: float, y: float, text: str) -> None:
    """A circle with its number: filled for an equilibrium, with a second ring for the present outcome."""
    full = node.kind.endswith("equilibrium")
    _circle(ax, x, y, _RADIUS, full, ring=node.kind.startswith("now"))
    colour = "#ffffff" if full else style.INK
    style.write(
        ax,
        x,
        y,
        text,
        size=style.SMALL,
        side="center",
        level="center",
        bold=True,
        colour=colour,
        across=False,
    )
    ax.texts[-1].set_zorder(7)


def _circle(ax: Axes, x: float, y: float, radius: float, full: bool, *, ring: bool) -> None:
    """One circle."""
    face = style.INK if full else "#ffffff"
    outer = (radius + min(3.0, radius), "none")
    for size, fill in (outer, (radius, face)) if ring else ((radius, face),):
        ax.plot(
            [x], [y], linestyle="none", marker="o", markersize=2 * size, clip_on=False, zorder=6,
            markerfacecolor=fill, markeredgecolor=style.INK, markeredgewidth=1.2,
        )  # fmt: skip


def _twins(moves: Sequence[Move], move: Move) -> float:
    """How far an arrow bends: more for every further one between the same two outcomes."""
    same = [m for m in moves if {m.start, m.end} == {move.start, move.end}]
    return 0.12 + 0.16 * same.index(move)


def _draw_move(ax: Axes, move: Move, places: Sequence[tuple[float, float]], look: Look, bend: float) -> None:
    """One arrow."""
    arrow: dict[str, Any] = {
        "arrowstyle": "-|>,head_length=5,head_width=2.6",
        "color": style.strong(look.colour),
        "linewidth": 2.8 if move.way else 1.3,
        "linestyle": "-" if move.pays else (0, (3, 2)),
        "connectionstyle": f"arc3,rad={bend if move.start < move.end else -bend:.2f}",
        "shrinkA": _RADIUS + 4,
        "shrinkB": _RADIUS + 4,
        "mutation_scale": 1.0,
    }
    ax.annotate(
        "", xy=places[move.end], xytext=places[move.start], arrowprops=arrow, zorder=4 if move.way else 3
    )


def alt_of(data: Graph) -> str:
    """The drawing in words, made from its numbers."""
    labels = dict(data.actors)
    sticks = [node.label for node in data.nodes if node.kind.endswith("equilibrium")]
    said = [
        f"{labels.get(m.actor, m.actor)} moves from {m.start + 1} to {m.end + 1}{'' if m.pays else ' though it does not pay'}"
        f"{', on the way out' if m.way else ''}"
        for m in data.moves
    ]
    nodes = [f"{place}: {text}" for place, (_, text) in enumerate(_entries(data), start=1)]
    kept = f"nobody would leave {'; '.join(sticks)}" if sticks else "somebody would leave each of them"
    outcomes = listed_rows(nodes, data.more)
    head = f"{wording.count(len(data.nodes), 'outcome')} joined by {wording.count(len(data.moves), 'move')}; {kept}"
    moves = f" Moves: {'; '.join(said)}." if said else ""
    return f"{head}. {outcomes}{moves}"
