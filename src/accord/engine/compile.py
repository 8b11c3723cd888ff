"""Compiled kernels: one ``njit`` whose cache notices every edited kernel, wherever it stands.

numba keys its cache on the file of the outermost function only, so an edit to a kernel that is called from another file
leaves a stale cache that returns wrong numbers.  Here the cache folder carries a hash of every kernel source of the
package, of what those files import from it, and of the versions of Python, numba and numpy.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import event

from accord.engine.progress import notice

F = TypeVar("F", bound=Callable[..., Any])

# Safe for sums whose order does not matter; never `nnan` or `ninf`, for then checks for missing numbers die.
_RELAXED = frozenset({"reassoc", "contract", "nsz"})
# An import over any number of lines: (dots, module, names) or plain names.
_REST = r"(?:[^\n\\]|\\\r?\n)*"
_IMPORT = re.compile(
    rf"^[ \t;]*(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|{_REST})|import[ \t]+({_REST}))",
    re.MULTILINE,
)
_DOTTED = re.compile(r"[\w.]+")
_KEEP_FOLDERS = 6
_KEEP_SECONDS = 24 * 3600.0
_CONFIG_LOCK = threading.Lock()


def njit(
    *,
    parallel: bool = False,
    relaxed: bool = False,
    inline: bool = False,
    inner: bool = False,
    melt: bool = False,
    nogil: bool = False,
) -> Callable[[F], F]:
    """Decorate a kernel: compiled at its first call, kept on disk, recompiled when any kernel source changes.

    Parameters
    ----------
    parallel : bool
        Whether ``numba.prange`` runs on several threads.
    relaxed : bool
        Allow sums to be reordered and contracted and the sign of zero to be lost (``reassoc``, ``contract``,
        ``nsz``); NaN and infinity still behave.  Results may then differ between processors in the last digits.
    inline : bool
        Inline into calling kernels before their types are known.

    inner : bool
        Called from other kernels only, never from Python: nothing is compiled to translate its arguments.
    melt : bool
        As *inner*, and the compiled code is copied into every caller: no call, no counting of references to arrays.
        For kernels that run very often and are called from few places.
    nogil : bool
        Let go of Python's lock while it runs, so that threads can share the work.

    Returns
    -------
    callable
        The decorator.  Division by zero in a kernel gives an infinity or NaN as in numpy, not an exception.
    """
    options: dict[str, Any] = {"parallel": parallel, "nogil": nogil, "error_model": "numpy"}
    if relaxed:
        options["fastmath"] = set(_RELAXED)
    if inline:
        options["inline"] = "always"
    if inner or melt:
        options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    if melt:
        options["forceinline"] = True

    def decorate(function: F) -> F:
        """The function as a kernel; it compiles at its first call."""
        folder = _folder_of(function)
        if folder is None:
            plain: F = numba.njit(**options)(function)
            return plain
        with _CONFIG_LOCK:
            return _cached(function, options, folder)

    return decorate


def _cached(function: F, options: dict[str, Any], folder: Path) -> F:
    """Compile lazily with the cache in *folder*; numba takes the folder from its settings when it decorates."""
    settings: Any = numba.config
    before = {
        name: getattr(settings, name)
        for name in ("CACHE_DIR", "CACHE_LOCATOR_CLASSES")
        if hasattr(settings, name)
    }
    try:
        settings.CACHE_DIR = str(folder)
        if "CACHE_LOCATOR_CLASSES" in before:
            settings.CACHE_LOCATOR_CLASSES = ""
        kernel: F = numba.njit(cache=True, **options)(function)
        return kernel
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def cache_folder(package: str) -> Path | None:
    """Where kernels of this package are kept; None where nothing can be written (kernels then compile in memory).

    Tried in turn: the folder that ``NUMBA_CACHE_DIR`` names, ``__pycache__`` of the package, the user's cache folder.

    Parameters
    ----------
    package : str
        Name of an imported top-level package or module.
    """
    root = _root_of(package)
    return None if root is None else _folder(package, root, str(getattr(numba.config, "CACHE_DIR", "")))


def is_fresh(package: str) -> bool:
    """Whether kernels of this package have yet to be compiled on this machine: their cache folder is new, or there is none."""
    folder = cache_folder(package)
    return folder is None or folder in _FRESH


class _Compiles:
    """Hears of every function that numba compiles, and tells people who wait when it is the first run's."""

    def notify(self, what: Any) -> None:
        """Something begins or ends."""
        package = __name__.partition(".")[0]
        own = getattr(what.data["dispatcher"], "__module__", "").partition(".")[0] == package
        if what.is_start and own and is_fresh(package):
            notice(_NOTICE)


