"""A second implementation of the endurance page (model specification, sections 2 to 4), to check the kernels against.

Plain Python and ``math``, one patron and one month at a time, written from the page and from decision 9 without reading
the product's kernels.  ``reference_world`` holds numbers and state, ``reference_flows`` production and flows,
``reference_values`` values, probabilities and closed forms, ``reference_runs`` the month with its ten steps.
"""

from reference_flows import Flows, Scene
from reference_runs import CAUSES, Path, Trial, run
from reference_values import OPTIONS, closed, entry, logit_choice, steady, values
from reference_world import State, World, logistic, logit, start, world_of

__all__ = [
    "CAUSES",
    "OPTIONS",
    "Flows",
    "Path",
    "Scene",
    "State",
    "Trial",
    "World",
    "closed",
    "entry",
    "logistic",
    "logit",
    "logit_choice",
    "run",
    "start",
    "steady",
    "values",
    "world_of",
]
