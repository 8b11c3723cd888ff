"""Conflict models as ``.gmcr`` JSON.

The fields, as the project's specification of this lens has them: ``options`` (``name``, ``permittedDirection``: both,
fwd, back), ``decisionMakers`` (``name``, ``options``, ``preferences``: statements, most important first, each a list of
``[option, "Y" or "N"]``; ``preferenceRanking``: states, best first, tied ones in a list of their own) and
``infeasibles`` (each a list of ``[option, "Y" or "N"]``).  An option is called by its name or its index.  Fields that are
not among these are kept.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from accord.disk import write_bytes
from accord.formulas.logic import Expression
from accord.lenses.conflict.feasibility import IntArray, ModelError, pattern
from accord.lenses.conflict.formats import gmcr_reading
from accord.lenses.conflict.formats.gmcr_reading import Maker, Pattern
from accord.lenses.conflict.formats.source import Found, content
from accord.lenses.conflict.model import FloatArray, Model, model
from accord.lenses.conflict.preference import by_ranking, by_statements

_WAYS = {"both": "both", "forward": "fwd", "back": "back"}


@dataclass(frozen=True, eq=False)
class Document:
    """A ``.gmcr`` file that has been read, or can be written.

    Parameters
    ----------
    fields : mapping
        The JSON, whole; kept as a copy.
    file : str
        For messages.

    Attributes
    ----------
    options : dict of str to {'both', 'forward', 'back'}
        In the order of their bits.
    makers : tuple of Maker
        Name, options, statements and ranking of each decision maker.
    infeasibles : tuple of tuple of (str, bool)
        Combinations that cannot occur.

    Raises
    ------
    SituationError
        With every problem of the fields, and its path.
    """

    fields: Mapping[str, Any]
    file: str = ""
    options: dict[str, str] = field(init=False)
    makers: tuple[Maker, ...] = field(init=False)
    infeasibles: tuple[Pattern, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read and check the fields."""
        object.__setattr__(self, "fields", copy.deepcopy(dict(self.fields)))
        found = Found(self.file)
        options, makers, infeasibles = gmcr_reading.parts(self.fields, found)
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "makers", makers)
        object.__setattr__(self, "infeasibles", infeasibles)
        found.check()
        try:
            made = self.model()
        except ModelError as error:
            found.tell("contradiction", str(error))
            found.check()
            raise
        for k, maker in enumerate(makers):
            gmcr_reading.check_ranking(maker, made.feasible, f"decisionMakers[{k}].preferenceRanking", found)
        found.check()

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same JSON."""
        return isinstance(other, Document) and dict(self.fields) == dict(other.fields)

    __hash__ = None  # type: ignore[assignment]  # it holds dicts

    def model(self) -> Model:
        """The model in option form, option k being bit k as listed.

        Raises
        ------
        ModelError
            When the infeasible combinations leave no state.
        """
        return model(
            {maker.name: maker.options for maker in self.makers},
            rules=[pattern(dict(each)) for each in self.infeasibles],
            directions=self.options,
            order=list(self.options),
        )

    def payoffs(self) -> FloatArray:
        """Payoffs of all decision makers, shape (actors, states): the ranking where there is one, or the statements.

        Raises
        ------
        ModelError
            When a decision maker has neither.
        """
        made = self.model()
        return np.array([_payoffs(made, maker) for maker in self.makers])


def _payoffs(made: Model, maker: Maker) -> FloatArray:
    """Payoffs of one decision maker, shape (states,)."""
    if maker.ranking:
        numbers = gmcr_reading.numbering(maker, made.feasible)
        return by_ranking(made, [[numbers[state] for state in tied] for tied in maker.ranking])
    if not maker.statements:
        raise ModelError(f"'{maker.name}' has neither a preference ranking nor preference statements")
    return by_statements(made, [_expression(said) for said in maker.statements])


def _expression(said: Pattern) -> Expression:
    """A combination of options as a statement."""
    names = [Expression("name", name=name) for name, _ in said]
    parts = tuple(e if taken else Expression("not", (e,)) for e, (_, taken) in zip(names, said, strict=True))
    return parts[0] if len(parts) == 1 else Expression("and", parts)


def read_gmcr(path: str | Path) -> Document:
    """Read a ``.gmcr`` file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Document
        Nothing of the file is lost: :func:`write_gmcr` writes the same JSON.

    Raises
    ------
    SituationError
        When it cannot be read as such, with every problem and its path.
    """
    place = Path(path)
    return Document(gmcr_reading.fields(content(place), Found(str(place))), str(place))


def write_gmcr(document: Document, path: str | Path) -> None:
    """Write a ``.gmcr`` file; RunError when the place cannot be written.

    Parameters
    ----------
    document : Document
    path : str or Path
    """
    text = json.dumps(dict(document.fields), indent=2, ensure_ascii=False, allow_nan=False)
    write_bytes(Path(path), (text + "\n").encode("utf-8"))


def document(
    made: Model,
    payoffs: ArrayLike | Mapping[str, ArrayLike],
    statements: Mapping[str, Sequence[Sequence[tuple[str, bool]]]] | None = None,
    **more: Any,
) -> Document:
    """A model and its preferences as a ``.gmcr`` document.

    Parameters
    ----------
    made : Model
        In option form.
    payoffs : array_like, shape (actors, states), or mapping of actor to array_like
        Written as rankings: their order is kept, their distances are not.
    statements : mapping of actor to statements, optional
        Each a list of (option, whether it is taken), most important first.
    **more
        Further fields (``title``).

    Raises
    ------
    ModelError
        When moves are listed or states are coalesced: the format has neither.
    """
    if made.arcs is not None or made.owners is None:
        raise ModelError("a .gmcr file has no listed moves; expected a model in option form")
    worth, given = made.payoffs(payoffs), statements or {}
    makers = [
        {
            "name": actor,
            "options": [n for n, owner in zip(made.options, made.owners, strict=True) if owner == who],
            "preferences": [
                [[n, "Y" if taken else "N"] for n, taken in said] for said in given.get(actor, ())
            ],
            "preferenceRanking": _ranking(made.feasible, worth[who]),
        }
        for who, actor in enumerate(made.actors)
    ]
    ways = zip(made.options, made.directions, strict=True)
    fields = {
        **more,
        "options": [{"name": name, "permittedDirection": _WAYS[way]} for name, way in ways],
        "decisionMakers": makers,
        "infeasibles": [
            [[made.options[k], "Y" if taken else "N"] for k, taken in sorted(cube.items())]
            for cube in _left_out(made.feasible, len(made.options))
        ],
    }
    return Document(fields)


def _ranking(feasible: IntArray, worth: FloatArray) -> list[int | list[int]]:
    """States from best to worst, tied ones in a list of their own."""
    order = np.argsort(-worth, kind="stable")
    ends = np.flatnonzero(np.diff(worth[order])) + 1
    tied = [[int(feasible[k]) for k in group] for group in np.split(order, ends)]
    return [group if len(group) > 1 else group[0] for group in tied]


def _left_out(feasible: IntArray, options: int) -> list[dict[int, bool]]:
    """Combinations (option to taken) that between them hold every state that is not feasible, and no other."""
    found: list[dict[int, bool]] = []
    waiting: list[tuple[int, int]] = [(options, 0)]  # how many low options are open, the high ones
    while waiting:
        low, head = waiting.pop()
        first, last = np.searchsorted(feasible, (head, head + (1 << low)))
        if last == first:
            found.append({k: bool(head >> k & 1) for k in range(low, options)})
        elif last - first < 1 << low:
            waiting += [(low - 1, head), (low - 1, head | 1 << (low - 1))]
    return found
