"""The answer in sentences, the measures and the notes."""

from __future__ import annotations

import numpy as np

from accord.finding import Measure
from accord.formulas import wording
from accord.lenses.alignment.gather import left_out
from accord.lenses.alignment.tables import TERM_NAMES, _partings_title, _terms_title
from accord.lenses.alignment.view import Camps

VERIFIED = (
    "2,048 published energies of the Syria/Iraq war of February 2016 with every actor's frustration, frustration indices of 52"
    " published networks, and brute force on small ones; that affinity, agreement and threats add up to a propensity as they do"
    " here is an assumption that nobody has tested"
)


def sentences(camps: Camps) -> tuple[str, ...]:
    """Who stands together, how surely, how firmly, why, and what would part them."""
    said = [
        f"the division that fits best at the best estimates: {camps.division(camps.landscape.optimum.blocs)}"
    ]
    said += [_pair(camps, a, b) for a, b in camps.partners[:3]]
    if camps.partners:
        said += [_terms_title(camps), _partings_title(camps)]
    said += _three(camps)
    if camps.divisions:
        said.append(f"{wording.in_worlds(camps.divisions[0][1])} the best division is the same one")
    return tuple(wording.sentence(text) for text in said if text)


def _pair(camps: Camps, a: int, b: int) -> str:
    """How surely and how firmly two partners stand together."""
    share, bond = camps.together(a, b), camps.bond(a, b)
    if share is None or bond is None:
        return ""
    stand = f"{camps.named((a, b))} stand in the same camp {wording.in_worlds(share.median)}"
    if bond.best > 0.0:
        return f"{stand}; separating them would cost {wording.percent(bond.best)} of all tension"
    return f"{stand}, and the best estimates have them apart"


def _three(camps: Camps) -> list[str]:
    """What becomes of two camps when a third is allowed, where that makes a difference."""
    blocs = camps.three.blocs
    if len(set(blocs.tolist())) < 3:
        return []
    sides = [
        camps.named([k for k, b in enumerate(blocs) if b == side]) for side in sorted(set(blocs.tolist()))
    ]
    proven = "" if camps.three.proven else " (not proven to be the best)"
    return [f"were three camps allowed: {'; '.join(sides)}{proven}"]


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
                "on the scale of p_ij + p_ji",
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
    out = [f"{camps.actor(name)} ({why})" for name, why in left_out(camps.situation)]
    if out:
        said.append(f"left out: {'; '.join(out)}")
    silent = [camps.named((camps.members.index(a), camps.members.index(b))) for a, b in camps.ground.silent]
    if silent:
        said.append(
            f"nothing is known of how these stand to each other, taken as neither drawn nor repelled: {'; '.join(silent)}"
        )
    optima = camps.over["optima"]
    tied = int(np.nansum(optima > 1))
    if tied:
        said.append(f"{tied} of {optima.size} worlds have more than one best division")
    missing = int(np.isnan(optima).sum())
    if missing:
        said.append(f"{missing} of {optima.size} worlds have no answer, for a number is missing in them")
    return tuple(wording.sentence(text) for text in said)
