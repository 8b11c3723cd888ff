"""Uncertainty made concrete: estimates become joint draws, and missing stays missing."""

from accord.worlds.arrays import Stances, capability, resource_weights, stances
from accord.worlds.worlds import Worlds

__all__ = ["Stances", "Worlds", "capability", "resource_weights", "stances"]
