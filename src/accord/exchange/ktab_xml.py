"""The XML form of KTAB's spatial model (the open program "smp" of KAPSARC), as its schema ``smpSchema.xsd`` has it.

``Scenario`` holds ``name``, ``desc`` and ``prngSeed``; ``ModelParameters`` with nine named choices (optional);
``Dimensions`` with a ``dName`` each; ``Actors`` with ``name``, ``description``, ``capability``, ``Position`` (a
``dCoord`` for each dimension) and ``Salience`` (a ``dSal`` each); and ``IdealAdjustment`` with an ``iaPair`` for each
pair whose ideal point (``adjustingIdeal``) follows a position (``referencePos``) by ``adjust``.  Positions and salience
run from 0 to 100, the salience of an actor is at most 100 in sum.

The program takes pairs that are not named from the identity matrix, and so does this reader.  The program wants a
description of every actor, a seed and ``IdealAdjustment``, which the schema leaves open: they are read where they are,
and written always (the name stands in for an empty description, 0 for no seed).
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from accord.exchange.draft import Cell, Draft, Row, settled
from accord.exchange.game import Game, percent, plain
from accord.exchange.marks import Element, elements_of
from accord.formulas.wording import count
from accord.problems import Problem, did_you_mean

PARAMETERS: dict[str, tuple[str, ...]] = {
    "VictoryProbModel": ("Linear", "Square", "Quartic", "Octic", "Binary"),
    "PCEModel": ("Conditional", "MarkovIncentive", "MarkovUniform"),
    "StateTransitions": ("Deterministic", "Stochastic"),
    "VotingRule": ("Prop", "Proportional", "Binary", "PropBin", "PropCbc", "Cubic", "ASymProsp"),
    "BigRAdjust": ("OneThird", "None", "No", "Half", "TwoThirds", "Full"),
    "BigRRange": ("Mid", "Min", "Max"),
    "ThirdPartyCommit": ("SemiCommit", "NoCommit", "FullCommit"),
    "InterVecBrgn": ("S2P2", "S1P1", "S2PMax"),
    "BargnModel": ("InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"),
}
SEED = "prngSeed"
_INSIDE = ("name", "desc", SEED, "ModelParameters", "Dimensions", "Actors", "IdealAdjustment")
_ACTOR = ("name", "description", "capability", "Position", "Salience")
_PAIR = ("adjustingIdeal", "referencePos", "adjust")


def parse(data: bytes) -> tuple[Game | None, list[Problem]]:
    """Read a file; the game if it can be used, and every problem with line and column.

    Raises
    ------
    Refused
        When it is no XML, too large, or declares a document type.
    """
    root, draft = elements_of(data), Draft()
    if root.tag != "Scenario":
        draft.tell(
            "root",
            f"the file holds '{root.tag}'",
            _cell(root),
            "'Scenario', as KTAB's spatial model writes it",
        )
        return None, draft.problems
    parts = _parts(draft, root, _INSIDE, ("Dimensions", "Actors"))
    draft.title, draft.about = _text(parts.get("name")), _text(parts.get("desc"))
    _parameters(draft, parts.get(SEED), parts.get("ModelParameters"))
    dimensions = _listed(draft, parts.get("Dimensions"), "dName")
    draft.dimensions = [_cell(one, "dName") for one in dimensions]
    for actor in _listed(draft, parts.get("Actors"), "Actor"):
        _actor(draft, actor)
    for pair in _listed(draft, parts.get("IdealAdjustment"), "iaPair"):
        inner = _parts(draft, pair, _PAIR, _PAIR)
        if len(inner) == len(_PAIR):
            one, two, how = (_cell(inner[tag], tag) for tag in _PAIR)
            draft.ties.append((one, two, how))
    return settled(draft), draft.problems


def _cell(element: Element, what: str = "") -> Cell:
    """The text of an element with its place."""
    return Cell(element.text.strip(), element.line, element.column, what)


def _text(element: Element | None) -> str:
    """The text of an element, without blanks around it; empty without one."""
    return "" if element is None else element.text.strip()


def _parts(
    draft: Draft, element: Element, known: tuple[str, ...], wanted: tuple[str, ...]
) -> dict[str, Element]:
    """Inner elements by name; those that are unknown, missing or there twice are told."""
    found: dict[str, Element] = {}
    for one in element.inner:
        if one.tag not in known:
            hint = did_you_mean(one.tag, known) or "delete it"
            draft.tell(
                "unknown-element",
                f"unknown element '{one.tag}'",
                _cell(one),
                f"one of {', '.join(known)}",
                hint,
            )
        elif one.tag in found:
            draft.tell(
                "twice", f"'{one.tag}' stands in line {found[one.tag].line} already", _cell(one), "it once"
            )
        else:
            found[one.tag] = one
    for tag in wanted:
        if tag not in found:
            draft.tell("missing", f"'{element.tag}' has no '{tag}'", _cell(element), f"'<{tag}>'")
    return found


def _listed(draft: Draft, element: Element | None, tag: str) -> list[Element]:
    """Inner elements of one name; others are told."""
    if element is None:
        return []
    for one in element.inner:
        if one.tag != tag:
            hint = did_you_mean(one.tag, [tag]) or "delete it"
            draft.tell("unknown-element", f"unknown element '{one.tag}'", _cell(one), f"'{tag}'", hint)
    return element.all(tag)


def _parameters(draft: Draft, seed: Element | None, parameters: Element | None) -> None:
    """Seed and choices, as they are written."""
    if seed is not None and _text(seed):
        if not (_text(seed).isdecimal() and len(_text(seed)) <= 20):
            draft.tell(
                "not-a-number",
                f"'{_text(seed)[:40]}' is no seed",
                _cell(seed, SEED),
                "a whole number, 0 or more",
            )
        draft.options[SEED] = _text(seed)
    if parameters is None:
        return
    found = _parts(draft, parameters, tuple(PARAMETERS), ())
    for name, element in found.items():
        choice, choices = _text(element), PARAMETERS[name]
        if choice not in choices:
            hint = did_you_mean(choice, choices)
            draft.tell(
                "unknown-word",
                f"'{choice[:40]}' is no choice",
                _cell(element, name),
                f"one of {', '.join(choices)}",
                hint,
            )
        draft.options[name] = choice


def _actor(draft: Draft, element: Element) -> None:
    """One actor."""
    parts = _parts(draft, element, _ACTOR, ("name", "capability", "Position", "Salience"))
    lists = []
    for tag, inner in (("Position", "dCoord"), ("Salience", "dSal")):
        cells = [_cell(one, inner) for one in _listed(draft, parts.get(tag), inner)]
        if tag in parts and len(cells) != len(draft.dimensions):
            says = (
                f"{count(len(cells), 'value')} of '{inner}' for {count(len(draft.dimensions), 'dimension')}"
            )
            draft.tell("count", says, _cell(parts[tag]), f"{len(draft.dimensions)}")
        lists.append(cells)
    name = _cell(parts["name"], "name") if "name" in parts else Cell("", element.line, element.column, "name")
    power = _cell(parts["capability"], "capability") if "capability" in parts else None
    draft.rows.append(Row(name, power, lists[0], lists[1], _text(parts.get("description"))))


def text_of(game: Game) -> tuple[str, list[str]]:
    """The game as a file, positions on 0..100, and what the form has no place for, or KTAB itself would miss."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<Scenario>"]
    lines += [_line(2, "name", game.title), _line(2, "desc", game.about)]
    lines.append(_line(2, SEED, game.options.get(SEED, "0")))
    choices = {name: value for name, value in game.options.items() if name in PARAMETERS}
    if choices:
        inner = [_line(4, name, choices[name]) for name in PARAMETERS if name in choices]
        lines += ["  <ModelParameters>", *inner, "  </ModelParameters>"]
    lines += [
        "  <Dimensions>",
        *(_line(4, "dName", name) for name in game.dimensions),
        "  </Dimensions>",
        "  <Actors>",
    ]
    for i, name in enumerate(game.names):
        lines += [
            "    <Actor>",
            _line(6, "name", name),
            _line(6, "description", game.descriptions[i] or name),
        ]
        lines += [_line(6, "capability", plain(game.capability[i])), "      <Position>"]
        lines += [_line(8, "dCoord", plain(x)) for x in game.positions[i]]
        lines += ["      </Position>", "      <Salience>"]
        lines += [_line(8, "dSal", percent(s)) for s in game.salience[i]]
        lines += ["      </Salience>", "    </Actor>"]
    lines += ["  </Actors>", "  <IdealAdjustment>", *_pairs(game), "  </IdealAdjustment>", "</Scenario>", ""]
    lost = [f"the parameter {name}" for name in sorted(game.options) if name not in (SEED, *PARAMETERS)]
    if choices and len(choices) < len(PARAMETERS):
        missing = ", ".join(name for name in PARAMETERS if name not in choices)
        lost.append(f"nothing, but KTAB itself wants all parameters or none: {missing} missing")
    return "\n".join(lines), lost


def _pairs(game: Game) -> list[str]:
    """Every pair that follows by more than nothing, and everybody's own."""
    lines = []
    for i, one in enumerate(game.names):
        for j, two in enumerate(game.names):
            value = float(i == j) if game.accommodation is None else float(game.accommodation[i, j])
            if value or i == j:
                inner = (
                    _line(6, tag, text) for tag, text in zip(_PAIR, (one, two, plain(value)), strict=True)
                )
                lines += ["    <iaPair>", *inner, "    </iaPair>"]
    return lines


def _line(indent: int, tag: str, text: str) -> str:
    """One element on its line."""
    return f"{' ' * indent}<{tag}>{escape(text, {chr(13): '&#13;'})}</{tag}>"
