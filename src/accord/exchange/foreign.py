"""The files of other bargaining programs: which form a file has, and reading and writing it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from accord.disk import write_bytes
from accord.exchange import ktab_csv, ktab_xml, scholz_csv
from accord.exchange.draft import MOST_FILE_BYTES
from accord.exchange.game import Game, plain
from accord.exchange.game_case import situation_of
from accord.exchange.gate import Refused
from accord.exchange.marks import values_of
from accord.problems import Problem, SituationError, listed, worst_first
from accord.situation import Situation, Vocabulary

Form = Literal["ktab", "scholz"]
Games = Callable[[Situation], tuple[Game, tuple[str, ...]]]
ENDINGS = (".csv", ".xml")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One file of KTAB (CSV or XML) or in the form of Scholz.

    Parameters
    ----------
    form : {'ktab', 'scholz'}
        How a CSV file is written; when it is read, its first line tells.
    games : callable or None
        What makes a game of a situation, to write it.
    name : str
    """

    form: Form = "ktab"
    games: Games | None = None
    name: str = "bargaining game"

    def sniff(self, path: Path) -> bool:
        """Whether the path ends like one, and is no folder."""
        try:
            return path.suffix.lower() in ENDINGS and not path.is_dir()
        except (OSError, ValueError):
            return False

    def read(self, path: Path, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
        """Read and check a file; problems carry line and column."""
        game, problems = parsed(path)
        if game is None:
            return None, problems
        situation, notes = situation_of(game, str(path), vocabulary)
        if situation is not None:
            situation = dataclasses.replace(situation, name=path.name.removesuffix(path.suffix))
        return situation, [*problems, *(problem.at(str(path)) for problem in notes)]

    def write(self, situation: Situation, path: Path) -> tuple[str, ...]:
        """Write what of a situation is a game.

        Raises
        ------
        SituationError
            When it holds none, or none that the form can carry.
        RunError
            When the place cannot be written.
        """
        assert self.games is not None
        game, lost = self.games(situation)
        return (*lost, *write_game(game, path, self.form))


def parsed(path: Path) -> tuple[Game | None, list[Problem]]:
    """The game in a file, None when it cannot be used, and every problem with its place."""
    try:
        data = _bytes(path)
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or path.suffix.lower() == ".xml":
            game, problems = ktab_xml.parse(data)
        else:
            game, problems = _table(data)
    except Refused as refused:
        line = refused.problem.place.partition(":")[0]
        told = dataclasses.replace(refused.problem, line=int(line) if line.isdecimal() else None)
        return None, [told.at(str(path))]
    return game, worst_first(problem.at(str(path)) for problem in problems)


def _table(data: bytes) -> tuple[Game | None, list[Problem]]:
    """The game in a CSV file of either form."""
    rows, _ = values_of(data)
    if ktab_csv.looks(values_of(data, ",")[0]):
        return ktab_csv.parse(data)
    if not scholz_csv.looks(rows):
        says = "the first line is neither that of a KTAB scenario nor a header of actors"
        wanted = "name, description, number of actors, number of dimensions; or columns actor, capability, salience, position"
        hint = "name the folder if this is one of several sheets of a situation"
        return None, [Problem("unknown-form", says, expected=wanted, try_instead=hint, line=1)]
    return scholz_csv.parse(data)


def _bytes(path: Path) -> bytes:
    """The content of a file."""
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise Refused("no-file", "there is no such file", try_instead="check its name") from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a file name"
        raise Refused(
            "no-file", f"it cannot be opened ({reason.lower()})", try_instead="check its name"
        ) from error


def write_game(game: Game, path: Path, form: Form = "ktab") -> tuple[str, ...]:
    """Write a game; the answer says in words what the form could not carry.

    Parameters
    ----------
    game : Game
    path : Path
        Ending ``.xml`` (KTAB) or ``.csv``.
    form : {'ktab', 'scholz'}
        Of a CSV file.

    Raises
    ------
    SituationError
        When the form cannot carry the game at all, or there is no such folder.
    RunError
        When the place cannot be written.
    """
    ending = path.suffix.lower()
    problem = _unfit(game, ending, form) or _no_folder(path)
    if problem is not None:
        raise SituationError([problem.at(str(path))])
    if form == "scholz" and ending == ".csv":
        text, lost = scholz_csv.text_of(game)
    else:
        game, changed = _on_hundred(game)
        text, lost = ktab_xml.text_of(game) if ending == ".xml" else ktab_csv.text_of(game)
        lost = [*changed, *lost]
    write_bytes(path, text.encode("utf-8"))
    return tuple(lost)


def _unfit(game: Game, ending: str, form: Form) -> Problem | None:
    """Why a form cannot carry a game."""
    if ending not in ENDINGS:
        return Problem("ending", "no form of a game has this ending", expected=".csv or .xml")
    if form == "scholz" and ending == ".xml":
        return Problem("ending", "the form of Scholz is a CSV file", expected=".csv")
    if form == "scholz" and len(game.dimensions) != 1:
        says = f"the form of Scholz holds one issue, and there are {len(game.dimensions)}"
        return Problem(
            "count", says, expected=f"one of {listed(game.dimensions)}", try_instead="name one with --issue"
        )
    return None


def _no_folder(path: Path) -> Problem | None:
    """A folder that is not there: a name that was mistyped makes none."""
    if path.parent.exists():
        return None
    says = f"there is no folder '{path.parent}'"
    return Problem("no-folder", says, try_instead="make it first, or check the name")


def _on_hundred(game: Game) -> tuple[Game, list[str]]:
    """The game as KTAB counts: positions on 0..100, salience of each actor at most 1 in sum; and what that changes."""
    lost = []
    width = game.high - game.low
    other = (game.low != 0) | (game.high != 100)
    if other.any():
        spans = [
            f"{game.dimensions[k]} ({plain(game.low[k])} to {plain(game.high[k])})"
            for k in other.nonzero()[0]
        ]
        lost.append(f"the scales of {listed(spans)}: positions are written on 0 to 100")
        on_scale = (game.positions - game.low) * 100 / width
        positions = on_scale.clip(0, 100)
        positions[:, ~other] = game.positions[:, ~other]
        game = dataclasses.replace(game, positions=positions, low=game.low * 0, high=game.high * 0 + 100)
    most = float(game.salience.sum(axis=1).max())
    if most > 1 + 1e-9:
        factor = math.ceil(most * 1000 - 1e-6) / 1000
        lost.append(
            f"the level of salience: all of it is divided by {factor:g}, as KTAB allows 100 in sum for each actor"
        )
        game = dataclasses.replace(game, salience=game.salience / factor)
    return game, lost