_NOTICE = "compiling kernels, once on this machine: takes a minute or two"
_events: Any = event  # which has no types
_events.Listener.register(_Compiles)
_events.register("numba:compile", _Compiles())


def _folder_of(function: Callable[..., Any]) -> Path | None:
    """The cache folder for one kernel; None for a kernel typed at a prompt."""
    if not os.path.exists(function.__code__.co_filename):
        return None
    return cache_folder(function.__module__.partition(".")[0])


# Cache folders that this process made.
_FRESH: set[Path] = set()


@cache
def _folder(package: str, root: Path, chosen: str) -> Path | None:
    """Find, make and tidy the cache folder of a package whose sources stand at *root*."""
    name = f"kernels-{kernel_digest(package)[:20]}"
    own = root / "__pycache__" if root.is_dir() else root.parent / "__pycache__"
    wanted = [Path(chosen)] if chosen else [own, user_cache() / "accord" / package]
    for base in wanted:
        folder = base / name
        fresh = not folder.exists()
        if _writable(folder):
            if fresh:
                _FRESH.add(folder)
            _tidy(base, folder)
            return folder
    return None


def _root_of(package: str) -> Path | None:
    """The folder of a package, or the file of a single module; None when it has no source on disk."""
    module = sys.modules.get(package)
    file = getattr(module, "__file__", None)
    return None if file is None or not os.path.exists(file) else _root_at(file)


@cache
def _root_at(file: str) -> Path:
    """The folder of the package, or the file of the single module, that begins with this file."""
    path = Path(file).resolve()
    return path.parent if path.name == "__init__.py" else path


def user_cache() -> Path:
    """The user's cache folder, by the custom of the system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _writable(folder: Path) -> bool:
    """Whether files can be written there; makes the folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            os.utime(folder)
            return True
    except OSError:
        return False


def _tidy(base: Path, current: Path) -> None:
    """Remove caches of sources long gone: all but the most recent few, none younger than a day."""
    try:
        others = [folder for folder in base.glob("kernels-*") if folder != current]
        others.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in others[_KEEP_FOLDERS:]:
            if time.time() - folder.stat().st_mtime > _KEEP_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return  # another process tidies at the same time


def kernel_digest(package: str) -> str:
    """Hash (hex) of every kernel source that kernels of this package can depend on, and of the versions that compile.

    Covers each file of the package and of Accord that mentions ``njit``, and every file of these packages that such a
    file imports (a constant from there is frozen into the compiled code).
    """
    versions = (platform.python_version(), numba.__version__, np.__version__, platform.machine())
    summary = hashlib.sha256("|".join(versions).encode())
    for name in sorted({package, __name__.partition(".")[0]}):
        root = _root_of(name)
        if root is None:
            continue
        for path in _kernel_files(name, root):
            summary.update(f"{name}/{path.name}|".encode())
            summary.update(hashlib.sha256(path.read_bytes()).digest())
    return summary.hexdigest()


def _kernel_files(package: str, root: Path) -> list[Path]:
    """Files of a package that hold kernels, and those they import from it, sorted."""
    if root.is_file():
        return [root]
    sources = {path: path.read_bytes() for path in sorted(root.rglob("*.py"))}
    waiting = [path for path, text in sources.items() if b"njit" in text]
    found = set(waiting)
    while waiting:
        path = waiting.pop()
        for name in _imports(path, sources[path], package, root):
            for candidate in (root / f"{name}.py", root / name / "__init__.py"):
                if candidate in sources and candidate not in found:
                    found.add(candidate)
                    waiting.append(candidate)
    return sorted(found)


def _imports(path: Path, source: bytes, package: str, root: Path) -> set[str]:
    """Modules of the package that a file may import, as paths relative to its root.

    Some name no file, and some are only spoken of: one too many costs nothing, and parsing every file takes half a second.
    """
    here = [package, *path.relative_to(root).with_suffix("").parts]
    names: set[str] = set()
    for dots, module, wanted, plain in _IMPORT.findall(source.decode("utf-8", "replace")):
        if plain:
            names.update(_DOTTED.findall(plain))
            continue
        base = ".".join(here[: len(here) - len(dots)]) if dots else ""
        whole = ".".join(part for part in (base, module) if part)
        names.update([whole, *(f"{whole}.{name}" for name in _DOTTED.findall(wanted))])
    return {name[len(package) + 1 :].replace(".", "/") for name in names if name.startswith(f"{package}.")}
