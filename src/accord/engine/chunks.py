"""Running a task over many worlds: in chunks, with what is done kept, and with every failure told.

An engine decides where chunks run; results never depend on it, nor on the size of chunks or the number of threads, as
long as the task's answer for a world depends on that world alone.  Only the local engine exists so far; it runs chunks
one after another, or begins the next while one is in hand: a task that is in a kernel leaves Python to the other.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from accord.engine.progress import Progress, Silent
from accord.engine.store import ChunkStore

Array = NDArray[Any]
Task = Callable[[range], Mapping[str, Array]]

_FIRST_CHUNK = 128
_TARGET_SECONDS = 3.0
_GIVE_UP = 64


@dataclass(frozen=True, slots=True)
class Failure:
    """Worlds that could not be computed: a chunk that fails is halved down to the worlds that are to blame.

    Parameters
    ----------
    worlds : range
        Absolute numbers; all of them are missing from the result.
    says : str
        Kind and words of the exception.
    """

    worlds: range
    says: str


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a run gave.

    Parameters
    ----------
    columns : dict of str to ndarray, shape (worlds there, ...)
        Results in the order of world numbers; empty when no chunk succeeded.
    worlds : ndarray of int64
        Absolute number of each row's world, ascending.
    wanted : range
        Worlds that were asked for.
    failures : tuple of Failure
        Worlds that failed, with the words of each exception.
    interrupted : bool
        Whether somebody pressed Ctrl-C.
    resumed : int
        Worlds that were taken from the store instead of computed.
    seconds : float
        Wall time.
    """

    columns: dict[str, Array]
    worlds: NDArray[np.int64]
    wanted: range
    failures: tuple[Failure, ...] = ()
    interrupted: bool = False
    resumed: int = 0
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every world that was asked for is there."""
        return len(self.worlds) == len(self.wanted)

    @property
    def failed(self) -> int:
        """How many worlds are missing because the task failed on them."""
        return sum(len(failure.worlds) for failure in self.failures)


class Engine(Protocol):
    """Something that can run a task over worlds."""

    def run(
        self, task: Task, worlds: range, *, store: ChunkStore | None = None, progress: Progress | None = None
    ) -> Outcome:
        """Run *task* over chunks of *worlds*; see :meth:`LocalEngine.run`."""


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Runs chunks in this process.

    Parameters
    ----------
    threads : int or None
        Threads for ``prange`` inside kernels, at most as many as numba has; None leaves numba's setting alone.
    chunk : int or None
        Worlds per chunk; None lets chunks grow until each takes about three seconds.
    ahead : int
        Chunks that are begun, in threads, before the one in hand is finished; kernels of the task with ``prange`` must
        then hold ``accord.engine.abreast.ALONE``.  With one thread for kernels none is.
    """

    threads: int | None = None
    chunk: int | None = None
    ahead: int = 0

    def __post_init__(self) -> None:
        """Refuse numbers below 1."""
        for name, value in (("threads", self.threads), ("chunk", self.chunk)):
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        if self.ahead < 0:
            raise ValueError(f"ahead must be at least 0, not {self.ahead}")

    def run(
        self, task: Task, worlds: range, *, store: ChunkStore | None = None, progress: Progress | None = None
    ) -> Outcome:
        """Run a task over worlds, keeping what is done.

        Parameters
        ----------
        task : callable
            From a chunk of absolute world numbers to named arrays with a leading world dimension.
        worlds : range
            Absolute world numbers, consecutive.
        store : ChunkStore, optional
            Finished chunks are written there, and those it already holds are not computed again.
        progress : Progress, optional
            Told after each chunk.

        Returns
        -------
        Outcome
            On Ctrl-C whatever is done.  Worlds on which the task raises are recorded as failures and the rest goes on.

        Raises
        ------
        ValueError
            When the worlds are not consecutive.
        """
        if worlds.step != 1:
            raise ValueError(f"worlds must be consecutive numbers, not {worlds}")
        began = time.monotonic()
        run = _Run(task, store, progress or Silent(), _held(store, worlds) if store else {})
        resumed = sum(len(part) for part in run.done)
        run.progress.advance(resumed)
        interrupted = False
        try:
            with thread_count(self.threads):
                for gap in missing(worlds, run.done):
                    run.cover(gap, self.chunk, self.ahead)
        except KeyboardInterrupt:
            interrupted = True
        columns, numbers = _joined(run.done)
        return Outcome(
            columns, numbers, worlds, _merged(run.failures), interrupted, resumed, time.monotonic() - began
        )


