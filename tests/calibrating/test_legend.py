"""What `accord calibrate CASE` says around its table: what was observed, columns, misfits, pairs out of reach, what is next."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

from accord.calibrating import calibrate_case, legend, text_of
from accord.cli import main
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.precedent import base_rates


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """The shipped calibrations of the shipped case."""
    return calibrate_case("tehran-moscow-2015")


def test_what_is_called_observed_is_what_was_observed() -> None:
    for name, one in KINDS.items():
        rate = base_rates()[legend._PRECEDENT[name]]
        assert rate.survival[1.0].value == pytest.approx(one.one_year, abs=0.0006)
        assert rate.survival[5.0].value == pytest.approx(one.five_years, abs=0.0006)
    # Nobody was lost from sight within a year, so that Greenwood's error is that of a share.
    assert legend.sampling_error("wartime") == pytest.approx((0.866 * 0.134 / 67) ** 0.5, rel=0.01)


def test_the_table_comes_with_its_legend(found: dict[str, Any]) -> None:
    text = text_of(found, "mine.yaml")
    heads = text.splitlines()[1]
    assert heads.split() == ["class", "beta", "reviews", "5", "years", "1", "year", "misfit", "population"]
    for column in ("beta", "reviews", "5 years", "1 year", "misfit", "population"):
        assert any(line.startswith(f"  {column} ") for line in text.splitlines()), column
    assert (
        "  wartime alliances: 0.866 after one year (sampling error 0.042), 0.388 after five; 67 alliances"
        in text
    )
    assert "Every class can be reached at every beta." in text
    assert text.splitlines()[-1].startswith("next: accord run mine.yaml ")


def test_bad_misfits_are_those_beyond_sampling(found: dict[str, Any]) -> None:
    row = dict(found["cells"][0], kind="all")
    error = legend.sampling_error("all")
    assert legend.is_bad({**row, "misfit": 2.01 * error})
    assert legend.is_bad({**row, "misfit": -2.01 * error})
    assert not legend.is_bad({**row, "misfit": 1.99 * error})
    assert not legend.is_bad({**row, "misfit": float("nan"), "reachable": False})
    marked = [line[:22].strip() for line in text_of(found).splitlines() if "! the priors" in line]
    assert marked == ["alliances"] * 3
    good = {**found, "cells": [{**one, "misfit": 0.0} for one in found["cells"]]}
    assert "No misfit is beyond 2 sampling errors of its class." in text_of(good)


def test_pairs_out_of_reach_are_named(found: dict[str, Any]) -> None:
    cells = [dict(one) for one in found["cells"]]
    cells[2] = {**cells[2], "reachable": False, "nu": None}
    text = text_of({**found, "cells": cells})
    assert "Not reachable: wartime alliances at beta 40. No rate from .001 to 1 a month" in text
    assert "Every class can be reached" not in text


def test_the_command_names_the_case_in_what_is_next() -> None:
    done = CliRunner().invoke(main, ["calibrate", "tehran-moscow-2015"])
    assert done.exit_code == 0, done.output
    assert "next: accord run tehran-moscow-2015 " in done.stdout
