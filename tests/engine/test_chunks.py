"""Running over worlds in chunks: the same result however it is cut, resumed, interrupted or broken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.engine.chunks import Engine, Failure, LocalEngine, Outcome, missing, thread_count
from accord.engine.store import ChunkStore, StoreError, digest
from accord.engine.streams import stream, uniforms

KEY = {"situation": "abc", "seed": 0}
Task = Callable[[range], dict[str, Any]]


def task(worlds: range) -> dict[str, Any]:
    """Something that depends on the world alone."""
    drawn = uniforms(stream(0, "a"), worlds, count=3)
    return {
        "first": drawn[:, 0],
        "rest": drawn[:, 1:],
        "big": drawn[:, 0] > 0.5,
        "word": np.where(drawn[:, 1] > 0.9, "high", "no"),
    }


def result(outcome: Outcome) -> str:
    """Digest of an outcome, world numbers included."""
    return digest({**outcome.columns, "world": outcome.worlds})


@pytest.fixture(scope="module")
def whole() -> str:
    """Digest of worlds 1 to 200 in one chunk."""
    return result(LocalEngine(chunk=200).run(task, range(1, 201)))


@given(
    chunk=st.one_of(st.none(), st.integers(1, 250)),
    threads=st.one_of(st.none(), st.integers(1, 4)),
    ahead=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_chunks_and_threads_do_not_matter(
    whole: str, chunk: int | None, threads: int | None, ahead: int
) -> None:
    engine: Engine = LocalEngine(threads=threads, chunk=chunk, ahead=ahead)
    outcome = engine.run(task, range(1, 201))
    assert outcome.complete
    assert not outcome.interrupted
    assert result(outcome) == whole


def stop_at(world: int, error: BaseException) -> Task:
    """The task, which breaks once at a world."""

    def broken(worlds: range) -> dict[str, Any]:
        if world in worlds:
            raise error
        return task(worlds)

    return broken


@pytest.mark.parametrize("ahead", [0, 1, 3])
def test_an_interrupt_keeps_what_is_done(ahead: int) -> None:
    outcome = LocalEngine(chunk=30, ahead=ahead).run(stop_at(100, KeyboardInterrupt()), range(1, 201))
    assert outcome.interrupted
    assert not outcome.complete
    assert outcome.worlds[:90].tolist() == list(range(1, 91))
    assert not set(outcome.worlds.tolist()) & set(range(91, 121))
    assert ahead or outcome.worlds.size == 90
    assert np.array_equal(outcome.columns["first"][:90], task(range(1, 91))["first"])


def test_an_interrupt_keeps_what_was_begun_ahead_and_is_whole(tmp_path: Path) -> None:
    import numba

    if numba.config.NUMBA_NUM_THREADS == 1:
        pytest.skip("one processor: nothing is begun ahead")
    second = threading.Event()

    def stopped(worlds: range) -> dict[str, Any]:
        if 1 in worlds:
            if not second.wait(30.0):
                pytest.fail("nothing was begun ahead")
            raise KeyboardInterrupt
        made = task(worlds)
        second.set()
        return made

    told: list[int] = []

    class Told:
        def advance(self, worlds: int) -> None:
            told.append(worlds)

    engine = LocalEngine(chunk=25, ahead=1)
    outcome = engine.run(stopped, range(1, 101), store=ChunkStore(tmp_path, KEY), progress=Told())
    assert outcome.interrupted
    assert outcome.worlds.tolist() == list(range(26, 51))
    assert told == [0, 25]
    again = LocalEngine(chunk=25).run(task, range(1, 101), store=ChunkStore(tmp_path, KEY))
    assert again.resumed == 25
    assert result(again) == result(LocalEngine().run(task, range(1, 101)))


def test_a_run_resumes_where_it_was_interrupted_and_gives_the_same(tmp_path: Path, whole: str) -> None:
    LocalEngine(chunk=30).run(
        stop_at(100, KeyboardInterrupt()), range(1, 201), store=ChunkStore(tmp_path, KEY)
    )
    computed: list[range] = []

    def counted(worlds: range) -> dict[str, Any]:
        computed.append(worlds)
        return task(worlds)

    outcome = LocalEngine(chunk=64).run(counted, range(1, 201), store=ChunkStore(tmp_path, KEY))
    assert outcome.resumed == 90
    assert computed == [range(91, 155), range(155, 201)]
    assert outcome.complete
    assert result(outcome) == whole


def test_a_store_of_another_run_is_refused(tmp_path: Path) -> None:
    ChunkStore(tmp_path, KEY)
    with pytest.raises(StoreError, match=r"another run \(seed there 0, here 1\); give another folder"):
        ChunkStore(tmp_path, {**KEY, "seed": 1})
    ChunkStore(tmp_path, {"seed": 0, "situation": "abc"})  # order does not matter


@pytest.mark.parametrize("harm", ["npz", "flip", "marker"])
def test_a_damaged_chunk_is_computed_again(tmp_path: Path, whole: str, harm: str) -> None:
    LocalEngine(chunk=50).run(task, range(1, 201), store=ChunkStore(tmp_path, KEY))
    data = tmp_path / "chunk-000000000051-000000000101.npz"
    if harm == "npz":
        data.unlink()
    elif harm == "flip":
        content = bytearray(data.read_bytes())
        content[len(content) // 2] ^= 1
        data.write_bytes(bytes(content))
    else:
        data.with_suffix(".done").write_text("not a hash")
    outcome = LocalEngine(chunk=50).run(task, range(1, 201), store=ChunkStore(tmp_path, KEY))
    assert outcome.resumed == 150
    assert result(outcome) == whole


def test_chunks_outside_the_wanted_worlds_are_left_alone(tmp_path: Path) -> None:
    LocalEngine(chunk=50).run(task, range(1, 201), store=ChunkStore(tmp_path, KEY))
    outcome = LocalEngine(chunk=50).run(task, range(31, 121), store=ChunkStore(tmp_path, KEY))
    assert outcome.worlds.tolist() == list(range(31, 121))
    assert outcome.resumed == 50


KILLED = """
import os, signal, sys
from pathlib import Path
import numpy as np
import accord.disk as disk
from accord.engine.chunks import LocalEngine
from accord.engine.store import ChunkStore

