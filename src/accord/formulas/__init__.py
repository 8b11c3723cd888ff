"""Published formulas that more than one lens uses: arrays in, arrays out, no knowledge of situations."""

from accord.formulas.arithmetic import (
    TOLERANCE,
    exp,
    expm1,
    log,
    log1p,
    ordered_mean,
    ordered_sum,
    power,
    ratio,
)
from accord.formulas.production import contest_slope, contest_success, joint_output

__all__ = [
    "TOLERANCE",
    "contest_slope",
    "contest_success",
    "exp",
    "expm1",
    "joint_output",
    "log",
    "log1p",
    "ordered_mean",
    "ordered_sum",
    "power",
    "ratio",
]
