"""The CSV form of KTAB's spatial model (the open program "smp" of KAPSARC), as in its example ``dummyData_3Dim.csv``.

Layout: a first line with the name and the description of the scenario, the number of actors and that of dimensions; a
header ``Actor, Description, Power`` and then, for each dimension, a column of positions that bears its name and one of
salience; one line for each actor.  Positions and salience run from 0 to 100, the salience of an actor is at most 100 in
sum, power is above 0.  A comma may end each line.  The form holds no accommodation and no parameters of the model.
"""

from __future__ import annotations

from accord.exchange.draft import Cell, Draft, Row, settled
from accord.exchange.game import Game, percent, plain
from accord.exchange.marks import Value, values_of
from accord.formulas.wording import count
from accord.problems import Problem

_HEADER = "Actor, Description, Power, then position and salience for each dimension"
_FIRST = "name, description, number of actors, number of dimensions"


def looks(rows: list[list[Value]]) -> bool:
    """Whether the first line counts actors and dimensions."""
    texts = [value.text for value in rows[0]] if rows else []
    return len(texts) >= 4 and texts[2].isdecimal() and texts[3].isdecimal()


def parse(data: bytes) -> tuple[Game | None, list[Problem]]:
    """Read a file; the game if it can be used, and every problem with line and column.

    Raises
    ------
    Refused
        When it is no table of values at all.
    """
    rows, _ = values_of(data, ",")
    draft = Draft()
    first, header = ([_trimmed(row) for row in rows[:2]] + [[], []])[:2]
    if not looks([first]):
        cell = Cell("", first[0].line, first[0].column) if first else None
        draft.tell("first-line", "the first line does not open a scenario of KTAB", cell, _FIRST)
        return None, draft.problems
    draft.title, draft.about = first[0].text, first[1].text
    actors, dimensions = int(first[2].text[:9]), int(first[3].text[:9])
    columns = _dimensions(draft, header, dimensions, first[3])
    for row in rows[2:]:
        _actor(draft, _trimmed(row), columns)
    if len(draft.rows) != actors:
        follow = "follows" if len(draft.rows) == 1 else "follow"
        says = f"the first line announces {count(actors, 'actor')}, but {len(draft.rows)} {follow}"
        draft.tell("count", says, Cell("", first[2].line, first[2].column), f"{len(draft.rows)}")
    return settled(draft), draft.problems


def _trimmed(row: list[Value]) -> list[Value]:
    """A line without the empty value after a last comma."""
    return row[:-1] if len(row) > 1 and not row[-1].text and not row[-1].quoted else row


def _dimensions(draft: Draft, header: list[Value], dimensions: int, count: Value) -> list[str]:
    """Names of the columns from the fourth on; the dimensions are told to the draft."""
    names = [value.text for value in header]
    if len(header) < 5 or len(header) % 2 == 0:
        cell = Cell("", header[0].line, header[0].column) if header else None
        draft.tell("header", f"the header has {len(header)} columns", cell, _HEADER)
        return names[3:]
    if (len(header) - 3) // 2 != dimensions:
        says = (
            f"the first line announces {dimensions} dimensions, but the header has {(len(header) - 3) // 2}"
        )
        draft.tell("count", says, Cell("", count.line, count.column), f"{(len(header) - 3) // 2}")
    draft.dimensions = [Cell(value.text, value.line, value.column) for value in header[3::2]]
    return names[3:]


def _actor(draft: Draft, row: list[Value], columns: list[str]) -> None:
    """One line of an actor."""
    wide = 3 + len(columns)
    if len(row) != wide:
        says = f"this line has {count(len(row), 'value')}, but the header has {wide}"
        draft.tell("count", says, Cell("", row[0].line, row[0].column), f"{wide} values")
    cells = [
        Cell(value.text, value.line, value.column, name)
        for value, name in zip(row, ["Actor", "Description", "Power", *columns], strict=False)
    ]
    found = Row(cells[0], cells[2] if len(cells) > 2 else None, cells[3::2], cells[4::2])
    found.description = cells[1].text if len(cells) > 1 else ""
    draft.rows.append(found)


def text_of(game: Game) -> tuple[str, list[str]]:
    """The game as a file, positions on 0..100, and what the form has no place for."""
    wide = len(game.dimensions)
    lines = [[quoted(game.title), quoted(game.about), str(len(game.names)), str(wide)]]
    lines.append(["Actor", "Description", "Power"])
    for dimension in game.dimensions:
        lines[-1] += [quoted(dimension), quoted(f"Sal {dimension}")]
    for i, name in enumerate(game.names):
        line = [quoted(name), quoted(game.descriptions[i]), plain(game.capability[i])]
        for k in range(wide):
            line += [plain(game.positions[i, k]), percent(game.salience[i, k])]
        lines.append(line)
    lost = ["the accommodation of ideal points"] if game.accommodation is not None else []
    lost += [f"the parameters of the model ({', '.join(sorted(game.options))})"] if game.options else []
    return "".join(",".join(line) + ",\n" for line in lines), lost


def quoted(text: str) -> str:
    """A text as one value: in quotes unless it is plain words."""
    plainly = text.replace(" ", "").replace("-", "").replace("_", "").replace(".", "")
    safe = text == text.strip() and (plainly.isalnum() or not text)
    return text if safe else '"' + text.replace('"', '""') + '"'
