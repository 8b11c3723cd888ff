"""The jobs behind ``accord calibrate``: the shipped classes, and reference classes of the user's own."""

from accord.calibrating.jointly import Joint, Target, fit_jointly
from accord.calibrating.own_class import OwnClass, calibrate_class, class_text, own_class, targets_of
from accord.calibrating.shipped import calibrate_case, calibrate_shipped, text_of

__all__ = [
    "Joint",
    "OwnClass",
    "Target",
    "calibrate_case",
    "calibrate_class",
    "calibrate_shipped",
    "class_text",
    "fit_jointly",
    "own_class",
    "targets_of",
    "text_of",
]
