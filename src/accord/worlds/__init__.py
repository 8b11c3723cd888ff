"""Uncertainty made concrete: estimates become joint draws, and missing stays missing."""

from accord.worlds.arrays import Stances, capability, policy_path, resource_weights, stances
from accord.worlds.copula import check_correlations
from accord.worlds.distributions import best_of, make_ready, quantile
from accord.worlds.drawing import Plan, best, draw, plan
from accord.worlds.priors import omitted, paths_of, prior_of
from accord.worlds.worlds import Worlds

__all__ = [
    "Plan",
    "Stances",
    "Worlds",
    "best",
    "best_of",
    "capability",
    "check_correlations",
    "draw",
    "make_ready",
    "omitted",
    "paths_of",
    "plan",
    "policy_path",
    "prior_of",
    "quantile",
    "resource_weights",
    "stances",
]
