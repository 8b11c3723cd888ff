"""Worded explanations agree with the record that they explain."""

from __future__ import annotations

import numpy as np
import pytest

from accord.lenses.bargaining import exchange, expected_utility, explain_exchange, explain_expected_utility

NAMES = ["Ann", "Bob", "Cy", "Di"]


@pytest.mark.parametrize("reading", ["paper", "published"])
@pytest.mark.parametrize("seed", range(5))
def test_moves_are_those_of_the_game(seed: int, reading: str) -> None:
    luck = np.random.default_rng(seed)
    place, care, power = luck.uniform(0, 10, 4), luck.uniform(0.1, 1, 4), luck.uniform(1, 5, 4)
    game = expected_utility(place, care, power, reading=reading, rounds=6, stages=True)
    for t, row in enumerate(explain_expected_utility.explain(game)):
        for i, move in enumerate(row):
            assert (move.round, move.actor) == (t + 1, i)
            assert (move.before, move.after) == (game.positions[t, i], game.positions[t + 1, i])
            taken = move.taken
            assert move.after == pytest.approx(move.before if taken is None else taken.where, abs=1e-9)
            assert sum(offer.taken for offer in move.received) == (taken is not None)
            said = move.words(NAMES)
            assert said.startswith(NAMES[i])
            assert said.endswith(".")
            if taken is not None:
                assert NAMES[taken.by] in said
                assert taken.other > 0
            for offer in move.received:
                assert (offer.own > 0) == (offer.kind == "confrontation")
                if offer.kind == "compromise":
                    assert offer.other >= -offer.own - 1e-12


def test_words_of_a_game() -> None:
    game = expected_utility([0, 3, 7, 10.0], [0.5, 0.9, 0.7, 1], [1, 3, 2, 1], rounds=1, stages=True)
    said = [move.words(NAMES) for move in explain_expected_utility.explain(game)[0]]
    assert said[0] == (
        "Ann moves from 0 to 7: both would challenge, and Cy expects more from it (+0.895 for Cy, +0.186 for itself), so"
        " it gives way; not taken: compromise with Bob, confrontation with Di."
    )
    assert said[1] == "Bob stays at 3: nobody makes it an offer."
    assert "it meets Bob, who gains by a challenge more than it would lose" in said[2]
    assert explain_expected_utility.explain(game)[0][1].words().startswith("actor 1 stays")


def test_without_a_record_there_is_nothing_to_explain() -> None:
    with pytest.raises(ValueError, match="stages=True"):
        explain_expected_utility.explain(expected_utility([0, 1], [1, 1], [1, 2]))
    many = exchange(np.zeros((2, 3, 2)), np.full((3, 2), 0.5), np.ones(3), lower=0, upper=1, rounds=1)
    with pytest.raises(ValueError, match="by itself"):
        explain_exchange.explain(many)


def test_swaps_are_those_of_the_game() -> None:
    luck = np.random.default_rng(3)
    place, care = luck.uniform(0, 10, (5, 3)), luck.uniform(0.1, 1, (5, 3))
    game = exchange(place, care, luck.uniform(1, 3, 5), lower=0, upper=10, rounds=2)
    swaps = explain_exchange.explain(game)
    assert [len(row) for row in swaps] == [len(row) for row in game.trades]
    swap = swaps[0][0]
    assert (swap.round, swap.number, swap.gain) == (1, 1, game.trades[0][0].gain)
    side = swap.first
    assert side.vote - side.move == pytest.approx(place[side.actor, side.supplies])
    said = swap.words(["A", "B", "C", "D", "E"], ["tolls", "fuel", "rail"])
    assert f"{'ABCDE'[side.actor]} moves on {['tolls', 'fuel', 'rail'][side.supplies]} from" in said
    assert f"each gains {swap.gain:.3g}." in said
    assert swap.words().startswith("actor ")
