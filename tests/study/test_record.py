"""What ``run.json`` says of claims."""

from __future__ import annotations

import json

from accord.study.claims import ClaimResult, as_rows
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


def test_run_json_and_the_command_give_the_same_keys() -> None:
    [row] = as_rows([RESULT])
    assert row == claim_record(RESULT)
