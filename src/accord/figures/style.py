"""How figures look: a fixed colour and marker for every actor, one type size, text that wraps where it must.

Colours are the palette of Okabe and Ito (Color Universal Design, 2008), which readers with any common colour vision
tell apart; every colour comes with a marker of its own, so that nothing rests on colour alone.  All lengths are points.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from accord.situation import Situation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 390.0
SIDE = 13.0
INNER = WIDTH - 2 * SIDE
SIZE = 12.0
SMALL = 10.5
LEADING = 1.25
FONT = "DejaVu Sans"

INK = "#1a1a1a"
FAINT_INK = "#595959"
RULE = "#8c8c8c"
TRACK = "#e3e3e3"
NEUTRAL = "#0072B2"
# Okabe and Ito's eight, the two most distinct first: they go to the partners.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p", "h", "*")

Side = Literal["left", "center", "right"]
Level = Literal["baseline", "center", "top", "bottom"]


@dataclass(frozen=True, slots=True)
class Look:
    """How one actor is shown wherever it appears.

    Parameters
    ----------
    colour : str
        Fill, as ``#rrggbb``; always drawn with a dark edge.
    marker : str
        Shape, in matplotlib's letters.
    label : str
        What the actor is called in words.
    """

    colour: str = NEUTRAL
    marker: str = "o"
    label: str = ""


PLAIN = Look()
Looks = Mapping[str, Look]


def looks_of(situation: Situation) -> dict[str, Look]:
    """Colour and marker of every actor: partners first, then client, threats, suitors, others with a stance, the rest.

    The same actors always look the same, whatever the order of the file and whatever the lens; those who matter most
    get the colours that differ most.
    """
    pact = situation.partnership
    roles: list[set[str]] = [
        set(pact.patrons),
        {pact.client.actor} if pact.client is not None else set(),
        {threat.actor or name for name, threat in pact.threats.items()},
        set(pact.suitors),
        {name for by_actor in situation.stances.values() for name in by_actor},
        set(situation.actors),
    ]
    order = dict.fromkeys(name for role in roles for name in sorted(role) if name in situation.actors)
    return {
        name: Look(
            COLOURS[i % len(COLOURS)], MARKERS[i % len(MARKERS)], situation.actors[name].label or spoken(name)
        )
        for i, name in enumerate(order)
    }


def spoken(name: str) -> str:
    """A name without a label, made readable: underscores and hyphens become blanks."""
    return name.replace("_", " ").replace("-", " ")


def capital(text: str) -> str:
    """Text with a capital letter in front, as labels and sentences have it."""
    tidy = text.strip()
    return tidy[:1].upper() + tidy[1:]


def clean(text: str) -> str:
    """Text on one line, without characters that no XML document may hold."""
    if text.isprintable():
        return text.strip()
    bad = ("Cc", "Cs")
    kept = (
        c for c in text if c in "\t\r\n" or (unicodedata.category(c) not in bad and c not in "\ufffe\uffff")
    )
    return "".join(" " if c in "\t\r\n" else c for c in kept).strip()


@contextmanager
def quiet() -> Iterator[None]:
    """Silence matplotlib's complaint about letters its own font lacks: the reader's font has them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        yield


@cache
def width_of(text: str, size: float = SIZE, bold: bool = False) -> float:
    """Width of one line in points, in the widest of the fonts that a reader may see it in."""
    from accord.figures import artists

    with quiet():
        return artists.width_of(text, FONT, size, "bold" if bold else "normal")


def is_wider(text: str, width: float, size: float = SIZE, bold: bool = False) -> bool:
    """Whether one line is wider than so many points; measured only where it comes near."""
    from accord.figures import artists

    if artists.reach_of(text, FONT, size, "bold" if bold else "normal") <= width:
        return False
    return width_of(text, size, bold) > width


def wrap(text: str, width: float, size: float = SIZE, most: int = 3, bold: bool = False) -> tuple[str, ...]:
    """Text broken into at most *most* lines of at most *width* points; what does not fit ends in an ellipsis."""
    lines = [""]
    for piece in _pieces(clean(text), width, size, bold):
        longer = lines[-1] + piece
        if lines[-1] and is_wider(longer.rstrip(), width, size, bold):
            lines.append(piece.lstrip())
        else:
            lines[-1] = longer
    if len(lines) > most:
        lines = [*lines[: most - 1], shorten("".join(lines[most - 1 :]).rstrip(), width, size, bold)]
    return tuple(line.rstrip() for line in lines)


def _pieces(text: str, width: float, size: float, bold: bool) -> Iterator[str]:
    """Parts between which a line may break: after blanks and hyphens, and anywhere in what is wider than a line."""
    for word in re.findall(r"[^\s-]*-+(?=\S)|\S+?(?:-+(?=\S)|\s+|$)|\s+", text):
        rest = word
        while len(rest) > 1 and is_wider(rest.rstrip(), width, size, bold):
            cut = len(rest) - 1
            while cut > 1 and width_of(rest[:cut], size, bold) > width:
                cut -= 1
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def shorten(text: str, width: float, size: float = SIZE, bold: bool = False) -> str:
    """One line of at most *width* points, cut with an ellipsis where it is longer."""
    if not is_wider(text, width, size, bold):
        return text
    cut = len(text)
    while cut > 1 and width_of(f"{text[:cut].rstrip()}…", size, bold) > width:
        cut -= 1
    return f"{text[:cut].rstrip()}…"


