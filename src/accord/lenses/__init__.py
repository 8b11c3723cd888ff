"""The lenses: one folder per question.  This registry is the only place that knows them all."""

from __future__ import annotations

from importlib import import_module

from accord.finding import Lens
from accord.situation import Vocabulary

# Lenses in the order in which they are shown.
RUNNING: tuple[str, ...] = ("endurance", "interests", "bargaining", "conflict", "alignment", "precedent")


def lens_named(name: str) -> Lens:
    """The lens of this name; KeyError when there is none."""
    if name not in RUNNING:
        raise KeyError(name)
    lens: Lens = import_module(f"accord.lenses.{name}").LENS
    return lens


def all_lenses() -> tuple[Lens, ...]:
    """Every lens that runs, in order."""
    return tuple(lens_named(name) for name in RUNNING)


def vocabulary() -> Vocabulary:
    """Every key that lenses add, and which lens reads what."""
    terms = [term for name in RUNNING for term in import_module(f"accord.lenses.{name}.terms").TERMS]
    reads = {
        name: tuple(getattr(import_module(f"accord.lenses.{name}.terms"), "READS", ())) for name in RUNNING
    }
    return Vocabulary(tuple(terms), reads)
