"""The facts of the project's specification, from the native files, to the printed digits."""

import csv
import math
from pathlib import Path

import pytest

from accord.lenses.precedent import (
    alliances,
    base_rates,
    compliance,
    hazards_by_age,
    tie_rates,
    vote_agreement,
    weibull,
)
from accord.lenses.precedent.classes import between, both, is_one
from accord.lenses.precedent.recompute import compare

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "precedent"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not beside the repository")

# Copied from the specification, not from what came out: n, ended, S at 1, 5, 10, 20, median, hazard, shares.
PRINTED = """
all                    745 411 .940 .796 .668 .520 21.5 .031 .20 .39 .29 .12
offense                81  81  .753 .370 .272 .123 3.8  .134 .38 .31 .23 .07
defense                208 162 .928 .755 .610 .386 14.1 .044 .17 .42 .33 .08
neutrality             101 51  .950 .832 .673 .534 25.0 .029 .29 .37 .20 .14
nonaggression          272 77  .993 .930 .832 .736 -    .013 .04 .36 .34 .26
consultation           83  40  .964 .831 .658 .556 26.2 .027 .20 .50 .22 .08
wartime                67  58  .866 .388 .284 .161 4.0  .083 .53 .21 .22 .03
major_minor            254 142 .941 .798 .670 .520 22.3 .030 .15 .37 .34 .14
major_minor_1945_loose 126 30  1.0  .935 .845 .800 -    .010 .07 .37 .47 .10
major_major            49  46  .837 .490 .306 .178 4.3  .107 .24 .61 .15 0
multilateral           107 77  .888 .654 .458 .355 7.9  .045 .42 .43 .12 .04
"""
CAUSES = ("expired", "violated", "replaced", "state_lost")
LABELS = {
    "ALL": "all",
    "type: offense": "offense",
    "type: defense (no offense)": "defense",
    "type: neutrality": "neutrality",
    "type: nonaggression (no D/O/N)": "nonaggression",
    "type: consultation only": "consultation",
    "any defense": "any_defense",
    "any offense": "any_offense",
    "any neutral": "any_neutrality",
    "any nonagg": "any_nonaggression",
    "any consul": "any_consultation",
    "era 1815-1913": "era_1815",
    "era 1914-44": "era_1914",
    "era 1945-89": "era_1945",
    "era 1990-2016": "era_1990",
    "bilateral": "bilateral",
    "multilateral": "multilateral",
    "formed in wartime": "wartime",
    "formed in peace": "peacetime",
    "bilateral major-minor": "major_minor",
    "bilateral major-minor 1945+": "major_minor_1945",
    "bilateral major-minor 1945+, no D/O": "major_minor_1945_loose",
    "bilateral minor-minor": "minor_minor",
    "bilateral major-major": "major_major",
    "with military aid": "military_aid",
    "asymmetric obligations": "asymmetric",
    "no specified length": "open_ended",
    "specified length": "fixed_term",
}


def with_member(table, number):
    """A rule for alliances that a state is a member of."""
    import numpy as np

    inside = np.array([float(number in members) for members in table.members])
    return lambda _: inside


@pytest.fixture(scope="module")
def table(shared_store):
    return alliances(shared_store)


@pytest.mark.parametrize("source", ["native", "shipped"])
def test_the_printed_table(source, shared_store) -> None:
    rates = base_rates(shared_store if source == "native" else None)
    for line in PRINTED.split("\n")[1:-1]:
        name, *printed = line.split()
        rate = rates[name]
        values = [rate.survival[age].value for age in (1, 5, 10, 20)]
        values += [rate.median.value, rate.hazard.value, *(rate.share[cause].value for cause in CAUSES)]
        assert [str(rate.n), str(rate.ended)] == printed[:2]
        for value, text in zip(values, printed[2:], strict=True):
            digits = len(text.partition(".")[2])
            right = (
                math.isinf(value) if text == "-" else abs(value - float(text)) <= 0.5 * 10.0**-digits + 1e-6
            )
            assert right, f"{name}: {value} is not printed as {text}"


def with_single_states(table):
    """The classes, and the lists of single states."""
    rates = base_rates(table)
    russia = both(is_one("bilateral"), with_member(table, 365))
    rates |= base_rates(
        table,
        {
            "Russia/USSR bilateral all": russia,
            "USSR bilateral 1917-89": both(russia, between("year", 1917, 1989)),
            "Russia bilateral 1990+": both(russia, between("year", 1990, 9999)),
            "Iran any": with_member(table, 630),
        },
    )
    return rates


