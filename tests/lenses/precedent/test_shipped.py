"""The aggregates that Accord ships, and that they are aggregates."""

import json
import math
import subprocess
import sys

import pytest

from accord.lenses.precedent import CAUSES, CLASSES, base_rates
from accord.lenses.precedent.rates import AGES
from accord.lenses.precedent.recompute import SOURCES, digest_of, plain
from accord.lenses.precedent.shipped import (
    FOLDER,
    content_of,
    provenance,
    shipped_ages,
    shipped_compliance,
    shipped_ties,
    shipped_weibull,
)


def test_every_class_is_there() -> None:
    rates = base_rates()
    assert list(rates) == list(CLASSES)
    assert base_rates(by="wartime")["wartime"].survival[5].value == pytest.approx(0.388, abs=5e-4)
    assert list(base_rates(by=["all", "offense"])) == ["all", "offense"]
    for rate in rates.values():
        assert sum(share.value for share in rate.share.values()) == pytest.approx(1.0, abs=1e-5)
        assert list(rate.share) == list(CAUSES)
        assert set(rate.incidence["expired"]) < set(rate.survival) == set(rate.still) == set(rate.greenwood)
        for age in rate.incidence["expired"]:
            survival = rate.survival[age]
            total = survival.value + sum(rate.incidence[cause][age].value for cause in CAUSES)
            assert math.isnan(total) or total == pytest.approx(1.0, abs=1e-5)
            assert math.isnan(total) or survival.low <= survival.value <= survival.high
        assert rate.still[0.5] <= rate.n


def test_the_rest_is_there() -> None:
    assert [band.low for band in shipped_ages()] == [0, 1, 2, 3, 5, 7, 10, 12, 15, 20, 25, 30]
    assert round(shipped_weibull().shape.value, 2) == 0.75
    assert shipped_compliance()[0].honoured == 73
    assert {rate.since for rate in shipped_ties()} == {0, 1945, 1990}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_each_file_says_where_it_is_from(name) -> None:
    content = content_of(name)
    assert content["digest"] == digest_of(content["numbers"])
    about = provenance(name)
    assert about["citation"]
    assert "accord data aggregate" in about["recompute"]
    assert content["numbers"] == plain(content["numbers"])


def test_nothing_in_them_is_a_row_of_the_data() -> None:
    files = sorted(path.name for path in FOLDER.iterdir())
    assert files == [f"{name}.json" for name in sorted(SOURCES)]
    for path in FOLDER.iterdir():
        text = path.read_text("utf-8")
        assert "atopid" not in text
        assert "members" not in text
        json.loads(text)
    # Curves stand on a grid of ages, not on the days on which alliances ended.
    ages = {float(age) for row in content_of("alliances")["numbers"]["classes"] for age in row["survival"]}
    assert ages == set(AGES)
    assert len(ages) == 81


def test_what_needs_a_table_is_told() -> None:
    with pytest.raises(ValueError, match="rules of one's own need a table"):
        base_rates(by={"mine": CLASSES["all"].rule})
    with pytest.raises(ValueError, match="another level needs a table"):
        base_rates(level=0.9)
    with pytest.raises(
        ValueError, match="there is no reference class 'nobody'; expected some of all, offense"
    ):
        base_rates(by="nobody")
    with pytest.raises(ValueError, match=r"there is no reference class 'defence'; did you mean 'defense'\?"):
        base_rates(by=["all", "defence"])
    with pytest.raises(ValueError, match="there is no reference class 1"):
        base_rates(by=[1])


def test_it_needs_no_extra_and_loads_little() -> None:
    code = (
        "import sys\nfrom accord.lenses import precedent\nassert 'duckdb' not in sys.modules\n"
        "precedent.base_rates()\nprint([n for n in ('duckdb', 'pandas', 'lifelines', 'pycountry') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
