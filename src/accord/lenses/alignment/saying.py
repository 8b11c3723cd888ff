"""The answer in sentences, the measures and the notes."""

from __future__ import annotations

import numpy as np

from accord.finding import Measure
from accord.formulas import wording
from accord.lenses.alignment.gather import left_out
from accord.lenses.alignment.levers import parting_words
from accord.lenses.alignment.tables import TERM_NAMES, modal_words, terms_words
from accord.lenses.alignment.view import Camps

VERIFIED = (
    "2,048 published energies of the Syria/Iraq war of February 2016 with every actor's frustration, frustration indices of 53"
    " published networks, and brute force on small ones; that affinity, agreement and threats add up to a propensity as they do"
    " here is an assumption that nobody has tested"
)


def sentences(camps: Camps) -> tuple[str, ...]:
    """Who stands together, how surely, how firmly, why, and what would part them."""
    blocs, equal = camps.landscape.optimum.blocs, camps.landscape.optima
    which = "the division that fits best" if equal == 1 else f"one of {equal} divisions that fit equally well"
    limit = f"{camps.limit}, " if camps.limit else ""
    # Both answers in one: who reads the first sentence alone is not to take a common enemy for friendship.
    both = (f"{limit}{which} at the best estimates: {camps.division(blocs)}", camps.in_three)
    said = [" ".join(wording.sentence(text) for text in both if text)]
    said += [_pair(camps, a, b) for a, b in camps.partners[:3]]
    said += [*terms_words(camps), *parting_words(camps)]
    said.append(modal_words(camps))
    return tuple(wording.sentence(text) for text in said if text)


def _pair(camps: Camps, a: int, b: int) -> str:
    """How surely and how firmly two partners stand together."""
    share, bond, who = camps.together(a, b), camps.bond(a, b), camps.named((a, b))
    if bond is None:
        return ""
    if share is None:
        stand = f"in no world is it decided whether {who} stand in the same camp"
    else:
        stand = f"{who} stand in the same camp {wording.in_worlds(share.median)}"
        stand += (
            f" of those that decide it ({share.undefined} of {share.worlds} do not)"
            if share.undefined
            else ""
        )
    if np.isnan(bond.best):
        return f"{stand}; the best estimates do not say"
    if bond.best > 0.0:
        return f"{stand}; separating them would cost {wording.percent(bond.best)} of all tension"
    if bond.best == 0.0:
        return f"{stand}; at the best estimates together or apart fits equally well"
    return f"{stand}; the best estimates have them apart"


def measures(camps: Camps) -> tuple[Measure, ...]:
    """Numbers that claims and scenarios can refer to."""
    found = []
    for a, b in camps.partners:
        pair, who = f"{camps.members[a]}.{camps.members[b]}", camps.named((a, b))
        share, bond = camps.together(a, b), camps.bond(a, b)
        if share is not None:
            label = f"In the same camp of the best division: {who}"
            found.append(Measure(f"same_camp.{pair}", label, share, "share", "share of worlds", True))
        if bond is not None:
            label = f"Penalty of separating {who}"
            means = "share of all that pairs weigh; below 0: apart"
            found.append(Measure(f"bond.{pair}", label, bond, "share", means, True))
        for key, label, means in (
            (f"propensity.{pair}", f"Propensity to stand together: {who}", "-2 (never) to 2 (always)"),
            (
                f"separating.{pair}",
                f"Least change of one tie that would part {who}",
                "in p_ij + p_ji, -4..4; 0 where they are apart as it is; undefined where no one tie can do it",
            ),
        ):
            spread = camps.spread(key)
            if spread is not None:
                found.append(Measure(key, label, spread, "index", means))
    gap = camps.spread("gap")
    if gap is not None:
        found.append(
            Measure("gap", "Gap between the best division and the next", gap, "share", "share of all tension")
        )
    return tuple(found)


def notes(camps: Camps) -> tuple[str, ...]:
    """Conventions, and who and what was left out."""
    terms = wording.joined([name.lower() for key, name in TERM_NAMES.items() if key != "stated"])
    said = [
        "Energy is the sum over ordered pairs in different camps of size times size times propensity; lower fits better",
        (
            "Two camps are allowed: who is at war with both may be put with the one whose enemies are its own, which says"
            " nothing of friendship between them; with three camps allowed such an actor can stand alone"
        ),
        (
            f"Propensities that are not stated are worked out from {terms}, each as far as it is known; the weights between"
            " them are set to 1 unless the file says otherwise"
        ),
    ]
    said += [*_who(camps), *_worlds(camps)]
    if camps.three is None:
        said.append(
            "What three camps would look like was not worked out: too many actors to look at every division"
        )
    return tuple(wording.sentence(text) for text in said)


def _who(camps: Camps) -> list[str]:
    """Who is left out or weighs nothing, and which pairs count as neither drawn nor repelled."""

    def named(pairs: list[tuple[str, str]]) -> str:
        """Pairs in words."""
        return "; ".join(f"{camps.actor(a)} and {camps.actor(b)}" for a, b in pairs)

    said = []
    out = [f"{camps.actor(name)} ({why})" for name, why in left_out(camps.situation)]
    if out:
        said.append(f"left out: {'; '.join(out)}")
    if camps.ground.silent:
        pairs = named(camps.ground.silent)
        said.append(
            f"nothing is known of how these stand to each other, taken as neither drawn nor repelled: {pairs}"
        )
    if camps.ground.switched_off:
        pairs = named(camps.ground.switched_off)
        said.append(
            f"all that is known of these is under a weight of 0, so that they are neither drawn nor repelled: {pairs}"
        )
    if camps.weightless:
        names = wording.joined([camps.actor(name) for name in camps.weightless])
        said.append(f"of size 0 at the best estimates, so that no camp is theirs: {names}")
    return said


def _worlds(camps: Camps) -> list[str]:
    """Worlds with several best divisions, and those without an answer."""
    said, optima = [], camps.over["optima"]
    tied, missing = int(np.nansum(optima > 1)), int(np.isnan(optima).sum())
    if tied:
        said.append(
            f"{tied} of {optima.size} worlds have more than one best division; the first by name is counted"
        )
    if missing:
        why = "a number is missing in them, or fewer than two actors weigh anything"
        said.append(f"{missing} of {optima.size} worlds have no answer: {why}")
    return said