real = os.replace
seen = 0
def replace(old, new):
    global seen
    if str(new).endswith(sys.argv[2]):
        seen += 1
        if seen == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    real(old, new)
os.replace = replace
task = lambda worlds: {"square": np.array([float(w) ** 2 for w in worlds])}
LocalEngine(chunk=10).run(task, range(1, 101), store=ChunkStore(Path(sys.argv[1]), {"seed": 0}))
"""


@pytest.mark.parametrize("ending", [".npz", ".done"])
def test_a_kill_in_the_middle_of_writing_leaves_no_half_chunk(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "store"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder), ending], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    store = ChunkStore(folder, {"seed": 0})
    assert store.done() == [range(1, 11), range(11, 21)]

    def square(worlds: range) -> dict[str, Any]:
        return {"square": np.array([float(world) ** 2 for world in worlds])}

    outcome = LocalEngine(chunk=25).run(square, range(1, 101), store=store)
    assert outcome.resumed == 20
    assert result(outcome) == result(LocalEngine(chunk=100).run(square, range(1, 101)))


@given(
    bad=st.sets(st.integers(1, 200), min_size=1, max_size=12),
    chunk=st.one_of(st.none(), st.integers(1, 250)),
    ahead=st.integers(0, 2),
)
@settings(max_examples=60, deadline=None)
def test_exactly_the_worlds_that_fail_are_lost_and_counted(
    bad: set[int], chunk: int | None, ahead: int
) -> None:
    def broken(worlds: range) -> dict[str, Any]:
        for world in worlds:
            if world in bad:
                raise ArithmeticError("no root")
        return task(worlds)

    outcome = LocalEngine(chunk=chunk, ahead=ahead).run(broken, range(1, 201))
    assert set(outcome.worlds.tolist()) == set(range(1, 201)) - bad
    assert outcome.failed == len(bad)
    assert {world for failure in outcome.failures for world in failure.worlds} == bad
    assert {failure.says for failure in outcome.failures} == {"ArithmeticError: no root"}
    assert not outcome.complete


def test_neighbouring_failures_with_the_same_words_are_told_once() -> None:
    def broken(worlds: range) -> dict[str, Any]:
        if set(worlds) & set(range(50, 60)):
            raise ValueError("bad")
        return task(worlds)

    assert LocalEngine(chunk=32).run(broken, range(1, 101)).failures == (
        Failure(range(50, 60), "ValueError: bad"),
    )


def test_a_task_that_always_fails_is_not_tried_world_by_world_for_ever() -> None:
    tried = 0

    def broken(worlds: range) -> dict[str, Any]:
        nonlocal tried
        tried += 1
        raise ValueError("always")

    outcome = LocalEngine(chunk=1000).run(broken, range(1, 100_001))
    assert outcome.failures == (Failure(range(1, 100_001), "ValueError: always"),)
    assert outcome.columns == {}
    assert outcome.worlds.size == 0
    assert tried < 1000


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda worlds: {"x": np.zeros(len(worlds) + 1)}, "does not hold one value for each of"),
        (lambda worlds: {"x": np.float64(1)}, "does not hold one value for each of"),
        (lambda worlds: {"x": np.array([None] * len(worlds))}, "holds Python objects"),
    ],
)
def test_answers_that_do_not_fit_are_failures(answer: Task, says: str) -> None:
    outcome = LocalEngine(chunk=4).run(answer, range(1, 9))
    assert outcome.failed == 8
    assert all(says in failure.says for failure in outcome.failures)


def test_a_chunk_with_other_columns_is_a_failure() -> None:
    def changing(worlds: range) -> dict[str, Any]:
        return {"x": np.zeros(len(worlds))} if worlds.start == 1 else {"y": np.zeros(len(worlds))}

    outcome = LocalEngine(chunk=4).run(changing, range(1, 9))
    assert outcome.worlds.tolist() == [1, 2, 3, 4]
    assert "differ from those of the chunks before" in outcome.failures[0].says


def test_a_store_that_cannot_be_written_is_an_error_in_words(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "store", KEY)
    for worlds in (range(1, 51), range(51, 101)):
        (tmp_path / "store" / f"chunk-{worlds.start:012d}-{worlds.stop:012d}.npz").mkdir()
    with pytest.raises(
        StoreError, match=r"finished worlds cannot be kept: .* chunks written before are sound"
    ):
        LocalEngine(chunk=50).run(task, range(1, 101), store=store)


def test_the_next_chunk_is_begun_while_one_is_in_hand() -> None:
    import numba

    if numba.config.NUMBA_NUM_THREADS == 1:
        pytest.skip("one processor: nothing is begun ahead")
    both = threading.Barrier(2, timeout=30.0)

    def waits_for_the_other(worlds: range) -> dict[str, Any]:
        both.wait()
        return task(worlds)

    outcome = LocalEngine(chunk=25, ahead=1).run(waits_for_the_other, range(1, 201))
    assert outcome.complete
    alone = threading.Lock()

    def is_alone(worlds: range) -> dict[str, Any]:
        assert alone.acquire(blocking=False)
        time.sleep(0.01)
        alone.release()
        return task(worlds)

    for engine in (LocalEngine(chunk=25), LocalEngine(threads=1, chunk=25, ahead=1)):
        assert engine.run(is_alone, range(1, 201)).complete


def test_an_empty_run_is_complete() -> None:
    outcome = LocalEngine().run(task, range(1, 1))
    assert outcome.complete
    assert outcome.columns == {}


@pytest.mark.parametrize("settings_", [{"threads": 0}, {"chunk": 0}, {"chunk": -3}])
def test_numbers_below_one_are_refused(settings_: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be at least 1"):
        LocalEngine(**settings_)
    with pytest.raises(ValueError, match="ahead must be at least 0"):
        LocalEngine(ahead=-1)


def test_worlds_with_gaps_are_refused() -> None:
    with pytest.raises(ValueError, match="consecutive"):
        LocalEngine().run(task, range(1, 10, 2))


def test_the_number_of_threads_is_set_within_and_given_back() -> None:
    import numba

    before = numba.get_num_threads()
    with thread_count(1):
        assert numba.get_num_threads() == 1
        with thread_count(None):
            assert numba.get_num_threads() == 1
    assert numba.get_num_threads() == before
    with thread_count(1000):
        assert numba.get_num_threads() == numba.config.NUMBA_NUM_THREADS
    with pytest.raises(RuntimeError), thread_count(1):
        raise RuntimeError
    assert numba.get_num_threads() == before


@given(st.sets(st.integers(0, 60)), st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None)
def test_gaps_are_what_nothing_covers(done: set[int], start: int, size: int) -> None:
    worlds = range(start, start + size)
    gaps = missing(worlds, [range(world, world + 1) for world in done])
    assert [world for gap in gaps for world in gap] == [world for world in worlds if world not in done]


def test_progress_is_told_every_world_once() -> None:
    told: list[int] = []

    class Told:
        def advance(self, worlds: int) -> None:
            told.append(worlds)

    LocalEngine(chunk=30).run(stop_at(100, ValueError("bad")), range(1, 201), progress=Told())
    assert sum(told) == 200
