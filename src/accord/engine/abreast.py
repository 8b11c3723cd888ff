"""Jobs side by side in threads: while one gathers numbers in Python another is in a kernel that has let go of the lock.

Results never depend on it.  Kernels with ``prange`` must not run from several threads at once (numba's workqueue layer
aborts), so whoever calls one holds :data:`ALONE`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

ALONE = threading.RLock()
# Jobs begun or about to begin for each thread, beyond the one that is waited for.
_AHEAD = 2


def abreast(job: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """What a job makes of each item, in the order of the items; as many at a time as kernels may have threads.

    The first error is raised where its result is due.  Jobs begin only a few ahead of what is asked for, so that a run
    that is cancelled does not go on with the rest.
    """
    import numba

    waiting, threads = list(items), numba.get_num_threads()
    if threads == 1 or len(waiting) < 2:
        yield from map(job, waiting)
        return
    pool = ThreadPoolExecutor(threads, initializer=numba.set_num_threads, initargs=(threads,))
    ahead: deque[Future[Made]] = deque()
    try:
        for item in waiting:
            ahead.append(pool.submit(job, item))
            if len(ahead) > _AHEAD * threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def stretches(count: int, least: int) -> list[range]:
    """So many rows in as many stretches as kernels may have threads, none (but a single one) shorter than *least*."""
    import numba

    parts = max(min(numba.get_num_threads(), count // least), 1)
    bounds = [count * part // parts for part in range(parts + 1)]
    return [range(start, stop) for start, stop in pairwise(bounds)]
