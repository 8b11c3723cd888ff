"""Published formulas that more than one lens uses: arrays in, arrays out, no knowledge of situations."""

from accord.formulas.arithmetic import TOLERANCE, ordered_mean, ordered_sum, ratio
from accord.formulas.production import contest_slope, contest_success, joint_output

__all__ = [
    "TOLERANCE",
    "contest_slope",
    "contest_success",
    "joint_output",
    "ordered_mean",
    "ordered_sum",
    "ratio",
]
