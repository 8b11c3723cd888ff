"""Everything the lens works out in each world, as named columns of shape (worlds,).

Names are stable: claims, scenarios and the store refer to them.  ``<i>`` and ``<j>`` are actors in the order of their
names, except in ``dependence_balance.<i>.<j>``, which is given both ways round because its sign turns.
"""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np

from accord.finding import Draws, FloatArray
from accord.formulas import contest_success, ordered_sum
from accord.lenses.interests import complementarity, fault_lines, similarity, threats
from accord.situation import Situation
from accord.worlds import Stances, stances

Columns = dict[str, FloatArray]


def columns(situation: Situation, worlds: Draws) -> Columns:
    """Every quantity of the lens by name, each of shape (worlds,); NaN where undefined in that world."""
    seen = stances(situation, worlds, weighted=False)
    active = fault_lines.activation(_loading(seen, worlds), progress(situation, worlds))
    found: Columns = {}
    found |= _similarities(seen, active)
    found |= _between_patrons(situation, seen, active)
    found |= _openings(seen, worlds, active)
    found |= _dependence(situation, worlds)
    found |= _shared_threats(situation, worlds)
    if situation.resources:
        output = complementarity.Output(situation, worlds)
        found |= _contributions(situation, output)
        if situation.partnership.threats:
            found |= _threats_alive(situation, worlds, output)
    return {name: np.ascontiguousarray(values) for name, values in found.items()}


def progress(situation: Situation, worlds: Draws) -> FloatArray:
    """How near or how much talked about the end state is now, ``max(theta0, talks)``, shape (worlds,).

    Without a client theta0 is 0 (progress 1 - h/h0 is 0 at the start); talks not mentioned are not held.
    """
    territory = worlds.of("partnership.territory") if situation.partnership.client else np.zeros(worlds.size)
    talks = worlds.of("partnership.talks") if worlds.has("partnership.talks") else np.zeros(worlds.size)
    return np.asarray(np.maximum(territory, talks))


def _loading(seen: Stances, worlds: Draws) -> FloatArray:
    """Agenda loading xi_k, shape (worlds, issues)."""
    given = [worlds.of(f"issues.{issue}.agenda_loading") for issue in seen.issues]
    return np.stack(given, axis=-1) if given else np.empty((worlds.size, 0))


def _similarities(seen: Stances, active: FloatArray) -> Columns:
    """Similarity and agreement beyond chance of all pairs of actors with positions, and how many issues count."""
    pairs = similarity.all_pairs(_outspoken(seen))
    apart = similarity.distances(seen.position, pairs)
    care = similarity.pair_salience(seen.salience, pairs)
    expected = similarity.expected_distance(apart)
    found: Columns = {}
    for when, weight in (("now", care * active[:, None, :]), ("end", care)):
        observed = similarity.mean_distance(apart, weight)
        alike = similarity.similarity(observed)
        beyond = similarity.chance_corrected(observed, similarity.chance_distance(apart, weight, expected))
        count = ordered_sum(similarity.covered(apart, weight).astype(np.float64))
        for column, (i, j) in enumerate(pairs):
            names = f"{seen.actors[i]}.{seen.actors[j]}"
            found[f"similarity.{when}.{names}"] = alike[:, column]
            found[f"chance_corrected.{when}.{names}"] = beyond[:, column]
            found[f"coverage.{when}.{names}"] = count[:, column]
    return found


def _outspoken(seen: Stances) -> list[int]:
    """Indices of the actors that hold a position on some issue; the others cannot be compared with anybody."""
    return [i for i in range(len(seen.actors)) if not bool(np.isnan(seen.position[:, i, :]).all())]


def _between_patrons(situation: Situation, seen: Stances, active: FloatArray) -> Columns:
    """Agreement and fault lines of each pair of patrons on each issue, ranked over all of them together."""
    patrons = [
        seen.actors.index(name) for name in sorted(situation.partnership.patrons) if name in seen.actors
    ]
    pairs = list(combinations(patrons, 2))
    apart = similarity.distances(seen.position, pairs)
    care = similarity.pair_salience(seen.salience, pairs)
    now = fault_lines.fault_line(apart, care, active)
    end = np.where(np.isnan(now), np.nan, fault_lines.fault_line(apart, care, 1.0))
    flat = (len(apart), len(pairs) * len(seen.issues))
    place_now = fault_lines.ranks(now.reshape(flat)).reshape(now.shape)
    place_end = fault_lines.ranks(end.reshape(flat)).reshape(now.shape)
    hidden = fault_lines.latent(place_now, place_end)
    kinds = {"now": now, "end": fault_lines.fault_line(apart, care, 1.0)}
    kinds |= {"rank_now": place_now, "rank_end": place_end, "latent": hidden}
    found: Columns = {}
    for p, (i, j) in enumerate(pairs):
        for k, issue in enumerate(seen.issues):
            names = f"{issue}.{seen.actors[i]}.{seen.actors[j]}"
            found[f"agreement.{names}"] = 1.0 - apart[:, p, k]
            found |= {f"fault_line.{names}.{kind}": values[:, p, k] for kind, values in kinds.items()}
    return found