@dataclass(frozen=True, slots=True)
class _Begun:
    """A chunk, and its answer to come where a thread is at it."""

    part: range
    future: Future[tuple[Mapping[str, Array], float]] | None


def _went_well(future: Future[tuple[Mapping[str, Array], float]]) -> bool:
    """Whether an answer is there."""
    return future.done() and not future.cancelled() and future.exception() is None


@contextlib.contextmanager
def _threads(ahead: int) -> Iterator[ThreadPoolExecutor | None]:
    """Threads for chunks that are begun ahead; None where none is, or kernels may have one thread only."""
    if ahead == 0:
        yield None
        return
    import numba

    threads = numba.get_num_threads()
    if threads == 1:
        yield None
        return
    each = max(threads // (1 + ahead), 1)
    pool = ThreadPoolExecutor(1 + ahead, initializer=numba.set_num_threads, initargs=(each,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(slots=True)
class _Run:
    """The state of one run; *done* and *failures* grow, so that an interrupt loses what is unfinished only."""

    task: Task
    store: ChunkStore | None
    progress: Progress
    done: dict[range, dict[str, Array]]
    failures: list[Failure] = field(default_factory=list)

    def cover(self, gap: range, chunk: int | None, ahead: int) -> None:
        """Compute a stretch of worlds chunk by chunk, in their order; so many are begun ahead of the one in hand."""
        start, size = gap.start, chunk or _FIRST_CHUNK
        begun: deque[_Begun] = deque()
        try:
            with _threads(
                ahead if len(gap) > size else 0
            ) as pool:  # a single chunk has all threads to itself
                while start < gap.stop or begun:
                    while start < gap.stop and len(begun) <= (ahead if pool else 0):
                        part = range(start, min(start + size, gap.stop))
                        begun.append(_Begun(part, pool.submit(self.timed, part) if pool else None))
                        start = part.stop
                    seconds = self.attempt(begun[0])
                    begun.popleft()
                    if chunk is None:
                        size = _next_size(size, seconds)
        except KeyboardInterrupt:
            self.keep_finished(begun)
            raise

    def keep_finished(self, begun: Iterable[_Begun]) -> None:
        """Keep the chunks that were begun and are whole by the time threads have stopped."""
        for one in begun:
            if one.future is None or one.part in self.done or not _went_well(one.future):
                continue
            with contextlib.suppress(
                ValueError, TypeError
            ):  # what does not fit is computed again, and then told
                made, _ = one.future.result()
                self.keep(one.part, _checked(made, one.part, next(iter(self.done.values()), None)))
                self.progress.advance(len(one.part))

    def keep(self, part: range, columns: dict[str, Array]) -> None:
        """A finished chunk."""
        if self.store:
            self.store.save(part, columns)
        self.done[part] = columns

    def timed(self, part: range) -> tuple[Mapping[str, Array], float]:
        """The task's answer, and how many seconds it took."""
        began = time.monotonic()
        return self.task(part), time.monotonic() - began

    def attempt(self, begun: _Begun) -> float:
        """Compute a chunk; when it fails halve it, so that the worlds lost do not depend on the size of chunks.

        Gives back how many seconds the task took.
        """
        waiting, spent, first = [begun.part], 0.0, begun.future
        while waiting:
            part = waiting.pop()
            try:
                made, seconds = first.result() if first else self.timed(part)
                columns = _checked(made, part, next(iter(self.done.values()), None))
                spent += seconds
            except Exception as error:  # told in the outcome, with the worlds it cost
                if len(part) > 1 and not self.hopeless():
                    middle = part.start + len(part) // 2
                    waiting += [range(middle, part.stop), range(part.start, middle)]
                    continue
                self.failures.append(Failure(part, f"{type(error).__name__}: {error}"))
            else:
                self.keep(part, columns)
            finally:
                first = None
            self.progress.advance(len(part))
        return spent

    def hopeless(self) -> bool:
        """Whether nothing has worked and too much has failed for the search for the single bad world to pay."""
        return not self.done and len(self.failures) >= _GIVE_UP


def _merged(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """Failures in the order of worlds, neighbours that say the same made one."""
    merged: list[Failure] = []
    for failure in sorted(failures, key=lambda failure: failure.worlds.start):
        last = merged[-1] if merged else None
        if last and last.says == failure.says and last.worlds.stop == failure.worlds.start:
            merged[-1] = Failure(range(last.worlds.start, failure.worlds.stop), last.says)
        else:
            merged.append(failure)
    return tuple(merged)


def _next_size(size: int, seconds: float) -> int:
    """A chunk size that comes closer to the target time, by steps of four at most."""
    factor = min(max(_TARGET_SECONDS / max(seconds, 1e-6), 0.25), 4.0)
    return max(_FIRST_CHUNK, int(size * factor))


@contextlib.contextmanager
def thread_count(threads: int | None) -> Iterator[None]:
    """Within the block kernels use this many threads (at most as many as numba has); None changes nothing."""
    if threads is None:
        yield
        return
    import numba

    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, int(getattr(numba.config, "NUMBA_NUM_THREADS", 1))))
    try:
        yield
    finally:
        numba.set_num_threads(before)


def missing(worlds: range, done: Iterable[range]) -> list[range]:
    """The stretches of *worlds* that no range of *done* covers, in order."""
    gaps: list[range] = []
    start = worlds.start
    for part in sorted(done, key=lambda part: part.start):
        if part.start > start:
            gaps.append(range(start, min(part.start, worlds.stop)))
        start = max(start, part.stop)
    if start < worlds.stop:
        gaps.append(range(start, worlds.stop))
    return [gap for gap in gaps if len(gap)]


def _held(store: ChunkStore, worlds: range) -> dict[range, dict[str, Array]]:
    """Sound chunks of a store that lie within these worlds; damaged ones are dropped and computed again."""
    held: dict[range, dict[str, Array]] = {}
    for part in store.done():
        if part.start < worlds.start or part.stop > worlds.stop:
            continue
        columns = store.load(part)
        if columns is None:
            store.drop(part)
        else:
            held[part] = columns
    return held


def _checked(
    columns: Mapping[str, Array], part: range, other: Mapping[str, Array] | None
) -> dict[str, Array]:
    """The columns of one chunk, refused when they do not fit its worlds or the chunks before."""
    arrays = {name: np.asarray(array) for name, array in columns.items()}
    for name, array in arrays.items():
        if array.ndim == 0 or len(array) != len(part):
            raise ValueError(
                f"'{name}' of shape {array.shape} does not hold one value for each of {len(part)} worlds"
            )
        if array.dtype.hasobject:
            raise TypeError(
                f"'{name}' holds Python objects; results are arrays of numbers, truth values or text"
            )
    if other is not None and _signature(arrays) != _signature(other):
        raise ValueError(
            f"columns {_signature(arrays)} differ from those of the chunks before, {_signature(other)}"
        )
    return arrays


def _signature(columns: Mapping[str, Array]) -> dict[str, str]:
    """Type and shape per world of each column; text of any length is one type."""
    kinds = {
        name: "text" if array.dtype.kind in "US" else str(array.dtype) for name, array in columns.items()
    }
    return {name: f"{kinds[name]} {columns[name].shape[1:]}" for name in sorted(columns)}


def _joined(done: Mapping[range, Mapping[str, Array]]) -> tuple[dict[str, Array], NDArray[np.int64]]:
    """All chunks as one set of columns in the order of world numbers."""
    parts = sorted(done, key=lambda part: part.start)
    if not parts:
        return {}, np.empty(0, dtype=np.int64)
    numbers = np.concatenate([np.arange(part.start, part.stop, dtype=np.int64) for part in parts])
    names = sorted(done[parts[0]])
    return {name: np.concatenate([done[part][name] for part in parts]) for name in names}, numbers