def write(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float = SIZE,
    side: Side = "left",
    level: Level = "baseline",
    colour: str = INK,
    bold: bool = False,
    across: bool = True,
    turned: bool = False,
) -> None:
    """Put one line of text: *x* as a share of the axes' width (or in data units when not *across*), *y* in points."""
    from accord.figures.artists import Words

    words = Words(
        x,
        y,
        clean(text),
        fontsize=size,
        ha=side,
        va=level,
        color=colour,
        fontfamily=FONT,
        fontweight="bold" if bold else "normal",
        rotation=90 if turned else 0,
        transform=ax.get_yaxis_transform() if across else ax.transData,
        parse_math=False,
        clip_on=False,
    )
    ax.add_artist(words)


def write_lines(ax: Axes, x: float, y: float, lines: tuple[str, ...], **how: Any) -> None:
    """Put several lines one below the other, the first at *y*; each is its own text so that it keeps its anchor."""
    step = float(how.get("size", SIZE)) * LEADING
    put = write_over if how.pop("over", False) else write
    for index, line in enumerate(lines):
        put(ax, x, y + index * step, line, **how)


def write_over(ax: Axes, x: float, y: float, text: str, **how: Any) -> None:
    """Put one line of text on a white ground, so that no grid line runs through it; *x* as a share of the width."""
    size, bold, side = (
        float(how.get("size", SIZE)),
        bool(how.get("bold", False)),
        str(how.get("side", "left")),
    )
    width = width_of(text, size, bold) / INNER
    start = x - {"left": 0.0, "center": width / 2, "right": width}[side]
    heights = (y - size * 0.85, y + size * 0.3)
    box(ax, (start - 0.004, start + width + 0.004), heights, "#ffffff", across=True, zorder=2.5)
    write(ax, x, y, text, **how)


def dot(ax: Axes, x: float, y: float, look: Look, *, size: float = 8.0, hollow: bool = False) -> None:
    """One marker in an actor's look with a dark edge; hollow ones mark where something comes from."""
    from accord.figures.artists import Stroke

    mark = Stroke(
        [x], [y], linestyle="none", marker=look.marker, markersize=size, clip_on=False, zorder=5,
        markerfacecolor="white" if hollow else look.colour, markeredgecolor=look.colour if hollow else INK,
        markeredgewidth=1.6 if hollow else 0.8,
    )  # fmt: skip
    ax.add_artist(mark)


def line(
    ax: Axes, x: tuple[float, float], y: tuple[float, float], *, across: bool = False, **how: Any
) -> None:
    """One straight line; *across* takes x as shares of the axes' width."""
    from accord.figures.artists import Stroke

    transform = ax.get_yaxis_transform() if across else ax.transData
    how.setdefault("solid_capstyle", "round")
    ax.add_artist(Stroke(x, y, transform=transform, clip_on=False, **how))


def blank(ax: Axes, height: float) -> None:
    """An empty canvas whose y axis counts points downwards from the top, without frame and y ticks."""
    ax.set_ylim(height, 0)
    ax.set_yticks([])
    ax.set_facecolor("none")
    for spine in ax.spines.values():
        spine.set_visible(False)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def strong(colour: str) -> str:
    """The colour, darkened as far as a line needs to stand out from white (contrast of 3, WCAG 2.2)."""
    share = 0.0
    while contrast(mix(colour, "#000000", share), "#ffffff") < 3 and share < 1:
        share += 0.05
    return mix(colour, "#000000", share)


def readable(colour: str) -> str:
    """The colour, darkened as far as small text needs to stand out from white (contrast of 4.5, WCAG 2.2)."""
    share = 0.0
    while contrast(mix(colour, "#000000", share), "#ffffff") < 4.5 and share < 1:
        share += 0.05
    return mix(colour, "#000000", share)


def write_key(ax: Axes, parts: tuple[str, ...], x: float = 0.0) -> None:
    """The line above a drawing that says what its marks are; goes on below where it is too long."""
    lines = wrap(" · ".join(parts), INNER * (1 - x), SMALL, 2)
    write_lines(ax, x, 9, lines, size=SMALL, colour=FAINT_INK)


def key_height(parts: tuple[str, ...]) -> float:
    """Points that such a line takes, with the gap below."""
    return 7.0 + len(wrap(" · ".join(parts), INNER, SMALL, 2)) * SMALL * LEADING


def box(
    ax: Axes, x: tuple[float, float], y: tuple[float, float], colour: str, *, across: bool = False, **how: Any
) -> None:
    """A filled rectangle without edge; *across* takes x as shares of the axes' width."""
    from accord.figures.artists import Block

    how = {"edgecolor": "none", "facecolor": colour, "clip_on": False, **how}
    transform = ax.get_yaxis_transform() if across else ax.transData
    # Limits are set by whoever draws; add_patch would work out those of the data.
    ax.add_artist(Block((x[0], y[0]), x[1] - x[0], y[1] - y[0], transform=transform, **how))


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: *share* 0 gives the first, 1 the second."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
