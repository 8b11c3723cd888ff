"""Packages whose names are loaded when they are asked for, so that importing them costs nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any


def room(
    package: str, inside: Mapping[str, Sequence[str]], modules: Sequence[str] = ()
) -> Callable[[str], Any]:
    """Make names of a package load on demand; the answer is to be bound to ``__getattr__`` in it.

    A name that is also that of its module, as ``conflict.stability``, stays the function, whoever imports the module,
    and when.

    Parameters
    ----------
    package : str
        ``__name__`` of the package.
    inside : mapping of str to sequence of str
        Module within the package to the names that it offers.
    modules : sequence of str
        Modules that are offered as such.
    """
    where = {name: module for module, names in inside.items() for name in names}

    class Room(ModuleType):
        """The package, which no module of the same name as a function of it can take the place of."""

        def __setattr__(self, name: str, value: Any) -> None:
            if not (name in where and isinstance(value, ModuleType)):
                super().__setattr__(name, value)

    def load(name: str) -> Any:
        """One name of the package; AttributeError when it offers none such."""
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{where[name]}"), name)

    sys.modules[package].__class__ = Room
    return load
