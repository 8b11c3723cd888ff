"""The chain of lines: whatever is changed shows, with its line; what is sound reads back as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.ledger.chain import START, Chain, canonical, chain_of, sealed

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
# Surrogates are no text, and no key may hold one.
BODIES = st.lists(
    st.dictionaries(st.text(st.characters(exclude_categories=("Cs",)), max_size=4), PLAIN), max_size=4
)


def ledger(bodies: list[dict[str, object]]) -> bytes:
    """A ledger with these bodies."""
    chain = Chain()
    for body in bodies:
        chain = Chain((*chain.records, sealed(chain, "2016-01-01T12:00:00Z", "note", body)))
    return b"".join(record.line for record in chain.records)


FIVE = ledger([{"n": n, "says": f"Ünïcode {n}"} for n in range(5)])


def lines() -> list[bytes]:
    """The lines of a ledger of five."""
    return FIVE.split(b"\n")[:-1]


def told(raw: bytes) -> list[int | None]:
    """Lines at which an error is told."""
    return [one.line for one in chain_of(raw, "f").problems if one.severity == "error"]


@settings(max_examples=60, deadline=None)
@given(BODIES)
def test_what_was_written_reads_back(bodies: list[dict[str, object]]) -> None:
    try:
        raw = ledger(bodies)
    except UnicodeEncodeError:
        return
    chain = chain_of(raw, "f")
    assert not chain.problems
    assert [record.body for record in chain.records] == bodies
    assert b"".join(record.line for record in chain.records) == raw


def test_the_first_line_follows_nothing_and_each_the_one_before() -> None:
    records = chain_of(FIVE, "f").records
    assert records[0].previous == START
    assert [r.previous for r in records[1:]] == [r.sha256 for r in records[:-1]]
    assert chain_of(FIVE, "f").head == records[-1].sha256


def test_the_hash_is_sha256_of_the_line_without_it() -> None:
    held = json.loads(lines()[2])
    own = held.pop("sha256")
    text = json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == own


def rehashed(line: bytes, **changes: object) -> bytes:
    """A line changed by somebody who knows how hashes are made."""
    held = {**json.loads(line), **changes}
    del held["sha256"]
    return canonical({**held, "sha256": hashlib.sha256(canonical(held)).hexdigest()})


Tamper = Callable[[list[bytes]], list[bytes]]
TAMPERED: dict[str, tuple[Tamper, int]] = {
    "content": (lambda ls: [*ls[:2], ls[2].replace(b'"n":2', b'"n":9'), *ls[3:]], 3),
    "content and hash": (lambda ls: [*ls[:2], rehashed(ls[2], body={"n": 9}), *ls[3:]], 4),
    "first line and hash": (lambda ls: [rehashed(ls[0], body={}), *ls[1:]], 2),
    "removed": (lambda ls: [*ls[:2], *ls[3:]], 3),
    "first removed": (lambda ls: ls[1:], 1),
    "swapped": (lambda ls: [ls[0], ls[2], ls[1], *ls[3:]], 2),
    "repeated": (lambda ls: [*ls[:3], ls[2], *ls[3:]], 4),
    "put in": (lambda ls: [*ls[:2], b'{"a":1}', *ls[2:]], 3),
    "empty line": (lambda ls: [*ls[:2], b"", *ls[2:]], 3),
    "blanks": (lambda ls: [*ls[:2], ls[2].replace(b'":', b'": ', 1), *ls[3:]], 3),
    "carriage return": (lambda ls: [*ls[:2], ls[2] + b"\r", *ls[3:]], 3),
    "key twice": (lambda ls: [*ls[:2], b'{"at":"x",' + ls[2][1:], *ls[3:]], 3),
    "not UTF-8": (lambda ls: [*ls[:2], ls[2].replace("Ü".encode(), b"\xdc"), *ls[3:]], 3),
    "not JSON": (lambda ls: [*ls[:2], ls[2][:-5], *ls[3:]], 3),
    "not a number": (lambda ls: [*ls[:2], ls[2].replace(b'"n":2', b'"n":NaN'), *ls[3:]], 3),
    "past any number": (lambda ls: [*ls[:2], ls[2].replace(b'"n":2', b'"n":1e999'), *ls[3:]], 3),
    "half a letter": (lambda ls: [*ls[:2], ls[2].replace(b'"n":2', rb'"n":"\ud800"'), *ls[3:]], 3),
    "nested": (lambda ls: [*ls[:2], ls[2].replace(b'"n":2', b'"n":' + b"[" * 99999), *ls[3:]], 3),
    "list": (lambda ls: [*ls[:2], b"[]", *ls[3:]], 3),
    "another number": (lambda ls: [*ls[:4], rehashed(ls[4], number=9)], 5),
    "wrong type": (lambda ls: [*ls[:2], rehashed(ls[2], number="3"), *ls[3:]], 3),
    "true for one": (lambda ls: [rehashed(ls[0], number=True), *ls[1:]], 1),
    "format": (lambda ls: [*ls[:2], rehashed(ls[2], format=2), *ls[3:]], 3),
    "UTF-8 mark": (lambda ls: [b"\xef\xbb\xbf" + ls[0], *ls[1:]], 1),
    "UTF-16": (lambda ls: [b"\n".join(ls).decode().encode("utf-16")], 1),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_every_kind_of_change_is_told_with_its_line(kind: str) -> None:
    change, line = TAMPERED[kind]
    raw = b"\n".join(change(lines())) + b"\n"
    found = told(raw)
    assert found
    assert found[0] == line
    chain = chain_of(raw, "f")
    assert chain.changed
    assert len(chain.records) == line - 1


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"rcid,country\n" * 41, "some other text"),
        (b'{"a": 1}\n' * 41, "some other text"),
        (b"[1, 2]", "some other text"),
        (b"PK\x03\x04\x00\x00\n\xff\x00\n" * 9, "no text"),
        (FIVE.decode().encode("utf-16-le"), "no text"),
        ("Zürich\n".encode("latin-1") * 3, "no text in UTF-8"),
        (b"a page without an end of line", "some other text"),
    ],
)
def test_what_is_no_ledger_is_told_once(raw: bytes, what: str) -> None:
    chain = chain_of(raw, "f")
    assert [(one.kind, one.severity) for one in chain.problems] == [("no-ledger", "error")]
    assert chain.problems[0].says == f"this is no ledger of forecasts, but {what}"
    assert (chain.records, chain.torn) == ((), b"")


@pytest.mark.parametrize("cut", [1, 4, 40, len(lines()[0])])
def test_a_first_line_cut_short_is_a_ledger_with_a_torn_end(cut: int) -> None:
    chain = chain_of(FIVE[:cut], "f")
    assert [one.kind for one in chain.problems] == ["torn"]
    assert chain.torn == FIVE[:cut]


def test_of_many_changed_lines_the_first_is_told_with_how_many_follow() -> None:
    raw = FIVE.replace(b'"sha256":', b'"sha255":')
    (one,) = chain_of(raw, "f").problems
    assert (one.line, one.says) == (1, "this is not a record of a ledger; 4 lines follow it")
    (one,) = chain_of(b"\n".join([*lines()[:3], b"", lines()[4]]) + b"\n", "f").problems
    assert (one.line, one.says) == (4, "an empty line was put in; 1 line follows it")
    (one,) = chain_of(b"\n".join([*lines()[:4], b""]) + b"\n", "f").problems
    assert (one.line, one.says) == (5, "an empty line was put in")


def test_a_changed_line_does_not_make_the_others_wrong() -> None:
    change, line = TAMPERED["content"]
    assert told(b"\n".join(change(lines())) + b"\n") == [line]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(FIVE) - 2), st.integers(1, 255))
def test_no_byte_can_be_changed_unseen(place: int, by: int) -> None:
    raw = bytearray(FIVE)
    raw[place] ^= by
    assert told(bytes(raw))


@pytest.mark.parametrize("cut", range(1, len(lines()[-1]) + 1, 37))
def test_a_line_cut_short_is_told_and_kept(cut: int) -> None:
    chain = chain_of(FIVE[:-cut], "f")
    assert not chain.changed
    assert len(chain.records) == 4
    assert chain.torn == FIVE[:-cut].rpartition(b"\n")[2]
    assert [one.kind for one in chain.problems] == ["torn"]
    assert "verify --repair" in chain.problems[0].try_instead


def test_zeros_that_a_crash_leaves_are_a_torn_end() -> None:
    chain = chain_of(FIVE + b"\0" * 512, "f")
    assert len(chain.records) == 5
    assert chain.torn == b"\0" * 512


def test_whole_lines_cut_off_leave_a_sound_chain_with_another_head() -> None:
    shorter = chain_of(b"\n".join(lines()[:3]) + b"\n", "f")
    assert not shorter.problems
    assert shorter.head != chain_of(FIVE, "f").head


def test_a_clock_that_went_back_is_told_and_is_no_error() -> None:
    chain = Chain((sealed(Chain(), "2016-01-02T00:00:00Z", "note", {}),))
    late = sealed(chain, "2016-01-01T00:00:00Z", "note", {})
    found = chain_of(chain.records[0].line + late.line, "f")
    assert [(one.kind, one.severity, one.line) for one in found.problems] == [("clock", "warning", 2)]
    assert len(found.records) == 2


def test_nan_is_refused_before_it_is_written() -> None:
    with pytest.raises(ValueError):
        sealed(Chain(), "2016-01-01T00:00:00Z", "note", {"p": float("nan")})
