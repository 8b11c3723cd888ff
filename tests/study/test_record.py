"""What ``run.json`` says of claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ledger.runs import pact, ran

from accord.lenses import vocabulary
from accord.problems import SituationError
from accord.report.claim_table import as_rows
from accord.study.claims import ClaimResult
from accord.study.ran import how_of, read_run
from accord.study.record import FORMAT
from accord.study.verdict_record import claim_record

RESULT = ClaimResult(
    "C01", "paired", "It says so.", "supported", 0.2, 0.05, 0.9, "ties.a.b.trust",
    output="endurance.price_of_defection.a", unit="util/month",
)  # fmt: skip


def test_a_claim_says_what_its_effect_was_seen_in_and_its_unit() -> None:
    found = claim_record(RESULT)
    assert found == {
        "id": "C01",
        "kind": "paired",
        "verdict": "supported",
        "effect": 0.2,
        "se": 0.05,
        "share": 0.9,
        "path": "ties.a.b.trust",
        "output": "endurance.price_of_defection.a",
        "unit": "util/month",
    }
    assert json.loads(json.dumps(found)) == found


def test_the_command_gives_what_run_json_gives_and_more() -> None:
    [row] = as_rows([RESULT])
    record = claim_record(RESULT)
    assert {key: row[key] for key in record} == record
    assert set(row) - set(record) == {"says", "expected", "worlds", "reason", "beyond_model"}


def test_a_key_more_or_less_is_the_same_format(tmp_path: Path) -> None:
    _, situation = pact(tmp_path)
    folder = ran(tmp_path / "run", situation)
    old = read_run(folder, vocabulary())
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["format"] == FORMAT == 1
    # Such a run is of before these keys came.
    assert not {"policy", "calibrations", "store"} & {*record, *record["run"]}
    record["policy"], record["of_later"] = {}, {"unknown": [1]}
    record["run"] |= {"calibrations": {}, "store": None, "of_later": True}
    (folder / "run.json").write_text(json.dumps(record), "utf-8")
    new = read_run(folder, vocabulary())
    assert new.situation == old.situation
    assert new.where == old.where
    assert how_of(old.record, new.record) == how_of(new.record, old.record) == ()


@pytest.mark.parametrize("number", [None, 0, 2, "1"])
def test_another_format_is_told(tmp_path: Path, number: object) -> None:
    _, situation = pact(tmp_path)
    folder = ran(tmp_path / "run", situation)
    record = json.loads((folder / "run.json").read_text("utf-8")) | {"format": number}
    (folder / "run.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(SituationError, match="written by another version of Accord"):
        read_run(folder, vocabulary())