def test_every_row_of_the_table_of_alliances(table) -> None:
    rates, seen = with_single_states(table), 0
    with (SHARED / "base_rates_alliance_atop4.csv").open() as stream:
        for row in csv.DictReader(stream):
            rate = rates[LABELS.get(row["group"], row["group"])]
            found = {
                "n": rate.n,
                "ended": rate.ended,
                **{f"S{age}": rate.survival[age].value for age in (1, 2, 5, 10, 20)},
                "median": rate.median.value,
                "haz_yr": rate.hazard.value,
                "viol_haz_yr": rate.cause_hazard["violated"].value,
                "exp_sh": rate.share["expired"].value,
                "viol_sh": rate.share["violated"].value,
                "reneg_sh": rate.share["replaced"].value,
                "lost_sh": rate.share["state_lost"].value,
                "CIF_viol5": rate.incidence["violated"][5].value,
                "CIF_viol10": rate.incidence["violated"][10].value,
                "CIF_exp10": rate.incidence["expired"][10].value,
                "CIF_new10": rate.incidence["replaced"][10].value,
            }
            for name, value in found.items():
                wanted = float(row[name])
                assert value == wanted or abs(value - wanted) <= 5.0001e-5, (
                    row["group"],
                    name,
                    value,
                    wanted,
                )
            seen += 1
    assert seen == 32


def test_durations_one_by_one(table) -> None:
    with (SHARED / "atop4_durations_tidy.csv").open() as stream:
        rows = {int(row["atopid"]): row for row in csv.DictReader(stream)}
    assert table.ids.tolist() == sorted(rows)
    for place, number in enumerate(table.ids.tolist()):
        row = rows[number]
        assert table.durations[place] == pytest.approx(float(row["dur"]), abs=1e-9)
        assert table.ended[place] == int(row["ev"])
        assert table.features["majors"][place] == float(row["nmaj"])
        assert len(table.members[place]) == int(row["n"])


def test_hazards_by_age(table) -> None:
    names = dict(zip(("expire", "violate", "renegotiate", "lost"), CAUSES, strict=True))
    with (SHARED / "base_rates_hazard_by_age.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    bands = hazards_by_age(table)
    assert len(bands) == len(rows) == 12
    for band, row in zip(bands, rows, strict=True):
        assert f"{band.low:g}-{band.high:g}" == row["age"]
        assert band.exposure == pytest.approx(float(row["exposure"]), abs=5.1e-6)
        assert band.hazard.value == pytest.approx(float(row["end"]), abs=5.1e-6)
        for name, cause in names.items():
            assert band.cause_hazard[cause].value == pytest.approx(float(row[name]), abs=5.1e-6)


def test_the_pooled_hazard_falls(table) -> None:
    fit = weibull(table.durations, table.ended)
    assert [round(part, 2) for part in fit.shape] == [0.75, 0.69, 0.81]
    assert round(fit.scale.value, 1) == 36.4


def test_ties_of_pairs(shared_store) -> None:
    named = {"any tie": "any", "consult/nonagg/neutral but no D/O": "loose"}
    eras = {"all": 0, "1945+": 1945, "1990+": 1990}
    found = {(rate.tie, rate.since): rate for rate in tie_rates(shared_store)}
    with (SHARED / "base_rates_dyadties_atop5.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 20
    for row in rows:
        rate = found[named.get(row["tie"], row["tie"]), eras[row["era"]]]
        assert (rate.n, rate.ended) == (int(row["spells"]), int(row["ended"]))
        for age in (1, 5, 10, 20):
            assert rate.survival[age].value == pytest.approx(float(row[f"S{age}"]), abs=5.01e-5)
        assert rate.median.value == float(row["median"])
        assert rate.hazard.value == pytest.approx(float(row["haz"]), abs=5.01e-5)


def test_compliance_in_war(shared_store) -> None:
    found = {row.obligation: (row.honoured, row.tested) for row in compliance(shared_store)}
    assert found["all"] == (73, 146)
    assert [found[name] for name in ("defense", "offense", "neutral", "nonagg")] == [
        (42, 102),
        (31, 42),
        (35, 45),
        (18, 49),
    ]


def test_what_is_shipped_is_what_comes_out(shared_store) -> None:
    found = compare(shared_store)
    assert [(one.name, one.same) for one in found] == [
        ("alliances", True),
        ("ties", True),
        ("compliance", True),
    ]


@pytest.mark.slow
def test_agreement_in_votes(shared_store) -> None:
    with (SHARED / "un_similarity_focus.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    pairs: dict[tuple[str, str], dict] = {}
    seen = 0
    for row in rows:
        names = (row["a"], row["b"])
        if names not in pairs:
            pairs[names] = vote_agreement(*names, shared_store)
        found = pairs[names].get(int(row["year"]))
        assert found is not None, row
        assert found.n == int(row["n"]), row
        values = (found.agree, found.similarity, found.pi, found.kappa)
        for value, name in zip(values, ("agree", "S_abs", "scott_pi", "kappa"), strict=True):
            if row[name] in ("", "NA", "nan"):
                assert math.isnan(value), row
            else:
                assert value == pytest.approx(float(row[name]), abs=5.1e-5), row
        seen += 1
    assert seen == len(rows) > 2000
    # Raw agreement misleads: most of it is what chance would give.
    iran = pairs["IRN", "SAU"][2015]
    assert (round(iran.agree, 2), round(iran.pi, 2)) == (0.85, 0.36)
