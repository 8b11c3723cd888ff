"""``accord backtest``: what it prints and writes, and how it leaves."""

import csv
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner

from accord.backtesting import job
from accord.cli import main
from accord.lenses.bargaining.forecast import shipped

HEAD = [
    "prnr",
    "isnr",
    "proc",
    "counvte",
    "pcom",
    "pep",
    "pde",
    "pfr",
    "scom",
    "sep",
    "sde",
    "sfr",
    "rp",
    "out",
]


def write(path, count=40, outcome=None, gdp=True):
    random = np.random.default_rng(3)
    lines = [HEAD]
    if gdp:
        lines.append(["", "", "", "", "4", "4", "4", "3", *[""] * 6])
    for k in range(count):
        places, care = random.choice([0, 50, 100], 4), random.integers(1, 100, 4)
        result = random.integers(0, 101) if outcome is None else outcome
        row = [f"n{k // 2}", f"n{k // 2}i{k}", ("COD", "CNS")[k % 2], ("QMV", "Unan")[k % 4 == 0]]
        lines.append([*row, *map(str, places), *map(str, care), "", str(result)])
    path.write_text("\n".join("\t".join(line) for line in lines) + "\n", "utf-8")
    return str(path)


def run(*words):
    return CliRunner().invoke(main, ["backtest", *words])


QUICK = ("--model", "mean", "--model", "forecast", "--model", "salience_mean_spread", "--bootstrap", "100")


def test_words(tmp_path) -> None:
    done = run(write(tmp_path / "deu.csv"), *QUICK)
    assert done.exit_code == 0, done.output
    for text in (
        "40 issues of 20 proposals",
        "the yardstick",
        "procedure CNS (20)",
        "rule unanimity (10)",
        "0 of 40 issues belong to proposals that it was fitted to",
        "The forecast's point is",
    ):
        assert text in done.output


def test_json_and_folder_agree(tmp_path) -> None:
    file, out = write(tmp_path / "deu.csv"), tmp_path / "out"
    done = run(file, *QUICK, "--json", "--out", str(out))
    assert done.exit_code == 0
    record = json.loads(done.output)
    assert record == json.loads((out / "backtest.json").read_text("utf-8"))
    assert record["options"]["file"] == "deu.csv"
    everything = [one for one in record["scores"] if one["group"] == "all"]
    assert [one["model"] for one in everything] == [
        "mean",
        "salience_mean",
        "salience_mean_spread",
        "forecast",
    ]
    rows = list(csv.DictReader((out / "scores.csv").read_text("utf-8").splitlines()))
    assert float(rows[0]["mae"]) == everything[0]["mae"]
    points = list(csv.DictReader((out / "issues.csv").read_text("utf-8").splitlines()))
    errors = [abs(float(row["mean"]) - float(row["outcome"])) for row in points]
    assert np.mean(errors) == pytest.approx(everything[0]["mae"])
    figure = ElementTree.parse(out / "calibration.svg").getroot()
    assert "as often as stated, within" in figure[0].text


def test_the_same_seed_gives_the_same_bytes(tmp_path) -> None:
    file = write(tmp_path / "deu.csv")
    first, again, other = (run(file, *QUICK, "--json", "--seed", seed).output for seed in ("0", "0", "1"))
    assert first == again
    assert first != other


def test_capability_of_the_file(tmp_path) -> None:
    file = write(tmp_path / "deu.csv")
    done = run(file, "--model", "compromise", "--capability", "gdp", "--bootstrap", "100", "--json")
    found = {one["model"]: one["mae"] for one in json.loads(done.output)["scores"] if one["group"] == "all"}
    assert found["compromise"] != found["salience_mean"]
    done = run(file, "--model", "compromise", "--capability", "votes", "--bootstrap", "100", "--json")
    votes = {one["model"]: one["mae"] for one in json.loads(done.output)["scores"] if one["group"] == "all"}
    assert votes["compromise"] != found["compromise"]
    bare = write(tmp_path / "bare.csv", gdp=False)
    done = run(bare, "--capability", "gdp")
    assert done.exit_code == 2
    assert "gives no capability" in done.output


def test_bad_input_leaves_with_2(tmp_path) -> None:
    assert run(str(tmp_path / "none.csv")).exit_code == 2
    file = write(tmp_path / "bad.csv", outcome=200)
    done = run(file)
    assert done.exit_code == 2
    assert done.output.count("200 is off the scale") == 40
    done = run(file, "--json")
    assert done.exit_code == 2
    assert json.loads(done.output)[0]["line"] == 3
    done = run(write(tmp_path / "open.csv", outcome=999))
    assert done.exit_code == 2
    assert "no issue counts (40 with no outcome)" in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--model", "forcast"), "did you mean 'forecast'"),
        (("--write",), "--write goes with --fit"),
        (("--fit", "--seed", "0"), "--fit goes without --seed"),
        (("--fit", "--out", "x"), "--fit goes without --out"),
        (("--seed", "-1"), "Invalid value"),
        (("--bootstrap", "0"), "0 is not in the range 100<=x<=20000"),
        (("--bootstrap", "1"), "1 is not in the range 100<=x<=20000"),
        (("--bootstrap", "20001"), "20001 is not in the range 100<=x<=20000"),
        (("--model", "weighted_maen"), "did you mean 'weighted_mean'"),
    ],
)
def test_options_that_do_not_fit(tmp_path, words, says) -> None:
    done = run(write(tmp_path / "deu.csv"), *words)
    assert done.exit_code == 2
    assert says in done.output


def test_a_folder_that_cannot_be_written(tmp_path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    done = run(write(tmp_path / "deu.csv"), *QUICK, "--out", str(tmp_path / "taken" / "out"))
    assert done.exit_code == 1
    assert "cannot be written" in done.output


def test_fit(tmp_path, monkeypatch) -> None:
    file = write(tmp_path / "deu.csv", count=120)
    done = run(file, "--fit")
    assert done.exit_code == 1
    assert "the shipped table was fitted to other issues" in done.output
    assert run(write(tmp_path / "few.csv", count=20), "--fit").exit_code == 2

    before = shipped()
    monkeypatch.setattr(job, "files", lambda _: tmp_path)
    done = run(file, "--fit", "--write", "--json")
    assert done.exit_code == 0
    record = json.loads((tmp_path / "forecast.json").read_text("utf-8"))
    assert {key: json.loads(done.output)[key] for key in record} == record
    assert record["issues"] == 120
    assert shipped() == before


def test_help_names_the_command() -> None:
    assert "backtest" in CliRunner().invoke(main, ["--help"]).output


def test_both_names_of_a_mean(tmp_path) -> None:
    file = write(tmp_path / "deu.csv")
    words = ("--capability", "gdp", "--bootstrap", "100", "--json")
    named = [
        json.loads(run(file, "--model", name, *words).output)["scores"]
        for name in ("weighted_mean", "compromise")
    ]
    assert named[0] == named[1]
    plain = [
        json.loads(run(file, "--model", name, *words).output)["scores"] for name in ("plain_mean", "mean")
    ]
    assert plain[0] == plain[1] != named[0]
    assert "plain mean" in run(file, "--model", "mean", "--bootstrap", "100").output
