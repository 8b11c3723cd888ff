"""That a division into two camps is never told without its limit, and without what three camps would give."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # small situations are beside the tests

import pytest
from stated_alignment import every, finding_of, same, seen, stated

import accord
from accord.finding import Finding
from accord.lenses.alignment.saying import sentences
from accord.lenses.alignment.tables import tables_of


@pytest.fixture(scope="module")
def shipped() -> Finding:
    """The finding on the shipped case."""
    return finding_of(accord.read("tehran-moscow-2015"), 128)


def test_two_camps_are_never_said_without_their_limit_and_the_answer_of_three(shipped: Finding) -> None:
    two = (
        "Assad regime, Iran, Russia, United States, US allies and US-backed opposition against Islamic State"
    )
    limit = "With only two camps allowed, and Islamic State the enemy of all others, the"
    three = (
        "ith up to three camps allowed: Assad regime, Iran and Russia; Islamic State; United States, US allies and US-backed"
        " opposition"
    )
    assert shipped.says[0] == (f"{limit} division that fits best at the best estimates: {two}. W{three}.")
    assert shipped.table("network").title == f"{limit} best fit at the best estimates: {two}. W{three}"
    title = shipped.table("divisions").title
    assert title.startswith("The most frequent best division with only two camps allowed, in ")
    assert title.endswith(f" of 100 worlds: {two}, as at the best estimates. W{three}")
    assert "with only two camps allowed" in shipped.says[-1]


def test_the_limit_to_two_camps_is_worked_out(tmp_path) -> None:
    for pairs, enemy, three in (
        # c is the foe of both others, and they are friends: alone in two camps and in three, so that a third adds nothing.
        (every("abc", -1, ab=1), "C", "A third camp, were it allowed, would not fit better"),
        # d is a's foe and nobody else's.
        (every("abcd", 1, ad=-9, bd=0, cd=0), "", "A third camp, were it allowed, would not fit better"),
        # d stands alone, but a would rather have it near.
        (every("abcd", 1.5, ad=0.1, bd=-2, cd=-2), "", "A third camp, were it allowed, would not fit better"),
        # Two camps of two.
        (every("abcd", -1, ab=1, cd=1), "", "A third camp, were it allowed, would not fit better"),
        # Foes of one another, and d the worst of all of them.
        (every("abcd", -0.1, ad=-1, bd=-1, cd=-1), "D", "With up to three camps allowed: A"),
    ):
        pairs = {name: max(-2, value) for name, value in pairs.items()}
        camps = seen(stated(tmp_path, same("".join(sorted({*"".join(pairs)}))), pairs))
        assert camps.enemy_of_all == enemy
        first = sentences(camps)[0]
        assert first.startswith(
            f"With only two camps allowed, and {enemy} the enemy of all others, the division"
            if enemy
            else "With only two camps allowed, "
        )
        assert three in first
    friends = seen(stated(tmp_path, same("abc"), every("abc", 1)))
    assert sentences(friends)[0] == (
        "The division that fits best at the best estimates: A, B and C all together."
    )
    assert "camps" not in tables_of(friends)[0].title