def _openings(seen: Stances, worlds: Draws, active: FloatArray) -> Columns:
    """How far each issue bites now, and where it is half open."""
    points = fault_lines.opens_at(_loading(seen, worlds))
    found = {f"activation.{issue}": active[:, k] for k, issue in enumerate(seen.issues)}
    return found | {f"opens_at.{issue}": points[:, k] for k, issue in enumerate(seen.issues)}


def _dependence(situation: Situation, worlds: Draws) -> Columns:
    """Balance of dependence of each pair of patrons, both ways round."""
    found: Columns = {}
    for i, j in permutations(sorted(situation.partnership.patrons), 2):
        mine, theirs = worlds.of(f"ties.{i}.{j}.dependence"), worlds.of(f"ties.{j}.{i}.dependence")
        found[f"dependence_balance.{i}.{j}"] = complementarity.dependence_balance(mine, theirs)
    return found


def _shared_threats(situation: Situation, worlds: Draws) -> Columns:
    """How much each pair of patrons shares each threat."""
    found: Columns = {}
    patrons = sorted(situation.partnership.patrons)
    for threat in sorted(situation.partnership.threats):
        level = worlds.of(f"partnership.threats.{threat}.level")
        for i, j in combinations(patrons, 2):
            values = [worlds.of(f"partnership.patrons.{name}.threats.{threat}.value") for name in (i, j)]
            found[f"shared_threat.{threat}.{i}.{j}"] = threats.shared(values[0], values[1], level)
    return found


def _contributions(situation: Situation, output: complementarity.Output) -> Columns:
    """Joint output, what each patron's leaving costs it, and what pairs of patrons add beyond their members."""
    patrons = sorted(situation.partnership.patrons)
    whole = output.without()
    alone = {name: output.without([name]) for name in patrons}
    found: Columns = {"output": whole}
    for name in patrons:
        found[f"complementarity.{name}"] = complementarity.loss(whole, alone[name])
    for i, j in combinations(patrons, 2):
        both = output.without([i, j])
        found[f"interaction.{i}.{j}"] = complementarity.interaction(whole, alone[i], alone[j], both)
    return found


def _threats_alive(situation: Situation, worlds: Draws, output: complementarity.Output) -> Columns:
    """Chance of success with all and without each patron, and for whom staying pays more while a threat lives."""
    names = sorted(situation.partnership.threats)
    level = _stacked(worlds, [f"partnership.threats.{name}.level" for name in names])
    strength = _stacked(worlds, [f"partnership.threats.{name}.strength" for name in names])
    exponent = worlds.of("partnership.contest_exponent")
    against, whole = threats.opposed(level, strength), output.without()
    found: Columns = {"success": contest_success(whole, against, exponent)}
    for patron in sorted(situation.partnership.patrons):
        base = f"partnership.patrons.{patron}.threats"
        stake = _stacked(worlds, [f"{base}.{name}.value" for name in names])
        stake = stake + _stacked(worlds, [f"{base}.{name}.blowback" for name in names], off=True)
        useful = _stacked(worlds, [f"{base}.{name}.usefulness" for name in names], off=True)
        less = output.without([patron])
        found[f"success_without.{patron}"] = contest_success(less, against, exponent)
        rising = threats.value_of_threat(level, strength, stake, useful, (whole, less), exponent)
        found |= {f"threat_alive.{name}.{patron}": rising[:, k] for k, name in enumerate(names)}
    return found


def _stacked(worlds: Draws, paths: list[str], off: bool = False) -> FloatArray:
    """Numbers side by side, shape (worlds, paths); with *off* an omitted number is an optional term and counts 0."""
    silent = 0.0 if off else np.nan
    return np.stack([worlds.of(p) if worlds.has(p) else np.full(worlds.size, silent) for p in paths], axis=-1)
