"""What ``python -m accord.second_cases`` prints: a short text that ends with whether the shipped table holds."""

import json
from pathlib import Path

import pytest

from accord import second_cases

TABLE = json.loads(Path(second_cases.FILE).read_text("utf-8"))


@pytest.mark.parametrize(("off", "status", "says"), [(0.0, 0, "the same"), (0.1, 1, "NOT the same")])
def test_the_last_line_says_whether_it_holds(monkeypatch, capsys, off, status, says) -> None:
    scores = {**TABLE["scores"], "model": TABLE["scores"]["model"] + off}
    monkeypatch.setattr(second_cases, "table", lambda worlds: {**TABLE, "scores": scores})
    assert second_cases.main([]) == status
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"{says} as shipped"
    assert len(lines) < 40
    assert second_cases.main(["--json"]) == status
    assert json.loads(capsys.readouterr().out)["scores"] == scores
