"""The study's own parts: scenarios side by side, failures counted, differences and explanations."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import accord
from accord.finding import Finding, Measure, Need, Spread
from accord.lenses import vocabulary
from accord.situation import Change
from accord.study.differences import differences
from accord.study.running import draws_of, run_study
from accord.study.scenarios import _faint, _moved, _title, scenario_tables
from accord.study.study import Look

CASE = "tehran-moscow-2015"


@pytest.fixture(scope="module")
def case():
    return accord.read(CASE)


class Probe:
    """A lens that reads one number, fails in chosen worlds, and counts what it was given."""

    name, question, terms, reads, fills = "probe", "What is it?", (), ("partnership.territory",), ()

    def __init__(self, bad=()):
        self.bad = set(bad)

    def needs(self, situation):
        return ()

    def compute(self, situation, worlds):
        numbers = range(worlds.first, worlds.first + worlds.size)
        if self.bad & set(numbers):
            raise FloatingPointError("a world that cannot be computed")
        return {"territory": np.array(worlds.of("partnership.territory"))}

    def conclude(self, situation, best, over):
        spread = Spread.of(best["territory"][0], over["territory"])
        return Finding(
            "probe",
            self.question,
            "found",
            ("said",),
            measures=(Measure("territory", "territory", spread, headline=True),),
            reads=self.reads,
        )


def test_scenarios_share_the_worlds_of_the_base(case):
    study = run_study(case, vocabulary(), worlds=64, seed=3, lenses=[Probe()])
    same = [key for key in study.beside_columns if key.endswith("|probe|territory")]
    assert len(same) == 9
    for key in same:
        np.testing.assert_array_equal(study.beside_columns[key], study.columns["|probe|territory"])


def test_findings_are_told_as_they_stand_before_the_verdict(case):
    heard = []
    study = run_study(
        case,
        vocabulary(),
        worlds=8,
        lenses=[Probe()],
        told=lambda finding, situation: heard.append((finding, situation)),
    )
    assert [finding for finding, _ in heard] == list(study.findings)
    assert all(situation is study.situation for _, situation in heard)


def test_a_world_that_fails_is_counted_and_told_and_the_rest_goes_on(case):
    study = run_study(case, vocabulary(), worlds=64, lenses=[Probe(bad=[17])], scenarios=())
    assert study.failed == 1
    assert study.done == 63
    assert not study.complete
    assert "17" in study.failures[0]
    assert "cannot be computed" in study.failures[0]
    assert any("1 of 64 worlds" in note for note in study.findings[0].notes)


def test_a_run_in_which_everything_fails_says_so(case):
    study = run_study(case, vocabulary(), worlds=16, lenses=[Probe(bad=range(1, 17))], scenarios=())
    assert study.done == 0
    assert study.failed == 16
    assert np.isnan(study.findings[0].measures[0].spread.median)


def test_scenario_tables_tell_what_moves_and_what_does_not(case):
    lowered = replace(case, scenarios=type(case.scenarios)({"less": case.scenarios["threat_removed"]}))
    lowered = replace(
        lowered,
        scenarios=type(case.scenarios)(
            {
                "less": replace(
                    case.scenarios["threat_removed"],
                    label="Less land",
                    changes={"partnership.territory": Change(times=0.5)},
                )
            }
        ),
    )
    table = scenario_tables(run_study(lowered, vocabulary(), worlds=32, lenses=[Probe()]))[0]
    assert "the largest shift is in 'territory'" in table.title
    assert table.rows[0][2].median == pytest.approx(table.rows[0][1].median / 2, rel=1e-6)
    quiet = scenario_tables(
        run_study(case, vocabulary(), worlds=32, lenses=[Probe()], scenarios=["threat_removed"])
    )[0]
    assert quiet.title == "1 scenario changes nothing that these lenses read"
    assert quiet.rows[0][0] == "threat removed"
    assert quiet.rows[0][2] == (
        "It changes level and growth (US-backed opposition); level and growth (Islamic State), which no lens of this run reads."
    )


def test_a_scenario_that_moves_nothing_visibly_says_why(case):
    """It is told what reads the changed numbers, and how little it moves; never that nothing sees them."""

    def said(scenario: str, **changes: Change) -> tuple[str, str]:
        one = replace(case.scenarios[scenario], changes={k.replace("__", "."): v for k, v in changes.items()})
        changed = replace(case, scenarios=type(case.scenarios)({scenario: one}))
        (table,) = scenario_tables(run_study(changed, vocabulary(), worlds=32, lenses=[Probe()]))
        assert table.name == "scenario.unmoved"
        return table.title, str(table.rows[0][2])

    title, why = said("assad_replaced", partnership__territory=Change(times=1.004))
    assert title == "1 scenario moves no headline number as far as figures show"
    before, after = why.rpartition("from ")[2].rstrip(".").split(" to ")
    assert float(after) == pytest.approx(float(before) * 1.004, abs=0.001)
    assert why == (
        "It changes territory, which the lens probe reads, but it moves headline numbers by less than figures show: at most"
        f" 'territory', from {before} to {after}."
    )
    title, why = said(
        "assad_replaced",
        partnership__territory=Change(times=1),
        partnership__patrons__russia__own_losses=Change(times=4),
    )
    assert why == (
        "It changes territory, which the lens probe reads (no lens reads own losses (Russia)), but no headline number"
        " moves."
    )


def test_a_scenario_without_changes_says_so(case):
    nothing = replace(case.scenarios["assad_replaced"], changes={})
    changed = replace(case, scenarios=type(case.scenarios)({"nothing": nothing}))
    (table,) = scenario_tables(run_study(changed, vocabulary(), worlds=8, lenses=[Probe()]))
    assert table.title == "1 scenario changes nothing that these lenses read"
    assert table.rows[0][2] == "It changes nothing."


def test_a_scenario_that_a_lens_does_not_fit_says_so(case):
    class Picky(Probe):
        def needs(self, situation):
            if situation.partnership.territory.best < 0.1:
                return (Need("partnership.territory", "at least a tenth of the country"),)
            return ()

    lost = replace(case.scenarios["assad_replaced"], changes={"partnership.territory": Change(to=0.05)})
    changed = replace(case, scenarios=type(case.scenarios)({"lost": lost}))
    (table,) = scenario_tables(run_study(changed, vocabulary(), worlds=8, lenses=[Picky()]))
    assert table.title == "1 scenario changes which lenses fit or which headline numbers have a value"
    assert table.rows[0][2] == "The lens probe no longer fits: it needs at least a tenth of the country."
    turned = run_study(changed, vocabulary(), worlds=8, lenses=[Picky()], scenario="lost")
    (table,) = scenario_tables(turned)
    assert table.rows[0][2] == "The lens probe fits only with it."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (0.53, math.nan, "Headline numbers without a value in it: 'Alive' (0.53 before)."),
        (0.53, None, "Headline numbers without a value in it: 'Alive' (0.53 before)."),
        (math.nan, 0.4, "Headline numbers with a value only in it: 'Alive' (0.40)."),
        (math.nan, math.nan, ""),
        (0.53, 0.53, ""),
    ],
)
def test_a_measure_that_loses_or_gets_its_value_is_told(case, before, after, said):
    def look(name, value, **others):
        values = {"Alive": value, **others}
        measures = tuple(
            Measure(label, label, Spread(one, one, one, one, 8), headline=True)
            for label, one in values.items()
            if one is not None
        )
        finding = Finding(
            "probe", "What is it?", "found", measures=measures, reads=("partnership.territory",)
        )
        return Look(name, case, (finding,), ())

    def table(**others):
        base = look("", before, **{key: pair[0] for key, pair in others.items()})
        scenario = look("assad_replaced", after, **{key: pair[1] for key, pair in others.items()})
        study = SimpleNamespace(beside=base, base=base, scenarios=(scenario,), situation=case)
        return scenario_tables(study)[0]

    alone = table()
    assert (alone.name, said) in (("scenario.other", alone.rows[0][2]), ("scenario.unmoved", ""))
    moved = table(Dead=(0.1, 0.2))
    assert "the largest shift is in 'Dead', from 0.10 to 0.20" in moved.title
    assert moved.note == f"{case.scenarios['assad_replaced'].says} {said}".strip()


def test_a_faint_effect_is_told_at_the_best_estimates_and_over_worlds(case):
    def finding(best: float, median: float) -> Finding:
        measure = Measure("m", "Alive", Spread(best, 0.1, median, 0.9, 8), headline=True)
        return Finding("probe", "What is it?", "found", measures=(measure,))

    for median, end in (
        (0.39, "at the best estimates, and from 0.41 to 0.39 at the median over worlds"),
        (0.41, ""),
    ):
        before = Look("", case, (finding(0.532, 0.41),), ())
        after = Look("heavy", case, (finding(0.527, median),), ())
        said = _faint(SimpleNamespace(beside=before), after)
        assert said.endswith(f"at most 'Alive', from 0.532 to 0.527 {end}".rstrip())


def test_of_what_is_no_number_nobody_is_said_not_to_read_it(case):
    one = replace(
        case.scenarios["assad_replaced"], changes={"options.is_strikes_abroad.now": Change(to=False)}
    )
    changed = replace(case, scenarios=type(case.scenarios)({"quiet": one}))
    (table,) = scenario_tables(run_study(changed, vocabulary(), worlds=8, lenses=[Probe()]))
    assert table.title == "1 scenario moves no headline number as far as figures show"
    assert table.rows[0][2] == "It changes now (is strikes abroad), but no headline number moves."


def test_whole_blocks_count_as_read_where_a_number_in_them_is(case):
    one = replace(
        case.scenarios["assad_replaced"],
        changes={"stances.assad_fate.russia": Change(to={"position": 0.5, "salience": 0.2})},
    )
    changed = replace(case, scenarios=type(case.scenarios)({"other": one}))
    lens = Probe()
    lens.reads = ("stances.assad_fate.russia.position",)
    (table,) = scenario_tables(run_study(changed, vocabulary(), worlds=8, lenses=[lens]))
    assert "which the lens probe reads, but no headline" in str(table.rows[0][2])


@pytest.mark.parametrize(
    ("before", "after", "shows"),
    [(0.525, 0.5349, False), (0.5249, 0.5351, True), (0.5, 0.506, True), (0.1249, 0.1251, True)],
)
def test_a_shift_that_reads_as_none_is_none(case, before, after, shows):
    """No headline says that the largest shift is from 0.53 to 0.53."""

    def measure(value):
        return Measure("share", "Share", Spread(value, value, value, value, 8), headline=True)

    finding = Finding("probe", "What is it?", "found", measures=(measure(after),))
    look = Look("threat_removed", case, (finding,), ())
    found = _moved(look, {("probe", "share"): measure(before)})
    assert bool(found) == shows
    if found:
        start, end = _title("Less", found).rpartition("from ")[2].split(" to ")
        assert start != end


def test_draws_hold_every_uncertain_number(case):
    study = run_study(case, vocabulary(), worlds=16, lenses=[Probe()], scenarios=())
    from accord.situation import estimates

    uncertain = {path for path, estimate in estimates(case).items() if not estimate.is_fixed}
    assert set(draws_of(study)) == uncertain


def test_differences_tell_numbers_from_evidence(case):
    changed = accord.amend(case, {"partnership.territory": 0.5})
    found = {d.path: d.kind for d in differences(case, changed)}
    assert found == {"partnership.territory": "number"}
    assert differences(case, case) == ()
    back = [(d.path, d.before, d.after) for d in differences(changed, case)]
    assert back == [(d.path, d.after, d.before) for d in differences(case, changed)]


def test_explain_says_what_a_missing_number_would_be():
    one = accord.explain(CASE, "partnership.patrons.iran.help_calls")[0]
    assert one.written == "left out" or one.standing
    with pytest.raises(accord.SituationError, match=r"did you mean 'ties.iran.russia.trust'"):
        accord.explain(CASE, "ties.iran.russia.trsut")


def test_explain_knows_which_names_may_stand_in_a_block():
    with pytest.raises(accord.SituationError) as caught:
        accord.explain(CASE, "actors.iran.capability.grond")
    [problem] = caught.value.problems
    assert str(problem).partition(": ")[2] == (
        "actors.iran.capability.grond: there is no number at this path; expected a path of this situation; "
        "try: did you mean 'actors.iran.capability.ground'?"
    )
    left_out = accord.explain(CASE, "actors.hezbollah.capability.ground")[
        0
    ]  # a resource of the file, but not his
    assert left_out.written == "left out"


@pytest.mark.parametrize(
    ("best", "median", "words"),
    [
        (0.506, 0.4, "0.51"),
        (1.0, 1.0, "1.00"),
        (-0.123, 0.2, "\N{MINUS SIGN}0.12"),
        (math.nan, 0.345, "0.34"),
    ],
)
def test_titles_of_scenarios_show_the_numbers_of_their_figures(best, median, words):
    spread = Spread(best, median - 0.1, median, median + 0.1, 64)
    measure = Measure("m", "m", spread, headline=True)
    assert _title("Less", [(0.1, measure, measure)]) == (
        f"Less: the largest shift is in 'm', from {words} to {words}"
    )
