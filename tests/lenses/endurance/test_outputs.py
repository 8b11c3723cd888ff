"""Outputs that claims may name: values, names, and no more work than they need."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import accord
from accord.lenses import lens_named, vocabulary
from accord.lenses.endurance import pieces
from accord.lenses.endurance.compute import calibration_of, columns
from accord.lenses.endurance.endings import CAUSES
from accord.lenses.endurance.outputs import OUTPUTS, every_name, named, observe, unit_of
from accord.lenses.endurance.places import QUADRANTS, place
from accord.lenses.endurance.population import structure_of
from accord.lenses.endurance.reference import Others, cell, keys_for
from accord.situation import Change, Situation
from accord.study.intervene import intervene
from accord.worlds import Worlds, draw, omitted, plan

FloatArray = NDArray[np.float64]
CASE = accord.read("tehran-moscow-2015")
CALIBRATION = calibration_of(CASE)
WORLDS = 16


def drawn(situation: Situation, start: int = 1, stop: int = WORLDS + 1) -> Worlds:
    """Some worlds of a situation."""
    priors = omitted(situation, vocabulary(), lens_named("endurance").fills)
    return draw(plan(CASE, situation, extra=priors), situation, WORLDS, 0, start=start, stop=stop)


def look(*names: str, situation: Situation = CASE, worlds: Worlds | None = None) -> dict[str, FloatArray]:
    """Outputs by name, with few runs."""
    seen = drawn(situation) if worlds is None else worlds
    return observe(situation, seen, names, calibration=CALIBRATION, replicates=2, drawn=4)


def one(name: str, **changes: Change) -> FloatArray:
    """One output, with changes by path (dots for double underscores)."""
    made = intervene(CASE, {key.replace("__", "."): change for key, change in changes.items()}, vocabulary())
    return look(name, situation=made)[name]


@pytest.fixture(scope="module")
def everything() -> dict[str, FloatArray]:
    """Every output of the shipped case."""
    return look(*every_name(CASE))


def test_every_output_has_a_value_in_each_world_and_stays_in_its_range(
    everything: dict[str, FloatArray],
) -> None:
    shares = (
        "survival",
        "incidence",
        "share_of",
        "influence",
        "policy",
        "trust",
        "exit_prob",
        "entry",
        "held",
        "five_",
    )
    for name, values in everything.items():
        assert values.shape == (WORLDS,), name
        unplaced = name.startswith(("quadrant", "durability", "conditionality"))
        assert np.isnan(values).all() == unplaced, name
        if name.startswith((*shares, "strategic", "joint_success", "patience")) and unit_of(name) == "0..1":
            known = values[~np.isnan(values)]
            assert (known >= 0.0).all(), name
            assert (known <= 1.0).all(), name
    assert {named(CASE, name)[0].pattern for name in everything} == {output.pattern for output in OUTPUTS}


def test_outputs_are_those_of_the_lens(everything: dict[str, FloatArray]) -> None:
    found = columns(CASE, drawn(CASE).seen(frozenset(), True), (2, 2, 2))
    for level in ("theatre", "bilateral"):
        np.testing.assert_array_equal(everything[f"survival.{level}.60"], found[f"survival.{level}"][:, 60])
    same = ("strategic_index", "five_years", "gap", "log_hazard_ratio", "cheapest_wedge")
    each = ("flow.stay", "flow.leave", "price_of_defection", "influence", "exit_probability")
    for name in (*same, *(f"{head}.{patron}" for head in each for patron in ("iran", "russia"))):
        np.testing.assert_allclose(everything[name], found[name], rtol=1e-12, err_msg=name)


def test_an_output_does_not_depend_on_what_else_is_asked_nor_on_how_worlds_are_cut(
    everything: dict[str, FloatArray],
) -> None:
    names = (
        "survival.theatre.12",
        "incidence.collapse",
        "losses.iran.12",
        "trust_error.12",
        "policy.assad_fate",
    )
    for name in names:
        np.testing.assert_array_equal(look(name)[name], everything[name], err_msg=name)
    later = look(*names, worlds=drawn(CASE, start=9))
    for name in names:
        np.testing.assert_array_equal(later[name], everything[name][8:], err_msg=name)


def test_only_the_work_that_is_needed_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("weigh", "weigh_each", "simulate", "with_shocks"):
        whole = getattr(pieces, name)
        monkeypatch.setattr(
            pieces, name, lambda *a, _n=name, _w=whole, **k: (done.append(_n), _w(*a, **k))[1]
        )
    start = [n for n in every_name(CASE) if named(CASE, n)[0].group == "start"]
    look(*start, "hazard.theatre.0", "joint_success.0")
    assert done == []
    look("survival.theatre.12", "survival.bilateral.6", "hazard.theatre.24")
    assert done == ["with_shocks", "weigh_each"]
    done.clear()
    look("strategic_index", "gap", "log_hazard_ratio")
    assert done == ["with_shocks", "weigh_each"]
    done.clear()
    look("incidence.collapse", "share_of_endings.iran", "own_exit_month.russia")
    assert done == ["with_shocks", "simulate"]
    done.clear()
    look("patience.iran.12", "losses.russia.3", "goal_month.iran")
    assert done == ["with_shocks", "simulate"]


def test_endings_add_up(everything: dict[str, FloatArray]) -> None:
    patrons = ("iran", "russia")
    ended = sum(everything[f"incidence.{cause}"] for cause in CAUSES[1:])
    for cause in CAUSES[1:-1]:
        split = sum(everything[f"incidence.{cause}.{patron}"] for patron in patrons)
        np.testing.assert_allclose(split, everything[f"incidence.{cause}"], atol=1e-12)
    shares = sum(everything[f"share_of_endings.{patron}"] for patron in patrons)
    rest = everything["incidence.collapse"] / ended
    np.testing.assert_allclose(shares + rest, 1.0, atol=1e-12)


def test_hazards_at_the_start_and_over_years(everything: dict[str, FloatArray]) -> None:
    survival = everything["survival.theatre.12"]
    np.testing.assert_allclose(everything["hazard.theatre.12"], -np.log(survival) / 12)
    assert CALIBRATION.nu is not None
    stays = 1.0 - CALIBRATION.nu * everything["exit_probability.iran"]
    assert (
        everything["hazard.theatre.0"] >= 1.0 - stays - 1e-15
    ).all()  # leaving is one of several ways to end it
    with pytest.raises(ValueError, match="month 0, or 12 and later, not 6"):
        look("hazard.theatre.6")


def test_the_start_by_hand(everything: dict[str, FloatArray]) -> None:
    chance, speed = everything["joint_success.0"], drawn(CASE).of("partnership.territory_speed")
    np.testing.assert_allclose(
        everything["territory_drift"], speed * np.log(chance / (1 - chance)), rtol=1e-10
    )
    for patron in ("iran", "russia"):
        worse = everything[f"loss_rate.alone.{patron}"] / everything[f"loss_rate.together.{patron}"]
        assert (worse > 1.0).all()
    step = Change(plus=0.001)
    near = one("flow.stay.russia", partnership__territory=step) - everything["flow.stay.russia"]
    slope = everything["territory_slope.russia"]
    np.testing.assert_allclose(near / 0.001, slope, rtol=0.05, atol=2e-3)
    equal = Change(to=0.5)
    middle = one(
        "policy.assad_fate", stances__assad_fate__russia=Change(to={"position": 0.2, "salience": 0.0})
    )
    fate = intervene(CASE, {"stances.assad_fate.russia.position": equal}, vocabulary())
    iran = look("policy.assad_fate", situation=fate)["policy.assad_fate"]
    assert (middle > iran).all()  # whoever does not care has no weight


def test_goals_are_met_at_once_where_they_hold_and_never_where_they_cannot() -> None:
    easy = {
        "partnership__territory": Change(to=0.9),
        "partnership__patrons__iran__territory_goal": Change(to=0.5),
        "partnership__patrons__iran__threats__islamic_state__goal": Change(to=1.0),
        "partnership__patrons__iran__threats__us_backed_opposition__goal": Change(to=1.0),
    }
    np.testing.assert_array_equal(one("goal_month.iran", **easy), 0.0)
    hard = {"partnership__patrons__iran__threats__islamic_state__goal": Change(to=0.0)}
    np.testing.assert_array_equal(one("goal_month.iran", **hard), CASE.horizon + 1.0)


def test_trust_errs_more_when_conduct_is_blurred_and_learns_from_clear_conduct() -> None:
    clear, blurred = (
        one("trust_error.60", partnership__observation_noise=Change(to=noise)).mean()
        for noise in (0.01, 0.45)
    )
    assert clear < 0.2 < 0.35 < blurred
    blind = {
        "partnership__observation_noise": Change(to=0.5),
        "partnership__defection_rate": Change(to=0.3),
    }
    np.testing.assert_allclose(one("trust_error.60", **blind), one("trust_error.0", **blind), rtol=1e-9)


def test_losses_and_patience_come_from_paths_on_which_all_stay() -> None:
    floor = Change(to=0.95)  # patience would be used up at once
    kept = one("losses.russia.24", partnership__patrons__russia__patience_floor=floor)
    np.testing.assert_array_equal(kept, look("losses.russia.24")["losses.russia.24"])


def test_coming_in_is_likelier_when_there_is_more_to_win() -> None:
    more = {"partnership__patrons__russia__standing_interest": Change(to=1.0)}
    assert (one("entry.russia", **more) > look("entry.russia")["entry.russia"]).all()


def test_places_in_the_plane_are_asked_for_once_and_passed_on() -> None:
    calls = []

    def place(index: FloatArray, ratio: FloatArray) -> dict[str, FloatArray]:
        """Everybody in one quadrant."""
        calls.append(index.shape)
        return {"quadrant.weak_tie": np.ones_like(index), "durability": ratio}

    names = ("quadrant.weak_tie", "durability", "quadrant", "log_hazard_ratio")
    found = observe(CASE, drawn(CASE), names, calibration=CALIBRATION, replicates=1, place=place)
    assert calls == [(WORLDS,)]
    assert (found["quadrant.weak_tie"] == 1.0).all()
    np.testing.assert_array_equal(found["durability"], found["log_hazard_ratio"])
    assert np.isnan(found["quadrant"]).all()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("survivl.theatre.12", "did you mean 'survival.theatre.12'?"),
        ("incidence.collapsed", "did you mean 'incidence.collapse'?"),
        ("trust.iran.iran", "did you mean 'trust.russia.iran'?"),
        ("price_of_defection.rusia", "did you mean 'price_of_defection.russia'?"),
        ("survival.theatre.012", ""),
        ("survival.theatre.601", ""),
        ("survival.theatre.-1", ""),
        ("", ""),
    ],
)
def test_unknown_names_are_told(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"there is no output '{name}'") as caught:
        look("flow.stay.iran", name)
    assert hint in str(caught.value)


def test_all_unknown_names_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"'one'.*'two'"):
        look("one", "two")


def test_news_is_what_events_beyond_the_trust_stated_add_to_its_log_odds() -> None:
    events = "ties__iran__russia__events__"
    assert np.abs(one("trust_news.iran.russia")).max() < 1e-12
    # The votes at their best estimate, and courtesies of 0.1.
    added = {f"{events}valdai_invitation__in_prior": Change(to=False)}
    np.testing.assert_allclose(one("trust_news.iran.russia", **added), 0.1, rtol=1e-9)
    added |= {
        f"{events}sanctions_vote_2010__in_prior": Change(to=False),
        f"{events}sanctions_vote_2010__log_likelihood_ratio": Change(to=-0.5),
    }
    np.testing.assert_allclose(one("trust_news.iran.russia", **added), -0.4, rtol=1e-9)
    assert np.abs(one("trust_news.russia.iran", **added)).max() < 1e-12


def test_influence_before_a_partner_came_in() -> None:
    np.testing.assert_allclose(one("influence_before.iran.russia"), 1.0)
    np.testing.assert_allclose(one("influence_before.russia.iran"), 1.0)
    together = [one(f"influence.{patron}") for patron in ("iran", "russia")]
    np.testing.assert_allclose(sum(together), 1.0)
    assert max(values.max() for values in together) < 1.0


def test_shares_of_calibrations_are_those_of_each_calibration() -> None:
    kept: list[FloatArray] = []
    for key in keys_for(CALIBRATION.kind):
        among = cell(structure_of(CASE), key)
        if key.variant == "plain" and among.reachable:
            names = ("strategic_index", "log_hazard_ratio")
            runs = Others().runs(key, CALIBRATION)
            found = observe(CASE, drawn(CASE), names, calibration=among.calibration, replicates=runs)
            kept.append(place(*(found[name] for name in names), among).codes)
    stays = np.minimum(*(one(f"price_of_defection.{patron}") for patron in ("iran", "russia"))) > 0.0
    assert len(kept) > 5
    codes = np.where(stays, np.stack(kept), -1)
    for code, quadrant in enumerate(QUADRANTS):
        with np.errstate(invalid="ignore"):
            share = (codes == code).sum(axis=0) / (codes >= 0).sum(axis=0)
        np.testing.assert_allclose(one(f"held.{quadrant.name}"), share, err_msg=quadrant.name)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("survival.theatre.12", "0..1"),
        ("quadrant.weak_tie", "0..1"),
        ("quadrant", "number"),
        ("flow.stay.iran", "util/month"),
        ("hazard.theatre.0", "1/month"),
        ("losses.iran.60", "deaths"),
        ("trust.iran.russia", "0..1"),
        ("trust_news.iran.russia", "log-odds"),
    ],
)
def test_units(name: str, unit: str) -> None:
    assert unit_of(name) == unit
