"""A bargaining game as a situation: what the game says, and the least of what a situation needs besides.

A game knows no partnership, no date and no kinds of actors.  The two most capable actors stand as partners, every actor
as an organisation, and the date is 1900; this is told, to be changed in YAML.  Every number cites the file.  What a
situation has no place for (parameters of the model, accommodation) is kept as JSON in the note of that source, where the
writers of games find it again.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np

from accord.exchange.game import FloatArray, Game
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.problems import Problem
from accord.situation import FORMAT_VERSION, Frozen, Partnership, Patron, Situation, Vocabulary

SOURCE = "game_file"
RESOURCE = "capability"
NO_DATE = 1900
_KEPT = "kept for the form it came from: "


def situation_of(game: Game, file: str, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
    """The situation, and notes on what stands in for what the file does not say."""
    root = from_plain(_tree(game, file))
    situation, found = build_and_check(root, vocabulary, Lines.of(file, root))
    # The file's capability has a unit of its own; that is said once, not for each actor.
    told = [problem for problem in found if problem.kind != "implausible"]
    first, second = (game.names[i] for i in _strongest(game))
    notes = [
        f"the file names no partnership; '{first}' and '{second}', the most capable, stand as the partners",
        f"the file has no date and no kinds of actors; {NO_DATE} and 'organisation' stand in",
        "capability is in the file's own unit; bargaining needs its ratios only, other lenses an index of 0.1 to 1.5",
    ]
    hint = "'accord convert' to YAML, and write down what is known"
    return situation, [
        *told,
        *(Problem("stands-in", says, try_instead=hint, severity="note") for says in notes),
    ]


def stands_in(situation: Situation) -> bool:
    """Whether the partnership is still the one that stands in for what a game does not say, whatever its date.

    With nothing said of any partner, threat or tie every number of the endurance model would be a prior of ours.
    """
    held = situation.partnership
    bare = Partnership(Frozen({name: Patron() for name in held.patrons}), policy=held.policy)
    return SOURCE in situation.sources and held == bare and not situation.ties


def _strongest(game: Game) -> list[int]:
    """The two most capable actors, in the order of the file."""
    return sorted(np.argsort(-game.capability, kind="stable")[:2].tolist())


def _tree(game: Game, file: str) -> dict[str, Any]:
    """The situation as plain data."""
    actors, issues = _keys(game.names, "actor"), _keys(game.dimensions, "issue")

    def number(value: float) -> dict[str, Any]:
        """A number that cites the file."""
        return {"best": float(value), "source": SOURCE}

    stances = {
        issue: {
            actor: {"position": number(game.positions[i, k]), "salience": number(game.salience[i, k])}
            for i, actor in enumerate(actors)
        }
        for k, issue in enumerate(issues)
    }
    source: dict[str, Any] = {"citation": re.split(r"[/\\]", file)[-1]}
    kept = _kept(game)
    tree: dict[str, Any] = {
        "accord": FORMAT_VERSION,
        "title": game.title or source["citation"],
        "as_of": NO_DATE,
        "actors": {key: _actor(game, i, number) for i, key in enumerate(actors)},
        "resources": {RESOURCE: {"label": "Capability", "unit": "as in the file"}},
        "issues": {key: _issue(game, k) for k, key in enumerate(issues)},
        "stances": stances,
        "partnership": {"patrons": {actors[i]: {} for i in _strongest(game)}},
        "sources": {SOURCE: source | ({"note": _KEPT + kept} if kept else {})},
    }
    return tree | ({"about": game.about} if game.about else {})


def _actor(game: Game, i: int, number: Any) -> dict[str, Any]:
    """One actor."""
    found = {
        "kind": "organisation",
        "label": game.names[i],
        "capability": {RESOURCE: number(game.capability[i])},
    }
    return found | ({"about": game.descriptions[i]} if game.descriptions[i] else {})


def _issue(game: Game, k: int) -> dict[str, Any]:
    """One dimension."""
    name, low, high = game.dimensions[k], float(game.low[k]), float(game.high[k])
    means = {"low_means": f"low end of {name}", "high_means": f"high end of {name}"}
    return {
        "question": f"What is settled on {name}?",
        "label": name,
        "scale": {"low": low, "high": high, **means},
    }


def _keys(names: Iterable[str], kind: str) -> list[str]:
    """Names as keys: lower-case letters, digits and '_', none twice."""
    found: list[str] = []
    for name in names:
        bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        key = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
        key = key if re.match("[a-z]", key) else f"{kind}_{key}".rstrip("_")
        number, wanted = 2, key
        while wanted in found:
            wanted, number = f"{key}_{number}", number + 1
        found.append(wanted)
    return found


def _kept(game: Game) -> str:
    """What a situation has no place for, as JSON; empty when there is nothing."""
    held: dict[str, Any] = {}
    if game.options:
        held["options"] = dict(sorted(game.options.items()))
    if game.accommodation is not None:
        pairs = np.argwhere(game.accommodation != np.eye(len(game.names)))
        held["accommodation"] = [
            [game.names[i], game.names[j], float(game.accommodation[i, j])] for i, j in pairs
        ]
    if not game.title:
        held["title"] = ""
    return json.dumps(held, ensure_ascii=False) if held else ""


def kept_in(
    situation: Situation, names: tuple[str, ...]
) -> tuple[dict[str, str], FloatArray | None, str | None, list[str]]:
    """Parameters, accommodation and title that a source's note keeps, and what of them no longer fits."""
    for source in situation.sources.values():
        if not (source.note or "").startswith(_KEPT):
            continue
        try:
            held = json.loads((source.note or "")[len(_KEPT) :])
            options = {str(key): str(value) for key, value in held.get("options", {}).items()}
            pairs = [(str(one), str(two), float(how)) for one, two, how in held.get("accommodation", [])]
        except (ValueError, TypeError, AttributeError):
            return {}, None, None, ["what the note of the source keeps: it can no longer be read"]
        gone = sorted({name for pair in pairs for name in pair[:2]} - set(names))
        ties = np.eye(len(names))
        for one, two, how in pairs:
            if one in names and two in names:
                ties[names.index(one), names.index(two)] = how
        lost = [f"the accommodation of {', '.join(gone)}: no longer among the actors"] if gone else []
        return options, ties if pairs else None, held.get("title"), lost
    return {}, None, None, []
