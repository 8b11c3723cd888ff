"""The command ``accord calibrate``: the shipped classes, and reference classes of the user's own."""

from typing import TYPE_CHECKING

from accord.lazily import room

if TYPE_CHECKING:
    from accord.calibrating.commanded import fitted_class
    from accord.calibrating.fitting import calibrate_class, drifted, populations_of, save_class
    from accord.calibrating.jointly import Joint, Target, fit_jointly
    from accord.calibrating.own_class import OwnClass, own_class, targets_of
    from accord.calibrating.own_text import class_text, drift_text
    from accord.calibrating.shipped import calibrate_case, calibrate_shipped, text_of

__all__ = [
    "Joint",
    "OwnClass",
    "Target",
    "calibrate_case",
    "calibrate_class",
    "calibrate_shipped",
    "class_text",
    "drift_text",
    "drifted",
    "fit_jointly",
    "fitted_class",
    "own_class",
    "populations_of",
    "save_class",
    "targets_of",
    "text_of",
]

_INSIDE = {
    "commanded": ("fitted_class",),
    "fitting": ("calibrate_class", "drifted", "populations_of", "save_class"),
    "jointly": ("Joint", "Target", "fit_jointly"),
    "own_class": ("OwnClass", "own_class", "targets_of"),
    "own_text": ("class_text", "drift_text"),
    "shipped": ("calibrate_case", "calibrate_shipped", "text_of"),
}
__getattr__ = room(__name__, _INSIDE)
