"""The conflict lens: which outcomes would stick, by the Graph Model for Conflict Resolution.

Usable by itself: :func:`model` or :func:`graph` make a model, the functions ``by_...`` make payoffs, :func:`stability`
and its kin answer.  See ``about.md`` for the conventions.
"""

from typing import TYPE_CHECKING

from accord.lazily import room
from accord.lenses.conflict.lens import Conflict
from accord.lenses.conflict.terms import TERMS

if TYPE_CHECKING:
    import accord.lenses.conflict.coalitions as coalitions
    import accord.lenses.conflict.evolution as evolution
    import accord.lenses.conflict.strength as strength
    import accord.lenses.conflict.unknown as unknown
    from accord.lenses.conflict.ensemble import Ensemble, ensemble
    from accord.lenses.conflict.feasibility import (
        Contradiction,
        ModelError,
        Rule,
        at_least_one,
        at_most_one,
        infeasible,
        pattern,
        when,
    )
    from accord.lenses.conflict.formats.gmcr import Document, document, read_gmcr, write_gmcr
    from accord.lenses.conflict.formats.nfg import write_nfg
    from accord.lenses.conflict.formats.states_csv import read_states, write_states
    from accord.lenses.conflict.inverse import Inverse, inverse
    from accord.lenses.conflict.model import Model, coalesced, graph, model, without_moves
    from accord.lenses.conflict.preference import (
        by_expressions,
        by_payoffs,
        by_ranking,
        by_stances,
        by_statements,
        by_weights,
    )
    from accord.lenses.conflict.stability import Stability, stability

LENS = Conflict()

__all__ = [
    "LENS",
    "TERMS",
    "Conflict",
    "Contradiction",
    "Document",
    "Ensemble",
    "Inverse",
    "Model",
    "ModelError",
    "Rule",
    "Stability",
    "at_least_one",
    "at_most_one",
    "by_expressions",
    "by_payoffs",
    "by_ranking",
    "by_stances",
    "by_statements",
    "by_weights",
    "coalesced",
    "coalitions",
    "document",
    "ensemble",
    "evolution",
    "graph",
    "infeasible",
    "inverse",
    "model",
    "pattern",
    "read_gmcr",
    "read_states",
    "stability",
    "strength",
    "unknown",
    "when",
    "without_moves",
    "write_gmcr",
    "write_nfg",
    "write_states",
]

_INSIDE = {
    "feasibility": (
        "Contradiction",
        "ModelError",
        "Rule",
        "at_least_one",
        "at_most_one",
        "infeasible",
        "pattern",
        "when",
    ),
    "model": ("Model", "coalesced", "graph", "model", "without_moves"),
    "preference": (
        "by_expressions",
        "by_payoffs",
        "by_ranking",
        "by_stances",
        "by_statements",
        "by_weights",
    ),
    "stability": ("Stability", "stability"),
    "ensemble": ("Ensemble", "ensemble"),
    "inverse": ("Inverse", "inverse"),
    "formats.gmcr": ("Document", "document", "read_gmcr", "write_gmcr"),
    "formats.nfg": ("write_nfg",),
    "formats.states_csv": ("read_states", "write_states"),
}
__getattr__ = room(__name__, _INSIDE, ("coalitions", "evolution", "strength", "unknown"))
