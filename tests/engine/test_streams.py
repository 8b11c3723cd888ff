"""Random streams: known answers, an independent reading of the algorithm, and statistics."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from accord.engine import streams

ONES = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
WORD = st.integers(0, ONES)


def reference(counter: tuple[int, ...], key: tuple[int, ...], bits: int = 32) -> tuple[int, ...]:
    """Philox with ten rounds in plain integers, after the paper; words of 32 or 64 bits."""
    first, second, weyl, other = {
        32: (0xD2511F53, 0xCD9E8D57, 0x9E3779B9, 0xBB67AE85),
        64: (0xD2E7470EE14C6C93, 0xCA5A826395121157, 0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B),
    }[bits]
    mask = (1 << bits) - 1
    a, b, c, d = counter
    left, right = key
    for _ in range(10):
        one, two = first * a, second * c
        a, b, c, d = (two >> bits) ^ b ^ left, two & mask, (one >> bits) ^ d ^ right, one & mask
        left, right = (left + weyl) & mask, (right + other) & mask
    return a, b, c, d


def ours(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """The kernel's answer."""
    found = streams.philox(tuple(np.uint64(c) for c in counter), tuple(np.uint64(k) for k in key))
    return tuple(int(word) for word in found)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_published_answers_of_random123(
    counter: tuple[int, ...], key: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert ours(counter, key) == expected
    assert reference(counter, key) == expected


def test_the_reference_agrees_with_numpy_on_words_of_64_bits() -> None:
    counter, key = (5, 6, 7, 8), (2**63 + 11, 12)
    words = [np.array(part, dtype=np.uint64) for part in (counter, key)]
    numpys = np.random.Philox(counter=words[0], key=words[1]).random_raw(4)
    # numpy counts up before it draws
    assert tuple(int(word) for word in numpys) == reference((counter[0] + 1, *counter[1:]), key, 64)


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
@settings(max_examples=200, deadline=None)
def test_any_counter_as_the_reference_has_it(counter: tuple[int, ...], key: tuple[int, ...]) -> None:
    assert ours(counter, key) == reference(counter, key)


@given(st.integers(0, 2**64 - 1), WORD, WORD, WORD, st.integers(0, 2**33 - 1))
@settings(max_examples=200, deadline=None)
def test_a_uniform_is_the_reference_at_its_place(
    key: int, world: int, replicate: int, step: int, index: int
) -> None:
    a, b, c, d = reference((world, replicate, step, index >> 1), (key & ONES, key >> 32))
    word = (c | d << 32) if index & 1 else (a | b << 32)
    expected = (word >> 11) * 2.0**-53 or 2.0**-54
    assert streams.uniform(np.uint64(key), world, replicate, step, index) == expected


@pytest.mark.parametrize("word", [0, 2**11 - 1, 2**11, 2**64 - 1])
def test_the_ends_of_the_interval_are_never_reached(word: int) -> None:
    found = streams.unit(np.uint64(word))
    assert 0.0 < found < 1.0


def test_names_have_hashes_that_never_change() -> None:
    assert streams.key_of("") == 0xB4B2797457A0A6E4
    assert streams.key_of("iran") == 946443910495807276
    assert streams.key_of("iran") != streams.key_of("russia")
    assert 0 <= streams.key_of("Иран") < 2**64


def test_a_stream_depends_on_seed_name_and_purpose_only() -> None:
    base = streams.stream(0, "iran", "review")
    assert base == streams.stream(0, "iran", "review")
    others = [
        streams.stream(1, "iran", "review"),
        streams.stream(0, "russia", "review"),
        streams.stream(0, "iran", "offer"),
        streams.stream(0, "review", "iran"),
        streams.stream(0, "iranreview", ""),
        streams.stream(0, "", "iranreview"),
        streams.stream(0),
    ]
    assert len({base, *others}) == len(others) + 1


def test_the_order_of_actors_does_not_matter() -> None:
    one = streams.streams(3, ["iran", "russia", "syria"], ["review", "offer"])
    other = streams.streams(3, ["syria", "iran", "russia"], ["offer", "review"])
    assert one.shape == (3, 2)
    assert np.array_equal(one[[2, 0, 1]][:, [1, 0]], other)
    assert streams.streams(3, [], ["review"]).shape == (0, 1)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seeds_out_of_range_are_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 2\\^64 - 1, not"):
        streams.stream(seed)


@pytest.mark.parametrize("seed", [1.0, "1", None, True, False, np.bool_(True), np.float64(3)])
def test_seeds_that_are_no_whole_numbers_are_refused(seed: object) -> None:
    with pytest.raises(TypeError, match="a seed is a whole number from 0"):
        streams.stream(seed)  # type: ignore[arg-type]


def test_numpy_integers_are_seeds_too() -> None:
    assert streams.stream(np.int64(7)) == streams.stream(7)  # type: ignore[arg-type]


@given(st.integers(0, 300), st.lists(st.integers(0, 60), max_size=5), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_any_chunking_gives_the_same_numbers(start: int, sizes: list[int], count: int) -> None:
    key = streams.stream(0, "iran", "review")
    edges = np.cumsum([start, *sizes])
    whole = streams.uniforms(key, range(start, int(edges[-1])), replicate=2, step=5, count=count)
    parts = [
        streams.uniforms(key, range(int(a), int(b)), replicate=2, step=5, count=count)
        for a, b in itertools.pairwise(edges)
    ]
    assert np.array_equal(whole, np.concatenate(parts) if parts else whole[:0])


def test_fewer_numbers_per_world_are_the_first_of_more() -> None:
    key = streams.stream(0)
    worlds = range(1, 20)
    assert np.array_equal(streams.normals(key, worlds, count=3), streams.normals(key, worlds, count=8)[:, :3])


@pytest.mark.parametrize(
    ("worlds", "extra"),
    [
        (range(-1, 2), {}),
        (range(0, 10, 2), {}),
        (range(2**32, 2**32 + 1), {}),
        (range(2), {"replicate": -1}),
        (range(2), {"step": 2**32}),
    ],
)
def test_what_does_not_fit_the_counter_is_refused(worlds: range, extra: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="below 2\\^32"):
        streams.uniforms(streams.stream(0), worlds, **extra)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [0, 1, 2024])
def test_uniforms_are_uniform_and_independent(seed: int) -> None:
    values = streams.uniforms(streams.stream(seed, "iran", "review"), range(1, 50_001), count=4)
    for column in values.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    correlations = np.corrcoef(np.vstack([values.T, np.roll(values[:, 0], 1)]))
    assert np.abs(correlations - np.eye(5)).max() < 5 / math.sqrt(50_000)


@pytest.mark.parametrize(("other", "step", "replicate"), [("russia", 0, 0), ("iran", 1, 0), ("iran", 0, 1)])
def test_neighbouring_streams_are_independent(other: str, step: int, replicate: int) -> None:
    worlds = range(1, 50_001)
    one = streams.uniforms(streams.stream(0, "iran"), worlds)[:, 0]
    two = streams.uniforms(streams.stream(0, other), worlds, step=step, replicate=replicate)[:, 0]
    assert not np.array_equal(one, two)
    counts, *_ = np.histogram2d(one, two, bins=16, range=[[0, 1], [0, 1]])
    assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_every_bit_of_a_word_is_fair() -> None:
    values = streams.uniforms(streams.stream(0), range(1, 20_001))[:, 0]
    words = (values * 2.0**53).astype(np.uint64)
    shares = [float(((words >> np.uint64(bit)) & np.uint64(1)).mean()) for bit in range(53)]
    assert np.abs(np.array(shares) - 0.5).max() < 5 * 0.5 / math.sqrt(20_000)


def test_seed_0_differs_from_seed_1() -> None:
    worlds = range(1, 100)
    zero = streams.uniforms(streams.stream(0), worlds)
    assert not np.isclose(zero, streams.uniforms(streams.stream(1), worlds)).any()
    assert np.array_equal(zero, streams.uniforms(streams.stream(0), worlds))


def test_normals_have_the_moments_and_shape_of_a_normal() -> None:
    values = streams.normals(streams.stream(0), range(1, 200_001))[:, 0]
    assert stats.kstest(values, "norm").pvalue > 1e-4
    assert abs(values.mean()) < 5 / math.sqrt(200_000)
    assert abs(stats.skew(values)) < 0.03
    assert abs(stats.kurtosis(values)) < 0.06


def test_a_normal_is_the_quantile_of_the_uniform_at_the_same_place() -> None:
    key = streams.stream(4, "iran")
    one, two = streams.uniform_pair(key, 9, 8, 7, 6)
    assert one == streams.uniform(key, 9, 8, 7, 12)
    assert two == streams.uniform(key, 9, 8, 7, 13)
    assert streams.normal(key, 9, 8, 7, 12) == streams.normal_quantile(one)
    assert streams.normal_pair(key, 9, 8, 7, 6) == (
        streams.normal_quantile(one),
        streams.normal_quantile(two),
    )


def test_the_normal_quantile_is_scipys() -> None:
    p = np.concatenate(
        [10.0 ** -np.arange(1, 308), np.linspace(1e-9, 1 - 1e-9, 20_001), 1 - 2.0 ** -np.arange(2, 54)]
    )
    found = np.array([streams.normal_quantile(value) for value in p])
    assert np.allclose(found, special.ndtri(p), rtol=1e-13, atol=1e-14)


def test_the_normal_quantile_at_and_beyond_its_ends() -> None:
    assert streams.normal_quantile(0.0) == -math.inf
    assert streams.normal_quantile(1.0) == math.inf
    assert streams.normal_quantile(0.5) == 0.0
    assert all(math.isnan(streams.normal_quantile(p)) for p in (-0.1, 1.1, math.nan))


def test_the_normal_cdf_is_scipys() -> None:
    z = np.linspace(-37, 8, 2001)
    assert np.allclose([streams.normal_cdf(value) for value in z], special.ndtr(z), rtol=1e-12, atol=0)
