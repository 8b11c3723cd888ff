"""A table of actors with capability, salience and position, as the programs after Scholz, Calbert & Smith (2011) read it.

One line for each actor under a header, in any order of columns: ``actor``, ``capability``, ``salience``, ``position``,
and if wanted ``low`` and ``high`` (the ends of the scale, the same in every line), ``issue`` (its name, the same in
every line) and ``description``.

What salience is counted in is never guessed: a column ``salience`` runs from 0 to 1, a column ``salience_percent`` (or
``salience %``) from 0 to 100, and a number outside its range is an error.  Without ``low`` and ``high`` the scale
runs from the least to the largest position, as in the model itself, and that is told.
"""

from __future__ import annotations

from accord.exchange.draft import Cell, Draft, Row, settled
from accord.exchange.game import Game, plain
from accord.exchange.ktab_csv import quoted
from accord.exchange.marks import Value, values_of
from accord.formulas.wording import count
from accord.problems import Problem, did_you_mean

_WANTED = ("actor", "capability", "salience", "position")
_OTHERS = ("low", "high", "issue", "description")
_NAMES = {
    **{name: name for name in (*_WANTED, *_OTHERS)},
    **dict.fromkeys(("name", "stakeholder", "player"), "actor"),
    **dict.fromkeys(("capabilities", "power", "clout"), "capability"),
    **dict.fromkeys(("salience_percent", "salience_%", "salience_(%)", "salience%"), "percent"),
}

_RULES = {
    True: "salience is a percentage here (0 to 100, by the name of its column); it was divided by 100",
    False: "salience runs from 0 to 1 here (by the name of its column); it was taken as it is",
}


def looks(rows: list[list[Value]]) -> bool:
    """Whether the first line names actors and positions."""
    names = [_plain(value.text) for value in rows[0]] if rows else []
    return "position" in names or "actor" in names


def parse(data: bytes) -> tuple[Game | None, list[Problem]]:
    """Read a file; the game if it can be used, and every problem with line and column.

    Raises
    ------
    Refused
        When it is no table of values at all.
    """
    rows, mark = values_of(data)
    draft = Draft(bounded=False, low=None, high=None)
    columns = _columns(draft, rows[0]) if rows else {}
    draft.percentages = "percent" in columns
    missing = [
        name for name in _WANTED if name not in columns and not (name == "salience" and draft.percentages)
    ]
    if missing or not rows:
        at = Cell("", rows[0][0].line, 1) if rows else None
        says = f"the header has no column {' and none '.join(repr(name) for name in missing)}"
        draft.tell("header", says, at, "actor, capability, salience (or salience_percent), position")
        return None, draft.problems
    for row in rows[1:]:
        _actor(draft, row, columns, len(rows[0]), mark != ",")
    draft.problems.append(Problem("unit", _RULES[draft.percentages], severity="note"))
    issue = _same(draft, rows, columns, "issue")
    draft.dimensions = [Cell(issue.text if issue and issue.text else "position", 1, columns["position"] + 1)]
    for end in ("low", "high"):
        value = _same(draft, rows, columns, end)
        number = _end(draft, value, end, mark != ",") if value is not None else None
        if end == "low":
            draft.low = number
        else:
            draft.high = number
    return settled(draft), draft.problems


def _plain(name: str) -> str:
    """A name of a column in the spelling that counts."""
    return _NAMES.get("_".join(name.strip().lower().split()), "")


def _columns(draft: Draft, header: list[Value]) -> dict[str, int]:
    """Where each column stands."""
    found: dict[str, int] = {}
    for index, value in enumerate(header):
        name, cell = _plain(value.text), Cell("", value.line, value.column)
        if not name:
            hint = did_you_mean(value.text, [*_WANTED, *_OTHERS, "salience_percent"]) or "delete the column"
            draft.tell(
                "unknown-column",
                f"unknown column '{value.text[:40]}'",
                cell,
                ", ".join((*_WANTED, *_OTHERS)),
                hint,
            )
        elif name in found or (name in ("percent", "salience") and {"percent", "salience"} & set(found)):
            draft.tell("twice", f"a second column of {name}", cell, "each column once")
        else:
            found[name] = index
    return found


def _actor(draft: Draft, row: list[Value], columns: dict[str, int], wide: int, comma: bool) -> None:
    """One line of an actor."""
    if len(row) != wide:
        says = f"this line has {count(len(row), 'value')}, but the header has {wide}"
        draft.tell("count", says, Cell("", row[0].line, row[0].column), f"{wide} values")
        return

    def cell(name: str, number: bool = True) -> Cell:
        """The value of a column; decimal commas count where the delimiter is none."""
        value = row[columns[name]]
        text = value.text.replace(",", ".") if comma and number and value.text.count(",") == 1 else value.text
        return Cell(text, value.line, value.column, name)

    salience = cell("percent" if draft.percentages else "salience")
    found = Row(cell("actor", False), cell("capability"), [cell("position")], [salience])
    found.description = cell("description", False).text if "description" in columns else ""
    draft.rows.append(found)


def _same(draft: Draft, rows: list[list[Value]], columns: dict[str, int], name: str) -> Value | None:
    """The value that a column holds in every line; None without the column."""
    if name not in columns:
        return None
    values = [row[columns[name]] for row in rows[1:] if len(row) == len(rows[0])]
    for value in values[1:]:
        if value.text != values[0].text:
            says = f"'{value.text[:40]}', but '{values[0].text[:40]}' in line {values[0].line}"
            draft.tell("differs", says, Cell("", value.line, value.column, name), "the same in every line")
            return None
    return values[0] if values else None


def _end(draft: Draft, value: Value, name: str, comma: bool) -> float | None:
    """An end of the scale."""
    try:
        number = float(value.text.replace(",", ".") if comma else value.text)
    except ValueError:
        number = float("nan")
    if number - number != 0 or "_" in value.text:
        draft.tell(
            "not-a-number",
            f"'{value.text[:40]}' is not a number",
            Cell("", value.line, value.column, name),
            "a number",
        )
        return None
    return number


def text_of(game: Game) -> tuple[str, list[str]]:
    """The game of one dimension as a file, salience 0..1, and what the form has no place for."""
    lines = [["Actor", "Capability", "Salience", "Position", "Low", "High", "Issue", "Description"]]
    for i, name in enumerate(game.names):
        numbers = (game.capability[i], game.salience[i, 0], game.positions[i, 0], game.low[0], game.high[0])
        lines.append(
            [quoted(name), *map(plain, numbers), quoted(game.dimensions[0]), quoted(game.descriptions[i])]
        )
    lost = ["the accommodation of ideal points"] if game.accommodation is not None else []
    lost += [f"the parameters of the model ({', '.join(sorted(game.options))})"] if game.options else []
    lost += ["the title and the description of the whole"] if game.title or game.about else []
    return "".join(",".join(line) + "\n" for line in lines), lost
