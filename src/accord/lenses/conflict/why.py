"""Why an actor would not leave an outcome, or would: each improvement with what answers it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from accord.finding import FloatArray
from accord.lenses.conflict.model import Model

Answered = Literal["GMR", "SMR", "SEQ"]
Step = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Temptation:
    """One improvement of an actor, and the answers that would spoil it.

    Parameters
    ----------
    actor, start, reached : int
        Who moves, from which outcome to which (indices).
    answers : dict of str to tuple of (actor, outcome)
        For GMR, SMR and SEQ the shortest sequence of moves by the others after which the actor is no better off than at the
        start; a concept is left out when there is none.
    """

    actor: int
    start: int
    reached: int
    answers: dict[str, tuple[Step, ...]]


def temptations(model: Model, payoffs: FloatArray, start: int, actor: int) -> tuple[Temptation, ...]:
    """Every improvement of an actor from an outcome, the best for it first, with the shortest answers to each.

    Parameters
    ----------
    model : Model
    payoffs : ndarray, shape (actors, states)
    start, actor : int

    Returns
    -------
    tuple of Temptation
        Empty when the outcome is Nash stable for the actor.
    """
    mine = payoffs[actor]
    better = [int(t) for t in model.moves(actor, start) if mine[t] > mine[start]]
    better.sort(key=lambda t: (-mine[t], t))
    found = []
    for reached in better:
        answers = {
            concept: path
            for concept in ("GMR", "SMR", "SEQ")
            if (path := _answer(model, payoffs, actor, start, reached, concept)) is not None
        }
        found.append(Temptation(actor, start, reached, answers))
    return tuple(found)


def _answer(
    model: Model, payoffs: FloatArray, actor: int, start: int, reached: int, concept: str
) -> tuple[Step, ...] | None:
    """The shortest sequence of the others' moves that sanctions; None when there is none."""
    came: dict[Step, Step | None] = {(actor, reached): None}
    queue: deque[Step] = deque(came)
    while queue:
        node = queue.popleft()
        if node[0] != actor and _spoilt(model, payoffs[actor], actor, start, node[1], concept):
            return _path(came, node)
        for mover in range(len(model.actors)):
            if mover in (actor, node[0]):
                continue
            for after in map(int, model.moves(mover, node[1])):
                gains = payoffs[mover, after] > payoffs[mover, node[1]]
                if (mover, after) not in came and (concept != "SEQ" or gains):
                    came[(mover, after)] = node
                    queue.append((mover, after))
    return None


def _spoilt(model: Model, mine: FloatArray, actor: int, start: int, at: int, concept: str) -> bool:
    """Whether an actor is no better off than at the start, and under SMR cannot mend it by a reply."""
    if mine[at] > mine[start]:
        return False
    return concept != "SMR" or all(mine[int(z)] <= mine[start] for z in model.moves(actor, at))


def _path(came: dict[Step, Step | None], node: Step) -> tuple[Step, ...]:
    """The moves that lead to a node, the actor's own first move left out."""
    steps = []
    while (before := came[node]) is not None:
        steps.append(node)
        node = before
    return tuple(reversed(steps))
